/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-migration-list"

#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <gio/gio.h>

#include <unicode/ucol.h>
#include <unicode/ustring.h>

#include "project/tide-migration-private.h"
#include "tide-error.h"

typedef struct
{
  TideMigration *migration; /* owned */
  guint8        *key;       /* owned */
  gsize          key_size;
} Keyed;

static void
keyed_clear (gpointer data)
{
  Keyed *self = data;

  g_clear_pointer (&self->migration, tide_migration_unref);
  g_clear_pointer (&self->key, g_free);
}

static int
compare_keyed (gconstpointer a,
               gconstpointer b)
{
  const Keyed *left = a, *right = b;
  int order = memcmp (left->key, right->key, MIN (left->key_size, right->key_size));

  if (order == 0)
    order = (left->key_size > right->key_size) - (left->key_size < right->key_size);
  return order != 0 ? order
                    : strcmp (tide_migration_get_name (left->migration), tide_migration_get_name (right->migration));
}

static void
make_key (Keyed           *self,
          const UCollator *collator)
{
  const char *name = tide_migration_get_name (self->migration);
  UChar text[NAME_MAX * 2];
  UErrorCode status = U_ZERO_ERROR;
  int32_t length = 0;

  u_strFromUTF8 (text, G_N_ELEMENTS (text), &length, name, -1, &status);
  self->key_size = ucol_getSortKey (collator, text, length, NULL, 0);
  self->key = g_malloc (self->key_size);
  ucol_getSortKey (collator, text, length, self->key, self->key_size);
}

/* Prisma 6.6 and later sort by JavaScript's localeCompare(): ICU's root collation, not bytes */
static gboolean
sort_keyed (GArray  *list,
            GError **error)
{
  UErrorCode status = U_ZERO_ERROR;
  UCollator *collator;

  if (list->len < 2)
    return TRUE;
  collator = ucol_open ("en", &status);
  if (U_FAILURE (status))
    {
      tide_set_error (error, TIDE_ERROR_FAILED, "reinstall the ICU libraries",
                      "the collation rules cannot be loaded: %s", u_errorName (status));
      return FALSE;
    }
  for (guint i = 0; i < list->len; i++)
    make_key (&g_array_index (list, Keyed, i), collator);
  ucol_close (collator);
  g_array_sort (list, compare_keyed);
  return TRUE;
}

/* Symbolic links are not followed, as Node's Dirent.isDirectory() does not */
static gboolean
is_folder (DIR                 *dir,
           const struct dirent *entry)
{
  struct stat info;

  if (strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0)
    return FALSE;
  if (entry->d_type != DT_UNKNOWN)
    return entry->d_type == DT_DIR;
  return fstatat (dirfd (dir), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR (info.st_mode);
}

static GArray *
read_directory (const char  *directory,
                GError     **error)
{
  g_autoptr(GArray) list = g_array_new (FALSE, TRUE, sizeof (Keyed));
  DIR *dir = opendir (directory);
  struct dirent *entry;

  g_array_set_clear_func (list, keyed_clear);
  if (dir == NULL && errno == ENOENT)
    return g_steal_pointer (&list);
  if (dir == NULL)
    {
      tide_set_error (error, TIDE_ERROR_INVALID, "it must be a folder that may be read",
                      "cannot read the migrations in \"%s\": %s", directory, g_strerror (errno));
      return NULL;
    }

  while ((entry = readdir (dir)) != NULL)
    if (is_folder (dir, entry))
      {
        Keyed keyed = { .migration = tide_migration_new (directory, entry->d_name) };

        g_array_append_val (list, keyed);
      }
  closedir (dir);
  return g_steal_pointer (&list);
}

/**
 * tide_migration_compare_names:
 * @left: a migration's name
 * @right: another one
 *
 * Compares as tide_migration_list_directory() sorts. For a few names beside a list that is sorted
 * already: a list of its own is sorted faster by keys.
 *
 * Returns: below, equal to or above 0
 */
int
tide_migration_compare_names (const char *left,
                              const char *right)
{
  static UCollator *collator;
  static gsize once;
  UErrorCode status = U_ZERO_ERROR;
  int order = 0;

  if (g_once_init_enter (&once))
    {
      collator = ucol_open ("en", &status);
      g_once_init_leave (&once, 1);
    }
  if (collator != NULL)
    order = ucol_strcollUTF8 (collator, left, -1, right, -1, &status);
  return order != 0 ? order : strcmp (left, right);
}

/**
 * tide_migration_list_directory:
 * @directory: a migrations directory, which need not exist
 * @error: INVALID when it cannot be read
 *
 * Every folder is a migration, hidden ones and those without migration.sql too; files and links are not.
 *
 * Returns: (transfer full) (nullable) (element-type TideMigration): in the order in which Prisma applies them
 */
GPtrArray *
tide_migration_list_directory (const char  *directory,
                               GError     **error)
{
  g_autoptr(GArray) list = read_directory (directory, error);
  GPtrArray *migrations;

  if (list == NULL || !sort_keyed (list, error))
    return NULL;

  migrations = g_ptr_array_new_full (list->len, (GDestroyNotify) tide_migration_unref);
  for (guint i = 0; i < list->len; i++)
    g_ptr_array_add (migrations, g_steal_pointer (&g_array_index (list, Keyed, i).migration));
  return migrations;
}
