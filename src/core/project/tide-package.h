/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What @folder's package.json says; (out) (optional) (transfer full) (nullable) both: "name", and "prisma"."schema".
 * A file that is absent or broken says nothing: it is npm's to complain about. */
void tide_package_read (const char  *folder,
                        char       **name,
                        char       **schema);

G_END_DECLS
