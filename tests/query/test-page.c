/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "query/tide-query-format.h"
#include "query/tide-query-history.h"
#include "query/tide-query-journal.h"
#include "query/tide-query-mask.h"
#include "query/tide-query-statement.h"
#include "query/tide-query-values.h"
#include "support/tide-test.h"

static void
test_mask (void)
{
  static const char * const table[][2] = {
    { "ALTER ROLE ada PASSWORD 'secret'", "ALTER ROLE ada PASSWORD ‹hidden›" },
    { "create user ada with encrypted password 's''ecret' login", "create user ada with encrypted password ‹hidden› login" },
    { "ALTER ROLE ada PASSWORD /* why */ E'sec\\'ret';", "ALTER ROLE ada PASSWORD /* why */ ‹hidden›;" },
    { "ALTER ROLE ada PASSWORD $x$secret$x$", "ALTER ROLE ada PASSWORD ‹hidden›" },
    { "ALTER ROLE ada PASSWORD 'secret", "ALTER ROLE ada PASSWORD ‹hidden›" },
    { "ALTER ROLE ada PASSWORD NULL", "ALTER ROLE ada PASSWORD NULL" },
    { "CREATE USER MAPPING FOR ada SERVER s OPTIONS (user 'ada', password 'secret')",
      "CREATE USER MAPPING FOR ada SERVER s OPTIONS (user 'ada', password ‹hidden›)" },
    { "CREATE SUBSCRIPTION s CONNECTION 'host=a password=secret user=b' PUBLICATION p",
      "CREATE SUBSCRIPTION s CONNECTION 'host=a password=‹hidden› user=b' PUBLICATION p" },
    { "SELECT dblink('password = ''se cret'' host=a')", "SELECT dblink('password = ‹hidden› host=a')" },
    { "SELECT dblink('postgresql://ada:secret@db/shop')", "SELECT dblink('postgresql://ada:‹hidden›@db/shop')" },
    { "DO $$ BEGIN EXECUTE 'ALTER ROLE ada PASSWORD ''secret'''; END $$",
      "DO $$ BEGIN EXECUTE 'ALTER ROLE ada PASSWORD ‹hidden›'; END $$" },
    { "-- ALTER ROLE ada PASSWORD 'secret'\nSELECT 1", "-- ALTER ROLE ada PASSWORD ‹hidden›\nSELECT 1" },
    /* A string goes on on the next line. */
    { "ALTER ROLE ada PASSWORD 'sec'\n  'ret'", "ALTER ROLE ada PASSWORD ‹hidden›\n  ‹hidden›" },
    { "ALTER USER MAPPING FOR ada SERVER s OPTIONS (SET \"password\" 'secret', ADD sslpassword 'secret')",
      "ALTER USER MAPPING FOR ada SERVER s OPTIONS (SET \"password\" ‹hidden›, ADD sslpassword ‹hidden›)" },
    { "ALTER SUBSCRIPTION s CONNECTION 'host=a sslpassword=secret'", "ALTER SUBSCRIPTION s CONNECTION 'host=a sslpassword=‹hidden›'" },
    { "COPY t FROM PROGRAM 'PGPASSWORD=secret psql'", "COPY t FROM PROGRAM 'PGPASSWORD=‹hidden› psql'" },
    { "DO $$ BEGIN ALTER ROLE ada PASSWORD E'sec\\'ret'; ALTER ROLE ada PASSWORD 's''ecret'; END $$",
      "DO $$ BEGIN ALTER ROLE ada PASSWORD E‹hidden›; ALTER ROLE ada PASSWORD ‹hidden›; END $$" },
    { "DO $$ BEGIN ALTER ROLE ada PASSWORD $q$sec$ret$q$; END $$", "DO $$ BEGIN ALTER ROLE ada PASSWORD ‹hidden›; END $$" },
    { "SELECT run(E'ALTER ROLE ada PASSWORD \\'secret\\'')", "SELECT run(E'ALTER ROLE ada PASSWORD ‹hidden›')" },
    /* While it is being written */
    { "DO $$ BEGIN ALTER ROLE ada PASSWORD 'secr", "DO $$ BEGIN ALTER ROLE ada PASSWORD ‹hidden›" },
    { "SELECT dblink('password = ''my secr", "SELECT dblink('password = ‹hidden›" },
    { "SELECT password, 'passwords = fun' FROM users WHERE password = $1", "SELECT password, 'passwords = fun' FROM users WHERE password = $1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *masked = tide_query_mask (table[i][0]);

      g_assert_cmpstr (masked, ==, table[i][1]);
      g_assert_cmpint (tide_query_is_masked (masked), ==, !g_str_equal (table[i][0], table[i][1]));
    }
}

static TideQueryRecord *
make_record (const char       *text,
             TideQueryOutcome  outcome)
{
  TideQueryRecord *record = tide_query_record_new ();

  record->text = g_strdup (text);
  record->environment = g_strdup ("prod");
  record->time = G_GINT64_CONSTANT (1764280000123456);
  record->duration = 1500;
  record->n_rows = 7;
  record->command = g_strdup ("DELETE 7");
  record->outcome = outcome;
  return record;
}

static void
append (const char *path,
        const char *text)
{
  g_autoptr(TideQueryRecord) record = make_record (text, TIDE_QUERY_OUTCOME_FAILED);
  g_autoptr(GError) error = NULL;

  tide_query_history_append (path, record, &error);
  g_assert_no_error (error);
}

static void
test_history (void)
{
  g_autofree char *folder = tide_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "new", "history.jsonl", NULL);
  g_autofree char *contents = NULL;
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GPtrArray) found = NULL;
  g_autoptr(GPtrArray) none = tide_query_history_read (path, NULL, 10, NULL);
  const TideQueryRecord *first;
  struct stat state;

  g_assert_cmpuint (none->len, ==, 0);
  append (path, "SELECT 'Ünïcode \xF0\x9F\x98\x80',\n\t\"x\"");
  append (path, "ALTER ROLE ada PASSWORD 'secret'");
  /* A line that a crash has cut off costs itself alone. */
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_null (strstr (contents, "secret"));
  g_assert_cmpint (stat (path, &state), ==, 0);
  g_assert_cmpint (state.st_mode & 0777, ==, 0600);
  {
    g_autofree char *cut = g_strconcat (contents, "{\"text\":5}\n{\"text\":\"x\",\"time\":{}}\n{\"text\": \"SEL", NULL);

    g_assert_true (g_file_set_contents (path, cut, -1, NULL));
  }
  append (path, "DELETE FROM t");
  all = tide_query_history_read (path, NULL, 10, NULL);
  g_assert_cmpuint (all->len, ==, 3);
  first = g_ptr_array_index (all, 0);
  g_assert_cmpstr (first->text, ==, "DELETE FROM t");
  g_assert_cmpint (first->time, ==, G_GINT64_CONSTANT (1764280000123456));
  g_assert_cmpint (first->duration, ==, 1500);
  g_assert_cmpint (first->n_rows, ==, 7);
  g_assert_cmpstr (first->command, ==, "DELETE 7");
  g_assert_cmpint (first->outcome, ==, TIDE_QUERY_OUTCOME_FAILED);
  g_assert_cmpstr (((TideQueryRecord *) g_ptr_array_index (all, 2))->text, ==, "SELECT 'Ünïcode \xF0\x9F\x98\x80',\n\t\"x\"");
  found = tide_query_history_read (path, "ÜNÏ select", 10, NULL);
  g_assert_cmpuint (found->len, ==, 1);
  tide_test_remove_folder (folder);
}

/* Programs at once: no line is lost, none torn */
static void
test_history_together (void)
{
  g_autofree char *folder = tide_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "history.jsonl", NULL);
  g_autoptr(GPtrArray) all = NULL;
  g_autofree char *long_text = g_strnfill (20000, 'x');
  pid_t children[4];

  for (guint i = 0; i < G_N_ELEMENTS (children); i++)
    {
      children[i] = fork ();
      if (children[i] == 0)
        {
          for (guint j = 0; j < 50; j++)
            append (path, long_text);
          _exit (0);
        }
    }
  for (guint i = 0; i < G_N_ELEMENTS (children); i++)
    {
      int status;

      g_assert_cmpint (waitpid (children[i], &status, 0), ==, children[i]);
      g_assert_cmpint (status, ==, 0);
    }
  all = tide_query_history_read (path, NULL, 1000, NULL);
  g_assert_cmpuint (all->len, ==, 200);
  tide_test_remove_folder (folder);
}

static void
test_journal (void)
{
  g_autofree char *folder = tide_test_make_folder ();
  g_autoptr(GError) error = NULL;
  g_autoptr(TideQueryJournal) journal = tide_query_journal_new (folder, &error);
  g_autoptr(TideQueryJournal) closed = tide_query_journal_new (folder, &error);
  TideQueryDraft draft = { (char *) "environment dev of x", NULL, NULL,
                           (char *) "SELECT 1;\nALTER ROLE a PASSWORD 'secret'", TRUE, 5, 42, (char *) "then" };
  g_autoptr(GPtrArray) adopted = NULL;
  g_autoptr(GPtrArray) drafts = NULL;

  g_assert_no_error (error);
  g_assert_true (tide_query_journal_write (closed, &draft, &error));
  tide_query_journal_forget (closed);
  g_assert_true (tide_query_journal_write (closed, &draft, &error));
  /* Another program has it and dies of a kill in the middle. */
  if (fork () == 0)
    {
      TideQueryJournal *other = tide_query_journal_new (folder, NULL);
      TideQueryDraft mine = draft;

      mine.order = 7;
      mine.text = (char *) "SELECT 'killed'";
      tide_query_journal_write (other, &mine, NULL);
      kill (getpid (), SIGKILL);
    }
  g_assert_cmpint (wait (NULL), >, 0);
  g_assert_true (tide_query_journal_write (journal, &draft, &error));
  g_assert_no_error (error);

  /* Ours is in use; the one of the dead is free, but of no other place. */
  adopted = tide_query_journal_adopt (folder, "environment prod of x", &drafts);
  g_assert_cmpuint (adopted->len, ==, 0);
  g_clear_pointer (&adopted, g_ptr_array_unref);
  g_clear_pointer (&drafts, g_ptr_array_unref);
  g_clear_pointer (&journal, tide_query_journal_unref);
  adopted = tide_query_journal_adopt (folder, "environment dev of x", &drafts);
  g_assert_cmpuint (adopted->len, ==, 2);
  g_assert_cmpstr (((TideQueryDraft *) g_ptr_array_index (drafts, 0))->text, ==, "SELECT 'killed'");
  g_assert_cmpstr (((TideQueryDraft *) g_ptr_array_index (drafts, 1))->text, ==, "SELECT 1;\nALTER ROLE a PASSWORD ‹hidden›");
  g_assert_cmpint (((TideQueryDraft *) g_ptr_array_index (drafts, 1))->cursor, ==, 5);
  g_assert_cmpstr (((TideQueryDraft *) g_ptr_array_index (drafts, 1))->stamp, ==, "then");
  tide_test_remove_folder (folder);
}

static void
test_format (void)
{
  static const char * const table[][2] = {
    { "select a,b from t where a=1 and b between 2 and 3 order by a", "SELECT a,b\nFROM t\nWHERE a=1\n  AND b BETWEEN 2 AND 3\nORDER BY a" },
    { "select * from a left outer join b on a.id=b.id join c using (id)",
      "SELECT *\nFROM a\nLEFT OUTER JOIN b ON a.id=b.id\nJOIN c USING (id)" },
    { "select * from (select 1 from t) x", "SELECT *\nFROM (\n  SELECT 1\n  FROM t\n) x" },
    { "update t set a=1 where b", "UPDATE t\nSET a=1\nWHERE b" },
    { "delete from t where a is distinct from b", "DELETE FROM t\nWHERE a IS DISTINCT FROM b" },
    { "select 1 -- one\n, 2", "SELECT 1 -- one\n, 2" },
    { "create table t (\n  a int,\n  b text\n)", "CREATE TABLE t (\n  a int,\n  b text\n)" },
    { "select 'abc'  \n 'def', 'g' as h", "SELECT 'abc'\n  'def', 'g' AS h" },
    { "select left(a, 2), t.select from t", "SELECT left(a, 2), t.select\nFROM t" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *formatted = tide_query_format (table[i][0], TIDE_KEYWORDS_UPPER, 2);
      g_autofree char *again = tide_query_format (formatted, TIDE_KEYWORDS_UPPER, 2);

      g_assert_cmpstr (formatted, ==, table[i][1]);
      g_assert_cmpstr (again, ==, formatted);
    }
}

static void
test_format_options (void)
{
  const char *text = "Select left(a, 2) From (select \"From\" FROM t) x";
  g_autofree char *lower = tide_query_format (text, TIDE_KEYWORDS_LOWER, 4);
  g_autofree char *written = tide_query_format (text, TIDE_KEYWORDS_AS_WRITTEN, 1);

  g_assert_cmpstr (lower, ==, "select left(a, 2)\nfrom (\n    select \"From\"\n    from t\n) x");
  g_assert_cmpstr (written, ==, "Select left(a, 2)\nFrom (\n select \"From\"\n FROM t\n) x");
}

/* Values come back by place and name, others beside them, and secrets are known for what they are. */
static void
test_values (void)
{
  static const struct
  {
    const char *name;
    const char *value;
    const char *statement;
    gboolean    secret;
  } table[] = {
    { ":id", "7", "select * from authors where id = :id", FALSE },
    { ":password", "x", "select :password", TRUE },
    { ":apiToken", "x", "select :apiToken", TRUE },
    { "$1", "x", "update users set \"passwordHash\" = crypt($1, gen_salt('bf'))", TRUE },
    { ":url", "postgresql://ada:secret@db/shop", "select :url", TRUE },
    { ":url", "https://example.org/a", "select :url", FALSE },
    { ":conn", "host=a password=secret", "select :conn", TRUE },
    { ":otp", "x", "select :otp", TRUE },
    { ":v", "x", "update users set \"signingKey\" = :v", TRUE },
    { ":v", "x", "update clients set encryption_key = :v, auth = :w", TRUE },
    { ":key", "x", "select :key", TRUE },
    { ":pinned", "x", "select a from t where pinned = :pinned and primary_keys > 0", FALSE },
  };
  g_autofree char *folder = tide_test_make_folder ();
  g_autoptr(GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) none = NULL;
  g_autoptr(GHashTable) back = NULL;
  g_autoptr(GHashTable) filled = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *longer = g_strnfill (5000, 'x');

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    g_assert_cmpint (tide_query_values_is_secret (table[i].name, table[i].value, table[i].statement), ==, table[i].secret);

  g_hash_table_insert (values, (char *) ":id", (char *) "7");
  g_hash_table_insert (values, (char *) ":name", (char *) "o'clock ü");
  g_hash_table_insert (values, (char *) ":long", longer);
  g_assert_true (tide_query_values_save (folder, "a", values, &error));
  g_hash_table_remove_all (values);
  g_hash_table_insert (values, (char *) ":id", (char *) "8");
  g_assert_true (tide_query_values_save (folder, "a", values, &error));
  g_assert_no_error (error);
  none = tide_query_values_load (folder, "b");
  g_assert_cmpuint (g_hash_table_size (none), ==, 0);
  back = tide_query_values_load (folder, "a");
  g_assert_cmpuint (g_hash_table_size (back), ==, 2);
  g_assert_cmpstr (g_hash_table_lookup (back, ":id"), ==, "8");
  g_assert_cmpstr (g_hash_table_lookup (back, ":name"), ==, "o'clock ü");

  /* The one that was not given for the longest time goes. */
  filled = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < 498; i++)
    g_hash_table_insert (filled, g_strdup_printf (":n%u", i), (char *) "9");
  g_assert_true (tide_query_values_save (folder, "a", filled, &error));
  g_assert_true (tide_query_values_save (folder, "a", values, &error));
  g_hash_table_insert (values, (char *) ":last", (char *) "9");
  g_assert_true (tide_query_values_save (folder, "a", values, &error));
  g_clear_pointer (&back, g_hash_table_unref);
  back = tide_query_values_load (folder, "a");
  g_assert_cmpuint (g_hash_table_size (back), ==, 500);
  g_assert_null (g_hash_table_lookup (back, ":name"));
  g_assert_nonnull (g_hash_table_lookup (back, ":id"));
  g_assert_nonnull (g_hash_table_lookup (back, ":last"));
  tide_test_remove_folder (folder);
}

/* Every token but space, in order; words in lower case */
static char *
dup_tokens (const char *sql)
{
  GString *tokens = g_string_new (NULL);
  TideSqlLexer lexer;
  TideSqlToken token;

  tide_sql_lexer_init (&lexer, sql, -1);
  while (tide_sql_lexer_next (&lexer, &token))
    if (token.type != TIDE_SQL_TOKEN_SPACE)
      {
        g_autofree char *text = token.type == TIDE_SQL_TOKEN_WORD ? g_ascii_strdown (sql + token.start, token.length)
                                                                  : g_strndup (sql + token.start, token.length);

        g_string_append_printf (tokens, "%d %s\x1f", token.type, text);
      }
  return g_string_free (tokens, FALSE);
}

/* Whatever is put together of these, formatting changes no token. */
static void
test_format_keeps_tokens (void)
{
  static const char * const parts[] = {
    "select", "from", "(", ")", "where", "and", "between", ",", ";", "'a  b'", "$$ select ; $$", "-- note\n", "/* a /* b */ */", "E'\\''",
    "\"Select\"", "left", "join", "union all", "::", ":name", "$1", "1.5e3", "-", ">", "a.b", "update t set", "\\d", "é", "\n\n", "\t",
    "'open", "insert into t values", "order by", "case when a then b end", "[1:2]", "U&'\\0061'", "with x as (select 1)", "*", "@-",
  };
  g_autoptr(GRand) random = g_rand_new_with_seed (20251128);

  for (guint i = 0; i < 4000; i++)
    {
      g_autoptr(GString) sql = g_string_new (NULL);
      g_autofree char *formatted = NULL;
      g_autofree char *before = NULL;
      g_autofree char *after = NULL;

      for (int j = g_rand_int_range (random, 1, 25); j > 0; j--)
        g_string_append_printf (sql, "%s%s", parts[g_rand_int_range (random, 0, G_N_ELEMENTS (parts))],
                                g_rand_boolean (random) ? " " : "");
      formatted = tide_query_format (sql->str, i % 3, i % 9);
      before = dup_tokens (sql->str);
      after = dup_tokens (formatted);
      g_assert_cmpstr (before, ==, after);
    }
}

static void
test_parameters (void)
{
  static const struct
  {
    const char *text;
    const char *sql;
    const char *names;
  } table[] = {
    { "select :a, :b, :a", "select $1, $2, $1", ":a :b" },
    { "select $2, $1", "select $2, $1", "$1 $2" },
    { "select $1, :x", "select $1, $2", "$1 :x" },
    { "select a::int, ':no', $$:no$$, /* :no */ \":no\"", "select a::int, ':no', $$:no$$, /* :no */ \":no\"", "" },
    { "select f(a := 1), t[1:n], t[:n]", "select f(a := 1), t[1:n], t[:n]", "" },
    { "select array[:a, :b]", "select array[$1, $2]", ":a :b" },
    { "select x::text like :pattern::text", "select x::text like $1::text", ":pattern" },
    { "insert into t values (:v)", "insert into t values ($1)", ":v" },
    { "create function f(int) returns int return $1", "create function f(int) returns int return $1", "" },
    { "do $$ begin perform :x; end $$", "do $$ begin perform :x; end $$", "" },
    { "prepare p as select $1", "prepare p as select $1", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(GPtrArray) statements = tide_query_statement_split (table[i].text, 0, strlen (table[i].text));
      const TideQueryStatement *statement = g_ptr_array_index (statements, 0);
      g_autofree char *names = NULL;

      g_assert_cmpuint (statements->len, ==, 1);
      g_assert_cmpstr (tide_query_statement_get_sql (statement), ==, table[i].sql);
      g_assert_cmpstr (tide_query_statement_get_text (statement), ==, table[i].text);
      g_ptr_array_add (tide_query_statement_get_parameters (statement), NULL);
      names = g_strjoinv (" ", (char **) tide_query_statement_get_parameters (statement)->pdata);
      g_assert_cmpstr (names, ==, table[i].names);
      g_ptr_array_remove_index (tide_query_statement_get_parameters (statement),
                                tide_query_statement_get_parameters (statement)->len - 1);
    }
}

static void
test_caret (void)
{
  const char *text = "-- first\nselect 1;\n\nselect 2; select 3;\n\n\nselect 'open\n";
  const struct
  {
    const char *at;
    const char *found;
  } table[] = {
    { "-- first", "select 1" }, { "elect 1", "select 1" }, { ";\n\n", "select 1" }, { "\nselect 2", "select 2" },
    { "; select 3", "select 2" }, { "select 3", "select 3" }, { ";\n\n\n", "select 3" }, { "open", "select 'open\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      TideSqlStatement statement;
      g_autofree char *found = NULL;

      g_assert_true (tide_query_statement_find (text, strlen (text), strstr (text, table[i].at) - text, &statement));
      found = g_strndup (text + statement.start, statement.length);
      g_assert_cmpstr (found, ==, table[i].found);
    }
}

/* What is no journal, or only half of one, loses nothing of those beside it. */
static void
test_journal_rubbish (void)
{
  static const struct
  {
    const char *name;
    const char *text;
    gssize      size;
  } files[] = {
    { "empty.json", "", 0 },
    { "binary.json", "\x7f" "ELF\0\xff\xfe", 7 },
    { "no-utf-8.json", "{\"place\":\"here\",\"text\":\"\xff\"}", -1 },
    { "half.json", "{\"place\":\"here\",\"text\":\"select", -1 },
    { "list.json", "[1, 2]", -1 },
    { "nothing.json", "{}", -1 },
    { "place.json", "{\"place\":[\"here\"],\"text\":\"select 1\"}", -1 },
    { "null.json", "{\"place\":\"here\",\"text\":null}", -1 },
    { "number.json", "{\"place\":\"here\",\"text\":5,\"title\":{},\"cursor\":\"x\",\"order\":-1,\"modified\":[]}", -1 },
    { "good.json", "{\"place\":\"here\",\"text\":\"select 'good'\",\"cursor\":99999999999,\"order\":1e300,\"title\":7}", -1 },
  };
  g_autofree char *folder = tide_test_make_folder ();
  g_autofree char *deep = g_strnfill (200000, '[');
  g_autofree char *inner = g_build_filename (folder, "folder.json", NULL);
  g_autoptr(GPtrArray) drafts = NULL;
  g_autoptr(GPtrArray) adopted = NULL;
  guint n_good = 0;

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    tide_test_write_file (folder, files[i].name, files[i].text, files[i].size);
  tide_test_write_file (folder, "deep.json", deep, -1);
  g_assert_cmpint (g_mkdir (inner, 0700), ==, 0);
  adopted = tide_query_journal_adopt (folder, "here", &drafts);
  for (guint i = 0; i < drafts->len; i++)
    {
      const char *text = ((TideQueryDraft *) g_ptr_array_index (drafts, i))->text;

      g_assert_nonnull (text);
      n_good += g_str_equal (text, "select 'good'");
    }
  g_assert_cmpuint (n_good, ==, 1);
  g_clear_pointer (&adopted, g_ptr_array_unref);
  tide_test_remove_folder (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/mask", test_mask);
  g_test_add_func ("/query/history", test_history);
  g_test_add_func ("/query/history/together", test_history_together);
  g_test_add_func ("/query/journal", test_journal);
  g_test_add_func ("/query/journal/rubbish", test_journal_rubbish);
  g_test_add_func ("/query/format", test_format);
  g_test_add_func ("/query/format/options", test_format_options);
  g_test_add_func ("/query/values", test_values);
  g_test_add_func ("/query/format/tokens", test_format_keeps_tokens);
  g_test_add_func ("/query/parameters", test_parameters);
  g_test_add_func ("/query/caret", test_caret);
  return g_test_run ();
}
