/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "lint/tide-lint.h"
#include "support/tide-test.h"

static TideConninfo *conninfo;
static TideSession *session;

static GPtrArray *
lint (const char *text)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideLintContext) context = tide_lint_context_read_for_text (session, text, -1, NULL, &error);

  g_assert_no_error (error);
  return tide_lint_text (text, -1, NULL, context, NULL);
}

/* Fails unless @rule says something of @text, and with @severity; -1: it must say nothing */
static void
assert_severity (const char *text,
                 const char *rule,
                 int         severity)
{
  g_autoptr(GPtrArray) findings = lint (text);
  int found = -1;

  for (guint i = 0; i < findings->len; i++)
    {
      const TideLintFinding *finding = g_ptr_array_index (findings, i);

      if (g_str_equal (finding->rule, rule))
        found = finding->severity;
    }
  g_test_message ("%s: %s", rule, text);
  g_assert_cmpint (found, ==, severity);
}

static void
test_size_decides (void)
{
  assert_severity ("CREATE INDEX ON empty (a)", "index-blocks-writes", -1);
  assert_severity ("CREATE INDEX ON small (a)", "index-blocks-writes", TIDE_LINT_INFO);
  assert_severity ("CREATE INDEX ON medium (a)", "index-blocks-writes", TIDE_LINT_WARNING);
  assert_severity ("CREATE INDEX ON \"Large one\" (a)", "index-blocks-writes", TIDE_LINT_ERROR);
  assert_severity ("DROP TABLE empty", "drop-table", -1);
  assert_severity ("DROP TABLE small", "drop-table", TIDE_LINT_ERROR);
  assert_severity ("ALTER TABLE empty ADD x int NOT NULL", "add-required-column", -1);
  assert_severity ("ALTER TABLE small ADD x int NOT NULL", "add-required-column", TIDE_LINT_ERROR);
  assert_severity ("INSERT INTO empty VALUES (1); ALTER TABLE empty ADD x int NOT NULL", "add-required-column", TIDE_LINT_WARNING);
  assert_severity ("DROP INDEX small_pkey", "drop-index-blocks", TIDE_LINT_INFO);
  /* The parent of partitions is as large as they are */
  assert_severity ("DROP TABLE parts", "drop-table", TIDE_LINT_ERROR);
  assert_severity ("DROP TABLE not_there", "drop-table", TIDE_LINT_ERROR);
}

static void
test_types_are_known (void)
{
  assert_severity ("ALTER TABLE small ALTER b TYPE varchar(30)", "change-type", -1);
  assert_severity ("ALTER TABLE small ALTER b TYPE varchar(10)", "narrow-type", TIDE_LINT_ERROR);
  assert_severity ("ALTER TABLE medium ALTER a TYPE bigint", "change-type", TIDE_LINT_WARNING);
  assert_severity ("ALTER TABLE small ALTER a SET NOT NULL", "set-not-null", -1);
  assert_severity ("ALTER TABLE medium ALTER b SET NOT NULL", "set-not-null", TIDE_LINT_WARNING);
  assert_severity ("ALTER TABLE medium ALTER c SET NOT NULL", "set-not-null", -1); /* a valid CHECK says so */
}

static void
test_lock_timeout (void)
{
  assert_severity ("ALTER TABLE \"Large one\" ADD x int", "no-lock-timeout", TIDE_LINT_INFO);
  assert_severity ("SET lock_timeout = '2s'; ALTER TABLE \"Large one\" ADD x int", "no-lock-timeout", -1);
  assert_severity ("ALTER TABLE medium ADD x int", "no-lock-timeout", -1);
}

/* The message names what the catalog says hangs on it, and functions whose text speaks of it */
static void
test_dependents (void)
{
  g_autoptr(GPtrArray) column = lint ("ALTER TABLE small DROP COLUMN b");
  g_autoptr(GPtrArray) other = lint ("ALTER TABLE small DROP COLUMN a");
  g_autoptr(GPtrArray) table = lint ("DROP TABLE small");
  const char *of_column = ((TideLintFinding *) g_ptr_array_index (column, 0))->message;
  const char *of_other = ((TideLintFinding *) g_ptr_array_index (other, 0))->message;
  const char *of_table = ((TideLintFinding *) g_ptr_array_index (table, 0))->message;

  g_assert_nonnull (strstr (of_column, "view shown"));
  g_assert_null (strstr (of_other, "view shown"));
  g_assert_nonnull (strstr (of_other, "policy mine"));
  g_assert_nonnull (strstr (of_table, "view shown"));
  g_assert_nonnull (strstr (of_table, "function counts()"));
  g_assert_nonnull (strstr (of_table, "policy mine on table small"));
  g_assert_nonnull (strstr (of_table, "refers_a_fkey on table refers"));
  g_assert_null (strstr (of_table, "small_pkey"));
}

static void
test_figures (void)
{
  g_autoptr(GPtrArray) findings = lint ("DROP TABLE small");
  const TideLintFinding *finding = g_ptr_array_index (findings, 0);
  g_autofree char *size = tide_lint_finding_dup_size (finding);

  g_assert_cmpint (finding->rows, ==, 100);
  g_assert_cmpint (finding->bytes, ==, 8192);
  g_assert_cmpstr (finding->table, ==, "public.small");
  g_assert_true (g_str_has_prefix (size, "about 100 rows, 8"));
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  conninfo = tide_test_create_database ();
  if (conninfo == NULL)
    return 77;
  session = tide_session_open (conninfo, NULL, &error);
  g_assert_no_error (error);
  g_free (tide_test_psql (conninfo,
    "CREATE TABLE empty (a int);"
    "CREATE TABLE small (a int PRIMARY KEY, b varchar(20)); INSERT INTO small SELECT i, i FROM generate_series (1, 100) i;"
    "CREATE TABLE medium (a int, b text, c int CHECK (c IS NOT NULL)); INSERT INTO medium SELECT i, 'x', 1 FROM generate_series (1, 20000) i;"
    "CREATE TABLE \"Large one\" (a int); INSERT INTO \"Large one\" VALUES (1);"
    "CREATE TABLE parts (a int) PARTITION BY RANGE (a); CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (1000);"
    "INSERT INTO parts SELECT i FROM generate_series (1, 100) i;"
    "CREATE VIEW shown AS SELECT b FROM small; CREATE TABLE refers (a int REFERENCES small);"
    "CREATE POLICY mine ON small USING (a > 0);"
    "CREATE FUNCTION counts () RETURNS bigint LANGUAGE plpgsql AS $$BEGIN RETURN (SELECT count(*) FROM small); END$$;"
    "ANALYZE;"
    "UPDATE pg_class SET reltuples = 5000000 WHERE relname = 'Large one';"));
  g_test_add_func ("/lint/context/size-decides", test_size_decides);
  g_test_add_func ("/lint/context/types-are-known", test_types_are_known);
  g_test_add_func ("/lint/context/lock-timeout", test_lock_timeout);
  g_test_add_func ("/lint/context/dependents", test_dependents);
  g_test_add_func ("/lint/context/figures", test_figures);
  status = g_test_run ();
  g_clear_object (&session);
  tide_test_drop_database (conninfo);
  return status;
}
