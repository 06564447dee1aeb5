/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-script-view"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>

#include "drift/tide-script-view.h"
#include "drift/tide-turning-bin.h"
#include "tide-error.h"
#include "widgets/tide-children.h"
#include "widgets/tide-pill.h"
#include "widgets/tide-sql-buffer.h"

/* Of a longer script the beginning is shown: to lay out more would hold the window up. What is done with it is done with it whole. */
#define SHOWN_BYTES   (512 * 1024)
#define SHOWN_HAZARDS 200

struct _TideScriptView
{
  GtkWidget            parent_instance;

  /* Template widgets */
  GtkWidget           *directions;
  GtkToggleButton     *revert_button;
  GtkWidget           *deeds;
  TidePill            *pill;
  GtkLabel            *remaining;
  GtkExpander         *hazards;
  GtkListBox          *hazard_list;
  GtkLabel            *more_hazards;
  GtkLabel            *rest;
  GtkSourceView       *view;
  GtkSourceBuffer     *buffer;

  /* Owned */
  TideDriftComparison *comparison; /* nullable */
  GArray              *starts;     /* (element-type int): offset in the text of each statement of the list of hazards */
};

enum
{
  PROP_REVERT = 1,
  PROP_PLAIN,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideScriptView, tide_script_view, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static const TideLook proving = {
  N_("Being proved"), N_("The SQL is being tried on the private PostgreSQL."), "content-loading-symbolic", "pending"
};
static const TideLook proved = {
  N_("Proved"), N_("Run on a copy of one side, it gave the other side exactly."), "emblem-ok-symbolic", "applied"
};
static const TideLook unproved = {
  N_("Not proved"), N_("Run on a copy of one side, it did not give the other side."), "dialog-warning-symbolic", "failed"
};

static TideSchemaScript *
get_script (TideScriptView *self)
{
  if (self->comparison == NULL)
    return NULL;
  return tide_script_view_is_revert (self) ? self->comparison->revert : self->comparison->adopt;
}

static void
add_hazard (TideScriptView            *self,
            const TideScriptStatement *statement,
            int                        offset)
{
  g_autofree char *text = tide_hazard_dup_text (statement->hazards);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *what = gtk_label_new (text);
  GtkWidget *sql = gtk_label_new (statement->sql);

  gtk_label_set_xalign (GTK_LABEL (what), 0);
  gtk_label_set_wrap (GTK_LABEL (what), TRUE);
  gtk_label_set_xalign (GTK_LABEL (sql), 0);
  gtk_label_set_single_line_mode (GTK_LABEL (sql), TRUE);
  gtk_label_set_ellipsize (GTK_LABEL (sql), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (sql, "monospace");
  gtk_widget_add_css_class (sql, "dim-label");
  gtk_widget_add_css_class (row, "step");
  gtk_box_append (GTK_BOX (row), sql);
  gtk_box_append (GTK_BOX (row), what);
  gtk_list_box_append (self->hazard_list, row);
  g_array_append_val (self->starts, offset);
}

/* Statements stand in the text as they are, in order. Returns: how many begin before @end, where what is shown ends */
static guint
fill_hazards (TideScriptView *self,
              GPtrArray      *statements,
              const char     *text,
              const char     *end)
{
  const char *from = text;
  const char *counted = text;
  guint n_shown = 0;
  guint n_hazards = 0;
  int offset = 0;
  g_autofree char *title = NULL;
  g_autofree char *more = NULL;

  for (guint i = 0; i < statements->len; i++)
    {
      const TideScriptStatement *statement = g_ptr_array_index (statements, i);
      const char *found = from < end ? strstr (from, statement->sql) : NULL;

      if (found != NULL)
        from = found;
      n_shown += from < end;
      if (statement->hazards == TIDE_HAZARD_NONE)
        continue;
      if (n_hazards++ >= SHOWN_HAZARDS || from >= end)
        continue;
      offset += g_utf8_pointer_to_offset (counted, from);
      counted = from;
      add_hazard (self, statement, offset);
    }
  title = g_strdup_printf (g_dngettext (NULL, "%u statement endangers something", "%u statements endanger something", n_hazards),
                           n_hazards);
  more = g_strdup_printf (_("The first %u are listed; the report has all of them."), self->starts->len);
  gtk_expander_set_label (self->hazards, title);
  gtk_widget_set_visible (GTK_WIDGET (self->hazards), n_hazards > 0);
  gtk_label_set_label (self->more_hazards, more);
  gtk_widget_set_visible (GTK_WIDGET (self->more_hazards), n_hazards > self->starts->len);
  return n_shown;
}

/* Where the last whole line ends that is shown */
static const char *
find_end (const char *text)
{
  gsize length = strlen (text);
  const char *end = text + MIN (length, SHOWN_BYTES);

  while (end > text && *end != '\0' && end[-1] != '\n')
    end--;
  return end == text ? text + length : end;
}

static void
tell_rest (TideScriptView *self,
           guint           n_shown,
           guint           n)
{
  g_autofree char *text = g_strdup_printf (_("The SQL is long: the first %u of its %u statements are shown. It is copied, saved and"
                                             " run whole."), n_shown, n);

  gtk_label_set_label (self->rest, text);
  gtk_widget_set_visible (GTK_WIDGET (self->rest), n_shown < n);
}

static void
mark_hazards (TideScriptView *self)
{
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (self->buffer);
  GtkTextTag *tag = gtk_text_tag_table_lookup (gtk_text_buffer_get_tag_table (buffer), "hazard");

  if (tag == NULL)
    tag = gtk_text_buffer_create_tag (buffer, "hazard", "paragraph-background", "rgba(229,165,10,0.20)", NULL);
  for (guint i = 0; i < self->starts->len; i++)
    {
      GtkTextIter start;
      GtkTextIter end;

      gtk_text_buffer_get_iter_at_offset (buffer, &start, g_array_index (self->starts, int, i));
      end = start;
      gtk_text_iter_forward_line (&end);
      gtk_text_buffer_apply_tag (buffer, tag, &start, &end);
    }
}

static void
update (TideScriptView *self)
{
  TideSchemaScript *script = get_script (self);
  g_autofree char *text = script == NULL ? g_strdup ("") : tide_schema_script_dup_text (script);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  GPtrArray *statements = script == NULL ? none : tide_schema_script_get_statements (script);
  const char *end;
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->hazard_list))) != NULL)
    gtk_list_box_remove (self->hazard_list, row);
  g_array_set_size (self->starts, 0);
  tide_sql_buffer_prepare (self->buffer);
  end = find_end (text);
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (self->buffer), text, end - text);
  tell_rest (self, fill_hazards (self, statements, text, end), statements->len);
  mark_hazards (self);
}

static void
on_hazard_activated (TideScriptView *self,
                     GtkListBoxRow  *row)
{
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_offset (GTK_TEXT_BUFFER (self->buffer), &iter,
                                      g_array_index (self->starts, int, gtk_list_box_row_get_index (row)));
  gtk_text_buffer_place_cursor (GTK_TEXT_BUFFER (self->buffer), &iter);
  gtk_text_view_scroll_to_mark (GTK_TEXT_VIEW (self->view), gtk_text_buffer_get_insert (GTK_TEXT_BUFFER (self->buffer)),
                                0, TRUE, 0, 0.2);
}

static void
on_direction_changed (TideScriptView *self)
{
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REVERT]);
}

static void
tide_script_view_dispose (GObject *object)
{
  TideScriptView *self = TIDE_SCRIPT_VIEW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_SCRIPT_VIEW);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_pointer (&self->comparison, tide_drift_comparison_unref);
  g_clear_pointer (&self->starts, g_array_unref);
  G_OBJECT_CLASS (tide_script_view_parent_class)->dispose (object);
}

static void
tide_script_view_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  TideScriptView *self = TIDE_SCRIPT_VIEW (object);

  switch (prop_id)
    {
    case PROP_REVERT:
      g_value_set_boolean (value, tide_script_view_is_revert (self));
      break;
    case PROP_PLAIN:
      g_value_set_boolean (value, !gtk_widget_get_visible (self->directions));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_script_view_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  TideScriptView *self = TIDE_SCRIPT_VIEW (object);

  if (prop_id != PROP_PLAIN)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      return;
    }
  gtk_widget_set_visible (self->directions, !g_value_get_boolean (value));
  gtk_widget_set_visible (self->deeds, !g_value_get_boolean (value));
}

static void
tide_script_view_class_init (TideScriptViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_script_view_dispose;
  object_class->get_property = tide_script_view_get_property;
  object_class->set_property = tide_script_view_set_property;
  properties[PROP_REVERT] = g_param_spec_boolean ("revert", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_PLAIN] = g_param_spec_boolean ("plain", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  g_type_ensure (TIDE_TYPE_PILL);
  g_type_ensure (TIDE_TYPE_TURNING_BIN);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-script-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TideScriptView, directions);
  gtk_widget_class_bind_template_child (widget_class, TideScriptView, revert_button);
  gtk_widget_class_bind_template_child (widget_class, TideScriptView, deeds);
  gtk_widget_class_bind_template_child (widget_class, TideScriptView, pill);
  gtk_widget_class_bind_template_child (widget_class, TideScriptView, remaining);
  gtk_widget_class_bind_template_child (widget_class, TideScriptView, hazards);
  gtk_widget_class_bind_template_child (widget_class, TideScriptView, hazard_list);
  gtk_widget_class_bind_template_child (widget_class, TideScriptView, more_hazards);
  gtk_widget_class_bind_template_child (widget_class, TideScriptView, rest);
  gtk_widget_class_bind_template_child (widget_class, TideScriptView, view);
  gtk_widget_class_bind_template_child (widget_class, TideScriptView, buffer);
  gtk_widget_class_bind_template_callback (widget_class, on_direction_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_hazard_activated);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_script_view_init (TideScriptView *self)
{
  self->starts = g_array_new (FALSE, FALSE, sizeof (int));
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
tide_script_view_set_comparison (TideScriptView      *self,
                                 TideDriftComparison *comparison)
{
  g_return_if_fail (TIDE_IS_SCRIPT_VIEW (self));

  g_clear_pointer (&self->comparison, tide_drift_comparison_unref);
  self->comparison = comparison == NULL ? NULL : tide_drift_comparison_ref (comparison);
  update (self);
  tide_script_view_set_proof (self, NULL, NULL);
}

static char *
dup_remaining (const TideSchemaProof *proof)
{
  GString *text = g_string_new (NULL);

  if (proof->failure != NULL)
    {
      g_autofree char *failure = tide_error_dup_text (proof->failure);

      g_string_append_printf (text, "%s\n", failure);
    }
  for (guint i = 0; i < proof->remaining->len; i++)
    g_string_append_printf (text, "%s\n", (const char *) g_ptr_array_index (proof->remaining, i));
  for (guint i = 0; i < proof->limits->len; i++)
    g_string_append_printf (text, "%s\n", (const char *) g_ptr_array_index (proof->limits, i));
  if (text->len > 0)
    g_string_truncate (text, text->len - 1);
  return g_string_free (text, FALSE);
}

void
tide_script_view_set_proof (TideScriptView        *self,
                            const TideSchemaProof *proof,
                            const GError          *error)
{
  g_autofree char *text = NULL;

  g_return_if_fail (TIDE_IS_SCRIPT_VIEW (self));

  if (proof != NULL)
    text = dup_remaining (proof);
  else if (error != NULL)
    text = tide_error_dup_text (error);
  tide_pill_set_look (self->pill, proof != NULL ? (proof->proved ? &proved : &unproved)
                                                : error != NULL ? &unproved : &proving);
  gtk_widget_set_visible (GTK_WIDGET (self->pill), self->comparison != NULL);
  gtk_label_set_label (self->remaining, text == NULL ? "" : text);
  gtk_widget_set_visible (GTK_WIDGET (self->remaining), text != NULL && *text != '\0');
}

gboolean
tide_script_view_is_revert (TideScriptView *self)
{
  return gtk_toggle_button_get_active (self->revert_button);
}

char *
tide_script_view_dup_text (TideScriptView *self)
{
  TideSchemaScript *script = get_script (self);

  return script == NULL ? g_strdup ("") : tide_schema_script_dup_text (script);
}
