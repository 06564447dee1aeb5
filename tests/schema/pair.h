/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema-diff.h"
#include "schema/tide-schema-script.h"
#include "support/tide-test.h"

G_BEGIN_DECLS

/* A pair of databases made by SQL, and what turns the one into the other */

/* Makes both, writes the script from @before to @after, runs it (in one transaction unless a statement cannot), and fails the
 * test unless the result has no difference from @after, by our reading and by `pg_dump -s`, and no invalid index.
 * Returns: (transfer full): the script */
char       *tide_test_pair            (const char   *before,
                                       const char   *after);
/* The same, there and back */
void        tide_test_pair_both_ways  (const char   *before,
                                       const char   *after);
/* With options: @diff and @script are nullable */
char       *tide_test_pair_with       (const char                    *before,
                                       const char                    *after,
                                       const TideSchemaDiffOptions   *diff,
                                       const TideSchemaScriptOptions *script);

/* The same with databases that are there. Returns: (transfer full) (nullable): what went wrong or is not the same; %NULL: all is well.
 * @script: (out) (transfer full): what was run on @left */
char       *tide_test_turn            (TideConninfo                   *left,
                                       TideConninfo                   *right,
                                       const TideSchemaDiffOptions    *diff,
                                       const TideSchemaScriptOptions  *script_options,
                                       char                          **script);

/* (transfer full): the catalog of a new database with @sql run in it; the database is dropped again */
TideSchema *tide_test_read_schema     (const char   *sql);
/* (transfer full): the catalog of a database */
TideSchema *tide_test_read_catalog    (TideConninfo *conninfo);
/* (transfer full): one change a line: "changed column public users.email: type" */
char       *tide_test_dup_changes     (TideSchemaDiff *diff);

G_END_DECLS
