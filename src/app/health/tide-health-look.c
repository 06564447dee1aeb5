/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-look"

#include "config.h"

#include <glib/gi18n.h>

#include "health/tide-health-look.h"

static const TideLook looks[] = {
  [TIDE_HEALTH_OK] = { N_("In Order"), N_("Nothing to do"), "emblem-ok-symbolic", "applied" },
  [TIDE_HEALTH_NOTICE] = { N_("Notice"), N_("Worth knowing; in order all the same"), "dialog-information-symbolic", "pending" },
  [TIDE_HEALTH_UNKNOWN] = { N_("Unknown"), N_("Not looked at"), "dialog-question-symbolic", "rolled-back" },
  [TIDE_HEALTH_WARNING] = { N_("Warning"), N_("Wants to be looked at"), "dialog-warning-symbolic", "edited" },
  [TIDE_HEALTH_CRITICAL] = { N_("Critical"), N_("Wants to be seen to now"), "dialog-error-symbolic", "failed" },
};

const TideLook *
tide_health_get_look (TideHealthState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (looks), NULL);
  return &looks[state];
}

typedef struct
{
  const char *id;
  const char *text;
} Text;

static const char *
find_text (const Text *texts,
           gsize       n_texts,
           const char *id)
{
  for (gsize i = 0; i < n_texts; i++)
    if (g_strcmp0 (texts[i].id, id) == 0)
      return _(texts[i].text);
  return NULL;
}

const char *
tide_health_get_action_label (const char *action)
{
  static const Text labels[] = {
    { TIDE_HEALTH_ACTION_VACUUM, N_("Vacuum") },
    { TIDE_HEALTH_ACTION_ANALYZE, N_("Analyze") },
    { TIDE_HEALTH_ACTION_REINDEX, N_("Reindex") },
    { TIDE_HEALTH_ACTION_CANCEL_QUERY, N_("Cancel Query…") },
    { TIDE_HEALTH_ACTION_END_SESSION, N_("End Session…") },
    { TIDE_HEALTH_ACTION_SHOW_DRIFT, N_("Go to Drift") },
    { TIDE_HEALTH_ACTION_COMPARE, N_("Compare") },
    { TIDE_HEALTH_ACTION_STOP_COMPARE, N_("Stop") },
    { TIDE_HEALTH_ACTION_SHOW_TIMELINE, N_("Show") },
    { TIDE_HEALTH_ACTION_OPEN_SQL, N_("Open SQL") },
  };

  return find_text (labels, G_N_ELEMENTS (labels), action);
}

const char *
tide_health_get_group_title (const char *group)
{
  static const Text titles[] = {
    { "migrations", N_("Migrations") },
    { "server", N_("Server") },
    { "sessions", N_("Sessions") },
    { "tables", N_("Tables") },
    { "indexes", N_("Indexes") },
    { "schema", N_("Schema") },
  };

  return find_text (titles, G_N_ELEMENTS (titles), group);
}
