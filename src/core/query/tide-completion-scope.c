/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-completion-scope"

#include "config.h"

#include "query/tide-completion-private.h"

/* Where one query is being read */
typedef struct
{
  TideScope        *scope;
  const TideTokens *tokens;
  guint             position;
  guint             end;
  GPtrArray        *items;
  gboolean          in_list;  /* a comma brings another table */
  gboolean          expects;  /* a table is next */
} Reader;

/* None of them is an alias. */
static const char *const clauses[] = {
  "where", "group", "order", "having", "limit", "offset", "fetch", "for", "window", "union", "intersect", "except", "on",
  "using", "join", "inner", "left", "right", "full", "cross", "natural", "set", "values", "select", "returning", "default",
  "tablesample", "overriding", "when", "from", "with", "do", "as", NULL
};
static const char *const set_operations[] = { "union", "intersect", "except", NULL };
static const char *const list_ends[] = {
  "where", "group", "order", "having", "limit", "offset", "fetch", "for", "window", "set", "values", "select", "returning", NULL
};

static void
column_free (gpointer data)
{
  TideScopeColumn *self = data;

  g_free (self->name);
  g_free (self);
}

GPtrArray *
tide_scope_columns_new (void)
{
  return g_ptr_array_new_with_free_func (column_free);
}

void
tide_scope_add_column (GPtrArray  *columns,
                       const char *name,
                       const char *type)
{
  TideScopeColumn *column = g_new0 (TideScopeColumn, 1);

  column->name = g_strdup (name);
  column->type = type;
  g_ptr_array_add (columns, column);
}

static void
item_free (gpointer data)
{
  TideScopeItem *self = data;

  g_free (self->schema);
  g_free (self->name);
  g_free (self->alias);
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  g_free (self);
}

const char *
tide_scope_item_get_label (const TideScopeItem *self)
{
  return self->alias ? self->alias : self->name;
}

void
tide_scope_init (TideScope         *self,
                 const TideOutline *outline,
                 const TideTokens  *tokens)
{
  *self = (TideScope) { .outline = outline, .tokens = tokens,
                        .items = g_ptr_array_new_with_free_func (item_free),
                        .ctes = g_ptr_array_new_with_free_func (item_free) };
}

void
tide_scope_clear (TideScope *self)
{
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_clear_pointer (&self->ctes, g_ptr_array_unref);
}

static TideScopeItem *
find_cte (const TideScope *self,
          const char      *name)
{
  for (guint i = self->ctes->len; i > 0; i--)
    {
      TideScopeItem *item = g_ptr_array_index (self->ctes, i - 1);

      if (g_strcmp0 (item->name, name) == 0)
        return item;
    }
  return NULL;
}

/* The columns of what @item names */
static void
resolve (TideScope     *self,
         TideScopeItem *item)
{
  TideScopeItem *cte = item->schema == NULL ? find_cte (self, item->name) : NULL;
  const TideOutlineColumn *columns;
  guint n;

  if (cte != NULL)
    {
      for (guint i = 0; i < cte->columns->len; i++)
        {
          TideScopeColumn *column = g_ptr_array_index (cte->columns, i);

          tide_scope_add_column (item->columns, column->name, column->type);
        }
      return;
    }
  item->relation = self->outline ? tide_outline_find_relation (self->outline, item->schema, item->name) : NULL;
  if (item->relation == NULL)
    return;
  columns = tide_outline_get_columns (self->outline, item->relation, &n);
  for (guint i = 0; i < n; i++)
    tide_scope_add_column (item->columns, columns[i].name, columns[i].type);
}

/* (a, b) behind an alias: other names for the first columns */
static void
read_column_names (Reader        *reader,
                   TideScopeItem *item)
{
  guint next = tide_tokens_skip_parens (reader->tokens, reader->position, reader->end);
  guint n = 0;

  for (guint i = reader->position + 1; i < next; i++)
    {
      gboolean first = tide_tokens_is_sign (reader->tokens, i - 1, "(") || tide_tokens_is_sign (reader->tokens, i - 1, ",");
      g_autofree char *name = first && tide_tokens_is_name (reader->tokens, i) ? tide_tokens_dup_name (reader->tokens, i) : NULL;

      if (name == NULL)
        continue;
      if (n < item->columns->len)
        {
          TideScopeColumn *column = g_ptr_array_index (item->columns, n);

          g_free (column->name);
          column->name = g_steal_pointer (&name);
        }
      else
        tide_scope_add_column (item->columns, name, "");
      n++;
    }
  reader->position = next;
}

static void
read_alias (Reader        *reader,
            TideScopeItem *item)
{
  gboolean as = tide_tokens_is (reader->tokens, reader->position, "as");

  reader->position += as;
  if (reader->position >= reader->end || !tide_tokens_is_name (reader->tokens, reader->position)
      || tide_tokens_is_one_of (reader->tokens, reader->position, clauses))
    return;
  /* A word that is being typed is no alias yet; it is not among the tokens */
  item->alias = tide_tokens_dup_name (reader->tokens, reader->position++);
  if (reader->position < reader->end && tide_tokens_is_sign (reader->tokens, reader->position, "(")
      && !tide_tokens_is (reader->tokens, reader->position - 2, "into"))
    read_column_names (reader, item);
}

static TideScopeItem *
item_new (void)
{
  TideScopeItem *item = g_new0 (TideScopeItem, 1);

  item->columns = tide_scope_columns_new ();
  return item;
}

static void
read_subquery (Reader *reader)
{
  guint next = tide_tokens_skip_parens (reader->tokens, reader->position, reader->end);
  TideScopeItem *item = item_new ();
  guint last = tide_tokens_is_sign (reader->tokens, next - 1, ")") ? next - 1 : next;

  g_ptr_array_unref (item->columns);
  item->columns = tide_scope_list_output (reader->scope, reader->position + 1, last);
  reader->position = next;
  read_alias (reader, item);
  g_ptr_array_add (reader->items, item);
}

static void
read_relation (Reader *reader)
{
  TideScopeItem *item = item_new ();
  gboolean is_target = reader->position > 0 && tide_tokens_is (reader->tokens, reader->position - 1, "into");

  item->name = tide_tokens_dup_name (reader->tokens, reader->position++);
  while (reader->position + 1 < reader->end && tide_tokens_is_sign (reader->tokens, reader->position, ".")
         && tide_tokens_is_name (reader->tokens, reader->position + 1))
    {
      g_free (item->schema);
      item->schema = g_steal_pointer (&item->name);
      item->name = tide_tokens_dup_name (reader->tokens, reader->position + 1);
      reader->position += 2;
    }
  if (tide_tokens_is_sign (reader->tokens, reader->position, "*"))
    reader->position++;
  if (!is_target && reader->position < reader->end && tide_tokens_is_sign (reader->tokens, reader->position, "("))
    reader->position = tide_tokens_skip_parens (reader->tokens, reader->position, reader->end);
  else
    resolve (reader->scope, item);
  read_alias (reader, item);
  g_ptr_array_add (reader->items, item);
}

/* FROM (a JOIN b ON ...): what is in such parentheses belongs to the list around them */
static void
read_expected (Reader *reader)
{
  static const char *const fillers[] = { "lateral", "only", "table", "if", "not", "exists", NULL };

  if (tide_tokens_is_one_of (reader->tokens, reader->position, fillers))
    {
      reader->position++;
      return;
    }
  if (tide_tokens_is_sign (reader->tokens, reader->position, "(") && !tide_tokens_opens_query (reader->tokens, reader->position))
    {
      reader->position++;
      return;
    }
  reader->expects = FALSE;
  if (tide_tokens_opens_query (reader->tokens, reader->position))
    read_subquery (reader);
  else if (tide_tokens_is_name (reader->tokens, reader->position)
           && !tide_tokens_is_one_of (reader->tokens, reader->position, clauses))
    read_relation (reader);
  /* else the place is empty: the word at the caret, or a clause that is read next */
}

/* extract (year FROM x), DO UPDATE, FOR UPDATE, IS DISTINCT FROM and ON UPDATE bring no table */
static gboolean
brings_table (Reader *reader)
{
  static const char *const others[] = { "do", "for", "on", "distinct", "key", "before", "after", "or", NULL };
  static const char *const words[] = { "from", "join", "into", "update", NULL };
  guint i = reader->position;

  if (tide_tokens_is (reader->tokens, i, "using"))
    return !tide_tokens_is_sign (reader->tokens, i + 1, "(") || tide_tokens_opens_query (reader->tokens, i + 1);
  if (tide_tokens_is_one_of (reader->tokens, i, words))
    return i == 0 || !tide_tokens_is_one_of (reader->tokens, i - 1, others);
  return FALSE;
}

static void
read_cte (Reader *reader,
          guint   from)
{
  TideScopeItem *item = item_new ();
  GPtrArray *names = NULL;
  guint open, next;

  item->is_cte = TRUE;
  item->name = tide_tokens_dup_name (reader->tokens, reader->position++);
  if (tide_tokens_is_sign (reader->tokens, reader->position, "("))
    {
      read_column_names (reader, item);
      names = item->columns;
      item->columns = tide_scope_columns_new ();
    }
  while (reader->position < reader->end && tide_tokens_is_name (reader->tokens, reader->position))
    reader->position++;
  open = reader->position;
  if (open < reader->end && tide_tokens_is_sign (reader->tokens, open, "("))
    {
      next = tide_tokens_skip_parens (reader->tokens, open, reader->end);
      g_ptr_array_unref (item->columns);
      /* A recursive one that is being written must not be read to tell what it is itself */
      item->columns = from > open && from < next
                      ? tide_scope_columns_new ()
                      : tide_scope_list_output (reader->scope, open + 1,
                                                tide_tokens_is_sign (reader->tokens, next - 1, ")") ? next - 1 : next);
      reader->position = next;
    }
  for (guint i = 0; names != NULL && i < names->len; i++)
    {
      TideScopeColumn *name = g_ptr_array_index (names, i);

      if (i < item->columns->len)
        {
          TideScopeColumn *column = g_ptr_array_index (item->columns, i);

          g_free (column->name);
          column->name = g_strdup (name->name);
        }
      else
        tide_scope_add_column (item->columns, name->name, "");
    }
  g_clear_pointer (&names, g_ptr_array_unref);
  g_ptr_array_add (reader->scope->ctes, item);
}

static void
read_with (Reader *reader,
           guint   from)
{
  reader->position++;
  if (tide_tokens_is (reader->tokens, reader->position, "recursive"))
    reader->position++;
  while (reader->position < reader->end && tide_tokens_is_name (reader->tokens, reader->position)
         && !tide_tokens_is_one_of (reader->tokens, reader->position, clauses))
    {
      read_cte (reader, from);
      if (!tide_tokens_is_sign (reader->tokens, reader->position, ","))
        break;
      reader->position++;
    }
}

/* Each part of a UNION sees its own tables. FALSE: the part with the place it is seen from has been read */
static gboolean
read_set_operation (Reader *reader,
                    guint   from)
{
  if (from != TIDE_NO_TOKEN && reader->position >= from)
    return FALSE;
  if (from != TIDE_NO_TOKEN)
    {
      g_ptr_array_set_size (reader->items, 0);
      reader->scope->first = reader->position + 1;
    }
  reader->in_list = reader->expects = FALSE;
  reader->position++;
  return TRUE;
}

static void
read_token (Reader *reader)
{
  guint i = reader->position;

  if (brings_table (reader))
    {
      reader->expects = TRUE;
      reader->in_list = !tide_tokens_is (reader->tokens, i, "into");
    }
  else if (tide_tokens_is_sign (reader->tokens, i, ",") && reader->in_list)
    reader->expects = TRUE;
  else if (tide_tokens_is_one_of (reader->tokens, i, list_ends))
    reader->in_list = FALSE;
  else if (tide_tokens_is_sign (reader->tokens, i, "(")
           && (reader->tokens->partners[i] != TIDE_NO_TOKEN || tide_tokens_opens_query (reader->tokens, i)))
    {
      /* One that is not closed yet hides nothing: SELECT count( FROM users */
      reader->position = tide_tokens_skip_parens (reader->tokens, i, reader->end);
      return;
    }
  reader->position++;
}

void
tide_scope_read (TideScope *self,
                 guint      first,
                 guint      end,
                 guint      from)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (item_free);
  Reader reader = { .scope = self, .tokens = self->tokens, .position = first, .end = end, .items = items };

  while (reader.position < end)
    {
      if (tide_tokens_is (self->tokens, reader.position, "with") && !reader.in_list && items->len == 0)
        read_with (&reader, from);
      else if (tide_tokens_is_one_of (self->tokens, reader.position, set_operations))
        {
          if (!read_set_operation (&reader, from))
            break;
        }
      else if (reader.expects)
        read_expected (&reader);
      else
        read_token (&reader);
    }
  while (items->len > 0)
    g_ptr_array_add (self->items, g_ptr_array_steal_index (items, 0));
}

/**
 * tide_scope_read_at_caret:
 * @self: an empty scope
 *
 * Reads the query that the caret stands in, and those around it, whose tables it sees, too.
 */
void
tide_scope_read_at_caret (TideScope *self)
{
  const TideTokens *tokens = self->tokens;
  guint open = TIDE_NO_TOKEN;

  do
    {
      guint first = open == TIDE_NO_TOKEN ? 0 : open + 1;
      guint end = open == TIDE_NO_TOKEN ? tokens->n : MIN (tokens->partners[open], tokens->n);
      guint n_outer = self->items->len;

      self->first = first;
      self->end = end;
      tide_scope_read (self, first, end, tokens->caret);
      for (guint i = 0; i < n_outer; i++)
        {
          TideScopeItem *item = g_ptr_array_steal_index (self->items, 0);

          item->is_outer = TRUE;
          g_ptr_array_add (self->items, item);
        }
      for (open = first; open < tokens->caret; open++)
        if (tide_tokens_opens_query (tokens, open) && tokens->partners[open] >= tokens->caret)
          break;
    }
  while (open < tokens->caret);
}

TideScopeItem *
tide_scope_find (const TideScope *self,
                 const char      *schema,
                 const char      *name)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      TideScopeItem *item = g_ptr_array_index (self->items, i);

      if (schema != NULL ? item->alias == NULL && g_strcmp0 (item->schema, schema) == 0 && g_strcmp0 (item->name, name) == 0
                         : g_strcmp0 (tide_scope_item_get_label (item), name) == 0)
        return item;
    }
  return NULL;
}
