/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "query/tide-explain.h"

G_BEGIN_DECLS

void     tide_explain_set_rolled_back (TideExplain       *self);
gboolean tide_explain_changes_data    (const TideExplain *self);

G_END_DECLS
