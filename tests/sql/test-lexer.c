/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <pg_query.h>

#include "sql/tide-sql-lexer.h"

/* Scripts that PostgreSQL's own grammar splits; ours must agree with it */
static const char *const corpus[] = {
  "",
  ";;;",
  " ; -- only\n /* comments */ ;",
  "SELECT 1",
  "SELECT 1;SELECT 2",
  "SELECT ';'; SELECT ''';'; SELECT E'\\';'; SELECT E'a\\\\'; SELECT 'a\\'; SELECT 2",
  "SELECT E'a'\n  'b\\';c'; SELECT 1",
  "SELECT 'a'\n'b;c'; SELECT 1",
  "SELECT \";\"; SELECT \"a\"\";b\"; SELECT U&\"d\\0061;t\"; SELECT U&'d\\0061;t'; SELECT u&';' UESCAPE '!'",
  "SELECT B'01'; SELECT X'1F'; SELECT N';'; SELECT b'1'",
  "SELECT $$;$$; SELECT $a$ $$;$$ $b$;$b$ $a$; SELECT $_1$;$_1$; SELECT $\xC3\xA9$;$\xC3\xA9$",
  "SELECT a$$ FROM b$$; SELECT a$b$c",
  "/* a /* b ; */ c ; */ SELECT 1; /*/ ; */ SELECT 2; /**/ SELECT 3",
  "SELECT 1 -- ; '\n; SELECT 2 --",
  "SELECT 1 --\r; SELECT 2\r\n; SELECT 3",
  "SELECT 1-- x;\n+2; SELECT 3*/* ; */4; SELECT 5 <--;\n 6",
  "SELECT 1 +-+ 2; SELECT @-1; SELECT 4 /2; SELECT - -1",
  "SELECT 1.5e10, .5, 5., 1e-3, 1E+3; SELECT (ARRAY[1,2])[1:2]",
  "PREPARE a AS SELECT $1; PREPARE b AS SELECT $1+$2",
  "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2); SELECT 3",
  "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$; SELECT 1",
  "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 3",
  ("CREATE OR REPLACE FUNCTION f(a int) RETURNS int BEGIN ATOMIC SELECT CASE WHEN a > 1 THEN 2 ELSE 3 END; "
  "SELECT CASE a WHEN 1 THEN CASE WHEN true THEN 4 END END; END; SELECT 5"),
  "CREATE PROCEDURE p() BEGIN ATOMIC INSERT INTO t VALUES (1); END; CALL p()",
  "CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS 'SELECT 1'; SELECT 1",
  "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1 AS end; SELECT 2; END; SELECT 3",
  "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT (CASE WHEN true THEN 1 END); END; SELECT 3",
  "BEGIN; SELECT 1; COMMIT; END",
  "CREATE TABLE \xC3\xBC\xF0\x9F\x98\x80 (\"\xF0\x9F\x98\x80;\" int); SELECT '\xF0\x9F\x98\x80;'",
  "DO $do$ BEGIN EXECUTE 'SELECT 1;'; EXECUTE $x$ SELECT 2; $x$; END $do$; SELECT 1",
  "SELECT '/*'; SELECT 1 /* ' */; SELECT '--'; SELECT \"/*\"; SELECT $$/*$$; SELECT 2 -- '",
  "COMMENT ON TABLE t IS 'it''s; fine'; SELECT 1",
  "SELECT 1;\f\tSELECT 2",
  "CREATE FUNCTION f() RETURNS trigger AS '\nBEGIN\n  NEW.a := ''x;y'';\n  RETURN NEW;\nEND;\n' LANGUAGE plpgsql; SELECT 1",
};

static gboolean
is_blank (const char *text,
          gsize       from,
          gsize       to)
{
  TideSqlLexer lexer;
  TideSqlToken token;

  tide_sql_lexer_init (&lexer, text, to);
  lexer.offset = from;
  while (tide_sql_lexer_next (&lexer, &token))
    if (token.type != TIDE_SQL_TOKEN_SPACE && token.type != TIDE_SQL_TOKEN_COMMENT)
      return FALSE;
  return TRUE;
}

static void
compare_split (const char *text)
{
  PgQuerySplitResult expected = pg_query_split_with_parser (text);
  g_autoptr(GArray) statements = tide_sql_split (text, -1);
  guint n = 0;

  g_test_message ("%s", text);
  if (expected.error != NULL)
    g_error ("%s", expected.error->message);
  for (int i = 0; i < expected.n_stmts; i++)
    {
      gsize start = expected.stmts[i]->stmt_location;
      gsize end = start + expected.stmts[i]->stmt_len;
      const TideSqlStatement *ours;

      if (is_blank (text, start, end))
        continue;
      g_assert_cmpuint (n, <, statements->len);
      ours = &g_array_index (statements, TideSqlStatement, n++);
      g_assert_cmpuint (ours->start, >=, start);
      g_assert_cmpuint (ours->start + ours->length, <=, end);
      g_assert_true (is_blank (text, start, ours->start));
      g_assert_true (is_blank (text, ours->start + ours->length, end));
      g_assert_false (ours->unterminated || ours->is_meta);
    }
  g_assert_cmpuint (n, ==, statements->len);
  pg_query_free_split_result (expected);
}

static void
test_corpus (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (corpus); i++)
    compare_split (corpus[i]);
}

/* libpg_query's scanner stumbles over this; the server joins the parts, and both know backslashes */
static void
test_continued_string (void)
{
  g_autoptr(GArray) joined = tide_sql_split ("SELECT E'a' -- why\n 'b\\';c'; SELECT 1", -1);
  g_autoptr(GArray) apart = tide_sql_split ("SELECT E'a' 'b\\'; SELECT 1", -1);

  g_assert_cmpuint (joined->len, ==, 2);
  g_assert_cmpuint (apart->len, ==, 2);
}

/* All pairs in one script: what one leaves open would swallow the next */
static void
test_corpus_joined (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (corpus); i++)
    for (guint j = 0; j < G_N_ELEMENTS (corpus); j++)
      {
        g_autofree char *script = g_strconcat (corpus[i], "\n;", corpus[j], NULL);

        compare_split (script);
      }
}

static void
test_unterminated (void)
{
  static const char *const open[] = {
    "SELECT 'a", "SELECT \"a", "SELECT $$a", "SELECT $a$ $$", "SELECT E'a\\'", "SELECT 1; /* a /* b */",
    "/*", "SELECT U&'a", "SELECT E'a'\n'b",
  };

  for (guint i = 0; i < G_N_ELEMENTS (open); i++)
    {
      g_autoptr(GArray) statements = tide_sql_split (open[i], -1);

      g_test_message ("%s", open[i]);
      g_assert_cmpuint (statements->len, >, 0);
      g_assert_true (g_array_index (statements, TideSqlStatement, statements->len - 1).unterminated);
    }
}

static void
test_meta (void)
{
  const char *script = "SELECT 1;\n\\set x 1; 2\nSELECT '\\d' \\gset\nSELECT 3";
  g_autoptr(GArray) statements = tide_sql_split (script, -1);
  static const struct { const char *text; gboolean is_meta; int line; } expected[] = {
    { "SELECT 1", FALSE, 1 }, { "\\set x 1; 2", TRUE, 2 }, { "SELECT '\\d'", FALSE, 3 }, { "\\gset", TRUE, 3 },
    { "SELECT 3", FALSE, 4 },
  };

  g_assert_cmpuint (statements->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < statements->len; i++)
    {
      const TideSqlStatement *statement = &g_array_index (statements, TideSqlStatement, i);
      g_autofree char *text = g_strndup (script + statement->start, statement->length);

      g_assert_cmpstr (text, ==, expected[i].text);
      g_assert_cmpint (statement->is_meta, ==, expected[i].is_meta);
      g_assert_cmpint (statement->line, ==, expected[i].line);
    }
}

static void
test_lines (void)
{
  const char *script = "-- a\r\n/* b\n*/ SELECT\n 1;\n\nSELECT '\n\n'; SELECT 2";
  g_autoptr(GArray) statements = tide_sql_split (script, -1);
  static const int expected[] = { 3, 6, 8 };

  g_assert_cmpuint (statements->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < statements->len; i++)
    {
      const TideSqlStatement *statement = &g_array_index (statements, TideSqlStatement, i);

      g_assert_cmpint (statement->line, ==, expected[i]);
      g_assert_cmpint (tide_sql_line_of_offset (script, strlen (script), statement->start), ==, expected[i]);
    }
  g_assert_cmpint (tide_sql_line_of_offset (script, strlen (script), 10000), ==, 8);
}

static void
test_positions (void)
{
  const char *text = "a\xC3\xA9\xF0\x9F\x98\x80z";

  g_assert_cmpuint (tide_sql_offset_of_position (text, strlen (text), 1), ==, 0);
  g_assert_cmpuint (tide_sql_offset_of_position (text, strlen (text), 3), ==, 3);
  g_assert_cmpuint (tide_sql_offset_of_position (text, strlen (text), 4), ==, 7);
  g_assert_cmpuint (tide_sql_offset_of_position (text, strlen (text), 40), ==, strlen (text));
  g_assert_cmpuint (tide_sql_offset_of_position (text, strlen (text), 0), ==, 0);
}

static void
test_token_types (void)
{
  static const struct { const char *text; TideSqlTokenType type; } expected[] = {
    { "SELECT", TIDE_SQL_TOKEN_WORD }, { " ", TIDE_SQL_TOKEN_SPACE }, { "$1", TIDE_SQL_TOKEN_PARAMETER },
    { "::", TIDE_SQL_TOKEN_OPERATOR }, { "\"x\"", TIDE_SQL_TOKEN_QUOTED_NAME }, { ",", TIDE_SQL_TOKEN_OPERATOR },
    { "1.5e-3", TIDE_SQL_TOKEN_NUMBER }, { "||", TIDE_SQL_TOKEN_OPERATOR }, { "E'a'", TIDE_SQL_TOKEN_STRING },
    { "--c", TIDE_SQL_TOKEN_COMMENT }, { "\n", TIDE_SQL_TOKEN_SPACE }, { ";", TIDE_SQL_TOKEN_SEMICOLON },
    { "\\q", TIDE_SQL_TOKEN_META },
  };
  const char *text = "SELECT $1::\"x\",1.5e-3||E'a'--c\n;\\q";
  TideSqlLexer lexer;
  TideSqlToken token;
  guint i = 0;

  tide_sql_lexer_init (&lexer, text, -1);
  while (tide_sql_lexer_next (&lexer, &token))
    {
      g_autofree char *got = g_strndup (text + token.start, token.length);

      /* "::" is not an operator character run for the lexer: it comes as two */
      if (strcmp (got, ":") == 0)
        {
          g_assert_true (tide_sql_lexer_next (&lexer, &token));
          g_free (got);
          got = g_strdup ("::");
        }
      g_assert_cmpuint (i, <, G_N_ELEMENTS (expected));
      g_assert_cmpstr (got, ==, expected[i].text);
      g_assert_cmpint (token.type, ==, expected[i].type);
      i++;
    }
  g_assert_cmpuint (i, ==, G_N_ELEMENTS (expected));
  g_assert_cmpint (token.type, ==, TIDE_SQL_TOKEN_END);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lexer/corpus", test_corpus);
  g_test_add_func ("/lexer/corpus-joined", test_corpus_joined);
  g_test_add_func ("/lexer/continued-string", test_continued_string);
  g_test_add_func ("/lexer/unterminated", test_unterminated);
  g_test_add_func ("/lexer/meta", test_meta);
  g_test_add_func ("/lexer/lines", test_lines);
  g_test_add_func ("/lexer/positions", test_positions);
  g_test_add_func ("/lexer/token-types", test_token_types);
  return g_test_run ();
}
