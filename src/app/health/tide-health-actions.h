/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-workspace.h"

G_BEGIN_DECLS

/* Does what a check or a diagnosis offers (TIDE_HEALTH_ACTION_..., TIDE_WAY_... but those that look again) in the chosen
 * environment. What changes anything asks first; failures are shown over @parent. @argument: (nullable) */
void tide_health_act (GtkWidget     *parent,
                      TideWorkspace *workspace,
                      const char    *action,
                      const char    *argument);

G_END_DECLS
