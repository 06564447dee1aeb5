/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-console"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "sql/tide-sql-console.h"

#include "sql/tide-sql-run.h"
#include "tide-error.h"

struct _TideSqlConsole
{
  GObject        parent_instance;

  TideSqlPlace  *place;
  TideSession   *session;    /* nullable */
  TideConninfo  *conninfo;   /* nullable: with which it was opened */
  gboolean       lost;       /* outside of a transaction, and that is not told yet */
  TideSqlRun    *run;        /* nullable: the last one, until it has ended on the server */
  TideSqlRun    *waiting;    /* nullable: for that */
  GCancellable  *holder;     /* nullable: of who works on the session himself */
  TideOutline   *temporary;  /* nullable */
  GtkWidget     *parent;     /* of questions; weak */
  GError        *loss;       /* nullable */
  gint64         since;
  gboolean       busy;
  gboolean       read_only;
  gboolean       unlocked;   /* the session must be told */
  gboolean       manual;
  gboolean       ending;     /* what was submitted last ends the transaction */
  gboolean       wants_lock; /* the place only reads unless it is unlocked */
};

enum
{
  CHANGED,
  EVENT,
  NOTIFICATION,
  FINISHED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (TideSqlConsole, tide_sql_console, G_TYPE_OBJECT)

static guint signals[N_SIGNALS];

static void start (TideSqlConsole *self,
                   TideSqlRun     *run);

static void
emit_changed (TideSqlConsole *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
update_transaction (TideSqlConsole *self,
                    gboolean        open)
{
  if (!open)
    self->since = 0;
  else if (self->since == 0)
    self->since = g_get_monotonic_time ();
  emit_changed (self);
}

static void
drop_session (TideSqlConsole *self)
{
  if (self->session == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_pointer (&self->temporary, tide_outline_unref);
}

/* A transaction that was open is gone: that is said, and nothing runs as if nothing had been. */
static void
lose (TideSqlConsole *self,
      const GError   *error)
{
  if (self->since != 0 && self->loss == NULL)
    self->loss = g_error_copy (error);
  self->lost = self->loss == NULL;
  self->since = 0;
  drop_session (self);
  emit_changed (self);
}

static void
on_lost (TideSession    *session,
         const GError   *error,
         TideSqlConsole *self)
{
  if (session == self->session)
    lose (self, error);
}

static void
on_notification (TideSession    *session,
                 const char     *channel,
                 const char     *payload,
                 int             pid,
                 TideSqlConsole *self)
{
  g_signal_emit (self, signals[NOTIFICATION], 0, channel, payload, pid);
}

/* What came before this thread knew of the session */
static void
on_early_notification (TideSqlRun     *run,
                       const char     *channel,
                       const char     *payload,
                       int             pid,
                       TideSqlConsole *self)
{
  if (self->session == NULL || self->session != tide_sql_run_get_session (run))
    on_notification (NULL, channel, payload, pid, self);
}

static void
take_session (TideSqlConsole *self,
              TideSession    *session)
{
  if (session == NULL || session == self->session)
    return;
  drop_session (self);
  self->session = g_object_ref (session);
  g_signal_connect (session, "lost", G_CALLBACK (on_lost), self);
  g_signal_connect (session, "notification", G_CALLBACK (on_notification), self);
}

/* What was set or made for the session alone is not there any more, and what runs may mean something else by that. */
static void
tell_renewed (TideSqlConsole *self)
{
  g_autoptr(GError) notice = tide_error_new (TIDE_ERROR_LOST, NULL,
                                             _("the connection was lost, and this is a new one: temporary tables, settings and "
                                               "locks of the old one are gone"));
  TideQueryEvent event = { .type = TIDE_QUERY_NOTICE, .notice = notice };

  self->lost = FALSE;
  g_signal_emit (self, signals[EVENT], 0, &event);
}

static void
on_event (TideSqlRun           *run,
          const TideQueryEvent *event,
          TideSqlConsole       *self)
{
  take_session (self, tide_sql_run_get_session (run));
  if (event->type == TIDE_QUERY_DONE)
    update_transaction (self, event->in_transaction);
  if (run != self->run || self->waiting != NULL || !self->busy)
    return;
  if (self->lost)
    tell_renewed (self);
  g_signal_emit (self, signals[EVENT], 0, event);
}

static void
finish (TideSqlConsole *self,
        guint           index,
        const GError   *error,
        TideExplain    *explain)
{
  self->busy = FALSE;
  g_signal_emit (self, signals[FINISHED], 0, index, error, explain);
  emit_changed (self);
}

static void
on_ended (TideSqlRun     *run,
          guint           index,
          const GError   *error,
          TideSqlConsole *self)
{
  g_autoptr(TideSqlRun) next = g_steal_pointer (&self->waiting);
  gboolean seen = next == NULL && self->busy;
  TideTransactionStatus status;
  g_autoptr(TideSqlRun) held = g_object_ref (run);

  take_session (self, tide_sql_run_get_session (run));
  if (self->session != NULL && tide_session_is_lost (self->session) && error != NULL)
    lose (self, error);
  else if (tide_sql_run_get_temporary (run) != NULL)
    {
      g_clear_pointer (&self->temporary, tide_outline_unref);
      self->temporary = tide_outline_ref (tide_sql_run_get_temporary (run));
    }
  status = tide_sql_console_get_transaction (self);
  update_transaction (self, status == TIDE_TRANSACTION_OPEN || status == TIDE_TRANSACTION_FAILED);
  g_clear_object (&self->run);
  if (seen)
    finish (self, index, error, tide_sql_run_get_explain (run));
  if (next != NULL)
    start (self, next);
}

static void
open_session (TideSqlConsole *self,
              TideConninfo   *conninfo)
{
  drop_session (self);
  self->unlocked = FALSE;
  tide_conninfo_set_read_only (conninfo, self->read_only);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  self->conninfo = tide_conninfo_ref (conninfo);
  tide_sql_run_start (self->run, conninfo);
}

static gboolean
has_session (TideSqlConsole *self)
{
  return self->session != NULL && !tide_session_is_lost (self->session);
}

static void
use_session (TideSqlConsole *self)
{
  tide_sql_run_set_session (self->run, self->session, self->unlocked);
  self->unlocked = FALSE;
  tide_sql_run_start (self->run, NULL);
}

/* What was done there is not thrown away because the place is another one now. */
static GError *
refuse_old_place (TideSqlConsole *self)
{
  g_autofree char *label = tide_conninfo_dup_label (self->conninfo);

  return tide_error_new (TIDE_ERROR_REFUSED, _("commit it or roll it back: then the tab connects anew"),
                         _("this tab is still connected to \"%s\", where its transaction is open, and \"%s\" is another database now"),
                         label, tide_sql_place_get_name (self->place));
}

static void
on_found (GObject      *source,
          GAsyncResult *result,
          gpointer      data)
{
  g_autoptr(TideSqlConsole) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConninfo) conninfo = tide_sql_place_find_finish (TIDE_SQL_PLACE (source), result, &error);

  if (self->run == NULL)
    return;
  if (conninfo != NULL && has_session (self) && tide_sql_place_is_at (self->place, self->conninfo))
    use_session (self);
  else if (conninfo != NULL && (!has_session (self) || self->since == 0))
    open_session (self, conninfo);
  else
    {
      if (error == NULL)
        error = refuse_old_place (self);
      on_ended (self->run, 0, error, self);
    }
}

static void
start (TideSqlConsole *self,
       TideSqlRun     *run)
{
  g_set_object (&self->run, run);
  g_signal_connect_object (run, "event", G_CALLBACK (on_event), self, 0);
  g_signal_connect_object (run, "notification", G_CALLBACK (on_early_notification), self, 0);
  g_signal_connect_object (run, "ended", G_CALLBACK (on_ended), self, 0);
  if (has_session (self) && (self->ending || tide_sql_place_is_at (self->place, self->conninfo)))
    use_session (self);
  else
    tide_sql_place_find_async (self->place, self->parent, tide_sql_run_get_cancellable (run), on_found, g_object_ref (self));
}

/* Production may have been told to be so only now. */
static void
on_place_changed (TideSqlConsole *self)
{
  gboolean wants_lock = tide_sql_place_is_read_only (self->place);

  if (wants_lock && !self->wants_lock)
    {
      self->read_only = TRUE;
      self->unlocked = FALSE;
    }
  self->wants_lock = wants_lock;
  emit_changed (self);
}

static void
submit (TideSqlConsole *self,
        GtkWidget      *parent,
        TideSqlRun     *run,
        gboolean        ending)
{
  self->ending = ending;
  g_set_weak_pointer (&self->parent, parent);
  self->busy = TRUE;
  emit_changed (self);
  if (self->run == NULL)
    start (self, run);
  else
    g_set_object (&self->waiting, run);
}

static guint64
get_budget (void)
{
  g_autoptr(GSettings) settings = g_settings_new (TIDE_APP_ID);

  return (guint64) g_settings_get_uint (settings, "result-memory") * 1024 * 1024;
}

void
tide_sql_console_run (TideSqlConsole *self,
                      GtkWidget      *parent,
                      GPtrArray      *statements,
                      GHashTable     *values,
                      const char     *text)
{
  TideQueryOptions options = { self->read_only, self->manual, get_budget () };
  g_autoptr(TideSqlRun) run = NULL;

  g_return_if_fail (TIDE_IS_SQL_CONSOLE (self));
  g_return_if_fail (!self->busy);

  run = tide_sql_run_new (statements, values, &options);
  if (text != NULL)
    tide_sql_run_set_record (run, text, tide_sql_place_get_name (self->place));
  submit (self, parent, run, FALSE);
}

void
tide_sql_console_explain (TideSqlConsole *self,
                          GtkWidget      *parent,
                          GPtrArray      *statements,
                          GHashTable     *values,
                          gboolean        analyze)
{
  TideQueryOptions options = { .budget = TIDE_ROW_STORE_DEFAULT_BUDGET };
  g_autoptr(TideSqlRun) run = NULL;

  g_return_if_fail (TIDE_IS_SQL_CONSOLE (self));
  g_return_if_fail (!self->busy);

  run = tide_sql_run_new (statements, values, &options);
  tide_sql_run_set_explain (run, (analyze ? TIDE_EXPLAIN_ANALYZE : TIDE_EXPLAIN_PLAN)
                                 | (self->read_only ? TIDE_EXPLAIN_READ_ONLY : 0));
  submit (self, parent, run, FALSE);
}

void
tide_sql_console_run_plain (TideSqlConsole *self,
                            GtkWidget      *parent,
                            const char     *sql)
{
  TideQueryOptions options = { .budget = TIDE_ROW_STORE_DEFAULT_BUDGET };
  g_autoptr(GPtrArray) statements = tide_query_statement_split (sql, 0, strlen (sql));
  g_autoptr(TideSqlRun) run = NULL;

  g_return_if_fail (TIDE_IS_SQL_CONSOLE (self));

  if (self->busy)
    return;
  run = tide_sql_run_new (statements, NULL, &options);
  submit (self, parent, run, TRUE);
}

gboolean
tide_sql_console_hold (TideSqlConsole  *self,
                       GCancellable    *cancellable,
                       GError         **error)
{
  gboolean idle = !self->busy && self->run == NULL;
  gboolean open = has_session (self) && self->since != 0;
  gboolean here = open || (self->conninfo != NULL && tide_sql_place_is_at (self->place, self->conninfo));

  g_return_val_if_fail (TIDE_IS_SQL_CONSOLE (self), FALSE);

  if (idle && here && !self->read_only && self->loss == NULL)
    {
      self->holder = g_object_ref (cancellable);
      self->busy = TRUE;
      emit_changed (self);
      return TRUE;
    }
  if (!idle)
    tide_set_error (error, TIDE_ERROR_BUSY, _("wait until it has ended, or cancel it"), _("something else runs in this tab"));
  else if (self->loss != NULL)
    tide_set_error (error, TIDE_ERROR_REFUSED, _("say that you know it, in the bar above, and review the changes again"),
                    _("the transaction of this tab was lost with its connection"));
  else if (!here)
    tide_set_error (error, TIDE_ERROR_REFUSED, _("copy the statements of the review and run them in a tab, or run the query again"),
                    _("this tab is for another database now than the one that these rows came from"));
  else
    tide_set_error (error, TIDE_ERROR_REFUSED, _("allow writing first"), _("this tab only reads"));
  return FALSE;
}

void
tide_sql_console_release (TideSqlConsole *self,
                          TideSession    *session)
{
  TideTransactionStatus status;

  g_return_if_fail (TIDE_IS_SQL_CONSOLE (self));

  if (session != NULL && !tide_session_is_lost (session))
    take_session (self, session);
  status = tide_sql_console_get_transaction (self);
  g_clear_object (&self->holder);
  self->busy = FALSE;
  update_transaction (self, status == TIDE_TRANSACTION_OPEN || status == TIDE_TRANSACTION_FAILED);
}

void
tide_sql_console_cancel (TideSqlConsole *self)
{
  g_autoptr(GError) error = NULL;

  g_return_if_fail (TIDE_IS_SQL_CONSOLE (self));

  if (self->holder != NULL)
    g_cancellable_cancel (self->holder);
  if (!self->busy || self->holder != NULL)
    return;
  g_clear_object (&self->waiting);
  if (self->run != NULL)
    g_cancellable_cancel (tide_sql_run_get_cancellable (self->run));
  /* A dialog for a password may have answered at once. */
  if (!self->busy)
    return;
  error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Cancelled"));
  finish (self, self->run == NULL ? 0 : tide_sql_run_get_index (self->run), error, NULL);
}

static void
tide_sql_console_dispose (GObject *object)
{
  TideSqlConsole *self = TIDE_SQL_CONSOLE (object);

  if (self->run != NULL)
    g_cancellable_cancel (tide_sql_run_get_cancellable (self->run));
  if (self->holder != NULL)
    g_cancellable_cancel (self->holder);
  g_clear_object (&self->holder);
  g_clear_object (&self->run);
  g_clear_object (&self->waiting);
  drop_session (self);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_clear_weak_pointer (&self->parent);
  g_clear_object (&self->place);
  g_clear_error (&self->loss);
  G_OBJECT_CLASS (tide_sql_console_parent_class)->dispose (object);
}

static void
tide_sql_console_class_init (TideSqlConsoleClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_sql_console_dispose;
  signals[CHANGED] = g_signal_new ("changed", TIDE_TYPE_SQL_CONSOLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[EVENT] = g_signal_new ("event", TIDE_TYPE_SQL_CONSOLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                 G_TYPE_POINTER);
  signals[NOTIFICATION] = g_signal_new ("notification", TIDE_TYPE_SQL_CONSOLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_INT);
  signals[FINISHED] = g_signal_new ("finished", TIDE_TYPE_SQL_CONSOLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                                    G_TYPE_UINT, G_TYPE_POINTER, G_TYPE_POINTER);
}

static void
tide_sql_console_init (TideSqlConsole *self)
{
}

/* Production is read-only until somebody unlocks it. */
TideSqlConsole *
tide_sql_console_new (TideSqlPlace *place)
{
  TideSqlConsole *self = g_object_new (TIDE_TYPE_SQL_CONSOLE, NULL);

  self->place = g_object_ref (place);
  self->read_only = self->wants_lock = tide_sql_place_is_read_only (place);
  g_signal_connect_object (place, "changed", G_CALLBACK (on_place_changed), self, G_CONNECT_SWAPPED);
  return self;
}

gboolean
tide_sql_console_is_busy (TideSqlConsole *self)
{
  return self->busy;
}

gboolean
tide_sql_console_get_read_only (TideSqlConsole *self)
{
  return self->read_only;
}

void
tide_sql_console_set_read_only (TideSqlConsole *self,
                                gboolean        read_only)
{
  g_return_if_fail (TIDE_IS_SQL_CONSOLE (self));

  if (self->read_only == read_only || self->busy || self->since != 0)
    return;
  self->read_only = read_only;
  self->unlocked = !read_only;
  emit_changed (self);
}

gboolean
tide_sql_console_get_manual (TideSqlConsole *self)
{
  return self->manual;
}

void
tide_sql_console_set_manual (TideSqlConsole *self,
                             gboolean        manual)
{
  g_return_if_fail (TIDE_IS_SQL_CONSOLE (self));

  self->manual = manual;
  emit_changed (self);
}

TideTransactionStatus
tide_sql_console_get_transaction (TideSqlConsole *self)
{
  return self->session == NULL ? TIDE_TRANSACTION_IDLE : tide_session_get_transaction_status (self->session);
}

gint64
tide_sql_console_get_since (TideSqlConsole *self)
{
  return self->since;
}

const GError *
tide_sql_console_get_loss (TideSqlConsole *self)
{
  return self->loss;
}

void
tide_sql_console_accept_loss (TideSqlConsole *self)
{
  g_return_if_fail (TIDE_IS_SQL_CONSOLE (self));

  g_clear_error (&self->loss);
  emit_changed (self);
}

TideSession *
tide_sql_console_get_session (TideSqlConsole *self)
{
  return self->session;
}

TideOutline *
tide_sql_console_get_temporary (TideSqlConsole *self)
{
  return self->temporary;
}
