/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-dotenv"

#include "config.h"

#include <string.h>

#include "project/tide-dotenv.h"
#include "project/tide-node-text.h"
#include "tide-error.h"

/* The rules are those of the npm package dotenv (16.x), which Prisma 6 uses and many call for Prisma 7:
 * one regular expression over the whole text, so that quoted values may have several lines. */
#define ENTRY_PATTERN \
  "^\\s*(?:export\\s+)?([\\w.-]+)(?:\\s*=\\s*?|:\\s+?)" \
  "(\\s*'(?:\\\\'|[^'])*'|\\s*\"(?:\\\\\"|[^\"])*\"|\\s*`(?:\\\\`|[^`])*`|[^#\\r\\n]+)?" \
  "\\s*(?:#.*)?$"

#define MAX_EXPANSIONS 32

static GRegex *
get_entry_regex (void)
{
  static gsize regex;

  if (g_once_init_enter (&regex))
    g_once_init_leave (&regex, (gsize) g_regex_new (ENTRY_PATTERN,
                                                    G_REGEX_MULTILINE | G_REGEX_OPTIMIZE | G_REGEX_NEWLINE_LF,
                                                    0, NULL));
  return (GRegex *) regex;
}

void
tide_dotenv_entry_free (TideDotenvEntry *entry)
{
  g_free (entry->name);
  g_free (entry->value);
  g_free (entry);
}

static void
warn (GPtrArray  *warnings,
      const char *file,
      int         line,
      const char *hint,
      char       *message)
{
  g_autofree char *owned = message;
  GError *warning;

  if (warnings == NULL)
    return;
  warning = tide_error_new (TIDE_ERROR_INVALID, hint, "%s", owned);
  tide_error_take_string (&tide_error_get_fields (warning)->file, g_strdup (file));
  tide_error_get_fields (warning)->line = line;
  g_ptr_array_add (warnings, warning);
}

static int
count_newlines (const char *from,
                const char *to)
{
  int n = 0;

  for (; from < to; from++)
    n += *from == '\n';
  return n;
}

/* What stands between two entries should be blank or a comment */
static void
check_gap (const char *from,
           const char *to,
           int         line,
           const char *file,
           GPtrArray  *warnings)
{
  g_autofree char *gap = g_strndup (from, to - from);
  g_auto(GStrv) lines = g_strsplit (gap, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *text = g_strstrip (lines[i]);

      /* The line itself may be a secret that lost its name: it is not told */
      if (*text != '\0' && *text != '#')
        warn (warnings, file, line + i, "write NAME=value, or put # before a comment",
              g_strdup ("a line is not NAME=value and was passed over"));
    }
}

static char *
replace_all (char       *text,
             const char *from,
             const char *to)
{
  GString *string = g_string_new (text);

  g_free (text);
  g_string_replace (string, from, to, 0);
  return g_string_free (string, FALSE);
}

/* (transfer full): what dotenv makes of the text behind the = */
static char *
read_value (const char *raw,
            gboolean   *unterminated)
{
  g_autofree char *value = g_strstrip (g_strdup (raw));
  gsize length = strlen (value);
  char quote = value[0];
  gboolean quoted = quote == '"' || quote == '\'' || quote == '`';

  *unterminated = quoted && (length < 2 || strchr (value + 1, quote) == NULL);
  if (quoted && length > 1 && value[length - 1] == quote)
    {
      value[length - 1] = '\0';
      memmove (value, value + 1, length - 1);
    }
  if (quote == '"')
    {
      value = replace_all (value, "\\n", "\n");
      value = replace_all (value, "\\r", "\r");
    }
  return g_steal_pointer (&value);
}

static TideDotenvEntry *
find_entry (GPtrArray  *entries,
            const char *name)
{
  for (guint i = 0; i < entries->len; i++)
    {
      TideDotenvEntry *entry = g_ptr_array_index (entries, i);

      if (strcmp (entry->name, name) == 0)
        return entry;
    }
  return NULL;
}

static void
take_match (GPtrArray  *entries,
            GMatchInfo *match,
            int         line,
            const char *file,
            GPtrArray  *warnings)
{
  g_autofree char *name = g_match_info_fetch (match, 1);
  g_autofree char *raw = g_match_info_fetch (match, 2);
  TideDotenvEntry *entry = find_entry (entries, name);
  gboolean unterminated;

  if (entry == NULL)
    {
      entry = g_new0 (TideDotenvEntry, 1);
      entry->name = g_strdup (name);
      g_ptr_array_add (entries, entry);
    }
  g_free (entry->value);
  entry->value = read_value (raw ? raw : "", &unterminated);
  entry->line = line;
  if (unterminated)
    warn (warnings, file, line, "close the quote, or leave it out",
          g_strdup_printf ("the value of \"%s\" opens a quote that never ends", name));
}

/* (transfer full): UTF-8 without byte order mark and with \n alone, as dotenv's pattern expects it */
static char *
normalise (const char *text,
           gssize      size,
           gsize      *out_size)
{
  g_autofree char *decoded = tide_node_text_decode (text, size < 0 ? strlen (text) : (gsize) size, out_size);
  GString *normal = g_string_sized_new (*out_size);
  const char *end = decoded + *out_size;
  const char *c = g_str_has_prefix (decoded, "\xEF\xBB\xBF") ? decoded + 3 : decoded;

  for (; c < end; c++)
    {
      if (*c != '\r')
        g_string_append_c (normal, *c);
      else if (c + 1 == end || c[1] != '\n')
        g_string_append_c (normal, '\n');
    }
  *out_size = normal->len;
  return g_string_free (normal, FALSE);
}

/**
 * tide_dotenv_parse:
 * @text: what a .env file holds
 * @size: its bytes, or -1 when it is NUL-terminated
 * @file: what to call it in @warnings
 * @warnings: (nullable) (element-type GError): gets what is odd, with @file and line; never a value
 *
 * Reads as dotenv does, which refuses nothing: quotes of three kinds, values over several lines,
 * `export`, comments, `NAME: value`.
 *
 * Returns: (transfer full) (element-type TideDotenvEntry): the variables
 */
GPtrArray *
tide_dotenv_parse (const char *text,
                   gssize      size,
                   const char *file,
                   GPtrArray  *warnings)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_dotenv_entry_free);
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *normal = NULL;
  gsize normal_size;
  const char *done;
  int line = 1;

  g_return_val_if_fail (text != NULL || size == 0, entries);

  normal = normalise (text, size, &normal_size);
  done = normal;
  g_regex_match_full (get_entry_regex (), normal, normal_size, 0, 0, &match, NULL);
  while (g_match_info_matches (match))
    {
      int start, end, name;

      g_match_info_fetch_pos (match, 0, &start, &end);
      g_match_info_fetch_pos (match, 1, &name, NULL);
      check_gap (done, normal + start, line, file, warnings);
      line += count_newlines (done, normal + name);
      take_match (entries, match, line, file, warnings);
      line += count_newlines (normal + name, normal + end);
      done = normal + end;
      if (!g_match_info_next (match, NULL))
        break;
    }
  check_gap (done, normal + normal_size, line, file, warnings);
  return entries;
}

static const char *
find_value (const char       *name,
            GPtrArray        *entries,
            TideDotenvLookup  lookup,
            gpointer          user_data)
{
  const char *outside = lookup ? lookup (name, user_data) : NULL;
  TideDotenvEntry *entry;

  if (outside != NULL)
    return outside;
  entry = find_entry (entries, name);
  return entry ? entry->value : "";
}

static void
expand_into (GString          *text,
             const char       *value,
             GPtrArray        *entries,
             TideDotenvLookup  lookup,
             gpointer          user_data,
             guint            *budget)
{
  while (*value != '\0')
    {
      gboolean escaped = value[0] == '\\' && value[1] == '$' && value[2] == '{';
      const char *dollar = escaped ? value + 1 : value;
      gsize name_size = 0;

      if (dollar[0] == '$' && dollar[1] == '{')
        name_size = strspn (dollar + 2, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_");
      if (dollar[0] != '$' || dollar[1] != '{' || dollar[2 + name_size] != '}')
        {
          g_string_append_c (text, *value++);
          continue;
        }

      if (escaped)
        g_string_append_len (text, dollar, name_size + 3);
      else if (*budget > 0)
        {
          g_autofree char *name = g_strndup (dollar + 2, name_size);

          (*budget)--;
          expand_into (text, find_value (name, entries, lookup, user_data), entries, lookup, user_data, budget);
        }
      value = dollar + name_size + 3;
    }
}

/**
 * tide_dotenv_expand:
 * @value: a value of @entries
 * @entries: (element-type TideDotenvEntry): where names are looked up
 * @lookup: (nullable): asked first (the process's environment)
 * @user_data: for @lookup
 *
 * Replaces each `${X}` as Prisma 6 does (dotenv-expand): values in values too, an unknown name by
 * nothing, `\${X}` by itself. Variables that name each other in a circle stop after a while.
 *
 * Returns: (transfer full): the value to use
 */
char *
tide_dotenv_expand (const char       *value,
                    GPtrArray        *entries,
                    TideDotenvLookup  lookup,
                    gpointer          user_data)
{
  GString *text = g_string_new (NULL);
  guint budget = MAX_EXPANSIONS;

  expand_into (text, value, entries, lookup, user_data, &budget);
  return g_string_free (text, FALSE);
}
