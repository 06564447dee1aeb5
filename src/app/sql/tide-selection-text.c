/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-selection-text"

#include "config.h"

#include "sql/tide-selection-text.h"

struct _TideSelectionText
{
  GdkContentProvider  parent_instance;

  /* Owned: a weak reference */
  GWeakRef            buffer;
};

G_DEFINE_FINAL_TYPE (TideSelectionText, tide_selection_text, GDK_TYPE_CONTENT_PROVIDER)

static GdkContentFormats *
tide_selection_text_ref_formats (GdkContentProvider *provider)
{
  return gdk_content_formats_new_for_gtype (G_TYPE_STRING);
}

static gboolean
tide_selection_text_get_value (GdkContentProvider  *provider,
                               GValue              *value,
                               GError             **error)
{
  g_autoptr(GtkTextBuffer) buffer = g_weak_ref_get (&TIDE_SELECTION_TEXT (provider)->buffer);
  GtkTextIter start, end;

  if (!G_VALUE_HOLDS_STRING (value) || buffer == NULL || !gtk_text_buffer_get_selection_bounds (buffer, &start, &end))
    return GDK_CONTENT_PROVIDER_CLASS (tide_selection_text_parent_class)->get_value (provider, value, error);
  g_value_take_string (value, gtk_text_buffer_get_text (buffer, &start, &end, TRUE));
  return TRUE;
}

/* Something else was selected elsewhere. */
static void
tide_selection_text_detach_clipboard (GdkContentProvider *provider,
                                      GdkClipboard       *clipboard)
{
  g_autoptr(GtkTextBuffer) buffer = g_weak_ref_get (&TIDE_SELECTION_TEXT (provider)->buffer);
  GtkTextIter caret;

  if (buffer == NULL || !gtk_text_buffer_get_has_selection (buffer))
    return;
  gtk_text_buffer_get_iter_at_mark (buffer, &caret, gtk_text_buffer_get_insert (buffer));
  gtk_text_buffer_place_cursor (buffer, &caret);
}

static void
tide_selection_text_finalize (GObject *object)
{
  g_weak_ref_clear (&TIDE_SELECTION_TEXT (object)->buffer);
  G_OBJECT_CLASS (tide_selection_text_parent_class)->finalize (object);
}

static void
tide_selection_text_class_init (TideSelectionTextClass *klass)
{
  GdkContentProviderClass *provider_class = GDK_CONTENT_PROVIDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tide_selection_text_finalize;
  provider_class->ref_formats = tide_selection_text_ref_formats;
  provider_class->get_value = tide_selection_text_get_value;
  provider_class->detach_clipboard = tide_selection_text_detach_clipboard;
}

static void
tide_selection_text_init (TideSelectionText *self)
{
  g_weak_ref_init (&self->buffer, NULL);
}

static void
offer (TideSelectionText *self,
       GtkTextView       *view)
{
  GdkClipboard *primary = gtk_widget_get_primary_clipboard (GTK_WIDGET (view));
  gboolean offered = gdk_clipboard_get_content (primary) == GDK_CONTENT_PROVIDER (self);
  gboolean wanted = gtk_text_buffer_get_has_selection (gtk_text_view_get_buffer (view));

  if (offered != wanted && (offered || wanted))
    gdk_clipboard_set_content (primary, wanted ? GDK_CONTENT_PROVIDER (self) : NULL);
}

static void
on_mark_set (GtkTextBuffer *buffer,
             GtkTextIter   *iter,
             GtkTextMark   *mark,
             GtkTextView   *view)
{
  if (gtk_widget_get_realized (GTK_WIDGET (view)) &&
      (mark == gtk_text_buffer_get_insert (buffer) || mark == gtk_text_buffer_get_selection_bound (buffer)))
    offer (g_object_get_data (G_OBJECT (view), "tide-selection-text"), view);
}

/* Afterwards */
static void
on_realized (GtkTextView *view)
{
  gtk_text_buffer_remove_selection_clipboard (gtk_text_view_get_buffer (view), gtk_widget_get_primary_clipboard (GTK_WIDGET (view)));
}

/* Before GTK takes away what it has added itself */
static void
on_unrealize (GtkTextView *view)
{
  GdkClipboard *primary = gtk_widget_get_primary_clipboard (GTK_WIDGET (view));

  if (gdk_clipboard_get_content (primary) == g_object_get_data (G_OBJECT (view), "tide-selection-text"))
    gdk_clipboard_set_content (primary, NULL);
  gtk_text_buffer_add_selection_clipboard (gtk_text_view_get_buffer (view), primary);
}

void
tide_selection_text_offer (GtkTextView *view)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  TideSelectionText *self = g_object_new (TIDE_TYPE_SELECTION_TEXT, NULL);

  g_weak_ref_set (&self->buffer, buffer);
  g_object_set_data_full (G_OBJECT (view), "tide-selection-text", self, g_object_unref);
  g_signal_connect_after (view, "realize", G_CALLBACK (on_realized), NULL);
  g_signal_connect (view, "unrealize", G_CALLBACK (on_unrealize), NULL);
  g_signal_connect_object (buffer, "mark-set", G_CALLBACK (on_mark_set), view, G_CONNECT_AFTER);
}
