/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-matrix-view"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "timeline/tide-matrix-view.h"
#include "timeline/tide-state-look.h"
#include "widgets/tide-children.h"
#include "widgets/tide-short-text.h"

struct _TideMatrixView
{
  GtkWidget            parent_instance;

  /* Template widgets */
  GtkStack            *stack;
  GtkColumnView       *table;
  GtkColumnViewColumn *name_column;
  GtkSingleSelection  *selection;

  /* Owned */
  GListModel          *environments;
  GtkStringList       *names; /* of migrations, newest first */
  GPtrArray           *watched; /* (element-type GSignalGroup): one per environment */
};

enum
{
  ACTIVATED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (TideMatrixView, tide_matrix_view, GTK_TYPE_WIDGET)

static guint signals[N_SIGNALS];

static const TideTimelineEntry *
find_entry (TideEnvironment *environment,
            const char      *name)
{
  TideTimeline *timeline = tide_environment_get_timeline (environment);

  return timeline ? tide_timeline_find (timeline, name) : NULL;
}

/* The union of all timelines. They share the folders on disk in one order; what is missing on disk stands where its
 * own timeline has it, behind the name before it. */
static char **
list_names (GListModel *environments)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint e = 0; e < g_list_model_get_n_items (environments); e++)
    {
      g_autoptr(TideEnvironment) environment = g_list_model_get_item (environments, e);
      TideTimeline *timeline = tide_environment_get_timeline (environment);
      guint place = names->len;

      for (guint i = timeline ? tide_timeline_get_n_entries (timeline) : 0; i > 0; i--)
        {
          const char *name = tide_timeline_get_entry (timeline, i - 1)->name;
          guint found;

          if (!g_hash_table_contains (seen, name))
            {
              g_ptr_array_insert (names, MIN (place, names->len), g_strdup (name));
              g_hash_table_add (seen, g_ptr_array_index (names, MIN (place, names->len - 1)));
              place++;
            }
          else if (e > 0 && g_ptr_array_find_with_equal_func (names, name, g_str_equal, &found))
            place = found + 1;
        }
    }
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_steal (names, NULL);
}

static void
tide_matrix_view_update (TideMatrixView *self)
{
  g_auto(GStrv) names = NULL;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->names));

  /* Nobody looks: "map" comes here again. */
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  names = list_names (self->environments);
  gtk_string_list_splice (self->names, 0, n, (const char *const *) names);
  gtk_stack_set_visible_child_name (self->stack, *names ? "table" : "empty");
}

static void
setup_state (GtkSignalListItemFactory *factory,
             GtkListItem              *list_item)
{
  GtkWidget *pill = g_object_new (TIDE_TYPE_PILL, "halign", GTK_ALIGN_START, NULL);

  gtk_list_item_set_child (list_item, pill);
}

static void
bind_state (GtkSignalListItemFactory *factory,
            GtkListItem              *list_item,
            TideEnvironment          *environment)
{
  const char *name = gtk_string_object_get_string (gtk_list_item_get_item (list_item));
  const TideTimelineEntry *entry = find_entry (environment, name);
  GtkWidget *pill = gtk_list_item_get_child (list_item);

  gtk_widget_set_visible (pill, entry != NULL);
  if (entry != NULL)
    tide_pill_set_look (TIDE_PILL (pill), tide_state_get_look (entry));
}

static GtkColumnViewColumn *
create_column (TideEnvironment *environment)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *column;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_state), NULL);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_state), environment, 0);
  column = gtk_column_view_column_new (tide_environment_get_name (environment), factory);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_column_set_fixed_width (column, 130);
  return column;
}

static void
rebuild_columns (TideMatrixView *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->table);

  /* The first is the migration's name. */
  while (g_list_model_get_n_items (columns) > 1)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, 1);

      gtk_column_view_remove_column (self->table, column);
    }
  g_ptr_array_set_size (self->watched, 0);
  for (guint i = 0; i < g_list_model_get_n_items (self->environments); i++)
    {
      g_autoptr(TideEnvironment) environment = g_list_model_get_item (self->environments, i);
      g_autoptr(GtkColumnViewColumn) column = create_column (environment);
      GSignalGroup *group = g_signal_group_new (TIDE_TYPE_ENVIRONMENT);

      gtk_column_view_append_column (self->table, column);
      g_signal_group_connect_swapped (group, "notify::timeline", G_CALLBACK (tide_matrix_view_update), self);
      g_signal_group_set_target (group, environment);
      g_ptr_array_add (self->watched, group);
    }
  tide_matrix_view_update (self);
}

/* Who stands alone with its state of @name? */
static TideEnvironment *
find_odd_one (TideMatrixView *self,
              const char     *name)
{
  TideEnvironment *odd = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (self->environments) && odd == NULL; i++)
    {
      g_autoptr(TideEnvironment) environment = g_list_model_get_item (self->environments, i);
      const TideTimelineEntry *entry = find_entry (environment, name);

      if (entry != NULL && entry->state != TIDE_STATE_APPLIED)
        odd = environment;
    }
  return odd;
}

static void
on_activate (TideMatrixView *self,
             guint           position)
{
  g_autoptr(GtkStringObject) item = g_list_model_get_item (G_LIST_MODEL (self->names), position);
  const char *name = gtk_string_object_get_string (item);

  g_signal_emit (self, signals[ACTIVATED], 0, name, find_odd_one (self, name));
}

static void
tide_matrix_view_dispose (GObject *object)
{
  TideMatrixView *self = TIDE_MATRIX_VIEW (object);

  g_clear_pointer (&self->watched, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_MATRIX_VIEW);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->environments);
  g_clear_object (&self->names);
  G_OBJECT_CLASS (tide_matrix_view_parent_class)->dispose (object);
}

static void
tide_matrix_view_class_init (TideMatrixViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_matrix_view_dispose;

  signals[ACTIVATED] = g_signal_new ("activated", TIDE_TYPE_MATRIX_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 2, G_TYPE_STRING, TIDE_TYPE_ENVIRONMENT);

  g_type_ensure (TIDE_TYPE_PILL);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-matrix-view.ui");
  gtk_widget_class_bind_template_child (widget_class, TideMatrixView, stack);
  gtk_widget_class_bind_template_child (widget_class, TideMatrixView, table);
  gtk_widget_class_bind_template_child (widget_class, TideMatrixView, name_column);
  gtk_widget_class_bind_template_child (widget_class, TideMatrixView, selection);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_matrix_view_init (TideMatrixView *self)
{
  g_autoptr(GtkListItemFactory) factory = tide_short_text_factory_new (PANGO_ELLIPSIZE_MIDDLE);

  self->watched = g_ptr_array_new_with_free_func (g_object_unref);
  self->names = gtk_string_list_new (NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_column_view_column_set_factory (self->name_column, factory);
  g_signal_connect (self, "map", G_CALLBACK (tide_matrix_view_update), NULL);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->names));
}

/**
 * tide_matrix_view_set_environments:
 * @self: a matrix view
 * @environments: (element-type TideEnvironment): a column each; followed as it changes
 */
void
tide_matrix_view_set_environments (TideMatrixView *self,
                                   GListModel     *environments)
{
  g_return_if_fail (TIDE_IS_MATRIX_VIEW (self));

  if (!g_set_object (&self->environments, environments))
    return;
  g_signal_connect_object (environments, "items-changed", G_CALLBACK (rebuild_columns), self, G_CONNECT_SWAPPED);
  rebuild_columns (self);
}
