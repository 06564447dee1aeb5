/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-check-node.h"
#include "backup/tide-restore.h"

G_BEGIN_DECLS

/* (transfer full): the table of contents as schemas, kinds and what is called something, all of it checked. The parts of a table
 * (its rows, indexes, constraints) follow it and are not shown. The keys are "#ID". */
TideCheckNode *tide_restore_tree_new (GPtrArray *toc); /* (element-type TideTocEntry) */

G_END_DECLS
