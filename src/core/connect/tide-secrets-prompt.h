/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lets libsecret's calls return when the person does not unlock the keyring; to be called before each of them */
void tide_secrets_mend_prompt (void);

G_END_DECLS
