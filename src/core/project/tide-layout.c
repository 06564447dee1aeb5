/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-layout"

#include "config.h"

#include <string.h>

#include "project/tide-layout.h"
#include "project/tide-node-text.h"
#include "project/tide-package.h"
#include "tide-error.h"

#define MAX_SCHEMA_DEPTH 16

void
tide_layout_free (TideLayout *self)
{
  g_free (self->root);
  g_free (self->package_name);
  g_clear_pointer (&self->config, tide_prisma_config_free);
  g_free (self->schema_path);
  g_clear_pointer (&self->schema_files, g_ptr_array_unref);
  g_clear_pointer (&self->datasource, tide_datasource_free);
  g_free (self->migrations_dir);
  g_free (self);
}

static gboolean
exists_in (const char *folder,
           const char *name,
           GFileTest   test)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, test);
}

gboolean
tide_layout_is_project (const char *folder)
{
  g_autofree char *config = tide_prisma_config_find (folder);
  g_autofree char *package_schema = NULL;

  if (config != NULL
      || exists_in (folder, "tidemark.json", G_FILE_TEST_IS_REGULAR)
      || exists_in (folder, "schema.prisma", G_FILE_TEST_IS_REGULAR)
      || exists_in (folder, "prisma/schema.prisma", G_FILE_TEST_IS_REGULAR)
      || exists_in (folder, "prisma/schema", G_FILE_TEST_IS_DIR)
      || exists_in (folder, "prisma/migrations", G_FILE_TEST_IS_DIR))
    return TRUE;
  tide_package_read (folder, NULL, &package_schema);
  return package_schema != NULL;
}

/* Schema folders may nest, and links are followed, as Prisma does; the depth stops a circle of links */
static void
collect_schema_files (GPtrArray  *files,
                      const char *folder,
                      guint       depth)
{
  g_autoptr(GDir) dir = depth < MAX_SCHEMA_DEPTH ? g_dir_open (folder, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        {
          if (strcmp (name, "node_modules") != 0 && strcmp (name, "migrations") != 0)
            collect_schema_files (files, path, depth + 1);
        }
      else if (g_str_has_suffix (name, ".prisma"))
        g_ptr_array_add (files, g_steal_pointer (&path));
    }
}

static int
compare_paths (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Prisma's order: the configuration, package.json, ./schema.prisma, ./prisma/schema.prisma; last the folder
 * that versions 5 and 6 looked for when a schema may have several files */
static gboolean
find_schema (TideLayout  *self,
             const char  *package_schema,
             GError     **error)
{
  static const char *const places[] = { "schema.prisma", "prisma/schema.prisma", "prisma/schema" };
  const char *named = self->config && self->config->schema ? self->config->schema : package_schema;

  if (named != NULL)
    {
      self->schema_path = g_canonicalize_filename (named, self->root);
      if (g_file_test (self->schema_path, G_FILE_TEST_EXISTS))
        return TRUE;
      tide_set_error (error, TIDE_ERROR_NOT_FOUND, "correct the path, or put the schema there",
                      "%s names the schema \"%s\", which is not there",
                      named == package_schema ? "package.json" : "the Prisma configuration", self->schema_path);
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (places) && self->schema_path == NULL; i++)
    if (exists_in (self->root, places[i], G_FILE_TEST_EXISTS))
      self->schema_path = g_build_filename (self->root, places[i], NULL);
  return TRUE;
}

static gboolean
read_schema (TideLayout  *self,
             GError     **error)
{
  self->schema_files = g_ptr_array_new_with_free_func (g_free);
  if (self->schema_path == NULL)
    return TRUE;
  if (g_file_test (self->schema_path, G_FILE_TEST_IS_DIR))
    collect_schema_files (self->schema_files, self->schema_path, 0);
  else
    g_ptr_array_add (self->schema_files, g_strdup (self->schema_path));
  g_ptr_array_sort (self->schema_files, compare_paths);

  for (guint i = 0; i < self->schema_files->len && self->datasource == NULL; i++)
    {
      const char *file = g_ptr_array_index (self->schema_files, i);
      g_autofree char *text = tide_node_text_read (file, NULL, error);

      if (text == NULL)
        return FALSE;
      self->datasource = tide_datasource_read (text, file);
    }
  return TRUE;
}

static gboolean
check_provider (TideLayout  *self,
                GError     **error)
{
  const char *provider = self->datasource ? self->datasource->provider : NULL;
  GError *problem;

  if (provider == NULL || strcmp (provider, "postgresql") == 0 || strcmp (provider, "postgres") == 0)
    return TRUE;
  problem = tide_error_new (TIDE_ERROR_UNSUPPORTED, "Tidemark works on PostgreSQL alone",
                            "the schema's provider is \"%s\"", provider);
  tide_error_take_string (&tide_error_get_fields (problem)->file, g_filename_display_name (self->datasource->file));
  tide_error_get_fields (problem)->line = self->datasource->line;
  g_propagate_error (error, problem);
  return FALSE;
}

/* Prisma 7 keeps migrations in the schema's own folder, Prisma 6 beside the file that holds the datasource, and Prisma before 6.6
 * beside a schema that is a folder. They differ in schemas of many files alone: take the one that is there, first that of the version
 * that the schema is written for (Prisma 7 refuses a URL in it). */
static char *
dup_migrations_dir (TideLayout *self)
{
  g_autofree char *folder = NULL;
  g_autofree char *parent = NULL;
  g_autofree char *file_folder = NULL;
  const char *folders[] = { NULL, NULL, NULL };
  gboolean is_folder;

  if (self->config != NULL && self->config->migrations != NULL)
    return g_strdup (self->config->migrations);
  if (self->schema_path == NULL)
    return g_build_filename (self->root, "prisma", "migrations", NULL);

  is_folder = g_file_test (self->schema_path, G_FILE_TEST_IS_DIR);
  parent = g_path_get_dirname (self->schema_path);
  folder = g_strdup (is_folder ? self->schema_path : parent);
  file_folder = self->datasource ? g_path_get_dirname (self->datasource->file) : g_strdup (folder);
  folders[0] = self->datasource && tide_url_expression_is_set (&self->datasource->url) ? file_folder : folder;
  folders[1] = folders[0] == folder ? file_folder : folder;
  folders[2] = is_folder && strcmp (self->schema_path, self->root) != 0 ? parent : folder;
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (folders[i], "migrations", NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&path);
    }
  return g_build_filename (folders[0], "migrations", NULL);
}

static void
warn_unread (TideLayout *self,
             GPtrArray  *warnings)
{
  g_autofree char *taken = self->schema_path ? g_strdup_printf ("the schema \"%s\" is taken", self->schema_path)
                                             : g_strdup ("no schema is taken");
  GError *warning;

  if (self->config == NULL || (self->config->unread_line == 0 && self->config->program_line == 0))
    return;
  if (self->config->unread_line > 0)
    warning = tide_error_new (TIDE_ERROR_INVALID, "write it as a plain string",
                              "a path in the Prisma configuration is computed; %s, and the migrations in \"%s\"", taken,
                              self->migrations_dir);
  else
    warning = tide_error_new (TIDE_ERROR_INVALID, "export an object with its paths as plain strings, or name the schema in package.json",
                              "what the Prisma configuration exports is a program that is not run here; %s, and the migrations in \"%s\"",
                              taken, self->migrations_dir);
  tide_error_take_string (&tide_error_get_fields (warning)->file, g_filename_display_name (self->config->file));
  tide_error_get_fields (warning)->line = self->config->unread_line > 0 ? self->config->unread_line : self->config->program_line;
  g_ptr_array_add (warnings, warning);
}

/**
 * tide_layout_set_prisma_8_error:
 * @self: where something of Prisma 8 was found
 * @error: UNSUPPORTED
 *
 * Prisma 8 (Prisma Next) plans a graph of contracts; its history has nothing that 6 and 7 could read.
 */
void
tide_layout_set_prisma_8_error (TideLayout  *self,
                                GError     **error)
{
  tide_set_error (error, TIDE_ERROR_UNSUPPORTED,
                  "its migrations are contracts and ops.json, not migration.sql: use Prisma 8's own commands here, "
                  "or open a checkout that is still on Prisma 6 or 7",
                  "\"%s\" is laid out for Prisma 8", self->root);
}

/**
 * tide_layout_read:
 * @root: an absolute path
 * @warnings: (element-type GError): gets what is odd
 * @error: NOT_FOUND, INVALID, UNSUPPORTED
 *
 * Finds the schema and the migrations directory by the rules of Prisma 6 and 7.
 *
 * Returns: (transfer full) (nullable): where everything is
 */
TideLayout *
tide_layout_read (const char  *root,
                  GPtrArray   *warnings,
                  GError     **error)
{
  g_autoptr(TideLayout) self = g_new0 (TideLayout, 1);
  g_autoptr(GError) problem = NULL;
  g_autofree char *package_schema = NULL;

  self->root = g_strdup (root);
  self->config = tide_prisma_config_load (root, &problem);
  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }
  tide_package_read (root, &self->package_name, &package_schema);
  if (self->config != NULL && self->config->is_prisma_8)
    {
      tide_layout_set_prisma_8_error (self, error);
      return NULL;
    }
  if (!find_schema (self, package_schema, error) || !read_schema (self, error) || !check_provider (self, error))
    return NULL;
  self->migrations_dir = dup_migrations_dir (self);
  warn_unread (self, warnings);
  return g_steal_pointer (&self);
}
