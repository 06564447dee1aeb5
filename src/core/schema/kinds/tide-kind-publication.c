/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-publication"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"

#define TABLE_NAME "pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(c.relname)"

/* Column lists, row filters and whole schemas came with 15, generated columns with 18. The server keeps no order of a list: its
 * columns come by name, whatever their order in the table. */
static char *
dup_query (int version)
{
  const char *table = version < 150000
                        ? TABLE_NAME
                        : TABLE_NAME " || COALESCE((SELECT ' (' ||"
                                     " pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attname) || ')' FROM pg_catalog.pg_attribute a"
                                     " WHERE a.attrelid = pr.prrelid AND a.attnum = ANY (pr.prattrs)), '')"
                                     " || COALESCE(' WHERE (' || pg_catalog.pg_get_expr(pr.prqual, pr.prrelid) || ')', '')";
  const char *schemas = version < 150000
                          ? "NULL::pg_catalog.text AS schemas, NULL::pg_catalog.text AS schema_needs"
                          : "(SELECT pg_catalog.string_agg(pg_catalog.quote_ident(sn.nspname), E'\\n' ORDER BY sn.nspname)"
                            " FROM pg_catalog.pg_publication_namespace ps"
                            " JOIN pg_catalog.pg_namespace sn ON sn.oid = ps.pnnspid"
                            " WHERE ps.pnpubid = p.oid) AS schemas,"
                            " (SELECT pg_catalog.string_agg('2615 ' || ps.pnnspid, E'\\n')"
                            " FROM pg_catalog.pg_publication_namespace ps WHERE ps.pnpubid = p.oid) AS schema_needs";

  return g_strdup_printf (
    "SELECT p.oid, p.pubname AS name, p.pubowner AS owner, " TIDE_KIND_BOOLEAN ("p.puballtables") " AS all_tables,"
    " pg_catalog.concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,"
    " CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END) AS operations,"
    " %s AS via_root, %s AS generated_columns, t.tables, %s, (SELECT"
    " pg_catalog.string_agg(d.refclassid || ' ' || d.refobjid || ' ' || d.refobjsubid, E'\\n') FROM pg_catalog.pg_depend d"
    " JOIN pg_catalog.pg_publication_rel pr ON pr.oid = d.objid WHERE d.classid = 6106 AND pr.prpubid = p.oid"
    " AND d.refclassid <> 6104) AS needs"
    " FROM pg_catalog.pg_publication p, LATERAL (SELECT pg_catalog.string_agg(%s, E'\\n' ORDER BY cn.nspname, c.relname)"
    " AS tables"
    " FROM pg_catalog.pg_publication_rel pr JOIN pg_catalog.pg_class c ON c.oid = pr.prrelid"
    " JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace"
    " WHERE pr.prpubid = p.oid) t ORDER BY p.pubname",
    version < 130000 ? "NULL::pg_catalog.text" : TIDE_KIND_BOOLEAN ("p.pubviaroot"),
    version < 180000 ? "NULL::pg_catalog.text" : "CASE p.pubgencols WHEN 's' THEN 'stored' END", schemas, table);
}

static void
complete (TideSchemaBuilder    *builder,
          TideSchemaObject     *object,
          const TideCatalogRow *row)
{
  tide_kind_depend (builder, object, row, "needs");
  tide_kind_depend (builder, object, row, "schema_needs");
}

static char *
dup_address (const TideSchemaObject *object)
{
  return tide_kind_dup_address ("PUBLICATION", object);
}

static const char *
get_generated_columns (const TideSchemaObject *object)
{
  const char *generated = tide_schema_object_get (object, "generated_columns");

  return generated == NULL ? "none" : generated;
}

/* Of a publication that is there members come in late: those that go must be out of it before they are dropped, and new ones may
 * have to wait for that. */
static void
change_members (TideDdl      *ddl,
                TideDdlPhase  phase,
                const char   *address,
                const char   *members,
                const char   *from,
                const char   *to)
{
  g_auto (GStrv) old_members = tide_kind_split (from);
  g_auto (GStrv) new_members = tide_kind_split (to);

  for (guint i = 0; old_members[i] != NULL; i++)
    {
      g_autofree char *name = tide_kind_dup_key (old_members[i]);

      if (!g_strv_contains ((const char *const *) new_members, old_members[i]))
        tide_ddl_add (ddl, TIDE_HAZARD_BREAKS_CLIENTS, "ALTER %s DROP %s %s", address, members, name);
    }
  for (guint i = 0; new_members[i] != NULL; i++)
    if (!g_strv_contains ((const char *const *) old_members, new_members[i]))
      tide_ddl_add_at (ddl, phase, TIDE_HAZARD_LOCK, "ALTER %s ADD %s %s", address, members, new_members[i]);
}

/* @from: (nullable) */
static void
change_all_members (TideDdl                *ddl,
                    const TideSchemaObject *from,
                    const TideSchemaObject *to)
{
  g_autofree char *address = dup_address (to);
  TideDdlPhase phase = from == NULL ? TIDE_DDL_MAIN : TIDE_DDL_LATE;

  change_members (ddl, phase, address, "TABLE ONLY", from == NULL ? NULL : tide_schema_object_get (from, "tables"),
                  tide_schema_object_get (to, "tables"));
  change_members (ddl, phase, address, "TABLES IN SCHEMA", from == NULL ? NULL : tide_schema_object_get (from, "schemas"),
                  tide_schema_object_get (to, "schemas"));
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);
  g_autoptr (GString) sql = g_string_new (NULL);

  g_string_append_printf (sql, "CREATE %s%s WITH (publish = '%s'", address,
                          tide_schema_object_is (object, "all_tables") ? " FOR ALL TABLES" : "",
                          tide_schema_object_get (object, "operations"));
  if (tide_schema_object_is (object, "via_root"))
    g_string_append (sql, ", publish_via_partition_root = true");
  if (tide_schema_object_get (object, "generated_columns") != NULL)
    g_string_append_printf (sql, ", publish_generated_columns = %s", get_generated_columns (object));
  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "%s)", sql->str);
  change_all_members (ddl, NULL, object);
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  g_autofree char *address = dup_address (to);

  if (tide_kind_is_changed (to, changed, "all_tables"))
    return FALSE;
  if (tide_kind_is_changed (to, changed, "operations"))
    tide_ddl_add (ddl, TIDE_HAZARD_BREAKS_CLIENTS, "ALTER %s SET (publish = '%s')", address,
                  tide_schema_object_get (to, "operations"));
  if (tide_kind_is_changed (to, changed, "via_root"))
    tide_ddl_add (ddl, TIDE_HAZARD_BREAKS_CLIENTS, "ALTER %s SET (publish_via_partition_root = %s)", address,
                  tide_schema_object_is (to, "via_root") ? "true" : "false");
  if (tide_kind_is_changed (to, changed, "generated_columns"))
    tide_ddl_add (ddl, TIDE_HAZARD_BREAKS_CLIENTS, "ALTER %s SET (publish_generated_columns = %s)", address,
                  get_generated_columns (to));
  change_all_members (ddl, from, to);
  return TRUE;
}

static const TideAttribute attributes[] = {
  { "all_tables", N_("All tables") },
  { "operations", N_("Operations") },
  { "via_root", N_("By the root of partitions") },
  { "generated_columns", N_("Generated columns") },
  { "tables", N_("Tables"), TIDE_ATTRIBUTE_EXPRESSION },
  { "schemas", N_("Schemas") },
};

const TideObjectKindInfo tide_kind_publication = {
  .kind = TIDE_OBJECT_PUBLICATION,
  .name = "publication",
  .plural = N_("Publications"),
  .icon_name = "network-transmit-symbolic",
  .catalog = 6104,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .complete = complete,
  .address = dup_address,
  .create = create,
  .alter = alter,
};
