/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-help"

#include "config.h"

#include "tide-commands.h"
#include "tide-help.h"

const char *const tide_help_introduction =
  "tidemarkctl shows and moves the migration history of a Prisma project on PostgreSQL. It reads "
  "prisma/migrations and the ledger table _prisma_migrations, and writes both exactly as Prisma "
  "does, so that "
  "the two can take turns on one database.\n"
  "\n"
  "The database is the first of these that is given: --url, --env (an environment of "
  "tidemark.json), the "
  "variable DATABASE_URL, DATABASE_URL in the project's .env file.";

const TideHelpFact tide_help_exits[] = {
  { "0", "done, or everything is in order" },
  { "1", "not in order: something is pending, failed, was refused or differs" },
  { "2", "differences were found, and --exit-code asked to tell" },
  { "64", "the command line was wrong" },
  { "69", "the server could not be reached, or the connection was lost" },
  { "130", "interrupted" },
  { NULL }
};

const TideHelpFact tide_help_variables[] = {
  { "DATABASE_URL", "the database, when neither --url nor --env names one" },
  { "PGPASSWORD, PGPASSFILE, PGSERVICE, PGSERVICEFILE", "as every PostgreSQL program reads them" },
  { "NO_COLOR", "any value: no colours on the terminal" },
  { "TIDEMARK_PG_BINDIR", "folders with programs of PostgreSQL, parted by colons, in place of those that are found" },
  { NULL }
};

const TideHelpFact tide_help_files[] = {
  { "tidemark.json", "a project's environments; beside the prisma folder, fit to commit" },
  { "~/.config/tidemark/profiles.json", "saved connections; their passwords are in the keyring" },
  { "~/.cache/tidemark/scratch/", "the private PostgreSQL; may be deleted when it is stopped" },
  { "~/.cache/tidemark/schemas/", "what diff and drift have replayed; may be deleted" },
  { NULL }
};

/**
 * tide_help_option_is_visible:
 * @entry: an option
 *
 * Returns: whether people should be told of it
 */
gboolean
tide_help_option_is_visible (const GOptionEntry *entry)
{
  return (entry->flags & G_OPTION_FLAG_HIDDEN) == 0;
}

/**
 * tide_help_dup_option:
 * @entry: an option
 *
 * Returns: (transfer full): how it is typed: "-h, --help", "--to NAME"
 */
char *
tide_help_dup_option (const GOptionEntry *entry)
{
  g_autofree char *brief = entry->short_name ? g_strdup_printf ("-%c, ",
                                                                entry->short_name) : g_strdup ("");

  if (entry->arg_description == NULL)
    return g_strdup_printf ("%s--%s", brief, entry->long_name);
  return g_strdup_printf ("%s--%s %s", brief, entry->long_name, entry->arg_description);
}

/**
 * tide_help_dup_usage:
 * @command: (nullable): a command; %NULL for the program itself
 *
 * Returns: (transfer full): its line of usage
 */
char *
tide_help_dup_usage (const TideCommand *command)
{
  GString *usage = g_string_new ("tidemarkctl");

  if (command == NULL)
    return g_string_free (g_string_append (usage, " [OPTIONS] COMMAND [ARGUMENTS]"), FALSE);

  g_string_append_printf (usage, " %s", command->name);
  for (guint i = 0; command->options != NULL && command->options[i].long_name != NULL; i++)
    if (tide_help_option_is_visible (&command->options[i]))
      {
        g_autofree char *option = tide_help_dup_option (&command->options[i]);

        g_string_append_printf (usage, " [%s]", option);
      }
  if (command->words != NULL)
    g_string_append_printf (usage, command->n_words_least > 0 ? " %s" : " [%s]", command->words);
  return g_string_free (usage, FALSE);
}

static void
print_heading (TideConsole *console,
               const char  *heading)
{
  tide_console_print (console, TIDE_STYLE_STRONG, "\n%s\n", heading);
}

static void
print_options (TideConsole        *console,
               const GOptionEntry *entries)
{
  for (guint i = 0; entries[i].long_name != NULL; i++)
    {
      g_autofree char *option = tide_help_dup_option (&entries[i]);

      if (tide_help_option_is_visible (&entries[i]))
        tide_console_print (console, TIDE_STYLE_PLAIN, "  %-22s %s\n", option,
                            entries[i].description);
    }
}

static gboolean
has_visible (const GOptionEntry *entries)
{
  for (guint i = 0; entries != NULL && entries[i].long_name != NULL; i++)
    if (tide_help_option_is_visible (&entries[i]))
      return TRUE;
  return FALSE;
}

static void
print_examples (TideConsole       *console,
                const TideExample *examples)
{
  for (guint i = 0; examples[i].line != NULL; i++)
    {
      tide_console_print (console, TIDE_STYLE_PLAIN, "  tidemarkctl %s\n", examples[i].line);
      tide_console_print (console, TIDE_STYLE_DIM, "      %s\n", examples[i].what);
    }
}

/* Breaks @text at spaces, 80 columns wide; the paragraphs stay apart. */
static void
print_wrapped (TideConsole *console,
               const char  *text)
{
  g_auto(GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr(GString) line = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *newline = strrchr (words[i], '\n');

      if (line->len > 0 && line->len + strcspn (words[i], "\n") >= 80)
        {
          tide_console_print (console, TIDE_STYLE_PLAIN, "%s\n", line->str);
          g_string_truncate (line, 0);
        }
      g_string_append_printf (line, "%s%s", line->len > 0 ? " " : "", words[i]);
      if (newline != NULL)
        {
          tide_console_print (console, TIDE_STYLE_PLAIN, "%.*s",
                              (int) (line->len - strlen (newline) + 1), line->str);
          g_string_assign (line, newline + 1);
        }
    }
  tide_console_print (console, TIDE_STYLE_PLAIN, "%s\n", line->str);
}

static void
print_program (TideConsole *console)
{
  const TideCommand *const *commands = tide_commands_list ();

  print_wrapped (console, tide_help_introduction);
  print_heading (console, "Commands");
  for (guint i = 0; commands[i] != NULL; i++)
    tide_console_print (console, TIDE_STYLE_PLAIN, "  %-22s %s\n", commands[i]->name,
                        commands[i]->summary);
  print_heading (console, "Options, before or after the command");
  print_options (console, tide_commands_globals ());
  print_heading (console, "Exit status");
  for (guint i = 0; tide_help_exits[i].term != NULL; i++)
    tide_console_print (console, TIDE_STYLE_PLAIN, "  %-22s %s\n", tide_help_exits[i].term,
                        tide_help_exits[i].text);
  tide_console_print (console, TIDE_STYLE_PLAIN,
                      "\ntidemarkctl COMMAND --help tells more of one command.\n");
}

static void
print_command (TideConsole       *console,
               const TideCommand *command)
{
  print_wrapped (console, command->description);
  if (has_visible (command->options))
    {
      print_heading (console, "Options");
      print_options (console, command->options);
    }
  print_heading (console, "Options of every command");
  print_options (console, tide_commands_globals ());
  print_heading (console, "Examples");
  print_examples (console, command->examples);
}

/**
 * tide_help_print:
 * @console: where to
 * @command: (nullable): what to explain; %NULL for the program
 */
void
tide_help_print (TideConsole       *console,
                 const TideCommand *command)
{
  g_autofree char *usage = tide_help_dup_usage (command);

  tide_console_print (console, TIDE_STYLE_STRONG, "Usage: ");
  tide_console_print (console, TIDE_STYLE_PLAIN, "%s\n\n", usage);
  if (command != NULL)
    print_command (console, command);
  else
    print_program (console);
}
