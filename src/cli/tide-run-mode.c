/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-run-mode"

#include "config.h"

#include "tide-run-mode.h"

static const struct
{
  const char *word;
  const char *phrase;
} modes[] = {
  [TIDE_SQL_RUN_ATOMIC] = { "atomic", "in one transaction" },
  [TIDE_SQL_RUN_STEPWISE] = { "stepwise", "statement by statement" },
  [TIDE_SQL_RUN_OWN] = { "own", "in its own transactions" },
};

const char *
tide_run_mode_word (TideSqlRunMode mode)
{
  g_return_val_if_fail (mode < G_N_ELEMENTS (modes), NULL);
  return modes[mode].word;
}

const char *
tide_run_mode_phrase (TideSqlRunMode mode)
{
  g_return_val_if_fail (mode < G_N_ELEMENTS (modes), NULL);
  return modes[mode].phrase;
}
