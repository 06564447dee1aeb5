/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-page"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "backup/tide-backup-actions.h"
#include "backup/tide-backup-clean-up.h"
#include "backup/tide-backup-compare-window.h"
#include "backup/tide-backup-folder.h"
#include "backup/tide-backup-page.h"
#include "backup/tide-backup-view.h"
#include "backup/tide-backup-watch.h"
#include "backup/tide-backup-wizard.h"
#include "backup/tide-restore-wizard.h"
#include "backup/tide-swap-list.h"
#include "widgets/tide-children.h"
#include "widgets/tide-error-view.h"

/* As the rows of the drop-down stand in the template */
typedef enum
{
  FILTER_ALL,
  FILTER_ENVIRONMENT,
} Filter;

struct _TideBackupPage
{
  GtkWidget           parent_instance;

  /* Template widgets */
  GtkStack           *content;
  GtkDropDown        *filter;
  GtkLabel           *summary;
  GtkInfoBar         *orphan_bar;
  GtkLabel           *orphan_label;
  GtkInfoBar         *outcome_bar;
  GtkLabel           *outcome_label;
  GtkWidget          *swap_back_button;
  TideErrorView      *error_view;
  TideBackupView     *view;
  TideSwapList       *swaps;

  /* Owned */
  TideWorkspace      *workspace;
  GSimpleActionGroup *actions;
  GSignalGroup       *environment;  /* the selected one */
  GCancellable       *cancellable;  /* of the reading that is under way */
  TideBackupFolder   *library;      /* nullable: not read yet */
  TideBackupWatch    *watch;        /* nullable: of the folder that was read */
  GError             *error;        /* nullable: why it could not be read */
  TideConninfo       *swap_conninfo;
  char               *swap_old;     /* nullable: there is no way back to offer */
};

enum
{
  PROP_WORKSPACE = 1,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideBackupPage, tide_backup_page, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static TideBackup *
get_selected (TideBackupPage *self)
{
  return tide_backup_view_get_selected (self->view);
}

static void
enable (TideBackupPage *self,
        const char     *name,
        gboolean        enabled)
{
  g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), name)),
                               enabled);
}

static void
update_actions (TideBackupPage *self)
{
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);
  gboolean project = tide_workspace_get_project (self->workspace) != NULL;
  TideBackup *backup = get_selected (self);
  gboolean pinned = backup && backup->manifest && backup->manifest->pinned;
  GAction *pin = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "pin");

  enable (self, "back-up", project && environment && tide_environment_get_target (environment));
  enable (self, "restore", backup != NULL);
  enable (self, "restore-file", project);
  enable (self, "verify", backup != NULL);
  enable (self, "compare", backup != NULL && environment != NULL);
  enable (self, "pin", backup && backup->manifest);
  enable (self, "reveal", backup != NULL);
  enable (self, "delete", backup != NULL);
  enable (self, "clean-up", self->library && self->library->backups->len > 0);
  enable (self, "remove-orphans", self->library && self->library->orphans->len > 0);
  enable (self, "swap-back", self->swap_old != NULL);
  g_simple_action_set_state (G_SIMPLE_ACTION (pin), g_variant_new_boolean (pinned));
}

static const char *
choose_content (TideBackupPage *self)
{
  if (self->error != NULL)
    return "error";
  if (self->library == NULL)
    return "loading";
  return self->library->backups->len > 0 ? "list" : "empty";
}

static void
update_summary (TideBackupPage *self)
{
  guint n = self->library ? self->library->backups->len : 0;
  gint64 bytes = 0;
  g_autofree char *size = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < n; i++)
    bytes += ((const TideBackup *) g_ptr_array_index (self->library->backups, i))->bytes;
  size = g_format_size (bytes);
  text = g_strdup_printf (g_dngettext (NULL, "%u backup, %s", "%u backups, %s", n), n, size);
  gtk_label_set_label (self->summary, n > 0 ? text : "");
}

static void
update_orphans (TideBackupPage *self)
{
  guint n = self->library ? self->library->orphans->len : 0;
  g_autofree char *text = NULL;

  text = g_strdup_printf (g_dngettext (NULL, "%u file of a backup that was never finished lies in the folder.",
                                       "%u files of backups that were never finished lie in the folder.", n), n);
  gtk_label_set_label (self->orphan_label, text);
  gtk_info_bar_set_revealed (self->orphan_bar, n > 0);
}

/* The one place that makes the page agree with what is known */
static void
tide_backup_page_update (TideBackupPage *self)
{
  tide_backup_view_set_backups (self->view, self->library ? self->library->backups : NULL);
  tide_error_view_set_error (self->error_view, self->error);
  gtk_stack_set_visible_child_name (self->content, choose_content (self));
  update_summary (self);
  update_orphans (self);
  update_actions (self);
}

static void
read_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  GError *error = NULL;
  TideBackupFolder *library = tide_backup_folder_read (task_data, &error);

  if (library != NULL)
    g_task_return_pointer (task, library, (GDestroyNotify) tide_backup_folder_free);
  else
    g_task_return_error (task, error);
}

/* What is shown stays untouched, with what a person is doing there, where nothing has changed. */
static void
on_read (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(TideBackupPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideBackupFolder) library = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  g_clear_object (&self->cancellable);
  if (library != NULL && self->library != NULL && tide_backup_folder_is_like (library, self->library))
    return;
  g_clear_pointer (&self->library, tide_backup_folder_free);
  g_clear_error (&self->error);
  self->library = g_steal_pointer (&library);
  self->error = g_steal_pointer (&error);
  tide_backup_page_update (self);
}

static void
read_library (TideBackupPage *self)
{
  g_autofree char *folder = self->workspace ? tide_backup_page_dup_folder (self) : NULL;
  g_autoptr(GTask) task = NULL;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (folder == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, on_read, g_object_ref (self));
  g_task_set_source_tag (task, read_library);
  g_task_set_task_data (task, g_steal_pointer (&folder), g_free);
  g_task_run_in_thread (task, read_in_thread);
}

/* A page that is not seen reads it again as soon as it is. */
static void
on_folder_changed (TideBackupPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    read_library (self);
}

static void
watch_library (TideBackupPage *self)
{
  g_autofree char *folder = self->workspace ? tide_backup_page_dup_folder (self) : NULL;

  if (self->watch != NULL && g_strcmp0 (folder, tide_backup_watch_get_folder (self->watch)) == 0)
    return;
  g_clear_object (&self->watch);
  self->watch = folder ? tide_backup_watch_new (folder) : NULL;
  if (self->watch != NULL)
    g_signal_connect_object (self->watch, "changed", G_CALLBACK (on_folder_changed), self, G_CONNECT_SWAPPED);
}

static void
read_swaps (TideBackupPage *self)
{
  TideEnvironment *environment = self->workspace ? tide_workspace_get_environment (self->workspace) : NULL;
  TideTarget *target = environment ? tide_environment_get_target (environment) : NULL;

  tide_swap_list_read (self->swaps, target ? tide_target_get_conninfo (target) : NULL,
                       environment != NULL && tide_kind_asks_for_name (tide_environment_get_kind (environment)));
}

void
tide_backup_page_reload (TideBackupPage *self)
{
  g_return_if_fail (TIDE_IS_BACKUP_PAGE (self));

  read_swaps (self);
  watch_library (self);
  read_library (self);
}

static void
on_filter_changed (TideBackupPage *self)
{
  TideEnvironment *environment = self->workspace ? tide_workspace_get_environment (self->workspace) : NULL;
  gboolean narrow = gtk_drop_down_get_selected (self->filter) == FILTER_ENVIRONMENT && environment != NULL;

  tide_backup_view_set_environment (self->view, narrow ? tide_environment_get_name (environment) : NULL);
}

static void
on_target_changed (TideBackupPage *self)
{
  update_actions (self);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    read_swaps (self);
}

static void
on_environment_changed (TideBackupPage *self)
{
  g_signal_group_set_target (self->environment, tide_workspace_get_environment (self->workspace));
  on_filter_changed (self);
  on_target_changed (self);
}

static void
forget_outcome (TideBackupPage *self)
{
  g_clear_pointer (&self->swap_conninfo, tide_conninfo_unref);
  g_clear_pointer (&self->swap_old, g_free);
  gtk_info_bar_set_revealed (self->outcome_bar, FALSE);
  update_actions (self);
}

static void
dismiss_activated (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       self)
{
  forget_outcome (self);
}

static void
back_up_activated (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       self)
{
  tide_backup_wizard_present (self);
}

static void
restore_activated (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       self)
{
  tide_restore_wizard_present (self, get_selected (self));
}

static void
restore_file_activated (GSimpleAction *action,
                        GVariant      *parameter,
                        gpointer       self)
{
  tide_restore_wizard_present (self, NULL);
}

static void
verify_activated (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       self)
{
  tide_backup_verify (self, get_selected (self), g_variant_get_int32 (parameter));
}

static void
compare_activated (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       self)
{
  tide_backup_compare_window_present (self, get_selected (self));
}

static void
pin_activated (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       self)
{
  g_autoptr(GVariant) state = g_action_get_state (G_ACTION (action));

  tide_backup_set_pinned (self, get_selected (self), !g_variant_get_boolean (state));
}

static void
delete_activated (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       self)
{
  tide_backup_delete (self, get_selected (self));
}

static void
clean_up_activated (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       self)
{
  tide_backup_clean_up_present (self);
}

static void
remove_orphans_activated (GSimpleAction *action,
                          GVariant      *parameter,
                          gpointer       user_data)
{
  TideBackupPage *self = user_data;

  tide_backup_remove_orphans (self, self->library->orphans);
}

static void
swap_back_activated (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  TideBackupPage *self = user_data;

  tide_backup_swap_back (self, self->swap_conninfo, self->swap_old);
}

static void
reveal (TideBackupPage *self,
        const char     *path)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autofree char *uri = g_file_get_uri (file);

  gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), uri, GDK_CURRENT_TIME);
}

static void
reveal_activated (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  TideBackup *backup = get_selected (user_data);
  g_autofree char *folder = g_path_get_dirname (backup->path);

  reveal (user_data, folder);
}

static void
reveal_folder_activated (GSimpleAction *action,
                         GVariant      *parameter,
                         gpointer       user_data)
{
  g_autofree char *folder = tide_backup_page_dup_folder (user_data);

  if (folder != NULL)
    reveal (user_data, folder);
}

static const GActionEntry action_entries[] = {
  { "back-up", back_up_activated },
  { "restore", restore_activated },
  { "restore-file", restore_file_activated },
  { "verify", verify_activated, "i" },
  { "compare", compare_activated },
  { "pin", pin_activated, NULL, "false" },
  { "reveal", reveal_activated },
  { "reveal-folder", reveal_folder_activated },
  { "delete", delete_activated },
  { "clean-up", clean_up_activated },
  { "remove-orphans", remove_orphans_activated },
  { "swap-back", swap_back_activated },
  { "dismiss", dismiss_activated },
};

static void
tide_backup_page_constructed (GObject *object)
{
  TideBackupPage *self = TIDE_BACKUP_PAGE (object);

  G_OBJECT_CLASS (tide_backup_page_parent_class)->constructed (object);

  g_assert (self->workspace != NULL);
  g_signal_connect_object (self->workspace, "notify::environment", G_CALLBACK (on_environment_changed), self,
                           G_CONNECT_SWAPPED);
  /* The workspace reads its project again when a job has ended, too. */
  g_signal_connect_object (self->workspace, "notify::project", G_CALLBACK (tide_backup_page_reload), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "map", G_CALLBACK (tide_backup_page_reload), NULL);
  on_environment_changed (self);
}

static void
tide_backup_page_dispose (GObject *object)
{
  TideBackupPage *self = TIDE_BACKUP_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_BACKUP_PAGE);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->workspace);
  g_clear_object (&self->actions);
  g_clear_object (&self->environment);
  g_clear_object (&self->watch);
  g_clear_pointer (&self->library, tide_backup_folder_free);
  g_clear_pointer (&self->swap_conninfo, tide_conninfo_unref);
  g_clear_pointer (&self->swap_old, g_free);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (tide_backup_page_parent_class)->dispose (object);
}

static void
tide_backup_page_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  if (prop_id == PROP_WORKSPACE)
    g_value_set_object (value, TIDE_BACKUP_PAGE (object)->workspace);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_backup_page_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  if (prop_id == PROP_WORKSPACE)
    TIDE_BACKUP_PAGE (object)->workspace = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_backup_page_class_init (TideBackupPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = tide_backup_page_constructed;
  object_class->dispose = tide_backup_page_dispose;
  object_class->get_property = tide_backup_page_get_property;
  object_class->set_property = tide_backup_page_set_property;

  properties[PROP_WORKSPACE] =
    g_param_spec_object ("workspace", NULL, NULL, TIDE_TYPE_WORKSPACE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (TIDE_TYPE_BACKUP_VIEW);
  g_type_ensure (TIDE_TYPE_ERROR_VIEW);
  g_type_ensure (TIDE_TYPE_SWAP_LIST);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-backup-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TideBackupPage, content);
  gtk_widget_class_bind_template_child (widget_class, TideBackupPage, filter);
  gtk_widget_class_bind_template_child (widget_class, TideBackupPage, summary);
  gtk_widget_class_bind_template_child (widget_class, TideBackupPage, orphan_bar);
  gtk_widget_class_bind_template_child (widget_class, TideBackupPage, orphan_label);
  gtk_widget_class_bind_template_child (widget_class, TideBackupPage, outcome_bar);
  gtk_widget_class_bind_template_child (widget_class, TideBackupPage, outcome_label);
  gtk_widget_class_bind_template_child (widget_class, TideBackupPage, swap_back_button);
  gtk_widget_class_bind_template_child (widget_class, TideBackupPage, error_view);
  gtk_widget_class_bind_template_child (widget_class, TideBackupPage, view);
  gtk_widget_class_bind_template_child (widget_class, TideBackupPage, swaps);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed);
  gtk_widget_class_bind_template_callback (widget_class, tide_backup_page_reload);
  gtk_widget_class_bind_template_callback (widget_class, update_actions);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_backup_page_init (TideBackupPage *self)
{
  self->environment = g_signal_group_new (TIDE_TYPE_ENVIRONMENT);
  g_signal_group_connect_swapped (self->environment, "notify::target", G_CALLBACK (on_target_changed), self);
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), action_entries, G_N_ELEMENTS (action_entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "backups", G_ACTION_GROUP (self->actions));
  gtk_widget_init_template (GTK_WIDGET (self));
}

TideWorkspace *
tide_backup_page_get_workspace (TideBackupPage *self)
{
  g_return_val_if_fail (TIDE_IS_BACKUP_PAGE (self), NULL);
  return self->workspace;
}

char *
tide_backup_page_dup_folder (TideBackupPage *self)
{
  TideProject *project;

  g_return_val_if_fail (TIDE_IS_BACKUP_PAGE (self), NULL);

  project = tide_workspace_get_project (self->workspace);
  return project ? g_strdup (tide_project_get_backups (project)->folder) : NULL;
}

GPtrArray *
tide_backup_page_get_backups (TideBackupPage *self)
{
  g_return_val_if_fail (TIDE_IS_BACKUP_PAGE (self), NULL);
  return self->library ? self->library->backups : NULL;
}

void
tide_backup_page_tell (TideBackupPage *self,
                       const char     *text,
                       TideConninfo   *conninfo,
                       const char     *old_database)
{
  g_return_if_fail (TIDE_IS_BACKUP_PAGE (self));
  g_return_if_fail (text != NULL);

  /* The page may have been closed while the job ran. */
  if (gtk_widget_get_root (GTK_WIDGET (self)) == NULL)
    return;
  forget_outcome (self);
  if (old_database != NULL)
    {
      self->swap_conninfo = tide_conninfo_ref (conninfo);
      self->swap_old = g_strdup (old_database);
    }
  gtk_label_set_label (self->outcome_label, text);
  gtk_widget_set_visible (self->swap_back_button, old_database != NULL);
  gtk_info_bar_set_revealed (self->outcome_bar, TRUE);
  update_actions (self);
}
