/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * TideKind:
 * @TIDE_KIND_UNKNOWN: nobody has said yet; treated as production until somebody does
 * @TIDE_KIND_DEVELOPMENT: may be emptied and refilled
 * @TIDE_KIND_STAGING: asks before it changes
 * @TIDE_KIND_PRODUCTION: read-only until unlocked, asks for the database's name
 *
 * What a database is for. It decides how careful the program is with it.
 */
typedef enum
{
  TIDE_KIND_UNKNOWN,
  TIDE_KIND_DEVELOPMENT,
  TIDE_KIND_STAGING,
  TIDE_KIND_PRODUCTION,
} TideKind;

#define TIDE_TYPE_KIND (tide_kind_get_type ())
GType       tide_kind_get_type       (void);
const char *tide_kind_to_string      (TideKind    kind);
gboolean    tide_kind_from_string    (const char *text,
                                      TideKind   *kind);
gboolean    tide_kind_may_reset      (TideKind    kind);
gboolean    tide_kind_asks_for_name  (TideKind    kind);
gboolean    tide_kind_starts_read_only (TideKind  kind);

G_END_DECLS
