/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-source-chooser"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "drift/tide-source-chooser.h"
#include "widgets/tide-children.h"
#include "widgets/tide-dialogs.h"

/* The newest migrations stand in the menu; the timeline leads to the others. */
#define N_POINTS 12

struct _TideSourceChooser
{
  GtkWidget           parent_instance;

  /* Borrowed: children */
  GtkMenuButton      *button;
  GtkLabel           *label;

  /* Owned */
  GSimpleActionGroup *actions;
  TideWorkspace      *workspace; /* nullable */
  char               *source;    /* nullable: none is chosen */
  gboolean            optional;
};

enum
{
  PROP_SOURCE = 1,
  PROP_OPTIONAL,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideSourceChooser, tide_source_chooser, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static char *
dup_label (const char *source)
{
  if (source == NULL || *source == '\0')
    return g_strdup (_("Nothing Beside"));
  if (g_str_equal (source, "applied"))
    return g_strdup (_("Applied Migrations"));
  if (g_str_equal (source, "migrations"))
    return g_strdup (_("All Migrations"));
  if (g_str_equal (source, "database"))
    return g_strdup (_("This Database"));
  if (g_str_equal (source, "empty"))
    return g_strdup (_("Nothing"));
  if (g_str_has_prefix (source, "migrations@"))
    return g_strdup (source + strlen ("migrations@"));
  if (g_str_has_prefix (source, "env:"))
    return g_strdup (source + strlen ("env:"));
  if (g_str_has_prefix (source, "backup:") || g_str_has_prefix (source, "sql:"))
    return g_path_get_basename (strchr (source, ':') + 1);
  return g_strdup (source);
}

static void
append_source (GMenu      *menu,
               const char *source)
{
  g_autofree char *label = dup_label (source);
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "source.choose", "s", source);
  g_menu_append_item (menu, item);
}

static void
append_environments (TideSourceChooser *self,
                     GMenu             *menu)
{
  GListModel *environments = tide_workspace_get_environments (self->workspace);
  TideEnvironment *current = tide_workspace_get_environment (self->workspace);
  g_autoptr (GMenu) section = g_menu_new ();

  for (guint i = 0; i < g_list_model_get_n_items (environments); i++)
    {
      g_autoptr (TideEnvironment) environment = g_list_model_get_item (environments, i);
      g_autofree char *source = g_strconcat ("env:", tide_environment_get_name (environment), NULL);

      if (environment != current)
        append_source (section, source);
    }
  g_menu_append_section (menu, _("Environments"), G_MENU_MODEL (section));
}

static void
append_points (TideSourceChooser *self,
               GMenu             *menu)
{
  TideProject *project = tide_workspace_get_project (self->workspace);
  GPtrArray *migrations = project == NULL ? NULL : tide_project_get_migrations (project);
  g_autoptr (GMenu) section = g_menu_new ();

  for (guint i = 0; migrations != NULL && i < MIN (migrations->len, N_POINTS); i++)
    {
      TideMigration *migration = g_ptr_array_index (migrations, migrations->len - 1 - i);
      g_autofree char *source = g_strconcat ("migrations@", tide_migration_get_name (migration), NULL);

      append_source (section, source);
    }
  g_menu_append_submenu (menu, _("History up to"), G_MENU_MODEL (section));
}

static void
append_file (GMenu      *menu,
             const char *label,
             const char *prefix)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "source.choose-file", "s", prefix);
  g_menu_append_item (menu, item);
}

/* Called when the menu opens: environments and migrations come and go. */
static void
create_menu (GtkMenuButton *button,
             gpointer       user_data)
{
  TideSourceChooser *self = user_data;
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) here = g_menu_new ();
  g_autoptr (GMenu) files = g_menu_new ();

  if (self->optional)
    append_source (here, "");
  append_source (here, "applied");
  append_source (here, "migrations");
  append_source (here, "database");
  append_points (self, here);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (here));
  append_environments (self, menu);
  append_file (files, _("A Backup…"), "backup:");
  append_file (files, _("An SQL File…"), "sql:");
  append_source (files, "empty");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (files));
  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
}

static void
choose_activated (GSimpleAction *action,
                  GVariant      *parameter,
                  gpointer       user_data)
{
  tide_source_chooser_set_source (user_data, g_variant_get_string (parameter, NULL));
}

static void
on_file_chosen (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  TideSourceChooser *self = TIDE_SOURCE_CHOOSER (object);
  g_autofree char *prefix = user_data;
  g_autofree char *path = tide_dialog_choose_path_finish (GTK_WIDGET (self), result);
  g_autofree char *source = path == NULL ? NULL : g_strconcat (prefix, path, NULL);

  if (source != NULL)
    tide_source_chooser_set_source (self, source);
}

static void
choose_file_activated (GSimpleAction *action,
                       GVariant      *parameter,
                       gpointer       user_data)
{
  const char *prefix = g_variant_get_string (parameter, NULL);
  const char *title = g_str_equal (prefix, "backup:") ? _("Choose a Backup") : _("Choose an SQL File");

  tide_dialog_choose_path_async (user_data, title, FALSE, on_file_chosen, g_strdup (prefix));
}

static void
tide_source_chooser_dispose (GObject *object)
{
  TideSourceChooser *self = TIDE_SOURCE_CHOOSER (object);

  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->actions);
  g_clear_object (&self->workspace);
  g_clear_pointer (&self->source, g_free);
  G_OBJECT_CLASS (tide_source_chooser_parent_class)->dispose (object);
}

static void
tide_source_chooser_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SOURCE:
      g_value_set_string (value, TIDE_SOURCE_CHOOSER (object)->source);
      break;
    case PROP_OPTIONAL:
      g_value_set_boolean (value, TIDE_SOURCE_CHOOSER (object)->optional);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
show_source (TideSourceChooser *self)
{
  const char *side = gtk_widget_get_tooltip_text (GTK_WIDGET (self));
  g_autofree char *label = dup_label (self->source);
  g_autofree char *spoken = g_strdup_printf ("%s: %s", side ? side : "", label);

  gtk_label_set_label (self->label, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, side ? spoken : label, -1);
}

static void
tide_source_chooser_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  TideSourceChooser *self = TIDE_SOURCE_CHOOSER (object);

  if (prop_id != PROP_OPTIONAL)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      return;
    }
  self->optional = g_value_get_boolean (value);
  show_source (self);
}

static void
tide_source_chooser_class_init (TideSourceChooserClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tide_source_chooser_dispose;
  object_class->get_property = tide_source_chooser_get_property;
  object_class->set_property = tide_source_chooser_set_property;
  properties[PROP_SOURCE] = g_param_spec_string ("source", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_OPTIONAL] = g_param_spec_boolean ("optional", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
tide_source_chooser_init (TideSourceChooser *self)
{
  static const GActionEntry entries[] = {
    { .name = "choose", .activate = choose_activated, .parameter_type = "s" },
    { .name = "choose-file", .activate = choose_file_activated, .parameter_type = "s" },
  };

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "source", G_ACTION_GROUP (self->actions));
  self->button = GTK_MENU_BUTTON (gtk_menu_button_new ());
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->label, PANGO_ELLIPSIZE_MIDDLE);
  gtk_menu_button_set_child (self->button, GTK_WIDGET (self->label));
  gtk_menu_button_set_always_show_arrow (self->button, TRUE);
  gtk_widget_set_parent (GTK_WIDGET (self->button), GTK_WIDGET (self));
}

void
tide_source_chooser_set_workspace (TideSourceChooser *self,
                                   TideWorkspace     *workspace)
{
  g_return_if_fail (TIDE_IS_SOURCE_CHOOSER (self));

  g_set_object (&self->workspace, workspace);
  gtk_menu_button_set_create_popup_func (self->button, create_menu, self, NULL);
}

const char *
tide_source_chooser_get_source (TideSourceChooser *self)
{
  g_return_val_if_fail (TIDE_IS_SOURCE_CHOOSER (self), NULL);

  return self->source;
}

void
tide_source_chooser_set_source (TideSourceChooser *self,
                                const char        *source)
{
  g_return_if_fail (TIDE_IS_SOURCE_CHOOSER (self));

  if (source != NULL && *source == '\0')
    source = NULL;
  if (g_strcmp0 (self->source, source) == 0)
    return;
  g_free (self->source);
  self->source = g_strdup (source);
  show_source (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SOURCE]);
}
