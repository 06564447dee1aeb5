/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sql/tide-sql-node.h"

G_BEGIN_DECLS

/* A type as a column has it, by the catalog's name: "varchar", "int8", "timestamptz" */
typedef struct
{
  char     *name;
  int       mods[2];
  guint     n_mods;
  gboolean  is_array;
} TideLintType;

typedef enum
{
  TIDE_LINT_TYPE_SAME     = 0,
  TIDE_LINT_TYPE_REWRITES = 1 << 0, /* every row is written anew, and every index on it */
  TIDE_LINT_TYPE_READS    = 1 << 1, /* rows stay, but are looked at */
  TIDE_LINT_TYPE_NARROWS  = 1 << 2, /* values may not fit: it fails, or rounds */
  TIDE_LINT_TYPE_UNKNOWN  = 1 << 3, /* what it was is not known */
} TideLintTypeChange;

/* @node: a TypeName's content; (nullable) */
TideLintType       *tide_lint_type_new     (const TideSqlNode  *node);
/* As format_type() spells it; (nullable) */
TideLintType       *tide_lint_type_parse   (const char         *text);
void                tide_lint_type_free    (TideLintType       *self);
char               *tide_lint_type_dup_text (const TideLintType *self);
/* What ALTER COLUMN ... TYPE does. @from: (nullable): not known */
TideLintTypeChange  tide_lint_type_compare (const TideLintType *from,
                                            const TideLintType *to);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideLintType, tide_lint_type_free)

G_END_DECLS
