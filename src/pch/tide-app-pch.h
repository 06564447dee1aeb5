/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What most files here include, read once where a build asks for it (-Dpch=true). A file still includes what it
 * uses, and defines its own G_LOG_DOMAIN. */
#include "config.h"

#include <adwaita.h>
#include <gtksourceview/gtksource.h>

#undef G_LOG_DOMAIN
