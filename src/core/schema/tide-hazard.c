/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-hazard"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/tide-schema-script.h"

static const struct
{
  TideHazard  hazard;
  const char *name;
  const char *text;
} hazards[] = {
  { TIDE_HAZARD_DATA_LOSS, "data_loss",
    N_("Rows or values are lost, and no later statement brings them back. Make a backup first.") },
  { TIDE_HAZARD_REWRITE, "rewrite",
    N_("The table is written anew while nobody can read or write it, and needs its size in free space. Choose a quiet time.") },
  { TIDE_HAZARD_LONG_LOCK, "long_lock",
    N_("Writers, and under ALTER TABLE readers too, wait while the table is read. The safer form holds the lock for a moment only.") },
  { TIDE_HAZARD_LOCK, "lock",
    N_("Takes a strong lock for a moment: it waits for running transactions, and all others wait behind it. Set lock_timeout.") },
  { TIDE_HAZARD_FAILS_ON_DATA, "fails_on_data",
    N_("Fails where existing rows do not fit. Look at them, and mend them, before.") },
  { TIDE_HAZARD_BREAKS_CLIENTS, "breaks_clients",
    N_("Programs that use what was there stop working. Deploy those that do without it first.") },
  { TIDE_HAZARD_NO_TRANSACTION, "no_transaction",
    N_("Cannot run inside a transaction: what ran before it stays when it fails.") },
  { TIDE_HAZARD_SECRET, "secret",
    N_("A password or another secret is left out. Fill it in before running this.") },
};

const char *
tide_hazard_get_name (TideHazard hazard)
{
  for (guint i = 0; i < G_N_ELEMENTS (hazards); i++)
    if (hazards[i].hazard == hazard)
      return hazards[i].name;
  g_return_val_if_reached (NULL);
}

/**
 * tide_hazard_dup_text:
 * @hazard: any set of hazards
 *
 * Returns: (transfer full): a sentence or two for each, a line each, the worst first; "" for none
 */
char *
tide_hazard_dup_text (TideHazard hazard)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (hazards); i++)
    if ((hazard & hazards[i].hazard) != 0)
      g_string_append_printf (text, "%s%s", text->len == 0 ? "" : "\n", _(hazards[i].text));
  return g_string_free (text, FALSE);
}
