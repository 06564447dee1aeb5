/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "project/tide-settings.h"

G_BEGIN_DECLS

typedef struct
{
  const char *file;
  const char *text;
  gssize      size;     /* -1: up to its NUL */
  GPtrArray  *warnings; /* (element-type GError) */
} TideSettingsContext;

/* @message: (transfer full) */
GError *tide_settings_new_error   (const char          *file,
                                   int                  line,
                                   char                *message);
/* What is odd in these two is told and left out: that a project can be read does not hang on them. @node: (nullable) */
void    tide_settings_read_hooks  (TideSettingsContext *context,
                                   TideHooksSpec       *hooks,
                                   JsonNode            *node);
void    tide_settings_read_verify (TideSettingsContext *context,
                                   JsonObject          *object,
                                   TideEnvironmentSpec *environment);

G_END_DECLS
