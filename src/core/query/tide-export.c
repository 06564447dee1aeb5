/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-export"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "query/tide-export.h"
#include "query/tide-query-run.h"
#include "query/tide-row-table.h"
#include "sql/tide-sql-head.h"
#include "tide-error.h"
#include "tide-file.h"

#define CHUNK_ROWS 1000
#define FULL (256 * 1024)
#define COPY_HEAD "COPY ("

/* What is being written where */
typedef struct
{
  TideRowFormat   format;
  TideExportFunc  func;
  TideExportNoticeFunc notice;
  gpointer        data;
  TideJob        *job;
  TideRowWriter  *writer;   /* (nullable): no columns yet */
  const char    **values;
  gsize          *lengths;
  GString        *out;
  guint64         n_rows;
  guint64         n_bytes;
  gint64          told;
  gboolean        copied;   /* COPY data came */
  GError         *error;
} Export;

static void
export_clear (Export *self)
{
  g_clear_pointer (&self->writer, tide_row_writer_free);
  g_free (self->values);
  g_free (self->lengths);
  g_string_free (self->out, TRUE);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Export, export_clear)

static void
tell (Export *self)
{
  g_autofree char *rows = NULL;
  g_autofree char *size = NULL;
  g_autofree char *status = NULL;
  gint64 now = g_get_monotonic_time ();

  if (self->job == NULL || now - self->told < G_USEC_PER_SEC / 5)
    return;
  self->told = now;
  size = g_format_size (self->n_bytes);
  rows = g_strdup_printf ("%'" G_GUINT64_FORMAT, self->n_rows);
  status = g_strdup_printf (g_dngettext (NULL, "%s row, %s", "%s rows, %s", self->n_rows), rows, size);
  tide_job_set_status (self->job, "%s", self->n_rows > 0 ? status : size);
}

static gboolean
put (Export     *self,
     const char *data,
     gsize       length)
{
  self->n_bytes += length;
  tell (self);
  return self->func (data, length, self->data, &self->error);
}

static gboolean
flush (Export   *self,
       gboolean  all)
{
  gboolean done = TRUE;

  if (self->out->len >= FULL || (all && self->out->len > 0))
    {
      done = put (self, self->out->str, self->out->len);
      g_string_truncate (self->out, 0);
    }
  return done;
}

static void
set_columns (Export     *self,
             TideResult *chunk)
{
  guint n = tide_result_get_n_columns (chunk);
  g_autofree const char **names = g_new0 (const char *, n + 1);
  g_autofree guint32 *types = g_new0 (guint32, n + 1);

  for (guint i = 0; i < n; i++)
    {
      names[i] = tide_result_get_column_name (chunk, i);
      types[i] = tide_result_get_column_type (chunk, i);
    }
  self->writer = tide_row_writer_new (self->format, n, names, types, NULL);
  self->values = g_new0 (const char *, n + 1);
  self->lengths = g_new0 (gsize, n + 1);
  tide_row_writer_begin (self->writer, self->out);
}

static gboolean
take_rows (Export     *self,
           TideResult *chunk)
{
  guint n_columns = tide_result_get_n_columns (chunk);
  guint n_rows = tide_result_get_n_rows (chunk);

  if (self->writer == NULL && (n_columns > 0 || g_str_has_prefix (tide_result_get_command (chunk), "SELECT")))
    set_columns (self, chunk);
  for (guint row = 0; row < n_rows; row++)
    {
      for (guint i = 0; i < n_columns; i++)
        {
          self->values[i] = tide_result_get_value (chunk, row, i);
          self->lengths[i] = tide_result_get_length (chunk, row, i);
        }
      tide_row_writer_add (self->writer, self->values, self->lengths, self->out);
      self->n_rows++;
      if (!flush (self, FALSE))
        return FALSE;
    }
  /* Fewer than it takes: the server is slow at finding more, and somebody waits for these. */
  return n_rows == CHUNK_ROWS || flush (self, TRUE);
}

/* As it comes where the format is one of lines; else a row for each line, as in the window. */
static gboolean
take_copied (Export     *self,
             TideResult *chunk)
{
  g_autoptr(TideResult) lines = NULL;
  gsize size;
  const char *data = g_bytes_get_data (tide_result_get_copy (chunk), &size);
  gboolean first = !self->copied;

  self->copied = TRUE;
  if (self->format == TIDE_ROW_FORMAT_CSV || self->format == TIDE_ROW_FORMAT_TSV)
    return put (self, data, size);
  if (first && tide_result_is_binary_copy (chunk))
    {
      self->error = tide_error_new (TIDE_ERROR_UNSUPPORTED, "copy it as text or CSV, or leave the format of the rows out",
                                    "what COPY sends in the binary format cannot be written as rows");
      return FALSE;
    }
  lines = tide_result_split_copy (chunk);
  return take_rows (self, lines);
}

static gboolean
take_chunk (TideResult *chunk,
            guint       statement,
            gpointer    data)
{
  Export *self = data;
  GPtrArray *notices = tide_result_get_notices (chunk);

  for (guint i = 0; self->notice != NULL && notices != NULL && i < notices->len; i++)
    self->notice (g_ptr_array_index (notices, i), self->data);
  if (tide_result_get_copy (chunk) != NULL)
    return take_copied (self, chunk);
  if (!g_str_has_prefix (tide_result_get_command (chunk), "COPY "))
    return take_rows (self, chunk);
  self->n_rows = tide_result_get_affected (chunk);
  return TRUE;
}

/* Nothing answers rows that begins so, whatever follows. */
static const char * const rowless[] = {
  "abort", "alter", "analyze", "begin", "checkpoint", "close", "cluster", "comment", "commit", "create", "deallocate", "declare",
  "discard", "do", "drop", "end", "grant", "import", "listen", "load", "lock", "move", "notify", "prepare", "reassign", "refresh",
  "reindex", "release", "reset", "revoke", "rollback", "savepoint", "security", "set", "start", "truncate", "unlisten", "vacuum",
};

/* Looked at before it is sent: what was done and then told as an error would be done again. */
static gboolean
answers_nothing (const char             *sql,
                 const TideSqlStatement *statement)
{
  static const char * const changes[] = { "insert", "update", "delete", "merge" };
  TideSqlHead head;

  tide_sql_head_init (&head, sql, statement);
  for (guint i = 0; i < G_N_ELEMENTS (rowless); i++)
    if (tide_sql_head_is (&head, 0, rowless[i]))
      return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    if (tide_sql_head_is (&head, 0, changes[i]))
      return !tide_sql_statement_mentions (sql, statement, "returning");
  return tide_sql_head_is (&head, 0, "select") && tide_sql_statement_mentions (sql, statement, "into");
}

/* Only a query can stand in COPY (...) TO STDOUT; what else answers rows (SHOW, EXPLAIN, FETCH) cannot. */
static gboolean
can_be_copied (const char             *sql,
               const TideSqlStatement *statement)
{
  TideSqlHead head;

  tide_sql_head_init (&head, sql, statement);
  return (tide_sql_head_is (&head, 0, "select") && !tide_sql_statement_mentions (sql, statement, "into")) ||
         tide_sql_head_is (&head, 0, "with") || tide_sql_head_is (&head, 0, "values") ||
         tide_sql_head_is (&head, 0, "table");
}

static char *
dup_script (const char              *sql,
            TideRowFormat            format,
            GError                 **error)
{
  g_autoptr(GArray) statements = tide_sql_split (sql, -1);
  const TideSqlStatement *statement;

  if (statements->len != 1)
    {
      tide_set_error (error, TIDE_ERROR_USAGE, "give the one statement whose rows are wanted",
                      statements->len == 0 ? "there is no statement to run" : "only the rows of one statement can be written");
      return NULL;
    }
  statement = &g_array_index (statements, TideSqlStatement, 0);
  if (statement->is_meta)
    {
      tide_set_error (error, TIDE_ERROR_UNSUPPORTED, "write it as SQL, or run it with psql",
                      "\"%.*s\" is a command of psql", (int) MIN (statement->length, 60), sql + statement->start);
      return NULL;
    }
  if (answers_nothing (sql, statement))
    {
      tide_set_error (error, TIDE_ERROR_INVALID, "give it to \"execute\"", "the statement answers no rows; it was not run");
      return NULL;
    }
  /* A comment may be its last line. */
  if (format == TIDE_ROW_FORMAT_CSV && !statement->unterminated && can_be_copied (sql, statement))
    return g_strdup_printf ("%.*s" COPY_HEAD "%.*s\n) TO STDOUT (FORMAT csv, HEADER)", (int) statement->start, sql,
                            (int) statement->length, sql + statement->start);
  return g_strdup (sql);
}

/* Where COPY stands before the statement, the server's position is that of the script that was sent. */
static void
complete_error (GError     *error,
                const char *sql,
                gboolean    is_copy)
{
  TideErrorFields *fields = tide_error_get_fields (error);

  if (fields == NULL)
    return;
  if (is_copy && fields->position > 0)
    fields->position = MAX (fields->position - (int) strlen (COPY_HEAD), 1);
  if (fields->statement == NULL || is_copy)
    tide_error_take_string (&fields->statement, g_strdup (sql));
}

gboolean
tide_export_query (TideSession           *session,
                   const char            *sql,
                   TideRowFormat          format,
                   TideExportFunc         func,
                   TideExportNoticeFunc   notice,
                   gpointer               data,
                   TideJob               *job,
                   guint64               *n_rows,
                   GError               **error)
{
  g_auto(Export) self = { .format = format, .func = func, .notice = notice, .data = data, .job = job, .out = g_string_new (NULL) };
  GCancellable *cancellable = job ? tide_job_get_cancellable (job) : NULL;
  g_autofree char *script = dup_script (sql, format, error);
  gboolean done;

  if (script == NULL || !tide_query_take_any_bytes (session, cancellable, error))
    return FALSE;
  done = tide_session_stream (session, script, CHUNK_ROWS, take_chunk, &self, cancellable, error);
  if (!done && error != NULL)
    complete_error (*error, sql, !g_str_equal (script, sql));
  if (!done)
    return FALSE;
  /* A CALL, a WITH: it is done, though it had no rows. */
  if (self.writer == NULL && format == TIDE_ROW_FORMAT_JSON)
    {
      self.writer = tide_row_writer_new (format, 0, (const char * const[]) { NULL }, NULL, NULL);
      tide_row_writer_begin (self.writer, self.out);
    }
  if (self.writer != NULL && self.error == NULL)
    tide_row_writer_end (self.writer, self.out);
  if (self.error == NULL)
    flush (&self, TRUE);
  if (n_rows != NULL)
    *n_rows = self.n_rows;
  if (self.error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self.error));
  return FALSE;
}

/* A file beside its place */
typedef struct
{
  char *path; /* what a link points to */
  char *part;
  int   mode;
  int   fd;
} Part;

static gboolean
part_fail (Part        *self,
           const char  *what,
           GError     **error)
{
  int code = errno;

  tide_set_error (error, TIDE_ERROR_FAILED, "free some space, or choose another folder",
                  "cannot %s \"%s\": %s", what, self->path, g_strerror (code));
  return FALSE;
}

static gboolean
part_open (Part        *self,
           const char  *path,
           GError     **error)
{
  self->path = tide_file_find_place (path, &self->mode);
  self->part = g_strconcat (self->path, ".part-XXXXXX", NULL);
  self->fd = g_mkstemp_full (self->part, O_WRONLY | O_CLOEXEC, self->mode);
  if (self->fd < 0)
    return part_fail (self, "make", error);
  return self->mode == TIDE_FILE_NEW_MODE || fchmod (self->fd, (mode_t) self->mode) == 0 || part_fail (self, "make", error);
}

static gboolean
part_write (const char  *data,
            gsize        length,
            gpointer     user_data,
            GError     **error)
{
  Part *self = user_data;

  while (length > 0)
    {
      gssize n = write (self->fd, data, length);

      if (n < 0 && errno != EINTR)
        return part_fail (self, "write", error);
      data += MAX (n, 0);
      length -= MAX (n, 0);
    }
  return TRUE;
}

static gboolean
part_close (Part      *self,
            gboolean   whole,
            GError   **error)
{
  if (self->fd >= 0)
    {
      if (whole && (fsync (self->fd) != 0 || g_rename (self->part, self->path) != 0))
        whole = part_fail (self, "write", error);
      if (!whole)
        g_unlink (self->part);
      close (self->fd);
    }
  g_free (self->part);
  g_free (self->path);
  return whole;
}

gboolean
tide_export_query_to_file (TideSession    *session,
                           const char     *sql,
                           TideRowFormat   format,
                           const char     *path,
                           TideJob        *job,
                           guint64        *n_rows,
                           GError        **error)
{
  Part part = { .fd = -1 };
  gboolean whole = part_open (&part, path, error) &&
                   tide_export_query (session, sql, format, part_write, NULL, &part, job, n_rows, error);

  return part_close (&part, whole, error);
}

/* A writer of some columns of @store */
static TideRowWriter *
make_writer (TideRowStore  *store,
             TideRowFormat  format,
             guint          first,
             guint          n)
{
  g_autofree char *table = format == TIDE_ROW_FORMAT_INSERT ? tide_row_table_dup_name (store) : NULL;
  g_autofree const char **names = g_new0 (const char *, n + 1);
  g_autofree guint32 *types = g_new0 (guint32, n + 1);

  for (guint i = 0; i < n; i++)
    {
      names[i] = tide_row_store_get_column_name (store, first + i);
      types[i] = tide_row_store_get_column_type (store, first + i);
    }
  return tide_row_writer_new (format, n, names, types, table);
}

static void
add_row (TideRowReader  *reader,
         TideRowWriter  *writer,
         guint           row,
         guint           first,
         guint           n,
         const char    **values,
         gsize          *lengths,
         GString        *out)
{
  for (guint i = 0; i < n; i++)
    values[i] = tide_row_reader_get (reader, row, first + i, &lengths[i]);
  tide_row_writer_add (writer, values, lengths, out);
}

static guint
find_row (GBytes *order,
          guint   index)
{
  gsize size = 0;
  const guint32 *rows = order ? g_bytes_get_data (order, &size) : NULL;

  return index < size / sizeof *rows ? rows[index] : index;
}

static gboolean
write_store (TideRowStore  *store,
             guint          n_rows,
             GBytes        *order,
             Export        *self)
{
  g_auto(TideRowReader) reader = { NULL };
  GCancellable *cancellable = self->job ? tide_job_get_cancellable (self->job) : NULL;
  guint n = tide_row_store_get_n_columns (store);

  tide_row_reader_init (&reader, store);
  self->writer = make_writer (store, self->format, 0, n);
  self->values = g_new0 (const char *, n + 1);
  self->lengths = g_new0 (gsize, n + 1);
  tide_row_writer_begin (self->writer, self->out);
  for (guint i = 0; i < n_rows; i++)
    {
      add_row (&reader, self->writer, find_row (order, i), 0, n, self->values, self->lengths, self->out);
      self->n_rows++;
      if (!flush (self, FALSE))
        return FALSE;
      if (i % 1024 == 0 && g_cancellable_set_error_if_cancelled (cancellable, &self->error))
        return FALSE;
      if (i % 8192 == 0 && self->job != NULL)
        tide_job_set_fraction (self->job, (double) i / n_rows);
    }
  tide_row_writer_end (self->writer, self->out);
  return flush (self, TRUE);
}

gboolean
tide_export_store_to_file (TideRowStore   *store,
                           guint           n_rows,
                           GBytes         *order,
                           TideRowFormat   format,
                           const char     *path,
                           TideJob        *job,
                           GError        **error)
{
  Part part = { .fd = -1 };
  g_auto(Export) self = { .format = format, .func = part_write, .data = &part, .job = job, .out = g_string_new (NULL) };
  gboolean whole = part_open (&part, path, error) && write_store (store, n_rows, order, &self);

  if (self.error != NULL)
    g_propagate_error (error, g_steal_pointer (&self.error));
  return part_close (&part, whole, error);
}

GString *
tide_export_range (TideRowStore   *store,
                   GBytes         *order,
                   guint           first_row,
                   guint           last_row,
                   guint           first_column,
                   guint           last_column,
                   TideRowFormat   format,
                   gboolean        header,
                   GCancellable   *cancellable,
                   GError        **error)
{
  guint n = last_column - first_column + 1;
  g_autoptr(TideRowWriter) writer = make_writer (store, format, first_column, n);
  g_autofree const char **values = g_new0 (const char *, n);
  g_autofree gsize *lengths = g_new0 (gsize, n);
  g_auto(TideRowReader) reader = { NULL };
  GString *out = g_string_new (NULL);

  tide_row_reader_init (&reader, store);
  tide_row_writer_set_header (writer, header);
  tide_row_writer_begin (writer, out);
  for (guint i = first_row; i <= last_row; i++)
    {
      add_row (&reader, writer, find_row (order, i), first_column, n, values, lengths, out);
      if (i % 1024 == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        {
          g_string_free (out, TRUE);
          return NULL;
        }
    }
  tide_row_writer_end (writer, out);
  return out;
}
