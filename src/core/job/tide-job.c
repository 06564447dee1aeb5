/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-job"

#include "config.h"

#include "job/tide-job-private.h"

G_DEFINE_FINAL_TYPE (TideJob, tide_job, G_TYPE_OBJECT)

static GParamSpec *properties[TIDE_JOB_N_PROPS];
static guint log_signal;
static guint notify_signal;

/* One run of the work, handed from the caller to the thread and back. */
typedef struct
{
  GTask          *task;
  TideJobFunc     func;
  gpointer        data;
  GDestroyNotify  data_free;
  GDestroyNotify  result_free;
  gpointer        result;
  GError         *error;
} JobRun;

static void
flush (TideJob *self)
{
  g_autoptr(GPtrArray) lines = NULL;
  guint dirty;

  g_mutex_lock (&self->lock);
  lines = g_steal_pointer (&self->lines);
  dirty = self->dirty;
  self->dirty = 0;
  self->scheduled = FALSE;
  g_mutex_unlock (&self->lock);

  for (guint i = 0; lines != NULL && i < lines->len; i++)
    g_signal_emit (self, log_signal, 0, g_ptr_array_index (lines, i));
  for (guint i = TIDE_JOB_PROP_TITLE; i < TIDE_JOB_N_PROPS; i++)
    if (dirty & (1u << i))
      g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
}

static gboolean
flush_cb (gpointer data)
{
  flush (data);
  return G_SOURCE_REMOVE;
}

/* Not g_main_context_invoke(): that runs the function right here when nobody happens to iterate
 * @context at this instant. */
static void
call_in_context (GMainContext   *context,
                 GSourceFunc     func,
                 gpointer        data,
                 GDestroyNotify  data_free)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, data_free);
  g_source_attach (source, context);
}

static gboolean
is_watched (TideJob *self)
{
  return g_signal_handler_find (self, G_SIGNAL_MATCH_ID, notify_signal, 0, NULL, NULL, NULL) != 0
         || g_signal_handler_find (self, G_SIGNAL_MATCH_ID, log_signal, 0, NULL, NULL, NULL) != 0;
}

/* With the lock held: however many changes come before the context turns, they leave in one go. */
void
tide_job_schedule_flush (TideJob *self,
                         guint    dirty)
{
  gboolean is_turn = (dirty & (1u << TIDE_JOB_PROP_STATE | 1u << TIDE_JOB_PROP_ERROR)) != 0;

  self->dirty |= dirty;
  /* Nobody is woken who does not listen; what was not told goes along with the next turn of the state. */
  if (self->scheduled || (!is_turn && !is_watched (self)))
    return;
  self->scheduled = TRUE;
  call_in_context (self->context, flush_cb, g_object_ref (self), g_object_unref);
}

static void
set_state (TideJob      *self,
           TideJobState  state,
           const GError *error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->state = state;
  tide_job_schedule_flush (self, 1u << TIDE_JOB_PROP_STATE);
  if (error == NULL)
    return;
  self->error = g_error_copy (error);
  tide_job_schedule_flush (self, 1u << TIDE_JOB_PROP_ERROR);
}

static void
job_run_free (gpointer data)
{
  JobRun *run = data;

  if (run->data_free != NULL)
    run->data_free (run->data);
  g_clear_object (&run->task);
  g_clear_error (&run->error);
  g_free (run);
}

/* In the caller's context. The last reference to the job may go here, and never in the work's thread:
 * those who connected to it live on this side. */
static gboolean
job_run_return (gpointer data)
{
  JobRun *run = data;

  if (run->error != NULL)
    g_task_return_error (run->task, g_steal_pointer (&run->error));
  else
    g_task_return_pointer (run->task, run->result, run->result_free);
  return G_SOURCE_REMOVE;
}

static gpointer
job_thread (gpointer data)
{
  JobRun *run = data;
  TideJob *self = g_task_get_source_object (run->task);

  if (!g_cancellable_set_error_if_cancelled (self->cancellable, &run->error))
    run->result = run->func (self, run->data, &run->error);

  if (run->error == NULL)
    set_state (self, TIDE_JOB_SUCCEEDED, NULL);
  else if (g_error_matches (run->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    set_state (self, TIDE_JOB_CANCELLED, NULL);
  else
    set_state (self, TIDE_JOB_FAILED, run->error);
  call_in_context (g_task_get_context (run->task), job_run_return, run, job_run_free);
  return NULL;
}

static void
tide_job_get_property (GObject    *object,
                       guint       prop_id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  TideJob *self = TIDE_JOB (object);

  switch (prop_id)
    {
    case TIDE_JOB_PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    case TIDE_JOB_PROP_STATUS:
      g_value_take_string (value, tide_job_dup_status (self));
      break;

    case TIDE_JOB_PROP_FRACTION:
      g_value_set_double (value, tide_job_get_fraction (self));
      break;

    case TIDE_JOB_PROP_STATE:
      g_value_set_enum (value, tide_job_get_state (self));
      break;

    case TIDE_JOB_PROP_ERROR:
      g_value_take_boxed (value, tide_job_dup_error (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_job_set_property (GObject      *object,
                       guint         prop_id,
                       const GValue *value,
                       GParamSpec   *pspec)
{
  TideJob *self = TIDE_JOB (object);

  switch (prop_id)
    {
    case TIDE_JOB_PROP_TITLE:
      self->title = g_value_dup_string (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_job_finalize (GObject *object)
{
  TideJob *self = TIDE_JOB (object);

  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->status, g_free);
  g_clear_error (&self->error);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (tide_job_parent_class)->finalize (object);
}

static void
tide_job_class_init (TideJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = tide_job_get_property;
  object_class->set_property = tide_job_set_property;
  object_class->finalize = tide_job_finalize;

  properties[TIDE_JOB_PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[TIDE_JOB_PROP_STATUS] = g_param_spec_string ("status", NULL, NULL, NULL, readable);
  properties[TIDE_JOB_PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, -1, 1, -1, readable);
  properties[TIDE_JOB_PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, TIDE_TYPE_JOB_STATE, TIDE_JOB_WAITING, readable);
  properties[TIDE_JOB_PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, readable);
  g_object_class_install_properties (object_class, TIDE_JOB_N_PROPS, properties);

  notify_signal = g_signal_lookup ("notify", G_TYPE_OBJECT);
  log_signal = g_signal_new ("log", TIDE_TYPE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                             G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
tide_job_init (TideJob *self)
{
  g_mutex_init (&self->lock);
  self->context = g_main_context_ref_thread_default ();
  self->cancellable = g_cancellable_new ();
  self->fraction = -1;
}

/**
 * tide_job_new:
 * @title: what is being done, as a person reads it
 *
 * Returns: (transfer full): a job that waits for its work; its signals arrive in the thread-default
 *   main context of this call
 */
TideJob *
tide_job_new (const char *title)
{
  g_return_val_if_fail (title != NULL, NULL);
  return g_object_new (TIDE_TYPE_JOB, "title", title, NULL);
}

/* Starts the work. Returns: (transfer full): its thread */
static GThread *
start (TideJob             *self,
       TideJobFunc          func,
       gpointer             data,
       GDestroyNotify       data_free,
       GDestroyNotify       result_free,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  JobRun *run = g_new0 (JobRun, 1);

  run->task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (run->task, tide_job_run_async);
  run->func = func;
  run->data = data;
  run->data_free = data_free;
  run->result_free = result_free;
  set_state (self, TIDE_JOB_RUNNING, NULL);
  return g_thread_new ("tide-job", job_thread, run);
}

/**
 * tide_job_run_async:
 * @self: a job that has not run yet
 * @func: the work: blocking code, called in a thread of its own
 * @data: (nullable): for @func
 * @data_free: (nullable): frees @data, in the caller's context, after @func has returned
 * @result_free: (nullable): frees a result that nobody took
 * @callback: (nullable): called in the caller's thread-default context, after the last notification
 * @user_data: for @callback
 *
 * Does the work. A job that was cancelled before ends as cancelled and @func is not called. The work
 * decides what a cancel means: a job whose work ended well has succeeded, cancelled or not.
 */
void
tide_job_run_async (TideJob             *self,
                    TideJobFunc          func,
                    gpointer             data,
                    GDestroyNotify       data_free,
                    GDestroyNotify       result_free,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_return_if_fail (TIDE_IS_JOB (self));
  g_return_if_fail (func != NULL);
  g_return_if_fail (tide_job_get_state (self) == TIDE_JOB_WAITING);

  g_thread_unref (start (self, func, data, data_free, result_free, callback, user_data));
}

/**
 * tide_job_run_finish:
 * @self: the job
 * @result: what the callback got
 * @error: what the work failed with; %G_IO_ERROR_CANCELLED when it was cancelled
 *
 * Returns: (transfer full) (nullable): what the work returned
 */
gpointer
tide_job_run_finish (TideJob       *self,
                     GAsyncResult  *result,
                     GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, tide_job_run_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
store_result (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/**
 * tide_job_run:
 * @self: a job that has not run yet
 * @func: the work
 * @data: (nullable): for @func
 * @error: what the work failed with
 *
 * tide_job_run_async() for a program without a main loop: the work runs in a thread while the calling
 * thread iterates its thread-default context, so that signals of the job arrive meanwhile. The thread has
 * ended when this returns.
 *
 * Returns: (transfer full) (nullable): what the work returned
 */
gpointer
tide_job_run (TideJob      *self,
              TideJobFunc   func,
              gpointer      data,
              GError      **error)
{
  g_autoptr(GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr(GAsyncResult) result = NULL;
  GThread *thread;

  g_return_val_if_fail (TIDE_IS_JOB (self), NULL);
  g_return_val_if_fail (func != NULL, NULL);
  g_return_val_if_fail (tide_job_get_state (self) == TIDE_JOB_WAITING, NULL);

  thread = start (self, func, data, NULL, NULL, store_result, &result);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  /* What libraries keep for a thread (OpenSSL does) goes as it ends: that must not meet what they do as the program ends. */
  g_thread_join (thread);
  return tide_job_run_finish (self, result, error);
}

const char *
tide_job_get_title (TideJob *self)
{
  g_return_val_if_fail (TIDE_IS_JOB (self), NULL);
  return self->title;
}

/**
 * tide_job_dup_status:
 * @self: a job
 *
 * Returns: (transfer full) (nullable): the step being done
 */
char *
tide_job_dup_status (TideJob *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_JOB (self), NULL);
  locker = g_mutex_locker_new (&self->lock);
  return g_strdup (self->status);
}

/**
 * tide_job_get_fraction:
 * @self: a job
 *
 * Returns: how much is done, from 0 to 1; -1 when nobody knows
 */
double
tide_job_get_fraction (TideJob *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_JOB (self), -1);
  locker = g_mutex_locker_new (&self->lock);
  return self->fraction;
}

TideJobState
tide_job_get_state (TideJob *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_JOB (self), TIDE_JOB_FAILED);
  locker = g_mutex_locker_new (&self->lock);
  return self->state;
}

/**
 * tide_job_dup_error:
 * @self: a job
 *
 * Returns: (transfer full) (nullable): why it failed; %NULL unless its state is %TIDE_JOB_FAILED
 */
GError *
tide_job_dup_error (TideJob *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_JOB (self), NULL);
  locker = g_mutex_locker_new (&self->lock);
  return self->error ? g_error_copy (self->error) : NULL;
}

/**
 * tide_job_get_cancellable:
 * @self: (nullable): a job, or %NULL when nobody is watching
 *
 * Returns: (transfer none) (nullable): what the work hands to every blocking call it makes
 */
GCancellable *
tide_job_get_cancellable (TideJob *self)
{
  g_return_val_if_fail (self == NULL || TIDE_IS_JOB (self), NULL);
  return self ? self->cancellable : NULL;
}

/**
 * tide_job_cancel:
 * @self: a job
 *
 * Asks the work to stop. Any thread.
 */
void
tide_job_cancel (TideJob *self)
{
  g_return_if_fail (TIDE_IS_JOB (self));
  g_cancellable_cancel (self->cancellable);
}
