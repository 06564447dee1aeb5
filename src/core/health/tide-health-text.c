/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-text"

#include "config.h"

#include <glib/gi18n.h>

#include "health/tide-health-text.h"

char *
tide_health_dup_span (gint64 seconds)
{
  if (seconds < 120)
    return g_strdup_printf (_("%d s"), (int) MAX (seconds, 0));
  if (seconds < 2 * 3600)
    return g_strdup_printf (_("%d min"), (int) (seconds / 60));
  if (seconds < 2 * 86400)
    return g_strdup_printf (_("%d h"), (int) (seconds / 3600));
  return g_strdup_printf (_("%d days"), (int) (seconds / 86400));
}

char *
tide_health_dup_count (gint64 n)
{
  if (n < 10000)
    return g_strdup_printf ("%" G_GINT64_FORMAT, n);
  if (n < 1000000)
    return g_strdup_printf (_("%.0f thousand"), n / 1e3);
  if (n < 1000000000)
    return g_strdup_printf (_("%.1f million"), n / 1e6);
  return g_strdup_printf (_("%.1f billion"), n / 1e9);
}
