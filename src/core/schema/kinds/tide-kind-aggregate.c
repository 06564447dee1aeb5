/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-aggregate"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kinds.h"
#include "schema/tide-ddl.h"

enum
{
  ARGUMENTS = TIDE_N_COMMON_ATTRIBUTES,
  RESULT,
  KIND,
  N_DIRECT,
  FIRST_OPTION,
  STATE_FUNCTION = FIRST_OPTION,
  STATE_TYPE,
  STATE_SPACE,
  FINAL_FUNCTION,
  FINAL_EXTRA,
  FINAL_MODIFY,
  COMBINE_FUNCTION,
  SERIAL_FUNCTION,
  DESERIAL_FUNCTION,
  INITIAL,
  MOVING_FUNCTION,
  MOVING_INVERSE,
  MOVING_TYPE,
  MOVING_SPACE,
  MOVING_FINAL,
  MOVING_EXTRA,
  MOVING_MODIFY,
  MOVING_INITIAL,
  SORT_OPERATOR,
  PARALLEL,
  HYPOTHETICAL,
  N_ALL,
};

static const TideAttribute attributes[] = {
  { "arguments", N_("Arguments") },
  { "result", N_("Returns") },
  { "kind", N_("Kind") },
  { "n_direct", N_("Direct arguments"), TIDE_ATTRIBUTE_INTERNAL },
  { "state_function", N_("State function") },
  { "state_type", N_("State type") },
  { "state_space", N_("Size of state") },
  { "final_function", N_("Final function") },
  { "final_extra", N_("Final function takes arguments") },
  { "final_modify", N_("Final function modifies the state") },
  { "combine_function", N_("Combine function") },
  { "serial_function", N_("Serialisation function") },
  { "deserial_function", N_("Deserialisation function") },
  { "initial", N_("Initial state") },
  { "moving_function", N_("Moving state function") },
  { "moving_inverse", N_("Moving inverse function") },
  { "moving_type", N_("Moving state type") },
  { "moving_space", N_("Size of moving state") },
  { "moving_final", N_("Moving final function") },
  { "moving_extra", N_("Moving final function takes arguments") },
  { "moving_modify", N_("Moving final function modifies the state") },
  { "moving_initial", N_("Moving initial state") },
  { "sort_operator", N_("Sort operator") },
  { "parallel", N_("Parallel") },
  { "hypothetical", N_("Hypothetical set") },
};

/* What each option is called in CREATE AGGREGATE; with a value, or alone */
static const struct
{
  const char *name;
  gboolean    is_flag;
} options[N_ALL - FIRST_OPTION] = {
  { "SFUNC" }, { "STYPE" }, { "SSPACE" }, { "FINALFUNC" }, { "FINALFUNC_EXTRA", TRUE }, { "FINALFUNC_MODIFY" },
  { "COMBINEFUNC" }, { "SERIALFUNC" }, { "DESERIALFUNC" }, { "INITCOND" }, { "MSFUNC" }, { "MINVFUNC" }, { "MSTYPE" },
  { "MSSPACE" }, { "MFINALFUNC" }, { "MFINALFUNC_EXTRA", TRUE }, { "MFINALFUNC_MODIFY" }, { "MINITCOND" }, { "SORTOP" },
  { "PARALLEL" }, { "HYPOTHETICAL", TRUE },
};

/* The name of a function as SQL writes it, whatever else is called so */
#define FUNCTION(oid)                                                                                             \
  "(SELECT pg_catalog.quote_ident(m.nspname) || '.' || pg_catalog.quote_ident(f.proname)"                         \
  " FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace m ON m.oid = f.pronamespace WHERE f.oid = " oid ")"

#define MODIFY(column)                                                                                            \
  "CASE WHEN " column " <> CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END"                                         \
  " THEN CASE " column " WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END"

#define QUERY                                                                                                     \
  "SELECT p.oid, n.nspname AS schema, p.proname AS name,"                                                         \
  " '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')' AS signature,"                                         \
  " p.proowner AS owner, p.proacl AS privileges,"                                                                 \
  " COALESCE(NULLIF(" TIDE_CATALOG_OR_VANISHED ("pg_catalog.pg_get_function_arguments(p.oid)") ", ''), '*') AS arguments," \
  " pg_catalog.format_type(p.prorettype, NULL) AS result,"                                                        \
  " CASE a.aggkind WHEN 'n' THEN 'aggregate' WHEN 'o' THEN 'ordered-set aggregate'"                               \
  " ELSE 'hypothetical-set aggregate' END AS kind,"                                                               \
  " a.aggnumdirectargs AS n_direct,"                                                                              \
  " " FUNCTION ("a.aggtransfn") " AS state_function,"                                                             \
  " pg_catalog.format_type(a.aggtranstype, NULL) AS state_type,"                                                  \
  " NULLIF(a.aggtransspace, 0) AS state_space,"                                                                   \
  " " FUNCTION ("a.aggfinalfn") " AS final_function,"                                                             \
  " CASE WHEN a.aggfinalextra THEN 'true' END AS final_extra,"                                                    \
  " " MODIFY ("a.aggfinalmodify") " AS final_modify,"                                                             \
  " " FUNCTION ("a.aggcombinefn") " AS combine_function,"                                                         \
  " " FUNCTION ("a.aggserialfn") " AS serial_function,"                                                           \
  " " FUNCTION ("a.aggdeserialfn") " AS deserial_function,"                                                       \
  " pg_catalog.quote_literal(a.agginitval) AS initial,"                                                           \
  " " FUNCTION ("a.aggmtransfn") " AS moving_function,"                                                           \
  " " FUNCTION ("a.aggminvtransfn") " AS moving_inverse,"                                                         \
  " CASE WHEN a.aggmtranstype <> 0 THEN pg_catalog.format_type(a.aggmtranstype, NULL) END AS moving_type,"        \
  " NULLIF(a.aggmtransspace, 0) AS moving_space,"                                                                 \
  " " FUNCTION ("a.aggmfinalfn") " AS moving_final,"                                                              \
  " CASE WHEN a.aggmfinalextra THEN 'true' END AS moving_extra,"                                                  \
  " CASE WHEN a.aggmtransfn <> 0 THEN " MODIFY ("a.aggmfinalmodify") " END AS moving_modify,"                     \
  " pg_catalog.quote_literal(a.aggminitval) AS moving_initial,"                                                   \
  " (SELECT 'OPERATOR(' || pg_catalog.quote_ident(m.nspname) || '.' || o.oprname || ')'"                          \
  " FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace m ON m.oid = o.oprnamespace"                       \
  " WHERE o.oid = a.aggsortop) AS sort_operator,"                                                                 \
  " CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END AS parallel,"                          \
  " CASE WHEN a.aggkind = 'h' THEN 'true' END AS hypothetical"                                                    \
  " FROM pg_catalog.pg_aggregate a"                                                                               \
  " JOIN pg_catalog.pg_proc p ON p.oid = a.aggfnoid"                                                              \
  " JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace"                                                     \
  " WHERE " TIDE_CATALOG_USER_SCHEMA ("n")                                                                        \
  " ORDER BY 2, 3, 4"

static char *
dup_query (int version)
{
  return g_strdup (QUERY);
}

static char *
dup_address (const TideSchemaObject *object)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);

  return g_strdup_printf ("AGGREGATE %s(%s)", name, tide_schema_object_get_value (object, ARGUMENTS));
}

static void
write_definition (TideDdl                *ddl,
                  const char             *verb,
                  const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_append_printf (sql, "%s %s (", verb, address);
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      const char *value = tide_schema_object_get_value (object, FIRST_OPTION + i);

      if (value == NULL)
        continue;
      g_string_append_printf (sql, "%s\n  %s", i == 0 ? "" : ",", options[i].name);
      if (!options[i].is_flag)
        g_string_append_printf (sql, " = %s", value);
    }
  g_string_append (sql, "\n)");
  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "%s", sql->str);
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  write_definition (ddl, "CREATE", object);
}

static void
drop (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);

  tide_ddl_add (ddl, TIDE_HAZARD_BREAKS_CLIENTS, "DROP %s", address);
}

/* What it takes and returns, and its kind, cannot be replaced. */
static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  for (guint i = ARGUMENTS; i < FIRST_OPTION; i++)
    if (g_strcmp0 (tide_schema_object_get_value (from, i), tide_schema_object_get_value (to, i)) != 0)
      return FALSE;
  write_definition (ddl, "CREATE OR REPLACE", to);
  return TRUE;
}

const TideObjectKindInfo tide_kind_aggregate = {
  .kind = TIDE_OBJECT_AGGREGATE,
  .name = "aggregate",
  .plural = N_("Aggregates"),
  .icon_name = "accessories-calculator-symbolic",
  .catalog = 1255,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .address = dup_address,
  .create = create,
  .drop = drop,
  .alter = alter,
};
