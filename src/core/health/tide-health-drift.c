/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-drift"

#include "config.h"

#include "health/tide-health-private.h"
#include "schema/tide-entries.h"

static void
tell_nothing (TideHealthCheck *check,
              const char      *value,
              const char      *action)
{
  check->state = TIDE_HEALTH_UNKNOWN;
  check->value = g_strdup (value);
  check->action = action;
}

static void
tell_failure (TideHealthCheck *check,
              const GError    *error)
{
  g_autofree char *text = g_strdup_printf (_("Not known: %s"), error->message);

  tell_nothing (check, text, TIDE_HEALTH_ACTION_SHOW_DRIFT);
  check->advice = g_strdup (_("The Drift page says more, and what can be done"));
}

#define MAX_PARTS 5

/* An object that stands alone, as the Drift page counts them, and what differs in it */
typedef struct
{
  const TideSchemaObject *from;
  const TideSchemaObject *to;
  GPtrArray              *parts; /* (element-type TideSchemaChange): Borrowed */
} Whole;

static void
whole_free (gpointer data)
{
  Whole *self = data;

  g_ptr_array_unref (self->parts);
  g_free (self);
}

/* (transfer full) (element-type Whole): in the order of the changes */
static GPtrArray *
list_wholes (TideSchemaDiff *diff)
{
  g_autoptr(GPtrArray) changes = tide_schema_diff_list_told (diff);
  GPtrArray *wholes = g_ptr_array_new_with_free_func (whole_free);
  g_autoptr(GHashTable) known = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < changes->len; i++)
    {
      TideSchemaChange *change = g_ptr_array_index (changes, i);
      const TideSchemaObject *from, *to;
      Whole *whole;

      tide_schema_diff_get_whole (diff, change, &from, &to);
      whole = g_hash_table_lookup (known, from ? from : to);
      if (whole == NULL)
        {
          whole = g_new0 (Whole, 1);
          whole->from = from;
          whole->to = to;
          whole->parts = g_ptr_array_new ();
          g_ptr_array_add (wholes, whole);
          g_hash_table_insert (known, (gpointer) (from ? from : to), whole);
        }
      g_ptr_array_add (whole->parts, change);
    }
  return wholes;
}

static void
append_setting (const char *key,
                const char *old,
                const char *value,
                gpointer    user_data)
{
  GString *text = user_data;

  g_string_append_printf (text, "%s%s %s", text->len == 0 ? "" : ", ", old == NULL ? "+" : value == NULL ? "-" : "~", key);
}

/* (transfer full) (nullable): which settings of a database differ: "~ work_mem, + app search_path" */
static char *
dup_settings (const Whole *whole)
{
  static const char *const attributes[] = { "settings", "role_settings" };
  GString *text;

  if (tide_schema_object_get_kind (whole->to) != TIDE_OBJECT_DATABASE)
    return NULL;
  text = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
    tide_entries_compare (tide_schema_object_get (whole->from, attributes[i]), tide_schema_object_get (whole->to, attributes[i]),
                          append_setting, text);
  return g_string_free (text, text->len == 0);
}

/* "different: + column nick, ~ index t_nick" */
static char *
describe (const Whole *whole)
{
  static const char *const signs[] = { "+", "-", "~" };
  g_autoptr(GString) text = NULL;
  g_autofree char *settings = NULL;
  guint n = 0;

  if (whole->from == NULL || whole->to == NULL)
    return g_strdup (whole->from == NULL ? _("only in the database") : _("missing in the database"));
  text = g_string_new (_("different"));
  settings = dup_settings (whole);
  if (settings != NULL)
    g_string_append_printf (text, ": %s", settings);
  for (guint i = 0; i < whole->parts->len && n < MAX_PARTS; i++)
    {
      const TideSchemaChange *change = g_ptr_array_index (whole->parts, i);
      const TideSchemaObject *object = change->to ? change->to : change->from;

      if (object != whole->from && object != whole->to)
        g_string_append_printf (text, "%s %s %s %s", n++ == 0 ? ":" : ",", signs[change->type],
                                tide_object_kind_get_info (tide_schema_object_get_kind (object))->name,
                                tide_schema_object_get_name (object));
    }
  return g_strconcat (text->str, whole->parts->len > MAX_PARTS ? ", …" : NULL, NULL);
}

static void
take_whole (TideHealthCheck *check,
            const Whole     *whole)
{
  const TideSchemaObject *object = whole->to ? whole->to : whole->from;
  const char *kind = tide_object_kind_get_info (tide_schema_object_get_kind (object))->name;
  const char *schema = tide_schema_object_get_namespace (object);
  g_autofree char *name = tide_schema_object_dup_name (object);

  tide_health_check_take_row (check, TIDE_HEALTH_WARNING,
                              g_strdup_printf ("%s %s%s%s", kind, schema ? schema : "", schema ? "." : "", name), describe (whole));
}

static char *
dup_time (gint64 read_at)
{
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc (read_at / G_USEC_PER_SEC);
  g_autoptr(GDateTime) time = g_date_time_to_local (utc);

  return g_date_time_format (time, "%H:%M");
}

static void
tell_diff (TideHealthCheck *check,
           TideSchemaDiff  *diff,
           gint64           read_at)
{
  g_autoptr(GPtrArray) wholes = list_wholes (diff);
  g_autofree char *time = dup_time (read_at > 0 ? read_at : g_get_real_time ());
  guint n = wholes->len;

  for (guint i = 0; i < MIN (n, TIDE_HEALTH_MAX_ROWS); i++)
    take_whole (check, g_ptr_array_index (wholes, i));
  if (n == 0)
    {
      check->value = g_strdup_printf (_("The database is what its migrations say (looked at %s)"), time);
      return;
    }
  if (n > TIDE_HEALTH_MAX_ROWS)
    tide_health_check_take_row (check, TIDE_HEALTH_WARNING, g_strdup_printf (_("and %u more"), n - TIDE_HEALTH_MAX_ROWS), NULL);
  check->value = g_strdup_printf (g_dngettext (NULL, "%u object differs from the migrations (looked at %s)",
                                               "%u objects differ from the migrations (looked at %s)", n), n, time);
  check->advice = g_strdup (_("Somebody changed the database by hand, or a migration after it was applied; the Drift page adopts it or "
                              "takes it back"));
  check->action = TIDE_HEALTH_ACTION_SHOW_DRIFT;
}

void
tide_health_add_drift (TideHealth *self)
{
  TideHealthCheck *check = tide_health_add (self, "migrations", "drift", _("Drift"));

  tell_nothing (check, _("Not looked at"), TIDE_HEALTH_ACTION_COMPARE);
  check->threshold = g_strdup (_("any difference"));
}

TideHealth *
tide_health_tell_drift (TideHealth            *self,
                        const TideHealthDrift *drift)
{
  const TideHealthCheck *old = tide_health_find (self, "drift");
  TideHealthCheck *check;
  TideHealth *copy;
  guint i;

  g_return_val_if_fail (drift != NULL, NULL);

  if (old == NULL || (!drift->is_running && drift->diff == NULL && drift->error == NULL))
    return tide_health_ref (self);
  check = tide_health_check_new (old->group, old->id, old->title);
  check->threshold = g_strdup (old->threshold);
  if (drift->is_running)
    tell_nothing (check, _("Being compared with the migrations…"), TIDE_HEALTH_ACTION_STOP_COMPARE);
  else if (drift->error != NULL)
    tell_failure (check, drift->error);
  else
    tell_diff (check, drift->diff, drift->read_at);
  copy = tide_health_dup_so_far (self);
  if (g_ptr_array_find (copy->checks, old, &i))
    {
      g_ptr_array_remove_index (copy->checks, i);
      g_ptr_array_insert (copy->checks, (int) i, check);
    }
  return copy;
}
