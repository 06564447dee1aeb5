/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-tables"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "health/tide-health-tables.h"
#include "health/tide-health-text.h"
#include "health/tide-table-item.h"
#include "widgets/tide-children.h"
#include "widgets/tide-format.h"
#include "widgets/tide-short-text.h"

/* So many tables are listed with each frame, more than are seen at once; and for so many a list makes widgets, seen or not */
#define STEP      30
#define N_WIDGETS 240

struct _TideHealthTables
{
  GtkWidget           parent_instance;

  /* Template widgets */
  GtkColumnView      *view;
  GtkSearchEntry     *search;
  GtkSingleSelection *selection;
  GtkLabel           *selected;
  GtkWidget          *vacuum;
  GtkWidget          *analyze;
  GtkWidget          *reindex;

  /* Owned */
  GListStore         *store;
  GtkFilter          *filter;
  TideHealth         *health; /* (nullable): what is to be listed once somebody looks */
  GPtrArray          *listed; /* (nullable): the tables of the health that is listed */
  guint               step;   /* the callback that lists the rest of them, or 0 */
  gboolean            is_seen; /* the first of them have been drawn */
};

G_DEFINE_FINAL_TYPE (TideHealthTables, tide_health_tables, GTK_TYPE_WIDGET)

typedef char *(*TextFunc) (const TideHealthTable *table);

static char *
dup_size (const TideHealthTable *table)
{
  g_autofree char *size = g_format_size (table->bytes);

  return table->is_estimate ? g_strdup_printf ("≈ %s", size) : g_strdup (size);
}

static char *
dup_rows (const TideHealthTable *table)
{
  return table->live_rows < 0 ? g_strdup (_("not counted")) : tide_health_dup_count (table->live_rows);
}

static char *
dup_dead (const TideHealthTable *table)
{
  g_autofree char *count = tide_health_dup_count (table->dead_rows);

  if (table->dead_rows == 0)
    return g_strdup ("0");
  return g_strdup_printf ("%s (%.0f %%)", count, 100.0 * table->dead_rows / MAX (table->live_rows + table->dead_rows, 1));
}

static char *
dup_when (gint64 time)
{
  return time == 0 ? g_strdup (_("never")) : tide_format_ago (time);
}

static char *
dup_vacuumed (const TideHealthTable *table)
{
  return dup_when (table->vacuumed_at);
}

static char *
dup_analyzed (const TideHealthTable *table)
{
  return dup_when (table->analyzed_at);
}

static void
setup_label (GtkListItemFactory *factory,
             GtkListItem        *item,
             gpointer            right)
{
  GtkWidget *label = right ? gtk_label_new (NULL) : tide_short_text_new (PANGO_ELLIPSIZE_MIDDLE);

  if (right)
    {
      gtk_label_set_xalign (GTK_LABEL (label), 1);
      gtk_widget_add_css_class (label, "numeric");
    }
  gtk_list_item_set_child (item, label);
}

static void
bind_text (GtkListItemFactory *factory,
           GtkListItem        *item,
           gpointer            func)
{
  TextFunc dup_text = (TextFunc) func;
  g_autofree char *text = dup_text (tide_table_item_get_table (gtk_list_item_get_item (item)));

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
}

static void
bind_name (GtkListItemFactory *factory,
           GtkListItem        *item)
{
  g_autofree char *name = NULL;

  g_object_get (gtk_list_item_get_item (item), "name", &name, NULL);
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), name);
}

static void
setup_size (GtkListItemFactory *factory,
            GtkListItem        *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *bar = gtk_level_bar_new ();
  GtkWidget *label = gtk_label_new (NULL);

  gtk_widget_set_hexpand (bar, TRUE);
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (bar, "health-bar");
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), NULL);
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_label_set_width_chars (GTK_LABEL (label), 10);
  gtk_widget_add_css_class (label, "numeric");
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_item_set_child (item, box);
}

static void
bind_size (GtkListItemFactory *factory,
           GtkListItem        *item)
{
  TideTableItem *table = gtk_list_item_get_item (item);
  GtkWidget *bar = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  g_autofree char *text = dup_size (tide_table_item_get_table (table));

  gtk_level_bar_set_value (GTK_LEVEL_BAR (bar), tide_table_item_get_share (table));
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (bar)), text);
}

static GtkColumnViewColumn *
add_column (TideHealthTables *self,
            const char       *title,
            const char       *property,
            GCallback         setup,
            gpointer          setup_data,
            GCallback         bind,
            gpointer          bind_data)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkExpression *expression = gtk_property_expression_new (TIDE_TYPE_TABLE_ITEM, NULL, property);
  g_autoptr(GtkColumnViewColumn) column = gtk_column_view_column_new (title, factory);
  g_autoptr(GtkSorter) sorter = NULL;

  g_signal_connect (factory, "setup", setup, setup_data);
  g_signal_connect (factory, "bind", bind, bind_data);
  if (g_str_equal (property, "name"))
    sorter = GTK_SORTER (gtk_string_sorter_new (expression));
  else
    sorter = GTK_SORTER (gtk_numeric_sorter_new (expression));
  gtk_column_view_column_set_sorter (column, sorter);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_append_column (self->view, column);
  return column;
}

static void
add_columns (TideHealthTables *self)
{
  gpointer right = GINT_TO_POINTER (TRUE);
  GtkColumnViewColumn *name = add_column (self, _("Table"), "name", G_CALLBACK (setup_label), NULL, G_CALLBACK (bind_name), NULL);
  GtkColumnViewColumn *size = add_column (self, _("Size"), "bytes", G_CALLBACK (setup_size), NULL, G_CALLBACK (bind_size), NULL);

  gtk_column_view_column_set_expand (name, TRUE);
  gtk_column_view_column_set_fixed_width (size, 240);
  add_column (self, _("Rows"), "live", G_CALLBACK (setup_label), right, G_CALLBACK (bind_text), dup_rows);
  add_column (self, _("Dead Rows"), "dead", G_CALLBACK (setup_label), right, G_CALLBACK (bind_text), dup_dead);
  add_column (self, _("Vacuumed"), "vacuumed", G_CALLBACK (setup_label), NULL, G_CALLBACK (bind_text), dup_vacuumed);
  add_column (self, _("Analyzed"), "analyzed", G_CALLBACK (setup_label), NULL, G_CALLBACK (bind_text), dup_analyzed);
  gtk_column_view_sort_by_column (self->view, size, GTK_SORT_DESCENDING);
}

static gboolean
matches (gpointer item,
         gpointer user_data)
{
  TideHealthTables *self = user_data;
  g_autofree char *wanted = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  g_autofree char *name = NULL;
  g_autofree char *folded = NULL;

  g_object_get (item, "name", &name, NULL);
  folded = g_utf8_casefold (name, -1);
  return strstr (folded, wanted) != NULL;
}

static void
on_search (TideHealthTables *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static void
on_selected (TideHealthTables *self)
{
  TideTableItem *item = gtk_single_selection_get_selected_item (self->selection);
  const struct { GtkWidget *button; const char *action; } buttons[] = {
    { self->vacuum, TIDE_HEALTH_ACTION_VACUUM },
    { self->analyze, TIDE_HEALTH_ACTION_ANALYZE },
    { self->reindex, TIDE_HEALTH_ACTION_REINDEX },
  };
  g_autofree char *name = item ? tide_table_item_dup_quoted (item) : NULL;
  g_autofree char *shown = NULL;

  if (item != NULL)
    g_object_get (item, "name", &shown, NULL);
  gtk_label_set_label (self->selected, shown ? shown : _("Choose a table to look after it"));
  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      gtk_actionable_set_action_name (GTK_ACTIONABLE (buttons[i].button), name ? "health.act" : NULL);
      if (name != NULL)
        gtk_actionable_set_action_target (GTK_ACTIONABLE (buttons[i].button), "(ss)", buttons[i].action, name);
      gtk_widget_set_sensitive (buttons[i].button, name != NULL);
    }
}

static char *
dup_selected (TideHealthTables *self)
{
  TideTableItem *item = gtk_single_selection_get_selected_item (self->selection);
  char *name = NULL;

  if (item != NULL)
    g_object_get (item, "name", &name, NULL);
  return name;
}

static void
select_again (TideHealthTables *self,
              const char       *wanted)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  for (guint i = 0; wanted != NULL && i < n; i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (self->selection), i);
      g_autofree char *name = NULL;

      g_object_get (item, "name", &name, NULL);
      if (!g_str_equal (name, wanted))
        continue;
      gtk_single_selection_set_selected (self->selection, i);
      return;
    }
}

/* Lists the tables from @first on, up to @end, instead of what stands there. */
static void
list_range (TideHealthTables *self,
            guint             first,
            guint             end)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = first; i < end; i++)
    g_ptr_array_add (items, tide_table_item_new (self->health, i));
  g_list_store_splice (self->store, first, g_list_model_get_n_items (G_LIST_MODEL (self->store)) - first, items->pdata, items->len);
}

static void
stop_listing (TideHealthTables *self)
{
  if (self->step != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->step);
  self->step = 0;
  self->is_seen = FALSE;
}

/* What a list makes widgets for comes in steps; the thousands behind that cost little and come at once. */
static gboolean
on_frame (GtkWidget     *widget,
          GdkFrameClock *clock,
          gpointer       unused)
{
  TideHealthTables *self = TIDE_HEALTH_TABLES (widget);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));
  guint end = n < N_WIDGETS ? MIN (n + STEP, self->listed->len) : self->listed->len;

  if (!self->is_seen)
    {
      self->is_seen = TRUE;
      return G_SOURCE_CONTINUE;
    }
  list_range (self, n, end);
  if (end < self->listed->len)
    return G_SOURCE_CONTINUE;
  self->step = 0;
  return G_SOURCE_REMOVE;
}

/* Makes the list of what was set, only once somebody looks. The first time the largest are there at once, and the others come with the
 * frames that follow. */
static void
tide_health_tables_list (TideHealthTables *self)
{
  GPtrArray *tables = self->health ? self->health->tables : NULL;
  guint n = tables ? tables->len : 0;
  gboolean is_first = g_list_model_get_n_items (G_LIST_MODEL (self->store)) == 0;
  g_autofree char *selected = NULL;

  if (tables == self->listed)
    return;
  stop_listing (self);
  selected = dup_selected (self);
  g_clear_pointer (&self->listed, g_ptr_array_unref);
  self->listed = tables ? g_ptr_array_ref (tables) : NULL;
  list_range (self, 0, is_first ? MIN (n, STEP) : n);
  if (is_first && n > STEP)
    self->step = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_frame, NULL, NULL);
  select_again (self, selected);
}

static void
tide_health_tables_map (GtkWidget *widget)
{
  tide_health_tables_list (TIDE_HEALTH_TABLES (widget));
  GTK_WIDGET_CLASS (tide_health_tables_parent_class)->map (widget);
}

static void
tide_health_tables_dispose (GObject *object)
{
  TideHealthTables *self = TIDE_HEALTH_TABLES (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_HEALTH_TABLES);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->store);
  g_clear_object (&self->filter);
  g_clear_pointer (&self->health, tide_health_unref);
  g_clear_pointer (&self->listed, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_health_tables_parent_class)->dispose (object);
}

static void
tide_health_tables_class_init (TideHealthTablesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_health_tables_dispose;
  widget_class->map = tide_health_tables_map;
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-health-tables.ui");
  gtk_widget_class_bind_template_child (widget_class, TideHealthTables, view);
  gtk_widget_class_bind_template_child (widget_class, TideHealthTables, search);
  gtk_widget_class_bind_template_child (widget_class, TideHealthTables, selection);
  gtk_widget_class_bind_template_child (widget_class, TideHealthTables, selected);
  gtk_widget_class_bind_template_child (widget_class, TideHealthTables, vacuum);
  gtk_widget_class_bind_template_child (widget_class, TideHealthTables, analyze);
  gtk_widget_class_bind_template_child (widget_class, TideHealthTables, reindex);
  gtk_widget_class_bind_template_callback (widget_class, on_search);
  gtk_widget_class_bind_template_callback (widget_class, on_selected);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_health_tables_init (TideHealthTables *self)
{
  g_autoptr(GtkSortListModel) sorted = NULL;
  GtkFilterListModel *filtered;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->store = g_list_store_new (TIDE_TYPE_TABLE_ITEM);
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  filtered = gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (self->store)), g_object_ref (self->filter));
  add_columns (self);
  sorted = gtk_sort_list_model_new (G_LIST_MODEL (filtered), g_object_ref (gtk_column_view_get_sorter (self->view)));
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (sorted));
  on_selected (self);
}

void
tide_health_tables_set_health (TideHealthTables *self,
                               TideHealth       *health)
{
  g_return_if_fail (TIDE_IS_HEALTH_TABLES (self));

  g_clear_pointer (&self->health, tide_health_unref);
  self->health = health ? tide_health_ref (health) : NULL;
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    tide_health_tables_list (self);
}
