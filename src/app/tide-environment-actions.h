/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-workspace.h"

G_BEGIN_DECLS

/* What only a person can tell of an environment. Failures are shown over @parent. */

/* Asks for the password that its server wants, and reads it again with that */
void tide_environment_ask_password (GtkWidget       *parent,
                                    TideEnvironment *environment);
/* Notes in the project's tidemark.json what the database is for, and reads the project again */
void tide_environment_tell_kind    (GtkWidget       *parent,
                                    TideWorkspace   *workspace,
                                    TideEnvironment *environment,
                                    TideKind         kind);

/* Whether its database is known, so that something can be done with it; if not (yet), that was said */
gboolean tide_environment_check_target (GtkWidget       *parent,
                                        TideEnvironment *environment);

G_END_DECLS
