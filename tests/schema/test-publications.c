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
  { "columns-otherwise", "CREATE TABLE o (a int, \"B, (b\" int, c int, d int); CREATE PUBLICATION p FOR TABLE o (a, \"B, (b\", d) WHERE (a > c)",
    "CREATE TABLE o (c int, d int, \"B, (b\" int, a int, n int); CREATE PUBLICATION p FOR TABLE o (a, \"B, (b\", d) WHERE (a > c)" },
  { "new-table", "", TABLES "CREATE PUBLICATION p FOR TABLE u" },
  { NULL },
};

/* (transfer full): of a database that @role reads (NULL: who made it). One with a subscription cannot be dropped. */
static TideSchema *
read_as (const char *role,
         const char *sql)
{
  g_autoptr (TideConninfo) conninfo = tide_test_create_database ();
  g_autoptr (TideConninfo) reader = tide_conninfo_copy (conninfo);
  g_autofree char *made = tide_test_psql (conninfo, sql);
  g_autofree char *options = role == NULL ? NULL : g_strdup_printf ("-c role=%s", role);
  g_autofree char *dropped = NULL;
  TideSchema *schema;

  tide_conninfo_set (reader, "options", options);
  schema = tide_test_read_catalog (reader);
  dropped = tide_test_psql (conninfo, "DROP SUBSCRIPTION s");
  tide_test_drop_database (conninfo);
  return schema;
}

/* (transfer full): the script from one to the other; @hazards: (out): of all of it */
static char *
dup_script (TideSchema *from,
            TideSchema *to,
            TideHazard *hazards)
{
  g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (from, to, NULL);
  g_autoptr (TideSchemaScript) script = tide_schema_script_new (diff, NULL);
  GPtrArray *statements = tide_schema_script_get_statements (script);

  *hazards = TIDE_HAZARD_NONE;
  for (guint i = 0; i < statements->len; i++)
    *hazards |= ((const TideScriptStatement *) g_ptr_array_index (statements, i))->hazards;
  return tide_schema_script_dup_text (script);
}

#define SUBSCRIPTION(connection) "CREATE SUBSCRIPTION s CONNECTION " connection " PUBLICATION "
#define OPTIONS " WITH (connect = false, slot_name = NONE"

static void
test_subscription (void)
{
  g_autoptr (TideSchema) none = tide_test_read_schema ("");
  g_autoptr (TideSchema) one = read_as (NULL, SUBSCRIPTION ("'host=nowhere user=it\\''s<&>it'") "a, \"B c\"" OPTIONS ", binary = true)");
  g_autoptr (TideSchema) other = read_as (NULL, SUBSCRIPTION ("'postgresql://ada@elsewhere:5433/shop'") "a" OPTIONS ", streaming = true)");
  TideHazard hazards;
  g_autofree char *make = dup_script (none, one, &hazards);
  g_autofree char *change = dup_script (one, other, &hazards);

  g_assert_nonnull (strstr (make, "s<&>it"));
  g_assert_nonnull (strstr (make, " PUBLICATION a, \"B c\"" OPTIONS ", binary = true)"));
  g_assert_nonnull (strstr (change, "CONNECTION 'postgresql://ada@elsewhere:5433/shop'"));
  g_assert_nonnull (strstr (change, "SET PUBLICATION a WITH (refresh = false)"));
  g_assert_nonnull (strstr (change, "SET (binary = false, streaming = on)"));
  g_assert_cmpint (hazards & TIDE_HAZARD_SECRET, ==, 0);
}

/* In every way that libpq reads a password; a file of passwords is none. */
static void
test_subscription_secret (void)
{
  static const char *const connections[] = {
    "'host=h password=hush-hush dbname=d'", "'host=h password = ''hush\\''-hush'' dbname=d'",
    "'postgresql://ada:hush-hush@h/d'", "'postgresql://h/d?password=hush-hush'", "'host=h sslpassword=hush-hush dbname=d'",
  };
  g_autoptr (TideSchema) open = read_as (NULL, SUBSCRIPTION ("'host=h passfile=/hush dbname=d'") "a" OPTIONS ")");
  TideHazard hazards;

  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    {
      g_autofree char *sql = g_strdup_printf (SUBSCRIPTION ("%s") "a" OPTIONS ")", connections[i]);
      g_autoptr (TideSchema) secret = read_as (NULL, sql);
      const TideSchemaObject *subscription = tide_schema_find (secret, TIDE_OBJECT_SUBSCRIPTION, NULL, "s");
      g_autofree char *definition = tide_schema_object_dup_definition (subscription);
      g_autofree char *change = dup_script (open, secret, &hazards);
      g_autofree char *back = NULL;

      g_assert_null (strstr (tide_schema_object_get (subscription, "connection"), "hush"));
      g_assert_nonnull (strstr (definition, "host=''h''"));
      g_assert_null (strstr (definition, "hush"));
      g_assert_nonnull (strstr (change, "dbname=''d''"));
      g_assert_null (strstr (change, "hush"));
      g_assert_cmpint (hazards & TIDE_HAZARD_SECRET, !=, 0);
      back = dup_script (secret, open, &hazards);
      g_assert_nonnull (strstr (back, "'host=h passfile=/hush dbname=d'"));
      g_assert_cmpint (hazards & TIDE_HAZARD_SECRET, ==, 0);
    }
}

/* Of two that differ in the password alone nothing is told; what else differs is. */
static void
test_subscription_rest (void)
{
  g_autoptr (TideSchema) one = read_as (NULL, SUBSCRIPTION ("'host=h password=hush'") "a" OPTIONS ")");
  g_autoptr (TideSchema) same = read_as (NULL, SUBSCRIPTION ("'host=h password=hush-hush'") "a" OPTIONS ")");
  g_autoptr (TideSchema) other = read_as (NULL, SUBSCRIPTION ("'host=i password=hush'") "a" OPTIONS ")");
  TideHazard hazards;
  g_autofree char *nothing = dup_script (one, same, &hazards);
  g_autofree char *change = dup_script (one, other, &hazards);

  g_assert_cmpstr (nothing, ==, "");
  g_assert_nonnull (strstr (change, "host=''i''"));
  g_assert_cmpint (hazards & TIDE_HAZARD_SECRET, !=, 0);
}

/* Who may not read the connection is told so, and it is compared with nothing. */
static void
test_subscription_unreadable (void)
{
  g_autoptr (TideSchema) none = tide_test_read_schema ("");
  g_autoptr (TideSchema) seen = read_as (NULL, SUBSCRIPTION ("'host=h'") "a" OPTIONS ")");
  g_autoptr (TideSchema) unseen = read_as ("nobody_special", "DO $$ BEGIN CREATE ROLE nobody_special; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
                                           SUBSCRIPTION ("'host=i'") "a" OPTIONS ")");
  TideHazard hazards;
  g_autofree char *nothing = dup_script (seen, unseen, &hazards);
  g_autofree char *make = dup_script (none, unseen, &hazards);
  GPtrArray *warnings = tide_schema_get_warnings (unseen);
  gboolean is_told = FALSE;

  for (guint i = 0; i < warnings->len; i++)
    is_told |= strstr (((const GError *) g_ptr_array_index (warnings, i))->message, "connection of subscription \"s\"") != NULL;
  g_assert_true (is_told);
  g_assert_cmpstr (nothing, ==, "");
  g_assert_nonnull (strstr (make, "CONNECTION ''"));
  g_assert_cmpint (hazards & TIDE_HAZARD_SECRET, !=, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  tide_test_add_lone_pairs ("/schema/publications/lone", lone_pairs);
  g_test_add_func ("/schema/publications/subscription/open", test_subscription);
  g_test_add_func ("/schema/publications/subscription/secret", test_subscription_secret);
  g_test_add_func ("/schema/publications/subscription/rest", test_subscription_rest);
  g_test_add_func ("/schema/publications/subscription/unreadable", test_subscription_unreadable);
  return g_test_run ();
}
