/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-proof"

#include "config.h"

#include <locale.h>
#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "schema/tide-dump-compare.h"
#include "schema/tide-schema-proof.h"
#include "scratch/tide-scratch.h"
#include "support/tide-test.h"
#include "tide-error.h"

/* Two databases, and the way from the one to the other */
typedef struct
{
  TideConninfo     *conninfos[2];
  TideSchemaSource *sources[2];
  TideSchema       *schemas[2];
  TideSchemaDiff   *diff;
} Fixture;

static TideSchemaSource *
parse (TideConninfo *conninfo)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *url = tide_test_dup_url (conninfo);
  g_autofree char *text = g_strconcat ("url:", url, NULL);
  TideSchemaSource *source = tide_schema_source_parse (text, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  return source;
}

static void
fixture_init (Fixture                     *self,
              const char                  *before,
              const char                  *after,
              const TideSchemaDiffOptions *options)
{
  const char *const scripts[] = { before, after };
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      self->conninfos[i] = tide_test_create_database ();
      g_free (tide_test_psql (self->conninfos[i], scripts[i]));
      self->sources[i] = parse (self->conninfos[i]);
    }
  g_assert_true (tide_schema_source_load_pair (self->sources[0], self->sources[1], NULL, &self->schemas[0], &self->schemas[1],
                                               &error));
  g_assert_no_error (error);
  self->diff = tide_schema_diff_new (self->schemas[0], self->schemas[1], options);
}

static void
fixture_clear (Fixture *self)
{
  for (guint i = 0; i < 2; i++)
    {
      tide_test_drop_database (self->conninfos[i]);
      tide_conninfo_unref (self->conninfos[i]);
      tide_schema_source_unref (self->sources[i]);
      tide_schema_unref (self->schemas[i]);
    }
  tide_schema_diff_unref (self->diff);
}

static TideSchemaProof *
prove (Fixture                       *self,
       const TideSchemaScriptOptions *options)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSchemaScript) script = tide_schema_script_new (self->diff, options);
  TideSchemaProof *proof = tide_schema_prove (script, self->sources[0], self->sources[1], NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < proof->remaining->len; i++)
    g_test_message ("remains: %s", (char *) g_ptr_array_index (proof->remaining, i));
  if (proof->failure != NULL)
    g_test_message ("failed: %s", proof->failure->message);
  return proof;
}

static void
test_proved (void)
{
  Fixture fixture = { 0 };
  g_autoptr(TideSchemaProof) proof = NULL;

  fixture_init (&fixture,
                "CREATE SCHEMA old; CREATE TYPE mood AS ENUM ('sad', 'glad');"
                "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a; SELECT 1'",
                "DROP SCHEMA public CASCADE; CREATE SCHEMA new; CREATE SCHEMA public; CREATE TYPE mood AS ENUM ('sad', 'so', 'glad');"
                "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a; SELECT 2'; COMMENT ON FUNCTION f(int) IS 'two'",
                NULL);
  proof = prove (&fixture, NULL);
  g_assert_null (proof->failure);
  g_assert_true (proof->proved);
  g_assert_cmpuint (proof->remaining->len, ==, 0);
  g_assert_cmpuint (proof->n_statements, >, 3);
  fixture_clear (&fixture);
}

/* Half of a script proves nothing of the other half, and says so */
static void
test_partial (void)
{
  Fixture fixture = { 0 };
  g_autoptr(GPtrArray) only = g_ptr_array_new ();
  const TideSchemaScriptOptions options = { .only = only };
  g_autoptr(TideSchemaProof) proof = NULL;

  fixture_init (&fixture, "SELECT 1", "CREATE SCHEMA one; CREATE SCHEMA two", NULL);
  g_assert_cmpuint (tide_schema_diff_get_changes (fixture.diff)->len, ==, 2);
  g_ptr_array_add (only, g_ptr_array_index (tide_schema_diff_get_changes (fixture.diff), 0));
  proof = prove (&fixture, &options);
  g_assert_true (proof->proved);
  g_assert_cmpuint (proof->n_statements, ==, 1);
  g_assert_cmpuint (proof->limits->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (proof->limits, 0), "left alone"));
  fixture_clear (&fixture);
}

/* What stands in the way of the script is found when it is run, and nowhere else */
static void
test_failing (void)
{
  Fixture fixture = { 0 };
  Fixture other = { 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSchemaScript) script = NULL;
  g_autoptr(TideSchemaProof) proof = NULL;

  fixture_init (&fixture, "SELECT 1", "CREATE SCHEMA one", NULL);
  fixture_init (&other, "CREATE SCHEMA one", "SELECT 1", NULL);
  script = tide_schema_script_new (fixture.diff, NULL);
  proof = tide_schema_prove (script, other.sources[0], fixture.sources[1], NULL, &error);
  g_assert_no_error (error);
  g_assert_false (proof->proved);
  g_assert_error (proof->failure, TIDE_ERROR, TIDE_ERROR_SERVER);
  g_assert_nonnull (strstr (tide_error_get_fields (proof->failure)->statement, "CREATE SCHEMA"));

  /* And what the script forgot */
  g_clear_pointer (&proof, tide_schema_proof_free);
  g_free (tide_test_psql (fixture.conninfos[1], "CREATE SCHEMA late"));
  proof = tide_schema_prove (script, fixture.sources[0], fixture.sources[1], NULL, &error);
  g_assert_no_error (error);
  g_assert_false (proof->proved);
  g_assert_null (proof->failure);
  g_assert_cmpuint (proof->remaining->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (proof->remaining, 0), ==, "schema late: missing");
  g_assert_cmpstr (g_ptr_array_index (proof->remaining, 1), ==, "pg_dump has SCHEMA late only on the right");
  fixture_clear (&fixture);
  fixture_clear (&other);
}

static void
test_unreachable (void)
{
  Fixture fixture = { 0 };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSchemaScript) script = NULL;
  g_autoptr(TideConninfo) nowhere = NULL;
  g_autoptr(TideSchemaSource) gone = NULL;
  g_autoptr(TideSchemaProof) proof = NULL;

  fixture_init (&fixture, "SELECT 1", "CREATE SCHEMA one", NULL);
  script = tide_schema_script_new (fixture.diff, NULL);
  nowhere = tide_conninfo_copy (fixture.conninfos[1]);
  tide_conninfo_set (nowhere, "dbname", "not_there");
  gone = parse (nowhere);
  proof = tide_schema_prove (script, fixture.sources[0], gone, NULL, &error);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_UNREACHABLE);
  g_assert_null (proof);
  fixture_clear (&fixture);
}

#define ENTRY(type, name, text) "--\n-- Name: " name "; Type: " type "; Schema: public; Owner: -\n--\n\n" text "\n\n"

static void
test_dumps (void)
{
  static const struct
  {
    const char *left;
    const char *right;
    gboolean    column_order;
    guint       n_differences;
  } cases[] = {
    { "", "", FALSE, 0 },
    { "-- one\nSET x = 1;\n\\restrict abc\n", "\\unrestrict q\n", FALSE, 0 },
    { ENTRY ("VIEW", "a", "one;") ENTRY ("VIEW", "b", "two;"), ENTRY ("VIEW", "b", "two;") ENTRY ("VIEW", "a", "one;"), FALSE, 0 },
    { ENTRY ("VIEW", "a", "one;"), ENTRY ("VIEW", "a", "two;"), FALSE, 1 },
    { ENTRY ("VIEW", "a", "one;"), "", FALSE, 1 },
    { "", ENTRY ("VIEW", "a", "one;"), FALSE, 1 },
    { ENTRY ("TABLE", "t", "(\n  a int,\n  b int\n)"), ENTRY ("TABLE", "t", "(\n  b int,\n  a int\n)"), FALSE, 0 },
    { ENTRY ("TABLE", "t", "(\n  a int,\n  b int\n)"), ENTRY ("TABLE", "t", "(\n  b int,\n  a int\n)"), TRUE, 1 },
    { ENTRY ("FUNCTION", "f(integer)", "a\nb"), ENTRY ("FUNCTION", "f(integer)", "b\na"), FALSE, 1 },
    { ENTRY ("ACL", "TABLE t", "GRANT ALL ON TABLE public.t TO ann;\nGRANT SELECT ON TABLE public.t TO bo;"),
      ENTRY ("ACL", "TABLE t", "GRANT SELECT ON TABLE public.t TO bo;\nGRANT ALL ON TABLE public.t TO \"An na\";"), FALSE, 0 },
    { ENTRY ("SUBSCRIPTION", "s", "CREATE SUBSCRIPTION s CONNECTION 'it''s' PUBLICATION a;"),
      ENTRY ("SUBSCRIPTION", "s", "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION a;"), FALSE, 0 },
    { ENTRY ("SUBSCRIPTION", "s", "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION a;"),
      ENTRY ("SUBSCRIPTION", "s", "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION b;"), FALSE, 1 },
    { ENTRY ("SUBSCRIPTION", "s", "CREATE SUBSCRIPTION s CONNECTION 'host=h password=''a b''' PUBLICATION a;"),
      ENTRY ("SUBSCRIPTION", "s", "CREATE SUBSCRIPTION s CONNECTION 'password=c host=h' PUBLICATION a;"), FALSE, 0 },
    { ENTRY ("SUBSCRIPTION", "s", "CREATE SUBSCRIPTION s CONNECTION 'host=h' PUBLICATION a;"),
      ENTRY ("SUBSCRIPTION", "s", "CREATE SUBSCRIPTION s CONNECTION 'host=i' PUBLICATION a;"), FALSE, 1 },
    { ENTRY ("FOREIGN TABLE", "t", "CREATE FOREIGN TABLE t (\n    a int\n)\nSERVER s\nOPTIONS (\n    password 'one',\n    name 'h'\n);"),
      ENTRY ("FOREIGN TABLE", "t", "CREATE FOREIGN TABLE t (\n    a int\n)\nSERVER s\nOPTIONS (\n    name 'h',\n    password 'two'\n);"), FALSE, 0 },
    { ENTRY ("SERVER", "s", "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (\n    api_key 'one',\n    host 'h'\n);"),
      ENTRY ("SERVER", "s", "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (\n    api_key 'two',\n    host 'h'\n);"), FALSE, 0 },
    { ENTRY ("SERVER", "s", "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (\n    api_key 'one',\n    host 'h'\n);"),
      ENTRY ("SERVER", "s", "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (\n    api_key 'one',\n    host 'i'\n);"), FALSE, 1 },
    { ENTRY ("ACL", "TABLE t", "GRANT ALL ON TABLE public.t TO ann;"), ENTRY ("ACL", "TABLE t", "GRANT ALL ON TABLE public.t TO bo;"),
      FALSE, 1 },
    { ENTRY ("PUBLICATION TABLE", "p t", "ALTER PUBLICATION p ADD TABLE ONLY public.t (a, \"B, (b\", c) WHERE ((a > c));"),
      ENTRY ("PUBLICATION TABLE", "p t", "ALTER PUBLICATION p ADD TABLE ONLY public.t (c, \"B, (b\", a) WHERE ((a > c));"), FALSE, 0 },
    { ENTRY ("PUBLICATION TABLE", "p t", "ALTER PUBLICATION p ADD TABLE ONLY public.t (a, b);"),
      ENTRY ("PUBLICATION TABLE", "p t", "ALTER PUBLICATION p ADD TABLE ONLY public.t (a, c);"), FALSE, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const TideDumpOptions options = { "ann", "An na", cases[i].column_order, FALSE };
      g_autoptr(GPtrArray) differences = tide_dump_compare (cases[i].left, cases[i].right, &options);

      g_test_message ("case %u", i);
      g_assert_cmpuint (differences->len, ==, cases[i].n_differences);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *cache = tide_test_make_folder ();
  int result;

  setlocale (LC_ALL, "");
  g_assert_no_errno (chmod (cache, 0755));
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/proof/dumps", test_dumps);
  g_test_add_func ("/schema/proof/proved", test_proved);
  g_test_add_func ("/schema/proof/partial", test_partial);
  g_test_add_func ("/schema/proof/failing", test_failing);
  g_test_add_func ("/schema/proof/unreachable", test_unreachable);
  result = g_test_run ();
  tide_scratch_stop (NULL, NULL, NULL);
  tide_test_remove_folder (cache);
  return result;
}
