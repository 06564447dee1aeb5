/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-source-page"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "backup/tide-proof-look.h"
#include "backup/tide-restore-source-page.h"
#include "tide-error.h"
#include "widgets/tide-error-view.h"
#include "widgets/tide-format.h"

/* A file as it was read in a thread */
typedef struct
{
  TideBackup *backup;
  GPtrArray  *toc;
} Source;

struct _TideRestoreSourcePage
{
  TideWizardPage   parent_instance;

  /* Template widgets */
  AdwActionRow    *file_row;
  GtkStack        *stack;
  TideErrorView   *error_view;
  AdwActionRow    *format_row;
  AdwActionRow    *made_row;
  AdwActionRow    *database_row;
  AdwActionRow    *contents_row;
  TidePill        *badge;

  /* Owned */
  GCancellable    *cancellable; /* of the reading that is under way */
  Source          *source;      /* nullable */
};

G_DEFINE_FINAL_TYPE (TideRestoreSourcePage, tide_restore_source_page, TIDE_TYPE_WIZARD_PAGE)

static void
source_free (Source *self)
{
  g_clear_pointer (&self->backup, tide_backup_unref);
  g_clear_pointer (&self->toc, g_ptr_array_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Source, source_free)

static void
read_in_thread (GTask        *task,
                gpointer      object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  g_autoptr(Source) source = g_new0 (Source, 1);
  GError *error = NULL;

  source->backup = tide_backup_open (task_data, &error);
  if (source->backup != NULL && source->backup->format == TIDE_BACKUP_FORMAT_CLUSTER)
    tide_set_error (&error, TIDE_ERROR_UNSUPPORTED, "run it with psql on an empty server",
                    "\"%s\" is a dump of a whole server, not of a database", source->backup->path);
  else if (source->backup != NULL)
    source->toc = tide_restore_read_toc (source->backup, cancellable, &error);
  if (source->toc != NULL)
    g_task_return_pointer (task, g_steal_pointer (&source), (GDestroyNotify) source_free);
  else
    g_task_return_error (task, error);
}

static char *
dup_origin (const TideManifest *manifest)
{
  if (manifest == NULL)
    return g_strdup (_("Not told: it was made elsewhere"));
  return g_strdup_printf (_("%s on %s%s%s"), manifest->database, manifest->host_label,
                          manifest->environment ? ", " : "", manifest->environment ? manifest->environment : "");
}

static void
show_source (TideRestoreSourcePage *self,
             const Source          *source)
{
  const TideBackup *backup = source->backup;
  g_autofree char *size = g_format_size (backup->bytes);
  g_autofree char *moment = tide_format_moment (backup->created_at);
  g_autofree char *ago = tide_format_ago (backup->created_at);
  g_autofree char *format = g_strdup_printf ("%s, %s", tide_backup_format_get_word (backup->format), size);
  g_autofree char *made = g_strdup_printf ("%s, %s", moment, ago);
  g_autofree char *origin = dup_origin (backup->manifest);
  g_autofree char *contents = NULL;
  guint n = source->toc->len;

  contents = n > 0 ? g_strdup_printf (g_dngettext (NULL, "%u entry", "%u entries", n), n)
                   : g_strdup (_("SQL text, restored as a whole"));
  adw_action_row_set_subtitle (self->format_row, format);
  adw_action_row_set_subtitle (self->made_row, made);
  adw_action_row_set_subtitle (self->database_row, origin);
  adw_action_row_set_subtitle (self->contents_row, contents);
  tide_pill_set_look (self->badge, tide_proof_get_look (tide_backup_get_proof (backup)));
}

static void
on_read (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(TideRestoreSourcePage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(Source) source = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  self->source = g_steal_pointer (&source);
  if (self->source != NULL)
    show_source (self, self->source);
  tide_error_view_set_error (self->error_view, error);
  gtk_stack_set_visible_child_name (self->stack, self->source ? "facts" : "error");
  tide_wizard_page_set_complete (TIDE_WIZARD_PAGE (self), self->source != NULL);
}

static void
on_chooser_response (GtkNativeDialog       *dialog,
                     int                    response,
                     TideRestoreSourcePage *self)
{
  g_autoptr(GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  path = file ? g_file_get_path (file) : NULL;
  if (path != NULL)
    tide_restore_source_page_set_path (self, path);
  g_object_unref (dialog);
}

static void
choose (TideRestoreSourcePage *self,
        const char            *title,
        GtkFileChooserAction   action)
{
  GtkFileChooserNative *dialog;

  dialog = gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), action,
                                        _("_Choose"), NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_chooser_response), self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
on_choose_file (TideRestoreSourcePage *self)
{
  choose (self, _("Choose a Backup"), GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void
on_choose_folder (TideRestoreSourcePage *self)
{
  choose (self, _("Choose a Backup in Directory Format"), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

static void
tide_restore_source_page_dispose (GObject *object)
{
  TideRestoreSourcePage *self = TIDE_RESTORE_SOURCE_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->source, source_free);
  G_OBJECT_CLASS (tide_restore_source_page_parent_class)->dispose (object);
}

static void
tide_restore_source_page_class_init (TideRestoreSourcePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_restore_source_page_dispose;

  g_type_ensure (TIDE_TYPE_PILL);
  g_type_ensure (TIDE_TYPE_ERROR_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-restore-source-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TideRestoreSourcePage, file_row);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreSourcePage, stack);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreSourcePage, error_view);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreSourcePage, format_row);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreSourcePage, made_row);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreSourcePage, database_row);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreSourcePage, contents_row);
  gtk_widget_class_bind_template_child (widget_class, TideRestoreSourcePage, badge);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_file);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_folder);
}

static void
tide_restore_source_page_init (TideRestoreSourcePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
tide_restore_source_page_set_path (TideRestoreSourcePage *self,
                                   const char            *path)
{
  g_autofree char *name = NULL;
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (TIDE_IS_RESTORE_SOURCE_PAGE (self));

  name = g_filename_display_name (path);
  adw_action_row_set_subtitle (self->file_row, name);
  g_clear_pointer (&self->source, source_free);
  tide_wizard_page_set_complete (TIDE_WIZARD_PAGE (self), FALSE);
  gtk_stack_set_visible_child_name (self->stack, "loading");
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, on_read, g_object_ref (self));
  g_task_set_source_tag (task, tide_restore_source_page_set_path);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, read_in_thread);
}

TideBackup *
tide_restore_source_page_get_backup (TideRestoreSourcePage *self)
{
  g_return_val_if_fail (TIDE_IS_RESTORE_SOURCE_PAGE (self), NULL);
  return self->source ? self->source->backup : NULL;
}

GPtrArray *
tide_restore_source_page_get_toc (TideRestoreSourcePage *self)
{
  g_return_val_if_fail (TIDE_IS_RESTORE_SOURCE_PAGE (self), NULL);
  return self->source ? self->source->toc : NULL;
}
