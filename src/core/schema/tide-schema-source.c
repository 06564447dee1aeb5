/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-source"

#include "config.h"

#include <glib/gi18n.h>

#include <string.h>

#include "schema/tide-catalog.h"
#include "schema/tide-schema-cache.h"
#include "schema/tide-schema-private.h"
#include "schema/tide-schema-source-private.h"
#include "tide-error.h"

G_DEFINE_BOXED_TYPE (TideSchemaSource, tide_schema_source, tide_schema_source_ref, tide_schema_source_unref)

TideSchemaSource *
tide_schema_source_ref (TideSchemaSource *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_schema_source_unref (TideSchemaSource *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->label);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_clear_object (&self->project);
  g_free (self->schema);
  g_clear_pointer (&self->migrations, g_ptr_array_unref);
  g_clear_pointer (&self->applied_to, tide_conninfo_unref);
  g_clear_pointer (&self->backup, tide_backup_unref);
  g_free (self);
}

char *
tide_schema_source_dup_label (const TideSchemaSource *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strdup (self->label);
}

TideConninfo *
tide_schema_source_get_conninfo (const TideSchemaSource *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->conninfo;
}

gboolean
tide_schema_source_is_drift (const TideSchemaSource *from,
                             const TideSchemaSource *to)
{
  return from->applied_to != NULL && to->conninfo != NULL && tide_conninfo_is_same_way (from->applied_to, to->conninfo);
}

static TideSchema *
read_database (TideConninfo        *conninfo,
               TideExpressionPool  *pool,
               TideJob             *job,
               GError             **error)
{
  GCancellable *cancellable = tide_job_get_cancellable (job);
  g_autoptr(TideSession) session = tide_session_open (conninfo, cancellable, error);
  TideSchema *schema;

  if (session == NULL)
    return NULL;
  schema = tide_catalog_read_with (session, pool, cancellable, error);
  /* Whoever copies it next must find nobody in it. */
  tide_session_close (session);
  return schema;
}

/* (transfer full): the keys up to what it is, which stands last. One that is NULL cannot be kept. */
static GPtrArray *
list_keys (TideSchemaSource *self,
           int               major)
{
  GPtrArray *keys;

  if (self->kind == TIDE_SOURCE_HISTORY)
    return tide_schema_history_list_keys (self, major);
  keys = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (keys, tide_schema_backup_dup_key (self, major));
  return keys;
}

static gboolean
build (TideSchemaSource    *self,
       TideSchemaWorkshop  *workshop,
       GPtrArray           *keys,
       TideJob             *job,
       GError             **error)
{
  if (self->kind == TIDE_SOURCE_HISTORY)
    return tide_schema_history_build (self, workshop, keys, job, error);
  return tide_schema_backup_build (self, workshop, g_ptr_array_index (keys, keys->len - 1), job, error);
}

static TideSchema *
read_built (TideSchemaSource    *self,
            TideExpressionPool  *pool,
            GPtrArray           *keys,
            TideJob             *job,
            GError             **error)
{
  const char *key = g_ptr_array_index (keys, keys->len - 1);
  g_autoptr(TideSchemaWorkshop) workshop = NULL;
  g_autoptr(TideConninfo) conninfo = NULL;
  g_autofree char *name = NULL;
  TideSchema *schema;

  tide_job_set_status (job, _("starting the private PostgreSQL"));
  workshop = tide_schema_workshop_open (tide_job_get_cancellable (job), error);
  if (workshop == NULL || !build (self, workshop, keys, job, error))
    return NULL;
  name = tide_schema_workshop_dup_name (key);
  conninfo = tide_scratch_dup_conninfo (workshop->scratch, name);
  schema = read_database (conninfo, pool, job, error);
  if (schema == NULL)
    return NULL;
  tide_schema_forget_roles (schema);
  tide_schema_cache_store (key, schema);
  return schema;
}

static TideSchema *
load (TideSchemaSource    *self,
      TideExpressionPool  *pool,
      TideJob             *job,
      GError             **error)
{
  g_autoptr(GPtrArray) keys = NULL;
  const char *key;
  TideSchema *schema;

  if (self->kind == TIDE_SOURCE_DATABASE)
    {
      tide_job_set_status (job, _("reading %s"), self->label);
      return read_database (self->conninfo, pool, job, error);
    }
  keys = list_keys (self, tide_schema_workshop_find_major ());
  key = g_ptr_array_index (keys, keys->len - 1);
  schema = key != NULL ? tide_schema_cache_load (key) : NULL;
  return schema != NULL ? schema : read_built (self, pool, keys, job, error);
}

/**
 * tide_schema_source_load:
 * @self: a source
 * @job: (nullable): hears how far it is, and cancels
 * @error: those of reading a catalog; INVALID with file, line and statement where a replay fails; NOT_FOUND where no private
 *   PostgreSQL can be had
 *
 * Blocking.
 *
 * Returns: (transfer full) (nullable): what is there
 */
TideSchema *
tide_schema_source_load (TideSchemaSource  *self,
                         TideJob           *job,
                         GError           **error)
{
  g_autoptr(TideExpressionPool) pool = tide_expression_pool_new ();

  g_return_val_if_fail (self != NULL, NULL);

  return load (self, pool, job, error);
}

typedef struct
{
  TideSchemaSource   *source;
  TideExpressionPool *pool;
  TideJob            *job;
  TideSchema         *schema;
  GError             *error;
} Side;

static gpointer
load_side (gpointer data)
{
  Side *side = data;

  side->schema = load (side->source, side->pool, side->job, &side->error);
  return NULL;
}

/**
 * tide_schema_source_load_pair:
 * @left: a source
 * @right: another
 * @job: (nullable): hears how far it is, and cancels
 * @left_schema: (out) (transfer full): what is in @left; %NULL when that failed
 * @right_schema: (out) (transfer full): what is in @right; %NULL when that failed
 * @error: of the left one, if both fail
 *
 * Reads both at once.
 *
 * Returns: whether both could be read
 */
gboolean
tide_schema_source_load_pair (TideSchemaSource  *left,
                              TideSchemaSource  *right,
                              TideJob           *job,
                              TideSchema       **left_schema,
                              TideSchema       **right_schema,
                              GError           **error)
{
  g_autoptr(TideExpressionPool) pool = tide_expression_pool_new ();
  Side sides[] = { { left, pool, job }, { right, pool, job } };
  GThread *thread = g_thread_new ("schema", load_side, &sides[0]);

  load_side (&sides[1]);
  g_thread_join (thread);
  *left_schema = sides[0].schema;
  *right_schema = sides[1].schema;
  if (sides[0].error == NULL && sides[1].error == NULL)
    return TRUE;
  g_propagate_error (error, sides[0].error != NULL ? sides[0].error : g_steal_pointer (&sides[1].error));
  g_clear_error (&sides[1].error);
  g_clear_pointer (left_schema, tide_schema_unref);
  g_clear_pointer (right_schema, tide_schema_unref);
  return FALSE;
}

/**
 * tide_schema_source_rebuild:
 * @self: a source
 * @job: (nullable): hears how far it is, and cancels
 * @error: those of loading it; of pg_dump
 *
 * The private PostgreSQL runs until this program ends, once it was needed.
 *
 * Returns: (transfer full) (nullable): a new database on it; drop it with tide_scratch_drop_database()
 */
TideConninfo *
tide_schema_source_rebuild (TideSchemaSource  *self,
                            TideJob           *job,
                            GError           **error)
{
  g_autoptr(TideSchemaWorkshop) workshop = NULL;
  g_autoptr(GPtrArray) keys = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  workshop = tide_schema_workshop_open (tide_job_get_cancellable (job), error);
  if (workshop == NULL)
    return NULL;
  if (self->kind == TIDE_SOURCE_DATABASE)
    return tide_schema_dump_rebuild (self->conninfo, workshop, job, error);
  keys = list_keys (self, tide_session_get_server_version (workshop->session) / 10000);
  if (!build (self, workshop, keys, job, error))
    return NULL;
  name = tide_schema_workshop_dup_name (g_ptr_array_index (keys, keys->len - 1));
  return tide_schema_workshop_clone (workshop, name, "rebuilt", error);
}
