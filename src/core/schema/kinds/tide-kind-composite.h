/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema.h"

G_BEGIN_DECLS

/* A type with one field "value", of the type of @to, that must be there where the text below names it */
#define TIDE_COMPOSITE_CARRIER "pg_temp.tidemark_carrier"

/* (transfer full) (nullable): the value of column @from as one of the composite type of @to, which replaces its own with other
 * fields, or the same in another order: `ROW(("c")."a", NULL)::public.t`; %NULL where its text will do */
char *tide_composite_dup_value (const TideSchemaObject *from,
                                const TideSchemaObject *to);

/* (transfer full): the value of @column by way of JSON, in which fields go by their names and elements one by one */
char *tide_composite_dup_carried (const TideSchemaObject *column);

G_END_DECLS
