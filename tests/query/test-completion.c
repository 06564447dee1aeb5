/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "query/tide-completion-catalog.h"
#include "query/tide-completion.h"
#include "support/tide-test.h"
#include "wire/tide-session.h"

/* What a person has on the screen, the caret as a bar, and what is proposed there: texts in this order at the top; behind a
 * plus: anywhere; behind a minus: nowhere. Separated by " ; ". */
typedef struct
{
  const char *text;
  const char *proposals;
} Case;

static const char schema[] =
  "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL, name text, created_at timestamptz);"
  "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users, total numeric(10,2), \"order\" int);"
  "CREATE TABLE order_lines (order_id bigint REFERENCES orders, line int, product text, PRIMARY KEY (order_id, line));"
  "CREATE TABLE \"User\" (id text PRIMARY KEY, \"userId\" text, \"Größe\" int);"
  "CREATE TABLE \"Post\" (id text PRIMARY KEY, \"authorId\" text REFERENCES \"User\");"
  "CREATE VIEW active_users AS SELECT id, email FROM users;"
  "CREATE SCHEMA shop; CREATE TABLE shop.articles (sku text PRIMARY KEY, price numeric);"
  "CREATE TYPE mood AS ENUM ('sad', 'glad');"
  "CREATE FUNCTION add_up(a int, b int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT a + b';"
  "CREATE FUNCTION shop.discount(p numeric) RETURNS numeric LANGUAGE sql AS 'SELECT p';"
  "COMMENT ON TABLE users IS 'who they are';";

static const Case cases[] = {
  /* Tables */
  { "SELECT * FROM us|", "users" },
  { "select * from |", "+users ; +orders ; +\"User\" ; +active_users ; +shop.articles ; -pg_class" },
  { "SELECT * FROM pg_cl|", "pg_class" },
  { "SELECT * FROM Us|", "\"User\" ; users" },
  { "SELECT * FROM \"Us|", "\"User\" ; \"users\"" },
  { "SELECT * FROM shop.|", "articles ; -users" },
  { "SELECT * FROM art|", "shop.articles" },
  { "SELECT * FROM users, or|", "orders ; order_lines" },
  { "SELECT * FROM users JOIN |", "orders" },
  { "SELECT * FROM users WHERE id IN (SELECT user_id FROM or|)", "orders" },
  { "SELECT * FROM (users JOIN or|", "orders" },
  { "SELECT * FROM ol|", "order_lines" },
  { "INSERT INTO us|", "users" },
  { "UPDATE us|", "users" },
  { "DELETE FROM us|", "users" },
  { "DROP TABLE IF EXISTS us|", "users" },
  { "ALTER TABLE us|", "users" },
  { "TRUNCATE us|", "users" },
  { "CREATE INDEX ON us|", "users" },
  { "CREATE TABLE x (a bigint REFERENCES us|", "users" },
  /* Columns */
  { "SELECT | FROM users", "id ; email ; name ; created_at ; +users" },
  { "SELECT u.| FROM users u", "id ; email ; name ; created_at ; -total" },
  { "SELECT u.e| FROM users AS u", "email" },
  { "SELECT users.| FROM users", "id ; email" },
  { "SELECT public.users.| FROM public.users", "id ; email" },
  { "SELECT ca| FROM users", "+created_at" },
  { "SELECT mail| FROM users", "email" },
  { "SELECT * FROM \"User\" x WHERE x.u|", "\"userId\"" },
  { "SELECT * FROM \"User\" WHERE userid|", "\"userId\"" },
  { "SELECT * FROM \"User\" x WHERE x.\"us|", "\"userId\"" },
  { "SELECT * FROM \"User\" x WHERE x.gr|", "\"Größe\"" },
  { "SELECT * FROM orders WHERE ord|", "\"order\"" },
  { "SELECT * FROM users u, orders o WHERE i|", "u.id ; o.id ; +IN" },
  { "SELECT * FROM users u WHERE EXISTS (SELECT 1 FROM orders o WHERE o.|", "id ; user_id ; total" },
  { "SELECT * FROM users u WHERE EXISTS (SELECT 1 FROM orders o WHERE o.user_id = u.|", "id ; email" },
  { "SELECT count(| FROM users", "id ; email" },
  { "SELECT coalesce(u.na|, '') FROM users u", "name" },
  { "SELECT * FROM users ORDER BY cr|", "created_at" },
  { "SELECT total * 2 AS twice FROM orders ORDER BY tw|", "twice" },
  { "SELECT * FROM users GROUP BY em|", "email" },
  { "SELECT row_number() OVER (PARTITION BY us| ORDER BY id) FROM orders", "user_id" },
  { "SELECT extract(year FROM cr|) FROM users", "created_at" },
  { "SELECT * FROM users WHERE email IS DISTINCT FROM na|", "name" },
  { "SELECT 1 UNION SELECT to| FROM orders", "total" },
  { "SELECT em| FROM users UNION SELECT total FROM orders", "email ; -total" },
  { "SELECT shop.articles.| ", "sku ; price" },
  { "SELECT 1; SELECT e| FROM users; SELECT total FROM orders", "email ; -total" },
  /* CTEs and subqueries */
  { "WITH recent AS (SELECT id, total AS amount FROM orders) SELECT r.| FROM recent r", "id ; amount ; -total" },
  { "WITH recent AS (SELECT id FROM orders) SELECT * FROM re|", "recent" },
  { "WITH a (x, y) AS (SELECT 1, 2) SELECT | FROM a", "x ; y" },
  { "WITH a AS (SELECT * FROM users), b AS (SELECT a.*, 1 AS one FROM a) SELECT b.| FROM b", "id ; email ; name ; created_at ; one" },
  { "WITH a AS (SELECT id FROM users WHERE na|) SELECT 1", "name ; -total" },
  { "WITH gone AS (DELETE FROM orders WHERE id = 1 RETURNING id, total) SELECT gone.| FROM gone", "id ; total" },
  { "SELECT s.| FROM (SELECT u.id, upper(email) AS loud, count(*), total::int FROM users u, orders) s",
    "id ; loud ; count ; total" },
  { "SELECT s.| FROM (SELECT CASE WHEN true THEN 1 END, coalesce(1, 2), max(id) m FROM users) AS s", "\"case\" ; coalesce ; m" },
  { "SELECT v.| FROM (VALUES (1, 2), (3, 4)) v", "column1 ; column2" },
  { "SELECT v.| FROM (VALUES (1, 2)) v (first, second)", "first ; second" },
  { "SELECT s.| FROM (SELECT id, FROM users) s", "id" },
  { "SELECT u.| FROM users u WHERE u.id = ANY (SELECT 1 FROM", "id ; email" },
  { "SELECT l.| FROM users u, LATERAL (SELECT o.total FROM orders o WHERE o.user_id = u.id) l", "total ; -id" },
  /* Joins */
  { "SELECT * FROM users u JOIN orders o ON |", "o.user_id = u.id" },
  { "SELECT * FROM users u JOIN orders o ON o|", "o.user_id = u.id ; o" },
  { "SELECT * FROM orders JOIN users ON |", "orders.user_id = users.id" },
  { "SELECT * FROM users u JOIN orders o ON o.user_id = u.id JOIN order_lines l ON |", "l.order_id = o.id ; o.user_id = u.id" },
  { "SELECT * FROM \"Post\" p JOIN \"User\" a ON |", "p.\"authorId\" = a.id" },
  { "SELECT * FROM users JOIN orders USING (|", "id ; -total" },
  /* Writing */
  { "INSERT INTO users (|", "id ; email ; name ; created_at" },
  { "INSERT INTO users (id, |", "email ; name ; created_at ; -id" },
  { "INSERT INTO users (id, na|) VALUES (1, 2)", "name" },
  { "INSERT INTO \"User\" (u|", "\"userId\"" },
  { "INSERT INTO users (id) VALUES (1) ON CONFLICT (|", "id ; email" },
  { "INSERT INTO users (id) VALUES (1) RETURNING em|", "email" },
  { "UPDATE users SET |", "id ; email ; -total" },
  { "UPDATE users SET email = 'x', na|", "name" },
  { "UPDATE users SET email = na|", "name" },
  { "UPDATE shop.articles SET pr|", "price" },
  { "UPDATE users SET name = 'x' WHERE em|", "email" },
  { "UPDATE users u SET name = o.total FROM orders o WHERE o.us|", "user_id" },
  { "DELETE FROM users WHERE em|", "email" },
  { "DELETE FROM users u USING orders o WHERE o.to|", "total" },
  { "ALTER TABLE users DROP COLUMN na|", "name" },
  { "ALTER TABLE shop.articles ALTER COLUMN pr|", "price" },
  { "CREATE INDEX ON users (em|", "email" },
  { "CREATE INDEX ON users USING btree (em|", "email" },
  /* Types, functions, words */
  { "SELECT 'sad'::mo|", "mood" },
  { "SELECT CAST(1 AS bigi|", "bigint" },
  { "CREATE TABLE x (a timestampt|", "timestamptz" },
  { "SELECT add_|", "add_up(" },
  { "SELECT shop.d|", "discount(" },
  { "SELECT string_a|", "string_agg(" },
  { "CALL pg_|", "" },
  { "SEL|", "SELECT" },
  { "sel|", "select" },
  { "SELECT id fr|", "FROM" },
  { "SELECT * FROM users wh|", "WHERE" },
  { "select * from users wh|", "where" },
  { "SELECT * FROM users LEFT J|", "" },
  { "SELECT * FROM users ORDER BY id de|", "DESC" },
  { "EXPLAIN sel|", "SELECT" },
  { "EXPLAIN (ANALYZE) UPD|", "UPDATE" },
  { "SELECT * FROM users AS |", "-users ; -id" },
  /* Where nothing is proposed */
  { "SELECT 'us|'", "-users" },
  { "SELECT 'us|", "-users" },
  { "SELECT 1 -- us|", "-users" },
  { "/* us| */ SELECT 1", "-users" },
  { "SELECT $$ us| $$", "-users" },
  { "SELECT 12|", "-users" },
  /* Rubbish */
  { "))) ((( FROM us|", "" },
  { "SELECT FROM WHERE JOIN ON , , |", "" },
  { "WITH WITH a AS (|", "" },
  { "\"|", "" },
  { ".|", "" },
  { "a.b.c.d.e|", "" },
  { "|", "+SELECT ; +INSERT INTO" },
};

static TideConninfo *conninfo;
static TideOutline *outline;

static int
find_proposal (TideProposals *proposals,
               const char    *text)
{
  for (guint i = 0; i < proposals->proposals->len; i++)
    if (g_str_equal (((TideProposal *) g_ptr_array_index (proposals->proposals, i))->text, text))
      return (int) i;
  return -1;
}

static char *
describe (TideProposals *proposals)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < MIN (proposals->proposals->len, 10); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " ; " : "", ((TideProposal *) g_ptr_array_index (proposals->proposals, i))->text);
  return g_string_free (text, FALSE);
}

static TideProposals *
propose (const TideOutline *names,
         const char        *marked)
{
  const char *bar = strrchr (marked, '|');
  g_autofree char *text = g_strdup_printf ("%.*s%s", (int) (bar - marked), marked, bar + 1);

  return tide_completion_propose (names, text, strlen (text), bar - marked);
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_autoptr(TideProposals) proposals = propose (outline, test->text);
  g_auto(GStrv) expected = g_strsplit (test->proposals, " ; ", -1);
  g_autofree char *found = describe (proposals);
  int top = 0;

  for (guint i = 0; expected[i] != NULL && *expected[i] != '\0'; i++)
    {
      gboolean ordered = *expected[i] != '+' && *expected[i] != '-';
      int place = find_proposal (proposals, expected[i] + !ordered);

      if (*expected[i] == '-' ? place >= 0 : ordered ? place != top++ : place < 0)
        g_error ("%s: \"%s\" is at %d among: %s", test->text, expected[i], place, found);
    }
}

/* What is proposed anywhere in a text is there without reading past it: every beginning of every case */
static void
test_beginnings (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *text = cases[i].text;

      for (gsize caret = 0; caret <= strlen (text); caret++)
        {
          /* On the heap and without a byte too much, so that a sanitizer sees it */
          g_autofree char *exact = g_memdup2 (text, strlen (text) + 1);
          g_autoptr(TideProposals) whole = tide_completion_propose (outline, exact, strlen (text), caret);
          g_autoptr(TideProposals) part = tide_completion_propose (outline, exact, caret, caret);

          g_assert_cmpuint (whole->start, <=, caret);
          g_assert_cmpuint (part->start, <=, caret);
        }
    }
}

static void
test_details (void)
{
  g_autoptr(TideProposals) columns = propose (outline, "SELECT tot| FROM orders");
  g_autoptr(TideProposals) functions = propose (outline, "SELECT add_u|");
  g_autoptr(TideProposals) tables = propose (outline, "SELECT * FROM users|");
  TideProposal *column = g_ptr_array_index (columns->proposals, 0);
  TideProposal *function = g_ptr_array_index (functions->proposals, 0);
  TideProposal *table = g_ptr_array_index (tables->proposals, 0);

  g_assert_cmpstr (column->detail, ==, "numeric(10,2)");
  g_assert_cmpint (column->kind, ==, TIDE_PROPOSAL_COLUMN);
  g_assert_cmpuint (columns->start, ==, 7);
  g_assert_cmpstr (function->detail, ==, "(a integer, b integer DEFAULT 2) → integer");
  g_assert_cmpstr (table->text, ==, "users");
  g_assert_cmpstr (table->detail, ==, "public");
  g_assert_cmpstr (table->comment, ==, "who they are");
}

static void
test_disconnected (void)
{
  g_autoptr(TideProposals) first = propose (NULL, "sel|");
  g_autoptr(TideProposals) alias = propose (NULL, "WITH a AS (SELECT 1 AS one) SELECT a.| FROM a");
  g_autoptr(TideProposals) table = propose (NULL, "SELECT * FROM us|");

  g_assert_cmpint (find_proposal (first, "select"), ==, 0);
  g_assert_cmpint (find_proposal (alias, "one"), ==, 0);
  g_assert_cmpint (find_proposal (table, "users"), ==, -1);
}

static void
test_outline (void)
{
  const TideOutlineRelation *lines = tide_outline_find_relation (outline, "public", "order_lines");
  const TideOutlineRelation *orders = tide_outline_find_relation (outline, NULL, "orders");
  const TideOutlineKey *keys;
  const TideOutlineColumn *columns;
  guint n;

  g_assert_null (tide_outline_find_relation (outline, NULL, "articles"));
  g_assert_nonnull (tide_outline_find_relation (outline, "shop", "articles"));
  g_assert_nonnull (tide_outline_find_relation (outline, NULL, "pg_class"));
  columns = tide_outline_get_columns (outline, lines, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_true (columns[0].in_key && columns[1].in_key && !columns[2].in_key && columns[1].not_null);
  keys = tide_outline_get_keys (outline, lines, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_true (keys[0].kind == 'p' && keys[1].kind == 'f' && keys[1].target == orders->oid);
  g_assert_cmpstr (keys[0].columns[1], ==, "line");
  g_assert_cmpstr (keys[1].target_columns[0], ==, "id");
  tide_outline_get_schemas (outline, &n);
  g_assert_cmpuint (n, ==, 4);
}

/* What stands in somebody's session is offered there, before all else, and nowhere else. */
static void
test_temporary (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSession) session = tide_session_open (conninfo, NULL, &error);
  g_autoptr(TideOutline) nothing = tide_outline_read_temporary (session, NULL, &error);
  g_autoptr(TideOutline) temporary = NULL;
  g_autoptr(TideOutline) joined = NULL;
  g_autoptr(TideProposals) tables = NULL;
  g_autoptr(TideProposals) columns = NULL;
  guint n;

  g_assert_no_error (error);
  tide_outline_get_relations (nothing, &n);
  g_assert_cmpuint (n, ==, 0);
  g_ptr_array_unref (tide_session_run (session, "BEGIN; CREATE TEMPORARY TABLE usage (id int PRIMARY KEY, used_at date);"
                                       "CREATE TEMPORARY TABLE orders (mine text)", NULL, &error));
  g_assert_no_error (error);
  temporary = tide_outline_read_temporary (session, NULL, &error);
  g_assert_no_error (error);
  joined = tide_outline_join (outline, temporary);
  tables = propose (joined, "SELECT * FROM us|");
  g_assert_cmpint (find_proposal (tables, "usage"), >=, 0);
  g_assert_cmpint (find_proposal (tables, "users"), >=, 0);
  columns = propose (joined, "SELECT o.| FROM pg_temp.usage u, orders o");
  g_assert_cmpint (find_proposal (columns, "mine"), ==, 0);
  g_assert_cmpint (find_proposal (columns, "total"), ==, -1);
  g_assert_null (tide_outline_find_relation (outline, NULL, "usage"));
  g_assert_nonnull (tide_outline_find_relation (joined, "pg_temp", "usage"));
  g_assert_nonnull (tide_outline_find_relation (joined, "shop", "articles"));
  tide_session_close (session);
}

static void
wait_for_outline (TideCompletionCatalog *catalog)
{
  while (tide_completion_catalog_is_loading (catalog))
    g_main_context_iteration (NULL, TRUE);
}

static void
test_catalog (void)
{
  g_autoptr(TideCompletionCatalog) catalog = tide_completion_catalog_new ();
  g_autoptr(TideConninfo) wrong = tide_conninfo_copy (conninfo);

  g_assert_null (tide_completion_catalog_get_outline (catalog));
  tide_completion_catalog_set_conninfo (catalog, conninfo);
  wait_for_outline (catalog);
  g_assert_no_error ((GError *) tide_completion_catalog_get_error (catalog));
  g_assert_null (tide_outline_find_relation (tide_completion_catalog_get_outline (catalog), NULL, "born_later"));

  g_free (tide_test_psql (conninfo, "CREATE TABLE born_later (a int)"));
  tide_completion_catalog_invalidate (catalog);
  tide_completion_catalog_invalidate (catalog);
  wait_for_outline (catalog);
  g_assert_nonnull (tide_outline_find_relation (tide_completion_catalog_get_outline (catalog), NULL, "born_later"));

  tide_conninfo_set (wrong, "dbname", "tide_no_such_database");
  tide_completion_catalog_set_conninfo (catalog, wrong);
  g_assert_null (tide_completion_catalog_get_outline (catalog));
  wait_for_outline (catalog);
  g_assert_nonnull (tide_completion_catalog_get_error (catalog));
  tide_completion_catalog_set_conninfo (catalog, conninfo);
  tide_completion_catalog_set_conninfo (catalog, NULL);
  g_assert_false (tide_completion_catalog_is_loading (catalog));
}

static void
test_tags (void)
{
  g_assert_true (tide_completion_changes_catalog ("CREATE TABLE", FALSE));
  g_assert_true (tide_completion_changes_catalog ("DROP SCHEMA", FALSE));
  g_assert_true (tide_completion_changes_catalog ("COMMIT", FALSE));
  g_assert_true (tide_completion_changes_catalog ("DO", FALSE));
  g_assert_false (tide_completion_changes_catalog ("SELECT 5", TRUE));
  g_assert_true (tide_completion_changes_catalog ("SELECT 5", FALSE));
  g_assert_false (tide_completion_changes_catalog ("INSERT 0 1", FALSE));
  g_assert_false (tide_completion_changes_catalog ("DOUBLE", FALSE));
}

static void
test_quote (void)
{
  static const char *const pairs[][2] = {
    { "users", "users" }, { "User", "\"User\"" }, { "order", "\"order\"" }, { "a b", "\"a b\"" }, { "1a", "\"1a\"" },
    { "a\"b", "\"a\"\"b\"" }, { "größe", "größe" }, { "Ärger", "\"Ärger\"" }, { "a$", "\"a$\"" }, { "name", "name" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *quoted = tide_completion_quote (pairs[i][0]);

      g_assert_cmpstr (quoted, ==, pairs[i][1]);
    }
}

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  conninfo = tide_test_create_database ();
  if (conninfo != NULL)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TideSession) session = NULL;

      g_free (tide_test_psql (conninfo, schema));
      session = tide_session_open (conninfo, NULL, &error);
      g_assert_no_error (error);
      outline = tide_outline_read (session, NULL, &error);
      g_assert_no_error (error);
      for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        {
          g_autofree char *path = g_strdup_printf ("/completion/case/%u", i);

          g_test_add_data_func (path, &cases[i], test_case);
        }
      g_test_add_func ("/completion/beginnings", test_beginnings);
      g_test_add_func ("/completion/details", test_details);
      g_test_add_func ("/completion/outline", test_outline);
      g_test_add_func ("/completion/temporary", test_temporary);
      g_test_add_func ("/completion/catalog", test_catalog);
    }
  g_test_add_func ("/completion/disconnected", test_disconnected);
  g_test_add_func ("/completion/tags", test_tags);
  g_test_add_func ("/completion/quote", test_quote);
  status = g_test_run ();
  g_clear_pointer (&outline, tide_outline_unref);
  if (conninfo != NULL)
    tide_test_drop_database (conninfo);
  g_clear_pointer (&conninfo, tide_conninfo_unref);
  return status;
}
