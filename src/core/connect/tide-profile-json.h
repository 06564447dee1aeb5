/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "connect/tide-profile.h"

G_BEGIN_DECLS

/* (transfer full): a profile from a member of "profiles"; @self says which profile is meant when it fails */
TideProfile *tide_profile_from_json   (JsonNode     *node,
                                       GError      **error);
/* Writes all properties of @self, and leaves members that are none alone */
void         tide_profile_write_json  (TideProfile  *self,
                                       JsonObject   *object);

G_END_DECLS
