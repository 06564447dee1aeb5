/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-rollback"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-backup-library.h"
#include "backup/tide-restore.h"
#include "history/tide-history.h"
#include "runbook/tide-rollback-private.h"
#include "runbook/tide-run-english.h"
#include "runbook/tide-run-record.h"
#include "tide-error.h"

/* What an emergency trusts: checksums at the least */
#define LEAST_LEVEL 2

static TideConninfo *
get_conninfo (TideRollback *self)
{
  return tide_target_get_conninfo (tide_pipeline_get_target (TIDE_PIPELINE (self)));
}

static TideBackup *
find_of_run (TideRollback  *self,
             GError       **error)
{
  TidePipeline *pipeline = TIDE_PIPELINE (self);
  const char *environment = tide_target_get_name (tide_pipeline_get_target (pipeline));
  g_autofree char *folder = g_build_filename (tide_project_get_root (tide_pipeline_get_project (pipeline)), "logs", NULL);
  g_autoptr(GError) problem = NULL;
  g_autoptr(TideRunOutcome) run = tide_run_record_find (folder, environment, "deploy", self->run, &problem);

  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  if (run == NULL || run->backup == NULL)
    {
      tide_set_error (error, TIDE_ERROR_NOT_FOUND, _("the way called Emergency (rollback --emergency) takes the last proved backup of the database"),
                      run ? _("the run \"%s\" has made no backup") : _("there was no run on \"%s\""), run ? run->run : environment);
      return NULL;
    }
  return tide_backup_open (run->backup, error);
}

/* What is wrong with taking @backup's rows for all of the database. (transfer full) (nullable): nothing */
static char *
find_mismatch (TideBackup   *backup,
               TideConninfo *conninfo)
{
  const TideManifest *manifest = backup->manifest;
  g_autofree char *label = tide_manifest_dup_host_label (conninfo);

  if (manifest == NULL)
    return g_strdup (_("nothing is known of it: it has no manifest"));
  if (!tide_manifest_is_of (manifest, conninfo))
    return g_strdup_printf (_("it is of \"%s\" on %s, not of \"%s\" on %s"), manifest->database, manifest->host_label,
                            tide_conninfo_get (conninfo, "dbname"), label);
  return tide_manifest_is_whole (manifest) ? NULL : g_strdup (_("it is of a part of the database only"));
}

/* @choices takes all that an emergency may restore by itself: another server may hold a database of the same name. */
static TideBackup *
find_proved (TideRollback  *self,
             GPtrArray     *choices,
             GError       **error)
{
  const char *folder = tide_project_get_backups (tide_pipeline_get_project (TIDE_PIPELINE (self)))->folder;
  const char *database = tide_conninfo_get (get_conninfo (self), "dbname");
  g_autoptr(GPtrArray) backups = tide_library_list (folder, self->backup != NULL ? NULL : error);
  g_autofree char *near = NULL;

  for (guint i = 0; backups != NULL && i < backups->len; i++)
    {
      TideBackup *backup = g_ptr_array_index (backups, i);
      g_autofree char *mismatch = find_mismatch (backup, get_conninfo (self));

      if (backup->manifest == NULL || backup->manifest->level < LEAST_LEVEL)
        continue;
      if (mismatch == NULL)
        g_ptr_array_add (choices, tide_backup_ref (backup));
      else if (near == NULL && g_strcmp0 (backup->manifest->database, database) == 0)
        near = g_strdup_printf ("; \"%s\" is not taken by itself: %s", backup->path, mismatch);
    }
  if (self->backup != NULL)
    return tide_backup_open (self->backup, error);
  if (choices->len > 0)
    return tide_backup_ref (g_ptr_array_index (choices, 0));
  if (backups == NULL)
    return NULL;
  tide_set_error (error, TIDE_ERROR_NOT_FOUND, _("name one with --backup; tidemarkctl verify proves it first"),
                  _("there is no proved backup of \"%s\" in \"%s\"%s"), database, folder, near ? near : "");
  return NULL;
}

/* Rows of the ledger are told as migrations. */
static gboolean
is_ledger (const TideTableRows *table)
{
  return g_str_equal (table->name, "_prisma_migrations");
}

/* Rows that the database has beyond the backup: what was changed in place does not show. */
static gint64
count_lost (TideRowComparison *rows)
{
  gint64 lost = 0;

  for (guint i = 0; i < rows->tables->len; i++)
    {
      const TideTableRows *table = g_ptr_array_index (rows->tables, i);

      if (is_ledger (table))
        continue;
      if (table->database_rows < 0 || (table->backup_rows < 0 && table->state != TIDE_ROWS_ONLY_DATABASE))
        return -1;
      lost += MAX (table->database_rows - MAX (table->backup_rows, 0), 0);
    }
  return lost;
}

/* Translators cannot be shown the width of a number. @format has one %s. */
static void
append_count (GString    *text,
              const char *format,
              gint64      n)
{
  g_auto(GStrv) parts = g_strsplit (format, "%s", 2);

  g_string_append_printf (text, "%s%" G_GINT64_FORMAT "%s", parts[0], n, parts[0] && parts[1] ? parts[1] : "");
}

typedef struct
{
  const TideRollbackPlan *plan;
  TideConninfo           *conninfo;
} Losses;

static char *
describe_losses (gpointer data)
{
  const TideRollbackPlan *plan = ((Losses *) data)->plan;
  TideConninfo *conninfo = ((Losses *) data)->conninfo;
  g_autofree char *mismatch = find_mismatch (plan->backup, conninfo);
  g_autoptr(GDateTime) made = g_date_time_new_from_unix_local (plan->backup->created_at / G_USEC_PER_SEC);
  g_autofree char *when = g_date_time_format (made, "%Y-%m-%d %H:%M:%S");
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, _("the backup is of %s, proved to level %d"), when, plan->backup->manifest ? plan->backup->manifest->level : 0);
  if (mismatch != NULL)
    g_string_append_printf (text, _("\nmind: %s"), mismatch);
  if (plan->rows_lost < 0)
    g_string_append (text, _("\nhow many rows were written since is not known"));
  else
    append_count (text, _("\n%s rows were added since, and will be gone from it; rows changed since go back to what they were"),
                  plan->rows_lost);
  for (guint i = 0; i < plan->rows->tables->len; i++)
    {
      const TideTableRows *table = g_ptr_array_index (plan->rows->tables, i);

      if (table->state == TIDE_ROWS_EQUAL || is_ledger (table))
        continue;
      g_string_append_printf (text, "\n  \"%s\".\"%s\": ", table->schema, table->name);
      if (table->database_rows < 0)
        g_string_append (text, _("rows now not known, "));
      else
        append_count (text, _("%s rows now, "), table->database_rows);
      if (table->backup_rows < 0)
        g_string_append (text, table->state == TIDE_ROWS_ONLY_DATABASE ? _("no such table in the backup") : _("not counted in the backup"));
      else
        append_count (text, _("%s in the backup"), table->backup_rows);
    }
  return g_string_free (text, FALSE);
}

/* Migrations that came into the ledger after the backup */
static gboolean
list_undone (TideRollback      *self,
             TideRollbackPlan  *plan,
             GCancellable      *cancellable,
             GError           **error)
{
  TideProject *project = tide_pipeline_get_project (TIDE_PIPELINE (self));
  g_autoptr(TideHistory) history = tide_history_for_project (project);
  g_autoptr(TideSession) session = tide_session_open (get_conninfo (self), cancellable, error);
  g_autoptr(TideTimeline) timeline = session ? tide_history_read_timeline (history, project, session, cancellable, error) : NULL;

  for (guint i = 0; timeline != NULL && i < tide_timeline_get_n_entries (timeline); i++)
    {
      const TideTimelineEntry *entry = tide_timeline_get_entry (timeline, i);

      if (entry->row != NULL && entry->row->started_at >= plan->backup->created_at && entry->state != TIDE_STATE_ROLLED_BACK)
        g_ptr_array_add (plan->undone, g_strdup (entry->name));
    }
  return timeline != NULL;
}

static gboolean
plan_swap (TideRollback      *self,
           TideRollbackPlan  *plan,
           TideJob           *job,
           GError           **error)
{
  GCancellable *cancellable = tide_job_get_cancellable (job);
  g_autoptr(GPtrArray) users = NULL;

  plan->backup = self->mode == TIDE_ROLLBACK_AUTOMATIC ? find_of_run (self, error) : find_proved (self, plan->choices, error);
  if (plan->backup == NULL)
    return FALSE;
  plan->rows = tide_backup_compare_rows (plan->backup, get_conninfo (self), self->exact_rows_below, job, error);
  users = plan->rows ? tide_restore_list_users (get_conninfo (self), cancellable, error) : NULL;
  if (users == NULL || !list_undone (self, plan, cancellable, error))
    return FALSE;
  g_ptr_array_extend_and_steal (plan->users, g_steal_pointer (&users));
  plan->rows_lost = count_lost (plan->rows);
  plan->losses = describe_losses (&(Losses) { plan, get_conninfo (self) });
  plan->recorded_losses = tide_run_english_dup (describe_losses, &(Losses) { plan, get_conninfo (self) }, plan->losses);
  return TRUE;
}

TideRollbackPlan *
tide_rollback_make_plan (TideRollback  *self,
                         TideJob       *job,
                         GError       **error)
{
  g_autoptr(TideRollbackPlan) plan = tide_rollback_plan_new ();

  g_return_val_if_fail (TIDE_IS_ROLLBACK (self), NULL);

  if (self->mode == TIDE_ROLLBACK_MIGRATION ? !tide_rollback_plan_migration (self, plan, job, error)
                                            : !plan_swap (self, plan, job, error))
    return NULL;
  return g_steal_pointer (&plan);
}

static void
note_losses (TidePipeline           *pipeline,
             const TideRollbackPlan *plan)
{
  g_auto(GStrv) recorded = g_strsplit (plan->recorded_losses, "\n", -1);
  g_auto(GStrv) shown = g_strsplit (plan->losses, "\n", -1);

  /* A translation keeps the lines. */
  for (guint i = 0; recorded[i] != NULL && shown[i] != NULL; i++)
    tide_pipeline_tell (pipeline, FALSE, recorded[i], shown[i]);
}

static void
note_contacts (TidePipeline *pipeline)
{
  GPtrArray *contacts = tide_project_get_contacts (tide_pipeline_get_project (pipeline));

  for (guint i = 0; i < contacts->len; i++)
    {
      const TideContact *contact = g_ptr_array_index (contacts, i);

      tide_pipeline_note (pipeline, "%s: %s, %s", contact->role, contact->name, contact->reach);
    }
}

gboolean
tide_rollback_plan (TidePipeline  *pipeline,
                    GError       **error)
{
  TideRollback *self = TIDE_ROLLBACK (pipeline);
  TideRollbackPlan *plan = tide_rollback_make_plan (self, tide_pipeline_get_job (pipeline), error);
  g_autoptr(TideSwapState) state = NULL;

  if (plan == NULL)
    return FALSE;
  state = plan->backup ? tide_restore_read_swaps (get_conninfo (self), tide_pipeline_get_cancellable (pipeline), NULL) : NULL;
  self->oid = state ? state->oid : 0;
  g_mutex_lock (&self->lock);
  self->plan = plan;
  g_mutex_unlock (&self->lock);

  if (self->mode == TIDE_ROLLBACK_EMERGENCY)
    note_contacts (pipeline);
  if (plan->backup != NULL)
    tide_pipeline_note (pipeline, "%s", plan->backup->path);
  note_losses (pipeline, plan);
  for (guint i = 0; i < plan->undone->len; i++)
    tide_pipeline_note (pipeline, N_("\"%s\" will be pending again"), (char *) g_ptr_array_index (plan->undone, i));
  for (guint i = 0; i < plan->users->len; i++)
    tide_pipeline_note (pipeline, N_("connected now: %s"), (char *) g_ptr_array_index (plan->users, i));
  if (plan->backup == NULL)
    tide_pipeline_status (pipeline, N_("no row is lost by this"));
  else if (plan->rows_lost < 0)
    tide_pipeline_status (pipeline, N_("how many rows will be lost is not known"));
  else
    {
      g_autofree char *rows = g_strdup_printf ("%" G_GINT64_FORMAT, plan->rows_lost);

      tide_pipeline_status (pipeline, N_("%s rows will be lost"), rows);
    }
  return TRUE;
}
