/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "query/tide-row-edit.h"

G_BEGIN_DECLS

/* One struct in two files: tide-row-edit.c (what is wanted, and applying it), -sql.c (what is said to the server) */

typedef struct
{
  gboolean is_set;
  char    *text; /* (nullable) */
} TideRowEditValue;

/* A row that is to be another one than in the store */
typedef struct
{
  TideRowChange     change;  /* what is still to be done; TIDE_ROW_SAME of a new row: it was given up */
  guint             becomes; /* the row of the store that it is once applied; G_MAXUINT: none */
  TideRowEditValue *wanted;  /* n_columns */
} TideRowEditRow;

struct _TideRowEdit
{
  TideRowStore  *store;
  TideRowTable  *table;
  TideRowReader  reader;
  GHashTable    *rows;    /* guint to TideRowEditRow */
  GArray        *order;   /* guint: as they were first changed */
  GHashTable    *became;  /* guint to guint: what the last apply made of rows */
  GArray        *added;   /* guint: the rows that it added */
  guint          n_added;
};

static inline gboolean
tide_row_edit_is_new (guint index)
{
  return index >= TIDE_ROW_EDIT_FIRST_NEW;
}

/* tide-row-edit-sql.c */
/* (transfer full) (nullable): what the table has there as far as we know */
char *tide_row_edit_dup_base      (TideRowEdit    *self,
                                   guint           index,
                                   guint           column);
/* (transfer full): "row id = 7": by what it is in the table, for the numbers of the rows that are shown depend on their order */
char *tide_row_edit_dup_row_name  (TideRowEdit    *self,
                                   guint           index);
/* (transfer full): finds the row of the table if it is as it was */
char *tide_row_edit_dup_look      (TideRowEdit    *self,
                                   guint           index,
                                   TideRowEditRow *row);
/* (transfer full): the statement with what the row is after it */
char *tide_row_edit_dup_returning (TideRowEdit    *self,
                                   guint           index,
                                   TideRowEditRow *row);

G_END_DECLS
