/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup.h"
#include "schema/tide-schema-source.h"
#include "schema/tide-schema-workshop.h"

G_BEGIN_DECLS

/* What the parts of a source share; nobody else includes it. */

typedef enum
{
  TIDE_SOURCE_DATABASE, /* read as it is */
  TIDE_SOURCE_HISTORY,  /* migrations, one after the other: none of them is an empty database */
  TIDE_SOURCE_BACKUP,
} TideSourceKind;

struct _TideSchemaSource
{
  gatomicrefcount  ref_count;
  TideSourceKind   kind;
  char            *label;
  TideConninfo    *conninfo;   /* DATABASE */
  TideProject     *project;    /* (nullable) HISTORY: whose ledger is made; NULL: none */
  char            *schema;     /* (nullable) HISTORY: where what names no schema goes */
  GPtrArray       *migrations; /* HISTORY: (element-type TideMigration) */
  TideConninfo    *applied_to; /* (nullable) HISTORY: the database whose ledger says that these are applied */
  TideBackup      *backup;     /* BACKUP */
};

/* tide-schema-source-history.c: (transfer full) (element-type utf8): the key of each point, one more than migrations; NULL from
 * the first on that cannot be read */
GPtrArray *tide_schema_history_list_keys (const TideSchemaSource  *self,
                                          int                      major);
/* Builds it unless it is kept already */
gboolean   tide_schema_history_build     (TideSchemaSource        *self,
                                          TideSchemaWorkshop      *workshop,
                                          GPtrArray               *keys,
                                          TideJob                 *job,
                                          GError                 **error);

/* tide-schema-source-dump.c: (transfer full) (nullable): NULL for one that is not worth keeping */
char      *tide_schema_backup_dup_key    (const TideSchemaSource  *self,
                                          int                      major);
gboolean   tide_schema_backup_build      (TideSchemaSource        *self,
                                          TideSchemaWorkshop      *workshop,
                                          const char              *key,
                                          TideJob                 *job,
                                          GError                 **error);
/* (transfer full): a new database with the schema of a live one */
TideConninfo *tide_schema_dump_rebuild   (TideConninfo            *conninfo,
                                          TideSchemaWorkshop      *workshop,
                                          TideJob                 *job,
                                          GError                 **error);

G_END_DECLS
