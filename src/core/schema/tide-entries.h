/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Lists in an attribute: "key=value" a line, both as SQL writes them. A line break
 * within quotes belongs to the value.
 */

/* @old: (nullable): it is added; @value: (nullable): it goes */
typedef void (*TideEntryFunc) (const char *key,
                               const char *old,
                               const char *value,
                               gpointer    user_data);

/* Calls @func for what differs: first those that go, then the others in the order of @to. @from, @to: (nullable) */
void   tide_entries_compare       (const char    *from,
                                   const char    *to,
                                   TideEntryFunc  func,
                                   gpointer       user_data);
/* Whether what is set and unset one by one, as tide_entries_compare() tells it, comes to stand in the order of @to: in its old place if
 * it has one, and else behind all others. @from, @to: (nullable) */
gboolean tide_entries_keep_order  (const char    *from,
                                   const char    *to);
/* (transfer full) (nullable): options of a relation: `{fillfactor=70}` as `fillfactor='70'`, in the order they were given in */
char  *tide_entries_from_options  (const char    *array);
/* (transfer full) (nullable): settings of a function or a database: `{"search_path=a, b"}` as `search_path='a', 'b'`, in the order
 * they were given in */
char  *tide_entries_from_settings (const char    *array);
/* (transfer full) (nullable): the same by key: what is compared */
char  *tide_entries_sort          (const char    *entries);
/* How long the key is at the beginning of @entry */
gsize  tide_entries_get_key_length (const char    *entry);
/* How long the quoted name is that @text begins with, up to "=" or a blank */
gsize  tide_entries_get_name_length (const char   *text);
/* (transfer full): the entries with @separator between them: "a='1', b='2'" */
char  *tide_entries_join          (const char    *entries,
                                   const char    *separator);

G_END_DECLS
