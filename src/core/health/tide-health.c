/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health"

#include "config.h"

#include "health/tide-health-private.h"

G_DEFINE_BOXED_TYPE (TideHealth, tide_health, tide_health_ref, tide_health_unref)

static const GEnumValue state_values[] = {
  { TIDE_HEALTH_OK, "TIDE_HEALTH_OK", "ok" },
  { TIDE_HEALTH_NOTICE, "TIDE_HEALTH_NOTICE", "notice" },
  { TIDE_HEALTH_UNKNOWN, "TIDE_HEALTH_UNKNOWN", "unknown" },
  { TIDE_HEALTH_WARNING, "TIDE_HEALTH_WARNING", "warning" },
  { TIDE_HEALTH_CRITICAL, "TIDE_HEALTH_CRITICAL", "critical" },
  { 0 }
};

GType
tide_health_state_get_type (void)
{
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("TideHealthState", state_values));
  return type;
}

const char *
tide_health_state_to_string (TideHealthState state)
{
  g_return_val_if_fail (state <= TIDE_HEALTH_CRITICAL, NULL);
  return state_values[state].value_nick;
}

static void
row_free (TideHealthRow *self)
{
  g_free (self->title);
  g_free (self->text);
  g_free (self->argument);
  g_free (self);
}

static void
check_clear (TideHealthCheck *self)
{
  g_free (self->value);
  g_free (self->threshold);
  g_free (self->advice);
  g_free (self->argument);
  g_ptr_array_unref (self->rows);
}

void
tide_health_check_unref (TideHealthCheck *self)
{
  g_atomic_rc_box_release_full (self, (GDestroyNotify) check_clear);
}

static void
table_free (TideHealthTable *self)
{
  g_free (self->schema);
  g_free (self->table);
  g_free (self);
}

/* (transfer full): empty, to be filled before it is shared */
TideHealth *
tide_health_new (TideSession *session)
{
  TideConninfo *conninfo = tide_session_get_conninfo (session);
  TideHealth *self = g_new0 (TideHealth, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->label = tide_conninfo_dup_label (conninfo);
  self->server_version = tide_session_get_server_version (session);
  self->read_at = g_get_real_time ();
  self->checks = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_health_check_unref);
  self->tables = g_ptr_array_new_with_free_func ((GDestroyNotify) table_free);
  return self;
}

/* (transfer full): what is known of it by now, to be shared while @self is filled further */
TideHealth *
tide_health_dup_so_far (TideHealth *self)
{
  TideHealth *copy = g_new0 (TideHealth, 1);

  g_atomic_ref_count_init (&copy->ref_count);
  copy->label = g_strdup (self->label);
  copy->database = g_strdup (self->database);
  copy->server_version = self->server_version;
  copy->read_at = self->read_at;
  copy->duration = self->duration;
  copy->sees_all = self->sees_all;
  copy->checks = g_ptr_array_copy (self->checks, (GCopyFunc) g_atomic_rc_box_acquire, NULL);
  g_ptr_array_set_free_func (copy->checks, (GDestroyNotify) tide_health_check_unref);
  copy->is_full = self->is_full;
  /* Tables come last, and all at once. */
  copy->tables = self->is_full ? g_ptr_array_ref (self->tables) : g_ptr_array_new ();
  tide_health_sort (copy);
  return copy;
}

static int
rank (const TideHealthCheck *check)
{
  static const char *const groups[] = { "migrations", "server", "sessions", "tables", "indexes", "schema", NULL };
  int i = 0;

  while (groups[i] != NULL && !g_str_equal (groups[i], check->group))
    i++;
  return i;
}

static int
compare_checks (gconstpointer a,
                gconstpointer b)
{
  return rank (*(TideHealthCheck * const *) a) - rank (*(TideHealthCheck * const *) b);
}

/* By group; within one as they were judged */
void
tide_health_sort (TideHealth *self)
{
  g_ptr_array_sort (self->checks, compare_checks);
}

/* (transfer full): for the checks of a health, which free it */
TideHealthCheck *
tide_health_check_new (const char *group,
                       const char *id,
                       const char *title)
{
  TideHealthCheck *check = g_atomic_rc_box_new0 (TideHealthCheck);

  check->id = id;
  check->group = group;
  check->title = title;
  check->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) row_free);
  return check;
}

/* (transfer none): in order until something else is said of it */
TideHealthCheck *
tide_health_add (TideHealth *self,
                 const char *group,
                 const char *id,
                 const char *title)
{
  TideHealthCheck *check = tide_health_check_new (group, id, title);

  g_ptr_array_add (self->checks, check);
  return check;
}

/* The check is at least as bad as that. */
void
tide_health_check_worsen (TideHealthCheck *self,
                          TideHealthState  state)
{
  self->state = MAX (self->state, state);
}

/* (transfer none): takes @title and @text */
TideHealthRow *
tide_health_check_take_row (TideHealthCheck *self,
                            TideHealthState  state,
                            char            *title,
                            char            *text)
{
  TideHealthRow *row = g_new0 (TideHealthRow, 1);

  row->title = title;
  row->text = text;
  row->state = state;
  g_ptr_array_add (self->rows, row);
  tide_health_check_worsen (self, state);
  return row;
}

TideHealth *
tide_health_ref (TideHealth *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_health_unref (TideHealth *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->label);
  g_free (self->database);
  g_ptr_array_unref (self->checks);
  g_ptr_array_unref (self->tables);
  g_free (self);
}

TideHealthState
tide_health_get_state (const TideHealth *self)
{
  TideHealthState worst = TIDE_HEALTH_OK;

  g_return_val_if_fail (self != NULL, TIDE_HEALTH_OK);

  for (guint i = 0; i < self->checks->len; i++)
    {
      const TideHealthCheck *check = g_ptr_array_index (self->checks, i);

      if (check->state != TIDE_HEALTH_UNKNOWN)
        worst = MAX (worst, check->state);
    }
  return worst;
}

guint
tide_health_count (const TideHealth *self,
                   TideHealthState   state)
{
  guint n = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->checks->len; i++)
    n += ((const TideHealthCheck *) g_ptr_array_index (self->checks, i))->state == state;
  return n;
}

const TideHealthCheck *
tide_health_find (const TideHealth *self,
                  const char       *id)
{
  g_return_val_if_fail (self != NULL && id != NULL, NULL);

  for (guint i = 0; i < self->checks->len; i++)
    {
      const TideHealthCheck *check = g_ptr_array_index (self->checks, i);

      if (g_str_equal (check->id, id))
        return check;
    }
  return NULL;
}
