/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-migration-list"

#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <gio/gio.h>

#include "project/tide-migration-private.h"
#include "tide-error.h"
#include "tide-icu.h"

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

/* The names that Prisma makes. Among these characters ICU knows no ties: its order is that of the bytes, but
 * for the two signs, which come first. */
static gboolean
is_plain (const char *name)
{
  return name[strspn (name, "0123456789abcdefghijklmnopqrstuvwxyz_-")] == '\0';
}

static guint8
get_plain_weight (char c)
{
  return c == '_' ? 1 : c == '-' ? 2 : (guint8) c;
}

static void
make_plain_key (Keyed *self)
{
  const char *name = tide_migration_get_name (self->migration);

  self->key_size = strlen (name);
  self->key = g_malloc (self->key_size + 1);
  for (gsize i = 0; i < self->key_size; i++)
    self->key[i] = get_plain_weight (name[i]);
}

static gboolean
make_plain_keys (GArray *list)
{
  for (guint i = 0; i < list->len; i++)
    if (!is_plain (tide_migration_get_name (g_array_index (list, Keyed, i).migration)))
      return FALSE;
  for (guint i = 0; i < list->len; i++)
    make_plain_key (&g_array_index (list, Keyed, i));
  return TRUE;
}

static void
make_key (Keyed           *self,
          const TideIcu   *icu,
          const UCollator *collator)
{
  const char *name = tide_migration_get_name (self->migration);
  UChar text[NAME_MAX * 2];
  UErrorCode status = U_ZERO_ERROR;
  int32_t length = 0;

  icu->u_strFromUTF8 (text, G_N_ELEMENTS (text), &length, name, -1, &status);
  self->key_size = icu->ucol_getSortKey (collator, text, length, NULL, 0);
  self->key = g_malloc (self->key_size);
  icu->ucol_getSortKey (collator, text, length, self->key, self->key_size);
}

static gboolean
make_keys (GArray  *list,
           GError **error)
{
  UErrorCode status = U_ZERO_ERROR;
  const TideIcu *icu = tide_icu_get (error);
  UCollator *collator;

  if (icu == NULL)
    return FALSE;
  collator = icu->ucol_open ("en", &status);
  if (U_FAILURE (status))
    {
      tide_set_error (error, TIDE_ERROR_FAILED, "reinstall the ICU libraries",
                      "the collation rules cannot be loaded: %s", icu->u_errorName (status));
      return FALSE;
    }
  for (guint i = 0; i < list->len; i++)
    make_key (&g_array_index (list, Keyed, i), icu, collator);
  icu->ucol_close (collator);
  return TRUE;
}

/* Prisma 6.6 and later sort by JavaScript's localeCompare(): ICU's root collation, not bytes */
static gboolean
sort_keyed (GArray  *list,
            GError **error)
{
  if (!make_plain_keys (list) && !make_keys (list, error))
    return FALSE;
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

static int
compare_plain (const char *left,
               const char *right)
{
  while (*left != '\0' && *left == *right)
    left++, right++;
  return (int) get_plain_weight (*left) - (int) get_plain_weight (*right);
}

/* (nullable): one for all threads, which may only compare with it */
static UCollator *
get_collator (const TideIcu *icu)
{
  static UCollator *collator;
  static gsize once;
  UErrorCode status = U_ZERO_ERROR;

  if (g_once_init_enter (&once))
    {
      collator = icu->ucol_open ("en", &status);
      g_once_init_leave (&once, 1);
    }
  return collator;
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
  UErrorCode status = U_ZERO_ERROR;
  const TideIcu *icu;
  UCollator *collator;
  int order = 0;

  if (is_plain (left) && is_plain (right))
    return compare_plain (left, right);
  icu = tide_icu_get (NULL);
  collator = icu ? get_collator (icu) : NULL;
  if (collator != NULL)
    order = icu->ucol_strcollUTF8 (collator, left, -1, right, -1, &status);
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
