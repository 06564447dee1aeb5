/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-diagnose-edited"

#include "config.h"

#include <string.h>

#include "health/tide-diagnosis-private.h"
#include "project/tide-checksum.h"
#include "project/tide-git-file.h"
#include "sql/tide-sql-lexer.h"
#include "tide-error.h"

/* Each costs a walk through git: that of the first ones is enough to see what happened. */
#define MAX_EDITED 20

/* How two texts of one migration differ */
typedef enum
{
  EDIT_LINE_ENDS,
  EDIT_COMMENTS, /* or white space */
  EDIT_SQL,
} Edit;

/* The next token that the server would see */
static gboolean
next_token (TideSqlLexer *lexer,
            TideSqlToken *token)
{
  while (tide_sql_lexer_next (lexer, token))
    if (token->type != TIDE_SQL_TOKEN_SPACE && token->type != TIDE_SQL_TOKEN_COMMENT)
      return TRUE;
  return FALSE;
}

/* Whether both texts say the same to the server. @line: of @right where they part */
static gboolean
has_same_tokens (const char *left,
                 gsize       left_size,
                 const char *right,
                 gsize       right_size,
                 int        *line)
{
  TideSqlLexer lexers[2];
  TideSqlToken tokens[2];

  tide_sql_lexer_init (&lexers[0], left, left_size);
  tide_sql_lexer_init (&lexers[1], right, right_size);
  for (;;)
    {
      gboolean more = next_token (&lexers[0], &tokens[0]);

      *line = 0;
      if (next_token (&lexers[1], &tokens[1]))
        *line = tide_sql_line_of_offset (right, right_size, tokens[1].start);
      else if (!more)
        return TRUE;
      else
        return FALSE;
      if (!more || tokens[0].length != tokens[1].length ||
          memcmp (left + tokens[0].start, right + tokens[1].start, tokens[0].length) != 0)
        return FALSE;
    }
}

static char *
dup_without_returns (const char *text,
                     gsize       size,
                     gsize      *new_size)
{
  char *copy = g_malloc (size + 1);
  gsize n = 0;

  for (gsize i = 0; i < size; i++)
    if (text[i] != '\r')
      copy[n++] = text[i];
  while (n > 0 && copy[n - 1] == '\n')
    n--;
  copy[n] = '\0';
  *new_size = n;
  return copy;
}

static Edit
compare (const TideGitFile *applied,
         const char        *sql,
         gsize              size,
         int               *line)
{
  gsize sizes[2];
  g_autofree char *left = dup_without_returns (applied->text, applied->size, &sizes[0]);
  g_autofree char *right = dup_without_returns (sql, size, &sizes[1]);

  *line = 0;
  if (sizes[0] == sizes[1] && memcmp (left, right, sizes[0]) == 0)
    return EDIT_LINE_ENDS;
  return has_same_tokens (applied->text, applied->size, sql, size, line) ? EDIT_COMMENTS : EDIT_SQL;
}

/* Without git: what an editor does to a file at its ends can be undone and tried. */
static gboolean
is_only_end (const char *sql,
             gsize       size,
             const char *checksum)
{
  static const char mark[] = "\xEF\xBB\xBF";
  gsize start = size >= 3 && memcmp (sql, mark, 3) == 0 ? 3 : 0;
  gsize n = size;

  while (n > start && strchr (" \t\r\n", sql[n - 1]) != NULL)
    n--;
  for (guint with_mark = 0; with_mark < 2; with_mark++)
    for (guint lines = 0; lines < 3; lines++)
      {
        g_autofree char *text = g_strdup_printf ("%s%.*s%.*s", with_mark ? mark : "", (int) (n - start), sql + start, (int) lines, "\n\n");

        if (tide_checksum_matches (text, strlen (text), checksum))
          return TRUE;
      }
  return FALSE;
}

static void
offer_checksum (TideDiagnosis           *self,
                const TideTimelineEntry *entry,
                const char              *description)
{
  g_autofree char *id = tide_quote_literal (entry->row->id);
  g_autofree char *sql = g_strdup_printf ("UPDATE _prisma_migrations SET checksum = '%s' WHERE id = %s;",
                                          tide_migration_get_checksum (entry->migration), id);

  tide_diagnosis_add_way (self, TIDE_HEALTH_ACTION_OPEN_SQL, sql, _("Take the New Checksum…"), description);
}

static void
offer_file (TideDiagnosis           *self,
            const TideTimelineEntry *entry,
            const TideGitFile       *applied)
{
  g_autofree char *argument = g_strdup_printf ("%s@%s", applied->id, entry->name);

  tide_diagnosis_add_way (self, TIDE_WAY_RESTORE_FILE, argument, _("Put the File Back"),
                          _("Writes migration.sql as it was applied, from git; what is there now is kept beside it as "
                            "migration.sql.edited. What was meant by the change goes into a new migration"));
}

/* The three things that an edit can be, each with its evidence and the way out that fits first */
static void
tell_edit (TideDiagnosis           *self,
           const TideTimelineEntry *entry,
           const TideGitFile       *applied)
{
  const char *sql = tide_migration_get_sql (entry->migration);
  gsize size = tide_migration_get_sql_size (entry->migration);
  int line = 0;
  Edit edit;

  if (applied == NULL && is_only_end (sql, size, entry->row->checksum))
    {
      tide_diagnosis_take_evidence (self, g_strdup (_("The files differ only in how they begin or end: line breaks, a byte order mark")));
      offer_checksum (self, entry, _("An UPDATE of the ledger, to be looked at first: the SQL is the same"));
      return;
    }
  if (applied == NULL)
    {
      tide_diagnosis_take_evidence (self, g_strdup (_("The text that was applied is not in git: what was changed is not known")));
      offer_checksum (self, entry, _("An UPDATE of the ledger, to be looked at first: only when you know that the SQL does the same. "
                                     "Compare with the database before"));
      return;
    }
  tide_diagnosis_take_evidence (self, g_strdup_printf (_("Commit %s has the text that was applied"), applied->commit));
  edit = compare (applied, sql, size, &line);
  if (edit == EDIT_SQL)
    {
      tide_diagnosis_take_evidence (self, line > 0 ? g_strdup_printf (_("The SQL differs, from line %d on"), line)
                                                   : g_strdup (_("The SQL differs: statements at its end are gone")));
      offer_file (self, entry, applied);
      return;
    }
  tide_diagnosis_take_evidence (self, g_strdup (edit == EDIT_LINE_ENDS ? _("Only line endings differ: git or an editor changed them")
                                                                       : _("Only comments or white space differ: the SQL is the same")));
  offer_file (self, entry, applied);
  offer_checksum (self, entry, _("An UPDATE of the ledger, to be looked at first: the SQL is the same"));
}

void
tide_diagnose_edited (TideDiagnoseWork *work)
{
  guint n = 0;

  for (guint i = 0; i < tide_timeline_get_n_entries (work->timeline) && n < MAX_EDITED; i++)
    {
      const TideTimelineEntry *entry = tide_timeline_get_entry (work->timeline, i);
      g_autoptr(TideGitFile) applied = NULL;
      TideDiagnosis *self;

      if (entry->state != TIDE_STATE_EDITED || entry->migration == NULL || tide_migration_get_sql (entry->migration) == NULL)
        continue;
      n++;
      applied = tide_git_file_find (work->project, entry->name, entry->row->checksum, work->cancellable);
      self = tide_diagnosis_new ("edited-migration", g_strdup_printf (_("“%s” was changed after it was applied"), entry->name),
                                 _("The file is not the one that this database ran. deploy does not mind; migrate dev wants to reset, "
                                   "and a new database comes out different"));
      tide_diagnosis_take_evidence (self, g_strdup_printf (_("Checksum in the ledger %.12s…, of the file %.12s…"), entry->row->checksum,
                                                           tide_migration_get_checksum (entry->migration)));
      tell_edit (self, entry, applied);
      tide_diagnosis_add_way (self, TIDE_HEALTH_ACTION_SHOW_DRIFT, NULL, _("Compare with the Database"),
                              _("Shows whether the database has what the file says now"));
      g_ptr_array_add (work->found, self);
    }
}

/**
 * tide_diagnosis_restore_file:
 * @project: the project
 * @argument: of a way #TIDE_WAY_RESTORE_FILE
 * @error: NOT_FOUND: git does not have it any more; of the file system
 *
 * Returns: whether the file is again what was applied
 */
gboolean
tide_diagnosis_restore_file (TideProject  *project,
                             const char   *argument,
                             GError      **error)
{
  g_auto(GStrv) parts = g_strsplit (argument, "@", 2);
  TideMigration *migration = g_strv_length (parts) == 2 ? tide_project_find_migration (project, parts[1]) : NULL;
  g_autoptr(GBytes) content = migration ? tide_git_file_load (project, parts[0]) : NULL;
  const char *path = migration ? tide_migration_get_path (migration) : NULL;
  g_autofree char *kept = path ? g_strconcat (path, ".edited", NULL) : NULL;
  g_autofree char *text = NULL;
  gconstpointer data;
  gsize wanted;
  gsize size;

  if (content == NULL)
    {
      tide_set_error (error, TIDE_ERROR_NOT_FOUND, "look again at what is wrong", "git has no such version of the file any more");
      return FALSE;
    }
  data = g_bytes_get_data (content, &wanted);
  if (!g_file_get_contents (path, &text, &size, error))
    return tide_error_tell_file (error, "the migration cannot be read");
  if (size == wanted && memcmp (text, data, size) == 0)
    return TRUE;
  /* An edit that was kept before is not written over. */
  for (guint i = 2; g_file_test (kept, G_FILE_TEST_EXISTS); i++)
    {
      g_free (kept);
      kept = g_strdup_printf ("%s.edited.%u", path, i);
    }
  return (g_file_set_contents (kept, text, size, error) && g_file_set_contents (path, data, wanted, error)) ||
         tide_error_tell_file (error, "the migration cannot be written");
}
