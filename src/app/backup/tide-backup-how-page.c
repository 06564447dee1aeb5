/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-how-page"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "backup/tide-backup-how-page.h"
#include "tide-error.h"

/* Above this, one process writing one file takes long enough to be worth several. */
#define LARGE_BYTES (G_GINT64_CONSTANT (5) * 1000 * 1000 * 1000)

/* As the rows of the combo stand in the template */
static const TideBackupFormat formats[] = {
  TIDE_BACKUP_FORMAT_CUSTOM, TIDE_BACKUP_FORMAT_DIRECTORY, TIDE_BACKUP_FORMAT_PLAIN,
  TIDE_BACKUP_FORMAT_GZIP, TIDE_BACKUP_FORMAT_TAR,
};

struct _TideBackupHowPage
{
  TideWizardPage  parent_instance;

  /* Template widgets */
  AdwComboRow    *format_row;
  GtkLabel       *advice;
  GtkWidget      *jobs_row;
  GtkSpinButton  *jobs;
  AdwActionRow   *folder_row;
  AdwComboRow    *verify_row;
  AdwComboRow    *compression_row;
  GtkSwitch      *no_owner;
  GtkSwitch      *no_privileges;
  GtkSwitch      *no_large_objects;
  GtkSwitch      *with_roles;
  GtkSpinButton  *lock_wait;
  GtkLabel       *problem;

  /* Owned */
  char           *library;  /* the project's folder of backups */
  char           *folder;
  TideBackupRequest *request; /* what the page before asks for */

  gboolean        proposing;
  gboolean        chosen;   /* a person chose the format */
};

G_DEFINE_FINAL_TYPE (TideBackupHowPage, tide_backup_how_page, TIDE_TYPE_WIZARD_PAGE)

static TideBackupFormat
get_format (TideBackupHowPage *self)
{
  return formats[MIN (adw_combo_row_get_selected (self->format_row), G_N_ELEMENTS (formats) - 1)];
}

/* Plain SQL is plain, and pg_dump refuses to compress a tar. */
static gboolean
can_compress (TideBackupFormat format)
{
  return format == TIDE_BACKUP_FORMAT_CUSTOM || format == TIDE_BACKUP_FORMAT_DIRECTORY
         || format == TIDE_BACKUP_FORMAT_GZIP;
}

static void
check_options (TideBackupHowPage *self)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gboolean ok = FALSE;

  if (self->request != NULL)
    {
      tide_backup_how_page_fill (self, self->request);
      ok = tide_backup_options_check (tide_backup_request_get_options (self->request), &error);
    }
  text = error ? tide_error_dup_text (error) : NULL;
  gtk_label_set_label (self->problem, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), text != NULL);
  tide_wizard_page_set_complete (TIDE_WIZARD_PAGE (self), ok);
}

/* The one place that makes the page agree with what was chosen */
static void
tide_backup_how_page_update (TideBackupHowPage *self)
{
  TideBackupFormat format = get_format (self);
  gboolean elsewhere = g_strcmp0 (self->folder, self->library) != 0;
  gboolean structure_only = self->request && self->request->options.contents == TIDE_BACKUP_SCHEMA_ONLY;
  g_autofree char *folder = NULL;
  g_autofree char *subtitle = NULL;

  gtk_widget_set_visible (self->jobs_row, format == TIDE_BACKUP_FORMAT_DIRECTORY);
  gtk_widget_set_sensitive (GTK_WIDGET (self->compression_row), can_compress (format));
  gtk_widget_set_sensitive (GTK_WIDGET (self->no_large_objects), !structure_only);
  folder = self->folder ? g_filename_display_name (self->folder) : g_strdup ("");
  subtitle = elsewhere ? g_strdup_printf (_("%s\nThe project does not list what lies here"), folder)
                       : g_strdup (folder);
  adw_action_row_set_subtitle (self->folder_row, subtitle);
  check_options (self);
}

static void
on_format_selected (TideBackupHowPage *self)
{
  self->chosen = self->chosen || !self->proposing;
  tide_backup_how_page_update (self);
}

static void
on_folder_response (GtkNativeDialog   *dialog,
                    int                response,
                    TideBackupHowPage *self)
{
  g_autoptr(GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  path = file ? g_file_get_path (file) : NULL;
  if (path != NULL)
    {
      g_free (self->folder);
      self->folder = g_steal_pointer (&path);
      tide_backup_how_page_update (self);
    }
  g_object_unref (dialog);
}

static void
on_choose_folder (TideBackupHowPage *self)
{
  GtkFileChooserNative *dialog;

  dialog = gtk_file_chooser_native_new (_("Where to Keep the Backup"),
                                        GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                        GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Choose"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_folder_response), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
tide_backup_how_page_finalize (GObject *object)
{
  TideBackupHowPage *self = TIDE_BACKUP_HOW_PAGE (object);

  g_clear_pointer (&self->library, g_free);
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->request, tide_backup_request_unref);
  G_OBJECT_CLASS (tide_backup_how_page_parent_class)->finalize (object);
}

static void
tide_backup_how_page_class_init (TideBackupHowPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tide_backup_how_page_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-backup-how-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TideBackupHowPage, format_row);
  gtk_widget_class_bind_template_child (widget_class, TideBackupHowPage, advice);
  gtk_widget_class_bind_template_child (widget_class, TideBackupHowPage, jobs_row);
  gtk_widget_class_bind_template_child (widget_class, TideBackupHowPage, jobs);
  gtk_widget_class_bind_template_child (widget_class, TideBackupHowPage, folder_row);
  gtk_widget_class_bind_template_child (widget_class, TideBackupHowPage, verify_row);
  gtk_widget_class_bind_template_child (widget_class, TideBackupHowPage, compression_row);
  gtk_widget_class_bind_template_child (widget_class, TideBackupHowPage, no_owner);
  gtk_widget_class_bind_template_child (widget_class, TideBackupHowPage, no_privileges);
  gtk_widget_class_bind_template_child (widget_class, TideBackupHowPage, no_large_objects);
  gtk_widget_class_bind_template_child (widget_class, TideBackupHowPage, with_roles);
  gtk_widget_class_bind_template_child (widget_class, TideBackupHowPage, lock_wait);
  gtk_widget_class_bind_template_child (widget_class, TideBackupHowPage, problem);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_folder);
  gtk_widget_class_bind_template_callback (widget_class, on_format_selected);
  gtk_widget_class_bind_template_callback (widget_class, tide_backup_how_page_update);
}

static void
tide_backup_how_page_init (TideBackupHowPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_spin_button_set_value (self->jobs, CLAMP (g_get_num_processors (), 1, 8));
  /* Level 2: what it costs is one read. */
  adw_combo_row_set_selected (self->verify_row, 1);
  tide_backup_how_page_update (self);
}

void
tide_backup_how_page_set_folder (TideBackupHowPage *self,
                                 const char        *folder)
{
  g_return_if_fail (TIDE_IS_BACKUP_HOW_PAGE (self));

  self->library = g_strdup (folder);
  self->folder = g_strdup (folder);
  tide_backup_how_page_update (self);
}

void
tide_backup_how_page_set_size (TideBackupHowPage *self,
                               gint64             bytes)
{
  g_autofree char *size = g_format_size (bytes);
  g_autofree char *advice = NULL;

  g_return_if_fail (TIDE_IS_BACKUP_HOW_PAGE (self));

  if (bytes <= LARGE_BYTES)
    return;
  advice = g_strdup_printf (_("The database holds %s. A folder written by several jobs is done sooner, and is restored sooner."),
                            size);
  gtk_label_set_label (self->advice, advice);
  gtk_widget_set_visible (GTK_WIDGET (self->advice), TRUE);
  self->proposing = TRUE;
  if (!self->chosen)
    adw_combo_row_set_selected (self->format_row, 1);
  self->proposing = FALSE;
}

void
tide_backup_how_page_enter (TideBackupHowPage *self,
                            TideBackupRequest *request)
{
  g_return_if_fail (TIDE_IS_BACKUP_HOW_PAGE (self));

  g_clear_pointer (&self->request, tide_backup_request_unref);
  self->request = tide_backup_request_ref (request);
  tide_backup_how_page_update (self);
}

void
tide_backup_how_page_fill (TideBackupHowPage *self,
                           TideBackupRequest *request)
{
  TideBackupOptions *options = &request->options;

  g_return_if_fail (TIDE_IS_BACKUP_HOW_PAGE (self));

  options->format = get_format (self);
  options->jobs = options->format == TIDE_BACKUP_FORMAT_DIRECTORY ? gtk_spin_button_get_value_as_int (self->jobs) : 0;
  /* The first row leaves it to the tool. */
  options->compression = can_compress (options->format) ? (int) adw_combo_row_get_selected (self->compression_row) - 1 : -1;
  options->no_owner = gtk_switch_get_active (self->no_owner);
  options->no_privileges = gtk_switch_get_active (self->no_privileges);
  options->no_large_objects = options->contents != TIDE_BACKUP_SCHEMA_ONLY
                              && gtk_switch_get_active (self->no_large_objects);
  options->with_roles = gtk_switch_get_active (self->with_roles);
  options->lock_wait_ms = gtk_spin_button_get_value_as_int (self->lock_wait) * 1000;
  options->verify_level = adw_combo_row_get_selected (self->verify_row) + 1;
  g_free (request->folder);
  request->folder = g_strdup (self->folder);
}
