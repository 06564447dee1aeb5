/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/* libpq looks host names up with a blocking call, which would hold up every session: so we do it
 * before. */

gboolean      tide_resolve_is_needed (const TideConninfo   *conninfo);
void          tide_resolve_async     (TideConninfo         *conninfo,
                                      GCancellable         *cancellable,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
TideConninfo *tide_resolve_finish    (GAsyncResult         *result,
                                      GError              **error);

G_END_DECLS
