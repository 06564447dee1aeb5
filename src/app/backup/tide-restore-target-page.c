/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-target-page"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "backup/tide-restore-target-page.h"
#include "tide-error.h"
#include "widgets/tide-kind-label.h"

struct _TideRestoreTargetPage
{
  TideWizardPage       parent_instance;

  /* Template widgets */
  AdwComboRow         *environment_row;
  TideKindLabel       *kind;
  GtkCheckButton      *mode_new;
  GtkCheckButton      *mode_swap;
  GtkCheckButton      *mode_in_place;
  AdwEntryRow         *into_row;
  GtkLabel            *consequence;
  AdwPreferencesGroup *session_group;
  AdwActionRow        *end_row;
  GtkSwitch           *end_sessions;
  GtkWidget           *wait_row;
  GtkSpinButton       *wait;
  GtkSwitch           *no_owner;
  GtkSwitch           *no_privileges;
  GtkWidget           *jobs_row;
  GtkSpinButton       *jobs;
  AdwPreferencesGroup *confirm_group;
  AdwEntryRow         *confirm_row;

  /* Owned */
  GCancellable        *cancellable; /* of the question who uses the database */
  GPtrArray           *rows;        /* in "session_group" */
  TideConninfo        *conninfo;    /* nullable: of the environment as it was when it was chosen */

  TideBackupFormat     format;      /* of what is restored */
};

G_DEFINE_FINAL_TYPE (TideRestoreTargetPage, tide_restore_target_page, TIDE_TYPE_WIZARD_PAGE)

static const char *
get_database (TideRestoreTargetPage *self)
{
  const char *database = self->conninfo ? tide_conninfo_get (self->conninfo, "dbname") : NULL;

  return database ? database : "";
}

static TideRestoreMode
get_mode (TideRestoreTargetPage *self)
{
  if (gtk_check_button_get_active (self->mode_in_place))
    return TIDE_RESTORE_IN_PLACE;
  return gtk_check_button_get_active (self->mode_swap) ? TIDE_RESTORE_SWAP : TIDE_RESTORE_NEW;
}

/* A restore in place is one transaction, and so is SQL text; pg_restore reads a tar alone. */
static gboolean
can_use_jobs (TideRestoreTargetPage *self)
{
  return get_mode (self) != TIDE_RESTORE_IN_PLACE
         && (self->format == TIDE_BACKUP_FORMAT_CUSTOM || self->format == TIDE_BACKUP_FORMAT_DIRECTORY);
}

static TideEnvironment *
get_environment (TideRestoreTargetPage *self)
{
  return adw_combo_row_get_selected_item (self->environment_row);
}

static gboolean
must_confirm (TideRestoreTargetPage *self)
{
  TideEnvironment *environment = get_environment (self);

  if (get_mode (self) == TIDE_RESTORE_NEW || environment == NULL)
    return FALSE;
  return get_mode (self) == TIDE_RESTORE_IN_PLACE || tide_kind_asks_for_name (tide_environment_get_kind (environment));
}

static char *
dup_consequence (TideRestoreTargetPage *self)
{
  const char *database = get_database (self);

  switch (get_mode (self))
    {
    case TIDE_RESTORE_SWAP:
      return g_strdup_printf (_("It is restored beside “%s” and checked; then the two change names. What “%s” holds now "
                                "is kept under a dated name, and one click swaps it back. What is written to it until "
                                "the swap is in the kept one only."), database, database);
    case TIDE_RESTORE_IN_PLACE:
      return g_strdup_printf (_("Everything in “%s” that the backup holds, too, is dropped and made again, with its rows; "
                                "objects that the backup does not hold stay as they are. A fresh backup is made first: "
                                "it is the only way back."), database);
    case TIDE_RESTORE_NEW:
    default:
      return g_strdup_printf (_("“%s” is not touched. The new database lies beside it on the same server, all of it "
                                "or nothing."), database);
    }
}

static gboolean
is_complete (TideRestoreTargetPage *self)
{
  const char *into = gtk_editable_get_text (GTK_EDITABLE (self->into_row));
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (self->confirm_row));

  if (self->conninfo == NULL)
    return FALSE;
  /* An empty name is the usual dated one; the database's own would not be a new one. */
  if (get_mode (self) == TIDE_RESTORE_NEW && g_str_equal (into, get_database (self)))
    return FALSE;
  return !must_confirm (self) || g_str_equal (typed, get_database (self));
}

/* A list all of whose rows are hidden would still be drawn, as a line. */
static void
show_session_list (TideRestoreTargetPage *self)
{
  GtkWidget *list = gtk_widget_get_ancestor (GTK_WIDGET (self->end_row), GTK_TYPE_LIST_BOX);

  gtk_widget_set_visible (list, get_mode (self) == TIDE_RESTORE_SWAP || self->rows->len > 0);
}

/* The one place that makes the page agree with what was chosen */
static void
tide_restore_target_page_update (TideRestoreTargetPage *self)
{
  TideEnvironment *environment = get_environment (self);
  TideRestoreMode mode = get_mode (self);
  g_autofree char *consequence = dup_consequence (self);
  g_autofree char *prompt = g_strdup_printf (_("Type “%s” to Confirm"), get_database (self));

  if (environment != NULL)
    g_object_set (self->kind, "kind", tide_environment_get_kind (environment), NULL);
  gtk_label_set_label (self->consequence, consequence);
  gtk_widget_set_visible (GTK_WIDGET (self->into_row), mode == TIDE_RESTORE_NEW);
  gtk_widget_set_visible (GTK_WIDGET (self->session_group), mode != TIDE_RESTORE_NEW);
  gtk_widget_set_visible (GTK_WIDGET (self->end_row), mode == TIDE_RESTORE_SWAP);
  gtk_widget_set_visible (self->wait_row, mode == TIDE_RESTORE_SWAP);
  show_session_list (self);
  gtk_widget_set_visible (GTK_WIDGET (self->confirm_group), must_confirm (self));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->confirm_row), prompt);
  gtk_widget_set_sensitive (self->jobs_row, can_use_jobs (self));
  tide_wizard_page_set_complete (TIDE_WIZARD_PAGE (self), is_complete (self));
}

static void
add_session_row (TideRestoreTargetPage *self,
                 const char            *text)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
  adw_preferences_group_add (self->session_group, row);
  g_ptr_array_add (self->rows, row);
}

static void
show_sessions (TideRestoreTargetPage *self,
               GPtrArray             *sessions, /* (nullable) (element-type utf8) */
               const GError          *error)
{
  guint n = sessions ? sessions->len : 0;
  g_autofree char *text = NULL;
  g_autofree char *reason = error ? g_markup_escape_text (error->message, -1) : NULL;

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->session_group, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < n; i++)
    add_session_row (self, g_ptr_array_index (sessions, i));
  show_session_list (self);
  /* A group's description is markup. */
  if (error != NULL)
    text = g_strdup_printf (_("Who uses the database is not known: %s"), reason);
  else if (n == 0)
    text = g_strdup (_("Nobody else is connected to the database."));
  else
    text = g_strdup_printf (g_dngettext (NULL, "%u session uses the database now.",
                                         "%u sessions use the database now.", n), n);
  adw_preferences_group_set_description (self->session_group, text);
}

static void
sessions_in_thread (GTask        *task,
                    gpointer      source,
                    gpointer      task_data,
                    GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *sessions = tide_restore_list_users (task_data, cancellable, &error);

  if (sessions != NULL)
    g_task_return_pointer (task, sessions, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
on_sessions_listed (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(TideRestoreTargetPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) sessions = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_task_get_cancellable (G_TASK (result)) == self->cancellable)
    show_sessions (self, sessions, error);
}

static void
list_sessions (TideRestoreTargetPage *self)
{
  TideEnvironment *environment = get_environment (self);
  TideTarget *target = environment ? tide_environment_get_target (environment) : NULL;
  g_autoptr(GTask) task = NULL;

  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (target == NULL)
    return;
  self->conninfo = tide_conninfo_ref (tide_target_get_conninfo (target));
  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, on_sessions_listed, g_object_ref (self));
  g_task_set_source_tag (task, list_sessions);
  g_task_set_task_data (task, tide_conninfo_ref (self->conninfo), (GDestroyNotify) tide_conninfo_unref);
  g_task_run_in_thread (task, sessions_in_thread);
}

static void
on_environment_selected (TideRestoreTargetPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->confirm_row), "");
  list_sessions (self);
  tide_restore_target_page_update (self);
}

static void
tide_restore_target_page_dispose (GObject *object)
{
  TideRestoreTargetPage *self = TIDE_RESTORE_TARGET_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  G_OBJECT_CLASS (tide_restore_target_page_parent_class)->dispose (object);
}

static void
tide_restore_target_page_class_init (TideRestoreTargetPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_restore_target_page_dispose;

  g_type_ensure (TIDE_TYPE_KIND_LABEL);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-restore-target-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TideRestoreTargetPage, environment_row);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreTargetPage, kind);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreTargetPage, mode_new);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreTargetPage, mode_swap);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreTargetPage, mode_in_place);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreTargetPage, into_row);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreTargetPage, consequence);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreTargetPage, session_group);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreTargetPage, end_row);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreTargetPage, end_sessions);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreTargetPage, wait_row);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreTargetPage, wait);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreTargetPage, no_owner);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreTargetPage, no_privileges);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreTargetPage, jobs_row);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreTargetPage, jobs);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreTargetPage, confirm_group);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreTargetPage, confirm_row);
  gtk_widget_class_bind_template_callback (widget_class, on_environment_selected);
  gtk_widget_class_bind_template_callback (widget_class, tide_restore_target_page_update);
}

static void
tide_restore_target_page_init (TideRestoreTargetPage *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_spin_button_set_value (self->jobs, CLAMP (g_get_num_processors (), 1, 8));
}

void
tide_restore_target_page_set_workspace (TideRestoreTargetPage *self,
                                        TideWorkspace         *workspace)
{
  GListModel *environments = tide_workspace_get_environments (workspace);
  g_autoptr(GtkExpression) name = gtk_property_expression_new (TIDE_TYPE_ENVIRONMENT, NULL, "name");

  g_return_if_fail (TIDE_IS_RESTORE_TARGET_PAGE (self));

  adw_combo_row_set_expression (self->environment_row, name);
  adw_combo_row_set_model (self->environment_row, environments);
  for (guint i = 0; i < g_list_model_get_n_items (environments); i++)
    {
      g_autoptr(TideEnvironment) environment = g_list_model_get_item (environments, i);

      if (environment == tide_workspace_get_environment (workspace))
        adw_combo_row_set_selected (self->environment_row, i);
    }
}

void
tide_restore_target_page_enter (TideRestoreTargetPage *self,
                                TideBackupFormat       format)
{
  g_return_if_fail (TIDE_IS_RESTORE_TARGET_PAGE (self));

  self->format = format;
  list_sessions (self);
  tide_restore_target_page_update (self);
}

TideConninfo *
tide_restore_target_page_get_conninfo (TideRestoreTargetPage *self)
{
  g_return_val_if_fail (TIDE_IS_RESTORE_TARGET_PAGE (self), NULL);
  return self->conninfo;
}

void
tide_restore_target_page_fill (TideRestoreTargetPage *self,
                               TideRestoreRequest    *request)
{
  TideEnvironment *environment = get_environment (self);
  const char *into = gtk_editable_get_text (GTK_EDITABLE (self->into_row));

  g_return_if_fail (TIDE_IS_RESTORE_TARGET_PAGE (self));

  request->options.mode = get_mode (self);
  request->options.jobs = can_use_jobs (self) ? gtk_spin_button_get_value_as_int (self->jobs) : 1;
  request->options.no_owner = gtk_switch_get_active (self->no_owner);
  request->options.no_privileges = gtk_switch_get_active (self->no_privileges);
  request->options.end_sessions = gtk_switch_get_active (self->end_sessions);
  request->options.wait_ms = gtk_spin_button_get_value_as_int (self->wait) * 1000;
  request->into = request->options.mode == TIDE_RESTORE_NEW && *into ? g_strdup (into) : NULL;
  request->environment = g_strdup (tide_environment_get_name (environment));
  request->kind = tide_environment_get_kind (environment);
}
