/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/tide-datasource.h"
#include "project/tide-prisma-config.h"

G_BEGIN_DECLS

/* Where a project's parts are, by Prisma's rules; paths are absolute */
typedef struct
{
  char             *root;
  char             *package_name;   /* nullable: what package.json calls it */
  TidePrismaConfig *config;         /* nullable */
  char             *schema_path;    /* nullable: a file or a folder */
  GPtrArray        *schema_files;   /* (element-type filename) */
  TideDatasource   *datasource;     /* nullable */
  char             *migrations_dir;
} TideLayout;

void        tide_layout_free       (TideLayout  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideLayout, tide_layout_free)
/* Whether @folder itself is a project */
gboolean    tide_layout_is_project (const char  *folder);
/* (transfer full) (nullable); @warnings (element-type GError) */
TideLayout *tide_layout_read       (const char  *root,
                                    GPtrArray   *warnings,
                                    GError     **error);
void        tide_layout_set_prisma_8_error (TideLayout *self,
                                            GError    **error);

G_END_DECLS
