/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-kind.h"
#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/**
 * TideProfile:
 *
 * A saved connection, without its password. A plain property bag that an editor can bind to:
 * id (uuid, construct-only), name, host, port (uint, 0: default), database, user, schema, sslmode,
 * sslrootcert, sslcert, sslkey, options, application-name, parameters (what else libpq shall know, as
 * keyword='value' pairs), kind (#TideKind), read-only (boolean), startup-sql, ask-password (boolean).
 * A host that starts with '/' is a socket folder. An empty text is the same as none (%NULL).
 *
 * Without an sslmode, tide_profile_default_sslmode() of its host counts.
 */
#define TIDE_TYPE_PROFILE (tide_profile_get_type ())
G_DECLARE_FINAL_TYPE (TideProfile, tide_profile, TIDE, PROFILE, GObject)

TideProfile  *tide_profile_new               (void);
TideProfile  *tide_profile_new_from_conninfo (const TideConninfo *conninfo); /* the password is left out */
TideProfile  *tide_profile_duplicate         (TideProfile        *self);     /* with an id of its own */
const char   *tide_profile_get_id            (TideProfile        *self);
const char   *tide_profile_get_name          (TideProfile        *self);
TideKind      tide_profile_get_kind          (TideProfile        *self);
gboolean      tide_profile_get_ask_password  (TideProfile        *self);
/* What is wrong with it, for the editor; FALSE with INVALID */
gboolean      tide_profile_validate          (TideProfile        *self,
                                              GError            **error);
TideConninfo *tide_profile_dup_conninfo      (TideProfile        *self,
                                              const char         *password); /* (nullable) */
/* verify-full for anything but a socket or loopback */
const char   *tide_profile_default_sslmode   (const char         *host);
/* (transfer none): one sentence on what @sslmode protects against and what not */
const char   *tide_profile_explain_sslmode   (const char         *sslmode);

G_END_DECLS
