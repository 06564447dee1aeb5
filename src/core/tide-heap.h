/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void tide_heap_prepare (gsize largest);

G_END_DECLS
