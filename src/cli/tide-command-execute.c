/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-execute"

#include "config.h"

#include <unistd.h>

#include "sql/tide-sql-lexer.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-error.h"
#include "tide-input.h"
#include "tide-report.h"

#define CHUNK_ROWS 1000

/* What one statement answered */
typedef struct
{
  char    *command;
  guint64  rows;
} Outcome;

/* What comes while the script runs */
typedef struct
{
  TideConsole *console;
  GArray      *outcomes;
} Answers;

static void
outcome_clear (gpointer data)
{
  Outcome *outcome = data;

  g_free (outcome->command);
}

static gboolean
take_chunk (TideResult *chunk,
            guint       statement,
            gpointer    user_data)
{
  Answers *answers = user_data;
  const char *command = tide_result_get_command (chunk);
  GPtrArray *notices = tide_result_get_notices (chunk);
  Outcome outcome;

  for (guint i = 0; notices != NULL && i < notices->len; i++)
    tide_console_tell_notice (answers->console, g_ptr_array_index (notices, i));
  if (command == NULL || *command == '\0')
    return TRUE;
  outcome.command = g_strdup (command);
  outcome.rows = tide_result_get_affected (chunk);
  g_array_append_val (answers->outcomes, outcome);
  return TRUE;
}

/* The server tells a position for what it could not read; of what it could not do, only that it
 * was the next one. */
static const TideSqlStatement *
find_failed (const char            *sql,
             GArray                *statements,
             const TideErrorFields *fields,
             guint                  n_done)
{
  gsize offset = tide_sql_offset_of_position (sql, strlen (sql), MAX (fields->position, 1));

  for (guint i = 0; fields->position > 0 && i < statements->len; i++)
    {
      const TideSqlStatement *statement = &g_array_index (statements, TideSqlStatement, i);

      if (offset < statement->start + statement->length + 1)
        return statement;
    }
  return n_done < statements->len ? &g_array_index (statements, TideSqlStatement, n_done) : NULL;
}

static void
complete_error (GError     *error,
                const char *path,
                const char *sql,
                guint       n_done)
{
  TideErrorFields *fields = tide_error_get_fields (error);
  g_autoptr(GArray) statements = NULL;
  const TideSqlStatement *failed;

  if (fields == NULL)
    return;
  if (fields->file == NULL && !g_str_equal (path, "-"))
    tide_error_take_string (&fields->file, g_strdup (path));
  if (fields->statement != NULL && fields->line > 0)
    return;

  statements = tide_sql_split (sql, -1);
  failed = find_failed (sql, statements, fields, n_done);
  if (failed == NULL)
    return;
  if (fields->line == 0)
    fields->line = failed->line;
  if (fields->statement == NULL)
    tide_error_take_string (&fields->statement, g_strndup (sql + failed->start, failed->length));
}

/* Goodbye would undo what was never committed, and the person would read that it was done. */
static gboolean
check_ended (TideSession   *session,
             const char    *path,
             const char    *sql,
             GArray        *outcomes,
             GCancellable  *cancellable,
             GError       **error)
{
  g_autoptr(TideResult) undone = NULL;
  g_autoptr(GError) failure = NULL;

  if (tide_session_get_transaction_status (session) == TIDE_TRANSACTION_IDLE)
    return TRUE;
  undone = tide_session_query (session, "ROLLBACK", NULL, 0, cancellable, NULL);
  failure = tide_error_new (TIDE_ERROR_FAILED, "end the script with COMMIT, or leave its BEGIN out: a script is one transaction anyway",
                            "the script ends in an open transaction; what it did in that is rolled back");
  complete_error (failure, path, sql, MAX (outcomes->len, 1) - 1);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static void
print_human (TideCli *cli,
             GArray  *outcomes)
{
  for (guint i = 0; i < outcomes->len; i++)
    tide_console_print (tide_cli_get_console (cli), TIDE_STYLE_PLAIN, "%s\n",
                        g_array_index (outcomes, Outcome, i).command);
}

static void
print_json (TideCli *cli,
            GArray  *outcomes)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "results");
  json_builder_begin_array (builder);
  for (guint i = 0; i < outcomes->len; i++)
    {
      const Outcome *outcome = &g_array_index (outcomes, Outcome, i);

      json_builder_begin_object (builder);
      tide_report_add_text (builder, "command", outcome->command);
      json_builder_set_member_name (builder, "rows");
      json_builder_add_int_value (builder, outcome->rows);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}

/* (transfer none) (nullable): where the SQL comes from: --file, else the standard input if it is
 * not a person's keyboard */
static const char *
find_source (TideCli  *cli,
             GError  **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  const char *file = tide_arguments_get_text (arguments, "file");
  const char *word = tide_arguments_get_word (arguments, 0);

  if (word != NULL && (file != NULL || !g_str_equal (word, "-")))
    {
      tide_set_error (error, TIDE_ERROR_USAGE,
                      "SQL comes from --file FILE, or from the standard input",
                      "\"execute\" has no use for \"%s\"", word);
      return NULL;
    }
  if (file == NULL && word == NULL && isatty (STDIN_FILENO))
    {
      tide_set_error (error, TIDE_ERROR_USAGE, "give --file FILE, or --file - to type it",
                      "execute got no SQL");
      return NULL;
    }
  return file ? file : "-";
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  GCancellable *cancellable = tide_cli_get_cancellable (cli);
  const char *path = find_source (cli, error);
  g_autofree char *sql = path ? tide_input_read_sql (path, cancellable, error) : NULL;
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTarget) target = NULL;
  g_autoptr(TideSession) session = NULL;
  g_autoptr(GArray) outcomes = g_array_new (FALSE, FALSE, sizeof (Outcome));
  g_autoptr(GError) local_error = NULL;
  Answers answers = { tide_cli_get_console (cli), outcomes };

  if (sql == NULL || !tide_cli_may_load_project (cli, &project, error))
    return TIDE_EXIT_NOT_IN_ORDER;
  target = tide_cli_resolve_target (cli, project, error);
  session = target ? tide_session_open (tide_target_get_conninfo (target), cancellable, error)
                   : NULL;
  if (session == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;

  g_array_set_clear_func (outcomes, outcome_clear);
  if (!tide_session_stream (session, sql, CHUNK_ROWS, take_chunk, &answers, cancellable,
                            &local_error))
    {
      complete_error (local_error, path, sql, outcomes->len);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return TIDE_EXIT_NOT_IN_ORDER;
    }
  if (!check_ended (session, path, sql, outcomes, cancellable, error))
    return TIDE_EXIT_NOT_IN_ORDER;
  if (tide_cli_wants_json (cli))
    print_json (cli, outcomes);
  else
    print_human (cli, outcomes);
  return TIDE_EXIT_DONE;
}

static const GOptionEntry options[] = {
  { "file", 'f', 0, G_OPTION_ARG_FILENAME, NULL, "the SQL; - is standard input", "FILE" },
  { NULL }
};

static const TideExample examples[] = {
  { "execute --file seed.sql --env dev", "Run a file." },
  { "execute --url postgresql:///shop --file - < fix.sql", "Run what comes in." },
  { NULL }
};

const TideCommand tide_command_execute = {
  .name = "execute",
  .summary = "run SQL from a file or the standard input",
  .words = "-",
  .description =
    "Sends the SQL to the server as one script, as prisma db execute does: one transaction, unless it begins and "
    "ends its own, so that on an error nothing of it stays. A script that ends before its transaction does is an error, "
    "too: what it did in that is rolled back.\n\n"
    "Prints what each statement did; rows are counted, not shown. What the server says meanwhile goes to stderr.",
  .options = options,
  .examples = examples,
  .n_words_most = 1,
  .run = run,
};
