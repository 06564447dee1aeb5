/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-verify-read"

#include "config.h"

#include <glib/gi18n.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "backup/tide-backup-files.h"
#include "backup/tide-backup-tar.h"
#include "backup/tide-backup-tool.h"
#include "backup/tide-restore-stream.h"
#include "backup/tide-verify-file.h"
#include "backup/tide-verify-read.h"
#include "tide-error.h"

/* Since 17.6 and its like a line \unrestrict follows it. */
#define PLAIN_END "-- PostgreSQL database dump complete\n"
#define CLUSTER_END "-- PostgreSQL database cluster dump complete\n"
#define PIECE (256 * 1024)

typedef struct
{
  const char       *path;
  TideBackupFormat  format;
  TideBackupFormat  packing;  /* the same, but for a cluster's, which may be compressed */
  GPtrArray        *problems;
  TideJob          *job;
} Look;

static void G_GNUC_PRINTF (2, 3)
complain (Look       *look,
          const char *format,
          ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (look->problems, g_strdup_vprintf (format, args));
  va_end (args);
}

static gboolean
ends_well (TideBackupFormat  format,
           const GString    *tail)
{
  switch (format)
    {
    case TIDE_BACKUP_FORMAT_PLAIN:
    case TIDE_BACKUP_FORMAT_GZIP:
    case TIDE_BACKUP_FORMAT_ZSTD:
    case TIDE_BACKUP_FORMAT_LZ4:
      return g_strstr_len (tail->str, tail->len, PLAIN_END) != NULL;
    case TIDE_BACKUP_FORMAT_CLUSTER:
      return g_strstr_len (tail->str, tail->len, CLUSTER_END) != NULL;
    case TIDE_BACKUP_FORMAT_TAR:
      for (gsize i = 1; i <= TIDE_TAR_END_BYTES; i++)
        if (i > tail->len || tail->str[tail->len - i] != '\0')
          return FALSE;
      return TRUE;
    default:
      return TRUE;
    }
}

/* Rows of a table in a directory: COPY's end mark and empty lines, or (--inserts, not ours) a last statement and empty lines */
static gboolean
data_ends_well (const GString *tail)
{
  gsize length = tail->len;

  while (length > 0 && tail->str[length - 1] == '\n')
    length--;
  if (length == 0)
    return tail->len > 0;
  return tail->len - length >= 2 && (tail->str[length - 1] == ';' || (length >= 2 && memcmp (tail->str + length - 2, "\\.", 2) == 0));
}

/* "3351.dat", "3351.dat.gz" */
static gboolean
is_table_data (const char *name)
{
  gsize digits = strspn (name, "0123456789");

  return digits > 0 && (g_str_equal (name + digits, ".dat") || g_str_equal (name + digits, ".dat.gz"));
}

static gboolean
is_compressed (Look       *look,
               const char *name)
{
  if (look->format == TIDE_BACKUP_FORMAT_DIRECTORY)
    return g_str_has_suffix (name, ".gz");
  return look->packing == TIDE_BACKUP_FORMAT_GZIP;
}

/* Compressions that we cannot make, and that are read by another library */
static gboolean
is_foreign (Look *look)
{
  return look->packing == TIDE_BACKUP_FORMAT_ZSTD || look->packing == TIDE_BACKUP_FORMAT_LZ4;
}

static void
judge (Look                  *look,
       const char            *name,
       const TideFileReading *reading)
{
  if (reading->problem != NULL)
    complain (look, "\"%s\": %s", name, reading->problem);
  else if (look->format == TIDE_BACKUP_FORMAT_TAR && reading->bytes % TIDE_TAR_BLOCK != 0)
    complain (look, "\"%s\": it is cut short within a block", name);
  else if (look->format == TIDE_BACKUP_FORMAT_DIRECTORY ? is_table_data (name) && !data_ends_well (reading->tail)
                                                        : !is_foreign (look) && !ends_well (look->format, reading->tail))
    complain (look, "\"%s\": it is cut short: its end is missing", name);
}

/* Each file is read once, for its checksum and for what can be seen in it. */
static TideFileReader *
start_files (Look      *look,
             GPtrArray *files)
{
  g_autofree char *parent = g_path_get_dirname (look->path);
  TideFileReader *reader = tide_file_reader_new (tide_job_get_cancellable (look->job));

  for (guint i = 0; i < files->len; i++)
    {
      g_autofree char *full = g_build_filename (parent, g_ptr_array_index (files, i), NULL);
      g_autofree char *own = g_path_get_basename (full);

      tide_file_reader_add (reader, full, is_compressed (look, own));
    }
  return reader;
}

static void
take_files (Look         *look,
            const char   *name,
            GPtrArray    *files,
            GPtrArray    *readings,
            TideManifest *found)
{
  g_autofree char *base = g_path_get_basename (look->path);

  for (guint i = 0; i < files->len; i++)
    {
      const TideFileReading *reading = g_ptr_array_index (readings, i);
      const char *relative = g_ptr_array_index (files, i);
      g_autofree char *own = g_path_get_basename (relative);
      g_autofree char *known = g_strconcat (name, relative + strlen (base), NULL);

      tide_manifest_add_file (found, known, reading->bytes, reading->sha256);
      judge (look, own, reading);
    }
}

/* pg_restore as a reader. Returns: FALSE when cancelled */
static gboolean
run_restore (Look               *look,
             const char         *argument,
             TideToolLineFunc    line_func,
             gpointer            line_data,
             GError            **error)
{
  TideToolOptions options = { .line_func = line_func, .line_data = line_data };
  g_autoptr(GError) problem = NULL;
  g_autofree char *tool = tide_backup_tool_find ("pg_restore", 0, NULL, &problem);
  g_autofree char *out = NULL;
  const char *argv[] = { tool, argument, look->path, NULL };

  if (tool != NULL)
    out = tide_backup_tool_run (argv, NULL, &options, tide_job_get_cancellable (look->job), &problem);
  if (problem == NULL)
    return TRUE;
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  if (strstr (problem->message, "unsupported version") != NULL && tide_backup_format_is_sound (look->path, look->format))
    complain (look, "it was made by a newer pg_dump than the programs that are installed here can read: "
                    "install the client programs of that version of PostgreSQL");
  else
    complain (look, "it cannot be read: %s", problem->message);
  return TRUE;
}

/* Keeps the end of it in @tail. Returns: FALSE when cancelled or damaged, with @error set */
static gboolean
read_stream (Look              *look,
             const char        *path,
             TideBackupFormat   packing,
             GString           *tail,
             GError           **error)
{
  g_autoptr(TideRestoreStream) stream = tide_restore_stream_open (path, packing, error);
  g_autofree char *buffer = g_malloc (PIECE);
  gssize n = stream ? 1 : -1;

  while (n > 0 && (n = tide_restore_stream_read (stream, buffer, PIECE, error)) > 0)
    {
      g_string_append_len (tail, buffer, n);
      if (tail->len > TIDE_VERIFY_TAIL)
        g_string_erase (tail, 0, tail->len - TIDE_VERIFY_TAIL);
      if (g_cancellable_set_error_if_cancelled (tide_job_get_cancellable (look->job), error))
        n = -1;
    }
  return n == 0;
}

/* Compressed as only a newer pg_dump than this program has seen at work does it; what is cancelled is told by whoever asked. */
static void
read_foreign_member (Look             *look,
                     const char       *path,
                     TideBackupFormat  packing)
{
  g_autoptr(GString) tail = g_string_sized_new (PIECE + TIDE_VERIFY_TAIL);
  g_autofree char *own = g_path_get_basename (path);
  g_autofree char *plain = g_strndup (own, strcspn (own, ".") + strlen (".dat"));
  g_autoptr(GError) problem = NULL;

  if (!read_stream (look, path, packing, tail, &problem))
    complain (look, "\"%s\": its compressed data is damaged", own);
  else if (is_table_data (plain) && !data_ends_well (tail))
    complain (look, "\"%s\": it is cut short: its end is missing", own);
}

static void
look_for (Look       *look,
          const char *name)
{
  static const char *const suffixes[] = { "", ".gz", ".lz4", ".zst" };
  static const TideBackupFormat packings[] = { TIDE_BACKUP_FORMAT_PLAIN, TIDE_BACKUP_FORMAT_GZIP, TIDE_BACKUP_FORMAT_LZ4,
                                               TIDE_BACKUP_FORMAT_ZSTD };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *file = g_strconcat (name, suffixes[i], NULL);
      g_autofree char *path = g_build_filename (look->path, file, NULL);

      if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
        continue;
      if (packings[i] == TIDE_BACKUP_FORMAT_LZ4 || packings[i] == TIDE_BACKUP_FORMAT_ZSTD)
        read_foreign_member (look, path, packings[i]);
      return;
    }
  complain (look, "\"%s\": it is missing", name);
}

/* "16400 blob_16400.dat"; all large objects have one such list, and since pg_dump 17 one for each entry */
static void
check_large_objects (Look       *look,
                     const char *list)
{
  g_autofree char *path = g_build_filename (look->path, list, NULL);
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;

  look_for (look, list);
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *space = strchr (lines[i], ' ');

      if (space != NULL)
        look_for (look, space + 1);
    }
}

/* "3351; 0 16385 TABLE DATA public users ada" */
static void
check_toc_line (const char *line,
                gboolean    is_stderr,
                gpointer    data)
{
  Look *look = data;
  const char *kind = strchr (line, ';');
  char *rest;

  if (is_stderr || *line == ';' || kind == NULL)
    return;
  strtol (kind + 1, &rest, 10);
  strtol (rest, &rest, 10);
  if (g_str_has_prefix (rest, " TABLE DATA "))
    {
      g_autofree char *name = g_strdup_printf ("%d.dat", atoi (line));

      look_for (look, name);
    }
  else if (g_str_has_prefix (rest, " BLOBS "))
    {
      g_autofree char *own = g_strdup_printf ("blobs_%d.toc", atoi (line));
      g_autofree char *path = g_build_filename (look->path, own, NULL);

      check_large_objects (look, g_file_test (path, G_FILE_TEST_EXISTS) ? own : "blobs.toc");
    }
}

static gboolean
read_foreign (Look    *look,
              GError **error)
{
  g_autoptr(GString) tail = g_string_sized_new (PIECE + TIDE_VERIFY_TAIL);
  g_autoptr(GError) problem = NULL;

  if (read_stream (look, look->path, look->packing, tail, &problem))
    {
      if (!ends_well (look->format, tail))
        complain (look, "it is cut short: its end is missing");
      return TRUE;
    }
  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  complain (look, "%s", problem->message);
  return TRUE;
}

/* pg_restore itself would read all of a directory once more, and does not see that an uncompressed file is cut short. */
static gboolean
read_archive (Look    *look,
              GError **error)
{
  switch (look->packing)
    {
    case TIDE_BACKUP_FORMAT_TAR:
      if (!tide_backup_tar_is_whole (look->path))
        {
          complain (look, "it is cut short, or damaged between its members");
          return TRUE;
        }
      G_GNUC_FALLTHROUGH;
    case TIDE_BACKUP_FORMAT_CUSTOM:
      return run_restore (look, "--file=/dev/null", NULL, NULL, error);
    case TIDE_BACKUP_FORMAT_DIRECTORY:
      return run_restore (look, "--list", check_toc_line, look, error);
    case TIDE_BACKUP_FORMAT_ZSTD:
    case TIDE_BACKUP_FORMAT_LZ4:
      return read_foreign (look, error);
    default:
      return TRUE;
    }
}

gboolean
tide_verify_read (const char        *path,
                  const char        *name,
                  TideBackupFormat   format,
                  TideManifest      *found,
                  GPtrArray         *problems,
                  TideJob           *job,
                  GError           **error)
{
  TideBackupFormat packing = format == TIDE_BACKUP_FORMAT_CLUSTER ? tide_backup_format_read_packing (path) : format;
  Look look = { path, format, packing, problems, job };
  g_autoptr(GPtrArray) files = NULL;
  g_autoptr(GPtrArray) readings = NULL;
  TideFileReader *reader;
  gboolean done;

  tide_job_set_status (job, _("reading \"%s\" from end to end"), name);
  files = tide_backup_files_list (path, error);
  if (files == NULL)
    return FALSE;
  reader = start_files (&look, files);
  done = read_archive (&look, error);
  readings = tide_file_reader_finish (reader, done ? error : NULL);
  if (!done || readings == NULL)
    return FALSE;
  take_files (&look, name, files, readings, found);
  return TRUE;
}
