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
/* A query's columns, of a pg_class x: its tablespace; the OID of the index that an index is part of */
#define TIDE_SQL_TABLESPACE(x)                                                                       \
  "CASE WHEN " x ".reltablespace <> 0 THEN (SELECT b.spcname FROM pg_catalog.pg_tablespace b"        \
  " WHERE b.oid = " x ".reltablespace) END"
#define TIDE_SQL_WHOLE_INDEX(x)                                                                      \
  "CASE WHEN " x ".relispartition THEN (SELECT h.inhparent FROM pg_catalog.pg_inherits h WHERE h.inhrelid = " x ".oid) END"
/* Sets @attribute to the name of the index that column "whole" tells of */
void        tide_table_complete_part        (TideSchemaBuilder  *builder,
                                             TideSchemaObject   *object,
                                             guint               attribute,
                                             const TideCatalogRow *row);
guint32     tide_catalog_row_get_number     (const TideCatalogRow *row,
                                             const char         *column);

G_END_DECLS
