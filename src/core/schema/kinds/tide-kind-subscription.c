/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-subscription"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"
#include "tide-error.h"
#include "wire/tide-connection-text.h"

#define NO_TEXT "NULL::pg_catalog.text"

/* A statement that names a column which the role may not read is refused as a whole, whatever is asked first: this one is run
 * by a function, which looks up one row, and only where it may. What comes of it is XML. */
#define CONNECTION                                                                                                         \
  "CASE WHEN pg_catalog.has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'SELECT') THEN"                  \
  " pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(pg_catalog.replace(pg_catalog.substring("                     \
  "pg_catalog.query_to_xml(pg_catalog.format('SELECT subconninfo AS c FROM pg_catalog.pg_subscription WHERE subdbid = %%s" \
  " AND subname = %%L', s.subdbid, s.subname), true, true, '')::pg_catalog.text, '<c>(.*)</c>'),"                          \
  " '&#x0d;', E'\\r'), '&lt;', '<'), '&gt;', '>'), '&amp;', '&') END"

/* Before 14 the OID and the way of committing are for superusers only: there the OID is that of a subscription of the same name
 * (in any database of the server) that has a comment here. */
static char *
dup_query (int version)
{
  const char *oid = version < 140000 ? "(SELECT st.subid FROM pg_catalog.pg_stat_subscription st WHERE st.subname = s.subname"
                                       " ORDER BY EXISTS (SELECT FROM pg_catalog.pg_description d WHERE d.classoid = 6100"
                                       " AND d.objoid = st.subid) DESC LIMIT 1)"
                                     : "s.oid";
  const char *commit = version < 140000 ? NO_TEXT : "NULLIF(s.subsynccommit, 'off')";
  const char *streaming = version < 140000   ? NO_TEXT
                          : version < 160000 ? "CASE WHEN s.substream THEN 'on' END"
                                             : "CASE s.substream WHEN 't' THEN 'on' WHEN 'p' THEN 'parallel' END";

  return g_strdup_printf (
    "SELECT %s AS oid, s.subname AS name, s.subowner AS owner, (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(u.name),"
    " E'\\n' ORDER BY u.place) FROM pg_catalog.unnest(s.subpublications) WITH ORDINALITY u(name, place)) AS publications,"
    " COALESCE(pg_catalog.quote_literal(s.subslotname::pg_catalog.text), 'NONE') AS slot_name, %s AS synchronous_commit,"
    " %s AS binary, %s AS streaming, %s AS two_phase, %s AS disable_on_error, %s AS password_required, %s AS run_as_owner,"
    " %s AS origin, %s AS failover, " CONNECTION " AS whole_connection"
    " FROM pg_catalog.pg_subscription s WHERE s.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d"
    " WHERE d.datname = pg_catalog.current_database()) ORDER BY s.subname",
    oid, commit, version < 140000 ? NO_TEXT : TIDE_KIND_BOOLEAN ("s.subbinary"), streaming,
    version < 150000 ? NO_TEXT : TIDE_KIND_BOOLEAN ("s.subtwophasestate <> 'd'"),
    version < 150000 ? NO_TEXT : TIDE_KIND_BOOLEAN ("s.subdisableonerr"),
    version < 160000 ? NO_TEXT : "CASE WHEN NOT s.subpasswordrequired THEN 'false' END",
    version < 160000 ? NO_TEXT : TIDE_KIND_BOOLEAN ("s.subrunasowner"),
    version < 160000 ? NO_TEXT : "NULLIF(pg_catalog.lower(s.suborigin), 'any')",
    version < 170000 ? NO_TEXT : TIDE_KIND_BOOLEAN ("s.subfailover"));
}

/* Of the connection no more than may be seen comes into the schema. */
static void
complete (TideSchemaBuilder    *builder,
          TideSchemaObject     *object,
          const TideCatalogRow *row)
{
  const char *whole = tide_catalog_row_get (row, "whole_connection");
  gboolean has_secret = FALSE;
  char *open = whole == NULL ? NULL : tide_connection_text_mask (whole, TIDE_KIND_REDACTED, &has_secret);
  g_autoptr (GError) warning = NULL;

  tide_schema_builder_set (builder, object, "connection",
                           open == NULL ? TIDE_VALUE_UNREADABLE : tide_schema_builder_take (builder, open));
  tide_schema_builder_set (builder, object, "has_secret", has_secret ? "true" : NULL);
  if (open != NULL)
    return;
  tide_set_error (&warning, TIDE_ERROR_REFUSED,
                  whole == NULL ? "Read the catalog as a superuser to compare it"
                                : "Look whether it is right; one for a newer PostgreSQL than libpq here cannot be compared",
                  "the connection of subscription \"%s\" cannot be read", tide_schema_object_get_name (object));
  tide_schema_builder_take_warning (builder, g_steal_pointer (&warning));
}

static char *
dup_address (const TideSchemaObject *object)
{
  return tide_kind_dup_address ("SUBSCRIPTION", object);
}

/* What WITH and SET know, and what it is when nothing is said */
static const struct { const char *name, *otherwise; } options[] = {
  { "slot_name", "NONE" },     { "synchronous_commit", "off" }, { "binary", "false" },
  { "streaming", "off" },      { "two_phase", "false" },        { "disable_on_error", "false" },
  { "password_required", "true" }, { "run_as_owner", "false" }, { "origin", "any" },
  { "failover", "false" },
};

/* (nullable): 18 streams in parallel where nothing is said. */
static const char *
get_option (TideDdl                *ddl,
            const TideSchemaObject *object,
            const char             *name)
{
  const char *value = tide_schema_object_get (object, name);

  return value == NULL && tide_ddl_get_server_version (ddl) >= 180000 && g_str_equal (name, "streaming") ? "off" : value;
}

/* (transfer full): `CONNECTION 'host=...'` */
static char *
dup_connection (const TideSchemaObject *object,
                TideHazard             *hazards)
{
  const char *connection = tide_schema_object_get (object, "connection");
  g_autofree char *literal = NULL;

  *hazards = TIDE_HAZARD_SECRET;
  if (connection == NULL || g_str_equal (connection, TIDE_VALUE_UNREADABLE))
    return g_strdup ("CONNECTION '' /* fill in */");
  literal = tide_ddl_literal (connection);
  if (tide_schema_object_is (object, "has_secret"))
    return g_strdup_printf ("CONNECTION %s /* fill in */", literal);
  *hazards = TIDE_HAZARD_NONE;
  return g_strdup_printf ("CONNECTION %s", literal);
}

/* Nothing is copied or connected to. */
static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);
  g_autofree char *publications = tide_kind_join (tide_schema_object_get (object, "publications"), ", ");
  g_autoptr (GString) sql = g_string_new (NULL);
  TideHazard hazards;
  g_autofree char *connection = dup_connection (object, &hazards);

  g_string_append_printf (sql, "CREATE %s %s PUBLICATION %s WITH (connect = false", address, connection, publications);
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      const char *value = get_option (ddl, object, options[i].name);

      if (value != NULL)
        g_string_append_printf (sql, ", %s = %s", options[i].name, value);
    }
  tide_ddl_add (ddl, hazards, "%s)", sql->str);
}

/* Without asking the publisher, which a transaction could not: its slot stays there and must be dropped there. */
static void
drop (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);

  tide_ddl_add (ddl, TIDE_HAZARD_BREAKS_CLIENTS, "ALTER %s DISABLE", address);
  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s SET (slot_name = NONE)", address);
  tide_ddl_add (ddl, TIDE_HAZARD_BREAKS_CLIENTS, "DROP %s", address);
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  g_autofree char *address = dup_address (to);
  g_autofree char *publications = tide_kind_join (tide_schema_object_get (to, "publications"), ", ");
  g_autoptr (GString) settings = g_string_new (NULL);

  if (tide_kind_is_changed (to, changed, "two_phase"))
    return FALSE;
  if (tide_kind_is_changed (to, changed, "connection"))
    {
      TideHazard hazards;
      g_autofree char *connection = dup_connection (to, &hazards);

      tide_ddl_add (ddl, hazards, "ALTER %s %s", address, connection);
    }
  if (tide_kind_is_changed (to, changed, "publications"))
    tide_ddl_add (ddl, TIDE_HAZARD_BREAKS_CLIENTS, "ALTER %s SET PUBLICATION %s WITH (refresh = false)", address,
                  publications);
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      const char *value = tide_schema_object_get (to, options[i].name);

      if (tide_kind_is_changed (to, changed, options[i].name))
        g_string_append_printf (settings, "%s%s = %s", settings->len == 0 ? "" : ", ", options[i].name,
                                value == NULL ? options[i].otherwise : value);
    }
  if (settings->len > 0)
    tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s SET (%s)", address, settings->str);
  return TRUE;
}

static const TideAttribute attributes[] = {
  { "connection", N_("Connection") },
  { "has_secret", NULL, TIDE_ATTRIBUTE_INTERNAL },
  { "publications", N_("Publications") },
  { "slot_name", N_("Slot") },
  { "synchronous_commit", N_("Synchronous commit") },
  { "binary", N_("Binary") },
  { "streaming", N_("Streaming") },
  { "two_phase", N_("Two-phase commit") },
  { "disable_on_error", N_("Disabled on error") },
  { "password_required", N_("Password required") },
  { "run_as_owner", N_("Run as owner") },
  { "origin", N_("Origin") },
  { "failover", N_("Failover") },
};

const TideObjectKindInfo tide_kind_subscription = {
  .kind = TIDE_OBJECT_SUBSCRIPTION,
  .name = "subscription",
  .plural = N_("Subscriptions"),
  .icon_name = "network-receive-symbolic",
  .catalog = 6100,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .complete = complete,
  .address = dup_address,
  .create = create,
  .drop = drop,
  .alter = alter,
};
