/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-project"

#include "config.h"

#include <string.h>

#include "project/tide-layout.h"
#include "project/tide-lock-file.h"
#include "project/tide-migration-private.h"
#include "project/tide-node-text.h"
#include "project/tide-project.h"
#include "project/tide-settings.h"
#include "project/tide-variables.h"
#include "tide-error.h"

struct _TideProject
{
  GObject       parent_instance;

  /* Owned */
  TideLayout   *layout;
  TideSettings *settings;
  GHashTable   *variables;
  GPtrArray    *migrations;
  GHashTable   *by_name;    /* name -> TideMigration, both borrowed from migrations */
  GPtrArray    *warnings;
};

G_DEFINE_FINAL_TYPE (TideProject, tide_project, G_TYPE_OBJECT)

/* What Prisma migrates with: directUrl where it is given and can be told, else url; the configuration before the schema */
static const TideUrlExpression *
get_url (TideProject *self)
{
  TideDatasource *datasource = self->layout->datasource;

  if (self->layout->config != NULL && self->layout->config->has_url)
    return &self->layout->config->url;
  if (datasource == NULL)
    return NULL;
  if (datasource->direct_url.literal != NULL
      || (datasource->direct_url.variable != NULL
          && tide_project_get_variable (self, datasource->direct_url.variable) != NULL))
    return &datasource->direct_url;
  return &datasource->url;
}

static gboolean
load_settings (TideProject  *self,
               GError      **error)
{
  g_autofree char *path = g_build_filename (self->layout->root, "tidemark.json", NULL);
  g_autofree char *display = g_filename_display_name (path);
  g_autofree char *text = NULL;
  g_autoptr(GError) problem = NULL;
  gsize size;

  text = tide_node_text_read (path, &size, &problem);
  if (text != NULL)
    self->settings = tide_settings_parse (text, size, display, self->warnings, error);
  else if (g_error_matches (problem, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
    self->settings = tide_settings_new ();
  else
    g_propagate_error (error, g_steal_pointer (&problem));
  return self->settings != NULL;
}

static void
add_default_environment (TideProject *self)
{
  const TideUrlExpression *expression = get_url (self);
  g_autofree char *url = NULL;

  if (self->settings->environments->len > 0)
    return;
  if (expression != NULL && expression->literal != NULL)
    url = g_strdup (expression->literal);
  else
    url = g_strconcat ("env:", expression && expression->variable ? expression->variable : "DATABASE_URL", NULL);
  g_ptr_array_add (self->settings->environments, tide_environment_spec_new ("default", url, TIDE_KIND_UNKNOWN));
}

static void
place_backups (TideProject *self)
{
  TideBackupsSpec *backups = &self->settings->backups;
  const char *folder = backups->folder != NULL && *backups->folder != '\0' ? backups->folder : "backups";
  g_autofree char *absolute = g_canonicalize_filename (folder, self->layout->root);

  g_free (backups->folder);
  backups->folder = g_steal_pointer (&absolute);
}

/* Prisma 8 keeps ops.json where 6 and 7 keep migration.sql; one look tells */
static gboolean
check_generation (TideProject  *self,
                  GError      **error)
{
  g_autofree char *folder = NULL;
  g_autofree char *ops = NULL;
  const char *sql;

  if (self->migrations->len == 0)
    return TRUE;
  sql = tide_migration_get_path (g_ptr_array_index (self->migrations, self->migrations->len - 1));
  folder = g_path_get_dirname (sql);
  ops = g_build_filename (folder, "ops.json", NULL);
  if (g_file_test (sql, G_FILE_TEST_EXISTS) || !g_file_test (ops, G_FILE_TEST_EXISTS))
    return TRUE;
  tide_layout_set_prisma_8_error (self->layout, error);
  return FALSE;
}

static gboolean
load_migrations (TideProject  *self,
                 GError      **error)
{
  self->migrations = tide_migration_list_directory (self->layout->migrations_dir, error);
  if (self->migrations == NULL)
    return FALSE;
  for (guint i = 0; i < self->migrations->len; i++)
    {
      TideMigration *migration = g_ptr_array_index (self->migrations, i);

      g_hash_table_insert (self->by_name, (char *) tide_migration_get_name (migration), migration);
    }
  return check_generation (self, error);
}

static void
tide_project_finalize (GObject *object)
{
  TideProject *self = TIDE_PROJECT (object);

  g_clear_pointer (&self->layout, tide_layout_free);
  g_clear_pointer (&self->settings, tide_settings_free);
  g_clear_pointer (&self->variables, g_hash_table_unref);
  g_clear_pointer (&self->by_name, g_hash_table_unref);
  g_clear_pointer (&self->migrations, g_ptr_array_unref);
  g_clear_pointer (&self->warnings, g_ptr_array_unref);

  G_OBJECT_CLASS (tide_project_parent_class)->finalize (object);
}

static void
tide_project_class_init (TideProjectClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tide_project_finalize;
}

static void
tide_project_init (TideProject *self)
{
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->warnings = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
}

/**
 * tide_project_find:
 * @start: a folder, absolute or relative to the current one
 * @error: NOT_FOUND
 *
 * Looks in @start and upward for a folder with a Prisma schema, a Prisma configuration, prisma/migrations or a
 * tidemark.json. Inside a `prisma` folder it is the one around that is meant.
 *
 * Returns: (transfer full) (nullable): its absolute path
 */
char *
tide_project_find (const char  *start,
                   GError     **error)
{
  g_autofree char *folder = g_canonicalize_filename (start, NULL);
  g_autofree char *origin = g_strdup (folder);

  while (TRUE)
    {
      g_autofree char *name = g_path_get_basename (folder);
      g_autofree char *parent = g_path_get_dirname (folder);
      gboolean inner = strcmp (name, "prisma") == 0 && tide_layout_is_project (parent);

      if (!inner && tide_layout_is_project (folder))
        return g_steal_pointer (&folder);
      if (strcmp (parent, folder) == 0)
        break;
      g_free (folder);
      folder = g_steal_pointer (&parent);
    }

  tide_set_error (error, TIDE_ERROR_NOT_FOUND,
                  "go to a folder that holds prisma/schema.prisma, or name one with --project",
                  "there is no Prisma project in \"%s\" or above it", origin);
  return NULL;
}

static gboolean
check_root (const char  *root,
            GError     **error)
{
  if (!g_file_test (root, G_FILE_TEST_IS_DIR))
    tide_set_error (error, TIDE_ERROR_NOT_FOUND, "check the path", "there is no folder \"%s\"", root);
  else if (!tide_layout_is_project (root))
    tide_set_error (error, TIDE_ERROR_NOT_FOUND, "choose the folder that holds prisma/schema.prisma",
                    "\"%s\" is not a Prisma project", root);
  else
    return TRUE;
  return FALSE;
}

/**
 * tide_project_load:
 * @root: a project's folder
 * @error: NOT_FOUND, INVALID (with file and line), UNSUPPORTED (Prisma 8's layout, other providers)
 *
 * Reads a project; blocks on files. Any thread. A migrations directory need not exist.
 *
 * Returns: (transfer full) (nullable): the project
 */
TideProject *
tide_project_load (const char  *root,
                   GError     **error)
{
  g_autoptr(TideProject) self = g_object_new (TIDE_TYPE_PROJECT, NULL);
  g_autofree char *absolute = g_canonicalize_filename (root, NULL);

  if (!check_root (absolute, error))
    return NULL;
  self->layout = tide_layout_read (absolute, self->warnings, error);
  if (self->layout == NULL)
    return NULL;
  self->variables = tide_variables_load (self->layout, self->warnings);
  if (!load_settings (self, error) || !load_migrations (self, error))
    return NULL;
  add_default_environment (self);
  place_backups (self);
  return g_steal_pointer (&self);
}

const char *
tide_project_get_root (TideProject *self)
{
  g_return_val_if_fail (TIDE_IS_PROJECT (self), NULL);

  return self->layout->root;
}

char *
tide_project_dup_name (TideProject *self)
{
  g_autofree char *folder = NULL;

  g_return_val_if_fail (TIDE_IS_PROJECT (self), NULL);

  if (self->layout->package_name != NULL && *self->layout->package_name != '\0')
    return g_strdup (self->layout->package_name);
  folder = g_path_get_basename (self->layout->root);
  return g_filename_display_name (folder);
}

const char *
tide_project_get_schema_path (TideProject *self)
{
  g_return_val_if_fail (TIDE_IS_PROJECT (self), NULL);

  return self->layout->schema_path;
}

GPtrArray *
tide_project_get_schema_files (TideProject *self)
{
  g_return_val_if_fail (TIDE_IS_PROJECT (self), NULL);

  return self->layout->schema_files;
}

const char *
tide_project_get_migrations_dir (TideProject *self)
{
  g_return_val_if_fail (TIDE_IS_PROJECT (self), NULL);

  return self->layout->migrations_dir;
}

GPtrArray *
tide_project_get_migrations (TideProject *self)
{
  g_return_val_if_fail (TIDE_IS_PROJECT (self), NULL);

  return self->migrations;
}

TideMigration *
tide_project_find_migration (TideProject *self,
                             const char  *name)
{
  g_return_val_if_fail (TIDE_IS_PROJECT (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return g_hash_table_lookup (self->by_name, name);
}

/**
 * tide_project_check_lock_file:
 * @self: a project
 * @error: UNSUPPORTED (P3019) with file and line, or what kept the file from being read
 *
 * Reads migration_lock.toml as it is now: Prisma writes it with every migration.
 *
 * Returns: %TRUE when it is absent or names PostgreSQL
 */
gboolean
tide_project_check_lock_file (TideProject  *self,
                              GError      **error)
{
  g_autofree char *path = NULL;
  g_autofree char *display = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) problem = NULL;

  g_return_val_if_fail (TIDE_IS_PROJECT (self), FALSE);

  path = g_build_filename (self->layout->migrations_dir, "migration_lock.toml", NULL);
  text = tide_node_text_read (path, NULL, &problem);
  if (g_error_matches (problem, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
    return TRUE;
  if (text == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  display = g_filename_display_name (path);
  return tide_lock_file_check (text, display, error);
}

GPtrArray *
tide_project_get_environments (TideProject *self)
{
  g_return_val_if_fail (TIDE_IS_PROJECT (self), NULL);

  return self->settings->environments;
}

const TideEnvironmentSpec *
tide_project_find_environment (TideProject *self,
                               const char  *name)
{
  g_return_val_if_fail (TIDE_IS_PROJECT (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < self->settings->environments->len; i++)
    {
      const TideEnvironmentSpec *spec = g_ptr_array_index (self->settings->environments, i);

      if (strcmp (spec->name, name) == 0)
        return spec;
    }
  return NULL;
}

const char *
tide_project_get_variable (TideProject *self,
                           const char  *name)
{
  const char *value;

  g_return_val_if_fail (TIDE_IS_PROJECT (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  value = g_getenv (name);
  return value ? value : g_hash_table_lookup (self->variables, name);
}

const char *
tide_project_get_url_variable (TideProject *self)
{
  const TideUrlExpression *url;

  g_return_val_if_fail (TIDE_IS_PROJECT (self), NULL);

  url = get_url (self);
  return url ? url->variable : NULL;
}

const char *
tide_project_get_url_literal (TideProject *self)
{
  const TideUrlExpression *url;

  g_return_val_if_fail (TIDE_IS_PROJECT (self), NULL);

  url = get_url (self);
  return url ? url->literal : NULL;
}

const char *const *
tide_project_get_schemas (TideProject *self)
{
  g_return_val_if_fail (TIDE_IS_PROJECT (self), NULL);

  return self->layout->datasource ? (const char *const *) self->layout->datasource->schemas : NULL;
}

GPtrArray *
tide_project_get_contacts (TideProject *self)
{
  g_return_val_if_fail (TIDE_IS_PROJECT (self), NULL);

  return self->settings->contacts;
}

const TideHooksSpec *
tide_project_get_hooks (TideProject *self)
{
  g_return_val_if_fail (TIDE_IS_PROJECT (self), NULL);

  return &self->settings->hooks;
}

GPtrArray *
tide_project_get_ignores (TideProject *self)
{
  g_return_val_if_fail (TIDE_IS_PROJECT (self), NULL);

  return self->settings->ignores;
}

const TideBackupsSpec *
tide_project_get_backups (TideProject *self)
{
  g_return_val_if_fail (TIDE_IS_PROJECT (self), NULL);

  return &self->settings->backups;
}

GPtrArray *
tide_project_get_warnings (TideProject *self)
{
  g_return_val_if_fail (TIDE_IS_PROJECT (self), NULL);

  return self->warnings;
}
