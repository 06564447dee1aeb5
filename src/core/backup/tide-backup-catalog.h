/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/* A table whose rows a dump holds */
typedef struct
{
  guint32  oid;
  char    *schema;
  char    *name;
  gint64   bytes;      /* with indexes and TOAST */
  gint64   data_bytes; /* without indexes: what is read */
  gint64   estimate;   /* rows, as the planner has them; -1: never analysed */
  gboolean filtered;   /* row security hides rows of it from us */
  gboolean readable;
} TideBackupTable;

/* (transfer full) (element-type TideBackupTable): in the order of schema and name, byte by byte, as pg_dump goes through them */
GPtrArray *tide_backup_catalog_read_tables (TideSession             *session,
                                            const TideBackupOptions *options,
                                            GCancellable            *cancellable,
                                            GError                 **error);
/* Of this table alone, without those that inherit from it, as a dump takes them */
gboolean   tide_backup_catalog_count_rows  (TideSession             *session,
                                            const char              *schema,
                                            const char              *name,
                                            gint64                  *rows,
                                            GCancellable            *cancellable,
                                            GError                 **error);
/* What the manifest says of the database itself: names, versions, encoding, extensions, roles */
gboolean   tide_backup_catalog_describe    (TideSession             *session,
                                            TideManifest            *manifest,
                                            GCancellable            *cancellable,
                                            GError                 **error);
/* Of pg_database as d, for tide_backup_catalog_take_locale(): what older servers have no columns for is NULL. */
#define TIDE_BACKUP_LOCALE_COLUMNS                                                                                  \
  "pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype,"                                           \
  " CASE pg_catalog.to_jsonb(d) ->> 'datlocprovider' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,"  \
  " COALESCE(pg_catalog.to_jsonb(d) ->> 'datlocale', pg_catalog.to_jsonb(d) ->> 'daticulocale'),"                   \
  " pg_catalog.to_jsonb(d) ->> 'daticurules'"
/* Encoding and locale from the first row, from @column on */
void       tide_backup_catalog_take_locale (TideResult              *result,
                                            guint                    column,
                                            TideManifest            *manifest);
/* Makes the session fit to read for as long as a dump takes */
gboolean   tide_backup_catalog_prepare     (TideSession             *session,
                                            const TideBackupOptions *options,
                                            GCancellable            *cancellable,
                                            GError                 **error);

G_END_DECLS
