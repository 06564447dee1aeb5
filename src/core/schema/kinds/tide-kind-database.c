/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-database"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kinds.h"
#include "schema/kinds/tide-members.h"
#include "schema/tide-array.h"
#include "schema/tide-ddl.h"
#include "schema/tide-entries.h"
#include "schema/tide-schema-builder.h"
#include "wire/tide-session.h"

/* Of the database itself, its settings, its comment and what was granted on what every database has are compared. Its name, owner,
 * encoding, locale, tablespace, limits and who may connect belong to the place where it stands, not to the schema in it. */
enum
{
  SETTINGS = TIDE_N_COMMON_ATTRIBUTES,
  ROLE_SETTINGS,
  DESCRIPTION,
};

static const TideAttribute attributes[] = {
  { "settings", N_("Settings") },
  { "role_settings", N_("Settings of roles") },
  { "description", N_("Comment") },
  { "member_privileges", N_("Privileges on what PostgreSQL brings") },
  { "member_initials", "", TIDE_ATTRIBUTE_INTERNAL },
};

/* All have the same name: whatever two databases are called, they are compared. What initdb says of its own is no comment. */
static char *
dup_query (int version)
{
  return g_strdup ("SELECT d.oid, 'database' AS name,"
                   " (SELECT s.setconfig FROM pg_catalog.pg_db_role_setting s"
                   " WHERE s.setdatabase = d.oid AND s.setrole = 0) AS raw_settings,"
                   " (SELECT pg_catalog.array_agg(pg_catalog.quote_ident(r.rolname) || '=' || s.setconfig::pg_catalog.text"
                   " ORDER BY r.rolname) FROM pg_catalog.pg_db_role_setting s"
                   " JOIN pg_catalog.pg_roles r ON r.oid = s.setrole WHERE s.setdatabase = d.oid) AS raw_role_settings,"
                   " (SELECT c.description FROM pg_catalog.pg_shdescription c"
                   " WHERE c.classoid = 1262 AND c.objoid = d.oid AND c.description NOT IN"
                   " ('default administrative connection database', 'default template for new databases',"
                   " 'unmodifiable empty database')) AS description, (" TIDE_MEMBERS_OF_SYSTEM ") AS members"
                   " FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()");
}

/* `{"app={search_path=a}"}` as `app search_path='a'` */
static char *
dup_role_settings (const char *array)
{
  g_autoptr (GPtrArray) roles = NULL;
  GString *lines;

  if (array == NULL)
    return NULL;
  roles = tide_array_parse (array);
  lines = g_string_new (NULL);
  for (guint i = 0; i < roles->len; i++)
    {
      const char *role = g_ptr_array_index (roles, i);
      gsize length = tide_entries_get_key_length (role);
      g_autofree char *given = tide_entries_from_settings (role + length + 1);
      g_autofree char *settings = tide_entries_sort (given);
      g_autofree char *prefix = g_strdup_printf ("%.*s ", (int) length, role);
      g_autofree char *separator = g_strconcat ("\n", prefix, NULL);
      g_autofree char *joined = tide_entries_join (settings, separator);

      if (settings != NULL)
        g_string_append_printf (lines, "%s%s%s", lines->len == 0 ? "" : "\n", prefix, joined);
    }
  return g_string_free (lines, lines->len == 0);
}

static void
complete (TideSchemaBuilder    *builder,
          TideSchemaObject     *object,
          const TideCatalogRow *row)
{
  g_autofree char *settings = tide_entries_from_settings (tide_catalog_row_get (row, "raw_settings"));
  char *role_settings = dup_role_settings (tide_catalog_row_get (row, "raw_role_settings"));

  tide_schema_builder_set_value (builder, object, SETTINGS,
                                 tide_schema_builder_take (builder, tide_entries_sort (settings)));
  tide_schema_builder_set_value (builder, object, ROLE_SETTINGS, tide_schema_builder_take (builder, role_settings));
  tide_members_complete (builder, object, row);
}

static char *
dup_address (const TideSchemaObject *object)
{
  g_autofree char *name = tide_quote_identifier (tide_schema_get_database (tide_schema_object_get_schema (object)));

  return g_strconcat ("DATABASE ", name, NULL);
}

/* For a format */
static char *
dup_escaped (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "%", -1);

  return g_strjoinv ("%%", parts);
}

/* ALTER DATABASE needs a name, and the script runs in databases of several: the one it was written for, and the copy on which
 * it is proved. So the database it runs in is asked for its own. */
static void
write_here (TideDdl    *ddl,
            const char *before,
            const char *after)
{
  g_autofree char *head = dup_escaped (before);
  g_autofree char *tail = dup_escaped (after);
  g_autofree char *format = g_strconcat (head, " %I ", tail, NULL);
  g_autofree char *literal = tide_quote_literal (format);
  g_autofree char *body = g_strdup_printf ("BEGIN EXECUTE pg_catalog.format(%s, pg_catalog.current_database()); END", literal);
  g_autofree char *quoted = tide_ddl_dollar_quote (body, "do");

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "DO %s", quoted);
}

static void
write_setting (const char *key,
               const char *old,
               const char *value,
               gpointer    user_data)
{
  g_autofree char *action = value == NULL ? g_strconcat ("RESET ", key, NULL)
                                          : g_strconcat ("SET ", key, "=", value, NULL);

  write_here (user_data, "ALTER DATABASE", action);
}

static void
write_role_setting (const char *key,
                    const char *old,
                    const char *value,
                    gpointer    user_data)
{
  const char *setting = g_strrstr (key, " ") + 1;
  g_autofree char *before = g_strdup_printf ("ALTER ROLE %.*s IN DATABASE", (int) (setting - 1 - key), key);
  g_autofree char *action = value == NULL ? g_strconcat ("RESET ", setting, NULL)
                                          : g_strconcat ("SET ", setting, "=", value, NULL);

  write_here (user_data, before, action);
}

static void
write_difference (TideDdl                *ddl,
                  const TideSchemaObject *from,
                  const TideSchemaObject *to)
{
  const char *before[3] = { NULL };
  const char *after[3] = { NULL };

  for (guint i = 0; i < 3; i++)
    {
      before[i] = from == NULL ? NULL : tide_schema_object_get_value (from, SETTINGS + i);
      after[i] = to == NULL ? NULL : tide_schema_object_get_value (to, SETTINGS + i);
    }
  tide_entries_compare (before[0], after[0], write_setting, ddl);
  tide_entries_compare (before[1], after[1], write_role_setting, ddl);
  if (g_strcmp0 (before[2], after[2]) != 0)
    {
      g_autofree char *text = after[2] == NULL ? g_strdup ("NULL") : tide_quote_literal (after[2]);
      g_autofree char *action = g_strconcat ("IS ", text, NULL);

      write_here (ddl, "COMMENT ON DATABASE", action);
    }
  tide_members_write (ddl, from, to);
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  write_difference (ddl, NULL, object);
}

static void
drop (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  write_difference (ddl, object, NULL);
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  write_difference (ddl, from, to);
  return TRUE;
}

const TideObjectKindInfo tide_kind_database = {
  .kind = TIDE_OBJECT_DATABASE,
  .name = "database",
  .plural = N_("Database"),
  .icon_name = "drive-multidisk-symbolic",
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .complete = complete,
  .address = dup_address,
  .create = create,
  .drop = drop,
  .alter = alter,
};
