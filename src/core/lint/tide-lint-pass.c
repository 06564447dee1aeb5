/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-pass"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "lint/tide-lint-accept.h"
#include "lint/tide-lint-finding-private.h"
#include "lint/tide-lint-pass.h"

/* Below this an index is built, or a table read, before anybody notices; above the other, people wait for minutes */
#define SMALL_ROWS 10000
#define SMALL_BYTES (8 << 20)
#define LARGE_ROWS 1000000
#define LARGE_BYTES (1 << 30)

static const TideLintTableFact *
find_fact (TideLintPass  *self,
           TideLintTable *table)
{
  return self->context ? tide_lint_context_find (self->context, table->schema, table->name) : NULL;
}

gboolean
tide_lint_pass_is_new (TideLintPass  *self,
                       TideLintTable *table)
{
  return table->born == self->file;
}

TideLintSize
tide_lint_pass_get_size (TideLintPass  *self,
                         TideLintTable *table)
{
  const TideLintTableFact *fact = find_fact (self, table);

  if (tide_lint_pass_is_new (self, table) || table->emptied == self->file)
    return TIDE_LINT_SIZE_EMPTY;
  if (self->context == NULL)
    return TIDE_LINT_SIZE_UNKNOWN;
  /* Not there yet: a migration that waits before this one makes it */
  if (fact == NULL)
    return table->born == TIDE_LINT_BEFORE || table->filled != TIDE_LINT_BEFORE ? TIDE_LINT_SIZE_UNKNOWN : TIDE_LINT_SIZE_EMPTY;
  if (fact->rows == 0)
    return table->filled >= self->first ? TIDE_LINT_SIZE_UNKNOWN : TIDE_LINT_SIZE_EMPTY;
  if (fact->rows >= LARGE_ROWS || fact->bytes >= LARGE_BYTES)
    return TIDE_LINT_SIZE_LARGE;
  return fact->rows < SMALL_ROWS && fact->bytes < SMALL_BYTES ? TIDE_LINT_SIZE_SMALL : TIDE_LINT_SIZE_MEDIUM;
}

/* FALSE: nothing to say. @severity (inout) */
static gboolean
weigh (const TideLintRule *rule,
       TideLintSize        size,
       int                *severity)
{
  gboolean has_rows = size == TIDE_LINT_SIZE_SMALL || size >= TIDE_LINT_SIZE_MEDIUM;

  switch (rule->scale)
    {
    case TIDE_LINT_BY_ROWS:
      if (has_rows)
        *severity += 1;
      return size != TIDE_LINT_SIZE_EMPTY;
    case TIDE_LINT_BY_SIZE:
      if (size == TIDE_LINT_SIZE_LARGE)
        *severity += 1;
      else if (size == TIDE_LINT_SIZE_SMALL)
        *severity = TIDE_LINT_INFO;
      return size != TIDE_LINT_SIZE_EMPTY;
    case TIDE_LINT_UNLESS_EMPTY:
      return size != TIDE_LINT_SIZE_EMPTY;
    case TIDE_LINT_LARGE_ONLY:
      return size == TIDE_LINT_SIZE_LARGE;
    case TIDE_LINT_ALWAYS:
    default:
      return TRUE;
    }
}

static void
note_clear (TideLintNote *note)
{
  g_free (note->message);
  g_free (note->advice);
  g_free (note->fix);
  g_free (note->follow_up);
}

static void
add_finding (TideLintPass       *self,
             const TideLintRule *rule,
             TideLintNote       *note,
             TideLintSeverity    severity,
             int                 index)
{
  const TideLintTableFact *fact = note->table ? find_fact (self, note->table) : NULL;
  const char *because = NULL;
  TideLintFinding values = {
    .rule = rule->name,
    .severity = severity,
    .hazards = rule->hazards,
    .migration = self->migration,
    .line = index < 0 ? 0 : tide_sql_line_of_offset (self->text, self->size, note->start),
    .start = note->start,
    .length = note->length,
    .table = note->table ? g_strdup (note->table->key) : NULL,
    .rows = fact ? fact->rows : -1,
    .bytes = fact ? fact->bytes : -1,
    .message = note->message,
    .reason = note->reason ? note->reason : _(rule->reason),
    .advice = note->advice,
    .fix = note->fix,
    .fix_start = note->fix_start,
    .fix_length = note->fix_length,
    .follow_up = note->follow_up,
    .url = rule->url,
  };

  values.accepted = tide_lint_accept_find (self, rule->name, index, &because);
  values.accepted_because = g_strdup (because);
  g_ptr_array_add (self->findings, tide_lint_finding_new (&values));
}

void
tide_lint_pass_report (TideLintPass   *self,
                       TideLintRuleId  id,
                       TideLintNote    note)
{
  const TideLintRule *rule = tide_lint_rule_get (id);
  int severity = rule->severity;

  if (!self->reports
      || !weigh (rule, note.table ? tide_lint_pass_get_size (self, note.table) : TIDE_LINT_SIZE_UNKNOWN, &severity))
    {
      note_clear (&note);
      return;
    }
  if (note.length == 0 && self->statement != NULL)
    {
      note.start = self->statement->start;
      note.length = self->statement->length;
    }
  add_finding (self, rule, &note, CLAMP (severity - note.lower, TIDE_LINT_INFO, TIDE_LINT_ERROR), self->index);
}

void
tide_lint_pass_report_file (TideLintPass   *self,
                            TideLintRuleId  id,
                            TideLintNote    note)
{
  if (self->reports)
    add_finding (self, tide_lint_rule_get (id), &note, tide_lint_rule_get (id)->severity, -1);
  else
    note_clear (&note);
}

TideLintTable *
tide_lint_pass_get_named (TideLintPass *self,
                          const char   *schema,
                          const char   *name)
{
  TideLintTable *table = tide_lint_state_find_table (self->state, schema, name);
  const TideLintTableFact *fact;

  if (table != NULL)
    return table;
  table = tide_lint_state_make_table (self->state, schema, name, TIDE_LINT_BEFORE);
  fact = find_fact (self, table);
  if (fact != NULL)
    tide_lint_table_learn (table, fact);
  return table;
}

TideLintTable *
tide_lint_pass_get_table (TideLintPass      *self,
                          const TideSqlNode *relation)
{
  return tide_lint_pass_get_named (self, tide_sql_node_get_text (relation, "schemaname"), tide_sql_node_get_text (relation, "relname"));
}

const char *
tide_lint_null_test (const TideSqlNode *expression,
                     const char        *kind)
{
  const TideSqlNode *test = tide_sql_node_as (expression, "NullTest");
  const TideSqlNode *column = tide_sql_node_as (tide_sql_node_get (test, "arg"), "ColumnRef");
  const TideSqlNode *field = tide_sql_node_first (tide_sql_node_get (column, "fields"));

  while (field != NULL && tide_sql_node_next (field) != NULL)
    field = tide_sql_node_next (field);
  return tide_sql_node_is (test, "nulltesttype", kind) && field != NULL ? tide_sql_node_get_string (field) : NULL;
}

gboolean
tide_lint_runs_code (const TideSqlHead *head)
{
  /* Functions too */
  static const char *const opaque[] = { "do", "call", "with", "select", "merge", "copy", "execute" };

  for (guint i = 0; i < G_N_ELEMENTS (opaque); i++)
    if (tide_sql_head_is (head, 0, opaque[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_of_word (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '$' || (c & 0x80) != 0;
}

/* In bodies of functions and in texts, too, whatever its case */
static gboolean
has_word (const char *text,
          const char *word)
{
  g_autofree char *lower = g_ascii_strdown (word, -1);
  gsize length = strlen (lower);

  for (const char *at = strstr (text, lower); at != NULL; at = strstr (at + 1, lower))
    if ((at == text || !is_of_word (at[-1])) && !is_of_word (at[length]))
      return TRUE;
  return FALSE;
}

/* Whether code of an earlier statement of this file may have given @column of @table a value. What other files have made does not
 * know it yet; here it has to be called by its name, or rows are put into the table, or a statement is put together as it runs. */
static gboolean
may_be_filled_by_code (TideLintPass  *self,
                       TideLintTable *table,
                       const char    *column)
{
  for (guint i = 0; i < self->index; i++)
    {
      const TideSqlStatement *statement = tide_sql_script_get_statement (self->script, i);
      g_autofree char *text = NULL;
      gboolean is_code, is_trigger;
      TideSqlHead head;
      guint at;

      tide_sql_head_init (&head, self->text, statement);
      at = !tide_sql_head_is (&head, 0, "create") ? G_MAXUINT : tide_sql_head_is (&head, 1, "or") ? 3 : 1;
      is_trigger = tide_sql_head_is (&head, at, "trigger") || tide_sql_head_is (&head, at, "constraint")
                   || tide_sql_head_is (&head, at, "rule");
      is_code = tide_lint_runs_code (&head) || tide_sql_head_is (&head, at, "function") || tide_sql_head_is (&head, at, "procedure");
      if (!is_code && !is_trigger)
        continue;
      text = g_ascii_strdown (self->text + statement->start, statement->length);
      if (has_word (text, column) || (is_code && (has_word (text, table->name) || has_word (text, "execute"))))
        return TRUE;
    }
  return FALSE;
}

gboolean
tide_lint_pass_is_all_null (TideLintPass   *self,
                            TideLintTable  *table,
                            char          **columns)
{
  if (table->filled == self->file)
    return FALSE;
  for (; *columns != NULL; columns++)
    {
      TideLintColumn *column = tide_lint_table_find_column (table, *columns);

      if (column != NULL && column->born == self->file && column->valued != self->file && !column->not_null)
        return !may_be_filled_by_code (self, table, column->name);
    }
  return FALSE;
}

static void
forget_what_is_over (TideLintPass  *self,
                     TideLintTable *table)
{
  if (table->former_at != self->moment)
    tide_lint_table_forget_former (table, NULL);
  table->former_at = self->moment;
}

void
tide_lint_pass_drop_index (TideLintPass  *self,
                           TideLintTable *table,
                           const char    *name)
{
  forget_what_is_over (self, table);
  tide_lint_table_drop_index (table, name);
}

gboolean
tide_lint_pass_is_unique (TideLintPass   *self,
                          TideLintTable  *table,
                          char          **columns,
                          gboolean        nulls_alike)
{
  forget_what_is_over (self, table);
  return tide_lint_table_is_unique (table, columns, nulls_alike);
}

gboolean
tide_lint_pass_is_key (TideLintPass   *self,
                       TideLintTable  *table,
                       char          **columns)
{
  forget_what_is_over (self, table);
  return tide_lint_table_is_key (table, columns);
}

void
tide_lint_pass_lock (TideLintPass  *self,
                     TideLintTable *table)
{
  if (tide_lint_pass_is_new (self, table))
    return;
  g_hash_table_add (self->changed, g_strdup (table->key));
  if (!self->has_lock_timeout && table->locked != self->transaction && self->reports)
    {
      g_autofree char *name = tide_lint_pass_dup_name (self, table);
      TideLintNote note = {
        .table = table,
        .message = g_strdup_printf (_("locks %s without lock_timeout"), name),
        .advice = g_strdup (_("Deploy with a lock time-out, or set one first, and try again when it runs out.")),
        .fix = g_strdup (self->in_transaction ? "SET LOCAL lock_timeout = '5s';\n" : "SET lock_timeout = '5s';\n"),
        .fix_start = self->statement->start,
      };

      tide_lint_pass_report (self, TIDE_LINT_NO_LOCK_TIMEOUT, note);
    }
  table->locked = self->transaction;
}

/* A table that an earlier statement shut; what is said of @worked itself is said by another rule where it @blocks anyway */
static TideLintTable *
find_locked (TideLintPass  *self,
             TideLintTable *worked,
             gboolean       blocks)
{
  GHashTableIter iter;
  gpointer value;

  if (worked->locked == self->transaction)
    return blocks ? NULL : worked;
  g_hash_table_iter_init (&iter, self->state->tables);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((TideLintTable *) value)->locked == self->transaction)
      return value;
  return NULL;
}

void
tide_lint_pass_work (TideLintPass  *self,
                     TideLintTable *table,
                     gboolean       blocks)
{
  TideLintTable *locked = self->reports && self->in_transaction && !tide_lint_pass_is_new (self, table)
                          ? find_locked (self, table, blocks) : NULL;
  g_autofree char *name = NULL;

  if (locked == NULL || tide_lint_pass_get_size (self, locked) == TIDE_LINT_SIZE_EMPTY)
    return;
  /* Once is enough: the whole of it is to be taken apart */
  if (self->worked == self->transaction)
    return;
  self->worked = self->transaction;
  name = tide_lint_pass_dup_name (self, locked);
  tide_lint_pass_report (self, TIDE_LINT_WORK_UNDER_LOCK, (TideLintNote) {
    .table = table,
    .message = g_strdup_printf (_("works while %s is shut by an earlier statement"), name),
    .advice = g_strdup (_("Put it into a migration of its own.")) });
}

gboolean
tide_lint_pass_is_alone (TideLintPass *self)
{
  return tide_sql_script_get_n_statements (self->script) == 1;
}

char *
tide_lint_pass_dup_name (TideLintPass  *self,
                         TideLintTable *table)
{
  g_autofree char *schema = tide_quote_identifier (table->schema);
  g_autofree char *name = tide_quote_identifier (table->name);

  return g_str_equal (table->schema, self->state->schema) ? g_steal_pointer (&name) : g_strconcat (schema, ".", name, NULL);
}
