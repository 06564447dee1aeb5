/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-backup-item.h"
#include "widgets/tide-pill.h"

G_BEGIN_DECLS

/* How far a backup has been proved, as a pill shows it: (transfer none), each with a meaning */
const TideLook *tide_proof_get_look (TideProof proof);

G_END_DECLS
