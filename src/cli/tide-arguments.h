/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TideArguments:
 *
 * A command line as it was understood: the values of its options, and the words that are none.
 * Options are described by #GOptionEntry tables without `arg_data` (%G_OPTION_ARG_NONE,
 * %G_OPTION_ARG_INT and %G_OPTION_ARG_FILENAME); text must be UTF-8, whatever the locale.
 */
typedef struct _TideArguments TideArguments;

TideArguments *tide_arguments_new         (char               **argv);
void           tide_arguments_free        (TideArguments       *self);
char          *tide_arguments_take_command (TideArguments      *self,
                                           const GOptionEntry  *globals,
                                           GError             **error);
gboolean       tide_arguments_take        (TideArguments       *self,
                                           const GOptionEntry  *globals,
                                           const GOptionEntry  *entries,
                                           GError             **error);
guint          tide_arguments_get_n_words (const TideArguments *self);
const char    *tide_arguments_get_word    (const TideArguments *self,
                                           guint                index);
gboolean       tide_arguments_get_flag    (const TideArguments *self,
                                           const char          *option);
int            tide_arguments_get_number  (const TideArguments *self,
                                           const char          *option);
gboolean       tide_arguments_check_number (const TideArguments *self,
                                           const char          *option,
                                           int                  least,
                                           int                  most,
                                           GError             **error);
const char    *tide_arguments_get_text    (const TideArguments *self,
                                           const char          *option);
const char    *tide_arguments_nearest     (const char          *word,
                                           const char *const   *candidates);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideArguments, tide_arguments_free)

G_END_DECLS
