/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lint/tide-lint-pass.h"

G_BEGIN_DECLS

/**
 * Comments that accept what a rule says:
 *
 *     -- tidemark: accept drop-column because nobody reads it since May
 *     -- tidemark: accept index-blocks-writes, add-unique because the table is small
 *     -- tidemark: accept drop-table in this file because the module is gone
 *
 * before a statement or inside it; "in this file" for all of it; "all" for every rule.
 */

/* Reads those of the pass's file; what is wrong with them is reported */
void        tide_lint_accept_read (TideLintPass *pass);
/* Whether @rule is accepted for the statement @index; -1: for the file. @because (out): the reason, or NULL */
gboolean    tide_lint_accept_find (TideLintPass *pass,
                                   const char   *rule,
                                   int           index,
                                   const char  **because);
/* Accepts @rule for the statement @index from now on */
void        tide_lint_accept_add  (TideLintPass *pass,
                                   const char   *rule,
                                   int           index,
                                   const char   *because);

G_END_DECLS
