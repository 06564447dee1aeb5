/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-server"

#include "config.h"

#include <stdio.h>

#include "backup/tide-restore-leftovers.h"
#include "health/tide-health-private.h"
#include "health/tide-health-text.h"

/* The newest minor of each major that this program knows of; an older one lacks fixes for sure, a newer one is as good. */
static const struct
{
  int         major;
  int         minor;
  const char *end; /* of its support, as postgresql.org tells it */
} majors[] = {
  { 12, 22, "2024-11-21" },
  { 13, 23, "2025-11-13" },
  { 14, 23, "2026-11-12" },
  { 15, 18, "2027-11-11" },
  { 16, 14, "2028-11-09" },
  { 17, 10, "2029-11-08" },
  { 18, 4, "2030-11-14" },
};

/* The functions behind pg_stat_activity and pg_stat_database: a new connection pays more for the text of such a view than for what it shows */
static char *
dup_server_sql (int version)
{
  return g_strdup_printf (
    "SELECT current_database(), current_setting('server_version'), pg_is_in_recovery(),\n"
    "  pg_has_role('pg_read_all_stats', 'USAGE'),\n"
    "  extract(epoch FROM pg_postmaster_start_time())::bigint, extract(epoch FROM now())::bigint,\n"
    "  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,\n"
    "  a.n, a.own,\n"
    "  CASE WHEN pg_is_in_recovery() THEN\n"
    "    CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0\n"
    "         ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp())::bigint END END,\n"
    "  age(d.datfrozenxid), mxid_age(d.datminmxid), current_setting('autovacuum_freeze_max_age')::int,\n"
    "  current_setting('autovacuum')::bool,\n"
    "  pg_stat_get_db_blocks_hit(d.oid), greatest(pg_stat_get_db_blocks_fetched(d.oid) - pg_stat_get_db_blocks_hit(d.oid), 0),\n"
    "  pg_stat_get_db_temp_files(d.oid), pg_stat_get_db_temp_bytes(d.oid), pg_stat_get_db_deadlocks(d.oid), %s,\n"
    "  extract(epoch FROM coalesce(pg_stat_get_db_stat_reset_time(d.oid), pg_postmaster_start_time()))::bigint\n"
    "  FROM pg_database d CROSS JOIN LATERAL (\n"
    "    SELECT count(*) AS n, count(*) FILTER (WHERE datid = d.oid) AS own FROM pg_stat_get_activity(NULL)\n"
    "     WHERE backend_type = 'client backend') AS a\n"
    " WHERE d.datname = current_database()",
    version >= 170000 ? "(SELECT array[num_timed, num_requested] FROM pg_stat_checkpointer)"
                      : "(SELECT array[checkpoints_timed, checkpoints_req] FROM pg_stat_bgwriter)");
}

enum
{
  DATABASE, VERSION, IN_RECOVERY, SEES_ALL, STARTED, NOW, MAX_CONNECTIONS, CONNECTIONS, OWN_CONNECTIONS, LAG,
  XID_AGE, MXID_AGE, FREEZE_AGE, AUTOVACUUM, HITS, READS, TEMP_FILES, TEMP_BYTES, DEADLOCKS, CHECKPOINTS,
  STATS_SINCE,
};

static gint64
get (TideResult *result,
     guint       column)
{
  return tide_result_get_int64 (result, 0, column);
}

static void
judge_connection (TideHealth *health,
                  TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "server", "connectivity", _("Connection"));
  gint64 up = get (result, NOW) - get (result, STARTED);
  g_autofree char *since = tide_health_dup_span (up);

  if (!tide_result_get_boolean (result, 0, IN_RECOVERY))
    check->value = g_strdup_printf (_("Answers; a primary; up for %s"), since);
  else if (tide_result_get_value (result, 0, LAG) == NULL)
    check->value = g_strdup_printf (_("Answers; a replica, which takes no changes; up for %s"), since);
  else
    {
      g_autofree char *lag = tide_health_dup_span (get (result, LAG));

      check->value = g_strdup_printf (_("Answers; a replica, which takes no changes, %s behind; up for %s"), lag, since);
      check->threshold = g_strdup (_("30 s behind"));
    }
  if (get (result, LAG) >= 30)
    {
      check->state = TIDE_HEALTH_WARNING;
      check->advice = g_strdup (_("What is read here is old: see whether the primary still sends its log, and whether a long query "
                                  "here or pg_wal_replay_pause() holds it up"));
    }
  else if (!health->sees_all)
    {
      check->advice = g_strdup (_("This user does not see what others run. An administrator can change that: "
                                  "GRANT pg_monitor TO the user"));
      check->state = TIDE_HEALTH_NOTICE;
    }
  else if (up < 600)
    {
      check->state = TIDE_HEALTH_NOTICE;
      check->advice = g_strdup (_("The server was started a moment ago; if nobody did that on purpose, its log tells why"));
    }
}

static void
judge_version (TideHealth *health,
               TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "server", "server-version", _("PostgreSQL"));
  int major = health->server_version / 10000;
  int minor = health->server_version % 10000;
  g_autoptr(GDateTime) today = g_date_time_new_from_unix_utc (get (result, NOW));
  g_autofree char *date = g_date_time_format (today, "%Y-%m-%d");

  check->value = g_strdup (tide_result_get_value (result, 0, VERSION));
  for (guint i = 0; i < G_N_ELEMENTS (majors); i++)
    {
      if (majors[i].major != major)
        continue;
      check->threshold = g_strdup_printf (_("fixed until %s; at least %d.%d"), majors[i].end, major, majors[i].minor);
      if (strcmp (date, majors[i].end) > 0)
        {
          check->state = TIDE_HEALTH_WARNING;
          check->advice = g_strdup_printf (_("PostgreSQL %d gets no fixes any more since %s: plan an upgrade to a newer major"),
                                           major, majors[i].end);
        }
      else if (minor < majors[i].minor)
        {
          check->state = TIDE_HEALTH_NOTICE;
          check->advice = g_strdup_printf (_("%d.%d has fixes that this one lacks; a minor update needs a restart and nothing more"),
                                           major, majors[i].minor);
        }
    }
}

static void
judge_connections (TideHealth *health,
                   TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "sessions", "connections", _("Connections"));
  gint64 used = get (result, CONNECTIONS);
  gint64 most = MAX (get (result, MAX_CONNECTIONS), 1);
  double share = (double) used / most;

  check->value = g_strdup_printf (_("%d of %d, %d of them here"), (int) used, (int) most, (int) get (result, OWN_CONNECTIONS));
  check->threshold = g_strdup (_("80 % of what is allowed"));
  if (share >= 0.95)
    check->state = TIDE_HEALTH_CRITICAL;
  else if (share >= 0.8)
    check->state = TIDE_HEALTH_WARNING;
  if (share >= 0.8)
    check->advice = g_strdup (_("Soon nobody can connect any more: close what is idle, give each application a smaller pool, "
                                "or put a pooler in front"));
}

static void
judge_age (TideHealth *health,
           TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "server", "wraparound", _("Transaction age"));
  gint64 age = MAX (get (result, XID_AGE), get (result, MXID_AGE));
  gint64 freeze = MAX (get (result, FREEZE_AGE), 1);
  g_autofree char *count = tide_health_dup_count (age);

  check->value = g_strdup_printf (_("%s transactions, %.0f %% of the way to where the server stops taking changes"), count,
                                  100.0 * age / 2146483648.0);
  check->threshold = g_strdup (_("twice autovacuum_freeze_max_age"));
  if (age > 1500000000)
    check->state = TIDE_HEALTH_CRITICAL;
  else if (age > 2 * freeze)
    check->state = TIDE_HEALTH_WARNING;
  if (check->state == TIDE_HEALTH_OK)
    return;
  check->advice = g_strdup (_("Old transactions are not frozen in time. End what holds them back (long transactions, slots, "
                              "prepared transactions), then run VACUUM over the database"));
  check->action = TIDE_HEALTH_ACTION_VACUUM;
}

static void
judge_autovacuum (TideHealth *health,
                  TideResult *result)
{
  TideHealthCheck *check;

  if (tide_result_get_boolean (result, 0, AUTOVACUUM))
    return;
  check = tide_health_add (health, "server", "autovacuum", _("Autovacuum"));
  check->state = TIDE_HEALTH_NOTICE;
  check->value = g_strdup (_("Off"));
  check->advice = g_strdup (_("Dead rows stay and plans go stale until somebody cleans up by hand: set autovacuum = on"));
}

static void
judge_cache (TideHealth *health,
             TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "server", "cache-hits", _("Cache hits"));
  gint64 hits = get (result, HITS);
  gint64 blocks = hits + get (result, READS);

  check->threshold = g_strdup (_("90 % once 100,000 blocks were read"));
  if (blocks == 0)
    {
      check->value = g_strdup (_("Nothing was read yet"));
      return;
    }
  check->value = g_strdup_printf ("%.1f %%", 100.0 * hits / blocks);
  if (blocks > 100000 && hits < 0.9 * blocks)
    {
      check->state = TIDE_HEALTH_NOTICE;
      check->advice = g_strdup (_("Much is read from outside shared_buffers: see whether the largest queries lack an index; "
                                  "then whether shared_buffers is too small for what is used"));
    }
}

static void
judge_temporary (TideHealth *health,
                 TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "server", "temporary-files", _("Temporary files"));
  gint64 bytes = get (result, TEMP_BYTES);
  double days = MAX (get (result, NOW) - get (result, STATS_SINCE), 3600) / 86400.0;
  g_autofree char *size = g_format_size (bytes);
  g_autofree char *count = tide_health_dup_count (get (result, TEMP_FILES));

  check->value = g_strdup_printf (_("%s with %s since the statistics began"), count, size);
  check->threshold = g_strdup (_("10 GB a day"));
  if (bytes / days > 10e9)
    {
      check->state = TIDE_HEALTH_NOTICE;
      check->advice = g_strdup (_("Sorts and hashes do not fit into work_mem: find them with log_temp_files, then raise it "
                                  "for those sessions"));
    }
}

static void
judge_checkpoints (TideHealth *health,
                   TideResult *result)
{
  const char *text = tide_result_get_value (result, 0, CHECKPOINTS);
  TideHealthCheck *check = tide_health_add (health, "server", "checkpoints", _("Checkpoints"));
  gint64 timed = 0;
  gint64 requested = 0;

  if (text == NULL || sscanf (text, "{%" G_GINT64_MODIFIER "d,%" G_GINT64_MODIFIER "d}", &timed, &requested) != 2)
    {
      check->state = TIDE_HEALTH_UNKNOWN;
      check->value = g_strdup (_("Not known"));
      return;
    }
  check->value = g_strdup_printf (_("%d by the clock, %d on request"), (int) timed, (int) requested);
  check->threshold = g_strdup (_("more on request than by the clock, from 100 on"));
  if (requested > 100 && requested > timed)
    {
      check->state = TIDE_HEALTH_NOTICE;
      check->advice = g_strdup (_("Checkpoints come because the log is full, not because it is time: raise max_wal_size"));
    }
}

static void
judge_deadlocks (TideHealth *health,
                 TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "sessions", "deadlocks", _("Deadlocks"));
  int n = get (result, DEADLOCKS);

  check->value = n == 0 ? g_strdup (_("None")) : g_strdup_printf (_("%d since the statistics began"), n);
  check->threshold = g_strdup (_("any"));
  if (n > 0)
    {
      check->state = TIDE_HEALTH_NOTICE;
      check->advice = g_strdup (_("The server's log names both statements of each; take locks in the same order everywhere"));
    }
}

static void
judge_server (TideHealth *health,
              TideResult *result)
{
  if (tide_result_get_n_rows (result) == 0)
    return;
  health->database = g_strdup (tide_result_get_value (result, 0, DATABASE));
  health->sees_all = tide_result_get_boolean (result, 0, SEES_ALL);
  judge_connection (health, result);
  judge_version (health, result);
  judge_age (health, result);
  judge_autovacuum (health, result);
  judge_cache (health, result);
  judge_temporary (health, result);
  judge_checkpoints (health, result);
  judge_connections (health, result);
  judge_deadlocks (health, result);
}

/* Replicas that stream from here, and slots: what nobody fetches fills the disk. */
static char *
dup_replication_sql (int version)
{
  return g_strdup_printf (
    "SELECT 0, coalesce(application_name, '?'), state, coalesce(extract(epoch FROM replay_lag)::bigint, 0),\n"
    "  CASE WHEN pg_is_in_recovery() THEN 0 ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::bigint END, true, NULL\n"
    "  FROM pg_stat_replication WHERE pid IS NOT NULL\n"
    "UNION ALL\n"
    "SELECT 1, slot_name::text, slot_type, 0,\n"
    "  CASE WHEN pg_is_in_recovery() THEN 0 ELSE coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint END,\n"
    "  active, %s\n"
    "  FROM pg_replication_slots ORDER BY 5 DESC", version >= 130000 ? "wal_status" : "NULL::text");
}

static void
judge_slot (TideHealthCheck *check,
            TideResult      *result,
            guint            i)
{
  g_autofree char *size = g_format_size (MAX (tide_result_get_int64 (result, i, 4), 0));
  gboolean is_active = tide_result_get_boolean (result, i, 5);
  gboolean is_lost = g_strcmp0 (tide_result_get_value (result, i, 6), "lost") == 0;
  TideHealthState state = TIDE_HEALTH_OK;
  TideHealthRow *row;
  g_autofree char *name = NULL;

  if (is_lost)
    state = TIDE_HEALTH_WARNING;
  else if (!is_active)
    state = tide_result_get_int64 (result, i, 4) > 1073741824 ? TIDE_HEALTH_CRITICAL : TIDE_HEALTH_WARNING;
  row = tide_health_check_take_row (check, state, g_strdup_printf (_("Slot %s"), tide_result_get_value (result, i, 1)),
                                    g_strdup_printf (is_lost ? _("lost: its log is gone; %s behind")
                                                     : is_active ? _("in use, %s kept for it")
                                                                 : _("used by nobody, %s kept for it"), size));
  if (state == TIDE_HEALTH_OK)
    return;
  name = tide_quote_literal (tide_result_get_value (result, i, 1));
  row->action = TIDE_HEALTH_ACTION_OPEN_SQL;
  row->argument = g_strdup_printf ("SELECT pg_catalog.pg_drop_replication_slot(%s);", name);
  if (check->advice == NULL)
    check->advice = g_strdup (_("A slot keeps the log for its reader for ever, until the disk is full. Start the reader again, "
                                "or drop the slot"));
}

static void
judge_replication (TideHealth *health,
                   TideResult *result)
{
  TideHealthCheck *check = tide_health_add (health, "server", "replication", _("Replication"));
  guint n_replicas = 0;
  guint n = tide_result_get_n_rows (result);

  check->threshold = g_strdup (_("30 s behind, or a slot that nobody reads"));
  for (guint i = 0; i < n; i++)
    {
      gint64 lag = tide_result_get_int64 (result, i, 3);
      g_autofree char *span = tide_health_dup_span (lag);

      if (tide_result_get_int64 (result, i, 0) == 1)
        {
          judge_slot (check, result, i);
          continue;
        }
      n_replicas++;
      tide_health_check_take_row (check, lag >= 30 ? TIDE_HEALTH_WARNING : TIDE_HEALTH_OK,
                                  g_strdup_printf (_("Replica %s"), tide_result_get_value (result, i, 1)),
                                  g_strdup_printf (_("%s, %s behind"),
                                                   tide_result_get_value (result, i, 2) ? tide_result_get_value (result, i, 2)
                                                                                        : _("state not shown to this user"), span));
    }
  if (n == 0)
    check->value = g_strdup (_("No replicas, no slots"));
  else
    check->value = g_strdup_printf (_("Replicas: %u; slots: %u"), n_replicas, n - n_replicas);
}

static char *
dup_leftovers_sql (int version)
{
  return g_strdup (tide_restore_get_leftovers_sql ());
}

static void
judge_leftovers (TideHealth *health,
                 TideResult *result)
{
  guint n = tide_result_get_n_rows (result);
  TideHealthCheck *check;

  if (n == 0)
    return;
  check = tide_health_add (health, "server", "half-made-databases", _("Half-made databases"));
  check->threshold = g_strdup (_("any"));
  for (guint i = 0; i < n; i++)
    {
      const char *name = tide_result_get_value (result, i, 0);
      g_autofree char *quoted = tide_quote_identifier (name);
      TideHealthRow *row = tide_health_check_take_row (check, TIDE_HEALTH_NOTICE, g_strdup (name), NULL);

      row->action = TIDE_HEALTH_ACTION_OPEN_SQL;
      row->argument = g_strdup_printf ("DROP DATABASE %s;", quoted);
    }
  check->value = g_strdup_printf ("%u", n);
  check->advice = g_strdup (_("A restore that was killed has left them, and nobody uses them; the next restore on this server drops them"));
}

const TideHealthProbe tide_health_server_probes[] = {
  { "server", "connectivity", N_("Connection"), TRUE, FALSE, dup_server_sql, judge_server },
  { "server", "replication", N_("Replication"), TRUE, FALSE, dup_replication_sql, judge_replication },
  { "server", "half-made-databases", N_("Half-made databases"), FALSE, FALSE, dup_leftovers_sql, judge_leftovers },
  { NULL }
};
