/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <string.h>

#include "query/tide-explain.h"
#include "support/tide-test.h"
#include "tide-error.h"

static TideConninfo *conninfo;
static TideSession *session;

static TideExplain *
explain (const char       *statement,
         TideExplainFlags  flags)
{
  g_autoptr(GError) error = NULL;
  TideExplain *self = tide_explain_run (session, statement, NULL, 0, flags, NULL, &error);

  g_assert_no_error (error);
  return self;
}

static const TideExplainNode *
find_node (TideExplain *self,
           const char  *title)
{
  for (guint i = 0; i < tide_explain_get_n_nodes (self); i++)
    if (g_str_has_prefix (tide_explain_get_node (self, i)->title, title))
      return tide_explain_get_node (self, i);
  g_error ("no %s in %s", title, tide_explain_get_raw (self));
}

static void
test_plan (void)
{
  g_autoptr(TideExplain) plan = explain ("SELECT * FROM big b JOIN small s ON s.id = b.small WHERE b.id < 100;", TIDE_EXPLAIN_PLAN);
  const TideExplainNode *root = tide_explain_get_root (plan);
  double share = 0;

  g_assert_false (tide_explain_is_analyzed (plan));
  g_assert_cmpfloat (tide_explain_get_execution_time (plan), ==, -1);
  g_assert_cmpuint (root->children->len, >, 0);
  g_assert_true (((TideExplainNode *) g_ptr_array_index (root->children, 0))->parent == root);
  for (guint i = 0; i < tide_explain_get_n_nodes (plan); i++)
    {
      g_assert_cmpuint (tide_explain_get_node (plan, i)->index, ==, i);
      share += tide_explain_get_node (plan, i)->share;
    }
  g_assert_cmpfloat_with_epsilon (share, 1, 0.001);
  g_assert_nonnull (strstr (find_node (plan, "Index Scan using big_pkey on big b")->detail, "Index Cond: (id < 100)"));
}

static void
test_analyze (void)
{
  g_autoptr(TideExplain) plan = explain ("SELECT count(*) FROM big WHERE small = 3", TIDE_EXPLAIN_ANALYZE);
  const TideExplainNode *scan = find_node (plan, "Seq Scan on big");
  const TideExplainNode *root = tide_explain_get_root (plan);
  g_autofree char *text = tide_explain_dup_text (plan);

  g_assert_true (tide_explain_is_analyzed (plan));
  g_assert_false (tide_explain_is_rolled_back (plan));
  g_assert_cmpstr (root->title, ==, "Aggregate");
  g_assert_cmpfloat (scan->real_rows, ==, 200);
  g_assert_cmpfloat (scan->removed_rows, ==, 1800);
  g_assert_cmpfloat (scan->hit_blocks + scan->read_blocks, >, 0);
  g_assert_true (scan->most_expensive && !root->most_expensive);
  g_assert_cmpfloat (root->own_time, <=, root->total_time - scan->total_time + 0.001);
  g_assert_nonnull (strstr (text, "->  Seq Scan on big"));
  g_assert_nonnull (strstr (text, "Execution Time:"));
}

/* Two columns that go together are taken to be independent: an estimate that is off by more than a factor of ten */
static void
test_estimate (void)
{
  g_autoptr(TideExplain) plan = explain ("SELECT * FROM alike WHERE a = 1 AND b = 1 AND c = 1", TIDE_EXPLAIN_ANALYZE);
  const TideExplainNode *scan = find_node (plan, "Seq Scan on alike");

  g_assert_true (scan->worst_estimate);
  g_assert_cmpfloat (scan->misjudged, >=, 10);
}

static void
test_loops (void)
{
  g_autoptr(TideExplain) plan = NULL;
  const TideExplainNode *inner;

  g_ptr_array_unref (tide_session_run (session, "SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_memoize = off;"
                                       "SET enable_material = off", NULL, NULL));
  plan = explain ("SELECT * FROM small s JOIN big b ON b.id = s.id WHERE s.id <= 5 AND false IS NOT NULL", TIDE_EXPLAIN_ANALYZE);
  inner = find_node (plan, "Index Scan using big_pkey on big b");
  g_assert_cmpfloat (inner->loops, ==, 5);
  g_assert_cmpfloat (inner->real_rows, ==, 1);
  g_assert_cmpfloat (inner->total_time, <=, tide_explain_get_root (plan)->total_time + 0.01);
  g_ptr_array_unref (tide_session_run (session, "RESET ALL", NULL, NULL));
}

static void
test_never_executed (void)
{
  g_autoptr(TideExplain) plan = explain ("SELECT * FROM small WHERE id = (SELECT max(id) FROM small WHERE id < 0) OR "
                                         "EXISTS (SELECT 1 FROM big WHERE false)", TIDE_EXPLAIN_ANALYZE);
  g_autoptr(TideExplain) join = explain ("SELECT * FROM (SELECT * FROM small WHERE id < 0 OFFSET 0) s, LATERAL "
                                         "(SELECT * FROM big b WHERE b.id = s.id OFFSET 0) x", TIDE_EXPLAIN_ANALYZE);
  gboolean found = FALSE;

  g_assert_nonnull (find_node (plan, "Result")->relationship);
  for (guint i = 0; i < tide_explain_get_n_nodes (join); i++)
    found = found || tide_explain_get_node (join, i)->never_executed;
  g_assert_true (found);
}

static void
test_changes (void)
{
  static const char *const statements[] = {
    "DELETE FROM small", "UPDATE small SET name = 'x'", "INSERT INTO small VALUES (1000, 'new')",
    "WITH gone AS (DELETE FROM small RETURNING id) SELECT count(*) FROM gone",
  };

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TideExplain) plan = explain (statements[i], TIDE_EXPLAIN_ANALYZE);
      g_autofree char *rows = tide_test_psql (conninfo, "SELECT count(*), min(name) FROM small");

      g_assert_true (tide_explain_is_rolled_back (plan));
      g_assert_cmpstr (rows, ==, "10|small");
      g_assert_null (tide_explain_run (session, statements[i], NULL, 0, TIDE_EXPLAIN_ANALYZE | TIDE_EXPLAIN_READ_ONLY, NULL, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_REFUSED);
      g_assert_cmpint (tide_session_get_transaction_status (session), ==, TIDE_TRANSACTION_IDLE);
    }
  {
    /* What the plan does not tell, the server refuses */
    g_autoptr(GError) error = NULL;

    g_assert_null (tide_explain_run (session, "SELECT add_one()", NULL, 0, TIDE_EXPLAIN_ANALYZE | TIDE_EXPLAIN_READ_ONLY, NULL,
                                     &error));
    g_assert_true (tide_error_has_sqlstate (error, "25006"));
  }
}

static void
test_in_transaction (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideExplain) plan = NULL;
  g_autoptr(TideResult) result = NULL;

  g_ptr_array_unref (tide_session_run (session, "BEGIN; INSERT INTO small VALUES (2000, 'mine')", NULL, NULL));
  plan = explain ("DELETE FROM small", TIDE_EXPLAIN_ANALYZE);
  g_assert_true (tide_explain_is_rolled_back (plan));
  g_assert_null (tide_explain_run (session, "DELETE FROM small WHERE 1 / (id - id) = 1", NULL, 0, TIDE_EXPLAIN_ANALYZE, NULL, &error));
  g_assert_cmpint (tide_session_get_transaction_status (session), ==, TIDE_TRANSACTION_OPEN);
  result = tide_session_query (session, "SELECT count(*) FROM small", NULL, 0, NULL, NULL);
  g_assert_cmpint (tide_result_get_int64 (result, 0, 0), ==, 11);
  g_ptr_array_unref (tide_session_run (session, "ROLLBACK", NULL, NULL));
}

static void
test_parameters (void)
{
  const char *params[] = { "7" };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideExplain) plan = tide_explain_run (session, "SELECT * FROM big WHERE id = $1", params, 1, TIDE_EXPLAIN_ANALYZE, NULL,
                                                  &error);

  g_assert_no_error (error);
  g_assert_cmpfloat (tide_explain_get_root (plan)->real_rows, ==, 1);
}

static void
test_refused (void)
{
  static const char *const statements[] = { "CREATE TABLE x (a int)", "", "-- nothing", "SELECT 1; SELECT 2", "VACUUM", "EXPLAIN SELECT 1" };
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_assert_null (tide_explain_run (session, statements[i], NULL, 0, TIDE_EXPLAIN_PLAN, NULL, &error));
      g_assert_nonnull (error);
      if (i > 0)
        g_assert_error (error, TIDE_ERROR, TIDE_ERROR_USAGE);
      g_clear_error (&error);
    }
  g_assert_null (tide_explain_run (session, "SELECT nonsense FROM big", NULL, 0, TIDE_EXPLAIN_PLAN, NULL, &error));
  g_assert_cmpint (tide_error_get_fields (error)->position, ==, 8);
}

static void
test_parse (void)
{
  static const char *const rubbish[] = {
    "", "{}", "[]", "[1]", "[{}]", "[{\"Plan\": 1}]", "nonsense", "[{\"Plan\": {\"Plans\": 5}", "[[[[[[",
  };
  static const char odd[] = "[{\"Plan\": {\"Plans\": [1, {\"Node Type\": \"X\", \"Plan Rows\": 5, \"Filter\": {\"a\": 1}, \"Group Key\": [1]}]}}]";
  g_autoptr(GError) error = NULL;
  g_autoptr(TideExplain) plan = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (rubbish); i++)
    {
      g_assert_null (tide_explain_parse (rubbish[i], -1, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
      g_clear_error (&error);
    }
  plan = tide_explain_parse (odd, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tide_explain_get_n_nodes (plan), ==, 2);
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  conninfo = tide_test_create_database ();
  g_free (tide_test_psql (conninfo,
                          "CREATE TABLE small (id int PRIMARY KEY, name text);"
                          "INSERT INTO small SELECT i, 'small' FROM generate_series(1, 10) i;"
                          "CREATE TABLE big (id int PRIMARY KEY, small int);"
                          "INSERT INTO big SELECT i, i % 10 FROM generate_series(1, 2000) i;"
                          "CREATE TABLE alike AS SELECT i % 10 AS a, i % 10 AS b, i % 10 AS c FROM generate_series(1, 2000) i;"
                          "CREATE FUNCTION add_one() RETURNS void LANGUAGE sql AS 'INSERT INTO small VALUES (3000, ''x'')';"
                          "ANALYZE"));
  session = tide_session_open (conninfo, NULL, &error);
  g_assert_no_error (error);
  g_test_add_func ("/explain/plan", test_plan);
  g_test_add_func ("/explain/analyze", test_analyze);
  g_test_add_func ("/explain/estimate", test_estimate);
  g_test_add_func ("/explain/loops", test_loops);
  g_test_add_func ("/explain/never-executed", test_never_executed);
  g_test_add_func ("/explain/changes", test_changes);
  g_test_add_func ("/explain/in-transaction", test_in_transaction);
  g_test_add_func ("/explain/parameters", test_parameters);
  g_test_add_func ("/explain/refused", test_refused);
  g_test_add_func ("/explain/parse", test_parse);
  status = g_test_run ();
  tide_session_close (session);
  g_clear_object (&session);
  tide_test_drop_database (conninfo);
  tide_conninfo_unref (conninfo);
  return status;
}
