/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-search-bar"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "sql/tide-sql-search-bar.h"

#include "widgets/tide-children.h"
#include "widgets/tide-wrap-box.h"

struct _TideSqlSearchBar
{
  GtkWidget               parent_instance;

  /* Template widgets */
  GtkRevealer            *revealer;
  GtkEditable            *search_entry;
  GtkEditable            *replace_entry;
  GtkWidget              *replace_box;
  GtkToggleButton        *replace_button;
  GtkLabel               *count;

  /* Borrowed */
  GtkSourceView          *view;

  /* Owned */
  GtkSourceSearchSettings *settings;
  GtkSourceSearchContext  *context;
};

G_DEFINE_FINAL_TYPE (TideSqlSearchBar, tide_sql_search_bar, GTK_TYPE_WIDGET)

static GtkTextBuffer *
get_buffer (TideSqlSearchBar *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
}

static void
update_count (TideSqlSearchBar *self)
{
  int n = gtk_source_search_context_get_occurrences_count (self->context);
  g_autofree char *text = NULL;

  if (gtk_source_search_settings_get_search_text (self->settings) == NULL || n < 0)
    text = g_strdup ("");
  else if (n == 0)
    text = g_strdup (_("Not found"));
  else
    text = g_strdup_printf (g_dngettext (NULL, "%d match", "%d matches", n), n);
  gtk_label_set_label (self->count, text);
}

static void
show_match (TideSqlSearchBar  *self,
            const GtkTextIter *start,
            const GtkTextIter *end)
{
  gtk_text_buffer_select_range (get_buffer (self), start, end);
  gtk_text_view_scroll_to_mark (GTK_TEXT_VIEW (self->view), gtk_text_buffer_get_insert (get_buffer (self)), 0.1, FALSE, 0, 0);
}

static void
step (TideSqlSearchBar *self,
      gboolean          forward,
      gboolean          from_start)
{
  GtkTextIter start;
  GtkTextIter end;
  gboolean found;

  gtk_text_buffer_get_selection_bounds (get_buffer (self), &start, &end);
  if (forward)
    found = gtk_source_search_context_forward (self->context, from_start ? &start : &end, &start, &end, NULL);
  else
    found = gtk_source_search_context_backward (self->context, &start, &start, &end, NULL);
  if (found)
    show_match (self, &start, &end);
}

static void
on_search_changed (TideSqlSearchBar *self)
{
  const char *text = gtk_editable_get_text (self->search_entry);

  gtk_source_search_settings_set_search_text (self->settings, *text == '\0' ? NULL : text);
  update_count (self);
  if (*text != '\0')
    step (self, TRUE, TRUE);
}

static void
on_next (TideSqlSearchBar *self)
{
  step (self, TRUE, FALSE);
}

static void
on_previous (TideSqlSearchBar *self)
{
  step (self, FALSE, FALSE);
}

static void
close_bar (TideSqlSearchBar *self)
{
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_source_search_context_set_highlight (self->context, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
on_replace (TideSqlSearchBar *self)
{
  const char *text = gtk_editable_get_text (self->replace_entry);
  GtkTextIter start;
  GtkTextIter end;

  gtk_text_buffer_get_selection_bounds (get_buffer (self), &start, &end);
  gtk_source_search_context_replace (self->context, &start, &end, text, strlen (text), NULL);
  step (self, TRUE, FALSE);
}

static void
on_replace_all (TideSqlSearchBar *self)
{
  const char *text = gtk_editable_get_text (self->replace_entry);

  gtk_source_search_context_replace_all (self->context, text, strlen (text), NULL);
}

static gboolean
on_key (TideSqlSearchBar      *self,
        guint                  keyval,
        guint                  keycode,
        GdkModifierType        state,
        GtkEventControllerKey *controller)
{
  if (keyval != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  close_bar (self);
  return GDK_EVENT_STOP;
}

static void
tide_sql_search_bar_dispose (GObject *object)
{
  TideSqlSearchBar *self = TIDE_SQL_SEARCH_BAR (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_SQL_SEARCH_BAR);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->context);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (tide_sql_search_bar_parent_class)->dispose (object);
}

static void
tide_sql_search_bar_class_init (TideSqlSearchBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_sql_search_bar_dispose;
  g_type_ensure (TIDE_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-sql-search-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, TideSqlSearchBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, TideSqlSearchBar, search_entry);
  gtk_widget_class_bind_template_child (widget_class, TideSqlSearchBar, replace_entry);
  gtk_widget_class_bind_template_child (widget_class, TideSqlSearchBar, replace_box);
  gtk_widget_class_bind_template_child (widget_class, TideSqlSearchBar, replace_button);
  gtk_widget_class_bind_template_child (widget_class, TideSqlSearchBar, count);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_next);
  gtk_widget_class_bind_template_callback (widget_class, on_previous);
  gtk_widget_class_bind_template_callback (widget_class, on_replace);
  gtk_widget_class_bind_template_callback (widget_class, on_replace_all);
  gtk_widget_class_bind_template_callback (widget_class, on_key);
  gtk_widget_class_bind_template_callback (widget_class, close_bar);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_sql_search_bar_init (TideSqlSearchBar *self)
{
  self->settings = gtk_source_search_settings_new ();
  gtk_source_search_settings_set_wrap_around (self->settings, TRUE);
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
tide_sql_search_bar_set_view (TideSqlSearchBar *self,
                              GtkSourceView    *view)
{
  self->view = view;
  self->context = gtk_source_search_context_new (GTK_SOURCE_BUFFER (get_buffer (self)), self->settings);
  gtk_source_search_context_set_highlight (self->context, FALSE);
  g_signal_connect_object (self->context, "notify::occurrences-count", G_CALLBACK (update_count), self, G_CONNECT_SWAPPED);
}

void
tide_sql_search_bar_open (TideSqlSearchBar *self,
                          gboolean          replace)
{
  GtkTextIter start;
  GtkTextIter end;

  g_return_if_fail (TIDE_IS_SQL_SEARCH_BAR (self));

  if (gtk_text_buffer_get_selection_bounds (get_buffer (self), &start, &end)
      && gtk_text_iter_get_line (&start) == gtk_text_iter_get_line (&end))
    {
      g_autofree char *text = gtk_text_buffer_get_text (get_buffer (self), &start, &end, TRUE);

      gtk_editable_set_text (self->search_entry, text);
    }
  if (replace)
    gtk_toggle_button_set_active (self->replace_button, TRUE);
  gtk_source_search_context_set_highlight (self->context, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  gtk_editable_select_region (self->search_entry, 0, -1);
}
