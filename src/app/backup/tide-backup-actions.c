/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-actions"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-backup-actions.h"
#include "backup/tide-backup-library.h"
#include "backup/tide-proof-look.h"
#include "backup/tide-restore.h"
#include "backup/tide-swap-back.h"
#include "backup/tide-verify.h"
#include "tide-error.h"
#include "tide-job-care.h"
#include "widgets/tide-dialogs.h"
#include "widgets/tide-format.h"

/* What a thread needs of an action; may be freed in any thread */
typedef struct
{
  GPtrArray    *backups;      /* TideBackup */
  GPtrArray    *paths;        /* orphans */
  TideConninfo *conninfo;
  char         *old_database;
  int           level;
  gboolean      pinned;
} Work;

/* An action from its start to its end; main thread only, since it holds the page */
typedef struct
{
  TideBackupPage *page;
  Work           *work;
  const char     *failure; /* the heading over what went wrong */
} Action;

static void
work_clear (Work *self)
{
  g_clear_pointer (&self->backups, g_ptr_array_unref);
  g_clear_pointer (&self->paths, g_ptr_array_unref);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_clear_pointer (&self->old_database, g_free);
}

static void
work_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) work_clear);
}

static void
action_free (Action *self)
{
  g_clear_object (&self->page);
  g_clear_pointer (&self->work, work_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Action, action_free)

static Action *
action_new (TideBackupPage *page,
            const char     *failure)
{
  Action *self = g_new0 (Action, 1);

  self->page = g_object_ref (page);
  self->work = g_atomic_rc_box_new0 (Work);
  self->failure = failure;
  return self;
}

static Action *
action_new_for_backup (TideBackupPage *page,
                       const char     *failure,
                       TideBackup     *backup)
{
  Action *self = action_new (page, failure);

  self->work->backups = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_backup_unref);
  g_ptr_array_add (self->work->backups, tide_backup_ref (backup));
  return self;
}

static void
action_fail (Action       *self,
             const GError *error)
{
  if (gtk_widget_get_root (GTK_WIDGET (self->page)) != NULL)
    tide_dialog_show_error (GTK_WIDGET (self->page), self->failure, error);
}

static void
on_changed (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(Action) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    action_fail (self, error);
  tide_backup_page_reload (self->page);
  /* A database that was closed may be read now. */
  if (self->work->conninfo != NULL)
    tide_workspace_refresh (tide_backup_page_get_workspace (self->page));
}

/* Takes @self. For what only touches files: too short for a job, too long for the main thread */
static void
action_run_in_thread (Action          *self,
                      GTaskThreadFunc  func)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, on_changed, self);

  g_task_set_source_tag (task, action_run_in_thread);
  g_task_set_task_data (task, g_atomic_rc_box_acquire (self->work), work_unref);
  g_task_run_in_thread (task, func);
}

/* Takes @self. */
static void
action_run_as_job (Action              *self,
                   const char          *title,
                   TideCare             care,
                   TideJobFunc          func,
                   GDestroyNotify       result_free,
                   GAsyncReadyCallback  callback)
{
  g_autoptr(TideJob) job = tide_job_new (title);

  tide_job_set_care (job, care, "backups");
  tide_workspace_run_job (tide_backup_page_get_workspace (self->page), job, func,
                          g_atomic_rc_box_acquire (self->work), work_unref, result_free, callback, self);
}

static void
return_done (GTask    *task,
             gboolean  done,
             GError   *error)
{
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
delete_in_thread (GTask        *task,
                  gpointer      source,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  Work *self = task_data;
  GError *error = NULL;
  gboolean done = TRUE;

  for (guint i = 0; done && i < self->backups->len; i++)
    done = tide_library_delete (g_ptr_array_index (self->backups, i), &error);
  return_done (task, done, error);
}

static void
pin_in_thread (GTask        *task,
               gpointer      source,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Work *self = task_data;
  GError *error = NULL;
  gboolean done = tide_library_set_pinned (g_ptr_array_index (self->backups, 0), self->pinned, &error);

  return_done (task, done, error);
}

static void
remove_in_thread (GTask        *task,
                  gpointer      source,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  Work *self = task_data;
  GError *error = NULL;
  gboolean done = TRUE;

  for (guint i = 0; done && i < self->paths->len; i++)
    {
      done = tide_library_remove_orphan (g_ptr_array_index (self->paths, i), &error);
      /* Somebody has begun to write it while the question stood. */
      if (g_error_matches (error, TIDE_ERROR, TIDE_ERROR_BUSY))
        {
          g_clear_error (&error);
          done = TRUE;
        }
    }
  return_done (task, done, error);
}

static gpointer
run_verify (TideJob   *job,
            gpointer   data,
            GError   **error)
{
  Work *self = data;

  return tide_verify_run (g_ptr_array_index (self->backups, 0), self->level, job, error);
}

static char *
dup_verdict (const TideVerdict *verdict,
             const char        *name)
{
  static const TideProof proofs[] = { TIDE_PROOF_NONE, TIDE_PROOF_READABLE, TIDE_PROOF_INTACT,
                                      TIDE_PROOF_RESTORABLE, TIDE_PROOF_COUNTED };
  const TideLook *look = tide_proof_get_look (proofs[CLAMP (verdict->level, 0, 4)]);
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%s: %s. %s", name, _(look->word), _(look->meaning));
  for (guint i = 0; i < verdict->problems->len; i++)
    g_string_append_printf (text, "\n%s", (const char *) g_ptr_array_index (verdict->problems, i));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
dup_problems (const TideVerdict *verdict)
{
  g_ptr_array_add (verdict->problems, NULL);
  return g_strjoinv ("; ", (char **) verdict->problems->pdata);
}

static void
on_verified (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Action) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideVerdict) verdict = tide_job_run_finish (TIDE_JOB (object), result, &error);
  const TideBackup *backup = g_ptr_array_index (self->work->backups, 0);
  g_autofree char *name = g_path_get_basename (backup->path);
  g_autofree char *text = NULL;

  tide_backup_page_reload (self->page);
  if (verdict == NULL)
    action_fail (self, error);
  else if (verdict->ok)
    {
      text = dup_verdict (verdict, name);
      tide_backup_page_tell (self->page, text, NULL, NULL);
    }
  else
    {
      text = dup_problems (verdict);
      error = tide_error_new (TIDE_ERROR_INVALID, "keep another backup of this database before you rely on this one",
                              "level %d of \"%s\" could not be proved: %s", self->work->level, name, text);
      action_fail (self, error);
    }
}

void
tide_backup_verify (TideBackupPage *page,
                    TideBackup     *backup,
                    int             level)
{
  Action *self = action_new_for_backup (page, _("The Backup Is Not Proved"), backup);
  g_autofree char *name = g_path_get_basename (backup->path);
  g_autofree char *title = g_strdup_printf (_("Verify %s"), name);

  self->work->level = level;
  action_run_as_job (self, title, TIDE_CARE_VERIFY, run_verify, (GDestroyNotify) tide_verdict_free, on_verified);
}

void
tide_backup_set_pinned (TideBackupPage *page,
                        TideBackup     *backup,
                        gboolean        pinned)
{
  Action *self = action_new_for_backup (page, _("The Backup Could Not Be Pinned"), backup);

  self->work->pinned = pinned;
  action_run_in_thread (self, pin_in_thread);
}

static void
on_delete_confirmed (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(Action) self = user_data;

  if (tide_dialog_confirm_finish (GTK_WIDGET (object), result))
    action_run_in_thread (g_steal_pointer (&self), delete_in_thread);
}

void
tide_backup_delete (TideBackupPage *page,
                    TideBackup     *backup)
{
  Action *self = action_new_for_backup (page, _("The Backup Could Not Be Deleted"), backup);
  g_autofree char *name = g_filename_display_basename (backup->path);
  g_autofree char *moment = tide_format_moment (backup->created_at);
  g_autofree char *size = g_format_size (backup->bytes);
  g_autofree char *body = NULL;

  body = g_strdup_printf (_("%s\nof %s, %s\n\nIt is removed from the disk, with its manifest and its roles. Nothing brings "
                            "it back.%s"), name, moment, size,
                          backup->manifest && backup->manifest->pinned ? _("\n\nIt is pinned.") : "");
  tide_dialog_confirm_async (GTK_WIDGET (page), _("Delete This Backup?"), body, NULL, _("_Delete"), NULL, TRUE,
                             on_delete_confirmed, self);
}

void
tide_backup_delete_all (TideBackupPage *page,
                        GPtrArray      *backups)
{
  Action *self = action_new (page, _("Not All Backups Could Be Deleted"));

  self->work->backups = g_ptr_array_ref (backups);
  action_run_in_thread (self, delete_in_thread);
}

static void
on_remove_confirmed (GObject      *object,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(Action) self = user_data;

  if (tide_dialog_confirm_finish (GTK_WIDGET (object), result))
    action_run_in_thread (g_steal_pointer (&self), remove_in_thread);
}

void
tide_backup_remove_orphans (TideBackupPage *page,
                            GPtrArray      *orphans)
{
  Action *self = action_new (page, _("The Files Could Not Be Removed"));
  g_autoptr(GString) body = g_string_new (NULL);

  self->work->paths = g_ptr_array_ref (orphans);
  for (guint i = 0; i < orphans->len; i++)
    {
      g_autofree char *name = g_filename_display_basename (g_ptr_array_index (orphans, i));

      g_string_append_printf (body, "%s\n", name);
    }
  g_string_append (body, _("\nThey are what a run that was killed left behind. None of them is a backup."));
  tide_dialog_confirm_async (GTK_WIDGET (page), _("Remove Unfinished Files?"), body->str, NULL, _("_Remove"), NULL, TRUE,
                             on_remove_confirmed, self);
}

static void
drop_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Work *self = task_data;
  GError *error = NULL;
  gboolean done = tide_restore_drop_kept (self->conninfo, self->old_database, cancellable, &error);

  return_done (task, done, error);
}

void
tide_backup_drop_kept (TideBackupPage *page,
                       TideConninfo   *conninfo,
                       const char     *database)
{
  Action *self = action_new (page, _("The Database Could Not Be Dropped"));

  self->work->conninfo = tide_conninfo_ref (conninfo);
  self->work->old_database = g_strdup (database);
  action_run_in_thread (self, drop_in_thread);
}

static void
reopen_in_thread (GTask        *task,
                  gpointer      source,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  Work *self = task_data;
  GError *error = NULL;
  gboolean done = tide_restore_reopen (self->conninfo, cancellable, &error);

  return_done (task, done, error);
}

void
tide_backup_reopen (TideBackupPage *page,
                    TideConninfo   *conninfo)
{
  Action *self = action_new (page, _("The Database Could Not Be Opened"));

  self->work->conninfo = tide_conninfo_ref (conninfo);
  action_run_in_thread (self, reopen_in_thread);
}

static void
on_swapped_back (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(Action) self = user_data;
  gboolean asked;
  g_autofree char *former = tide_swap_back_finish (GTK_WIDGET (object), result, &asked);
  g_autofree char *text = NULL;

  if (!asked)
    return;
  tide_backup_page_reload (self->page);
  if (former == NULL)
    {
      /* The way back stays open. */
      text = g_strdup_printf (_("“%s” is still kept."), self->work->old_database);
      tide_backup_page_tell (self->page, text, self->work->conninfo, self->work->old_database);
      return;
    }
  text = g_strdup_printf (_("“%s” is what it was before the restore. What was restored is kept as “%s”."),
                          tide_conninfo_get (self->work->conninfo, "dbname"), former);
  tide_backup_page_tell (self->page, text, NULL, NULL);
}

/* Whatever is selected by now: as the environment wants it that has this database, and to be sure where none has it */
static gboolean
asks_for_name (TideBackupPage *page,
               TideConninfo   *conninfo)
{
  GListModel *environments = tide_workspace_get_environments (tide_backup_page_get_workspace (page));
  g_autofree char *label = tide_conninfo_dup_label (conninfo);
  gboolean found = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (environments); i++)
    {
      g_autoptr(TideEnvironment) environment = g_list_model_get_item (environments, i);

      if (!g_str_equal (tide_environment_get_label (environment), label))
        continue;
      if (tide_kind_asks_for_name (tide_environment_get_kind (environment)))
        return TRUE;
      found = TRUE;
    }
  return !found;
}

void
tide_backup_swap_back (TideBackupPage *page,
                       TideConninfo   *conninfo,
                       const char     *old_database)
{
  Action *self = action_new (page, NULL);
  g_autofree char *label = tide_conninfo_dup_label (conninfo);
  g_autofree char *body = g_strdup_printf (_("%s\n\n“%s” gets its name back. What “%s” holds now is kept beside it under a dated name. "
                                             "Sessions that use it are ended."), label, old_database, tide_conninfo_get (conninfo, "dbname"));

  self->work->conninfo = tide_conninfo_ref (conninfo);
  self->work->old_database = g_strdup (old_database);
  tide_swap_back_async (GTK_WIDGET (page), tide_backup_page_get_workspace (page), conninfo, old_database, _("Swap Back?"), body,
                        asks_for_name (page, conninfo), on_swapped_back, self);
}
