/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sample"

#include "config.h"

#include <errno.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "sample/tide-sample-folder.h"
#include "sample/tide-sample-git.h"
#include "tide-error.h"

/* How far above a program in its build folder the source tree may be: build/src/cli/tidemarkctl */
#define MAX_CLIMB 4

static gboolean
has_sample (const char *data_dir)
{
  g_autofree char *path = g_build_filename (data_dir, "sample", "project", NULL);

  return g_file_test (path, G_FILE_TEST_IS_DIR);
}

static char *
find_in_source_tree (void)
{
  g_autofree char *path = g_file_read_link ("/proc/self/exe", NULL);

  for (int i = 0; path != NULL && i < MAX_CLIMB; i++)
    {
      g_autofree char *parent = g_path_get_dirname (path);
      g_autofree char *data_dir = g_build_filename (parent, "data", NULL);

      if (has_sample (data_dir))
        return g_steal_pointer (&data_dir);
      g_free (path);
      path = g_steal_pointer (&parent);
    }
  return NULL;
}

char *
tide_sample_folder_dup_source (GError **error)
{
  g_autofree char *data_dir = g_strdup (g_getenv ("TIDEMARK_DATA_DIR"));

  if (data_dir == NULL)
    data_dir = find_in_source_tree ();
  if (data_dir == NULL)
    data_dir = g_strdup (TIDE_PKGDATA_DIR);
  if (!has_sample (data_dir))
    {
      tide_set_error (error, TIDE_ERROR_NOT_FOUND,
                      "install Tidemark again, or name its data folder in TIDEMARK_DATA_DIR",
                      "the sample project is not in \"%s\"", data_dir);
      return NULL;
    }
  return g_build_filename (data_dir, "sample", NULL);
}

static gboolean
make_directory (const char  *path,
                GError     **error)
{
  int saved_errno;

  if (g_mkdir_with_parents (path, 0755) == 0)
    return TRUE;
  saved_errno = errno;
  tide_set_error (error, TIDE_ERROR_FAILED, "choose a folder that you may write to",
                  "cannot make the folder \"%s\": %s", path, g_strerror (saved_errno));
  return FALSE;
}

static gboolean
copy_file (const char    *from,
           const char    *to,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(GFile) source = g_file_new_for_path (from);
  g_autoptr(GFile) target = g_file_new_for_path (to);

  return g_file_copy (source, target, G_FILE_COPY_TARGET_DEFAULT_PERMS, cancellable,
                      NULL, NULL, error);
}

static gboolean
copy_tree (const char    *from,
           const char    *to,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(GDir) dir = g_dir_open (from, 0, error);
  const char *name;

  if (dir == NULL || !make_directory (to, error))
    return FALSE;
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *source = g_build_filename (from, name, NULL);
      g_autofree char *target = g_build_filename (to, name, NULL);
      gboolean done = g_file_test (source, G_FILE_TEST_IS_DIR)
                      ? copy_tree (source, target, cancellable, error)
                      : copy_file (source, target, cancellable, error);

      if (!done)
        return FALSE;
    }
  return TRUE;
}

static gboolean
remove_tree (const char  *path,
             GError     **error)
{
  g_autoptr(GDir) dir = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK) && (dir = g_dir_open (path, 0, NULL)) != NULL)
    while ((name = g_dir_read_name (dir)) != NULL)
      {
        g_autofree char *child = g_build_filename (path, name, NULL);

        if (!remove_tree (child, error))
          return FALSE;
      }
  if (g_remove (path) == 0 || errno == ENOENT)
    return TRUE;
  tide_set_error (error, TIDE_ERROR_FAILED, NULL,
                  "cannot remove \"%s\": %s", path, g_strerror (errno));
  return FALSE;
}

static gboolean
fill_in (const char  *source,
         const char  *template,
         const char  *folder,
         const char  *name,
         GHashTable  *variables,
         GError     **error)
{
  g_autofree char *from = g_build_filename (source, template, NULL);
  g_autofree char *to = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr(GString) filled = NULL;
  GHashTableIter iter;
  gpointer key, value;

  if (!g_file_get_contents (from, &text, NULL, error))
    return FALSE;
  filled = g_string_new (text);
  g_hash_table_iter_init (&iter, variables);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_string_replace (filled, key, value, 0);
  return g_file_set_contents (to, filled->str, filled->len, error);
}

static gboolean
build (const char    *source,
       const char    *folder,
       GHashTable    *variables,
       GCancellable  *cancellable,
       GError       **error)
{
  g_autofree char *project = g_build_filename (source, "project", NULL);
  g_autofree char *commits = g_build_filename (source, "commits.json", NULL);

  return copy_tree (project, folder, cancellable, error)
         && tide_sample_git_make (folder, commits, error)
         && fill_in (source, "tidemark.json.in", folder, "tidemark.json", variables, error)
         && fill_in (source, "env.in", folder, ".env", variables, error);
}

static gboolean
is_made (const char *folder)
{
  g_autofree char *schema = g_build_filename (folder, "prisma", NULL);
  g_autofree char *config = g_build_filename (folder, "tidemark.json", NULL);

  return g_file_test (schema, G_FILE_TEST_IS_DIR) && g_file_test (config, G_FILE_TEST_IS_REGULAR);
}

/* Beside @folder, so that it can be renamed into its place */
static char *
dup_partial (const char *folder)
{
  g_autofree char *parent = g_path_get_dirname (folder);
  g_autofree char *base = g_path_get_basename (folder);
  g_autofree char *name = g_strdup_printf (".%s.tidemark-partial", base);

  return g_build_filename (parent, name, NULL);
}

static gboolean
move_into_place (const char  *partial,
                 const char  *folder,
                 GError     **error)
{
  if (g_rename (partial, folder) == 0)
    return TRUE;
  tide_set_error (error, TIDE_ERROR_REFUSED,
                  "choose an empty folder, or one that does not exist yet",
                  "cannot put the sample into \"%s\": %s", folder, g_strerror (errno));
  return FALSE;
}

gboolean
tide_sample_folder_make (const char    *source,
                         const char    *folder,
                         GHashTable    *variables,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autofree char *partial = dup_partial (folder);

  g_return_val_if_fail (source != NULL && folder != NULL && variables != NULL, FALSE);

  if (is_made (folder))
    return TRUE;
  /* An interrupted call may have left its partial folder; whoever calls holds the lock */
  if (remove_tree (partial, error)
      && build (source, partial, variables, cancellable, error)
      && move_into_place (partial, folder, error))
    return TRUE;
  remove_tree (partial, NULL);
  return tide_error_tell_file (error, "the sample project cannot be made");
}
