/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The end of the token at @at: of a quoted one after its last quote, of a word after its last letter, else one byte on */
const char *tide_expression_skip_token   (const char *at);
/* The end of the string in dollars that @at begins, else @at */
const char *tide_expression_skip_dollars (const char *at);
/* (nullable): what stands behind @name, quoted or not, if it is the token at @at */
const char *tide_expression_skip_name    (const char *at,
                                          const char *name);
/* (nullable): where the bracket that @at stands on is closed */
const char *tide_expression_find_close   (const char *at);

G_END_DECLS
