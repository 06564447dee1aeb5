/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _TideCli TideCli;

/**
 * TideExit:
 *
 * What the program says when it ends; relied on by scripts.
 */
typedef enum
{
  TIDE_EXIT_DONE = 0,
  TIDE_EXIT_NOT_IN_ORDER = 1,
  TIDE_EXIT_DIFFERENT = 2,
  TIDE_EXIT_USAGE = 64,
  TIDE_EXIT_UNREACHABLE = 69,
  TIDE_EXIT_INTERRUPTED = 130,
} TideExit;

/**
 * TideCommandFunc:
 * @cli: the invocation
 * @error: return location for what kept it from its work
 *
 * Does a command's work and prints what it found. Runs in a thread of its own, may block.
 *
 * Returns: the exit status; without meaning when @error is set
 */
typedef TideExit (*TideCommandFunc) (TideCli  *cli,
                                     GError  **error);

typedef struct
{
  const char *line; /* what to type, without the program's name */
  const char *what; /* what it does */
} TideExample;

/**
 * TideCommand:
 *
 * All there is to know of a command: from it come the parser, `--help`, the man page and the
 * completion.
 */
typedef struct
{
  const char         *name;
  const char         *summary;       /* an imperative, no full stop */
  const char         *words;         /* (nullable): the arguments that are no options: "NAME" */
  const char *const  *choices;       /* (nullable): the words that the first of them may be */
  gboolean            has_own_words; /* @choices are the usual words, and the project has more */
  const char         *description;   /* paragraphs of plain text, an empty line between them */
  const GOptionEntry *options;       /* (nullable) */
  const TideExample  *examples;      /* ended by one without line */
  guint               n_words_least;
  guint               n_words_most;
  TideCommandFunc     run;
} TideCommand;

G_END_DECLS
