/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-timeline-summary"

#include "config.h"

#include <glib/gi18n.h>

#include "timeline/tide-timeline-summary.h"

static char *
dup_count (TideMigrationState state,
           guint              n)
{
  switch (state)
    {
    case TIDE_STATE_FAILED:
      return g_strdup_printf (g_dngettext (NULL, "%u failed", "%u failed", n), n);
    case TIDE_STATE_PENDING:
      return g_strdup_printf (g_dngettext (NULL, "%u pending", "%u pending", n), n);
    case TIDE_STATE_ROLLED_BACK:
      return g_strdup_printf (g_dngettext (NULL, "%u rolled back", "%u rolled back", n), n);
    case TIDE_STATE_EDITED:
      return g_strdup_printf (g_dngettext (NULL, "%u edited", "%u edited", n), n);
    case TIDE_STATE_MISSING:
      return g_strdup_printf (g_dngettext (NULL, "%u missing", "%u missing", n), n);
    case TIDE_STATE_APPLIED:
    default:
      return g_strdup_printf (g_dngettext (NULL, "%u applied", "%u applied", n), n);
    }
}

char *
tide_timeline_dup_summary (TideTimeline *timeline)
{
  static const TideMigrationState states[] = {
    TIDE_STATE_FAILED, TIDE_STATE_PENDING, TIDE_STATE_ROLLED_BACK, TIDE_STATE_EDITED, TIDE_STATE_MISSING, TIDE_STATE_APPLIED,
  };
  g_autoptr(GString) text = g_string_new (NULL);
  guint running = tide_timeline_count_running (timeline);

  if (running > 0)
    g_string_append_printf (text, g_dngettext (NULL, "%u running", "%u running", running), running);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      guint n = tide_timeline_count_ended (timeline, states[i]);
      g_autofree char *count = n > 0 ? dup_count (states[i], n) : NULL;

      if (count != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", count);
    }
  if (text->len > 0 && tide_timeline_is_up_to_date (timeline))
    g_string_prepend (text, _("Up to date: "));
  if (text->len == 0)
    g_string_append (text, _("No migrations"));
  if (!tide_timeline_is_initialised (timeline))
    g_string_append (text, _(" (no ledger in this database yet)"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}
