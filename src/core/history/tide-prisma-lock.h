/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wire/tide-session.h"

G_BEGIN_DECLS

gboolean  tide_prisma_lock_take         (TideSession   *session,
                                         guint          timeout_ms,
                                         GCancellable  *cancellable,
                                         GError       **error);
char     *tide_prisma_lock_dup_holder   (TideSession   *session,
                                         GCancellable  *cancellable);

G_END_DECLS
