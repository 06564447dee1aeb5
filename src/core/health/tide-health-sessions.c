/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-sessions"

#include "config.h"

#include "health/tide-health-private.h"
#include "health/tide-health-text.h"

/* From what on a session is told of, and from what on it is too much; seconds */
#define LONG_TRANSACTION      300
#define TOO_LONG_TRANSACTION  3600
#define IDLE_SHOWN            2
#define IDLE_TRANSACTION      60
#define TOO_IDLE_TRANSACTION  900
#define LONG_WAIT             10
#define TOO_LONG_WAIT         60

/* The locks tell everybody who waits; the activity tells the rights only. Functions instead of the views over them, as for the server. */
static char *
dup_sessions_sql (int version)
{
  return g_strdup_printf (
    "WITH locks AS MATERIALIZED (SELECT pid, granted, locktype, classid, objid, objsubid, database%s FROM pg_lock_status()),\n"
    "waits AS (SELECT pid, %s AS since FROM locks WHERE NOT granted GROUP BY pid)\n"
    "SELECT a.pid, (extract(epoch FROM a.backend_start) * 1000000)::bigint, pg_get_userbyid(a.usesysid), nullif(a.application_name, ''),\n"
    "  coalesce(host(a.client_addr), 'local'), a.state, a.backend_type,\n"
    "  extract(epoch FROM clock_timestamp() - a.xact_start)::bigint,\n"
    "  extract(epoch FROM clock_timestamp() - a.state_change)::bigint,\n"
    "  CASE WHEN w.pid IS NOT NULL THEN\n"
    "    coalesce(extract(epoch FROM clock_timestamp() - coalesce(w.since, a.query_start))::bigint, 0) END,\n"
    "  CASE WHEN w.pid IS NOT NULL THEN array_to_string(pg_blocking_pids(a.pid), ',') END,\n"
    "  left(regexp_replace(a.query, '\\s+', ' ', 'g'), 300),\n"
    "  EXISTS (SELECT FROM locks l WHERE l.pid = a.pid AND l.granted AND l.locktype = 'advisory' AND l.classid = 0\n"
    "                 AND l.objid = 72707369 AND l.objsubid = 1)\n"
    "  FROM pg_stat_get_activity(NULL) a LEFT JOIN waits w ON w.pid = a.pid\n"
    " WHERE a.datid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND a.pid <> pg_backend_pid()\n"
    " ORDER BY a.xact_start NULLS LAST, a.pid",
    version >= 140000 ? ", waitstart" : "", version >= 140000 ? "min(waitstart)" : "NULL::timestamptz");
}

enum
{
  PID, STARTED, USER, APPLICATION, CLIENT, STATE, TYPE, TRANSACTION_AGE, STATE_AGE, WAIT_AGE, BLOCKERS, QUERY, HOLDS_LOCK,
};

static char *
dup_title (TideResult *result,
           guint       row)
{
  const char *user = tide_result_get_value (result, row, USER);
  const char *application = tide_result_get_value (result, row, APPLICATION);
  const char *client = tide_result_get_value (result, row, CLIENT);

  return g_strdup_printf (_("Process %s · %s · %s"), tide_result_get_value (result, row, PID),
                          user ? user : tide_result_get_value (result, row, TYPE) ? tide_result_get_value (result, row, TYPE) : "?",
                          application ? application : client);
}

static const char *
get_query (TideResult *result,
           guint       row)
{
  const char *query = tide_result_get_value (result, row, QUERY);

  /* Without the right to see it there is no state, and a text that says so in English. */
  if (tide_result_get_value (result, row, STATE) == NULL && tide_result_get_value (result, row, TYPE) == NULL)
    return _("not shown to this user");
  return query != NULL && *query != '\0' ? query : "…";
}

static gboolean
is_idle_in_transaction (TideResult *result,
                        guint       row)
{
  const char *state = tide_result_get_value (result, row, STATE);

  return state != NULL && g_str_has_prefix (state, "idle in transaction");
}

/* What can be done to the session: only what the server is sure to do to this very one */
static void
offer_ending (TideHealthRow *self,
              TideResult    *result,
              guint          row)
{
  if (tide_result_get_value (result, row, STARTED) == NULL)
    return;
  self->argument = g_strdup_printf ("%s@%s", tide_result_get_value (result, row, PID),
                                    tide_result_get_value (result, row, STARTED));
  self->action = TIDE_HEALTH_ACTION_END_SESSION;
  if (g_strcmp0 (tide_result_get_value (result, row, STATE), "active") == 0)
    self->other_action = TIDE_HEALTH_ACTION_CANCEL_QUERY;
}

static void
set_count (TideHealthCheck *check)
{
  if (check->rows->len == 0)
    check->value = g_strdup (_("None"));
  else
    check->value = g_strdup_printf ("%u", check->rows->len);
}

static void
judge_long (TideHealth *health,
            TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "sessions", "long-transactions", _("Long transactions"));

  check->threshold = g_strdup (_("5 min"));
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      gint64 age = tide_result_get_int64 (result, i, TRANSACTION_AGE);
      g_autofree char *span = tide_health_dup_span (age);

      if (age < LONG_TRANSACTION || is_idle_in_transaction (result, i) ||
          g_strcmp0 (tide_result_get_value (result, i, TYPE), "client backend") != 0)
        continue;
      offer_ending (tide_health_check_take_row (check, age >= TOO_LONG_TRANSACTION ? TIDE_HEALTH_CRITICAL : TIDE_HEALTH_WARNING,
                                                dup_title (result, i),
                                                g_strdup_printf (_("for %s: %s"), span, get_query (result, i))),
                    result, i);
    }
  if (check->rows->len > 0)
    check->advice = g_strdup (_("While it is open no dead row after its start can be removed, and a migration may wait for its locks"));
  set_count (check);
}

static void
judge_idle (TideHealth *health,
            TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "sessions", "idle-in-transaction", _("Idle in a transaction"));

  check->threshold = g_strdup (_("1 min"));
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      gint64 age = tide_result_get_int64 (result, i, STATE_AGE);
      g_autofree char *span = tide_health_dup_span (age);
      TideHealthState state = TIDE_HEALTH_NOTICE;

      if (!is_idle_in_transaction (result, i) || age < IDLE_SHOWN)
        continue;
      if (age >= IDLE_TRANSACTION)
        state = age >= TOO_IDLE_TRANSACTION ? TIDE_HEALTH_CRITICAL : TIDE_HEALTH_WARNING;
      offer_ending (tide_health_check_take_row (check, state, dup_title (result, i),
                                                g_strdup_printf (_("for %s, after: %s"), span, get_query (result, i))),
                    result, i);
    }
  if (check->state >= TIDE_HEALTH_WARNING)
    check->advice = g_strdup (_("It holds its locks and does nothing: the application forgot to end it. "
                                "idle_in_transaction_session_timeout ends such sessions by itself"));
  set_count (check);
}

/* Rows of the result by process */
static GHashTable *
index_by_pid (TideResult *result)
{
  GHashTable *rows = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    g_hash_table_insert (rows, GINT_TO_POINTER (tide_result_get_int64 (result, i, PID)), GUINT_TO_POINTER (i));
  return rows;
}

static TideHealthState
judge_wait (gint64 age)
{
  if (age >= TOO_LONG_WAIT)
    return TIDE_HEALTH_CRITICAL;
  return age >= LONG_WAIT ? TIDE_HEALTH_WARNING : TIDE_HEALTH_NOTICE;
}

typedef struct
{
  TideHealthCheck *check;
  TideResult      *result;
  GHashTable      *rows;    /* pid -> row */
  GHashTable      *waiters; /* pid -> rows of those that wait for it */
  GHashTable      *told;    /* pids */
} Chains;

static char *
dup_blocker_text (TideResult *result,
                  guint       row)
{
  g_autofree char *span = tide_health_dup_span (tide_result_get_int64 (result, row, STATE_AGE));

  if (is_idle_in_transaction (result, row))
    return g_strdup_printf (_("idle in a transaction for %s, after: %s"), span, get_query (result, row));
  return g_strdup_printf (_("%s for %s: %s"), tide_result_get_value (result, row, STATE) ? tide_result_get_value (result, row, STATE)
                                                                                      : _("busy"), span, get_query (result, row));
}

/* (transfer full) (element-type int GArray): the rows of those that wait for a process. Many that wait for one row each name
 * all before them, so that the texts are taken apart but once. */
static GHashTable *
index_by_blocker (TideResult *result)
{
  GHashTable *waiters = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_array_unref);

  for (guint row = 0; row < tide_result_get_n_rows (result); row++)
    {
      const char *text = tide_result_get_value (result, row, BLOCKERS);
      g_auto(GStrv) pids = g_strsplit (text ? text : "", ",", -1);

      for (guint i = 0; pids[i] != NULL; i++)
        {
          gpointer pid = GINT_TO_POINTER (atoi (pids[i]));
          GArray *rows = g_hash_table_lookup (waiters, pid);

          if (*pids[i] == '\0')
            continue;
          if (rows == NULL)
            {
              rows = g_array_new (FALSE, FALSE, sizeof (guint));
              g_hash_table_insert (waiters, pid, rows);
            }
          g_array_append_val (rows, row);
        }
    }
  return waiters;
}

/* @pid, and below it all that wait for it. Each is told once, also where they wait for each other in a circle. */
static void
tell_chain (Chains *self,
            int     pid,
            guint   depth)
{
  gpointer found;
  gboolean known = g_hash_table_lookup_extended (self->rows, GINT_TO_POINTER (pid), NULL, &found);
  guint row = GPOINTER_TO_UINT (found);
  GArray *waiters = g_hash_table_lookup (self->waiters, GINT_TO_POINTER (pid));
  TideHealthRow *told;

  if (self->check->rows->len >= TIDE_HEALTH_MAX_ROWS || !g_hash_table_add (self->told, GINT_TO_POINTER (pid)))
    return;
  if (!known)
    told = tide_health_check_take_row (self->check, TIDE_HEALTH_OK, pid == 0 ? g_strdup (_("A prepared transaction"))
                                                                             : g_strdup_printf (_("Process %d"), pid), NULL);
  else if (depth == 0)
    told = tide_health_check_take_row (self->check, TIDE_HEALTH_OK, dup_title (self->result, row),
                                       dup_blocker_text (self->result, row));
  else
    {
      gint64 age = tide_result_get_int64 (self->result, row, WAIT_AGE);
      g_autofree char *span = tide_health_dup_span (age);

      told = tide_health_check_take_row (self->check, judge_wait (age), dup_title (self->result, row),
                                         g_strdup_printf (_("waits for %s: %s"), span, get_query (self->result, row)));
    }
  told->depth = depth;
  if (known)
    offer_ending (told, self->result, row);
  for (guint i = 0; waiters != NULL && i < waiters->len; i++)
    tell_chain (self, tide_result_get_int64 (self->result, g_array_index (waiters, guint, i), PID), depth + 1);
}

static gboolean
is_blocked (Chains *self,
            int     pid)
{
  gpointer row;

  return g_hash_table_lookup_extended (self->rows, GINT_TO_POINTER (pid), NULL, &row) &&
         tide_result_get_value (self->result, GPOINTER_TO_UINT (row), BLOCKERS) != NULL;
}

/* Those at the top first: they are waited for and wait for nobody. */
static guint
tell_chains (Chains *self)
{
  guint n_waiting = 0;

  for (gboolean tops = TRUE;; tops = FALSE)
    {
      for (guint i = 0; i < tide_result_get_n_rows (self->result); i++)
        {
          const char *text = tide_result_get_value (self->result, i, BLOCKERS);
          g_auto(GStrv) pids = g_strsplit (text ? text : "", ",", -1);

          n_waiting += tops && text != NULL;
          for (guint j = 0; pids[j] != NULL; j++)
            if (*pids[j] != '\0' && (!tops || !is_blocked (self, atoi (pids[j]))))
              tell_chain (self, atoi (pids[j]), 0);
        }
      if (!tops)
        return n_waiting;
    }
}

static void
judge_blocking (TideHealth *health,
                TideResult *result)
{
  g_autoptr(GHashTable) rows = index_by_pid (result);
  g_autoptr(GHashTable) waiters = index_by_blocker (result);
  g_autoptr(GHashTable) told = g_hash_table_new (NULL, NULL);
  Chains chains = { tide_health_add (health, "sessions", "blocking", _("Who waits for whom")), result, rows, waiters, told };
  guint n = tell_chains (&chains);

  chains.check->threshold = g_strdup (_("10 s"));
  if (n == 0)
    chains.check->value = g_strdup (_("Nobody waits for a lock"));
  else
    {
      chains.check->value = g_strdup_printf (g_dngettext (NULL, "%u session waits", "%u sessions wait", n), n);
      chains.check->advice = g_strdup (_("The session at the top holds what the others wait for. Let it end; else cancel its "
                                         "query or end the session: what it had not committed is undone"));
    }
}

static void
judge_lock (TideHealth *health,
            TideResult *result)
{
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      TideHealthCheck *check;

      if (!tide_result_get_boolean (result, i, HOLDS_LOCK))
        continue;
      check = tide_health_add (health, "sessions", "migration-lock", _("Migration lock"));
      check->value = g_strdup (_("Held: somebody is deploying, or a deploy hangs"));
      check->advice = g_strdup (_("No other deploy can start. Wait; end the session only when nobody is at work there"));
      offer_ending (tide_health_check_take_row (check, TIDE_HEALTH_NOTICE, dup_title (result, i), dup_blocker_text (result, i)),
                    result, i);
    }
}

static void
judge_sessions (TideHealth *health,
                TideResult *result)
{
  judge_blocking (health, result);
  judge_long (health, result);
  judge_idle (health, result);
  judge_lock (health, result);
}

static char *
dup_prepared_sql (int version)
{
  return g_strdup ("SELECT gid, owner::text, extract(epoch FROM now() - prepared)::bigint FROM pg_prepared_xacts\n"
                   " WHERE database = current_database() ORDER BY prepared");
}

static void
judge_prepared (TideHealth *health,
                TideResult *result)
{
  TideHealthCheck *check;

  if (tide_result_get_n_rows (result) == 0)
    return;
  check = tide_health_add (health, "sessions", "prepared-transactions", _("Prepared transactions"));
  check->threshold = g_strdup (_("5 min"));
  for (guint i = 0; i < tide_result_get_n_rows (result); i++)
    {
      gint64 age = tide_result_get_int64 (result, i, 2);
      g_autofree char *span = tide_health_dup_span (age);
      g_autofree char *gid = tide_quote_literal (tide_result_get_value (result, i, 0));
      TideHealthRow *row =
        tide_health_check_take_row (check, age >= LONG_TRANSACTION ? TIDE_HEALTH_CRITICAL : TIDE_HEALTH_NOTICE,
                                    g_strdup (tide_result_get_value (result, i, 0)),
                                    g_strdup_printf (_("of %s, for %s"), tide_result_get_value (result, i, 1), span));

      row->action = TIDE_HEALTH_ACTION_OPEN_SQL;
      row->argument = g_strdup_printf ("ROLLBACK PREPARED %s;", gid);
    }
  set_count (check);
  check->advice = g_strdup (_("Each holds its locks and old rows, even over a restart, until somebody commits it or rolls it back"));
}

const TideHealthProbe tide_health_session_probes[] = {
  { "sessions", "blocking", N_("Who waits for whom"), TRUE, FALSE, dup_sessions_sql, judge_sessions },
  { "sessions", "prepared-transactions", N_("Prepared transactions"), TRUE, FALSE, dup_prepared_sql, judge_prepared },
  { NULL }
};
