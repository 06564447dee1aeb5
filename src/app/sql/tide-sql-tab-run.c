/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-tab"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "sql/tide-sql-tab-private.h"

#include "sql/tide-explain-view.h"
#include "sql/tide-sql-question.h"
#include "tide-error.h"
#include "widgets/tide-dialogs.h"
#include "widgets/tide-format.h"

typedef enum
{
  DEED_RUN,
  DEED_EXPLAIN,
  DEED_ANALYZE,
} Deed;

static void
show_results (TideSqlTab *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->results), TRUE);
}

static void
mark (TideSqlTab *self,
      gssize      place)
{
  g_autofree char *text = tide_sql_tab_dup_text (self);

  /* What was edited since has other places. */
  if (place >= 0 && g_strcmp0 (text, self->ran_text) == 0)
    tide_sql_editor_mark_error (self->editor, text, place);
}

static void
show_refusal (TideSqlTab   *self,
              const GError *error,
              gssize        place)
{
  show_results (self);
  tide_results_pane_clear (self->results);
  tide_results_pane_add_error (self->results, error, FALSE);
  mark (self, place);
  if (tide_sql_console_get_read_only (self->console) && g_error_matches (error, TIDE_ERROR, TIDE_ERROR_REFUSED))
    tide_sql_tab_show_bar (self, TIDE_SQL_BAR_REFUSED, error->message);
}

static void
run_statements (TideSqlTab *self,
                GPtrArray  *statements,
                GHashTable *values,
                Deed        deed)
{
  const TideQueryStatement *first = g_ptr_array_index (statements, 0);
  const TideQueryStatement *last = g_ptr_array_index (statements, statements->len - 1);
  gsize start = tide_query_statement_get_start (first);
  gsize end = tide_query_statement_get_start (last) + strlen (tide_query_statement_get_text (last));
  g_autofree char *text = g_strndup (self->ran_text + start, end - start);

  g_clear_pointer (&self->statements, g_ptr_array_unref);
  self->statements = g_ptr_array_ref (statements);
  self->n_results = 0;
  show_results (self);
  tide_results_pane_clear (self->results);
  if (deed == DEED_RUN)
    tide_sql_console_run (self->console, GTK_WIDGET (self), statements, values, text);
  else
    tide_sql_console_explain (self->console, GTK_WIDGET (self), statements, values, deed == DEED_ANALYZE);
}

static void
on_asked (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  TideSqlTab *self = TIDE_SQL_TAB (source);
  g_autoptr(GHashTable) values = NULL;
  g_autoptr(GPtrArray) statements = NULL;
  g_autoptr(GError) error = NULL;
  gssize place;

  self->asking = FALSE;
  if (self->console == NULL || tide_sql_console_is_busy (self->console))
    return;
  statements = tide_sql_question_ask_finish (GTK_WIDGET (self), result, &values, &place, &error);
  if (statements != NULL)
    run_statements (self, statements, values, GPOINTER_TO_INT (data));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_refusal (self, error, place);
}

static void
ask (TideSqlTab  *self,
     TideSqlPart  part,
     Deed         deed)
{
  TideKind kind = tide_sql_place_get_kind (self->place);
  TideSqlCare care = { tide_sql_console_get_read_only (self->console) && deed == DEED_RUN,
                       kind != TIDE_KIND_DEVELOPMENT && deed == DEED_RUN, self->remembered,
                       tide_sql_place_get_key (self->place) };
  gsize start = 0;
  gsize end = 0;

  if (self->asking || tide_sql_console_is_busy (self->console))
    return;
  if (tide_sql_console_get_loss (self->console) != NULL)
    {
      tide_sql_tab_show_bar (self, TIDE_SQL_BAR_LOSS, tide_sql_console_get_loss (self->console)->message);
      return;
    }
  tide_sql_tab_show_bar (self, TIDE_SQL_BAR_NONE, NULL);
  tide_sql_editor_clear_error (self->editor);
  g_free (self->ran_text);
  self->ran_text = tide_sql_tab_dup_text (self);
  tide_sql_editor_get_range (self->editor, self->ran_text, part, &start, &end);
  self->asking = TRUE;
  tide_sql_question_ask_async (GTK_WIDGET (self), self->ran_text, start, end, &care, on_asked, GINT_TO_POINTER (deed));
}

/* A run that waits until somebody has said that changed rows may go */
typedef struct
{
  TideSqlPart part;
  Deed        deed;
} Wish;

static void
on_discard_answered (GObject      *source,
                     GAsyncResult *result,
                     gpointer      data)
{
  g_autofree Wish *wish = data;

  TIDE_SQL_TAB (source)->asking = FALSE;
  if (tide_dialog_confirm_finish (GTK_WIDGET (source), result) && TIDE_SQL_TAB (source)->console != NULL)
    ask (TIDE_SQL_TAB (source), wish->part, wish->deed);
}

/* What a run answers takes the place of what is shown, with what was changed there. */
static void
ask_about_changes (TideSqlTab  *self,
                   TideSqlPart  part,
                   Deed         deed)
{
  guint n = tide_results_pane_get_n_changes (self->results);
  g_autofree char *heading = NULL;
  Wish *wish;

  if (self->asking)
    return;
  if (n == 0)
    {
      ask (self, part, deed);
      return;
    }
  heading = g_strdup_printf (g_dngettext (NULL, "Discard %u Changed Row?", "Discard %u Changed Rows?", n), n);
  wish = g_new0 (Wish, 1);
  wish->part = part;
  wish->deed = deed;
  self->asking = TRUE;
  tide_dialog_confirm_async (GTK_WIDGET (self), heading,
                             _("What was changed in the rows below is not applied yet, and a run takes their place."), NULL,
                             _("_Discard"), NULL, TRUE, on_discard_answered, wish);
}

static void
activate_run (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  TideSqlTab *self = TIDE_SQL_TAB (widget);

  if (g_str_equal (action_name, "tab.run-all"))
    ask_about_changes (self, TIDE_SQL_PART_ALL, DEED_RUN);
  else if (g_str_equal (action_name, "tab.explain"))
    ask_about_changes (self, TIDE_SQL_PART_CARET, DEED_EXPLAIN);
  else if (g_str_equal (action_name, "tab.explain-analyze"))
    ask_about_changes (self, TIDE_SQL_PART_CARET, DEED_ANALYZE);
  else
    ask_about_changes (self, TIDE_SQL_PART_CARET, DEED_RUN);
}

static void
activate_cancel (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  tide_sql_console_cancel (TIDE_SQL_TAB (widget)->console);
}

static void
activate_end (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  TideSqlTab *self = TIDE_SQL_TAB (widget);

  tide_sql_console_run_plain (self->console, widget, g_str_equal (action_name, "tab.commit") ? "COMMIT" : "ROLLBACK");
}

static void
on_unlock_answered (GObject      *source,
                    GAsyncResult *result,
                    gpointer      data)
{
  TideSqlTab *self = TIDE_SQL_TAB (source);

  if (!tide_dialog_confirm_finish (GTK_WIDGET (self), result))
    return;
  tide_sql_console_set_read_only (self->console, FALSE);
  tide_sql_tab_show_bar (self, TIDE_SQL_BAR_NONE, NULL);
}

static void
activate_unlock (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  TideSqlTab *self = TIDE_SQL_TAB (widget);
  g_autofree char *body = NULL;

  if (!tide_sql_console_get_read_only (self->console))
    {
      tide_sql_tab_lock (self);
      return;
    }
  if (!tide_sql_place_is_read_only (self->place))
    {
      tide_sql_console_set_read_only (self->console, FALSE);
      tide_sql_tab_show_bar (self, TIDE_SQL_BAR_NONE, NULL);
      return;
    }
  body = g_strdup_printf (_("What you run in this tab will change “%s” until you lock it again. The header stays red "
                            "meanwhile."), tide_sql_place_get_name (self->place));
  tide_dialog_confirm_async (widget, _("Allow Writing?"), body, NULL, _("_Allow Writing"), NULL, TRUE, on_unlock_answered, NULL);
}

static void
show_done (TideSqlTab           *self,
           const TideQueryEvent *event)
{
  g_autofree char *duration = tide_format_duration (event->duration);
  g_autofree char *message = g_strdup_printf ("%s · %s", event->command ? event->command : "", duration);

  tide_results_pane_add_message (self->results, message);
  if (event->changes_catalog)
    g_signal_emit_by_name (self, "changed-catalog");
}

static void
on_event (TideSqlConsole       *console,
          const TideQueryEvent *event,
          TideSqlTab           *self)
{
  switch (event->type)
    {
    case TIDE_QUERY_RESULT:
      if (self->n_results++ == 0)
        tide_results_pane_set_session (self->results, tide_sql_console_get_session (console),
                                       tide_sql_console_get_read_only (console));
      tide_results_pane_add_store (self->results, NULL, event->store);
      break;
    case TIDE_QUERY_NOTICE:
      tide_results_pane_add_error (self->results, event->notice, TRUE);
      break;
    case TIDE_QUERY_DONE:
      show_done (self, event);
      break;
    case TIDE_QUERY_STARTED:
    default:
      break;
    }
}

static void
on_notification (TideSqlConsole *console,
                 const char     *channel,
                 const char     *payload,
                 int             pid,
                 TideSqlTab     *self)
{
  show_results (self);
  tide_results_pane_add_notification (self->results, channel, payload, pid);
}

static void
show_failure (TideSqlTab   *self,
              guint         index,
              const GError *error)
{
  guint n = self->statements == NULL ? 0 : self->statements->len;
  gssize place = index < n ? tide_query_statement_locate (g_ptr_array_index (self->statements, index), error) : -1;
  g_autoptr(GError) told = g_error_copy (error);

  /* The server counts from the beginning of the statement, a person from that of the text. */
  if (place >= 0)
    tide_error_get_fields (told)->line = tide_sql_line_of_offset (self->ran_text, strlen (self->ran_text), place);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tide_results_pane_add_message (self->results, _("Cancelled"));
  else
    tide_results_pane_add_error (self->results, told, FALSE);
  if (index + 1 < n)
    {
      g_autofree char *rest = g_strdup_printf (g_dngettext (NULL, "%u more statement was not run",
                                                            "%u more statements were not run", n - index - 1), n - index - 1);

      tide_results_pane_add_message (self->results, rest);
    }
  mark (self, place);
}

static void
on_finished (TideSqlConsole *console,
             guint           index,
             const GError   *error,
             TideExplain    *explain,
             TideSqlTab     *self)
{
  tide_results_pane_set_session (self->results, tide_sql_console_get_session (console),
                                 tide_sql_console_get_read_only (console));
  if (explain != NULL)
    {
      GtkWidget *view = tide_explain_view_new ();

      tide_explain_view_set_explain (TIDE_EXPLAIN_VIEW (view), explain);
      tide_results_pane_add_page (self->results, _("Plan"), view);
    }
  if (error != NULL)
    show_failure (self, index, error);
  else if (self->n_results == 0 && explain == NULL)
    tide_results_pane_show_messages (self->results);
}

void
tide_sql_tab_connect_console (TideSqlTab *self)
{
  g_signal_connect_object (self->console, "event", G_CALLBACK (on_event), self, 0);
  g_signal_connect_object (self->console, "notification", G_CALLBACK (on_notification), self, 0);
  g_signal_connect_object (self->console, "finished", G_CALLBACK (on_finished), self, 0);
}

void
tide_sql_tab_install_run (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "tab.run", NULL, activate_run);
  gtk_widget_class_install_action (widget_class, "tab.run-all", NULL, activate_run);
  gtk_widget_class_install_action (widget_class, "tab.explain", NULL, activate_run);
  gtk_widget_class_install_action (widget_class, "tab.explain-analyze", NULL, activate_run);
  gtk_widget_class_install_action (widget_class, "tab.cancel", NULL, activate_cancel);
  gtk_widget_class_install_action (widget_class, "tab.commit", NULL, activate_end);
  gtk_widget_class_install_action (widget_class, "tab.rollback", NULL, activate_end);
  gtk_widget_class_install_action (widget_class, "tab.unlock", NULL, activate_unlock);
}
