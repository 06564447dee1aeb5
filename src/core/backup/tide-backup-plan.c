/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-plan"

#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>

#include "backup/tide-backup-catalog.h"
#include "backup/tide-backup-command.h"
#include "backup/tide-backup-parts.h"
#include "backup/tide-backup-private.h"
#include "backup/tide-backup-tool.h"
#include "backup/tide-manifest.h"
#include "tide-error.h"

/* How large a backup may become beside the tables it reads: rows as text are about as long as rows on disk, and text shrinks to
 * a third at the least. Only a guess, to catch the disk that is much too small. */
#define PLAIN_SHARE 1.0
#define COMPRESSED_SHARE 0.3
#define SCHEMA_BYTES (1024 * 1024)
#define MAX_NAMED 5

static gint64
measure_free (const char *folder)
{
  g_autofree char *nearest = g_canonicalize_filename (folder, NULL);
  struct statvfs buf;

  while (statvfs (nearest, &buf) != 0)
    {
      char *parent = g_path_get_dirname (nearest);

      if (errno != ENOENT || g_str_equal (parent, nearest))
        {
          g_free (parent);
          return -1;
        }
      g_free (nearest);
      nearest = parent;
    }
  return (gint64) buf.f_bavail * (gint64) buf.f_frsize;
}

static gint64
estimate_bytes (const TideBackupOptions *options,
                GPtrArray               *tables)
{
  TideBackupFormat format = tide_backup_command_format (options);
  gboolean plain = format == TIDE_BACKUP_FORMAT_PLAIN || format == TIDE_BACKUP_FORMAT_TAR || options->compression == 0;
  double bytes = SCHEMA_BYTES;

  for (guint i = 0; i < tables->len; i++)
    bytes += ((TideBackupTable *) g_ptr_array_index (tables, i))->data_bytes * (plain ? PLAIN_SHARE : COMPRESSED_SHARE);
  return bytes;
}

/* (transfer full) (nullable): names of the tables that @is_bad, the first few */
static char *
name_tables (GPtrArray *tables,
             gboolean (*is_bad) (const TideBackupTable *))
{
  g_autoptr(GString) names = g_string_new (NULL);
  guint n = 0;

  for (guint i = 0; i < tables->len; i++)
    {
      const TideBackupTable *table = g_ptr_array_index (tables, i);

      if (!is_bad (table) || n++ >= MAX_NAMED)
        continue;
      g_string_append_printf (names, "%s\"%s.%s\"", names->len ? ", " : "", table->schema, table->name);
    }
  if (n > MAX_NAMED)
    g_string_append_printf (names, " and %u more", n - MAX_NAMED);
  return n > 0 ? g_strdup (names->str) : NULL;
}

static gboolean
is_filtered (const TideBackupTable *table)
{
  return table->filtered;
}

static gboolean
is_unreadable (const TideBackupTable *table)
{
  return !table->readable;
}

/* A dump of what one may see looks whole and is not. */
static gboolean
check_access (GPtrArray  *tables,
              GError    **error)
{
  g_autofree char *filtered = name_tables (tables, is_filtered);
  g_autofree char *unreadable = name_tables (tables, is_unreadable);

  if (filtered != NULL)
    tide_set_error (error, TIDE_ERROR_REFUSED, "back up as a role with BYPASSRLS, as the owner, or as a superuser",
                    "row security hides rows of %s from this role: the backup would not be whole", filtered);
  else if (unreadable != NULL)
    tide_set_error (error, TIDE_ERROR_REFUSED, "back up as a role that is a member of pg_read_all_data, or as the owner",
                    "this role may not read %s", unreadable);
  return filtered == NULL && unreadable == NULL;
}

static gboolean
check_space (const TideBackupPlan  *plan,
             const char            *folder,
             GError               **error)
{
  g_autofree char *estimate = g_format_size (plan->estimate_bytes);
  g_autofree char *available = g_format_size (MAX (plan->free_bytes, 0));

  if (plan->free_bytes < 0 || plan->free_bytes >= plan->estimate_bytes)
    return TRUE;
  tide_set_error (error, TIDE_ERROR_REFUSED, "free some space, choose another place, or a compressed format",
                  "there is not enough space in \"%s\": about %s are needed, %s are free", folder, estimate, available);
  return FALSE;
}

/* (nullable): the first few of @names */
static char *
join_first (char **names)
{
  guint n = names ? g_strv_length (names) : 0;
  g_autofree char *more = n > MAX_NAMED ? g_strdup_printf (" and %u more", n - MAX_NAMED) : NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (n, MAX_NAMED); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", names[i]);
  return n > 0 ? g_strconcat (text->str, more, NULL) : NULL;
}

static void
add_warnings (TideBackupPlan          *plan,
              const TideBackupOptions *options,
              TideManifest            *manifest,
              char                   **missing)
{
  g_autofree char *outside = join_first (missing);
  g_autofree char *extensions = g_strjoinv (", ", manifest->extensions);
  g_autofree char *roles = g_strjoinv (", ", manifest->roles);

  if (*extensions != '\0')
    g_ptr_array_add (plan->warnings, g_strdup_printf ("a restore needs a server with these extensions: %s", extensions));
  if (*roles != '\0' && !options->with_roles && !(options->no_owner && options->no_privileges))
    g_ptr_array_add (plan->warnings,
                     g_strdup_printf ("a restore on another server misses these roles unless they are there: %s", roles));
  if (outside != NULL)
    g_ptr_array_add (plan->warnings, g_strdup_printf ("this part needs what is not in it, so that it can be restored only where "
                                                      "that is: %s", outside));
}

/* (transfer full): the folder that the backup will lie in */
static char *
dup_folder (const TideBackupOptions *options)
{
  return options->path != NULL ? g_path_get_dirname (options->path) : g_strdup (options->folder);
}

static char **
make_command (TideConninfo            *conninfo,
              const TideBackupOptions *options,
              char                   **tables)
{
  TideBackupOptions found = *options;
  const char *suffix = tide_backup_format_get_suffix (tide_backup_command_format (options));
  g_autofree char *name = g_strconcat ("migration_backup_YYYYMMDD_HHMMSS", suffix, NULL);
  g_autofree char *file = options->path ? g_strdup (options->path) : g_build_filename (options->folder, name, NULL);

  found.tables = (const char *const *) tables;
  return tide_backup_command_to_type (&found, file, conninfo);
}

/* The tool is asked what it is while the server answers: a program takes as long to start as all our questions take. */
typedef struct
{
  int     major;
  char   *tool;
  char   *version;
  GError *error;
} Search;

static gpointer
find_tool_in_thread (gpointer data)
{
  Search *search = data;

  search->tool = tide_backup_tool_find ("pg_dump", search->major, &search->version, &search->error);
  return NULL;
}

static gboolean
ask_server (TideBackupPlan           *plan,
            TideSession              *session,
            const TideBackupOptions  *options,
            TideManifest             *manifest,
            GPtrArray               **tables,
            GCancellable             *cancellable,
            GError                  **error)
{
  TideBackupOptions found = *options;
  g_autoptr(TideResult) size = NULL;
  g_auto(GStrv) missing = NULL;

  if (!tide_backup_catalog_describe (session, manifest, cancellable, error) ||
      !tide_backup_parts_find (session, options, &plan->tables, cancellable, error))
    return FALSE;
  found.tables = (const char *const *) plan->tables;
  options = &found;
  if (!tide_backup_parts_look_around (session, options, &missing, cancellable, error))
    return FALSE;
  *tables = tide_backup_catalog_read_tables (session, options, cancellable, error);
  if (*tables == NULL || !check_access (*tables, error))
    return FALSE;
  size = tide_session_query (session, "SELECT pg_catalog.pg_database_size(pg_catalog.current_database())", NULL, 0,
                             cancellable, error);
  if (size == NULL)
    return FALSE;
  plan->database_bytes = tide_result_get_int64 (size, 0, 0);
  plan->estimate_bytes = estimate_bytes (options, *tables);
  add_warnings (plan, options, manifest, missing);
  return TRUE;
}

/* Of both failures that of the tool is told: without it nothing else matters. */
static gboolean
ask_both (TideBackupPlan           *plan,
          TideSession              *session,
          const TideBackupOptions  *options,
          TideManifest             *manifest,
          GPtrArray               **tables,
          GCancellable             *cancellable,
          GError                  **error)
{
  Search search = { .major = tide_session_get_server_version (session) / 10000 };
  GThread *thread = g_thread_new ("tide-find-tool", find_tool_in_thread, &search);
  g_autoptr(GError) failure = NULL;

  ask_server (plan, session, options, manifest, tables, cancellable, &failure);
  g_thread_join (thread);
  plan->tool = search.tool;
  plan->tool_version = search.version;
  if (search.error != NULL)
    g_propagate_error (error, search.error);
  else if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    return TRUE;
  return FALSE;
}

/* What a backup needs to know as well comes along: @manifest is told what the database is, @tables are those of the dump. */
TideBackupPlan *
tide_backup_plan_look (TideConninfo             *conninfo,
                       TideSession              *session,
                       const TideBackupOptions  *options,
                       TideManifest             *manifest,
                       GPtrArray               **tables,
                       GCancellable             *cancellable,
                       GError                  **error)
{
  g_autoptr(TideBackupPlan) plan = g_new0 (TideBackupPlan, 1);
  g_autofree char *folder = dup_folder (options);

  plan->warnings = g_ptr_array_new_with_free_func (g_free);
  if (!ask_both (plan, session, options, manifest, tables, cancellable, error))
    return NULL;
  plan->free_bytes = measure_free (folder);
  plan->command = make_command (conninfo, options, plan->tables);
  return check_space (plan, folder, error) ? g_steal_pointer (&plan) : NULL;
}

/**
 * tide_backup_plan_make:
 * @conninfo: the database
 * @options: what is asked for
 * @cancellable: (nullable): cancels
 * @error: as for tide_backup_options_check(); %TIDE_ERROR_NOT_FOUND with what to install, or what is chosen and not there; %TIDE_ERROR_REFUSED when it would
 *   not be whole or not fit; %TIDE_ERROR_UNREACHABLE
 *
 * Looks before anything runs. Blocks.
 *
 * Returns: (transfer full) (nullable): what would be done
 */
TideBackupPlan *
tide_backup_plan_make (TideConninfo             *conninfo,
                       const TideBackupOptions  *options,
                       GCancellable             *cancellable,
                       GError                  **error)
{
  g_autoptr(TideManifest) manifest = NULL;
  g_autoptr(TideSession) session = NULL;
  g_autoptr(GPtrArray) tables = NULL;

  g_return_val_if_fail (conninfo != NULL, NULL);

  if (!tide_backup_options_check (options, error))
    return NULL;
  session = tide_session_open (conninfo, cancellable, error);
  if (session == NULL || !tide_backup_catalog_prepare (session, options, cancellable, error))
    return NULL;
  manifest = tide_manifest_new ();
  return tide_backup_plan_look (conninfo, session, options, manifest, &tables, cancellable, error);
}

void
tide_backup_plan_free (TideBackupPlan *plan)
{
  if (plan == NULL)
    return;
  g_free (plan->tool);
  g_free (plan->tool_version);
  g_strfreev (plan->command);
  g_strfreev (plan->tables);
  g_ptr_array_unref (plan->warnings);
  g_free (plan);
}
