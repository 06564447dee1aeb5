/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lint/tide-lint-finding.h"

G_BEGIN_DECLS

TideLintFinding *tide_lint_finding_new (const TideLintFinding *values);

G_END_DECLS
