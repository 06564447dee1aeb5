/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-habits"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "lint/tide-lint-accept.h"
#include "lint/tide-lint-pass.h"
#include "project/tide-migration.h"

#define TIMESTAMP_DIGITS 14
#define MANY_TABLES 8

static gsize
count_digits (const char *name)
{
  return strspn (name, "0123456789");
}

static gboolean
has_timestamp (const char *name)
{
  return count_digits (name) == TIMESTAMP_DIGITS && name[TIMESTAMP_DIGITS] == '_';
}

static const char *
skip_digits (const char *name)
{
  const char *rest = name + count_digits (name);

  return *rest == '_' ? rest + 1 : rest;
}

/* A project may number its migrations in its own way; one that leaves the way of the others is worth a word */
static gboolean
most_have_timestamps (GPtrArray *migrations)
{
  guint n = 0;

  for (guint i = 0; i < migrations->len; i++)
    n += has_timestamp (tide_migration_get_name (g_ptr_array_index (migrations, i)));
  return 2 * n > migrations->len;
}

static void
check_words (TideLintPass *pass)
{
  static const char *const empty[] = {
    "", "migration", "migrate", "update", "updates", "change", "changes", "fix", "fixes", "test", "tmp", "temp", "wip", "new", "stuff",
    "misc", "schema", "db", "database", "a", "b", "x", "asd", "asdf", "foo", "bar", "db_changes", "schema_changes", "schema_update",
    "update_schema", "updated_schema", "new_migration", "hotfix", "quick_fix", "dev", "prod", "final", "edit", "modify", NULL,
  };
  g_autofree char *words = g_ascii_strdown (skip_digits (pass->migration), -1);
  gsize length = strlen (words);

  /* "update2", "fix_3" */
  while (length > 0 && (g_ascii_isdigit (words[length - 1]) || words[length - 1] == '_' || words[length - 1] == '-'))
    words[--length] = '\0';
  if (g_strv_contains (empty, words))
    tide_lint_pass_report_file (pass, TIDE_LINT_VAGUE_NAME, (TideLintNote) {
      .message = g_strdup_printf (_("\"%s\" does not say what it does"), skip_digits (pass->migration)),
      .advice = g_strdup (_("Name what it changes: add_vendor_ratings, drop_old_sessions. One that is applied somewhere keeps its name.")) });
}

/* "..._part_01" and "..._part_02" stand in the order that is meant */
static gboolean
is_numbered (const char *left,
             const char *right)
{
  gsize length = strlen (left);

  while (length > 0 && g_ascii_isdigit (left[length - 1]))
    length--;
  return left[length] != '\0' && strncmp (left, right, length) == 0;
}

static void
check_twins (TideLintPass *pass,
             GPtrArray    *migrations,
             guint         index)
{
  TideMigration *self = g_ptr_array_index (migrations, index);
  const char *name = pass->migration;
  gboolean twin = FALSE;

  for (guint i = 0; i < index; i++)
    {
      TideMigration *other = g_ptr_array_index (migrations, i);
      const char *other_name = tide_migration_get_name (other);

      if (g_strcmp0 (tide_migration_get_checksum (self), tide_migration_get_checksum (other)) == 0
          && tide_sql_script_get_n_statements (pass->script) > 0)
        tide_lint_pass_report_file (pass, TIDE_LINT_SAME_CONTENT, (TideLintNote) {
          .message = g_strdup_printf (_("holds the same SQL as \"%s\""), other_name),
          .advice = g_strdup (_("Delete the one that is applied nowhere.")) });
      else if (*skip_digits (name) != '\0' && g_str_equal (skip_digits (name), skip_digits (other_name)))
        tide_lint_pass_report_file (pass, TIDE_LINT_SAME_NAME, (TideLintNote) {
          .message = g_strdup_printf (_("has the same name as \"%s\""), other_name),
          .advice = g_strdup (_("Look whether both are wanted, and name what is new in this one.")) });
      if (!twin && has_timestamp (name) && strncmp (name, other_name, TIMESTAMP_DIGITS + 1) == 0 && !is_numbered (name, other_name))
        {
          twin = TRUE;
          tide_lint_pass_report_file (pass, TIDE_LINT_SAME_TIMESTAMP, (TideLintNote) {
            .message = g_strdup_printf (_("has the same timestamp as \"%s\""), other_name),
            .advice = g_strdup (_("Give one that is applied nowhere a later timestamp.")) });
        }
    }
}

void
tide_lint_check_name (TideLintPass *pass,
                      GPtrArray    *migrations,
                      guint         index)
{
  if (!pass->reports)
    return;
  check_words (pass);
  /* A baseline is 0_init by Prisma's own word */
  if (!has_timestamp (pass->migration) && most_have_timestamps (migrations)
      && !(index == 0 && count_digits (pass->migration) > 0))
    tide_lint_pass_report_file (pass, TIDE_LINT_NO_TIMESTAMP, (TideLintNote) {
      .message = g_strdup_printf (_("\"%s\" does not begin with a timestamp as the others do"), pass->migration),
      .advice = g_strdup (_("Begin it with the time, as 20251202093000_. One that is applied somewhere keeps its name.")) });
  check_twins (pass, migrations, index);
}

void
tide_lint_check_file (TideLintPass *pass)
{
  guint n = g_hash_table_size (pass->changed);

  if (n > MANY_TABLES && pass->migration != NULL)
    tide_lint_pass_report_file (pass, TIDE_LINT_MANY_CHANGES, (TideLintNote) {
      .message = g_strdup_printf (g_dngettext (NULL, "changes %u existing table", "changes %u existing tables", n), n),
      .advice = g_strdup (_("Make a migration of each change that can be told in one sentence.")) });
}

static void
report_key (TideLintPass             *pass,
            TideLintTable            *table,
            const TideLintForeignKey *key,
            TideMigration            *migration)
{
  g_autofree char *shown = tide_lint_pass_dup_name (pass, table);
  g_autofree char *columns = g_strjoinv (", ", key->columns);
  g_autoptr(GString) quoted = g_string_new (NULL);

  for (guint i = 0; key->columns[i] != NULL; i++)
    {
      g_autofree char *column = tide_quote_identifier (key->columns[i]);

      g_string_append_printf (quoted, "%s%s", i > 0 ? ", " : "", column);
    }
  pass->migration = tide_migration_get_name (migration);
  pass->text = tide_migration_get_sql (migration);
  pass->size = tide_migration_get_sql_size (migration);
  g_hash_table_remove_all (pass->accepted);
  if (key->because != NULL)
    tide_lint_accept_add (pass, tide_lint_rule_get (TIDE_LINT_FOREIGN_KEY_WITHOUT_INDEX)->name, pass->index, key->because);
  tide_lint_pass_report (pass, TIDE_LINT_FOREIGN_KEY_WITHOUT_INDEX, (TideLintNote) {
    .table = table, .start = key->start, .length = key->length,
    .message = g_strdup_printf (_("no index of %s begins with %s"), shown, columns),
    .advice = g_strdup_printf (_("In the schema, @@index([%s]) on the model."), columns),
    .follow_up = g_strdup_printf ("CREATE INDEX CONCURRENTLY ON %s (%s);\n", shown, quoted->str) });
}

/* After the whole history, for an index may have come later */
void
tide_lint_check_keys (TideLintPass *pass,
                      GPtrArray    *migrations)
{
  GHashTableIter iter;
  gpointer value;

  pass->reports = TRUE;
  pass->statement = NULL;
  g_hash_table_iter_init (&iter, pass->state->tables);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      TideLintTable *table = value;

      for (guint i = 0; i < table->keys->len; i++)
        {
          const TideLintForeignKey *key = g_ptr_array_index (table->keys, i);

          if (key->file >= pass->first && key->file < (int) migrations->len && !tide_lint_table_covers (table, key->columns))
            report_key (pass, table, key, g_ptr_array_index (migrations, key->file));
        }
    }
}
