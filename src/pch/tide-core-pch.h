/* SPDX-License-Identifier: GPL-3.0-or-later */

/* As tide-app-pch.h */
#include "config.h"

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#undef G_LOG_DOMAIN
