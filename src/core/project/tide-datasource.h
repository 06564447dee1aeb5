/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/tide-url-expression.h"

G_BEGIN_DECLS

/* The datasource block of a Prisma schema */
typedef struct
{
  char              *provider;   /* nullable */
  TideUrlExpression  url;
  TideUrlExpression  direct_url; /* what Prisma 6 migrates with, where it is given */
  char             **schemas;    /* (nullable): the names that "schemas" lists */
  char              *file;
  int                line;
} TideDatasource;

void            tide_datasource_free (TideDatasource *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideDatasource, tide_datasource_free)
/* (transfer full) (nullable): NULL when @text, which stands in @file, has no such block */
TideDatasource *tide_datasource_read (const char     *text,
                                      const char     *file);

G_END_DECLS
