/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-alter"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "lint/tide-lint-pass.h"

/* One action of ALTER TABLE */
typedef struct
{
  TideLintPass      *pass;
  TideLintTable     *table;
  const TideSqlNode *statement; /* AlterTableStmt */
  const TideSqlNode *node;      /* AlterTableCmd */
  const char        *column;    /* the node's name: of a column, mostly */
  char              *shown;     /* the table's name */
  gsize              start;
  gsize              length;
} Action;

/* Puts the lexer behind the table's name, of which @location is the start; @token: what comes then */
static gboolean
skip_name (TideSqlLexer *lexer,
           TideSqlToken *token,
           gsize         location)
{
  gboolean wants_name = TRUE;

  while (tide_sql_next_counting (lexer, token))
    {
      gboolean is_dot = token->type == TIDE_SQL_TOKEN_OPERATOR && lexer->text[token->start] == '.';
      gboolean is_star = token->type == TIDE_SQL_TOKEN_OPERATOR && lexer->text[token->start] == '*';

      if (token->start < location)
        continue;
      if (!wants_name && !is_dot && !is_star)
        return TRUE;
      wants_name = is_dot;
    }
  return FALSE;
}

/* Where the actions are: (element-type gsize) start, end, start, end ... */
static GArray *
split_actions (TideLintPass      *pass,
               const TideSqlNode *node)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (gsize));
  const TideSqlNode *relation = tide_sql_node_get (node, "relation");
  gboolean between = TRUE;
  TideSqlLexer lexer;
  TideSqlToken token;
  gsize end = 0;
  int depth = 0;

  tide_sql_statement_lexer (&lexer, pass->text, pass->statement);
  if (!skip_name (&lexer, &token, pass->statement->start + tide_sql_node_get_integer (relation, "location")))
    return places;
  do
    {
      char c = token.type == TIDE_SQL_TOKEN_OPERATOR ? pass->text[token.start] : '\0';

      depth += (c == '(' || c == '[') - (c == ')' || c == ']');
      if (c == ',' && depth == 0)
        {
          g_array_append_val (places, end);
          between = TRUE;
          continue;
        }
      if (between)
        g_array_append_val (places, token.start);
      between = FALSE;
      end = token.start + token.length;
    }
  while (tide_sql_next_counting (&lexer, &token));
  g_array_append_val (places, end);
  return places;
}

static TideLintNote
new_note (Action *self,
          char   *message)
{
  return (TideLintNote) { .table = self->table, .start = self->start, .length = self->length, .message = message };
}

/* A function whose value differs from row to row; those of contrib that people use as defaults are among them */
static const TideSqlNode *
find_volatile (Action            *self,
               const TideSqlNode *node)
{
  static const char *const names[] = {
    "gen_random_uuid", "uuid_generate_v4", "uuid_generate_v1", "uuid_generate_v1mc", "uuidv7", "uuidv4", "random", "clock_timestamp",
    "timeofday", "nextval", "gen_random_bytes", "gen_salt", "nanoid", "cuid", "ulid", "gen_ulid", "uuid_generate_v7", NULL,
  };

  for (const TideSqlNode *child = tide_sql_node_first (node); child != NULL; child = tide_sql_node_next (child))
    {
      const TideSqlNode *name = tide_sql_node_first (tide_sql_node_get (child, "funcname"));
      const TideSqlNode *found;

      while (name != NULL && tide_sql_node_next (name) != NULL)
        name = tide_sql_node_next (name);
      if (name != NULL && (g_strv_contains (names, tide_sql_node_get_string (name))
                           || g_hash_table_contains (self->pass->state->volatile_functions, tide_sql_node_get_string (name))))
        return name;
      found = find_volatile (self, child);
      if (found != NULL)
        return found;
    }
  return NULL;
}

/* What in the definition of a new column has every row written; NULL: nothing */
static const char *
find_rewriting (const TideSqlNode *definition)
{
  const TideSqlNode *name = tide_sql_node_first (tide_sql_node_get (tide_sql_node_get (definition, "typeName"), "names"));
  const TideSqlNode *item = tide_sql_node_first (tide_sql_node_get (definition, "constraints"));

  if (g_str_has_suffix (tide_sql_node_get_string (name), "serial"))
    return _("a serial column");
  for (; item != NULL; item = tide_sql_node_next (item))
    {
      const TideSqlNode *constraint = tide_sql_node_as (item, "Constraint");

      if (tide_sql_node_is (constraint, "contype", "CONSTR_IDENTITY"))
        return _("an identity column");
      if (tide_sql_node_is (constraint, "contype", "CONSTR_GENERATED"))
        return _("a stored generated column");
    }
  return NULL;
}

static void
report_required (Action     *self,
                 const char *name)
{
  g_autofree char *quoted = tide_quote_identifier (name);
  TideLintNote note = new_note (self, g_strdup_printf (_("adds %s to %s as NOT NULL without a default"), quoted, self->shown));

  note.advice = g_strdup (_("Give it a default, or add it without NOT NULL, fill it in batches, and make it NOT NULL in a later migration."));
  tide_lint_pass_report (self->pass, TIDE_LINT_ADD_REQUIRED_COLUMN, note);
}

static void
add_column (Action *self)
{
  const TideSqlNode *definition = tide_sql_node_as (tide_sql_node_get (self->node, "def"), "ColumnDef");
  const char *name = tide_sql_node_get_text (definition, "colname");
  const char *rewriting = find_rewriting (definition);
  g_autofree char *quoted = tide_quote_identifier (name);
  const TideSqlNode *function = NULL;
  TideLintColumn *column;
  gboolean has_value;

  if (tide_sql_node_get_boolean (self->node, "missing_ok") && tide_lint_table_find_column (self->table, name) != NULL)
    return;
  tide_lint_add_column_definition (self->pass, self->table, definition);
  column = tide_lint_table_find_column (self->table, name);
  if (rewriting != NULL)
    column->valued = self->pass->file;
  has_value = column->valued == self->pass->file;
  if (tide_lint_pass_is_new (self->pass, self->table))
    return;
  if (has_value && rewriting == NULL)
    function = find_volatile (self, tide_sql_node_get (definition, "constraints"));
  if (rewriting != NULL)
    {
      TideLintNote note = new_note (self, g_strdup_printf (_("adds %s, %s, to %s"), quoted, rewriting, self->shown));

      note.advice = g_strdup (_("Add a plain column, let a trigger fill it for new rows, and fill the old ones in batches."));
      tide_lint_pass_report (self->pass, TIDE_LINT_COLUMN_REWRITES, note);
    }
  else if (function != NULL)
    {
      TideLintNote note = new_note (self, g_strdup_printf (_("adds %s to %s with %s() as its default"), quoted, self->shown,
                                                           tide_sql_node_get_string (function)));

      note.advice = g_strdup (_("Add the column without the default, then ALTER COLUMN ... SET DEFAULT, and fill the old rows in batches."));
      tide_lint_pass_report (self->pass, TIDE_LINT_VOLATILE_DEFAULT, note);
    }
  else if (column->not_null && !has_value)
    {
      report_required (self, name);
    }
}

/* Whether a column of the same type comes in the same statement: then it may be meant as the new name of this one */
static const char *
find_successor (Action *self)
{
  TideLintColumn *old = tide_lint_table_find_column (self->table, self->column);
  const TideSqlNode *item = tide_sql_node_first (tide_sql_node_get (self->statement, "cmds"));
  const char *found = NULL;
  guint n_dropped = 0;

  for (; item != NULL && old != NULL && old->type != NULL; item = tide_sql_node_next (item))
    {
      const TideSqlNode *action = tide_sql_node_as (item, "AlterTableCmd");
      const TideSqlNode *definition = tide_sql_node_as (tide_sql_node_get (action, "def"), "ColumnDef");
      g_autoptr(TideLintType) type = tide_lint_type_new (tide_sql_node_get (definition, "typeName"));

      n_dropped += tide_sql_node_is (action, "subtype", "AT_DropColumn");
      if (type != NULL && tide_sql_node_is (action, "subtype", "AT_AddColumn")
          && tide_lint_type_compare (old->type, type) == TIDE_LINT_TYPE_SAME)
        found = found == NULL ? tide_sql_node_get_text (definition, "colname") : "";
    }
  return n_dropped == 1 && found != NULL && *found != '\0' ? found : NULL;
}

/* (nullable): a column that the same statement adds and that no row can have: where there are rows, it fails as a whole */
static const char *
find_required (Action *self)
{
  const TideSqlNode *item = tide_sql_node_first (tide_sql_node_get (self->statement, "cmds"));

  for (; item != NULL; item = tide_sql_node_next (item))
    {
      const TideSqlNode *action = tide_sql_node_as (item, "AlterTableCmd");
      const TideSqlNode *definition = tide_sql_node_as (tide_sql_node_get (action, "def"), "ColumnDef");
      gboolean not_null = FALSE;
      gboolean has_value = find_rewriting (definition) != NULL;

      if (!tide_sql_node_is (action, "subtype", "AT_AddColumn") || tide_sql_node_get_boolean (action, "missing_ok"))
        continue;
      for (const TideSqlNode *part = tide_sql_node_first (tide_sql_node_get (definition, "constraints")); part != NULL;
           part = tide_sql_node_next (part))
        {
          const TideSqlNode *constraint = tide_sql_node_as (part, "Constraint");

          not_null |= tide_sql_node_is (constraint, "contype", "CONSTR_NOTNULL")
                      || tide_sql_node_is (constraint, "contype", "CONSTR_PRIMARY");
          has_value |= tide_sql_node_is (constraint, "contype", "CONSTR_DEFAULT");
        }
      if (not_null && !has_value)
        return tide_sql_node_get_text (definition, "colname");
    }
  return NULL;
}

static void
drop_column (Action *self)
{
  TideLintColumn *column = tide_lint_table_find_column (self->table, self->column);
  g_autofree char *quoted = tide_quote_identifier (self->column);
  const char *successor = find_successor (self);
  const char *required = find_required (self);
  g_autofree char *reason = NULL;
  g_autofree char *breaks = tide_lint_dup_dependents (self->pass, self->table, self->column);
  gboolean carried;
  TideLintNote note;

  if (tide_lint_pass_is_new (self->pass, self->table) || (column != NULL && column->born == self->pass->file))
    {
      tide_lint_table_drop_column (self->table, self->column);
      return;
    }
  note = new_note (self, g_strdup_printf (_("drops %s of %s%s"), quoted, self->shown, breaks));
  carried = self->pass->reports && tide_lint_is_carried (self->pass, self->table, self->column);
  note.lower += carried || required != NULL ? 1 : 0;
  if (required != NULL)
    note.reason = reason = g_strdup_printf (_("The values would be gone for good. The same statement adds \"%s\" as NOT NULL without "
                                              "a default: where the table has a row, it fails, and nothing is lost."), required);
  if (successor != NULL && g_str_equal (successor, self->column))
    note.advice = g_strdup (_("It comes back empty. If the values are wanted, change the column in place instead."));
  else if (successor != NULL)
    note.advice = g_strdup_printf (_("If \"%s\" is meant as its new name, the values are lost on the way: rename it, or copy them first."), successor);
  else if (carried)
    note.advice = g_strdup (_("Rows are copied above: prove that nothing is missing before this runs, and drop it in a later migration."));
  else
    note.advice = g_strdup (_("Take it out of the schema and deploy that first; drop it in a later migration, after a backup."));
  tide_lint_table_drop_column (self->table, self->column);
  tide_lint_pass_report (self->pass, TIDE_LINT_DROP_COLUMN, note);
}

/* A plain cast of the column itself, as ALTER COLUMN does without USING: "x"::text::"New" too */
static gboolean
is_plain_cast (const TideSqlNode *expression,
               const char        *column)
{
  const TideSqlNode *fields;

  while (tide_sql_node_as (expression, "TypeCast") != NULL)
    expression = tide_sql_node_get (tide_sql_node_as (expression, "TypeCast"), "arg");
  if (expression == NULL)
    return TRUE;
  fields = tide_sql_node_get (tide_sql_node_as (expression, "ColumnRef"), "fields");
  return fields != NULL && g_str_equal (tide_sql_node_get_string (tide_sql_node_first (fields)), column);
}

static void
change_type (Action *self)
{
  const TideSqlNode *definition = tide_sql_node_as (tide_sql_node_get (self->node, "def"), "ColumnDef");
  TideLintColumn *column = tide_lint_table_find_column (self->table, self->column);
  TideLintType *type = tide_lint_type_new (tide_sql_node_get (definition, "typeName"));
  TideLintTypeChange change = tide_lint_type_compare (column ? column->type : NULL, type);
  g_autofree char *from = column && column->type ? tide_lint_type_dup_text (column->type) : g_strdup ("?");
  g_autofree char *to = tide_lint_type_dup_text (type);
  g_autofree char *quoted = tide_quote_identifier (self->column);
  gboolean is_plain = is_plain_cast (tide_sql_node_get (definition, "raw_default"), self->column);
  TideLintNote note;

  if (!is_plain)
    change |= TIDE_LINT_TYPE_REWRITES;
  /* As text, what was different stays so. */
  if (!is_plain || type == NULL || type->is_array || !g_str_equal (type->name, "text"))
    tide_lint_table_forget_former (self->table, self->column);
  if (column == NULL)
    column = tide_lint_table_add_column (self->table, self->column, NULL, TIDE_LINT_BEFORE);
  g_clear_pointer (&column->type, tide_lint_type_free);
  column->type = type;
  if (change == TIDE_LINT_TYPE_SAME || tide_lint_pass_is_new (self->pass, self->table))
    return;
  /* However many columns of one statement change, the table is written once */
  if ((change & TIDE_LINT_TYPE_NARROWS) == 0 && self->pass->rewrote == self->pass->statement)
    return;
  self->pass->rewrote = self->pass->statement;

  note = new_note (self, change == TIDE_LINT_TYPE_UNKNOWN
                         ? g_strdup_printf (_("makes %s of %s %s"), quoted, self->shown, to)
                         : g_strdup_printf (_("makes %s of %s %s, which was %s"), quoted, self->shown, to, from));
  note.advice = g_strdup (_("Add a column of the new type, keep both filled by a trigger, fill it in batches, then let it take the place of the old one."));
  if (change == TIDE_LINT_TYPE_UNKNOWN)
    {
      note.lower = 1;
      note.reason = _("Unless the old type is stored alike (varchar and text are), every row is written anew while nobody can read or write the table.");
    }
  tide_lint_pass_report (self->pass, (change & TIDE_LINT_TYPE_NARROWS) ? TIDE_LINT_NARROW_TYPE : TIDE_LINT_CHANGE_TYPE, note);
  tide_lint_pass_work (self->pass, self->table, TRUE);
}

/* A CHECK that the column is never null, and holds for all rows, spares the reading (PostgreSQL 12) */
static gboolean
is_known_never_null (Action *self)
{
  const char *constraint = g_hash_table_lookup (self->table->never_null, self->column);
  const TideLintTableFact *fact = self->pass->context
                                  ? tide_lint_context_find (self->pass->context, self->table->schema, self->table->name) : NULL;
  g_autofree char *quoted = tide_quote_identifier (self->column);
  g_autofree char *test = g_strdup_printf ("CHECK ((%s IS NOT NULL))", quoted);
  g_autofree char *bare = g_strdup_printf ("CHECK ((%s IS NOT NULL))", self->column);

  if (constraint != NULL && (*constraint == '\0' || !g_hash_table_contains (self->table->unchecked, constraint)))
    return TRUE;
  return fact != NULL && (g_ptr_array_find_with_equal_func (fact->checks, test, g_str_equal, NULL)
                          || g_ptr_array_find_with_equal_func (fact->checks, bare, g_str_equal, NULL));
}

static void
set_not_null (Action *self)
{
  TideLintColumn *column = tide_lint_table_find_column (self->table, self->column);
  g_autofree char *quoted = tide_quote_identifier (self->column);
  gboolean was = column != NULL && column->not_null;
  gboolean has_value = column != NULL && column->valued == self->pass->file;
  TideLintNote note;

  if (column != NULL)
    column->not_null = TRUE;
  if (was || tide_lint_pass_is_new (self->pass, self->table) || is_known_never_null (self))
    return;
  note = new_note (self, g_strdup_printf (_("makes %s of %s NOT NULL"), quoted, self->shown));
  if (has_value)
    note.reason = _("Reads the whole table while nobody else can read or write it.");
  note.advice = g_strdup_printf (_("First ADD CONSTRAINT ... CHECK (%s IS NOT NULL) NOT VALID; in a later migration VALIDATE it, SET NOT NULL, which then reads nothing, and drop the check."), quoted);
  tide_lint_pass_report (self->pass, TIDE_LINT_SET_NOT_NULL, note);
}

static void
validate (Action *self)
{
  guint transaction = GPOINTER_TO_UINT (g_hash_table_lookup (self->table->unchecked, self->column));
  TideLintNote note;

  g_hash_table_remove (self->table->unchecked, self->column);
  if (transaction != self->pass->transaction + 1 || tide_lint_pass_is_new (self->pass, self->table))
    return;
  note = new_note (self, g_strdup_printf (_("validates \"%s\" in the transaction that adds it"), self->column));
  note.advice = g_strdup (_("Move VALIDATE CONSTRAINT to a later migration."));
  tide_lint_pass_report (self->pass, TIDE_LINT_VALIDATE_WITH_ADD, note);
}

static void
detach_partition (Action *self)
{
  const TideSqlNode *command = tide_sql_node_as (tide_sql_node_get (self->node, "def"), "PartitionCmd");
  TideLintNote note;

  if (tide_sql_node_get_boolean (command, "concurrent") || tide_lint_pass_is_new (self->pass, self->table))
    return;
  note = new_note (self, g_strdup_printf (_("detaches a partition of %s while everybody waits"), self->shown));
  if (tide_lint_pass_is_alone (self->pass))
    {
      note.fix = g_strdup (" CONCURRENTLY");
      note.fix_start = self->start + self->length;
    }
  note.advice = g_strdup (_("Say DETACH PARTITION ... CONCURRENTLY, in a migration of its own."));
  tide_lint_pass_report (self->pass, TIDE_LINT_DETACH_PARTITION, note);
}

static void
rewrite_table (Action *self)
{
  if (!tide_lint_pass_is_new (self->pass, self->table))
    tide_lint_pass_report (self->pass, TIDE_LINT_TABLE_REWRITES,
                           new_note (self, g_strdup_printf (_("writes %s anew"), self->shown)));
}

static void
add_constraint (Action *self)
{
  const TideSqlNode *constraint = tide_sql_node_as (tide_sql_node_get (self->node, "def"), "Constraint");

  tide_lint_add_constraint (self->pass, self->table, constraint, NULL, self->start, self->length);
}

static void
drop_constraint (Action *self)
{
  GPtrArray *keys = self->table->keys;

  g_hash_table_remove (self->table->unchecked, self->column);
  tide_lint_pass_drop_index (self->pass, self->table, self->column);
  for (guint i = keys->len; i > 0; i--)
    if (g_strcmp0 (((TideLintForeignKey *) g_ptr_array_index (keys, i - 1))->name, self->column) == 0)
      g_ptr_array_remove_index (keys, i - 1);
}

static void
drop_not_null (Action *self)
{
  TideLintColumn *column = tide_lint_table_find_column (self->table, self->column);

  if (column != NULL)
    column->not_null = FALSE;
}

static const struct
{
  const char  *subtype;
  void       (*func) (Action *);
  gboolean     is_light; /* takes less than ACCESS EXCLUSIVE */
} actions[] = {
  { "AT_AddColumn", add_column },
  { "AT_DropColumn", drop_column },
  { "AT_AlterColumnType", change_type },
  { "AT_SetNotNull", set_not_null },
  { "AT_DropNotNull", drop_not_null },
  { "AT_AddConstraint", add_constraint },
  { "AT_DropConstraint", drop_constraint },
  { "AT_ValidateConstraint", validate, TRUE },
  { "AT_DetachPartition", detach_partition },
  { "AT_SetLogged", rewrite_table },
  { "AT_SetUnLogged", rewrite_table },
  { "AT_SetTableSpace", rewrite_table },
  { "AT_SetAccessMethod", rewrite_table },
  { "AT_SetStatistics", NULL, TRUE },
  { "AT_SetRelOptions", NULL, TRUE },
  { "AT_ResetRelOptions", NULL, TRUE },
  { "AT_AttachPartition", NULL, TRUE },
  { "AT_ClusterOn", NULL, TRUE },
  { "AT_EnableTrig", NULL, TRUE },
  { "AT_DisableTrig", NULL, TRUE },
};

static gboolean
run_action (Action *self)
{
  const TideSqlNode *definition = tide_sql_node_get (self->node, "def");
  gboolean is_light = tide_sql_node_is (tide_sql_node_as (definition, "Constraint"), "contype", "CONSTR_FOREIGN")
                      || tide_sql_node_get_boolean (tide_sql_node_as (definition, "PartitionCmd"), "concurrent");

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (tide_sql_node_is (self->node, "subtype", actions[i].subtype))
      {
        if (actions[i].func != NULL)
          actions[i].func (self);
        return is_light || actions[i].is_light;
      }
  return FALSE;
}

void
tide_lint_alter_table (TideLintPass      *pass,
                       const TideSqlNode *node)
{
  const TideSqlNode *item = tide_sql_node_first (tide_sql_node_get (node, "cmds"));
  g_autoptr(GArray) places = NULL;
  g_autofree char *shown = NULL;
  gboolean is_light = TRUE;
  Action action = { .pass = pass, .statement = node };

  if (!tide_sql_node_is (node, "objtype", "OBJECT_TABLE"))
    return;
  places = split_actions (pass, node);
  action.table = tide_lint_pass_get_table (pass, tide_sql_node_get (node, "relation"));
  action.shown = shown = tide_lint_pass_dup_name (pass, action.table);
  for (guint i = 0; item != NULL; item = tide_sql_node_next (item), i++)
    {
      action.node = tide_sql_node_as (item, "AlterTableCmd");
      action.column = tide_sql_node_get_text (action.node, "name");
      action.start = pass->statement->start;
      action.length = pass->statement->length;
      if (places->len >= 2 * (i + 1))
        {
          action.start = g_array_index (places, gsize, 2 * i);
          action.length = g_array_index (places, gsize, 2 * i + 1) - action.start;
        }
      is_light &= run_action (&action);
    }
  if (!is_light)
    tide_lint_pass_lock (pass, action.table);
}
