/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-script-error"

#include "config.h"

#include <string.h>

#include "history/tide-script-error.h"
#include "tide-error.h"

/* What Prisma calls a migration that fails */
#define FAILED_TO_APPLY "P3018"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

static void
set_place (GError               *error,
           const TideMigration  *migration,
           const TideSqlScript  *script,
           guint                 index,
           int                   line)
{
  TideErrorFields *fields = tide_error_get_fields (error);

  tide_error_take_string (&fields->file,
                          g_filename_display_name (tide_migration_get_path (migration)));
  tide_error_take_string (&fields->prisma_code, g_strdup (tide_migration_get_code (migration, FAILED_TO_APPLY)));
  tide_error_take_string (&fields->statement, tide_sql_script_dup_statement (script, index));
  fields->line = line;
}

/* The last statement that begins at or before @offset: the server may point behind a statement's
 * end. */
static guint
find_statement (const TideSqlScript *script,
                gsize                offset)
{
  guint found = 0;

  for (guint i = 0; i < tide_sql_script_get_n_statements (script); i++)
    {
      if (tide_sql_script_get_statement (script, i)->start > offset)
        break;
      found = i;
    }
  return found;
}

static void
place_position (GError               *error,
                const TideMigration  *migration,
                const TideSqlScript  *script,
                gsize                 sent_from)
{
  TideErrorFields *fields = tide_error_get_fields (error);
  const char *text = tide_sql_script_get_text (script);
  gsize size = strlen (text);
  gsize offset =
    sent_from + tide_sql_offset_of_position (text + sent_from, size - sent_from, fields->position);
  guint index = find_statement (script, offset);
  gsize start = tide_sql_script_get_statement (script, index)->start;

  set_place (error, migration, script, index, tide_sql_line_of_offset (text, size, offset));
  fields->position = 0;
  if (offset >= start)
    fields->position = (int) g_utf8_strlen (text + start, (gssize) (offset - start)) + 1;
}

/**
 * tide_script_error_place:
 * @error: a failure of the server that is not shared yet; one of another domain is left alone
 * @migration: the migration that failed
 * @script: its text
 * @sent_from: the byte of the text from which it was sent: the server counts from there
 * @first: the index of the first statement that was sent
 *
 * Fills in the statement, the file and the line. The server gives a position with what it could not
 * understand; of what went wrong while running (a constraint, a lock) only the order of its answers
 * tells which statement it was.
 */
void
tide_script_error_place (GError               *error,
                         const TideMigration  *migration,
                         const TideSqlScript  *script,
                         gsize                 sent_from,
                         guint                 first)
{
  TideErrorFields *fields = tide_error_get_fields (error);
  guint n_statements = tide_sql_script_get_n_statements (script);
  guint number;

  if (fields == NULL || error->code != TIDE_ERROR_SERVER)
    return;

  number = first + MAX (fields->statement_number, 1) - 1;
  if (fields->position > 0 && n_statements > 0)
    place_position (error, migration, script, sent_from);
  else if (number < n_statements)
    set_place (error, migration, script, number,
               tide_sql_script_get_statement (script, number)->line);
  else
    {
      /* What was deferred fails at the end of the transaction. */
      tide_error_take_string (&fields->file,
                              g_filename_display_name (tide_migration_get_path (migration)));
      tide_error_take_string (&fields->prisma_code, g_strdup (tide_migration_get_code (migration, FAILED_TO_APPLY)));
      tide_error_take_string (&fields->statement, g_strdup ("COMMIT"));
    }
}

/**
 * tide_script_error_advise:
 * @error: a failure that is not shared yet; one of another domain is left alone
 * @advice: what to do next
 *
 * Puts @advice behind the hint that is there.
 */
void
tide_script_error_advise (GError     *error,
                          const char *advice)
{
  TideErrorFields *fields = tide_error_get_fields (error);

  if (fields == NULL)
    return;
  if (fields->hint == NULL)
    tide_error_take_string (&fields->hint, g_strdup (advice));
  else
    tide_error_take_string (&fields->hint, g_strconcat (fields->hint, "; ", advice, NULL));
}

static gboolean
refuse (const TideMigration  *migration,
        const TideSqlScript  *script,
        guint                 index,
        const char           *what,
        const char           *hint,
        GError              **error)
{
  int line = tide_sql_script_get_statement (script, index)->line;
  g_autofree char *label = tide_migration_dup_label (migration);
  GError *failure =
    tide_error_new (TIDE_ERROR_INVALID, hint, "%s: statement %u (line %d) %s", label, index + 1, line, what);

  set_place (failure, migration, script, index, line);
  g_propagate_error (error, failure);
  return FALSE;
}

/* What is wrong with the file as a whole; (nullable): nothing. @hint (out): what to do about it */
static const char *
find_wrong_bytes (const TideMigration  *migration,
                  const char          **hint)
{
  const char *sql = tide_migration_get_sql (migration);

  *hint = "save the file as UTF-8 text";
  if (strlen (sql) != tide_migration_get_sql_size (migration))
    return "holds a zero byte, which PostgreSQL does not take";
  /* Prisma would run it all the same, with a replacement character in the database for each of them. */
  if (!tide_migration_is_utf8 (migration))
    return "holds bytes that are not UTF-8";
  *hint = "save the file as UTF-8 without a byte order mark";
  return g_str_has_prefix (sql, BYTE_ORDER_MARK)
           ? "starts with a byte order mark, which PostgreSQL does not take" : NULL;
}

static void
refuse_file (const TideMigration  *migration,
             const char           *what,
             const char           *hint,
             GError              **error)
{
  g_autofree char *label = tide_migration_dup_label (migration);
  GError *failure = tide_error_new (TIDE_ERROR_INVALID, hint, "%s %s", label, what);

  tide_error_take_string (&tide_error_get_fields (failure)->file,
                          g_filename_display_name (tide_migration_get_path (migration)));
  g_propagate_error (error, failure);
}

/**
 * tide_script_check_runs:
 * @migration: a migration whose text could be read
 * @script: its text
 * @error: INVALID with the place
 *
 * Finds what can never run from here, before anything is written: a failed row would block every
 * later deploy.
 *
 * Returns: whether @script may be tried
 */
gboolean
tide_script_check_runs (const TideMigration  *migration,
                        const TideSqlScript  *script,
                        GError              **error)
{
  const char *hint;
  const char *wrong = find_wrong_bytes (migration, &hint);

  if (wrong != NULL)
    {
      refuse_file (migration, wrong, hint, error);
      return FALSE;
    }

  for (guint i = 0; i < tide_sql_script_get_n_statements (script); i++)
    {
      TideSqlTraits traits = tide_sql_script_get_traits (script, i);

      if (traits & TIDE_SQL_TRAIT_META)
        return refuse (migration, script, i, "is a command of psql, not SQL",
                       "take it out of the file; Prisma cannot run it either", error);
      if (traits & TIDE_SQL_TRAIT_COPY_STDIN)
        return refuse (migration, script, i, "is COPY FROM STDIN, whose rows only psql can send",
                       "write the rows as INSERT; Prisma cannot run it either", error);
    }
  return TRUE;
}
