/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full) (nullable): @text, a connection string or URL, without what must not be seen: itself where libpq finds no
 * secret in it, else all that it says as keyword='value' pairs with @mask for each secret; %NULL: libpq cannot read it.
 * @has_secret: (out): whether there is one */
char *tide_connection_text_mask (const char *text,
                                 const char *mask,
                                 gboolean   *has_secret);

G_END_DECLS
