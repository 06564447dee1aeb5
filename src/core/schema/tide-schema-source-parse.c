/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-source"

#include "config.h"

#include <string.h>

#include "connect/tide-url.h"
#include "history/tide-history.h"
#include "project/tide-migration-private.h"
#include "schema/tide-schema-source-private.h"
#include "tide-error.h"

#define HINT                                                                                             \
  "write empty, database, migrations, migrations@NAME, env:NAME, url:URL, backup:FILE or sql:FILE"

/* What a person has written, and what it may be about */
typedef struct
{
  const char   *text;
  TideProject  *project;     /* (nullable) */
  TideTarget   *target;      /* (nullable) */
  GCancellable *cancellable;
} Context;

static TideSchemaSource *
new_source (TideSourceKind  kind,
            char           *label)
{
  TideSchemaSource *self = g_new0 (TideSchemaSource, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->label = label;
  return self;
}

static TideSchemaSource *
new_database (TideConninfo *conninfo)
{
  TideSchemaSource *self = new_source (TIDE_SOURCE_DATABASE, tide_conninfo_dup_label (conninfo));

  self->conninfo = tide_conninfo_ref (conninfo);
  return self;
}

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) tide_migration_unref);
}

TideSchemaSource *
tide_schema_source_new_history (TideProject *project,
                                GPtrArray   *migrations,
                                const char  *schema,
                                const char  *label)
{
  TideSchemaSource *self = new_source (TIDE_SOURCE_HISTORY, g_strdup (label));

  self->project = g_object_ref (project);
  self->migrations = g_ptr_array_ref (migrations);
  self->schema = g_strdup (schema);
  return self;
}

static gboolean
check_project (const Context  *context,
               GError        **error)
{
  if (context->project == NULL)
    {
      tide_set_error (error, TIDE_ERROR_NOT_FOUND, "go to the project's folder, or name it",
                      "\"%s\" is about a project, and there is none here", context->text);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_folder (const Context  *context,
              GError        **error)
{
  const char *folder;

  if (!check_project (context, error))
    return FALSE;
  folder = tide_project_get_migrations_dir (context->project);
  if (folder != NULL && g_file_test (folder, G_FILE_TEST_IS_DIR))
    return tide_project_check_lock_file (context->project, error);
  tide_set_error (error, TIDE_ERROR_NOT_FOUND, "make the first migration, or compare with empty",
                  "the project has no migrations: there is no folder \"%s\"", folder != NULL ? folder : "migrations");
  return FALSE;
}

static const char *
get_schema (TideTarget *target)
{
  return target != NULL ? tide_conninfo_get_schema (tide_target_get_conninfo (target)) : NULL;
}

static TideSchemaSource *
parse_empty (const Context  *context,
             const char     *rest,
             GError        **error)
{
  TideSchemaSource *self = new_source (TIDE_SOURCE_HISTORY, g_strdup ("an empty database"));

  self->migrations = new_list ();
  return self;
}

static TideSchemaSource *
parse_database (const Context  *context,
                const char     *rest,
                GError        **error)
{
  if (context->target != NULL)
    return new_database (tide_target_get_conninfo (context->target));
  tide_set_error (error, TIDE_ERROR_USAGE, "set DATABASE_URL, or name the database", "it is not known which database is meant");
  return NULL;
}

static TideSchemaSource *
parse_migrations (const Context  *context,
                  const char     *rest,
                  GError        **error)
{
  if (!check_folder (context, error))
    return NULL;
  return tide_schema_source_new_history (context->project, tide_project_get_migrations (context->project),
                                         get_schema (context->target), "the migrations");
}

/* A whole name, or the digits that it begins with where they say which */
static int
find_migration (GPtrArray  *migrations,
                const char *name)
{
  gboolean is_number = *name != '\0' && strspn (name, G_CSET_DIGITS) == strlen (name);
  int found = -1;

  for (guint i = 0; i < migrations->len; i++)
    {
      const char *its = tide_migration_get_name (g_ptr_array_index (migrations, i));

      if (g_str_equal (its, name))
        return i;
      if (is_number && g_str_has_prefix (its, name))
        found = found == -1 ? (int) i : -2;
    }
  return found;
}

static TideSchemaSource *
parse_point (const Context  *context,
             const char     *name,
             GError        **error)
{
  g_autoptr(GPtrArray) migrations = new_list ();
  g_autofree char *label = NULL;
  GPtrArray *all;
  int last;

  if (!check_folder (context, error))
    return NULL;
  all = tide_project_get_migrations (context->project);
  last = find_migration (all, name);
  if (last < 0)
    {
      tide_set_error (error, TIDE_ERROR_NOT_FOUND, "give the name of a folder in the migrations folder",
                      last == -2 ? "more than one migration begins with \"%s\"" : "there is no migration \"%s\"", name);
      return NULL;
    }
  for (int i = 0; i <= last; i++)
    g_ptr_array_add (migrations, tide_migration_ref (g_ptr_array_index (all, i)));
  label = g_strdup_printf ("the migrations up to %s", tide_migration_get_name (g_ptr_array_index (all, last)));
  return tide_schema_source_new_history (context->project, migrations, get_schema (context->target), label);
}

static TideSchemaSource *
parse_target (const Context  *context,
              const char     *environment,
              const char     *url,
              GError        **error)
{
  g_autoptr(TideTarget) target = tide_target_resolve (context->project, environment, url, context->cancellable, error);

  return target != NULL ? new_database (tide_target_get_conninfo (target)) : NULL;
}

static TideSchemaSource *
parse_environment (const Context  *context,
                   const char     *name,
                   GError        **error)
{
  return check_project (context, error) ? parse_target (context, name, NULL, error) : NULL;
}

static TideSchemaSource *
parse_url (const Context  *context,
           const char     *url,
           GError        **error)
{
  return parse_target (context, NULL, url, error);
}

static TideSchemaSource *
new_backup (TideBackup *backup)
{
  g_autofree char *name = g_path_get_basename (backup->path);
  TideSchemaSource *self = new_source (TIDE_SOURCE_BACKUP, g_strdup_printf ("the backup \"%s\"", name));

  self->backup = tide_backup_ref (backup);
  return self;
}

static TideSchemaSource *
parse_backup (const Context  *context,
              const char     *path,
              GError        **error)
{
  g_autoptr(TideBackup) backup = tide_backup_open (path, error);

  return backup != NULL ? new_backup (backup) : NULL;
}

/* What pg_dump wrote has rows and commands to psql in it, which no session takes. */
static gboolean
is_dump (TideMigration *file)
{
  const char *sql = tide_migration_get_sql (file);

  return sql != NULL && g_strstr_len (sql, 2000, "-- PostgreSQL database dump") != NULL;
}

static TideSchemaSource *
parse_sql (const Context  *context,
           const char     *path,
           GError        **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autoptr(TideMigration) file = tide_migration_new_for_file (absolute);
  const GError *problem = tide_migration_get_problem (file);
  TideSchemaSource *self;

  if (problem != NULL)
    {
      g_autofree char *display = g_filename_display_name (path);

      if (g_error_matches (problem, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
        tide_set_error (error, TIDE_ERROR_NOT_FOUND, "name a file of SQL", "there is no file \"%s\"", display);
      else
        tide_set_error (error, problem->code, "name a file of SQL", "\"%s\" cannot be read: %s", display, problem->message);
      return NULL;
    }
  if (is_dump (file))
    return parse_backup (context, path, error);
  self = new_source (TIDE_SOURCE_HISTORY, g_strdup_printf ("\"%s\"", tide_migration_get_name (file)));
  self->migrations = new_list ();
  g_ptr_array_add (self->migrations, g_steal_pointer (&file));
  return self;
}

static TideSchemaSource *
parse_schema (const Context  *context,
              const char     *rest,
              GError        **error)
{
  tide_set_error (error, TIDE_ERROR_UNSUPPORTED, HINT, "the Prisma schema cannot be compared yet");
  return NULL;
}

static const struct
{
  const char         *word; /* with the sign that something must follow */
  TideSchemaSource *(*parse) (const Context *context, const char *rest, GError **error);
} words[] = {
  { "empty", parse_empty },
  { "database", parse_database },
  { "migrations", parse_migrations },
  { "migrations@", parse_point },
  { "schema", parse_schema },
  { "env:", parse_environment },
  { "url:", parse_url },
  { "backup:", parse_backup },
  { "sql:", parse_sql },
};

/**
 * tide_schema_source_parse:
 * @text: what a person wrote
 * @project: (nullable): the project at hand
 * @target: (nullable): what `database` means; its URL says which schema migrations go to
 * @cancellable: (nullable): cancels
 * @error: USAGE with what can be written; NOT_FOUND; those of tide_target_resolve() and tide_backup_open(); UNSUPPORTED
 *
 * Looks at files and settings, connects to nothing.
 *
 * Returns: (transfer full) (nullable): the source
 */
TideSchemaSource *
tide_schema_source_parse (const char    *text,
                          TideProject   *project,
                          TideTarget    *target,
                          GCancellable  *cancellable,
                          GError       **error)
{
  Context context = { text, project, target, cancellable };

  g_return_val_if_fail (text != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize length = strlen (words[i].word);

      if (g_ascii_isalpha (words[i].word[length - 1]))
        {
          if (g_str_equal (text, words[i].word))
            return words[i].parse (&context, "", error);
        }
      else if (g_str_has_prefix (text, words[i].word) && text[length] != '\0')
        return words[i].parse (&context, text + length, error);
    }
  if (g_str_has_prefix (text, "postgres://") || g_str_has_prefix (text, "postgresql://"))
    tide_set_error (error, TIDE_ERROR_USAGE, "write url: before it", "a URL alone is not a source");
  else
    {
      g_autofree char *shown = tide_url_redact (text);

      tide_set_error (error, TIDE_ERROR_USAGE, HINT, "\"%s\" is not a source", shown);
    }
  return NULL;
}

/**
 * tide_schema_source_new_before_failure:
 * @self: a source
 * @failure: why it could not be loaded
 *
 * Returns: (transfer full) (nullable): the history before the migration that @failure names; %NULL when it names none
 */
TideSchemaSource *
tide_schema_source_new_before_failure (TideSchemaSource *self,
                                       const GError     *failure)
{
  const TideErrorFields *fields = tide_error_get_fields (failure);
  g_autoptr(GPtrArray) before = NULL;

  if (self->project == NULL || fields == NULL || fields->file == NULL)
    return NULL;
  before = new_list ();
  for (guint i = 0; i < self->migrations->len; i++)
    {
      TideMigration *migration = g_ptr_array_index (self->migrations, i);
      g_autofree char *file = g_filename_display_name (tide_migration_get_path (migration));
      g_autofree char *label = NULL;

      if (g_str_equal (file, fields->file))
        {
          TideSchemaSource *source;

          label = g_strdup_printf ("the migrations before %s", tide_migration_get_name (migration));
          source = tide_schema_source_new_history (self->project, before, self->schema, label);
          source->applied_to = self->applied_to == NULL ? NULL : tide_conninfo_ref (self->applied_to);
          return source;
        }
      g_ptr_array_add (before, tide_migration_ref (migration));
    }
  return NULL;
}

static void
add_note (GPtrArray               *notes,
          const TideTimelineEntry *entry)
{
  const char *what = NULL;

  if (entry->state == TIDE_STATE_MISSING)
    what = "is in the ledger, but not in the folder: what it did shows as a difference";
  else if (entry->state == TIDE_STATE_FAILED)
    what = "failed and was not rolled back: what it left shows as a difference";
  else if (entry->edited)
    what = "was changed after it was applied: the file as it is now is what the database is measured against";
  if (what != NULL)
    g_ptr_array_add (notes, g_strdup_printf ("migration \"%s\" %s", entry->name, what));
}

static TideTimeline *
read_timeline (TideProject   *project,
               TideTarget    *target,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autoptr(TideSession) session = tide_session_open (tide_target_get_conninfo (target), cancellable, error);
  g_autoptr(TideHistory) history = tide_history_for_project (project);

  return session != NULL ? tide_history_read_timeline (history, project, session, cancellable, error) : NULL;
}

/**
 * tide_schema_source_new_applied:
 * @project: a project
 * @target: a database of it
 * @notes: (element-type utf8): is told what the folder cannot show
 * @cancellable: (nullable): cancels
 * @error: NOT_FOUND where there is no migrations folder; UNREACHABLE; those of reading the ledger
 *
 * Returns: (transfer full) (nullable): the history as far as it is applied there
 */
TideSchemaSource *
tide_schema_source_new_applied (TideProject   *project,
                                TideTarget    *target,
                                GPtrArray     *notes,
                                GCancellable  *cancellable,
                                GError       **error)
{
  const Context context = { "drift", project, target, cancellable };
  g_autoptr(GPtrArray) applied = new_list ();
  g_autoptr(TideTimeline) timeline = NULL;
  TideSchemaSource *source;

  g_return_val_if_fail (target != NULL, NULL);

  if (!check_folder (&context, error))
    return NULL;
  timeline = read_timeline (project, target, cancellable, error);
  if (timeline == NULL)
    return NULL;
  if (!tide_timeline_is_initialised (timeline))
    g_ptr_array_add (notes, g_strdup ("the database has no ledger of migrations: all that is in it shows as a difference"));
  for (guint i = 0; i < tide_timeline_get_n_entries (timeline); i++)
    {
      const TideTimelineEntry *entry = tide_timeline_get_entry (timeline, i);

      add_note (notes, entry);
      if (entry->migration != NULL && (entry->state == TIDE_STATE_APPLIED || entry->state == TIDE_STATE_EDITED))
        g_ptr_array_add (applied, tide_migration_ref (entry->migration));
    }
  source = tide_schema_source_new_history (project, applied, get_schema (target), "the migrations that are applied");
  source->applied_to = tide_conninfo_ref (tide_target_get_conninfo (target));
  return source;
}

static void
ignore_free (gpointer data)
{
  TideSchemaIgnore *self = data;

  g_free (self->kind);
  g_free (self->schema);
  g_free (self->name);
  g_free (self->reason);
  g_free (self);
}

GPtrArray *
tide_schema_ignores_new (GPtrArray *specs)
{
  GPtrArray *ignores = g_ptr_array_new_with_free_func (ignore_free);

  for (guint i = 0; i < specs->len; i++)
    {
      const TideIgnoreSpec *spec = g_ptr_array_index (specs, i);
      TideSchemaIgnore *ignore = g_new (TideSchemaIgnore, 1);

      *ignore = (TideSchemaIgnore) { g_strdup (spec->kind), g_strdup (spec->schema), g_strdup (spec->name), g_strdup (spec->reason) };
      g_ptr_array_add (ignores, ignore);
    }
  return ignores;
}
