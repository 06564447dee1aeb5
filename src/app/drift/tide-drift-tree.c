/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-drift-tree"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "drift/tide-drift-list.h"
#include "drift/tide-drift-row.h"
#include "drift/tide-drift-tree.h"
#include "widgets/tide-children.h"

/* A tree of no more objects than this opens wholly. */
#define OPEN_AT_ONCE 200

/* As the rows of the drop-down stand in the template; the changes follow in their own order */
#define SHOW_ALL 0

struct _TideDriftTree
{
  GtkWidget           parent_instance;

  /* Template widgets */
  GtkSearchEntry     *search;
  GtkDropDown        *changes;
  GtkDropDown        *kinds;
  GtkStack           *stack;
  GtkListView        *list;
  GtkSingleSelection *selection;

  /* Owned */
  TideDriftOutline   *outline;
  TideDriftNode      *selected; /* nullable: rows do not hold what they show */
  char               *needle;   /* nullable: what is searched, folded */
  GArray             *shown_kinds; /* (element-type TideObjectKind): rows of the drop-down from the second on */
  gboolean            updating;
};

enum
{
  PROP_SELECTED = 1,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideDriftTree, tide_drift_tree, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static gboolean
is_wanted_kind (TideDriftTree        *self,
                const TideDriftEntry *entry)
{
  guint chosen = gtk_drop_down_get_selected (self->kinds);
  const TideSchemaObject *object = entry->to != NULL ? entry->to : entry->from;

  if (chosen == SHOW_ALL || chosen > self->shown_kinds->len)
    return TRUE;
  return tide_schema_object_get_kind (object) == g_array_index (self->shown_kinds, TideObjectKind, chosen - 1);
}

static gboolean
is_wanted (const TideDriftEntry *entry,
           gpointer              data)
{
  TideDriftTree *self = data;
  guint change = gtk_drop_down_get_selected (self->changes);
  g_autofree char *folded = NULL;

  if (change != SHOW_ALL && change - 1 != tide_drift_entry_get_change_type (entry))
    return FALSE;
  if (!is_wanted_kind (self, entry))
    return FALSE;
  if (self->needle == NULL)
    return TRUE;
  folded = g_utf8_casefold (entry->name, -1);
  return strstr (folded, self->needle) != NULL;
}

static gboolean
tell_more (GtkWidget     *widget,
           GdkFrameClock *clock,
           gpointer       data)
{
  return tide_drift_list_tell_more (data);
}

/* What we open ourselves is searched through at once. */
static GListModel *
create_children (gpointer item,
                 gpointer data)
{
  TideDriftTree *self = data;
  GListModel *children = tide_drift_node_list_children (item);

  if (children == NULL)
    return NULL;
  if (!self->updating)
    tide_drift_list_begin_short (TIDE_DRIFT_LIST (children));
  gtk_widget_add_tick_callback (GTK_WIDGET (self->list), tell_more, g_object_ref (children), g_object_unref);
  return children;
}

/* Schemas and kinds; objects stay closed. */
static void
expand_groups (GtkTreeListModel *model)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (model)); i++)
    {
      g_autoptr (GtkTreeListRow) row = gtk_tree_list_model_get_row (model, i);
      g_autoptr (TideDriftNode) node = gtk_tree_list_row_get_item (row);

      if (tide_drift_node_get_entry (node) == NULL)
        gtk_tree_list_row_set_expanded (row, TRUE);
    }
}

/* (transfer full): rows and what they show live only while somebody looks at them */
static TideDriftNode *
ref_node (TideDriftTree *self,
          guint          position)
{
  g_autoptr (GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  return gtk_tree_list_row_get_item (row);
}

/* The first object at or after @position, going in @direction; GTK_INVALID_LIST_POSITION: none */
static guint
find_object (TideDriftTree *self,
             guint          position,
             int            direction)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  for (guint i = position; i < n; i += direction)
    {
      g_autoptr (TideDriftNode) node = ref_node (self, i);

      if (tide_drift_node_get_entry (node) != NULL && tide_drift_node_get_change (node) == NULL)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

static guint
find_name (TideDriftTree *self,
           const char    *name)
{
  guint i = name == NULL ? GTK_INVALID_LIST_POSITION : find_object (self, 0, 1);

  for (; i != GTK_INVALID_LIST_POSITION; i = find_object (self, i + 1, 1))
    {
      g_autoptr (TideDriftNode) node = ref_node (self, i);

      if (g_str_equal (tide_drift_node_get_entry (node)->name, name))
        break;
    }
  return i;
}

static void
on_selection_changed (TideDriftTree *self)
{
  GtkTreeListRow *row = gtk_single_selection_get_selected_item (self->selection);

  if (self->updating)
    return;
  g_clear_object (&self->selected);
  self->selected = row == NULL ? NULL : gtk_tree_list_row_get_item (row);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

static void
update (TideDriftTree *self)
{
  TideDriftNode *before = tide_drift_tree_get_selected (self);
  g_autofree char *name = before == NULL ? NULL : g_strdup (tide_drift_node_get_entry (before)->name);
  g_autoptr (GtkTreeListModel) tree = NULL;
  guint position;

  self->updating = TRUE;
  if (self->outline != NULL)
    {
      TideDriftCounts counts = tide_drift_outline_get_counts (self->outline);
      GListModel *schemas = tide_drift_node_list_schemas (self->outline, is_wanted, self);

      tree = gtk_tree_list_model_new (schemas, FALSE, FALSE, create_children, self, NULL);
      if (self->needle != NULL || counts.added + counts.removed + counts.changed <= OPEN_AT_ONCE)
        expand_groups (tree);
    }
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (tree));
  position = find_name (self, name);
  if (position == GTK_INVALID_LIST_POSITION && tree != NULL)
    position = find_object (self, 0, 1);
  gtk_single_selection_set_selected (self->selection, position);
  gtk_stack_set_visible_child_name (self->stack, tree != NULL && g_list_model_get_n_items (G_LIST_MODEL (tree)) > 0
                                                 ? "rows" : "nothing");
  self->updating = FALSE;
  on_selection_changed (self);
}

static void
on_filter_changed (TideDriftTree *self)
{
  if (!self->updating)
    update (self);
}

static void
on_search_changed (TideDriftTree *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));

  g_clear_pointer (&self->needle, g_free);
  if (*text != '\0')
    self->needle = g_utf8_casefold (text, -1);
  update (self);
}

/* Only kinds that differ can be chosen. */
static void
update_kinds (TideDriftTree *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  GPtrArray *groups = self->outline == NULL ? NULL : tide_drift_outline_get_groups (self->outline);
  guint64 seen = 0;

  g_array_set_size (self->shown_kinds, 0);
  gtk_string_list_append (names, _("All Kinds"));
  for (guint i = 0; groups != NULL && i < groups->len; i++)
    seen |= G_GUINT64_CONSTANT (1) << ((TideDriftGroup *) g_ptr_array_index (groups, i))->kind;
  for (TideObjectKind kind = 0; kind < TIDE_N_OBJECT_KINDS; kind++)
    {
      if ((seen & G_GUINT64_CONSTANT (1) << kind) == 0)
        continue;
      g_array_append_val (self->shown_kinds, kind);
      gtk_string_list_append (names, _(tide_object_kind_get_info (kind)->plural));
    }
  gtk_drop_down_set_model (self->kinds, G_LIST_MODEL (names));
}

static void
tide_drift_tree_dispose (GObject *object)
{
  TideDriftTree *self = TIDE_DRIFT_TREE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_DRIFT_TREE);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->selected);
  g_clear_pointer (&self->outline, tide_drift_outline_unref);
  g_clear_pointer (&self->needle, g_free);
  g_clear_pointer (&self->shown_kinds, g_array_unref);
  G_OBJECT_CLASS (tide_drift_tree_parent_class)->dispose (object);
}

static void
tide_drift_tree_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  if (prop_id == PROP_SELECTED)
    g_value_set_object (value, tide_drift_tree_get_selected (TIDE_DRIFT_TREE (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_drift_tree_class_init (TideDriftTreeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_drift_tree_dispose;
  object_class->get_property = tide_drift_tree_get_property;
  properties[PROP_SELECTED] = g_param_spec_object ("selected", NULL, NULL, TIDE_TYPE_DRIFT_NODE,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  g_type_ensure (TIDE_TYPE_DRIFT_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-drift-tree.ui");
  gtk_widget_class_bind_template_child (widget_class, TideDriftTree, search);
  gtk_widget_class_bind_template_child (widget_class, TideDriftTree, changes);
  gtk_widget_class_bind_template_child (widget_class, TideDriftTree, kinds);
  gtk_widget_class_bind_template_child (widget_class, TideDriftTree, stack);
  gtk_widget_class_bind_template_child (widget_class, TideDriftTree, list);
  gtk_widget_class_bind_template_child (widget_class, TideDriftTree, selection);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_selection_changed);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_drift_tree_init (TideDriftTree *self)
{
  self->shown_kinds = g_array_new (FALSE, FALSE, sizeof (TideObjectKind));
  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->updating = FALSE;
}

void
tide_drift_tree_set_outline (TideDriftTree    *self,
                             TideDriftOutline *outline)
{
  g_return_if_fail (TIDE_IS_DRIFT_TREE (self));

  g_clear_pointer (&self->outline, tide_drift_outline_unref);
  self->outline = outline == NULL ? NULL : tide_drift_outline_ref (outline);
  self->updating = TRUE;
  update_kinds (self);
  update (self);
}

TideDriftNode *
tide_drift_tree_get_selected (TideDriftTree *self)
{
  return self->selected != NULL && tide_drift_node_get_entry (self->selected) != NULL ? self->selected : NULL;
}

gboolean
tide_drift_tree_step (TideDriftTree *self,
                      int            direction)
{
  guint selected = gtk_single_selection_get_selected (self->selection);
  guint start = selected == GTK_INVALID_LIST_POSITION ? 0 : selected + direction;
  guint position = find_object (self, start, direction);

  if (position == GTK_INVALID_LIST_POSITION)
    return FALSE;
  gtk_single_selection_set_selected (self->selection, position);
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
  return TRUE;
}
