/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * TideCompareView:
 *
 * Two or three texts side by side: lines that belong together beside each other, what differs marked, scrolled together, with a map
 * of the changes.
 */
#define TIDE_TYPE_COMPARE_VIEW (tide_compare_view_get_type ())
G_DECLARE_FINAL_TYPE (TideCompareView, tide_compare_view, TIDE, COMPARE_VIEW, GtkWidget)

/* @titles: (array length=n): what each is: "Migrations", "Database"; @texts: (array length=n): "" for what is not there */
void     tide_compare_view_set_texts (TideCompareView   *self,
                                      const char *const *titles,
                                      const char *const *texts,
                                      guint              n);
/* Goes to the next (1) or previous (-1) run of lines that differ. %FALSE: there is none that way */
gboolean tide_compare_view_step      (TideCompareView   *self,
                                      int                direction);
guint    tide_compare_view_get_n_changes (TideCompareView *self);

G_END_DECLS
