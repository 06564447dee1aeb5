/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-connection-page"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "connections/tide-connection-page.h"

#include "connect/tide-secrets.h"
#include "connections/tide-connection-facts.h"
#include "widgets/tide-children.h"
#include "widgets/tide-dialogs.h"
#include "widgets/tide-error-view.h"

struct _TideConnectionPage
{
  GtkWidget            parent_instance;

  /* Template widgets */
  GtkStack            *stack;
  GtkLabel            *loading_label;
  TideErrorView       *error_view;
  AdwPreferencesGroup *group;
  GtkLabel            *server;
  GtkLabel            *address;
  GtkLabel            *database;
  GtkLabel            *user;
  GtkLabel            *tls;
  GtkLabel            *size;
  GtkLabel            *ledger;

  /* Owned */
  TideProfile         *profile;
  GCancellable        *cancellable; /* of the attempt under way */
};

G_DEFINE_FINAL_TYPE (TideConnectionPage, tide_connection_page, GTK_TYPE_WIDGET)

static void
tide_connection_page_cancel (TideConnectionPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
tide_connection_page_show_error (TideConnectionPage *self,
                                 const GError       *error)
{
  tide_error_view_set_error (self->error_view, error);
  gtk_stack_set_visible_child_name (self->stack, "error");
}

static char *
format_ledger (const TideConnectionFacts *facts)
{
  if (facts->n_ledger_rows < 0)
    return g_strdup (_("None"));
  return g_strdup_printf (ngettext ("%d row", "%d rows", facts->n_ledger_rows),
                          (int) facts->n_ledger_rows);
}

static void
tide_connection_page_show_facts (TideConnectionPage        *self,
                                 const TideConnectionFacts *facts)
{
  g_autofree char *server = g_strdup_printf ("PostgreSQL %s", facts->server_version);
  g_autofree char *ledger = format_ledger (facts);
  g_autofree char *user = NULL;

  user = facts->superuser ? g_strdup_printf (_("%s (superuser)"), facts->user)
                          : g_strdup (facts->user);
  gtk_label_set_label (self->server, server);
  gtk_label_set_label (self->address, facts->address);
  gtk_label_set_label (self->database, facts->database);
  gtk_label_set_label (self->user, user);
  gtk_label_set_label (self->tls, facts->tls ? facts->tls : _("Not encrypted"));
  gtk_label_set_label (self->size, facts->size);
  gtk_label_set_label (self->ledger, ledger);
  gtk_stack_set_visible_child_name (self->stack, "facts");
}

static void
facts_cb (GObject      *source_object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(TideConnectionPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConnectionFacts) facts = tide_connection_facts_finish (result, &error);

  if (self->cancellable != g_task_get_cancellable (G_TASK (result)))
    return;
  g_clear_object (&self->cancellable);

  if (facts != NULL)
    tide_connection_page_show_facts (self, facts);
  else
    tide_connection_page_show_error (self, error);
}

static void
tide_connection_page_connect (TideConnectionPage *self,
                              const char         *password)
{
  g_autoptr(TideConninfo) conninfo = tide_profile_dup_conninfo (self->profile, password);

  tide_connection_facts_async (conninfo, self->cancellable, facts_cb, g_object_ref (self));
}

typedef struct
{
  TideConnectionPage *page;
  GCancellable       *cancellable; /* of the attempt that asked */
} Attempt;

static Attempt *
attempt_new (TideConnectionPage *page)
{
  Attempt *attempt = g_new0 (Attempt, 1);

  attempt->page = g_object_ref (page);
  attempt->cancellable = g_object_ref (page->cancellable);
  return attempt;
}

static void
attempt_free (Attempt *attempt)
{
  g_object_unref (attempt->page);
  g_object_unref (attempt->cancellable);
  g_free (attempt);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Attempt, attempt_free)

static void
asked_cb (GObject      *source_object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(Attempt) attempt = user_data;
  char *password = tide_dialog_ask_password_finish (GTK_WIDGET (source_object), result);

  if (attempt->page->cancellable == attempt->cancellable)
    {
      if (password != NULL)
        tide_connection_page_connect (attempt->page, password);
      else
        gtk_stack_set_visible_child_name (attempt->page->stack, "idle");
    }
  tide_secrets_free (password);
}

static void
lookup_cb (GObject      *source_object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Attempt) attempt = user_data;
  g_autoptr(GError) error = NULL;
  char *password = tide_secrets_lookup_finish (result, &error);

  /* Without a keyring there may still be a .pgpass, or no password at all: the server has the word. */
  if (error != NULL)
    g_message ("no password from the keyring: %s", error->message);
  if (attempt->page->cancellable == attempt->cancellable)
    tide_connection_page_connect (attempt->page, password);
  tide_secrets_free (password);
}

static void
retry_cb (TideConnectionPage *self)
{
  tide_connection_page_refresh (self);
}

static void
activate_for_profile (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  TideConnectionPage *self = TIDE_CONNECTION_PAGE (widget);

  if (self->profile != NULL)
    gtk_widget_activate_action (widget, "win.edit-connection", "s",
                                tide_profile_get_id (self->profile));
}

static void
activate_refresh (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  tide_connection_page_refresh (TIDE_CONNECTION_PAGE (widget));
}

static void
tide_connection_page_dispose (GObject *object)
{
  TideConnectionPage *self = TIDE_CONNECTION_PAGE (object);
  tide_connection_page_cancel (self);
  g_clear_object (&self->profile);
  tide_children_unparent (GTK_WIDGET (self));
  G_OBJECT_CLASS (tide_connection_page_parent_class)->dispose (object);
}

static void
tide_connection_page_class_init (TideConnectionPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_connection_page_dispose;

  gtk_widget_class_install_action (widget_class, "connection.edit", NULL, activate_for_profile);
  gtk_widget_class_install_action (widget_class, "connection.test", NULL, activate_refresh);

  g_type_ensure (TIDE_TYPE_ERROR_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/com/broxiva/Tidemark/ui/tide-connection-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TideConnectionPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionPage, loading_label);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionPage, error_view);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionPage, group);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionPage, server);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionPage, address);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionPage, database);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionPage, user);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionPage, tls);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionPage, size);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionPage, ledger);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_connection_page_init (TideConnectionPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
tide_connection_page_set_profile (TideConnectionPage *self,
                                  TideProfile        *profile)
{
  g_return_if_fail (TIDE_IS_CONNECTION_PAGE (self));
  g_return_if_fail (profile == NULL || TIDE_IS_PROFILE (profile));

  if (!g_set_object (&self->profile, profile))
    return;

  tide_connection_page_cancel (self);
  if (profile != NULL)
    tide_connection_page_refresh (self);
}

/**
 * tide_connection_page_refresh:
 * @self: a page
 *
 * Connects anew, with the password of the keyring or, if the profile says so, one that is asked for.
 */
void
tide_connection_page_refresh (TideConnectionPage *self)
{
  g_autoptr(TideConninfo) conninfo = NULL;
  g_autofree char *label = NULL;
  g_autofree char *loading = NULL;

  g_return_if_fail (TIDE_IS_CONNECTION_PAGE (self));

  tide_connection_page_cancel (self);
  if (self->profile == NULL)
    return;

  conninfo = tide_profile_dup_conninfo (self->profile, NULL);
  label = tide_conninfo_dup_label (conninfo);
  loading = g_strdup_printf (_("Connecting to %s"), label);
  gtk_label_set_label (self->loading_label, loading);
  adw_preferences_group_set_title (self->group, tide_profile_get_name (self->profile));
  gtk_stack_set_visible_child_name (self->stack, "loading");

  self->cancellable = g_cancellable_new ();
  if (tide_profile_get_ask_password (self->profile))
    tide_dialog_ask_password_async (GTK_WIDGET (self), _("Password"), label,
                                    asked_cb, attempt_new (self));
  else
    tide_secrets_lookup_async (tide_profile_get_id (self->profile), self->cancellable,
                               lookup_cb, attempt_new (self));
}
