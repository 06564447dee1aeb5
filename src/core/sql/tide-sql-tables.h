/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full) (element-type utf8): the relations that @sql names, each once, quoted, with their schema where it stands there:
 * "public"."users". Of what PostgreSQL 15's grammar does not know, none */
GPtrArray *tide_sql_list_tables (const char *sql);

G_END_DECLS
