/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-script"

#include "config.h"

#include <string.h>

#include "sql/tide-sql-enum.h"
#include "sql/tide-sql-script.h"
#include "sql/tide-sql-summary.h"
#include "sql/tide-sql-traits.h"

typedef struct
{
  TideSqlTraits  traits;
  const char    *what;   /* static, nullable */
} Verdict;

struct _TideSqlScript
{
  gatomicrefcount  ref_count;

  GBytes          *bytes;
  const char      *text;       /* of the bytes; a NUL stands behind it */
  GArray          *statements; /* of TideSqlStatement */
  Verdict         *verdicts;   /* one each */
  TideSqlRunMode   run_mode;
  char            *reason;
};

G_DEFINE_BOXED_TYPE (TideSqlScript, tide_sql_script, tide_sql_script_ref, tide_sql_script_unref)

/* The first statement with one of @traits, -1: none */
static int
find_trait (const TideSqlScript *self,
            TideSqlTraits        traits)
{
  for (guint i = 0; i < self->statements->len; i++)
    if (self->verdicts[i].traits & traits)
      return i;
  return -1;
}

static gboolean
decide_enum (TideSqlScript *self)
{
  for (guint i = 0; i < self->statements->len; i++)
    {
      g_autofree char *label = NULL;
      int use;

      if (!(self->verdicts[i].traits & TIDE_SQL_TRAIT_ADDS_ENUM_VALUE))
        continue;
      use = tide_sql_enum_find_use (self, i, &label);
      if (use < 0)
        continue;
      self->run_mode = TIDE_SQL_RUN_STEPWISE;
      self->reason = g_strdup_printf ("statement %d (line %d) uses the enum value '%s' that statement %u adds, "
                                      "which cannot be in the same transaction", use + 1,
                                      tide_sql_script_get_statement (self, use)->line, label, i + 1);
      return TRUE;
    }
  return FALSE;
}

static void
decide (TideSqlScript  *self,
        TideSqlRunMode  run_mode,
        int             index,
        const char     *why)
{
  self->run_mode = run_mode;
  self->reason = g_strdup_printf ("statement %d (line %d) %s %s", index + 1,
                                  tide_sql_script_get_statement (self, index)->line, self->verdicts[index].what, why);
}

/* A file that both controls transactions and holds what refuses one is run step by step: its own BEGIN and COMMIT
 * then do what they say, and what stands outside of them is alone. */
static void
decide_run_mode (TideSqlScript *self)
{
  int index;

  if ((index = find_trait (self, TIDE_SQL_TRAIT_NO_TRANSACTION)) >= 0)
    decide (self, TIDE_SQL_RUN_STEPWISE, index, "cannot run in a transaction");
  else if (decide_enum (self))
    return;
  else if ((index = find_trait (self, TIDE_SQL_TRAIT_CONTROLS)) >= 0)
    decide (self, TIDE_SQL_RUN_OWN, index, "shows that the file controls its transactions itself");
  else
    {
      self->run_mode = TIDE_SQL_RUN_ATOMIC;
      self->reason = g_strdup ("nothing in it refuses a transaction");
    }
}

/**
 * tide_sql_script_new_for_bytes:
 * @text: SQL in UTF-8, with a NUL behind it that does not count
 *
 * Returns: (transfer full): what @text, which it shares, is made of and how it can be run
 */
TideSqlScript *
tide_sql_script_new_for_bytes (GBytes *text)
{
  TideSqlScript *self;

  g_return_val_if_fail (text != NULL, NULL);

  self = g_new0 (TideSqlScript, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->bytes = g_bytes_ref (text);
  self->text = g_bytes_get_data (text, NULL);
  self->statements = tide_sql_split (self->text, g_bytes_get_size (text));
  self->verdicts = g_new0 (Verdict, self->statements->len);
  for (guint i = 0; i < self->statements->len; i++)
    {
      const TideSqlStatement *statement = tide_sql_script_get_statement (self, i);
      TideSqlHead head;

      tide_sql_head_init (&head, self->text, statement);
      self->verdicts[i].traits = tide_sql_traits_of (&head, statement, &self->verdicts[i].what);
    }
  decide_run_mode (self);
  return self;
}

/**
 * tide_sql_script_new:
 * @text: SQL in UTF-8; copied
 * @size: its bytes, or -1 when it is NUL-terminated
 *
 * Returns: (transfer full): as tide_sql_script_new_for_bytes()
 */
TideSqlScript *
tide_sql_script_new (const char *text,
                     gssize      size)
{
  g_autoptr(GBytes) bytes = NULL;
  gsize n = size < 0 ? strlen (text) : (gsize) size;
  char *copy;

  g_return_val_if_fail (text != NULL, NULL);

  copy = g_malloc (n + 1);
  memcpy (copy, text, n);
  copy[n] = '\0';
  bytes = g_bytes_new_take (copy, n);
  return tide_sql_script_new_for_bytes (bytes);
}

TideSqlScript *
tide_sql_script_ref (TideSqlScript *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_sql_script_unref (TideSqlScript *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_bytes_unref (self->bytes);
  g_array_unref (self->statements);
  g_free (self->verdicts);
  g_free (self->reason);
  g_free (self);
}

const char *
tide_sql_script_get_text (const TideSqlScript *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

guint
tide_sql_script_get_n_statements (const TideSqlScript *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->statements->len;
}

const TideSqlStatement *
tide_sql_script_get_statement (const TideSqlScript *self,
                               guint                index)
{
  g_return_val_if_fail (self != NULL && index < self->statements->len, NULL);

  return &g_array_index (self->statements, TideSqlStatement, index);
}

char *
tide_sql_script_dup_statement (const TideSqlScript *self,
                               guint                index)
{
  const TideSqlStatement *statement = tide_sql_script_get_statement (self, index);

  return statement ? g_strndup (self->text + statement->start, statement->length) : NULL;
}

TideSqlTraits
tide_sql_script_get_traits (const TideSqlScript *self,
                            guint                index)
{
  g_return_val_if_fail (self != NULL && index < self->statements->len, TIDE_SQL_TRAIT_NONE);

  return self->verdicts[index].traits;
}

TideSqlRunMode
tide_sql_script_get_run_mode (const TideSqlScript *self)
{
  g_return_val_if_fail (self != NULL, TIDE_SQL_RUN_ATOMIC);

  return self->run_mode;
}

/**
 * tide_sql_script_dup_reason:
 * @self: a script
 *
 * Returns: (transfer full): why it runs as tide_sql_script_get_run_mode() says
 */
char *
tide_sql_script_dup_reason (const TideSqlScript *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strdup (self->reason);
}

/**
 * tide_sql_script_dup_summary:
 * @self: a script
 *
 * Returns: (transfer full): what it makes, by kind, then what it alters, drops and writes, and how many statements
 */
char *
tide_sql_script_dup_summary (const TideSqlScript *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return tide_sql_summarise (self);
}
