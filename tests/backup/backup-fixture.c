/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-test"

#include "config.h"

#include <fcntl.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "backup-fixture.h"
#include "backup/tide-backup-files.h"

void
backup_fixture_set_up (BackupFixture *self,
                       gconstpointer  data)
{
  self->conninfo = tide_test_create_database ();
  self->folder = tide_test_make_folder ();
}

void
backup_fixture_tear_down (BackupFixture *self,
                          gconstpointer  data)
{
  tide_test_drop_database (self->conninfo);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  tide_test_remove_folder (self->folder);
  g_clear_pointer (&self->folder, g_free);
}

void
backup_fixture_fill (BackupFixture *self,
                     guint          rows)
{
  g_autofree char *sql =
    g_strdup_printf ("CREATE TYPE mood AS ENUM ('glad', 'sad');"
                     "CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL, mood mood DEFAULT 'glad');"
                     "CREATE TABLE orders (id int PRIMARY KEY, user_id int REFERENCES users, note text);"
                     "CREATE VIEW glad AS SELECT * FROM users WHERE mood = 'glad';"
                     "INSERT INTO users (name) SELECT 'user ' || i FROM generate_series(1, %u) i;"
                     "INSERT INTO orders SELECT i, i, md5(i::text) FROM generate_series(1, %u) i;"
                     "ANALYZE", rows, rows);

  g_free (tide_test_psql (self->conninfo, sql));
}

TideBackup *
backup_fixture_make (BackupFixture           *self,
                     const TideBackupOptions *options)
{
  g_autoptr(GError) error = NULL;
  TideBackupOptions own = *options;
  TideBackup *backup;

  if (own.path == NULL)
    own.folder = self->folder;
  backup = tide_backup_run (self->conninfo, &own, NULL, &error);
  g_assert_no_error (error);
  return backup;
}

void
backup_fixture_verify (TideBackup *backup,
                       int         level)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideVerdict) verdict = tide_verify_run (backup, level, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < verdict->problems->len; i++)
    g_test_message ("%s", (char *) g_ptr_array_index (verdict->problems, i));
  g_assert_cmpuint (verdict->problems->len, ==, 0);
  g_assert_cmpint (verdict->level, ==, level);
  g_assert_true (verdict->ok);
}

void
backup_fixture_leave (const char *folder,
                      const char *name,
                      const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  int fd;

  tide_test_write_file (folder, name, text, -1);
  fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  tide_backup_files_mark (fd);
  close (fd);
}

guint
backup_fixture_count_files (BackupFixture *self)
{
  g_autoptr(GDir) folder = g_dir_open (self->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

const TideManifestTable *
backup_fixture_find_table (TideManifest *manifest,
                           const char   *name)
{
  for (guint i = 0; i < manifest->tables->len; i++)
    {
      const TideManifestTable *table = g_ptr_array_index (manifest->tables, i);

      if (g_str_equal (table->name, name))
        return table;
    }
  return NULL;
}
