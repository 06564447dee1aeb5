/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema-builder.h"

G_BEGIN_DECLS

/* Schemas as bytes, and kept on disk. What is kept is only ever read by the program that wrote it, on the machine where it did. */

/* (transfer full): @self, compressed; its warnings are not in it */
GBytes            *tide_schema_pack             (const TideSchema  *self);
/* (transfer full): INVALID when @bytes are not what tide_schema_pack() made, or not whole */
TideSchema        *tide_schema_unpack           (GBytes            *bytes,
                                                 GError           **error);

/* (transfer full): a checksum that knows how schemas are read and kept here, to which a key adds what the schema is of.
 * @major: of the server that it is read from */
GChecksum         *tide_schema_cache_begin_key  (int                major);
/* (transfer full) (nullable): what is kept under @key; what cannot be read is as if it were not there */
TideSchema        *tide_schema_cache_load       (const char        *key);
/* Keeps it, if that can be done */
void               tide_schema_cache_store      (const char        *key,
                                                 TideSchema        *schema);

G_END_DECLS
