/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* json_parser_load_from_data() that refuses what is nested too deep for it */
gboolean tide_json_load (JsonParser  *parser,
                         const char  *text,
                         gsize        size,
                         GError     **error);

/* Members of an object that is being built. @text, @strings: (nullable): null in JSON */
void     tide_json_add_text    (JsonBuilder       *builder,
                                const char        *name,
                                const char        *text);
void     tide_json_add_strings (JsonBuilder       *builder,
                                const char        *name,
                                const char *const *strings);
/* @texts: (element-type utf8) */
void     tide_json_add_texts   (JsonBuilder       *builder,
                                const char        *name,
                                GPtrArray         *texts);
void     tide_json_add_number  (JsonBuilder       *builder,
                                const char        *name,
                                gint64             number);
/* (transfer full): the object that the file @path holds, to be changed; an empty one where there is none, or something else */
JsonObject *tide_json_read_object (const char    *path);
/* Writes it there, for this user alone, atomically */
gboolean tide_json_write_object (JsonObject       *object,
                                 const char       *path,
                                 GError          **error);
/* Members of an object that was read; what is missing or something else is NULL, 0 or empty. (transfer full) */
char     *tide_json_dup_text    (JsonObject       *object,
                                 const char       *name);
char    **tide_json_dup_strings (JsonObject       *object,
                                 const char       *name);
gint64    tide_json_get_number  (JsonObject       *object,
                                 const char       *name);

G_END_DECLS
