/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsecret/secret.h>

#include "tide-library.h"

G_BEGIN_DECLS

/**
 * TideLibsecret:
 *
 * The functions of libsecret that this program calls; a database whose URL is in an .env file needs none of them.
 */
typedef struct
{
  TIDE_LIBRARY_MEMBER (secret_error_get_quark);
  TIDE_LIBRARY_MEMBER (secret_password_clear_sync);
  TIDE_LIBRARY_MEMBER (secret_password_lookup_sync);
  TIDE_LIBRARY_MEMBER (secret_password_store_sync);
  TIDE_LIBRARY_MEMBER (secret_prompt_perform);
  TIDE_LIBRARY_MEMBER (secret_prompt_perform_finish);
  TIDE_LIBRARY_MEMBER (secret_service_get_type);
} TideLibsecret;

const TideLibsecret *tide_libsecret_get (GError **error);

G_END_DECLS
