/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-explain-view"

#include "config.h"

#include <glib/gi18n.h>

#include "sql/tide-explain-cells.h"
#include "sql/tide-explain-view.h"
#include "widgets/tide-children.h"
#include "widgets/tide-tree-keys.h"
#include "widgets/tide-wrap-box.h"

struct _TideExplainView
{
  GtkWidget      parent_instance;

  /* Template widgets */
  GtkLabel      *summary;
  GtkLabel      *note;
  GtkColumnView *tree;
  GtkColumnView *table;
  GtkTextView   *text;
  GtkLabel      *detail;
  GtkWidget     *detail_scroll;

  /* Owned */
  TideExplain   *explain;
  int            widths[TIDE_EXPLAIN_N_COLUMNS]; /* that each column needs, pixels */
  gboolean       shown[TIDE_EXPLAIN_N_COLUMNS];
  guint          n_dropped; /* of those that should fit, but did not */
  int            width;     /* that they were fitted into */
  guint          fit_source;
};

/* Which go first where the window is too narrow for all: the last of these. What they say stands below, for the selected step. */
static const TideExplainColumn ranks[] = {
  TIDE_EXPLAIN_COLUMN_NODE, TIDE_EXPLAIN_COLUMN_SHARE, TIDE_EXPLAIN_COLUMN_OWN_TIME, TIDE_EXPLAIN_COLUMN_ESTIMATE,
  TIDE_EXPLAIN_COLUMN_REAL, TIDE_EXPLAIN_COLUMN_PLANNED, TIDE_EXPLAIN_COLUMN_BUFFERS, TIDE_EXPLAIN_COLUMN_TOTAL_TIME,
  TIDE_EXPLAIN_COLUMN_LOOPS, TIDE_EXPLAIN_COLUMN_COST,
};
G_STATIC_ASSERT (G_N_ELEMENTS (ranks) == TIDE_EXPLAIN_N_COLUMNS);

/* A step is told from others by so much of its name; the bar of a share has a width of its own. */
#define SHORTEST_STEP "Bitmap Heap Scan"
#define INDENT        20 /* pixels, of each level */
#define BAR           66 /* pixels */
#define PADDING       15 /* pixels, of each cell */

enum
{
  PROP_EXPLAIN = 1,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideExplainView, tide_explain_view, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

/* What the columns that do not fit say of the step, then its own details */
static char *
dup_detail (TideExplainView *self,
            TideExplainRow  *row)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (ranks); i++)
    {
      g_autofree char *value = self->shown[ranks[i]] ? NULL : tide_explain_row_dup_text (row, ranks[i]);

      if (value != NULL && *value != '\0')
        g_string_append_printf (text, "%s%s: %s", text->len > 0 ? " · " : "", tide_explain_column_get_title (ranks[i]), value);
    }
  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append (text, tide_explain_row_get_node (row)->detail);
  return g_strchomp (g_string_free (g_steal_pointer (&text), FALSE));
}

static void
on_selected (TideExplainView    *self,
             GParamSpec         *pspec,
             GtkSingleSelection *selection)
{
  gpointer item = gtk_single_selection_get_selected_item (selection);
  g_autofree char *detail = item ? dup_detail (self, tide_explain_cells_get_row (item)) : NULL;

  gtk_widget_set_visible (self->detail_scroll, detail != NULL && *detail != '\0');
  gtk_label_set_text (self->detail, detail ? detail : "");
}

static gboolean
is_told (TideExplainView   *self,
         TideExplainColumn  column)
{
  switch (column)
    {
    case TIDE_EXPLAIN_COLUMN_OWN_TIME:
    case TIDE_EXPLAIN_COLUMN_TOTAL_TIME:
    case TIDE_EXPLAIN_COLUMN_REAL:
    case TIDE_EXPLAIN_COLUMN_ESTIMATE:
    case TIDE_EXPLAIN_COLUMN_LOOPS:
    case TIDE_EXPLAIN_COLUMN_BUFFERS:
      return tide_explain_is_analyzed (self->explain);
    default:
      return TRUE;
    }
}

static void
show_columns (TideExplainView *self,
              GtkColumnView   *view)
{
  GtkSingleSelection *selection = GTK_SINGLE_SELECTION (gtk_column_view_get_model (view));

  for (guint i = 0; i < TIDE_EXPLAIN_N_COLUMNS; i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (gtk_column_view_get_columns (view), i);

      gtk_column_view_column_set_visible (column, self->shown[i]);
    }
  if (selection != NULL && gtk_widget_get_mapped (GTK_WIDGET (view)))
    on_selected (self, NULL, selection);
}

static void
fit (TideExplainView *self)
{
  int left = gtk_widget_get_width (GTK_WIDGET (self));
  gboolean full = left <= 0; /* before it is on the screen, all fit */

  for (guint i = 0; i < G_N_ELEMENTS (ranks); i++)
    {
      TideExplainColumn column = ranks[i];

      self->shown[column] = FALSE;
      if (!is_told (self, column))
        continue;
      left -= self->widths[column];
      self->shown[column] = full || left >= 0 || column == TIDE_EXPLAIN_COLUMN_NODE || column == TIDE_EXPLAIN_COLUMN_SHARE;
    }
  for (guint i = G_N_ELEMENTS (ranks), n = self->n_dropped; i > 2 && n > 0; i--)
    if (self->shown[ranks[i - 1]])
      {
        self->shown[ranks[i - 1]] = FALSE;
        n--;
      }
  show_columns (self, self->tree);
  show_columns (self, self->table);
}

static gboolean
fit_now (gpointer data)
{
  TideExplainView *self = data;

  self->fit_source = 0;
  if (self->explain != NULL)
    fit (self);
  return G_SOURCE_REMOVE;
}

/* Told while the view is given its place, when nothing may change */
static void
on_width (TideExplainView *self,
          GtkAdjustment   *across)
{
  int width = gtk_adjustment_get_page_size (across);
  gboolean overflows = gtk_adjustment_get_upper (across) > width + 1;

  if (width <= 0 || self->explain == NULL || (width == self->width && !overflows))
    return;
  /* Fonts and arrows of sorting may take more than was reckoned with. */
  self->n_dropped = width == self->width ? self->n_dropped + 1 : 0;
  self->width = width;
  if (self->n_dropped < TIDE_EXPLAIN_N_COLUMNS && self->fit_source == 0)
    self->fit_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, fit_now, self, NULL);
}

static int
get_depth (const TideExplainNode *node)
{
  int deepest = 0;

  for (guint i = 0; i < node->children->len; i++)
    deepest = MAX (deepest, 1 + get_depth (g_ptr_array_index (node->children, i)));
  return deepest;
}

static int
get_text_width (PangoLayout *layout,
                const char  *text)
{
  int width;

  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

static void
measure_columns (TideExplainView *self)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);

  for (int column = 0; column < TIDE_EXPLAIN_N_COLUMNS; column++)
    {
      /* Titles are small. */
      int longest = get_text_width (layout, tide_explain_column_get_title (column)) * 9 / 10;

      for (guint i = 0; column != TIDE_EXPLAIN_COLUMN_NODE && i < tide_explain_get_n_nodes (self->explain); i++)
        {
          g_autoptr(TideExplainRow) row = tide_explain_row_new (self->explain, tide_explain_get_node (self->explain, i));
          g_autofree char *text = tide_explain_row_dup_text (row, column);

          longest = MAX (longest, get_text_width (layout, text));
        }
      self->widths[column] = longest + PADDING;
    }
  self->widths[TIDE_EXPLAIN_COLUMN_SHARE] = BAR + get_text_width (layout, "▸ 100 %") + PADDING;
  self->widths[TIDE_EXPLAIN_COLUMN_ESTIMATE] += get_text_width (layout, "⚠ ");
  self->widths[TIDE_EXPLAIN_COLUMN_NODE] = get_text_width (layout, SHORTEST_STEP) + PADDING +
                                           INDENT * (1 + get_depth (tide_explain_get_root (self->explain)));
}

/* @model: (transfer full) */
static void
show_model (TideExplainView *self,
            GtkColumnView   *view,
            GListModel      *model)
{
  g_autoptr(GtkSingleSelection) selection = gtk_single_selection_new (model);

  g_signal_connect_object (selection, "notify::selected-item", G_CALLBACK (on_selected), self, G_CONNECT_SWAPPED);
  gtk_column_view_set_model (view, GTK_SELECTION_MODEL (selection));
  on_selected (self, NULL, selection);
}

static GListModel *
create_children (gpointer item,
                 gpointer data)
{
  return tide_explain_row_list_children (item);
}

static void
show_tree (TideExplainView *self)
{
  GListStore *root = g_list_store_new (TIDE_TYPE_EXPLAIN_ROW);
  g_autoptr(TideExplainRow) row = tide_explain_row_new (self->explain, tide_explain_get_root (self->explain));

  g_list_store_append (root, row);
  show_model (self, self->tree,
              G_LIST_MODEL (gtk_tree_list_model_new (G_LIST_MODEL (root), FALSE, TRUE, create_children, NULL, NULL)));
}

static void
show_table (TideExplainView *self)
{
  GListStore *rows = g_list_store_new (TIDE_TYPE_EXPLAIN_ROW);
  GtkSorter *sorter = g_object_ref (gtk_column_view_get_sorter (self->table));
  g_autoptr(GtkColumnViewColumn) share = g_list_model_get_item (gtk_column_view_get_columns (self->table),
                                                                TIDE_EXPLAIN_COLUMN_SHARE);

  for (guint i = 0; i < tide_explain_get_n_nodes (self->explain); i++)
    {
      g_autoptr(TideExplainRow) row = tide_explain_row_new (self->explain, tide_explain_get_node (self->explain, i));

      g_list_store_append (rows, row);
    }
  show_model (self, self->table, G_LIST_MODEL (gtk_sort_list_model_new (G_LIST_MODEL (rows), sorter)));
  gtk_column_view_sort_by_column (self->table, share, GTK_SORT_DESCENDING);
}

static char *
dup_summary (TideExplain *explain)
{
  double execution = tide_explain_get_execution_time (explain);
  double planning = tide_explain_get_planning_time (explain);

  if (execution < 0)
    return g_strdup_printf (_("Estimated cost %'.0f"), tide_explain_get_root (explain)->total_cost);
  return g_strdup_printf (_("Ran in %'.1f ms, planned in %'.1f ms"), execution, MAX (planning, 0));
}

static void
show_explain (TideExplainView *self)
{
  g_autofree char *summary = dup_summary (self->explain);
  g_autofree char *text = tide_explain_dup_text (self->explain);
  g_autofree char *raw = g_strdup_printf ("%s\n%s\n", text, tide_explain_get_raw (self->explain));
  const char *extras = tide_explain_get_extras (self->explain);
  gboolean rolled_back = tide_explain_is_rolled_back (self->explain);
  g_autofree char *note = g_strdup_printf ("%s%s%s",
                                           rolled_back ? _("The statement ran, and its changes were rolled back.") : "",
                                           rolled_back && *extras ? "\n" : "", extras);

  gtk_label_set_text (self->summary, summary);
  gtk_label_set_text (self->note, note);
  gtk_widget_set_visible (GTK_WIDGET (self->note), *note != '\0');
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text), raw, -1);
  self->n_dropped = 0;
  measure_columns (self);
  fit (self);
  show_table (self);
  show_tree (self);
}

static void
tide_explain_view_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  if (prop_id == PROP_EXPLAIN)
    g_value_set_boxed (value, TIDE_EXPLAIN_VIEW (object)->explain);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_explain_view_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  if (prop_id == PROP_EXPLAIN)
    tide_explain_view_set_explain (TIDE_EXPLAIN_VIEW (object), g_value_get_boxed (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_explain_view_dispose (GObject *object)
{
  TideExplainView *self = TIDE_EXPLAIN_VIEW (object);

  g_clear_handle_id (&self->fit_source, g_source_remove);
  g_clear_pointer (&self->explain, tide_explain_unref);
  tide_children_unparent (GTK_WIDGET (self));
  G_OBJECT_CLASS (tide_explain_view_parent_class)->dispose (object);
}

static void
tide_explain_view_class_init (TideExplainViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = tide_explain_view_get_property;
  object_class->set_property = tide_explain_view_set_property;
  object_class->dispose = tide_explain_view_dispose;
  properties[PROP_EXPLAIN] = g_param_spec_boxed ("explain", NULL, NULL, TIDE_TYPE_EXPLAIN,
                                                 G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  g_type_ensure (TIDE_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-explain-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TideExplainView, summary);
  gtk_widget_class_bind_template_child (widget_class, TideExplainView, note);
  gtk_widget_class_bind_template_child (widget_class, TideExplainView, tree);
  gtk_widget_class_bind_template_child (widget_class, TideExplainView, table);
  gtk_widget_class_bind_template_child (widget_class, TideExplainView, text);
  gtk_widget_class_bind_template_child (widget_class, TideExplainView, detail);
  gtk_widget_class_bind_template_child (widget_class, TideExplainView, detail_scroll);
  gtk_widget_class_bind_template_callback (widget_class, on_width);
}

static void
tide_explain_view_init (TideExplainView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tide_explain_cells_add_columns (self->tree, FALSE);
  tide_explain_cells_add_columns (self->table, TRUE);
  tide_tree_keys_follow (GTK_WIDGET (self->tree));
}

GtkWidget *
tide_explain_view_new (void)
{
  return g_object_new (TIDE_TYPE_EXPLAIN_VIEW, NULL);
}

void
tide_explain_view_set_explain (TideExplainView *self,
                               TideExplain     *explain)
{
  g_return_if_fail (TIDE_IS_EXPLAIN_VIEW (self));

  if (explain == self->explain)
    return;
  g_clear_pointer (&self->explain, tide_explain_unref);
  self->explain = explain ? tide_explain_ref (explain) : NULL;
  if (explain != NULL)
    show_explain (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EXPLAIN]);
}
