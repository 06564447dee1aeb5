/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * TideSqlMirror:
 *
 * The text of a buffer, for threads. It notes each change, which costs the main thread what is near the caret; the whole text is
 * touched in the thread that wants it. A change that it cannot follow makes it copy everything when it is asked for next.
 */
typedef struct _TideSqlMirror TideSqlMirror;

/* (transfer full): the one of @buffer, in step with it as it is now; followed from the first call on. Main thread */
TideSqlMirror *tide_sql_mirror_get      (GtkTextBuffer *buffer);
void           tide_sql_mirror_unref    (TideSqlMirror *self);
/* (transfer full): the text as it was when the mirror was got, or younger. Any thread */
char          *tide_sql_mirror_dup_text (TideSqlMirror *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSqlMirror, tide_sql_mirror_unref)

G_END_DECLS
