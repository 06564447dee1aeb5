/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/tide-project.h"

G_BEGIN_DECLS

/* Points of a history as a comparison takes them, in words of tide_schema_source_parse(). */

/* How many migrations of @project have run at @source: from 1; -1: it is no such point */
int   tide_history_point_find       (TideProject *project,
                                     const char  *source); /* nullable */
/* (transfer full): the point at which @n migrations have run */
char *tide_history_point_dup        (TideProject *project,
                                     guint        n);
char *tide_history_point_dup_after  (const char  *migration);
/* Where there is no such migration: before all of them */
char *tide_history_point_dup_before (TideProject *project,
                                     const char  *migration);

G_END_DECLS
