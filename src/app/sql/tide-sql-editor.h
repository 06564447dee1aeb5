/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtksourceview/gtksource.h>

G_BEGIN_DECLS

typedef enum
{
  TIDE_SQL_PART_CARET, /* what is selected, or else the statement under the caret */
  TIDE_SQL_PART_ALL,
} TideSqlPart;

/**
 * TideSqlEditor:
 *
 * Where SQL is written: a source view with the statement under the caret marked in its margin, search and replace, and a line
 * under what the server complains of.
 * Actions: editor.find, editor.replace, editor.comment, editor.indent, editor.unindent, editor.format.
 */
#define TIDE_TYPE_SQL_EDITOR (tide_sql_editor_get_type ())
G_DECLARE_FINAL_TYPE (TideSqlEditor, tide_sql_editor, TIDE, SQL_EDITOR, GtkWidget)

GtkSourceView *tide_sql_editor_get_view    (TideSqlEditor *self); /* (transfer none) */
GtkTextBuffer *tide_sql_editor_get_buffer  (TideSqlEditor *self); /* (transfer none) */
char          *tide_sql_editor_dup_text    (TideSqlEditor *self);
/* As if it had always been there: nothing to undo, not modified */
void           tide_sql_editor_set_text    (TideSqlEditor *self,
                                            const char    *text,
                                            int            cursor);
/* In place of what is selected, or where the caret is */
void           tide_sql_editor_insert      (TideSqlEditor *self,
                                            const char    *text);
/* @text: tide_sql_editor_dup_text(); @start and @end: bytes in it. FALSE: there is nothing to run */
gboolean       tide_sql_editor_get_range   (TideSqlEditor *self,
                                            const char    *text,
                                            TideSqlPart    part,
                                            gsize         *start,
                                            gsize         *end);
/* Underlines the word at the byte @offset of @text, the text that was run, and shows it */
void           tide_sql_editor_mark_error  (TideSqlEditor *self,
                                            const char    *text,
                                            gsize          offset);
void           tide_sql_editor_clear_error (TideSqlEditor *self);

G_END_DECLS
