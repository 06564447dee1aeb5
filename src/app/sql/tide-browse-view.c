/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-browse-view"

#include "config.h"

#include <glib/gi18n.h>

#include "query/tide-keyset.h"
#include "query/tide-row-store.h"
#include "sql/tide-browse-view.h"
#include "sql/tide-result-view.h"
#include "widgets/tide-children.h"
#include "widgets/tide-error-view.h"

#define PAGE_ROWS 1000

/* What goes by no key is read as one page. */
#define ONLY_PAGE_ROWS 10000

struct _TideBrowseView
{
  GtkWidget     parent_instance;

  GtkBox       *box;
  GtkLabel     *state;
  GtkButton    *next;
  GtkWidget    *shown;      /* (nullable): the rows, or an error */

  /* Owned */
  TideConninfo *conninfo;
  char         *schema;
  char         *name;
  TideSession  *session;    /* (nullable) */
  TideKeyset   *key;        /* (nullable): as the table has it */
  TideKeyset   *keyset;     /* (nullable): as the rows are read */
  TideRowStore *store;      /* (nullable) */
  char        **last;       /* (nullable): the key of the last row */
  char         *sorted;     /* (nullable): the column that was asked for */
  GCancellable *reading;    /* (nullable) */

  gboolean      descending;
  gboolean      nulls;      /* the rows without a value in that column are read by now */
  gboolean      complete;
};

G_DEFINE_FINAL_TYPE (TideBrowseView, tide_browse_view, GTK_TYPE_WIDGET)

/* A page on its way through a thread */
typedef struct
{
  TideConninfo *conninfo;
  char         *schema;
  char         *name;
  TideSession  *session;
  TideKeyset   *keyset;
  char        **last;
  gboolean      nulls;
  TideResult   *result;
  TideResult   *rest;       /* (nullable): the first ones without a value, where those that have one ended */
} Page;

static void
page_free (gpointer data)
{
  Page *self = data;

  tide_conninfo_unref (self->conninfo);
  g_clear_object (&self->session);
  g_clear_pointer (&self->keyset, tide_keyset_unref);
  g_clear_pointer (&self->result, tide_result_unref);
  g_clear_pointer (&self->rest, tide_result_unref);
  g_strfreev (self->last);
  g_free (self->schema);
  g_free (self->name);
  g_free (self);
}

static void next_page (TideBrowseView *self);

static gboolean
is_single (TideKeyset *keyset)
{
  return tide_keyset_get_columns (keyset)[0] == NULL;
}

static TideResult *
query_page (Page          *page,
            gboolean       first,
            gboolean       nulls,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autofree char *sql = tide_keyset_dup_sql (page->keyset, first, nulls, is_single (page->keyset) ? ONLY_PAGE_ROWS : PAGE_ROWS);
  guint n = first ? 0 : g_strv_length (page->last);

  return tide_session_query (page->session, sql, (const char * const *) page->last, n, cancellable, error);
}

/* Whether all of a kind, with a value to sort by or without, are read with @result */
static gboolean
is_last (TideResult *result)
{
  return tide_result_get_n_rows (result) < PAGE_ROWS;
}

static void
read_page (GTask        *task,
           gpointer      source,
           gpointer      data,
           GCancellable *cancellable)
{
  Page *page = data;
  GError *error = NULL;

  if (page->session == NULL)
    page->session = tide_session_open (page->conninfo, cancellable, &error);
  if (page->session != NULL && page->keyset == NULL)
    page->keyset = tide_keyset_read (page->session, page->schema, page->name, cancellable, &error);
  if (page->keyset != NULL)
    page->result = query_page (page, page->last == NULL, page->nulls, cancellable, &error);
  if (page->result != NULL && is_last (page->result) && tide_keyset_has_nulls (page->keyset) && !page->nulls)
    page->rest = query_page (page, TRUE, TRUE, cancellable, &error);
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
show (TideBrowseView *self,
      GtkWidget      *widget)
{
  if (self->shown != NULL)
    gtk_box_remove (self->box, self->shown);
  self->shown = widget;
  gtk_widget_set_vexpand (widget, TRUE);
  gtk_box_prepend (self->box, widget);
}

static void
show_error (TideBrowseView *self,
            const GError   *error)
{
  GtkWidget *view;

  gtk_widget_set_sensitive (GTK_WIDGET (self->next), TRUE);
  if (self->store != NULL)
    {
      /* What came before stays; the button tries again */
      gtk_label_set_text (self->state, error->message);
      return;
    }
  view = g_object_new (TIDE_TYPE_ERROR_VIEW, "heading", _("The rows could not be read"), "action-label", _("Try Again"), NULL);
  tide_error_view_set_error (TIDE_ERROR_VIEW (view), error);
  g_signal_connect_swapped (view, "action", G_CALLBACK (next_page), self);
  show (self, view);
}

/* Near the end of what is there: the next page is fetched before it is missed */
static void
on_scrolled (TideBrowseView *self,
             GtkAdjustment  *adjustment)
{
  double page = gtk_adjustment_get_page_size (adjustment);
  double end = gtk_adjustment_get_value (adjustment) + page;

  if (page > 0 && end > gtk_adjustment_get_upper (adjustment) - 3 * page)
    next_page (self);
}

static GtkWidget *
find_scrolled (GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_SCROLLED_WINDOW (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_scrolled (child);
  return found;
}

static int
find_sorted (TideBrowseView *self)
{
  for (guint i = 0; self->sorted != NULL && i < tide_row_store_get_n_columns (self->store); i++)
    if (g_str_equal (tide_row_store_get_column_name (self->store, i), self->sorted))
      return i;
  return -1;
}

static void
read_anew (TideBrowseView *self)
{
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->keyset, tide_keyset_unref);
  self->keyset = self->sorted ? tide_keyset_order (self->key, self->sorted, self->descending) : tide_keyset_ref (self->key);
  g_clear_object (&self->store);
  g_clear_pointer (&self->last, g_strfreev);
  self->nulls = self->complete = FALSE;
  next_page (self);
}

/* Up, down, and by the key again; what is all there is sorted where it is. */
static gboolean
on_sort (TideBrowseView *self,
         guint           column)
{
  const char *name;

  if (self->complete || self->store == NULL)
    return self->store == NULL;
  name = tide_row_store_get_column_name (self->store, column);
  if (!tide_keyset_can_order (self->key, name))
    {
      g_autofree char *text = g_strdup_printf (_("“%s” comes first in no index: to sort by it, all rows must be read"), name);

      gtk_label_set_text (self->state, text);
      return TRUE;
    }
  if (g_strcmp0 (self->sorted, name) != 0)
    {
      g_autofree char *before = self->sorted;

      self->sorted = g_strdup (name);
      self->descending = FALSE;
    }
  else if (!self->descending)
    self->descending = TRUE;
  else
    g_clear_pointer (&self->sorted, g_free);
  read_anew (self);
  return TRUE;
}

static void
show_rows (TideBrowseView *self)
{
  g_autofree char *all = tide_keyset_dup_all_sql (self->keyset);
  GtkWidget *view;
  GtkWidget *scrolled;

  view = tide_result_view_new (self->store, NULL, NULL, TRUE);
  tide_result_view_set_paged (TIDE_RESULT_VIEW (view), self->conninfo, all);
  tide_result_view_show_sort (TIDE_RESULT_VIEW (view), find_sorted (self), self->descending);
  g_signal_connect_object (view, "sort", G_CALLBACK (on_sort), self, G_CONNECT_SWAPPED);
  show (self, view);
  scrolled = find_scrolled (view);
  if (scrolled != NULL)
    g_signal_connect_object (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled)), "value-changed",
                             G_CALLBACK (on_scrolled), self, G_CONNECT_SWAPPED);
}

static void
update_state (TideBrowseView *self)
{
  guint n = tide_row_store_get_n_rows (self->store);
  g_autofree char *columns = g_strjoinv (", ", (char **) tide_keyset_get_columns (self->keyset));
  g_autofree char *text = NULL;

  if (is_single (self->keyset) && n == ONLY_PAGE_ROWS)
    text = g_strdup_printf (_("The first %'u rows: there is no key by which to read on"), n);
  else if (self->complete)
    text = g_strdup_printf (g_dngettext (NULL, "%'u row, all there are", "%'u rows, all there are", n), n);
  else
    text = g_strdup_printf (g_dngettext (NULL, "%'u row by %s, and more", "%'u rows by %s, and more", n), n, columns);
  gtk_label_set_text (self->state, text);
  gtk_widget_set_visible (GTK_WIDGET (self->next), !self->complete);
  gtk_widget_set_sensitive (GTK_WIDGET (self->next), TRUE);
}

/* Remembers where the next page begins */
static void
note_end (TideBrowseView *self,
          Page           *page)
{
  TideResult *end = page->rest ? page->rest : page->result;

  self->nulls = self->nulls || page->rest != NULL;
  if (tide_result_get_n_rows (end) > 0)
    {
      g_strfreev (self->last);
      self->last = tide_keyset_dup_last (self->keyset, self->nulls, end);
    }
  self->complete = is_single (self->keyset) || is_last (end);
}

static void
take_page (TideBrowseView *self,
           Page           *page)
{
  g_autoptr(GError) error = NULL;
  gboolean first = self->store == NULL;

  g_set_object (&self->session, page->session);
  if (self->keyset == NULL)
    {
      self->key = tide_keyset_ref (page->keyset);
      self->keyset = tide_keyset_ref (page->keyset);
    }
  if (first)
    self->store = tide_row_store_new (TIDE_ROW_STORE_DEFAULT_BUDGET, NULL);
  if (!tide_row_store_append (self->store, page->result, &error) ||
      (page->rest != NULL && !tide_row_store_append (self->store, page->rest, &error)))
    {
      show_error (self, error);
      return;
    }
  note_end (self, page);
  if (self->complete)
    tide_row_store_finish (self->store, NULL);
  if (first)
    show_rows (self);
  update_state (self);
}

static void
on_page (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(TideBrowseView) self = user_data;
  g_autoptr(GError) error = NULL;

  if (g_task_get_cancellable (G_TASK (result)) != self->reading)
    return;
  g_clear_object (&self->reading);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    take_page (self, g_task_get_task_data (G_TASK (result)));
  else
    {
      /* A connection that is gone is made anew by the next try */
      if (self->session != NULL && tide_session_is_lost (self->session))
        g_clear_object (&self->session);
      show_error (self, error);
    }
}

static void
next_page (TideBrowseView *self)
{
  g_autoptr(GTask) task = NULL;
  Page *page;

  if (self->reading != NULL || self->complete)
    return;
  self->reading = g_cancellable_new ();
  page = g_new0 (Page, 1);
  page->conninfo = tide_conninfo_ref (self->conninfo);
  page->schema = g_strdup (self->schema);
  page->name = g_strdup (self->name);
  page->session = self->session ? g_object_ref (self->session) : NULL;
  page->keyset = self->keyset ? tide_keyset_ref (self->keyset) : NULL;
  page->last = g_strdupv (self->last);
  page->nulls = self->nulls;
  gtk_widget_set_sensitive (GTK_WIDGET (self->next), FALSE);
  if (self->store == NULL)
    gtk_label_set_text (self->state, _("Reading…"));
  task = g_task_new (NULL, self->reading, on_page, g_object_ref (self));
  g_task_set_source_tag (task, next_page);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, page, page_free);
  g_task_run_in_thread (task, read_page);
}

static void
tide_browse_view_dispose (GObject *object)
{
  TideBrowseView *self = TIDE_BROWSE_VIEW (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->session);
  g_clear_object (&self->store);
  g_clear_pointer (&self->keyset, tide_keyset_unref);
  g_clear_pointer (&self->key, tide_keyset_unref);
  g_clear_pointer (&self->sorted, g_free);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_clear_pointer (&self->last, g_strfreev);
  g_clear_pointer (&self->schema, g_free);
  g_clear_pointer (&self->name, g_free);
  self->shown = NULL;
  tide_children_unparent (GTK_WIDGET (self));
  G_OBJECT_CLASS (tide_browse_view_parent_class)->dispose (object);
}

static void
tide_browse_view_class_init (TideBrowseViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_browse_view_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
tide_browse_view_init (TideBrowseView *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  self->state = GTK_LABEL (gtk_label_new (NULL));
  self->next = GTK_BUTTON (gtk_button_new_with_mnemonic (_("_Next Rows")));
  gtk_label_set_xalign (self->state, 0);
  gtk_label_set_ellipsize (self->state, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (GTK_WIDGET (self->state), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->next), "flat");
  gtk_widget_set_margin_start (bar, 12);
  gtk_widget_set_margin_end (bar, 6);
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->state));
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->next));
  gtk_widget_set_valign (bar, GTK_ALIGN_END);
  gtk_box_append (self->box, bar);
  gtk_widget_set_parent (GTK_WIDGET (self->box), GTK_WIDGET (self));
  g_signal_connect_swapped (self->next, "clicked", G_CALLBACK (next_page), self);
}

GtkWidget *
tide_browse_view_new (TideConninfo *conninfo,
                      const char   *schema,
                      const char   *name)
{
  TideBrowseView *self = g_object_new (TIDE_TYPE_BROWSE_VIEW, NULL);

  self->conninfo = tide_conninfo_copy (conninfo);
  tide_conninfo_set_read_only (self->conninfo, TRUE);
  self->schema = g_strdup (schema);
  self->name = g_strdup (name);
  next_page (self);
  return GTK_WIDGET (self);
}
