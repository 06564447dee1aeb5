/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wire/tide-session.h"

G_BEGIN_DECLS

void tide_session_open_in_context (TideConninfo        *conninfo,
                                   GMainContext        *context,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data);

G_END_DECLS
