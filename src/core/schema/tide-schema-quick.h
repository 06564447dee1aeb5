/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/* Two live databases of one major version, read for the script between them: texts of stored expressions, which are what a
 * server works longest on, are asked for only where the expressions differ or stand near to what differs. */

/* What stands for a text that was not asked for begins with it */
#define TIDE_SCHEMA_UNREAD '\x01'

/**
 * tide_schema_quick_load:
 * @from: a database
 * @to: another
 * @from_schema: (out) (transfer full): what is in @from
 * @to_schema: (out) (transfer full): what is in @to
 *
 * Whoever writes from them must look whether tide_schema_script_is_whole().
 *
 * Returns: %FALSE, with nothing told: read them the other way
 */
gboolean tide_schema_quick_load (TideConninfo  *from,
                                 TideConninfo  *to,
                                 GCancellable  *cancellable,
                                 TideSchema   **from_schema,
                                 TideSchema   **to_schema);

G_END_DECLS
