/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema-proof.h"
#include "tide-cli.h"

G_BEGIN_DECLS

/**
 * TideComparison:
 *
 * Everything that one call of diff or drift tells: two sources, what differs, the SQL that turns one into the other.
 */
typedef struct
{
  TideSchemaSource *from;
  TideSchemaSource *to;
  GPtrArray        *ignores;  /* (nullable) (element-type TideSchemaIgnore) */
  gboolean          backward; /* the script turns @to into @from */

  /* Made by tide_comparison_make() */
  GError           *failure;  /* (nullable): why one side is only as far as it is */
  TideSchemaDiff   *diff;     /* of what is shown */
  TideSchemaScript *script;   /* (nullable) */
  TideSchemaProof  *proof;    /* (nullable) */
} TideComparison;

/* The options of both commands that tide_comparison_make() understands */
#define TIDE_COMPARISON_OPTIONS                                                                             \
  { "exit-code", 0, 0, G_OPTION_ARG_NONE, NULL, "exit with 2 when there are differences", NULL },           \
  { "only-schema", 0, 0, G_OPTION_ARG_FILENAME, NULL, "compare these schemas alone", "NAME,..." },          \
  { "rename", 0, 0, G_OPTION_ARG_FILENAME, NULL,                                                            \
    "take what has gone and what has come for one: KIND:SCHEMA.OLD=NEW, of a column SCHEMA.TABLE.OLD=NEW",  \
    "RENAME,..." },                                                                                         \
  { "renames", 0, 0, G_OPTION_ARG_NONE, NULL, "take all that look like renames for such", NULL },           \
  { "column-order", 0, 0, G_OPTION_ARG_NONE, NULL, "let the order of columns count", NULL },                \
  { "safer", 0, 0, G_OPTION_ARG_NONE, NULL, "write forms that hold locks shorter, where there are such", NULL }, \
  { "prove", 0, 0, G_OPTION_ARG_NONE, NULL,                                                                 \
    "run the script on a copy on the private PostgreSQL first, and compare what comes of it", NULL }

void      tide_comparison_clear       (TideComparison        *self);
gboolean  tide_comparison_make        (TideComparison        *self,
                                       TideCli               *cli,
                                       GError               **error);
TideExit  tide_comparison_tell        (const TideComparison  *self,
                                       TideCli               *cli,
                                       gboolean               script_only);
void      tide_comparison_print_json  (const TideComparison  *self,
                                       TideCli               *cli);
void      tide_comparison_print_text  (const TideComparison  *self,
                                       TideConsole           *console);
void      tide_comparison_print_script (const TideComparison *self,
                                       TideConsole           *console);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TideComparison, tide_comparison_clear)

G_END_DECLS
