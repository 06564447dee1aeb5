/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "query/tide-guard.h"

G_BEGIN_DECLS

/* Keeps the first reason */
void     tide_guard_refuse        (TideGuard  *self,
                                   const char *format,
                                   ...) G_GNUC_PRINTF (2, 3);
/* FALSE: the grammar does not know the statement */
gboolean tide_guard_check_tree    (TideGuard  *self,
                                   const char *statement);
void     tide_guard_check_words   (TideGuard  *self,
                                   const char *statement);

G_END_DECLS
