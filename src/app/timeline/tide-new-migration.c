/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-new-migration"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "history/tide-create.h"
#include "history/tide-resolve.h"
#include "tide-environment-actions.h"
#include "timeline/tide-new-migration.h"
#include "widgets/tide-dialogs.h"

typedef struct
{
  GtkWidget       *parent;
  TideWorkspace   *workspace;
  TideProject     *project;    /* this and the next: of the moment of the question, whatever is opened meanwhile */
  TideConninfo    *conninfo;   /* nullable: of applied_in */
  GtkEditable     *entry;
  char            *sql;        /* nullable: empty */
  TideEnvironment *applied_in; /* nullable */
  gboolean         whole;      /* nothing is left to be written into it */
} NewMigration;

/* For a thread: what to mark */
typedef struct
{
  char         *root;
  TideConninfo *conninfo;
  char         *name;
} Mark;

static void
new_migration_free (NewMigration *self)
{
  g_clear_object (&self->parent);
  g_clear_object (&self->workspace);
  g_clear_object (&self->project);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_clear_object (&self->entry);
  g_clear_object (&self->applied_in);
  g_free (self->sql);
  g_free (self);
}

static void
mark_free (gpointer data)
{
  Mark *self = data;

  g_free (self->root);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_free (self->name);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (NewMigration, new_migration_free)

/* The folder's name as it will be, less the time that only the making knows */
static void
update_preview (GtkEditable *entry,
                GtkLabel    *preview)
{
  g_autofree char *slug = tide_create_slug (gtk_editable_get_text (entry));
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%d%H%M%S");
  g_autofree char *name = g_strdup_printf (*slug ? "%s_%s" : "%s", stamp, slug);

  gtk_label_set_label (preview, name);
}

/* The project is read again: the one at hand does not know the new folder. */
static gpointer
run_mark (TideJob   *job,
          gpointer   data,
          GError   **error)
{
  const Mark *self = data;
  g_autoptr(TideProject) project = tide_project_load (self->root, error);

  if (project == NULL
      || !tide_resolve_applied (project, self->conninfo, self->name, tide_job_get_cancellable (job), error))
    return NULL;
  return GINT_TO_POINTER (TRUE);
}

static void
on_marked (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(NewMigration) self = user_data;
  g_autoptr(GError) error = NULL;

  tide_job_run_finish (TIDE_JOB (object), result, &error);
  tide_workspace_refresh (self->workspace);
  if (error != NULL && gtk_widget_get_root (self->parent) != NULL)
    tide_dialog_show_error (self->parent, _("The Migration Was Made, but Could Not Be Marked as Applied"), error);
}

/* Takes @self. @path: of its migration.sql */
static void
mark_applied (NewMigration *self,
              const char   *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *title = NULL;
  g_autoptr(TideJob) job = NULL;
  Mark *mark = g_new0 (Mark, 1);

  mark->root = g_strdup (tide_project_get_root (self->project));
  mark->conninfo = tide_conninfo_ref (self->conninfo);
  mark->name = g_path_get_basename (folder);
  title = g_strdup_printf (_("Mark %s applied in %s"), mark->name, tide_environment_get_name (self->applied_in));
  job = tide_job_new (title);
  tide_workspace_run_job (self->workspace, job, run_mark, mark, mark_free, NULL, on_marked, self);
}

static void
on_confirmed (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(NewMigration) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = NULL;
  g_autofree char *path = NULL;
  g_autofree char *uri = NULL;

  if (!tide_dialog_confirm_finish (GTK_WIDGET (object), result))
    return;
  /* Two small files: not worth a thread. */
  path = tide_create_migration (self->project, gtk_editable_get_text (self->entry), self->sql, &error);
  if (path == NULL)
    {
      tide_dialog_show_error (self->parent, _("Could Not Make the Migration"), error);
      return;
    }
  if (self->applied_in != NULL)
    {
      mark_applied (g_steal_pointer (&self), path);
      return;
    }
  tide_workspace_refresh (self->workspace);
  if (self->whole)
    return;
  file = g_file_new_for_path (path);
  uri = g_file_get_uri (file);
  gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (self->parent)), uri, GDK_CURRENT_TIME);
}

/* (transfer floating). @entry: (out) (transfer none): where the name is typed */
static GtkWidget *
create_form (const char  *title,
             GtkWidget  **entry)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *preview = gtk_label_new (NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  *entry = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (*entry), _("What It Does"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (*entry), TRUE);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), *entry);
  gtk_label_set_wrap (GTK_LABEL (preview), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (preview), PANGO_WRAP_CHAR);
  gtk_widget_add_css_class (preview, "monospace");
  gtk_widget_add_css_class (preview, "dim-label");
  gtk_box_append (GTK_BOX (box), group);
  gtk_box_append (GTK_BOX (box), preview);
  if (title != NULL)
    gtk_editable_set_text (GTK_EDITABLE (*entry), title);
  g_signal_connect_object (*entry, "changed", G_CALLBACK (update_preview), preview, 0);
  update_preview (GTK_EDITABLE (*entry), GTK_LABEL (preview));
  return box;
}

/**
 * tide_new_migration_present:
 * @parent: a widget of the window that asks
 * @workspace: what the window works on; it must have a project
 *
 * Asks for a name, shows the folder's name that comes of it, makes the migration, and opens its file in the editor
 * that the desktop uses for SQL.
 */
void
tide_new_migration_present (GtkWidget     *parent,
                            TideWorkspace *workspace)
{
  tide_new_migration_present_sql (parent, workspace, NULL, NULL, NULL);
}

void
tide_new_migration_present_sql (GtkWidget       *parent,
                                TideWorkspace   *workspace,
                                const char      *title,
                                const char      *sql,
                                TideEnvironment *applied_in)
{
  NewMigration *self;
  GtkWidget *form;
  GtkWidget *entry;

  if (applied_in != NULL && !tide_environment_check_target (parent, applied_in))
    return;
  form = create_form (title, &entry);
  self = g_new0 (NewMigration, 1);
  self->parent = g_object_ref (parent);
  self->workspace = g_object_ref (workspace);
  self->project = g_object_ref (tide_workspace_get_project (workspace));
  self->entry = GTK_EDITABLE (g_object_ref (entry));
  self->sql = g_strdup (sql);
  if (applied_in != NULL)
    {
      self->applied_in = g_object_ref (applied_in);
      self->conninfo = tide_conninfo_ref (tide_target_get_conninfo (tide_environment_get_target (applied_in)));
    }
  self->whole = title != NULL;
  tide_dialog_confirm_async (parent, _("New Migration"),
                             _("A name that says what it changes, one logical change per migration."), form,
                             _("_Make"), NULL, FALSE, on_confirmed, self);
}
