/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-filter"

#include "config.h"

#include <string.h>

#include "backup/tide-restore-filter.h"
#include "backup/tide-restore-statement.h"
#include "sql/tide-sql-lexer.h"
#include "tide-error.h"

typedef enum
{
  STATE_SQL,
  STATE_COPY, /* in the lines between COPY ... FROM stdin; and \. */
} State;

struct _TideRestoreFilter
{
  GString              *pending;     /* not judged yet */
  gsize                 start;       /* of the statement being read, in pending */
  gsize                 offset;      /* behind the last whole token */
  int                   line;        /* of start */
  State                 state;
  gboolean              at_line_start;
  gboolean              keeps_rows;
  TideRestoreStatement  statement;   /* what is known of the one being read */
  TideRestorePolicy     policy;
  gboolean              is_dump;     /* pg_dump introduced itself */
  gboolean              is_complete; /* and took its leave */
  guint                 n_connects;
  char                 *version;
};

static void
set_error_line (TideRestoreFilter *self,
                gsize              offset,
                GError            *failure,
                GError           **error)
{
  tide_error_get_fields (failure)->line = self->line + tide_sql_line_of_offset (self->pending->str + self->start,
                                                                                 self->pending->len - self->start,
                                                                                 offset - self->start) - 1;
  g_propagate_error (error, failure);
}

static void
count_lines (TideRestoreFilter *self,
             const char        *text,
             gsize              length)
{
  for (const char *c = text; (c = memchr (c, '\n', text + length - c)) != NULL; c++)
    self->line++;
}

/* Moves @length bytes on, to @out or away; the lines stay where they were, so that psql counts as the file does. */
static void
pass (TideRestoreFilter *self,
      gsize              length,
      gboolean           keep,
      GString           *out)
{
  const char *text = self->pending->str + self->start;
  int before = self->line;

  count_lines (self, text, length);
  if (keep)
    g_string_append_len (out, text, length);
  else
    for (int i = before; i < self->line; i++)
      g_string_append_c (out, '\n');
  self->start += length;
  self->offset = self->start;
}

/* Where the line of @offset ends, behind its newline; 0 when its end has not come yet */
static gsize
find_line_end (TideRestoreFilter *self,
               gsize              offset)
{
  const char *newline = memchr (self->pending->str + offset, '\n', self->pending->len - offset);

  return newline ? (gsize) (newline - self->pending->str) + 1 : 0;
}

/* pg_dump's own: \restrict and \unrestrict guard against what we refuse anyhow, \connect chooses a database that we have chosen */
static gboolean
is_harmless (const char *line)
{
  return g_str_has_prefix (line, "\\restrict ") || g_str_has_prefix (line, "\\unrestrict ")
         || g_str_has_prefix (line, "\\connect ");
}

static gboolean
fail_cluster (TideRestoreFilter  *self,
              gsize               offset,
              GError            **error)
{
  set_error_line (self, offset,
                  tide_error_new (TIDE_ERROR_UNSUPPORTED, "restore it into an empty server with psql, as pg_dumpall's manual says",
                                  "this is the dump of a whole cluster, with all its databases and roles"), error);
  return FALSE;
}

/* Returns: whether the line was there to its end and could be left out */
static gboolean
skip_command (TideRestoreFilter  *self,
              const TideSqlToken *token,
              gboolean            last,
              GString            *out,
              GError            **error)
{
  const char *text = self->pending->str;
  gboolean starts_line = token->start == 0 ? self->at_line_start : text[token->start - 1] == '\n';
  gsize end = find_line_end (self, token->start);
  g_autofree char *command = NULL;

  if (end == 0 && !last)
    return FALSE;
  end = end ? end : self->pending->len;
  command = g_strchomp (g_utf8_make_valid (text + token->start, MIN (end - token->start, 200)));
  if (starts_line && self->statement.n_tokens == 0 && is_harmless (command))
    {
      if (g_str_has_prefix (command, "\\connect ") && ++self->n_connects > 1)
        return fail_cluster (self, token->start, error);
      pass (self, token->start - self->start, TRUE, out);
      pass (self, end - self->start, FALSE, out);
      return TRUE;
    }
  set_error_line (self, token->start,
                  tide_error_new (TIDE_ERROR_REFUSED, "a dump holds no such commands; look at the line, and remove it if it does no harm",
                                  "the SQL holds a command to psql, which could run programs: %s", command), error);
  return FALSE;
}

/* What pg_dump says of itself, in comments between statements */
static gboolean
read_comment (TideRestoreFilter  *self,
              const TideSqlToken *token,
              GError            **error)
{
  const char *text = self->pending->str + token->start;
  const char *version = "-- Dumped by pg_dump version ";

  if (token->length == strlen ("-- PostgreSQL database dump") && strncmp (text, "-- PostgreSQL database dump", token->length) == 0)
    {
      self->is_dump = TRUE;
      self->is_complete = FALSE;
    }
  else if (g_str_has_prefix (text, "-- PostgreSQL database dump complete"))
    self->is_complete = TRUE;
  else if (g_str_has_prefix (text, version) && self->version == NULL)
    self->version = g_strndup (text + strlen (version), strcspn (text + strlen (version), " \n"));
  else if (g_str_has_prefix (text, "-- PostgreSQL database cluster dump"))
    return fail_cluster (self, token->start, error);
  return TRUE;
}

/* psql takes the data from the line after the COPY: nothing may stand behind its semicolon. */
static gboolean
begin_copy (TideRestoreFilter  *self,
            gsize               end,
            gboolean            last,
            GString            *out,
            gboolean           *more,
            GError            **error)
{
  gsize line_end = find_line_end (self, end);
  const char *text = self->pending->str;

  if (line_end == 0)
    {
      *more = !last;
      if (last)
        tide_set_error (error, TIDE_ERROR_INVALID, "choose another backup", "the file was cut short: it ends where the rows of a table begin");
      return *more;
    }
  for (gsize i = end; i < line_end; i++)
    if (!g_ascii_isspace (text[i]))
      {
        set_error_line (self, i, tide_error_new (TIDE_ERROR_REFUSED, "let the rows begin on a line of their own",
                                                 "something stands between a COPY and its rows"), error);
        return FALSE;
      }
  pass (self, line_end - self->start, self->keeps_rows, out);
  self->state = STATE_COPY;
  self->at_line_start = TRUE;
  return TRUE;
}

/* The rows of a dump without COPY, and of large objects */
static gboolean
is_of_rows (TideRestoreFilter *self)
{
  const char *text = self->pending->str + self->start;
  const TideRestoreStatement *statement = &self->statement;

  if (statement->n_tokens < 4)
    return FALSE;
  return tide_sql_token_is_word (&statement->head[0], text, "insert")
         || (tide_sql_token_is_word (&statement->head[0], text, "select") && tide_sql_token_is_word (&statement->head[3], text, "lowrite"));
}

/* Returns: FALSE with @error set, or with @more set when the rest of the line is needed */
static gboolean
end_statement (TideRestoreFilter  *self,
               gsize               end,
               gboolean            last,
               GString            *out,
               gboolean           *more,
               GError            **error)
{
  g_autoptr(GError) failure = NULL;
  TideRestoreVerdict verdict = tide_restore_statement_judge (&self->statement, self->pending->str + self->start, end - self->start,
                                                             &self->policy, &failure);

  if (failure != NULL)
    {
      set_error_line (self, self->start + self->statement.first, g_steal_pointer (&failure), error);
      return FALSE;
    }
  if (verdict == TIDE_RESTORE_COPY)
    {
      if (!begin_copy (self, end, last, out, more, error) || *more)
        return FALSE;
    }
  else
    pass (self, end - self->start, verdict == TIDE_RESTORE_KEEP && (self->keeps_rows || !is_of_rows (self)), out);
  tide_restore_statement_reset (&self->statement);
  return TRUE;
}

/* A token that touches the end of what has come may go on in the next piece; a comment or a quote shows what it is at once. */
static gboolean
is_whole (TideRestoreFilter  *self,
          const TideSqlToken *token,
          gboolean            last)
{
  return last || (!token->unterminated && token->start + token->length + 2 < self->pending->len);
}

/* Returns: whether there is more to do with what has come */
static gboolean
read_sql (TideRestoreFilter  *self,
          gboolean            last,
          GString            *out,
          GError            **error)
{
  TideSqlLexer lexer;
  TideSqlToken token;
  gboolean more = FALSE;

  tide_sql_lexer_init (&lexer, self->pending->str, self->pending->len);
  lexer.offset = self->offset;
  while (tide_sql_lexer_next (&lexer, &token))
    {
      if (token.type == TIDE_SQL_TOKEN_META)
        return skip_command (self, &token, last, out, error);
      if (!is_whole (self, &token, last))
        return FALSE;
      if (token.type == TIDE_SQL_TOKEN_COMMENT && self->statement.n_tokens == 0 && !read_comment (self, &token, error))
        return FALSE;
      if (tide_restore_statement_add (&self->statement, self->pending->str, self->start, &token))
        return end_statement (self, token.start + token.length, last, out, &more, error);
      self->offset = lexer.offset;
    }
  return FALSE;
}

/* The end of the data as psql sees it: a line that is "\." and nothing else */
static gboolean
is_end_of_data (const char *line,
                gsize       length,
                gsize      *end)
{
  if (length >= 3 && memcmp (line, "\\.\n", 3) == 0)
    *end = 3;
  else if (length >= 4 && memcmp (line, "\\.\r\n", 4) == 0)
    *end = 4;
  else
    return FALSE;
  return TRUE;
}

static gboolean
read_copy (TideRestoreFilter  *self,
           gboolean            last,
           GString            *out,
           GError            **error)
{
  const char *text = self->pending->str + self->start;
  gsize length = self->pending->len - self->start;
  const char *line = self->at_line_start ? text : memmem (text, length, "\n\\.", 3);
  gsize end;

  if (line != NULL && !self->at_line_start)
    line++;
  while (line != NULL)
    {
      if (is_end_of_data (line, text + length - line, &end))
        {
          pass (self, line + end - text, self->keeps_rows, out);
          self->state = STATE_SQL;
          self->at_line_start = TRUE;
          return TRUE;
        }
      if (text + length - line < 4)
        break; /* may become one */
      line = memmem (line, text + length - line, "\n\\.", 3);
      if (line != NULL)
        line++;
    }
  if (last)
    {
      set_error_line (self, self->start, tide_error_new (TIDE_ERROR_INVALID, "choose another backup",
                                                         "the file was cut short: it ends among the rows of a table"), error);
      return FALSE;
    }
  /* All but what could be the beginning of the end */
  if (length > 4)
    {
      const char *tail = memrchr (text + length - 4, '\n', 4);
      gsize whole = tail ? (gsize) (tail - text) : length;

      self->at_line_start = FALSE;
      pass (self, whole, self->keeps_rows, out);
    }
  return FALSE;
}

static gboolean
read_all (TideRestoreFilter  *self,
          gboolean            last,
          GString            *out,
          GError            **error)
{
  GError *failure = NULL;

  while (self->state == STATE_COPY ? read_copy (self, last, out, &failure) : read_sql (self, last, out, &failure))
    ;
  if (self->start > 0)
    {
      self->at_line_start = self->state == STATE_COPY ? self->at_line_start : self->pending->str[self->start - 1] == '\n';
      g_string_erase (self->pending, 0, self->start);
      self->offset -= self->start;
      self->start = 0;
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/**
 * tide_restore_filter_new:
 * @owners: (nullable): set of the roles that may be made owners; %NULL for all
 * @grantees: (nullable): set of the roles that may be granted something; %NULL for all
 * @no_owner: leave out who owns what
 * @no_privileges: leave out grants
 *
 * Returns: (transfer full): a filter at the beginning of a file
 */
TideRestoreFilter *
tide_restore_filter_new (GHashTable *owners,
                         GHashTable *grantees,
                         gboolean    no_owner,
                         gboolean    no_privileges)
{
  TideRestoreFilter *self = g_new0 (TideRestoreFilter, 1);

  self->pending = g_string_new (NULL);
  self->line = 1;
  self->at_line_start = TRUE;
  self->keeps_rows = TRUE;
  self->policy.owners = owners ? g_hash_table_ref (owners) : NULL;
  self->policy.grantees = grantees ? g_hash_table_ref (grantees) : NULL;
  self->policy.no_owner = no_owner;
  self->policy.no_privileges = no_privileges;
  self->policy.missing_owners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->policy.missing_grantees = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->policy.ownership = g_string_new (NULL);
  self->policy.privileges = g_string_new (NULL);
  return self;
}

void
tide_restore_filter_free (TideRestoreFilter *self)
{
  g_string_free (self->pending, TRUE);
  g_clear_pointer (&self->policy.owners, g_hash_table_unref);
  g_clear_pointer (&self->policy.grantees, g_hash_table_unref);
  g_hash_table_unref (self->policy.missing_owners);
  g_hash_table_unref (self->policy.missing_grantees);
  g_string_free (self->policy.ownership, TRUE);
  g_string_free (self->policy.privileges, TRUE);
  g_free (self->version);
  g_free (self);
}

void
tide_restore_filter_leave_rows_out (TideRestoreFilter *self)
{
  self->keeps_rows = FALSE;
}

/**
 * tide_restore_filter_feed:
 * @self: a filter
 * @data: the next bytes of the file
 * @length: how many
 * @out: what psql may have is appended here
 * @error: %TIDE_ERROR_REFUSED, %TIDE_ERROR_INVALID or %TIDE_ERROR_UNSUPPORTED, with the line in its fields
 *
 * What was appended before an error must not be committed.
 *
 * Returns: whether all was well so far
 */
gboolean
tide_restore_filter_feed (TideRestoreFilter  *self,
                          const char         *data,
                          gsize               length,
                          GString            *out,
                          GError            **error)
{
  /* psql would read a line to it, and we beyond. */
  if (memchr (data, '\0', length) != NULL)
    {
      tide_set_error (error, TIDE_ERROR_INVALID, "choose another backup", "the file holds a zero byte: it is damaged, or no SQL text");
      return FALSE;
    }
  g_string_append_len (self->pending, data, length);
  return read_all (self, FALSE, out, error);
}

/**
 * tide_restore_filter_finish:
 * @self: a filter that was fed all of the file
 * @out: what psql may have is appended here
 * @error: %TIDE_ERROR_INVALID when the file ends too early; as tide_restore_filter_feed()
 *
 * Returns: whether all was well to the end
 */
gboolean
tide_restore_filter_finish (TideRestoreFilter  *self,
                            GString            *out,
                            GError            **error)
{
  if (!read_all (self, TRUE, out, error))
    return FALSE;
  if (self->statement.n_tokens > 0 || (self->is_dump && !self->is_complete))
    {
      set_error_line (self, self->pending->len,
                      tide_error_new (TIDE_ERROR_INVALID, "choose another backup",
                                      self->statement.n_tokens > 0 ? "the file was cut short: it ends in the middle of a statement"
                                                                   : "the file was cut short: pg_dump's last words are missing"),
                      error);
      return FALSE;
    }
  g_string_append_len (out, self->pending->str, self->pending->len);
  return TRUE;
}

GHashTable *
tide_restore_filter_get_missing_owners (TideRestoreFilter *self)
{
  return self->policy.missing_owners;
}

GHashTable *
tide_restore_filter_get_missing_grantees (TideRestoreFilter *self)
{
  return self->policy.missing_grantees;
}

const char *
tide_restore_filter_get_ownership (TideRestoreFilter *self)
{
  return self->policy.ownership->str;
}

const char *
tide_restore_filter_get_privileges (TideRestoreFilter *self)
{
  return self->policy.privileges->str;
}

const char *
tide_restore_filter_get_version (TideRestoreFilter *self)
{
  return self->version;
}
