/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-object-tree"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/tide-catalog.h"
#include "schema/tide-schema-script.h"
#include "sql/tide-object-folds.h"
#include "sql/tide-object-node.h"
#include "sql/tide-object-tree.h"
#include "tide-error.h"
#include "widgets/tide-children.h"
#include "widgets/tide-dialogs.h"
#include "widgets/tide-error-view.h"
#include "widgets/tide-short-text.h"
#include "widgets/tide-tree-keys.h"

struct _TideObjectTree
{
  GtkWidget              parent_instance;

  /* Template widgets */
  GtkSearchEntry        *search;
  GtkListView           *list;
  GtkStack              *stack;
  TideErrorView         *error;
  GtkWidget             *menu;
  GtkSingleSelection    *selection;

  /* Owned */
  TideCompletionCatalog *catalog;
  GCancellable          *reading; /* (nullable): a definition */
  TideOutline           *shown;   /* (nullable) */
  TideObjectFolds       *folds;   /* (nullable) */

  gboolean               searches;
};

enum
{
  SIGNAL_BROWSE,
  SIGNAL_INSERT_TEXT,
  SIGNAL_OPEN_TEXT,
  N_SIGNALS,
};

enum
{
  PROP_CATALOG = 1,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideObjectTree, tide_object_tree, GTK_TYPE_WIDGET)

static guint signals[N_SIGNALS];
static GParamSpec *properties[N_PROPS];

/* (transfer none) (nullable): its model keeps it */
static TideObjectNode *
get_selected (TideObjectTree *self)
{
  GtkTreeListRow *row = self->selection ? gtk_single_selection_get_selected_item (self->selection) : NULL;
  g_autoptr(TideObjectNode) node = row ? gtk_tree_list_row_get_item (row) : NULL;

  return node;
}

static gboolean
can_browse (TideObjectNode *node)
{
  return tide_object_node_get_kind (node) == TIDE_NODE_RELATION;
}

static gboolean
has_definition (TideObjectNode *node)
{
  TideObjectNodeKind kind = tide_object_node_get_kind (node);

  return kind == TIDE_NODE_RELATION || kind == TIDE_NODE_FUNCTION || kind == TIDE_NODE_TYPE || kind == TIDE_NODE_KEY
         || kind == TIDE_NODE_PART;
}

static void
update_actions (TideObjectTree *self)
{
  TideObjectNode *node = get_selected (self);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "object.browse", node != NULL && can_browse (node));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "object.definition", node != NULL && has_definition (node));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "object.insert", node != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "object.copy", node != NULL);
}

static GListModel *
create_children (gpointer item,
                 gpointer data)
{
  return tide_object_node_list_children (item);
}

/* The first schema of the search path stands open: that is where one looks */
static void
expand_first (GtkTreeListModel *tree)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GtkTreeListRow) row = gtk_tree_list_model_get_row (tree, i);

      if (row != NULL)
        gtk_tree_list_row_set_expanded (row, TRUE);
    }
}

static void
show_outline (TideObjectTree *self)
{
  TideOutline *outline = self->catalog ? tide_completion_catalog_get_outline (self->catalog) : NULL;
  const GError *error = self->catalog ? tide_completion_catalog_get_error (self->catalog) : NULL;
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));
  g_autoptr(GtkTreeListModel) tree = NULL;
  GListModel *roots;

  if (outline == NULL)
    {
      gboolean loading = self->catalog && tide_completion_catalog_is_loading (self->catalog);

      gtk_single_selection_set_model (self->selection, NULL);
      g_clear_pointer (&self->shown, tide_outline_unref);
      tide_error_view_set_error (self->error, error);
      gtk_stack_set_visible_child_name (self->stack, error ? "error" : loading ? "loading" : "none");
      return;
    }
  /* What only begins or ends to be read takes no row away under the keyboard. */
  if (outline == self->shown && !self->searches && *text == '\0')
    return;
  g_clear_pointer (&self->shown, tide_outline_unref);
  self->shown = tide_outline_ref (outline);
  roots = *text ? tide_object_node_search (outline, text) : tide_object_node_list_schemas (outline);
  if (g_list_model_get_n_items (roots) == 0)
    gtk_stack_set_visible_child_name (self->stack, "nothing");
  else
    gtk_stack_set_visible_child_name (self->stack, "list");
  if (!self->searches && gtk_single_selection_get_model (self->selection) != NULL)
    {
      g_clear_pointer (&self->folds, tide_object_folds_free);
      self->folds = tide_object_folds_note (self->selection);
    }
  self->searches = *text != '\0';
  tree = gtk_tree_list_model_new (roots, FALSE, FALSE, create_children, NULL, NULL);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (tree));
  if (!self->searches && self->folds != NULL)
    tide_object_folds_restore (self->folds, self->selection);
  else if (!self->searches)
    expand_first (tree);
  update_actions (self);
}

static void
on_search_changed (TideObjectTree *self)
{
  show_outline (self);
}

static void
on_refresh (TideObjectTree *self)
{
  if (self->catalog != NULL)
    tide_completion_catalog_invalidate (self->catalog);
}

static void
activate_browse (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  TideObjectNode *node = get_selected (TIDE_OBJECT_TREE (widget));
  const TideOutlineRelation *relation = node && can_browse (node) ? tide_object_node_get_relation (node) : NULL;

  if (relation != NULL)
    g_signal_emit (widget, signals[SIGNAL_BROWSE], 0, relation->schema->name, relation->name);
}

static void
activate_insert (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  TideObjectNode *node = get_selected (TIDE_OBJECT_TREE (widget));
  g_autofree char *text = node ? tide_object_node_dup_sql (node) : NULL;

  if (text != NULL)
    g_signal_emit (widget, signals[SIGNAL_INSERT_TEXT], 0, text);
}

static void
activate_copy (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  TideObjectNode *node = get_selected (TIDE_OBJECT_TREE (widget));
  g_autofree char *text = node ? tide_object_node_dup_sql (node) : NULL;

  if (text != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

/* What a thread needs to write a definition */
typedef struct
{
  TideConninfo *conninfo;
  char         *schema;
  char         *name;
  char          kind; /* of a relation, else 0 */
  gboolean      is_function;
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *self = data;

  tide_conninfo_unref (self->conninfo);
  g_free (self->schema);
  g_free (self->name);
  g_free (self);
}

static gboolean
is_wanted (const Wanted           *wanted,
           const TideSchemaObject *object)
{
  static const TideObjectKind types[] = {
    TIDE_OBJECT_ENUM, TIDE_OBJECT_COMPOSITE, TIDE_OBJECT_DOMAIN, TIDE_OBJECT_RANGE, TIDE_OBJECT_BASE_TYPE,
  };
  TideObjectKind kind = tide_schema_object_get_kind (object);
  gboolean fits = FALSE;

  if (g_strcmp0 (tide_schema_object_get_namespace (object), wanted->schema) != 0
      || g_strcmp0 (tide_schema_object_get_name (object), wanted->name) != 0)
    return FALSE;
  if (wanted->is_function)
    return kind == TIDE_OBJECT_FUNCTION || kind == TIDE_OBJECT_AGGREGATE;
  switch (wanted->kind)
    {
    case 'v':
      return kind == TIDE_OBJECT_VIEW;
    case 'm':
      return kind == TIDE_OBJECT_MATERIALIZED_VIEW;
    case 'S':
      return kind == TIDE_OBJECT_SEQUENCE;
    case 0:
      for (guint i = 0; i < G_N_ELEMENTS (types); i++)
        fits = fits || kind == types[i];
      return fits;
    default:
      return kind == TIDE_OBJECT_TABLE;
    }
}

/* All that goes by that name: functions may have several bodies */
static char *
dup_definitions (const Wanted *wanted,
                 TideSchema   *schema)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < tide_schema_get_n_objects (schema); i++)
    {
      const TideSchemaObject *object = tide_schema_get_object (schema, i);

      if (is_wanted (wanted, object))
        {
          g_autofree char *definition = tide_schema_object_dup_definition (object);

          g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", definition);
        }
    }
  return g_string_free (text, FALSE);
}

static void
read_definition (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  Wanted *wanted = data;
  GError *error = NULL;
  g_autoptr(TideSession) session = tide_session_open (wanted->conninfo, cancellable, &error);
  g_autoptr(TideSchema) schema = session ? tide_catalog_read (session, cancellable, &error) : NULL;
  g_autofree char *text = schema ? dup_definitions (wanted, schema) : NULL;

  if (session != NULL)
    tide_session_close (session);
  if (text != NULL && *text == '\0')
    error = tide_error_new (TIDE_ERROR_NOT_FOUND, _("Read the tree again: it may be gone. What belongs to the system or to an "
                                                     "extension has no definition here."),
                            _("\"%s\" has no definition in this database"), wanted->name);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&text), g_free);
}

static void
on_definition (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(TideObjectTree) self = user_data;
  Wanted *wanted = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;
  g_autofree char *text = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->reading)
    return;
  g_clear_object (&self->reading);
  if (text != NULL)
    g_signal_emit (self, signals[SIGNAL_OPEN_TEXT], 0, wanted->name, text);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tide_dialog_show_error (GTK_WIDGET (self), _("The definition could not be read"), error);
}

static void
activate_definition (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  TideObjectTree *self = TIDE_OBJECT_TREE (widget);
  TideObjectNode *node = get_selected (self);
  TideConninfo *conninfo = self->catalog ? tide_completion_catalog_get_conninfo (self->catalog) : NULL;
  const TideOutlineRelation *relation = node ? tide_object_node_get_relation (node) : NULL;
  const TideOutlineFunction *function = node ? tide_object_node_get_function (node) : NULL;
  const TideOutlineType *type = node ? tide_object_node_get_type_entry (node) : NULL;
  const TideOutlineSchema *schema = relation ? relation->schema : function ? function->schema : type ? type->schema : NULL;
  g_autofree char *known = node ? tide_object_node_dup_definition (node) : NULL;
  g_autoptr(GTask) task = NULL;
  Wanted *wanted;

  if (known != NULL)
    {
      g_signal_emit (self, signals[SIGNAL_OPEN_TEXT], 0, tide_object_node_get_label (node), known);
      return;
    }
  if (conninfo == NULL || schema == NULL)
    return;
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  wanted = g_new0 (Wanted, 1);
  wanted->conninfo = tide_conninfo_ref (conninfo);
  wanted->schema = g_strdup (schema->name);
  wanted->name = g_strdup (relation ? relation->name : function ? function->name : type->name);
  wanted->kind = relation ? relation->kind : 0;
  wanted->is_function = function != NULL;
  task = g_task_new (NULL, self->reading, on_definition, g_object_ref (self));
  g_task_set_source_tag (task, activate_definition);
  g_task_set_task_data (task, wanted, wanted_free);
  g_task_run_in_thread (task, read_definition);
}

/* Opens what has rows, and unfolds what has not */
static void
on_activate (TideObjectTree *self,
             guint           position)
{
  g_autoptr(GtkTreeListRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  g_autoptr(TideObjectNode) node = gtk_tree_list_row_get_item (row);

  gtk_single_selection_set_selected (self->selection, position);
  if (can_browse (node))
    activate_browse (GTK_WIDGET (self), NULL, NULL);
  else if (gtk_tree_list_row_is_expandable (row))
    gtk_tree_list_row_set_expanded (row, !gtk_tree_list_row_get_expanded (row));
  else if (has_definition (node))
    activate_definition (GTK_WIDGET (self), NULL, NULL);
  else
    activate_insert (GTK_WIDGET (self), NULL, NULL);
}

static void
show_menu (TideObjectTree *self,
           GtkWidget      *widget,
           double          x,
           double          y)
{
  graphene_point_t point;

  if (!gtk_widget_compute_point (widget, GTK_WIDGET (self), &GRAPHENE_POINT_INIT ((float) x, (float) y), &point))
    point = GRAPHENE_POINT_INIT (0, 0);
  update_actions (self);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle) { (int) point.x, (int) point.y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
on_row_pressed (GtkGestureClick *gesture,
                int              n_press,
                double           x,
                double           y,
                GtkListItem     *item)
{
  GtkWidget *widget = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  TideObjectTree *self = TIDE_OBJECT_TREE (gtk_widget_get_ancestor (widget, TIDE_TYPE_OBJECT_TREE));

  gtk_single_selection_set_selected (self->selection, gtk_list_item_get_position (item));
  show_menu (self, widget, x, y);
}

static void
activate_menu (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  TideObjectTree *self = TIDE_OBJECT_TREE (widget);

  show_menu (self, GTK_WIDGET (self->list), 24, 24);
}

static void
setup_row (TideObjectTree *self,
           GtkListItem    *item)
{
  GtkWidget *expander = gtk_tree_expander_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (NULL);
  GtkWidget *detail = tide_short_text_new (PANGO_ELLIPSIZE_END);
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (detail, TRUE);
  gtk_widget_add_css_class (detail, "dim-label");
  gtk_widget_add_css_class (detail, "caption");
  gtk_box_append (GTK_BOX (box), gtk_image_new ());
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), detail);
  gtk_tree_expander_set_child (GTK_TREE_EXPANDER (expander), box);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (on_row_pressed), item);
  gtk_widget_add_controller (expander, GTK_EVENT_CONTROLLER (click));
  gtk_list_item_set_child (item, expander);
}

static void
bind_row (TideObjectTree *self,
          GtkListItem    *item)
{
  GtkTreeListRow *row = gtk_list_item_get_item (item);
  g_autoptr(TideObjectNode) node = gtk_tree_list_row_get_item (row);
  GtkWidget *expander = gtk_list_item_get_child (item);
  GtkWidget *icon = gtk_widget_get_first_child (gtk_tree_expander_get_child (GTK_TREE_EXPANDER (expander)));
  GtkWidget *label = gtk_widget_get_next_sibling (icon);
  GtkWidget *detail = gtk_widget_get_next_sibling (label);
  g_autofree char *icon_name = NULL;
  g_autofree char *text = NULL;
  g_autofree char *spoken = NULL;

  g_object_get (node, "icon-name", &icon_name, "detail", &text, NULL);
  gtk_tree_expander_set_list_row (GTK_TREE_EXPANDER (expander), row);
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), icon_name);
  gtk_label_set_text (GTK_LABEL (label), tide_object_node_get_label (node));
  gtk_label_set_text (GTK_LABEL (detail), text);
  gtk_widget_set_visible (detail, *text != '\0');
  spoken = g_strjoin (", ", tide_object_node_get_label (node), *text ? text : NULL, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (expander), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
tide_object_tree_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  if (prop_id == PROP_CATALOG)
    g_value_set_object (value, TIDE_OBJECT_TREE (object)->catalog);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_object_tree_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  if (prop_id == PROP_CATALOG)
    tide_object_tree_set_catalog (TIDE_OBJECT_TREE (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_object_tree_dispose (GObject *object)
{
  TideObjectTree *self = TIDE_OBJECT_TREE (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->catalog);
  g_clear_pointer (&self->folds, tide_object_folds_free);
  g_clear_pointer (&self->shown, tide_outline_unref);
  tide_children_unparent (GTK_WIDGET (self));
  G_OBJECT_CLASS (tide_object_tree_parent_class)->dispose (object);
}

static void
tide_object_tree_class_init (TideObjectTreeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = tide_object_tree_get_property;
  object_class->set_property = tide_object_tree_set_property;
  object_class->dispose = tide_object_tree_dispose;
  properties[PROP_CATALOG] = g_param_spec_object ("catalog", NULL, NULL, TIDE_TYPE_COMPLETION_CATALOG,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_BROWSE] = g_signal_new ("browse", TIDE_TYPE_OBJECT_TREE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                         G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_INSERT_TEXT] = g_signal_new ("insert-text", TIDE_TYPE_OBJECT_TREE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                              G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_OPEN_TEXT] = g_signal_new ("open-text", TIDE_TYPE_OBJECT_TREE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                            2, G_TYPE_STRING, G_TYPE_STRING);
  gtk_widget_class_install_action (widget_class, "object.browse", NULL, activate_browse);
  gtk_widget_class_install_action (widget_class, "object.definition", NULL, activate_definition);
  gtk_widget_class_install_action (widget_class, "object.insert", NULL, activate_insert);
  gtk_widget_class_install_action (widget_class, "object.copy", NULL, activate_copy);
  gtk_widget_class_install_action (widget_class, "object.menu", NULL, activate_menu);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "object.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "object.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F4, 0, "object.definition", NULL);
  g_type_ensure (TIDE_TYPE_ERROR_VIEW);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-object-tree.ui");
  gtk_widget_class_bind_template_child (widget_class, TideObjectTree, search);
  gtk_widget_class_bind_template_child (widget_class, TideObjectTree, list);
  gtk_widget_class_bind_template_child (widget_class, TideObjectTree, stack);
  gtk_widget_class_bind_template_child (widget_class, TideObjectTree, error);
  gtk_widget_class_bind_template_child (widget_class, TideObjectTree, menu);
  gtk_widget_class_bind_template_child (widget_class, TideObjectTree, selection);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_refresh);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, setup_row);
  gtk_widget_class_bind_template_callback (widget_class, bind_row);
  gtk_widget_class_bind_template_callback (widget_class, update_actions);
}

static void
tide_object_tree_init (TideObjectTree *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tide_tree_keys_follow (GTK_WIDGET (self->list));
  show_outline (self);
}

GtkWidget *
tide_object_tree_new (void)
{
  return g_object_new (TIDE_TYPE_OBJECT_TREE, NULL);
}

void
tide_object_tree_set_catalog (TideObjectTree        *self,
                              TideCompletionCatalog *catalog)
{
  g_return_if_fail (TIDE_IS_OBJECT_TREE (self));

  if (self->catalog == catalog)
    return;
  if (self->catalog != NULL)
    g_signal_handlers_disconnect_by_func (self->catalog, show_outline, self);
  g_set_object (&self->catalog, catalog);
  if (catalog != NULL)
    {
      g_signal_connect_object (catalog, "notify::outline", G_CALLBACK (show_outline), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (catalog, "notify::error", G_CALLBACK (show_outline), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (catalog, "notify::loading", G_CALLBACK (show_outline), self, G_CONNECT_SWAPPED);
    }
  show_outline (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CATALOG]);
}
