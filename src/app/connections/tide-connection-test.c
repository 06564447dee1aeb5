/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-connection-test"

#include "config.h"

#include <glib/gi18n.h>

#include "connections/tide-connection-test.h"

#include "connect/tide-secrets.h"
#include "connections/tide-connection-facts.h"
#include "tide-error.h"

struct _TideConnectionTest
{
  AdwActionRow  parent_instance;

  /* Template widgets */
  GtkStack     *icons;
  GtkButton    *button;

  /* Owned */
  GCancellable *cancellable; /* of the test under way */
  TideProfile  *profile;     /* that is tested */
};

enum
{
  REQUESTED,
  N_SIGNALS,
};

G_DEFINE_FINAL_TYPE (TideConnectionTest, tide_connection_test, ADW_TYPE_ACTION_ROW)

static guint signals[N_SIGNALS];

static void
tide_connection_test_show (TideConnectionTest *self,
                           const char         *icon,
                           const char         *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), markup);
  gtk_stack_set_visible_child_name (self->icons, icon);
  gtk_button_set_label (self->button, g_str_equal (icon, "running") ? _("_Cancel") : _("_Test"));
}

static void
tide_connection_test_show_facts (TideConnectionTest        *self,
                                 const TideConnectionFacts *facts)
{
  g_autofree char *text = NULL;

  text = g_strdup_printf (_("Connected to “%s” on PostgreSQL %s as %s. %s."),
                          facts->database, facts->server_version, facts->user,
                          facts->tls ? facts->tls : _("Not encrypted"));
  tide_connection_test_show (self, "success", text);
}

static void
facts_cb (GObject      *source_object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(TideConnectionTest) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConnectionFacts) facts = tide_connection_facts_finish (result, &error);
  g_autofree char *text = NULL;

  if (self->cancellable != g_task_get_cancellable (G_TASK (result)))
    return;
  g_clear_object (&self->cancellable);

  if (facts != NULL)
    {
      tide_connection_test_show_facts (self, facts);
      return;
    }
  text = tide_error_dup_text (error);
  tide_connection_test_show (self, "error", text);
}

static void
tide_connection_test_connect (TideConnectionTest *self,
                              const char         *password)
{
  g_autoptr(TideConninfo) conninfo = tide_profile_dup_conninfo (self->profile, password);

  tide_connection_facts_async (conninfo, self->cancellable, facts_cb, g_object_ref (self));
}

static void
lookup_cb (GObject      *source_object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TideConnectionTest) self = user_data;
  g_autoptr(GError) error = NULL;
  char *password = tide_secrets_lookup_finish (result, &error);

  /* No keyring, no password: the server has the word. */
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && self->cancellable != NULL)
    tide_connection_test_connect (self, password);
  tide_secrets_free (password);
}

static void
clicked_cb (GtkButton          *button,
            TideConnectionTest *self)
{
  if (self->cancellable != NULL)
    tide_connection_test_reset (self);
  else
    g_signal_emit (self, signals[REQUESTED], 0);
}

static void
tide_connection_test_dispose (GObject *object)
{
  TideConnectionTest *self = TIDE_CONNECTION_TEST (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->profile);
  G_OBJECT_CLASS (tide_connection_test_parent_class)->dispose (object);
}

static void
tide_connection_test_class_init (TideConnectionTestClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_connection_test_dispose;

  signals[REQUESTED] = g_signal_new ("requested", TIDE_TYPE_CONNECTION_TEST, G_SIGNAL_RUN_LAST,
                                     0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/com/broxiva/Tidemark/ui/tide-connection-test.ui");
  gtk_widget_class_bind_template_child (widget_class, TideConnectionTest, icons);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionTest, button);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
}

static void
tide_connection_test_init (TideConnectionTest *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
tide_connection_test_run (TideConnectionTest *self,
                          TideProfile        *profile,
                          const char         *password)
{
  g_return_if_fail (TIDE_IS_CONNECTION_TEST (self));
  g_return_if_fail (TIDE_IS_PROFILE (profile));

  tide_connection_test_reset (self);
  g_set_object (&self->profile, profile);
  self->cancellable = g_cancellable_new ();
  tide_connection_test_show (self, "running", _("Connecting"));

  if (*password != '\0')
    tide_connection_test_connect (self, password);
  else
    tide_secrets_lookup_async (tide_profile_get_id (profile), self->cancellable,
                               lookup_cb, g_object_ref (self));
}

void
tide_connection_test_reset (TideConnectionTest *self)
{
  g_return_if_fail (TIDE_IS_CONNECTION_TEST (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  tide_connection_test_show (self, "none", _("Connects once and tells what the server says"));
}
