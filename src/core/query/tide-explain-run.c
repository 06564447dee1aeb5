/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-explain-run"

#include "config.h"

#include <string.h>

#include "query/tide-explain-private.h"
#include "sql/tide-sql-head.h"
#include "tide-error.h"

/* The server counts from the start of what it was sent: the person's text begins behind our words. */
static void
move_position (GError     *error,
               const char *words)
{
  TideErrorFields *fields = error->domain == TIDE_ERROR ? tide_error_get_fields (error) : NULL;
  int length = (int) strlen (words);

  if (fields != NULL && fields->position > length)
    fields->position -= length;
}

static TideExplain *
ask (TideSession         *session,
     const char          *words,
     const char          *statement,
     const char * const  *params,
     guint                n_params,
     GCancellable        *cancellable,
     GError             **error)
{
  g_autofree char *sql = g_strconcat (words, statement, NULL);
  g_autoptr(GError) failure = NULL;
  g_autoptr(TideResult) result = tide_session_query (session, sql, params, n_params, cancellable, &failure);
  const char *json;

  if (result == NULL)
    {
      move_position (failure, words);
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  json = tide_result_get_n_rows (result) > 0 ? tide_result_get_value (result, 0, 0) : NULL;
  return tide_explain_parse (json ? json : "", -1, error);
}

static gboolean
run_command (TideSession  *session,
             const char   *sql,
             GError      **error)
{
  /* Not to be cancelled: what was begun must be undone */
  g_autoptr(GPtrArray) results = tide_session_run (session, sql, NULL, error);

  return results != NULL;
}

/* Runs @statement, and undoes what it did */
static TideExplain *
analyze (TideSession         *session,
         const char          *statement,
         const char * const  *params,
         guint                n_params,
         TideExplainFlags     flags,
         GCancellable        *cancellable,
         GError             **error)
{
  gboolean inside = tide_session_get_transaction_status (session) == TIDE_TRANSACTION_OPEN;
  gboolean read_only = (flags & TIDE_EXPLAIN_READ_ONLY) != 0;
  g_autoptr(GError) undo_error = NULL;
  TideExplain *self;

  if (!run_command (session, inside ? "SAVEPOINT tidemark_explain" : read_only ? "BEGIN READ ONLY" : "BEGIN", error))
    return NULL;
  self = ask (session, "EXPLAIN (FORMAT JSON, ANALYZE, BUFFERS) ", statement, params, n_params, cancellable, error);
  if (!run_command (session, inside ? "ROLLBACK TO SAVEPOINT tidemark_explain; RELEASE SAVEPOINT tidemark_explain" : "ROLLBACK",
                    &undo_error) && self != NULL)
    {
      g_clear_pointer (&self, tide_explain_unref);
      g_propagate_error (error, g_steal_pointer (&undo_error));
    }
  if (self != NULL && tide_explain_changes_data (self))
    tide_explain_set_rolled_back (self);
  return self;
}

/* FALSE: EXPLAIN takes no such statement; its own word for that is a syntax error */
static gboolean
has_plan (const char  *statement,
          GError     **error)
{
  static const char *const words[] = {
    "select", "with", "insert", "update", "delete", "merge", "values", "table", "execute", "declare", "create", "refresh",
  };
  g_autoptr(GArray) statements = tide_sql_split (statement, -1);
  TideSqlHead head;

  if (statements->len == 1)
    {
      tide_sql_head_init (&head, statement, &g_array_index (statements, TideSqlStatement, 0));
      for (guint i = 0; i < G_N_ELEMENTS (words); i++)
        if (tide_sql_head_is (&head, 0, words[i]))
          return TRUE;
      if (head.n_tokens > 0 && statement[head.tokens[0].start] == '(')
        return TRUE;
      if (tide_sql_head_is (&head, 0, "explain"))
        {
          tide_set_error (error, TIDE_ERROR_USAGE, "Leave the word EXPLAIN out, or run the statement as it is.",
                          "the statement asks for its plan already");
          return FALSE;
        }
    }
  tide_set_error (error, TIDE_ERROR_USAGE, "Choose one SELECT, INSERT, UPDATE, DELETE or MERGE.",
                  statements->len > 1 ? "only one statement at a time has a plan" : "this statement has no plan");
  return FALSE;
}

TideExplain *
tide_explain_run (TideSession         *session,
                  const char          *statement,
                  const char * const  *params,
                  guint                n_params,
                  TideExplainFlags     flags,
                  GCancellable        *cancellable,
                  GError             **error)
{
  g_autoptr(TideExplain) plan = NULL;

  g_return_val_if_fail (TIDE_IS_SESSION (session), NULL);
  g_return_val_if_fail (statement != NULL, NULL);

  if (!has_plan (statement, error))
    return NULL;
  if (!(flags & TIDE_EXPLAIN_ANALYZE) || (flags & TIDE_EXPLAIN_READ_ONLY))
    {
      plan = ask (session, "EXPLAIN (FORMAT JSON) ", statement, params, n_params, cancellable, error);
      if (plan == NULL || !(flags & TIDE_EXPLAIN_ANALYZE))
        return g_steal_pointer (&plan);
    }
  if (plan != NULL && tide_explain_changes_data (plan))
    {
      tide_set_error (error, TIDE_ERROR_REFUSED, "Explain it without Analyze, or unlock writing first.",
                      "Analyze would run a statement that changes data, and this database is read-only");
      return NULL;
    }
  return analyze (session, statement, params, n_params, flags, cancellable, error);
}
