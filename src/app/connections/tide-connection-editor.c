/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-connection-editor"

#include "config.h"

#include <glib/gi18n.h>

#include "connections/tide-connection-editor.h"

#include "connect/tide-import.h"
#include "connect/tide-secrets.h"
#include "connections/tide-connection-test.h"
#include "tide-error.h"
#include "widgets/tide-dialogs.h"

struct _TideConnectionEditor
{
  AdwWindow           parent_instance;

  /* Template widgets */
  GtkWidget          *save_button;
  AdwEntryRow        *url_row;
  GtkLabel           *url_note;
  AdwEntryRow        *name_row;
  AdwComboRow        *kind_row;
  AdwEntryRow        *host_row;
  AdwEntryRow        *port_row;
  AdwEntryRow        *database_row;
  AdwEntryRow        *user_row;
  AdwPasswordEntryRow *password_row;
  GtkSwitch          *ask_password;
  AdwComboRow        *sslmode_row;
  AdwActionRow       *downgrade_row;
  AdwEntryRow        *sslrootcert_row;
  AdwEntryRow        *sslcert_row;
  AdwEntryRow        *sslkey_row;
  AdwEntryRow        *schema_row;
  AdwEntryRow        *options_row;
  AdwEntryRow        *application_name_row;
  AdwEntryRow        *startup_sql_row;
  GtkSwitch          *read_only;
  TideConnectionTest *test;
  GtkLabel           *problem;

  /* Owned */
  TideProfileStore   *store;
  TideProfile        *profile; /* a copy with the same id */
};

enum
{
  SAVED,
  N_SIGNALS,
};

G_DEFINE_FINAL_TYPE (TideConnectionEditor, tide_connection_editor, ADW_TYPE_WINDOW)

static guint signals[N_SIGNALS];

/* From no protection to all of it. The first row of the combo, before these, is "as the host asks for". */
static const char *const sslmodes[] =
  { "disable", "allow", "prefer", "require", "verify-ca", "verify-full" };

static int
rank_sslmode (const char *sslmode)
{
  for (guint i = 0; i < G_N_ELEMENTS (sslmodes); i++)
    if (g_strcmp0 (sslmode, sslmodes[i]) == 0)
      return i;
  return -1;
}

static gboolean
property_to_text (GBinding     *binding,
                  const GValue *from,
                  GValue       *to,
                  gpointer      user_data)
{
  const char *text = g_value_get_string (from);

  g_value_set_string (to, text ? text : "");
  return TRUE;
}

static gboolean
parse_port (const char *text,
            guint      *port)
{
  guint64 number = 0;

  if (*text != '\0' && !g_ascii_string_to_unsigned (text, 10, 1, 65535, &number, NULL))
    return FALSE;
  *port = number;
  return TRUE;
}

static gboolean
text_to_port (GBinding     *binding,
              const GValue *from,
              GValue       *to,
              gpointer      user_data)
{
  guint port;

  /* What is no port stays in the entry and keeps Save from working. */
  if (!parse_port (g_value_get_string (from), &port))
    return FALSE;
  g_value_set_uint (to, port);
  return TRUE;
}

static gboolean
port_to_text (GBinding     *binding,
              const GValue *from,
              GValue       *to,
              gpointer      user_data)
{
  guint port = g_value_get_uint (from);

  g_value_take_string (to, port > 0 ? g_strdup_printf ("%u", port) : g_strdup (""));
  return TRUE;
}

static gboolean
index_to_sslmode (GBinding     *binding,
                  const GValue *from,
                  GValue       *to,
                  gpointer      user_data)
{
  guint index = g_value_get_uint (from);

  g_value_set_string (to, index > 0 && index <= G_N_ELEMENTS (sslmodes) ? sslmodes[index - 1] : NULL);
  return TRUE;
}

static gboolean
sslmode_to_index (GBinding     *binding,
                  const GValue *from,
                  GValue       *to,
                  gpointer      user_data)
{
  g_value_set_uint (to, rank_sslmode (g_value_get_string (from)) + 1);
  return TRUE;
}

static gboolean
index_to_kind (GBinding     *binding,
               const GValue *from,
               GValue       *to,
               gpointer      user_data)
{
  g_value_set_enum (to, g_value_get_uint (from));
  return TRUE;
}

static gboolean
kind_to_index (GBinding     *binding,
               const GValue *from,
               GValue       *to,
               gpointer      user_data)
{
  g_value_set_uint (to, g_value_get_enum (from));
  return TRUE;
}

static void
bind_full (TideConnectionEditor *self,
           const char           *property,
           gpointer              widget,
           const char           *widget_property,
           GBindingTransformFunc to_widget,
           GBindingTransformFunc to_property)
{
  g_object_bind_property_full (self->profile, property, widget, widget_property,
                               G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL,
                               to_widget, to_property, NULL, NULL);
}

static void
tide_connection_editor_bind_rows (TideConnectionEditor *self)
{
  const struct
  {
    const char  *property;
    AdwEntryRow *row;
  } texts[] = {
    { "name", self->name_row },
    { "host", self->host_row },
    { "database", self->database_row },
    { "user", self->user_row },
    { "sslrootcert", self->sslrootcert_row },
    { "sslcert", self->sslcert_row },
    { "sslkey", self->sslkey_row },
    { "schema", self->schema_row },
    { "options", self->options_row },
    { "application-name", self->application_name_row },
    { "startup-sql", self->startup_sql_row },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    bind_full (self, texts[i].property, texts[i].row, "text", property_to_text, NULL);
  bind_full (self, "port", self->port_row, "text", port_to_text, text_to_port);
  bind_full (self, "kind", self->kind_row, "selected", kind_to_index, index_to_kind);
  bind_full (self, "sslmode", self->sslmode_row, "selected", sslmode_to_index, index_to_sslmode);
  bind_full (self, "read-only", self->read_only, "active", NULL, NULL);
  bind_full (self, "ask-password", self->ask_password, "active", NULL, NULL);
}

/* What the chosen mode protects against, and a warning where the host deserves more than was chosen */
static void
tide_connection_editor_update_sslmode (TideConnectionEditor *self)
{
  g_autofree char *host = NULL;
  g_autofree char *chosen = NULL;
  g_autofree char *subtitle = NULL;
  g_autofree char *warning = NULL;
  const char *usual;
  const char *explanation;

  g_object_get (self->profile, "host", &host, "sslmode", &chosen, NULL);
  usual = tide_profile_default_sslmode (host);
  explanation = tide_profile_explain_sslmode (chosen ? chosen : usual);
  if (chosen == NULL)
    subtitle = g_strdup_printf ("%s: %s", usual, explanation);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->sslmode_row), subtitle ? subtitle : explanation);

  warning = g_strdup_printf (_("“%s” is recommended for this host: %s"), usual,
                             tide_profile_explain_sslmode (usual));
  adw_action_row_set_subtitle (self->downgrade_row, warning);
  gtk_widget_set_visible (GTK_WIDGET (self->downgrade_row),
                          chosen != NULL && rank_sslmode (chosen) < rank_sslmode (usual));
}

/* (nullable): the reason why it cannot be saved, as a sentence */
static char *
tide_connection_editor_dup_problem (TideConnectionEditor *self)
{
  g_autoptr(GError) error = NULL;
  const TideErrorFields *fields;
  guint port;

  if (!parse_port (gtk_editable_get_text (GTK_EDITABLE (self->port_row)), &port))
    return g_strdup (_("The port is a number from 1 to 65535, or empty for 5432"));
  if (tide_profile_validate (self->profile, &error))
    return NULL;
  fields = tide_error_get_fields (error);
  return fields != NULL && fields->hint != NULL
         ? g_strdup_printf ("%s: %s", error->message, fields->hint)
         : g_strdup (error->message);
}

static void
tide_connection_editor_update (TideConnectionEditor *self)
{
  g_autofree char *problem = tide_connection_editor_dup_problem (self);
  gboolean asks = gtk_switch_get_active (self->ask_password);

  gtk_widget_set_sensitive (self->save_button, problem == NULL);
  gtk_label_set_label (self->problem, problem ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->password_row), !asks);
  tide_connection_editor_update_sslmode (self);
  tide_connection_test_reset (self->test);
}

/* Everything but the id */
static void
copy_properties (TideProfile *from,
                 TideProfile *to,
                 gboolean     skip_defaults)
{
  g_autofree GParamSpec **properties = NULL;
  guint n;

  properties = g_object_class_list_properties (G_OBJECT_GET_CLASS (from), &n);
  for (guint i = 0; i < n; i++)
    {
      g_auto(GValue) value = G_VALUE_INIT;

      if (properties[i]->flags & G_PARAM_CONSTRUCT_ONLY || !(properties[i]->flags & G_PARAM_WRITABLE))
        continue;
      g_value_init (&value, properties[i]->value_type);
      g_object_get_property (G_OBJECT (from), properties[i]->name, &value);
      if (!skip_defaults || !g_param_value_defaults (properties[i], &value))
        g_object_set_property (G_OBJECT (to), properties[i]->name, &value);
    }
}

/* The URL's values replace what stands in the form; what it does not say stays. */
static void
tide_connection_editor_take_candidate (TideConnectionEditor      *self,
                                       const TideImportCandidate *candidate)
{
  copy_properties (candidate->profile, self->profile, TRUE);
  if (candidate->password != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->password_row), candidate->password);
}

static void
url_changed_cb (AdwEntryRow          *row,
                TideConnectionEditor *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) candidates = NULL;
  const char *note = "";

  if (*text != '\0')
    {
      candidates = tide_import_from_url (text, &error);
      if (candidates != NULL && candidates->len > 0)
        tide_connection_editor_take_candidate (self, g_ptr_array_index (candidates, 0));
      note = error ? error->message : _("The form below has been filled from it.");
    }
  gtk_label_set_label (self->url_note, note);
  gtk_widget_set_visible (GTK_WIDGET (self->url_note), *note != '\0');
  if (error != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->url_note), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->url_note), "error");
}

static void
chosen_cb (GObject      *source_object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autofree char *path = tide_dialog_choose_path_finish (GTK_WIDGET (source_object), result);

  if (path != NULL)
    gtk_editable_set_text (GTK_EDITABLE (source_object), path);
}

/* The button stands in the row that it fills. */
static void
browse_clicked_cb (GtkButton            *button,
                   TideConnectionEditor *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (button), ADW_TYPE_ENTRY_ROW);

  tide_dialog_choose_path_async (row, _("Choose a File"), FALSE, chosen_cb, NULL);
}

static void
test_requested_cb (TideConnectionTest   *test,
                   TideConnectionEditor *self)
{
  tide_connection_test_run (test, self->profile,
                            gtk_editable_get_text (GTK_EDITABLE (self->password_row)));
}

static void
tide_connection_editor_finish (TideConnectionEditor *self)
{
  g_signal_emit (self, signals[SAVED], 0, self->profile);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
store_password_cb (GObject      *source_object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(TideConnectionEditor) self = user_data;
  g_autoptr(GError) error = NULL;
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  tide_secrets_store_finish (result, &error);
  tide_connection_editor_finish (self);
  if (error != NULL && parent != NULL)
    tide_dialog_show_error (GTK_WIDGET (parent),
                            _("The Connection Is Saved, Its Password Is Not"), error);
}

static void
clear_password_cb (GObject      *source_object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!tide_secrets_clear_finish (result, &error))
    g_message ("no password was forgotten: %s", error->message);
}

static void
save (GtkWidget  *widget,
      const char *action_name,
      GVariant   *parameter)
{
  TideConnectionEditor *self = TIDE_CONNECTION_EDITOR (widget);
  const char *password = gtk_editable_get_text (GTK_EDITABLE (self->password_row));
  const char *id = tide_profile_get_id (self->profile);
  g_autofree char *problem = tide_connection_editor_dup_problem (self);
  g_autoptr(GError) error = NULL;

  if (problem != NULL)
    return;

  if (!tide_profile_store_save (self->store, self->profile, &error))
    {
      tide_dialog_show_error (widget, _("The Connection Could Not Be Saved"), error);
      return;
    }

  gtk_widget_set_sensitive (widget, FALSE);
  if (tide_profile_get_ask_password (self->profile))
    tide_secrets_clear_async (id, NULL, clear_password_cb, NULL);
  if (*password == '\0' || tide_profile_get_ask_password (self->profile))
    {
      tide_connection_editor_finish (self);
      return;
    }
  tide_secrets_store_async (id, tide_profile_get_kind (self->profile),
                            tide_profile_get_name (self->profile), password, NULL,
                            store_password_cb, g_object_ref (self));
}

static void
tide_connection_editor_dispose (GObject *object)
{
  TideConnectionEditor *self = TIDE_CONNECTION_EDITOR (object);

  g_clear_object (&self->store);
  g_clear_object (&self->profile);
  G_OBJECT_CLASS (tide_connection_editor_parent_class)->dispose (object);
}

static void
tide_connection_editor_bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, save_button);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, url_row);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, url_note);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, name_row);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, kind_row);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, host_row);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, port_row);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, database_row);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, user_row);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, password_row);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, ask_password);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, sslmode_row);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, downgrade_row);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, sslrootcert_row);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, sslcert_row);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, sslkey_row);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, schema_row);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, options_row);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, application_name_row);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, startup_sql_row);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, read_only);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, test);
  gtk_widget_class_bind_template_child (widget_class, TideConnectionEditor, problem);
  gtk_widget_class_bind_template_callback (widget_class, url_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, browse_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, test_requested_cb);
  gtk_widget_class_bind_template_callback (widget_class, tide_connection_editor_update);
}

static void
tide_connection_editor_class_init (TideConnectionEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_connection_editor_dispose;

  signals[SAVED] = g_signal_new ("saved", TIDE_TYPE_CONNECTION_EDITOR, G_SIGNAL_RUN_LAST,
                                 0, NULL, NULL, NULL, G_TYPE_NONE, 1, TIDE_TYPE_PROFILE);

  gtk_widget_class_install_action (widget_class, "editor.save", NULL, save);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "editor.save", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  g_type_ensure (TIDE_TYPE_CONNECTION_TEST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/com/broxiva/Tidemark/ui/tide-connection-editor.ui");
  tide_connection_editor_bind_template (widget_class);
}

static void
tide_connection_editor_init (TideConnectionEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* With the same id, so that saving it replaces @profile in the store */
static TideProfile *
copy_profile (TideProfile *profile)
{
  TideProfile *copy = g_object_new (TIDE_TYPE_PROFILE, "id", tide_profile_get_id (profile), NULL);

  copy_properties (profile, copy, FALSE);
  return copy;
}

GtkWindow *
tide_connection_editor_new (TideProfileStore *store,
                            TideProfile      *profile)
{
  TideConnectionEditor *self = g_object_new (TIDE_TYPE_CONNECTION_EDITOR, NULL);
  gboolean known = profile != NULL &&
                   tide_profile_store_find (store, tide_profile_get_id (profile)) != NULL;

  self->store = g_object_ref (store);
  self->profile = profile ? copy_profile (profile) : tide_profile_new ();
  gtk_window_set_title (GTK_WINDOW (self), known ? _("Edit Connection") : _("New Connection"));
  if (known)
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->password_row),
                                   _("Password (empty: as it is in the keyring)"));
  tide_connection_editor_bind_rows (self);
  g_signal_connect_object (self->profile, "notify", G_CALLBACK (tide_connection_editor_update),
                           self, G_CONNECT_SWAPPED);
  tide_connection_editor_update (self);
  gtk_widget_grab_focus (GTK_WIDGET (known ? self->name_row : self->url_row));
  return GTK_WINDOW (self);
}
