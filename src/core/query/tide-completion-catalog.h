/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "query/tide-outline.h"

G_BEGIN_DECLS

/**
 * TideCompletionCatalog:
 *
 * The outline of one connection's database, kept: read in a thread over a connection of its own (read-only, closed at once),
 * read again when it is told that a statement changed the catalog. What it read before stays while it reads, and when that
 * fails. To be used in the thread that made it.
 *
 * Properties, all read-only and notified: "outline" (boxed #TideOutline, nullable), "loading" (boolean), "error" (boxed #GError,
 * nullable: why it could not be read).
 */
#define TIDE_TYPE_COMPLETION_CATALOG (tide_completion_catalog_get_type ())
G_DECLARE_FINAL_TYPE (TideCompletionCatalog, tide_completion_catalog, TIDE, COMPLETION_CATALOG, GObject)

TideCompletionCatalog *tide_completion_catalog_new          (void);
/* @conninfo: (nullable): what to read from; another one forgets what was read, NULL disconnects */
void                   tide_completion_catalog_set_conninfo (TideCompletionCatalog *self,
                                                             TideConninfo          *conninfo);
TideConninfo          *tide_completion_catalog_get_conninfo (TideCompletionCatalog *self); /* (transfer none) (nullable) */
/* Reads it again in the background. Call it after DDL: see tide_completion_changes_catalog(). Many calls in a row are one. */
void                   tide_completion_catalog_invalidate   (TideCompletionCatalog *self);
TideOutline           *tide_completion_catalog_get_outline  (TideCompletionCatalog *self); /* (transfer none) (nullable) */
gboolean               tide_completion_catalog_is_loading   (TideCompletionCatalog *self);
const GError          *tide_completion_catalog_get_error    (TideCompletionCatalog *self); /* (nullable) */

/* Whether a statement with this command tag ("CREATE TABLE") may have changed what the catalog holds */
gboolean               tide_completion_changes_catalog      (const char            *command_tag,
                                                             gboolean               has_columns);

G_END_DECLS
