/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "schema/pair.h"
#include "schema/pairs.h"

#define TABLES "CREATE SCHEMA a; CREATE TABLE a.t (id int PRIMARY KEY, n int, s text); CREATE TABLE u (id int PRIMARY KEY);"

static const TideTestPair lone_pairs[] = {
  { "all-tables", "", "CREATE PUBLICATION p FOR ALL TABLES WITH (publish = 'insert, delete'); COMMENT ON PUBLICATION p IS 'all'" },
  { "some-tables", TABLES, TABLES "CREATE PUBLICATION p FOR TABLE a.t (id, n) WHERE (n > 3), u" },
  { "operations", TABLES "CREATE PUBLICATION p FOR TABLE u", TABLES "CREATE PUBLICATION p FOR TABLE u WITH (publish = 'truncate', publish_via_partition_root = true)" },
  { "tables", TABLES "CREATE PUBLICATION p FOR TABLE u, a.t (id)", TABLES "CREATE PUBLICATION p FOR TABLE a.t (id, s)" },
  { "filter", TABLES "CREATE PUBLICATION p FOR TABLE a.t WHERE (id > 1)", TABLES "CREATE PUBLICATION p FOR TABLE a.t WHERE (id > 2)" },
  { "schemas", TABLES "CREATE PUBLICATION p FOR TABLES IN SCHEMA a", TABLES "CREATE PUBLICATION p FOR TABLES IN SCHEMA public" },
  { "all-to-some", TABLES "CREATE PUBLICATION p FOR ALL TABLES", TABLES "CREATE PUBLICATION p FOR TABLE u" },
  { "none", TABLES, TABLES "CREATE PUBLICATION p" },
  { "table-goes-too", TABLES "CREATE PUBLICATION p FOR TABLE u, a.t", "CREATE SCHEMA a; CREATE TABLE a.t (id int PRIMARY KEY, n int, s text); CREATE PUBLICATION p FOR TABLE a.t" },
  { "column-goes-too", TABLES "CREATE PUBLICATION p FOR TABLE a.t (id, s)",
    "CREATE SCHEMA a; CREATE TABLE a.t (id int PRIMARY KEY, n int); CREATE TABLE u (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE a.t (id)" },
  { "table-makes-way", TABLES "CREATE TABLE old (a int CONSTRAINT k UNIQUE); CREATE PUBLICATION p FOR TABLE u, old",
    TABLES "CREATE TABLE new (a int CONSTRAINT k UNIQUE); CREATE PUBLICATION p FOR TABLE u, new" },
  { "member-unlogged", TABLES "CREATE PUBLICATION p FOR TABLE u, a.t",
    "CREATE SCHEMA a; CREATE UNLOGGED TABLE a.t (id int PRIMARY KEY, n int, s text); CREATE TABLE u (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE u" },
  { "old-key-waits", TABLES "CREATE TABLE keyed (a int PRIMARY KEY, b int); CREATE TABLE refers (x int REFERENCES keyed); CREATE PUBLICATION p FOR TABLE u, refers",
    TABLES "CREATE TABLE keyed (b int CONSTRAINT k PRIMARY KEY); CREATE PUBLICATION p FOR TABLE u" },
  { "schema-to-columns", TABLES "CREATE PUBLICATION p FOR TABLES IN SCHEMA a", TABLES "CREATE PUBLICATION p FOR TABLE a.t (id)" },
  { "new-table", "", TABLES "CREATE PUBLICATION p FOR TABLE u" },
  { NULL },
};

#define SUBSCRIPTION "CREATE SUBSCRIPTION s CONNECTION 'host=nowhere password=hush-hush' PUBLICATION "

/* A database with a subscription cannot be dropped. */
static TideSchema *
read_with_subscription (const char *sql)
{
  g_autoptr (TideConninfo) conninfo = tide_test_create_database ();
  g_autofree char *made = tide_test_psql (conninfo, sql);
  TideSchema *schema = tide_test_read_catalog (conninfo);
  g_autofree char *dropped = tide_test_psql (conninfo, "DROP SUBSCRIPTION s");

  tide_test_drop_database (conninfo);
  return schema;
}

/* The connection stays where it is: all else is compared, made and changed. */
static void
test_subscription (void)
{
  g_autoptr (TideSchema) none = tide_test_read_schema ("");
  g_autoptr (TideSchema) one = read_with_subscription (SUBSCRIPTION "a, \"B c\" WITH (connect = false, slot_name = NONE, binary = true)");
  g_autoptr (TideSchema) other = read_with_subscription (SUBSCRIPTION "a WITH (connect = false, slot_name = NONE, streaming = true)");
  g_autoptr (TideSchemaDiff) made = tide_schema_diff_new (none, one, NULL);
  g_autoptr (TideSchemaScript) make = tide_schema_script_new (made, NULL);
  g_autofree char *make_text = tide_schema_script_dup_text (make);
  g_autoptr (TideSchemaDiff) changed = tide_schema_diff_new (one, other, NULL);
  g_autoptr (TideSchemaScript) change = tide_schema_script_new (changed, NULL);
  g_autofree char *change_text = tide_schema_script_dup_text (change);
  TideScriptStatement *statement = g_ptr_array_index (tide_schema_script_get_statements (make), 0);

  g_assert_nonnull (strstr (make_text, "PUBLICATION a, \"B c\" WITH (connect = false, slot_name = NONE, binary = true)"));
  g_assert_null (strstr (make_text, "hush-hush"));
  g_assert_cmpint (statement->hazards & TIDE_HAZARD_SECRET, !=, 0);
  g_assert_nonnull (strstr (change_text, "SET PUBLICATION a WITH (refresh = false)"));
  g_assert_nonnull (strstr (change_text, "SET (binary = false, streaming = on)"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  tide_test_add_lone_pairs ("/schema/publications/lone", lone_pairs);
  g_test_add_func ("/schema/publications/subscription", test_subscription);
  return g_test_run ();
}
