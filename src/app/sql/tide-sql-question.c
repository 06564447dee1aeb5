/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-question"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "sql/tide-sql-question.h"

#include "query/tide-query-values.h"
#include "tide-error.h"
#include "widgets/tide-dialogs.h"

/* A script may have many; the first ones tell. */
#define MAX_DANGERS 5
#define LINE_LENGTH 80

typedef struct
{
  char        *text;
  gsize        start;
  gsize        end;
  TideSqlCare  care;
  GPtrArray   *statements;
  GPtrArray   *names;    /* (element-type utf8): of parameters */
  GString     *dangers;  /* "" for none */
  guint        n_dangers;
  GHashTable  *values;
  GHashTable  *kept;     /* (nullable): values that were kept on disk, and that shall be */
  char        *kept_at;
  GPtrArray   *entries;  /* (element-type GtkEditable) */
  GPtrArray   *nulls;    /* (element-type GtkCheckButton) */
  gssize       place;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->text);
  g_clear_pointer (&question->care.remembered, g_hash_table_unref);
  g_clear_pointer (&question->statements, g_ptr_array_unref);
  g_clear_pointer (&question->values, g_hash_table_unref);
  g_clear_pointer (&question->kept, g_hash_table_unref);
  g_free (question->kept_at);
  g_clear_pointer (&question->entries, g_ptr_array_unref);
  g_clear_pointer (&question->nulls, g_ptr_array_unref);
  g_ptr_array_unref (question->names);
  g_string_free (question->dangers, TRUE);
  g_free (question);
}

static const char *
get_danger (TideGuardDangers dangers)
{
  if (dangers & TIDE_GUARD_DANGER_TRUNCATE)
    return _("empties a table");
  if (dangers & TIDE_GUARD_DANGER_DELETE_ALL)
    return _("deletes all rows: there is no condition");
  if (dangers & TIDE_GUARD_DANGER_UPDATE_ALL)
    return _("changes all rows: there is no condition");
  return _("drops what cannot be brought back");
}

static void
add_danger (Question                 *question,
            const TideQueryStatement *statement)
{
  const char *text = tide_query_statement_get_text (statement);
  g_auto(TideGuard) guard = { 0 };
  g_autofree char *line = NULL;

  tide_guard_check (&guard, tide_query_statement_get_sql (statement));
  if (guard.dangers == TIDE_GUARD_DANGER_NONE || question->n_dangers++ >= MAX_DANGERS)
    return;
  line = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), LINE_LENGTH));
  g_strdelimit (line, "\n\t", ' ');
  g_string_append_printf (question->dangers, "%s%s\n%s", question->dangers->len > 0 ? "\n\n" : "", line,
                          get_danger (guard.dangers));
}

static void
add_names (Question                 *question,
           const TideQueryStatement *statement)
{
  GPtrArray *names = tide_query_statement_get_parameters (statement);

  for (guint i = 0; i < names->len; i++)
    if (!g_ptr_array_find_with_equal_func (question->names, g_ptr_array_index (names, i), g_str_equal, NULL))
      g_ptr_array_add (question->names, g_strdup (g_ptr_array_index (names, i)));
}

static void
look (GTask        *task,
      gpointer      source,
      gpointer      data,
      GCancellable *cancellable)
{
  Question *question = data;
  GError *error = NULL;
  guint index = 0;

  question->statements = tide_query_statement_split (question->text, question->start, question->end);
  if (question->statements->len == 0)
    error = tide_error_new (TIDE_ERROR_USAGE, _("write a statement, or put the caret into one"), _("there is nothing to run"));
  else if (!tide_query_check (question->statements, question->care.read_only, &index, &error))
    question->place = tide_query_statement_get_start (g_ptr_array_index (question->statements, index));
  for (guint i = 0; error == NULL && i < question->statements->len; i++)
    {
      add_names (question, g_ptr_array_index (question->statements, i));
      if (question->care.careful)
        add_danger (question, g_ptr_array_index (question->statements, i));
    }
  if (question->n_dangers > MAX_DANGERS)
    g_string_append_printf (question->dangers, g_dngettext (NULL, "\nand %u more", "\nand %u more", question->n_dangers - MAX_DANGERS),
                            question->n_dangers - MAX_DANGERS);
  if (question->names->len > 0)
    question->kept = tide_query_values_load (NULL, question->kept_at);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
say_no (GTask *task)
{
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", _("Not run"));
}

typedef struct
{
  char       *place;
  GHashTable *values;
} Keep;

static void
keep_free (gpointer data)
{
  Keep *keep = data;

  g_free (keep->place);
  g_hash_table_unref (keep->values);
  g_free (keep);
}

static void
keep (GTask        *task,
      gpointer      source,
      gpointer      data,
      GCancellable *cancellable)
{
  Keep *keep = data;
  g_autoptr(GError) error = NULL;

  /* They are only a help: where the disk is full, they are typed again. */
  if (!tide_query_values_save (NULL, keep->place, keep->values, &error))
    g_message ("%s", error->message);
  g_task_return_boolean (task, TRUE);
}

static gboolean
is_secret (const Question *question,
           const char     *name,
           const char     *value)
{
  for (guint i = 0; i < question->statements->len; i++)
    {
      const TideQueryStatement *statement = g_ptr_array_index (question->statements, i);

      if (tide_query_values_is_secret (name, value, tide_query_statement_get_text (statement)))
        return TRUE;
    }
  return FALSE;
}

/* Whether it is hidden while it is typed. A statement that speaks of secrets makes all its values secret, unless one is called so. */
static gboolean
is_hidden (const Question *question,
           const char     *name,
           const char     *value)
{
  if (tide_query_values_is_secret (name, value, ""))
    return TRUE;
  for (guint i = 0; i < question->names->len; i++)
    if (tide_query_values_is_secret (g_ptr_array_index (question->names, i), "", ""))
      return FALSE;
  return is_secret (question, name, value);
}

static void
keep_values (const Question *question)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  Keep *keep_data = g_new0 (Keep, 1);
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  keep_data->place = g_strdup (question->kept_at);
  keep_data->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_iter_init (&iter, question->values);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (!is_secret (question, name, value))
      g_hash_table_insert (keep_data->values, g_strdup (name), g_strdup (value));
  g_task_set_source_tag (task, keep_values);
  g_task_set_task_data (task, keep_data, keep_free);
  if (g_hash_table_size (keep_data->values) > 0)
    g_task_run_in_thread (task, keep);
  else
    g_task_return_boolean (task, TRUE);
}

static void
take_values (Question *question)
{
  question->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < question->names->len; i++)
    {
      const char *name = g_ptr_array_index (question->names, i);
      const char *value = gtk_editable_get_text (g_ptr_array_index (question->entries, i));

      if (!is_hidden (question, name, value))
        g_hash_table_insert (question->care.remembered, g_strdup (name), g_strdup (value));
      if (!gtk_check_button_get_active (g_ptr_array_index (question->nulls, i)))
        g_hash_table_insert (question->values, g_strdup (name), g_strdup (value));
    }
  keep_values (question);
}

static void
on_values_given (GObject      *source,
                 GAsyncResult *result,
                 gpointer      data)
{
  g_autoptr(GTask) task = data;
  Question *question = g_task_get_task_data (task);
  gboolean given = tide_dialog_confirm_finish (GTK_WIDGET (source), result);

  if (given)
    {
      take_values (question);
      g_task_return_boolean (task, TRUE);
    }
  else
    say_no (task);
}

static void
on_peek (GtkEntry *entry)
{
  gboolean visible = !gtk_entry_get_visibility (entry);

  gtk_entry_set_visibility (entry, visible);
  gtk_entry_set_icon_from_icon_name (entry, GTK_ENTRY_ICON_SECONDARY, visible ? "view-conceal-symbolic" : "view-reveal-symbolic");
}

/* No GtkPasswordEntry: that of GTK 4.8 speaks up when it goes with the keyboard in it. */
static void
hide_text (GtkEntry *entry)
{
  gtk_entry_set_visibility (entry, FALSE);
  gtk_entry_set_input_purpose (entry, GTK_INPUT_PURPOSE_PASSWORD);
  gtk_entry_set_icon_from_icon_name (entry, GTK_ENTRY_ICON_SECONDARY, "view-reveal-symbolic");
  gtk_entry_set_icon_tooltip_text (entry, GTK_ENTRY_ICON_SECONDARY, _("Show What Is Typed"));
  g_signal_connect (entry, "icon-press", G_CALLBACK (on_peek), NULL);
}

static void
add_entry (Question *question,
           GtkGrid  *grid,
           int       row)
{
  const char *name = g_ptr_array_index (question->names, row);
  const char *kept = g_hash_table_lookup (question->kept, name);
  /* Another tab may have asked since */
  const char *value = kept ? kept : g_hash_table_lookup (question->care.remembered, name);
  gboolean hidden = is_hidden (question, name, value ? value : "");
  GtkWidget *label = gtk_label_new (name);
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *null = gtk_check_button_new_with_label ("NULL");

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "monospace");
  gtk_widget_set_hexpand (entry, TRUE);
  if (hidden)
    hide_text (GTK_ENTRY (entry));
  else
    gtk_editable_set_text (GTK_EDITABLE (entry), value ? value : "");
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_bind_property (null, "active", entry, "sensitive", G_BINDING_INVERT_BOOLEAN);
  gtk_grid_attach (grid, label, 0, row, 1, 1);
  gtk_grid_attach (grid, entry, 1, row, 1, 1);
  gtk_grid_attach (grid, null, 2, row, 1, 1);
  g_ptr_array_add (question->entries, g_object_ref (entry));
  g_ptr_array_add (question->nulls, g_object_ref (null));
}

static void
ask_for_values (GTask *task)
{
  Question *question = g_task_get_task_data (task);
  GtkWidget *parent = g_task_get_source_object (task);
  GtkWidget *scrolled;
  GtkWidget *grid;

  if (question->names->len == 0)
    {
      g_task_return_boolean (task, TRUE);
      g_object_unref (task);
      return;
    }
  scrolled = gtk_scrolled_window_new ();
  grid = gtk_grid_new ();
  question->entries = g_ptr_array_new_with_free_func (g_object_unref);
  question->nulls = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  for (guint i = 0; i < question->names->len; i++)
    add_entry (question, GTK_GRID (grid), i);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scrolled), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scrolled), 320);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), grid);
  tide_dialog_confirm_async (parent, _("Values"), _("They are sent as they are, and apart from the SQL."), scrolled, _("_Run"),
                             NULL, FALSE, on_values_given, task);
}

static void
on_meant (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  GTask *task = data;

  if (tide_dialog_confirm_finish (GTK_WIDGET (source), result))
    {
      ask_for_values (task);
      return;
    }
  say_no (task);
  g_object_unref (task);
}

static void
on_looked (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  GTask *task = data;
  Question *question = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
    }
  else if (question->dangers->len > 0)
    tide_dialog_confirm_async (g_task_get_source_object (task), _("Is This What You Mean?"), question->dangers->str, NULL, _("_Run"), NULL,
                               TRUE, on_meant, task);
  else
    ask_for_values (task);
}

void
tide_sql_question_ask_async (GtkWidget           *parent,
                             const char          *text,
                             gsize                start,
                             gsize                end,
                             const TideSqlCare   *care,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task = g_task_new (parent, NULL, callback, user_data);
  g_autoptr(GTask) first = g_task_new (NULL, NULL, on_looked, task);
  Question *question = g_new0 (Question, 1);

  question->text = g_strdup (text);
  question->start = start;
  question->end = end;
  question->care = *care;
  question->kept_at = g_strdup (care->place);
  g_hash_table_ref (care->remembered);
  question->names = g_ptr_array_new_with_free_func (g_free);
  question->dangers = g_string_new (NULL);
  question->place = -1;
  g_task_set_source_tag (task, tide_sql_question_ask_async);
  g_task_set_task_data (task, question, question_free);
  g_task_set_task_data (first, question, NULL);
  g_task_run_in_thread (first, look);
}

GPtrArray *
tide_sql_question_ask_finish (GtkWidget     *parent,
                              GAsyncResult  *result,
                              GHashTable   **values,
                              gssize        *place,
                              GError       **error)
{
  Question *question = g_task_get_task_data (G_TASK (result));

  *values = NULL;
  *place = question->place;
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  *values = g_steal_pointer (&question->values);
  return g_steal_pointer (&question->statements);
}
