/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-object-kind.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/* The statements that read a catalog, in one round trip; a second one where it has what most have not */

#define TIDE_CATALOG_N_BEGIN_STATEMENTS 9

/* Where in the query's results what is */
enum
{
  TIDE_CATALOG_FACTS = TIDE_CATALOG_N_BEGIN_STATEMENTS,
  TIDE_CATALOG_ROLES,
  TIDE_CATALOG_MEMBERS,
  TIDE_CATALOG_TYPES,
  TIDE_CATALOG_ALIASES,
  TIDE_CATALOG_RARE,       /* whether there are any of the kinds that most have not */
  TIDE_CATALOG_FIRST_KIND, /* of TIDE_N_OBJECT_KINDS */
  TIDE_CATALOG_DEPENDENCIES = TIDE_CATALOG_FIRST_KIND + TIDE_N_OBJECT_KINDS,
  TIDE_CATALOG_COMMENTS,
  TIDE_CATALOG_LABELS,
  TIDE_CATALOG_CHECKS,
  TIDE_CATALOG_PREDICATES,
  TIDE_CATALOG_N_RESULTS,
};

/* Makes something of the results: those above, NULL for kinds of which there are none. Their transaction is
 * still open. */
typedef gpointer (*TideCatalogTake) (GPtrArray  *results,
                                     gpointer    data,
                                     GError    **error);

/* (transfer full) (nullable): what @take made, called again where objects went away meanwhile */
gpointer tide_catalog_query (TideSession      *session,
                             TideCatalogTake   take,
                             gpointer          data,
                             GCancellable     *cancellable,
                             GError          **error);

G_END_DECLS
