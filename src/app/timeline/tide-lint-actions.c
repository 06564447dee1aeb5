/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-actions"

#include "config.h"

#include <glib/gi18n.h>

#include "history/tide-create.h"
#include "lint/tide-lint-fix.h"
#include "tide-error.h"
#include "timeline/tide-lint-actions.h"
#include "widgets/tide-dialogs.h"

/* A change of a file: @because: (nullable): NULL: the fix is made */
typedef struct
{
  GtkWidget       *parent;
  TideWorkspace   *workspace;
  TideProject     *project;
  TideMigration   *migration; /* as it was when the finding was made: a file that is another one by now is refused */
  TideLintFinding *finding;
  GtkWidget       *entry; /* (nullable): where the reason is typed */
  char            *because;
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

  g_clear_object (&self->parent);
  g_clear_object (&self->workspace);
  g_clear_object (&self->project);
  g_clear_object (&self->entry);
  g_clear_pointer (&self->migration, tide_migration_unref);
  g_clear_pointer (&self->finding, tide_lint_finding_unref);
  g_free (self->because);
  g_free (self);
}

static char *
dup_changed (Change  *self,
             char   **follow_up)
{
  g_autoptr(GPtrArray) findings = g_ptr_array_new ();
  guint n;

  if (self->because != NULL)
    return tide_lint_accept_text (tide_migration_get_sql (self->migration), self->finding, self->because);
  g_ptr_array_add (findings, self->finding);
  return tide_lint_fix_text (tide_migration_get_sql (self->migration), tide_migration_get_sql_size (self->migration), findings,
                             follow_up, &n);
}

static gpointer
work (TideJob   *job,
      gpointer   data,
      GError   **error)
{
  Change *self = data;
  g_autofree char *follow_up = NULL;
  g_autofree char *text = NULL;
  g_autofree char *later = NULL;

  if (!tide_migration_is_utf8 (self->migration))
    {
      tide_set_error (error, TIDE_ERROR_REFUSED, _("change it in an editor"), _("\"%s\" cannot be changed here"), self->finding->migration);
      return NULL;
    }
  if (!tide_lint_check_not_applied (self->project, NULL, self->finding->migration, tide_job_get_cancellable (job), error))
    return NULL;
  text = dup_changed (self, &follow_up);
  if (!tide_lint_write_migration (self->migration, text, error))
    return NULL;
  if (follow_up != NULL)
    {
      later = tide_create_migration (self->project, "validate constraint", follow_up, error);
      if (later == NULL)
        return NULL;
    }
  return g_strdup ("");
}

static void
on_done (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Change *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *done = tide_job_run_finish (TIDE_JOB (object), result, &error);

  if (done == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tide_dialog_show_error (self->parent, _("The File Was Not Changed"), error);
  tide_workspace_refresh (self->workspace);
  change_free (self);
}

static void
on_confirmed (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  Change *self = user_data;
  g_autoptr(TideJob) job = NULL;
  g_autofree char *title = NULL;

  if (!tide_dialog_confirm_finish (self->parent, result))
    {
      change_free (self);
      return;
    }
  if (self->entry != NULL)
    {
      self->because = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));
      if (*self->because == '\0')
        {
          g_free (self->because);
          self->because = g_strdup (_("it has been looked at"));
        }
    }
  title = g_strdup_printf (_("Change %s"), self->finding->migration);
  job = tide_job_new (title);
  tide_workspace_run_job (self->workspace, job, work, self, NULL, g_free, on_done, self);
}

/* What the actions of one page work on */
typedef struct
{
  GtkWidget     *parent;    /* borrowed: the actions are its own */
  TideWorkspace *workspace;
  TideLintBoard *board;
} Actions;

static void
actions_free (gpointer data)
{
  Actions *self = data;

  g_object_unref (self->workspace);
  g_object_unref (self->board);
  g_free (self);
}

static Change *
change_new (Actions         *actions,
            TideMigration   *migration,
            TideLintFinding *finding)
{
  Change *self = g_new0 (Change, 1);

  self->parent = g_object_ref (actions->parent);
  self->workspace = g_object_ref (actions->workspace);
  self->project = g_object_ref (tide_workspace_get_project (actions->workspace));
  self->migration = tide_migration_ref (migration);
  self->finding = tide_lint_finding_ref (finding);
  return self;
}

static void
fix (Actions         *actions,
     TideMigration   *migration,
     TideLintFinding *finding)
{
  g_autofree char *body = NULL;

  if (finding->follow_up != NULL)
    body = g_strdup_printf (_("“%s” is changed on line %d, and a migration is made that runs after it:\n\n%s"),
                            finding->migration, finding->line, finding->follow_up);
  else
    body = g_strdup_printf (_("“%s” is changed on line %d. %s"), finding->migration, finding->line, finding->advice ? finding->advice : "");
  tide_dialog_confirm_async (actions->parent, _("Change the File?"), body, NULL, _("_Change"), NULL, FALSE, on_confirmed,
                             change_new (actions, migration, finding));
}

static void
accept (Actions         *actions,
        TideMigration   *migration,
        TideLintFinding *finding)
{
  Change *change = change_new (actions, migration, finding);

  change->entry = g_object_ref_sink (gtk_entry_new ());
  gtk_entry_set_placeholder_text (GTK_ENTRY (change->entry), _("Why it is as it should be"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (change->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Reason"), -1);
  tide_dialog_confirm_async (actions->parent, _("Accept This Warning?"),
                             _("A comment with your reason is put before the statement; everybody who reads the file sees it."),
                             change->entry, _("_Accept"), NULL, FALSE, on_confirmed, change);
}

/* The statement itself, as a batched job */
static void
run_batches (Actions         *actions,
             TideMigration   *migration,
             TideLintFinding *finding)
{
  g_autofree char *sql = g_strndup (tide_migration_get_sql (migration) + finding->start, finding->length);

  gtk_widget_activate_action (actions->parent, "win.run-batches", "s", sql);
}

static void
on_activated (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  Actions *self = user_data;
  GPtrArray *findings = tide_lint_board_get_findings (self->board);
  guint index = g_variant_get_uint32 (parameter);
  TideLintFinding *finding = findings != NULL && index < findings->len ? g_ptr_array_index (findings, index) : NULL;
  TideMigration *migration = finding ? tide_lint_board_find_migration (self->board, finding->migration) : NULL;

  if (migration == NULL)
    return;
  if (g_str_equal (g_action_get_name (G_ACTION (action)), "batch-finding"))
    run_batches (self, migration, finding);
  else if (g_str_equal (g_action_get_name (G_ACTION (action)), "fix-finding"))
    fix (self, migration, finding);
  else
    accept (self, migration, finding);
}

void
tide_lint_actions_add (GActionMap    *map,
                       GtkWidget     *parent,
                       TideWorkspace *workspace,
                       TideLintBoard *board)
{
  static const GActionEntry entries[] = {
    { "fix-finding", on_activated, "u" }, { "accept-finding", on_activated, "u" }, { "batch-finding", on_activated, "u" },
  };
  Actions *self = g_new (Actions, 1);

  self->parent = parent;
  self->workspace = g_object_ref (workspace);
  self->board = g_object_ref (board);
  g_object_set_data_full (G_OBJECT (map), "tide-lint-actions", self, actions_free);
  g_action_map_add_action_entries (map, entries, G_N_ELEMENTS (entries), self);
}
