/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "connect/tide-profile.h"

G_BEGIN_DECLS

/**
 * TideConnectionTest:
 *
 * A row with a Test button, and what came of it in place: the server's version and the encryption, or the
 * error with what to do next. While it runs the button cancels. Signal: "requested" (Test was pressed;
 * answer with tide_connection_test_run()).
 */
#define TIDE_TYPE_CONNECTION_TEST (tide_connection_test_get_type ())
G_DECLARE_FINAL_TYPE (TideConnectionTest, tide_connection_test, TIDE, CONNECTION_TEST, AdwActionRow)

/* @password: empty: the one in the keyring */
void tide_connection_test_run   (TideConnectionTest *self,
                                 TideProfile        *profile,
                                 const char         *password);
/* Cancels, and forgets the last answer: something has changed since */
void tide_connection_test_reset (TideConnectionTest *self);

G_END_DECLS
