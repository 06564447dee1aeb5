/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full) (element-type utf8): the elements of a one-dimensional array as the server writes it: `{a,"b c"}` */
GPtrArray *tide_array_parse (const char *text);

G_END_DECLS
