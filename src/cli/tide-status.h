/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/tide-history.h"
#include "runbook/tide-runbook.h"
#include "sql/tide-sql-script.h"
#include "tide-cli.h"

G_BEGIN_DECLS

/**
 * TideStatus:
 *
 * Everything that one call of status tells, read from a project and a database.
 */
typedef struct
{
  TideProject  *project;
  TideTarget   *target;
  TideTimeline *timeline;
  GHashTable   *explanations;   /* name of a failed migration -> what is known of it */
  char         *server_version;
  TideRunOutcome *last_run;     /* (nullable): of tidemarkctl run */
  GError       *problem;        /* (nullable): what keeps the project from being deployed at all */
  gboolean      by_url;         /* the database was given by its URL */
} TideStatus;

void           tide_status_clear      (TideStatus              *self);
gboolean       tide_status_read       (TideStatus              *self,
                                       TideCli                 *cli,
                                       GError                 **error);
gboolean       tide_status_is_up_to_date (const TideStatus     *self);
const char    *tide_status_explain    (const TideStatus        *self,
                                       const TideTimelineEntry *entry);
TideSqlScript *tide_status_read_script (const TideTimelineEntry *entry,
                                        GError                 **problem);
void           tide_status_print_json (const TideStatus        *self,
                                       TideCli                 *cli);
void           tide_status_print_text (const TideStatus        *self,
                                       TideConsole             *console);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TideStatus, tide_status_clear)

G_END_DECLS
