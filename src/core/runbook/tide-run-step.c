/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-run-step"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-run-english.h"
#include "runbook/tide-run-step-private.h"

/* The log of a step that floods keeps its newest lines. */
#define MAX_LINES 1000
/* Of what nobody has taken yet: a flood must not fill the memory while the main thread is busy. */
#define MAX_UNTOLD 2000

/* Everything below `lock` may be written by the pipeline's thread and read by any other. Signals leave from flush() alone,
 * in `context`. */
struct _TideRunStep
{
  GObject        parent_instance;

  GMainContext  *context;
  char          *id;
  char          *title;

  GMutex         lock;
  TideStepState  state;
  char          *status;
  char          *recorded_status;
  GString       *detail;
  GString       *recorded_detail;
  char          *waiting_for;
  double         fraction;
  gint64         started;   /* monotonic microseconds; 0: not yet */
  gint64         ended;     /* the same; 0: not yet */
  GQueue         lines;
  GQueue         untold;
  guint          dirty;     /* bit N: property N was changed and not notified yet */
  gboolean       scheduled;
};

enum
{
  PROP_ID = 1,
  PROP_TITLE,
  PROP_STATE,
  PROP_STATUS,
  PROP_DETAIL,
  PROP_WAITING_FOR,
  PROP_FRACTION,
  PROP_SECONDS,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideRunStep, tide_run_step, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];
static guint log_signal;

static const GEnumValue states[] = {
  { TIDE_STEP_WAITING, "TIDE_STEP_WAITING", "waiting" },
  { TIDE_STEP_RUNNING, "TIDE_STEP_RUNNING", "running" },
  { TIDE_STEP_ASKING, "TIDE_STEP_ASKING", "asking" },
  { TIDE_STEP_PASSED, "TIDE_STEP_PASSED", "passed" },
  { TIDE_STEP_WARNED, "TIDE_STEP_WARNED", "warned" },
  { TIDE_STEP_FAILED, "TIDE_STEP_FAILED", "failed" },
  { TIDE_STEP_SKIPPED, "TIDE_STEP_SKIPPED", "skipped" },
  { TIDE_STEP_CANCELLED, "TIDE_STEP_CANCELLED", "cancelled" },
  { 0, NULL, NULL },
};

GType
tide_step_state_get_type (void)
{
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("TideStepState", states));
  return type;
}

const char *
tide_step_state_to_string (TideStepState state)
{
  g_return_val_if_fail (state <= TIDE_STEP_CANCELLED, "waiting");
  return states[state].value_nick;
}

static gboolean
flush_cb (gpointer data)
{
  TideRunStep *self = data;
  GQueue lines;
  guint dirty;

  g_mutex_lock (&self->lock);
  lines = self->untold;
  g_queue_init (&self->untold);
  dirty = self->dirty;
  self->dirty = 0;
  self->scheduled = FALSE;
  g_mutex_unlock (&self->lock);

  for (GList *l = lines.head; l != NULL; l = l->next)
    g_signal_emit (self, log_signal, 0, l->data);
  g_queue_clear_full (&lines, g_free);
  for (guint i = PROP_ID; i < N_PROPS; i++)
    if (dirty & (1u << i))
      g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  return G_SOURCE_REMOVE;
}

/* With the lock held */
static void
schedule (TideRunStep *self,
          guint        property)
{
  g_autoptr(GSource) source = NULL;

  self->dirty |= property == 0 ? 0 : 1u << property;
  if (self->scheduled)
    return;
  self->scheduled = TRUE;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, flush_cb, g_object_ref (self), g_object_unref);
  g_source_attach (source, self->context);
}

static void
tide_run_step_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  TideRunStep *self = TIDE_RUN_STEP (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;

    case PROP_TITLE:
      g_value_set_string (value, tide_run_step_get_title (self));
      break;

    case PROP_STATE:
      g_value_set_enum (value, tide_run_step_get_state (self));
      break;

    case PROP_STATUS:
      g_value_take_string (value, tide_run_step_dup_status (self));
      break;

    case PROP_DETAIL:
      g_value_take_string (value, tide_run_step_dup_detail (self));
      break;

    case PROP_WAITING_FOR:
      g_value_take_string (value, tide_run_step_dup_waiting_for (self));
      break;

    case PROP_FRACTION:
      g_value_set_double (value, tide_run_step_get_fraction (self));
      break;

    case PROP_SECONDS:
      g_value_set_double (value, tide_run_step_get_seconds (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_run_step_finalize (GObject *object)
{
  TideRunStep *self = TIDE_RUN_STEP (object);

  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->status, g_free);
  g_clear_pointer (&self->recorded_status, g_free);
  g_clear_pointer (&self->waiting_for, g_free);
  g_string_free (self->detail, TRUE);
  g_string_free (self->recorded_detail, TRUE);
  g_queue_clear_full (&self->lines, g_free);
  g_queue_clear_full (&self->untold, g_free);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (tide_run_step_parent_class)->finalize (object);
}

static void
tide_run_step_class_init (TideRunStepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = tide_run_step_get_property;
  object_class->finalize = tide_run_step_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, readable);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, readable);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, TIDE_TYPE_STEP_STATE, TIDE_STEP_WAITING, readable);
  properties[PROP_STATUS] = g_param_spec_string ("status", NULL, NULL, NULL, readable);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, readable);
  properties[PROP_WAITING_FOR] = g_param_spec_string ("waiting-for", NULL, NULL, NULL, readable);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, -1, 1, -1, readable);
  properties[PROP_SECONDS] = g_param_spec_double ("seconds", NULL, NULL, 0, G_MAXDOUBLE, 0, readable);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  log_signal = g_signal_new ("log", TIDE_TYPE_RUN_STEP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                             G_TYPE_STRING);
}

static void
tide_run_step_init (TideRunStep *self)
{
  g_mutex_init (&self->lock);
  self->context = g_main_context_ref_thread_default ();
  self->detail = g_string_new (NULL);
  self->recorded_detail = g_string_new (NULL);
  self->fraction = -1;
}

TideRunStep *
tide_run_step_new (const char *id,
                   const char *title)
{
  TideRunStep *self = g_object_new (TIDE_TYPE_RUN_STEP, NULL);

  self->id = g_strdup (id);
  self->title = g_strdup (title);
  return self;
}

const char *
tide_run_step_get_id (TideRunStep *self)
{
  g_return_val_if_fail (TIDE_IS_RUN_STEP (self), NULL);
  return self->id;
}

const char *
tide_run_step_get_title (TideRunStep *self)
{
  g_return_val_if_fail (TIDE_IS_RUN_STEP (self), NULL);
  return _(self->title);
}

TideStepState
tide_run_step_get_state (TideRunStep *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_RUN_STEP (self), TIDE_STEP_WAITING);
  locker = g_mutex_locker_new (&self->lock);
  return self->state;
}

char *
tide_run_step_dup_status (TideRunStep *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_RUN_STEP (self), NULL);
  locker = g_mutex_locker_new (&self->lock);
  return g_strdup (tide_run_english_is_spoken () ? self->recorded_status : self->status);
}

char *
tide_run_step_dup_detail (TideRunStep *self)
{
  g_autoptr(GMutexLocker) locker = NULL;
  GString *detail;

  g_return_val_if_fail (TIDE_IS_RUN_STEP (self), NULL);
  locker = g_mutex_locker_new (&self->lock);
  detail = tide_run_english_is_spoken () ? self->recorded_detail : self->detail;
  return detail->len == 0 ? NULL : g_strdup (detail->str);
}

char *
tide_run_step_dup_waiting_for (TideRunStep *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_RUN_STEP (self), NULL);
  locker = g_mutex_locker_new (&self->lock);
  return g_strdup (self->waiting_for);
}

double
tide_run_step_get_fraction (TideRunStep *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_RUN_STEP (self), -1);
  locker = g_mutex_locker_new (&self->lock);
  return self->fraction;
}

/**
 * tide_run_step_get_seconds:
 * @self: a step
 *
 * Measured by the monotonic clock: one that is set while a step runs changes nothing.
 *
 * Returns: how long it took, or has taken so far; 0 before it begins
 */
double
tide_run_step_get_seconds (TideRunStep *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_RUN_STEP (self), 0);
  locker = g_mutex_locker_new (&self->lock);
  if (self->started == 0)
    return 0;
  return ((self->ended != 0 ? self->ended : g_get_monotonic_time ()) - self->started) / (double) G_USEC_PER_SEC;
}

char *
tide_run_step_dup_log (TideRunStep *self)
{
  g_autoptr(GMutexLocker) locker = NULL;
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (TIDE_IS_RUN_STEP (self), NULL);
  locker = g_mutex_locker_new (&self->lock);
  for (GList *l = self->lines.head; l != NULL; l = l->next)
    g_string_append_printf (text, "%s\n", (char *) l->data);
  return g_string_free (text, FALSE);
}

void
tide_run_step_set_state (TideRunStep   *self,
                         TideStepState  state)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 now = g_get_monotonic_time ();

  if (self->state == state)
    return;
  self->state = state;
  if (state == TIDE_STEP_RUNNING && self->started == 0)
    self->started = now;
  if (state > TIDE_STEP_ASKING && self->started != 0)
    {
      self->ended = now;
      schedule (self, PROP_SECONDS);
    }
  schedule (self, PROP_STATE);
}

void
tide_run_step_set_status (TideRunStep *self,
                          const char  *recorded,
                          const char  *shown)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (recorded != NULL)
    {
      g_free (self->recorded_status);
      self->recorded_status = g_strdup (recorded);
    }
  if (g_strcmp0 (self->status, shown) == 0)
    return;
  g_free (self->status);
  self->status = g_strdup (shown);
  schedule (self, PROP_STATUS);
}

void
tide_run_step_add_detail (TideRunStep *self,
                          const char  *recorded,
                          const char  *shown)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_string_append_printf (self->recorded_detail, "%s%s", self->recorded_detail->len == 0 ? "" : "\n", recorded);
  g_string_append_printf (self->detail, "%s%s", self->detail->len == 0 ? "" : "\n", shown);
  schedule (self, PROP_DETAIL);
}

void
tide_run_step_set_waiting_for (TideRunStep *self,
                               const char  *blocker)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (g_strcmp0 (self->waiting_for, blocker) == 0)
    return;
  g_free (self->waiting_for);
  self->waiting_for = g_strdup (blocker);
  schedule (self, PROP_WAITING_FOR);
}

void
tide_run_step_set_fraction (TideRunStep *self,
                            double       fraction)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  fraction = fraction < 0 ? -1 : MIN (fraction, 1);
  if (self->fraction == fraction)
    return;
  self->fraction = fraction;
  schedule (self, PROP_FRACTION);
}

static void
push_line (GQueue     *lines,
           const char *line,
           guint       most)
{
  g_queue_push_tail (lines, g_strdup (line));
  if (lines->length > most)
    g_free (g_queue_pop_head (lines));
}

void
tide_run_step_log (TideRunStep *self,
                   const char  *recorded,
                   const char  *shown)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  push_line (&self->lines, recorded, MAX_LINES);
  push_line (&self->untold, shown, MAX_UNTOLD);
  schedule (self, 0);
}
