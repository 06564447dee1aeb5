/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-run-question"

#include "config.h"

#include "runbook/tide-run-question-private.h"

struct _TideRunQuestion
{
  GObject           parent_instance;

  TideQuestionKind  kind;
  TideRunStep      *step;
  char             *title;
  char             *text;
  char             *expected;
  char            **argv;
  GListModel       *items;

  GMutex            lock;
  GCond             cond;
  gboolean          answered;
  gboolean          yes;
  char             *answer;
};

G_DEFINE_FINAL_TYPE (TideRunQuestion, tide_run_question, G_TYPE_OBJECT)

static void
tide_run_question_finalize (GObject *object)
{
  TideRunQuestion *self = TIDE_RUN_QUESTION (object);

  g_clear_object (&self->step);
  g_clear_object (&self->items);
  g_free (self->title);
  g_free (self->text);
  g_free (self->expected);
  g_strfreev (self->argv);
  g_free (self->answer);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);

  G_OBJECT_CLASS (tide_run_question_parent_class)->finalize (object);
}

static void
tide_run_question_class_init (TideRunQuestionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_run_question_finalize;
}

static void
tide_run_question_init (TideRunQuestion *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
}

TideRunQuestion *
tide_run_question_new (TideQuestionKind   kind,
                       TideRunStep       *step,
                       const char        *title,
                       const char        *text,
                       const char        *expected,
                       const char *const *argv,
                       GListModel        *items)
{
  TideRunQuestion *self = g_object_new (TIDE_TYPE_RUN_QUESTION, NULL);

  self->kind = kind;
  self->step = g_object_ref (step);
  self->title = g_strdup (title);
  self->text = g_strdup (text);
  self->expected = g_strdup (expected);
  self->argv = g_strdupv ((char **) argv);
  self->items = items ? g_object_ref (items) : NULL;
  return self;
}

TideQuestionKind
tide_run_question_get_kind (TideRunQuestion *self)
{
  g_return_val_if_fail (TIDE_IS_RUN_QUESTION (self), TIDE_QUESTION_PROCEED);
  return self->kind;
}

TideRunStep *
tide_run_question_get_step (TideRunQuestion *self)
{
  g_return_val_if_fail (TIDE_IS_RUN_QUESTION (self), NULL);
  return self->step;
}

const char *
tide_run_question_get_title (TideRunQuestion *self)
{
  g_return_val_if_fail (TIDE_IS_RUN_QUESTION (self), NULL);
  return self->title;
}

const char *
tide_run_question_get_text (TideRunQuestion *self)
{
  g_return_val_if_fail (TIDE_IS_RUN_QUESTION (self), NULL);
  return self->text;
}

const char *
tide_run_question_get_expected (TideRunQuestion *self)
{
  g_return_val_if_fail (TIDE_IS_RUN_QUESTION (self), NULL);
  return self->expected;
}

const char *const *
tide_run_question_get_argv (TideRunQuestion *self)
{
  g_return_val_if_fail (TIDE_IS_RUN_QUESTION (self), NULL);
  return (const char *const *) self->argv;
}

GListModel *
tide_run_question_get_items (TideRunQuestion *self)
{
  g_return_val_if_fail (TIDE_IS_RUN_QUESTION (self), NULL);
  return self->items;
}

static gboolean
all_ticked (GListModel *items)
{
  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr(TideChecklistItem) item = g_list_model_get_item (items, i);

      if (tide_checklist_item_get_state (item) == TIDE_CHECK_MANUAL && !tide_checklist_item_get_ticked (item))
        return FALSE;
    }
  return TRUE;
}

/**
 * tide_run_question_accepts:
 * @self: a question
 * @text: (nullable): what was typed
 *
 * Returns: whether "yes" with @text would be taken: every box ticked, the expected text typed, a reason given
 */
gboolean
tide_run_question_accepts (TideRunQuestion *self,
                           const char      *text)
{
  g_return_val_if_fail (TIDE_IS_RUN_QUESTION (self), FALSE);

  if (self->items != NULL && !all_ticked (self->items))
    return FALSE;
  if (self->expected != NULL)
    return g_strcmp0 (text, self->expected) == 0;
  if (self->kind != TIDE_QUESTION_BACKUP)
    return TRUE;
  for (; text != NULL && *text != '\0'; text = g_utf8_next_char (text))
    if (g_unichar_isalnum (g_utf8_get_char (text)))
      return TRUE;
  return FALSE;
}

/**
 * tide_run_question_answer:
 * @self: a question
 * @yes: the answer; one that tide_run_question_accepts() does not take is a no
 * @text: (nullable): what was typed
 *
 * Lets the pipeline go on. Any thread.
 */
void
tide_run_question_answer (TideRunQuestion *self,
                          gboolean         yes,
                          const char      *text)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_if_fail (TIDE_IS_RUN_QUESTION (self));

  yes = yes && tide_run_question_accepts (self, text);
  locker = g_mutex_locker_new (&self->lock);
  if (self->answered)
    return;
  self->answered = TRUE;
  self->yes = yes;
  self->answer = g_strdup (text);
  g_cond_broadcast (&self->cond);
}

gboolean
tide_run_question_is_answered (TideRunQuestion *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (TIDE_IS_RUN_QUESTION (self), FALSE);
  locker = g_mutex_locker_new (&self->lock);
  return self->answered;
}

static void
wake (GCancellable    *cancellable,
      TideRunQuestion *self)
{
  g_mutex_lock (&self->lock);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
}

gboolean
tide_run_question_wait (TideRunQuestion  *self,
                        char            **text,
                        GCancellable     *cancellable,
                        GError          **error)
{
  gulong handler = cancellable ? g_cancellable_connect (cancellable, G_CALLBACK (wake), self, NULL) : 0;
  gboolean answered, yes;

  g_mutex_lock (&self->lock);
  while (!self->answered && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&self->cond, &self->lock);
  answered = self->answered;
  yes = self->yes;
  if (text != NULL)
    *text = g_strdup (self->answer);
  g_mutex_unlock (&self->lock);

  g_cancellable_disconnect (cancellable, handler);
  if (!answered)
    g_cancellable_set_error_if_cancelled (cancellable, error);
  return answered && yes;
}
