/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-constraint"

#include "config.h"

#include <glib/gi18n.h>

#include "lint/tide-lint-accept.h"
#include "lint/tide-lint-pass.h"

/* A constraint that is being looked at */
typedef struct
{
  TideLintPass      *pass;
  TideLintTable     *table;
  const TideSqlNode *node;
  const char        *name;    /* "" when it has none */
  char             **columns;
  gsize              start;
  gsize              length;
  gboolean           alone;   /* its own ADD CONSTRAINT, not part of a column */
} Constraint;

static char *
dup_list (char **columns)
{
  g_autoptr(GString) list = g_string_new (NULL);

  for (; *columns != NULL; columns++)
    {
      g_autofree char *quoted = tide_quote_identifier (*columns);

      g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", quoted);
    }
  return g_strdup (list->str);
}

static TideLintNote
new_note (Constraint *self,
          char       *message)
{
  return (TideLintNote) { .table = self->table, .start = self->start, .length = self->length, .message = message };
}

/* NOT VALID now, VALIDATE in a later migration */
static void
offer_not_valid (Constraint   *self,
                 TideLintNote *note)
{
  g_autofree char *table = tide_lint_pass_dup_name (self->pass, self->table);
  g_autofree char *name = tide_quote_identifier (self->name);

  note->advice = g_strdup (_("Add it NOT VALID, which holds for new rows at once, and VALIDATE it in a later migration, while all go on working."));
  if (*self->name == '\0' || !self->alone || self->length == 0)
    return;
  note->fix = g_strdup (" NOT VALID");
  note->fix_start = self->start + self->length;
  note->follow_up = g_strdup_printf ("ALTER TABLE %s VALIDATE CONSTRAINT %s;\n", table, name);
}

static void
add_foreign_key (Constraint *self)
{
  const TideSqlNode *target = tide_sql_node_get (self->node, "pktable");
  TideLintTable *other = tide_lint_pass_get_table (self->pass, target);
  TideLintForeignKey key = { g_strdup (self->name), g_strdupv (self->columns), g_strdup (other->key),
                             self->pass->file, self->start, self->length };
  gboolean not_valid = tide_sql_node_get_boolean (self->node, "skip_validation");
  g_autofree char *name = NULL;
  g_autofree char *target_name = NULL;
  const char *because = NULL;
  TideLintNote note;

  tide_lint_accept_find (self->pass, tide_lint_rule_get (TIDE_LINT_FOREIGN_KEY_WITHOUT_INDEX)->name, self->pass->index, &because);
  key.because = g_strdup (because);
  if (key.length == 0)
    {
      key.start = self->pass->statement->start;
      key.length = self->pass->statement->length;
    }
  g_ptr_array_add (self->table->keys, g_memdup2 (&key, sizeof key));
  if (not_valid)
    g_hash_table_replace (self->table->unchecked, g_strdup (self->name), GUINT_TO_POINTER (self->pass->transaction + 1));
  if (not_valid || tide_lint_pass_is_new (self->pass, self->table))
    return;
  name = tide_lint_pass_dup_name (self->pass, self->table);
  target_name = tide_lint_pass_dup_name (self->pass, other);
  note = new_note (self, g_strdup_printf (_("checks every row of %s against %s"), name, target_name));
  offer_not_valid (self, &note);
  /* Nothing to look up: the column came a moment ago, or what it points to did */
  if (tide_lint_pass_is_all_null (self->pass, self->table, self->columns))
    {
      note.lower = 1;
      note.reason = _("Nobody can write to either table while it is read; the new column is empty, so no row can fail.");
    }
  tide_lint_pass_report (self->pass, TIDE_LINT_ADD_FOREIGN_KEY, note);
}

static void
add_check (Constraint *self)
{
  gboolean not_valid = tide_sql_node_get_boolean (self->node, "skip_validation");
  const char *never_null = tide_lint_null_test (tide_sql_node_get (self->node, "raw_expr"), "IS_NOT_NULL");
  g_autofree char *name = NULL;
  TideLintNote note;

  if (never_null != NULL)
    g_hash_table_replace (self->table->never_null, g_strdup (never_null), g_strdup (not_valid ? self->name : ""));
  if (not_valid)
    g_hash_table_replace (self->table->unchecked, g_strdup (self->name), GUINT_TO_POINTER (self->pass->transaction + 1));
  if (not_valid || tide_lint_pass_is_new (self->pass, self->table))
    return;
  name = tide_lint_pass_dup_name (self->pass, self->table);
  note = new_note (self, g_strdup_printf (_("checks every row of %s"), name));
  offer_not_valid (self, &note);
  tide_lint_pass_report (self->pass, TIDE_LINT_ADD_CHECK, note);
}

/* UNIQUE and PRIMARY KEY without an index that is there already */
static void
add_key (Constraint     *self,
         TideLintRuleId  rule)
{
  gboolean is_primary = rule == TIDE_LINT_ADD_PRIMARY_KEY;
  g_autofree char *name = tide_lint_pass_dup_name (self->pass, self->table);
  g_autofree char *list = dup_list (self->columns);
  g_autofree char *joined = g_strjoinv ("_", self->columns);
  g_autofree char *default_name = is_primary ? g_strconcat (self->table->name, "_pkey", NULL)
                                             : g_strconcat (self->table->name, "_", joined, "_key", NULL);
  gboolean nulls_alike = tide_sql_node_get_boolean (self->node, "nulls_not_distinct");
  gboolean was_unique = is_primary ? tide_lint_pass_is_key (self->pass, self->table, self->columns)
                                   : tide_lint_pass_is_unique (self->pass, self->table, self->columns, nulls_alike);
  TideLintNote note;

  tide_lint_table_add_index (self->table, *self->name ? self->name : default_name, g_strdupv (self->columns), TRUE, FALSE);
  if (tide_lint_pass_is_new (self->pass, self->table) || (!is_primary && !nulls_alike && tide_lint_pass_is_all_null (self->pass, self->table, self->columns) && !self->alone))
    return;
  note = new_note (self, g_strdup_printf (is_primary ? _("makes %s the primary key of %s") : _("makes %s unique in %s"), list, name));
  if (was_unique)
    note.reason = _("Nobody else can read or write the table while its index is built. No row can fail: these columns, or fewer, are "
                    "unique already.");
  if (is_primary || was_unique)
    note.advice = g_strdup (is_primary ? _("Build the index first with CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, "
                                         "then ADD PRIMARY KEY USING INDEX.")
                                       : _("Build the index first with CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, "
                                           "then ADD UNIQUE USING INDEX."));
  else
    note.advice = g_strdup_printf (_("Look first: SELECT %s, count(*) FROM %s GROUP BY %s HAVING count(*) > 1. Build the index with "
                                     "CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, then ADD UNIQUE USING INDEX."),
                                   list, name, list);
  tide_lint_pass_report (self->pass, was_unique ? TIDE_LINT_INDEX_BLOCKS_WRITES : rule, note);
  tide_lint_pass_work (self->pass, self->table, TRUE);
}

static void
add_exclusion (Constraint *self)
{
  g_autofree char *name = tide_lint_pass_dup_name (self->pass, self->table);
  TideLintNote note = new_note (self, g_strdup_printf (_("adds an exclusion constraint to %s"), name));

  note.advice = g_strdup (_("Choose a quiet time, with a lock time-out; it cannot be added NOT VALID."));
  tide_lint_pass_report (self->pass, TIDE_LINT_ADD_EXCLUSION, note);
}

void
tide_lint_add_constraint (TideLintPass      *pass,
                          TideLintTable     *table,
                          const TideSqlNode *constraint,
                          const char        *column,
                          gsize              start,
                          gsize              length)
{
  const char *kind = tide_sql_node_get_text (constraint, "contype");
  const TideSqlNode *list = tide_sql_node_get (constraint, g_str_equal (kind, "CONSTR_FOREIGN") ? "fk_attrs" : "keys");
  g_auto(GStrv) columns = column ? g_strdupv ((char *[]) { (char *) column, NULL }) : tide_lint_dup_strings (list);
  Constraint self = { pass, table, constraint, tide_sql_node_get_text (constraint, "conname"), columns, start, length, column == NULL };

  if (g_str_equal (kind, "CONSTR_FOREIGN"))
    add_foreign_key (&self);
  else if (g_str_equal (kind, "CONSTR_CHECK"))
    add_check (&self);
  else if (g_str_equal (kind, "CONSTR_EXCLUSION") && !tide_lint_pass_is_new (pass, table))
    add_exclusion (&self);
  else if (tide_sql_node_get (constraint, "indexname") == NULL && g_str_equal (kind, "CONSTR_UNIQUE"))
    add_key (&self, TIDE_LINT_ADD_UNIQUE);
  else if (tide_sql_node_get (constraint, "indexname") == NULL && g_str_equal (kind, "CONSTR_PRIMARY"))
    add_key (&self, TIDE_LINT_ADD_PRIMARY_KEY);
}
