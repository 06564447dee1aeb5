/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "lint/tide-lint.h"
#include "project/tide-migration-private.h"
#include "support/tide-test.h"

/* What every case finds: tables with rows, as far as anybody can tell without a database */
static const char before[] =
  "CREATE TYPE mood AS ENUM ('ok', 'bad');\n"
  "CREATE TABLE users (id int PRIMARY KEY, mail varchar(20), name text, age int NOT NULL, price numeric(10,2), seen timestamp(3),\n"
  "  mood mood, data jsonb, team int);\n"
  "CREATE TABLE posts (id int PRIMARY KEY, author int, title text);\n"
  "CREATE INDEX posts_title ON posts (title);\n"
  "CREATE INDEX posts_author ON posts (author);\n"
  "CREATE TABLE teams (id int PRIMARY KEY);\n"
  "ALTER TABLE posts ADD CONSTRAINT posts_author_fkey FOREIGN KEY (author) REFERENCES users (id);\n"
  "CREATE VIEW grown AS SELECT * FROM users WHERE age > 17;\n"
  "CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM users;\n"
  "CREATE TABLE events (at timestamp) PARTITION BY RANGE (at);\n"
  "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');\n"
  "ALTER TABLE users ADD CONSTRAINT team_known CHECK (team IS NOT NULL) NOT VALID;\n"
  "ALTER TABLE users VALIDATE CONSTRAINT team_known;\n";

/* A rule, SQL that it is about, and SQL that is near to it and about which it says nothing */
static const struct
{
  const char       *rule;
  TideLintSeverity  severity;
  const char       *bad;
  const char       *good;
} cases[] = {
#define INFO TIDE_LINT_INFO
#define WARNING TIDE_LINT_WARNING
#define ERROR TIDE_LINT_ERROR
  { "drop-table", ERROR, "DROP TABLE posts", "CREATE TABLE t (a int); DROP TABLE t" },
  { "drop-table", ERROR, "DROP TABLE IF EXISTS public.teams CASCADE", "DROP VIEW grown" },
  { "drop-column", ERROR, "ALTER TABLE users ADD COLUMN x int, DROP COLUMN mail", "ALTER TABLE users ADD x int; ALTER TABLE users DROP x" },
  { "drop-schema", ERROR, "DROP SCHEMA old CASCADE", "DROP SCHEMA old" },
  { "drop-cascade", WARNING, "DROP TYPE mood CASCADE", "DROP TYPE mood" },
  { "drop-needed", ERROR, "DROP VIEW grown; DROP TABLE users", "CREATE OR REPLACE VIEW counted AS SELECT 1; CREATE OR REPLACE VIEW grown AS SELECT 1; ALTER TABLE posts DROP CONSTRAINT posts_author_fkey; DROP TABLE users" },
  { "drop-table", ERROR, "SELECT 1 INTO t; DROP TABLE teams", "SELECT id INTO t FROM teams; DROP TABLE t" },
  { "drop-needed", ERROR, "DROP TABLE users", "DROP VIEW grown; DROP MATERIALIZED VIEW counted; ALTER TABLE posts DROP CONSTRAINT posts_author_fkey; DROP TABLE users" },
  { "truncate", ERROR, "TRUNCATE posts", "CREATE TABLE t (a int); TRUNCATE t" },
  { "truncate", ERROR, "TRUNCATE users CASCADE", "SELECT 1" },
  { "narrow-type", WARNING, "ALTER TABLE users ALTER mail TYPE varchar(10)", "ALTER TABLE users ALTER mail TYPE varchar(30)" },
  { "narrow-type", WARNING, "ALTER TABLE users ALTER price TYPE numeric(8,2)", "ALTER TABLE users ALTER price TYPE numeric(12,2)" },
  { "narrow-type", WARNING, "ALTER TABLE users ALTER seen TYPE date", "ALTER TABLE users ALTER seen TYPE timestamp" },
  { "narrow-type", WARNING, "ALTER TABLE users ALTER name TYPE int USING name::int", "ALTER TABLE users ALTER name TYPE varchar" },
  { "update-without-where", WARNING, "UPDATE users SET name = 'x'", "UPDATE users SET name = 'x' WHERE id = 1" },
  { "update-without-where", WARNING, "UPDATE users SET name = 'x'", "ALTER TABLE users ADD x int; UPDATE users SET x = 1" },
  { "delete-without-where", ERROR, "DELETE FROM posts", "DELETE FROM posts WHERE id = 1" },
  { "add-required-column", WARNING, "ALTER TABLE users ADD x int NOT NULL", "ALTER TABLE users ADD x int NOT NULL DEFAULT 1" },
  { "add-required-column", WARNING, "ALTER TABLE users ADD x int NOT NULL", "DELETE FROM users; ALTER TABLE users ADD x int NOT NULL" },
  { "set-not-null", WARNING, "ALTER TABLE users ALTER mail SET NOT NULL", "ALTER TABLE users ALTER age SET NOT NULL" },
  { "set-not-null", WARNING, "ALTER TABLE users ALTER mail SET NOT NULL", "ALTER TABLE users ALTER team SET NOT NULL" },
  { "add-unique", WARNING, "CREATE UNIQUE INDEX ON users (mail)", "CREATE UNIQUE INDEX CONCURRENTLY ON users (mail)" },
  { "add-unique", WARNING, "ALTER TABLE users ADD CONSTRAINT u UNIQUE (mail)", "ALTER TABLE users ADD CONSTRAINT u UNIQUE USING INDEX i" },
  /* What holds already cannot fail, and an index is built all the same */
  { "add-unique", WARNING, "CREATE UNIQUE INDEX ON users (mail, name)", "CREATE UNIQUE INDEX ON users (mail, id)" },
  { "index-blocks-writes", WARNING, "CREATE UNIQUE INDEX ON users (mail, id)", "CREATE UNIQUE INDEX CONCURRENTLY ON users (mail, id)" },
  { "add-unique", WARNING, "BEGIN; ALTER TABLE users DROP CONSTRAINT users_pkey; COMMIT; CREATE UNIQUE INDEX ON users (id, mail)",
    "ALTER TABLE users RENAME id TO uid; CREATE UNIQUE INDEX ON users (uid, mail)" },
  /* Who drops an index holds the lock: until the transaction ends nobody else writes */
  { "add-unique", WARNING, "ALTER TABLE users DROP CONSTRAINT users_pkey; UPDATE users SET id = 1; CREATE UNIQUE INDEX ON users (id, mail)",
    "ALTER TABLE users DROP CONSTRAINT users_pkey; ALTER TABLE users RENAME id TO uid; CREATE UNIQUE INDEX ON users (uid, mail)" },
  { "add-unique", WARNING, "CREATE UNIQUE INDEX CONCURRENTLY u ON users (mail); DROP INDEX CONCURRENTLY u; CREATE UNIQUE INDEX ON users (mail)",
    "DROP INDEX users_pkey; CREATE UNIQUE INDEX ON users (mail, id)" },
  { "add-unique", WARNING, "DROP INDEX users_pkey; SELECT f(); CREATE UNIQUE INDEX ON users (mail, id)", "SELECT f(); DROP INDEX users_pkey; CREATE UNIQUE INDEX ON users (mail, id)" },
  { "add-unique", WARNING, "DROP INDEX users_pkey; INSERT INTO users (id) VALUES (1); CREATE UNIQUE INDEX ON users (mail, id)", "DROP INDEX users_pkey; ALTER TABLE users ADD UNIQUE (mail, id)" },
  { "index-blocks-writes", WARNING, "ALTER TABLE users ADD UNIQUE (mail, id)", "ALTER TABLE users ADD UNIQUE (mail)" },
  /* Where nulls count as alike, columns that may be null tell nothing */
  { "add-unique", WARNING, "CREATE UNIQUE INDEX CONCURRENTLY ON users (mail); CREATE UNIQUE INDEX ON users (mail, name) NULLS NOT DISTINCT",
    "CREATE UNIQUE INDEX CONCURRENTLY ON users (mail); CREATE UNIQUE INDEX ON users (mail, name)" },
  { "add-unique", WARNING, "CREATE UNIQUE INDEX CONCURRENTLY ON users (mail); ALTER TABLE users ADD UNIQUE NULLS NOT DISTINCT (mail, name)",
    "ALTER TABLE users ADD UNIQUE NULLS NOT DISTINCT (mail, id)" },
  { "add-unique", WARNING, "ALTER TABLE users ADD x int; CREATE UNIQUE INDEX ON users (x) NULLS NOT DISTINCT",
    "ALTER TABLE users ADD x int; CREATE UNIQUE INDEX ON users (x)" },
  /* A new column is empty until something fills it, whatever else the file moves */
  { "add-unique", WARNING, "ALTER TABLE users ADD x int; UPDATE users SET x = t.id FROM teams t WHERE t.id = team; CREATE UNIQUE INDEX ON users (x)",
    "ALTER TABLE users ADD x int; UPDATE posts SET author = u.id FROM users u WHERE u.id = author; CREATE UNIQUE INDEX ON users (x)" },
  { "add-unique", WARNING, "ALTER TABLE users ADD x int; INSERT INTO users VALUES (1); CREATE UNIQUE INDEX ON users (x)",
    "ALTER TABLE users ADD x int; INSERT INTO teams SELECT author FROM posts; CREATE UNIQUE INDEX ON users (x)" },
  { "add-unique", WARNING, "ALTER TABLE users ADD x int; DO $$ BEGIN UPDATE users SET x = 1; END $$; CREATE UNIQUE INDEX ON users (x)",
    "ALTER TABLE users ADD x int; COMMENT ON TABLE users IS 'do'; CREATE UNIQUE INDEX ON users (x)" },
  /* Code that does not know the column by its name, nor the table, leaves it empty */
  { "add-unique", WARNING, "ALTER TABLE users ADD \"Slug\" int; DO $$ BEGIN EXECUTE 'UPDATE ' || quote_ident('us' || 'ers'); END $$; CREATE UNIQUE INDEX ON users (\"Slug\")",
    "ALTER TABLE users ADD \"Slug\" int; DO $$ BEGIN CREATE TYPE m AS ENUM (); EXCEPTION WHEN duplicate_object THEN null; END $$; CREATE UNIQUE INDEX ON users (\"Slug\")" },
  { "add-unique", WARNING, "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'update users set slug = 1'; ALTER TABLE users ADD slug int; SELECT f(); CREATE UNIQUE INDEX ON users (slug)",
    "ALTER TABLE users ADD slug int; SELECT setval('posts_id_seq', 7); CREATE UNIQUE INDEX ON users (slug)" },
  { "add-unique", WARNING, "ALTER TABLE users ADD slug int; WITH t AS (SELECT 1) INSERT INTO users SELECT 1 FROM t; CREATE UNIQUE INDEX ON users (slug)",
    "ALTER TABLE users ADD slug int; WITH t AS (SELECT 1) UPDATE posts SET author = 1 FROM t; CREATE UNIQUE INDEX ON users (slug)" },
  { "add-unique", WARNING, "ALTER TABLE users ADD slug int; DO $$ BEGIN INSERT INTO users SELECT 1; END $$; CREATE UNIQUE INDEX ON users (slug)",
    "ALTER TABLE users ADD slug int; CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f(); CREATE UNIQUE INDEX ON users (slug)" },
  { "add-unique", WARNING, "ALTER TABLE users ADD UNIQUE (mail)", "ALTER TABLE users ADD x int UNIQUE" },
  { "add-primary-key", WARNING, "ALTER TABLE events_1 ADD PRIMARY KEY (at)", "ALTER TABLE events_1 ADD PRIMARY KEY USING INDEX i" },
  { "add-primary-key", WARNING, "ALTER TABLE users DROP CONSTRAINT users_pkey, ADD PRIMARY KEY (age)",
    "ALTER TABLE users DROP CONSTRAINT users_pkey, ADD PRIMARY KEY (age, id)" },
  { "add-primary-key", WARNING, "ALTER TABLE users DROP CONSTRAINT users_pkey, ADD PRIMARY KEY (id, name)",
    "ALTER TABLE users DROP CONSTRAINT users_pkey, ALTER id TYPE text, ADD PRIMARY KEY (id)" },
  { "add-primary-key", WARNING, "ALTER TABLE users DROP CONSTRAINT users_pkey, ALTER id TYPE text USING id % 7, ADD PRIMARY KEY (id)",
    "ALTER TABLE users DROP CONSTRAINT users_pkey, ADD PRIMARY KEY (id)" },
  { "add-primary-key", WARNING, "ALTER TABLE users DROP CONSTRAINT users_pkey; UPDATE users SET id = 1 WHERE age = 3; ALTER TABLE users ADD PRIMARY KEY (id)",
    "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t DROP CONSTRAINT t_pkey; ALTER TABLE t ADD PRIMARY KEY (id)" },
  { "add-exclusion", WARNING, "ALTER TABLE users ADD EXCLUDE USING gist (age WITH =)", "CREATE TABLE t (a int, EXCLUDE USING gist (a WITH =))" },
  { "add-check", WARNING, "ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0)", "ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID" },
  { "add-foreign-key", WARNING, "ALTER TABLE users ADD CONSTRAINT f FOREIGN KEY (team) REFERENCES teams", "ALTER TABLE users ADD CONSTRAINT f FOREIGN KEY (team) REFERENCES teams NOT VALID" },
  { "add-foreign-key", INFO, "ALTER TABLE users ADD x int; ALTER TABLE users ADD FOREIGN KEY (x) REFERENCES teams", "CREATE TABLE t (a int REFERENCES users)" },
  { "enum-value-in-transaction", ERROR, "BEGIN; ALTER TYPE mood ADD VALUE 'new'; UPDATE users SET mood = 'new' WHERE id = 1; COMMIT",
    "BEGIN; ALTER TYPE mood ADD VALUE 'new'; COMMIT; UPDATE users SET mood = 'new' WHERE id = 1" },
  { "enum-value-in-transaction", WARNING, "ALTER TYPE mood ADD VALUE 'new'; UPDATE users SET mood = 'new' WHERE id = 1", "ALTER TYPE mood ADD VALUE 'new'; UPDATE users SET mood = 'ok' WHERE id = 1" },
  { "index-blocks-writes", WARNING, "CREATE INDEX ON users (name)", "CREATE INDEX CONCURRENTLY ON users (name)" },
  { "index-blocks-writes", WARNING, "CREATE INDEX ON users (name)", "CREATE TABLE t (a int); CREATE INDEX ON t (a)" },
  { "drop-index-blocks", INFO, "DROP INDEX posts_title", "DROP INDEX CONCURRENTLY posts_title" },
  { "concurrently-in-transaction", ERROR, "BEGIN; CREATE INDEX CONCURRENTLY ON users (name); COMMIT", "CREATE INDEX CONCURRENTLY ON users (name)" },
  { "concurrently-with-others", WARNING, "CREATE INDEX CONCURRENTLY ON users (name); SELECT 1", "CREATE INDEX CONCURRENTLY ON users (name)" },
  { "validate-with-add", WARNING, "ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID; ALTER TABLE users VALIDATE CONSTRAINT c",
    "BEGIN; ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID; COMMIT; ALTER TABLE users VALIDATE CONSTRAINT c" },
  { "change-type", WARNING, "ALTER TABLE users ALTER age TYPE bigint", "ALTER TABLE users ALTER mail TYPE text" },
  { "change-type", WARNING, "ALTER TABLE users ALTER mail TYPE text USING lower(mail)", "ALTER TABLE users ALTER mail TYPE text USING mail::text" },
  { "volatile-default", WARNING, "ALTER TABLE users ADD x uuid DEFAULT gen_random_uuid()", "ALTER TABLE users ADD x timestamptz DEFAULT now()" },
  { "volatile-default", WARNING, "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'select 1'; ALTER TABLE users ADD x int DEFAULT f()",
    "CREATE FUNCTION f() RETURNS int IMMUTABLE LANGUAGE sql AS 'select 1'; ALTER TABLE users ADD x int DEFAULT f()" },
  { "column-rewrites", WARNING, "ALTER TABLE users ADD x serial", "ALTER TABLE users ADD x int" },
  { "column-rewrites", WARNING, "ALTER TABLE users ADD x int GENERATED ALWAYS AS IDENTITY", "CREATE TABLE t (x int GENERATED ALWAYS AS IDENTITY)" },
  { "column-rewrites", WARNING, "ALTER TABLE users ADD x int GENERATED ALWAYS AS (age + 1) STORED", "ALTER TABLE users ADD x int" },
  { "table-rewrites", WARNING, "ALTER TABLE users SET UNLOGGED", "ALTER TABLE users SET (fillfactor = 90)" },
  { "vacuum-full", WARNING, "VACUUM (FULL) users", "VACUUM users" },
  { "cluster", WARNING, "CLUSTER posts USING posts_title", "ALTER TABLE posts CLUSTER ON posts_title" },
  { "reindex", WARNING, "REINDEX TABLE users", "REINDEX TABLE CONCURRENTLY users" },
  { "refresh-blocks", INFO, "REFRESH MATERIALIZED VIEW counted", "REFRESH MATERIALIZED VIEW CONCURRENTLY counted" },
  { "detach-partition", WARNING, "ALTER TABLE events DETACH PARTITION events_1", "ALTER TABLE events DETACH PARTITION events_1 CONCURRENTLY" },
  { "work-under-lock", WARNING, "ALTER TABLE users ADD x int; UPDATE posts SET title = '' WHERE id > 1", "UPDATE posts SET title = '' WHERE id > 1; ALTER TABLE users ADD x int" },
  { "large-update", WARNING, "ALTER TABLE users ADD x int; UPDATE users SET x = 1", "CREATE TABLE t (a int); UPDATE t SET a = 1" },
  { "rename-table", WARNING, "ALTER TABLE posts RENAME TO articles", "ALTER INDEX posts_title RENAME TO x" },
  { "rename-column", WARNING, "ALTER TABLE posts RENAME title TO name", "ALTER TABLE posts RENAME CONSTRAINT posts_author_fkey TO x" },
  { "rename-enum-value", WARNING, "ALTER TYPE mood RENAME VALUE 'ok' TO 'good'", "ALTER TYPE mood ADD VALUE 'good'" },
  { "move-table", WARNING, "ALTER TABLE posts SET SCHEMA old", "ALTER VIEW grown SET SCHEMA old" },
  { "update-limit", ERROR, "UPDATE users SET name = '' WHERE name IS NULL LIMIT 10", "UPDATE users SET name = '' WHERE id IN (SELECT id FROM users LIMIT 10)" },
  { "update-limit", ERROR, "DELETE FROM users WHERE age < 5 LIMIT 10", "DELETE FROM users WHERE name = 'limit'" },
  { "backticks", ERROR, "ALTER TABLE `users` ADD COLUMN x int", "COMMENT ON TABLE users IS '`users`'" },
  { "auto-increment", ERROR, "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY)", "CREATE TABLE t (auto_increment int)" },
  { "foreign-type", ERROR, "CREATE TABLE t (at DATETIME)", "CREATE TABLE t (at timestamp, \"datetime\" date)" },
  { "json-not-jsonb", INFO, "CREATE TABLE t (a json)", "CREATE TABLE t (a jsonb)" },
  { "accept-comment", WARNING, "-- tidemark: accept drop-column\nALTER TABLE users DROP mail", "-- tidemark: accept drop-column because old\nALTER TABLE users DROP mail" },
  { "accept-comment", WARNING, "-- tidemark: accept no-such-rule because\nSELECT 1", "-- tidemark is a program\nSELECT 1" },
};

static GPtrArray *
make_history (const char *const *names,
              const char *const *texts)
{
  g_autofree char *folder = tide_test_make_folder ();
  g_autoptr(GError) error = NULL;
  GPtrArray *migrations;

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (names[i], "migration.sql", NULL);

      tide_test_write_file (folder, path, texts[i], -1);
    }
  migrations = tide_migration_list_directory (folder, &error);
  g_assert_no_error (error);
  /* The text is read when it is asked for */
  for (guint i = 0; i < migrations->len; i++)
    tide_migration_get_checksum (g_ptr_array_index (migrations, i));
  tide_test_remove_folder (folder);
  return migrations;
}

static const TideLintFinding *
find (GPtrArray  *findings,
      const char *rule)
{
  for (guint i = 0; i < findings->len; i++)
    if (g_str_equal (((TideLintFinding *) g_ptr_array_index (findings, i))->rule, rule))
      return g_ptr_array_index (findings, i);
  return NULL;
}

static void
test_cases (void)
{
  g_autoptr(GPtrArray) history = make_history ((const char *[]) { "20250101000000_before", NULL }, (const char *[]) { before });

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) bad = tide_lint_text (cases[i].bad, -1, history, NULL, NULL);
      g_autoptr(GPtrArray) good = tide_lint_text (cases[i].good, -1, history, NULL, NULL);
      const TideLintFinding *finding = find (bad, cases[i].rule);

      if (finding == NULL || finding->severity != cases[i].severity)
        g_error ("%s, about: %s", cases[i].rule, cases[i].bad);
      g_assert_cmpint (finding->line, >, 0);
      g_assert_cmpuint (finding->start + finding->length, <=, strlen (cases[i].bad));
      g_assert_cmpuint (finding->length, >, 0);
      g_assert_true (*finding->message != '\0' && *finding->reason != '\0' && g_str_has_prefix (finding->url, "https://"));
      if (find (good, cases[i].rule) != NULL)
        g_error ("%s, not about: %s", cases[i].rule, cases[i].good);
    }
}

/* What deploying refuses must not pass here, or a check that nobody looks at says that all is well. */
static void
test_cannot_run (void)
{
  g_autofree char *folder = tide_test_make_folder ();
  g_autoptr(GPtrArray) migrations = NULL;
  g_autoptr(GPtrArray) findings = NULL;
  g_autoptr(GError) error = NULL;
  static const struct { const char *path, *text; gssize size; const char *words; guint line; } files[] = {
    { "20250101000000_bom/migration.sql", "\xef\xbb\xbfSELECT 1;", -1, "byte order mark", 0 },
    { "20250102000000_copy/migration.sql", "SELECT 1;\nCOPY t FROM STDIN;\n1\n\\.\n", -1, "COPY FROM STDIN", 2 },
    { "20250103000000_latin/migration.sql", "SELECT 'caf\xe9';", -1, "not UTF-8", 0 },
    { "20250104000000_meta/migration.sql", "\\set x 1\n", -1, "a command of psql", 1 },
    { "20250105000000_none/README", "", -1, "has no migration.sql", 0 },
    { "20250106000000_zero/migration.sql", "SELECT 1;\0SELECT 2;", 19, "zero byte", 0 },
    { "20250107000000_well/migration.sql", "SELECT 1;", -1, NULL, 0 },
  };
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    tide_test_write_file (folder, files[i].path, files[i].text, files[i].size);
  migrations = tide_migration_list_directory (folder, &error);
  g_assert_no_error (error);
  findings = tide_lint_history (migrations, 0, NULL, NULL);
  for (guint i = 0; i < findings->len; i++)
    {
      const TideLintFinding *finding = g_ptr_array_index (findings, i);

      if (!g_str_equal (finding->rule, "cannot-run"))
        continue;
      g_assert_cmpint (finding->severity, ==, TIDE_LINT_ERROR);
      if (strstr (finding->message, files[n].words) == NULL)
        g_error ("%s: %s", files[n].path, finding->message);
      g_assert_cmpint (finding->line, ==, files[n].line);
      n++;
    }
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (files) - 1);
  tide_test_remove_folder (folder);
}

/* A type is called what it is called at that point, and a serial column holds integers. */
static void
test_type_names (void)
{
  static const struct { const char *text; const char *words; } texts[] = {
    { "ALTER TYPE mood RENAME TO feeling; ALTER TABLE users ALTER mood TYPE text USING mood::text", "which was feeling" },
    { "ALTER TYPE public.mood RENAME TO \"Mood\"; ALTER TABLE users ALTER mood TYPE text USING mood::text", "which was Mood" },
    { "ALTER TABLE users ADD n serial; ALTER TABLE users ALTER n TYPE bigint", "which was integer" },
  };
  g_autoptr(GPtrArray) history = make_history ((const char *[]) { "20250101000000_before", NULL }, (const char *[]) { before });

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GPtrArray) findings = tide_lint_text (texts[i].text, -1, history, NULL, NULL);
      const TideLintFinding *finding = find (findings, "change-type");

      g_assert_nonnull (finding);
      if (strstr (finding->message, texts[i].words) == NULL)
        g_error ("%s: %s", texts[i].text, finding->message);
    }
}

/* "Fails where a row is null" is not said behind an UPDATE that fills the column. */
static void
test_filled (void)
{
  static const struct { const char *text; gboolean fails; } texts[] = {
    { "ALTER TABLE users ALTER mail SET NOT NULL", TRUE },
    { "UPDATE users SET mail = 'x' WHERE mail IS NULL; ALTER TABLE users ALTER mail SET NOT NULL", FALSE },
    { "UPDATE users SET mail = 'x' WHERE id = 1; ALTER TABLE users ALTER mail SET NOT NULL", TRUE },
    { "DELETE FROM users WHERE mail IS NULL; ALTER TABLE users ALTER mail SET NOT NULL", FALSE },
    { "UPDATE users SET name = 'x' WHERE mail IS NULL; ALTER TABLE users ALTER mail SET NOT NULL", TRUE },
    { "ALTER TABLE users ADD x int DEFAULT 1; ALTER TABLE users ALTER x SET NOT NULL", FALSE },
  };
  g_autoptr(GPtrArray) history = make_history ((const char *[]) { "20250101000000_before", NULL }, (const char *[]) { before });

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GPtrArray) findings = tide_lint_text (texts[i].text, -1, history, NULL, NULL);
      const TideLintFinding *finding = find (findings, "set-not-null");

      g_assert_nonnull (finding);
      if (g_str_has_prefix (finding->reason, "Fails") != texts[i].fails)
        g_error ("%s: %s", texts[i].text, finding->reason);
    }
}

/* Those of whole files and of a database, which the table has no place for */
static void
test_every_rule_has_a_case (void)
{
  static const char *const elsewhere[] = {
    "foreign-key-without-index", "many-changes", "vague-name", "no-timestamp", "same-name", "same-content", "same-timestamp",
    "no-lock-timeout", "cannot-run", NULL,
  };
  g_autofree TideLintRuleInfo *rules = NULL;
  guint n = 0;

  rules = tide_lint_list_rules (&n);
  g_assert_cmpuint (n, >, 40);
  for (guint i = 0; i < n; i++)
    {
      gboolean found = g_strv_contains (elsewhere, rules[i].id);

      for (guint k = 0; k < G_N_ELEMENTS (cases); k++)
        found |= g_str_equal (cases[k].rule, rules[i].id);
      g_test_message ("%s", rules[i].id);
      g_assert_true (found);
    }
}

static char *
apply (const char            *text,
       const TideLintFinding *finding)
{
  g_assert_nonnull (finding);
  g_assert_nonnull (finding->fix);
  return g_strdup_printf ("%.*s%s%s", (int) finding->fix_start, text, finding->fix, text + finding->fix_start + finding->fix_length);
}

static void
test_fixes (void)
{
  static const struct { const char *rule; const char *before; const char *after; const char *follow_up; } fixes[] = {
    { "index-blocks-writes", "-- x\nCREATE INDEX i ON users (name);", "-- x\nCREATE INDEX CONCURRENTLY i ON users (name);", NULL },
    { "add-unique", "CREATE UNIQUE INDEX \"i\" ON users (name)", "CREATE UNIQUE INDEX CONCURRENTLY \"i\" ON users (name)", NULL },
    { "drop-index-blocks", "DROP INDEX posts_title;", "DROP INDEX CONCURRENTLY posts_title;", NULL },
    { "reindex", "REINDEX (VERBOSE) TABLE users", "REINDEX (VERBOSE) TABLE CONCURRENTLY users", NULL },
    { "detach-partition", "ALTER TABLE events DETACH PARTITION events_1", "ALTER TABLE events DETACH PARTITION events_1 CONCURRENTLY", NULL },
    { "add-foreign-key", "ALTER TABLE users ADD x int, ADD CONSTRAINT \"f k\" FOREIGN KEY (team) REFERENCES teams (id) ON DELETE CASCADE;",
      "ALTER TABLE users ADD x int, ADD CONSTRAINT \"f k\" FOREIGN KEY (team) REFERENCES teams (id) ON DELETE CASCADE NOT VALID;",
      "ALTER TABLE \"users\" VALIDATE CONSTRAINT \"f k\";\n" },
    { "add-check", "ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0)", "ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID",
      "ALTER TABLE \"users\" VALIDATE CONSTRAINT \"c\";\n" },
    { "json-not-jsonb", "ALTER TABLE users ADD \"x\" JSON NOT NULL DEFAULT '{}'", "ALTER TABLE users ADD \"x\" JSONB NOT NULL DEFAULT '{}'", NULL },
    { "auto-increment", "CREATE TABLE t (id INT AUTO_INCREMENT)", "CREATE TABLE t (id INT GENERATED BY DEFAULT AS IDENTITY)", NULL },
    { "backticks", "DROP TABLE `a\"b`", "DROP TABLE \"a\"\"b\"", NULL },
    { "foreign-type", "CREATE TABLE t (a DATETIME NOT NULL)", "CREATE TABLE t (a TIMESTAMP(3) NOT NULL)", NULL },
  };
  g_autoptr(GPtrArray) history = make_history ((const char *[]) { "20250101000000_before", NULL }, (const char *[]) { before });

  for (guint i = 0; i < G_N_ELEMENTS (fixes); i++)
    {
      g_autoptr(GPtrArray) findings = tide_lint_text (fixes[i].before, -1, history, NULL, NULL);
      const TideLintFinding *finding = find (findings, fixes[i].rule);
      g_autofree char *after = apply (fixes[i].before, finding);

      g_assert_cmpstr (after, ==, fixes[i].after);
      g_assert_cmpstr (finding->follow_up, ==, fixes[i].follow_up);
    }
}

/* Beside other statements CONCURRENTLY is no fix: it is advice */
static void
test_no_fix_beside_others (void)
{
  g_autoptr(GPtrArray) history = make_history ((const char *[]) { "20250101000000_before", NULL }, (const char *[]) { before });
  g_autoptr(GPtrArray) findings = tide_lint_text ("SELECT 1; CREATE INDEX ON users (name)", -1, history, NULL, NULL);

  g_assert_null (find (findings, "index-blocks-writes")->fix);
  g_assert_nonnull (find (findings, "index-blocks-writes")->advice);
}

static void
test_accepted (void)
{
  static const char text[] =
    "-- tidemark: accept drop-column, rename-column because nobody reads it\n"
    "ALTER TABLE users DROP COLUMN mail;\n"
    "ALTER TABLE users DROP COLUMN name;\n"
    "/* tidemark: accept drop-table in this file because the module is gone */\n"
    "DROP TABLE posts;\n"
    "DROP TABLE teams;\n"
    "-- tidemark: accept all because it is a test\n"
    "CREATE INDEX ON users (age);\n";
  g_autoptr(GPtrArray) history = make_history ((const char *[]) { "20250101000000_before", NULL }, (const char *[]) { before });
  g_autoptr(GPtrArray) findings = tide_lint_text (text, -1, history, NULL, NULL);
  guint n_accepted = 0;

  for (guint i = 0; i < findings->len; i++)
    {
      const TideLintFinding *finding = g_ptr_array_index (findings, i);
      gboolean expected = finding->line != 3;

      g_assert_cmpint (finding->accepted, ==, expected);
      g_assert_cmpint (finding->accepted_because != NULL, ==, expected);
      n_accepted += finding->accepted;
    }
  g_assert_cmpuint (n_accepted, >=, 4);
  g_assert_cmpstr (find (findings, "drop-column")->accepted_because, ==, "nobody reads it");
  g_assert_cmpuint (tide_lint_count (findings, NULL, TIDE_LINT_WARNING), ==, 1);
}

/* The comment that accepts a finding does so when it is put where it belongs */
static void
test_accept_comment_works (void)
{
  static const char text[] = "SELECT 1;\nALTER TABLE users DROP COLUMN mail;\n";
  g_autoptr(GPtrArray) history = make_history ((const char *[]) { "20250101000000_before", NULL }, (const char *[]) { before });
  g_autoptr(GPtrArray) findings = tide_lint_text (text, -1, history, NULL, NULL);
  g_autofree char *comment = tide_lint_finding_dup_accept (find (findings, "drop-column"), "it is\nover; /* really */ ");
  g_autofree char *accepted = g_strdup_printf ("SELECT 1;\n%s\nALTER TABLE users DROP COLUMN mail;\n", comment);
  g_autoptr(GPtrArray) again = tide_lint_text (accepted, -1, history, NULL, NULL);

  g_assert_true (find (again, "drop-column")->accepted);
  g_assert_cmpstr (find (again, "drop-column")->accepted_because, ==, "it is over; /* really */");
}

/* What is put elsewhere first is worth a look, and no more: what only looks like it stays an error */
static void
test_carried (void)
{
  static const struct
  {
    const char       *rule;
    TideLintSeverity  severity;
    const char       *sql;
  } cases[] = {
    { "drop-column", WARNING, "UPDATE users SET name = users.mail::text WHERE name IS NULL; ALTER TABLE users DROP mail" },
    { "drop-column", WARNING, "INSERT INTO posts (title) SELECT mail FROM users; ALTER TABLE users DROP mail" },
    { "drop-column", WARNING, "CREATE TABLE old AS SELECT id, lower(mail) FROM users; ALTER TABLE users DROP mail" },
    { "drop-column", WARNING, "UPDATE posts p SET title = u.name FROM users u WHERE p.author = u.mail; ALTER TABLE users DROP mail" },
    { "drop-column", ERROR, "UPDATE users SET mail = NULL; ALTER TABLE users DROP mail" },
    { "drop-column", ERROR, "UPDATE users SET name = '' WHERE mail = 'x'; ALTER TABLE users DROP mail" },
    { "drop-column", ERROR, "INSERT INTO users (mail) VALUES ('x'); ALTER TABLE users DROP mail" },
    { "drop-column", ERROR, "UPDATE posts SET title = mail; ALTER TABLE users DROP mail" },
    { "drop-column", ERROR, "ALTER TABLE users DROP mail; UPDATE users SET name = mail" },
    { "drop-column", ERROR, "DELETE FROM posts USING users WHERE users.mail = posts.title; ALTER TABLE users DROP mail" },
    { "drop-table", WARNING, "INSERT INTO users (name) SELECT title FROM posts; DROP TABLE posts" },
    { "drop-table", ERROR, "INSERT INTO posts (title) SELECT name FROM users; DROP TABLE posts" },
    { "drop-table", ERROR, "UPDATE users SET name = p.title FROM posts p WHERE p.id = users.id; DROP TABLE posts" },
    { "drop-table", WARNING, "UPDATE users SET name = p.title FROM posts p WHERE p.author = users.id; DROP TABLE posts" },
    { "drop-table", WARNING, "DROP TABLE posts; CREATE TABLE posts AS SELECT id, name AS title FROM users" },
    { "drop-table", ERROR, "DROP TABLE posts; CREATE TABLE posts (id int)" },
    { "drop-table", ERROR, "DROP TABLE posts; CREATE TABLE others AS SELECT * FROM users" },
    { "drop-column", WARNING, "INSERT INTO posts (author) SELECT id FROM users WHERE mail = 'x'; ALTER TABLE users DROP mail" },
    { "delete-without-where", WARNING, "INSERT INTO users (name) SELECT title FROM posts; DELETE FROM posts" },
    { "delete-without-where", ERROR, "INSERT INTO users (name) SELECT title FROM posts; DELETE FROM users" },
    { "truncate", WARNING, "INSERT INTO users (name) SELECT title FROM posts; TRUNCATE posts" },
    { "truncate", ERROR, "INSERT INTO posts (title) SELECT name FROM users; TRUNCATE users CASCADE" },
    { "drop-column", WARNING, "ALTER TABLE users ADD m int; UPDATE users SET m = 1 WHERE mail = 'x'; ALTER TABLE users DROP mail" },
    { "drop-column", ERROR, "ALTER TABLE posts ADD m int; UPDATE posts SET m = 1 WHERE title = 'x'; ALTER TABLE users DROP mail" },
    /* No migration has made it */
    { "drop-table", WARNING, "DROP TABLE IF EXISTS strangers" },
    { "drop-table", ERROR, "DROP TABLE strangers" },
    /* Where there is a row, the whole statement fails */
    { "drop-column", WARNING, "ALTER TABLE users DROP mail, ADD email text NOT NULL" },
    { "drop-column", WARNING, "ALTER TABLE posts ADD mail text PRIMARY KEY, DROP title" },
    { "drop-column", ERROR, "ALTER TABLE users DROP mail, ADD email text NOT NULL DEFAULT ''" },
    { "drop-column", ERROR, "ALTER TABLE users DROP mail, ADD n serial NOT NULL" },
    { "drop-column", ERROR, "ALTER TABLE users DROP mail, ADD IF NOT EXISTS name text NOT NULL" },
    { "drop-column", ERROR, "ALTER TABLE users DROP mail; ALTER TABLE posts ADD email text NOT NULL" },
  };
  g_autoptr(GPtrArray) history = make_history ((const char *[]) { "20250101000000_before", NULL }, (const char *[]) { before });

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) findings = tide_lint_text (cases[i].sql, -1, history, NULL, NULL);

      g_test_message ("%s", cases[i].sql);
      g_assert_cmpint (find (findings, cases[i].rule)->severity, ==, cases[i].severity);
    }
}

/* Of what nothing was copied, nothing is said of copies, whatever else the file moves */
static void
test_advice_of_others (void)
{
  g_autoptr(GPtrArray) history = make_history ((const char *[]) { "20250101000000_before", NULL }, (const char *[]) { before });
  g_autoptr(GPtrArray) findings = tide_lint_text ("INSERT INTO users (name) SELECT title FROM posts; DROP TABLE posts;\n"
                                                  "DROP TABLE teams; ALTER TABLE users DROP mail", -1, history, NULL, NULL);
  guint n_copied = 0;

  for (guint i = 0; i < findings->len; i++)
    {
      const TideLintFinding *finding = g_ptr_array_index (findings, i);

      if (finding->advice != NULL && strstr (finding->advice, "copied") != NULL)
        {
          n_copied++;
          g_assert_cmpstr (finding->message, ==, "drops \"posts\"");
        }
    }
  g_assert_cmpuint (n_copied, ==, 1);
}

static void
test_names (void)
{
  g_autoptr(GPtrArray) history = make_history (
    (const char *[]) { "20250101000000_init", "20250102000000_update2", "20250103000000_add_users", "20250104000000_add_users",
                       "20250105000000_a_thing", "20250105000000_other_thing", "20250106000000_part_1", "20250106000000_part_2",
                       "fix_things", NULL },
    (const char *[]) { "CREATE TABLE a (id int primary key);", "SELECT 1;", "SELECT 2;", "SELECT 3;", "SELECT 4;", "SELECT 4;",
                       "SELECT 5;", "SELECT 6;", "SELECT 7;" });
  g_autoptr(GPtrArray) findings = tide_lint_history (history, 0, NULL, NULL);

  g_assert_cmpuint (findings->len, ==, 5);
  g_assert_cmpstr (find (findings, "vague-name")->migration, ==, "20250102000000_update2");
  g_assert_cmpstr (find (findings, "same-name")->migration, ==, "20250104000000_add_users");
  g_assert_cmpstr (find (findings, "same-content")->migration, ==, "20250105000000_other_thing");
  g_assert_cmpstr (find (findings, "same-timestamp")->migration, ==, "20250105000000_other_thing");
  g_assert_cmpstr (find (findings, "no-timestamp")->migration, ==, "fix_things");
  g_assert_cmpint (find (findings, "no-timestamp")->line, ==, 0);
}

/* An index may come later: only what the whole history leaves bare is told, and only for what is asked about */
static void
test_keys_at_the_end (void)
{
  g_autoptr(GPtrArray) history = make_history (
    (const char *[]) { "20250101000000_init", "20250102000000_index", NULL },
    (const char *[]) { "CREATE TABLE a (id int primary key); CREATE TABLE b (x int references a, y int references a, z int references a unique);"
                       "CREATE TABLE c (x int, y int, foreign key (x) references a, primary key (y, x));",
                       "CREATE INDEX CONCURRENTLY ON b (x, y);" });
  g_autoptr(GPtrArray) findings = tide_lint_history (history, 0, NULL, NULL);
  g_autoptr(GPtrArray) later = tide_lint_history (history, 1, NULL, NULL);
  guint n = 0;

  for (guint i = 0; i < findings->len; i++)
    n += g_str_equal (((TideLintFinding *) g_ptr_array_index (findings, i))->rule, "foreign-key-without-index");
  g_assert_cmpuint (n, ==, 2); /* b.y and c.x */
  g_assert_null (find (later, "foreign-key-without-index"));
}

static void
test_many_changes (void)
{
  g_autoptr(GString) make = g_string_new (NULL);
  g_autoptr(GString) change = g_string_new (NULL);
  g_autoptr(GPtrArray) history = NULL;
  g_autoptr(GPtrArray) findings = NULL;

  for (guint i = 0; i < 9; i++)
    {
      g_string_append_printf (make, "CREATE TABLE t%u (id int primary key);\n", i);
      g_string_append_printf (change, "ALTER TABLE t%u ADD x int;\n", i);
    }
  history = make_history ((const char *[]) { "20250101000000_init", "20250102000000_add_x", NULL }, (const char *[]) { make->str, change->str });
  findings = tide_lint_history (history, 0, NULL, NULL);
  g_assert_cmpuint (findings->len, ==, 1);
  g_assert_nonnull (find (findings, "many-changes"));
}

/* Text that nobody can read is passed over: no finding, no crash */
static void
test_odd_text (void)
{
  static const char *const texts[] = {
    "", ";;;", "\\connect x\nSELECT 1", "ALTER TABLE", "ALTER TABLE x", "CREATE TABLE t (", "DROP TABLE 'x", "MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE",
    "ALTER TABLE a ALTER COLUMN b", "UPDATE", "UPDATE x LIMIT", "DELETE LIMIT 5", "DELETE FROM", "ALTER TYPE", "INSERT INTO", "INSERT INTO \"", "`", "UPDATE `x",
    "ALTER TABLE IF EXISTS ONLY \"a\".\"b\" * ADD COLUMN c int, DROP d", ("\xef\xbb\xbf" "CREATE TABLE t (a int);"), "/* tidemark: accept */ SELECT 1",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GPtrArray) findings = tide_lint_text (texts[i], -1, NULL, NULL, NULL);

      g_assert_nonnull (findings);
    }
}

static void
test_cancelled (void)
{
  g_autoptr(GPtrArray) history = make_history ((const char *[]) { "20250101000000_before", NULL }, (const char *[]) { before });
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  g_assert_null (tide_lint_history (history, 0, NULL, cancellable));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lint/cases", test_cases);
  g_test_add_func ("/lint/every-rule-has-a-case", test_every_rule_has_a_case);
  g_test_add_func ("/lint/cannot-run", test_cannot_run);
  g_test_add_func ("/lint/type-names", test_type_names);
  g_test_add_func ("/lint/filled", test_filled);
  g_test_add_func ("/lint/fixes", test_fixes);
  g_test_add_func ("/lint/no-fix-beside-others", test_no_fix_beside_others);
  g_test_add_func ("/lint/accepted", test_accepted);
  g_test_add_func ("/lint/accept-comment-works", test_accept_comment_works);
  g_test_add_func ("/lint/carried", test_carried);
  g_test_add_func ("/lint/advice-of-others", test_advice_of_others);
  g_test_add_func ("/lint/names", test_names);
  g_test_add_func ("/lint/keys-at-the-end", test_keys_at_the_end);
  g_test_add_func ("/lint/many-changes", test_many_changes);
  g_test_add_func ("/lint/odd-text", test_odd_text);
  g_test_add_func ("/lint/cancelled", test_cancelled);
  return g_test_run ();
}
