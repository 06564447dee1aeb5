/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-default"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kinds.h"
#include "schema/kinds/tide-table-ddl.h"
#include "wire/tide-session.h"

enum
{
  EXPRESSION = TIDE_N_COMMON_ATTRIBUTES,
};

static const TideAttribute attributes[] = {
  { "expression", N_("Default"), TIDE_ATTRIBUTE_EXPRESSION },
};

/* No default of a plain column refers to columns. Without a table the server looks up no names, which is most of the work. What a
 * column is generated from stands among them, and is told by the column. */
static char *
dup_query (int version)
{
  return g_strdup ("SELECT d.oid, d.adrelid AS parent, d.adnum AS parent_position, 'default' AS name,"
                   " CASE WHEN pg_catalog.strpos(d.adbin::pg_catalog.text, '{VAR ') = 0 THEN "
                   TIDE_CATALOG_OR_VANISHED ("pg_catalog.pg_get_expr(d.adbin, 0)") " END AS expression"
                   " FROM pg_catalog.pg_attrdef d");
}

static char *
dup_address (const TideSchemaObject *object)
{
  g_autofree char *name = tide_schema_object_dup_quoted (tide_schema_object_get_parent (object));

  return g_strconcat ("COLUMN ", name, NULL);
}

static char *
dup_alter (const TideSchemaObject *object)
{
  g_autofree char *alter = tide_table_dup_alter (object, TRUE);
  g_autofree char *column = tide_quote_identifier (tide_schema_object_get_name (tide_schema_object_get_parent (object)));

  return g_strconcat (alter, " ALTER COLUMN ", column, NULL);
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *alter = dup_alter (object);

  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s SET DEFAULT %s", alter, tide_schema_object_get_value (object, EXPRESSION));
}

static void
drop (TideDdl                *ddl,
      const TideSchemaObject *object)
{
  g_autofree char *alter = dup_alter (object);

  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s DROP DEFAULT", alter);
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  create (ddl, to);
  return TRUE;
}

/* A column that a parent gave stands nowhere where its default could follow. */
static char *
inline_element (const TideSchemaObject *object)
{
  if (tide_schema_object_get (tide_schema_object_get_parent (object), "inherited") != NULL)
    return NULL;
  return g_strconcat ("DEFAULT ", tide_schema_object_get_value (object, EXPRESSION), NULL);
}

const TideObjectKindInfo tide_kind_default = {
  .kind = TIDE_OBJECT_DEFAULT,
  .name = "default",
  .plural = N_("Defaults"),
  .icon_name = "tide-column-symbolic",
  .catalog = 2604,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .order = TIDE_ROWS_BY_PARENT,
  .address = dup_address,
  .create = create,
  .drop = drop,
  .alter = alter,
  .inline_element = inline_element,
};
