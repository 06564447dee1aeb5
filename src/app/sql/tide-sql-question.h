/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "query/tide-query-run.h"

G_BEGIN_DECLS

/* What stands between a text and its run */
typedef struct
{
  gboolean    read_only;  /* what writes is refused */
  gboolean    careful;    /* what deletes much is asked about first */
  GHashTable *remembered; /* (element-type utf8 utf8): values of parameters, by name; those that are given are put in */
  const char *place;      /* where they are kept, but for secrets */
} TideSqlCare;

/* Splits the bytes from @start to @end of @text into statements, looks at them, and asks the person what must be asked: whether that
 * is meant, and the values of parameters. */
void       tide_sql_question_ask_async  (GtkWidget            *parent,
                                         const char           *text,
                                         gsize                 start,
                                         gsize                 end,
                                         const TideSqlCare    *care,
                                         GAsyncReadyCallback   callback,
                                         gpointer              user_data);
/* (transfer full) (element-type TideQueryStatement): cancelled when the person said no; @values: (out) (transfer full); @place: (out): the
 * byte in @text that the error is about, or -1 */
GPtrArray *tide_sql_question_ask_finish (GtkWidget            *parent,
                                         GAsyncResult         *result,
                                         GHashTable          **values,
                                         gssize               *place,
                                         GError              **error);

G_END_DECLS
