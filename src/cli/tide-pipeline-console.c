/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-pipeline-console"

#include "config.h"

#include <unistd.h>

#include "job/tide-tool.h"
#include "tide-error.h"
#include "tide-pipeline-console.h"
#include "tide-report.h"

typedef struct
{
  TideCli                   *cli;
  TideConsole               *console;
  const TidePipelineAnswers *answers;
  gboolean                   human;

  GMutex                     lock;
  GCond                      cond;
  gboolean                   told;  /* all that the steps had to tell */
} Running;

/* What came of a step: a word, a sign and a style each */
static void
print_end (Running     *running,
           TideRunStep *step)
{
  static const struct { const char *word; TideStyle style; } ends[] = {
    [TIDE_STEP_PASSED] = { "ok", TIDE_STYLE_GOOD },
    [TIDE_STEP_WARNED] = { "warning", TIDE_STYLE_WARNING },
    [TIDE_STEP_FAILED] = { "failed", TIDE_STYLE_BAD },
    [TIDE_STEP_SKIPPED] = { "skipped", TIDE_STYLE_DIM },
    [TIDE_STEP_CANCELLED] = { "cancelled", TIDE_STYLE_BAD },
  };
  TideStepState state = tide_run_step_get_state (step);
  g_autofree char *status = tide_run_step_dup_status (step);
  g_autofree char *detail = tide_run_step_dup_detail (step);
  g_auto(GStrv) lines = g_strsplit (detail ? detail : "", "\n", -1);

  tide_console_print (running->console, ends[state].style, "%-9s", ends[state].word);
  tide_console_print (running->console, TIDE_STYLE_STRONG, " %s", tide_run_step_get_title (step));
  tide_console_print (running->console, TIDE_STYLE_PLAIN, "%s%s", status ? ": " : "", status ? status : "");
  tide_console_print (running->console, TIDE_STYLE_DIM, " (%.2f s)\n", tide_run_step_get_seconds (step));
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0' && g_strcmp0 (lines[i], status) != 0)
      tide_console_print (running->console, g_str_has_prefix (lines[i], "warning: ") ? TIDE_STYLE_WARNING : TIDE_STYLE_DIM,
                          "          %s\n", lines[i]);
}

static void
on_state (TideRunStep *step,
          GParamSpec  *pspec,
          gpointer     user_data)
{
  Running *running = user_data;
  TideStepState state = tide_run_step_get_state (step);

  if (state <= TIDE_STEP_ASKING)
    return;
  print_end (running, step);
  tide_console_flush (running->console, NULL);
}

/* Statements that were over at once are in the journal; here, a line for each migration will do. */
static gboolean
is_trifle (const char *line)
{
  const char *end = g_strrstr (line, " done after ");

  return end != NULL && g_str_has_suffix (line, " s") && g_ascii_strtod (end + strlen (" done after "), NULL) < 1;
}

static void
on_log (TideRunStep *step,
        const char  *line,
        gpointer     user_data)
{
  Running *running = user_data;

  if (g_str_equal (tide_run_step_get_id (step), "apply") && is_trifle (line))
    return;
  tide_console_print (running->console, TIDE_STYLE_DIM, "          | %s\n", line);
  tide_console_flush (running->console, NULL);
}

static gboolean
be_told (gpointer data)
{
  Running *running = data;

  g_mutex_lock (&running->lock);
  running->told = TRUE;
  g_cond_signal (&running->cond);
  g_mutex_unlock (&running->lock);
  return G_SOURCE_REMOVE;
}

/* The steps are told of in the main thread: what they have said is printed before what comes of the run. */
static void
wait_until_told (Running *running)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, be_told, running, NULL);
  g_source_attach (source, NULL);
  g_mutex_lock (&running->lock);
  while (!running->told)
    g_cond_wait (&running->cond, &running->lock);
  g_mutex_unlock (&running->lock);
}

/* (transfer full) (nullable): a line that was typed; NULL at the end, or when the run is cancelled */
static char *
read_line (GCancellable *cancellable)
{
  g_autoptr(GString) line = g_string_new (NULL);
  GPollFD fds[2] = { { STDIN_FILENO, G_IO_IN, 0 } };
  gboolean watched = g_cancellable_make_pollfd (cancellable, &fds[1]);
  char c = '\0';

  while (c != '\n')
    {
      if (g_poll (fds, watched ? 2 : 1, -1) < 0 || g_cancellable_is_cancelled (cancellable) || read (STDIN_FILENO, &c, 1) != 1)
        break;
      if (c != '\n')
        g_string_append_c (line, c);
    }
  if (watched)
    g_cancellable_release_fd (cancellable);
  return c == '\n' && g_utf8_validate (line->str, line->len, NULL) ? g_strdup (line->str) : NULL;
}

static gboolean
ask_yes (TideConsole  *console,
         const char   *prompt,
         GCancellable *cancellable)
{
  g_autofree char *answer = NULL;

  tide_console_ask (console, "%s [y/N] ", prompt);
  answer = read_line (cancellable);
  return answer != NULL && (g_ascii_strcasecmp (answer, "y") == 0 || g_ascii_strcasecmp (answer, "yes") == 0);
}

static gboolean
tick (TideRunQuestion *question,
      TideConsole     *console, /* (nullable): all are ticked without asking */
      GCancellable    *cancellable)
{
  GListModel *items = tide_run_question_get_items (question);

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr(TideChecklistItem) item = g_list_model_get_item (items, i);

      if (tide_checklist_item_get_state (item) != TIDE_CHECK_MANUAL)
        continue;
      if (console != NULL && !ask_yes (console, tide_checklist_item_get_title (item), cancellable))
        return FALSE;
      tide_checklist_item_set_ticked (item, TRUE);
    }
  return TRUE;
}

/* Without a terminal, and without --yes: a no, and the step says what to do */
static void
ask_on_terminal (TideRunQuestion *question,
                 TideConsole     *console,
                 GCancellable    *cancellable)
{
  const char *expected = tide_run_question_get_expected (question);
  g_autofree char *answer = NULL;

  tide_console_ask (console, "\n%s\n%s\n", tide_run_question_get_title (question), tide_run_question_get_text (question));
  if (tide_run_question_get_items (question) != NULL)
    {
      tide_run_question_answer (question, tick (question, console, cancellable), NULL);
      return;
    }
  if (expected == NULL && tide_run_question_get_kind (question) != TIDE_QUESTION_BACKUP)
    {
      tide_run_question_answer (question, ask_yes (console, "Go on?", cancellable), NULL);
      return;
    }
  if (expected != NULL)
    tide_console_ask (console, "Type \"%s\" to confirm: ", expected);
  else
    tide_console_ask (console, "Reason: ");
  answer = read_line (cancellable);
  tide_run_question_answer (question, answer != NULL, answer);
}

static void
answer (TideRunQuestion *question,
        gpointer         user_data)
{
  Running *running = user_data;
  TideQuestionKind kind = tide_run_question_get_kind (question);
  gboolean yes = kind == TIDE_QUESTION_HOOK ? running->answers->approve_hooks
                                            : running->answers->yes && kind != TIDE_QUESTION_BACKUP;

  if (yes && tide_run_question_get_items (question) != NULL)
    tick (question, NULL, NULL);
  if (yes)
    tide_run_question_answer (question, TRUE, tide_run_question_get_expected (question));
  else if (running->human && !running->answers->yes && isatty (STDIN_FILENO) && isatty (STDERR_FILENO))
    ask_on_terminal (question, running->console, tide_cli_get_cancellable (running->cli));
  else
    tide_run_question_answer (question, FALSE, NULL);
}

static void
watch_steps (Running      *running,
             TidePipeline *pipeline)
{
  GListModel *steps = tide_pipeline_get_steps (pipeline);

  for (guint i = 0; running->human && i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr(TideRunStep) step = g_list_model_get_item (steps, i);

      g_signal_connect (step, "notify::state", G_CALLBACK (on_state), running);
      g_signal_connect (step, "log", G_CALLBACK (on_log), running);
    }
}

static void
unwatch_steps (Running      *running,
               TidePipeline *pipeline)
{
  GListModel *steps = tide_pipeline_get_steps (pipeline);

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr(TideRunStep) step = g_list_model_get_item (steps, i);

      g_signal_handlers_disconnect_by_data (step, running);
    }
}

static void
print_outcome (Running              *running,
               const TideRunOutcome *outcome)
{
  TideConsole *console = running->console;

  if (outcome->database != NULL)
    tide_console_print (console, outcome->state == TIDE_RUN_DONE ? TIDE_STYLE_GOOD : TIDE_STYLE_STRONG, "\n%s\n", outcome->database);
  tide_console_print (console, TIDE_STYLE_DIM, "journal: %s\n", outcome->journal);
  for (guint i = 0; outcome->state != TIDE_RUN_DONE && i < outcome->ways->len; i++)
    {
      const TideRunWay *way = g_ptr_array_index (outcome->ways, i);
      g_autofree char *line = way->argv ? tide_tool_dup_line ((const char *const *) way->argv) : NULL;

      tide_console_print (console, TIDE_STYLE_STRONG, "%s%s\n", i == 0 ? "\nWays on:\n  " : "  ", way->title);
      tide_console_print (console, TIDE_STYLE_PLAIN, "      %s\n", line ? line : way->text);
    }
}

static void
print_json (TideCli      *cli,
            TidePipeline *pipeline)
{
  g_autofree char *json = tide_pipeline_dup_json (pipeline);

  tide_console_write (tide_cli_get_console (cli), json);
  tide_console_write (tide_cli_get_console (cli), "\n");
}

TideExit
tide_pipeline_console_run (TideCli                    *cli,
                           TidePipeline               *pipeline,
                           const TidePipelineAnswers  *answers,
                           GError                    **error)
{
  Running running = { cli, tide_cli_get_console (cli), answers, !tide_cli_wants_json (cli) };
  g_autoptr(TideRunOutcome) outcome = NULL;

  g_mutex_init (&running.lock);
  g_cond_init (&running.cond);
  watch_steps (&running, pipeline);
  tide_pipeline_set_asker (pipeline, answer, &running);
  outcome = tide_pipeline_run (pipeline, tide_cli_get_job (cli), error);
  wait_until_told (&running);
  unwatch_steps (&running, pipeline);
  if (outcome != NULL && running.human)
    print_outcome (&running, outcome);
  else if (outcome != NULL)
    print_json (cli, pipeline);
  g_mutex_clear (&running.lock);
  g_cond_clear (&running.cond);
  if (outcome == NULL)
    return TIDE_EXIT_NOT_IN_ORDER;
  if (outcome->state == TIDE_RUN_DONE)
    return TIDE_EXIT_DONE;
  if (outcome->state == TIDE_RUN_CANCELLED)
    return TIDE_EXIT_INTERRUPTED;
  /* A program of the project that takes too long says nothing of the server. */
  return g_error_matches (outcome->failure, TIDE_ERROR, TIDE_ERROR_TIMED_OUT) ? TIDE_EXIT_NOT_IN_ORDER
                                                                               : tide_report_exit_for (outcome->failure);
}
