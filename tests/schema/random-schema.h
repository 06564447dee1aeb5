/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wire/tide-session.h"

G_BEGIN_DECLS

/* Makes what the statements to come mostly refer to, in an empty database */
void  random_schema_begin  (TideSession *session);
/* Runs @n random statements that make, change and drop objects of many kinds, of a small set of names, so that they hang on
 * each other; those that the server refuses change nothing. Returns how many were taken. */
guint random_schema_change (TideSession *session,
                            GRand       *random,
                            guint        n);

G_END_DECLS
