/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-query-statement"

#include "config.h"

#include <string.h>

#include "query/tide-query-statement.h"
#include "sql/tide-sql-head.h"
#include "tide-error.h"

/* Where a name was replaced: what is sent grew or shrank from there on */
typedef struct
{
  gsize  sent;   /* the byte behind the replacement in what is sent */
  gssize growth; /* of all replacements so far */
} Shift;

struct _TideQueryStatement
{
  gatomicrefcount  ref_count;
  char            *text;
  char            *sql;
  GPtrArray       *parameters;
  GArray          *shifts;
  gsize            start;
  gboolean         is_meta;
};

G_DEFINE_BOXED_TYPE (TideQueryStatement, tide_query_statement, tide_query_statement_ref, tide_query_statement_unref)

/* Square brackets, from the inside out, and whether each opened an ARRAY[...]: there a colon may name a parameter, else it
 * is the one of a slice. */
typedef struct
{
  const char   *text;
  TideSqlToken  previous; /* that counts */
  GArray       *brackets; /* (element-type gboolean) */
} Scan;

static char
get_char (const char         *text,
          const TideSqlToken *token)
{
  return token->type == TIDE_SQL_TOKEN_OPERATOR && token->length == 1 ? text[token->start] : '\0';
}

static gboolean
opens_array (const Scan *scan)
{
  return tide_sql_token_is_word (&scan->previous, scan->text, "array")
         || (scan->brackets->len > 0 && g_array_index (scan->brackets, gboolean, scan->brackets->len - 1)
             && strchr ("[,", get_char (scan->text, &scan->previous)) != NULL);
}

static void
scan_token (Scan               *scan,
            const TideSqlToken *token)
{
  gboolean is_array = opens_array (scan);

  switch (get_char (scan->text, token))
    {
    case '[':
      g_array_append_val (scan->brackets, is_array);
      break;
    case ']':
      if (scan->brackets->len > 0)
        g_array_set_size (scan->brackets, scan->brackets->len - 1);
      break;
    default:
      break;
    }
  scan->previous = *token;
}

static gboolean
names_parameter (const Scan         *scan,
                 const TideSqlToken *colon,
                 const TideSqlToken *name)
{
  if (get_char (scan->text, colon) != ':' || name->type != TIDE_SQL_TOKEN_WORD
      || name->start != colon->start + 1)
    return FALSE;
  if (get_char (scan->text, &scan->previous) == ':' && scan->previous.start + 1 == colon->start)
    return FALSE;
  return scan->brackets->len == 0 || g_array_index (scan->brackets, gboolean, scan->brackets->len - 1);
}

/* PostgreSQL: only these take parameters from outside */
static gboolean
takes_parameters (const char             *text,
                  const TideSqlStatement *statement)
{
  static const char * const words[] = { "select", "with", "insert", "update", "delete", "merge", "values", "table", "explain" };
  TideSqlHead head;

  tide_sql_head_init (&head, text, statement);
  if (head.n_tokens > 0 && get_char (text, &head.tokens[0]) == '(')
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (tide_sql_head_is (&head, 0, words[i]))
      return TRUE;
  return FALSE;
}

static guint
add_parameter (TideQueryStatement *self,
               const char         *name)
{
  guint index;

  if (!g_ptr_array_find_with_equal_func (self->parameters, name, g_str_equal, &index))
    {
      index = self->parameters->len;
      g_ptr_array_add (self->parameters, g_strdup (name));
    }
  return index + 1;
}

/* $3 makes three: their places come first. */
static void
find_numbers (TideQueryStatement     *self,
              const char             *text,
              const TideSqlStatement *statement)
{
  TideSqlLexer lexer;
  TideSqlToken token;
  guint64 most = 0;

  tide_sql_statement_lexer (&lexer, text, statement);
  while (tide_sql_next_counting (&lexer, &token))
    if (token.type == TIDE_SQL_TOKEN_PARAMETER)
      most = MAX (most, g_ascii_strtoull (text + token.start + 1, NULL, 10));
  for (guint i = 1; i <= MIN (most, 65535); i++)
    g_ptr_array_add (self->parameters, g_strdup_printf ("$%u", i));
}

static void
replace_names (TideQueryStatement     *self,
               const char             *text,
               const TideSqlStatement *statement)
{
  g_autoptr(GString) sql = g_string_new (NULL);
  g_autoptr(GArray) brackets = g_array_new (FALSE, FALSE, sizeof (gboolean));
  Scan scan = { text, { TIDE_SQL_TOKEN_END }, brackets };
  gsize copied = statement->start;
  TideSqlLexer lexer;
  TideSqlToken token;

  tide_sql_statement_lexer (&lexer, text, statement);
  while (tide_sql_next_counting (&lexer, &token))
    {
      TideSqlLexer ahead = lexer;
      TideSqlToken name;

      if (tide_sql_lexer_next (&ahead, &name) && names_parameter (&scan, &token, &name))
        {
          g_autofree char *parameter = g_strndup (text + token.start, name.length + 1);
          Shift shift;

          g_string_append_len (sql, text + copied, token.start - copied);
          g_string_append_printf (sql, "$%u", add_parameter (self, parameter));
          copied = name.start + name.length;
          shift.sent = sql->len;
          shift.growth = (gssize) sql->len - (gssize) (copied - statement->start);
          g_array_append_val (self->shifts, shift);
          lexer = ahead;
          scan_token (&scan, &name);
          continue;
        }
      scan_token (&scan, &token);
    }
  g_string_append_len (sql, text + copied, statement->start + statement->length - copied);
  self->sql = g_string_free (g_steal_pointer (&sql), FALSE);
}

/**
 * tide_query_statement_new:
 * @text: all of the person's text
 * @statement: where the statement stands in it
 *
 * Returns: (transfer full): the statement, ready to be sent
 */
TideQueryStatement *
tide_query_statement_new (const char             *text,
                          const TideSqlStatement *statement)
{
  TideQueryStatement *self = g_new0 (TideQueryStatement, 1);

  g_return_val_if_fail (text != NULL && statement != NULL, NULL);

  g_atomic_ref_count_init (&self->ref_count);
  self->start = statement->start;
  self->is_meta = statement->is_meta;
  self->text = g_strndup (text + statement->start, statement->length);
  self->parameters = g_ptr_array_new_with_free_func (g_free);
  self->shifts = g_array_new (FALSE, FALSE, sizeof (Shift));
  if (takes_parameters (text, statement))
    {
      find_numbers (self, text, statement);
      replace_names (self, text, statement);
    }
  else
    self->sql = g_strdup (self->text);
  return self;
}

TideQueryStatement *
tide_query_statement_ref (TideQueryStatement *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_query_statement_unref (TideQueryStatement *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->text);
  g_free (self->sql);
  g_ptr_array_unref (self->parameters);
  g_array_unref (self->shifts);
  g_free (self);
}

GPtrArray *
tide_query_statement_split (const char *text,
                            gsize       start,
                            gsize       end)
{
  GPtrArray *statements = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_query_statement_unref);
  g_autoptr(GArray) found = tide_sql_split (text + start, end - start);

  for (guint i = 0; i < found->len; i++)
    {
      TideSqlStatement statement = g_array_index (found, TideSqlStatement, i);

      statement.start += start;
      g_ptr_array_add (statements, tide_query_statement_new (text, &statement));
    }
  return statements;
}

static gboolean
is_on_one_line (const char *text,
                gsize       from,
                gsize       to)
{
  return from <= to && memchr (text + from, '\n', to - from) == NULL;
}

gboolean
tide_query_statement_find (const char       *text,
                           gsize             size,
                           gsize             offset,
                           TideSqlStatement *statement)
{
  g_autoptr(GArray) statements = tide_sql_split (text, size);

  for (guint i = 0; i < statements->len; i++)
    {
      *statement = g_array_index (statements, TideSqlStatement, i);
      if (offset <= statement->start + statement->length)
        {
          const TideSqlStatement *before = i == 0 ? NULL : &g_array_index (statements, TideSqlStatement, i - 1);

          if (offset < statement->start && before != NULL
              && is_on_one_line (text, before->start + before->length, offset))
            *statement = *before;
          return TRUE;
        }
    }
  return statements->len > 0;
}

const char *
tide_query_statement_get_sql (const TideQueryStatement *self)
{
  return self->sql;
}

const char *
tide_query_statement_get_text (const TideQueryStatement *self)
{
  return self->text;
}

gsize
tide_query_statement_get_start (const TideQueryStatement *self)
{
  return self->start;
}

gboolean
tide_query_statement_is_meta (const TideQueryStatement *self)
{
  return self->is_meta;
}

GPtrArray *
tide_query_statement_get_parameters (const TideQueryStatement *self)
{
  return self->parameters;
}

gssize
tide_query_statement_locate (const TideQueryStatement *self,
                             const GError             *error)
{
  const TideErrorFields *fields = error->domain == TIDE_ERROR ? tide_error_get_fields (error) : NULL;
  gssize growth = 0;
  gsize offset;

  if (fields == NULL || fields->position == 0)
    return -1;
  offset = tide_sql_offset_of_position (self->sql, strlen (self->sql), fields->position);
  for (guint i = 0; i < self->shifts->len; i++)
    {
      const Shift *shift = &g_array_index (self->shifts, Shift, i);

      if (shift->sent <= offset)
        growth = shift->growth;
    }
  return (gssize) (self->start + offset) - growth;
}
