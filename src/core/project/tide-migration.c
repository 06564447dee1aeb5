/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-migration"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "project/tide-checksum.h"
#include "project/tide-migration-private.h"
#include "project/tide-node-text.h"
#include "tide-error.h"

struct _TideMigration
{
  gatomicrefcount  ref_count;

  char            *name;
  char            *path;
  gboolean         is_file; /* any file of SQL, not a migration */

  /* Read when somebody asks, once, under the lock */
  GMutex           lock;
  gboolean         is_read;
  gboolean         is_utf8;
  GBytes          *sql; /* with a NUL behind it */
  char            *checksum;
  GError          *problem;
};

G_DEFINE_BOXED_TYPE (TideMigration, tide_migration, tide_migration_ref, tide_migration_unref)

/* What a project of thousands of migrations need not pay when it is opened */
static void
read_text (TideMigration *self)
{
  g_autofree char *label = tide_migration_dup_label (self);
  g_autoptr(GError) error = NULL;
  gsize size = 0;
  char *text = tide_node_text_read_checked (self->path, &size, &self->is_utf8, &error);

  self->is_read = TRUE;
  if (text != NULL)
    {
      self->sql = g_bytes_new_take (text, size);
      return;
    }

  if (g_error_matches (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND))
    self->problem = tide_error_new (TIDE_ERROR_NOT_FOUND, "write the file, or remove the folder",
                                    "%s has no migration.sql", label);
  else
    self->problem = tide_error_new (TIDE_ERROR_INVALID, tide_error_get_fields (error)->hint,
                                    "%s: %s", label, error->message);
  tide_error_take_string (&tide_error_get_fields (self->problem)->file, g_filename_display_name (self->path));
  tide_error_take_string (&tide_error_get_fields (self->problem)->prisma_code,
                          g_strdup (tide_migration_get_code (self, "P3015")));
}

/* The lazily read half; the fields never change after this. Casts const away for that alone. */
static TideMigration *
ensure_read (const TideMigration *migration)
{
  TideMigration *self = (TideMigration *) migration;

  g_mutex_lock (&self->lock);
  if (!self->is_read)
    read_text (self);
  g_mutex_unlock (&self->lock);
  return self;
}

static gsize
count_date_digits (const char *name)
{
  gsize digits = strspn (name, G_CSET_DIGITS);

  return digits == 14 || digits == 8 ? digits : 0;
}

static TideMigration *
new_migration (const char *name,
               char       *path)
{
  TideMigration *self = g_new0 (TideMigration, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->name = tide_node_text_decode (name, strlen (name), NULL);
  self->path = path;
  return self;
}

/**
 * tide_migration_new:
 * @directory: the migrations directory
 * @folder: the name of a folder in it, file system encoding
 *
 * Reads nothing yet.
 *
 * Returns: (transfer full): the migration
 */
TideMigration *
tide_migration_new (const char *directory,
                    const char *folder)
{
  return new_migration (folder, g_build_filename (directory, folder, "migration.sql", NULL));
}

TideMigration *
tide_migration_new_for_file (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  TideMigration *self = new_migration (name, g_strdup (path));

  self->is_file = TRUE;
  return self;
}

TideMigration *
tide_migration_ref (TideMigration *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_migration_unref (TideMigration *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_mutex_clear (&self->lock);
  g_free (self->name);
  g_free (self->path);
  g_clear_pointer (&self->sql, g_bytes_unref);
  g_free (self->checksum);
  g_clear_error (&self->problem);
  g_free (self);
}

const char *
tide_migration_get_name (const TideMigration *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

const char *
tide_migration_get_path (const TideMigration *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->path;
}

/* (transfer full): what an error calls it */
char *
tide_migration_dup_label (const TideMigration *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strdup_printf ("%s\"%s\"", self->is_file ? "" : "migration ", self->name);
}

const char *
tide_migration_get_code (const TideMigration *self,
                         const char          *code)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->is_file ? NULL : code;
}

/**
 * tide_migration_dup_title:
 * @self: a migration
 *
 * Returns: (transfer full): its name for a person: without the date in front, underscores as spaces;
 *   the whole name where nothing else is left
 */
char *
tide_migration_dup_title (const TideMigration *self)
{
  const char *rest;
  g_autofree char *title = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  rest = self->name + count_date_digits (self->name);
  title = g_strstrip (g_strdelimit (g_strdup (rest), "_-", ' '));
  return *title != '\0' ? g_steal_pointer (&title) : g_strdup (self->name);
}

/**
 * tide_migration_dup_date:
 * @self: a migration
 *
 * Returns: (transfer full) (nullable): the moment that the leading digits of its name tell (yyyymmddhhmmss
 *   or yyyymmdd, UTC); %NULL where they tell none
 */
GDateTime *
tide_migration_dup_date (const TideMigration *self)
{
  int year, month, day, hour = 0, minute = 0, second = 0;
  gsize digits;

  g_return_val_if_fail (self != NULL, NULL);

  digits = count_date_digits (self->name);
  if (digits == 0)
    return NULL;
  if (sscanf (self->name, "%4d%2d%2d", &year, &month, &day) != 3)
    return NULL;
  if (digits == 14 && sscanf (self->name + 8, "%2d%2d%2d", &hour, &minute, &second) != 3)
    return NULL;
  if (year == 0)
    return NULL;
  return g_date_time_new_utc (year, month, day, hour, minute, second);
}

/**
 * tide_migration_get_sql:
 * @self: a migration
 *
 * Reads the file when it is the first to ask, and may block for that. Any thread.
 *
 * Returns: (transfer none) (nullable): the text of migration.sql; %NULL when it could not be read
 */
const char *
tide_migration_get_sql (const TideMigration *self)
{
  GBytes *bytes;

  g_return_val_if_fail (self != NULL, NULL);

  bytes = tide_migration_get_bytes (self);
  return bytes ? g_bytes_get_data (bytes, NULL) : NULL;
}

GBytes *
tide_migration_get_bytes (const TideMigration *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return ensure_read (self)->sql;
}

gsize
tide_migration_get_sql_size (const TideMigration *self)
{
  GBytes *bytes;

  g_return_val_if_fail (self != NULL, 0);

  bytes = tide_migration_get_bytes (self);
  return bytes ? g_bytes_get_size (bytes) : 0;
}

/**
 * tide_migration_is_utf8:
 * @self: a migration
 *
 * Returns: whether the file holds the very text of tide_migration_get_sql(); else U+FFFD stands in it for
 *   what is not UTF-8
 */
gboolean
tide_migration_is_utf8 (const TideMigration *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return ensure_read (self)->is_utf8;
}

/**
 * tide_migration_get_checksum:
 * @self: a migration
 *
 * Returns: (transfer none) (nullable): what Prisma writes into the ledger: SHA-256 of the text, 64 lower case hex
 *   digits; %NULL when the text could not be read
 */
const char *
tide_migration_get_checksum (const TideMigration *self)
{
  TideMigration *mutable;

  g_return_val_if_fail (self != NULL, NULL);

  mutable = ensure_read (self);
  if (mutable->sql == NULL)
    return NULL;
  g_mutex_lock (&mutable->lock);
  if (mutable->checksum == NULL)
    mutable->checksum = tide_checksum_compute (g_bytes_get_data (mutable->sql, NULL), g_bytes_get_size (mutable->sql),
                                               TIDE_LINE_ENDS_KEPT);
  g_mutex_unlock (&mutable->lock);
  return mutable->checksum;
}

/**
 * tide_migration_matches:
 * @self: a migration
 * @stored_checksum: (nullable): what the ledger holds
 *
 * Prisma's rule: the checksum of the text as it is, or with line ends of either kind, so that a file
 * checked out on Windows counts as unchanged.
 *
 * Returns: whether the file is the one that was applied
 */
gboolean
tide_migration_matches (const TideMigration *self,
                        const char          *stored_checksum)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (stored_checksum == NULL || tide_migration_get_checksum (self) == NULL)
    return FALSE;
  /* The common case costs one comparison */
  if (strcmp (self->checksum, stored_checksum) == 0)
    return TRUE;
  return tide_checksum_matches (g_bytes_get_data (self->sql, NULL), g_bytes_get_size (self->sql), stored_checksum);
}

/**
 * tide_migration_get_problem:
 * @self: a migration
 *
 * Returns: (transfer none) (nullable): why it cannot be applied, with the file; %NULL when it can be tried
 */
const GError *
tide_migration_get_problem (const TideMigration *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return ensure_read (self)->problem;
}
