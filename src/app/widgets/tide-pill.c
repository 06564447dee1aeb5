/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-pill"

#include "config.h"

#include <glib/gi18n.h>

#include "widgets/tide-pill.h"

#define ICON_SIZE 12
#define FILE_SIZE 16 /* what themes hold ready; in another size it would be drawn anew from its lines */
#define SPACING   5

struct _TidePill
{
  GtkWidget       parent_instance;

  /* Owned */
  PangoLayout    *word;

  /* Static */
  const TideLook *look;
};

enum
{
  PROP_LOOK = 1,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TidePill, tide_pill, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

/* One widget, not a box with an image and a label: a list makes a pill for each of its rows. */
static void
tide_pill_measure (GtkWidget      *widget,
                   GtkOrientation  orientation,
                   int             for_size,
                   int            *minimum,
                   int            *natural,
                   int            *minimum_baseline,
                   int            *natural_baseline)
{
  TidePill *self = TIDE_PILL (widget);
  int width, height;

  pango_layout_get_pixel_size (self->word, &width, &height);
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? ICON_SIZE + SPACING + width
                                                                  : MAX (ICON_SIZE, height);
}

static void
snapshot_icon (TidePill      *self,
               GtkSnapshot   *snapshot,
               const GdkRGBA *color,
               float          x,
               float          y)
{
  GtkWidget *widget = GTK_WIDGET (self);
  g_autoptr(GtkIconPaintable) icon =
    gtk_icon_theme_lookup_icon (gtk_icon_theme_get_for_display (gtk_widget_get_display (widget)), self->look->icon_name,
                                NULL, FILE_SIZE, gtk_widget_get_scale_factor (widget),
                                gtk_widget_get_direction (widget), GTK_ICON_LOOKUP_FORCE_SYMBOLIC);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, ICON_SIZE, ICON_SIZE, color, 1);
  gtk_snapshot_restore (snapshot);
}

static void
tide_pill_snapshot (GtkWidget   *widget,
                    GtkSnapshot *snapshot)
{
  TidePill *self = TIDE_PILL (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int height = gtk_widget_get_height (widget);
  int word_width, word_height;
  GdkRGBA color;

  if (self->look == NULL)
    return;
  gtk_style_context_get_color (style, &color);
  pango_layout_get_pixel_size (self->word, &word_width, &word_height);
  snapshot_icon (self, snapshot, &color, mirrored ? word_width + SPACING : 0, (height - ICON_SIZE) / 2);
  gtk_snapshot_render_layout (snapshot, style, mirrored ? 0 : ICON_SIZE + SPACING, (height - word_height) / 2, self->word);
}

/* Asked for when the pointer rests: a tooltip that is set asks the display where the pointer is, and waits for the answer. */
static gboolean
tide_pill_query_tooltip (GtkWidget  *widget,
                         int         x,
                         int         y,
                         gboolean    keyboard_mode,
                         GtkTooltip *tooltip)
{
  TidePill *self = TIDE_PILL (widget);

  if (self->look == NULL || self->look->meaning == NULL)
    return FALSE;
  gtk_tooltip_set_text (tooltip, _(self->look->meaning));
  return TRUE;
}

static void
tide_pill_dispose (GObject *object)
{
  g_clear_object (&TIDE_PILL (object)->word);
  G_OBJECT_CLASS (tide_pill_parent_class)->dispose (object);
}

static void
tide_pill_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  if (prop_id == PROP_LOOK)
    g_value_set_pointer (value, (gpointer) TIDE_PILL (object)->look);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_pill_set_property (GObject      *object,
                        guint         prop_id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  if (prop_id == PROP_LOOK)
    tide_pill_set_look (TIDE_PILL (object), g_value_get_pointer (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_pill_class_init (TidePillClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_pill_dispose;
  object_class->get_property = tide_pill_get_property;
  object_class->set_property = tide_pill_set_property;
  widget_class->measure = tide_pill_measure;
  widget_class->query_tooltip = tide_pill_query_tooltip;
  widget_class->snapshot = tide_pill_snapshot;

  properties[PROP_LOOK] = g_param_spec_pointer ("look", NULL, NULL,
                                                G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "statepill");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
tide_pill_init (TidePill *self)
{
  self->word = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

/**
 * tide_pill_set_look:
 * @self: a pill
 * @look: (nullable): what it shows; static data, it is not copied
 *
 * The word is translated here.
 */
void
tide_pill_set_look (TidePill       *self,
                    const TideLook *look)
{
  GtkWidget *widget = GTK_WIDGET (self);
  const char *word = look ? _(look->word) : "";

  g_return_if_fail (TIDE_IS_PILL (self));

  if (self->look == look)
    return;

  if (self->look != NULL)
    gtk_widget_remove_css_class (widget, self->look->css_class);
  if (look != NULL)
    gtk_widget_add_css_class (widget, look->css_class);
  self->look = look;
  pango_layout_set_text (self->word, word, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, word,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, look && look->meaning ? _(look->meaning) : "", -1);
  gtk_widget_queue_resize (widget);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOOK]);
}
