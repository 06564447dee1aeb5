/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/tide-code-scanner.h"

G_BEGIN_DECLS

/* How a schema or a configuration names a database: one of the two, or neither where it cannot be read */
typedef struct
{
  char *variable;
  char *literal;
} TideUrlExpression;

void     tide_url_expression_clear (TideUrlExpression *self);
gboolean tide_url_expression_is_set (const TideUrlExpression *self);
/* "literal", env("X"), process.env.X, process.env["X"] at @index; FALSE: none of them, @self stays */
gboolean tide_url_expression_read  (TideUrlExpression *self,
                                    GArray            *tokens,
                                    guint              index);

G_END_DECLS
