/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "schema/pair.h"
#include "schema/pairs.h"

#define WRAPPER "CREATE FOREIGN DATA WRAPPER w;"
#define SERVER WRAPPER "CREATE SERVER s FOREIGN DATA WRAPPER w;"

static const TideTestPair lone_pairs[] = {
  { "wrapper", "", "CREATE FOREIGN DATA WRAPPER w VALIDATOR postgresql_fdw_validator; COMMENT ON FOREIGN DATA WRAPPER w IS 'w'" },
  { "wrapper-options", "CREATE FOREIGN DATA WRAPPER w OPTIONS (a '1', b '2')", "CREATE FOREIGN DATA WRAPPER w OPTIONS (b '3', \"C d\" 'it''s')" },
  { "wrapper-validator", WRAPPER, "CREATE FOREIGN DATA WRAPPER w VALIDATOR postgresql_fdw_validator" },
  { "server", WRAPPER, WRAPPER "CREATE SERVER s TYPE 't' VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'h'); COMMENT ON SERVER s IS 's'" },
  { "server-version", WRAPPER "CREATE SERVER s VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (a '1')", WRAPPER "CREATE SERVER s VERSION '2' FOREIGN DATA WRAPPER w" },
  { "server-type", SERVER "CREATE FOREIGN TABLE f (a int) SERVER s; CREATE USER MAPPING FOR PUBLIC SERVER s",
    WRAPPER "CREATE SERVER s TYPE 'x' FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE f (a int) SERVER s; CREATE USER MAPPING FOR PUBLIC SERVER s" },
  { "table-column-typed", SERVER "CREATE FOREIGN TABLE f (a int NOT NULL, b text) SERVER s",
    SERVER "CREATE FOREIGN TABLE f (a text, c int DEFAULT 0 NOT NULL) SERVER s" },
  { "extension-moved", "CREATE SCHEMA a; CREATE EXTENSION hstore SCHEMA a", "CREATE SCHEMA b; CREATE EXTENSION hstore SCHEMA b" },
  { "mapping", SERVER, SERVER "CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (\"user\" 'me'); CREATE USER MAPPING FOR PUBLIC SERVER s" },
  { "mapping-options", SERVER "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (\"user\" 'me', x '1')",
    SERVER "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (\"user\" 'you', y '2')" },
  { "mapping-grants", SERVER, SERVER "GRANT USAGE ON FOREIGN SERVER s TO PUBLIC; GRANT USAGE ON FOREIGN DATA WRAPPER w TO PUBLIC" },
  { "own-to-inherited",
    "CREATE TABLE p (a int, b text); CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; "
    "CREATE FOREIGN TABLE f (a int OPTIONS (x 'y'), b text) INHERITS (p) SERVER s",
    "CREATE TABLE p (a int, b text); CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; "
    "CREATE FOREIGN TABLE f () INHERITS (p) SERVER s; ALTER FOREIGN TABLE f ALTER a OPTIONS (x 'z')" },
  { NULL },
};

/* A password never comes into the schema: nor does it stay in what a script says. */
static void
test_secret (void)
{
  g_autoptr (TideSchema) from = tide_test_read_schema (SERVER);
  g_autoptr (TideSchema) to = tide_test_read_schema (SERVER "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (\"user\" 'me', password 'hush-hush')");
  g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (from, to, NULL);
  g_autoptr (TideSchemaScript) script = tide_schema_script_new (diff, NULL);
  g_autofree char *text = tide_schema_script_dup_text (script);
  const TideSchemaObject *mapping = tide_schema_find (to, TIDE_OBJECT_USER_MAPPING, NULL, "PUBLIC SERVER s");
  TideScriptStatement *statement = g_ptr_array_index (tide_schema_script_get_statements (script), 0);

  g_assert_nonnull (mapping);
  g_assert_null (strstr (tide_schema_object_get (mapping, "options"), "hush-hush"));
  g_assert_nonnull (strstr (tide_schema_object_get (mapping, "options"), "'me'"));
  g_assert_null (strstr (text, "hush-hush"));
  g_assert_cmpint (statement->hazards & TIDE_HAZARD_SECRET, !=, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  tide_test_add_lone_pairs ("/schema/foreign/lone", lone_pairs);
  g_test_add_func ("/schema/foreign/secret", test_secret);
  return g_test_run ();
}
