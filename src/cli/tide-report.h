/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "connect/tide-target.h"
#include "project/tide-project.h"
#include "tide-command.h"

G_BEGIN_DECLS

/* The shapes that the JSON documents of several commands share, and what an error means to a
 * script. */

TideExit tide_report_exit_for    (const GError  *error);
void     tide_report_add_text    (JsonBuilder   *builder,
                                  const char    *name,
                                  const char    *text);
void     tide_report_add_time    (JsonBuilder   *builder,
                                  const char    *name,
                                  gint64         time);
void     tide_report_add_names   (JsonBuilder   *builder,
                                  const char    *name,
                                  GPtrArray     *names);
void     tide_report_add_strings (JsonBuilder   *builder,
                                  const char    *name,
                                  char         **strings);
void     tide_report_add_target  (JsonBuilder   *builder,
                                  TideProject   *project,
                                  TideTarget    *target);
void     tide_report_add_failure (JsonBuilder   *builder,
                                  const char    *name,
                                  const char    *migration,
                                  const GError  *error);
void     tide_report_add_error   (JsonBuilder   *builder,
                                  const GError  *error);
char    *tide_report_dup_time    (gint64         time,
                                  const char    *format);

G_END_DECLS
