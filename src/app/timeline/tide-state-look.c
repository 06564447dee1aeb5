/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-state-look"

#include "config.h"

#include <glib/gi18n.h>

#include "timeline/tide-state-look.h"

static const TideLook looks[] = {
  [TIDE_STATE_PENDING] = { N_("Pending"), NULL, "radio-symbolic", "pending" },
  [TIDE_STATE_APPLIED] = { N_("Applied"), NULL, "emblem-ok-symbolic", "applied" },
  [TIDE_STATE_FAILED] = { N_("Failed"), NULL, "dialog-error-symbolic", "failed" },
  [TIDE_STATE_ROLLED_BACK] = { N_("Rolled Back"), NULL, "edit-undo-symbolic", "rolled-back" },
  [TIDE_STATE_EDITED] = { N_("Edited"), NULL, "document-edit-symbolic", "edited" },
  [TIDE_STATE_MISSING] = { N_("Missing"), NULL, "dialog-question-symbolic", "missing" },
};

static const TideLook running = { N_("Running"), NULL, "media-playback-start-symbolic", "running" };

/**
 * tide_state_get_look:
 * @entry: a migration
 *
 * Returns: (transfer none): static data; its word is not translated yet
 */
const TideLook *
tide_state_get_look (const TideTimelineEntry *entry)
{
  g_return_val_if_fail (entry != NULL && entry->state < G_N_ELEMENTS (looks), NULL);
  return entry->running ? &running : &looks[entry->state];
}
