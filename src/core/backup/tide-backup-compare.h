/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup.h"

G_BEGIN_DECLS

/* What the rows of a table in a backup are beside those in a database */
typedef enum
{
  TIDE_ROWS_EQUAL,
  TIDE_ROWS_DIFFERENT,
  TIDE_ROWS_ONLY_BACKUP,   /* the database has no such table */
  TIDE_ROWS_ONLY_DATABASE, /* the backup, which is of the whole database, has no such table */
  TIDE_ROWS_UNKNOWN,       /* on one side they were not counted, or only estimated */
} TideRowsState;

typedef struct
{
  char          *schema;
  char          *name;
  gint64         backup_rows;    /* -1: not known */
  gint64         database_rows;  /* -1: not known, or may not be read */
  gboolean       backup_exact;   /* FALSE: the planner's estimate */
  gboolean       database_exact;
  TideRowsState  state;
} TideTableRows;

/**
 * TideRowComparison:
 *
 * The row counts of a backup beside those of a database. Immutable, atomically reference counted.
 */
typedef struct _TideRowComparison TideRowComparison;
struct _TideRowComparison
{
  /*< private >*/
  gatomicrefcount ref_count;
  /*< public, read-only >*/
  char      *note;          /* (nullable): why the backup's rows are not known */
  GPtrArray *tables;        /* (element-type TideTableRows): by schema and name */
  guint      n_differences; /* DIFFERENT and those on one side only */
  guint      n_unknown;
};

#define TIDE_TYPE_ROW_COMPARISON (tide_row_comparison_get_type ())
GType              tide_row_comparison_get_type (void);
TideRowComparison *tide_row_comparison_ref      (TideRowComparison  *self);
void               tide_row_comparison_unref    (TideRowComparison  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRowComparison, tide_row_comparison_unref)

const char        *tide_rows_state_to_string    (TideRowsState       state); /* "only_backup", as the command line says it */
gboolean           tide_rows_state_is_difference (TideRowsState      state);

/* Blocking; @exact_below: as #TideBackupOptions.exact_rows_below, for tables that the backup did not count exactly */
TideRowComparison *tide_backup_compare_rows     (TideBackup         *backup,
                                                 TideConninfo       *conninfo,
                                                 gint64              exact_below,
                                                 TideJob            *job,
                                                 GError            **error);

G_END_DECLS
