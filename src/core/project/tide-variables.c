/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-variables"

#include "config.h"

#include <string.h>

#include "project/tide-dotenv.h"
#include "project/tide-node-text.h"
#include "project/tide-variables.h"
#include "tide-error.h"

static const char *
lookup_process (const char *name,
                gpointer    user_data)
{
  return g_getenv (name);
}

/* (nullable): .env beside the nearest package.json, from @root upward */
static char *
find_package_env (const char *root)
{
  g_autofree char *folder = g_strdup (root);

  while (TRUE)
    {
      g_autofree char *package = g_build_filename (folder, "package.json", NULL);
      char *parent;

      if (g_file_test (package, G_FILE_TEST_IS_REGULAR))
        return g_build_filename (folder, ".env", NULL);
      parent = g_path_get_dirname (folder);
      if (g_str_equal (parent, folder))
        {
          g_free (parent);
          return NULL;
        }
      g_free (folder);
      folder = parent;
    }
}

/* (nullable): the first there is of .env beside the schema, prisma/.env, ./.env */
static char *
find_schema_env (TideLayout *layout)
{
  g_autofree char *schema_folder = NULL;
  const char *folders[3] = { NULL };
  g_autofree char *prisma = g_build_filename (layout->root, "prisma", NULL);

  if (layout->schema_path != NULL)
    schema_folder = g_path_get_dirname (layout->schema_path);
  folders[0] = schema_folder ? schema_folder : prisma;
  folders[1] = prisma;
  folders[2] = layout->root;
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (folders[i], ".env", NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_steal_pointer (&path);
    }
  return NULL;
}

/* Prisma 6 refuses to run on a name that stands in both files with one value; to read it, it does no harm */
static void
warn_conflict (const char *name,
               const char *file,
               int         line,
               GPtrArray  *warnings)
{
  GError *warning = tide_error_new (TIDE_ERROR_INVALID, "keep it in one of the two files; Prisma 6 refuses both",
                                    "\"%s\" stands in two .env files with the same value", name);

  tide_error_take_string (&tide_error_get_fields (warning)->file, g_filename_display_name (file));
  tide_error_get_fields (warning)->line = line;
  g_ptr_array_add (warnings, warning);
}

/* Adds the variables of @path that @variables lacks: the first file wins */
static void
load_file (GHashTable *variables,
           const char *path,
           GPtrArray  *warnings)
{
  g_autoptr(GPtrArray) entries = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *display = NULL;
  gsize size;

  if (path == NULL)
    return;
  text = tide_node_text_read (path, &size, &error);
  if (text == NULL)
    {
      if (!g_error_matches (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
        g_ptr_array_add (warnings, g_steal_pointer (&error));
      return;
    }

  display = g_filename_display_name (path);
  if (strlen (text) != size)
    {
      tide_set_error (&error, TIDE_ERROR_INVALID, "save the file as UTF-8 text",
                      "\"%s\" holds a zero byte and was passed over", display);
      g_ptr_array_add (warnings, g_steal_pointer (&error));
      return;
    }
  entries = tide_dotenv_parse (text, size, display, warnings);
  for (guint i = 0; i < entries->len; i++)
    {
      TideDotenvEntry *entry = g_ptr_array_index (entries, i);
      g_autofree char *value = tide_dotenv_expand (entry->value, entries, lookup_process, NULL);
      const char *earlier = g_hash_table_lookup (variables, entry->name);

      if (earlier == NULL)
        g_hash_table_insert (variables, g_strdup (entry->name), g_steal_pointer (&value));
      else if (g_str_equal (earlier, value))
        warn_conflict (entry->name, path, entry->line, warnings);
    }
}

/**
 * tide_variables_load:
 * @layout: a project
 * @warnings: (element-type GError): gets what is odd
 *
 * Prisma 6 reads .env beside package.json, then one near the schema. Beside a prisma.config.* it reads none, but
 * such projects call `dotenv/config` themselves, which reads ./.env.
 *
 * Returns: (transfer full) (element-type utf8 utf8): the variables
 */
GHashTable *
tide_variables_load (TideLayout *layout,
                     GPtrArray  *warnings)
{
  GHashTable *variables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (layout->config != NULL)
    first = g_build_filename (layout->root, ".env", NULL);
  else
    {
      first = find_package_env (layout->root);
      second = find_schema_env (layout);
    }
  load_file (variables, first, warnings);
  if (g_strcmp0 (first, second) != 0)
    load_file (variables, second, warnings);
  return variables;
}
