/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether @version of an extension comes after @other: "1.10" after "1.9" */
gboolean tide_extension_is_newer (const char *version,
                                  const char *other);

G_END_DECLS
