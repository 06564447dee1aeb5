/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run is told in: the person's language, but for the journal and the record. The translation is the real one. */

#include "config.h"

#include <glib/gi18n.h>
#include <libintl.h>
#include <locale.h>

#include "runbook/tide-checklist-item.h"
#include "runbook/tide-run-english.h"
#include "runbook/tide-run-step-private.h"

static const char word[] = N_("Checklist");

static char *
dup_word (gpointer data)
{
  return g_strdup (_((const char *) data));
}

static gpointer
speak (gpointer data)
{
  return g_strdup (_(word));
}

static void
test_thread (void)
{
  g_autofree char *shown = g_strdup (_(word));
  g_autofree char *other = NULL;
  g_autofree char *english = NULL;

  g_assert_cmpstr (shown, !=, word);
  g_assert_true (tide_run_english_is_needed ());
  tide_run_english_begin ();
  g_assert_true (tide_run_english_is_spoken ());
  g_assert_false (tide_run_english_is_needed ());
  g_assert_cmpstr (_(word), ==, word);
  other = g_thread_join (g_thread_new ("other", speak, NULL));
  g_assert_cmpstr (other, ==, shown);
  tide_run_english_end ();
  g_assert_false (tide_run_english_is_spoken ());
  g_assert_cmpstr (_(word), ==, shown);
  english = tide_run_english_dup (dup_word, (gpointer) word, shown);
  g_assert_cmpstr (english, ==, word);
}

static void
take_line (TideRunStep *step,
           const char  *text,
           char       **line)
{
  *line = g_strdup (text);
}

static void
test_step (void)
{
  g_autoptr(TideRunStep) step = tide_run_step_new ("checklist", word);
  g_autoptr(TideChecklistItem) item = tide_checklist_item_new ("i", word, "recorded", "shown", TIDE_CHECK_OK);
  g_autofree char *line = NULL, *recorded_log = NULL;
  g_autofree char *status = NULL, *recorded_status = NULL, *recorded_detail = NULL;

  tide_run_step_set_status (step, "recorded", "shown");
  tide_run_step_set_status (step, NULL, "of a job");
  tide_run_step_add_detail (step, "recorded", "shown");
  tide_run_step_log (step, "recorded", "shown");
  g_signal_connect (step, "log", G_CALLBACK (take_line), &line);
  while (line == NULL)
    g_main_context_iteration (NULL, TRUE);
  recorded_log = tide_run_step_dup_log (step);
  g_assert_cmpstr (line, ==, "shown");
  g_assert_cmpstr (recorded_log, ==, "recorded\n");
  g_assert_cmpstr (tide_run_step_get_title (step), ==, _(word));
  g_assert_cmpstr (tide_checklist_item_get_detail (item), ==, "shown");
  status = tide_run_step_dup_status (step);
  g_assert_cmpstr (status, ==, "of a job");
  tide_run_english_begin ();
  g_assert_cmpstr (tide_run_step_get_title (step), ==, word);
  g_assert_cmpstr (tide_checklist_item_get_title (item), ==, word);
  g_assert_cmpstr (tide_checklist_item_get_detail (item), ==, "recorded");
  recorded_status = tide_run_step_dup_status (step);
  recorded_detail = tide_run_step_dup_detail (step);
  tide_run_english_end ();
  g_assert_cmpstr (recorded_status, ==, "recorded");
  g_assert_cmpstr (recorded_detail, ==, "recorded");
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("TIDE_TEST_LOCALE_DIR"));
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/runbook/english/thread", test_thread);
  g_test_add_func ("/runbook/english/step", test_step);
  return g_test_run ();
}
