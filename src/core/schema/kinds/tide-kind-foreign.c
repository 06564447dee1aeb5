/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-foreign"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"
#include "tide-error.h"

/* Foreign data wrappers, servers and user mappings. Secrets among their options stay on the server: a statement that would need
 * one has a placeholder in its place. */

static char *
dup_wrapper_query (int version)
{
  return g_strdup ("SELECT w.oid, w.fdwname AS name, w.fdwowner AS owner,"
                   " NULLIF(w.fdwacl, pg_catalog.acldefault('F', w.fdwowner)) AS privileges,"
                   " " TIDE_KIND_FUNCTION ("w.fdwhandler", "regproc") " AS handler,"
                   " " TIDE_KIND_FUNCTION ("w.fdwvalidator", "regproc") " AS validator,"
                   " " TIDE_KIND_OPTIONS ("w.fdwoptions") " AS options"
                   " FROM pg_catalog.pg_foreign_data_wrapper w WHERE w.oid >= 16384 ORDER BY w.fdwname");
}

static char *
dup_wrapper_address (const TideSchemaObject *object)
{
  return tide_kind_dup_address ("FOREIGN DATA WRAPPER", object);
}

static void
append_function (GString    *sql,
                 const char *word,
                 const char *function,
                 gboolean    or_no)
{
  if (function != NULL)
    g_string_append_printf (sql, " %s %s", word, function);
  else if (or_no)
    g_string_append_printf (sql, " NO %s", word);
}

static void
create_wrapper (TideDdl                *ddl,
                const TideSchemaObject *object)
{
  g_autofree char *address = dup_wrapper_address (object);
  const char *list = tide_schema_object_get (object, "options");
  g_autofree char *options = tide_kind_dup_options (list);
  g_autoptr (GString) functions = g_string_new (NULL);

  append_function (functions, "HANDLER", tide_schema_object_get (object, "handler"), FALSE);
  append_function (functions, "VALIDATOR", tide_schema_object_get (object, "validator"), FALSE);
  tide_ddl_add (ddl, tide_kind_options_hazard (list), "CREATE %s%s%s", address, functions->str, options);
}

static gboolean
alter_wrapper (TideDdl                *ddl,
               const TideSchemaObject *from,
               const TideSchemaObject *to,
               guint64                 changed)
{
  g_autofree char *address = dup_wrapper_address (to);
  g_autoptr (GString) functions = g_string_new (NULL);

  if (tide_kind_is_changed (to, changed, "handler"))
    append_function (functions, "HANDLER", tide_schema_object_get (to, "handler"), TRUE);
  if (tide_kind_is_changed (to, changed, "validator"))
    append_function (functions, "VALIDATOR", tide_schema_object_get (to, "validator"), TRUE);
  if (functions->len > 0)
    tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s%s", address, functions->str);
  tide_kind_alter_options (ddl, address, from, to);
  return TRUE;
}

static const TideAttribute wrapper_attributes[] = {
  { "handler", N_("Handler") },
  { "validator", N_("Validator") },
  { "options", N_("Options") },
};

const TideObjectKindInfo tide_kind_foreign_wrapper = {
  .kind = TIDE_OBJECT_FOREIGN_WRAPPER,
  .name = "foreign data wrapper",
  .plural = N_("Foreign Data Wrappers"),
  .icon_name = "network-workgroup-symbolic",
  .catalog = 2328,
  .attributes = wrapper_attributes,
  .n_attributes = G_N_ELEMENTS (wrapper_attributes),
  .query = dup_wrapper_query,
  .address = dup_wrapper_address,
  .create = create_wrapper,
  .alter = alter_wrapper,
};

static char *
dup_server_query (int version)
{
  return g_strdup ("SELECT s.oid, s.srvname AS name, s.srvowner AS owner,"
                   " NULLIF(s.srvacl, pg_catalog.acldefault('S', s.srvowner)) AS privileges, w.fdwname AS wrapper,"
                   " s.srvtype AS type, s.srvversion AS version, " TIDE_KIND_OPTIONS ("s.srvoptions") " AS options"
                   " FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw"
                   " ORDER BY s.srvname");
}

static char *
dup_server_address (const TideSchemaObject *object)
{
  return tide_kind_dup_address ("SERVER", object);
}

static void
append_literal (GString    *sql,
                const char *word,
                const char *text)
{
  g_autofree char *literal = text == NULL ? NULL : tide_ddl_literal (text);

  if (literal != NULL)
    g_string_append_printf (sql, " %s %s", word, literal);
}

static void
create_server (TideDdl                *ddl,
               const TideSchemaObject *object)
{
  g_autofree char *address = dup_server_address (object);
  g_autofree char *wrapper = tide_ddl_name (tide_schema_object_get (object, "wrapper"));
  const char *list = tide_schema_object_get (object, "options");
  g_autofree char *options = tide_kind_dup_options (list);
  g_autoptr (GString) facts = g_string_new (NULL);

  append_literal (facts, "TYPE", tide_schema_object_get (object, "type"));
  append_literal (facts, "VERSION", tide_schema_object_get (object, "version"));
  tide_ddl_add (ddl, tide_kind_options_hazard (list), "CREATE %s%s FOREIGN DATA WRAPPER %s%s", address, facts->str,
                wrapper, options);
}

static gboolean
alter_server (TideDdl                *ddl,
              const TideSchemaObject *from,
              const TideSchemaObject *to,
              guint64                 changed)
{
  g_autofree char *address = dup_server_address (to);
  const char *version = tide_schema_object_get (to, "version");

  if (tide_kind_is_changed (to, changed, "wrapper") || tide_kind_is_changed (to, changed, "type"))
    return FALSE;
  if (tide_kind_is_changed (to, changed, "version"))
    {
      g_autofree char *literal = version == NULL ? g_strdup ("NULL") : tide_ddl_literal (version);

      tide_ddl_add (ddl, TIDE_HAZARD_NONE, "ALTER %s VERSION %s", address, literal);
    }
  tide_kind_alter_options (ddl, address, from, to);
  return TRUE;
}

static const TideAttribute server_attributes[] = {
  { "wrapper", N_("Foreign data wrapper") },
  { "type", N_("Type") },
  { "version", N_("Version") },
  { "options", N_("Options") },
};

const TideObjectKindInfo tide_kind_foreign_server = {
  .kind = TIDE_OBJECT_FOREIGN_SERVER,
  .name = "foreign server",
  .plural = N_("Foreign Servers"),
  .icon_name = "network-server-symbolic",
  .catalog = 1417,
  .attributes = server_attributes,
  .n_attributes = G_N_ELEMENTS (server_attributes),
  .query = dup_server_query,
  .address = dup_server_address,
  .create = create_server,
  .alter = alter_server,
};

/* Who may read the options of a mapping: https://www.postgresql.org/docs/current/view-pg-user-mappings.html */
static char *
dup_mapping_query (int version)
{
  return g_strdup ("SELECT u.umid AS oid,"
                   " CASE u.umuser WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(u.usename) END AS name,"
                   " ' SERVER ' || pg_catalog.quote_ident(u.srvname) AS signature,"
                   " " TIDE_KIND_OPTIONS ("u.umoptions") " AS options, '1417 ' || u.srvid AS needs, ("
                   "(u.umuser <> 0 AND u.usename = CURRENT_USER AND (pg_catalog.pg_has_role(s.srvowner, 'USAGE')"
                   " OR pg_catalog.has_server_privilege(u.srvid, 'USAGE')))"
                   " OR (u.umuser = 0 AND pg_catalog.pg_has_role(s.srvowner, 'USAGE'))"
                   " OR pg_catalog.current_setting('is_superuser') = 'on') AS readable"
                   " FROM pg_catalog.pg_user_mappings u JOIN pg_catalog.pg_foreign_server s ON s.oid = u.srvid"
                   " ORDER BY 2, 3");
}

static void
complete_mapping (TideSchemaBuilder    *builder,
                  TideSchemaObject     *object,
                  const TideCatalogRow *row)
{
  g_autoptr (GError) warning = NULL;

  tide_kind_depend (builder, object, row, "needs");
  if (g_strcmp0 (tide_catalog_row_get (row, "readable"), "t") == 0)
    return;
  tide_schema_builder_set (builder, object, "options", TIDE_VALUE_UNREADABLE);
  tide_set_error (&warning, TIDE_ERROR_REFUSED, "Read the catalog as the mapped user or a superuser to compare them",
                  "the options of user mapping \"%s%s\" cannot be read", tide_schema_object_get_name (object),
                  tide_schema_object_get_signature (object));
  tide_schema_builder_take_warning (builder, g_steal_pointer (&warning));
}

static char *
dup_mapping_address (const TideSchemaObject *object)
{
  return g_strdup_printf ("USER MAPPING FOR %s%s", tide_schema_object_get_name (object),
                          tide_schema_object_get_signature (object));
}

static void
create_mapping (TideDdl                *ddl,
                const TideSchemaObject *object)
{
  g_autofree char *address = dup_mapping_address (object);
  const char *list = tide_schema_object_get (object, "options");
  g_autofree char *options = tide_kind_dup_options (list);

  tide_ddl_add (ddl, tide_kind_options_hazard (list), "CREATE %s%s", address, options);
}

static gboolean
alter_mapping (TideDdl                *ddl,
               const TideSchemaObject *from,
               const TideSchemaObject *to,
               guint64                 changed)
{
  g_autofree char *address = dup_mapping_address (to);

  tide_kind_alter_options (ddl, address, from, to);
  return TRUE;
}

static const TideAttribute mapping_attributes[] = {
  { "options", N_("Options") },
};

const TideObjectKindInfo tide_kind_user_mapping = {
  .kind = TIDE_OBJECT_USER_MAPPING,
  .name = "user mapping",
  .plural = N_("User Mappings"),
  .icon_name = "system-users-symbolic",
  .catalog = 1418,
  .attributes = mapping_attributes,
  .n_attributes = G_N_ELEMENTS (mapping_attributes),
  .query = dup_mapping_query,
  .complete = complete_mapping,
  .address = dup_mapping_address,
  .create = create_mapping,
  .alter = alter_mapping,
};
