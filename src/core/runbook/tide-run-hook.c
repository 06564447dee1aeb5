/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-run-hook"

#include "config.h"

#include <glib/gi18n.h>

#include "job/tide-tool.h"
#include "runbook/tide-pipeline-private.h"
#include "runbook/tide-run-hook.h"
#include "tide-error.h"
#include "tide-json.h"

#define DEFAULT_TIMEOUT_S 300
/* Of one that floods, this much is kept; the rest is counted. */
#define MOST_LINES 1000
#define MOST_CHARACTERS 2000

/* Approvals */

static char *
dup_store (void)
{
  return g_build_filename (g_get_user_state_dir (), "tidemark", "hooks.json", NULL);
}

/* A script of the project that a word names: when it changes, it is another hook. */
static void
add_script (GChecksum  *checksum,
            const char *root,
            const char *word)
{
  g_autofree char *path = g_canonicalize_filename (word, root);
  g_autofree char *text = NULL;
  gsize size;

  if (g_str_has_prefix (path, root) && g_file_test (path, G_FILE_TEST_IS_REGULAR) && g_file_get_contents (path, &text, &size, NULL))
    g_checksum_update (checksum, (const guchar *) text, size);
}

/* Of the folder, of every word, with where each ends, and of the project's own scripts among them */
static char *
dup_key (TideProject       *project,
         const char *const *argv)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  const char *root = tide_project_get_root (project);

  g_checksum_update (checksum, (const guchar *) root, strlen (root) + 1);
  for (guint i = 0; argv[i] != NULL; i++)
    {
      g_checksum_update (checksum, (const guchar *) argv[i], strlen (argv[i]) + 1);
      add_script (checksum, root, argv[i]);
    }
  return g_strdup (g_checksum_get_string (checksum));
}

/* (transfer full): what is approved: an object of keys; one that is damaged approves nothing */
static JsonObject *
read_store (void)
{
  g_autofree char *path = dup_store ();

  return tide_json_read_object (path);
}

static gboolean
is_approved (TideProject       *project,
                           const char *const *argv)
{
  g_autoptr(JsonObject) store = read_store ();
  g_autofree char *key = dup_key (project, argv);

  return json_object_has_member (store, key);
}

static gboolean
approve (TideProject       *project,
                       const char *const *argv,
                       GError           **error)
{
  g_autoptr(JsonObject) store = read_store ();
  g_autofree char *path = dup_store ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *key = dup_key (project, argv);
  g_autofree char *words = g_strjoinv (" ", (char **) argv);
  g_autofree char *value = g_strdup_printf ("%s: %s", tide_project_get_root (project), words);
  g_autoptr(GError) problem = NULL;

  json_object_set_string_member (store, key, value);
  g_mkdir_with_parents (folder, 0700);
  if (tide_json_write_object (store, path, &problem))
    return TRUE;
  tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot keep the approval in \"%s\": %s", path, problem->message);
  return FALSE;
}

static guint
choose_timeout (TideProject *project,
                guint        timeout_s)
{
  guint of_project = tide_project_get_hooks (project)->timeout_s;

  return timeout_s > 0 ? timeout_s : of_project > 0 ? of_project : DEFAULT_TIMEOUT_S;
}

gboolean
tide_run_hook_ask (TidePipeline      *pipeline,
                   const char        *name,
                   const char *const *argv,
                   guint              timeout_s,
                   GError           **error)
{
  TideProject *project = tide_pipeline_get_project (pipeline);
  g_autofree char *command = tide_tool_dup_line (argv);
  g_autofree char *title = g_strdup_printf (_("Run the %s command of this project?"), name);
  g_autofree char *text = g_strdup_printf (_("tidemark.json asks to run this command in %s, as you. Approve it if you know what it "
                                             "does; you are asked again when it changes. It is ended when it takes longer than %u s.\n\n"
                                             "    %s"), tide_project_get_root (project), choose_timeout (project, timeout_s), command);

  if (is_approved (project, argv))
    return TRUE;
  return tide_pipeline_ask (pipeline, tide_run_question_new (TIDE_QUESTION_HOOK, tide_pipeline_get_running (pipeline), title, text,
                                                             NULL, argv, NULL), NULL, error)
         && approve (project, argv, error);
}

/* Running */

typedef struct
{
  TidePipeline *pipeline;
  guint64       n_lines;
} Output;

static void
take_line (const char *line,
           gboolean    is_stderr,
           gpointer    user_data)
{
  Output *output = user_data;
  g_autofree char *start = NULL;

  if (output->n_lines++ >= MOST_LINES)
    return;
  if (strlen (line) <= MOST_CHARACTERS)
    {
      tide_pipeline_log (output->pipeline, line, NULL);
      return;
    }
  start = g_utf8_substring (line, 0, MIN (g_utf8_strlen (line, -1), MOST_CHARACTERS));
  tide_pipeline_log (output->pipeline, start, NULL);
}

/* Ends the program when its time is over: a cancellable of its own, that also follows the job's. */
typedef struct
{
  GCancellable *cancellable;
  GMutex        lock;
  GCond         cond;
  gint64        until;   /* monotonic */
  gboolean      ended;
  gboolean      expired;
} Alarm;

static gpointer
watch_time (gpointer data)
{
  Alarm *alarm = data;

  g_mutex_lock (&alarm->lock);
  while (!alarm->ended && g_cond_wait_until (&alarm->cond, &alarm->lock, alarm->until))
    ;
  alarm->expired = !alarm->ended;
  g_mutex_unlock (&alarm->lock);
  if (alarm->expired)
    g_cancellable_cancel (alarm->cancellable);
  return NULL;
}

static void
pass_on (GCancellable *outer,
         GCancellable *inner)
{
  g_cancellable_cancel (inner);
}

static gboolean
run_in_time (TidePipeline          *pipeline,
             const char *const     *argv,
             const TideToolOptions *options,
             guint                  timeout_s,
             gboolean              *expired,
             GError               **error)
{
  GCancellable *outer = tide_pipeline_get_cancellable (pipeline);
  g_autoptr(GCancellable) inner = g_cancellable_new ();
  Alarm alarm = { .cancellable = inner, .until = g_get_monotonic_time () + timeout_s * G_USEC_PER_SEC };
  gulong handler = outer ? g_cancellable_connect (outer, G_CALLBACK (pass_on), inner, NULL) : 0;
  g_autofree char *out = NULL;
  GThread *thread;

  g_mutex_init (&alarm.lock);
  g_cond_init (&alarm.cond);
  thread = g_thread_new ("tide-hook-time", watch_time, &alarm);
  out = tide_tool_run (argv, options, inner, error);

  g_mutex_lock (&alarm.lock);
  alarm.ended = TRUE;
  g_cond_signal (&alarm.cond);
  g_mutex_unlock (&alarm.lock);
  g_thread_join (thread);
  g_cancellable_disconnect (outer, handler);
  g_mutex_clear (&alarm.lock);
  g_cond_clear (&alarm.cond);
  *expired = alarm.expired;
  return out != NULL;
}

gboolean
tide_run_hook_run (TidePipeline      *pipeline,
                   const char        *name,
                   const char *const *argv,
                   guint              timeout_s,
                   GError           **error)
{
  TideTarget *target = tide_pipeline_get_target (pipeline);
  g_autofree char *command = tide_tool_dup_line (argv);
  g_autofree char *environment = g_strconcat ("TIDEMARK_ENVIRONMENT=", tide_target_get_name (target), NULL);
  g_autofree char *kind = g_strconcat ("TIDEMARK_KIND=", tide_kind_to_string (tide_target_get_kind (target)), NULL);
  const char *const variables[] = { environment, kind, NULL };
  Output output = { pipeline, 0 };
  TideToolOptions options = { .cwd = tide_project_get_root (tide_pipeline_get_project (pipeline)), .environment = variables,
                              .line_func = take_line, .line_data = &output };
  g_autoptr(GError) failure = NULL;
  g_autofree char *line = g_strconcat ("$ ", command, NULL);
  gboolean ok, expired;

  timeout_s = choose_timeout (tide_pipeline_get_project (pipeline), timeout_s);
  tide_pipeline_log (pipeline, line, NULL);
  ok = run_in_time (pipeline, argv, &options, timeout_s, &expired, &failure);
  if (output.n_lines > MOST_LINES)
    {
      static const char format[] = N_("and %s more lines, which are not kept");
      g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, output.n_lines - MOST_LINES);
      g_autofree char *more = g_strdup_printf (format, number);
      g_autofree char *shown = g_strdup_printf (_(format), number);

      tide_pipeline_log (pipeline, more, shown);
    }
  if (ok)
    return TRUE;
  if (expired && !g_cancellable_is_cancelled (tide_pipeline_get_cancellable (pipeline)))
    tide_set_error (error, TIDE_ERROR_TIMED_OUT, "it was ended, with all it had started; look at its output in the journal; "
                    "\"timeout_seconds\" under \"hooks\" of tidemark.json gives it longer",
                    "the %s command \"%s\" did not end within %u s", name, command, timeout_s);
  else if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    tide_set_error (error, TIDE_ERROR_TOOL, "look at its output above and in the journal", "the %s command failed: %s", name,
                    failure->message);
  return FALSE;
}
