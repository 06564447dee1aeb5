/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-maintain"

#include "config.h"

#include <glib/gi18n.h>

#include "health/tide-maintain-leftover.h"
#include "health/tide-maintain-watch.h"
#include "health/tide-maintain.h"
#include "tide-error.h"

/* Small tables go together: each statement costs the server a look at all tables. */
#define BATCH_TABLES 64
#define LARGE_PAGES  8192

/* Who kills the program wants its work to end, too: the server looks whether somebody is still there. Not while it reindexes: what is
 * built goes on to its end, and would be left behind invalid. Servers before 14, and on some systems, cannot look. */
#define WATCH_CLIENT_SQL "SET client_connection_check_interval = '2s'"

/* The user's own time-outs are not meant for this. */
#define SETTINGS_SQL "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0"

typedef struct
{
  GPtrArray *names; /* utf8: quoted */
  gint64     pages;
} Batch;

typedef struct
{
  TideMaintainFlags    flags;
  TideSession         *session;
  TideJob             *job;
  TideMaintainWatch   *watch;
  TideMaintainReport  *report;
} Work;

static void
batch_free (Batch *self)
{
  g_ptr_array_unref (self->names);
  g_free (self);
}

/**
 * tide_maintain_report_free:
 * @self: (transfer full): a report
 */
void
tide_maintain_report_free (TideMaintainReport *self)
{
  g_ptr_array_unref (self->done);
  g_ptr_array_unref (self->skipped);
  g_free (self);
}

static TideMaintainReport *
report_new (void)
{
  TideMaintainReport *self = g_new0 (TideMaintainReport, 1);

  self->done = g_ptr_array_new_with_free_func (g_free);
  self->skipped = g_ptr_array_new_with_free_func (g_free);
  return self;
}

static GPtrArray *
batches_new (TideResult *tables)
{
  GPtrArray *batches = g_ptr_array_new_with_free_func ((GDestroyNotify) batch_free);
  Batch *batch = NULL;

  for (guint i = 0; i < tide_result_get_n_rows (tables); i++)
    {
      gint64 pages = tide_result_get_int64 (tables, i, 1);

      if (batch == NULL || batch->names->len >= BATCH_TABLES || batch->pages + pages > LARGE_PAGES)
        {
          batch = g_new0 (Batch, 1);
          batch->names = g_ptr_array_new_with_free_func (g_free);
          g_ptr_array_add (batches, batch);
        }
      g_ptr_array_add (batch->names, g_strdup (tide_result_get_value (tables, i, 0)));
      batch->pages += pages;
    }
  return batches;
}

/* The largest first: when it is cancelled after a while, most is done. */
static GPtrArray *
list_all (Work    *self,
          GError **error)
{
  static const char sql[] =
    "SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), c.relpages + 1\n"
    "  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n"
    "  JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database()\n"
    " WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND n.nspname <> 'pg_toast'\n"
    "   AND (pg_catalog.pg_has_role(c.relowner, 'USAGE') OR pg_catalog.pg_has_role(d.datdba, 'USAGE') AND NOT c.relisshared)\n"
    " ORDER BY 2 DESC, 1";
  g_autoptr(TideResult) result = NULL;

  result = tide_session_query (self->session, sql, NULL, 0, tide_job_get_cancellable (self->job), error);
  return result ? batches_new (result) : NULL;
}

/* (transfer full) (nullable): the kind of the relation that @name means, and its name as the server writes it */
static TideResult *
look_up (Work        *self,
         const char  *name,
         GError     **error)
{
  static const char sql[] =
    "SELECT c.relkind, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)\n"
    "  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n"
    " WHERE c.oid = pg_catalog.to_regclass($1)";
  g_autoptr(TideResult) result = tide_session_query (self->session, sql, &name, 1, tide_job_get_cancellable (self->job), error);

  return result && tide_result_get_n_rows (result) > 0 ? g_steal_pointer (&result) : NULL;
}

/* As SQL reads it, and else as it stands, without the quotes that SQL would want */
static TideResult *
find (Work        *self,
      const char  *target,
      GError     **error)
{
  g_autofree char *quoted = tide_quote_identifier (target);
  g_autoptr(GError) local_error = NULL;
  TideResult *found = look_up (self, target, &local_error);

  /* What is no name at all in SQL is an error there. */
  if (found == NULL && (local_error == NULL || g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_SERVER)))
    {
      g_clear_error (&local_error);
      found = look_up (self, quoted, &local_error);
    }
  if (found != NULL)
    return found;
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else
    tide_set_error (error, TIDE_ERROR_NOT_FOUND, "write it with its schema, and in double quotes where it has capital letters",
                    "there is no table or index \"%s\"", target);
  return NULL;
}

static void
take_notices (Work       *self,
              TideResult *result)
{
  GPtrArray *notices = tide_result_get_notices (result);

  for (guint i = 0; i < notices->len; i++)
    {
      const GError *notice = g_ptr_array_index (notices, i);

      if (g_strcmp0 (tide_error_get_fields (notice)->severity, "WARNING") != 0)
        continue;
      g_ptr_array_add (self->report->skipped, g_strdup (notice->message));
      tide_job_log (self->job, "%s", notice->message);
    }
}

static gboolean
run_statement (Work        *self,
               const char  *sql,
               const char  *what,
               GError     **error)
{
  g_autoptr(TideResult) result = NULL;

  tide_job_set_status (self->job, "%s", what);
  tide_job_log (self->job, "%s", what);
  result = tide_session_query (self->session, sql, NULL, 0, tide_job_get_cancellable (self->job), error);
  if (result != NULL)
    take_notices (self, result);
  return result != NULL;
}

/* VACUUM and ANALYZE take a list of tables; a table of it that somebody else holds is passed over. */
static char *
dup_sql (Work       *self,
         const char *names,
         gboolean    pass_over)
{
  gboolean analyze = (self->flags & TIDE_MAINTAIN_ANALYZE) != 0;

  if ((self->flags & TIDE_MAINTAIN_VACUUM) == 0)
    return g_strdup_printf ("ANALYZE %s%s", pass_over ? "(SKIP_LOCKED) " : "", names);
  if (analyze || pass_over)
    return g_strdup_printf ("VACUUM (%s%s%s) %s", analyze ? "ANALYZE" : "", analyze && pass_over ? ", " : "",
                            pass_over ? "SKIP_LOCKED" : "", names);
  return g_strdup_printf ("VACUUM %s", names);
}

static char *
join (GPtrArray *names)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", (const char *) g_ptr_array_index (names, i));
  return g_string_free (text, FALSE);
}

/* The server's own tables are looked after, and not worth a word. */
static void
note_done (Work       *self,
           const char *name)
{
  if (!g_str_has_prefix (name, "pg_catalog.") && !g_str_has_prefix (name, "information_schema."))
    g_ptr_array_add (self->report->done, g_strdup (name));
}

static gboolean
clean_all (Work    *self,
           GError **error)
{
  g_autoptr(GPtrArray) batches = list_all (self, error);
  gint64 all = 0;
  gint64 done = 0;

  if (batches == NULL)
    return FALSE;
  for (guint i = 0; i < batches->len; i++)
    all += ((Batch *) g_ptr_array_index (batches, i))->pages;
  for (guint i = 0; i < batches->len; i++)
    {
      Batch *batch = g_ptr_array_index (batches, i);
      g_autofree char *names = join (batch->names);
      g_autofree char *sql = dup_sql (self, names, TRUE);

      tide_maintain_watch_step (self->watch, (double) done / all, (double) batch->pages / all);
      if (!run_statement (self, sql, batch->names->len == 1 ? names : _("small tables"), error))
        return FALSE;
      for (guint n = 0; n < batch->names->len; n++)
        note_done (self, g_ptr_array_index (batch->names, n));
      done += batch->pages;
    }
  return TRUE;
}

static gboolean
clean_one (Work        *self,
           const char  *target,
           GError     **error)
{
  g_autoptr(TideResult) found = find (self, target, error);
  g_autofree char *sql = NULL;
  const char *name;

  if (found == NULL)
    return FALSE;
  name = tide_result_get_value (found, 0, 1);
  if (strchr ("iI", *tide_result_get_value (found, 0, 0)) != NULL)
    {
      tide_set_error (error, TIDE_ERROR_USAGE, "name its table", "%s is an index: it cannot be vacuumed or analyzed", name);
      return FALSE;
    }
  sql = dup_sql (self, name, FALSE);
  if (!run_statement (self, sql, name, error))
    return FALSE;
  if (self->report->skipped->len == 0)
    g_ptr_array_add (self->report->done, g_strdup (name));
  return TRUE;
}

static gboolean
clean (Work        *self,
       const char  *target,
       GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(TideResult) watched =
    tide_session_query (self->session, WATCH_CLIENT_SQL, NULL, 0, tide_job_get_cancellable (self->job), &local_error);

  if (watched == NULL && !g_error_matches (local_error, TIDE_ERROR, TIDE_ERROR_SERVER))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return target != NULL ? clean_one (self, target, error) : clean_all (self, error);
}

/* (transfer full): REINDEX of what @target names, and its name */
static char *
dup_reindex_sql (Work        *self,
                 const char  *target,
                 char       **name,
                 GError     **error)
{
  const char *database = tide_conninfo_get (tide_session_get_conninfo (self->session), "dbname");
  g_autoptr(TideResult) found = NULL;
  char kind;

  if (target == NULL)
    {
      *name = tide_quote_identifier (database);
      return g_strdup_printf ("REINDEX DATABASE CONCURRENTLY %s", *name);
    }
  found = find (self, target, error);
  if (found == NULL)
    return NULL;
  kind = *tide_result_get_value (found, 0, 0);
  *name = g_strdup (tide_result_get_value (found, 0, 1));
  return g_strdup_printf ("REINDEX %s CONCURRENTLY %s", kind == 'i' || kind == 'I' ? "INDEX" : "TABLE", *name);
}

static gboolean
reindex (Work        *self,
         const char  *target,
         GError     **error)
{
  g_autoptr(GHashTable) before = NULL;
  g_autofree char *name = NULL;
  g_autofree char *sql = dup_reindex_sql (self, target, &name, error);
  g_autoptr(GError) local_error = NULL;

  if (sql == NULL)
    return FALSE;
  before = tide_maintain_leftover_list (self->session, tide_job_get_cancellable (self->job), error);
  if (before == NULL)
    return FALSE;
  if (run_statement (self, sql, name, &local_error))
    {
      g_ptr_array_add (self->report->done, g_steal_pointer (&name));
      return TRUE;
    }
  tide_maintain_leftover_drop (tide_session_get_conninfo (self->session), before, self->job, &local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
run (Work        *self,
     const char  *target,
     GError     **error)
{
  return (self->flags & TIDE_MAINTAIN_REINDEX) != 0 ? reindex (self, target, error) : clean (self, target, error);
}

/**
 * tide_maintain_run:
 * @conninfo: the database; that its sessions start read-only does not matter: it was asked for
 * @flags: what to do
 * @target: (nullable): what to do it to
 * @job: (nullable): the job that tells how far it is, and cancels
 * @error: NOT_FOUND; SERVER; UNREACHABLE; cancelled
 *
 * Returns: (transfer full) (nullable): what was done
 */
TideMaintainReport *
tide_maintain_run (TideConninfo       *conninfo,
                   TideMaintainFlags   flags,
                   const char         *target,
                   TideJob            *job,
                   GError            **error)
{
  g_autoptr(TideConninfo) writable = NULL;
  g_autoptr(TideSession) session = NULL;
  g_autoptr(GPtrArray) settings = NULL;
  g_autoptr(TideMaintainReport) report = report_new ();
  g_autoptr(TideMaintainWatch) watch = NULL;
  Work work = { flags, NULL, job, NULL, report };

  g_return_val_if_fail (conninfo != NULL && flags != 0, NULL);

  writable = tide_conninfo_copy (conninfo);
  tide_conninfo_set_read_only (writable, FALSE);
  session = tide_session_open (writable, tide_job_get_cancellable (job), error);
  if (session == NULL)
    return NULL;
  settings = tide_session_run (session, SETTINGS_SQL, tide_job_get_cancellable (job), error);
  if (settings == NULL)
    return NULL;
  watch = tide_maintain_watch_start (session, job);
  tide_maintain_watch_step (watch, 0, 1);
  work.session = session;
  work.watch = watch;
  return run (&work, target, error) ? g_steal_pointer (&report) : NULL;
}
