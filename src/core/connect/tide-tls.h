/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/* Lets verify-full trust the system's authorities where the person named none */
void tide_tls_add_roots (TideConninfo *conninfo);

G_END_DECLS
