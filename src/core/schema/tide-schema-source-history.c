/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-source"

#include "config.h"

#include <string.h>

#include "history/tide-replay.h"
#include "schema/tide-schema-cache.h"
#include "schema/tide-schema-source-private.h"
#include "tide-error.h"

/* Of a longer way than twice as many migrations, every so many a copy is kept on the way: whoever walks through a history
 * is never farther from one than this. */
#define STRIDE 50

/* Two who need the same history: the second finds what the first has built. */
static GMutex build_lock;

typedef struct
{
  TideSchemaSource   *source;    /* Borrowed */
  TideSchemaWorkshop *workshop;  /* Borrowed */
  GPtrArray          *keys;      /* Borrowed */
  TideJob            *job;       /* Borrowed */
  TideConninfo       *conninfo;  /* (nullable): the database being built */
  TideReplayPlace     place;
  GHashTable         *roles;     /* (element-type utf8): set of those that were made or moved out of the way for it */
} Build;

static void
build_clear (Build *self)
{
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_clear_pointer (&self->roles, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Build, build_clear)

static void
add_key (GPtrArray *keys,
         GChecksum *checksum)
{
  g_autoptr(GChecksum) here = g_checksum_copy (checksum);

  g_ptr_array_add (keys, g_strdup (g_checksum_get_string (here)));
}

/**
 * tide_schema_history_list_keys:
 * @self: a history
 * @major: of the server that it is replayed on
 *
 * A point of a history is known by what all files up to it hold, not by their names.
 *
 * Returns: (transfer full) (element-type utf8): the key of each point, the first one before any migration
 */
GPtrArray *
tide_schema_history_list_keys (const TideSchemaSource *self,
                               int                     major)
{
  g_autoptr(GChecksum) checksum = tide_schema_cache_begin_key (major);
  GPtrArray *keys = g_ptr_array_new_full (self->migrations->len + 1, g_free);

  g_checksum_update (checksum, (const guchar *) (self->project != NULL ? "history " : "script "), -1);
  g_checksum_update (checksum, (const guchar *) (self->schema != NULL ? self->schema : ""), -1);
  add_key (keys, checksum);
  for (guint i = 0; i < self->migrations->len; i++)
    {
      const char *sum = tide_migration_get_checksum (g_ptr_array_index (self->migrations, i));

      if (sum == NULL)
        break;
      g_checksum_update (checksum, (const guchar *) sum, -1);
      add_key (keys, checksum);
    }
  while (keys->len <= self->migrations->len)
    g_ptr_array_add (keys, NULL);
  return keys;
}

/* The last point whose database is kept; -1: none */
static int
find_kept (Build  *self,
           GError **error)
{
  g_autoptr(GHashTable) kept = tide_schema_workshop_list (self->workshop, error);

  for (int i = self->source->migrations->len; kept != NULL && i >= 0; i--)
    {
      const char *key = g_ptr_array_index (self->keys, i);
      g_autofree char *name = key != NULL ? tide_schema_workshop_dup_name (key) : NULL;

      if (name != NULL && g_hash_table_contains (kept, name))
        return i;
    }
  return -1;
}

/* An empty database, or a copy of the last point that is kept. */
static gboolean
begin (Build   *self,
       int      kept,
       GError **error)
{
  g_autofree char *name = kept >= 0 ? tide_schema_workshop_dup_name (g_ptr_array_index (self->keys, kept)) : NULL;

  self->place = (TideReplayPlace) { MAX (kept, 0), TRUE };
  if (name != NULL)
    self->conninfo = tide_schema_workshop_clone (self->workshop, name, "history", error);
  else
    self->conninfo = tide_scratch_create_database (self->workshop->scratch, "history", self->workshop->cancellable, error);
  if (self->conninfo == NULL)
    return FALSE;
  tide_conninfo_set_schema (self->conninfo, self->source->schema);
  /* A replay says nothing that its first run did not say. */
  tide_conninfo_set (self->conninfo, "options", "-c client_min_messages=warning");
  return name != NULL || self->source->project == NULL
         || tide_replay_prepare (self->source->project, self->conninfo, self->workshop->cancellable, error);
}

static void
give_up (Build *self)
{
  if (self->conninfo != NULL)
    tide_schema_workshop_drop (self->workshop, self->conninfo);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
}

/* In strides, so that a long way leaves marks */
static gboolean
run (Build   *self,
     GError **error)
{
  guint end = self->source->migrations->len;

  while (self->place.next < end)
    {
      guint to = end - self->place.next > 2 * STRIDE ? self->place.next + STRIDE : end;

      if (!tide_replay_run (self->conninfo, self->source->migrations, to, self->job, &self->place, error))
        return FALSE;
      if (to < end
          && !tide_schema_workshop_keep_copy (self->workshop, self->conninfo, g_ptr_array_index (self->keys, to), error))
        return FALSE;
    }
  return TRUE;
}

/* Roles belong to a server, not to a database: scripts expect those of the server they were written for, or make them.
 * Returns: whether something was done about it, so that it may be tried again; the build is at its beginning, or where it was */
static gboolean
mend_roles (Build        *self,
            const GError *failure)
{
  g_autofree char *missing = tide_schema_workshop_dup_missing_role (failure);
  g_autofree char *existing = tide_schema_workshop_dup_existing_role (failure);
  const char *role = missing != NULL ? missing : existing;
  gboolean is_clean = self->place.is_clean && missing != NULL;

  if (role == NULL || !g_hash_table_add (self->roles, g_strdup (role)))
    return FALSE;
  if (!is_clean)
    give_up (self);
  return missing != NULL ? tide_schema_workshop_make_role (self->workshop, missing, NULL)
                         : tide_schema_workshop_drop_role (self->workshop, existing, NULL);
}

static GError *
explain (Build        *self,
         const GError *failure)
{
  const TideErrorFields *fields = tide_error_get_fields (failure);
  g_autofree char *label = NULL;
  GError *better;

  if (!g_error_matches (failure, TIDE_ERROR, TIDE_ERROR_SERVER) || fields->file == NULL
      || self->place.next >= self->source->migrations->len)
    return g_error_copy (failure);
  label = tide_migration_dup_label (g_ptr_array_index (self->source->migrations, self->place.next));
  better = g_error_copy (failure);
  better->code = TIDE_ERROR_INVALID;
  g_free (better->message);
  better->message = g_strdup_printf ("%s does not run on the private PostgreSQL: %s", label, failure->message);
  if (tide_error_has_sqlstate (failure, "0A000") && strstr (failure->message, "extension \"") != NULL)
    tide_error_take_string (&tide_error_get_fields (better)->hint,
                            g_strdup_printf ("install the extension for PostgreSQL %d on this machine",
                                             tide_session_get_server_version (self->workshop->session) / 10000));
  return better;
}

static gboolean
build (Build   *self,
       GError **error)
{
  guint n = self->source->migrations->len;
  int kept = find_kept (self, error);

  if (kept == (int) n)
    return TRUE;
  for (;;)
    {
      g_autoptr(GError) failure = NULL;

      if ((self->conninfo != NULL || begin (self, kept, &failure)) && run (self, &failure))
        return tide_schema_workshop_keep (self->workshop, self->conninfo, g_ptr_array_index (self->keys, n), error);
      if (mend_roles (self, failure))
        {
          if (self->conninfo == NULL)
            kept = find_kept (self, NULL);
          continue;
        }
      g_propagate_error (error, explain (self, failure));
      give_up (self);
      return FALSE;
    }
}

/**
 * tide_schema_history_build:
 * @self: a history
 * @workshop: where
 * @keys: its keys, the last of them known
 * @job: (nullable): hears how far it is, and cancels
 * @error: INVALID with file, line and statement of the migration that does not run
 *
 * Replays what is not replayed yet.
 *
 * Returns: whether the database of the last key is there
 */
gboolean
tide_schema_history_build (TideSchemaSource    *self,
                           TideSchemaWorkshop  *workshop,
                           GPtrArray           *keys,
                           TideJob             *job,
                           GError             **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&build_lock);
  g_auto(Build) self_build = {
    .source = self,
    .workshop = workshop,
    .keys = keys,
    .job = job,
    .roles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
  };

  return build (&self_build, error);
}
