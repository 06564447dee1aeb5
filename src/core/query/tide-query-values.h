/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a person gave for the parameters of statements, by the place where they were run and by their names, so that they are
 * proposed the next time, in another tab and after a restart. @folder: (nullable): NULL: the user's own. */

/* (transfer full) (element-type utf8 utf8): none when there is no file, or no good one. Blocking. */
GHashTable *tide_query_values_load      (const char  *folder,
                                         const char  *place);
/* Puts @values to those that are there. Blocking. */
gboolean    tide_query_values_save      (const char  *folder,
                                         const char  *place,
                                         GHashTable  *values,
                                         GError     **error);
/* Whether @value may be a password, a token or the like, by what it or its parameter is called, what the statement speaks of and
 * how it looks. Such a value never goes to disk. */
gboolean    tide_query_values_is_secret (const char  *name,
                                         const char  *value,
                                         const char  *statement);

G_END_DECLS
