/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-pipeline"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-pipeline-private.h"

/* What a step says, into the journal, the record and onto the step */

static const char warning[] = N_("warning: ");

void
tide_pipeline_journal (TidePipeline *self,
                       const char   *text)
{
  TideRunStep *running = tide_pipeline_get_running (self);

  tide_run_journal_write (tide_pipeline_get_journal (self), running ? tide_run_step_get_id (running) : "run", text);
}

/* The same in English and in the person's language, without secrets */
void
tide_pipeline_print_both (TidePipeline  *self,
                          char         **recorded,
                          char         **shown,
                          const char    *format,
                          va_list        args)
{
  TideRunJournal *file = tide_pipeline_get_journal (self);
  g_autofree char *english = NULL;
  g_autofree char *text = NULL;
  va_list again;

  va_copy (again, args);
  english = g_strdup_vprintf (format, again);
  va_end (again);
  text = g_strdup_vprintf (_(format), args);
  *recorded = tide_run_journal_clean (file, english);
  *shown = tide_run_journal_clean (file, text);
}

static void
set_status (TidePipeline *self,
            const char   *format,
            va_list       args)
{
  g_autofree char *recorded = NULL, *shown = NULL;

  tide_pipeline_print_both (self, &recorded, &shown, format, args);
  tide_run_step_set_status (tide_pipeline_get_running (self), recorded, shown);
  tide_pipeline_journal (self, recorded);
}

void
tide_pipeline_status (TidePipeline *self,
                      const char   *format,
                      ...)
{
  va_list args;

  va_start (args, format);
  set_status (self, format, args);
  va_end (args);
}

void
tide_pipeline_tell (TidePipeline *self,
                    gboolean      warns,
                    const char   *recorded,
                    const char   *shown)
{
  TideRunJournal *journal = tide_pipeline_get_journal (self);
  g_autofree char *english = g_strconcat (warns ? warning : "", recorded, NULL);
  g_autofree char *text = g_strconcat (warns ? _(warning) : "", shown, NULL);
  g_autofree char *clean_english = tide_run_journal_clean (journal, english);
  g_autofree char *clean_text = tide_run_journal_clean (journal, text);

  if (warns)
    tide_pipeline_mark (self, TIDE_STEP_WARNED);
  tide_run_step_add_detail (tide_pipeline_get_running (self), clean_english, clean_text);
  tide_pipeline_journal (self, clean_english);
}

static void
note (TidePipeline *self,
      gboolean      warns,
      const char   *format,
      va_list       args)
{
  g_autofree char *recorded = NULL, *shown = NULL;

  tide_pipeline_print_both (self, &recorded, &shown, format, args);
  tide_pipeline_tell (self, warns, recorded, shown);
}

void
tide_pipeline_note (TidePipeline *self,
                    const char   *format,
                    ...)
{
  va_list args;

  va_start (args, format);
  note (self, FALSE, format, args);
  va_end (args);
}

void
tide_pipeline_warn (TidePipeline *self,
                    const char   *format,
                    ...)
{
  va_list args;

  va_start (args, format);
  note (self, TRUE, format, args);
  va_end (args);
}

void
tide_pipeline_skip (TidePipeline *self,
                    const char   *format,
                    ...)
{
  va_list args;

  tide_pipeline_mark (self, TIDE_STEP_SKIPPED);
  va_start (args, format);
  set_status (self, format, args);
  va_end (args);
}

void
tide_pipeline_log (TidePipeline *self,
                   const char   *recorded,
                   const char   *shown)
{
  TideRunJournal *journal = tide_pipeline_get_journal (self);
  g_autofree char *clean = tide_run_journal_clean (journal, recorded);
  g_autofree char *clean_shown = tide_run_journal_clean (journal, shown ? shown : recorded);

  tide_run_step_log (tide_pipeline_get_running (self), clean, clean_shown);
  tide_pipeline_journal (self, recorded);
}
