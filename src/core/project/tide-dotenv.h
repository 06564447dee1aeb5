/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A variable of a .env file, quotes removed and `${X}` not yet replaced */
typedef struct
{
  char *name;
  char *value;
  int   line;  /* of the name, from 1 */
} TideDotenvEntry;

void       tide_dotenv_entry_free (TideDotenvEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideDotenvEntry, tide_dotenv_entry_free)

/**
 * TideDotenvLookup:
 *
 * Finds a variable outside the file, (transfer none) (nullable).
 */
typedef const char *(*TideDotenvLookup) (const char *name,
                                         gpointer    user_data);

/* (transfer full) (element-type TideDotenvEntry): in the file's order, a repeated name once, with its last value.
 * @warnings: (nullable) (element-type GError): gets one error with @file and line for each line that says nothing */
GPtrArray *tide_dotenv_parse      (const char       *text,
                                   gssize            size,
                                   const char       *file,
                                   GPtrArray        *warnings);
/* (transfer full): @value with each ${X} replaced by what @lookup says or else @entries */
char      *tide_dotenv_expand     (const char       *value,
                                   GPtrArray        *entries,
                                   TideDotenvLookup  lookup,
                                   gpointer          user_data);

G_END_DECLS
