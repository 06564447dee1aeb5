/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tidemark"

#include "config.h"

#include <glib/gi18n.h>

#include "tide-application.h"

int
main (int    argc,
      char **argv)
{
  g_autoptr(GtkApplication) app = NULL;

  bindtextdomain (GETTEXT_PACKAGE, TIDE_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  /* Why a connection fails libpq tells in words alone, and tide-pg-error reads them: here it finds no other language's. */
  g_setenv ("PGLOCALEDIR", "/dev/null", TRUE);

  app = tide_application_new ();
  return g_application_run (G_APPLICATION (app), argc, argv);
}
