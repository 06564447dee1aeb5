/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/* What the wizard lets a person choose from */
typedef struct
{
  char   *schema;
  char   *name;
  gint64  bytes;
} TideCatalogTable;

typedef struct
{
  gint64     bytes;   /* of the whole database */
  GPtrArray *tables;  /* (element-type TideCatalogTable): by schema and name */
} TideCatalog;

/* Blocking */
TideCatalog *tide_catalog_read (TideConninfo  *conninfo,
                                GCancellable  *cancellable,
                                GError       **error);
void         tide_catalog_free (TideCatalog   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideCatalog, tide_catalog_free)

G_END_DECLS
