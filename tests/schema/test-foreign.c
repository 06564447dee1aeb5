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

#define SECRETS "token 't0', password 'hush-hush', bearer_token 'hush-hush', passwd 'hush-hush', pwd 'hush-hush', aws_secret_access_key 'hush-hush', " \
                "conn 'tcp://ada:hush-hush@h/d', dsn 'Driver=X;PWD = hush-hush', passcode 'hush-hush', api_key 'hush-hush'"

/* A secret never comes into the schema: nor does it stay in what a script says. */
static void
test_secrets (void)
{
  static const struct { const char *from, *to; } ways[] = {
    { SERVER, SERVER "CREATE FOREIGN TABLE t (a int) SERVER s OPTIONS (seen 'me', " SECRETS ")" },
    { SERVER "CREATE FOREIGN TABLE t (a int) SERVER s", SERVER "CREATE FOREIGN TABLE t (a int) SERVER s OPTIONS (seen 'me', " SECRETS ")" },
    { SERVER, SERVER "CREATE FOREIGN TABLE t (a int OPTIONS (seen 'me', " SECRETS ")) SERVER s" },
    { SERVER "CREATE FOREIGN TABLE t (b int) SERVER s", SERVER "CREATE FOREIGN TABLE t (b int, a int OPTIONS (seen 'me', " SECRETS ")) SERVER s" },
    { SERVER "CREATE FOREIGN TABLE t (a int) SERVER s", SERVER "CREATE FOREIGN TABLE t (a int OPTIONS (seen 'me', " SECRETS ")) SERVER s" },
    { SERVER "CREATE TABLE p (a int); CREATE FOREIGN TABLE t () INHERITS (p) SERVER s",
      SERVER "CREATE TABLE p (a int, b int); CREATE FOREIGN TABLE t () INHERITS (p) SERVER s; ALTER FOREIGN TABLE t ALTER b OPTIONS (seen 'me', " SECRETS ")" },
    { "", "CREATE FOREIGN DATA WRAPPER w OPTIONS (seen 'me', " SECRETS ")" },
    { WRAPPER, "CREATE FOREIGN DATA WRAPPER w OPTIONS (seen 'me', " SECRETS ")" },
    { WRAPPER, WRAPPER "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (seen 'me', " SECRETS ")" },
    { SERVER, WRAPPER "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (seen 'me', " SECRETS ")" },
    { SERVER, SERVER "CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (seen 'me', " SECRETS ")" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autoptr (TideSchema) from = tide_test_read_schema (ways[i].from);
      g_autoptr (TideSchema) to = tide_test_read_schema (ways[i].to);
      g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (from, to, NULL);
      g_autoptr (TideSchemaScript) script = tide_schema_script_new (diff, NULL);
      g_autofree char *text = tide_schema_script_dup_text (script);
      GPtrArray *statements = tide_schema_script_get_statements (script);

      g_assert_nonnull (strstr (text, "seen 'me'"));
      g_assert_null (strstr (text, "hush"));
      g_assert_null (strstr (text, "t0"));
      for (guint k = 0; k < statements->len; k++)
        {
          const TideScriptStatement *statement = g_ptr_array_index (statements, k);

          g_assert_cmpint ((statement->hazards & TIDE_HAZARD_SECRET) != 0, ==, strstr (statement->sql, "seen") != NULL);
        }
      for (guint k = 0; k < tide_schema_get_n_objects (to); k++)
        {
          g_autofree char *definition = tide_schema_object_dup_definition (tide_schema_get_object (to, k));

          g_assert_null (strstr (definition, "hush"));
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  tide_test_add_lone_pairs ("/schema/foreign/lone", lone_pairs);
  g_test_add_func ("/schema/foreign/secrets", test_secrets);
  return g_test_run ();
}
