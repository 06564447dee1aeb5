/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-batch-plan"

#include "config.h"

#include <glib/gi18n.h>

#include <string.h>

#include "batch/tide-batch-plan.h"
#include "sql/tide-sql-head.h"
#include "sql/tide-sql-node.h"
#include "tide-error.h"

struct _TideBatchPlan
{
  gatomicrefcount  ref_count;
  char            *sql;
  char            *digest;
  char            *oid;
  char            *table;   /* "schema"."name" */
  char            *known_as; /* in the statement: its alias, or its name */
  char            *before;  /* the statement up to its WHERE */
  char            *where;   /* (nullable): what stands behind it */
  char           **keys;    /* quoted */
  char           **types;   /* of the keys, as casts take them */
  gint64           rows;
  gboolean         is_update;
};

G_DEFINE_BOXED_TYPE (TideBatchPlan, tide_batch_plan, tide_batch_plan_ref, tide_batch_plan_unref)

static gboolean
refuse (GError     **error,
        const char  *hint,
        const char  *message)
{
  tide_set_error (error, TIDE_ERROR_REFUSED, hint, "%s", message);
  return FALSE;
}

/* The table of the statement is read elsewhere in it: what a batch sees would depend on those before it */
static gboolean
reads_itself (const TideSqlNode *node,
              const TideSqlNode *relation)
{
  for (const TideSqlNode *child = tide_sql_node_first (node); child != NULL; child = tide_sql_node_next (child))
    {
      if (child == relation)
        continue;
      if (g_str_equal (tide_sql_node_get_name (child), "RangeVar")
          && tide_sql_node_is (child, "relname", tide_sql_node_get_text (relation, "relname")))
        return TRUE;
      if (reads_itself (child, relation))
        return TRUE;
    }
  return FALSE;
}

/* What can be told without the database */
static gboolean
check_tree (const TideSqlNode  *node,
            GError            **error)
{
  const TideSqlNode *relation = tide_sql_node_get (node, "relation");

  if (tide_sql_node_get (node, "withClause") != NULL)
    return refuse (error, _("put the query of WITH into a subquery or a table of its own"), _("a statement with WITH cannot be run in batches"));
  if (tide_sql_node_get (node, "returningList") != NULL)
    return refuse (error, _("leave RETURNING out"), _("a statement with RETURNING cannot be run in batches"));
  if (tide_sql_node_find (node, "ParamRef") != NULL)
    return refuse (error, _("write the values themselves"), _("a statement with parameters cannot be run in batches"));
  if (tide_sql_node_find (node, "CurrentOfExpr") != NULL)
    return refuse (error, NULL, _("WHERE CURRENT OF cannot be run in batches"));
  if (reads_itself (node, relation))
    return refuse (error, _("put what the subquery finds into a table first, and use that"),
                   _("the statement reads the table that it changes: each batch would see what those before it did"));
  return TRUE;
}

/* Splits @text before the WHERE that belongs to the statement itself */
static void
split_where (TideBatchPlan          *self,
             const char             *text,
             const TideSqlStatement *statement)
{
  gsize end = statement->start + statement->length;
  TideSqlLexer lexer;
  TideSqlToken token;
  int depth = 0;

  tide_sql_statement_lexer (&lexer, text, statement);
  while (tide_sql_next_counting (&lexer, &token))
    {
      char c = token.type == TIDE_SQL_TOKEN_OPERATOR ? text[token.start] : '\0';

      depth += (c == '(' || c == '[') - (c == ')' || c == ']');
      if (depth == 0 && tide_sql_token_is_word (&token, text, "where"))
        {
          self->before = g_strndup (text + statement->start, token.start - statement->start);
          self->where = g_strndup (text + token.start + token.length, end - token.start - token.length);
          return;
        }
    }
  self->before = g_strndup (text + statement->start, statement->length);
}

/* The functions that WHERE calls, each once */
static void
collect_functions (const TideSqlNode *node,
                   GPtrArray         *names)
{
  for (const TideSqlNode *child = tide_sql_node_first (node); child != NULL; child = tide_sql_node_next (child))
    {
      const TideSqlNode *name = tide_sql_node_first (tide_sql_node_get (child, "funcname"));

      while (name != NULL && tide_sql_node_next (name) != NULL)
        name = tide_sql_node_next (name);
      if (name != NULL)
        g_ptr_array_add (names, (gpointer) tide_sql_node_get_string (name));
      collect_functions (child, names);
    }
}

static gboolean
check_volatile (TideSession        *session,
                const TideSqlNode  *node,
                GCancellable       *cancellable,
                GError            **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  collect_functions (tide_sql_node_get (node, "whereClause"), names);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autoptr(TideResult) result = tide_session_query (session,
        "SELECT 1 FROM pg_catalog.pg_proc WHERE proname = $1 AND provolatile = 'v' AND prokind <> 'a' LIMIT 1",
        (const char *const[]) { name }, 1, cancellable, error);

      if (result == NULL)
        return FALSE;
      if (tide_result_get_n_rows (result) > 0)
        {
          tide_set_error (error, TIDE_ERROR_REFUSED, _("work out first which rows are meant, and mark them"),
                          _("WHERE calls %s(), which answers differently each time: the batches would not add up"), name);
          return FALSE;
        }
    }
  return TRUE;
}

static const char table_sql[] =
  "SELECT c.oid, pg_catalog.quote_ident (n.nspname) || '.' || pg_catalog.quote_ident (c.relname), c.relkind,\n"
  "  c.reltuples::bigint, pg_catalog.quote_ident (c.relname), (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database ())\n"
  "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n"
  "WHERE c.oid = pg_catalog.to_regclass ($1)";

/* The primary key, else the shortest unique index whose columns are never null */
static const char key_sql[] =
  "SELECT pg_catalog.quote_ident (a.attname), pg_catalog.format_type (a.atttypid, -1), a.attname FROM (\n"
  "  SELECT i.indrelid, i.indkey::int2[] AS numbers FROM pg_catalog.pg_index i\n"
  "  WHERE i.indrelid = $1::pg_catalog.oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL\n"
  "    AND i.indnkeyatts = i.indnatts\n"
  "    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) AND NOT a.attnotnull)\n"
  "  ORDER BY i.indisprimary DESC, i.indnatts LIMIT 1) k\n"
  "CROSS JOIN LATERAL pg_catalog.unnest (k.numbers) WITH ORDINALITY u (number, place)\n"
  "JOIN pg_catalog.pg_attribute a ON a.attrelid = k.indrelid AND a.attnum = u.number ORDER BY u.place";

static gboolean
sets_column (const TideSqlNode *node,
             const char        *column)
{
  const TideSqlNode *item = tide_sql_node_first (tide_sql_node_get (node, "targetList"));

  for (; item != NULL; item = tide_sql_node_next (item))
    if (tide_sql_node_is (tide_sql_node_as (item, "ResTarget"), "name", column))
      return TRUE;
  return FALSE;
}

static gboolean
read_key (TideBatchPlan      *self,
          TideSession        *session,
          const TideSqlNode  *node,
          GCancellable       *cancellable,
          GError            **error)
{
  g_autoptr(TideResult) result = tide_session_query (session, key_sql, (const char *const[]) { self->oid }, 1, cancellable, error);
  guint n = result ? tide_result_get_n_rows (result) : 0;

  if (result == NULL)
    return FALSE;
  if (n == 0)
    {
      tide_set_error (error, TIDE_ERROR_REFUSED, _("give it a primary key first, or a unique index on columns that are NOT NULL"),
                      _("%s has no key to go along"), self->table);
      return FALSE;
    }
  self->keys = g_new0 (char *, n + 1);
  self->types = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      self->keys[i] = g_strdup (tide_result_get_value (result, i, 0));
      self->types[i] = g_strdup (tide_result_get_value (result, i, 1));
      if (self->is_update && sets_column (node, tide_result_get_value (result, i, 2)))
        {
          tide_set_error (error, TIDE_ERROR_REFUSED, _("change the key in one transaction, in a quiet hour"),
                          _("the statement changes %s, the key that the batches go along"), self->keys[i]);
          return FALSE;
        }
    }
  return TRUE;
}

static char *
dup_regclass (const TideSqlNode *relation)
{
  g_autofree char *name = tide_quote_identifier (tide_sql_node_get_text (relation, "relname"));
  g_autofree char *schema = tide_quote_identifier (tide_sql_node_get_text (relation, "schemaname"));

  return tide_sql_node_get (relation, "schemaname") ? g_strconcat (schema, ".", name, NULL) : g_steal_pointer (&name);
}

static gboolean
read_table (TideBatchPlan      *self,
            TideSession        *session,
            const TideSqlNode  *relation,
            GCancellable       *cancellable,
            GError            **error)
{
  const TideSqlNode *alias = tide_sql_node_get (relation, "alias");
  g_autofree char *name = dup_regclass (relation);
  g_autofree char *named = NULL;
  g_autoptr(TideResult) result = tide_session_query (session, table_sql, (const char *const[]) { name }, 1, cancellable, error);
  const char *kind;

  if (result == NULL)
    return FALSE;
  if (tide_result_get_n_rows (result) == 0)
    {
      tide_set_error (error, TIDE_ERROR_NOT_FOUND, _("look at its schema and at how it is written"), _("there is no table %s"), name);
      return FALSE;
    }
  kind = tide_result_get_value (result, 0, 2);
  self->oid = g_strdup (tide_result_get_value (result, 0, 0));
  self->table = g_strdup (tide_result_get_value (result, 0, 1));
  self->rows = tide_result_get_int64 (result, 0, 3);
  self->known_as = alias ? tide_quote_identifier (tide_sql_node_get_text (alias, "aliasname"))
                         : g_strdup (tide_result_get_value (result, 0, 4));
  named = g_strconcat (tide_result_get_value (result, 0, 5), " ", self->oid, " ", self->sql, NULL);
  self->digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, named, -1);
  if (*kind != 'r' && *kind != 'p')
    {
      tide_set_error (error, TIDE_ERROR_REFUSED, _("name the table itself"), _("%s is no table"), self->table);
      return FALSE;
    }
  return TRUE;
}

/* What is wrong with @text, and where in it */
static void
set_syntax_error (const char  *text,
                  GError     **error)
{
  int position = 0;
  g_autofree char *problem = tide_sql_tree_dup_problem (text, &position);
  const char *end = position > 0 ? g_utf8_offset_to_pointer (text, MIN (position - 1, g_utf8_strlen (text, -1))) : text;
  int line = 1;
  int character = 1;
  GError *failure;

  for (const char *at = text; at < end; at = g_utf8_next_char (at))
    {
      character = *at == '\n' ? 1 : character + 1;
      line += *at == '\n';
    }
  failure = tide_error_new (TIDE_ERROR_INVALID, "give one UPDATE or DELETE, as the server would take it",
                            "the statement cannot be read at line %d, character %d: %s", line, character,
                            problem != NULL ? problem : "it is nested too deeply");
  tide_error_take_string (&tide_error_get_fields (failure)->statement, g_strdup (text));
  tide_error_get_fields (failure)->position = position;
  g_propagate_error (error, failure);
}

static TideSqlTree *
parse (const char        *sql,
       TideSqlStatement  *statement,
       GError           **error)
{
  g_autoptr(GArray) statements = tide_sql_split (sql, -1);
  g_autofree char *text = NULL;
  g_autoptr(TideSqlTree) tree = NULL;
  const char *kind = "";
  TideSqlHead head;

  if (statements->len != 1)
    {
      tide_set_error (error, TIDE_ERROR_INVALID, _("give one UPDATE or DELETE"), _("there are %u statements"), statements->len);
      return NULL;
    }
  *statement = g_array_index (statements, TideSqlStatement, 0);
  text = g_strndup (sql + statement->start, statement->length);
  tree = tide_sql_tree_parse (text);
  if (tree != NULL)
    tide_sql_tree_get_root (tree, &kind);
  tide_sql_head_init (&head, sql, statement);
  if (tree == NULL && tide_sql_statement_mentions (sql, statement, "limit"))
    tide_set_error (error, TIDE_ERROR_INVALID, _("leave LIMIT out: the batches do what it is meant for"), _("PostgreSQL knows no LIMIT here"));
  else if (tree == NULL)
    set_syntax_error (text, error);
  else if (!g_str_equal (kind, "UpdateStmt") && !g_str_equal (kind, "DeleteStmt"))
    tide_set_error (error, TIDE_ERROR_INVALID, _("give one UPDATE or DELETE"), _("only UPDATE and DELETE can be run in batches"));
  else
    return g_steal_pointer (&tree);
  return NULL;
}

gboolean
tide_batch_plan_check (const char  *sql,
                       GError     **error)
{
  TideSqlStatement statement = { 0 };
  g_autoptr(TideSqlTree) tree = parse (sql, &statement, error);

  return tree != NULL && check_tree (tide_sql_tree_get_root (tree, NULL), error);
}

/**
 * tide_batch_plan_new:
 * @session: for what the catalog says of the table
 * @sql: one UPDATE or DELETE
 *
 * Returns: (transfer full): how to run it piece by piece
 */
TideBatchPlan *
tide_batch_plan_new (TideSession   *session,
                     const char    *sql,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(TideBatchPlan) self = g_new0 (TideBatchPlan, 1);
  TideSqlStatement statement = { 0 };
  g_autoptr(TideSqlTree) tree = parse (sql, &statement, error);
  const TideSqlNode *node;
  const char *kind;

  g_atomic_ref_count_init (&self->ref_count);
  if (tree == NULL)
    return NULL;
  node = tide_sql_tree_get_root (tree, &kind);
  self->sql = g_strndup (sql + statement.start, statement.length);
  self->is_update = g_str_equal (kind, "UpdateStmt");
  if (!check_tree (node, error)
      || !read_table (self, session, tide_sql_node_get (node, "relation"), cancellable, error)
      || !read_key (self, session, node, cancellable, error)
      || !check_volatile (session, node, cancellable, error))
    return NULL;
  split_where (self, sql, &statement);
  return g_steal_pointer (&self);
}

TideBatchPlan *
tide_batch_plan_ref (TideBatchPlan *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_batch_plan_unref (TideBatchPlan *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->sql);
  g_free (self->digest);
  g_free (self->oid);
  g_free (self->table);
  g_free (self->known_as);
  g_free (self->before);
  g_free (self->where);
  g_strfreev (self->keys);
  g_strfreev (self->types);
  g_free (self);
}

const char *
tide_batch_plan_get_table (const TideBatchPlan *self)
{
  return self->table;
}

const char *
tide_batch_plan_get_digest (const TideBatchPlan *self)
{
  return self->digest;
}

const char *
tide_batch_plan_get_oid (const TideBatchPlan *self)
{
  return self->oid;
}

gint64
tide_batch_plan_get_rows (const TideBatchPlan *self)
{
  return self->rows > 0 ? self->rows : -1;
}

guint
tide_batch_plan_get_n_keys (const TideBatchPlan *self)
{
  return g_strv_length (self->keys);
}

gboolean
tide_batch_plan_is_update (const TideBatchPlan *self)
{
  return self->is_update;
}

/* "t.a, t.b"; @alias: (nullable) */
static char *
dup_keys (const TideBatchPlan *self,
          const char          *alias,
          const char          *behind)
{
  g_autoptr(GString) list = g_string_new (NULL);

  for (guint i = 0; self->keys[i] != NULL; i++)
    g_string_append_printf (list, "%s%s%s%s%s", i > 0 ? ", " : "", alias ? alias : "", alias ? "." : "", self->keys[i], behind);
  return g_strdup (list->str);
}

/* "(t.a, t.b) > ($3::integer, $4::text)" */
static char *
dup_comparison (const TideBatchPlan *self,
                const char          *alias,
                const char          *operator,
                guint                first)
{
  g_autofree char *keys = dup_keys (self, alias, "");
  g_autoptr(GString) values = g_string_new (NULL);

  for (guint i = 0; self->keys[i] != NULL; i++)
    g_string_append_printf (values, "%s$%u::%s", i > 0 ? ", " : "", first + i, self->types[i]);
  return g_strdup_printf ("(%s) %s (%s)", keys, operator, values->str);
}

char *
tide_batch_plan_dup_end_sql (const TideBatchPlan *self)
{
  /* With its alias: the bare name is that of the text which comes out, and sorts as one */
  g_autofree char *keys = dup_keys (self, "batch", "::text");
  g_autofree char *order = dup_keys (self, "batch", " DESC");

  return g_strdup_printf ("SELECT %s FROM %s AS batch ORDER BY %s LIMIT 1", keys, self->table, order);
}

char *
tide_batch_plan_dup_range_sql (const TideBatchPlan *self,
                               gboolean             has_start,
                               guint                size)
{
  g_autofree char *keys = dup_keys (self, NULL, "");
  g_autofree char *texts = dup_keys (self, "batch", "::text");
  g_autofree char *down = dup_keys (self, "batch", " DESC");
  g_autofree char *to = dup_comparison (self, NULL, "<=", 1);
  g_autofree char *from = dup_comparison (self, NULL, ">", 1 + tide_batch_plan_get_n_keys (self));

  return g_strdup_printf ("SELECT %s, count(*) OVER () FROM (SELECT %s FROM %s WHERE %s%s%s ORDER BY %s LIMIT %u) AS batch ORDER BY %s LIMIT 1",
                          texts, keys, self->table, to, has_start ? " AND " : "", has_start ? from : "", keys, size, down);
}

char *
tide_batch_plan_dup_batch_sql (const TideBatchPlan *self,
                               gboolean             has_start)
{
  g_autofree char *to = dup_comparison (self, self->known_as, "<=", 1);
  g_autofree char *from = dup_comparison (self, self->known_as, ">", 1 + tide_batch_plan_get_n_keys (self));
  g_autofree char *range = g_strdup_printf ("%s%s%s", to, has_start ? " AND " : "", has_start ? from : "");

  return self->where ? g_strdup_printf ("%sWHERE (%s\n) AND %s", self->before, self->where, range)
                     : g_strdup_printf ("%s\nWHERE %s", self->before, range);
}

char *
tide_batch_plan_dup_text (const TideBatchPlan *self,
                          guint                size)
{
  g_autofree char *range = tide_batch_plan_dup_range_sql (self, TRUE, size);
  g_autofree char *batch = tide_batch_plan_dup_batch_sql (self, TRUE);

  return g_strdup_printf ("-- The last key of the next batch\n%s;\n\n-- The batch, in a transaction of its own\n%s;\n", range, batch);
}
