/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-format"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "backup/tide-backup-format.h"
#include "backup/tide-restore-stream.h"
#include "tide-error.h"

/* Where pg_dump's first words must stand; what people put before them is short. */
#define HEAD_SIZE 8192
/* A file in a tar archive stands behind its header. */
#define TAR_HEADER 512
#define ARCHIVE_HEAD 11
#define ARCHIVE_HEAD_LEAST 7 /* up to the version */

static const struct
{
  const char *word;
  const char *suffix;
  gboolean    is_archive;
} formats[] = {
  [TIDE_BACKUP_FORMAT_UNKNOWN] = { "unknown", "", FALSE },
  [TIDE_BACKUP_FORMAT_CUSTOM] = { "custom", ".dump", TRUE },
  [TIDE_BACKUP_FORMAT_DIRECTORY] = { "directory", ".dir", TRUE },
  [TIDE_BACKUP_FORMAT_PLAIN] = { "plain", ".sql", FALSE },
  [TIDE_BACKUP_FORMAT_GZIP] = { "gzip", ".sql.gz", FALSE },
  [TIDE_BACKUP_FORMAT_TAR] = { "tar", ".tar", TRUE },
  [TIDE_BACKUP_FORMAT_ZSTD] = { "zstd", ".sql.zst", FALSE },
  [TIDE_BACKUP_FORMAT_LZ4] = { "lz4", ".sql.lz4", FALSE },
  [TIDE_BACKUP_FORMAT_CLUSTER] = { "cluster", ".sql", FALSE },
};

GType
tide_backup_format_get_type (void)
{
  static const GEnumValue values[] = {
    { TIDE_BACKUP_FORMAT_UNKNOWN, "TIDE_BACKUP_FORMAT_UNKNOWN", "unknown" },
    { TIDE_BACKUP_FORMAT_CUSTOM, "TIDE_BACKUP_FORMAT_CUSTOM", "custom" },
    { TIDE_BACKUP_FORMAT_DIRECTORY, "TIDE_BACKUP_FORMAT_DIRECTORY", "directory" },
    { TIDE_BACKUP_FORMAT_PLAIN, "TIDE_BACKUP_FORMAT_PLAIN", "plain" },
    { TIDE_BACKUP_FORMAT_GZIP, "TIDE_BACKUP_FORMAT_GZIP", "gzip" },
    { TIDE_BACKUP_FORMAT_TAR, "TIDE_BACKUP_FORMAT_TAR", "tar" },
    { TIDE_BACKUP_FORMAT_ZSTD, "TIDE_BACKUP_FORMAT_ZSTD", "zstd" },
    { TIDE_BACKUP_FORMAT_LZ4, "TIDE_BACKUP_FORMAT_LZ4", "lz4" },
    { TIDE_BACKUP_FORMAT_CLUSTER, "TIDE_BACKUP_FORMAT_CLUSTER", "cluster" },
    { 0, NULL, NULL },
  };
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("TideBackupFormat", values));
  return type;
}

/**
 * tide_backup_format_to_string:
 * @format: a format
 *
 * Returns: (transfer none): its word on the command line and in manifests
 */
const char *
tide_backup_format_to_string (TideBackupFormat format)
{
  g_return_val_if_fail (format < G_N_ELEMENTS (formats), NULL);

  return formats[format].word;
}

/**
 * tide_backup_format_from_string:
 * @text: (nullable): a word as tide_backup_format_to_string() writes it
 * @format: (out): the format; untouched when the word is none
 *
 * Returns: whether @text names a format
 */
gboolean
tide_backup_format_from_string (const char       *text,
                                TideBackupFormat *format)
{
  for (guint i = TIDE_BACKUP_FORMAT_CUSTOM; i < G_N_ELEMENTS (formats); i++)
    {
      if (g_strcmp0 (text, formats[i].word) != 0)
        continue;
      *format = i;
      return TRUE;
    }
  return FALSE;
}

/**
 * tide_backup_format_get_suffix:
 * @format: a format
 *
 * Returns: (transfer none): how names of such files and folders end, with the dot
 */
const char *
tide_backup_format_get_suffix (TideBackupFormat format)
{
  g_return_val_if_fail (format < G_N_ELEMENTS (formats), NULL);

  return formats[format].suffix;
}

/**
 * tide_backup_format_is_archive:
 * @format: a format
 *
 * Returns: whether pg_restore reads it (else psql does)
 */
gboolean
tide_backup_format_is_archive (TideBackupFormat format)
{
  g_return_val_if_fail (format < G_N_ELEMENTS (formats), FALSE);

  return formats[format].is_archive;
}

static gssize
read_head (const char *path,
           char       *head)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  gssize length = 0;
  gssize n = -1;

  if (fd < 0)
    return -1;
  while (length < HEAD_SIZE && (n = read (fd, head + length, HEAD_SIZE - length)) > 0)
    length += n;
  close (fd);
  return n < 0 ? -1 : length;
}

static gboolean
starts_with (const char *head,
             gsize       length,
             const char *magic,
             gsize       magic_length)
{
  return length >= magic_length && memcmp (head, magic, magic_length) == 0;
}

/* pg_dump and pg_dumpall introduce themselves in the first comment. */
static TideBackupFormat
detect_text (const char *head,
             gsize       length)
{
  if (g_strstr_len (head, length, "-- PostgreSQL database cluster dump\n") != NULL)
    return TIDE_BACKUP_FORMAT_CLUSTER;
  if (g_strstr_len (head, length, "-- PostgreSQL database dump\n") != NULL)
    return TIDE_BACKUP_FORMAT_PLAIN;
  return TIDE_BACKUP_FORMAT_UNKNOWN;
}

static TideBackupFormat
detect_packing (const char *head,
                gsize       length)
{
  if (starts_with (head, length, "\x1f\x8b", 2))
    return TIDE_BACKUP_FORMAT_GZIP;
  if (starts_with (head, length, "\x28\xb5\x2f\xfd", 4))
    return TIDE_BACKUP_FORMAT_ZSTD;
  return starts_with (head, length, "\x04\x22\x4d\x18", 4) ? TIDE_BACKUP_FORMAT_LZ4 : TIDE_BACKUP_FORMAT_PLAIN;
}

/* What the first bytes say; @what: (out): what it is when it is no backup */
static TideBackupFormat
detect_bytes (const char  *head,
              gsize        length,
              const char **what)
{
  if (length == 0)
    *what = "it is empty";
  else if (starts_with (head, length, "PGDMP", 5))
    return TIDE_BACKUP_FORMAT_CUSTOM;
  else if (length > 262 && memcmp (head + 257, "ustar", 5) == 0)
    {
      if (strncmp (head, "toc.dat", 100) == 0)
        return TIDE_BACKUP_FORMAT_TAR;
      *what = "it is a tar archive that pg_dump did not make";
    }
  else if (starts_with (head, length, "PK\x03\x04", 4))
    *what = "it is a zip archive; unpack it first";
  else if (memchr (head, '\0', length) != NULL)
    *what = "it is a binary file of another kind";
  else
    {
      *what = "it is a text that pg_dump did not write";
      return detect_text (head, length);
    }
  return TIDE_BACKUP_FORMAT_UNKNOWN;
}

/* The first bytes behind the compression; of a damaged file what can be had */
static gsize
unpack_head (const char       *path,
             TideBackupFormat  format,
             char             *text)
{
  g_autoptr(TideRestoreStream) stream = tide_restore_stream_open (path, format, NULL);
  gssize n = stream ? 1 : 0;
  gsize length = 0;

  while (length < HEAD_SIZE && n > 0 && (n = tide_restore_stream_read (stream, text + length, HEAD_SIZE - length, NULL)) > 0)
    length += n;
  return length;
}

static TideBackupFormat
detect_packed (const char        *path,
               TideBackupFormat   packed,
               const char       **what)
{
  g_autofree char *text = g_malloc (HEAD_SIZE);
  gsize length = unpack_head (path, packed, text);
  TideBackupFormat format = detect_bytes (text, length, what);

  /* Their blocks are large: of one that is cut short there may be nothing. Whoever reads it will say so. */
  if (format == TIDE_BACKUP_FORMAT_PLAIN || (length == 0 && packed != TIDE_BACKUP_FORMAT_GZIP))
    return packed;
  if (format == TIDE_BACKUP_FORMAT_CLUSTER)
    return TIDE_BACKUP_FORMAT_CLUSTER;
  *what = formats[format].is_archive ? "it is a compressed archive; unpack it first"
                                     : "it is a compressed file that holds no dump";
  return TIDE_BACKUP_FORMAT_UNKNOWN;
}

static TideBackupFormat
detect_file (const char  *path,
             const char **what)
{
  g_autofree char *head = g_malloc (HEAD_SIZE);
  gssize length = read_head (path, head);
  TideBackupFormat packing;

  if (length < 0)
    {
      *what = g_strerror (errno);
      return TIDE_BACKUP_FORMAT_UNKNOWN;
    }
  packing = detect_packing (head, length);
  return packing == TIDE_BACKUP_FORMAT_PLAIN ? detect_bytes (head, length, what) : detect_packed (path, packing, what);
}

static TideBackupFormat
detect_folder (const char  *path,
               const char **what)
{
  g_autofree char *toc = g_build_filename (path, "toc.dat", NULL);
  const char *ignored;

  if (detect_file (toc, &ignored) == TIDE_BACKUP_FORMAT_CUSTOM)
    return TIDE_BACKUP_FORMAT_DIRECTORY;
  *what = "it is a folder without the table of contents of a dump (toc.dat)";
  return TIDE_BACKUP_FORMAT_UNKNOWN;
}

/**
 * tide_backup_format_detect:
 * @path: a file or a folder
 * @error: %TIDE_ERROR_NOT_FOUND; %TIDE_ERROR_INVALID with what it seems to be
 *
 * Looks at the first bytes alone: a name proves nothing, and a head does not prove a tail.
 *
 * Returns: how it is laid out; %TIDE_BACKUP_FORMAT_UNKNOWN with @error set when it is no backup
 */
TideBackupFormat
tide_backup_format_detect (const char  *path,
                           GError     **error)
{
  const char *what = NULL;
  TideBackupFormat format;
  GStatBuf buf;

  g_return_val_if_fail (path != NULL, TIDE_BACKUP_FORMAT_UNKNOWN);

  if (g_stat (path, &buf) != 0)
    {
      tide_set_error (error, errno == ENOENT || errno == ENOTDIR ? TIDE_ERROR_NOT_FOUND : TIDE_ERROR_INVALID, NULL,
                      "cannot read \"%s\": %s", path, g_strerror (errno));
      return TIDE_BACKUP_FORMAT_UNKNOWN;
    }
  if (S_ISDIR (buf.st_mode))
    format = detect_folder (path, &what);
  else if (S_ISREG (buf.st_mode))
    format = detect_file (path, &what);
  else
    format = TIDE_BACKUP_FORMAT_UNKNOWN, what = "it is neither a file nor a folder";
  if (format == TIDE_BACKUP_FORMAT_UNKNOWN)
    tide_set_error (error, TIDE_ERROR_INVALID, "choose what pg_dump made: custom, directory, tar or SQL, compressed or not",
                    "\"%s\" is no backup: %s", path, what);
  return format;
}

/**
 * tide_backup_format_read_packing:
 * @path: a file
 *
 * Returns: how its bytes are compressed; plain when they are not, or cannot be read
 */
TideBackupFormat
tide_backup_format_read_packing (const char *path)
{
  g_autofree char *head = g_malloc (HEAD_SIZE);

  return detect_packing (head, MAX (read_head (path, head), 0));
}

/* What every archive begins with: "PGDMP", the three numbers of its layout, the sizes of two kinds of number, its format */
static gboolean
read_archive_head (const char       *path,
                   TideBackupFormat  format,
                   guchar           *head)
{
  g_autofree char *toc = format == TIDE_BACKUP_FORMAT_DIRECTORY ? g_build_filename (path, "toc.dat", NULL) : g_strdup (path);
  FILE *file = tide_backup_format_is_archive (format) ? g_fopen (toc, "rbe") : NULL;
  gsize length = 0;

  memset (head, 0, ARCHIVE_HEAD);
  if (file == NULL)
    return FALSE;
  if (format != TIDE_BACKUP_FORMAT_TAR || fseek (file, TAR_HEADER, SEEK_SET) == 0)
    length = fread (head, 1, ARCHIVE_HEAD, file);
  fclose (file);
  return length >= ARCHIVE_HEAD_LEAST && memcmp (head, "PGDMP", 5) == 0;
}

/**
 * tide_backup_format_read_major:
 * @path: a backup
 * @format: its format
 *
 * An archive begins with the version of its layout, which pg_dump raised with 16 and with 17.
 *
 * Returns: the least major version of a pg_restore that can read it, or 0 when any can, or it is no archive
 */
int
tide_backup_format_read_major (const char       *path,
                               TideBackupFormat  format)
{
  guchar head[ARCHIVE_HEAD];

  if (!read_archive_head (path, format, head) || head[5] != 1 || head[6] < 15)
    return 0;
  return head[6] + 1;
}

/**
 * tide_backup_format_is_sound:
 * @path: an archive that pg_restore says to be of a version that it does not know
 * @format: its format
 *
 * Every layout so far has the numbers in its head that this looks at; a newer one keeps them, and damage seldom does.
 *
 * Returns: whether that can be true
 */
gboolean
tide_backup_format_is_sound (const char       *path,
                             TideBackupFormat  format)
{
  guchar head[ARCHIVE_HEAD];

  return read_archive_head (path, format, head) && head[5] == 1 && (head[8] == 4 || head[8] == 8)
         && (head[9] == 4 || head[9] == 8) && head[10] >= 1 && head[10] <= 5;
}
