/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-history-panel"

#include "config.h"

#include <string.h>

#include <adwaita.h>
#include <glib/gi18n.h>

#include "sql/tide-sql-history-panel.h"

#include "query/tide-query-history.h"
#include "widgets/tide-children.h"
#include "widgets/tide-format.h"

/* Whoever looks for more says what for. */
#define LONGEST_TOOLTIP 1000 /* bytes */
#define MAX_ROWS 200
/* A row tells its beginning. */
#define MAX_TEXT 200

struct _TideSqlHistoryPanel
{
  GtkWidget       parent_instance;

  /* Template widgets */
  GtkEditable    *search_entry;
  GtkStack       *stack;
  GtkListBox     *list;

  /* Owned */
  GCancellable   *cancellable; /* of what is being read */
};

enum
{
  CHOSEN,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (TideSqlHistoryPanel, tide_sql_history_panel, GTK_TYPE_WIDGET)

static guint signals[N_SIGNALS];

static char *
format_beginning (const char *text)
{
  g_autofree char *start = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, MAX_TEXT * 4), MAX_TEXT));
  g_auto(GStrv) words = g_strsplit_set (start, " \n\t", -1);
  GString *line = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_string_append_printf (line, "%s%s", line->len > 0 ? " " : "", words[i]);
  return g_string_free (line, FALSE);
}

/* What has no rows tells its command: only the tags of the others end in a number. */
static char *
format_outcome (const TideQueryRecord *record)
{
  if (record->outcome != TIDE_QUERY_OUTCOME_DONE)
    return g_strdup (record->outcome == TIDE_QUERY_OUTCOME_CANCELLED ? _("cancelled") : _("failed"));
  if (record->command != NULL && *record->command != '\0' && !g_ascii_isdigit (record->command[strlen (record->command) - 1]))
    return g_strdup (record->command);
  return g_strdup_printf (g_dngettext (NULL, "%d row", "%d rows", record->n_rows), (int) record->n_rows);
}

static char *
format_facts (const TideQueryRecord *record)
{
  g_autofree char *ago = tide_format_ago (record->time);
  g_autofree char *duration = tide_format_duration (record->duration);
  g_autofree char *outcome = format_outcome (record);

  if (record->outcome == TIDE_QUERY_OUTCOME_DONE)
    return g_strdup_printf ("%s · %s · %s · %s", record->environment ? record->environment : "", ago, outcome, duration);
  return g_strdup_printf ("%s · %s · %s", record->environment ? record->environment : "", ago, outcome);
}

static GtkWidget *
make_label (const char *text,
            const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
add_record (TideSqlHistoryPanel   *self,
            const TideQueryRecord *record)
{
  g_autofree char *beginning = format_beginning (record->text);
  g_autofree char *facts = format_facts (record);
  g_autofree char *message = record->message ? tide_format_lines (record->message, LONGEST_TOOLTIP) : NULL;
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *text = make_label (beginning, "monospace");
  GtkWidget *below = make_label (facts, "caption");

  gtk_label_set_wrap (GTK_LABEL (text), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (text), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_lines (GTK_LABEL (text), 3);
  gtk_widget_add_css_class (below, record->outcome == TIDE_QUERY_OUTCOME_FAILED ? "error" : "dim-label");
  gtk_widget_set_tooltip_text (row, message);
  gtk_box_append (GTK_BOX (box), text);
  gtk_box_append (GTK_BOX (box), below);
  gtk_widget_add_css_class (box, "step");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data_full (G_OBJECT (row), "tide-text", g_strdup (record->text), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, beginning, -1);
  gtk_list_box_append (self->list, row);
}

static void
read_history (GTask        *task,
              gpointer      source,
              gpointer      data,
              GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *records = tide_query_history_read (NULL, data, MAX_ROWS, &error);

  if (records != NULL)
    g_task_return_pointer (task, records, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr(TideSqlHistoryPanel) self = data;
  g_autoptr(GPtrArray) records = g_task_propagate_pointer (G_TASK (result), NULL);
  GtkWidget *row;

  if (records == NULL || self->list == NULL)
    return;
  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);
  for (guint i = 0; i < records->len; i++)
    add_record (self, g_ptr_array_index (records, i));
  gtk_stack_set_visible_child_name (self->stack, records->len > 0 ? "list" : "nothing");
}

void
tide_sql_history_panel_refresh (TideSqlHistoryPanel *self)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (TIDE_IS_SQL_HISTORY_PANEL (self));

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, on_read, g_object_ref (self));
  g_task_set_source_tag (task, tide_sql_history_panel_refresh);
  g_task_set_task_data (task, g_strdup (gtk_editable_get_text (self->search_entry)), g_free);
  g_task_run_in_thread (task, read_history);
}

static void
on_row_activated (TideSqlHistoryPanel *self,
                  GtkListBoxRow       *row)
{
  g_signal_emit (self, signals[CHOSEN], 0, g_object_get_data (G_OBJECT (row), "tide-text"));
}

static void
tide_sql_history_panel_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tide_sql_history_panel_parent_class)->map (widget);
  tide_sql_history_panel_refresh (TIDE_SQL_HISTORY_PANEL (widget));
}

static void
tide_sql_history_panel_dispose (GObject *object)
{
  TideSqlHistoryPanel *self = TIDE_SQL_HISTORY_PANEL (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_SQL_HISTORY_PANEL);
  tide_children_unparent (GTK_WIDGET (self));
  G_OBJECT_CLASS (tide_sql_history_panel_parent_class)->dispose (object);
}

static void
tide_sql_history_panel_class_init (TideSqlHistoryPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_sql_history_panel_dispose;
  widget_class->map = tide_sql_history_panel_map;
  signals[CHOSEN] = g_signal_new ("chosen", TIDE_TYPE_SQL_HISTORY_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-sql-history-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, TideSqlHistoryPanel, search_entry);
  gtk_widget_class_bind_template_child (widget_class, TideSqlHistoryPanel, stack);
  gtk_widget_class_bind_template_child (widget_class, TideSqlHistoryPanel, list);
  gtk_widget_class_bind_template_callback (widget_class, tide_sql_history_panel_refresh);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_sql_history_panel_init (TideSqlHistoryPanel *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
