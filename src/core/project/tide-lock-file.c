/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lock-file"

#include "config.h"

#include <string.h>

#include "project/tide-lock-file.h"
#include "tide-error.h"

#define PREFIX "provider = "

static GError *
new_mismatch (const char *file,
              int         line,
              const char *hint,
              char       *message)
{
  g_autofree char *owned = message;
  GError *error = tide_error_new (TIDE_ERROR_UNSUPPORTED, hint, "%s", owned);

  tide_error_take_string (&tide_error_get_fields (error)->file, g_strdup (file));
  tide_error_take_string (&tide_error_get_fields (error)->prisma_code, g_strdup ("P3019"));
  tide_error_get_fields (error)->line = line;
  return error;
}

/* What Prisma takes for the provider of a line that starts with that word: no TOML, a cut prefix */
static char *
read_provider (const char *line)
{
  gsize length;

  if (g_str_has_prefix (line, PREFIX))
    line += strlen (PREFIX);
  while (*line == '"')
    line++;
  length = strcspn (line, "\r\n");
  while (length > 0 && line[length - 1] == '"')
    length--;
  return g_strndup (line, length);
}

/**
 * tide_lock_file_check:
 * @text: what a migration_lock.toml holds
 * @file: its name, for the error
 * @error: UNSUPPORTED (P3019) with file and line
 *
 * Prisma's reading, which is no reading of TOML: the first line that starts with "provider", exactly
 * `provider = "postgresql"`.
 *
 * Returns: whether these migrations are PostgreSQL's
 */
gboolean
tide_lock_file_check (const char  *text,
                      const char  *file,
                      GError     **error)
{
  int number = 1;

  for (const char *line = text; line != NULL; number++)
    {
      g_autofree char *provider = NULL;
      const char *newline = strchr (line, '\n');

      if (!g_str_has_prefix (line, "provider"))
        {
          line = newline ? newline + 1 : NULL;
          continue;
        }
      provider = read_provider (line);
      if (strcmp (provider, "postgresql") == 0)
        return TRUE;
      g_propagate_error (error, new_mismatch (file, number,
                                              "Tidemark works on PostgreSQL; the line must be: provider = \"postgresql\"",
                                              strstr (provider, "postgres") != NULL
                                              ? g_strdup ("migration_lock.toml names PostgreSQL in a way that Prisma does not read")
                                              : g_strdup_printf ("the migrations are locked to \"%s\", not to PostgreSQL",
                                                                 provider)));
      return FALSE;
    }

  g_propagate_error (error, new_mismatch (file, 0, "add the line: provider = \"postgresql\"",
                                          g_strdup ("migration_lock.toml names no provider")));
  return FALSE;
}
