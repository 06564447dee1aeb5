/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <time.h>

#include "schema/pair.h"
#include "schema/tide-expression.h"
#include "schema/tide-schema-builder.h"

/* (transfer full): the changes from @before to @after, as tide_test_dup_changes() */
static char *
compare (const char                  *before,
         const char                  *after,
         const TideSchemaDiffOptions *options)
{
  g_autoptr (TideSchema) from = tide_test_read_schema (before);
  g_autoptr (TideSchema) to = tide_test_read_schema (after);
  g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (from, to, options);

  return tide_test_dup_changes (diff);
}

static void
test_changes (void)
{
  g_autofree char *text = compare ("CREATE TABLE t (a int DEFAULT 1, b int)",
                                   "CREATE TABLE t (a bigint DEFAULT 2, c int DEFAULT 3); CREATE SCHEMA s", NULL);

  g_assert_cmpstr (text, ==, "changed column public t.a type (default)\nremoved column public t.b\n"
                             "added column public t.c (default)\nadded schema - s\n");
}

static void
test_implied (void)
{
  g_autoptr (TideSchema) from = tide_test_read_schema ("SELECT");
  g_autoptr (TideSchema) to = tide_test_read_schema ("CREATE TABLE t (a int PRIMARY KEY)");
  g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (from, to, NULL);
  GPtrArray *changes = tide_schema_diff_get_changes (diff);

  g_assert_cmpuint (changes->len, ==, 3);
  for (guint i = 0; i < changes->len; i++)
    {
      const TideSchemaChange *change = g_ptr_array_index (changes, i);

      g_assert_cmpint (change->implied, ==, tide_schema_object_get_parent (change->to) != NULL);
      g_assert_null (tide_schema_diff_get_counterpart (diff, change->to));
    }
}

static void
test_ledger (void)
{
  const char *ledger = "CREATE SCHEMA s; CREATE TABLE s._prisma_migrations (id text PRIMARY KEY); CREATE TABLE s.t (a int)";
  const TideSchemaDiffOptions counted = { .with_ledger = TRUE };
  g_autofree char *without = compare (ledger, "SELECT", NULL);
  g_autofree char *with = compare (ledger, "SELECT", &counted);

  g_assert_cmpstr (without, ==, "removed table s t\nremoved column s t.a\n");
  g_assert_nonnull (strstr (with, "removed table s _prisma_migrations\n"));
  g_assert_nonnull (strstr (with, "removed schema - s\n"));
}

static void
test_ignored (void)
{
  TideSchemaIgnore table = { "table", "public", "audit_*", "theirs" };
  TideSchemaIgnore views = { "view", NULL, NULL, "all" };
  g_autoptr (GPtrArray) ignores = g_ptr_array_new ();
  TideSchemaDiffOptions options = { .ignores = ignores };
  g_autofree char *text = NULL;

  g_ptr_array_add (ignores, &table);
  g_ptr_array_add (ignores, &views);
  text = compare ("SELECT", "CREATE TABLE audit_a (a int); CREATE TABLE t (a int); CREATE VIEW v AS SELECT 1", &options);
  g_assert_cmpstr (text, ==, "added table public t\nadded column public t.a\n");
}

static void
test_schemas (void)
{
  const char *const schemas[] = { "s", NULL };
  const TideSchemaDiffOptions options = { .schemas = schemas };
  g_autofree char *text = compare ("SELECT", "CREATE SCHEMA s; CREATE VIEW s.v AS SELECT 1; CREATE VIEW v AS SELECT 1", &options);

  g_assert_cmpstr (text, ==, "added schema - s\nadded view s v\n");
}

static void
test_column_order (void)
{
  const TideSchemaDiffOptions options = { .column_order = TRUE };
  g_autofree char *without = compare ("CREATE TABLE t (a int, b int)", "CREATE TABLE t (b int, a int)", NULL);
  g_autofree char *with = compare ("CREATE TABLE t (a int, b int)", "CREATE TABLE t (b int, a int)", &options);

  g_assert_cmpstr (without, ==, "");
  g_assert_cmpstr (with, ==, "changed column public t.a order\nchanged column public t.b order\n");
}

static void
test_expressions (void)
{
  g_assert_true (tide_expression_equal ("((s)::text = ANY ((ARRAY['a'::character varying, 'b,]'::character varying])::text[]))",
                                        "((s)::text = ANY (ARRAY[('a'::character varying)::text, ('b,]'::character varying)::text]))"));
  g_assert_false (tide_expression_equal ("(s = ANY ((ARRAY['a'::character varying])::text[]))",
                                         "(s = ANY (ARRAY[('b'::character varying)::text]))"));
  g_assert_false (tide_expression_equal ("(a)", "a"));
  /* BETWEEN, before and after it is read back */
  g_assert_true (tide_expression_equal ("(((a >= 1) AND (a <= 2)) AND (b = '(('::text) AND c)", "((a >= 1) AND (a <= 2) AND (b = '(('::text) AND c)"));
  g_assert_true (tide_expression_equal ("((((a OR b) OR c) OR d) AND e)", "((a OR b OR c OR d) AND e)"));
  /* Not in the first place it stays apart, and other words do */
  g_assert_false (tide_expression_equal ("(a AND (b AND c))", "(a AND b AND c)"));
  g_assert_false (tide_expression_equal ("((a OR b) AND c)", "(a OR b AND c)"));
  g_assert_false (tide_expression_equal ("((a AND b) AND c)", "((a AND b) AND d)"));
}

/* From 16 on a view of one table does not name it before each column. */
static void
test_across_majors (void)
{
  static const struct { const char *with, *without; gboolean is_same; } cases[] = {
    { "SELECT t.id, lower(t.\"B\") FROM public.t", "SELECT id, lower(\"B\") FROM public.t", TRUE },
    { "SELECT id.id FROM public.id ORDER BY id.id", "SELECT id FROM public.id ORDER BY id.id", TRUE },
    { "SELECT 't.a'::text, \"T x\".a FROM t \"T x\"", "SELECT 't.a'::text, a FROM t \"T x\"", TRUE },
    { "SELECT t.id, o.id FROM t, o", "SELECT id, id FROM t, o", FALSE },
    { "SELECT shop.add(t.a) FROM t", "SELECT add(a) FROM t", FALSE },
    { "SELECT (t.a)::shop.state FROM t", "SELECT (a)::state FROM t", FALSE },
    { "SELECT t.a FROM t", "SELECT b FROM t", FALSE },
    { "SELECT t.a FROM t", "SELECT a FROM t WHERE b", FALSE },
    { "SELECT 't.a'::text FROM t", "SELECT 'a'::text FROM t", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (tide_expression_equal_across (cases[i].with, cases[i].without), ==, cases[i].is_same);
      g_assert_cmpint (tide_expression_equal_across (cases[i].without, cases[i].with), ==, cases[i].is_same);
    }
  g_assert_true (tide_locale_equal_across ("'de_DE'", "'de-DE'"));
  g_assert_true (tide_locale_equal_across ("'de@collation=phonebook'", "'de-u-co-phonebk'"));
  g_assert_false (tide_locale_equal_across ("'de_DE'", "'de-AT'"));
  g_assert_false (tide_locale_equal_across ("'sv@collation=phonebook'", "'de-u-co-phonebk'"));
}

/* --- renames --- */

typedef struct
{
  const char             *name;
  const char             *before;
  const char             *after;
  const TideSchemaRename  renames[4];
  const char             *absent;    /* not in the script */
} Rename;

#define KIND(kind) TIDE_OBJECT_##kind
static const Rename renames[] = {
  { "table", "CREATE TABLE users (id serial PRIMARY KEY, a int); CREATE VIEW v AS SELECT id, a FROM users;"
             "CREATE INDEX i ON users (a); CREATE TABLE o (u int REFERENCES users)",
    "CREATE TABLE people (id int CONSTRAINT users_pkey PRIMARY KEY, a int); CREATE SEQUENCE users_id_seq AS int OWNED BY people.id;"
    "ALTER TABLE people ALTER id SET DEFAULT nextval('users_id_seq'); CREATE VIEW v AS SELECT id, a FROM people;"
    "CREATE INDEX i ON people (a); CREATE TABLE o (u int REFERENCES people)",
    { { KIND (TABLE), (char *) "public", (char *) "users", (char *) "people" } }, "DROP" },
  { "column", "CREATE TABLE t (a int CHECK (a > 0), b int DEFAULT 3, PRIMARY KEY (a)); CREATE VIEW v AS SELECT a FROM t;"
              "CREATE TABLE u (t int REFERENCES t (a)); CREATE INDEX i ON t (lower(b::text))",
    "CREATE TABLE t (x int CONSTRAINT t_a_check CHECK (x > 0), b int DEFAULT 3, PRIMARY KEY (x)); CREATE VIEW v AS SELECT x AS a FROM t;"
    "CREATE TABLE u (t int REFERENCES t (x)); CREATE INDEX i ON t (lower(b::text))",
    { { KIND (COLUMN), (char *) "public", (char *) "t.a", (char *) "t.x" } }, "DROP" },
  { "column-in-view", "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t",
    "CREATE TABLE t (x int); CREATE VIEW v AS SELECT x FROM t",
    { { KIND (COLUMN), (char *) "public", (char *) "t.a", (char *) "t.x" } }, "DROP COLUMN" },
  { "over-a-dropped-one", "CREATE TABLE t (a int, b text DEFAULT 'x')", "CREATE TABLE t (b int)",
    { { KIND (COLUMN), (char *) "public", (char *) "t.a", (char *) "t.b" } }, "ADD COLUMN" },
  { "table-and-column", "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (a)", "CREATE TABLE u (x int, b int); CREATE INDEX i ON u (x)",
    { { KIND (COLUMN), (char *) "public", (char *) "t.a", (char *) "t.x" },
      { KIND (TABLE), (char *) "public", (char *) "t", (char *) "u" } }, "DROP" },
  { "schema", "CREATE SCHEMA s; CREATE TABLE s.t (id serial PRIMARY KEY); CREATE VIEW s.v AS SELECT id FROM s.t",
    "CREATE SCHEMA z; CREATE TABLE z.t (id serial PRIMARY KEY); CREATE VIEW z.v AS SELECT id FROM z.t",
    { { KIND (SCHEMA), NULL, (char *) "s", (char *) "z" } }, "DROP" },
  { "type", "CREATE TYPE e AS ENUM ('a'); CREATE TABLE t (x e DEFAULT 'a'); CREATE FUNCTION f(e) RETURNS e LANGUAGE sql AS 'SELECT $1'",
    "CREATE TYPE g AS ENUM ('a'); CREATE TABLE t (x g DEFAULT 'a'); CREATE FUNCTION f(g) RETURNS g LANGUAGE sql AS 'SELECT $1'",
    { { KIND (ENUM), (char *) "public", (char *) "e", (char *) "g" } }, "DROP" },
  { "others", "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0)); CREATE INDEX i ON t (a);"
              "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT $1'; CREATE VIEW v AS SELECT f(1) AS a",
    "CREATE TABLE t (a int CONSTRAINT d CHECK (a > 0)); CREATE INDEX j ON t (a);"
    "CREATE FUNCTION g(int) RETURNS int LANGUAGE sql AS 'SELECT $1'; CREATE VIEW v AS SELECT g(1) AS a",
    { { KIND (CONSTRAINT), (char *) "public", (char *) "t.c", (char *) "t.d" },
      { KIND (INDEX), (char *) "public", (char *) "i", (char *) "j" },
      { KIND (FUNCTION), (char *) "public", (char *) "f(integer)", (char *) "g(integer)" } }, "DROP" },
};

static void
test_rename (gconstpointer data)
{
  const Rename *rename = data;
  g_autoptr (GPtrArray) agreed = g_ptr_array_new ();
  TideSchemaDiffOptions options = { .renames = agreed };
  g_autofree char *script = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rename->renames) && rename->renames[i].from != NULL; i++)
    g_ptr_array_add (agreed, (gpointer) &rename->renames[i]);
  script = tide_test_pair_with (rename->before, rename->after, &options, NULL);
  g_assert_nonnull (strstr (script, " RENAME "));
  if (strstr (script, rename->absent) != NULL)
    g_test_message ("%s", script);
  g_assert_null (strstr (script, rename->absent));
}

/* Names that are not there, or that nothing was done to, are left aside. */
static void
test_rename_nothing (void)
{
  TideSchemaRename rename = { TIDE_OBJECT_TABLE, (char *) "public", (char *) "t", (char *) "nothing" };
  g_autoptr (GPtrArray) agreed = g_ptr_array_new ();
  TideSchemaDiffOptions options = { .renames = agreed };
  g_autofree char *text = NULL;

  g_ptr_array_add (agreed, &rename);
  text = compare ("CREATE TABLE t (a int)", "CREATE TABLE u (a int)", &options);
  g_assert_cmpstr (text, ==, "removed table public t\nadded table public u\nremoved column public t.a\nadded column public u.a\n");
}

static void
test_propose (void)
{
  g_autoptr (TideSchema) from = tide_test_read_schema ("CREATE TABLE users (id int, email text, born date); CREATE TABLE t (email text, n int);"
                                                       "CREATE TABLE cat (id serial PRIMARY KEY, nm text UNIQUE, of int REFERENCES cat CHECK (of > 0))");
  g_autoptr (TideSchema) to = tide_test_read_schema ("CREATE TABLE people (id int, email text, born date); CREATE TABLE z (q bytea);"
                                                     "CREATE TABLE t (e_mail text, n int);"
                                                     "CREATE TABLE dog (id serial PRIMARY KEY, nm text UNIQUE, of int REFERENCES dog CHECK (of > 0))");
  g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (from, to, NULL);
  g_autoptr (GPtrArray) proposed = tide_schema_diff_propose_renames (diff);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < proposed->len; i++)
    {
      const TideSchemaRename *rename = g_ptr_array_index (proposed, i);

      g_string_append_printf (text, "%s.%s > %s\n", rename->schema, rename->from, rename->to);
    }
  g_assert_cmpstr (text->str, ==, "public.t.email > t.e_mail\npublic.cat > dog\npublic.users > people\npublic.cat_id_seq > dog_id_seq\n");
}

/* --- scripts of some changes only --- */

/* (transfer full): the script of the changes whose object is named @name */
static char *
write_only (TideSchema *from,
            TideSchema *to,
            const char *name)
{
  g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (from, to, NULL);
  GPtrArray *changes = tide_schema_diff_get_changes (diff);
  g_autoptr (GPtrArray) only = g_ptr_array_new ();
  TideSchemaScriptOptions options = { .only = only };
  g_autoptr (TideSchemaScript) script = NULL;

  for (guint i = 0; i < changes->len; i++)
    {
      TideSchemaChange *change = g_ptr_array_index (changes, i);
      g_autofree char *its_name = tide_schema_object_dup_name (change->to != NULL ? change->to : change->from);

      if (g_str_equal (its_name, name))
        g_ptr_array_add (only, change);
    }
  g_assert_cmpuint (only->len, >, 0);
  script = tide_schema_script_new (diff, &options);
  return tide_schema_script_dup_text (script);
}

static void
test_only (void)
{
  g_autoptr (TideSchema) from = tide_test_read_schema ("CREATE TABLE a (x int); CREATE TABLE old (x int); CREATE VIEW on_old AS SELECT x FROM old");
  g_autoptr (TideSchema) to = tide_test_read_schema (
    "CREATE TYPE e AS ENUM ('q'); CREATE TABLE a (x int, y int DEFAULT 4); CREATE TABLE b (x e, y int); CREATE VIEW v AS SELECT x FROM b");
  g_autofree char *column = write_only (from, to, "a.y");
  g_autofree char *view = write_only (from, to, "v");
  g_autofree char *gone = write_only (from, to, "old");

  g_assert_cmpstr (column, ==, "ALTER TABLE \"public\".\"a\" ADD COLUMN \"y\" integer DEFAULT 4;\n");
  g_assert_nonnull (strstr (view, "CREATE TYPE"));
  g_assert_nonnull (strstr (view, "CREATE TABLE \"public\".\"b\""));
  g_assert_nonnull (strstr (view, "\"y\" integer"));
  g_assert_null (strstr (view, "DEFAULT 4"));
  g_assert_cmpstr (gone, ==, "DROP VIEW \"public\".\"on_old\";\nDROP TABLE \"public\".\"old\";\n");
}

static void
test_definition (void)
{
  g_autoptr (TideSchema) schema = tide_test_read_schema (
    "CREATE TABLE t (id int PRIMARY KEY, a text DEFAULT 'x'); CREATE INDEX i ON t (a); COMMENT ON TABLE t IS 'c'");
  g_autofree char *text = tide_schema_object_dup_definition (tide_schema_find (schema, TIDE_OBJECT_TABLE, "public", "t"));

  g_assert_cmpstr (text, ==, "CREATE TABLE \"public\".\"t\" (\n"
                             "  \"id\" integer NOT NULL,\n"
                             "  \"a\" text DEFAULT 'x'::text,\n"
                             "  CONSTRAINT \"t_pkey\" PRIMARY KEY (\"id\")\n"
                             ");\n\n"
                             "COMMENT ON TABLE \"public\".\"t\" IS 'c';\n"
                             "CREATE INDEX \"i\" ON \"public\".\"t\" USING \"btree\" (\"a\");\n");
}

static void
test_hazards (void)
{
  g_autofree char *none = tide_hazard_dup_text (TIDE_HAZARD_NONE);
  g_autofree char *two = tide_hazard_dup_text (TIDE_HAZARD_SECRET | TIDE_HAZARD_DATA_LOSS);
  g_auto (GStrv) lines = g_strsplit (two, "\n", -1);

  g_assert_cmpstr (none, ==, "");
  g_assert_cmpuint (g_strv_length (lines), ==, 2);
  g_assert_true (g_str_has_prefix (lines[0], "Rows or values are lost"));
  g_assert_cmpstr (tide_hazard_get_name (TIDE_HAZARD_NO_TRANSACTION), ==, "no_transaction");
}

/* --- speed --- */

#define N_TABLES 5000
#define N_COLUMNS 10

static TideSchema *
make_large (guint n_changed)
{
  g_autoptr (TideSchemaBuilder) builder = tide_schema_builder_new ("large", 150000, "tide");
  g_autofree TideSchemaObject **tables = g_new0 (TideSchemaObject *, N_TABLES);
  guint32 oid = 20000;

  tide_schema_builder_add (builder, TIDE_OBJECT_SCHEMA, oid++, 0, NULL, "large", NULL, NULL);
  for (guint t = 0; t < N_TABLES; t++)
    tables[t] = tide_schema_builder_add (builder, TIDE_OBJECT_TABLE, oid++, 0, "large",
                                         tide_schema_builder_take (builder, g_strdup_printf ("table_%u", t)), NULL, NULL);
  for (guint t = 0; t < N_TABLES; t++)
    for (guint c = 1; c <= N_COLUMNS; c++)
      {
        const char *name = tide_schema_builder_take (builder, g_strdup_printf ("column_%u", c));
        TideSchemaObject *column = tide_schema_builder_add (builder, TIDE_OBJECT_COLUMN, tide_schema_object_get_oid (tables[t]), c,
                                                            NULL, name, NULL, tables[t]);

        tide_schema_builder_set (builder, column, "type", t < n_changed && c == 3 ? "bigint" : "integer");
      }
  return tide_schema_builder_end (builder);
}

static TideSchema *
make_empty (void)
{
  g_autoptr (TideSchemaBuilder) builder = tide_schema_builder_new ("empty", 150000, "tide");

  return tide_schema_builder_end (builder);
}

/* Processor seconds for comparing and writing */
static double
measure (TideSchema *from,
         TideSchema *to,
         guint       n_statements)
{
  clock_t start = clock ();
  g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (from, to, NULL);
  g_autoptr (TideSchemaScript) script = tide_schema_script_new (diff, NULL);

  g_assert_cmpuint (tide_schema_script_get_statements (script)->len, ==, n_statements);
  return (double) (clock () - start) / CLOCKS_PER_SEC;
}

/* Generous: a step that grows with the square would take minutes. */
static void
test_speed (void)
{
  g_autoptr (TideSchema) empty = make_empty ();
  g_autoptr (TideSchema) large = make_large (0);
  g_autoptr (TideSchema) changed = make_large (50);
  double all = measure (empty, large, N_TABLES + 1);
  double some = measure (large, changed, 50);
  double none = measure (large, empty, N_TABLES + 1);

  g_test_message ("seconds: all new %.3f, 50 changes %.3f, all gone %.3f", all, some, none);
  g_assert_cmpfloat (all + some + none, <, 10);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions (); /* one that fails hides no other */
  g_test_add_func ("/schema/diff/changes", test_changes);
  g_test_add_func ("/schema/diff/implied", test_implied);
  g_test_add_func ("/schema/diff/ledger", test_ledger);
  g_test_add_func ("/schema/diff/ignored", test_ignored);
  g_test_add_func ("/schema/diff/schemas", test_schemas);
  g_test_add_func ("/schema/diff/column-order", test_column_order);
  g_test_add_func ("/schema/diff/expressions", test_expressions);
  g_test_add_func ("/schema/diff/across-majors", test_across_majors);
  for (guint i = 0; i < G_N_ELEMENTS (renames); i++)
    {
      g_autofree char *path = g_strconcat ("/schema/diff/rename/", renames[i].name, NULL);

      g_test_add_data_func (path, &renames[i], test_rename);
    }
  g_test_add_func ("/schema/diff/rename-nothing", test_rename_nothing);
  g_test_add_func ("/schema/diff/propose", test_propose);
  g_test_add_func ("/schema/diff/only", test_only);
  g_test_add_func ("/schema/diff/definition", test_definition);
  g_test_add_func ("/schema/diff/hazards", test_hazards);
  g_test_add_func ("/schema/diff/speed", test_speed);
  return g_test_run ();
}
