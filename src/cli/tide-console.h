/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "job/tide-job.h"

G_BEGIN_DECLS

/**
 * TideConsole:
 *
 * The two streams of a command. What was asked for goes to stdout, collected and written at once;
 * warnings and progress go to stderr. Colours only where the stream is a terminal and `NO_COLOR`
 * is not
 * set; control characters in what comes from elsewhere are shown, never obeyed. One thread prints at a time.
 */
typedef struct _TideConsole TideConsole;

typedef enum
{
  TIDE_STYLE_PLAIN,
  TIDE_STYLE_STRONG,
  TIDE_STYLE_DIM,
  TIDE_STYLE_GOOD,
  TIDE_STYLE_WARNING,
  TIDE_STYLE_BAD,
} TideStyle;

TideConsole *tide_console_new      (void);
void         tide_console_free     (TideConsole  *self);
void         tide_console_set_quiet (TideConsole *self,
                                    gboolean      quiet);
void         tide_console_print    (TideConsole  *self,
                                    TideStyle     style,
                                    const char   *format,
                                    ...) G_GNUC_PRINTF (3, 4);
void         tide_console_write    (TideConsole  *self,
                                    const char   *text);
void         tide_console_warn     (TideConsole  *self,
                                    TideStyle     style,
                                    const char   *label,
                                    const char   *text);
/* On stderr and at once, as psql tells it, without the stack of the function that said it */
void         tide_console_tell_notice (TideConsole  *self,
                                       const GError *notice);
void         tide_console_ask      (TideConsole  *self,
                                    const char   *format,
                                    ...) G_GNUC_PRINTF (2, 3);
void         tide_console_watch    (TideConsole  *self,
                                    TideJob      *job);
gboolean     tide_console_flush    (TideConsole  *self,
                                    GError      **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideConsole, tide_console_free)

G_END_DECLS
