/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "schema/pair.h"
#include "schema/pairs.h"

/* Roles are the server's: whichever pair comes first makes them. */
#define ROLE "DO 'BEGIN CREATE ROLE random_one; EXCEPTION WHEN OTHERS THEN END';"

/* What changes at random once went wrong with (see test-random.c), each as small as it can be */
static const TideTestPair pairs[] = {
  { "generated-lets-go", "CREATE TABLE t (a int, c int, e int GENERATED ALWAYS AS (a + 1) STORED) WITH (fillfactor = 30)",
    "CREATE TABLE t (c int, e uuid)" },
  { "keys-of-same-columns", "CREATE TABLE t (a int)",
    "CREATE TABLE t (a int); CREATE TABLE u (a int, b int, CONSTRAINT x PRIMARY KEY (a, b)); ALTER TABLE u ADD CONSTRAINT y UNIQUE (a, b);"
    "ALTER TABLE u ADD CONSTRAINT z UNIQUE (a, b)" },
  { "child-without", "CREATE TABLE t (a int NOT NULL DEFAULT 1)",
    "CREATE TABLE t (a int NOT NULL DEFAULT 1); CREATE TABLE u (x int) INHERITS (t);"
    "ALTER TABLE u ALTER a DROP NOT NULL; ALTER TABLE u ALTER a DROP DEFAULT" },
  { "child-of-changed", "CREATE TABLE t (a int, b int, c int)",
    "CREATE TABLE t (a int NOT NULL, b int DEFAULT 3, c int DEFAULT 2); CREATE TABLE u (x int) INHERITS (t);"
    "ALTER TABLE u ALTER a DROP NOT NULL; ALTER TABLE u ALTER b DROP DEFAULT; ALTER TABLE u ALTER c SET DEFAULT 7" },
  { "child-follows", "CREATE TABLE t (a int, b int)",
    "CREATE TABLE t (a int NOT NULL, b int DEFAULT 3); CREATE TABLE u (x int) INHERITS (t)" },
  { "generated-type", "CREATE TABLE t (a int, e int GENERATED ALWAYS AS (a + 1) STORED); CREATE VIEW v AS SELECT e FROM t",
    "CREATE TABLE t (a int, e text GENERATED ALWAYS AS (a + 1) STORED); CREATE VIEW v AS SELECT e FROM t" },
  { "sequence-of-dropped", "CREATE TABLE t (a serial); CREATE TABLE u (a int)",
    "CREATE TABLE u (a int DEFAULT 0); CREATE SEQUENCE t_a_seq AS integer OWNED BY u.a; ALTER TABLE u ALTER a SET DEFAULT nextval('t_a_seq')" },
  { "partition-leaves-key",
    "CREATE TABLE w (a int, b text) PARTITION BY LIST (b); CREATE TABLE p PARTITION OF w FOR VALUES IN ('1');"
    "ALTER TABLE w ADD CONSTRAINT k UNIQUE (a, b)",
    "CREATE TABLE p (a int, b text); CREATE TABLE x (a int, b text) PARTITION BY LIST (b);"
    "ALTER TABLE x ATTACH PARTITION p FOR VALUES IN ('1')" },
  { "partition-moves",
    "CREATE TABLE w (a int, b text) PARTITION BY LIST (b); CREATE TABLE p PARTITION OF w FOR VALUES IN ('1');"
    "CREATE TABLE x (a bigint, b text NOT NULL) PARTITION BY LIST (b)",
    "CREATE TABLE w (a int, b text) PARTITION BY LIST (b); CREATE TABLE x (a bigint, b text NOT NULL) PARTITION BY LIST (b);"
    "CREATE TABLE p PARTITION OF x FOR VALUES IN ('1')" },
  { NULL },
};

/* Owners are roles of the whole server: these run alone */
static const TideTestPair lone_pairs[] = {
  { "comments-that-are-there-unasked",
    "CREATE EXTENSION hstore",
    "CREATE EXTENSION hstore; "
    "CREATE EXTENSION pg_trgm; "
    "COMMENT ON EXTENSION hstore IS NULL; "
    "COMMENT ON EXTENSION pg_trgm IS NULL; "
    "COMMENT ON SCHEMA public IS NULL" },
  { "sequence-let-go",
    ROLE "CREATE TABLE t (a int); CREATE SEQUENCE s OWNED BY t.a; ALTER TABLE t OWNER TO random_one",
    "CREATE TABLE t (a int); CREATE SEQUENCE s; ALTER TABLE t OWNER TO random_one" },
  { "sequence-given",
    ROLE "CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE SEQUENCE s OWNED BY t.a; ALTER TABLE t OWNER TO random_one",
    "CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE SEQUENCE s OWNED BY u.a; ALTER TABLE t OWNER TO random_one" },
  { NULL },
};

/* Nobody waits for a table that was not there, and it has no rows. */
static void
test_new_table_endangers_nothing (void)
{
  static const TideSchemaScriptOptions safer = { .safer = TRUE };
  g_autoptr (TideSchema) from = tide_test_read_schema ("CREATE TABLE old (id int PRIMARY KEY)");
  g_autoptr (TideSchema) to = tide_test_read_schema (
    "CREATE TABLE old (id int PRIMARY KEY); CREATE TABLE new (id int PRIMARY KEY, a int NOT NULL, b text UNIQUE, CHECK (a > 0));"
    "CREATE INDEX ON new (a); ALTER TABLE new ADD EXCLUDE USING btree (a WITH =); ALTER TABLE new ALTER b SET STATISTICS 9;"
    "ALTER TABLE new CLUSTER ON new_pkey; ALTER TABLE new ENABLE ROW LEVEL SECURITY; CREATE TABLE key (id int REFERENCES old)");
  g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (from, to, NULL);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (TideSchemaScript) script = tide_schema_script_new (diff, i == 0 ? NULL : &safer);
      GPtrArray *statements = tide_schema_script_get_statements (script);

      g_assert_cmpuint (statements->len, >, 7);
      for (guint s = 0; s < statements->len; s++)
        {
          const TideScriptStatement *statement = g_ptr_array_index (statements, s);
          gboolean on_old = strstr (statement->sql, "REFERENCES") != NULL;

          g_test_message ("%s", statement->sql);
          g_assert_cmpuint (statement->hazards, ==, on_old ? TIDE_HAZARD_LOCK : TIDE_HAZARD_NONE);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  tide_test_add_pairs ("/schema/changes", pairs);
  tide_test_add_lone_pairs ("/schema/changes", lone_pairs);
  g_test_add_func ("/schema/changes/new-table-endangers-nothing", test_new_table_endangers_nothing);
  return g_test_run ();
}
