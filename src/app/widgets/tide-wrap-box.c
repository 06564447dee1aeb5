/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-wrap-box"

#include "config.h"

#include "widgets/tide-wrap-box.h"

#include "widgets/tide-children.h"

struct _TideWrapBox
{
  GtkWidget parent_instance;

  int       spacing;
};

enum
{
  PROP_SPACING = 1,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideWrapBox, tide_wrap_box, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

/* @line: (element-type GtkRequestedSize): gets the children from @child on that fit into @width. Returns the first that does not. */
static GtkWidget *
fill_line (TideWrapBox *self,
           GtkWidget   *child,
           int          width,
           GArray      *line)
{
  int used = 0;

  g_array_set_size (line, 0);
  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkRequestedSize size = { .data = child };

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &size.minimum_size, &size.natural_size, NULL, NULL);
      used += size.minimum_size + (line->len > 0 ? self->spacing : 0);
      if (line->len > 0 && used > width)
        return child;
      g_array_append_val (line, size);
    }
  return NULL;
}

/* Afterwards the minimum sizes are those that the children get. */
static void
share_line (TideWrapBox *self,
            GArray      *line,
            int          width)
{
  GtkRequestedSize *sizes = (GtkRequestedSize *) (gpointer) line->data;
  int left = width - (int) (line->len - 1) * self->spacing;
  int n_expand = 0;

  for (guint i = 0; i < line->len; i++)
    {
      left -= sizes[i].minimum_size;
      n_expand += gtk_widget_compute_expand (sizes[i].data, GTK_ORIENTATION_HORIZONTAL) ? 1 : 0;
    }
  left = gtk_distribute_natural_allocation (MAX (left, 0), line->len, sizes);
  for (guint i = 0; i < line->len && n_expand > 0; i++)
    if (gtk_widget_compute_expand (sizes[i].data, GTK_ORIENTATION_HORIZONTAL))
      {
        sizes[i].minimum_size += left / n_expand;
        left -= left / n_expand--;
      }
}

static int
measure_line (GArray *line)
{
  int height = 0;

  for (guint i = 0; i < line->len; i++)
    {
      const GtkRequestedSize *size = &g_array_index (line, GtkRequestedSize, i);
      int natural;

      gtk_widget_measure (size->data, GTK_ORIENTATION_VERTICAL, size->minimum_size, NULL, &natural, NULL, NULL);
      height = MAX (height, natural);
    }
  return height;
}

static void
allocate_line (TideWrapBox *self,
               GArray      *line,
               int          y,
               int          width,
               int          height)
{
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int left = width - (int) (line->len - 1) * self->spacing;
  int x;

  for (guint i = 0; i < line->len; i++)
    left -= g_array_index (line, GtkRequestedSize, i).minimum_size;
  x = gtk_widget_get_halign (GTK_WIDGET (self)) == GTK_ALIGN_CENTER ? MAX (left, 0) / 2 : 0;
  for (guint i = 0; i < line->len; i++)
    {
      const GtkRequestedSize *size = &g_array_index (line, GtkRequestedSize, i);
      GtkAllocation place = { mirrored ? width - x - size->minimum_size : x, y, size->minimum_size, height };

      gtk_widget_size_allocate (size->data, &place, -1);
      x += size->minimum_size + self->spacing;
    }
}

/* Puts all children into lines of @width, and in their places if @allocate. Returns how high they are together. */
static int
lay_out (TideWrapBox *self,
         int          width,
         gboolean     allocate)
{
  g_autoptr(GArray) line = g_array_new (FALSE, FALSE, sizeof (GtkRequestedSize));
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self));
  int y = 0;

  while (child != NULL)
    {
      int height;

      child = fill_line (self, child, width, line);
      if (line->len == 0)
        break;
      share_line (self, line, width);
      height = measure_line (line);
      y += y > 0 ? self->spacing : 0;
      if (allocate)
        allocate_line (self, line, y, width, height);
      y += height;
    }
  return y;
}

static void
measure_width (TideWrapBox *self,
               int         *minimum,
               int         *natural)
{
  g_autoptr(GArray) line = g_array_new (FALSE, FALSE, sizeof (GtkRequestedSize));

  fill_line (self, gtk_widget_get_first_child (GTK_WIDGET (self)), G_MAXINT, line);
  *minimum = 0;
  *natural = line->len == 0 ? 0 : (int) (line->len - 1) * self->spacing;
  for (guint i = 0; i < line->len; i++)
    {
      *minimum = MAX (*minimum, g_array_index (line, GtkRequestedSize, i).minimum_size);
      *natural += g_array_index (line, GtkRequestedSize, i).natural_size;
    }
}

static void
tide_wrap_box_measure (GtkWidget      *widget,
                       GtkOrientation  orientation,
                       int             for_size,
                       int            *minimum,
                       int            *natural,
                       int            *minimum_baseline,
                       int            *natural_baseline)
{
  TideWrapBox *self = TIDE_WRAP_BOX (widget);
  int least, width;

  measure_width (self, &least, &width);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = least;
      *natural = width;
    }
  else
    *minimum = *natural = lay_out (self, for_size < 0 ? width : for_size, FALSE);
}

static void
tide_wrap_box_size_allocate (GtkWidget *widget,
                             int        width,
                             int        height,
                             int        baseline)
{
  lay_out (TIDE_WRAP_BOX (widget), width, TRUE);
}

static GtkSizeRequestMode
tide_wrap_box_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
tide_wrap_box_dispose (GObject *object)
{
  tide_children_unparent (GTK_WIDGET (object));
  G_OBJECT_CLASS (tide_wrap_box_parent_class)->dispose (object);
}

static void
tide_wrap_box_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  if (prop_id == PROP_SPACING)
    g_value_set_int (value, TIDE_WRAP_BOX (object)->spacing);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_wrap_box_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  if (prop_id != PROP_SPACING)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      return;
    }
  TIDE_WRAP_BOX (object)->spacing = g_value_get_int (value);
  gtk_widget_queue_resize (GTK_WIDGET (object));
}

static void
tide_wrap_box_class_init (TideWrapBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_wrap_box_dispose;
  object_class->get_property = tide_wrap_box_get_property;
  object_class->set_property = tide_wrap_box_set_property;
  widget_class->measure = tide_wrap_box_measure;
  widget_class->size_allocate = tide_wrap_box_size_allocate;
  widget_class->get_request_mode = tide_wrap_box_get_request_mode;
  properties[PROP_SPACING] = g_param_spec_int ("spacing", NULL, NULL, 0, G_MAXINT16, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_css_name (widget_class, "box");
}

static void
tide_wrap_box_init (TideWrapBox *self)
{
}
