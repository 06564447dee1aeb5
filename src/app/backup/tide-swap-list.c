/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-swap-list"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "backup/tide-backup-actions.h"
#include "backup/tide-restore.h"
#include "backup/tide-swap-list.h"
#include "widgets/tide-children.h"
#include "widgets/tide-dialogs.h"
#include "widgets/tide-format.h"

struct _TideSwapList
{
  GtkWidget        parent_instance;

  /* Template widgets */
  GtkWidget       *list;
  AdwActionRow    *closed_row;
  AdwExpanderRow  *kept_row;

  /* Owned */
  GCancellable    *cancellable;   /* of the question that is under way */
  TideConninfo    *conninfo;      /* nullable */
  TideSwapState   *state;         /* nullable: not known */
  GPtrArray       *rows;          /* in "kept_row" */

  gboolean         asks_for_name;
};

G_DEFINE_FINAL_TYPE (TideSwapList, tide_swap_list, GTK_TYPE_WIDGET)

static TideBackupPage *
get_page (TideSwapList *self)
{
  return TIDE_BACKUP_PAGE (gtk_widget_get_ancestor (GTK_WIDGET (self), TIDE_TYPE_BACKUP_PAGE));
}

static const TideKeptDatabase *
get_kept (TideSwapList *self,
          guint         position)
{
  if (self->state == NULL || position >= self->state->kept->len)
    return NULL;
  return g_ptr_array_index (self->state->kept, position);
}

static GtkWidget *
create_button (const char *label,
               const char *action,
               guint       position)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "u", position);
  return button;
}

static char *
dup_title (const TideKeptDatabase *kept)
{
  g_autofree char *moment = tide_format_moment (kept->kept_at);

  return g_strdup_printf (_("As it was on %s"), moment);
}

static char *
dup_subtitle (const TideKeptDatabase *kept)
{
  g_autofree char *size = g_format_size (MAX (kept->bytes, 0));

  return kept->bytes < 0 ? g_strdup (kept->name) : g_strdup_printf ("%s, %s", kept->name, size);
}

static void
add_row (TideSwapList *self,
         guint         position)
{
  const TideKeptDatabase *kept = get_kept (self, position);
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = dup_title (kept);
  g_autofree char *subtitle = dup_subtitle (kept);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), create_button (_("_Swap Back…"), "swaps.back", position));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), create_button (_("_Drop…"), "swaps.drop", position));
  adw_expander_row_add_row (self->kept_row, row);
  g_ptr_array_add (self->rows, row);
}

/* The one place that makes the rows agree with what is known */
static void
tide_swap_list_update (TideSwapList *self)
{
  const char *database = self->conninfo ? tide_conninfo_get (self->conninfo, "dbname") : NULL;
  guint n = self->state ? self->state->kept->len : 0;
  gboolean closed = self->state != NULL && self->state->closed;
  g_autofree char *kept = g_strdup_printf (g_dngettext (NULL, "%u database is kept from before a restore",
                                                        "%u databases are kept from before restores", n), n);
  g_autofree char *told = g_strdup_printf (_("“%s” takes no connections"), database ? database : "");

  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (self->kept_row, g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < n; i++)
    add_row (self, i);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->kept_row), kept);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->closed_row), told);
  gtk_widget_set_visible (GTK_WIDGET (self->kept_row), n > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->closed_row), closed);
  gtk_widget_set_visible (self->list, n > 0 || closed);
}

static void
read_in_thread (GTask        *task,
                gpointer      source,
                gpointer      task_data,
                GCancellable *cancellable)
{
  GError *error = NULL;
  TideSwapState *state = tide_restore_read_swaps (task_data, cancellable, &error);

  if (state != NULL)
    g_task_return_pointer (task, state, (GDestroyNotify) tide_swap_state_free);
  else
    g_task_return_error (task, error);
}

static void
on_read (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(TideSwapList) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSwapState) state = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->cancellable)
    return;
  g_clear_object (&self->cancellable);
  /* A server that does not answer is told of elsewhere. */
  if (error != NULL)
    g_debug ("what swaps have left is not known: %s", error->message);
  g_clear_pointer (&self->state, tide_swap_state_free);
  self->state = g_steal_pointer (&state);
  tide_swap_list_update (self);
}

static void
swap_back (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  TideSwapList *self = TIDE_SWAP_LIST (widget);
  const TideKeptDatabase *kept = get_kept (self, g_variant_get_uint32 (parameter));

  if (kept != NULL)
    tide_backup_swap_back (get_page (self), self->conninfo, kept->name);
}

static void
on_drop_confirmed (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autofree char *name = user_data;
  TideSwapList *self = TIDE_SWAP_LIST (object);

  if (tide_dialog_confirm_finish (GTK_WIDGET (self), result) && self->conninfo != NULL)
    tide_backup_drop_kept (get_page (self), self->conninfo, name);
}

static void
drop (GtkWidget  *widget,
      const char *action_name,
      GVariant   *parameter)
{
  TideSwapList *self = TIDE_SWAP_LIST (widget);
  const TideKeptDatabase *kept = get_kept (self, g_variant_get_uint32 (parameter));
  g_autofree char *subtitle = kept ? dup_subtitle (kept) : NULL;
  g_autofree char *body = NULL;

  if (kept == NULL)
    return;
  body = g_strdup_printf (_("%s\n\nIt is removed from the server with everything in it. Nothing brings it back."), subtitle);
  tide_dialog_confirm_async (widget, _("Drop the Kept Database?"), body, NULL, _("_Drop"), self->asks_for_name ? kept->name : NULL,
                             TRUE, on_drop_confirmed, g_strdup (kept->name));
}

static void
reopen (GtkWidget  *widget,
        const char *action_name,
        GVariant   *parameter)
{
  TideSwapList *self = TIDE_SWAP_LIST (widget);

  if (self->conninfo != NULL)
    tide_backup_reopen (get_page (self), self->conninfo);
}

static void
tide_swap_list_dispose (GObject *object)
{
  TideSwapList *self = TIDE_SWAP_LIST (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_SWAP_LIST);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_clear_pointer (&self->state, tide_swap_state_free);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_swap_list_parent_class)->dispose (object);
}

static void
tide_swap_list_class_init (TideSwapListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_swap_list_dispose;

  gtk_widget_class_install_action (widget_class, "swaps.back", "u", swap_back);
  gtk_widget_class_install_action (widget_class, "swaps.drop", "u", drop);
  gtk_widget_class_install_action (widget_class, "swaps.reopen", NULL, reopen);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-swap-list.ui");
  gtk_widget_class_bind_template_child (widget_class, TideSwapList, list);
  gtk_widget_class_bind_template_child (widget_class, TideSwapList, closed_row);
  gtk_widget_class_bind_template_child (widget_class, TideSwapList, kept_row);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_swap_list_init (TideSwapList *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
tide_swap_list_read (TideSwapList *self,
                     TideConninfo *conninfo,
                     gboolean      asks_for_name)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (TIDE_IS_SWAP_LIST (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  /* What was known of another database is not shown for this one. */
  if (conninfo != self->conninfo)
    {
      g_clear_pointer (&self->state, tide_swap_state_free);
      g_clear_pointer (&self->conninfo, tide_conninfo_unref);
      self->conninfo = conninfo ? tide_conninfo_ref (conninfo) : NULL;
      tide_swap_list_update (self);
    }
  self->asks_for_name = asks_for_name;
  if (conninfo == NULL || tide_conninfo_get (conninfo, "dbname") == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  task = g_task_new (NULL, self->cancellable, on_read, g_object_ref (self));
  g_task_set_source_tag (task, tide_swap_list_read);
  g_task_set_task_data (task, tide_conninfo_ref (conninfo), (GDestroyNotify) tide_conninfo_unref);
  g_task_run_in_thread (task, read_in_thread);
}
