/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-tool"

#include "config.h"

#include <glob.h>
#include <stdlib.h>

#include "job/tide-tool.h"
#include "tide-error.h"

/* Where distributions, the PGDG packages and Flatpaks put one folder per major version. */
static const char *const versioned_folders[] = {
  "/usr/lib/postgresql/*/bin",
  "/usr/pgsql-*/bin",
  "/usr/lib/postgresql[0-9]*/bin",
  "/usr/lib64/postgresql-*/bin",
  "/usr/local/pgsql*/bin",
  "/opt/postgresql/*/bin",
  "/app/lib/postgresql/*/bin",
};

static void
tide_pg_install_free (gpointer data)
{
  TidePgInstall *self = data;

  g_free (self->bindir);
  g_free (self);
}

/* Debian's /usr/bin/psql is a wrapper of another name around the versioned folders: not a find. */
static gboolean
has_program (const char *folder,
             const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *real = realpath (path, NULL);

  return real != NULL && g_file_test (real, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test (real, G_FILE_TEST_IS_DIR) &&
         g_str_has_suffix (real, name) && real[strlen (real) - strlen (name) - 1] == '/';
}

/* "pg_dump (PostgreSQL) 15.18 (Debian ...)" */
static int
ask_major (const char *folder,
           const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  /* Whatever lies in the path is given nothing of our environment. */
  const TideToolOptions options = { .bare = TRUE };
  g_autofree char *out = tide_tool_run ((const char *[]) { path, "--version", NULL }, &options, NULL, NULL);
  const char *version = out ? strstr (out, "(PostgreSQL) ") : NULL;

  return version ? atoi (version + strlen ("(PostgreSQL) ")) : 0;
}

/* The number in "/usr/lib/postgresql/15/bin" or "/usr/pgsql-15/bin" spares a run of the program. */
static int
read_major (const char *folder,
            const char *name)
{
  g_autoptr(GRegex) regex = g_regex_new ("(?:postgresql|pgsql)[-/]?([0-9]{1,2})/bin$", 0, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *digits = NULL;

  if (!g_regex_match (regex, folder, 0, &match))
    return ask_major (folder, name);
  digits = g_match_info_fetch (match, 1);
  return atoi (digits);
}

static void
add_folder (GPtrArray  *folders,
            const char *folder)
{
  g_autofree char *real = realpath (folder, NULL);

  if (real != NULL && !g_ptr_array_find_with_equal_func (folders, real, g_str_equal, NULL))
    g_ptr_array_add (folders, g_steal_pointer (&real));
}

static void
add_path (GPtrArray *folders)
{
  g_autofree char *pg_config = g_find_program_in_path ("pg_config");
  g_autofree char *pg_config_file = pg_config ? realpath (pg_config, NULL) : NULL;
  g_auto(GStrv) path = g_strsplit (g_getenv ("PATH") ? g_getenv ("PATH") : "", ":", -1);

  if (pg_config_file != NULL)
    {
      g_autofree char *folder = g_path_get_dirname (pg_config_file);
      add_folder (folders, folder);
    }
  for (guint i = 0; path[i] != NULL; i++)
    if (g_path_is_absolute (path[i]))
      add_folder (folders, path[i]);
}

static GPtrArray *
list_folders (void)
{
  g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func (g_free);
  const char *chosen = g_getenv ("TIDEMARK_PG_BINDIR");

  if (chosen != NULL && *chosen != '\0')
    {
      g_auto(GStrv) choices = g_strsplit (chosen, ":", -1);

      for (guint i = 0; choices[i] != NULL; i++)
        add_folder (folders, choices[i]);
      return g_steal_pointer (&folders);
    }

  for (guint i = 0; i < G_N_ELEMENTS (versioned_folders); i++)
    {
      glob_t found = { 0 };

      if (glob (versioned_folders[i], 0, NULL, &found) == 0)
        for (gsize j = 0; j < found.gl_pathc; j++)
          add_folder (folders, found.gl_pathv[j]);
      globfree (&found);
    }
  add_path (folders);
  return g_steal_pointer (&folders);
}

static int
compare_majors (gconstpointer a,
                gconstpointer b)
{
  const TidePgInstall *left = *(TidePgInstall *const *) a;
  const TidePgInstall *right = *(TidePgInstall *const *) b;

  return right->major - left->major;
}

/* Where all of @names are, newest first; folders that were found first win among equals. */
static GPtrArray *
list_installs (const char *const *names)
{
  g_autoptr(GPtrArray) installs = g_ptr_array_new_with_free_func (tide_pg_install_free);
  g_autoptr(GPtrArray) folders = list_folders ();

  for (guint i = 0; i < folders->len; i++)
    {
      const char *folder = g_ptr_array_index (folders, i);
      gboolean complete = TRUE;
      TidePgInstall *install;

      for (guint j = 0; names[j] != NULL; j++)
        complete = complete && has_program (folder, names[j]);
      if (!complete)
        continue;

      install = g_new0 (TidePgInstall, 1);
      install->bindir = g_strdup (folder);
      install->major = read_major (folder, names[0]);
      g_ptr_array_add (installs, install);
    }
  g_ptr_array_sort (installs, compare_majors);
  return g_steal_pointer (&installs);
}

/**
 * tide_tool_list_pg_installs:
 *
 * Looks for PostgreSQL servers in the folders of `$TIDEMARK_PG_BINDIR` (alone, if set), those of the common
 * packages, beside `pg_config`, and in `$PATH`.
 *
 * Returns: (transfer full) (element-type TidePgInstall): what is installed, newest major first
 */
GPtrArray *
tide_tool_list_pg_installs (void)
{
  return list_installs ((const char *[]) { "postgres", "initdb", NULL });
}

/**
 * tide_tool_find:
 * @name: the name of a PostgreSQL program (`pg_dump`, `psql`)
 * @major: the server's major version, or 0 for the newest
 * @error: %TIDE_ERROR_NOT_FOUND, with what to install
 *
 * Returns: (transfer full) (nullable): full path of @name, of that major version where it is
 *   installed, else of the next newer one, else of the newest
 */
char *
tide_tool_find (const char  *name,
                int          major,
                GError     **error)
{
  g_autoptr(GPtrArray) installs = NULL;
  g_autofree char *hint = NULL;
  const TidePgInstall *install;

  g_return_val_if_fail (name != NULL && strchr (name, '/') == NULL, NULL);

  installs = list_installs ((const char *[]) { name, NULL });
  if (installs->len == 0)
    {
      hint = tide_tool_dup_install_hint (FALSE, major);
      tide_set_error (error, TIDE_ERROR_NOT_FOUND, hint, "the program \"%s\" is not installed", name);
      return NULL;
    }

  install = g_ptr_array_index (installs, 0);
  for (guint i = 0; major > 0 && i < installs->len; i++)
    {
      const TidePgInstall *other = g_ptr_array_index (installs, i);

      if (other->major >= major && other->major < install->major)
        install = other;
    }
  return g_build_filename (install->bindir, name, NULL);
}

/**
 * tide_tool_dup_install_hint:
 * @server: whether the server's programs are needed, or the client's alone
 * @major: the major version that is needed, or 0 for any
 *
 * Returns: (transfer full): what to type on this system to get them, for the hint of an error; on a
 *   system that is not known, what to type on each of the common ones
 */
char *
tide_tool_dup_install_hint (gboolean server,
                            int      major)
{
  g_autofree char *id = g_get_os_info ("ID");
  g_autofree char *like = g_get_os_info ("ID_LIKE");
  g_autofree char *ids = g_strdup_printf ("%s %s", id ? id : "", like ? like : "");
  g_autofree char *version = major > 0 ? g_strdup_printf ("-%d", major) : g_strdup ("");
  g_autofree char *debian = g_strconcat (server ? "sudo apt install postgresql" : "sudo apt install postgresql-client", version, NULL);
  const char *fedora = server ? "sudo dnf install postgresql-server" : "sudo dnf install postgresql";
  const char *arch = server ? "sudo pacman -S postgresql" : "sudo pacman -S postgresql-libs";

  if (g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS))
    return g_strdup ("run \"flatpak update com.broxiva.Tidemark\": the Flatpak carries PostgreSQL's programs");
  if (strstr (ids, "debian") != NULL || strstr (ids, "ubuntu") != NULL)
    return g_strdup_printf ("run \"%s\"", debian);
  if (strstr (ids, "fedora") != NULL || strstr (ids, "rhel") != NULL)
    return g_strdup_printf ("run \"%s\"", fedora);
  if (strstr (ids, "arch") != NULL)
    return g_strdup_printf ("run \"%s\"", arch);
  return g_strdup_printf ("install PostgreSQL: \"%s\" (Debian), \"%s\" (Fedora), \"%s\" (Arch)",
                          debian, fedora, arch);
}
