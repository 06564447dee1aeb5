/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes as Node's utf8 decoder reads them. (transfer full): valid UTF-8 and a NUL behind it; @text_size (out): its bytes */
char *tide_node_text_decode (const char *bytes,
                             gsize       size,
                             gsize      *text_size);
/* A whole file, decoded; @text_size (out) (optional). Refuses what is not a regular file. (transfer full) */
char *tide_node_text_read   (const char *path,
                             gsize      *text_size,
                             GError    **error);
/* The same; @is_utf8 (out): whether nothing had to be replaced. (transfer full) */
char *tide_node_text_read_checked (const char *path,
                                   gsize      *text_size,
                                   gboolean   *is_utf8,
                                   GError    **error);

G_END_DECLS
