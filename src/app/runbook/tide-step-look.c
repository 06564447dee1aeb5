/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-step-look"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-step-look.h"

static const TideLook looks[] = {
  [TIDE_STEP_WAITING] = { N_("Waiting"), NULL, "content-loading-symbolic", "rolled-back" },
  [TIDE_STEP_RUNNING] = { N_("Running"), NULL, "media-playback-start-symbolic", "pending" },
  [TIDE_STEP_ASKING] = { N_("Asks You"), N_("It goes on when you have answered."), "dialog-question-symbolic", "pending" },
  [TIDE_STEP_PASSED] = { N_("Done"), NULL, "emblem-ok-symbolic", "applied" },
  [TIDE_STEP_WARNED] = { N_("Warning"), N_("It went on, and there is something to read."), "dialog-warning-symbolic",
                         "edited" },
  [TIDE_STEP_FAILED] = { N_("Failed"), N_("Nothing after it was done."), "dialog-error-symbolic", "failed" },
  [TIDE_STEP_SKIPPED] = { N_("Skipped"), NULL, "go-next-symbolic", "rolled-back" },
  [TIDE_STEP_CANCELLED] = { N_("Stopped"), N_("Somebody stopped it here."), "process-stop-symbolic", "failed" },
};

static const struct
{
  const char *id;
  const char *title;
} titles[] = {
  { "checklist", N_("Checklist") },
  { "connectivity", N_("Connectivity") },
  { "backup", N_("Backup") },
  { "pending", N_("Pending Migrations") },
  { "confirmation", N_("Confirmation") },
  { "apply", N_("Apply") },
  { "validation", N_("Validation") },
  { "health", N_("Health Checks") },
  { "rollback", N_("The Way Back") },
  { "plan", N_("What Will Be Lost") },
  { "stop", N_("Stop the Application") },
  { "restore", N_("Restore by Swap") },
  { "verify", N_("Verify the Rows") },
  { "status", N_("State of the Migrations") },
  { "start", N_("Start the Application") },
  { "resolve", N_("Mark as Rolled Back") },
  { "corrective", N_("Corrective Migration") },
};

const TideLook *
tide_step_get_look (TideStepState state)
{
  g_return_val_if_fail ((guint) state < G_N_ELEMENTS (looks), NULL);
  return &looks[state];
}

static const char *
find_title (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].id, id))
      return _(titles[i].title);
  return NULL;
}

const char *
tide_step_get_title (TideRunStep *step)
{
  const char *title = find_title (tide_run_step_get_id (step));

  return title ? title : tide_run_step_get_title (step);
}

const char *
tide_step_get_title_of (const char *id)
{
  const char *title = find_title (id);

  return title ? title : id;
}
