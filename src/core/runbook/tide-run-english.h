/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A run is told twice. Whoever looks at it reads their own language; the journal and the record (logs/NAME.log and .json) are
 * English and stay as they are, for programs and colleagues read them on other machines, and a later start reads them back.
 * So texts are N_() where they are made, a step holds both, and the record is written between begin() and end(): there
 * gettext() translates nothing, and what holds both gives its English one. Nothing compares or parses a shown text. */

/* In this thread alone. They do not nest */
void     tide_run_english_begin     (void);
void     tide_run_english_end       (void);
gboolean tide_run_english_is_spoken (void);
/* (transfer full): what @func makes of @data in English; @shown is what it made before, in the person's language */
char    *tide_run_english_dup       (char      *(*func) (gpointer data),
                                     gpointer     data,
                                     const char  *shown);
/* Whether there is anything to tell twice */
gboolean tide_run_english_is_needed (void);

G_END_DECLS
