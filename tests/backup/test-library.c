/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <utime.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "backup-fixture.h"
#include "backup/tide-backup-tar.h"
#include "tide-error.h"

#define SQL_HEAD "--\n-- PostgreSQL database dump\n--\n"
#define DAY (G_TIME_SPAN_DAY)
#define NOW ((gint64) 1763805600 * G_USEC_PER_SEC) /* 2025-11-22 10:00 UTC, a Saturday */

static TideManifest *
make_manifest (const char *database,
               gint64      created_at)
{
  TideManifest *manifest = tide_manifest_new ();
  TideManifestTable *table;
  char sha256[65];

  memset (sha256, 'a', 64);
  sha256[64] = '\0';
  manifest->format = TIDE_BACKUP_FORMAT_PLAIN;
  manifest->database = g_strdup (database);
  manifest->created_at = created_at;
  manifest->level = 2;
  tide_manifest_add_file (manifest, "a.sql", strlen (SQL_HEAD), sha256);
  table = tide_manifest_add_table (manifest, "pub\"lic", "it's\n\xc3\xab");
  table->rows = 12345678901;
  table->exact = TRUE;
  return manifest;
}

/* An archive says by its layout which pg_restore reads it. */
static void
test_majors (void)
{
  static const struct { const char *head; TideBackupFormat format; int major; } cases[] = {
    { "PGDMP\x01\x0e\x01", TIDE_BACKUP_FORMAT_CUSTOM, 0 },
    { "PGDMP\x01\x0f\x01", TIDE_BACKUP_FORMAT_CUSTOM, 16 },
    { "PGDMP\x01\x10\x01", TIDE_BACKUP_FORMAT_DIRECTORY, 17 },
    { "PGDMP\x01\x10\x01", TIDE_BACKUP_FORMAT_TAR, 17 },
    { "PGDMP", TIDE_BACKUP_FORMAT_CUSTOM, 0 },
    { SQL_HEAD, TIDE_BACKUP_FORMAT_PLAIN, 0 },
  };
  g_autofree char *folder = tide_test_make_folder ();
  g_autofree char *file = g_build_filename (folder, "toc.dat", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *gap = g_strnfill (cases[i].format == TIDE_BACKUP_FORMAT_TAR ? 512 : 0, ' ');
      g_autofree char *text = g_strconcat (gap, cases[i].head, NULL);

      tide_test_write_file (folder, "toc.dat", text, -1);
      g_assert_cmpint (tide_backup_format_read_major (cases[i].format == TIDE_BACKUP_FORMAT_DIRECTORY ? folder : file, cases[i].format),
                       ==, cases[i].major);
    }
  tide_test_remove_folder (folder);
}

static void
test_formats (void)
{
  static const struct
  {
    const char       *text;
    gssize            length;
    TideBackupFormat  format;
    const char       *words;
  } cases[] = {
    { "PGDMP\x01\x0e", -1, TIDE_BACKUP_FORMAT_CUSTOM, NULL },
    { SQL_HEAD, -1, TIDE_BACKUP_FORMAT_PLAIN, NULL },
    { "-- made by hand\n" SQL_HEAD "SELECT 1;", -1, TIDE_BACKUP_FORMAT_PLAIN, NULL },
    { "--\n-- PostgreSQL database cluster dump\n--\n", -1, TIDE_BACKUP_FORMAT_CLUSTER, NULL },
    { "\x28\xb5\x2f\xfd rest", -1, TIDE_BACKUP_FORMAT_ZSTD, NULL },
    { "\x04\x22\x4d\x18 rest", -1, TIDE_BACKUP_FORMAT_UNKNOWN, "holds no dump" },
    { "", 0, TIDE_BACKUP_FORMAT_UNKNOWN, "empty" },
    { "SELECT 1;\n", -1, TIDE_BACKUP_FORMAT_UNKNOWN, "did not write" },
    { "PK\x03\x04", -1, TIDE_BACKUP_FORMAT_UNKNOWN, "zip" },
    { "a\0b", 3, TIDE_BACKUP_FORMAT_UNKNOWN, "binary" },
    { "\x1f\x8b nonsense", -1, TIDE_BACKUP_FORMAT_UNKNOWN, "holds no dump" },
  };
  g_autofree char *folder = tide_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "wrong.tar", NULL);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      tide_test_write_file (folder, "wrong.tar", cases[i].text, cases[i].length);
      g_assert_cmpint (tide_backup_format_detect (path, &error), ==, cases[i].format);
      if (cases[i].words != NULL)
        {
          g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
          g_assert_nonnull (strstr (error->message, cases[i].words));
          g_clear_error (&error);
        }
      g_assert_no_error (error);
    }
  tide_test_write_file (folder, "d/toc.dat", "PGDMP", -1);
  g_free (path);
  path = g_build_filename (folder, "d", NULL);
  g_assert_cmpint (tide_backup_format_detect (path, &error), ==, TIDE_BACKUP_FORMAT_DIRECTORY);
  g_assert_cmpint (tide_backup_format_detect (folder, &error), ==, TIDE_BACKUP_FORMAT_UNKNOWN);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_cmpint (tide_backup_format_detect ("/nowhere/at/all", &error), ==, TIDE_BACKUP_FORMAT_UNKNOWN);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  tide_test_remove_folder (folder);
}

static void
test_manifest (void)
{
  g_autofree char *folder = tide_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "a.sql.json", NULL);
  g_autoptr(TideManifest) manifest = make_manifest ("shop", NOW + 123456);
  g_autoptr(TideManifest) again = NULL;
  g_autoptr(GError) error = NULL;
  const TideManifestTable *table;

  manifest->pinned = TRUE;
  manifest->purpose = g_strdup ("\"quoted\"\n");
  g_assert_true (tide_manifest_write (manifest, path, &error));
  again = tide_manifest_read (path, &error);
  g_assert_no_error (error);
  table = g_ptr_array_index (again->tables, 0);
  g_assert_cmpstr (again->purpose, ==, manifest->purpose);
  g_assert_cmpint (again->created_at, ==, manifest->created_at);
  g_assert_cmpint (again->level, ==, 2);
  g_assert_true (again->pinned);
  g_assert_cmpstr (table->name, ==, "it's\n\xc3\xab");
  g_assert_cmpint (table->rows, ==, 12345678901);
  tide_test_remove_folder (folder);
}

/* What somebody wrote by hand: one clear word, and never a path that leads out of the folder */
static void
test_bad_manifests (void)
{
#define HEAD "{\"tidemark_backup\": 1, \"format\": \"custom\", \"database\": \"d\", "
#define SHA "\"sha256\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""
  static const struct
  {
    const char *text;
    const char *words;
  } cases[] = {
    { "", "no manifest" },
    { "[]", "no manifest" },
    { "{\"a\": 1}", "no manifest" },
    { "{", "cannot read" },
    { HEAD "\"files\": []}", "\"files\"" },
    { HEAD "\"files\": [1]}", "\"files\"" },
    { HEAD "\"files\": [{\"path\": \"/etc/passwd\", " SHA "}]}", "\"files\"" },
    { HEAD "\"files\": [{\"path\": \"a/../../b\", " SHA "}]}", "\"files\"" },
    { HEAD "\"files\": [{\"path\": \"a\", \"sha256\": \"xyz\"}]}", "\"files\"" },
    { HEAD "\"files\": [{\"path\": \"a\", " SHA "}], \"globals\": \"../x\"}", "\"globals\"" },
    { HEAD "\"files\": [{\"path\": \"a\", " SHA "}], \"level\": 5}", "\"level\"" },
    { HEAD "\"files\": [{\"path\": \"a\", " SHA "}], \"level\": \"2\"}", "\"level\"" },
    { HEAD "\"files\": [{\"path\": \"a\", " SHA "}], \"created_at\": \"then\"}", "\"created_at\"" },
    { HEAD "\"files\": [{\"path\": \"a\", " SHA "}], \"tables\": [{}]}", "\"tables\"" },
    { "{\"tidemark_backup\": 1, \"format\": \"zip\", \"database\": \"d\"}", "wrong or missing" },
    { "{\"tidemark_backup\": 99}", "layout 99" },
  };
  g_autofree char *folder = tide_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "m.json", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      tide_test_write_file (folder, "m.json", cases[i].text, -1);
      g_assert_null (tide_manifest_read (path, &error));
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
      g_assert_nonnull (strstr (error->message, cases[i].words));
    }
  tide_test_remove_folder (folder);
}

static void
add_backup (const char *folder,
            const char *name,
            gint64      created_at)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *manifest_path = tide_manifest_dup_path (path);
  g_autoptr(TideManifest) manifest = make_manifest ("shop", created_at);

  tide_test_write_file (folder, name, SQL_HEAD, -1);
  g_assert_true (tide_manifest_write (manifest, manifest_path, NULL));
}

static void
test_library (void)
{
  static const char *const foreign[] = { "film.mkv.partial", "prod.roles.sql", "package.json", "package.json.ABC123" };
  static const char *const temporary[] = { "package.json.ABC123", "new.sql.json.XYZ123" };
  g_autofree char *folder = tide_test_make_folder ();
  g_autofree char *busy = g_build_filename (folder, BACKUP_FIXTURE_NAME ".partial", NULL);
  g_autofree char *lost = g_build_filename (folder, "lost.sql", NULL);
  g_autoptr(GPtrArray) backups = NULL;
  g_autoptr(GPtrArray) orphans = NULL;
  g_autoptr(GError) error = NULL;
  struct utimbuf long_ago = { 0, 0 };
  TideBackup *newest;
  int fd;

  add_backup (folder, "old.sql", NOW - DAY);
  add_backup (folder, "new.sql", NOW + 400 * DAY * 10);
  add_backup (folder, "lost.sql", NOW);
  g_assert_no_errno (g_unlink (lost));
  tide_test_write_file (folder, "foreign.dump", "PGDMP", -1);
  tide_test_write_file (folder, "notes.txt", "hello", -1);
  backup_fixture_leave (folder, "migration_backup_20250101_000001.dump.partial", "PGDMP");
  backup_fixture_leave (folder, BACKUP_FIXTURE_NAME ".partial", "PGDMP");
  backup_fixture_leave (folder, "migration_backup_20250101_000002_3.sql.roles.sql", "--\n-- PostgreSQL database cluster dump\n--\n");
  tide_test_write_file (folder, "new.sql.roles.sql", "--\n-- PostgreSQL database cluster dump\n--\n", -1);
  tide_test_write_file (folder, "gone.sql.deleted.partial", "PGDMP", -1);
  /* Somebody's own, whatever they are called */
  for (guint i = 0; i < G_N_ELEMENTS (foreign); i++)
    tide_test_write_file (folder, foreign[i], "{ \"name\": 1 }", -1);
  tide_test_write_file (folder, "new.sql.json.XYZ123", "{\n  \"tidemark_backup\" : 1,", -1);
  for (guint i = 0; i < G_N_ELEMENTS (temporary); i++)
    {
      g_autofree char *path = g_build_filename (folder, temporary[i], NULL);

      g_assert_no_errno (g_utime (path, &long_ago));
    }
  fd = g_open (busy, O_RDONLY, 0);
  g_assert_no_errno (flock (fd, LOCK_EX));

  backups = tide_library_list (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (backups->len, ==, 3);
  newest = g_ptr_array_index (backups, 0);
  g_assert_true (g_str_has_suffix (newest->path, "/new.sql"));
  orphans = tide_library_list_orphans (folder, &error);
  g_assert_cmpuint (orphans->len, ==, 5); /* half of one, lost.sql.json, roles of nothing, half deleted, half a manifest */
  for (guint i = 0; i < orphans->len; i++)
    g_assert_true (tide_library_remove_orphan (g_ptr_array_index (orphans, i), &error));
  g_assert_false (tide_library_remove_orphan (busy, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_BUSY);
  g_clear_error (&error);

  g_assert_true (tide_library_set_pinned (newest, TRUE, &error));
  {
    g_autoptr(TideBackup) again = tide_backup_open (newest->path, &error);
    g_assert_true (again->manifest->pinned);
  }
  for (guint i = 0; i < backups->len; i++)
    g_assert_true (tide_library_delete (g_ptr_array_index (backups, i), &error));
  close (fd);
  g_assert_no_errno (g_unlink (busy));
  g_clear_pointer (&orphans, g_ptr_array_unref);
  orphans = tide_library_list_orphans (folder, &error);
  g_assert_cmpuint (orphans->len, ==, 0);
  g_clear_pointer (&backups, g_ptr_array_unref);
  backups = tide_library_list ("/nowhere/at/all", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (backups->len, ==, 0);
  tide_test_remove_folder (folder);
}

/* Each letter of @ages is a backup so many days old: 'a' 0, 'b' 1, ... 'z' 25; what would go is told in the same letters. A capital is
 * pinned, '!' after a letter: not proved, '?': without a manifest. */
static void
assert_retention (TideRetention  retention,
                  const char    *ages,
                  const char    *expected)
{
  g_autoptr(GPtrArray) backups = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_backup_unref);
  g_autoptr(GPtrArray) chosen = NULL;
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *folder = tide_test_make_folder ();

  for (const char *c = ages; *c != '\0'; c++)
    {
      g_autofree char *name = g_strdup_printf ("%u.sql", (guint) (c - ages));
      g_autofree char *path = g_build_filename (folder, name, NULL);
      TideBackup *backup;

      if (!g_ascii_isalpha (*c))
        continue;
      add_backup (folder, name, NOW - (g_ascii_tolower (*c) - 'a') * DAY);
      backup = tide_backup_open (path, NULL);
      backup->manifest->pinned = g_ascii_isupper (*c);
      if (c[1] == '!')
        backup->manifest->level = 0;
      if (c[1] == '?')
        g_clear_pointer (&backup->manifest, tide_manifest_unref);
      g_ptr_array_add (backups, backup);
    }
  chosen = tide_retention_choose (backups, &retention, NOW);
  for (guint i = 0; i < chosen->len; i++)
    g_string_append_c (text, 'a' + (NOW - ((TideBackup *) g_ptr_array_index (chosen, i))->created_at) / DAY);
  g_assert_cmpstr (text->str, ==, expected);
  tide_test_remove_folder (folder);
}

static void
test_retention (void)
{
  static const struct
  {
    TideRetention  retention;
    const char    *ages;
    const char    *expected;
  } cases[] = {
    { { 0, 0, 0, 0 }, "abcdef", "" },
    { { 2, 0, 0, 0 }, "abcdef", "cdef" },
    { { 2, 0, 0, 0 }, "fedcba", "cdef" },
    { { 9, 0, 0, 0 }, "abc", "" },
    { { 1, 0, 0, 0 }, "abCd", "bd" },
    { { 1, 0, 0, 0 }, "a!bcd", "cd" },        /* the newest proved one stays */
    { { 1, 0, 0, 0 }, "a!b!c!", "bc" },
    { { 1, 0, 0, 0 }, "abc?d", "bd" },        /* made elsewhere */
    { { 0, 3, 0, 0 }, "aabbccdd", "abcdd" },  /* one of each of three days */
    { { 0, 0, 2, 0 }, "abghnop", "bhnop" },   /* Saturday; weeks begin on Monday: f is the one before */
    { { 0, 0, 0, 1 }, "abvwxyz", "bvwxyz" },  /* v is still of November */
    { { 0, 0, 0, 2 }, "avwxyz", "vxyz" },
    { { 1, 2, 2, 2 }, "abcdefghijklmnopqrstuvwxyz", "cdefhijklmnopqrstuvxyz" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("case %u: %s", i, cases[i].ages);
      assert_retention (cases[i].retention, cases[i].ages, cases[i].expected);
    }
}

/* A table of more than 8 GiB: its size stands there in base 256 */
static void
test_large_tar (void)
{
  const guint64 bytes = G_GUINT64_CONSTANT (9) << 30;
  const off_t end = TIDE_TAR_BLOCK + (off_t) bytes + TIDE_TAR_END_BYTES;
  char header[TIDE_TAR_BLOCK] = "1.dat";
  g_autofree char *folder = tide_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "large.tar", NULL);

  memcpy (header + 257, "ustar", 5);
  header[124] = (char) 0x80;
  for (guint i = 0; i < 8; i++)
    header[128 + i] = (char) (bytes >> (56 - 8 * i));
  tide_test_write_file (folder, "large.tar", header, sizeof header);
  g_assert_cmpint (truncate (path, end), ==, 0); /* full of holes */
  g_assert_true (tide_backup_tar_is_whole (path));
  g_assert_cmpint (truncate (path, end - TIDE_TAR_END_BYTES - 1), ==, 0);
  g_assert_false (tide_backup_tar_is_whole (path));
  tide_test_remove_folder (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/library/formats", test_formats);
  g_test_add_func ("/library/majors", test_majors);
  g_test_add_func ("/library/manifest", test_manifest);
  g_test_add_func ("/library/bad-manifests", test_bad_manifests);
  g_test_add_func ("/library/list", test_library);
  g_test_add_func ("/library/retention", test_retention);
  g_test_add_func ("/library/large-tar", test_large_tar);
  return g_test_run ();
}
