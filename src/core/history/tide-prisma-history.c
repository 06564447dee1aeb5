/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-prisma-history"

#include "config.h"

#include "history/tide-prisma-explain.h"
#include "history/tide-prisma-history.h"
#include "history/tide-prisma-lock.h"
#include "history/tide-prisma-rows.h"
#include "tide-error.h"

#define UNDEFINED_TABLE        "42P01"
#define INSUFFICIENT_PRIVILEGE "42501"
#define READ_ONLY_TRANSACTION  "25006"

struct _TidePrismaHistory
{
  GObject  parent_instance;

  gboolean use_lock;
  char   **schemas; /* (nullable) */
};

static void tide_prisma_history_iface_init (TideHistoryInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TidePrismaHistory, tide_prisma_history, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (TIDE_TYPE_HISTORY,
                                                      tide_prisma_history_iface_init))

/* Names are not qualified anywhere here: the ledger lives where the search path says. */
static const char read_sql[] =
  "SELECT id, checksum, migration_name, logs,\n"
  "       (extract(epoch FROM started_at) * 1000000)::bigint,\n"
  "       (extract(epoch FROM finished_at) * 1000000)::bigint,\n"
  "       (extract(epoch FROM rolled_back_at) * 1000000)::bigint,\n"
  "       applied_steps_count\n"
  "  FROM _prisma_migrations ORDER BY started_at";

static const char create_sql[] =
  "CREATE TABLE _prisma_migrations (\n"
  "    id                  VARCHAR(36) PRIMARY KEY NOT NULL,\n"
  "    checksum            VARCHAR(64) NOT NULL,\n"
  "    finished_at         TIMESTAMPTZ,\n"
  "    migration_name      VARCHAR(255) NOT NULL,\n"
  "    logs                TEXT,\n"
  "    rolled_back_at      TIMESTAMPTZ,\n"
  "    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),\n"
  "    applied_steps_count INTEGER NOT NULL DEFAULT 0\n"
  ")";

/* Not one that a deploy has made just now, where we look. */
static const char elsewhere_sql[] =
  "SELECT n.nspname\n"
  "  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n"
  " WHERE c.relname = '_prisma_migrations' AND c.relkind IN ('r', 'p')\n"
  "   AND pg_catalog.to_regclass('_prisma_migrations') IS NULL\n"
  " ORDER BY n.nspname LIMIT 1";

/* Prisma's test for a database that is not empty: tables alone count, and none of PostGIS; in the
 * ledger's schema and those that the datasource lists. The first that is not empty is told. */
#define SURVEY_SQL                                                                                 \
  "WITH tables AS (\n"                                                                             \
  "  SELECT n.nspname, c.relname\n"                                                                \
  "    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n"      \
  "   WHERE c.relkind = 'r' AND n.nspname IN (%s)\n"                                               \
  "     AND pg_catalog.lower(c.relname) NOT IN\n"                                                  \
  "         ('spatial_ref_sys', 'geometry_columns', 'geography_columns',\n"                        \
  "          'raster_columns', 'raster_overviews')),\n"                                            \
  "found AS (SELECT * FROM tables WHERE nspname = (SELECT pg_catalog.min(nspname) FROM tables))\n" \
  "SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1),\n"                      \
  "       (SELECT pg_catalog.count(*) FROM found),\n"                                              \
  "       (SELECT pg_catalog.string_agg(relname, ', ')\n"                                          \
  "          FROM (SELECT relname FROM found ORDER BY relname LIMIT 3) AS first),\n"               \
  "       (SELECT pg_catalog.min(nspname) FROM found)"

/* The schema that Prisma works on when the URL names none. */
static const char *
get_schema (TideSession *session)
{
  const char *schema = tide_conninfo_get_schema (tide_session_get_conninfo (session));

  return schema ? schema : "public";
}

/*
 * A database may hold one ledger per schema, one for each tenant; whoever names a schema of their
 * own means it. Without a name, or with the default one, a ledger elsewhere says that the URL lacks
 * it: going on would apply everything a second time.
 */
static gboolean
check_not_elsewhere (TideSession   *session,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(TideResult) result = NULL;
  const char *schema = get_schema (session);
  const char *found;

  if (!g_str_equal (schema, "public"))
    return TRUE;

  result = tide_session_query (session, elsewhere_sql, NULL, 0, cancellable, error);
  if (result == NULL)
    return FALSE;
  if (tide_result_get_n_rows (result) == 0)
    return TRUE;

  found = tide_result_get_value (result, 0, 0);
  tide_set_error (error, TIDE_ERROR_INVALID, "name the schema in the connection URL with ?schema=",
                  "schema \"%s\" has no ledger, but schema \"%s\" of this database holds one",
                  schema, found);
  return FALSE;
}

/* Takes @failure: the server's words alone do not tell what was wanted of it, and the statement is
 * ours. */
static void
tell_failure (TideSession  *session,
              const char   *doing,
              const char   *privileges,
              GError       *failure,
              GError      **error)
{
  TideErrorFields *fields = tide_error_get_fields (failure);
  g_autofree char *label = NULL;

  if (g_error_matches (failure, TIDE_ERROR, TIDE_ERROR_SERVER))
    {
      label = tide_conninfo_dup_label (tide_session_get_conninfo (session));
      g_prefix_error (&failure, "cannot %s the ledger of \"%s\": ", doing, label);
      g_clear_pointer (&fields->statement, g_free);
      fields->line = fields->position = 0;
      if (fields->hint == NULL && tide_error_has_sqlstate (failure, INSUFFICIENT_PRIVILEGE))
        fields->hint = g_strdup_printf ("the user needs %s", privileges);
      else if (fields->hint == NULL && tide_error_has_sqlstate (failure, READ_ONLY_TRANSACTION))
        fields->hint = g_strdup ("name the primary server where this one is a replica; else look at "
                                 "default_transaction_read_only");
      else if (fields->hint == NULL && tide_error_has_sqlstate (failure, UNDEFINED_TABLE))
        fields->hint = g_strdup ("look whether a migration, or somebody else, drops or renames \"_prisma_migrations\"");
    }
  g_propagate_error (error, failure);
}

static void
tell_write_failure (TideSession  *session,
                    GError       *failure,
                    GError      **error)
{
  tell_failure (session, "write", "USAGE on the schema, and SELECT, INSERT and UPDATE on \"_prisma_migrations\"",
                failure, error);
}

/* (transfer container) */
static GPtrArray *
write_ledger (TideSession   *session,
              const char    *sql,
              GCancellable  *cancellable,
              GError       **error)
{
  GError *failure = NULL;
  GPtrArray *results = tide_session_run (session, sql, cancellable, &failure);

  if (results == NULL)
    tell_write_failure (session, failure, error);
  return results;
}

/* (transfer full): a read that went wrong because the table is not shaped as a ledger is told as
 * that */
static GError *
explain_read_error (GError *failure)
{
  /* The last: a time that is infinite */
  static const char *const shape_states[] = { "42703", "42883", "42846", "42804", "0A000" };
  GError *error;

  for (guint i = 0; i < G_N_ELEMENTS (shape_states); i++)
    {
      if (!tide_error_has_sqlstate (failure, shape_states[i]))
        continue;
      error = tide_error_new (TIDE_ERROR_INVALID,
                              "compare it with the table of a database that Prisma migrates, or "
                              "restore it",
                              "the table \"_prisma_migrations\" is not a ledger that Prisma made: "
                              "%s",
                              failure->message);
      tide_error_take_string (&tide_error_get_fields (error)->sqlstate, g_strdup (shape_states[i]));
      g_error_free (failure);
      return error;
    }
  return failure;
}

static GPtrArray *
tide_prisma_history_read (TideHistory   *history,
                          TideSession   *session,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autoptr(TideResult) result = NULL;
  g_autoptr(GError) local_error = NULL;
  GPtrArray *rows;

  result = tide_session_query (session, read_sql, NULL, 0, cancellable, &local_error);
  if (tide_error_has_sqlstate (local_error, UNDEFINED_TABLE))
    {
      check_not_elsewhere (session, cancellable, error);
      return NULL;
    }
  if (result == NULL)
    {
      tell_failure (session, "read", "USAGE on the schema and SELECT on \"_prisma_migrations\"",
                    explain_read_error (g_steal_pointer (&local_error)), error);
      return NULL;
    }

  rows = g_ptr_array_new_full (tide_result_get_n_rows (result),
                               (GDestroyNotify) tide_ledger_row_unref);
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      TideLedgerRow *row = tide_ledger_row_read (result, i, error);

      if (row == NULL)
        {
          g_ptr_array_unref (rows);
          return NULL;
        }
      g_ptr_array_add (rows, row);
    }
  return rows;
}

/* (transfer full): what @expression is over all rows; @none where there is no ledger */
static char *
query_ledger (TideSession   *session,
              const char    *expression,
              const char    *none,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT %s FROM _prisma_migrations", expression);
  g_autoptr(TideResult) rows = NULL;
  g_autoptr(TideResult) table =
    tide_session_query (session, "SELECT pg_catalog.to_regclass('_prisma_migrations')::pg_catalog.oid",
                        NULL, 0, cancellable, error);

  if (table == NULL || tide_result_get_value (table, 0, 0) == NULL)
    return table ? g_strdup (none) : NULL;
  rows = tide_session_query (session, sql, NULL, 0, cancellable, error);
  return rows ? g_strdup (tide_result_get_value (rows, 0, 0)) : NULL;
}

/* Every write to the ledger gives its row a new xmin, so this text changes with it. */
static char *
tide_prisma_history_read_fingerprint (TideHistory   *history,
                                      TideSession   *session,
                                      GCancellable  *cancellable,
                                      GError       **error)
{
  return query_ledger (session,
                       "pg_catalog.to_regclass('_prisma_migrations')::pg_catalog.oid || ':' || pg_catalog.count(*) || '/' ||"
                       " COALESCE (pg_catalog.sum(xmin::pg_catalog.text::pg_catalog.int8), 0)",
                       "no ledger", cancellable, error);
}

static gboolean
tide_prisma_history_count (TideHistory   *history,
                           TideSession   *session,
                           gint64        *n_rows,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_autofree char *n = query_ledger (session, "pg_catalog.count(*)", "-1", cancellable, error);

  if (n == NULL)
    return FALSE;
  *n_rows = g_ascii_strtoll (n, NULL, 10);
  return TRUE;
}

static void
set_not_empty (GError     **error,
               const char  *schema,
               gint64       n_tables,
               const char  *some)
{
  GError *failure =
    tide_error_new (TIDE_ERROR_REFUSED,
                    "if the migrations describe what is there already, mark each of them as applied "
                    "(baseline); if not, use an empty database",
                    "schema \"%s\" is not empty and has no migration ledger: "
                    "it holds %" G_GINT64_FORMAT " %s (%s%s)",
                    schema, n_tables, n_tables == 1 ? "table" : "tables", some,
                    n_tables > 3 ? ", ..." : "");

  tide_error_take_string (&tide_error_get_fields (failure)->prisma_code, g_strdup ("P3005"));
  g_propagate_error (error, failure);
}

static TideResult *
survey (TidePrismaHistory  *self,
        TideSession        *session,
        GCancellable       *cancellable,
        GError            **error)
{
  const char *own = get_schema (session);
  g_autoptr(GString) list = g_string_new ("$1");
  g_autofree char *sql = NULL;

  for (guint i = 0; self->schemas != NULL && self->schemas[i] != NULL; i++)
    {
      g_autofree char *literal = tide_quote_literal (self->schemas[i]);

      g_string_append_printf (list, ", %s", literal);
    }
  sql = g_strdup_printf (SURVEY_SQL, list->str);
  return tide_session_query (session, sql, &own, 1, cancellable, error);
}

/* A schema that the URL names is made when it is absent, as Prisma does; both in one
 * transaction. */
static gboolean
tide_prisma_history_prepare (TideHistory   *history,
                             TideSession   *session,
                             gboolean       baseline,
                             GCancellable  *cancellable,
                             GError       **error)
{
  const char *schema = get_schema (session);
  g_autofree char *quoted = tide_quote_identifier (schema);
  g_autofree char *sql = NULL;
  g_autoptr(TideResult) found = NULL;
  g_autoptr(GPtrArray) results = NULL;
  GError *failure = NULL;

  found = survey (TIDE_PRISMA_HISTORY (history), session, cancellable, error);
  if (found == NULL)
    return FALSE;
  if (!baseline && tide_result_get_int64 (found, 0, 1) > 0)
    {
      set_not_empty (error, tide_result_get_value (found, 0, 3), tide_result_get_int64 (found, 0, 1),
                     tide_result_get_value (found, 0, 2));
      return FALSE;
    }

  if (tide_result_get_boolean (found, 0, 0))
    sql = g_strdup (create_sql);
  else
    sql = g_strconcat ("CREATE SCHEMA ", quoted, ";\n", create_sql, NULL);
  results = tide_session_run (session, sql, cancellable, &failure);
  if (results == NULL)
    tell_failure (session, "make", "CREATE on the schema; on the database where the schema is made too",
                  failure, error);
  return results != NULL;
}

static gboolean
tide_prisma_history_lock (TideHistory   *history,
                          TideSession   *session,
                          guint          timeout_ms,
                          GCancellable  *cancellable,
                          GError       **error)
{
  TidePrismaHistory *self = TIDE_PRISMA_HISTORY (history);

  return !self->use_lock || tide_prisma_lock_take (session, timeout_ms, cancellable, error);
}

static gboolean
check_row_was_there (TideResult  *result,
                     const char  *id,
                     GError     **error)
{
  if (tide_result_get_affected (result) == 1)
    return TRUE;

  tide_set_error (error, TIDE_ERROR_NOT_FOUND,
                  "look whether a migration writes to the table itself",
                  "the row \"%s\" of \"_prisma_migrations\" is gone", id);
  return FALSE;
}

/*
 * One round trip and one commit for the end of one migration and the start of the next. The commit
 * need not wait for the disk: transactions reach the log in the order of their commits, so whatever
 * the migration itself commits afterwards cannot survive a crash of the server without this row.
 */
static TideLedgerStart *
tide_prisma_history_begin_start (TideHistory           *history,
                                 TideSession           *session,
                                 const char            *finished_id,
                                 TideMigration         *migration,
                                 const TideLedgerNote  *note,
                                 guint                  lock_timeout_ms,
                                 GCancellable          *cancellable)
{
  /* One that takes no lock has a pooler, which hands each transaction another session of the server. */
  gboolean is_prepared = TIDE_PRISMA_HISTORY (history)->use_lock && tide_prisma_prepare_rows (session, cancellable);
  TideLedgerStart *start = g_new0 (TideLedgerStart, 1);
  g_autofree char *sql = NULL;

  start->id = g_uuid_string_random ();
  start->finished_id = g_strdup (finished_id);
  sql = tide_prisma_build_start (start->id, finished_id, migration, note, is_prepared, lock_timeout_ms);
  start->pending = tide_session_begin_run (session, sql, cancellable);
  return start;
}

static char *
tide_prisma_history_end_start (TideHistory      *history,
                               TideSession      *session,
                               TideLedgerStart  *start,
                               GError          **error)
{
  g_autofree char *id = g_steal_pointer (&start->id);
  g_autofree char *finished_id = g_steal_pointer (&start->finished_id);
  GError *failure = NULL;
  g_autoptr(GPtrArray) results = tide_session_end_run (start->pending, &failure);

  g_free (start);
  if (results == NULL)
    {
      tell_write_failure (session, failure, error);
      return NULL;
    }
  if (finished_id != NULL
      && !check_row_was_there (g_ptr_array_index (results, results->len - 1), finished_id, error))
    return NULL;
  return g_steal_pointer (&id);
}

static gboolean
tide_prisma_history_record_progress (TideHistory           *history,
                                     TideSession           *session,
                                     const char            *id,
                                     const TideLedgerNote  *note,
                                     GCancellable          *cancellable,
                                     GError               **error)
{
  g_autofree char *text = tide_ledger_note_to_string (note);
  g_autofree char *quoted = tide_quote_literal (text);
  g_autofree char *sql = NULL;
  g_autoptr(GPtrArray) results = NULL;

  sql = g_strdup_printf ("SET LOCAL synchronous_commit = off;\n"
                         "UPDATE _prisma_migrations SET logs = %s WHERE id = '%s'", quoted, id);
  results = write_ledger (session, sql, cancellable, error);
  return results != NULL && check_row_was_there (g_ptr_array_index (results, 1), id, error);
}

static gboolean
tide_prisma_history_record_finish (TideHistory   *history,
                                   TideSession   *session,
                                   const char    *id,
                                   GCancellable  *cancellable,
                                   GError       **error)
{
  g_autofree char *sql = tide_prisma_build_finish (id);
  g_autoptr(GPtrArray) results = write_ledger (session, sql, cancellable, error);

  return results != NULL && check_row_was_there (g_ptr_array_index (results, 0), id, error);
}

static gboolean
tide_prisma_history_record_failure (TideHistory   *history,
                                    TideSession   *session,
                                    const char    *id,
                                    const char    *logs,
                                    GCancellable  *cancellable,
                                    GError       **error)
{
  const char *params[] = { logs, id };
  g_autoptr(TideResult) result = NULL;

  result = tide_session_query (session, "UPDATE _prisma_migrations SET logs = $1 WHERE id = $2",
                               params, G_N_ELEMENTS (params), cancellable, error);
  return result != NULL && check_row_was_there (result, id, error);
}

/* Prisma leaves empty logs and no steps in such a row, and the same time twice. */
static gboolean
tide_prisma_history_record_applied (TideHistory    *history,
                                    TideSession    *session,
                                    TideMigration  *migration,
                                    GCancellable   *cancellable,
                                    GError        **error)
{
  const char *name = tide_migration_get_name (migration);
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *give_up = tide_prisma_build_give_up (name);
  g_autofree char *quoted = tide_quote_literal (name);
  g_autofree char *sql = NULL;
  g_autoptr(GPtrArray) results = NULL;

  sql = g_strdup_printf ("%s;\n"
                         "INSERT INTO _prisma_migrations\n"
                         "  (id, checksum, started_at, finished_at, migration_name, logs)\n"
                         "VALUES ('%s', '%s', now(), now(), %s, '')",
                         give_up, id, tide_migration_get_checksum (migration), quoted);
  results = write_ledger (session, sql, cancellable, error);
  return results != NULL;
}

static gboolean
tide_prisma_history_record_rolled_back (TideHistory   *history,
                                        TideSession   *session,
                                        const char    *name,
                                        GCancellable  *cancellable,
                                        GError       **error)
{
  g_autofree char *sql = tide_prisma_build_give_up (name);
  g_autoptr(GPtrArray) results = write_ledger (session, sql, cancellable, error);

  return results != NULL;
}

static char *
tide_prisma_history_explain (TideHistory          *history,
                             TideSession          *session,
                             const TideLedgerRow  *row,
                             gboolean             *runs,
                             GCancellable         *cancellable,
                             GError              **error)
{
  return tide_prisma_explain (session, row, runs, cancellable, error);
}

static void
tide_prisma_history_iface_init (TideHistoryInterface *iface)
{
  iface->table = "_prisma_migrations";
  iface->read = tide_prisma_history_read;
  iface->read_fingerprint = tide_prisma_history_read_fingerprint;
  iface->count = tide_prisma_history_count;
  iface->prepare = tide_prisma_history_prepare;
  iface->lock = tide_prisma_history_lock;
  iface->begin_start = tide_prisma_history_begin_start;
  iface->end_start = tide_prisma_history_end_start;
  iface->record_progress = tide_prisma_history_record_progress;
  iface->record_finish = tide_prisma_history_record_finish;
  iface->record_failure = tide_prisma_history_record_failure;
  iface->record_applied = tide_prisma_history_record_applied;
  iface->record_rolled_back = tide_prisma_history_record_rolled_back;
  iface->explain = tide_prisma_history_explain;
}

static void
tide_prisma_history_finalize (GObject *object)
{
  TidePrismaHistory *self = TIDE_PRISMA_HISTORY (object);

  g_strfreev (self->schemas);

  G_OBJECT_CLASS (tide_prisma_history_parent_class)->finalize (object);
}

static void
tide_prisma_history_class_init (TidePrismaHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_prisma_history_finalize;
}

static void
tide_prisma_history_init (TidePrismaHistory *self)
{
}

/**
 * tide_prisma_history_new:
 * @disable_lock: (nullable): the value of `PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK`; as in Prisma, any
 *   but the empty one and "0" switches the lock off (for poolers that cannot hold one)
 * @schemas: (nullable) (array zero-terminated=1): the schemas that the project's datasource lists.
 *   The ledger is in the URL's schema all the same
 *
 * Returns: (transfer full): the history as Prisma 6 and 7 keep it
 */
TideHistory *
tide_prisma_history_new (const char        *disable_lock,
                         const char *const *schemas)
{
  TidePrismaHistory *self = g_object_new (TIDE_TYPE_PRISMA_HISTORY, NULL);

  self->use_lock = disable_lock == NULL || *disable_lock == '\0' || g_str_equal (disable_lock, "0");
  self->schemas = g_strdupv ((char **) schemas);
  return TIDE_HISTORY (self);
}
