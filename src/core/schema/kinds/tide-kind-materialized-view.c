/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-materialized-view"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kinds.h"
#include "schema/kinds/tide-view-parts.h"
#include "schema/tide-entries.h"
#include "wire/tide-session.h"

enum
{
  ACCESS_METHOD = TIDE_VIEW_N_ATTRIBUTES,
  TABLESPACE,
  POPULATED,
  STATISTICS,
  STORAGE,
  COMPRESSION,
  COLUMN_OPTIONS,
};

static const TideAttribute attributes[] = {
  { "definition", N_("Definition"), TIDE_ATTRIBUTE_EXPRESSION },
  { "columns", N_("Columns") },
  { "options", N_("Options") },
  { "given_options", N_("Options"), TIDE_ATTRIBUTE_INTERNAL },
  { "column_comments", N_("Comments of columns") },
  { "column_privileges", N_("Privileges on columns") },
  { "access_method", N_("Access method") },
  { "tablespace", N_("Tablespace") },
  { "populated", N_("Populated") },
  { "column_statistics", N_("Statistics targets of columns") },
  { "column_storage", N_("Storage of columns") },
  { "column_compression", N_("Compression of columns") },
  { "column_options", N_("Options of columns") },
};

#define BIT(attribute) (G_GUINT64_CONSTANT (1) << (attribute))

/* Of columns, entries of what is not the default. Servers since 15.20 keep a version of their own among the options. */
#define COLUMNS(value, condition)                                                                            \
  "(SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname) || '=' || " value ", E'\\n'"              \
  " ORDER BY a.attnum) FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"       \
  " WHERE a.attrelid = c.oid AND a.attnum > 0 AND " condition ")"

#define QUERY                                                                                                \
  "SELECT " TIDE_VIEW_CELLS ","                                                                              \
  " CASE WHEN m.amname <> 'heap' THEN m.amname END AS access_method,"                                        \
  " s.spcname AS tablespace,"                                                                                \
  " CASE WHEN c.relispopulated THEN 'true' END AS populated,"                                                \
  " " COLUMNS ("a.attstattarget", "a.attstattarget >= 0") " AS column_statistics,"                           \
  " " COLUMNS ("CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'x' THEN 'EXTENDED'"   \
               " ELSE 'MAIN' END", "a.attstorage <> t.typstorage") " AS column_storage,"                     \
  " %s AS column_compression,"                                                                               \
  " " COLUMNS ("(SELECT pg_catalog.string_agg(u.option, ', ' ORDER BY u.option)"                             \
               " FROM pg_catalog.unnest(a.attoptions) AS u(option) WHERE u.option NOT LIKE 'pg_attver=%%')", \
               "a.attoptions IS NOT NULL") " AS column_options"                                              \
  " FROM pg_catalog.pg_class c"                                                                              \
  " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"                                                \
  " LEFT JOIN pg_catalog.pg_am m ON m.oid = c.relam"                                                         \
  " LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace"                                         \
  " WHERE c.relkind = 'm' AND " TIDE_CATALOG_USER_SCHEMA ("n")                                               \
  " ORDER BY 2, 3"

static char *
dup_query (int version)
{
  return g_strdup_printf (QUERY, version >= 140000
                          ? COLUMNS ("CASE a.attcompression WHEN 'l' THEN 'lz4' ELSE 'pglz' END", "a.attcompression <> ''")
                          : "NULL");
}

static char *
dup_address (const TideSchemaObject *object)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);

  return g_strconcat ("MATERIALIZED VIEW ", name, NULL);
}

typedef struct
{
  TideDdl    *ddl;
  const char *address;
  const char *action;  /* `SET STATISTICS` */
  const char *unset;   /* the value that is the default */
} ColumnWriter;

static void
write_column (const char *key,
              const char *old,
              const char *value,
              gpointer    user_data)
{
  const ColumnWriter *self = user_data;

  tide_ddl_add (self->ddl, TIDE_HAZARD_LOCK, "ALTER %s ALTER COLUMN %s %s %s", self->address, key, self->action,
                value == NULL ? self->unset : value);
}

static void
write_column_options (const char *key,
                      const char *old,
                      const char *value,
                      gpointer    user_data)
{
  const ColumnWriter *self = user_data;

  if (old != NULL)
    tide_ddl_add (self->ddl, TIDE_HAZARD_LOCK, "ALTER %s ALTER COLUMN %s RESET (n_distinct, n_distinct_inherited)",
                  self->address, key);
  if (value != NULL)
    tide_ddl_add (self->ddl, TIDE_HAZARD_LOCK, "ALTER %s ALTER COLUMN %s SET (%s)", self->address, key, value);
}

/* What a column's type stores by default has a name of its own since 16 alone: a view that loses a storage is made anew. */
static void
write_columns (TideDdl                *ddl,
               const TideSchemaObject *from,
               const TideSchemaObject *to)
{
  g_autofree char *address = dup_address (to);
  const struct
  {
    guint          attribute;
    const char    *action;
    const char    *unset;
    TideEntryFunc  func;
  } parts[] = {
    { STATISTICS, "SET STATISTICS", "-1", write_column },
    { STORAGE, "SET STORAGE", NULL, write_column },
    { COMPRESSION, "SET COMPRESSION", "default", write_column },
    { COLUMN_OPTIONS, NULL, NULL, write_column_options },
  };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      ColumnWriter writer = { ddl, address, parts[i].action, parts[i].unset };

      tide_entries_compare (from == NULL ? NULL : tide_schema_object_get_value (from, parts[i].attribute),
                            tide_schema_object_get_value (to, parts[i].attribute), parts[i].func, &writer);
    }
  tide_view_write_columns (ddl, from, to);
}

/* Whether a function stands under @object: its body may read anything. */
static gboolean
calls_function (const TideSchemaObject *object)
{
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (tide_schema_object_get_schema (object), object, &n);

  for (guint i = 0; i < n; i++)
    {
      TideObjectKind kind = tide_schema_object_get_kind (on[i]);

      if (kind == TIDE_OBJECT_FUNCTION)
        return TRUE;
      if ((kind == TIDE_OBJECT_VIEW || kind == TIDE_OBJECT_MATERIALIZED_VIEW) && calls_function (on[i]))
        return TRUE;
    }
  return FALSE;
}

/* In the end: what it reads may not be there before */
static void
write_refresh (TideDdl                *ddl,
               const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);

  tide_ddl_add_at (ddl, calls_function (object) ? TIDE_DDL_END : TIDE_DDL_LAST, TIDE_HAZARD_LONG_LOCK, "REFRESH %s", address);
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);
  g_autofree char *options = tide_view_dup_options (object);
  const char *method = tide_schema_object_get_value (object, ACCESS_METHOD);
  const char *tablespace = tide_schema_object_get_value (object, TABLESPACE);
  g_autofree char *method_name = tide_quote_identifier (method == NULL ? "" : method);
  g_autofree char *tablespace_name = tide_quote_identifier (tablespace == NULL ? "" : tablespace);

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE %s %s%s%s%s%s%s%sAS\n%s\nWITH NO DATA", address,
                method == NULL ? "" : "USING ", method == NULL ? "" : method_name, method == NULL ? "" : " ", options,
                tablespace == NULL ? "" : "TABLESPACE ", tablespace == NULL ? "" : tablespace_name,
                tablespace == NULL ? "" : " ", tide_schema_object_get_value (object, TIDE_VIEW_DEFINITION));
  write_columns (ddl, NULL, object);
  if (tide_schema_object_get_value (object, POPULATED) != NULL)
    write_refresh (ddl, object);
}

static void
drop (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);

  tide_ddl_add (ddl, TIDE_HAZARD_BREAKS_CLIENTS, "DROP %s", address);
}

static void
lose_storage (const char *key,
              const char *old,
              const char *value,
              gpointer    user_data)
{
  *(gboolean *) user_data |= value == NULL;
}

static gboolean
can_alter (TideDdl                *ddl,
           const TideSchemaObject *from,
           const TideSchemaObject *to,
           guint64                 changed)
{
  gboolean loses_storage = FALSE;

  tide_entries_compare (tide_schema_object_get_value (from, STORAGE), tide_schema_object_get_value (to, STORAGE),
                        lose_storage, &loses_storage);
  return (changed & (BIT (TIDE_VIEW_DEFINITION) | BIT (TIDE_VIEW_COLUMNS))) == 0 && !loses_storage
         && ((changed & BIT (ACCESS_METHOD)) == 0 || tide_ddl_get_server_version (ddl) >= 150000);
}

static void
write_place (TideDdl                *ddl,
             const TideSchemaObject *object,
             const char             *action,
             const char             *name)
{
  g_autofree char *address = dup_address (object);
  g_autofree char *quoted = tide_quote_identifier (name);

  tide_ddl_add (ddl, TIDE_HAZARD_REWRITE, "ALTER %s SET %s %s", address, action, quoted);
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  const char *method = tide_schema_object_get_value (to, ACCESS_METHOD);
  const char *tablespace = tide_schema_object_get_value (to, TABLESPACE);

  if (!can_alter (ddl, from, to, changed))
    return FALSE;
  if (changed & BIT (ACCESS_METHOD))
    write_place (ddl, to, "ACCESS METHOD", method == NULL ? "heap" : method);
  if (changed & BIT (TABLESPACE))
    write_place (ddl, to, "TABLESPACE", tablespace == NULL ? "pg_default" : tablespace);
  tide_view_write_options (ddl, "MATERIALIZED VIEW", from, to);
  write_columns (ddl, from, to);
  if ((changed & BIT (POPULATED)) && tide_schema_object_get_value (to, POPULATED) != NULL)
    write_refresh (ddl, to);
  else if (changed & BIT (POPULATED))
    {
      g_autofree char *address = dup_address (to);

      tide_ddl_add_at (ddl, TIDE_DDL_LAST, TIDE_HAZARD_BREAKS_CLIENTS, "REFRESH %s WITH NO DATA", address);
    }
  return TRUE;
}

const TideObjectKindInfo tide_kind_materialized_view = {
  .kind = TIDE_OBJECT_MATERIALIZED_VIEW,
  .name = "materialized view",
  .plural = N_("Materialized Views"),
  .icon_name = "view-paged-symbolic",
  .catalog = 1259,
  .owner_phase = TIDE_DDL_END, /* it is filled with the rights of its owner, which may not reach */
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .complete = tide_view_complete,
  .address = dup_address,
  .create = create,
  .drop = drop,
  .alter = alter,
};
