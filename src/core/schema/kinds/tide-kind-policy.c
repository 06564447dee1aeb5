/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-policy"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kinds.h"
#include "schema/tide-ddl.h"
#include "wire/tide-session.h"

enum
{
  COMMAND = TIDE_N_COMMON_ATTRIBUTES,
  RESTRICTIVE,
  ROLES,
  USING,
  CHECK,
};

static const TideAttribute attributes[] = {
  { "command", N_("Command") },
  { "restrictive", N_("Restrictive") },
  { "roles", N_("Roles") },
  { "using", N_("Using"), TIDE_ATTRIBUTE_EXPRESSION },
  { "check", N_("Check"), TIDE_ATTRIBUTE_EXPRESSION },
};

#define BIT(attribute) (G_GUINT64_CONSTANT (1) << (attribute))

/* A role that is no more stays there, as "unknown (OID=...)": a policy without it would hold for everybody. */
static char *
dup_query (int version)
{
  return g_strdup ("SELECT p.oid, p.polrelid AS parent, p.polname AS name,"
                   " CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'"
                   " WHEN 'd' THEN 'DELETE' END AS command,"
                   " CASE WHEN NOT p.polpermissive THEN 'true' END AS restrictive,"
                   " (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(r.name), ', ' ORDER BY r.name)"
                   " FROM (SELECT pg_catalog.pg_get_userbyid(u.oid) AS name FROM pg_catalog.unnest(p.polroles) AS u(oid)"
                   " WHERE u.oid <> 0) r) AS roles,"
                   " pg_catalog.pg_get_expr(p.polqual, p.polrelid) AS \"using\","
                   " pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) AS \"check\""
                   " FROM pg_catalog.pg_policy p"
                   " JOIN pg_catalog.pg_class c ON c.oid = p.polrelid"
                   " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                   " WHERE " TIDE_CATALOG_USER_SCHEMA ("n")
                   " ORDER BY n.nspname, c.relname, p.polname");
}

static const char *
get (const TideSchemaObject *object,
     guint                   attribute)
{
  return tide_schema_object_get_value (object, attribute);
}

static char *
dup_address (const TideSchemaObject *object)
{
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (object));
  g_autofree char *table = tide_schema_object_dup_quoted (tide_schema_object_get_parent (object));

  return g_strdup_printf ("POLICY %s ON %s", name, table);
}

static void
append (GString    *sql,
        const char *before,
        const char *value,
        const char *after)
{
  if (value != NULL)
    g_string_append_printf (sql, "%s%s%s", before, value, after);
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_append_printf (sql, "CREATE %s%s", address, get (object, RESTRICTIVE) == NULL ? "" : " AS RESTRICTIVE");
  append (sql, " FOR ", get (object, COMMAND), "");
  append (sql, " TO ", get (object, ROLES), "");
  append (sql, " USING (", get (object, USING), ")");
  append (sql, " WITH CHECK (", get (object, CHECK), ")");
  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s", sql->str);
}

static void
drop (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);

  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "DROP %s", address);
}

/* ALTER POLICY changes neither what it is for, nor takes an expression away. */
static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  g_autofree char *address = dup_address (to);
  g_autoptr (GString) sql = g_string_new (NULL);

  if ((changed & (BIT (COMMAND) | BIT (RESTRICTIVE))) != 0 || ((changed & BIT (USING)) && get (to, USING) == NULL)
      || ((changed & BIT (CHECK)) && get (to, CHECK) == NULL))
    return FALSE;
  g_string_append_printf (sql, "ALTER %s", address);
  if (changed & BIT (ROLES))
    append (sql, " TO ", get (to, ROLES) == NULL ? "PUBLIC" : get (to, ROLES), "");
  if (changed & BIT (USING))
    append (sql, " USING (", get (to, USING), ")");
  if (changed & BIT (CHECK))
    append (sql, " WITH CHECK (", get (to, CHECK), ")");
  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s", sql->str);
  return TRUE;
}

const TideObjectKindInfo tide_kind_policy = {
  .kind = TIDE_OBJECT_POLICY,
  .name = "policy",
  .plural = N_("Policies"),
  .icon_name = "security-high-symbolic",
  .catalog = 3256,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .address = dup_address,
  .create = create,
  .drop = drop,
  .alter = alter,
};
