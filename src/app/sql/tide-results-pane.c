/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-results-pane"

#include "config.h"

#include <glib/gi18n.h>

#include "sql/tide-result-view.h"
#include "sql/tide-results-pane.h"
#include "tide-error.h"
#include "widgets/tide-children.h"
#include "widgets/tide-format.h"
#include "widgets/tide-text-label.h"

#define TITLE_CHARS 28
#define MAX_MESSAGES 1000
#define MAX_RESULTS  100
#define SHOW_MS      40 /* what is said meanwhile is shown together */

struct _TideResultsPane
{
  GtkWidget      parent_instance;

  /* Template widgets */
  GtkNotebook   *notebook;
  GtkListBox    *messages;
  GtkWidget     *messages_page;
  GtkWidget     *more_label;    /* that there were more messages */

  /* Owned */
  TideWorkspace *workspace;
  TideSession   *session;
  TideSqlConsole *console;
  GQueue        *waiting;       /* of Message: said, and not shown so far */
  gboolean       read_only;
  guint          n_messages;
  guint          n_results;     /* with rows, of this run: shown or not */
  guint          show_source;
};

typedef struct
{
  char       *text;
  const char *css_class;
} Message;

static void
message_free (Message *self)
{
  g_free (self->text);
  g_free (self);
}

G_DEFINE_FINAL_TYPE (TideResultsPane, tide_results_pane, GTK_TYPE_WIDGET)

/* A notebook that loses the page that is seen gives the keyboard to another one, through a window that is gone by now. */
static void
remove_unseen (TideResultsPane *self)
{
  for (int i = gtk_notebook_get_n_pages (self->notebook) - 1; i >= 0; i--)
    if (i != gtk_notebook_get_current_page (self->notebook))
      gtk_notebook_remove_page (self->notebook, i);
}

static void
tide_results_pane_dispose (GObject *object)
{
  TideResultsPane *self = TIDE_RESULTS_PANE (object);

  g_clear_handle_id (&self->show_source, g_source_remove);
  if (self->waiting != NULL)
    g_queue_free_full (g_steal_pointer (&self->waiting), (GDestroyNotify) message_free);
  g_clear_object (&self->workspace);
  g_clear_object (&self->session);
  g_clear_object (&self->console);
  if (self->notebook != NULL)
    remove_unseen (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_RESULTS_PANE);
  tide_children_unparent (GTK_WIDGET (self));
  G_OBJECT_CLASS (tide_results_pane_parent_class)->dispose (object);
}

static void
tide_results_pane_class_init (TideResultsPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_results_pane_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "resultspane");
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-results-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, TideResultsPane, notebook);
  gtk_widget_class_bind_template_child (widget_class, TideResultsPane, messages);
  gtk_widget_class_bind_template_child (widget_class, TideResultsPane, messages_page);
  gtk_widget_class_bind_template_child (widget_class, TideResultsPane, more_label);
}

/* The tab around the label has no name of its own. */
static void
name_tab (TideResultsPane *self,
          GtkWidget       *page)
{
  GtkWidget *label = gtk_notebook_get_tab_label (self->notebook, page);

  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (label)), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_text (GTK_LABEL (label)), -1);
}

static void
tide_results_pane_init (TideResultsPane *self)
{
  self->waiting = g_queue_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  name_tab (self, self->messages_page);
}

void
tide_results_pane_set_workspace (TideResultsPane *self,
                                 TideWorkspace   *workspace)
{
  g_return_if_fail (TIDE_IS_RESULTS_PANE (self));

  g_set_object (&self->workspace, workspace);
}

void
tide_results_pane_set_session (TideResultsPane *self,
                               TideSession     *session,
                               gboolean         read_only)
{
  g_return_if_fail (TIDE_IS_RESULTS_PANE (self));

  g_set_object (&self->session, session);
  self->read_only = read_only;
}

void
tide_results_pane_set_console (TideResultsPane *self,
                               TideSqlConsole  *console)
{
  g_return_if_fail (TIDE_IS_RESULTS_PANE (self));

  g_set_object (&self->console, console);
}

guint
tide_results_pane_get_n_changes (TideResultsPane *self)
{
  guint n = 0;

  g_return_val_if_fail (TIDE_IS_RESULTS_PANE (self), 0);

  for (int i = 0; i < gtk_notebook_get_n_pages (self->notebook); i++)
    {
      GtkWidget *page = gtk_notebook_get_nth_page (self->notebook, i);

      n += TIDE_IS_RESULT_VIEW (page) ? tide_result_view_get_n_changes (TIDE_RESULT_VIEW (page)) : 0;
    }
  return n;
}

void
tide_results_pane_clear (TideResultsPane *self)
{
  GtkListBoxRow *row;

  g_return_if_fail (TIDE_IS_RESULTS_PANE (self));

  /* Not one after the other is to be seen. */
  tide_results_pane_show_messages (self);
  remove_unseen (self);
  while ((row = gtk_list_box_get_row_at_index (self->messages, 0)) != NULL)
    gtk_list_box_remove (self->messages, GTK_WIDGET (row));
  g_queue_clear_full (self->waiting, (GDestroyNotify) message_free);
  gtk_widget_set_visible (self->more_label, FALSE);
  self->n_messages = self->n_results = 0;
}

/* A server may say more than anybody reads: the oldest of it goes, and that is said in its place. */
static void
make_room (TideResultsPane *self)
{
  if (self->n_messages < MAX_MESSAGES)
    return;
  gtk_list_box_remove (self->messages, GTK_WIDGET (gtk_list_box_get_row_at_index (self->messages, 0)));
  gtk_widget_set_visible (self->more_label, TRUE);
  self->n_messages--;
}

static void
show_message (TideResultsPane *self,
              const Message   *message)
{
  GtkWidget *label = tide_text_label_new (message->text, message->css_class);

  make_room (self);
  self->n_messages++;
  gtk_widget_add_css_class (label, "tide-message");
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_list_box_append (self->messages, label);
}

static gboolean
show_waiting (gpointer data)
{
  TideResultsPane *self = data;
  Message *message;

  self->show_source = 0;
  while ((message = g_queue_pop_head (self->waiting)) != NULL)
    {
      show_message (self, message);
      message_free (message);
    }
  return G_SOURCE_REMOVE;
}

/* Not a widget for each of the ten thousands that a loop may say between two frames: only those that stay become one. */
static void
add_row (TideResultsPane *self,
         const char      *text,
         const char      *css_class)
{
  Message *message = g_new (Message, 1);

  message->text = g_strdup (text);
  message->css_class = css_class;
  g_queue_push_tail (self->waiting, message);
  if (g_queue_get_length (self->waiting) > MAX_MESSAGES)
    {
      message_free (g_queue_pop_head (self->waiting));
      gtk_widget_set_visible (self->more_label, TRUE);
    }
  if (self->show_source == 0)
    self->show_source = g_timeout_add (SHOW_MS, show_waiting, self);
}

void
tide_results_pane_add_notification (TideResultsPane *self,
                                    const char      *channel,
                                    const char      *payload,
                                    int              pid)
{
  g_autofree char *said = *payload == '\0' ? g_strdup_printf (_("NOTIFY %s from process %d"), channel, pid)
                                           : g_strdup_printf (_("NOTIFY %s from process %d: %s"), channel, pid, payload);
  g_autofree char *valid = g_utf8_make_valid (said, -1);

  g_return_if_fail (TIDE_IS_RESULTS_PANE (self));

  add_row (self, valid, "notice");
}

void
tide_results_pane_add_message (TideResultsPane *self,
                               const char      *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  g_return_if_fail (TIDE_IS_RESULTS_PANE (self));

  add_row (self, valid, NULL);
}

void
tide_results_pane_add_store (TideResultsPane *self,
                             const char      *title,
                             TideRowStore    *store)
{
  g_autofree char *start = tide_format_start (tide_row_store_get_statement (store), TITLE_CHARS);
  const char *made = *start != '\0' ? start : _("Result");
  GtkWidget *view;

  g_return_if_fail (TIDE_IS_RESULTS_PANE (self));

  if (++self->n_results > MAX_RESULTS)
    {
      if (self->n_results == MAX_RESULTS + 1)
        tide_results_pane_add_message (self, _("The rows of the first 100 results are shown; those of the results after them are not kept"));
      return;
    }
  view = tide_result_view_new (store, self->workspace, self->session, self->read_only);
  tide_result_view_set_console (TIDE_RESULT_VIEW (view), self->console);
  tide_results_pane_add_page (self, title ? title : made, view);
}

void
tide_results_pane_add_error (TideResultsPane *self,
                             const GError    *error,
                             gboolean         is_notice)
{
  g_autofree char *text = tide_error_dup_text (error);

  g_return_if_fail (TIDE_IS_RESULTS_PANE (self));

  if (is_notice)
    {
      const TideErrorFields *fields = tide_error_get_fields (error);
      g_autofree char *said = g_strdup_printf ("%s: %s", fields && fields->severity ? fields->severity : _("NOTICE"), text);

      add_row (self, said, "notice");
    }
  else
    add_row (self, text, "error");
  if (!is_notice)
    tide_results_pane_show_messages (self);
}

void
tide_results_pane_add_page (TideResultsPane *self,
                            const char      *title,
                            GtkWidget       *page)
{
  int n = gtk_notebook_get_n_pages (self->notebook);

  g_return_if_fail (TIDE_IS_RESULTS_PANE (self));

  /* The messages stay the last. */
  gtk_notebook_insert_page (self->notebook, page, gtk_label_new (title), n - 1);
  name_tab (self, page);
  if (n == 1)
    gtk_notebook_set_current_page (self->notebook, 0);
}

void
tide_results_pane_show_page (TideResultsPane *self,
                             GtkWidget       *page)
{
  g_return_if_fail (TIDE_IS_RESULTS_PANE (self));

  gtk_notebook_set_current_page (self->notebook, gtk_notebook_page_num (self->notebook, page));
}

void
tide_results_pane_show_messages (TideResultsPane *self)
{
  g_return_if_fail (TIDE_IS_RESULTS_PANE (self));

  tide_results_pane_show_page (self, self->messages_page);
}
