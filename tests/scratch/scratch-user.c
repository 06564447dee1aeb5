/* SPDX-License-Identifier: GPL-3.0-or-later */

/* scratch-user FOLDER [linger]: uses the private server in FOLDER, says "ready HOST" (or the error), and
 * keeps it until its stdin ends. */
#include "config.h"

#include <stdio.h>

#include "scratch/tide-scratch.h"

int
main (int    argc,
      char **argv)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideScratch) scratch = tide_scratch_acquire (argv[1], NULL, &error);
  g_autoptr(TideConninfo) conninfo = NULL;

  if (scratch != NULL)
    conninfo = tide_scratch_create_database (scratch, "user", NULL, &error);
  if (conninfo == NULL || (argc > 2 && !tide_scratch_set_lingering (scratch, TRUE, &error)))
    {
      g_print ("%s\n", error->message);
      return 1;
    }
  g_print ("ready %s\n", tide_conninfo_get (conninfo, "host"));
  while (getchar () != EOF)
    ;
  return 0;
}
