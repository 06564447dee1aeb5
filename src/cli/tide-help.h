/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-command.h"
#include "tide-console.h"

G_BEGIN_DECLS

/* A word and what it means: an exit status, a variable, a file */
typedef struct
{
  const char *term;
  const char *text;
} TideHelpFact;

/* What the help on the terminal and the man page both tell; each list ends with one without term */
extern const char         *const tide_help_introduction;
extern const TideHelpFact  tide_help_exits[];
extern const TideHelpFact  tide_help_variables[];
extern const TideHelpFact  tide_help_files[];

gboolean tide_help_option_is_visible (const GOptionEntry *entry);
char    *tide_help_dup_option        (const GOptionEntry *entry);
char    *tide_help_dup_usage         (const TideCommand  *command);
void     tide_help_print             (TideConsole        *console,
                                      const TideCommand  *command);

G_END_DECLS
