/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema-builder.h"

G_BEGIN_DECLS

/* What the kinds of a table's parts read alike */

/* Numbers of an array or a vector of the catalog: "{1,2}", "1 2" */
typedef struct
{
  int   *numbers;
  guint  n;
} TideNumbers;

void        tide_numbers_parse              (TideNumbers        *self,
                                             const char         *text); /* (nullable) */
void        tide_numbers_clear              (TideNumbers        *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TideNumbers, tide_numbers_clear)

/* (nullable): the column of that number of a table */
TideSchemaObject *tide_table_find_column    (TideSchemaBuilder  *builder,
                                             guint32             table,
                                             int                 number);
/* (transfer full) (nullable): `"a", "b"`: those from @first to before @end; NULL: none, or one is not known */
char       *tide_table_dup_columns          (TideSchemaBuilder  *builder,
                                             guint32             table,
                                             const TideNumbers  *numbers,
                                             guint               first,
                                             guint               end);
guint32     tide_catalog_row_get_number     (const TideCatalogRow *row,
                                             const char         *column);

G_END_DECLS
