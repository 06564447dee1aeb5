/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "lint/tide-lint-finding.h"
#include "tide-workspace.h"

G_BEGIN_DECLS

/* Both ask first, and change the file only if no environment has run it. */
void tide_lint_fix    (GtkWidget       *parent,
                       TideWorkspace   *workspace,
                       TideLintFinding *finding);
void tide_lint_accept (GtkWidget       *parent,
                       TideWorkspace   *workspace,
                       TideLintFinding *finding);

G_END_DECLS
