/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How a state looks wherever it is shown. Static data; the words are marked with N_(). */
typedef struct
{
  const char *word;
  const char *meaning;   /* (nullable): a sentence that says more */
  const char *icon_name;
  const char *css_class;
} TideLook;

/* A state as icon, word and colour. Property "look" (const #TideLook *, which outlives the pill; nullable). */
#define TIDE_TYPE_PILL (tide_pill_get_type ())
G_DECLARE_FINAL_TYPE (TidePill, tide_pill, TIDE, PILL, GtkWidget)

void tide_pill_set_look (TidePill       *self,
                         const TideLook *look);

G_END_DECLS
