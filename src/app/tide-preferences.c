/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-preferences"

#include "config.h"

#include "tide-preferences.h"

#define MIB (1024 * 1024)

struct _TidePreferences
{
  AdwPreferencesWindow  parent_instance;

  /* Template widgets */
  AdwComboRow          *color_scheme;
  GtkSpinButton        *poll_interval;
  GtkSpinButton        *exact_count_limit;
  GtkSpinButton        *result_memory;
  AdwComboRow          *sql_keywords;
  GtkSpinButton        *sql_indent;
  GtkSwitch            *reminders;
};

G_DEFINE_FINAL_TYPE (TidePreferences, tide_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* As the rows of the combos stand in the template */
static const char *const color_schemes[] = { "system", "light", "dark", NULL };
static const char *const keywords[] = { "upper", "lower", "as-written", NULL };

static gboolean
get_choice (GValue   *value,
            GVariant *variant,
            gpointer  user_data)
{
  const char *const *nicks = user_data;

  for (guint i = 0; nicks[i] != NULL; i++)
    if (g_str_equal (g_variant_get_string (variant, NULL), nicks[i]))
      {
        g_value_set_uint (value, i);
        return TRUE;
      }
  return FALSE;
}

static GVariant *
set_choice (const GValue       *value,
            const GVariantType *expected_type,
            gpointer            user_data)
{
  const char *const *nicks = user_data;
  guint i = g_value_get_uint (value);

  return i < g_strv_length ((char **) nicks) ? g_variant_new_string (nicks[i]) : NULL;
}

static void
bind_choice (GSettings          *settings,
             const char         *key,
             AdwComboRow        *row,
             const char *const  *nicks)
{
  g_settings_bind_with_mapping (settings, key, row, "selected", G_SETTINGS_BIND_DEFAULT, get_choice, set_choice,
                                (gpointer) nicks, NULL);
}

static void
tide_preferences_class_init (TidePreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/com/broxiva/Tidemark/ui/tide-preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, TidePreferences, color_scheme);
  gtk_widget_class_bind_template_child (widget_class, TidePreferences, poll_interval);
  gtk_widget_class_bind_template_child (widget_class, TidePreferences, exact_count_limit);
  gtk_widget_class_bind_template_child (widget_class, TidePreferences, result_memory);
  gtk_widget_class_bind_template_child (widget_class, TidePreferences, sql_keywords);
  gtk_widget_class_bind_template_child (widget_class, TidePreferences, sql_indent);
  gtk_widget_class_bind_template_child (widget_class, TidePreferences, reminders);
}

static void
tide_preferences_init (TidePreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
tide_preferences_new (GSettings *settings)
{
  TidePreferences *self = g_object_new (TIDE_TYPE_PREFERENCES, NULL);

  bind_choice (settings, "color-scheme", self->color_scheme, color_schemes);
  bind_choice (settings, "sql-keywords", self->sql_keywords, keywords);
  g_settings_bind (settings, "poll-interval", self->poll_interval, "value",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "exact-count-limit", self->exact_count_limit, "value",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "sql-indent", self->sql_indent, "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "reminders", self->reminders, "active", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "result-memory", self->result_memory, "value", G_SETTINGS_BIND_DEFAULT);
  return GTK_WINDOW (self);
}

gint64
tide_preferences_get_exact_below (void)
{
  g_autoptr(GSettings) settings = g_settings_new (TIDE_APP_ID);

  return (gint64) g_settings_get_uint (settings, "exact-count-limit") * MIB;
}
