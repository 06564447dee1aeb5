/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-ddl.h"

G_BEGIN_DECLS

/* What an index and a constraint that stands on one write alike. @index: its quoted name. */

void     tide_index_add_clustered        (TideDdl                *ddl,
                                          const TideSchemaObject *object,
                                          gboolean                clustered);
void     tide_index_add_replica_identity (TideDdl                *ddl,
                                          const TideSchemaObject *object,
                                          gboolean                is_identity);
void     tide_index_add_attach           (TideDdl                *ddl,
                                          const TideSchemaObject *object,
                                          const char             *index);
/* Attributes "options" and "tablespace" */
void     tide_index_add_storage_change   (TideDdl                *ddl,
                                          const char             *index,
                                          const TideSchemaObject *from,
                                          const TideSchemaObject *to);
/* Whether an index can become part of another, or stop being one, without being made anew: it only stops when its table does */
gboolean tide_index_can_change_part      (const TideSchemaObject *from,
                                          const TideSchemaObject *to,
                                          const char             *whole_from);

G_END_DECLS
