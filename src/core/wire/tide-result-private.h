/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wire/tide-result.h"

G_BEGIN_DECLS

/* Shared by all chunks of one statement (g_atomic_rc_box) */
typedef struct
{
  guint    n_columns;
  char   **names;
  guint32 *types;
  guint32 *tables;     /* OID; 0: no column of a table */
  gint16  *attributes; /* its number there */
} TideColumns;

struct _TideResult
{
  gatomicrefcount  ref_count;
  guint            n_rows;
  guint64          affected;

  /* Owned */
  TideColumns     *columns;
  char            *arena;
  gsize           *offsets; /* one per cell, and the end; NULL takes no byte, a text one for its NUL */
  GBytes          *copy;    /* (nullable) */
  char            *command;
  GPtrArray       *notices;
};

void tide_columns_unref (TideColumns *self);

G_END_DECLS
