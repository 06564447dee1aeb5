/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-source"

#include "config.h"

#include <glib/gi18n.h>

#include <string.h>

#include <glib/gstdio.h>

#include "backup/tide-restore-schema.h"
#include "schema/tide-object-kind.h"
#include "schema/tide-schema-cache.h"
#include "schema/tide-schema-source-private.h"
#include "sql/tide-sql-lexer.h"
#include "tide-error.h"

#define PIECE_STATEMENTS 1000

/* A dump as SQL, on its way into a private database */
typedef struct
{
  TideSchemaWorkshop *workshop; /* Borrowed */
  TideConninfo       *conninfo; /* Borrowed */
  char               *text;
  GHashTable         *roles;    /* (element-type utf8): set of those that were made for it */
  GHashTable         *settings; /* (element-type utf8): set of those that this server does not know */
} Load;

static void
load_clear (Load *self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->roles, g_hash_table_unref);
  g_clear_pointer (&self->settings, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Load, load_clear)

static gboolean
make_roles (TideSchemaWorkshop *workshop,
            GHashTable         *roles,
            GError            **error)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, roles);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!tide_schema_workshop_make_role (workshop, name, error))
      return FALSE;
  return TRUE;
}

/* A newer pg_dump sets what an older server does not know: the line goes. */
static gboolean
forget_setting (Load         *self,
                const GError *failure)
{
  const char *start = strstr (failure->message, "unrecognized configuration parameter \"");
  g_autofree char *name = NULL;
  g_autofree char *line = NULL;
  char *found;

  if (start == NULL)
    return FALSE;
  start += strlen ("unrecognized configuration parameter \"");
  name = g_strndup (start, strcspn (start, "\""));
  line = g_strdup_printf ("\nSET %s = ", name);
  found = strstr (self->text, line);
  if (found == NULL || !g_hash_table_add (self->settings, g_steal_pointer (&name)))
    return FALSE;
  for (char *c = found + 1; *c != '\0' && *c != '\n'; c++)
    *c = ' ';
  return TRUE;
}

static gboolean
mend (Load         *self,
      const GError *failure)
{
  g_autofree char *missing = tide_schema_workshop_dup_missing_role (failure);

  if (missing == NULL)
    return forget_setting (self, failure);
  return g_hash_table_add (self->roles, g_strdup (missing))
         && tide_schema_workshop_make_role (self->workshop, missing, NULL);
}

/* One implicit transaction, tried again as long as something can be done about its failure */
static gboolean
run_piece (Load         *self,
           TideSession  *session,
           gsize         start,
           gsize         end,
           GError      **error)
{
  for (;;)
    {
      g_autofree char *piece = g_strndup (self->text + start, end - start);
      g_autoptr(GError) failure = NULL;
      g_autoptr(GPtrArray) results = tide_session_run (session, piece, self->workshop->cancellable, &failure);

      if (results != NULL)
        return TRUE;
      if (tide_session_is_lost (session) || !mend (self, failure))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
    }
}

/* Piece by piece: a transaction that makes all of a large schema holds more locks than a server has room for. */
static gboolean
run_text (Load    *self,
          GError **error)
{
  g_autoptr(TideSession) session = tide_session_open (self->conninfo, self->workshop->cancellable, error);
  g_autoptr(GArray) statements = NULL;
  gsize start = 0;

  if (session == NULL || !make_roles (self->workshop, self->roles, error))
    return FALSE;
  statements = tide_sql_split (self->text, -1);
  for (guint i = PIECE_STATEMENTS; i < statements->len + PIECE_STATEMENTS; i += PIECE_STATEMENTS)
    {
      gsize end = i < statements->len ? g_array_index (statements, TideSqlStatement, i).start : strlen (self->text);

      if (!run_piece (self, session, start, end, error))
        return FALSE;
      start = end;
    }
  tide_session_close (session);
  return TRUE;
}

static void
prefix_failure (GError     **error,
                const char  *what)
{
  g_prefix_error (error, "%s cannot be rebuilt on the private PostgreSQL: ", what);
}

static void
add_stamp (GChecksum  *checksum,
           const char *path)
{
  GStatBuf info;
  g_autofree char *stamp = NULL;

  if (g_stat (path, &info) != 0)
    return;
  stamp = g_strdup_printf ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld ", path, (gint64) info.st_size,
                           (gint64) info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
  g_checksum_update (checksum, (const guchar *) stamp, -1);
}

/**
 * tide_schema_backup_dup_key:
 * @self: a backup
 * @major: of the server that it is restored on
 *
 * A backup may have gigabytes, of which its schema is a few kilobytes: it is told by where it lies, its size and its time.
 *
 * Returns: (transfer full): its key
 */
char *
tide_schema_backup_dup_key (const TideSchemaSource *self,
                            int                     major)
{
  g_autoptr(GChecksum) checksum = tide_schema_cache_begin_key (major);
  g_autofree char *path = g_canonicalize_filename (self->backup->path, NULL);
  g_autofree char *contents = g_build_filename (path, "toc.dat", NULL);

  g_checksum_update (checksum, (const guchar *) "backup ", -1);
  add_stamp (checksum, path);
  add_stamp (checksum, contents);
  return g_strdup (g_checksum_get_string (checksum));
}

static gboolean
is_kept (TideSchemaWorkshop *workshop,
         const char         *key)
{
  g_autoptr(GHashTable) kept = tide_schema_workshop_list (workshop, NULL);
  g_autofree char *name = tide_schema_workshop_dup_name (key);

  return kept != NULL && g_hash_table_contains (kept, name);
}

/* A dump does not say whose the database is; whoever owns most of it is as good as its owner. */
static gboolean
give_to_usual_owner (TideSchemaWorkshop *workshop,
                     TideConninfo       *conninfo,
                     GError            **error)
{
  static const char sql[] =
    "DO $$DECLARE usual oid; BEGIN"
    " SELECT relowner INTO usual FROM pg_catalog.pg_class WHERE oid >= 16384 GROUP BY relowner ORDER BY count(*) DESC, relowner LIMIT 1;"
    " IF usual IS NOT NULL THEN EXECUTE pg_catalog.format('ALTER DATABASE %I OWNER TO %I', current_database(),"
    " pg_catalog.pg_get_userbyid(usual)); END IF; END$$";
  g_autoptr(TideSession) session = tide_session_open (conninfo, workshop->cancellable, error);
  g_autoptr(GPtrArray) results = session != NULL ? tide_session_run (session, sql, workshop->cancellable, error) : NULL;

  if (session != NULL)
    tide_session_close (session);
  return results != NULL;
}

gboolean
tide_schema_backup_build (TideSchemaSource   *self,
                          TideSchemaWorkshop *workshop,
                          const char         *key,
                          TideJob            *job,
                          GError            **error)
{
  g_auto(Load) load = { .workshop = workshop };
  g_autoptr(TideConninfo) conninfo = NULL;

  if (is_kept (workshop, key))
    return TRUE;
  tide_job_set_status (job, _("reading the schema of %s"), self->label);
  load.text = tide_restore_read_schema (self->backup, &load.roles, workshop->cancellable, error);
  if (load.text == NULL)
    return FALSE;
  load.settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  conninfo = tide_scratch_create_database (workshop->scratch, "backup", workshop->cancellable, error);
  load.conninfo = conninfo;
  if (conninfo == NULL)
    return FALSE;
  if (run_text (&load, error) && give_to_usual_owner (workshop, conninfo, error))
    return tide_schema_workshop_keep (workshop, conninfo, key, error);
  prefix_failure (error, self->label);
  tide_schema_workshop_drop (workshop, conninfo);
  return FALSE;
}

/* What pg_dump of one database does not say, of a live one */
typedef struct
{
  int         version;
  GHashTable *roles; /* (element-type utf8): set of those that the rest is about */
  GString    *sql;
} Afterwards;

static void
afterwards_clear (Afterwards *self)
{
  g_clear_pointer (&self->roles, g_hash_table_unref);
  if (self->sql != NULL)
    g_string_free (self->sql, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Afterwards, afterwards_clear)

/* A setting is a row of a catalog: it is copied as such, whatever is in it. */
static void
add_setting (Afterwards *self,
             const char *role,
             const char *settings)
{
  g_autofree char *name = tide_quote_literal (role != NULL ? role : "");
  g_autofree char *value = tide_quote_literal (settings);

  if (role != NULL)
    g_hash_table_add (self->roles, g_strdup (role));
  g_string_append_printf (self->sql,
                          "INSERT INTO pg_catalog.pg_db_role_setting SELECT d.oid, coalesce((SELECT r.oid FROM pg_catalog.pg_roles r"
                          " WHERE r.rolname = %s), 0), %s::pg_catalog.text[] FROM pg_catalog.pg_database d"
                          " WHERE d.datname = pg_catalog.current_database();\n", name, value);
}

/* pg_dump does not say who owns an extension. */
static void
add_extension (Afterwards *self,
               const char *name,
               const char *owner)
{
  g_autofree char *quoted_name = tide_quote_literal (name);
  g_autofree char *quoted_owner = tide_quote_literal (owner);

  g_hash_table_add (self->roles, g_strdup (owner));
  g_string_append_printf (self->sql,
                          "UPDATE pg_catalog.pg_extension SET extowner = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = %s)"
                          " WHERE extname = %s;\n", quoted_owner, quoted_name);
}

/* A dump without rows leaves them unfilled. Here they have none to be filled with: it is enough to say so. */
static void
add_populated (Afterwards *self,
               const char *name)
{
  g_autofree char *quoted = tide_quote_literal (name);

  g_string_append_printf (self->sql,
                          "UPDATE pg_catalog.pg_class SET relispopulated = true WHERE oid = %s::pg_catalog.regclass;\n", quoted);
}

/* Who owns the database (and so what an owner need not be told of), its settings and its comment, and what became of "public" */
static void
write_afterwards (Afterwards *self,
                  TideResult *facts,
                  TideResult *settings,
                  TideResult *extensions,
                  TideResult *populated)
{
  const char *owner = tide_result_get_value (facts, 0, 0);
  g_autofree char *quoted = tide_quote_identifier (owner);
  g_autofree char *owner_literal = tide_quote_literal (quoted);
  g_autofree char *comment = tide_quote_literal (tide_result_get_value (facts, 0, 2) ? tide_result_get_value (facts, 0, 2) : "");

  g_hash_table_add (self->roles, g_strdup (owner));
  g_string_append_printf (self->sql,
                          ";\nSET search_path = '';\nDO $$BEGIN EXECUTE pg_catalog.format('ALTER DATABASE %%I OWNER TO %%s',"
                          " pg_catalog.current_database(), %s);"
                          "EXECUTE pg_catalog.format('COMMENT ON DATABASE %%I IS %%L', pg_catalog.current_database(), %s); END$$;\n"
                          "SET allow_system_table_mods = on;\n", owner_literal, comment);
  if (!tide_result_get_boolean (facts, 0, 1))
    g_string_append (self->sql, "DROP SCHEMA public;\n");
  else if (tide_result_get_boolean (facts, 0, 3))
    g_string_append (self->sql, "UPDATE pg_catalog.pg_namespace SET nspacl = NULL WHERE nspname = 'public';\n");
  for (guint i = 0; i < tide_result_get_n_rows (settings); i++)
    add_setting (self, tide_result_get_value (settings, i, 0), tide_result_get_value (settings, i, 1));
  for (guint i = 0; i < tide_result_get_n_rows (extensions); i++)
    add_extension (self, tide_result_get_value (extensions, i, 0), tide_result_get_value (extensions, i, 1));
  for (guint i = 0; i < tide_result_get_n_rows (populated); i++)
    add_populated (self, tide_result_get_value (populated, i, 0));
}

static gboolean
read_afterwards (Afterwards         *self,
                 TideConninfo       *conninfo,
                 TideSchemaWorkshop *workshop,
                 GError            **error)
{
  static const char sql[] =
    "SELECT pg_catalog.pg_get_userbyid(d.datdba),"
    " EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'public'), pg_catalog.shobj_description(d.oid, 'pg_database'),"
    " EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE " TIDE_CATALOG_BARE_PUBLIC ("n") ")"
    " FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database();"
    "SELECT r.rolname, s.setconfig FROM pg_catalog.pg_db_role_setting s LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole"
    " JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase WHERE d.datname = pg_catalog.current_database();"
    "SELECT e.extname, pg_catalog.pg_get_userbyid(e.extowner) FROM pg_catalog.pg_extension e WHERE e.oid >= 16384;"
    "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
    " ON n.oid = c.relnamespace WHERE c.relkind = 'm' AND c.relispopulated AND c.oid >= 16384 AND NOT EXISTS (SELECT"
    " FROM pg_catalog.pg_depend d WHERE d.classid = 1259 AND d.objid = c.oid AND d.deptype = 'e')";
  g_autoptr(TideSession) session = tide_session_open (conninfo, workshop->cancellable, error);
  g_autoptr(GPtrArray) results = session != NULL ? tide_session_run (session, sql, workshop->cancellable, error) : NULL;

  if (results == NULL)
    return FALSE;
  self->version = tide_session_get_server_version (session);
  self->roles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->sql = g_string_new (NULL);
  write_afterwards (self, g_ptr_array_index (results, 0), g_ptr_array_index (results, 1),
                    g_ptr_array_index (results, 2), g_ptr_array_index (results, 3));
  return TRUE;
}

/**
 * tide_schema_dump_rebuild:
 * @conninfo: a live database
 * @workshop: where
 * @job: (nullable): hears how far it is
 * @error: the server's; of pg_dump
 *
 * What pg_dump prints of it, run on the private PostgreSQL: none of our own writing is in it.
 *
 * Returns: (transfer full) (nullable): the new database
 */
TideConninfo *
tide_schema_dump_rebuild (TideConninfo       *conninfo,
                          TideSchemaWorkshop *workshop,
                          TideJob            *job,
                          GError            **error)
{
  g_auto(Afterwards) afterwards = { 0 };
  g_auto(Load) load = { .workshop = workshop };
  g_autoptr(TideConninfo) rebuilt = NULL;
  g_autofree char *label = tide_conninfo_dup_label (conninfo);
  g_autofree char *dump = NULL, *filtered = NULL;

  tide_job_set_status (job, _("rebuilding %s on the private PostgreSQL"), label);
  if (!read_afterwards (&afterwards, conninfo, workshop, error))
    return NULL;
  dump = tide_restore_dump_schema (conninfo, afterwards.version, NULL, workshop->cancellable, error);
  filtered = dump != NULL ? tide_restore_filter_schema (dump, &load.roles, error) : NULL;
  if (filtered == NULL || !make_roles (workshop, afterwards.roles, error))
    return NULL;
  load.text = g_strconcat (filtered, afterwards.sql->str, NULL);
  load.settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  rebuilt = tide_scratch_create_database (workshop->scratch, "rebuilt", workshop->cancellable, error);
  load.conninfo = rebuilt;
  if (rebuilt == NULL)
    return NULL;
  if (run_text (&load, error))
    return g_steal_pointer (&rebuilt);
  prefix_failure (error, label);
  tide_schema_workshop_drop (workshop, rebuilt);
  return NULL;
}
