/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "timeline/tide-timeline-item.h"

G_BEGIN_DECLS

/* Everything about one migration, with the actions that fit its state (group "timeline", from the page around it).
 * Property "item" (#TideTimelineItem, nullable). */
#define TIDE_TYPE_MIGRATION_DETAILS (tide_migration_details_get_type ())
G_DECLARE_FINAL_TYPE (TideMigrationDetails, tide_migration_details, TIDE, MIGRATION_DETAILS, GtkWidget)

void tide_migration_details_set_item (TideMigrationDetails *self,
                                      TideTimelineItem     *item);

G_END_DECLS
