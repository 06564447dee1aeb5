/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "health/tide-health.h"

G_BEGIN_DECLS

/**
 * TideHealthTables:
 *
 * The tables of a report with their sizes as bars, rows, dead rows and last maintenance; every column sorts. What can be done to
 * the selected one activates "health.act".
 */
#define TIDE_TYPE_HEALTH_TABLES (tide_health_tables_get_type ())
G_DECLARE_FINAL_TYPE (TideHealthTables, tide_health_tables, TIDE, HEALTH_TABLES, GtkWidget)

/* @health: (nullable) */
void tide_health_tables_set_health (TideHealthTables *self,
                                    TideHealth       *health);

G_END_DECLS
