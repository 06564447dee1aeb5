/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-compare"

#include "config.h"

#include <glib/gi18n.h>

#include <string.h>

#include "backup/tide-backup-catalog.h"
#include "backup/tide-backup-compare.h"
#include "backup/tide-restore.h"

/* A comparison on its way */
typedef struct
{
  /* Borrowed */
  TideBackup        *backup;
  TideJob           *job;
  GCancellable      *cancellable;

  /* Owned */
  TideRowComparison *result;
  GHashTable        *rows;      /* key of a table -> TideTableRows, which "result" owns */

  gboolean           names_known; /* which tables it holds rows of */
  gboolean           from_list;   /* its tables come from a table of contents, where names have no line breaks */
} Comparing;

G_DEFINE_BOXED_TYPE (TideRowComparison, tide_row_comparison, tide_row_comparison_ref, tide_row_comparison_unref)

static void
table_rows_free (gpointer data)
{
  TideTableRows *self = data;

  g_free (self->schema);
  g_free (self->name);
  g_free (self);
}

static TideRowComparison *
comparison_new (void)
{
  TideRowComparison *self = g_new0 (TideRowComparison, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->tables = g_ptr_array_new_with_free_func (table_rows_free);
  return self;
}

static void
comparing_clear (Comparing *self)
{
  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_pointer (&self->result, tide_row_comparison_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Comparing, comparing_clear)

static char *
dup_key (Comparing  *self,
         const char *schema,
         const char *name)
{
  g_autofree char *quoted = tide_quote_identifier (schema);
  char *key = g_strconcat (quoted, ".", name, NULL);

  return self->from_list ? g_strdelimit (key, "\r\n", ' ') : key;
}

static TideTableRows *
add_table (Comparing  *self,
           const char *schema,
           const char *name)
{
  TideTableRows *rows = g_new0 (TideTableRows, 1);

  rows->schema = g_strdup (schema);
  rows->name = g_strdup (name);
  rows->backup_rows = rows->database_rows = -1;
  g_ptr_array_add (self->result->tables, rows);
  g_hash_table_insert (self->rows, dup_key (self, schema, name), rows);
  return rows;
}

static TideTableRows *
find_table (Comparing  *self,
            const char *schema,
            const char *name)
{
  g_autofree char *key = dup_key (self, schema, name);

  return g_hash_table_lookup (self->rows, key);
}

static void
take_manifest (Comparing *self)
{
  GPtrArray *tables = self->backup->manifest->tables;

  for (guint i = 0; i < tables->len; i++)
    {
      const TideManifestTable *table = g_ptr_array_index (tables, i);
      TideTableRows *rows = add_table (self, table->schema, table->name);

      rows->backup_rows = table->rows;
      rows->backup_exact = table->exact;
      rows->state = TIDE_ROWS_ONLY_BACKUP;
    }
  self->names_known = TRUE;
}

/* An archive at least says which tables it holds rows of. */
static gboolean
take_list (Comparing  *self,
           GError    **error)
{
  g_autoptr(GPtrArray) toc = tide_restore_read_toc (self->backup, self->cancellable, error);

  self->from_list = TRUE;
  for (guint i = 0; toc != NULL && i < toc->len; i++)
    {
      const TideTocEntry *entry = g_ptr_array_index (toc, i);

      if (g_str_equal (entry->kind, "TABLE DATA"))
        add_table (self, entry->schema, entry->name)->state = TIDE_ROWS_ONLY_BACKUP;
    }
  self->names_known = self->result->tables->len > 0;
  return toc != NULL;
}

static gboolean
has_option (Comparing  *self,
            const char *format,
            const char *schema,
            const char *name)
{
  g_autofree char *quoted_schema = tide_quote_identifier (schema);
  g_autofree char *quoted_name = name ? tide_quote_identifier (name) : NULL;
  g_autofree char *option = g_strconcat (format, quoted_schema, name ? "." : NULL, quoted_name, NULL);

  return g_strv_contains ((const char *const *) self->backup->manifest->options, option);
}

/* Whether the backup would hold such a table: one of a part of the database says so in its command. */
static gboolean
is_in_scope (Comparing  *self,
             const char *schema,
             const char *name)
{
  const TideManifest *manifest = self->backup->manifest;
  gboolean is_part = FALSE;

  for (guint i = 0; manifest != NULL && manifest->options[i] != NULL; i++)
    is_part = is_part || g_str_has_prefix (manifest->options[i], "--schema=") || g_str_has_prefix (manifest->options[i], "--table=");
  return !is_part || has_option (self, "--schema=", schema, NULL) || has_option (self, "--table=", schema, name);
}

static gboolean
take_backup (Comparing  *self,
             GError    **error)
{
  const TideManifest *manifest = self->backup->manifest;

  if (manifest != NULL && !g_strv_contains ((const char *const *) manifest->options, "--schema-only"))
    {
      take_manifest (self);
      return TRUE;
    }
  self->result->note = g_strdup (manifest ? "the backup holds the schema alone, and no rows"
                                          : "the backup has no manifest, so how many rows its tables have is not known");
  return !tide_backup_format_is_archive (self->backup->format) || take_list (self, error);
}

/* What the backup counted exactly is counted exactly, however large it is. */
static gboolean
count_table (Comparing              *self,
             TideSession            *session,
             const TideBackupTable  *table,
             gint64                  exact_below,
             GError                **error)
{
  TideTableRows *rows = find_table (self, table->schema, table->name);
  gboolean is_visible = table->readable && !table->filtered;

  if (rows == NULL && !is_in_scope (self, table->schema, table->name))
    return TRUE;
  if (rows == NULL)
    {
      rows = add_table (self, table->schema, table->name);
      rows->state = self->names_known ? TIDE_ROWS_ONLY_DATABASE : TIDE_ROWS_UNKNOWN;
    }
  else
    {
      rows->state = TIDE_ROWS_UNKNOWN;
    }
  if (is_visible)
    rows->database_rows = table->estimate;
  if (is_visible && (rows->backup_exact || table->data_bytes < exact_below))
    {
      tide_job_set_status (self->job, _("counting the rows of \"%s.%s\""), table->schema, table->name);
      rows->database_exact = tide_backup_catalog_count_rows (session, table->schema, table->name, &rows->database_rows,
                                                             self->cancellable, error);
      if (!rows->database_exact)
        return FALSE;
    }
  if (rows->state == TIDE_ROWS_UNKNOWN && rows->backup_exact && rows->database_exact)
    rows->state = rows->backup_rows == rows->database_rows ? TIDE_ROWS_EQUAL : TIDE_ROWS_DIFFERENT;
  return TRUE;
}

/* One snapshot: the counts belong together, as those of the backup do. */
static gboolean
count_database (Comparing     *self,
                TideConninfo  *conninfo,
                gint64         exact_below,
                GError       **error)
{
  const TideBackupOptions options = { 0 };
  g_autoptr(TideSession) session = tide_session_open (conninfo, self->cancellable, error);
  g_autoptr(TideResult) begun = NULL;
  g_autoptr(GPtrArray) tables = NULL;
  double total = 1, done = 0;

  if (session == NULL || !tide_backup_catalog_prepare (session, &options, self->cancellable, error))
    return FALSE;
  begun = tide_session_query (session, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", NULL, 0, self->cancellable, error);
  if (begun != NULL)
    tables = tide_backup_catalog_read_tables (session, &options, self->cancellable, error);
  if (tables == NULL)
    return FALSE;
  for (guint i = 0; i < tables->len; i++)
    total += ((const TideBackupTable *) g_ptr_array_index (tables, i))->data_bytes;
  for (guint i = 0; i < tables->len; i++)
    {
      const TideBackupTable *table = g_ptr_array_index (tables, i);

      if (!count_table (self, session, table, exact_below, error))
        return FALSE;
      done += table->data_bytes;
      tide_job_set_fraction (self->job, done / total);
    }
  return TRUE;
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  const TideTableRows *left = *(const TideTableRows *const *) a;
  const TideTableRows *right = *(const TideTableRows *const *) b;
  int order = strcmp (left->schema, right->schema);

  return order != 0 ? order : strcmp (left->name, right->name);
}

static void
finish (TideRowComparison *result)
{
  g_ptr_array_sort (result->tables, compare_names);
  for (guint i = 0; i < result->tables->len; i++)
    {
      const TideTableRows *rows = g_ptr_array_index (result->tables, i);

      result->n_differences += tide_rows_state_is_difference (rows->state);
      result->n_unknown += rows->state == TIDE_ROWS_UNKNOWN;
    }
}

TideRowComparison *
tide_row_comparison_ref (TideRowComparison *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_row_comparison_unref (TideRowComparison *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->note);
  g_ptr_array_unref (self->tables);
  g_free (self);
}

const char *
tide_rows_state_to_string (TideRowsState state)
{
  static const char *const words[] = { "equal", "different", "only_backup", "only_database", "unknown" };

  g_return_val_if_fail ((gsize) state < G_N_ELEMENTS (words), NULL);

  return words[state];
}

gboolean
tide_rows_state_is_difference (TideRowsState state)
{
  return state == TIDE_ROWS_DIFFERENT || state == TIDE_ROWS_ONLY_BACKUP || state == TIDE_ROWS_ONLY_DATABASE;
}

/**
 * tide_backup_compare_rows:
 * @backup: a backup
 * @conninfo: a database
 * @exact_below: bytes of a table below which its rows are counted exactly, where the backup did not do so; 0: 1 GiB
 * @job: (nullable): told of progress, and asked whether to go on
 * @error: %TIDE_ERROR_UNREACHABLE, %TIDE_ERROR_SERVER, %TIDE_ERROR_INVALID (a damaged archive), %G_IO_ERROR_CANCELLED
 *
 * Sets the rows that the backup's manifest tells of beside those that the database has now, counted in one snapshot. Where there
 * is no manifest the note says so, and of an archive at least the tables are compared. Blocking; changes nothing.
 *
 * Returns: (transfer full) (nullable): the comparison
 */
TideRowComparison *
tide_backup_compare_rows (TideBackup    *backup,
                          TideConninfo  *conninfo,
                          gint64         exact_below,
                          TideJob       *job,
                          GError       **error)
{
  g_auto(Comparing) self = { backup, job, tide_job_get_cancellable (job), NULL, NULL, FALSE, FALSE };

  g_return_val_if_fail (backup != NULL && conninfo != NULL, NULL);

  self.result = comparison_new ();
  self.rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  tide_job_set_status (job, _("reading what the backup holds"));
  if (!take_backup (&self, error) ||
      !count_database (&self, conninfo, exact_below > 0 ? exact_below : TIDE_BACKUP_EXACT_BELOW, error))
    return NULL;
  finish (self.result);
  return g_steal_pointer (&self.result);
}
