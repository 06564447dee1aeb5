/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-manifest.h"

G_BEGIN_DECLS

/* The layout that is written; a newer one is refused. */
#define TIDE_MANIFEST_VERSION 1

G_END_DECLS
