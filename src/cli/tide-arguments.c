/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-arguments"

#include "config.h"

#include "tide-arguments.h"
#include "tide-error.h"

typedef union
{
  gboolean  flag;
  int       number;
  char     *text;
} Value;

/* Of an option that takes a number */
#define NOT_GIVEN G_MININT

typedef struct
{
  GOptionArg   type;
  Value        value;
  char       **values; /* (nullable): of a list, as often as it was given */
} Slot;

struct _TideArguments
{
  char       **words; /* program name first, as GOption wants it */
  GHashTable  *slots; /* long name -> Slot */
};

static void
slot_free (gpointer data)
{
  Slot *slot = data;

  if (slot->type == G_OPTION_ARG_FILENAME)
    g_free (slot->value.text);
  g_strfreev (slot->values);
  g_free (slot);
}

/* Whether it takes several values, divided by commas: NAME,... */
static gboolean
is_list (const GOptionEntry *entry)
{
  return entry->arg == G_OPTION_ARG_FILENAME && g_str_has_suffix (entry->arg_description, ",...");
}

static Slot *
ensure_slot (TideArguments      *self,
             const GOptionEntry *entry)
{
  Slot *slot = g_hash_table_lookup (self->slots, entry->long_name);

  if (slot == NULL)
    {
      slot = g_new0 (Slot, 1);
      slot->type = entry->arg;
      if (entry->arg == G_OPTION_ARG_INT)
        slot->value.number = NOT_GIVEN;
      g_hash_table_insert (self->slots, (gpointer) entry->long_name, slot);
    }
  return slot;
}

/* (transfer full): @entries with somewhere to put the values */
static GOptionEntry *
bind_entries (TideArguments      *self,
              const GOptionEntry *entries)
{
  g_autoptr(GArray) bound = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));

  for (guint i = 0; entries != NULL && entries[i].long_name != NULL; i++)
    {
      GOptionEntry entry = entries[i];
      Slot *slot = ensure_slot (self, &entries[i]);

      entry.arg = is_list (&entry) ? G_OPTION_ARG_FILENAME_ARRAY : entry.arg;
      entry.arg_data = is_list (&entries[i]) ? (gpointer) &slot->values : &slot->value;
      g_array_append_val (bound, entry);
    }
  return (GOptionEntry *) g_array_free (g_steal_pointer (&bound), FALSE);
}

static gboolean
parse (TideArguments      *self,
       const GOptionEntry *globals,
       const GOptionEntry *entries,
       gboolean            leading,
       GError            **error)
{
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autofree GOptionEntry *bound_globals = bind_entries (self, globals);
  g_autofree GOptionEntry *bound_entries = bind_entries (self, entries);
  g_autoptr(GError) local_error = NULL;

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_ignore_unknown_options (context, TRUE);
  g_option_context_set_strict_posix (context, leading);
  g_option_context_add_main_entries (context, bound_globals, NULL);
  g_option_context_add_main_entries (context, bound_entries, NULL);
  if (g_option_context_parse_strv (context, &self->words, &local_error))
    return TRUE;

  tide_set_error (error, TIDE_ERROR_USAGE, NULL, "%c%s", g_ascii_tolower (local_error->message[0]),
                  local_error->message + 1);
  return FALSE;
}

/* `--only a --only b` is `--only a,b`. */
static void
join_lists (TideArguments *self)
{
  GHashTableIter iter;
  Slot *slot;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &slot))
    {
      if (slot->values == NULL)
        continue;
      g_free (slot->value.text);
      slot->value.text = g_strjoinv (",", slot->values);
    }
}

static gboolean
check_texts (TideArguments  *self,
             GError        **error)
{
  GHashTableIter iter;
  const char *name;
  Slot *slot;

  g_hash_table_iter_init (&iter, self->slots);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &slot))
    {
      if (slot->type != G_OPTION_ARG_FILENAME || slot->value.text == NULL)
        continue;
      if (!g_utf8_validate (slot->value.text, -1, NULL))
        {
          tide_set_error (error, TIDE_ERROR_USAGE, NULL, "the value of --%s is not UTF-8", name);
          return FALSE;
        }
    }
  for (guint i = 1; self->words[i] != NULL; i++)
    {
      if (!g_utf8_validate (self->words[i], -1, NULL))
        {
          tide_set_error (error, TIDE_ERROR_USAGE, NULL, "argument %u is not UTF-8", i);
          return FALSE;
        }
    }
  return TRUE;
}

/* GOption reads `--yes=no` as `--yes`. */
static gboolean
refuse_flag_values (TideArguments       *self,
                    const GOptionEntry  *entries,
                    GError             **error)
{
  for (guint i = 1; self->words[i] != NULL && !g_str_equal (self->words[i], "--"); i++)
    for (guint j = 0; entries != NULL && entries[j].long_name != NULL; j++)
      {
        g_autofree char *start = g_strdup_printf ("--%s=", entries[j].long_name);

        if (entries[j].arg != G_OPTION_ARG_NONE || !g_str_has_prefix (self->words[i], start))
          continue;
        tide_set_error (error, TIDE_ERROR_USAGE, NULL, "--%s takes no value", entries[j].long_name);
        return FALSE;
      }
  return TRUE;
}

static const GOptionEntry *
find_option (const GOptionEntry *entries,
             const char         *word)
{
  for (guint i = 0; entries != NULL && entries[i].long_name != NULL; i++)
    if ((g_str_has_prefix (word, "--") && g_str_equal (word + 2, entries[i].long_name))
        || (word[0] == '-' && word[1] != '\0' && word[1] == entries[i].short_name && word[2] == '\0'))
      return &entries[i];
  return NULL;
}

/* GOption reads `--automatic --yes` as a run that is called "--yes". */
static gboolean
refuse_missing_values (TideArguments       *self,
                       const GOptionEntry  *globals,
                       const GOptionEntry  *entries,
                       GError             **error)
{
  for (guint i = 1; self->words[i] != NULL && !g_str_equal (self->words[i], "--"); i++)
    {
      const GOptionEntry *option = find_option (entries, self->words[i]);
      const char *value = self->words[i + 1];

      if (option == NULL)
        option = find_option (globals, self->words[i]);
      if (option == NULL || option->arg == G_OPTION_ARG_NONE || value == NULL)
        continue;
      if (find_option (entries, value) != NULL || find_option (globals, value) != NULL)
        {
          g_autofree char *hint = g_strdup_printf ("if \"%s\" is what you mean: --%s=%s", value, option->long_name, value);

          tide_set_error (error, TIDE_ERROR_USAGE, hint, "missing argument for --%s before \"%s\"", option->long_name, value);
          return FALSE;
        }
      i++;
    }
  return TRUE;
}

/* Mostly a variable of a shell script that has nothing in it: then "--only=" would mean everything. What is text for a person may
 * be empty. */
static gboolean
refuse_empty_values (TideArguments       *self,
                     const GOptionEntry  *entries,
                     GError             **error)
{
  for (guint i = 0; entries != NULL && entries[i].long_name != NULL; i++)
    {
      const Slot *slot = g_hash_table_lookup (self->slots, entries[i].long_name);

      if (entries[i].arg != G_OPTION_ARG_FILENAME || g_strcmp0 (slot->value.text, "") != 0
          || g_str_equal (entries[i].arg_description, "TEXT"))
        continue;
      tide_set_error (error, TIDE_ERROR_USAGE, "leave it out, or say what it is to be", "--%s is empty", entries[i].long_name);
      return FALSE;
    }
  return TRUE;
}

static char *
describe_nearest_option (TideArguments *self,
                         const char    *unknown)
{
  g_autofree const char **names = (const char **) g_hash_table_get_keys_as_array (self->slots,
                                                                                  NULL);
  g_autofree char *bare = g_strdup (unknown + strspn (unknown, "-"));
  const char *nearest;

  bare[strcspn (bare, "=")] = '\0';
  nearest = tide_arguments_nearest (bare, names);
  return nearest ? g_strdup_printf ("did you mean --%s?", nearest) : g_strdup ("--help lists the options");
}

/* GOption leaves what it does not know where it was; what still looks like an option is one
 * nobody knows. */
static gboolean
refuse_unknown (TideArguments  *self,
                GError        **error)
{
  for (guint i = 1; self->words[i] != NULL; i++)
    {
      const char *word = self->words[i];
      g_autofree char *hint = NULL;

      if (g_str_equal (word, "--"))
        return TRUE;
      if (word[0] != '-' || word[1] == '\0')
        continue;
      hint = describe_nearest_option (self, word);
      tide_set_error (error, TIDE_ERROR_USAGE, hint, "unknown option \"%.*s\"",
                      (int) strcspn (word, "="), word);
      return FALSE;
    }
  return TRUE;
}

static void
remove_word (TideArguments *self,
             guint          index)
{
  g_free (self->words[index]);
  memmove (&self->words[index], &self->words[index + 1],
           (g_strv_length (&self->words[index + 1]) + 1) * sizeof (char *));
}

/* GOption keeps the `--` when it left something that looks like an option behind it. */
static void
remove_separator (TideArguments *self)
{
  for (guint i = 1; self->words[i] != NULL; i++)
    if (g_str_equal (self->words[i], "--"))
      {
        remove_word (self, i);
        return;
      }
}

/**
 * tide_arguments_new:
 * @argv: (array zero-terminated=1): a program's arguments, its name first
 *
 * Returns: (transfer full): a copy of them, nothing understood yet
 */
TideArguments *
tide_arguments_new (char **argv)
{
  TideArguments *self = g_new0 (TideArguments, 1);

  self->words = g_strdupv (argv);
  self->slots = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, slot_free);
  return self;
}

/**
 * tide_arguments_free:
 * @self: (transfer full): the arguments
 */
void
tide_arguments_free (TideArguments *self)
{
  g_strfreev (self->words);
  g_hash_table_unref (self->slots);
  g_free (self);
}

/**
 * tide_arguments_take_command:
 * @self: the arguments
 * @globals: the options that may stand before the first word
 * @error: return location for a %TIDE_ERROR_USAGE
 *
 * Takes out the first word. Options before it stay, for tide_arguments_take(); those that are not
 * in @globals cannot be told from words and are refused.
 *
 * Returns: (transfer full) (nullable): the word; %NULL without @error when there is none
 */
char *
tide_arguments_take_command (TideArguments       *self,
                             const GOptionEntry  *globals,
                             GError             **error)
{
  g_autoptr(TideArguments) rest = tide_arguments_new (self->words);
  guint index;
  char *command;

  if (!parse (rest, globals, NULL, TRUE, error))
    return NULL;
  if (tide_arguments_get_n_words (rest) == 0)
    return NULL;
  if (rest->words[1][0] == '-' && !refuse_unknown (rest, error))
    return NULL;

  index = g_strv_length (self->words) - g_strv_length (rest->words) + 1;
  command = g_strdup (self->words[index]);
  remove_word (self, index);
  return command;
}

/**
 * tide_arguments_take:
 * @self: the arguments
 * @globals: options that hold everywhere
 * @entries: (nullable): options of one command
 *
 * Understands all options, wherever they stand, up to a `--`. Unknown ones, values that are not
 * what they should be or empty, and text that is not UTF-8 are refused with %TIDE_ERROR_USAGE.
 *
 * Returns: whether the line was right
 */
gboolean
tide_arguments_take (TideArguments       *self,
                     const GOptionEntry  *globals,
                     const GOptionEntry  *entries,
                     GError             **error)
{
  if (!refuse_flag_values (self, globals, error) || !refuse_flag_values (self, entries, error))
    return FALSE;
  if (!refuse_missing_values (self, globals, entries, error))
    return FALSE;
  if (!parse (self, globals, entries, FALSE, error) || !refuse_unknown (self, error))
    return FALSE;
  remove_separator (self);
  join_lists (self);
  return check_texts (self, error) && refuse_empty_values (self, globals, error) && refuse_empty_values (self, entries, error);
}

/**
 * tide_arguments_get_n_words:
 * @self: the arguments
 *
 * Returns: how many words there are that are no options
 */
guint
tide_arguments_get_n_words (const TideArguments *self)
{
  guint n = g_strv_length (self->words);

  return n > 0 ? n - 1 : 0;
}

/**
 * tide_arguments_get_word:
 * @self: the arguments
 * @index: from 0
 *
 * Returns: (transfer none) (nullable): a word that is no option; %NULL past the last
 */
const char *
tide_arguments_get_word (const TideArguments *self,
                         guint                index)
{
  return index < tide_arguments_get_n_words (self) ? self->words[index + 1] : NULL;
}

static const Slot *
get_slot (const TideArguments *self,
          const char          *option,
          GOptionArg           type)
{
  const Slot *slot = g_hash_table_lookup (self->slots, option);

  g_assert (slot == NULL || slot->type == type);
  return slot;
}

/**
 * tide_arguments_get_flag:
 * @self: the arguments
 * @option: a long name
 *
 * Returns: whether it was given
 */
gboolean
tide_arguments_get_flag (const TideArguments *self,
                         const char          *option)
{
  const Slot *slot = get_slot (self, option, G_OPTION_ARG_NONE);

  return slot != NULL && slot->value.flag;
}

/**
 * tide_arguments_get_number:
 * @self: the arguments
 * @option: a long name
 *
 * Returns: its value; 0 when it was not given
 */
int
tide_arguments_get_number (const TideArguments *self,
                           const char          *option)
{
  const Slot *slot = get_slot (self, option, G_OPTION_ARG_INT);

  return slot && slot->value.number != NOT_GIVEN ? slot->value.number : 0;
}

/**
 * tide_arguments_check_number:
 * @self: the arguments
 * @option: the long name of an option that takes a number
 * @least: its least value
 * @most: its greatest, or %G_MAXINT
 * @error: return location for %TIDE_ERROR_USAGE
 *
 * Returns: whether it was not given, or is a number in that range
 */
gboolean
tide_arguments_check_number (const TideArguments  *self,
                             const char           *option,
                             int                   least,
                             int                   most,
                             GError              **error)
{
  const Slot *slot = get_slot (self, option, G_OPTION_ARG_INT);
  g_autofree char *range = most == G_MAXINT ? g_strdup_printf ("at least %d", least)
                                            : g_strdup_printf ("from %d to %d", least, most);

  if (slot == NULL || slot->value.number == NOT_GIVEN || (slot->value.number >= least && slot->value.number <= most))
    return TRUE;
  tide_set_error (error, TIDE_ERROR_USAGE, NULL, "--%s must be %s, and %d is not", option, range, slot->value.number);
  return FALSE;
}

/**
 * tide_arguments_get_text:
 * @self: the arguments
 * @option: a long name
 *
 * Returns: (transfer none) (nullable): its value; %NULL when it was not given
 */
const char *
tide_arguments_get_text (const TideArguments *self,
                         const char          *option)
{
  const Slot *slot = get_slot (self, option, G_OPTION_ARG_FILENAME);

  return slot ? slot->value.text : NULL;
}

/* Levenshtein's distance of two short words */
static guint
word_distance (const char *a,
               const char *b)
{
  gsize width = strlen (b);
  g_autofree guint *row = g_new (guint, width + 1);

  for (gsize j = 0; j <= width; j++)
    row[j] = j;
  for (gsize i = 1; a[i - 1] != '\0'; i++)
    {
      guint diagonal = row[0];

      row[0] = i;
      for (gsize j = 1; j <= width; j++)
        {
          guint replaced = diagonal + (a[i - 1] != b[j - 1]);

          diagonal = row[j];
          row[j] = MIN (replaced, MIN (row[j], row[j - 1]) + 1);
        }
    }
  return row[width];
}

/**
 * tide_arguments_nearest:
 * @word: what was typed
 * @candidates: (array zero-terminated=1): what could have been meant
 *
 * Returns: (transfer none) (nullable): the candidate that a slip of the fingers, or giving up
 *   early, turns into @word; %NULL when none is near
 */
const char *
tide_arguments_nearest (const char        *word,
                        const char *const *candidates)
{
  const char *nearest = NULL;
  gsize length = strlen (word);
  guint best = (length < 4 ? 1 : MAX (length / 3, 2)) + 1;

  for (guint i = 0; candidates[i] != NULL; i++)
    {
      gboolean is_start = length >= 2 && g_str_has_prefix (candidates[i], word);
      guint distance = is_start ? 0 : word_distance (word, candidates[i]);

      if (distance < best)
        {
          best = distance;
          nearest = candidates[i];
        }
    }
  return nearest;
}
