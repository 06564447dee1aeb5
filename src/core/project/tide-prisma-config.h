/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/tide-url-expression.h"

G_BEGIN_DECLS

/* What can be read of prisma.config.* without running it; paths are absolute */
typedef struct
{
  char              *file;
  char              *schema;      /* nullable */
  char              *migrations;  /* nullable */
  TideUrlExpression  url;
  gboolean           has_url;     /* there is one, whether or not it could be read */
  gboolean           is_prisma_8; /* it configures a contract */
  int                unread_line; /* of a path that only running the file would tell; 0: none */
  int                program_line; /* where it exports what only running it would tell; 0: an object that can be read */
} TidePrismaConfig;

void              tide_prisma_config_free (TidePrismaConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TidePrismaConfig, tide_prisma_config_free)
/* (transfer full) (nullable): the file that Prisma would take in @root */
char             *tide_prisma_config_find (const char       *root);
/* (transfer full) (nullable): NULL without @error when @root has none */
TidePrismaConfig *tide_prisma_config_load (const char       *root,
                                           GError          **error);

G_END_DECLS
