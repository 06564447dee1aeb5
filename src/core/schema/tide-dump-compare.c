/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-dump-compare"

#include "config.h"

#include <string.h>

#include "schema/kinds/tide-kind-parts.h"
#include "schema/tide-dump-columns.h"
#include "schema/tide-dump-compare.h"
#include "schema/tide-expression.h"
#include "wire/tide-connection-text.h"

#define HEADER "-- Name: "

/* What pg_dump says before each entry */
typedef struct
{
  char      *what;  /* "TABLE public.users" */
  gboolean   is_acl;
  gboolean   is_set; /* the order of its lines means nothing */
  gboolean   is_secret; /* its lines hold what a script leaves out */
  gboolean   is_mapping; /* and are compared in nothing else */
  GPtrArray *lines; /* (element-type utf8) */
} Entry;

static void
entry_free (Entry *self)
{
  g_free (self->what);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

/* (transfer full): of "-- Name: users; Type: TABLE; Schema: public; Owner: -" what stands behind @key */
static char *
dup_part (const char *header,
          const char *key)
{
  const char *start = strstr (header, key);
  const char *end;

  if (start == NULL)
    return g_strdup ("");
  start += strlen (key);
  end = strstr (start, "; ");
  return end != NULL ? g_strndup (start, end - start) : g_strdup (start);
}

static Entry *
entry_new (const char *header,
           gboolean    column_order)
{
  Entry *self = g_new0 (Entry, 1);
  g_autofree char *name = dup_part (header, HEADER);
  g_autofree char *type = dup_part (header, "; Type: ");
  g_autofree char *schema = dup_part (header, "; Schema: ");

  self->what = g_str_equal (schema, "-") || *schema == '\0' ? g_strdup_printf ("%s %s", type, name)
                                                            : g_strdup_printf ("%s %s.%s", type, schema, name);
  self->is_acl = g_str_has_suffix (type, "ACL");
  self->is_set = self->is_acl || (!column_order && g_str_has_suffix (type, "TABLE"));
  self->is_mapping = g_str_equal (type, "USER MAPPING");
  self->is_secret = self->is_mapping || g_str_equal (type, "SERVER") || g_str_equal (type, "SUBSCRIPTION")
                    || g_str_has_prefix (type, "FOREIGN ");
  self->lines = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/* What a secret may stand in: the connection of a subscription, and the value of an option */
#define MAYBE_SECRET "(CONNECTION|^ +(?:\"[^\"]*\"|\\w+)) '((?:[^']|'')*)'"

/* What is compared of it: of a connection all but its secrets, as of an option, of a user mapping's nothing */
static gboolean
append_compared (const GMatchInfo *match,
                 GString          *line,
                 gpointer          data)
{
  const Entry *entry = data;
  g_autofree char *name = g_match_info_fetch (match, 1);
  g_autofree char *value = g_match_info_fetch (match, 2);
  g_autofree char *open = NULL;
  gboolean is_secret = FALSE;

  if (g_str_equal (name, "CONNECTION"))
    {
      g_autoptr(GString) text = g_string_new (value);

      g_string_replace (text, "''", "'", 0);
      open = tide_connection_text_mask (text->str, TIDE_KIND_REDACTED, &is_secret);
      if (open == NULL) /* a script has none then */
        open = g_strdup ("");
    }
  else if (!entry->is_mapping && !tide_kind_is_secret (g_strstrip (name), value))
    open = g_strdup (value);
  g_string_append_printf (line, "%s '%s'", name, open == NULL ? TIDE_KIND_REDACTED : open);
  return FALSE;
}

static char *
remove_secrets (const char  *line,
                const Entry *entry)
{
  g_autoptr(GRegex) regex = g_regex_new (MAYBE_SECRET, 0, 0, NULL);

  return g_regex_replace_eval (regex, line, -1, 0, 0, append_compared, (gpointer) entry, NULL);
}

/* In a grant: the owner's name, in either of the ways pg_dump writes it, after TO, FROM or ROLE */
static char *
replace_owner (const char *line,
               const char *owner)
{
  g_autofree char *escaped = g_regex_escape_string (owner, -1);
  g_autofree char *pattern = g_strdup_printf ("\\b(TO|FROM|ROLE) (?:%s|\"%s\")(?=[ ;])", escaped, escaped);
  g_autoptr(GRegex) regex = g_regex_new (pattern, 0, 0, NULL);

  return regex != NULL ? g_regex_replace (regex, line, -1, 0, "\\1 @owner", 0, NULL) : g_strdup (line);
}

static int
compare_lines (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

#define NAME "(?:\"(?:[^\"]|\"\")*\"|[^\"(),. ]+)"
#define NAMES NAME "(?:, " NAME ")+"
#define COLUMNS_OF_STATISTICS "^CREATE STATISTICS .* ON \\K" NAMES "(?=, | FROM )"
#define COLUMNS_OF_ROWS "(\\)(?: WITH ORDINALITY)? " NAME ")\\(" NAME "(?:, " NAME ")*\\)"
#define COLUMNS_OF_MEMBER "^ALTER PUBLICATION " NAME " ADD TABLE ONLY " NAME "\\." NAME " \\(\\K" NAMES "(?=\\))"

static gboolean
append_sorted (const GMatchInfo *match,
               GString          *line,
               gpointer          data)
{
  g_autofree char *columns = g_match_info_fetch (match, 0);
  g_autofree char *sorted = NULL;
  g_autoptr(GRegex) regex = g_regex_new (NAME, 0, 0, NULL);
  g_autoptr(GMatchInfo) column = NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (g_regex_match (regex, columns, 0, &column); g_match_info_matches (column); g_match_info_next (column, NULL))
    g_ptr_array_add (names, g_match_info_fetch (column, 0));
  g_ptr_array_sort (names, compare_lines);
  g_ptr_array_add (names, NULL);
  sorted = g_strjoinv (", ", (char **) names->pdata);
  g_string_append (line, sorted);
  return FALSE;
}

/* What reads a function's rows names those columns that were there when it was made. Of a long dump thousands of lines come here. */
static char *
remove_row_columns (const char *line)
{
  static GRegex *regex;

  if (g_once_init_enter (&regex))
    g_once_init_leave (&regex, g_regex_new (COLUMNS_OF_ROWS, G_REGEX_OPTIMIZE, 0, NULL));
  return g_regex_replace (regex, line, -1, 0, "\\1", 0, NULL);
}

char *
tide_dump_dup_line_sorted (const char *line)
{
  g_autoptr(GRegex) regex = NULL;

  if (g_str_has_prefix (line, "ALTER PUBLICATION "))
    regex = g_regex_new (COLUMNS_OF_MEMBER, 0, 0, NULL);
  else if (g_str_has_prefix (line, "CREATE STATISTICS "))
    regex = g_regex_new (COLUMNS_OF_STATISTICS, 0, 0, NULL);
  else
    return g_str_has_prefix (line, " ") && strstr (line, ") ") != NULL ? remove_row_columns (line) : g_strdup (line);
  return g_regex_replace_eval (regex, line, -1, 0, 0, append_sorted, NULL, NULL);
}

static void
add_line (Entry           *entry,
          const char      *line,
          const char      *owner,
          TideDumpColumns *columns)
{
  g_autofree char *by_name = columns == NULL ? NULL : tide_dump_columns_dup_line (columns, line);
  g_autofree char *compared = entry->is_secret ? remove_secrets (line, entry) : tide_dump_dup_line_sorted (by_name ? by_name : line);
  gsize length = strlen (compared);

  if (entry->is_acl && owner != NULL)
    {
      g_ptr_array_add (entry->lines, replace_owner (line, owner));
      return;
    }
  /* Which column comes last says a comma. */
  if (entry->is_set && length > 0 && compared[length - 1] == ',')
    length--;
  g_ptr_array_add (entry->lines, g_strndup (compared, length));
}

static char *
entry_dup_text (Entry *self)
{
  if (self->is_set)
    g_ptr_array_sort (self->lines, compare_lines);
  g_ptr_array_add (self->lines, NULL);
  return g_strjoinv ("\n", (char **) self->lines->pdata);
}

static gboolean
is_of_public (const char *what)
{
  return g_str_equal (what, "SCHEMA public") || g_str_equal (what, "ACL SCHEMA public")
         || g_str_equal (what, "COMMENT SCHEMA public");
}

/* Several entries may be called the same (functions of one name): their texts, sorted, in a list */
static void
take_entry (GHashTable *entries,
            Entry      *entry,
            gboolean    skip_public)
{
  GPtrArray *texts;

  if (entry == NULL)
    return;
  if (skip_public && is_of_public (entry->what))
    {
      entry_free (entry);
      return;
    }
  texts = g_hash_table_lookup (entries, entry->what);
  if (texts == NULL)
    {
      texts = g_ptr_array_new_with_free_func (g_free);
      g_hash_table_insert (entries, g_strdup (entry->what), texts);
    }
  g_ptr_array_add (texts, entry_dup_text (entry));
  g_ptr_array_sort (texts, compare_lines);
  entry_free (entry);
}

/* What stands between entries and changes with the moment, the client or the order */
static gboolean
is_noise (const char *line)
{
  static const char *const starts[] = { "--", "SET ", "SELECT pg_catalog.set_config(", "\\restrict ", "\\unrestrict " };

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    if (g_str_has_prefix (line, starts[i]))
      return TRUE;
  return *line == '\0';
}

/* (transfer full) (element-type utf8 GPtrArray): the texts of the entries by what they are */
static GHashTable *
parse (const char            *text,
       const char            *owner,
       const TideDumpOptions *options)
{
  GHashTable *entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr(TideDumpColumns) columns = options->column_order ? NULL : tide_dump_columns_new ();
  Entry *entry = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (columns != NULL)
        tide_dump_columns_learn (columns, lines[i]);
      if (g_str_has_prefix (lines[i], HEADER) && i > 0 && g_str_equal (lines[i - 1], "--"))
        {
          take_entry (entries, entry, options->skip_public);
          entry = entry_new (lines[i], options->column_order);
        }
      else if (entry != NULL && !is_noise (lines[i]))
        add_line (entry, lines[i], owner, columns);
    }
  take_entry (entries, entry, options->skip_public);
  return entries;
}

static gboolean
equal_texts (GPtrArray *left,
             GPtrArray *right)
{
  if (left->len != right->len)
    return FALSE;
  for (guint i = 0; i < left->len; i++)
    if (!g_str_equal (g_ptr_array_index (left, i), g_ptr_array_index (right, i))
        && !tide_expression_equal (g_ptr_array_index (left, i), g_ptr_array_index (right, i)))
      return FALSE;
  return TRUE;
}

static void
compare_with (GHashTable *ours,
              GHashTable *others,
              gboolean    is_left,
              GPtrArray  *differences)
{
  GHashTableIter iter;
  gpointer what, texts;

  g_hash_table_iter_init (&iter, ours);
  while (g_hash_table_iter_next (&iter, &what, &texts))
    {
      GPtrArray *its = g_hash_table_lookup (others, what);

      if (its == NULL)
        g_ptr_array_add (differences, g_strdup_printf ("pg_dump has %s only on the %s", (char *) what,
                                                       is_left ? "left" : "right"));
      else if (is_left && !equal_texts (texts, its))
        g_ptr_array_add (differences, g_strdup_printf ("pg_dump says otherwise: %s:\n%s\n----\n%s", (char *) what,
                                                       (char *) g_ptr_array_index ((GPtrArray *) texts, 0),
                                                       (char *) g_ptr_array_index (its, 0)));
    }
}

GPtrArray *
tide_dump_compare (const char            *left,
                   const char            *right,
                   const TideDumpOptions *options)
{
  g_autoptr(GHashTable) left_entries = parse (left, options->left_owner, options);
  g_autoptr(GHashTable) right_entries = parse (right, options->right_owner, options);
  GPtrArray *differences = g_ptr_array_new_with_free_func (g_free);

  compare_with (left_entries, right_entries, TRUE, differences);
  compare_with (right_entries, left_entries, FALSE, differences);
  g_ptr_array_sort (differences, compare_lines);
  return differences;
}
