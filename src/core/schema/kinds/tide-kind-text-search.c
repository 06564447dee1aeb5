/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-text-search"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"

/* Parsers and templates: functions under a name, owned by nobody, made anew when they change. */

#define PARSER_ADDRESS   "TEXT SEARCH PARSER"
#define TEMPLATE_ADDRESS "TEXT SEARCH TEMPLATE"

static char *
dup_parser_query (int version)
{
  return g_strdup ("SELECT p.oid, n.nspname AS schema, p.prsname AS name,"
                   " " TIDE_KIND_FUNCTION ("p.prsstart", "regproc") " AS start,"
                   " " TIDE_KIND_FUNCTION ("p.prstoken", "regproc") " AS gettoken,"
                   " " TIDE_KIND_FUNCTION ("p.prsend", "regproc") " AS end,"
                   " " TIDE_KIND_FUNCTION ("p.prsheadline", "regproc") " AS headline,"
                   " " TIDE_KIND_FUNCTION ("p.prslextype", "regproc") " AS lextypes"
                   " FROM pg_catalog.pg_ts_parser p JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace"
                   " WHERE " TIDE_CATALOG_USER_SCHEMA ("n") " ORDER BY n.nspname, p.prsname");
}

static char *
dup_parser_address (const TideSchemaObject *object)
{
  return tide_kind_dup_address (PARSER_ADDRESS, object);
}

static void
create_parser (TideDdl                *ddl,
               const TideSchemaObject *object)
{
  static const TideKindOption options[] = {
    { "start", "START" }, { "gettoken", "GETTOKEN" }, { "end", "END" },
    { "headline", "HEADLINE" }, { "lextypes", "LEXTYPES" },
  };
  g_autofree char *address = dup_parser_address (object);
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_append_printf (sql, "CREATE %s (", address);
  tide_kind_append_options (sql, object, options, G_N_ELEMENTS (options));
  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "%s\n)", sql->str);
}

static const TideAttribute parser_attributes[] = {
  { "start", N_("Start function") },
  { "gettoken", N_("Next token function") },
  { "end", N_("End function") },
  { "headline", N_("Headline function") },
  { "lextypes", N_("Token types function") },
};

const TideObjectKindInfo tide_kind_ts_parser = {
  .kind = TIDE_OBJECT_TS_PARSER,
  .name = "text search parser",
  .plural = N_("Text Search Parsers"),
  .icon_name = "edit-find-symbolic",
  .catalog = 3601,
  .attributes = parser_attributes,
  .n_attributes = G_N_ELEMENTS (parser_attributes),
  .query = dup_parser_query,
  .address = dup_parser_address,
  .create = create_parser,
};

static char *
dup_template_query (int version)
{
  return g_strdup ("SELECT t.oid, n.nspname AS schema, t.tmplname AS name,"
                   " " TIDE_KIND_FUNCTION ("t.tmplinit", "regproc") " AS init,"
                   " " TIDE_KIND_FUNCTION ("t.tmpllexize", "regproc") " AS lexize"
                   " FROM pg_catalog.pg_ts_template t JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace"
                   " WHERE " TIDE_CATALOG_USER_SCHEMA ("n") " ORDER BY n.nspname, t.tmplname");
}

static char *
dup_template_address (const TideSchemaObject *object)
{
  return tide_kind_dup_address (TEMPLATE_ADDRESS, object);
}

static void
create_template (TideDdl                *ddl,
                 const TideSchemaObject *object)
{
  static const TideKindOption options[] = { { "init", "INIT" }, { "lexize", "LEXIZE" } };
  g_autofree char *address = dup_template_address (object);
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_append_printf (sql, "CREATE %s (", address);
  tide_kind_append_options (sql, object, options, G_N_ELEMENTS (options));
  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "%s\n)", sql->str);
}

static const TideAttribute template_attributes[] = {
  { "init", N_("Initialisation function") },
  { "lexize", N_("Lexize function") },
};

const TideObjectKindInfo tide_kind_ts_template = {
  .kind = TIDE_OBJECT_TS_TEMPLATE,
  .name = "text search template",
  .plural = N_("Text Search Templates"),
  .icon_name = "edit-find-symbolic",
  .catalog = 3764,
  .attributes = template_attributes,
  .n_attributes = G_N_ELEMENTS (template_attributes),
  .query = dup_template_query,
  .address = dup_template_address,
  .create = create_template,
};
