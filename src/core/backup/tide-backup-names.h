/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char     *tide_backup_names_join  (const char   *schema,
                                   const char   *table);
gboolean  tide_backup_names_split (const char   *text,
                                   char        **schema,
                                   char        **table);
gboolean  tide_backup_names_parse (const char   *text,
                                   char       ***schemas,
                                   char       ***tables,
                                   GError      **error);

G_END_DECLS
