/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <pg_query.h>
#include <string.h>

#include "sql/tide-sql-lexer.h"

/*
 * The lexer beside PostgreSQL's own scanner, as libpg_query has it: on the files of corpus/, and on those in the folder that
 * TIDE_SQL_CORPUS names (PostgreSQL's src/test/regress/sql is a good one). What psql reads itself (its backslash lines, the
 * data behind COPY FROM STDIN) is cut out: the scanner does not know it.
 */

typedef struct
{
  guint n_files;
  guint n_statements;
  guint n_pieces;
  guint n_refused; /* pieces that the scanner cannot read */
  guint n_differing;
} Tally;

static const char *
skip_space (const char *text,
            const char *end)
{
  while (text < end && (*text == ' ' || (*text >= '\t' && *text <= '\r')))
    text++;
  return text;
}

/* From the first to the last token that counts: the scanner's statements may have comments around them */
static void
trim (const char *text,
      gsize      *start,
      gsize      *length)
{
  TideSqlLexer lexer;
  TideSqlToken token;
  gsize first = G_MAXSIZE, end = 0;

  tide_sql_lexer_init (&lexer, text + *start, *length);
  while (tide_sql_lexer_next (&lexer, &token))
    if (token.type != TIDE_SQL_TOKEN_SPACE && token.type != TIDE_SQL_TOKEN_COMMENT && token.type != TIDE_SQL_TOKEN_SEMICOLON)
      {
        first = MIN (first, token.start);
        end = token.start + token.length;
      }
  *length = end == 0 ? 0 : end - first;
  *start += end == 0 ? 0 : first;
}

/* The scanner counts only what has a keyword in it: "xxx;" is nothing to it. */
static gboolean
has_keyword (const char             *text,
             const TideSqlStatement *statement)
{
  g_autofree char *own = g_strndup (text + statement->start, statement->length);
  PgQuerySplitResult theirs = pg_query_split_with_scanner (own);
  gboolean counts = theirs.error != NULL || theirs.n_stmts > 0;

  pg_query_free_split_result (theirs);
  return counts;
}

/* The scanner knows no BEGIN ATOMIC bodies; the grammar does. Whether it reads @statement as one, of a routine: */
static gboolean
is_atomic (const char             *text,
           const TideSqlStatement *statement)
{
  g_autofree char *own = g_strndup (text + statement->start, statement->length);
  g_autofree char *words = g_ascii_strdown (own, -1);
  PgQuerySplitResult theirs;
  gboolean whole;

  if (!g_str_has_prefix (words, "create") || strstr (words, "atomic") == NULL)
    return FALSE;
  theirs = pg_query_split_with_parser (own);
  whole = theirs.error == NULL && theirs.n_stmts == 1;
  pg_query_free_split_result (theirs);
  return whole;
}

/* (transfer full): what differs; NULL: nothing, or the scanner refuses */
static char *
compare_piece (const char *text,
               Tally      *tally)
{
  PgQuerySplitResult theirs = pg_query_split_with_scanner (text);
  g_autoptr(GArray) ours = tide_sql_split (text, -1);
  char *difference = NULL;
  gsize atomic_end = 0;
  guint n = 0;

  tally->n_pieces++;
  if (theirs.error != NULL)
    {
      tally->n_refused++;
      g_test_message ("refused: %s: %.60s", theirs.error->message, text);
      pg_query_free_split_result (theirs);
      return NULL;
    }
  for (int i = 0; i < theirs.n_stmts && difference == NULL; i++)
    {
      gsize start = theirs.stmts[i]->stmt_location;
      gsize length = theirs.stmts[i]->stmt_len;
      const TideSqlStatement *own;

      trim (text, &start, &length);
      if (length == 0 || start < atomic_end)
        continue;
      while (n < ours->len && !has_keyword (text, &g_array_index (ours, TideSqlStatement, n)))
        n++;
      own = n < ours->len ? &g_array_index (ours, TideSqlStatement, n) : NULL;
      if (own != NULL && own->start == start && is_atomic (text, own))
        {
          atomic_end = own->start + own->length;
          length = own->length;
        }
      if (own == NULL || own->start != start || own->length != length)
        difference = g_strdup_printf ("statement %u is \"%.*s\", and PostgreSQL reads \"%.*s\"", n + 1,
                                      own ? (int) own->length : 0, own ? text + own->start : "", (int) length, text + start);
      n++;
    }
  while (n < ours->len && !has_keyword (text, &g_array_index (ours, TideSqlStatement, n)))
    n++;
  tally->n_statements += n;
  if (difference == NULL && n != ours->len)
    difference = g_strdup_printf ("%u statements, and PostgreSQL reads %u", ours->len, n);
  pg_query_free_split_result (theirs);
  return difference;
}

/* Whether @statement is a COPY whose data psql takes from the script */
static gboolean
reads_script (const char             *text,
              const TideSqlStatement *statement)
{
  g_autofree char *words = g_ascii_strdown (text + statement->start, statement->length);

  return g_str_has_prefix (words, "copy ") && strstr (words, "from stdin") != NULL;
}

/* The end of the piece that starts at @text: a backslash line or COPY's data; @next (out): behind that */
static const char *
find_end (const char  *text,
          const char **next)
{
  g_autoptr(GArray) statements = tide_sql_split (text, -1);

  for (guint i = 0; i < statements->len; i++)
    {
      const TideSqlStatement *statement = &g_array_index (statements, TideSqlStatement, i);
      const char *end = text + statement->start + statement->length;

      if (statement->is_meta)
        {
          *next = end;
          return text + statement->start;
        }
      if (reads_script (text, statement))
        {
          const char *data = strstr (end, "\n\\.");

          *next = data ? data + 3 : end + strlen (end);
          return *end == ';' ? end + 1 : end;
        }
    }
  *next = text + strlen (text);
  return *next;
}

static void
compare_file (const char *path,
              Tally      *tally)
{
  g_autofree char *text = NULL;
  const char *end;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  tally->n_files++;
  for (const char *next = text; *next != '\0'; next = end)
    {
      const char *stop = find_end (next, &end);
      g_autofree char *piece = g_strndup (next, stop - next);
      g_autofree char *difference = skip_space (next, stop) == stop ? NULL : compare_piece (piece, tally);

      if (difference != NULL)
        {
          tally->n_differing++;
          g_test_message ("%s: %s", path, difference);
        }
      if (end == next)
        break;
    }
}

static void
compare_folder (const char *path,
                Tally      *tally)
{
  g_autoptr(GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  g_assert_nonnull (folder);
  while ((name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_suffix (name, ".sql"))
      {
        g_autofree char *file = g_build_filename (path, name, NULL);

        compare_file (file, tally);
      }
}

static void
test_corpus (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "sql", "corpus", NULL);
  Tally tally = { 0 };

  compare_folder (path, &tally);
  g_test_message ("%u files, %u pieces, %u statements", tally.n_files, tally.n_pieces, tally.n_statements);
  g_assert_cmpuint (tally.n_statements, >, 70);
  g_assert_cmpuint (tally.n_refused, ==, 0);
  g_assert_cmpuint (tally.n_differing, ==, 0);
}

static void
test_large_corpus (void)
{
  const char *path = g_getenv ("TIDE_SQL_CORPUS");
  Tally tally = { 0 };

  if (path == NULL)
    {
      g_test_skip ("TIDE_SQL_CORPUS names no folder");
      return;
    }
  compare_folder (path, &tally);
  g_test_message ("%u files, %u pieces, %u statements, %u pieces that the scanner refuses", tally.n_files, tally.n_pieces,
                  tally.n_statements, tally.n_refused);
  g_assert_cmpuint (tally.n_statements, >, 0);
  g_assert_cmpuint (tally.n_differing, ==, 0);
}

static gboolean
is_unterminated (const char *text)
{
  g_autoptr(GArray) statements = tide_sql_split (text, -1);

  return statements->len > 0 && g_array_index (statements, TideSqlStatement, statements->len - 1).unterminated;
}

/* Every beginning of a text, as it is while it is typed: both say alike whether a quote or a comment is open at its end */
static void
test_beginnings (void)
{
  static const char *const names[] = { "bodies.sql", "comments.sql", "quotes.sql" };
  guint n_open = 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_test_build_filename (G_TEST_DIST, "sql", "corpus", names[i], NULL);
      g_autofree char *text = NULL;

      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      for (const char *end = text; *end != '\0'; end = g_utf8_next_char (end))
        {
          g_autofree char *beginning = g_strndup (text, end - text);
          PgQuerySplitResult theirs = pg_query_split_with_scanner (beginning);
          gboolean open = theirs.error != NULL && g_str_has_prefix (theirs.error->message, "unterminated");

          /* It may stumble over half an escape before it sees that the quote is open */
          if (is_unterminated (beginning) != open && (theirs.error == NULL || open))
            g_error ("%s, %zu bytes: %s", names[i], strlen (beginning), theirs.error ? theirs.error->message : "not open");
          n_open += open;
          pg_query_free_split_result (theirs);
        }
    }
  g_assert_cmpuint (n_open, >, 500);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sql/agree/corpus", test_corpus);
  g_test_add_func ("/sql/agree/large-corpus", test_large_corpus);
  g_test_add_func ("/sql/agree/beginnings", test_beginnings);
  return g_test_run ();
}
