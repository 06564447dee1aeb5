/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-object-kind.h"
#include "wire/tide-result.h"

G_BEGIN_DECLS

/* What identifies an object in the query of its kind */
typedef enum
{
  TIDE_CELL_OID,
  TIDE_CELL_SCHEMA,
  TIDE_CELL_NAME,
  TIDE_CELL_SIGNATURE,
  TIDE_CELL_PARENT,
  TIDE_CELL_PARENT_POSITION,
  TIDE_CELL_POSITION,
  TIDE_CELL_RANK,
  TIDE_CELL_OWNER,
  TIDE_CELL_ALIAS,
  TIDE_N_CELLS
} TideCell;

/**
 * TideCatalogRows:
 *
 * The rows of a kind's query, one at a time.
 */
typedef struct
{
  TideObjectKind   kind;
  TideResult      *result;             /* Borrowed */
  guint            n_columns;
  int             *cells;              /* for each column the attribute, or what is below 0 */
  gboolean        *is_checked;         /* for each column: whether it may say that something has vanished */
  const char     **values;             /* of the row that was read last, by column */
  const char      *head[TIDE_N_CELLS]; /* those of them that identify */
} TideCatalogRows;

void      tide_catalog_rows_init        (TideCatalogRows       *self,
                                         TideObjectKind         kind,
                                         TideResult            *result);
void      tide_catalog_rows_clear       (TideCatalogRows       *self);
void      tide_catalog_rows_read        (TideCatalogRows       *self,
                                         guint                  row);
guint32   tide_catalog_rows_get_number  (const TideCatalogRows *self,
                                         TideCell               cell); /* 0 for NULL */
/* Whether what the row tells of went away while it was read */
gboolean  tide_catalog_rows_is_vanished (const TideCatalogRows *self);
/* (transfer full): the rows in the order in which they become objects: see TideRowOrder */
guint    *tide_catalog_rows_order       (TideCatalogRows       *self,
                                         TideSchemaBuilder     *builder);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TideCatalogRows, tide_catalog_rows_clear)

G_END_DECLS
