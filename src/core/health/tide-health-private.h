/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gi18n.h>

#include "health/tide-health.h"

G_BEGIN_DECLS

/**
 * TideHealthProbe:
 * @quick: whether it belongs to the quick form
 * @large: whether it reads what grows with the number of tables: the window has it asked behind the others
 * @dup_sql: (transfer full): one statement that asks the server; it runs with an empty search path, waits for no lock and must
 *   not fail for lack of rights
 * @judge: makes checks of what came
 *
 * One question to the server. Many of them go there in one message; when one of them fails, each goes alone.
 */
typedef struct
{
  const char *group;
  const char *id;      /* of its first check: the one that is UNKNOWN when the question fails */
  const char *title;   /* N_() */
  gboolean    quick;
  gboolean    large;
  char     *(*dup_sql) (int server_version);
  void      (*judge)   (TideHealth *health, TideResult *result);
} TideHealthProbe;

extern const TideHealthProbe tide_health_server_probes[];
extern const TideHealthProbe tide_health_session_probes[];
extern const TideHealthProbe tide_health_index_probes[];
extern const TideHealthProbe tide_health_schema_probes[];

/* The indexes of one table: estimated pages of all together, whether one is its key, whether two may have the same columns, and which
 * of all is the last of them, counted from one */
typedef struct
{
  gint64   pages;
  gboolean is_keyed;
  gboolean has_alike;
  guint    last;
} TideHealthIndexes;

/**
 * TideHealthCatalog:
 *
 * What the server tells of all tables and of their indexes, as it came
 */
typedef struct
{
  TideResult *tables;     /* columns as TIDE_TABLE_* */
  TideResult *pages;      /* one row of arrays: oids of indexes, how many pages they have beyond one, whether they may be unused */
  GHashTable *indexes;    /* (element-type gsize TideHealthIndexes): by the oid of the table */
  gint64      block_size; /* bytes */
  TideResult *sizes;      /* (nullable): a table's oid, its true bytes and those of its indexes: of the largest */
  TideResult *unused;     /* (nullable): there are none, as with those below; an index, its table, bytes, since when (nullable) */
  TideResult *duplicate;  /* (nullable): an index, its table, what it is the same as, whether it is a constraint's */
  TideResult *foreign;    /* (nullable): a key, its table, the one it refers to, columns, whether it is a partitioned one's */
  TideResult *members;    /* (nullable): the oids of those without a key that are an extension's */
} TideHealthCatalog;

enum
{
  TIDE_TABLE_OID,
  TIDE_TABLE_SCHEMA,
  TIDE_TABLE_NAME,
  TIDE_TABLE_KIND,
  TIDE_TABLE_LIVE,
  TIDE_TABLE_DEAD,
  TIDE_TABLE_VACUUMED,  /* microseconds since the epoch, NULL: never; so the next */
  TIDE_TABLE_ANALYZED,
  TIDE_TABLE_CHANGED,   /* rows since it was analyzed */
  TIDE_TABLE_COUNTED,   /* rows when it was; -1: never */
  TIDE_TABLE_PAGES,
  TIDE_TABLE_IS_PARTITION,
};

TideHealthCatalog       *tide_health_catalog_read          (TideSession             *session,
                                                            GCancellable            *cancellable,
                                                            GError                 **error);
TideResult              *tide_health_catalog_read_indexes  (TideSession             *session,
                                                            GCancellable            *cancellable,
                                                            GError                 **error);
gboolean                 tide_health_catalog_finish        (TideHealthCatalog       *self,
                                                            TideResult              *indexes,
                                                            TideSession             *session,
                                                            GCancellable            *cancellable,
                                                            GError                 **error);
void                     tide_health_catalog_free          (TideHealthCatalog       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideHealthCatalog, tide_health_catalog_free)
GHashTable              *tide_health_catalog_index         (TideResult              *result);
gint64                   tide_health_catalog_estimate_heap (const TideHealthCatalog *self,
                                                            guint                    row);
const TideHealthIndexes *tide_health_catalog_get_indexes   (const TideHealthCatalog *self,
                                                            guint                    row);
gboolean                 tide_health_catalog_is_keyless    (const TideHealthCatalog *self,
                                                            guint                    row);
void                     tide_health_catalog_judge         (TideHealth              *health,
                                                            const TideHealthCatalog *self);
void                     tide_health_judge_tables          (TideHealth              *health,
                                                            const TideHealthCatalog *catalog);
void                     tide_health_judge_indexes         (TideHealth              *health,
                                                            const TideHealthCatalog *catalog);
GPtrArray               *tide_health_run                   (TideSession             *session,
                                                            const char              *script,
                                                            GCancellable            *cancellable,
                                                            GError                 **error);

TideHealth      *tide_health_new            (TideSession     *session);
TideHealthCheck *tide_health_check_new      (const char      *group,
                                             const char      *id,
                                             const char      *title);
void             tide_health_check_unref    (TideHealthCheck *self);
void             tide_health_add_drift      (TideHealth      *self);
TideHealth      *tide_health_dup_so_far     (TideHealth      *self);
void             tide_health_sort           (TideHealth      *self);
TideHealthCheck *tide_health_add            (TideHealth      *self,
                                             const char      *group,
                                             const char      *id,
                                             const char      *title);
void             tide_health_check_worsen   (TideHealthCheck *self,
                                             TideHealthState  state);
TideHealthRow   *tide_health_check_take_row (TideHealthCheck *self,
                                             TideHealthState  state,
                                             char            *title,
                                             char            *text);
TideHealthCheck *tide_health_check_tools    (int              server_major);
void             tide_health_look_at_project (TideHealth     *self,
                                             TideProject     *project,
                                             TideSession     *session,
                                             GCancellable    *cancellable);

G_END_DECLS
