/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-command-lint"

#include "config.h"

#include "history/tide-history.h"
#include "lint/tide-lint-fix.h"
#include "lint/tide-lint.h"
#include "tide-cli.h"
#include "tide-commands.h"
#include "tide-error.h"
#include "tide-report.h"

/* One call of the command */
typedef struct
{
  TideCli         *cli;
  TideProject     *project;
  GHashTable      *wanted;  /* (nullable): names; NULL: all */
  guint            first;   /* of the migrations: the first that is wanted */
  TideLintContext *context; /* (nullable) */
  TideLintSeverity least;
} Lint;

static void
lint_clear (Lint *self)
{
  g_clear_object (&self->project);
  g_clear_pointer (&self->wanted, g_hash_table_unref);
  g_clear_pointer (&self->context, tide_lint_context_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Lint, lint_clear)

static gboolean
is_wanted (Lint       *self,
           const char *name)
{
  return self->wanted == NULL || g_hash_table_contains (self->wanted, name);
}

/* What has run cannot be changed any more: with --since only what came later is told of */
static gboolean
take_since (Lint    *self,
            GError **error)
{
  const char *name = tide_arguments_get_text (tide_cli_get_arguments (self->cli), "since");
  TideMigration *migration = name ? tide_project_find_migration (self->project, name) : NULL;

  if (name == NULL)
    return TRUE;
  if (migration == NULL || !g_ptr_array_find (tide_project_get_migrations (self->project), migration, &self->first))
    {
      tide_set_error (error, TIDE_ERROR_NOT_FOUND, "\"tidemarkctl status\" lists the migrations", "there is no migration \"%s\"", name);
      return FALSE;
    }
  self->first++;
  return TRUE;
}

static gboolean
take_names (Lint    *self,
            GError **error)
{
  TideArguments *arguments = tide_cli_get_arguments (self->cli);
  guint n = tide_arguments_get_n_words (arguments);

  if (n > 0)
    self->wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < n; i++)
    {
      const char *name = tide_arguments_get_word (arguments, i);

      if (tide_project_find_migration (self->project, name) == NULL)
        {
          tide_set_error (error, TIDE_ERROR_NOT_FOUND, "\"tidemarkctl status\" lists the migrations",
                          "there is no migration \"%s\"", name);
          return FALSE;
        }
      g_hash_table_add (self->wanted, g_strdup (name));
    }
  return TRUE;
}

static gboolean
take_severity (Lint    *self,
               GError **error)
{
  const char *word = tide_arguments_get_text (tide_cli_get_arguments (self->cli), "severity");

  for (TideLintSeverity i = TIDE_LINT_INFO; i <= TIDE_LINT_ERROR; i++)
    if (word == NULL || g_str_equal (word, tide_lint_severity_to_string (i)))
      {
        self->least = i;
        return TRUE;
      }
  tide_set_error (error, TIDE_ERROR_USAGE, "it is one of info, warning, error", "unknown severity \"%s\"", word);
  return FALSE;
}

static gboolean
is_settled (gpointer name,
            gpointer value,
            gpointer timeline)
{
  const TideTimelineEntry *entry = tide_timeline_find (timeline, name);

  return entry == NULL || entry->migration == NULL || (entry->state != TIDE_STATE_PENDING && entry->state != TIDE_STATE_ROLLED_BACK);
}

/* Leaves what the database has not applied yet, of what was named */
static gboolean
take_pending (Lint         *self,
              TideSession  *session,
              GError      **error)
{
  g_autoptr(TideHistory) history = tide_history_for_project (self->project);
  g_autoptr(TideTimeline) timeline = tide_history_read_timeline (history, self->project, session,
                                                                 tide_cli_get_cancellable (self->cli), error);

  if (timeline == NULL)
    return FALSE;
  if (self->wanted == NULL)
    {
      self->wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      for (guint i = 0; i < tide_timeline_get_n_entries (timeline); i++)
        g_hash_table_add (self->wanted, g_strdup (tide_timeline_get_entry (timeline, i)->name));
    }
  g_hash_table_foreach_remove (self->wanted, is_settled, timeline);
  return TRUE;
}

/* The number of the first wanted one: what stands before is read for what it makes, and not reported */
static void
find_first (Lint *self)
{
  GPtrArray *migrations = tide_project_get_migrations (self->project);

  while (self->first < migrations->len
         && !is_wanted (self, tide_migration_get_name (g_ptr_array_index (migrations, self->first))))
    self->first++;
}

/* A database is asked only where one was named: looking at files needs none */
static gboolean
ask_database (Lint    *self,
              GError **error)
{
  TideArguments *arguments = tide_cli_get_arguments (self->cli);
  gboolean pending = tide_arguments_get_flag (arguments, "pending");
  g_autoptr(TideTarget) target = NULL;
  g_autoptr(TideSession) session = NULL;

  if (!pending && tide_arguments_get_text (arguments, "env") == NULL && tide_arguments_get_text (arguments, "url") == NULL)
    {
      find_first (self);
      return TRUE;
    }
  target = tide_cli_resolve_target (self->cli, self->project, error);
  if (target == NULL)
    return FALSE;
  session = tide_session_open (tide_target_get_conninfo (target), tide_cli_get_cancellable (self->cli), error);
  if (session == NULL || (pending && !take_pending (self, session, error)))
    return FALSE;
  find_first (self);
  self->context = tide_lint_context_read (session, tide_project_get_migrations (self->project), self->first,
                                          tide_cli_get_cancellable (self->cli), error);
  return self->context != NULL;
}

/* What was not asked for goes */
static void
keep_wanted (Lint      *self,
             GPtrArray *findings)
{
  for (guint i = findings->len; i > 0; i--)
    {
      const TideLintFinding *finding = g_ptr_array_index (findings, i - 1);

      if (finding->severity < self->least || !is_wanted (self, finding->migration))
        g_ptr_array_remove_index (findings, i - 1);
    }
}

static void
add_json (JsonBuilder           *builder,
          const TideLintFinding *finding)
{
  json_builder_begin_object (builder);
  tide_report_add_text (builder, "migration", finding->migration);
  tide_report_add_text (builder, "rule", finding->rule);
  tide_report_add_text (builder, "severity", tide_lint_severity_to_string (finding->severity));
  json_builder_set_member_name (builder, "line");
  json_builder_add_int_value (builder, finding->line);
  json_builder_set_member_name (builder, "start");
  json_builder_add_int_value (builder, finding->start);
  json_builder_set_member_name (builder, "length");
  json_builder_add_int_value (builder, finding->length);
  tide_report_add_text (builder, "table", finding->table);
  json_builder_set_member_name (builder, "rows");
  finding->rows >= 0 ? json_builder_add_int_value (builder, finding->rows) : json_builder_add_null_value (builder);
  json_builder_set_member_name (builder, "bytes");
  finding->bytes >= 0 ? json_builder_add_int_value (builder, finding->bytes) : json_builder_add_null_value (builder);
  tide_report_add_text (builder, "message", finding->message);
  tide_report_add_text (builder, "reason", finding->reason);
  tide_report_add_text (builder, "advice", finding->advice);
  tide_report_add_text (builder, "fix", finding->fix);
  tide_report_add_text (builder, "follow_up", finding->follow_up);
  tide_report_add_text (builder, "url", finding->url);
  json_builder_set_member_name (builder, "accepted");
  json_builder_add_boolean_value (builder, finding->accepted);
  tide_report_add_text (builder, "accepted_because", finding->accepted_because);
  json_builder_end_object (builder);
}

static void
print_json (Lint      *self,
            GPtrArray *findings)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "findings");
  json_builder_begin_array (builder);
  for (guint i = 0; i < findings->len; i++)
    add_json (builder, g_ptr_array_index (findings, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  tide_cli_print_json (self->cli, builder);
}

static void
print_finding (TideConsole           *console,
               const TideLintFinding *finding)
{
  static const TideStyle styles[] = { TIDE_STYLE_PLAIN, TIDE_STYLE_WARNING, TIDE_STYLE_BAD };
  g_autofree char *size = tide_lint_finding_dup_size (finding);

  if (finding->line > 0)
    tide_console_print (console, TIDE_STYLE_PLAIN, "  line %d: ", finding->line);
  else
    tide_console_print (console, TIDE_STYLE_PLAIN, "  ");
  tide_console_print (console, styles[finding->severity], "%s", tide_lint_severity_to_string (finding->severity));
  tide_console_print (console, TIDE_STYLE_PLAIN, ": %s%s%s%s", finding->message, size ? " (" : "", size ? size : "", size ? ")" : "");
  tide_console_print (console, TIDE_STYLE_DIM, " [%s]\n", finding->rule);
  tide_console_print (console, TIDE_STYLE_PLAIN, "    %s\n", finding->reason);
  if (finding->advice != NULL)
    tide_console_print (console, TIDE_STYLE_PLAIN, "    %s\n", finding->advice);
  tide_console_print (console, TIDE_STYLE_DIM, "    %s\n", finding->url);
}

static guint
count_exactly (GPtrArray        *findings,
               TideLintSeverity  severity)
{
  guint above = severity == TIDE_LINT_ERROR ? 0 : tide_lint_count (findings, NULL, severity + 1);

  return tide_lint_count (findings, NULL, severity) - above;
}

static void
print_text (Lint      *self,
            GPtrArray *findings)
{
  TideConsole *console = tide_cli_get_console (self->cli);
  const char *migration = NULL;
  guint n_accepted = 0;

  for (guint i = 0; i < findings->len; i++)
    {
      const TideLintFinding *finding = g_ptr_array_index (findings, i);

      n_accepted += finding->accepted;
      if (finding->accepted)
        continue;
      if (g_strcmp0 (migration, finding->migration) != 0)
        tide_console_print (console, TIDE_STYLE_STRONG, "%s%s\n", migration ? "\n" : "", finding->migration);
      migration = finding->migration;
      print_finding (console, finding);
    }
  tide_console_print (console, TIDE_STYLE_PLAIN, "%serrors: %u, warnings: %u, notes: %u, accepted: %u\n", migration ? "\n" : "",
                      count_exactly (findings, TIDE_LINT_ERROR), count_exactly (findings, TIDE_LINT_WARNING),
                      count_exactly (findings, TIDE_LINT_INFO), n_accepted);
}

/* Mends the files of what is reported, unless one of them has run anywhere */
static gboolean
fix_files (Lint       *self,
           GPtrArray  *findings,
           GError    **error)
{
  GPtrArray *migrations = tide_project_get_migrations (self->project);
  TideConsole *console = tide_cli_get_console (self->cli);
  const char *url = tide_arguments_get_text (tide_cli_get_arguments (self->cli), "url");

  for (guint i = self->first; i < migrations->len; i++)
    {
      TideMigration *migration = g_ptr_array_index (migrations, i);
      const char *name = tide_migration_get_name (migration);
      g_autoptr(GPtrArray) mine = g_ptr_array_new ();
      g_autofree char *follow_up = NULL;
      g_autofree char *text = NULL;
      guint n = 0;

      for (guint k = 0; k < findings->len; k++)
        if (g_strcmp0 (((TideLintFinding *) g_ptr_array_index (findings, k))->migration, name) == 0)
          g_ptr_array_add (mine, g_ptr_array_index (findings, k));
      if (mine->len == 0 || !tide_migration_is_utf8 (migration))
        continue;
      text = tide_lint_fix_text (tide_migration_get_sql (migration), tide_migration_get_sql_size (migration), mine, &follow_up, &n);
      if (n == 0)
        continue;
      if (!tide_lint_check_not_applied (self->project, url, name, tide_cli_get_cancellable (self->cli), error)
          || !tide_lint_write_migration (migration, text, error))
        return FALSE;
      if (!tide_cli_wants_json (self->cli))
        tide_console_print (console, TIDE_STYLE_GOOD, "%s: mended %u\n", name, n);
      if (follow_up != NULL && !tide_cli_wants_json (self->cli))
        tide_console_print (console, TIDE_STYLE_PLAIN, "  for a later migration:\n%s", follow_up);
    }
  return TRUE;
}

/* (transfer full) (nullable): what was asked for; NULL: cancelled */
static GPtrArray *
look (Lint    *self,
      GError **error)
{
  GPtrArray *findings = tide_lint_history (tide_project_get_migrations (self->project), self->first, self->context,
                                           tide_cli_get_cancellable (self->cli));

  if (findings == NULL)
    g_cancellable_set_error_if_cancelled (tide_cli_get_cancellable (self->cli), error);
  else
    keep_wanted (self, findings);
  return findings;
}

/* What is told then is what is left */
static gboolean
fix (Lint       *self,
     GPtrArray **findings,
     GError    **error)
{
  if (!fix_files (self, *findings, error))
    return FALSE;
  g_clear_pointer (findings, g_ptr_array_unref);
  g_clear_object (&self->project);
  self->project = tide_cli_load_project (self->cli, error);
  if (self->project != NULL)
    *findings = look (self, error);
  return *findings != NULL;
}

static TideExit
run (TideCli  *cli,
     GError  **error)
{
  g_auto(Lint) self = { .cli = cli };
  g_autoptr(GPtrArray) findings = NULL;

  self.project = tide_cli_load_project (cli, error);
  if (self.project == NULL || !take_since (&self, error) || !take_names (&self, error) || !take_severity (&self, error) || !ask_database (&self, error))
    return TIDE_EXIT_NOT_IN_ORDER;
  findings = look (&self, error);
  if (findings == NULL)
    return TIDE_EXIT_INTERRUPTED;
  if (tide_arguments_get_flag (tide_cli_get_arguments (cli), "fix") && !fix (&self, &findings, error))
    return TIDE_EXIT_NOT_IN_ORDER;
  if (tide_cli_wants_json (cli))
    print_json (&self, findings);
  else
    print_text (&self, findings);
  return tide_lint_count (findings, NULL, TIDE_LINT_ERROR) > 0 ? TIDE_EXIT_NOT_IN_ORDER : TIDE_EXIT_DONE;
}

static const GOptionEntry options[] = {
  { "pending", 0, 0, G_OPTION_ARG_NONE, NULL, "only what the database has not applied", NULL },
  { "since", 0, 0, G_OPTION_ARG_FILENAME, NULL, "only what comes after that migration", "NAME" },
  { "severity", 0, 0, G_OPTION_ARG_FILENAME, NULL, "only what is as bad, or worse: info, warning, error", "LEVEL" },
  { "fix", 0, 0, G_OPTION_ARG_NONE, NULL, "mend the files where that is mechanical; never one that has run anywhere", NULL },
  { NULL }
};

static const TideExample examples[] = {
  { "lint", "Look through the whole history." },
  { "lint --env prod --pending", "What production waits for, with the size of its tables in mind." },
  { "lint --since 20251118154530_sync_schema_phase30", "For CI: what has run long ago cannot be changed any more." },
  { "lint 20251202093000_add_owner --fix", "Mend what can be mended, if no environment has applied it." },
  { "lint 20251202093000_add_owner --severity warning", "One migration, without the notes." },
  { NULL }
};

const TideCommand tide_command_lint = {
  .name = "lint",
  .summary = "warn of what a migration may do",
  .words = "NAME...",
  .description =
    "Tells what in the SQL of migrations loses data, fails on rows that are there, locks tables, breaks running "
    "programs, or is no PostgreSQL; each with its line, the reason and a safer way. The history is known: a table made in the same "
    "file needs no warning. With --env, --url or --pending the size of the real tables decides how loud a finding is, and "
    "what a drop breaks is named; else what drops or empties a table or a column is an error unless the same file has made it. "
    "Without --fix nothing is written. Exits with 1 if any finding is an error.\n"
    "\n"
    "A comment accepts a finding, for the next statement or the whole file:\n"
    "\n"
    "-- tidemark: accept drop-column because nobody has read it since May\n"
    "-- tidemark: accept drop-table in this file because the module is gone",
  .options = options,
  .examples = examples,
  .n_words_most = G_MAXUINT,
  .run = run,
};
