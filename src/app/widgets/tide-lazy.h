/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * TideLazy:
 *
 * The place of a widget that is made when it is first shown or asked for: what nobody looks at costs no start.
 * Properties: "child-type" (#GType): what to make; "deferred" (boolean): not before the first frame that shows the
 * place. Signal: "create" (returns a new #GtkWidget), for what takes more than its type to make.
 */
#define TIDE_TYPE_LAZY (tide_lazy_get_type ())
G_DECLARE_FINAL_TYPE (TideLazy, tide_lazy, TIDE, LAZY, GtkWidget)

GType      tide_lazy_get_child_type (TideLazy      *self);
GtkWidget *tide_lazy_get_child      (TideLazy      *self);   /* (transfer none): made if need be */
/* The same for a menu: its popover is made when the button is first pressed */
void       tide_lazy_set_menu       (GtkMenuButton *button,
                                     GMenuModel    *menu);   /* (transfer none) */

G_END_DECLS
