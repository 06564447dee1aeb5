/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-table"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"
#include "schema/kinds/tide-table-catalog.h"
#include "schema/kinds/tide-table-ddl.h"
#include "schema/tide-column-privileges.h"
#include "schema/tide-privileges.h"
#include "wire/tide-session.h"

enum
{
  TYPE = TIDE_N_COMMON_ATTRIBUTES,
  UNLOGGED,
  INHERITS,
  PARTITION_KEY,
  PARTITION_KEY_TYPES,
  PARTITION_OF,
  PARTITION_BOUND,
  OF_TYPE,
  SERVER,
  FOREIGN_OPTIONS,
  ACCESS_METHOD,
  OPTIONS,
  TABLESPACE,
  REPLICA_IDENTITY,
  ROW_SECURITY,
  FORCE_ROW_SECURITY,
  COLUMN_PRIVILEGES,
};

static const TideAttribute attributes[] = {
  { "type", N_("Type") },
  { "unlogged", N_("Unlogged") },
  { "inherits", N_("Inherits") },
  { "partition_key", N_("Partition key"), TIDE_ATTRIBUTE_EXPRESSION },
  { "partition_key_types", N_("Types of the partition key") },
  { "partition_of", N_("Partition of") },
  { "partition_bound", N_("Partition bound"), TIDE_ATTRIBUTE_EXPRESSION },
  { "of_type", N_("Of type") },
  { "server", N_("Server") },
  { "foreign_options", N_("Options of the foreign table") },
  { "access_method", N_("Access method") },
  { "options", N_("Storage options") },
  { "tablespace", N_("Tablespace") },
  { "replica_identity", N_("Replica identity") },
  { "row_security", N_("Row security") },
  { "force_row_security", N_("Row security for the owner") },
  { "column_privileges", N_("Privileges on system columns") },
};

/* --- reading --- */

static char *
dup_query (int version)
{
  return g_strdup (
    "SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relowner AS owner,"
    " NULLIF(c.relacl, pg_catalog.acldefault('r', c.relowner)) AS privileges,"
    " CASE c.relkind WHEN 'p' THEN 'partitioned' WHEN 'f' THEN 'foreign' END AS type, "
    TIDE_SQL_TRUE ("c.relpersistence = 'u'") " AS unlogged,"
    " CASE WHEN NOT c.relispartition THEN i.parents END AS inherits,"
    " CASE WHEN c.relispartition THEN i.parents END AS partition_of,"
    " CASE WHEN c.relispartition THEN " TIDE_CATALOG_OR_VANISHED ("pg_catalog.pg_get_expr(c.relpartbound, c.oid)") " END AS partition_bound,"
    " CASE WHEN c.relkind = 'p' THEN " TIDE_CATALOG_OR_VANISHED ("pg_catalog.pg_get_partkeydef(c.oid)") " END AS partition_key,"
    " CASE WHEN c.relkind = 'p' THEN (SELECT pg_catalog.string_agg(pg_catalog.format_type(a.atttypid, a.atttypmod), ', '"
    " ORDER BY k.place) FROM pg_catalog.pg_partitioned_table p,"
    " pg_catalog.unnest(p.partattrs::pg_catalog.int2[]) WITH ORDINALITY AS k(number, place)"
    " JOIN pg_catalog.pg_attribute a ON a.attnum = k.number"
    " WHERE p.partrelid = c.oid AND a.attrelid = c.oid) END AS partition_key_types,"
    " CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END AS of_type,"
    " s.srvname AS server, CASE WHEN f.ftoptions IS NOT NULL THEN " TIDE_KIND_OPTIONS ("f.ftoptions")
    " END AS foreign_options,"
    " CASE WHEN c.relam NOT IN (0, 2) THEN (SELECT m.amname FROM pg_catalog.pg_am m WHERE m.oid = c.relam) END AS access_method,"
    " CASE WHEN c.reloptions IS NOT NULL OR t.reloptions IS NOT NULL THEN "
    TIDE_SQL_OPTIONS ("c.reloptions || ARRAY(SELECT 'toast.' || x FROM pg_catalog.unnest(t.reloptions) x)") " END AS options,"
    " " TIDE_SQL_TABLESPACE ("c") " AS tablespace,"
    " CASE WHEN c.relkind = 'f' THEN NULL WHEN c.relreplident = 'f' THEN 'full' WHEN c.relreplident = 'n' THEN 'nothing' END AS replica_identity, "
    TIDE_SQL_TRUE ("c.relrowsecurity") " AS row_security, "
    TIDE_SQL_TRUE ("c.relforcerowsecurity") " AS force_row_security,"
    " x.privileges AS raw_column_privileges, CASE WHEN x.privileges IS NOT NULL THEN pg_catalog.pg_get_userbyid(c.relowner) END AS owner_name"
    " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
    " LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid AND t.reloptions IS NOT NULL"
    " LEFT JOIN pg_catalog.pg_foreign_table f ON f.ftrelid = c.oid"
    " LEFT JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver"
    " LEFT JOIN (SELECT h.inhrelid, pg_catalog.string_agg(" TIDE_SQL_QUALIFIED ("pn.nspname", "p.relname")
    ", E'\\n' ORDER BY h.inhseqno) AS parents FROM pg_catalog.pg_inherits h"
    " JOIN pg_catalog.pg_class p ON p.oid = h.inhparent AND p.relkind IN ('r', 'p', 'f')"
    " JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace GROUP BY h.inhrelid) i ON i.inhrelid = c.oid"
    " LEFT JOIN LATERAL (SELECT pg_catalog.array_agg(pg_catalog.quote_ident(a.attname) || '=' || a.attacl::pg_catalog.text"
    " ORDER BY a.attnum DESC) AS privileges FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum < 0"
    " AND a.attacl IS NOT NULL) x ON true"
    " WHERE c.relkind IN ('r', 'p', 'f') AND " TIDE_CATALOG_USER_SCHEMA ("n"));
}

/* Columns are objects of their own but for those that every table has */
static void
complete (TideSchemaBuilder    *builder,
          TideSchemaObject     *object,
          const TideCatalogRow *row)
{
  char *privileges = tide_column_privileges_normalise (tide_catalog_row_get (row, "raw_column_privileges"),
                                                       tide_catalog_row_get (row, "owner_name"));

  if (privileges != NULL)
    tide_schema_builder_set_value (builder, object, COLUMN_PRIVILEGES, tide_schema_builder_take (builder, privileges));
}

static const char *
get (const TideSchemaObject *object,
     guint                   attribute)
{
  return object == NULL ? NULL : tide_schema_object_get_value (object, attribute);
}

static gboolean
is_type (const TideSchemaObject *object,
         const char             *type)
{
  return g_strcmp0 (get (object, TYPE), type) == 0;
}

/* --- writing --- */

static char *
dup_address (const TideSchemaObject *object)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);

  return g_strconcat (is_type (object, "foreign") ? "FOREIGN TABLE " : "TABLE ", name, NULL);
}

static void
append_clauses (GString                *sql,
                const TideSchemaObject *object)
{
  g_autofree char *foreign = tide_kind_dup_options (get (object, FOREIGN_OPTIONS));
  g_autofree char *options = tide_options_dup_list (get (object, OPTIONS));

  if (get (object, INHERITS) != NULL && !tide_table_inherits_later (object))
    {
      g_auto (GStrv) parents = g_strsplit (get (object, INHERITS), "\n", -1);
      g_autofree char *list = g_strjoinv (", ", parents);

      g_string_append_printf (sql, " INHERITS (%s)", list);
    }
  if (get (object, PARTITION_KEY) != NULL)
    g_string_append_printf (sql, " PARTITION BY %s", get (object, PARTITION_KEY));
  if (get (object, SERVER) != NULL)
    {
      g_autofree char *server = tide_quote_identifier (get (object, SERVER));

      g_string_append_printf (sql, " SERVER %s%s", server, foreign);
    }
  if (get (object, ACCESS_METHOD) != NULL)
    {
      g_autofree char *method = tide_quote_identifier (get (object, ACCESS_METHOD));

      g_string_append_printf (sql, " USING %s", method);
    }
  if (*options != '\0')
    g_string_append_printf (sql, " WITH (%s)", options);
  if (get (object, TABLESPACE) != NULL)
    {
      g_autofree char *tablespace = tide_quote_identifier (get (object, TABLESPACE));

      g_string_append_printf (sql, " TABLESPACE %s", tablespace);
    }
}

static void
add_replica_identity (TideDdl                *ddl,
                      const TideSchemaObject *object)
{
  g_autofree char *alter = tide_table_dup_alter (object, TRUE);
  g_autofree char *value = g_ascii_strup (get (object, REPLICA_IDENTITY) == NULL ? "default" : get (object, REPLICA_IDENTITY), -1);

  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s REPLICA IDENTITY %s", alter, value);
}

static void
add_row_security (TideDdl                *ddl,
                  const TideSchemaObject *object)
{
  g_autofree char *alter = tide_table_dup_alter (object, FALSE);

  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s %s ROW LEVEL SECURITY", alter,
                get (object, ROW_SECURITY) != NULL ? "ENABLE" : "DISABLE");
}

static void
add_force_row_security (TideDdl                *ddl,
                        const TideSchemaObject *object)
{
  g_autofree char *alter = tide_table_dup_alter (object, FALSE);

  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s %s ROW LEVEL SECURITY", alter,
                get (object, FORCE_ROW_SECURITY) != NULL ? "FORCE" : "NO FORCE");
}

/* Of @constraint of a table that is divided: what each partition has of it without saying so */
static gboolean
is_inherited_by_partitions (const TideSchemaObject *constraint,
                            const char             *type)
{
  return tide_schema_object_get_kind (constraint) == TIDE_OBJECT_CONSTRAINT
         && g_strcmp0 (tide_schema_object_get (constraint, "type"), type) == 0;
}

/* A partition must have the checks of the whole before it can become one */
static void
add_checks_of_whole (TideDdl                *ddl,
                     TideDdlPhase            phase,
                     const TideSchemaObject *object)
{
  g_autofree char *alter = tide_table_dup_alter (object, FALSE);

  for (const TideSchemaObject *whole = tide_table_find_whole (object); whole != NULL; whole = tide_table_find_whole (whole))
    for (const TideSchemaObject *child = tide_schema_object_get_first_child (whole); child != NULL;
         child = tide_schema_object_get_next (child))
      if (is_inherited_by_partitions (child, "check"))
        {
          g_autofree char *definition = tide_constraint_dup_for_partition (child, object);

          if (!tide_schema_object_is (child, "no_inherit"))
            tide_ddl_add_at (ddl, phase, TIDE_HAZARD_LOCK | TIDE_HAZARD_FAILS_ON_DATA, "%s ADD %s", alter, definition);
        }
}

/* @hazards: of what it holds: one that was there before is read under its lock */
static void
add_attach (TideDdl                *ddl,
            const TideSchemaObject *object,
            TideHazard              hazards)
{
  TideDdlPhase phase = tide_table_get_attach_phase (ddl, object);
  g_autofree char *name = tide_schema_object_dup_quoted (object);

  add_checks_of_whole (ddl, phase, object);
  tide_ddl_add_at (ddl, phase, hazards | TIDE_HAZARD_FAILS_ON_DATA, "ALTER TABLE ONLY %s ATTACH PARTITION %s %s",
                   get (object, PARTITION_OF), name, get (object, PARTITION_BOUND));
}

/* @table: a partition, whose whole stays. PostgreSQL detaches none concurrently beside a default one. */
static gboolean
has_default_beside (const TideSchemaObject *table)
{
  const TideSchemaObject *whole = tide_table_find_whole (table);
  guint n;
  const TideSchemaObject *const *others = tide_schema_get_dependents (tide_schema_object_get_schema (table), whole, &n);

  for (guint i = 0; i < n; i++)
    if (tide_schema_object_get_kind (others[i]) == TIDE_OBJECT_TABLE && g_strcmp0 (get (others[i], PARTITION_BOUND), "DEFAULT") == 0
        && tide_table_find_whole (others[i]) == whole)
      return TRUE;
  return FALSE;
}

#define CHECKS_BEFORE "tidemark.checks_before"

/* Notes in the session which checks @table, quoted, has: detaching it concurrently is a transaction of its own */
static void
add_noting_of_checks (TideDdl    *ddl,
                      const char *table)
{
  g_autofree char *literal = tide_quote_literal (table);

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "SELECT pg_catalog.set_config('" CHECKS_BEFORE "', COALESCE(pg_catalog.array_agg(oid), '{}')::pg_catalog.text, false)"
                " FROM pg_catalog.pg_constraint WHERE conrelid = %s::pg_catalog.regclass AND contype = 'c'", literal);
}

/* Away with the check of its old bound, which PostgreSQL leaves on what it detached concurrently where nothing else says the same,
 * under a name that it chooses: "table_check", "table_column_check", with a number where there is such a one */
static void
add_drop_of_bound (TideDdl    *ddl,
                   const char *table)
{
  g_autofree char *literal = tide_quote_literal (table);
  g_autofree char *body = g_strdup_printf (
    "\nDECLARE\n"
    "  bound name;\n"
    "BEGIN\n"
    "  FOR bound IN SELECT conname FROM pg_catalog.pg_constraint WHERE conrelid = %s::pg_catalog.regclass AND contype = 'c'\n"
    "    AND conname OPERATOR(pg_catalog.~) '_check[0-9]*$' AND NOT connoinherit\n"
    "    AND oid <> ALL (pg_catalog.current_setting('" CHECKS_BEFORE "')::pg_catalog.oid[])\n"
    "  LOOP\n"
    "    EXECUTE pg_catalog.format('ALTER TABLE %%s DROP CONSTRAINT %%I', %s, bound);\n"
    "  END LOOP;\n"
    "END\n", literal, literal);
  g_autofree char *quoted = tide_ddl_dollar_quote (body, "do");

  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "DO %s", quoted);
}

/* What the whole gave it stays with it, as its own: away with that */
static void
add_detach (TideDdl                *ddl,
            const TideSchemaObject *object,
            const TideSchemaObject *to)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);
  g_autofree char *alter = tide_table_dup_alter (object, FALSE);
  const TideSchemaObject *whole = tide_table_find_whole (object);
  const TideSchemaObject *whole_after
    = whole == NULL ? NULL : tide_schema_find_same (tide_schema_object_get_schema (to), whole);
  gboolean concurrently = tide_ddl_is_safer (ddl) && tide_ddl_get_server_version (ddl) >= 140000 && whole_after != NULL
                          && !has_default_beside (object);

  if (concurrently)
    add_noting_of_checks (ddl, name);
  tide_ddl_add (ddl, concurrently ? TIDE_HAZARD_NO_TRANSACTION : TIDE_HAZARD_LOCK, "ALTER TABLE %s DETACH PARTITION %s%s",
                get (object, PARTITION_OF), name, concurrently ? " CONCURRENTLY" : "");
  if (concurrently)
    add_drop_of_bound (ddl, name);
  for (const TideSchemaObject *whole = tide_table_find_whole (object); whole != NULL; whole = tide_table_find_whole (whole))
    for (const TideSchemaObject *child = tide_schema_object_get_first_child (whole); child != NULL;
         child = tide_schema_object_get_next (child))
      if (is_inherited_by_partitions (child, "check") || is_inherited_by_partitions (child, "foreign key"))
        {
          g_autofree char *constraint = tide_quote_identifier (tide_schema_object_get_name (child));

          tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s DROP CONSTRAINT IF EXISTS %s", alter, constraint);
        }
}

static void
add_system_columns (TideDdl                *ddl,
                    const TideSchemaObject *from,
                    const TideSchemaObject *to)
{
  g_autofree char *name = tide_schema_object_dup_quoted (to);
  g_autofree char *owner = tide_privileges_dup_owner (from, to);

  tide_column_privileges_write (ddl, name, owner, get (from, COLUMN_PRIVILEGES), get (to, COLUMN_PRIVILEGES));
}

/* Of the options of a foreign table and its columns */
static TideHazard
get_secrets (const TideSchemaObject *table)
{
  TideHazard hazards = tide_kind_options_hazard (get (table, FOREIGN_OPTIONS));

  for (const TideSchemaObject *child = tide_schema_object_get_first_child (table); child != NULL;
       child = tide_schema_object_get_next (child))
    if (tide_schema_object_get_kind (child) == TIDE_OBJECT_COLUMN)
      hazards |= tide_kind_options_hazard (tide_schema_object_get (child, "foreign_options"));
  return hazards;
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);
  const char *elements = tide_ddl_get_elements (ddl) == NULL ? "" : tide_ddl_get_elements (ddl);
  g_autoptr (GString) sql = g_string_new ("CREATE ");

  if (get (object, UNLOGGED) != NULL)
    g_string_append (sql, "UNLOGGED ");
  g_string_append_printf (sql, "%sTABLE %s", is_type (object, "foreign") ? "FOREIGN " : "", name);
  if (get (object, OF_TYPE) != NULL)
    g_string_append_printf (sql, " OF %s", get (object, OF_TYPE));
  if (*elements != '\0')
    g_string_append_printf (sql, " (\n%s\n)", elements);
  else if (get (object, OF_TYPE) == NULL)
    g_string_append (sql, " ()");
  append_clauses (sql, object);
  tide_ddl_add (ddl, is_type (object, "foreign") ? get_secrets (object) : TIDE_HAZARD_NONE, "%s", sql->str);
  for (const TideSchemaObject *child = tide_schema_object_get_first_child (object); child != NULL;
       child = tide_schema_object_get_next (child))
    if (tide_schema_object_get_kind (child) == TIDE_OBJECT_COLUMN)
      tide_column_add_settings (ddl, child);
  if (get (object, REPLICA_IDENTITY) != NULL)
    add_replica_identity (ddl, object);
  if (get (object, ROW_SECURITY) != NULL)
    add_row_security (ddl, object);
  if (get (object, FORCE_ROW_SECURITY) != NULL)
    add_force_row_security (ddl, object);
  if (get (object, PARTITION_OF) != NULL)
    add_attach (ddl, object, TIDE_HAZARD_LOCK);
  if (tide_table_inherits_later (object))
    tide_table_add_inheritance (ddl, NULL, object);
  if (get (object, COLUMN_PRIVILEGES) != NULL)
    add_system_columns (ddl, NULL, object);
}

/* From one place to another of the same whole: what that gave it stays, and is its again. All leave before one comes. */
static void
add_move (TideDdl                *ddl,
          const TideSchemaObject *object)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);

  tide_ddl_add_at (ddl, TIDE_DDL_PARTING, TIDE_HAZARD_LOCK, "ALTER TABLE %s DETACH PARTITION %s", get (object, PARTITION_OF), name);
  tide_ddl_add_at (ddl, tide_table_get_attach_phase (ddl, object), TIDE_HAZARD_LONG_LOCK | TIDE_HAZARD_FAILS_ON_DATA,
                   "ALTER TABLE ONLY %s ATTACH PARTITION %s %s", get (object, PARTITION_OF), name, get (object, PARTITION_BOUND));
  /* Its copies of the whole's triggers are new ones, and enabled like those. */
  for (const TideSchemaObject *child = tide_schema_object_get_first_child (object); child != NULL;
       child = tide_schema_object_get_next (child))
    if (tide_schema_object_get_kind (child) == TIDE_OBJECT_TRIGGER && tide_schema_object_get (child, "definition") == NULL)
      tide_object_kind_get_info (TIDE_OBJECT_TRIGGER)->create (ddl, child);
}

/* Whether a foreign key points at @whole: it holds on to each partition */
static gboolean
is_referenced (const TideSchemaObject *whole)
{
  for (const TideSchemaObject *key = tide_schema_object_get_first_child (whole); key != NULL; key = tide_schema_object_get_next (key))
    {
      guint n;
      const TideSchemaObject *const *others = tide_schema_get_dependents (tide_schema_object_get_schema (key), key, &n);

      for (guint i = 0; tide_schema_object_get_kind (key) != TIDE_OBJECT_COLUMN && i < n; i++)
        if (is_inherited_by_partitions (others[i], "foreign key"))
          return TRUE;
    }
  return FALSE;
}

static void
drop (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);

  for (const TideSchemaObject *whole = tide_table_find_whole (object); whole != NULL; whole = tide_table_find_whole (whole))
    if (is_referenced (whole))
      {
        g_autofree char *name = tide_schema_object_dup_quoted (object);

        tide_ddl_add (ddl, TIDE_HAZARD_LOCK | TIDE_HAZARD_FAILS_ON_DATA, "ALTER TABLE %s DETACH PARTITION %s",
                      get (object, PARTITION_OF), name);
        break;
      }
  tide_ddl_add (ddl, TIDE_HAZARD_LOCK | TIDE_HAZARD_BREAKS_CLIENTS | (is_type (object, "foreign") ? 0 : TIDE_HAZARD_DATA_LOSS),
                "DROP %s", address);
}

static gboolean
can_alter (TideDdl                *ddl,
           const TideSchemaObject *from,
           const TideSchemaObject *to,
           guint64                 changed)
{
  if (TIDE_CHANGED (changed, TYPE) || TIDE_CHANGED (changed, PARTITION_KEY) || TIDE_CHANGED (changed, SERVER)
      || TIDE_CHANGED (changed, PARTITION_KEY_TYPES))
    return FALSE;
  if (TIDE_CHANGED (changed, ACCESS_METHOD) && tide_ddl_get_server_version (ddl) < 150000)
    return FALSE;
  return !TIDE_CHANGED (changed, UNLOGGED) || !is_type (to, "partitioned");
}

static void
add_storage (TideDdl                *ddl,
             const TideSchemaObject *from,
             const TideSchemaObject *to,
             guint64                 changed)
{
  g_autofree char *alter = tide_table_dup_alter (to, FALSE);
  g_autofree char *only = tide_table_dup_alter (to, TRUE);

  if (TIDE_CHANGED (changed, UNLOGGED))
    tide_ddl_add (ddl, TIDE_HAZARD_REWRITE, "%s SET %s", alter, get (to, UNLOGGED) != NULL ? "UNLOGGED" : "LOGGED");
  if (TIDE_CHANGED (changed, ACCESS_METHOD))
    {
      g_autofree char *method = tide_quote_identifier (get (to, ACCESS_METHOD) == NULL ? "heap" : get (to, ACCESS_METHOD));

      tide_ddl_add (ddl, TIDE_HAZARD_REWRITE, "%s SET ACCESS METHOD %s", alter, method);
    }
  if (TIDE_CHANGED (changed, TABLESPACE))
    {
      g_autofree char *tablespace = tide_quote_identifier (get (to, TABLESPACE) == NULL ? "pg_default" : get (to, TABLESPACE));

      tide_ddl_add (ddl, TIDE_HAZARD_REWRITE, "%s SET TABLESPACE %s", is_type (to, "partitioned") ? only : alter, tablespace);
    }
  if (TIDE_CHANGED (changed, OPTIONS))
    tide_options_add_change (ddl, only, get (from, OPTIONS), get (to, OPTIONS));
  if (TIDE_CHANGED (changed, FOREIGN_OPTIONS))
    {
      TideHazard hazards;
      g_autofree char *options = tide_kind_dup_options_change (get (from, FOREIGN_OPTIONS), get (to, FOREIGN_OPTIONS), &hazards);

      tide_ddl_add (ddl, hazards, "%s%s", alter, options);
    }
}

static void
add_place (TideDdl                *ddl,
           const TideSchemaObject *from,
           const TideSchemaObject *to,
           guint64                 changed)
{
  g_autofree char *alter = tide_table_dup_alter (to, FALSE);

  if (TIDE_CHANGED (changed, PARTITION_BOUND) && !TIDE_CHANGED (changed, PARTITION_OF))
    {
      add_move (ddl, to);
    }
  else if (TIDE_CHANGED (changed, PARTITION_OF))
    {
      if (get (from, PARTITION_OF) != NULL)
        add_detach (ddl, from, to);
      if (get (to, PARTITION_OF) != NULL)
        add_attach (ddl, to, TIDE_HAZARD_LONG_LOCK);
    }
  if (TIDE_CHANGED (changed, INHERITS))
    tide_table_add_inheritance (ddl, from, to);
  if (TIDE_CHANGED (changed, OF_TYPE) && get (from, OF_TYPE) != NULL)
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s NOT OF", alter);
  if (TIDE_CHANGED (changed, OF_TYPE) && get (to, OF_TYPE) != NULL)
    tide_ddl_add_at (ddl, TIDE_DDL_LATE, TIDE_HAZARD_LOCK, "%s OF %s", alter, get (to, OF_TYPE));
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  if (!can_alter (ddl, from, to, changed))
    return FALSE;
  add_place (ddl, from, to, changed);
  add_storage (ddl, from, to, changed);
  if (TIDE_CHANGED (changed, REPLICA_IDENTITY))
    add_replica_identity (ddl, to);
  if (TIDE_CHANGED (changed, ROW_SECURITY))
    add_row_security (ddl, to);
  if (TIDE_CHANGED (changed, FORCE_ROW_SECURITY))
    add_force_row_security (ddl, to);
  if (TIDE_CHANGED (changed, COLUMN_PRIVILEGES))
    add_system_columns (ddl, from, to);
  return TRUE;
}

const TideObjectKindInfo tide_kind_table = {
  .kind = TIDE_OBJECT_TABLE,
  .name = "table",
  .plural = N_("Tables"),
  .icon_name = "tide-table-symbolic",
  .catalog = 1259,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .order = TIDE_ROWS_BY_NAME,
  .complete = complete,
  .address = dup_address,
  .create = create,
  .drop = drop,
  .alter = alter,
};
