/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-desk"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "sql/tide-sql-desk.h"

#include "query/tide-query-journal.h"
#include "sql/tide-browse-view.h"
#include "sql/tide-object-tree.h"
#include "sql/tide-sql-completion.h"
#include "sql/tide-sql-file.h"
#include "sql/tide-sql-history-panel.h"
#include "widgets/tide-children.h"
#include "widgets/tide-dialogs.h"

struct _TideSqlDesk
{
  GtkWidget     parent_instance;

  /* Template widgets */
  AdwTabView   *tabs;
  GtkWidget    *bar;
  AdwFlap      *flap;
  GtkStack     *sides;
  GtkBox       *side_buttons;

  /* Borrowed */
  TideSqlHistoryPanel   *history;

  /* Owned */
  TideSqlPlace          *place;
  TideCompletionCatalog *catalog;
  TideWorkspace         *workspace;
};

enum
{
  PROP_PLACE = 1,
  PROP_WORKSPACE,
  PROP_WRITING,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideSqlDesk, tide_sql_desk, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static void
on_writing_changed (TideSqlDesk *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WRITING]);
}

static void
connect_tab (TideSqlDesk *self,
             TideSqlTab  *tab)
{
  GtkSourceCompletion *completion = gtk_source_view_get_completion (tide_sql_tab_get_view (tab));
  g_autoptr(GtkSourceCompletionProvider) provider = tide_sql_completion_new (self->catalog);

  gtk_source_completion_add_provider (completion, provider);
  g_object_bind_property (tab, "temporary", provider, "temporary", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (tab, "changed-catalog", G_CALLBACK (tide_completion_catalog_invalidate), self->catalog, G_CONNECT_SWAPPED);
  g_signal_connect_object (tab, "notify::busy", G_CALLBACK (tide_sql_history_panel_refresh), self->history, G_CONNECT_SWAPPED);
  g_signal_connect_object (tab, "notify::writing", G_CALLBACK (on_writing_changed), self, G_CONNECT_SWAPPED);
}

static TideSqlTab *
add_tab (TideSqlDesk *self)
{
  GtkWidget *tab = g_object_new (TIDE_TYPE_SQL_TAB, "place", self->place, NULL);
  AdwTabPage *page = adw_tab_view_append (self->tabs, tab);

  tide_children_name (self->bar, "tab-close-button", _("Close Tab"));
  connect_tab (self, TIDE_SQL_TAB (tab));
  if (self->workspace != NULL)
    tide_sql_tab_set_workspace (TIDE_SQL_TAB (tab), self->workspace);
  g_object_bind_property (tab, "title", page, "title", G_BINDING_SYNC_CREATE);
  g_object_bind_property (tab, "busy", page, "loading", G_BINDING_SYNC_CREATE);
  adw_tab_view_set_selected_page (self->tabs, page);
  return TIDE_SQL_TAB (tab);
}

static void
close_page (TideSqlDesk *self,
            AdwTabPage  *page,
            gboolean     sure)
{
  if (sure)
    tide_sql_tab_forget (TIDE_SQL_TAB (adw_tab_page_get_child (page)));
  adw_tab_view_close_page_finish (self->tabs, page, sure);
  if (adw_tab_view_get_n_pages (self->tabs) == 0)
    add_tab (self);
}

static void
on_close_answered (GObject      *source,
                   GAsyncResult *result,
                   gpointer      data)
{
  g_autoptr(AdwTabPage) page = data;

  close_page (TIDE_SQL_DESK (source), page, tide_dialog_confirm_finish (GTK_WIDGET (source), result));
}

static gboolean on_close_page (TideSqlDesk *self,
                               AdwTabPage  *page);

/* A file that was not written leaves its tab, and with it the text, where it is. */
static void
on_saved (TideSqlDesk *self,
          gboolean     saved,
          TideSqlTab  *tab)
{
  AdwTabPage *page = adw_tab_view_get_page (self->tabs, GTK_WIDGET (tab));

  g_signal_handlers_disconnect_by_func (tab, on_saved, self);
  if (saved)
    on_close_page (self, page);
  else
    close_page (self, page, FALSE);
}

static gboolean
on_close_page (TideSqlDesk *self,
               AdwTabPage  *page)
{
  TideSqlTab *tab = TIDE_SQL_TAB (adw_tab_page_get_child (page));
  g_autofree char *loss = tide_sql_tab_dup_loss (tab, TRUE);

  if (tide_sql_tab_is_saving (tab))
    g_signal_connect_object (tab, "saved", G_CALLBACK (on_saved), self, G_CONNECT_SWAPPED);
  else if (loss == NULL)
    close_page (self, page, TRUE);
  else
    tide_dialog_confirm_async (GTK_WIDGET (self), _("Close the Tab?"), loss, NULL, _("_Close"), NULL, TRUE, on_close_answered,
                               g_object_ref (page));
  return GDK_EVENT_STOP;
}

static gboolean
is_blank (TideSqlTab *tab)
{
  return gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (GTK_TEXT_VIEW (tide_sql_tab_get_view (tab)))) == 0;
}

/* One that is empty is taken instead of a new one. */
static TideSqlTab *
take_tab (TideSqlDesk *self)
{
  TideSqlTab *tab = tide_sql_desk_get_tab (self);

  return tab != NULL && is_blank (tab) ? tab : add_tab (self);
}

/* A file on its way into a tab */
typedef struct
{
  TideSqlDesk *desk;
  char        *path;
} Opening;

/* Into which tab is decided now: something may have been typed meanwhile. */
static void
on_loaded (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autofree Opening *opening = data;
  g_autoptr(TideSqlDesk) self = opening->desk;
  g_autofree char *path = opening->path;
  g_autoptr(GError) error = NULL;
  g_autofree char *stamp = NULL;
  g_autofree char *text = tide_sql_file_load_finish (result, &stamp, &error);

  if (self->tabs == NULL)
    return;
  if (text != NULL)
    tide_sql_tab_take_file (take_tab (self), path, text, stamp);
  else
    tide_dialog_show_error (GTK_WIDGET (self), _("The File Was Not Opened"), error);
}

static void
on_path_chosen (GObject      *source,
                GAsyncResult *result,
                gpointer      data)
{
  g_autofree char *path = tide_dialog_choose_path_finish (GTK_WIDGET (source), result);
  Opening *opening = path != NULL ? g_new0 (Opening, 1) : NULL;

  if (opening == NULL)
    return;
  opening->desk = g_object_ref (TIDE_SQL_DESK (source));
  opening->path = g_steal_pointer (&path);
  tide_sql_file_load_async (opening->path, NULL, on_loaded, opening);
}

static void
activate_open (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  tide_dialog_choose_path_async (widget, _("Open SQL"), FALSE, on_path_chosen, NULL);
}

/* What a crash, or the end of the last time, left behind */
typedef struct
{
  GPtrArray *journals;
  GPtrArray *drafts;
} Left;

static void
left_free (gpointer data)
{
  Left *left = data;

  g_ptr_array_unref (left->journals);
  g_ptr_array_unref (left->drafts);
  g_free (left);
}

static void
read_left (GTask        *task,
           gpointer      source,
           gpointer      data,
           GCancellable *cancellable)
{
  Left *left = g_new0 (Left, 1);

  left->journals = tide_query_journal_adopt (NULL, data, &left->drafts);
  g_task_return_pointer (task, left, left_free);
}

static void
on_left_read (GObject      *source,
              GAsyncResult *result,
              gpointer      data)
{
  g_autoptr(TideSqlDesk) self = data;
  Left *left = g_task_propagate_pointer (G_TASK (result), NULL);

  for (guint i = 0; left != NULL && self->tabs != NULL && i < left->journals->len; i++)
    {
      const TideQueryDraft *draft = g_ptr_array_index (left->drafts, i);

      if (*draft->text != '\0')
        tide_sql_tab_adopt (take_tab (self), g_ptr_array_index (left->journals, i), draft);
      else
        tide_query_journal_forget (g_ptr_array_index (left->journals, i));
    }
  g_clear_pointer (&left, left_free);
}

static void
take_up_left (TideSqlDesk *self)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, on_left_read, g_object_ref (self));

  g_task_set_source_tag (task, take_up_left);
  g_task_set_task_data (task, g_strdup (tide_sql_place_get_key (self->place)), g_free);
  g_task_run_in_thread (task, read_left);
}

static void
activate_new_tab (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  gtk_widget_grab_focus (GTK_WIDGET (add_tab (TIDE_SQL_DESK (widget))));
}

static void
activate_close_tab (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  TideSqlDesk *self = TIDE_SQL_DESK (widget);
  AdwTabPage *page = adw_tab_view_get_selected_page (self->tabs);

  if (page != NULL)
    adw_tab_view_close_page (self->tabs, page);
}

/* The name of a side that is shown hides it; that of another one shows that one. */
static void
activate_side (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  TideSqlDesk *self = TIDE_SQL_DESK (widget);
  const char *name = g_variant_get_string (parameter, NULL);
  const char *shown = gtk_stack_get_visible_child_name (self->sides);
  gboolean same = g_strcmp0 (name, shown) == 0;

  gtk_stack_set_visible_child_name (self->sides, name);
  adw_flap_set_reveal_flap (self->flap, !same || !adw_flap_get_reveal_flap (self->flap));
}

static void
on_found (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(TideSqlDesk) self = data;
  g_autoptr(TideConninfo) conninfo = tide_sql_place_find_finish (TIDE_SQL_PLACE (source), result, NULL);

  if (conninfo != NULL && self->catalog != NULL)
    tide_completion_catalog_set_conninfo (self->catalog, conninfo);
}

/* A profile that asks for its password is asked when something runs, not because somebody looked. */
static void
connect_catalog (TideSqlDesk *self)
{
  TideConninfo *conninfo = tide_completion_catalog_get_conninfo (self->catalog);

  if (conninfo != NULL && tide_sql_place_is_at (self->place, conninfo))
    return;
  if (tide_sql_place_asks (self->place))
    tide_completion_catalog_set_conninfo (self->catalog, NULL);
  else
    tide_sql_place_find_async (self->place, GTK_WIDGET (self), NULL, on_found, g_object_ref (self));
}

/* A desk that is not shown looks again when it is. */
static void
on_place_changed (TideSqlDesk *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    connect_catalog (self);
}

/* On a narrow window a side lies over the text: it goes once something was chosen from it. */
static void
uncover (TideSqlDesk *self)
{
  if (adw_flap_get_folded (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
}

static void
on_chosen (TideSqlDesk *self,
           const char  *text)
{
  uncover (self);
  tide_sql_desk_open_text (self, NULL, text);
}

static void
on_insert (TideSqlDesk *self,
           const char  *text)
{
  uncover (self);
  tide_sql_tab_insert (tide_sql_desk_get_tab (self), text);
}

static void
on_open_text (TideSqlDesk *self,
              const char  *title,
              const char  *text)
{
  uncover (self);
  tide_sql_desk_open_text (self, title, text);
}

static void
on_browse (TideSqlDesk *self,
           const char  *schema,
           const char  *name)
{
  TideConninfo *conninfo = tide_completion_catalog_get_conninfo (self->catalog);

  uncover (self);
  if (conninfo != NULL)
    tide_sql_tab_add_page (tide_sql_desk_get_tab (self), name, tide_browse_view_new (conninfo, schema, name));
}

static void
add_sides (TideSqlDesk *self)
{
  GtkWidget *tree = tide_object_tree_new ();

  self->history = g_object_new (TIDE_TYPE_SQL_HISTORY_PANEL, NULL);
  tide_object_tree_set_catalog (TIDE_OBJECT_TREE (tree), self->catalog);
  g_signal_connect_object (tree, "insert-text", G_CALLBACK (on_insert), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (tree, "open-text", G_CALLBACK (on_open_text), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (tree, "browse", G_CALLBACK (on_browse), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->history, "chosen", G_CALLBACK (on_chosen), self, G_CONNECT_SWAPPED);
  tide_sql_desk_add_side (self, tree, "objects", _("Objects"), "view-list-symbolic");
  tide_sql_desk_add_side (self, GTK_WIDGET (self->history), "history", _("History"), "document-open-recent-symbolic");
}

static void
tide_sql_desk_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (tide_sql_desk_parent_class)->map (widget);
  connect_catalog (TIDE_SQL_DESK (widget));
}

static gboolean
tide_sql_desk_grab_focus (GtkWidget *widget)
{
  TideSqlTab *tab = tide_sql_desk_get_tab (TIDE_SQL_DESK (widget));

  return tab != NULL && gtk_widget_grab_focus (GTK_WIDGET (tab));
}

static void
tide_sql_desk_constructed (GObject *object)
{
  TideSqlDesk *self = TIDE_SQL_DESK (object);

  G_OBJECT_CLASS (tide_sql_desk_parent_class)->constructed (object);
  g_signal_connect_object (self->place, "changed", G_CALLBACK (on_place_changed), self, G_CONNECT_SWAPPED);
  add_sides (self);
  add_tab (self);
  take_up_left (self);
}

static void
tide_sql_desk_dispose (GObject *object)
{
  TideSqlDesk *self = TIDE_SQL_DESK (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_SQL_DESK);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->catalog);
  g_clear_object (&self->workspace);
  g_clear_object (&self->place);
  G_OBJECT_CLASS (tide_sql_desk_parent_class)->dispose (object);
}

static void
tide_sql_desk_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  TideSqlDesk *self = TIDE_SQL_DESK (object);

  switch (prop_id)
    {
    case PROP_PLACE:
      g_value_set_object (value, self->place);
      break;
    case PROP_WORKSPACE:
      g_value_set_object (value, self->workspace);
      break;
    case PROP_WRITING:
      if (tide_sql_desk_get_tab (self) != NULL)
        g_object_get_property (G_OBJECT (tide_sql_desk_get_tab (self)), "writing", value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_sql_desk_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  if (prop_id == PROP_PLACE)
    TIDE_SQL_DESK (object)->place = g_value_dup_object (value);
  else if (prop_id == PROP_WORKSPACE)
    TIDE_SQL_DESK (object)->workspace = g_value_dup_object (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_sql_desk_class_init (TideSqlDeskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = tide_sql_desk_constructed;
  object_class->dispose = tide_sql_desk_dispose;
  object_class->get_property = tide_sql_desk_get_property;
  object_class->set_property = tide_sql_desk_set_property;
  widget_class->grab_focus = tide_sql_desk_grab_focus;
  widget_class->map = tide_sql_desk_map;
  properties[PROP_PLACE] = g_param_spec_object ("place", NULL, NULL, TIDE_TYPE_SQL_PLACE,
                                                G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_WORKSPACE] = g_param_spec_object ("workspace", NULL, NULL, TIDE_TYPE_WORKSPACE,
                                                    G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_WRITING] = g_param_spec_boolean ("writing", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "desk.new-tab", NULL, activate_new_tab);
  gtk_widget_class_install_action (widget_class, "desk.close-tab", NULL, activate_close_tab);
  gtk_widget_class_install_action (widget_class, "desk.open", NULL, activate_open);
  gtk_widget_class_install_action (widget_class, "desk.side", "s", activate_side);

  g_type_ensure (TIDE_TYPE_SQL_TAB);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-sql-desk.ui");
  gtk_widget_class_bind_template_child (widget_class, TideSqlDesk, tabs);
  gtk_widget_class_bind_template_child (widget_class, TideSqlDesk, bar);
  gtk_widget_class_bind_template_child (widget_class, TideSqlDesk, flap);
  gtk_widget_class_bind_template_child (widget_class, TideSqlDesk, sides);
  gtk_widget_class_bind_template_child (widget_class, TideSqlDesk, side_buttons);
  gtk_widget_class_bind_template_callback (widget_class, on_writing_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_close_page);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_sql_desk_init (TideSqlDesk *self)
{
  self->catalog = tide_completion_catalog_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

TideSqlPlace *
tide_sql_desk_get_place (TideSqlDesk *self)
{
  g_return_val_if_fail (TIDE_IS_SQL_DESK (self), NULL);
  return self->place;
}

TideSqlTab *
tide_sql_desk_get_tab (TideSqlDesk *self)
{
  AdwTabPage *page;

  g_return_val_if_fail (TIDE_IS_SQL_DESK (self), NULL);

  page = self->tabs == NULL ? NULL : adw_tab_view_get_selected_page (self->tabs);
  return page == NULL ? NULL : TIDE_SQL_TAB (adw_tab_page_get_child (page));
}

TideSqlTab *
tide_sql_desk_open_text (TideSqlDesk *self,
                         const char  *title,
                         const char  *text)
{
  TideSqlTab *tab;

  g_return_val_if_fail (TIDE_IS_SQL_DESK (self), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  tab = take_tab (self);
  tide_sql_tab_set_text (tab, title, text);
  gtk_widget_grab_focus (GTK_WIDGET (tab));
  return tab;
}

void
tide_sql_desk_add_side (TideSqlDesk *self,
                        GtkWidget   *side,
                        const char  *name,
                        const char  *title,
                        const char  *icon_name)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  g_return_if_fail (TIDE_IS_SQL_DESK (self));

  gtk_stack_add_titled (self->sides, side, name, title);
  gtk_widget_set_tooltip_text (button, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "desk.side");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", name);
  gtk_box_append (self->side_buttons, button);
}

gboolean
tide_sql_desk_is_in_use (TideSqlDesk  *self,
                         char        **why)
{
  g_return_val_if_fail (TIDE_IS_SQL_DESK (self), FALSE);

  for (int i = 0; i < adw_tab_view_get_n_pages (self->tabs); i++)
    {
      AdwTabPage *page = adw_tab_view_get_nth_page (self->tabs, i);
      g_autofree char *loss = tide_sql_tab_dup_loss (TIDE_SQL_TAB (adw_tab_page_get_child (page)), FALSE);

      if (loss == NULL)
        continue;
      *why = g_strdup_printf ("%s: %s", tide_sql_place_get_name (self->place), loss);
      return TRUE;
    }
  return FALSE;
}

void
tide_sql_desk_lock (TideSqlDesk *self)
{
  g_return_if_fail (TIDE_IS_SQL_DESK (self));

  if (tide_sql_desk_get_tab (self) != NULL)
    tide_sql_tab_lock (tide_sql_desk_get_tab (self));
}
