/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemarkctl"

#include "config.h"

#include "tide-cli.h"

int
main (int   argc,
      char *argv[])
{
  return tide_cli_main (argv);
}
