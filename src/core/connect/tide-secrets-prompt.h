/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "connect/tide-libsecret.h"

G_BEGIN_DECLS

/* Lets libsecret's calls return when the person does not unlock the keyring */
void tide_secrets_mend_prompt (const TideLibsecret *libsecret);

G_END_DECLS
