/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-manual"

#include "config.h"

#include "tide-commands.h"
#include "tide-help.h"
#include "tide-manual.h"

/* groff reads a backslash anywhere, and a dot or a quote at the start of a line; a bare "-" is a
 * hyphen to it. */
static void
append_roff (GString    *page,
             const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    {
      gboolean at_start = page->len == 0 || page->str[page->len - 1] == '\n';

      if (at_start && (*p == '.' || *p == '\''))
        g_string_append (page, "\\&");
      if (*p == '\\')
        g_string_append (page, "\\e");
      else if (*p == '-')
        g_string_append (page, "\\-");
      else if (*p == '~')
        g_string_append (page, "\\(ti");
      else
        g_string_append_c (page, *p);
    }
}

static void
append_paragraphs (GString    *page,
                   const char *text)
{
  g_auto(GStrv) paragraphs = g_strsplit (text, "\n\n", -1);

  for (guint i = 0; paragraphs[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append (page, ".PP\n");
      append_roff (page, paragraphs[i]);
      g_string_append_c (page, '\n');
    }
}

static void
append_item (GString    *page,
             const char *term,
             const char *text)
{
  g_string_append (page, ".TP\n.B ");
  append_roff (page, term);
  g_string_append_c (page, '\n');
  append_roff (page, text);
  g_string_append_c (page, '\n');
}

static void
append_options (GString            *page,
                const GOptionEntry *entries)
{
  for (guint i = 0; entries != NULL && entries[i].long_name != NULL; i++)
    {
      g_autofree char *option = tide_help_dup_option (&entries[i]);

      if (tide_help_option_is_visible (&entries[i]))
        append_item (page, option, entries[i].description);
    }
}

static void
append_facts (GString            *page,
              const char         *heading,
              const TideHelpFact *facts)
{
  g_string_append_printf (page, ".SH %s\n", heading);
  for (guint i = 0; facts[i].term != NULL; i++)
    append_item (page, facts[i].term, facts[i].text);
}

static void
append_command (GString           *page,
                const TideCommand *command)
{
  g_autofree char *usage = tide_help_dup_usage (command);

  g_string_append (page, ".SS ");
  append_roff (page, usage + strlen ("tidemarkctl "));
  g_string_append_c (page, '\n');
  append_paragraphs (page, command->description);
  append_options (page, command->options);
}

static void
append_examples (GString           *page,
                 const TideCommand *command)
{
  for (guint i = 0; command->examples[i].line != NULL; i++)
    {
      g_autofree char *line = g_strconcat ("tidemarkctl ", command->examples[i].line, NULL);

      append_item (page, line, command->examples[i].what);
    }
}

/**
 * tide_manual_dup_man_page:
 *
 * Returns: (transfer full): tidemarkctl(1) as roff, man macros
 */
char *
tide_manual_dup_man_page (void)
{
  const TideCommand *const *commands = tide_commands_list ();
  GString *page = g_string_new (NULL);

  g_string_append_printf (page, ".TH TIDEMARKCTL 1 \"\" \"Tidemark %s\" \"User Commands\"\n",
                          PACKAGE_VERSION);
  g_string_append (page, ".SH NAME\ntidemarkctl \\- migrations of Prisma projects on PostgreSQL\n"
                         ".SH SYNOPSIS\n.B tidemarkctl\n[\\fIOPTIONS\\fR] \\fICOMMAND\\fR "
                         "[\\fIARGUMENTS\\fR]\n"
                         ".SH DESCRIPTION\n");
  append_paragraphs (page, tide_help_introduction);
  g_string_append (page, ".SH OPTIONS\nThey may stand before or after the command.\n");
  append_options (page, tide_commands_globals ());
  g_string_append (page, ".SH COMMANDS\n");
  for (guint i = 0; commands[i] != NULL; i++)
    append_command (page, commands[i]);
  append_facts (page, "EXIT STATUS", tide_help_exits);
  append_facts (page, "ENVIRONMENT", tide_help_variables);
  append_facts (page, "FILES", tide_help_files);
  g_string_append (page, ".SH EXAMPLES\n");
  for (guint i = 0; commands[i] != NULL; i++)
    append_examples (page, commands[i]);
  g_string_append (page, ".SH SEE ALSO\n.BR tidemark (1),\n.BR psql (1)\n");
  return g_string_free (page, FALSE);
}

static void
append_option_words (GString            *script,
                     const GOptionEntry *entries)
{
  for (guint i = 0; entries != NULL && entries[i].long_name != NULL; i++)
    if (tide_help_option_is_visible (&entries[i]))
      g_string_append_printf (script, " --%s", entries[i].long_name);
}

/* How the value of an option is completed, by what the help calls it; others have no completion. */
static const struct
{
  const char *kind;
  const char *action;
} value_actions[] = {
  { "DIR", "mapfile -t COMPREPLY < <(compgen -d -- \"$current\")" },
  { "FILE", "mapfile -t COMPREPLY < <(compgen -f -- \"$current\")" },
  { "NAME", "_tidemarkctl_names environments" },
  { "MIGRATION", "_tidemarkctl_names migrations" },
};

static const char *
find_value_action (const char *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (value_actions); i++)
    if (g_str_equal (value_actions[i].kind, kind))
      return value_actions[i].action;
  return ":";
}

static void
append_value_cases (GString            *script,
                    const GOptionEntry *entries)
{
  for (guint i = 0; entries != NULL && entries[i].long_name != NULL; i++)
    if (entries[i].arg_description != NULL && tide_help_option_is_visible (&entries[i]))
      g_string_append_printf (script, "    --%s) %s; return ;;\n", entries[i].long_name,
                              find_value_action (entries[i].arg_description));
}

static void
append_command_cases (GString *script)
{
  const TideCommand *const *commands = tide_commands_list ();

  g_string_append (script, "  case $command in\n");
  for (guint i = 0; commands[i] != NULL; i++)
    {
      g_string_append_printf (script, "    %s) words=\"", commands[i]->name);
      for (guint c = 0; commands[i]->choices != NULL && commands[i]->choices[c] != NULL; c++)
        g_string_append_printf (script, "%s ", commands[i]->choices[c]);
      append_option_words (script, commands[i]->options);
      g_string_append (script, "\" ;;\n");
    }
  g_string_append (script, "    *) words=\"");
  for (guint i = 0; commands[i] != NULL; i++)
    g_string_append_printf (script, "%s ", commands[i]->name);
  g_string_append (script, "\" ;;\n  esac\n");
}

/**
 * tide_manual_dup_bash_completion:
 *
 * Returns: (transfer full): a script for bash-completion's folder
 */
char *
tide_manual_dup_bash_completion (void)
{
  const TideCommand *const *commands = tide_commands_list ();
  GString *script = g_string_new (
    "# bash completion for tidemarkctl\n"
    "_tidemarkctl_names() {\n"
    "  mapfile -t COMPREPLY < <(tidemarkctl --quiet \"${project[@]}\" help --list \"$1\" "
    "2>/dev/null \\\n"
    "    | while IFS= read -r name; do [[ $name == \"$current\"* ]] && printf '%q\\n' \"$name\"; "
    "done)\n"
    "}\n"
    "\n"
    "_tidemarkctl() {\n"
    "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' "
    "words='' i\n"
    "  local -a project=()\n"
    "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "    case ${COMP_WORDS[i]} in\n"
    "      --project) project=(--project \"${COMP_WORDS[i + 1]}\") ;;\n"
    "      ");

  for (guint i = 0; commands[i] != NULL; i++)
    g_string_append_printf (script, "%s%s", i > 0 ? "|" : "", commands[i]->name);
  g_string_append (script, ") [[ -n $command ]] || command=${COMP_WORDS[i]} ;;\n"
                           "    esac\n"
                           "  done\n");
  g_string_append (script, "  case $previous in\n");
  append_value_cases (script, tide_commands_globals ());
  for (guint i = 0; commands[i] != NULL; i++)
    append_value_cases (script, commands[i]->options);
  g_string_append (script, "  esac\n");
  append_command_cases (script);
  g_string_append (script, "  words+=\"");
  append_option_words (script, tide_commands_globals ());
  g_string_append (script, "\"\n"
                           "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
                           "}\n"
                           "\n"
                           "complete -F _tidemarkctl tidemarkctl\n");
  return g_string_free (script, FALSE);
}
