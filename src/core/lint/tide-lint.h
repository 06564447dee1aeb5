/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "lint/tide-lint-context.h"
#include "lint/tide-lint-finding.h"
#include "project/tide-migration.h"

G_BEGIN_DECLS

/**
 * Warnings on SQL: what loses data, fails on data, locks, breaks running programs, or is no PostgreSQL. What the history shows
 * is known (a table made in the same file needs no warning; one made earlier is there, with rows); a context tells how large the
 * real tables are, and what hangs on them. Pure functions of their input; any thread; a statement that is not understood is
 * passed over.
 */

/* @migrations: (element-type TideMigration) the whole history in order; those from @first on are reported
 * Returns: (transfer full) (nullable) (element-type TideLintFinding): in order of place; NULL when cancelled */
GPtrArray *tide_lint_history (GPtrArray       *migrations,
                              guint            first,
                              TideLintContext *context,      /* (nullable) */
                              GCancellable    *cancellable); /* (nullable) */
/* As above, for text that is no migration (yet). @before: (nullable) (element-type TideMigration): the history that stands before it */
GPtrArray *tide_lint_text    (const char      *text,
                              gssize           size,
                              GPtrArray       *before,
                              TideLintContext *context,      /* (nullable) */
                              GCancellable    *cancellable); /* (nullable) */

typedef struct
{
  const char       *id;       /* "drop-column" */
  TideLintSeverity  severity; /* where nothing is known of the table's size */
  const char       *title;    /* translated */
} TideLintRuleInfo;

/* (transfer full) (array length=n): all rules there are, for a list of them */
TideLintRuleInfo *tide_lint_list_rules (guint *n);

G_END_DECLS
