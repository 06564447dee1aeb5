/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-verify-restore"

#include "config.h"

#include <glib/gi18n.h>

#include <stdlib.h>
#include <string.h>

#include "backup/tide-backup-catalog.h"
#include "backup/tide-restore-private.h"
#include "backup/tide-verify-restore.h"
#include "scratch/tide-scratch.h"
#include "tide-error.h"
#include "wire/tide-session.h"

#define MAX_JOBS  8
#define MAX_NAMED 5

typedef struct
{
  TideBackup   *backup;
  TideVerdict  *verdict;
  TideJob      *job;
  GCancellable *cancellable;
  TideConninfo *conninfo;  /* of the database that it is restored into */
  TideSession  *session;   /* to that database */
} Trial;

static void G_GNUC_PRINTF (2, 3)
complain (Trial      *trial,
          const char *format,
          ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (trial->verdict->problems, g_strdup_vprintf (format, args));
  va_end (args);
}

/* What failed is a verdict, unless it was the person who wanted it to end. Returns: whether it was not */
static gboolean
take_problem (Trial       *trial,
              const char  *what,    /* (nullable) */
              GError      *problem, /* (transfer full) */
              GError     **error)
{
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, problem);
      return FALSE;
    }
  complain (trial, "%s%s%s", what ? what : "", what ? ": " : "", problem->message);
  g_error_free (problem);
  return TRUE;
}

/* Why a restore here would say nothing about the backup; FALSE when it would */
static gboolean
is_pointless (Trial *trial)
{
  const TideManifest *manifest = trial->backup->manifest;

  if (trial->backup->format == TIDE_BACKUP_FORMAT_CLUSTER)
    {
      complain (trial, "it is of a whole server, which is not restored here");
      return TRUE;
    }
  if (manifest != NULL && g_strv_contains ((const char *const *) manifest->options, "--data-only"))
    {
      complain (trial, "it holds rows and no tables: only a restore into the database it is of can prove it");
      return TRUE;
    }
  return FALSE;
}

/* A dump of a newer server says what an older one does not understand; that is no fault of the backup. */
static gboolean
is_too_new (Trial *trial)
{
  const TideManifest *manifest = trial->backup->manifest;
  int theirs = manifest != NULL && manifest->server_version != NULL ? atoi (manifest->server_version) : 0;
  int ours = tide_session_get_server_version (trial->session) / 10000;

  if (theirs > ours)
    complain (trial, "it is of PostgreSQL %d and the private PostgreSQL is %d, so a restore cannot be tried here; install the server "
              "programs of PostgreSQL %d", theirs, ours, theirs);
  return theirs > ours;
}

/* Returns: whether all extensions that it needs can be had here; FALSE without @error when they cannot */
static gboolean
has_extensions (Trial   *trial,
                GError **error)
{
  const TideManifest *manifest = trial->backup->manifest;
  gboolean complete = TRUE;

  for (guint i = 0; manifest != NULL && manifest->extensions[i] != NULL; i++)
    {
      g_auto(GStrv) words = g_strsplit (manifest->extensions[i], " ", 2);
      const char *params[] = { words[0] };
      g_autoptr(TideResult) result =
        tide_session_query (trial->session, "SELECT FROM pg_catalog.pg_available_extensions WHERE name = $1", params, 1,
                            trial->cancellable, error);

      if (result == NULL)
        return FALSE;
      if (tide_result_get_n_rows (result) > 0)
        continue;
      complain (trial, "the extension \"%s\" is not installed for the private PostgreSQL, so a restore cannot be tried here",
                words[0]);
      complete = FALSE;
    }
  return complete;
}

/* So that owners and privileges are tried out as well. Another trial may make the same ones at this moment. */
static gboolean
make_roles (Trial   *trial,
            GError **error)
{
  const TideManifest *manifest = trial->backup->manifest;

  for (guint i = 0; manifest != NULL && manifest->roles[i] != NULL; i++)
    {
      g_autofree char *name = tide_quote_identifier (manifest->roles[i]);
      g_autofree char *sql = g_strconcat ("CREATE ROLE ", name, NULL);
      g_autoptr(GError) problem = NULL;
      g_autoptr(TideResult) result = tide_session_query (trial->session, sql, NULL, 0, trial->cancellable, &problem);

      if (result != NULL || tide_error_has_sqlstate (problem, "42710") || tide_error_has_sqlstate (problem, "23505"))
        continue;
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  return TRUE;
}

/* As a restore does it. What it leaves out (the owners of one without a manifest) is told. */
static gboolean
restore (Trial   *trial,
         GError **error)
{
  gboolean is_archive = tide_backup_format_is_archive (trial->backup->format);
  gboolean alone = trial->backup->format == TIDE_BACKUP_FORMAT_TAR;
  TideRestoreLoad load = {
    .backup = trial->backup,
    .conninfo = trial->conninfo,
    .job = trial->job,
    .problems = trial->verdict->problems,
    .server_version = tide_session_get_server_version (trial->session),
    .jobs = alone ? 1 : (int) MIN (g_get_num_processors (), MAX_JOBS),
  };
  gboolean done = tide_restore_read_roles (&load, trial->session, error) &&
                  tide_restore_make_schemas (trial->session, trial->backup->manifest, trial->cancellable, error) &&
                  (is_archive ? tide_restore_load_archive (&load, error) : tide_restore_load_plain (&load, error));

  tide_restore_load_clear (&load);
  return done;
}

/* Returns: FALSE when a table is not there or the trial was cancelled, with @error set */
static gboolean
compare_rows (Trial   *trial,
              GError **error)
{
  const TideManifest *manifest = trial->backup->manifest;
  g_autoptr(GString) estimated = g_string_new (NULL);
  guint n_estimated = 0;

  for (guint i = 0; i < manifest->tables->len; i++)
    {
      const TideManifestTable *table = g_ptr_array_index (manifest->tables, i);
      gint64 rows;

      if (!table->exact)
        {
          if (n_estimated++ < MAX_NAMED)
            g_string_append_printf (estimated, "%s\"%s.%s\"", estimated->len > 0 ? ", " : "", table->schema, table->name);
          continue;
        }
      tide_job_set_status (trial->job, _("counting the restored rows of \"%s.%s\""), table->schema, table->name);
      if (!tide_backup_catalog_count_rows (trial->session, table->schema, table->name, &rows, trial->cancellable, error))
        return FALSE;
      if (rows != table->rows)
        complain (trial, "\"%s.%s\" has %" G_GINT64_FORMAT " rows after a restore, and had %" G_GINT64_FORMAT, table->schema,
                  table->name, rows, table->rows);
    }
  if (n_estimated > 0)
    complain (trial, "the rows of %u large tables were estimated when it was made, so they cannot be compared: %s%s", n_estimated,
              estimated->str, n_estimated > MAX_NAMED ? ", ..." : "");
  return TRUE;
}

/* The encoding alone, first in what is said of a database; of the locales only C goes with every encoding. */
static char *
dup_encoding (const char *settings)
{
  static const char lead[] = " ENCODING = '";
  const char *end = g_str_has_prefix (settings, lead) ? strchr (settings + strlen (lead), '\'') : NULL;
  g_autofree char *encoding = end ? g_strndup (settings, end + 1 - settings) : g_strdup ("");
  gboolean any_locale = *encoding == '\0' || g_str_has_suffix (encoding, "'UTF8'");

  return g_strconcat (encoding, any_locale ? "" : " LC_COLLATE = 'C' LC_CTYPE = 'C'", NULL);
}

/* As the database was, where this machine has its locale: bytes that only one encoding takes, and checks that count them, would
 * prove nothing in another one. */
static gboolean
make_database (Trial        *trial,
               TideScratch  *scratch,
               GError      **error)
{
  g_autoptr(TideConninfo) server = tide_scratch_dup_conninfo (scratch, "postgres");
  g_autoptr(TideSession) admin = tide_session_open (server, trial->cancellable, error);
  g_autofree char *settings = admin ? tide_restore_dup_locale (trial->backup, admin, "", trial->cancellable, error) : NULL;
  g_autofree char *encoding = NULL;
  g_autoptr(GError) problem = NULL;

  if (settings == NULL)
    return FALSE;
  trial->conninfo = tide_scratch_create_database_like (scratch, settings, "verify", trial->cancellable, &problem);
  if (trial->conninfo != NULL)
    return TRUE;
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  encoding = dup_encoding (settings);
  trial->conninfo = tide_scratch_create_database_like (scratch, encoding, "verify", trial->cancellable, error);
  if (trial->conninfo != NULL)
    complain (trial, "it was tried in another locale than it was made in, which the private PostgreSQL does not have: %s",
              problem->message);
  return trial->conninfo != NULL;
}

static gboolean
try_out (Trial   *trial,
         int      level,
         GError **error)
{
  g_autoptr(GError) problem = NULL;
  guint n_problems;

  trial->session = tide_session_open (trial->conninfo, trial->cancellable, &problem);
  if (trial->session == NULL || is_too_new (trial) || !has_extensions (trial, &problem))
    return problem == NULL ||
           take_problem (trial, "the private PostgreSQL does not answer", g_steal_pointer (&problem), error);
  tide_job_set_status (trial->job, _("restoring into the private PostgreSQL"));
  if (!make_roles (trial, &problem) || !restore (trial, &problem))
    return take_problem (trial, NULL, g_steal_pointer (&problem), error);
  trial->verdict->level = 3;
  n_problems = trial->verdict->problems->len;
  if (level < 4)
    return TRUE;
  if (trial->backup->manifest == NULL)
    complain (trial, "it has no manifest to compare its rows with");
  else if (!compare_rows (trial, &problem))
    return take_problem (trial, "its rows cannot be counted", g_steal_pointer (&problem), error);
  if (trial->verdict->problems->len == n_problems)
    trial->verdict->level = 4;
  return TRUE;
}

gboolean
tide_verify_restore (TideBackup   *backup,
                     int           level,
                     TideVerdict  *verdict,
                     TideJob      *job,
                     GError      **error)
{
  Trial trial = { backup, verdict, job, tide_job_get_cancellable (job), NULL, NULL };
  g_autoptr(TideScratch) scratch = NULL;
  GError *problem = NULL;
  gboolean done;

  if (is_pointless (&trial))
    return TRUE;
  tide_job_set_fraction (job, -1);
  tide_job_set_status (job, _("starting the private PostgreSQL"));
  scratch = tide_scratch_acquire (NULL, trial.cancellable, &problem);
  if (scratch == NULL || !make_database (&trial, scratch, &problem))
    return take_problem (&trial, "a restore cannot be tried here", problem, error);
  done = try_out (&trial, level, error);
  g_clear_object (&trial.session);
  tide_scratch_drop_database (scratch, tide_conninfo_get (trial.conninfo, "dbname"), NULL, NULL);
  tide_conninfo_unref (trial.conninfo);
  return done;
}
