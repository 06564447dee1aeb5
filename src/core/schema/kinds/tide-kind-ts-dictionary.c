/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-ts-dictionary"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"

#define NAME(schema, name) "pg_catalog.quote_ident(" schema ") || '.' || pg_catalog.quote_ident(" name ")"

static char *
dup_dictionary_query (int version)
{
  return g_strdup ("SELECT d.oid, n.nspname AS schema, d.dictname AS name, d.dictowner AS owner,"
                   " " NAME ("tn.nspname", "t.tmplname") " AS template, d.dictinitoption AS options"
                   " FROM pg_catalog.pg_ts_dict d JOIN pg_catalog.pg_namespace n ON n.oid = d.dictnamespace"
                   " JOIN pg_catalog.pg_ts_template t ON t.oid = d.dicttemplate"
                   " JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace"
                   " WHERE " TIDE_CATALOG_USER_SCHEMA ("n") " ORDER BY n.nspname, d.dictname");
}

static char *
dup_dictionary_address (const TideSchemaObject *object)
{
  return tide_kind_dup_address ("TEXT SEARCH DICTIONARY", object);
}

static void
create_dictionary (TideDdl                *ddl,
                   const TideSchemaObject *object)
{
  g_autofree char *address = dup_dictionary_address (object);
  const char *options = tide_schema_object_get (object, "options");

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE %s (\n  TEMPLATE = %s%s%s\n)", address,
                tide_schema_object_get (object, "template"), options == NULL ? "" : ",\n  ", options == NULL ? "" : options);
}

/* (transfer full): options as the catalog has them, `a = 'x', b = 2`, one a line */
static char *
dup_lines (const char *options)
{
  char *lines = g_strdup (options == NULL ? "" : options);
  gboolean quoted = FALSE;

  for (char *p = lines; *p != '\0'; p++)
    {
      if (*p == '\'' || *p == '"')
        quoted = !quoted;
      if (!quoted && p[0] == ',' && p[1] == ' ')
        {
          *p = '\n';
          memmove (p + 1, p + 2, strlen (p + 2) + 1);
        }
    }
  return lines;
}

/* All options are told again: each is put at the end, so they come out in the order wanted. */
static gboolean
alter_dictionary (TideDdl                *ddl,
                  const TideSchemaObject *from,
                  const TideSchemaObject *to,
                  guint64                 changed)
{
  g_autofree char *address = dup_dictionary_address (to);
  g_autofree char *old_lines = dup_lines (tide_schema_object_get (from, "options"));
  g_autofree char *new_lines = dup_lines (tide_schema_object_get (to, "options"));
  g_auto (GStrv) old_options = tide_kind_split (old_lines);
  g_auto (GStrv) new_options = tide_kind_split (new_lines);
  g_autoptr (GString) sql = g_string_new (NULL);

  if (tide_kind_is_changed (to, changed, "template"))
    return FALSE;
  for (guint i = 0; old_options[i] != NULL; i++)
    {
      g_autofree char *key = tide_kind_dup_key (old_options[i]);

      if (tide_kind_find_item (new_options, key) == NULL)
        g_string_append_printf (sql, "%s%s", sql->len == 0 ? "" : ", ", key);
    }
  for (guint i = 0; new_options[i] != NULL; i++)
    g_string_append_printf (sql, "%s%s", sql->len == 0 ? "" : ", ", new_options[i]);
  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s (%s)", address, sql->str);
  return TRUE;
}

static const TideAttribute dictionary_attributes[] = {
  { "template", N_("Template") },
  { "options", N_("Options") },
};

const TideObjectKindInfo tide_kind_ts_dictionary = {
  .kind = TIDE_OBJECT_TS_DICTIONARY,
  .name = "text search dictionary",
  .plural = N_("Text Search Dictionaries"),
  .icon_name = "accessories-dictionary-symbolic",
  .catalog = 3600,
  .attributes = dictionary_attributes,
  .n_attributes = G_N_ELEMENTS (dictionary_attributes),
  .query = dup_dictionary_query,
  .address = dup_dictionary_address,
  .create = create_dictionary,
  .alter = alter_dictionary,
};

/* Mappings: `asciiword public.english, simple` a line */
static char *
dup_configuration_query (int version)
{
  return g_strdup ("SELECT c.oid, n.nspname AS schema, c.cfgname AS name, c.cfgowner AS owner,"
                   " " NAME ("pn.nspname", "p.prsname") " AS parser,"
                   " (SELECT pg_catalog.string_agg(g.line, E'\\n' ORDER BY g.line) FROM (SELECT"
                   " pg_catalog.quote_ident(k.alias) || ' ' || pg_catalog.string_agg("
                   "m.mapdict::pg_catalog.regdictionary::pg_catalog.text, ', ' ORDER BY m.mapseqno) AS line"
                   " FROM pg_catalog.pg_ts_config_map m JOIN pg_catalog.ts_token_type(c.cfgparser) k"
                   " ON k.tokid = m.maptokentype WHERE m.mapcfg = c.oid GROUP BY k.alias) g) AS mappings"
                   " FROM pg_catalog.pg_ts_config c JOIN pg_catalog.pg_namespace n ON n.oid = c.cfgnamespace"
                   " JOIN pg_catalog.pg_ts_parser p ON p.oid = c.cfgparser"
                   " JOIN pg_catalog.pg_namespace pn ON pn.oid = p.prsnamespace"
                   " WHERE " TIDE_CATALOG_USER_SCHEMA ("n") " ORDER BY n.nspname, c.cfgname");
}

static char *
dup_configuration_address (const TideSchemaObject *object)
{
  return tide_kind_dup_address ("TEXT SEARCH CONFIGURATION", object);
}

static void
change_mappings (TideDdl    *ddl,
                 const char *address,
                 const char *from,
                 const char *to)
{
  g_auto (GStrv) old_mappings = tide_kind_split (from);
  g_auto (GStrv) new_mappings = tide_kind_split (to);

  for (guint i = 0; old_mappings[i] != NULL; i++)
    {
      g_autofree char *token = tide_kind_dup_key (old_mappings[i]);

      if (tide_kind_find_item (new_mappings, token) == NULL)
        tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s DROP MAPPING FOR %s", address, token);
    }
  for (guint i = 0; new_mappings[i] != NULL; i++)
    {
      g_autofree char *token = tide_kind_dup_key (new_mappings[i]);
      const char *before = tide_kind_find_item (old_mappings, token);

      if (g_strcmp0 (before, new_mappings[i]) != 0)
        tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s %s MAPPING FOR %s WITH %s", address,
                      before == NULL ? "ADD" : "ALTER", token, new_mappings[i] + strlen (token) + 1);
    }
}

static void
create_configuration (TideDdl                *ddl,
                      const TideSchemaObject *object)
{
  g_autofree char *address = dup_configuration_address (object);

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE %s (\n  PARSER = %s\n)", address,
                tide_schema_object_get (object, "parser"));
  change_mappings (ddl, address, NULL, tide_schema_object_get (object, "mappings"));
}

static gboolean
alter_configuration (TideDdl                *ddl,
                     const TideSchemaObject *from,
                     const TideSchemaObject *to,
                     guint64                 changed)
{
  g_autofree char *address = dup_configuration_address (to);

  if (tide_kind_is_changed (to, changed, "parser"))
    return FALSE;
  change_mappings (ddl, address, tide_schema_object_get (from, "mappings"), tide_schema_object_get (to, "mappings"));
  return TRUE;
}

static const TideAttribute configuration_attributes[] = {
  { "parser", N_("Parser") },
  { "mappings", N_("Mappings") },
};

const TideObjectKindInfo tide_kind_ts_configuration = {
  .kind = TIDE_OBJECT_TS_CONFIGURATION,
  .name = "text search configuration",
  .plural = N_("Text Search Configurations"),
  .icon_name = "edit-find-symbolic",
  .catalog = 3602,
  .attributes = configuration_attributes,
  .n_attributes = G_N_ELEMENTS (configuration_attributes),
  .query = dup_configuration_query,
  .address = dup_configuration_address,
  .create = create_configuration,
  .alter = alter_configuration,
};
