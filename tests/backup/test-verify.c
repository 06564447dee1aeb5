/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "backup-fixture.h"
#include "tide-error.h"
#include "wire/tide-session.h"

#define N_FLIPS 20

static TideVerdict *
verify (TideBackup *backup,
        int         level)
{
  g_autoptr(GError) error = NULL;
  TideVerdict *verdict = tide_verify_run (backup, level, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < verdict->problems->len; i++)
    g_test_message ("level %d: %s", verdict->level, (char *) g_ptr_array_index (verdict->problems, i));
  return verdict;
}

/* Fails the test unless it stays below @level, and some problem tells of @words */
static void
assert_bad (TideBackup *backup,
            int         level,
            const char *words)
{
  g_autoptr(TideVerdict) verdict = verify (backup, level);
  gboolean told = FALSE;

  g_assert_false (verdict->ok);
  g_assert_cmpint (verdict->level, <, level);
  for (guint i = 0; i < verdict->problems->len; i++)
    told = told || strstr (g_ptr_array_index (verdict->problems, i), words) != NULL;
  g_assert_true (told);
}

/* (transfer full): the same bytes under another name and without a manifest */
static TideBackup *
copy_file (BackupFixture *fixture,
           TideBackup    *backup,
           const char    *name,
           gssize         length)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  TideBackup *copy;
  gsize size;

  g_assert_true (g_file_get_contents (backup->path, &text, &size, NULL));
  tide_test_write_file (fixture->folder, name, text, length < 0 ? (gssize) size : length);
  copy = tide_backup_open (path, &error);
  g_assert_no_error (error);
  g_assert_null (copy->manifest);
  return copy;
}

static void
flip (const char *path,
      goffset     at)
{
  g_autofree char *text = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &text, &size, NULL));
  text[at] ^= 1 << g_test_rand_int_range (0, 8);
  g_assert_true (g_file_set_contents (path, text, size, NULL));
}

static void
test_ladder (BackupFixture *fixture,
             gconstpointer  data)
{
  static const TideBackupFormat formats[] = {
    TIDE_BACKUP_FORMAT_CUSTOM, TIDE_BACKUP_FORMAT_DIRECTORY, TIDE_BACKUP_FORMAT_PLAIN, TIDE_BACKUP_FORMAT_GZIP,
    TIDE_BACKUP_FORMAT_TAR,
  };
  g_autofree char *role = g_strdup_printf ("o'ner \"x\" %d", (int) getpid ());
  g_autofree char *quoted = tide_quote_identifier (role);
  g_autofree char *give = g_strdup_printf ("CREATE ROLE %s; ALTER TABLE orders OWNER TO %s; GRANT SELECT ON users TO %s",
                                           quoted, quoted, quoted);
  g_autofree char *drop = g_strdup_printf ("DROP OWNED BY %s CASCADE; DROP ROLE %s", quoted, quoted);

  backup_fixture_fill (fixture, 2000);
  g_free (tide_test_psql (fixture->conninfo, give));
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      TideBackupOptions options = { .format = formats[i], .compression = -1, .verify_level = 4 };
      g_autoptr(TideBackup) backup = backup_fixture_make (fixture, &options);
      g_autoptr(TideBackup) again = tide_backup_open (backup->path, NULL);

      g_assert_cmpint (again->manifest->level, ==, 4);
      g_assert_null (again->manifest->problems[0]);
      /* A lower level that holds takes nothing away. */
      backup_fixture_verify (again, 1);
      backup_fixture_verify (again, 2);
      g_assert_cmpint (again->manifest->level, ==, 4);
    }
  g_free (tide_test_psql (fixture->conninfo, drop));
}

/* What was made elsewhere can be restored, and not compared. */
static void
test_without_manifest (BackupFixture *fixture,
                       gconstpointer  data)
{
  TideBackupOptions options = { .compression = -1 };
  g_autoptr(TideBackup) backup = NULL;
  g_autoptr(TideBackup) copy = NULL;
  g_autoptr(TideVerdict) verdict = NULL;

  backup_fixture_fill (fixture, 100);
  backup = backup_fixture_make (fixture, &options);
  copy = copy_file (fixture, backup, "elsewhere", -1);
  backup_fixture_verify (copy, 1);
  assert_bad (copy, 2, "no manifest");
  verdict = verify (copy, 3);
  g_assert_true (verdict->ok);
  assert_bad (copy, 4, "no manifest");
}

/* Without compression nothing but the checksum can know. */
static void
test_flipped_bits (BackupFixture *fixture,
                   gconstpointer  data)
{
  TideBackupOptions options = { .compression = 0 };
  g_autoptr(TideBackup) backup = NULL;
  g_autofree char *good = NULL;
  gsize size;

  backup_fixture_fill (fixture, 500);
  backup = backup_fixture_make (fixture, &options);
  g_assert_true (g_file_get_contents (backup->path, &good, &size, NULL));
  for (guint i = 0; i < N_FLIPS; i++)
    {
      flip (backup->path, g_test_rand_int_range (0, size));
      {
        g_autoptr(TideVerdict) verdict = verify (backup, 2);
        g_assert_false (verdict->ok);
        g_assert_cmpint (backup->manifest->level, <, 2);
      }
      g_assert_true (g_file_set_contents (backup->path, good, size, NULL));
    }
  backup_fixture_verify (backup, 2);
}

static void
assert_cut_is_seen (BackupFixture    *fixture,
                    TideBackupFormat  format,
                    gsize             least,
                    gsize             head)
{
  TideBackupOptions options = { .format = format, .compression = -1 };
  g_autoptr(TideBackup) backup = backup_fixture_make (fixture, &options);
  gsize cuts[] = { least, 600, backup->bytes / 2, backup->bytes - head };

  for (guint i = 0; i < G_N_ELEMENTS (cuts); i++)
    {
      g_autoptr(TideBackup) copy = copy_file (fixture, backup, "cut", backup->bytes - cuts[i]);
      g_autoptr(TideVerdict) verdict = verify (copy, 1);

      g_test_message ("%s without its last %" G_GSIZE_FORMAT " bytes", tide_backup_format_to_string (format), cuts[i]);
      g_assert_cmpint (verdict->level, ==, 0);
      g_assert_false (verdict->ok);
    }
}

/* The last bytes of SQL text are "--" and "\\unrestrict", nothing that could be missed. */
static void
test_cut_short (BackupFixture *fixture,
                gconstpointer  data)
{
  backup_fixture_fill (fixture, 3000);
  assert_cut_is_seen (fixture, TIDE_BACKUP_FORMAT_PLAIN, 140, 200);
  assert_cut_is_seen (fixture, TIDE_BACKUP_FORMAT_GZIP, 1, 200);
  assert_cut_is_seen (fixture, TIDE_BACKUP_FORMAT_TAR, 1, 2048);
}

/* pg_dump writes the offsets last, at its head: what follows the last block of data is an end mark. */
static void
test_cut_custom (BackupFixture *fixture,
                 gconstpointer  data)
{
  TideBackupOptions options = { .compression = 0 };
  g_autoptr(TideBackup) backup = NULL;

  backup_fixture_fill (fixture, 3000);
  backup = backup_fixture_make (fixture, &options);
  for (guint i = 1; i < 8; i++)
    {
      g_autoptr(TideBackup) copy = copy_file (fixture, backup, "cut", backup->bytes * i / 8);
      g_autoptr(TideVerdict) verdict = verify (copy, 1);

      g_assert_cmpint (verdict->level, ==, 0);
    }
}

static void
test_cut_directory (BackupFixture *fixture,
                    gconstpointer  data)
{
  static const int compressions[] = { 0, 6 };

  backup_fixture_fill (fixture, 3000);
  for (guint i = 0; i < G_N_ELEMENTS (compressions); i++)
    {
      TideBackupOptions options = { .format = TIDE_BACKUP_FORMAT_DIRECTORY, .compression = compressions[i], .jobs = 2 };
      g_autoptr(TideBackup) backup = backup_fixture_make (fixture, &options);
      g_autoptr(GDir) folder = g_dir_open (backup->path, 0, NULL);
      g_autofree char *path = NULL;
      const char *name;
      GStatBuf buf;

      do
        name = g_dir_read_name (folder);
      while (g_str_equal (name, "toc.dat"));
      path = g_build_filename (backup->path, name, NULL);
      g_assert_no_errno (g_stat (path, &buf));
      g_assert_no_errno (truncate (path, buf.st_size / 2));
      assert_bad (backup, 1, "cut short");
      g_assert_cmpint (backup->manifest->level, ==, 0);
      g_assert_no_errno (truncate (path, 0));
      assert_bad (backup, 1, "cut short");
      g_assert_no_errno (g_unlink (path));
      assert_bad (backup, 1, "missing");
    }
}

static void
test_newer_pg_dump (BackupFixture *fixture,
                    gconstpointer  data)
{
  TideBackupOptions options = { .compression = -1 };
  g_autoptr(TideBackup) backup = backup_fixture_make (fixture, &options);
  g_autofree char *text = NULL;
  gsize size;

  /* "PGDMP", then the layout: 1.14 of 15 becomes 1.99 */
  g_assert_true (g_file_get_contents (backup->path, &text, &size, NULL));
  text[6] = 99;
  g_assert_true (g_file_set_contents (backup->path, text, size, NULL));
  assert_bad (backup, 1, "newer pg_dump");
  /* With its checksums it is told for what it is. */
  assert_bad (backup, 2, "has changed since it was made");
  /* What no pg_dump writes is damaged, and not of a newer one. */
  memset (text + 5, 'x', 8);
  g_assert_true (g_file_set_contents (backup->path, text, size, NULL));
  assert_bad (backup, 1, "it cannot be read: ");
}

/* Files and manifest under another name are the same backup still; its roles may come along or not. */
static void
test_renamed (BackupFixture *fixture,
              gconstpointer  data)
{
  static const TideBackupFormat formats[] = { TIDE_BACKUP_FORMAT_CUSTOM, TIDE_BACKUP_FORMAT_DIRECTORY };

  backup_fixture_fill (fixture, 10);
  for (guint i = 0; i < 4; i++)
    {
      TideBackupOptions options = { .format = formats[i / 2], .compression = -1, .with_roles = TRUE };
      g_autoptr(TideBackup) backup = backup_fixture_make (fixture, &options);
      g_autofree char *path = g_strdup_printf ("%s/renamed%u", fixture->folder, i);
      g_autofree char *manifest_path = g_strconcat (path, ".json", NULL);
      g_autofree char *roles = g_build_filename (fixture->folder, backup->manifest->globals, NULL);
      g_autofree char *renamed_roles = g_strconcat (path, ".roles.sql", NULL);
      g_autofree char *file = g_strconcat (path, i / 2 ? "/toc.dat" : NULL, NULL);
      g_autoptr(GPtrArray) orphans = NULL;
      g_autoptr(TideBackup) renamed = NULL;

      g_assert_no_errno (g_rename (backup->path, path));
      g_assert_no_errno (g_rename (backup->manifest_path, manifest_path));
      if (i % 2)
        g_assert_no_errno (g_rename (roles, renamed_roles));
      renamed = tide_backup_open (path, NULL);
      g_assert_null (renamed->change);
      backup_fixture_verify (renamed, 2);
      orphans = tide_library_list_orphans (fixture->folder, NULL);
      g_assert_cmpuint (orphans->len, ==, 0);
      flip (file, 100);
      assert_bad (renamed, 2, i / 2 ? "/toc.dat\" has changed" : "\" has changed");
      g_assert_true (tide_library_delete (renamed, NULL));
      g_assert_cmpuint (backup_fixture_count_files (fixture), ==, 0);
    }
}

/* A row that is lost between the snapshot and the file would be seen. */
static void
test_rows_differ (BackupFixture *fixture,
                  gconstpointer  data)
{
  TideBackupOptions options = { .compression = -1 };
  g_autoptr(TideBackup) backup = NULL;
  TideManifestTable *table;
  g_autoptr(GError) error = NULL;

  backup_fixture_fill (fixture, 100);
  backup = backup_fixture_make (fixture, &options);
  table = g_ptr_array_index (backup->manifest->tables, 0);
  table->rows++;
  g_assert_true (tide_manifest_write (backup->manifest, backup->manifest_path, &error));
  assert_bad (backup, 4, "has 100 rows after a restore, and had 101");
  g_assert_cmpint (backup->manifest->level, ==, 3);
}

static void
test_cannot_be_proved (BackupFixture *fixture,
                       gconstpointer  data)
{
  TideBackupOptions data_only = { .compression = -1, .contents = TIDE_BACKUP_DATA_ONLY };
  TideBackupOptions estimated = { .compression = -1, .exact_rows_below = 1 };
  g_autoptr(TideBackup) first = NULL;
  g_autoptr(TideBackup) second = NULL;
  g_autoptr(TideManifest) manifest = NULL;

  backup_fixture_fill (fixture, 100);
  first = backup_fixture_make (fixture, &data_only);
  assert_bad (first, 3, "no tables");
  g_assert_cmpint (first->manifest->level, ==, 2);
  second = backup_fixture_make (fixture, &estimated);
  assert_bad (second, 4, "estimated when it was made, so they cannot be compared: \"");
  g_assert_cmpint (second->manifest->level, ==, 3);

  g_strfreev (second->manifest->extensions);
  second->manifest->extensions = g_strsplit ("nobody_has_it 1.0", "|", -1);
  g_assert_true (tide_manifest_write (second->manifest, second->manifest_path, NULL));
  assert_bad (second, 3, "\"nobody_has_it\" is not installed");
}

/* One byte for each of these letters, which a database in UTF8 would count as two and refuse. */
static void
test_other_encoding (BackupFixture *fixture,
                     gconstpointer  data)
{
  TideBackupOptions options = { .compression = -1, .folder = fixture->folder };
  g_autofree char *name = g_strconcat (tide_conninfo_get (fixture->conninfo, "dbname"), "_latin", NULL);
  g_autofree char *create = g_strdup_printf ("CREATE DATABASE %s TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'", name);
  g_autoptr(TideConninfo) latin = tide_conninfo_copy (fixture->conninfo);

  g_free (tide_test_psql (fixture->conninfo, create));
  tide_conninfo_set (latin, "dbname", name);
  g_free (tide_test_psql (latin, "CREATE TABLE letters (a text CHECK (octet_length(a) = 1)); INSERT INTO letters VALUES (chr(233)), ('e')"));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(TideBackup) backup = NULL;

      options.format = i == 0 ? TIDE_BACKUP_FORMAT_CUSTOM : TIDE_BACKUP_FORMAT_PLAIN;
      backup = tide_backup_run (latin, &options, NULL, &error);
      g_assert_no_error (error);
      backup_fixture_verify (backup, 4);
    }
  tide_test_drop_database (latin);
}

/* A locale that this machine does not have is told; the backup is tried in another one. */
static void
test_unknown_locale (BackupFixture *fixture,
                     gconstpointer  data)
{
  TideBackupOptions options = { .compression = -1, .format = TIDE_BACKUP_FORMAT_PLAIN };
  g_autoptr(TideBackup) backup = NULL;
  g_autoptr(TideVerdict) verdict = NULL;

  backup_fixture_fill (fixture, 10);
  backup = backup_fixture_make (fixture, &options);
  g_free (backup->manifest->collate);
  backup->manifest->collate = g_strdup ("xx_NOWHERE");
  verdict = verify (backup, 4);
  g_assert_true (verdict->ok);
  g_assert_cmpuint (verdict->problems->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (verdict->problems, 0), "xx_NOWHERE"));
}

static void
test_cancelled (BackupFixture *fixture,
                gconstpointer  data)
{
  TideBackupOptions options = { .compression = -1 };
  g_autoptr(TideBackup) backup = backup_fixture_make (fixture, &options);
  g_autoptr(TideJob) job = tide_job_new ("test");
  g_autoptr(GError) error = NULL;

  tide_job_cancel (job);
  g_assert_null (tide_verify_run (backup, 4, job, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (backup->manifest->level, ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  static const struct
  {
    const char *path;
    void (*func) (BackupFixture *, gconstpointer);
  } tests[] = {
    { "/verify/ladder", test_ladder },
    { "/verify/without-manifest", test_without_manifest },
    { "/verify/flipped-bits", test_flipped_bits },
    { "/verify/cut-short", test_cut_short },
    { "/verify/cut-custom", test_cut_custom },
    { "/verify/cut-directory", test_cut_directory },
    { "/verify/newer-pg-dump", test_newer_pg_dump },
    { "/verify/renamed", test_renamed },
    { "/verify/rows-differ", test_rows_differ },
    { "/verify/cannot-be-proved", test_cannot_be_proved },
    { "/verify/other-encoding", test_other_encoding },
    { "/verify/unknown-locale", test_unknown_locale },
    { "/verify/cancelled", test_cancelled },
  };
  g_autofree char *cache = NULL;
  int failed;

  g_test_init (&argc, &argv, NULL);
  cache = tide_test_make_folder ();
  g_assert_no_errno (g_chmod (cache, 0755));
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, BackupFixture, NULL, backup_fixture_set_up, tests[i].func, backup_fixture_tear_down);
  failed = g_test_run ();
  tide_test_remove_folder (cache);
  return failed;
}
