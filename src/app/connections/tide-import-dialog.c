/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-import-dialog"

#include "config.h"

#include <glib/gi18n.h>

#include "connections/tide-import-dialog.h"

#include "connect/tide-import.h"
#include "connect/tide-secrets.h"
#include "tide-error.h"
#include "widgets/tide-dialogs.h"

/* As the rows of the combo stand in the template */
typedef enum
{
  SOURCE_URL,
  SOURCE_DOTENV,
  SOURCE_SERVICES,
  SOURCE_PGPASS,
} Source;

struct _TideImportDialog
{
  AdwWindow            parent_instance;

  /* Template widgets */
  AdwComboRow         *source_row;
  AdwEntryRow         *place_row;
  GtkWidget           *browse_button;
  AdwPreferencesGroup *found_group;
  AdwPreferencesGroup *note_group;
  GtkLabel            *note;

  /* Owned */
  TideProfileStore    *store;
  char                *root;
  GPtrArray           *candidates; /* nullable */
  GPtrArray           *checks;     /* the check button of each candidate */
  GPtrArray           *rows;       /* in "found_group" */
  GCancellable        *reading;    /* nullable: of the file that is read at this moment */
};

/* What a thread reads */
typedef struct
{
  Source  source;
  char   *place;
} Question;

static void
question_free (Question *self)
{
  g_free (self->place);
  g_free (self);
}

G_DEFINE_FINAL_TYPE (TideImportDialog, tide_import_dialog, ADW_TYPE_WINDOW)

static Source
get_source (TideImportDialog *self)
{
  return adw_combo_row_get_selected (self->source_row);
}

static GPtrArray *
find_candidates (Source       source,
                 const char  *place,
                 GError     **error)
{
  switch (source)
    {
    case SOURCE_DOTENV: return tide_import_from_dotenv (place, error);
    case SOURCE_SERVICES: return tide_import_from_services (*place ? place : NULL, error);
    case SOURCE_PGPASS: return tide_import_from_pgpass (*place ? place : NULL, error);
    case SOURCE_URL:
    default: return tide_import_from_url (place, error);
    }
}

static void
tide_import_dialog_update_run (TideImportDialog *self)
{
  gboolean any = FALSE;

  for (guint i = 0; i < self->checks->len; i++)
    any = any || gtk_check_button_get_active (g_ptr_array_index (self->checks, i));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "import.run", any);
}

static void
tide_import_dialog_add_row (TideImportDialog          *self,
                            const TideImportCandidate *candidate)
{
  g_autoptr(TideConninfo) conninfo = tide_profile_dup_conninfo (candidate->profile, NULL);
  g_autofree char *label = tide_conninfo_dup_label (conninfo);
  const char *name = tide_profile_get_name (candidate->profile);
  g_autofree char *subtitle = NULL;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *check = gtk_check_button_new ();

  subtitle = g_strcmp0 (name, label) == 0 ? g_strdup (candidate->source)
                                          : g_strdup_printf ("%s\n%s", label, candidate->source);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  g_signal_connect_object (check, "toggled", G_CALLBACK (tide_import_dialog_update_run), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  adw_preferences_group_add (self->found_group, row);
  g_ptr_array_add (self->rows, row);
  g_ptr_array_add (self->checks, check);
}

static void
tide_import_dialog_clear (TideImportDialog *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->found_group, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  g_ptr_array_set_size (self->checks, 0);
  g_clear_pointer (&self->candidates, g_ptr_array_unref);
}

static void
tide_import_dialog_show (TideImportDialog *self,
                         const GError     *error)
{
  g_autofree char *note = NULL;

  for (guint i = 0; self->candidates != NULL && i < self->candidates->len; i++)
    tide_import_dialog_add_row (self, g_ptr_array_index (self->candidates, i));
  if (error != NULL)
    note = tide_error_dup_text (error);
  else if (self->candidates != NULL && self->candidates->len == 0)
    note = g_strdup (_("There is no connection in it."));
  gtk_label_set_label (self->note, note ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note_group), note != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->found_group), self->rows->len > 0);
  tide_import_dialog_update_run (self);
}

static void
read_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Question *self = task_data;
  GError *error = NULL;
  GPtrArray *candidates = find_candidates (self->source, self->place, &error);

  if (candidates != NULL)
    g_task_return_pointer (task, candidates, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
read_cb (GObject      *source_object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(TideImportDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) candidates = g_task_propagate_pointer (G_TASK (result), &error);

  /* Something else was typed meanwhile. */
  if (self->reading != g_task_get_cancellable (G_TASK (result)))
    return;
  g_clear_object (&self->reading);
  self->candidates = g_steal_pointer (&candidates);
  tide_import_dialog_show (self, error);
}

static void
stop_reading (TideImportDialog *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

/* A file may be on a disk that is slow or gone: in a thread. Text is only taken apart. */
static void
place_changed_cb (TideImportDialog *self)
{
  const char *place = gtk_editable_get_text (GTK_EDITABLE (self->place_row));
  Source source = get_source (self);
  gboolean may_be_empty = source == SOURCE_SERVICES || source == SOURCE_PGPASS;
  g_autoptr(GError) error = NULL;
  g_autoptr(GTask) task = NULL;
  Question *question;

  stop_reading (self);
  tide_import_dialog_clear (self);
  if (source == SOURCE_URL || (*place == '\0' && !may_be_empty))
    {
      if (*place != '\0')
        self->candidates = find_candidates (source, place, &error);
      tide_import_dialog_show (self, error);
      return;
    }
  question = g_new0 (Question, 1);
  question->source = source;
  question->place = g_strdup (place);
  self->reading = g_cancellable_new ();
  task = g_task_new (NULL, self->reading, read_cb, g_object_ref (self));
  g_task_set_source_tag (task, place_changed_cb);
  g_task_set_task_data (task, question, (GDestroyNotify) question_free);
  g_task_run_in_thread (task, read_in_thread);
  tide_import_dialog_update_run (self);
}

static void
source_changed_cb (TideImportDialog *self)
{
  g_autofree char *place = NULL;

  if (get_source (self) == SOURCE_DOTENV && self->root != NULL)
    place = g_build_filename (self->root, ".env", NULL);

  gtk_widget_set_visible (self->browse_button, get_source (self) != SOURCE_URL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->place_row),
                                 get_source (self) == SOURCE_URL ? _("URL")
                                 : get_source (self) == SOURCE_DOTENV ? _("File")
                                 : _("File (empty: the usual place)"));
  gtk_editable_set_text (GTK_EDITABLE (self->place_row), place ? place : "");
  place_changed_cb (self);
}

static void
chosen_cb (GObject      *source_object,
           GAsyncResult *result,
           gpointer      user_data)
{
  TideImportDialog *self = TIDE_IMPORT_DIALOG (source_object);
  g_autofree char *path = tide_dialog_choose_path_finish (GTK_WIDGET (self), result);

  if (path != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->place_row), path);
}

static void
browse_clicked_cb (TideImportDialog *self)
{
  tide_dialog_choose_path_async (GTK_WIDGET (self), _("Choose a File"), FALSE, chosen_cb, NULL);
}

static void
store_password_cb (GObject      *source_object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GtkWindow) parent = user_data;
  g_autoptr(GError) error = NULL;

  if (!tide_secrets_store_finish (result, &error) && parent != NULL)
    tide_dialog_show_error (GTK_WIDGET (parent),
                            _("The Connection Is Saved, Its Password Is Not"), error);
}

static gboolean
import_one (TideImportDialog           *self,
            const TideImportCandidate  *candidate,
            GError                    **error)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  TideProfile *profile = candidate->profile;

  if (!tide_profile_store_save (self->store, profile, error))
    return FALSE;
  if (candidate->password != NULL)
    tide_secrets_store_async (tide_profile_get_id (profile), tide_profile_get_kind (profile),
                              tide_profile_get_name (profile), candidate->password, NULL,
                              store_password_cb, parent ? g_object_ref (parent) : NULL);
  return TRUE;
}

static void
run_import (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  TideImportDialog *self = TIDE_IMPORT_DIALOG (widget);

  for (guint i = 0; i < self->checks->len; i++)
    {
      GtkCheckButton *check = g_ptr_array_index (self->checks, i);
      g_autoptr(GError) error = NULL;

      if (!gtk_check_button_get_active (check))
        continue;
      if (!import_one (self, g_ptr_array_index (self->candidates, i), &error))
        {
          tide_dialog_show_error (widget, _("The Connection Could Not Be Imported"), error);
          return;
        }
      /* Not twice, should a later one fail and be tried again */
      gtk_check_button_set_active (check, FALSE);
    }
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
tide_import_dialog_dispose (GObject *object)
{
  TideImportDialog *self = TIDE_IMPORT_DIALOG (object);

  stop_reading (self);
  g_clear_object (&self->store);
  g_clear_pointer (&self->root, g_free);
  g_clear_pointer (&self->candidates, g_ptr_array_unref);
  g_clear_pointer (&self->checks, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_import_dialog_parent_class)->dispose (object);
}

static void
tide_import_dialog_class_init (TideImportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_import_dialog_dispose;

  gtk_widget_class_install_action (widget_class, "import.run", NULL, run_import);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/com/broxiva/Tidemark/ui/tide-import-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, TideImportDialog, source_row);
  gtk_widget_class_bind_template_child (widget_class, TideImportDialog, place_row);
  gtk_widget_class_bind_template_child (widget_class, TideImportDialog, browse_button);
  gtk_widget_class_bind_template_child (widget_class, TideImportDialog, found_group);
  gtk_widget_class_bind_template_child (widget_class, TideImportDialog, note_group);
  gtk_widget_class_bind_template_child (widget_class, TideImportDialog, note);
  gtk_widget_class_bind_template_callback (widget_class, source_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, place_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, browse_clicked_cb);
}

static void
tide_import_dialog_init (TideImportDialog *self)
{
  self->checks = g_ptr_array_new ();
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
tide_import_dialog_new (TideProfileStore *store,
                        const char       *root)
{
  TideImportDialog *self = g_object_new (TIDE_TYPE_IMPORT_DIALOG, NULL);

  self->store = g_object_ref (store);
  self->root = g_strdup (root);
  adw_combo_row_set_selected (self->source_row, root ? SOURCE_DOTENV : SOURCE_URL);
  source_changed_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->source_row));
  return GTK_WINDOW (self);
}
