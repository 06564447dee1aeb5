/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TideJob:
 *
 * A piece of long work (anything over 200 ms) as an object that a person can watch and cancel.
 * The work itself is a plain blocking function that runs in a thread of its own; it reports through
 * the setters below, which may be called from any thread. Property notifications and the "log"
 * signal arrive in the thread-default main context in which the job was made.
 *
 * Properties: "title" (string), "status" (string, the step being done), "fraction" (double 0..1, or
 * -1 when unknown), "state" (#TideJobState), "error" (boxed GError, once failed).
 * Signal: "log" (const char *line): the live log.
 */
typedef enum
{
  TIDE_JOB_WAITING,
  TIDE_JOB_RUNNING,
  TIDE_JOB_SUCCEEDED,
  TIDE_JOB_FAILED,
  TIDE_JOB_CANCELLED,
} TideJobState;

#define TIDE_TYPE_JOB_STATE (tide_job_state_get_type ())
GType tide_job_state_get_type (void);

#define TIDE_TYPE_JOB (tide_job_get_type ())
G_DECLARE_FINAL_TYPE (TideJob, tide_job, TIDE, JOB, GObject)

/**
 * TideJobFunc:
 * Returns: (transfer full) (nullable): the result; on failure %NULL with @error set
 */
typedef gpointer (*TideJobFunc) (TideJob   *job,
                                 gpointer   data,
                                 GError   **error);

TideJob      *tide_job_new             (const char          *title);
void          tide_job_run_async       (TideJob             *self,
                                        TideJobFunc          func,
                                        gpointer             data,
                                        GDestroyNotify       data_free,
                                        GDestroyNotify       result_free,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data);
gpointer      tide_job_run_finish      (TideJob             *self,
                                        GAsyncResult        *result,
                                        GError             **error);
/* Runs @func in a thread while the calling thread iterates its main context (the command line). */
gpointer      tide_job_run             (TideJob             *self,
                                        TideJobFunc          func,
                                        gpointer             data,
                                        GError             **error);

const char   *tide_job_get_title       (TideJob             *self);
char         *tide_job_dup_status      (TideJob             *self);
double        tide_job_get_fraction    (TideJob             *self);
TideJobState  tide_job_get_state       (TideJob             *self);
GError       *tide_job_dup_error       (TideJob             *self);
void          tide_job_cancel          (TideJob             *self);

/* Exactly one of @status, @line and (at least 0) @fraction is given */
typedef void (*TideJobPartFunc) (const char *status,
                                 double      fraction,
                                 const char *line,
                                 gpointer    user_data);
TideJob      *tide_job_new_part        (TideJob             *parent,
                                        TideJobPartFunc      func,
                                        gpointer             user_data);

/* For the work; any thread; @self may be NULL (nobody is watching) */
GCancellable *tide_job_get_cancellable (TideJob             *self);
void          tide_job_set_status      (TideJob             *self,
                                        const char          *format,
                                        ...) G_GNUC_PRINTF (2, 3);
void          tide_job_set_fraction    (TideJob             *self,
                                        double               fraction);
void          tide_job_log             (TideJob             *self,
                                        const char          *format,
                                        ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
