/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-function"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "schema/kinds/tide-kinds.h"
#include "schema/tide-ddl.h"
#include "schema/tide-entries.h"
#include "schema/tide-schema-builder.h"
#include "wire/tide-session.h"

enum
{
  KIND = TIDE_N_COMMON_ATTRIBUTES,
  ARGUMENTS,
  RESULT,
  LANGUAGE,
  TRANSFORMS,
  VOLATILITY,
  STRICT,
  SECURITY,
  LEAKPROOF,
  PARALLEL,
  COST,
  ROWS,
  SUPPORT,
  SETTINGS,
  BODY,
  SQL_BODY,
  LIBRARY,
  IDENTITY,
  INPUT_NAMES,
  SHAPE,
  N_DEFAULTS,
  GIVEN_SETTINGS,
};

static const TideAttribute attributes[] = {
  { "kind", N_("Kind") },
  { "arguments", N_("Arguments"), TIDE_ATTRIBUTE_EXPRESSION },
  { "result", N_("Returns") },
  { "language", N_("Language") },
  { "transforms", N_("Transforms") },
  { "volatility", N_("Volatility") },
  { "strict", N_("Strict") },
  { "security_definer", N_("Runs as its owner") },
  { "leakproof", N_("Leakproof") },
  { "parallel", N_("Parallel") },
  { "cost", N_("Cost") },
  { "rows", N_("Rows") },
  { "support", N_("Support function") },
  { "settings", N_("Settings") },
  { "body", N_("Body") },
  { "sql_body", N_("SQL body"), TIDE_ATTRIBUTE_EXPRESSION },
  { "library", N_("Library") },
  { "identity", N_("Identity"), TIDE_ATTRIBUTE_INTERNAL },
  { "input_names", N_("Names of arguments"), TIDE_ATTRIBUTE_INTERNAL },
  { "shape", N_("Shape"), TIDE_ATTRIBUTE_INTERNAL },
  { "n_defaults", N_("Defaults"), TIDE_ATTRIBUTE_INTERNAL },
  { "given_settings", N_("Settings"), TIDE_ATTRIBUTE_INTERNAL },
};

/* What ALTER FUNCTION can change (a support function it can only add) */
#define BIT(attribute) (G_GUINT64_CONSTANT (1) << (attribute))
#define ALTERABLE \
  (BIT (VOLATILITY) | BIT (STRICT) | BIT (SECURITY) | BIT (LEAKPROOF) | BIT (PARALLEL) | BIT (COST) | BIT (ROWS) \
   | BIT (SUPPORT) | BIT (SETTINGS))

/* Those that a range type brought along depend on it internally. */
#define QUERY                                                                                                     \
  "SELECT p.oid, n.nspname AS schema, p.proname AS name,"                                                         \
  " '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')' AS signature,"                                         \
  " p.proowner AS owner, p.proacl AS privileges,"                                                                 \
  " CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'w' THEN 'window function' ELSE 'function' END AS kind,"        \
  " " TIDE_CATALOG_OR_VANISHED ("pg_catalog.pg_get_function_arguments(p.oid)") " AS arguments,"                   \
  " pg_catalog.pg_get_function_result(p.oid) AS result,"                                                          \
  " l.lanname AS language,"                                                                                       \
  " CASE WHEN p.protrftypes IS NOT NULL THEN (SELECT pg_catalog.string_agg('FOR TYPE '"                           \
  " || pg_catalog.format_type(t, NULL), ', ' ORDER BY i)"                                                         \
  " FROM pg_catalog.unnest(p.protrftypes) WITH ORDINALITY AS u(t, i)) END AS transforms,"                         \
  " CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' END AS volatility,"                       \
  " CASE WHEN p.proisstrict THEN 'true' END AS strict,"                                                           \
  " CASE WHEN p.prosecdef THEN 'true' END AS security_definer,"                                                   \
  " CASE WHEN p.proleakproof THEN 'true' END AS leakproof,"                                                       \
  " CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END AS parallel,"                          \
  " CASE WHEN p.procost <> CASE WHEN l.lanname IN ('c', 'internal') THEN 1 ELSE 100 END"                          \
  " THEN p.procost END AS cost,"                                                                                  \
  " CASE WHEN p.proretset AND p.prorows <> 1000 THEN p.prorows END AS rows,"                                      \
  " CASE WHEN p.prosupport <> 0 THEN p.prosupport::pg_catalog.regproc END AS support,"                            \
  " p.proconfig AS raw_settings,"                                                                                 \
  " %s"                                                                                                           \
  " p.probin AS library,"                                                                                         \
  " pg_catalog.pg_get_function_identity_arguments(p.oid) AS identity,"                                            \
  " CASE WHEN p.proargnames IS NOT NULL THEN (SELECT pg_catalog.string_agg(u.name, E'\\n' ORDER BY u.i)"          \
  " FROM ROWS FROM (pg_catalog.unnest(p.proargnames), pg_catalog.unnest(p.proargmodes))"                          \
  " WITH ORDINALITY AS u(name, mode, i)"                                                                          \
  " WHERE COALESCE(u.mode, 'i') IN ('i', 'b', 'v')) END AS input_names,"                                          \
  " CASE WHEN p.proargmodes IS NOT NULL THEN (SELECT pg_catalog.string_agg(u.mode::pg_catalog.text"               \
  " || ' ' || COALESCE(u.name, '') || ' ' || pg_catalog.format_type(u.type, NULL), E'\\n' ORDER BY u.i)"          \
  " FROM ROWS FROM (pg_catalog.unnest(p.proargnames), pg_catalog.unnest(p.proargmodes),"                          \
  " pg_catalog.unnest(p.proallargtypes)) WITH ORDINALITY AS u(name, mode, type, i)"                               \
  " WHERE u.mode <> 'i') END AS shape,"                                                                           \
  " p.pronargdefaults AS n_defaults"                                                                              \
  " FROM pg_catalog.pg_proc p"                                                                                    \
  " JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace"                                                     \
  " JOIN pg_catalog.pg_language l ON l.oid = p.prolang"                                                           \
  " WHERE p.prokind <> 'a' AND " TIDE_CATALOG_USER_SCHEMA ("n")                                                   \
  " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d"                                                           \
  " WHERE d.classid = 1255 AND d.objid = p.oid AND d.deptype = 'i')"                                              \
  " ORDER BY 2, 3, 4"

static char *
dup_query (int version)
{
  return g_strdup_printf (QUERY, version >= 140000
                          ? "CASE WHEN p.prosqlbody IS NULL THEN p.prosrc END AS body,"
                            " CASE WHEN p.prosqlbody IS NOT NULL"
                            " THEN pg_catalog.pg_get_function_sqlbody(p.oid) END AS sql_body,"
                          : "p.prosrc AS body,");
}

static void
complete (TideSchemaBuilder    *builder,
          TideSchemaObject     *object,
          const TideCatalogRow *row)
{
  char *settings = tide_entries_from_settings (tide_catalog_row_get (row, "raw_settings"));

  tide_schema_builder_set_value (builder, object, GIVEN_SETTINGS, tide_schema_builder_take (builder, settings));
  tide_schema_builder_set_value (builder, object, SETTINGS, tide_schema_builder_take (builder, tide_entries_sort (settings)));
}

static const char *
get (const TideSchemaObject *object,
     guint                   attribute)
{
  return tide_schema_object_get_value (object, attribute);
}

static gboolean
is_procedure (const TideSchemaObject *object)
{
  return g_str_equal (get (object, KIND), "procedure");
}

static char *
dup_named (const TideSchemaObject *object,
           const char             *arguments)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);

  return g_strdup_printf ("%s %s(%s)", is_procedure (object) ? "PROCEDURE" : "FUNCTION", name, arguments);
}

static char *
dup_address (const TideSchemaObject *object)
{
  return dup_named (object, get (object, IDENTITY));
}

static void
append_body (GString                *sql,
             const TideSchemaObject *object)
{
  const char *body = get (object, BODY);
  const char *library = get (object, LIBRARY);

  if (body == NULL)
    {
      g_string_append (sql, get (object, SQL_BODY));
      return;
    }
  g_string_append (sql, "AS ");
  if (library != NULL)
    {
      g_autofree char *file = tide_quote_literal (library);
      g_autofree char *symbol = tide_quote_literal (body);

      g_string_append_printf (sql, "%s, %s", file, symbol);
    }
  else
    {
      g_autofree char *quoted = tide_ddl_dollar_quote (body, "function");

      g_string_append (sql, quoted);
    }
}

static void
append_options (GString                *sql,
                const TideSchemaObject *object)
{
  g_autofree char *language = tide_quote_identifier (get (object, LANGUAGE));
  const struct
  {
    const char *prefix;
    guint       attribute;
    gboolean    is_flag;
  } options[] = {
    { "TRANSFORM ", TRANSFORMS }, { "", VOLATILITY }, { "LEAKPROOF", LEAKPROOF, TRUE }, { "STRICT", STRICT, TRUE },
    { "SECURITY DEFINER", SECURITY, TRUE }, { "PARALLEL ", PARALLEL }, { "COST ", COST }, { "ROWS ", ROWS },
    { "SUPPORT ", SUPPORT },
  };

  g_string_append_printf (sql, "LANGUAGE %s", language);
  if (g_str_equal (get (object, KIND), "window function"))
    g_string_append (sql, " WINDOW");
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      const char *value = get (object, options[i].attribute);

      if (value != NULL)
        g_string_append_printf (sql, " %s%s", options[i].prefix, options[i].is_flag ? "" : value);
    }
  g_string_append_c (sql, '\n');
  if (get (object, SETTINGS) != NULL)
    {
      g_autofree char *settings = tide_entries_join (get (object, GIVEN_SETTINGS), "\nSET ");

      g_string_append_printf (sql, "SET %s\n", settings);
    }
}

static void
write_definition (TideDdl                *ddl,
                  TideHazard              hazards,
                  const char             *verb,
                  const TideSchemaObject *object)
{
  g_autofree char *head = dup_named (object, get (object, ARGUMENTS));
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_append_printf (sql, "%s %s\n", verb, head);
  if (get (object, RESULT) != NULL && !is_procedure (object))
    g_string_append_printf (sql, "RETURNS %s\n", get (object, RESULT));
  append_options (sql, object);
  append_body (sql, object);
  tide_ddl_add (ddl, hazards, "%s", sql->str);
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  write_definition (ddl, TIDE_HAZARD_NONE, "CREATE", object);
}

static void
drop (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);

  tide_ddl_add (ddl, TIDE_HAZARD_BREAKS_CLIENTS, "DROP %s", address);
}

/* Unnamed arguments may get a name, others must keep theirs. */
static gboolean
keeps_names (const char *from,
             const char *to)
{
  g_auto (GStrv) before = g_strsplit (from == NULL ? "" : from, "\n", -1);
  g_auto (GStrv) after = g_strsplit (to == NULL ? "" : to, "\n", -1);
  guint n_after = g_strv_length (after);

  for (guint i = 0; before[i] != NULL; i++)
    if (*before[i] != '\0' && (i >= n_after || !g_str_equal (before[i], after[i])))
      return FALSE;
  return TRUE;
}

/* The rules of CREATE OR REPLACE: ProcedureCreate() in PostgreSQL's pg_proc.c */
static gboolean
can_replace (const TideSchemaObject *from,
             const TideSchemaObject *to)
{
  return g_str_equal (get (from, KIND), get (to, KIND)) && g_strcmp0 (get (from, RESULT), get (to, RESULT)) == 0
         && g_strcmp0 (get (from, SHAPE), get (to, SHAPE)) == 0
         && g_ascii_strtoll (get (from, N_DEFAULTS), NULL, 10) <= g_ascii_strtoll (get (to, N_DEFAULTS), NULL, 10)
         && keeps_names (get (from, INPUT_NAMES), get (to, INPUT_NAMES));
}

static void
append_setting (const char *key,
                const char *old,
                const char *value,
                gpointer    user_data)
{
  GString *actions = user_data;

  if (value == NULL)
    g_string_append_printf (actions, " RESET %s", key);
  else
    g_string_append_printf (actions, " SET %s=%s", key, value);
}

static char *
dup_actions (const TideSchemaObject *from,
             const TideSchemaObject *to,
             guint64                 changed)
{
  GString *actions = g_string_new (NULL);
  gboolean is_native = g_str_equal (get (to, LANGUAGE), "c") || g_str_equal (get (to, LANGUAGE), "internal");
  const struct
  {
    guint       attribute;
    const char *prefix;
    const char *set;      /* NULL: the value itself */
    const char *unset;
  } options[] = {
    { VOLATILITY, "", NULL, "VOLATILE" },
    { STRICT, "", "STRICT", "CALLED ON NULL INPUT" },
    { SECURITY, "", "SECURITY DEFINER", "SECURITY INVOKER" },
    { LEAKPROOF, "", "LEAKPROOF", "NOT LEAKPROOF" },
    { PARALLEL, "PARALLEL ", NULL, "UNSAFE" },
    { COST, "COST ", NULL, is_native ? "1" : "100" },
    { ROWS, "ROWS ", NULL, "1000" },
    { SUPPORT, "SUPPORT ", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      const char *value = get (to, options[i].attribute);

      if (changed & BIT (options[i].attribute))
        g_string_append_printf (actions, " %s%s", options[i].prefix,
                                value == NULL ? options[i].unset : options[i].set == NULL ? value : options[i].set);
    }
  if ((changed & BIT (SETTINGS)) && !tide_entries_keep_order (get (from, GIVEN_SETTINGS), get (to, GIVEN_SETTINGS)))
    {
      g_string_append (actions, " RESET ALL");
      tide_entries_compare (NULL, get (to, GIVEN_SETTINGS), append_setting, actions);
    }
  else
    {
      tide_entries_compare (get (from, GIVEN_SETTINGS), get (to, GIVEN_SETTINGS), append_setting, actions);
    }
  return g_string_free (actions, FALSE);
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  if ((changed & ~ALTERABLE) == 0 && !((changed & BIT (SUPPORT)) && get (to, SUPPORT) == NULL))
    {
      g_autofree char *address = dup_address (to);
      g_autofree char *actions = dup_actions (from, to, changed);

      tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s%s", address, actions);
      return TRUE;
    }
  if (!can_replace (from, to))
    return FALSE;
  write_definition (ddl, TIDE_HAZARD_NONE, "CREATE OR REPLACE", to);
  return TRUE;
}

const TideObjectKindInfo tide_kind_function = {
  .kind = TIDE_OBJECT_FUNCTION,
  .name = "function",
  .plural = N_("Functions"),
  .icon_name = "system-run-symbolic",
  .catalog = 1255,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .complete = complete,
  .address = dup_address,
  .create = create,
  .drop = drop,
  .alter = alter,
};
