/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-catalog"

#include "config.h"

#include <locale.h>

#include "schema/tide-catalog.h"
#include "support/tide-test.h"

static TideSchema *
read_schema (TideConninfo *conninfo)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TideSession) session = tide_session_open (conninfo, NULL, &error);
  TideSchema *schema;

  g_assert_no_error (error);
  schema = tide_catalog_read (session, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (tide_session_get_transaction_status (session), ==, TIDE_TRANSACTION_IDLE);
  tide_session_close (session);
  return schema;
}

static void
test_schemas (void)
{
  g_autoptr (TideConninfo) conninfo = tide_test_create_database ();
  g_autoptr (TideSchema) schema = NULL;
  const TideSchemaObject *shop;
  g_autofree char *made = NULL;

  if (conninfo == NULL)
    return;
  made = tide_test_psql (conninfo, "CREATE SCHEMA \"sh\"\"op é\"; COMMENT ON SCHEMA \"sh\"\"op é\" IS 'wares'");
  schema = read_schema (conninfo);
  g_assert_cmpstr (tide_schema_get_database (schema), ==, tide_conninfo_get (conninfo, "dbname"));
  shop = tide_schema_find (schema, TIDE_OBJECT_SCHEMA, NULL, "sh\"op é");
  g_assert_nonnull (shop);
  g_assert_cmpstr (tide_schema_object_get (shop, "comment"), ==, "wares");
  g_assert_null (tide_schema_object_get (shop, "owner"));
  g_assert_null (tide_schema_object_get (shop, "privileges"));
  g_assert_nonnull (tide_schema_find (schema, TIDE_OBJECT_SCHEMA, NULL, "public"));
  g_assert_null (tide_schema_find (schema, TIDE_OBJECT_SCHEMA, NULL, "pg_catalog"));
  g_assert_true (tide_schema_find_same (schema, shop) == shop);
  tide_test_drop_database (conninfo);
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/catalog/schemas", test_schemas);
  return g_test_run ();
}
