/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The one place that makes message dialogs, so that a later libadwaita changes one file. */

/* Asks before something is done. @verb: the button's word ("Deploy"); @typed_name: (nullable): what must be typed first
 * (the database's name, on production); @destructive: the button is red. */
void     tide_dialog_confirm_async  (GtkWidget            *parent,
                                     const char           *heading,
                                     const char           *body,
                                     GtkWidget            *extra_child, /* (nullable) (transfer full if floating) */
                                     const char           *verb,
                                     const char           *typed_name,
                                     gboolean              destructive,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
/* Before something that runs is stopped: the other button is "Keep Running"; the same finish */
void     tide_dialog_confirm_stop_async (GtkWidget            *parent,
                                     const char           *heading,
                                     const char           *body, /* (nullable) */
                                     const char           *verb,
                                     GAsyncReadyCallback   callback,
                                     gpointer              user_data);
gboolean tide_dialog_confirm_finish (GtkWidget            *parent,
                                     GAsyncResult         *result); /* FALSE: the person said no */
/* Asks for a password that is kept nowhere. finish: (transfer full) (nullable): NULL: the person said no;
 * free with tide_secrets_free() */
void     tide_dialog_ask_password_async  (GtkWidget            *parent,
                                          const char           *heading,
                                          const char           *body,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
char    *tide_dialog_ask_password_finish (GtkWidget            *parent,
                                          GAsyncResult         *result);
/* finish: (transfer full) (nullable): the path of the file, or of the folder if @folder; NULL: none was chosen */
void     tide_dialog_choose_path_async   (GtkWidget            *parent,
                                          const char           *title,
                                          gboolean              folder,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
/* For a new file, called @name unless the person says otherwise; the same finish */
void     tide_dialog_save_path_async     (GtkWidget            *parent,
                                          const char           *title,
                                          const char           *name,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
char    *tide_dialog_choose_path_finish  (GtkWidget            *parent,
                                          GAsyncResult         *result);
/* Message, detail, position and next step of an error, selectable, with Copy */
void     tide_dialog_show_error     (GtkWidget            *parent,
                                     const char           *heading,
                                     const GError         *error);

G_END_DECLS
