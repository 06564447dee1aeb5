/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wire/tide-session.h"

G_BEGIN_DECLS

/* The statements that read a catalog, in one round trip */

#define TIDE_CATALOG_N_BEGIN_STATEMENTS 8

/* Where in the query's results what is */
enum
{
  TIDE_CATALOG_FACTS = TIDE_CATALOG_N_BEGIN_STATEMENTS,
  TIDE_CATALOG_ROLES,
  TIDE_CATALOG_MEMBERS,
  TIDE_CATALOG_TYPES,
  TIDE_CATALOG_ALIASES,
  TIDE_CATALOG_DEPENDENCIES,
  TIDE_CATALOG_COMMENTS,
  TIDE_CATALOG_LABELS,
  TIDE_CATALOG_FIRST_KIND,
};

/* (transfer container) (nullable): one result for each statement: those above, then those of the kinds that have a query for this
 * server, in order. Tries again where objects went away under it. */
GPtrArray *tide_catalog_query (TideSession   *session,
                               GCancellable  *cancellable,
                               GError       **error);

G_END_DECLS
