/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-guard"

#include "config.h"

#include <string.h>

#include "query/tide-guard-private.h"

#define OUTSIDE   "acts outside of the transaction"
#define SERVER    "acts on the server itself"
#define SETTING   "changes how this session may write"
#define STATEMENT "runs a statement that cannot be looked at"
#define STORAGE   "changes tables or indexes where the server does not look"

/* A name that ends in * stands for all that begin so. */
typedef struct
{
  const char *name;
  const char *why;
} Known;

static const Known functions[] = {
  { "set_config", SETTING },
  { "dblink*", OUTSIDE },
  { "query_to_xml*", STATEMENT },
  { "ts_stat", STATEMENT },
  { "pg_advisory_lock*", "holds a lock until this session ends" },
  { "pg_try_advisory_lock*", "holds a lock until this session ends" },
  { "pg_import_system_collations", STORAGE },
  { "pg_truncate_visibility_map", STORAGE },
  { "pg_clear_*", STORAGE },
  { "pg_restore_*", STORAGE },
  { "heap_force_*", STORAGE },
  { "brin_summarize_*", STORAGE },
  { "brin_desummarize_*", STORAGE },
  { "gin_clean_pending_list", STORAGE },
  /* Servers before 16 let a transaction that only reads change large objects. */
  { "lo_creat*", "changes large objects" },
  { "lo_from_bytea", "changes large objects" },
  { "lo_put", "changes large objects" },
  { "lo_truncate*", "changes large objects" },
  { "lo_unlink", "changes large objects" },
  { "lowrite", "changes large objects" },
  { "lo_import*", OUTSIDE },
  { "lo_export", OUTSIDE },
  { "pg_file_*", OUTSIDE },
  { "pg_logfile_*", SERVER },
  { "pg_logical_emit_message", OUTSIDE },
  { "pg_logical_slot_get*", OUTSIDE },
  { "pg_replication_*", OUTSIDE },
  { "pg_create_*", OUTSIDE },
  { "pg_copy_*", OUTSIDE },
  { "pg_drop_*", OUTSIDE },
  { "pg_sync_*", OUTSIDE },
  { "pg_notify", OUTSIDE },
  { "pg_terminate_backend", SERVER },
  { "pg_cancel_backend", SERVER },
  { "pg_reload_conf", SERVER },
  { "pg_rotate_logfile*", SERVER },
  { "pg_switch_wal", SERVER },
  { "pg_promote", SERVER },
  { "pg_wal_replay_*", SERVER },
  { "pg_backup_st*", SERVER },
  { "pg_start_backup", SERVER },
  { "pg_stop_backup", SERVER },
  { "pg_stat_reset*", SERVER },
  { "pg_stat_statements_reset", SERVER },
  { "pg_log_backend_memory_contexts", SERVER },
  { "pg_prewarm", SERVER },
};

static const Known settings[] = {
  { "transaction_read_only", SETTING },
  { "default_transaction_read_only", SETTING },
  { "session_authorization", "changes who this session is" },
  { "session_replication_role", "turns triggers and checks off" },
  { "standard_conforming_strings", "changes how statements are read" },
  { "backslash_quote", "changes how statements are read" },
};

static gboolean
is_name (const char *pattern,
         const char *name)
{
  gsize length = strlen (pattern);

  if (pattern[length - 1] == '*')
    return g_ascii_strncasecmp (pattern, name, length - 1) == 0;
  return g_ascii_strcasecmp (pattern, name) == 0;
}

static const char *
explain (const Known *table,
         guint        n,
         const char  *name)
{
  for (guint i = 0; i < n; i++)
    if (is_name (table[i].name, name))
      return table[i].why;
  return NULL;
}

const char *
tide_guard_explain_function (const char *name)
{
  return explain (functions, G_N_ELEMENTS (functions), name);
}

const char *
tide_guard_explain_setting (const char *name)
{
  return explain (settings, G_N_ELEMENTS (settings), name);
}

void
tide_guard_refuse (TideGuard  *self,
                   const char *format,
                   ...)
{
  va_list arguments;

  self->reads = FALSE;
  if (self->reason != NULL)
    return;
  va_start (arguments, format);
  self->reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
}

/**
 * tide_guard_check:
 * @self: (out caller-allocates): what it would do; free with tide_guard_clear()
 * @statement: one statement
 *
 * Looks at a statement; it runs nothing.
 */
void
tide_guard_check (TideGuard  *self,
                  const char *statement)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (statement != NULL);

  *self = (TideGuard) { .reads = TRUE };
  if (!tide_guard_check_tree (self, statement))
    tide_guard_check_words (self, statement);
}

void
tide_guard_clear (TideGuard *self)
{
  g_clear_pointer (&self->reason, g_free);
}
