/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-query"

#include "config.h"

#include <errno.h>
#include <unistd.h>

#include <glib-unix.h>

#include "query/tide-export.h"
#include "query/tide-guard.h"
#include "sql/tide-sql-lexer.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-error.h"
#include "tide-input.h"

/* Of the standard output */
typedef struct
{
  TideJob *job;   /* that writes for it */
  gint     gone;
} Reader;

typedef struct
{
  gboolean began;  /* something was written */
  Reader  *reader;
  TideConsole *console;
} Output;

static void
reader_clear (gpointer data)
{
  g_object_unref (((Reader *) data)->job);
}

static void
reader_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, reader_clear);
}

/* In the main thread, at once: what the server looks for in vain may take hours. */
static gboolean
on_alone (int          fd,
          GIOCondition condition,
          gpointer     data)
{
  Reader *reader = data;

  g_atomic_int_set (&reader->gone, TRUE);
  tide_job_cancel (reader->job);
  return G_SOURCE_REMOVE;
}

static Reader *
reader_new (TideJob *job)
{
  Reader *reader = g_atomic_rc_box_new0 (Reader);

  reader->job = g_object_ref (job);
  g_unix_fd_add_full (G_PRIORITY_DEFAULT, STDOUT_FILENO, G_IO_ERR | G_IO_HUP, on_alone, g_atomic_rc_box_acquire (reader),
                      reader_unref);
  return reader;
}

/* Not through the console, which collects: there may be more rows than memory. */
static gboolean
write_out (const char  *data,
           gsize        length,
           gpointer     user_data,
           GError     **error)
{
  Output *output = user_data;

  output->began = TRUE;
  while (length > 0)
    {
      gssize n = write (STDOUT_FILENO, data, length);

      if (n < 0 && errno == EPIPE)
        {
          g_atomic_int_set (&output->reader->gone, TRUE);
          tide_set_error (error, TIDE_ERROR_FAILED, NULL, "nobody reads on");
          return FALSE;
        }
      if (n < 0 && errno != EINTR)
        {
          tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot write to the standard output: %s", g_strerror (errno));
          return FALSE;
        }
      data += MAX (n, 0);
      length -= MAX (n, 0);
    }
  return TRUE;
}

static void
tell_notice (const GError *notice,
             gpointer      user_data)
{
  tide_console_tell_notice (((Output *) user_data)->console, notice);
}

static gboolean
find_format (TideCli        *cli,
             TideRowFormat  *format,
             GError        **error)
{
  const char *name = tide_arguments_get_text (tide_cli_get_arguments (cli), "format");

  *format = tide_cli_wants_json (cli) ? TIDE_ROW_FORMAT_JSON : TIDE_ROW_FORMAT_CSV;
  if (name == NULL)
    return TRUE;
  if (!tide_row_format_parse (name, format) || *format > TIDE_ROW_FORMAT_MARKDOWN)
    {
      tide_set_error (error, TIDE_ERROR_USAGE, "it is one of csv, tsv, json, ndjson, markdown",
                      "\"%s\" is no format of rows", name);
      return FALSE;
    }
  if (tide_cli_wants_json (cli) && *format != TIDE_ROW_FORMAT_JSON)
    {
      tide_set_error (error, TIDE_ERROR_USAGE, "leave one of the two out",
                      "--json and --format %s contradict each other", name);
      return FALSE;
    }
  return TRUE;
}

static char *
read_sql (TideCli  *cli,
          GError  **error)
{
  const char *word = tide_arguments_get_word (tide_cli_get_arguments (cli), 0);

  return g_str_equal (word, "-") ? tide_input_read_sql ("-", tide_cli_get_cancellable (cli), error) : g_strdup (word);
}

#define SQLSTATE_READ_ONLY "25006"
#define HINT_EXECUTE "if writing is what you want, give the SQL to \"execute\"; a query of production only reads"

/* The first wall, which sees more than the server's: what acts outside of a transaction, and what takes that other one down */
static gboolean
check_reads (const char  *sql,
             TideTarget  *target,
             GError     **error)
{
  g_autoptr(GArray) statements = tide_sql_split (sql, -1);

  for (guint i = 0; i < statements->len; i++)
    {
      const TideSqlStatement *statement = &g_array_index (statements, TideSqlStatement, i);
      g_autofree char *text = g_strndup (sql + statement->start, statement->length);
      g_auto(TideGuard) guard = { 0 };

      /* The export has its own word for psql's commands. */
      if (statement->is_meta)
        continue;
      tide_guard_check (&guard, text);
      if (guard.reads)
        continue;
      tide_set_error (error, TIDE_ERROR_REFUSED, HINT_EXECUTE, "\"%s\" is production, and %s", tide_target_get_name (target),
                      guard.reason);
      return FALSE;
    }
  return TRUE;
}

/* The second wall is the server's. */
static TideSession *
open_session (TideCli     *cli,
              TideTarget  *target,
              gboolean     read_only,
              GError     **error)
{
  g_autoptr(TideConninfo) conninfo = tide_conninfo_copy (tide_target_get_conninfo (target));

  tide_conninfo_set_read_only (conninfo, read_only);
  return tide_session_open (conninfo, tide_cli_get_cancellable (cli), error);
}

/* A function that writes is seen by the server alone. */
static void
name_execute (GError *error)
{
  TideErrorFields *fields = tide_error_get_fields (error);

  if (tide_error_has_sqlstate (error, SQLSTATE_READ_ONLY) && fields->hint == NULL)
    tide_error_take_string (&fields->hint, g_strdup (HINT_EXECUTE));
}

/* A document that has begun cannot become one of an error: then it is told beside it. */
static TideExit
fail_beside (TideCli *cli,
             GError  *error)
{
  g_autofree char *text = tide_error_dup_text (error);

  tide_console_warn (tide_cli_get_console (cli), TIDE_STYLE_BAD, "error", text);
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? TIDE_EXIT_INTERRUPTED : TIDE_EXIT_NOT_IN_ORDER;
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  g_autofree char *sql = NULL;
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTarget) target = NULL;
  g_autoptr(TideSession) session = NULL;
  g_autoptr(GError) local_error = NULL;
  Output output = { .console = tide_cli_get_console (cli) };
  gboolean done;
  TideRowFormat format;
  gboolean read_only;

  if (!find_format (cli, &format, error))
    return TIDE_EXIT_USAGE;
  /* Rows and progress on one terminal would write over each other. */
  if (isatty (STDOUT_FILENO))
    tide_console_set_quiet (tide_cli_get_console (cli), TRUE);
  sql = read_sql (cli, error);
  if (sql == NULL || !tide_cli_may_load_project (cli, &project, error))
    return TIDE_EXIT_NOT_IN_ORDER;
  target = tide_cli_resolve_target (cli, project, error);
  if (target == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  read_only = tide_kind_starts_read_only (tide_target_get_kind (target));
  if (read_only && !check_reads (sql, target, error))
    return TIDE_EXIT_NOT_IN_ORDER;
  session = open_session (cli, target, read_only, error);
  if (session == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  output.reader = reader_new (tide_cli_get_job (cli));
  done = tide_export_query (session, sql, format, write_out, tell_notice, &output, tide_cli_get_job (cli), NULL, &local_error) ||
         g_atomic_int_get (&output.reader->gone);
  reader_unref (output.reader);
  if (done)
    return TIDE_EXIT_DONE;
  if (read_only)
    name_execute (local_error);
  if (output.began && tide_cli_wants_json (cli))
    return fail_beside (cli, local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return TIDE_EXIT_NOT_IN_ORDER;
}

static const GOptionEntry options[] = {
  { "format", 'f', 0, G_OPTION_ARG_FILENAME, NULL, "csv (the default), tsv, json, ndjson or markdown", "FORMAT" },
  { NULL }
};

static const TideExample examples[] = {
  { "query 'select * from orders' --env prod > orders.csv", "All rows, in constant memory." },
  { "query --format ndjson 'table orders' | head", "The first rows, an object a line." },
  { "query --json 'select count(*) from orders'", "An array of objects." },
  { NULL }
};

const TideCommand tide_command_query = {
  .name = "query",
  .summary = "write the rows that a statement answers",
  .words = "SQL",
  .description =
    "Runs one statement and writes its rows as they come; - reads the statement from the standard input. CSV is "
    "what COPY writes: NULL is nothing, an empty text is \"\". In JSON numbers stand as the server wrote them, NaN "
    "and infinity as texts, json values as they are. What the server says beside them goes to stderr.\n\n"
    "A failure after the first rows leaves what was written, tells the error on stderr and ends with 1. When the reader "
    "goes away the statement is stopped on the server.\n\n"
    "On an environment of kind production it only reads: what would write is refused before it is sent, and by the server "
    "too. \"execute\" writes.",
  .options = options,
  .examples = examples,
  .n_words_least = 1,
  .n_words_most = 1,
  .run = run,
};
