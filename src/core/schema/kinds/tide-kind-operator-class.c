/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-operator-class"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"

/* A query's column: the operators and functions that hang on a class (@catalog 2616) or loosely on a family (2753), one a line
 * as CREATE OPERATOR CLASS has them */
#define MEMBERS(catalog, oid)                                                                          \
  "(SELECT pg_catalog.string_agg(m.line, E'\\n' ORDER BY m.what, m.number, m.line) FROM ("             \
  "SELECT 1 AS what, ao.amopstrategy AS number, 'OPERATOR ' || ao.amopstrategy || ' '"                 \
  " || ao.amopopr::pg_catalog.regoperator::pg_catalog.text || COALESCE((SELECT ' FOR ORDER BY '"       \
  " || pg_catalog.quote_ident(sn.nspname) || '.' || pg_catalog.quote_ident(sf.opfname)"                \
  " FROM pg_catalog.pg_opfamily sf JOIN pg_catalog.pg_namespace sn ON sn.oid = sf.opfnamespace"        \
  " WHERE sf.oid = ao.amopsortfamily), '') AS line"                                                    \
  " FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_amop ao ON ao.oid = d.objid"                        \
  " WHERE d.classid = 2602 AND d.refclassid = " catalog " AND d.refobjid = " oid                       \
  " UNION ALL SELECT 2, ap.amprocnum, 'FUNCTION ' || ap.amprocnum || ' ('"                             \
  " || pg_catalog.format_type(ap.amproclefttype, NULL) || ', '"                                        \
  " || pg_catalog.format_type(ap.amprocrighttype, NULL) || ') '"                                       \
  " || ap.amproc::pg_catalog.regprocedure::pg_catalog.text"                                            \
  " FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_amproc ap ON ap.oid = d.objid"                      \
  " WHERE d.classid = 2603 AND d.refclassid = " catalog " AND d.refobjid = " oid ") m)"

#define USING "' USING ' || pg_catalog.quote_ident(am.amname)"

static char *
dup_family_query (int version)
{
  return g_strdup ("SELECT f.oid, n.nspname AS schema, f.opfname AS name, " USING " AS signature, f.opfowner AS owner,"
                   " " MEMBERS ("2753", "f.oid") " AS members"
                   " FROM pg_catalog.pg_opfamily f JOIN pg_catalog.pg_namespace n ON n.oid = f.opfnamespace"
                   " JOIN pg_catalog.pg_am am ON am.oid = f.opfmethod WHERE " TIDE_CATALOG_USER_SCHEMA ("n")
                   " ORDER BY n.nspname, f.opfname, am.amname");
}

static char *
dup_class_query (int version)
{
  return g_strdup ("SELECT c.oid, n.nspname AS schema, c.opcname AS name, " USING " AS signature, c.opcowner AS owner,"
                   " pg_catalog.format_type(c.opcintype, NULL) AS type, " TIDE_KIND_BOOLEAN ("c.opcdefault") " AS default,"
                   " pg_catalog.quote_ident(fn.nspname) || '.' || pg_catalog.quote_ident(f.opfname) AS family,"
                   " CASE WHEN c.opckeytype <> 0 THEN pg_catalog.format_type(c.opckeytype, NULL) END AS storage,"
                   " " MEMBERS ("2616", "c.oid") " AS members"
                   " FROM pg_catalog.pg_opclass c JOIN pg_catalog.pg_namespace n ON n.oid = c.opcnamespace"
                   " JOIN pg_catalog.pg_am am ON am.oid = c.opcmethod JOIN pg_catalog.pg_opfamily f ON f.oid = c.opcfamily"
                   " JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace"
                   " WHERE " TIDE_CATALOG_USER_SCHEMA ("n") " ORDER BY n.nspname, c.opcname, am.amname");
}

/* The signature is the access method: ` USING btree` */
static char *
dup_family_address (const TideSchemaObject *object)
{
  g_autofree char *start = tide_kind_dup_address ("OPERATOR FAMILY", object);

  return g_strconcat (start, tide_schema_object_get_signature (object), NULL);
}

static char *
dup_class_address (const TideSchemaObject *object)
{
  g_autofree char *start = tide_kind_dup_address ("OPERATOR CLASS", object);

  return g_strconcat (start, tide_schema_object_get_signature (object), NULL);
}

/* (transfer full): how ALTER OPERATOR FAMILY ... DROP names a member: `OPERATOR 1 (integer, bigint)` */
static char *
dup_member_key (const char *member)
{
  const char *number = strchr (member, ' ') + 1;
  const char *end = strchr (number, ' ');
  const char *open = end;
  const char *close;

  while (*open != '(')
    open = *open == '"' ? strchr (open + 1, '"') + 1 : open + 1;
  for (close = open; *close != ')' || close[1] == '[';)
    close = *close == '"' ? strchr (close + 1, '"') + 1 : close + 1;
  return g_strdup_printf ("%.*s %.*s", (int) (end - member), member, (int) (close + 1 - open), open);
}

static void
change_members (TideDdl                *ddl,
                const TideSchemaObject *object,
                const char             *from,
                const char             *to)
{
  g_autofree char *address = dup_family_address (object);
  g_auto (GStrv) old_members = tide_kind_split (from);
  g_auto (GStrv) new_members = tide_kind_split (to);

  for (guint i = 0; old_members[i] != NULL; i++)
    {
      g_autofree char *key = dup_member_key (old_members[i]);

      if (!g_strv_contains ((const char *const *) new_members, old_members[i]))
        tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s DROP %s", address, key);
    }
  for (guint i = 0; new_members[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) old_members, new_members[i]))
      tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s ADD %s", address, new_members[i]);
}

static void
create_family (TideDdl                *ddl,
               const TideSchemaObject *object)
{
  g_autofree char *address = dup_family_address (object);

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE %s", address);
  change_members (ddl, object, NULL, tide_schema_object_get (object, "members"));
}

static gboolean
alter_family (TideDdl                *ddl,
              const TideSchemaObject *from,
              const TideSchemaObject *to,
              guint64                 changed)
{
  change_members (ddl, to, tide_schema_object_get (from, "members"), tide_schema_object_get (to, "members"));
  return TRUE;
}

/* A class with nothing in it must be given something: the storage it has anyway. */
static void
create_class (TideDdl                *ddl,
              const TideSchemaObject *object)
{
  g_autofree char *start = tide_kind_dup_address ("OPERATOR CLASS", object);
  g_autofree char *members = tide_kind_join (tide_schema_object_get (object, "members"), ",\n  ");
  const char *type = tide_schema_object_get (object, "type");
  const char *storage = tide_schema_object_get (object, "storage");
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_append_printf (sql, "CREATE %s%s FOR TYPE %s%s FAMILY %s AS\n  ", start,
                          tide_schema_object_is (object, "default") ? " DEFAULT" : "", type,
                          tide_schema_object_get_signature (object), tide_schema_object_get (object, "family"));
  g_string_append (sql, members);
  if (storage != NULL || *members == '\0')
    g_string_append_printf (sql, "%sSTORAGE %s", *members == '\0' ? "" : ",\n  ", storage == NULL ? type : storage);
  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "%s", sql->str);
}

static const TideAttribute family_attributes[] = {
  { "members", N_("Loose members") },
};

const TideObjectKindInfo tide_kind_operator_family = {
  .kind = TIDE_OBJECT_OPERATOR_FAMILY,
  .name = "operator family",
  .plural = N_("Operator Families"),
  .icon_name = "list-add-symbolic",
  .catalog = 2753,
  .attributes = family_attributes,
  .n_attributes = G_N_ELEMENTS (family_attributes),
  .query = dup_family_query,
  .address = dup_family_address,
  .create = create_family,
  .alter = alter_family,
};

static const TideAttribute class_attributes[] = {
  { "type", N_("Type") },
  { "default", N_("Default") },
  { "family", N_("Family") },
  { "storage", N_("Storage") },
  { "members", N_("Members") },
};

const TideObjectKindInfo tide_kind_operator_class = {
  .kind = TIDE_OBJECT_OPERATOR_CLASS,
  .name = "operator class",
  .plural = N_("Operator Classes"),
  .icon_name = "list-add-symbolic",
  .catalog = 2616,
  .attributes = class_attributes,
  .n_attributes = G_N_ELEMENTS (class_attributes),
  .query = dup_class_query,
  .address = dup_class_address,
  .create = create_class,
};
