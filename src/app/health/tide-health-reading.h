/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "health/tide-health.h"

G_BEGIN_DECLS

/**
 * TideHealthReading:
 *
 * A reading of the health of a database, in a thread. What is quick to be known comes first.
 */
typedef struct _TideHealthReading TideHealthReading;

/**
 * TideHealthReadingFunc:
 * @health: (transfer full) (nullable): NULL with an @error, and where the reading is slow and nothing has come yet
 * @error: (transfer full) (nullable)
 *
 * Told when all has been read or it failed, which ends the reading. Before that: that nothing has come for a while, and what is quick
 */
typedef void       (*TideHealthReadingFunc)   (TideHealth            *health,
                                               GError                *error,
                                               gpointer               user_data);

/* @in_turn: nothing is known yet, so that what is quick is worth to be told. */
TideHealthReading *tide_health_reading_start  (TideProject           *project, /* (nullable) */
                                               TideConninfo          *conninfo,
                                               gboolean               in_turn,
                                               TideHealthReadingFunc  func,
                                               gpointer               user_data);
/* Its function is not called any more. Frees it. */
void               tide_health_reading_stop   (TideHealthReading     *self);

G_END_DECLS
