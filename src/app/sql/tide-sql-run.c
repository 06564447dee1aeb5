/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-run"

#include "config.h"

#include "sql/tide-sql-run.h"

#include "query/tide-query-history.h"
#include "runbook/tide-run-english.h"

struct _TideSqlRun
{
  GObject           parent_instance;

  /* Never changed once it is started */
  GPtrArray        *statements;
  GHashTable       *values;
  TideQueryOptions  options;
  TideConninfo     *conninfo;
  GCancellable     *cancellable;
  TideQueryRecord  *record;
  gboolean          unlock;
  gboolean          explains;
  TideExplainFlags  explain_flags;

  /* The thread, then the main one */
  TideSession      *opened;
  guint             index;
  gint64            n_rows;
  char             *command; /* of the last statement that ended well */
  TideExplain      *explain;
  gboolean          changed_catalog;
  TideOutline      *temporary;

  /* The main thread */
  TideSession      *session;
};

enum
{
  EVENT,
  NOTIFICATION,
  ENDED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (TideSqlRun, tide_sql_run, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

/* An event on its way to the main thread */
typedef struct
{
  TideSqlRun     *run;
  TideSession    *session;
  TideQueryEvent  event;
} Message;

static void
message_free (gpointer data)
{
  Message *message = data;

  g_object_unref (message->run);
  g_object_unref (message->session);
  g_object_unref (message->event.store);
  g_clear_error ((GError **) &message->event.notice);
  g_free ((char *) message->event.command);
  g_free (message);
}

static gboolean
deliver (gpointer data)
{
  Message *message = data;

  g_set_object (&message->run->session, message->session);
  message->run->index = message->event.index;
  g_signal_emit (message->run, signals[EVENT], 0, &message->event);
  return G_SOURCE_REMOVE;
}

static void
on_event (const TideQueryEvent *event,
          gpointer              data)
{
  TideSqlRun *self = data;
  Message *message = g_new0 (Message, 1);

  message->run = g_object_ref (self);
  message->session = g_object_ref (self->opened);
  message->event = *event;
  g_object_ref (message->event.store);
  message->event.notice = event->notice == NULL ? NULL : g_error_copy (event->notice);
  message->event.command = g_strdup (event->command);
  if (event->type == TIDE_QUERY_DONE)
    {
      self->n_rows = event->n_rows;
      g_free (self->command);
      self->command = g_strdup (event->command);
      self->changed_catalog = self->changed_catalog || event->changes_catalog;
    }
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, deliver, message, message_free);
}

/* In the main thread, to which the session tells all its news */
static void
on_notification (TideSession *session,
                 const char  *channel,
                 const char  *payload,
                 int          pid,
                 TideSqlRun  *self)
{
  g_signal_emit (self, signals[NOTIFICATION], 0, channel, payload, pid);
}

static gboolean
prepare_session (TideSqlRun  *self,
                 GError     **error)
{
  g_autoptr(TideResult) told = NULL;

  if (self->opened == NULL)
    {
      self->opened = tide_session_open (self->conninfo, self->cancellable, error);
      if (self->opened != NULL)
        g_signal_connect_object (self->opened, "notification", G_CALLBACK (on_notification), self, 0);
    }
  if (self->opened == NULL || !self->unlock)
    return self->opened != NULL;
  told = tide_session_query (self->opened, "SET default_transaction_read_only = off", NULL, 0, self->cancellable, error);
  return told != NULL;
}

static void
explain (TideSqlRun  *self,
         GError     **error)
{
  TideQueryStatement *statement = g_ptr_array_index (self->statements, 0);
  GPtrArray *names = tide_query_statement_get_parameters (statement);
  g_autofree const char **params = g_new0 (const char *, names->len + 1);

  for (guint i = 0; i < names->len; i++)
    params[i] = self->values == NULL ? NULL : g_hash_table_lookup (self->values, g_ptr_array_index (names, i));
  self->explain = tide_explain_run (self->opened, tide_query_statement_get_sql (statement), params, names->len,
                                    self->explain_flags, self->cancellable, error);
}

static void
write_record (TideSqlRun   *self,
              gint64        start,
              const GError *error)
{
  g_autoptr(GError) failure = NULL;

  if (self->record == NULL)
    return;
  /* The history stays as it is, whatever the language of the window is. */
  tide_run_english_begin ();
  if (self->opened != NULL)
    self->record->database = tide_conninfo_dup_label (tide_session_get_conninfo (self->opened));
  tide_run_english_end ();
  self->record->duration = g_get_monotonic_time () - start;
  self->record->n_rows = self->n_rows;
  self->record->command = g_strdup (self->command);
  self->record->message = error == NULL ? NULL : g_strdup (error->message);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->record->outcome = TIDE_QUERY_OUTCOME_CANCELLED;
  else if (error != NULL)
    self->record->outcome = TIDE_QUERY_OUTCOME_FAILED;
  if (!tide_query_history_append (NULL, self->record, &failure))
    g_message ("%s", failure->message);
}

/* For completion: nobody else sees them. What cannot be read now is read after the next change. */
static void
read_temporary (TideSqlRun *self)
{
  TideTransactionStatus status = tide_session_get_transaction_status (self->opened);

  if (self->changed_catalog && (status == TIDE_TRANSACTION_IDLE || status == TIDE_TRANSACTION_OPEN))
    self->temporary = tide_outline_read_temporary (self->opened, self->cancellable, NULL);
}

static void
run (GTask        *task,
     gpointer      source,
     gpointer      data,
     GCancellable *cancellable)
{
  TideSqlRun *self = source;
  GError *error = NULL;
  guint index = 0;
  gint64 start = g_get_monotonic_time ();

  if (!prepare_session (self, &error))
    index = 0;
  else if (self->explains)
    explain (self, &error);
  else
    tide_query_run (self->opened, self->statements, self->values, &self->options, on_event, self, &index, self->cancellable,
                    &error);
  write_record (self, start, error);
  if (self->opened != NULL && !tide_session_is_lost (self->opened))
    read_temporary (self);
  g_task_set_task_data (task, GUINT_TO_POINTER (index), NULL);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
on_run (GObject      *source,
        GAsyncResult *result,
        gpointer      data)
{
  TideSqlRun *self = TIDE_SQL_RUN (source);
  g_autoptr(GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  g_set_object (&self->session, self->opened);
  g_signal_emit (self, signals[ENDED], 0, GPOINTER_TO_UINT (g_task_get_task_data (G_TASK (result))), error);
}

static void
tide_sql_run_finalize (GObject *object)
{
  TideSqlRun *self = TIDE_SQL_RUN (object);

  g_ptr_array_unref (self->statements);
  g_clear_pointer (&self->values, g_hash_table_unref);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_clear_pointer (&self->record, tide_query_record_unref);
  g_free (self->command);
  g_clear_pointer (&self->explain, tide_explain_unref);
  g_clear_pointer (&self->temporary, tide_outline_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->opened);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (tide_sql_run_parent_class)->finalize (object);
}

static void
tide_sql_run_class_init (TideSqlRunClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_sql_run_finalize;
  signals[EVENT] = g_signal_new ("event", TIDE_TYPE_SQL_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                 G_TYPE_POINTER);
  signals[NOTIFICATION] = g_signal_new ("notification", TIDE_TYPE_SQL_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                                        G_TYPE_STRING, G_TYPE_STRING, G_TYPE_INT);
  signals[ENDED] = g_signal_new ("ended", TIDE_TYPE_SQL_RUN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                 G_TYPE_UINT, G_TYPE_POINTER);
}

static void
tide_sql_run_init (TideSqlRun *self)
{
  self->cancellable = g_cancellable_new ();
}

TideSqlRun *
tide_sql_run_new (GPtrArray              *statements,
                  GHashTable             *values,
                  const TideQueryOptions *options)
{
  TideSqlRun *self = g_object_new (TIDE_TYPE_SQL_RUN, NULL);

  self->statements = g_ptr_array_ref (statements);
  self->values = values == NULL ? NULL : g_hash_table_ref (values);
  self->options = *options;
  return self;
}

void
tide_sql_run_set_session (TideSqlRun  *self,
                          TideSession *session,
                          gboolean     unlock)
{
  g_set_object (&self->opened, session);
  g_set_object (&self->session, session);
  self->unlock = unlock;
}

void
tide_sql_run_set_record (TideSqlRun *self,
                         const char *text,
                         const char *environment)
{
  self->record = tide_query_record_new ();
  self->record->text = g_strdup (text);
  self->record->environment = g_strdup (environment);
  self->record->time = g_get_real_time ();
}

void
tide_sql_run_set_explain (TideSqlRun       *self,
                          TideExplainFlags  flags)
{
  self->explains = TRUE;
  self->explain_flags = flags;
}

TideExplain *
tide_sql_run_get_explain (TideSqlRun *self)
{
  return self->explain;
}

TideOutline *
tide_sql_run_get_temporary (TideSqlRun *self)
{
  return self->temporary;
}

void
tide_sql_run_start (TideSqlRun   *self,
                    TideConninfo *conninfo)
{
  g_autoptr(GTask) task = g_task_new (self, NULL, on_run, NULL);

  g_task_set_source_tag (task, tide_sql_run_start);
  self->conninfo = conninfo == NULL ? NULL : tide_conninfo_ref (conninfo);
  g_task_run_in_thread (task, run);
}

TideSession *
tide_sql_run_get_session (TideSqlRun *self)
{
  return self->session;
}

GCancellable *
tide_sql_run_get_cancellable (TideSqlRun *self)
{
  return self->cancellable;
}

guint
tide_sql_run_get_index (TideSqlRun *self)
{
  return self->index;
}
