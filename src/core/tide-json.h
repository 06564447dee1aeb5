/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* json_parser_load_from_data() that refuses what is nested too deep for it */
gboolean tide_json_load (JsonParser  *parser,
                         const char  *text,
                         gsize        size,
                         GError     **error);

G_END_DECLS
