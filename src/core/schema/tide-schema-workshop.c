/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-workshop"

#include "config.h"

#include <string.h>

#include "job/tide-tool.h"
#include "schema/tide-schema-workshop.h"
#include "tide-error.h"

#define PREFIX "tidemark_at_"
/* Of the key: enough never to meet another one, and short enough for a name */
#define KEY_LENGTH 40
/* About 8 MB each */
#define N_KEPT 16
/* Of a millisecond */
#define WAIT_STEPS 500

/* Once started it stays until the program ends: what was built is there for what comes next. */
static GMutex shared_lock;
static TideScratch *shared;

static TideScratch *
acquire (gboolean       anew,
         GCancellable  *cancellable,
         GError       **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&shared_lock);

  if (anew)
    g_clear_object (&shared);
  if (shared == NULL)
    shared = tide_scratch_acquire (NULL, cancellable, error);
  return shared != NULL ? g_object_ref (shared) : NULL;
}

static TideSession *
open_session (TideScratch   *scratch,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr(TideConninfo) conninfo = tide_scratch_dup_conninfo (scratch, "postgres");

  return tide_session_open (conninfo, cancellable, error);
}

TideSchemaWorkshop *
tide_schema_workshop_open (GCancellable  *cancellable,
                           GError       **error)
{
  g_autoptr(TideScratch) scratch = acquire (FALSE, cancellable, error);
  g_autoptr(TideSession) session = scratch != NULL ? open_session (scratch, cancellable, NULL) : NULL;
  TideSchemaWorkshop *self;

  /* Somebody may have stopped it since */
  if (scratch != NULL && session == NULL)
    {
      g_clear_object (&scratch);
      scratch = acquire (TRUE, cancellable, error);
      session = scratch != NULL ? open_session (scratch, cancellable, error) : NULL;
    }
  if (session == NULL)
    return NULL;
  self = g_new0 (TideSchemaWorkshop, 1);
  self->scratch = g_steal_pointer (&scratch);
  self->session = g_steal_pointer (&session);
  self->cancellable = cancellable;
  return self;
}

void
tide_schema_workshop_close (TideSchemaWorkshop *self)
{
  g_object_unref (self->session);
  g_object_unref (self->scratch);
  g_free (self);
}

int
tide_schema_workshop_find_major (void)
{
  g_autoptr(GPtrArray) installs = tide_tool_list_pg_installs ();

  return installs->len > 0 ? ((const TidePgInstall *) g_ptr_array_index (installs, 0))->major : 0;
}

static gboolean G_GNUC_PRINTF (3, 4)
execute (TideSchemaWorkshop  *self,
         GError             **error,
         const char          *format,
         ...)
{
  g_autoptr(TideResult) result = NULL;
  g_autofree char *sql = NULL;
  va_list args;

  va_start (args, format);
  sql = g_strdup_vprintf (format, args);
  va_end (args);
  result = tide_session_query (self->session, sql, NULL, 0, self->cancellable, error);
  return result != NULL;
}

char *
tide_schema_workshop_dup_name (const char *key)
{
  return g_strdup_printf (PREFIX "%.*s", KEY_LENGTH, key);
}

/* (transfer full): their names, newest first */
static TideResult *
query_kept (TideSchemaWorkshop  *self,
            GError             **error)
{
  return tide_session_query (self->session, "SELECT datname FROM pg_catalog.pg_database"
                                            " WHERE pg_catalog.starts_with(datname, '" PREFIX "') ORDER BY oid DESC",
                             NULL, 0, self->cancellable, error);
}

GHashTable *
tide_schema_workshop_list (TideSchemaWorkshop  *self,
                           GError             **error)
{
  g_autoptr(TideResult) kept = query_kept (self, error);
  GHashTable *names;

  if (kept == NULL)
    return NULL;
  names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < tide_result_get_n_rows (kept); i++)
    g_hash_table_add (names, g_strdup (tide_result_get_value (kept, i, 0)));
  return names;
}

/* A database with a subscription cannot be dropped; here none ever ran. */
static void
forget_subscriptions (TideSchemaWorkshop *self,
                      const char         *name)
{
  g_autofree char *quoted = tide_quote_literal (name);
  g_autofree char *sql =
    g_strdup_printf ("SET allow_system_table_mods = on; DELETE FROM pg_catalog.pg_subscription s USING pg_catalog.pg_database d"
                     " WHERE d.oid = s.subdbid AND d.datname = %s", quoted);
  g_autoptr(GPtrArray) results = tide_session_run (self->session, sql, NULL, NULL);
}

/* One that somebody uses at this moment stays for now. */
static void
drop_kept (TideSchemaWorkshop *self,
           guint               from)
{
  g_autoptr(TideResult) kept = query_kept (self, NULL);

  for (guint i = from; kept != NULL && i < tide_result_get_n_rows (kept); i++)
    {
      forget_subscriptions (self, tide_result_get_value (kept, i, 0));
      execute (self, NULL, "DROP DATABASE IF EXISTS %s", tide_result_get_value (kept, i, 0));
    }
}

/* Whoever has just left is still seen for a moment, and the server would look again only after a tenth of a second. */
static void
wait_until_empty (TideSchemaWorkshop *self,
                  const char         *name)
{
  for (guint i = 0; i < WAIT_STEPS; i++)
    {
      g_autoptr(TideResult) users =
        tide_session_query (self->session, "SELECT FROM pg_catalog.pg_stat_activity WHERE datname = $1", &name, 1,
                            self->cancellable, NULL);

      if (users == NULL || tide_result_get_n_rows (users) == 0)
        return;
      g_usleep (1000);
    }
}

static gboolean
copy_settings (TideSchemaWorkshop  *self,
               const char          *from,
               const char          *to,
               GError             **error)
{
  g_autofree char *quoted_from = tide_quote_literal (from);
  g_autofree char *quoted_to = tide_quote_literal (to);
  g_autofree char *sql =
    g_strdup_printf ("SET allow_system_table_mods = on;"
                     "INSERT INTO pg_catalog.pg_db_role_setting SELECT n.oid, s.setrole, s.setconfig"
                     " FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database o ON o.oid = s.setdatabase,"
                     " pg_catalog.pg_database n WHERE o.datname = %s AND n.datname = %s;"
                     "INSERT INTO pg_catalog.pg_shdescription SELECT n.oid, d.classoid, d.description"
                     " FROM pg_catalog.pg_shdescription d JOIN pg_catalog.pg_database o ON o.oid = d.objoid,"
                     " pg_catalog.pg_database n WHERE d.classoid = 1262 AND o.datname = %s AND n.datname = %s",
                     quoted_from, quoted_to, quoted_from, quoted_to);
  g_autoptr(GPtrArray) results = tide_session_run (self->session, sql, self->cancellable, error);

  return results != NULL;
}

TideConninfo *
tide_schema_workshop_clone (TideSchemaWorkshop  *self,
                            const char          *name,
                            const char          *prefix,
                            GError             **error)
{
  g_autoptr(TideConninfo) copy = NULL;

  wait_until_empty (self, name);
  copy = tide_scratch_clone_database (self->scratch, name, prefix, self->cancellable, error);
  if (copy == NULL || copy_settings (self, name, tide_conninfo_get (copy, "dbname"), error))
    return g_steal_pointer (&copy);
  tide_schema_workshop_drop (self, copy);
  return NULL;
}

/* Not cancellable: it must happen. */
void
tide_schema_workshop_drop (TideSchemaWorkshop *self,
                           TideConninfo       *conninfo)
{
  forget_subscriptions (self, tide_conninfo_get (conninfo, "dbname"));
  tide_scratch_drop_database (self->scratch, tide_conninfo_get (conninfo, "dbname"), NULL, NULL);
}

gboolean
tide_schema_workshop_keep (TideSchemaWorkshop  *self,
                           TideConninfo        *conninfo,
                           const char          *key,
                           GError             **error)
{
  g_autofree char *quoted = tide_quote_identifier (tide_conninfo_get (conninfo, "dbname"));
  g_autofree char *name = tide_schema_workshop_dup_name (key);
  g_autoptr(GError) problem = NULL;

  wait_until_empty (self, tide_conninfo_get (conninfo, "dbname"));
  if (execute (self, &problem, "ALTER DATABASE %s RENAME TO %s", quoted, name))
    {
      drop_kept (self, N_KEPT);
      return TRUE;
    }
  /* Another thread or program has built the same */
  if (tide_error_has_sqlstate (problem, "42P04"))
    {
      tide_schema_workshop_drop (self, conninfo);
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

gboolean
tide_schema_workshop_keep_copy (TideSchemaWorkshop  *self,
                                TideConninfo        *conninfo,
                                const char          *key,
                                GError             **error)
{
  g_autoptr(TideConninfo) copy = tide_schema_workshop_clone (self, tide_conninfo_get (conninfo, "dbname"), "copy", error);

  return copy != NULL && tide_schema_workshop_keep (self, copy, key, error);
}

gboolean
tide_schema_workshop_make_role (TideSchemaWorkshop  *self,
                                const char          *name,
                                GError             **error)
{
  g_autofree char *quoted = tide_quote_identifier (name);
  g_autoptr(GError) problem = NULL;

  /* Only a superuser may own a foreign data wrapper or an event trigger; nobody can log in as it. 23505 is what two who make it at
   * once get. */
  if (execute (self, &problem, "CREATE ROLE %s NOLOGIN SUPERUSER", quoted) || tide_error_has_sqlstate (problem, "42710")
      || tide_error_has_sqlstate (problem, "23505"))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

gboolean
tide_schema_workshop_drop_role (TideSchemaWorkshop  *self,
                                const char          *name,
                                GError             **error)
{
  g_autofree char *quoted = tide_quote_identifier (name);

  drop_kept (self, 0);
  return execute (self, error, "DROP ROLE IF EXISTS %s", quoted);
}

/* (transfer full) (nullable): the name in `role "name" @rest`. The private server speaks English. */
static char *
dup_role (const GError *error,
          const char   *sqlstate,
          const char   *rest)
{
  const char *start, *end;

  if (error == NULL || !tide_error_has_sqlstate (error, sqlstate))
    return NULL;
  start = strstr (error->message, "role \"");
  end = start != NULL ? g_strrstr (start, rest) : NULL;
  if (end == NULL || end <= start + strlen ("role \""))
    return NULL;
  start += strlen ("role \"");
  return g_strndup (start, end - start);
}

char *
tide_schema_workshop_dup_missing_role (const GError *error)
{
  return dup_role (error, "42704", "\" does not exist");
}

char *
tide_schema_workshop_dup_existing_role (const GError *error)
{
  return dup_role (error, "42710", "\" already exists");
}
