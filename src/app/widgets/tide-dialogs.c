/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-dialogs"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "widgets/tide-dialogs.h"

#include "connect/tide-secrets.h"
#include "tide-error.h"
#include "widgets/tide-text-label.h"

#define RESPONSE_CANCEL "cancel"
#define RESPONSE_OK     "ok"
#define RESPONSE_COPY   "copy"

/* Characters in a line of an error's text */
#define ERROR_WIDTH 48

static AdwMessageDialog *
create_dialog (GtkWidget  *parent,
               const char *heading,
               const char *body)
{
  GtkRoot *root = parent ? gtk_widget_get_root (parent) : NULL;
  GtkWidget *dialog = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                              heading, body);

  return ADW_MESSAGE_DIALOG (dialog);
}

static void
typed_name_changed_cb (GtkEditable      *entry,
                       AdwMessageDialog *dialog)
{
  const char *wanted = g_object_get_data (G_OBJECT (entry), "tide-wanted");

  adw_message_dialog_set_response_enabled (dialog, RESPONSE_OK,
                                           g_str_equal (gtk_editable_get_text (entry), wanted));
}

/* An entry that enables the verb once @typed_name stands in it */
static GtkWidget *
create_typed_name (AdwMessageDialog *dialog,
                   const char       *typed_name)
{
  g_autofree char *prompt = g_strdup_printf (_("Type “%s” to confirm"), typed_name);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *label = gtk_label_new (prompt);
  GtkWidget *entry = gtk_entry_new ();

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_selectable (GTK_LABEL (label), FALSE);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), entry);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, prompt, -1);
  g_object_set_data_full (G_OBJECT (entry), "tide-wanted", g_strdup (typed_name), g_free);
  g_signal_connect_object (entry, "changed", G_CALLBACK (typed_name_changed_cb), dialog, 0);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), entry);
  adw_message_dialog_set_response_enabled (dialog, RESPONSE_OK, FALSE);
  return box;
}

static void
confirm_response_cb (AdwMessageDialog *dialog,
                     const char       *response,
                     gpointer          user_data)
{
  g_autoptr(GTask) task = user_data;

  g_task_return_boolean (task, g_str_equal (response, RESPONSE_OK));
}

/* @no: what closing the dialog says, too */
static AdwMessageDialog *
create_question (GtkWidget  *parent,
                 const char *heading,
                 const char *body,
                 const char *no,
                 const char *yes,
                 gboolean    destructive,
                 GTask      *task)
{
  AdwMessageDialog *dialog = create_dialog (parent, heading, body);

  adw_message_dialog_add_responses (dialog, RESPONSE_CANCEL, no, RESPONSE_OK, yes, NULL);
  adw_message_dialog_set_response_appearance (dialog, RESPONSE_OK,
                                              destructive ? ADW_RESPONSE_DESTRUCTIVE
                                                          : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_close_response (dialog, RESPONSE_CANCEL);
  adw_message_dialog_set_default_response (dialog, destructive ? RESPONSE_CANCEL : RESPONSE_OK);
  g_signal_connect (dialog, "response", G_CALLBACK (confirm_response_cb), task);
  return dialog;
}

/**
 * tide_dialog_confirm_stop_async:
 * @parent: a widget of the window that asks
 * @heading: the question
 * @body: (nullable): what stopping does, in plain text
 * @verb: the word of the button that stops it
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks before something that runs is stopped; the other button lets it run. Ends with tide_dialog_confirm_finish().
 */
void
tide_dialog_confirm_stop_async (GtkWidget           *parent,
                                const char          *heading,
                                const char          *body,
                                const char          *verb,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task = g_task_new (parent, NULL, callback, user_data);

  g_task_set_source_tag (task, tide_dialog_confirm_stop_async);
  gtk_window_present (GTK_WINDOW (create_question (parent, heading, body, _("_Keep Running"), verb, TRUE, task)));
}

/**
 * tide_dialog_confirm_async:
 * @parent: a widget of the window that asks
 * @heading: the question
 * @body: (nullable): what will happen, in plain text
 * @extra_child: (nullable) (transfer floating): shown below the text
 * @verb: the button's word
 * @typed_name: (nullable): what must be typed before the button works
 * @destructive: whether the button is red
 * @callback: called with the answer
 * @user_data: for @callback
 *
 * Asks before something is done. Escape, Cancel and closing the dialog all mean no.
 */
void
tide_dialog_confirm_async (GtkWidget           *parent,
                           const char          *heading,
                           const char          *body,
                           GtkWidget           *extra_child,
                           const char          *verb,
                           const char          *typed_name,
                           gboolean             destructive,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = g_task_new (parent, NULL, callback, user_data);
  AdwMessageDialog *dialog = create_question (parent, heading, body, _("_Cancel"), verb, destructive, task);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  g_task_set_source_tag (task, tide_dialog_confirm_async);
  /* Return must never do what cannot be undone, unless a name was typed for it. */
  if (typed_name != NULL)
    adw_message_dialog_set_default_response (dialog, RESPONSE_OK);
  if (extra_child != NULL)
    gtk_box_append (GTK_BOX (box), extra_child);
  if (typed_name != NULL)
    gtk_box_append (GTK_BOX (box), create_typed_name (dialog, typed_name));
  adw_message_dialog_set_extra_child (dialog, box);
  gtk_widget_set_visible (box, extra_child != NULL || typed_name != NULL);
  gtk_window_present (GTK_WINDOW (dialog));
}

gboolean
tide_dialog_confirm_finish (GtkWidget    *parent,
                            GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, parent), FALSE);
  return g_task_propagate_boolean (G_TASK (result), NULL);
}

static void
password_response_cb (AdwMessageDialog *dialog,
                      const char       *response,
                      gpointer          user_data)
{
  g_autoptr(GTask) task = user_data;
  GtkWidget *entry = adw_message_dialog_get_extra_child (dialog);

  /* GTK 4.8's password entry still hears of a focus that it loses while it is being freed. */
  gtk_window_set_focus (GTK_WINDOW (dialog), NULL);
  if (g_str_equal (response, RESPONSE_OK))
    g_task_return_pointer (task, g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))),
                           (GDestroyNotify) tide_secrets_free);
  else
    g_task_return_pointer (task, NULL, NULL);
}

void
tide_dialog_ask_password_async (GtkWidget           *parent,
                                const char          *heading,
                                const char          *body,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  AdwMessageDialog *dialog = create_dialog (parent, heading, body);
  GtkWidget *entry = gtk_password_entry_new ();
  GTask *task = g_task_new (parent, NULL, callback, user_data);

  g_task_set_source_tag (task, tide_dialog_ask_password_async);
  gtk_password_entry_set_show_peek_icon (GTK_PASSWORD_ENTRY (entry), TRUE);
  g_object_set (entry, "activates-default", TRUE, "placeholder-text", _("Password"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Password"), -1);
  adw_message_dialog_set_extra_child (dialog, entry);
  adw_message_dialog_add_responses (dialog, RESPONSE_CANCEL, _("_Cancel"),
                                    RESPONSE_OK, _("C_onnect"), NULL);
  adw_message_dialog_set_response_appearance (dialog, RESPONSE_OK, ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, RESPONSE_OK);
  adw_message_dialog_set_close_response (dialog, RESPONSE_CANCEL);
  g_signal_connect (dialog, "response", G_CALLBACK (password_response_cb), task);
  gtk_window_present (GTK_WINDOW (dialog));
}

char *
tide_dialog_ask_password_finish (GtkWidget    *parent,
                                 GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, parent), NULL);
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

static void
choose_path_response_cb (GtkNativeDialog *dialog,
                         int              response,
                         gpointer         user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_task_return_pointer (task, file ? g_file_get_path (file) : NULL, g_free);
  g_object_unref (dialog);
}

/* @name: (nullable): what a new file is called */
static void
choose_path (GtkWidget            *parent,
             const char           *title,
             GtkFileChooserAction  action,
             const char           *verb,
             const char           *name,
             GAsyncReadyCallback   callback,
             gpointer              user_data)
{
  GtkFileChooserNative *dialog;
  GTask *task = g_task_new (parent, NULL, callback, user_data);

  g_task_set_source_tag (task, choose_path);
  dialog = gtk_file_chooser_native_new (title, GTK_WINDOW (gtk_widget_get_root (parent)), action, verb, NULL);
  if (name != NULL)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (choose_path_response_cb), task);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
tide_dialog_choose_path_async (GtkWidget           *parent,
                               const char          *title,
                               gboolean             folder,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  choose_path (parent, title, folder ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER : GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"),
               NULL, callback, user_data);
}

void
tide_dialog_save_path_async (GtkWidget           *parent,
                             const char          *title,
                             const char          *name,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  choose_path (parent, title, GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), name, callback, user_data);
}

char *
tide_dialog_choose_path_finish (GtkWidget    *parent,
                                GAsyncResult *result)
{
  g_return_val_if_fail (g_task_is_valid (result, parent), NULL);
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

static void
error_response_cb (AdwMessageDialog *dialog,
                   const char       *response,
                   const char       *text)
{
  if (g_str_equal (response, RESPONSE_COPY))
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (dialog)), text);
}

static GtkWidget *
create_error_text (const char *text)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *label = tide_text_label_new (text, "tide-error-text");

  gtk_label_set_yalign (GTK_LABEL (label), 0);
  tide_text_label_set_selectable (GTK_LABEL (label));
  /* The dialog's height is asked for at the natural width, so that is the width to have. */
  gtk_label_set_max_width_chars (GTK_LABEL (label), ERROR_WIDTH);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), label);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 320);
  gtk_widget_add_css_class (scroller, "card");
  return scroller;
}

/**
 * tide_dialog_show_error:
 * @parent: a widget of the window where it happened
 * @heading: what could not be done
 * @error: why
 *
 * Shows all of @error, ready to be copied. What a person cancelled is not shown: they know.
 */
void
tide_dialog_show_error (GtkWidget    *parent,
                        const char   *heading,
                        const GError *error)
{
  g_autofree char *text = NULL;
  AdwMessageDialog *dialog;

  g_return_if_fail (error != NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  text = tide_error_dup_text (error);
  dialog = create_dialog (parent, heading, NULL);
  adw_message_dialog_set_extra_child (dialog, create_error_text (text));
  adw_message_dialog_add_responses (dialog, RESPONSE_COPY, _("C_opy"),
                                    RESPONSE_CANCEL, _("_Close"), NULL);
  adw_message_dialog_set_default_response (dialog, RESPONSE_CANCEL);
  adw_message_dialog_set_close_response (dialog, RESPONSE_CANCEL);
  g_signal_connect_data (dialog, "response", G_CALLBACK (error_response_cb),
                         g_steal_pointer (&text), (GClosureNotify) g_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
