/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-node"

#include "config.h"

#include <string.h>

#include <pg_query.h>

#include "sql/tide-sql-node.h"

/* A reader for the JSON that libpg_query writes, which is always well formed: text is decoded in place, nodes come from blocks.
 * A history of some hundred migrations is read through this at every start; a general reader takes ten times as long. */

#define BLOCK_NODES 256
#define DEPTH_MOST 2000

struct _TideSqlNode
{
  const char  *name;
  const char  *text;  /* of a scalar, decoded; NULL: an object or an array */
  TideSqlNode *first;
  TideSqlNode *next;
};

struct _TideSqlTree
{
  PgQueryParseResult  result;
  GPtrArray          *blocks;
  guint               n_used; /* of the last block */
  TideSqlNode        *root;
};

typedef struct
{
  TideSqlTree *tree;
  char        *at;
  guint        depth;
} Reader;

static TideSqlNode *
new_node (TideSqlTree *self)
{
  if (self->blocks->len == 0 || self->n_used == BLOCK_NODES)
    {
      g_ptr_array_add (self->blocks, g_new0 (TideSqlNode, BLOCK_NODES));
      self->n_used = 0;
    }
  return (TideSqlNode *) g_ptr_array_index (self->blocks, self->blocks->len - 1) + self->n_used++;
}

/* \u escapes stand for control characters and <>& only: below 0x80 */
static char *
read_string (Reader *reader)
{
  char *start = ++reader->at;
  char *to = start;

  for (; *reader->at != '"' && *reader->at != '\0'; reader->at++)
    {
      char c = *reader->at;

      if (c == '\\')
        switch ((c = *++reader->at))
          {
          case 'b': c = '\b'; break;
          case 'f': c = '\f'; break;
          case 'n': c = '\n'; break;
          case 'r': c = '\r'; break;
          case 't': c = '\t'; break;
          case 'u':
            c = g_ascii_xdigit_value (reader->at[3]) * 16 + g_ascii_xdigit_value (reader->at[4]);
            reader->at += 4;
            break;
          default: break;
          }
      *to++ = c;
    }
  if (*reader->at != '\0')
    reader->at++;
  *to = '\0';
  return start;
}

/* Numbers, true, false, null: the character behind is overwritten, so it is kept for the caller */
static char
read_word (Reader      *reader,
           TideSqlNode *node)
{
  gsize length = strcspn (reader->at, ",]}");
  char behind = reader->at[length];

  node->text = reader->at;
  reader->at[length] = '\0';
  reader->at += length;
  return behind;
}

/* Reads the value at the reader into @node; returns the character behind it, which may be gone from the text */
static char
read_value (Reader      *reader,
            TideSqlNode *node)
{
  char open = *reader->at;
  char close = open == '{' ? '}' : ']';
  TideSqlNode **link = &node->first;
  char behind;

  if (open == '"')
    {
      node->text = read_string (reader);
      return *reader->at;
    }
  if (open != '{' && open != '[')
    return read_word (reader, node);
  if (++reader->depth > DEPTH_MOST)
    return '\0';
  reader->at++;
  behind = *reader->at;
  while (behind != close && behind != '\0')
    {
      TideSqlNode *child = new_node (reader->tree);

      child->name = "";
      if (open == '{')
        {
          child->name = read_string (reader);
          reader->at++;
        }
      behind = read_value (reader, child);
      *link = child;
      link = &child->next;
      if (behind == ',')
        behind = *++reader->at;
    }
  if (behind == '\0')
    return '\0';
  reader->depth--;
  return *++reader->at;
}

/**
 * tide_sql_tree_parse:
 * @statement: one statement of SQL
 *
 * Any thread: libpg_query keeps its state per thread.
 *
 * Returns: (transfer full) (nullable): its tree; %NULL where the grammar does not know it, or it is nested beyond reason
 */
TideSqlTree *
tide_sql_tree_parse (const char *statement)
{
  g_autoptr(TideSqlTree) self = g_new0 (TideSqlTree, 1);
  Reader reader = { self, NULL, 0 };

  self->result = pg_query_parse (statement);
  self->blocks = g_ptr_array_new_with_free_func (g_free);
  if (self->result.error != NULL || self->result.parse_tree == NULL)
    return NULL;
  self->root = new_node (self);
  reader.at = self->result.parse_tree;
  read_value (&reader, self->root);
  if (reader.depth > 0 || tide_sql_tree_get_root (self, NULL) == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

char *
tide_sql_tree_dup_problem (const char *statement,
                           int        *position)
{
  PgQueryParseResult result = pg_query_parse (statement);
  char *message = result.error != NULL ? g_strdup (result.error->message) : NULL;

  *position = result.error != NULL ? result.error->cursorpos : 0;
  pg_query_free_parse_result (result);
  return message;
}

void
tide_sql_tree_free (TideSqlTree *self)
{
  g_ptr_array_unref (self->blocks);
  pg_query_free_parse_result (self->result);
  g_free (self);
}

const TideSqlNode *
tide_sql_tree_get_root (const TideSqlTree  *self,
                        const char        **kind)
{
  const TideSqlNode *statement = tide_sql_node_first (tide_sql_node_get (self->root, "stmts"));

  statement = tide_sql_node_first (tide_sql_node_get (statement, "stmt"));
  if (kind != NULL)
    *kind = tide_sql_node_get_name (statement);
  return statement;
}

guint
tide_sql_tree_count_statements (const TideSqlTree *self)
{
  return tide_sql_node_count (tide_sql_node_get (self->root, "stmts"));
}

const char *
tide_sql_node_get_name (const TideSqlNode *self)
{
  return self != NULL ? self->name : "";
}

const TideSqlNode *
tide_sql_node_first (const TideSqlNode *self)
{
  return self != NULL ? self->first : NULL;
}

const TideSqlNode *
tide_sql_node_next (const TideSqlNode *self)
{
  return self->next;
}

const TideSqlNode *
tide_sql_node_get (const TideSqlNode *self,
                   const char        *name)
{
  const TideSqlNode *child = tide_sql_node_first (self);

  while (child != NULL && strcmp (child->name, name) != 0)
    child = child->next;
  return child;
}

guint
tide_sql_node_count (const TideSqlNode *self)
{
  guint n = 0;

  for (const TideSqlNode *child = tide_sql_node_first (self); child != NULL; child = child->next)
    n++;
  return n;
}

const TideSqlNode *
tide_sql_node_as (const TideSqlNode *self,
                  const char        *kind)
{
  return tide_sql_node_get (self, kind);
}

const char *
tide_sql_node_get_text (const TideSqlNode *self,
                        const char        *name)
{
  const TideSqlNode *child = tide_sql_node_get (self, name);

  return child != NULL && child->text != NULL ? child->text : "";
}

gboolean
tide_sql_node_is (const TideSqlNode *self,
                  const char        *name,
                  const char        *text)
{
  return strcmp (tide_sql_node_get_text (self, name), text) == 0;
}

gint64
tide_sql_node_get_integer (const TideSqlNode *self,
                           const char        *name)
{
  return g_ascii_strtoll (tide_sql_node_get_text (self, name), NULL, 10);
}

gboolean
tide_sql_node_get_boolean (const TideSqlNode *self,
                           const char        *name)
{
  return tide_sql_node_is (self, name, "true");
}

const char *
tide_sql_node_get_string (const TideSqlNode *self)
{
  return tide_sql_node_get_text (tide_sql_node_as (self, "String"), "sval");
}

const TideSqlNode *
tide_sql_node_find (const TideSqlNode *self,
                    const char        *kind)
{
  for (const TideSqlNode *child = tide_sql_node_first (self); child != NULL; child = child->next)
    {
      const TideSqlNode *found = strcmp (child->name, kind) == 0 ? child : tide_sql_node_find (child, kind);

      if (found != NULL)
        return found;
    }
  return NULL;
}
