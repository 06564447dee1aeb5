/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-diagnose-history"

#include "config.h"

#include <string.h>

#include "health/tide-diagnosis-private.h"
#include "project/tide-git-file.h"

/* As many names as a person reads */
#define MAX_NAMES 10
#define MAX_LOG   400

static char *
dup_moment (gint64 time)
{
  g_autoptr(GDateTime) moment = g_date_time_new_from_unix_local (time / G_USEC_PER_SEC);

  return moment ? g_date_time_format (moment, "%Y-%m-%d %H:%M:%S") : g_strdup ("?");
}

/* The first lines of what the ledger keeps of an error: the server's words come first, the engine's trace after them. */
static void
tell_log (TideDiagnosis *self,
          const char    *logs)
{
  g_autofree char *text = NULL;
  const char *trace;
  TideLedgerNote note;

  if (logs == NULL || *logs == '\0' || tide_ledger_note_parse (&note, logs))
    return;
  trace = strstr (logs, "\n   0: ");
  text = g_strndup (logs, trace ? (gsize) (trace - logs) : strlen (logs));
  g_strstrip (text);
  if (g_utf8_strlen (text, -1) > MAX_LOG)
    {
      char *end = g_utf8_offset_to_pointer (text, MAX_LOG);

      *end = '\0';
    }
  tide_diagnosis_take_evidence (self, g_strdup_printf (_("The ledger's log: %s"), text));
}

static void
offer_for_failed (TideDiagnosis           *self,
                  const TideTimelineEntry *entry)
{
  if (entry->migration != NULL)
    tide_way_set_command (tide_diagnosis_add_way (self, TIDE_WAY_MARK_ROLLED_BACK, entry->name, _("Mark as Rolled Back…"),
                                                  _("For when nothing of it is in the database any more. Writes to the ledger alone; the next "
                                                    "deploy runs the file again, as it is then")), "resolve --rolled-back", entry->name);
  tide_way_set_command (tide_diagnosis_add_way (self, TIDE_WAY_MARK_APPLIED, entry->name, _("Mark as Applied…"),
                                                _("For when all of it is in the database, also what was finished by hand. Writes to "
                                                  "the ledger alone; the file is not run again")), "resolve --applied", entry->name);
  if (entry->migration != NULL)
    tide_diagnosis_add_way (self, TIDE_WAY_WRITE_DOWN, entry->name, _("Write the Way Back…"),
                            _("For when part of it is in the database: writes the SQL that takes the schema back to before it, to be "
                              "looked at and run; then mark it as rolled back"));
  tide_diagnosis_add_way (self, TIDE_HEALTH_ACTION_SHOW_TIMELINE, entry->name, _("Show in the Timeline"),
                          _("The file, its log, and what it does"));
}

/* It has begun and may still end well: there is nothing to do but wait. */
static void
offer_for_running (TideDiagnosis           *self,
                   const TideTimelineEntry *entry)
{
  tide_diagnosis_add_way (self, TIDE_WAY_RETRY, NULL, _("Look Again"), _("It ends by itself: wait for it, and do not say yet how it ended"));
  tide_diagnosis_add_way (self, TIDE_HEALTH_ACTION_SHOW_TIMELINE, entry->name, _("Show in the Timeline"),
                          _("The file, its log, and what it does"));
}

void
tide_diagnose_failed (TideDiagnoseWork *work)
{
  for (guint i = 0; i < tide_timeline_get_n_entries (work->timeline); i++)
    {
      const TideTimelineEntry *entry = tide_timeline_get_entry (work->timeline, i);
      g_autofree char *state = NULL;
      g_autofree char *started = NULL;
      TideDiagnosis *self;
      gboolean runs = FALSE;

      if (entry->state != TIDE_STATE_FAILED)
        continue;
      state = tide_history_explain_failed (work->history, work->session, entry->row, &runs, work->cancellable, NULL);
      started = dup_moment (entry->row->started_at);
      self = tide_diagnosis_new ("failed-migration", g_strdup_printf (runs ? _("“%s” has not ended yet") : _("“%s” failed"), entry->name),
                                 _("The migration was started and is not finished. Until the ledger says what became of it, no "
                                   "deploy starts (P3009)"));
      tide_diagnosis_take_evidence (self, g_strdup_printf (_("Started %s, finished never, attempts: %u"), started, entry->rows->len));
      if (state != NULL)
        tide_diagnosis_take_evidence (self, g_strdup_printf (_("What is known: %s"), state));
      tell_log (self, entry->row->logs);
      if (entry->edited)
        tide_diagnosis_take_evidence (self, g_strdup (_("The file was changed after that")));
      work->runs |= runs;
      if (runs)
        offer_for_running (self, entry);
      else
        offer_for_failed (self, entry);
      g_ptr_array_add (work->found, self);
    }
}

/* The names in @state, a line each; how many there are */
static guint
tell_names (TideDiagnosis      *self,
            TideTimeline       *timeline,
            TideMigrationState  state,
            TideMigrationState  other)
{
  guint n = 0;

  for (guint i = 0; i < tide_timeline_get_n_entries (timeline); i++)
    {
      const TideTimelineEntry *entry = tide_timeline_get_entry (timeline, i);

      if (entry->state != state && entry->state != other)
        continue;
      if (++n <= MAX_NAMES)
        tide_diagnosis_take_evidence (self, entry->out_of_order
                                              ? g_strdup_printf (_("%s (older than one that is applied)"), entry->name)
                                              : g_strdup (entry->name));
    }
  if (n > MAX_NAMES)
    tide_diagnosis_take_evidence (self, g_strdup_printf (_("and %u more"), n - MAX_NAMES));
  return n;
}

static void
diagnose_blocked (TideDiagnoseWork *work)
{
  guint n = tide_timeline_count_pending (work->timeline);
  char *title =
    work->runs ? g_strdup_printf (g_dngettext (NULL, "%u pending migration waits for one that has not ended",
                                               "%u pending migrations wait for one that has not ended", n), n)
               : g_strdup_printf (g_dngettext (NULL, "%u pending migration waits behind a failed one",
                                               "%u pending migrations wait behind a failed one", n), n);
  TideDiagnosis *self =
    tide_diagnosis_new ("pending-blocked", title,
                        work->runs ? _("None of them runs before that one has ended")
                                   : _("None of them runs before the failed one is resolved. prisma migrate status does not even "
                                       "mention it: it says that there are pending ones"));

  tell_names (self, work->timeline, TIDE_STATE_PENDING, TIDE_STATE_ROLLED_BACK);
  tide_diagnosis_add_way (self, TIDE_HEALTH_ACTION_SHOW_TIMELINE, NULL, _("Show the Timeline"),
                          work->runs ? _("What each of them does") : _("Resolve the failed one first; then deploy"));
  g_ptr_array_add (work->found, self);
}

static void
diagnose_pending (TideDiagnoseWork *work)
{
  guint n = tide_timeline_count_pending (work->timeline);
  TideDiagnosis *self =
    tide_diagnosis_new ("out-of-sync", g_strdup_printf (g_dngettext (NULL, "The database is %u migration behind",
                                                                     "The database is %u migrations behind", n), n),
                        _("The project has migrations that this database does not have yet. Code that expects them fails there"));

  tell_names (self, work->timeline, TIDE_STATE_PENDING, TIDE_STATE_ROLLED_BACK);
  tide_way_set_command (tide_diagnosis_add_way (self, TIDE_WAY_DEPLOY, NULL, _("Deploy…"),
                                                _("Applies them in order, after asking")), "deploy", NULL);
  tide_diagnosis_add_way (self, TIDE_HEALTH_ACTION_SHOW_TIMELINE, NULL, _("Show the Timeline"), _("What each of them does"));
  g_ptr_array_add (work->found, self);
}

/* Prisma's P3005: tables, and no ledger */
static void
diagnose_no_ledger (TideDiagnoseWork *work)
{
  static const char sql[] =
    "SELECT pg_catalog.count(*), pg_catalog.min(c.relname) FROM pg_catalog.pg_class c\n"
    " WHERE c.relkind = 'r' AND c.relnamespace = pg_catalog.to_regnamespace(pg_catalog.quote_ident(pg_catalog.current_schema()))";
  g_autoptr(TideResult) result = tide_session_query (work->session, sql, NULL, 0, work->cancellable, NULL);
  const TideTimelineEntry *first = tide_timeline_get_entry (work->timeline, 0);
  TideDiagnosis *self;

  if (result == NULL || tide_result_get_int64 (result, 0, 0) == 0)
    {
      diagnose_pending (work);
      return;
    }
  self = tide_diagnosis_new ("no-ledger", g_strdup (_("The database has tables, and no ledger")),
                             _("Nobody noted which migrations it has. A deploy refuses to start (P3005), since it would make what is "
                               "there a second time"));
  tide_diagnosis_take_evidence (self, g_strdup_printf (_("Tables: %s, the first is %s"), tide_result_get_value (result, 0, 0),
                                                       tide_result_get_value (result, 0, 1)));
  tide_diagnosis_add_way (self, TIDE_HEALTH_ACTION_SHOW_DRIFT, NULL, _("Compare with the Database"),
                          _("Shows which migrations the database has already"));
  tide_way_set_command (tide_diagnosis_add_way (self, TIDE_WAY_MARK_APPLIED, first->name, _("Mark the First as Applied…"),
                                                _("Makes the ledger and notes the first migration in it, without running it: do so for "
                                                  "each that the database has")), "resolve --applied", first->name);
  g_ptr_array_add (work->found, self);
}

/* What git knows of the folders that are not here */
static void
tell_whereabouts (TideDiagnosis    *self,
                  TideDiagnoseWork *work)
{
  guint n = 0;

  for (guint i = 0; i < tide_timeline_get_n_entries (work->timeline) && n < MAX_NAMES; i++)
    {
      const TideTimelineEntry *entry = tide_timeline_get_entry (work->timeline, i);
      g_autoptr(TideGitFile) file = NULL;

      if (entry->state != TIDE_STATE_MISSING)
        continue;
      n++;
      file = tide_git_file_find (work->project, entry->name, entry->row->checksum, work->cancellable);
      if (file != NULL && file->branch != NULL)
        tide_diagnosis_take_evidence (self, g_strdup_printf (_("Branch %s has %s"), file->branch, entry->name));
      else if (file != NULL)
        tide_diagnosis_take_evidence (self, g_strdup_printf (_("Commit %s has %s; it was deleted or renamed after that"), file->commit,
                                                             entry->name));
    }
}

static void
diagnose_missing (TideDiagnoseWork *work)
{
  guint n = tide_timeline_count (work->timeline, TIDE_STATE_MISSING);
  TideDiagnosis *self =
    tide_diagnosis_new ("missing-migrations", g_strdup_printf (g_dngettext (NULL, "%u applied migration is not in the project",
                                                                            "%u applied migrations are not in the project", n), n),
                        _("Somebody deployed it from another branch or another copy, or its folder was deleted or renamed. "
                          "prisma migrate dev would want to reset the database"));

  tell_names (self, work->timeline, TIDE_STATE_MISSING, TIDE_STATE_MISSING);
  tell_whereabouts (self, work);
  tide_diagnosis_add_way (self, TIDE_HEALTH_ACTION_SHOW_TIMELINE, NULL, _("Show the Timeline"),
                          _("Get its folder back: git pull, the branch it was made on, or whoever applied it"));
  tide_diagnosis_add_way (self, TIDE_HEALTH_ACTION_SHOW_DRIFT, NULL, _("Compare with the Database"),
                          _("Where the folder is lost: what it did is told as drift, and can be adopted as a new migration"));
  g_ptr_array_add (work->found, self);
}

void
tide_diagnose_history (TideDiagnoseWork *work)
{
  guint n_pending = tide_timeline_count_pending (work->timeline);

  if (!tide_timeline_is_initialised (work->timeline) && n_pending > 0)
    diagnose_no_ledger (work);
  else if (n_pending > 0 && tide_timeline_count (work->timeline, TIDE_STATE_FAILED) > 0)
    diagnose_blocked (work);
  else if (n_pending > 0)
    diagnose_pending (work);
  if (tide_timeline_count (work->timeline, TIDE_STATE_MISSING) > 0)
    diagnose_missing (work);
}
