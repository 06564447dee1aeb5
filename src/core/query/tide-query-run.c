/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-query-run"

#include "config.h"

#include <string.h>

#include "query/tide-query-run.h"

#include "query/tide-completion-catalog.h"
#include "sql/tide-sql-traits.h"
#include "tide-error.h"

#define CHUNK_ROWS 1000

/* One statement under way */
typedef struct
{
  guint               index;
  TideQueryEventFunc  func;
  gpointer            data;
  GCancellable       *cancellable;
  TideRowStore       *store;
  char               *command;
  guint64             affected;
  GError             *error; /* of the store */
  gboolean            told;  /* of the store */
  gboolean            has_rows;
} Step;

static TideSqlTraits
get_traits (const TideQueryStatement *statement)
{
  const char *text = tide_query_statement_get_text (statement);
  TideSqlStatement all = { .length = strlen (text), .is_meta = tide_query_statement_is_meta (statement) };
  const char *what;
  TideSqlHead head;

  tide_sql_head_init (&head, text, &all);
  return tide_sql_traits_of (&head, &all, &what);
}

static gboolean
check_one (const TideQueryStatement  *statement,
           gboolean                   read_only,
           GError                   **error)
{
  g_auto(TideGuard) guard = { 0 };
  TideSqlTraits traits = get_traits (statement);

  if (traits & TIDE_SQL_TRAIT_META)
    {
      tide_set_error (error, TIDE_ERROR_UNSUPPORTED, "take it out, or run the text with psql",
                      "\"%s\" is a command of psql, not SQL", tide_query_statement_get_text (statement));
      return FALSE;
    }
  if (traits & TIDE_SQL_TRAIT_COPY_STDIN)
    {
      tide_set_error (error, TIDE_ERROR_UNSUPPORTED, "write the rows as INSERT statements, or run it with psql",
                      "\"COPY ... FROM STDIN\" needs rows that only psql can send");
      return FALSE;
    }
  if (!read_only)
    return TRUE;
  tide_guard_check (&guard, tide_query_statement_get_sql (statement));
  if (!guard.reads)
    tide_set_error (error, TIDE_ERROR_REFUSED, "unlock writing first if this is what you want",
                    "this tab only reads, and %s", guard.reason);
  return guard.reads;
}

gboolean
tide_query_check (GPtrArray  *statements,
                  gboolean    read_only,
                  guint      *index,
                  GError    **error)
{
  g_return_val_if_fail (statements != NULL, FALSE);

  for (guint i = 0; i < statements->len; i++)
    {
      if (index != NULL)
        *index = i;
      if (!check_one (g_ptr_array_index (statements, i), read_only, error))
        return FALSE;
    }
  return TRUE;
}

/* The wall may have been taken down since: by a function, or by a statement of a time when writing was allowed. */
static gboolean
assert_read_only (TideSession   *session,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_autofree char *now = tide_session_dup_parameter (session, "default_transaction_read_only");
  g_autoptr(TideResult) result = NULL;

  /* Servers older than 14 do not say. */
  if (g_strcmp0 (now, "on") == 0)
    return TRUE;
  result = tide_session_query (session, "SET default_transaction_read_only = on", NULL, 0, cancellable, error);
  return result != NULL;
}

static gboolean
begin (TideSession   *session,
       gboolean       read_only,
       GCancellable  *cancellable,
       GError       **error)
{
  g_autoptr(TideResult) result = tide_session_query (session, read_only ? "BEGIN READ ONLY" : "BEGIN", NULL, 0, cancellable,
                                                     error);

  return result != NULL;
}

gboolean
tide_query_take_any_bytes (TideSession   *session,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_autofree char *server = tide_session_dup_parameter (session, "server_encoding");
  g_autofree char *client = tide_session_dup_parameter (session, "client_encoding");
  g_autoptr(TideResult) result = NULL;

  if (g_strcmp0 (server, "SQL_ASCII") != 0 || g_strcmp0 (client, "SQL_ASCII") == 0 ||
      tide_session_get_transaction_status (session) != TIDE_TRANSACTION_IDLE)
    return TRUE;
  result = tide_session_query (session, "SET client_encoding = 'SQL_ASCII'", NULL, 0, cancellable, error);
  return result != NULL;
}

static gboolean
prepare (TideSession               *session,
         const TideQueryStatement  *statement,
         const TideQueryOptions    *options,
         GCancellable              *cancellable,
         GError                   **error)
{
  TideSqlTraits apart = TIDE_SQL_TRAIT_NO_TRANSACTION | TIDE_SQL_TRAIT_CONTROLS;

  if (tide_session_get_transaction_status (session) != TIDE_TRANSACTION_IDLE)
    return TRUE;
  if (!tide_query_take_any_bytes (session, cancellable, error))
    return FALSE;
  if (options->read_only && !assert_read_only (session, cancellable, error))
    return FALSE;
  if (options->manual && (get_traits (statement) & apart) == 0)
    return begin (session, options->read_only, cancellable, error);
  return TRUE;
}

static void
tell (const Step         *step,
      TideQueryEventType  type,
      const GError       *notice)
{
  TideQueryEvent event = { .type = type, .index = step->index, .store = step->store, .notice = notice };

  step->func (&event, step->data);
}

static gboolean
take_rows (Step       *step,
           TideResult *chunk)
{
  step->has_rows = TRUE;
  if (!tide_row_store_append (step->store, chunk, &step->error))
    return FALSE;
  if (!step->told)
    tell (step, TIDE_QUERY_RESULT, NULL);
  step->told = TRUE;
  return !g_cancellable_is_cancelled (step->cancellable);
}

/* What COPY TO STDOUT sends is shown a line a row, unless it is no text. */
static gboolean
take_copied (Step       *step,
             TideResult *chunk)
{
  g_autoptr(TideResult) lines = NULL;

  if (!step->has_rows && tide_result_is_binary_copy (chunk))
    {
      tide_set_error (&step->error, TIDE_ERROR_UNSUPPORTED, "copy it as text or CSV, or run it with psql",
                      "what COPY sends in the binary format cannot be shown");
      return FALSE;
    }
  lines = tide_result_split_copy (chunk);
  return take_rows (step, lines);
}

static gboolean
take_chunk (TideResult *chunk,
            guint       statement,
            gpointer    data)
{
  Step *step = data;
  GPtrArray *notices = tide_result_get_notices (chunk);

  for (guint i = 0; notices != NULL && i < notices->len; i++)
    tell (step, TIDE_QUERY_NOTICE, g_ptr_array_index (notices, i));
  if (tide_result_get_command (chunk) != NULL && *tide_result_get_command (chunk) != '\0')
    {
      g_free (step->command);
      step->command = g_strdup (tide_result_get_command (chunk));
      step->affected = tide_result_get_affected (chunk);
    }
  if (tide_result_get_copy (chunk) != NULL)
    return take_copied (step, chunk);
  return tide_result_get_n_columns (chunk) == 0 || take_rows (step, chunk);
}

/* What came stays; what is missing is said. */
static void
explain_loss (const Step *step,
              GError     *error,
              gboolean    in_transaction)
{
  TideErrorFields *fields = tide_error_get_fields (error);
  guint n = tide_row_store_get_n_rows (step->store);
  g_autoptr(GString) hint = g_string_new (NULL);

  if (step->has_rows)
    g_string_append_printf (hint, "the %u rows that came are kept; those after them are missing. ", n);
  g_string_append (hint, in_transaction ? "the transaction that was open is rolled back, with all that it did"
                                        : "whether the last statement was done is not known: look before you run it again");
  tide_error_take_string (&fields->hint, g_string_free (g_steal_pointer (&hint), FALSE));
}

static void
finish_step (Step        *step,
             TideSession *session,
             gboolean     in_transaction,
             gint64       start,
             GError      *error)
{
  TideTransactionStatus status = tide_session_get_transaction_status (session);
  TideQueryEvent event = { .type = TIDE_QUERY_DONE, .index = step->index, .store = step->store, .command = step->command };

  if (g_error_matches (error, TIDE_ERROR, TIDE_ERROR_LOST))
    explain_loss (step, error, in_transaction);
  else if (tide_error_has_sqlstate (error, "25P02") && tide_error_get_fields (error)->hint == NULL)
    tide_error_get_fields (error)->hint = g_strdup ("end it with ROLLBACK, or go back with ROLLBACK TO and a savepoint's name");
  tide_row_store_finish (step->store, error);
  if (error != NULL)
    return;
  event.n_rows = step->has_rows ? tide_row_store_get_n_rows (step->store) : step->affected;
  event.duration = g_get_monotonic_time () - start;
  event.in_transaction = status == TIDE_TRANSACTION_OPEN || status == TIDE_TRANSACTION_FAILED;
  event.changes_catalog = step->command != NULL && tide_completion_changes_catalog (step->command, step->has_rows);
  step->func (&event, step->data);
}

static gboolean
run_step (TideSession               *session,
          const TideQueryStatement  *statement,
          GHashTable                *values,
          Step                      *step,
          GError                   **error)
{
  GPtrArray *names = tide_query_statement_get_parameters (statement);
  g_autofree const char **params = g_new0 (const char *, names->len + 1);
  gboolean in_transaction = tide_session_get_transaction_status (session) == TIDE_TRANSACTION_OPEN;
  gint64 start = g_get_monotonic_time ();
  GError *failure = NULL;

  for (guint i = 0; i < names->len; i++)
    params[i] = values == NULL ? NULL : g_hash_table_lookup (values, g_ptr_array_index (names, i));
  tell (step, TIDE_QUERY_STARTED, NULL);
  tide_session_stream_query (session, tide_query_statement_get_sql (statement), params, names->len, CHUNK_ROWS, take_chunk,
                             step, step->cancellable, &failure);
  if (failure == NULL && step->error != NULL)
    failure = g_steal_pointer (&step->error);
  if (failure == NULL)
    g_cancellable_set_error_if_cancelled (step->told ? step->cancellable : NULL, &failure);
  finish_step (step, session, in_transaction, start, failure);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
tide_query_run (TideSession             *session,
                GPtrArray               *statements,
                GHashTable              *values,
                const TideQueryOptions  *options,
                TideQueryEventFunc       func,
                gpointer                 data,
                guint                   *index,
                GCancellable            *cancellable,
                GError                 **error)
{
  gboolean done = TRUE;

  g_return_val_if_fail (TIDE_IS_SESSION (session), FALSE);
  g_return_val_if_fail (statements != NULL && options != NULL && func != NULL, FALSE);

  if (!tide_query_check (statements, options->read_only, index, error))
    return FALSE;
  for (guint i = 0; done && i < statements->len; i++)
    {
      const TideQueryStatement *statement = g_ptr_array_index (statements, i);
      Step step = { .index = i, .func = func, .data = data, .cancellable = cancellable };

      if (index != NULL)
        *index = i;
      step.store = tide_row_store_new (options->budget, tide_query_statement_get_text (statement));
      done = prepare (session, statement, options, cancellable, error)
             && run_step (session, statement, values, &step, error);
      g_object_unref (step.store);
      g_free (step.command);
      g_clear_error (&step.error);
    }
  return done;
}
