/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-finding"

#include "config.h"

#include <glib/gi18n.h>

#include "lint/tide-lint-finding-private.h"

typedef struct
{
  TideLintFinding public;
  gatomicrefcount ref_count;
} Finding;

G_DEFINE_BOXED_TYPE (TideLintFinding, tide_lint_finding, tide_lint_finding_ref, tide_lint_finding_unref)

const char *
tide_lint_severity_to_string (TideLintSeverity severity)
{
  static const char *const words[] = { "info", "warning", "error" };

  return words[severity];
}

/**
 * tide_lint_finding_new:
 * @values: what it says; message, advice, fix, follow-up, table and accepted_because are taken, the rest is copied
 *
 * Returns: (transfer full): the finding
 */
TideLintFinding *
tide_lint_finding_new (const TideLintFinding *values)
{
  Finding *self = g_new (Finding, 1);

  self->public = *values;
  self->public.migration = g_strdup (values->migration);
  self->public.reason = g_strdup (values->reason);
  g_atomic_ref_count_init (&self->ref_count);
  return &self->public;
}

TideLintFinding *
tide_lint_finding_ref (const TideLintFinding *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&((Finding *) self)->ref_count);
  return (TideLintFinding *) self;
}

void
tide_lint_finding_unref (TideLintFinding *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&((Finding *) self)->ref_count))
    return;
  g_free ((char *) self->migration);
  g_free ((char *) self->table);
  g_free ((char *) self->message);
  g_free ((char *) self->reason);
  g_free ((char *) self->advice);
  g_free ((char *) self->fix);
  g_free ((char *) self->follow_up);
  g_free ((char *) self->accepted_because);
  g_free (self);
}

/**
 * tide_lint_finding_dup_accept:
 * @self: a finding
 * @because: why it is as it should be; line breaks become spaces
 *
 * Returns: (transfer full): the comment that says so, to be put on a line of its own before the statement (at the top of the
 *   file where the finding is about the file)
 */
char *
tide_lint_finding_dup_accept (const TideLintFinding *self,
                              const char            *because)
{
  g_autofree char *line = g_strdelimit (g_strdup (because), "\r\n", ' ');

  g_strstrip (line);
  return g_strdup_printf ("-- tidemark: accept %s %sbecause %s", self->rule, self->line == 0 ? "in this file " : "", line);
}

char *
tide_lint_finding_dup_size (const TideLintFinding *self)
{
  g_autofree char *bytes = self->bytes >= 0 ? g_format_size (self->bytes) : NULL;
  g_autofree char *rows = g_strdup_printf ("%" G_GINT64_FORMAT, self->rows);

  if (bytes == NULL)
    return NULL;
  if (self->rows < 0)
    return g_steal_pointer (&bytes);
  return g_strdup_printf (g_dngettext (NULL, "about %s row, %s", "about %s rows, %s", self->rows), rows, bytes);
}

guint
tide_lint_count (GPtrArray        *findings,
                 const char       *migration,
                 TideLintSeverity  least)
{
  guint count = 0;

  for (guint i = 0; i < findings->len; i++)
    {
      const TideLintFinding *finding = g_ptr_array_index (findings, i);

      if (!finding->accepted && finding->severity >= least
          && (migration == NULL || g_strcmp0 (finding->migration, migration) == 0))
        count++;
    }
  return count;
}

gboolean
tide_lint_finding_is_batch (const TideLintFinding *self)
{
  static const char *const rules[] = { "large-update", "update-without-where", "delete-without-where", NULL };

  g_return_val_if_fail (self != NULL, FALSE);
  return g_strv_contains (rules, self->rule);
}
