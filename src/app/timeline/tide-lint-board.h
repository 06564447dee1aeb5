/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "connect/tide-target.h"
#include "history/tide-timeline.h"
#include "lint/tide-lint.h"

G_BEGIN_DECLS

/**
 * TideLintBoard:
 *
 * The warnings on what waits in a timeline, found in the background with the sizes of the database's tables where it answers.
 * Signal: "changed", when there are others than before.
 */
#define TIDE_TYPE_LINT_BOARD (tide_lint_board_get_type ())
G_DECLARE_FINAL_TYPE (TideLintBoard, tide_lint_board, TIDE, LINT_BOARD, GObject)

TideLintBoard *tide_lint_board_new          (void);
/* Looks through what is pending in @timeline, behind all that a window does to be seen; the same again does nothing */
void           tide_lint_board_load         (TideLintBoard *self,
                                             TideTimeline  *timeline, /* (nullable) */
                                             TideTarget    *target);  /* (nullable) */
/* (transfer none) (nullable) (element-type TideLintFinding): NULL: not known yet */
GPtrArray     *tide_lint_board_get_findings (TideLintBoard *self);
/* (transfer none) (nullable): the one that was looked through: the places of its findings are in its text, whatever its file
 * holds by now */
TideMigration *tide_lint_board_find_migration (TideLintBoard *self,
                                               const char    *name);
/* How many warnings and errors of @migration are not accepted */
guint          tide_lint_board_count        (TideLintBoard *self,
                                             const char    *migration);

G_END_DECLS
