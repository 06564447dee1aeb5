/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-query-history"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "query/tide-query-history.h"
#include "query/tide-query-mask.h"
#include "tide-error.h"
#include "tide-json.h"

/* A longer text is kept in part: it is a file's, and the file is elsewhere. */
#define MAX_TEXT (256 * 1024)
/* Then the older half of the lines goes. */
#define MAX_FILE (16 * 1024 * 1024)

static const char * const outcomes[] = { "done", "failed", "cancelled" };

G_DEFINE_BOXED_TYPE (TideQueryRecord, tide_query_record, tide_query_record_ref, tide_query_record_unref)

TideQueryRecord *
tide_query_record_new (void)
{
  TideQueryRecord *self = g_new0 (TideQueryRecord, 1);

  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

TideQueryRecord *
tide_query_record_ref (TideQueryRecord *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_query_record_unref (TideQueryRecord *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->text);
  g_free (self->environment);
  g_free (self->database);
  g_free (self->command);
  g_free (self->message);
  g_free (self);
}

char *
tide_query_history_dup_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "tidemark", "history.jsonl", NULL);
}

static void
add_text (JsonObject *object,
          const char *member,
          const char *text)
{
  g_autofree char *masked = NULL;
  g_autofree char *valid = NULL;

  if (text == NULL)
    return;
  masked = tide_query_mask (text);
  valid = g_utf8_make_valid (masked, MIN (strlen (masked), MAX_TEXT));
  json_object_set_string_member (object, member, valid);
}

static char *
dup_line (const TideQueryRecord *record)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (record->time / G_USEC_PER_SEC);
  g_autofree char *iso = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *full = g_strdup_printf ("%s.%06dZ", iso, (int) (record->time % G_USEC_PER_SEC));
  g_autofree char *json = NULL;
  JsonObject *object = json_object_new ();

  json_node_take_object (node, object);
  json_object_set_string_member (object, "time", full);
  add_text (object, "environment", record->environment);
  add_text (object, "database", record->database);
  add_text (object, "text", record->text);
  json_object_set_string_member (object, "outcome", outcomes[record->outcome]);
  json_object_set_int_member (object, "rows", record->n_rows);
  add_text (object, "command", record->command);
  json_object_set_double_member (object, "milliseconds", record->duration / 1000.0);
  add_text (object, "message", record->message);
  json = json_to_string (node, FALSE);
  return g_strconcat (json, "\n", NULL);
}

static gboolean
set_file_error (GError     **error,
                const char  *path)
{
  int code = errno;

  tide_set_error (error, TIDE_ERROR_FAILED, "what was run is not in the history; see whether the disk is full",
                  "cannot write \"%s\": %s", path, g_strerror (code));
  return FALSE;
}

/* The newer half, from the first line that begins in it; others wait for the lock meanwhile. */
static gboolean
shorten (const char  *path,
         GError     **error)
{
  g_autofree char *text = NULL;
  const char *newer;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return FALSE;
  newer = memchr (text + length / 2, '\n', length - length / 2);
  if (newer == NULL)
    return TRUE;
  newer++;
  return g_file_set_contents_full (path, newer, length - (newer - text), G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

static gboolean
write_line (const char  *path,
            const char  *line,
            GError     **error)
{
  gsize length = strlen (line);
  struct stat state = { 0 };
  gboolean written;
  char last = '\n';
  int fd = g_open (path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

  if (fd < 0)
    return set_file_error (error, path);
  /* A line that a crash has cut off must not take this one along. */
  if (fstat (fd, &state) == 0 && state.st_size > 0 && pread (fd, &last, 1, state.st_size - 1) == 1 && last != '\n')
    written = write (fd, "\n", 1) == 1 && write (fd, line, length) == (gssize) length;
  else
    written = write (fd, line, length) == (gssize) length;
  if (!written)
    set_file_error (error, path);
  close (fd);
  if (written && state.st_size > MAX_FILE)
    return shorten (path, error);
  return written;
}

gboolean
tide_query_history_append (const char             *path,
                           const TideQueryRecord  *record,
                           GError                **error)
{
  g_autofree char *usual = tide_query_history_dup_path ();
  g_autofree char *folder = NULL;
  g_autofree char *lock_path = NULL;
  g_autofree char *line = NULL;
  gboolean written;
  int lock;

  g_return_val_if_fail (record != NULL && record->text != NULL, FALSE);

  if (path == NULL)
    path = usual;
  folder = g_path_get_dirname (path);
  lock_path = g_strconcat (path, ".lock", NULL);
  line = dup_line (record);
  if (g_mkdir_with_parents (folder, 0700) != 0)
    return set_file_error (error, folder);
  lock = g_open (lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0 || flock (lock, LOCK_EX) != 0)
    {
      set_file_error (error, lock_path);
      if (lock >= 0)
        close (lock);
      return FALSE;
    }
  written = write_line (path, line, error);
  close (lock);
  return written;
}

static TideQueryRecord *
parse_line (JsonParser *parser,
            const char *line,
            gsize       length)
{
  JsonNode *root = tide_json_load (parser, line, length, NULL) ? json_parser_get_root (parser) : NULL;
  g_autoptr(TideQueryRecord) record = tide_query_record_new ();
  g_autoptr(GDateTime) time = NULL;
  g_autofree char *when = NULL;
  g_autofree char *outcome = NULL;
  JsonObject *object;
  JsonNode *milliseconds;

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  object = json_node_get_object (root);
  when = tide_json_dup_text (object, "time");
  time = when != NULL ? g_date_time_new_from_iso8601 (when, NULL) : NULL;
  record->text = tide_json_dup_text (object, "text");
  if (time == NULL || record->text == NULL)
    return NULL;
  record->time = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  record->environment = tide_json_dup_text (object, "environment");
  record->database = tide_json_dup_text (object, "database");
  record->message = tide_json_dup_text (object, "message");
  record->command = tide_json_dup_text (object, "command");
  record->n_rows = tide_json_get_number (object, "rows");
  milliseconds = json_object_get_member (object, "milliseconds");
  if (milliseconds != NULL && JSON_NODE_HOLDS_VALUE (milliseconds))
    record->duration = 1000 * json_node_get_double (milliseconds);
  outcome = tide_json_dup_text (object, "outcome");
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    if (g_strcmp0 (outcomes[i], outcome) == 0)
      record->outcome = i;
  return g_steal_pointer (&record);
}

static gboolean
matches (const TideQueryRecord *record,
         char                 **words)
{
  g_autofree char *all = g_strjoin ("\n", record->text, record->environment ? record->environment : "",
                                    record->message ? record->message : "", NULL);
  g_autofree char *folded = g_utf8_casefold (all, -1);

  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    if (strstr (folded, words[i]) == NULL)
      return FALSE;
  return TRUE;
}

GPtrArray *
tide_query_history_read (const char  *path,
                         const char  *search,
                         guint        limit,
                         GError     **error)
{
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_query_record_unref);
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autofree char *usual = tide_query_history_dup_path ();
  g_autofree char *folded = g_utf8_casefold (search ? search : "", -1);
  g_auto(GStrv) words = g_strsplit_set (folded, " \t\n", -1);
  g_autofree char *text = NULL;
  g_autoptr(GError) failure = NULL;
  gsize end;

  if (!g_file_get_contents (path ? path : usual, &text, &end, &failure))
    {
      if (g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return g_steal_pointer (&records);
      tide_set_error (error, TIDE_ERROR_FAILED, NULL, "the history cannot be read: %s", failure->message);
      return NULL;
    }
  while (end > 0 && records->len < limit)
    {
      const char *newline = memrchr (text, '\n', end - 1);
      gsize start = newline == NULL ? 0 : newline + 1 - text;
      g_autoptr(TideQueryRecord) record = parse_line (parser, text + start, end - start);

      if (record != NULL && matches (record, words))
        g_ptr_array_add (records, g_steal_pointer (&record));
      end = start;
    }
  return g_steal_pointer (&records);
}
