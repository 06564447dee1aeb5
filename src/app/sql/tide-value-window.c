/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-value-window"

#include "config.h"

#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>

#include "query/tide-value-text.h"
#include "sql/tide-value-window.h"
#include "tide-error.h"
#include "widgets/tide-save.h"
#include "widgets/tide-text-label.h"

#define BYTEA 17
#define JSON  114
#define JSONB 3802

/* More of a text than this makes the view slow, and nobody reads it. */
#define SHOWN_BYTES (512 * 1024)

struct _TideValueWindow
{
  AdwWindow        parent_instance;

  /* Template widgets */
  AdwWindowTitle  *heading;
  GtkStack        *stack;
  GtkTextView     *text;
  GtkPicture      *picture;
  GtkToggleButton *raw_button;

  /* Owned */
  char            *value;   /* (nullable): SQL's NULL */
  gsize            length;
  GBytes          *bytes;   /* (nullable): of a bytea */
  guint32          type;
  gboolean         broken;  /* lines that are too long to be shown as they are */
};

G_DEFINE_FINAL_TYPE (TideValueWindow, tide_value_window, ADW_TYPE_WINDOW)

static gboolean
is_json (TideValueWindow *self)
{
  return self->type == JSON || self->type == JSONB;
}

/* (transfer full): what is shown of the value */
static char *
dup_shown (TideValueWindow *self,
           gboolean         raw)
{
  g_autofree char *laid_out = NULL;
  const char *text = self->value;
  gsize length = self->length;

  if (text == NULL)
    return g_strdup ("NULL");
  if (self->bytes != NULL && !raw)
    return tide_value_dump_bytes (self->bytes, SHOWN_BYTES / 4);
  if (is_json (self) && !raw && length <= 16 * SHOWN_BYTES)
    {
      laid_out = tide_value_lay_out_json (text, length);
      text = laid_out;
      length = strlen (laid_out);
    }
  return g_utf8_make_valid (text, MIN (length, SHOWN_BYTES));
}

static void
show_text (TideValueWindow *self,
           gboolean         raw)
{
  g_autofree char *shown = dup_shown (self, raw);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  GtkSourceLanguageManager *languages = gtk_source_language_manager_get_default ();
  GtkSourceStyleSchemeManager *schemes = gtk_source_style_scheme_manager_get_default ();
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  gtk_source_buffer_set_language (GTK_SOURCE_BUFFER (buffer),
                                  is_json (self) ? gtk_source_language_manager_get_language (languages, "json") : NULL);
  gtk_source_buffer_set_style_scheme (GTK_SOURCE_BUFFER (buffer),
                                      gtk_source_style_scheme_manager_get_scheme (schemes, dark ? "Adwaita-dark" : "Adwaita"));
  /* The columns of a dump stay beside each other. */
  gtk_text_view_set_wrap_mode (self->text, self->bytes != NULL && !raw ? GTK_WRAP_NONE : GTK_WRAP_WORD_CHAR);
  self->broken = tide_text_buffer_show_lines (buffer, shown, G_MAXSIZE);
  gtk_stack_set_visible_child_name (self->stack, "text");
}

static gboolean
show_picture (TideValueWindow *self)
{
  g_autoptr(GdkTexture) texture = self->bytes ? gdk_texture_new_from_bytes (self->bytes, NULL) : NULL;

  if (texture == NULL)
    return FALSE;
  gtk_picture_set_paintable (self->picture, GDK_PAINTABLE (texture));
  gtk_stack_set_visible_child_name (self->stack, "picture");
  return TRUE;
}

static void
show (TideValueWindow *self)
{
  gboolean raw = gtk_toggle_button_get_active (self->raw_button);

  if (raw || !show_picture (self))
    show_text (self, raw);
}

static void
raw_toggled_cb (TideValueWindow *self)
{
  show (self);
}

static void
copy_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  TideValueWindow *self = TIDE_VALUE_WINDOW (widget);
  g_autofree char *valid = g_utf8_make_valid (self->value ? self->value : "", self->value ? (gssize) self->length : 0);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), valid);
}

static void
save_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  TideValueWindow *self = TIDE_VALUE_WINDOW (widget);
  const char *extension = self->bytes ? "bin" : is_json (self) ? "json" : "txt";
  g_autofree char *file = g_strdup_printf ("%s.%s", adw_window_title_get_title (self->heading), extension);
  g_autoptr(GBytes) bytes = self->bytes ? g_bytes_ref (self->bytes) : g_bytes_new (self->value, self->value ? self->length : 0);

  tide_save_bytes (widget, _("Save Value"), file, bytes, _("The Value Could Not Be Saved"));
}

static void
tide_value_window_finalize (GObject *object)
{
  TideValueWindow *self = TIDE_VALUE_WINDOW (object);

  g_free (self->value);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  G_OBJECT_CLASS (tide_value_window_parent_class)->finalize (object);
}

static void
tide_value_window_class_init (TideValueWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  G_OBJECT_CLASS (klass)->finalize = tide_value_window_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-value-window.ui");
  gtk_widget_class_bind_template_child (widget_class, TideValueWindow, heading);
  gtk_widget_class_bind_template_child (widget_class, TideValueWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, TideValueWindow, text);
  gtk_widget_class_bind_template_child (widget_class, TideValueWindow, picture);
  gtk_widget_class_bind_template_child (widget_class, TideValueWindow, raw_button);
  gtk_widget_class_bind_template_callback (widget_class, raw_toggled_cb);
  gtk_widget_class_install_action (widget_class, "value.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "value.save", NULL, save_action);
}

static void
tide_value_window_init (TideValueWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* (transfer full): "row 5 · 1.2 kB", and what is not shown */
static char *
dup_subtitle (TideValueWindow *self,
              guint            row)
{
  g_autofree char *size = g_format_size (self->bytes ? g_bytes_get_size (self->bytes) : self->length);
  gboolean cut = self->bytes ? g_bytes_get_size (self->bytes) > SHOWN_BYTES / 4 : self->length > SHOWN_BYTES;

  if (self->value == NULL)
    return g_strdup_printf (_("Row %u · NULL"), row + 1);
  if (cut)
    return g_strdup_printf (_("Row %u · the beginning of %s; copying and saving take all"), row + 1, size);
  if (self->broken)
    return g_strdup_printf (_("Row %u · %s, with long lines broken; copying and saving leave them"), row + 1, size);
  return g_strdup_printf (_("Row %u · %s"), row + 1, size);
}

void
tide_value_window_present (GtkWidget    *parent,
                           TideRowStore *store,
                           guint         row,
                           guint         column)
{
  TideValueWindow *self = g_object_new (TIDE_TYPE_VALUE_WINDOW, "transient-for", gtk_widget_get_root (parent), NULL);
  g_autofree char *name = g_utf8_make_valid (tide_row_store_get_column_name (store, column), -1);
  g_autofree char *subtitle = NULL;

  self->value = tide_row_store_dup_value (store, row, column, &self->length);
  self->type = tide_row_store_get_column_type (store, column);
  if (self->type == BYTEA && self->value != NULL)
    self->bytes = tide_value_read_bytea (self->value, self->length);
  gtk_widget_set_visible (GTK_WIDGET (self->raw_button), self->bytes != NULL || (is_json (self) && self->value != NULL));
  show (self);
  subtitle = dup_subtitle (self, row);
  adw_window_title_set_title (self->heading, name);
  adw_window_title_set_subtitle (self->heading, subtitle);
  gtk_window_set_title (GTK_WINDOW (self), name);
  gtk_window_present (GTK_WINDOW (self));
}
