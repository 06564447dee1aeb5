/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  TIDE_STEP_WAITING,
  TIDE_STEP_RUNNING,
  TIDE_STEP_ASKING,    /* runs, and waits for a person */
  TIDE_STEP_PASSED,
  TIDE_STEP_WARNED,    /* passed, and a person should read why not quite */
  TIDE_STEP_FAILED,
  TIDE_STEP_SKIPPED,
  TIDE_STEP_CANCELLED,
} TideStepState;

#define TIDE_TYPE_STEP_STATE (tide_step_state_get_type ())
GType       tide_step_state_get_type  (void);
const char *tide_step_state_to_string (TideStepState state); /* "passed", as journal and JSON say it */

/**
 * TideRunStep:
 *
 * One step of a pipeline, as a row of a list shows it. The pipeline's thread changes it through the setters of
 * tide-run-step-private.h; notifications and "log" arrive in the thread-default main context in which it was made; the
 * getters may be called from any thread.
 *
 * Properties (read-only): "id" (string), "title" (string), "state" (#TideStepState), "status" (nullable string: one
 * line, what it does now, or what came of it), "detail" (nullable string: everything it found, lines), "waiting-for"
 * (nullable string: who blocks it), "fraction" (double, -1: unknown), "seconds" (double: how long it took, or takes so far).
 * Signal "log" (const char *line): its live log: statements, what a hook prints.
 */
#define TIDE_TYPE_RUN_STEP (tide_run_step_get_type ())
G_DECLARE_FINAL_TYPE (TideRunStep, tide_run_step, TIDE, RUN_STEP, GObject)

const char    *tide_run_step_get_id          (TideRunStep *self);
const char    *tide_run_step_get_title       (TideRunStep *self);
TideStepState  tide_run_step_get_state       (TideRunStep *self);
char          *tide_run_step_dup_status      (TideRunStep *self);
char          *tide_run_step_dup_detail      (TideRunStep *self);
char          *tide_run_step_dup_waiting_for (TideRunStep *self);
double         tide_run_step_get_fraction    (TideRunStep *self);
double         tide_run_step_get_seconds     (TideRunStep *self); /* counts while it runs */
/* (transfer full): the newest lines of its log, at most 1000, each ended by a newline */
char          *tide_run_step_dup_log         (TideRunStep *self);

G_END_DECLS
