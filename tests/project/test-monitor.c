/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "project/tide-project-monitor.h"
#include "support/tide-test.h"

#define WAIT_MS 5000

typedef struct
{
  char               *folder;
  TideProjectMonitor *monitor;
  guint               n_changed;
} Fixture;

static void
on_changed (TideProjectMonitor *monitor,
            Fixture            *fixture)
{
  fixture->n_changed++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(TideProject) project = NULL;
  g_autoptr(GError) error = NULL;

  fixture->folder = tide_test_make_folder ();
  tide_test_write_file (fixture->folder, "prisma/schema.prisma", "", 0);
  tide_test_write_file (fixture->folder, "prisma/migrations/1_a/migration.sql", "", 0);
  project = tide_project_load (fixture->folder, &error);
  g_assert_no_error (error);
  fixture->monitor = tide_project_monitor_new (project);
  g_signal_connect (fixture->monitor, "changed", G_CALLBACK (on_changed), fixture);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_finalize_object (fixture->monitor);
  tide_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static gboolean
on_timeout (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Runs the main loop until there was a signal, or for @limit_ms */
static guint
wait (Fixture *fixture,
      guint    limit_ms)
{
  gboolean timed_out = FALSE;
  guint source = g_timeout_add (limit_ms, on_timeout, &timed_out);
  guint n_changed;

  while (!timed_out && fixture->n_changed == 0)
    g_main_context_iteration (NULL, TRUE);
  if (!timed_out)
    g_source_remove (source);
  n_changed = fixture->n_changed;
  fixture->n_changed = 0;
  return n_changed;
}

static void
test_new_migration (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *folder = g_build_filename (fixture->folder, "prisma", "migrations", "2_b", NULL);

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  g_assert_cmpuint (wait (fixture, WAIT_MS), ==, 1);
  tide_test_write_file (folder, "migration.sql", "SELECT 1", -1);
  g_assert_cmpuint (wait (fixture, WAIT_MS), ==, 1);
  tide_test_remove_folder (folder);
  g_assert_cmpuint (wait (fixture, WAIT_MS), ==, 1);
}

static void
test_files (Fixture       *fixture,
            gconstpointer  data)
{
  static const char *const files[] = {
    "prisma/migrations/1_a/migration.sql", "prisma/schema.prisma", ".env", "prisma/.env", "tidemark.json",
    "prisma.config.ts", "package.json", "prisma/migrations/migration_lock.toml",
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_test_message ("%s", files[i]);
      tide_test_write_file (fixture->folder, files[i], "x", 1);
      g_assert_cmpuint (wait (fixture, WAIT_MS), ==, 1);
    }
}

static void
test_burst (Fixture       *fixture,
            gconstpointer  data)
{
  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *file = g_strdup_printf ("prisma/migrations/burst_%u/migration.sql", i);

      tide_test_write_file (fixture->folder, file, "x", 1);
    }
  g_assert_cmpuint (wait (fixture, WAIT_MS), ==, 1);
  g_assert_cmpuint (wait (fixture, 500), <=, 1);
}

static void
test_nobodys_business (Fixture       *fixture,
                       gconstpointer  data)
{
  tide_test_write_file (fixture->folder, "node_modules/x", "x", 1);
  tide_test_write_file (fixture->folder, "index.ts", "x", 1);
  g_assert_cmpuint (wait (fixture, 500), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/monitor/new-migration", test_new_migration);
  ADD ("/monitor/files", test_files);
  ADD ("/monitor/burst", test_burst);
  ADD ("/monitor/nobodys-business", test_nobodys_business);
  return g_test_run ();
}
