/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-test"

#include "config.h"

#include "fixture.h"

void
fixture_set_up_folder (Fixture       *self,
                       gconstpointer  data)
{
  self->folder = tide_test_make_folder ();
  tide_test_write_file (self->folder, "prisma/schema.prisma",
                        "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n", -1);
  tide_test_write_file (self->folder, "prisma/migrations/migration_lock.toml",
                        "provider = \"postgresql\"\n", -1);
}

void
fixture_set_up (Fixture       *self,
                gconstpointer  data)
{
  self->conninfo = tide_test_create_database ();
  fixture_set_up_folder (self, data);
}

void
fixture_tear_down (Fixture       *self,
                   gconstpointer  data)
{
  if (self->conninfo != NULL)
    tide_test_drop_database (self->conninfo);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  tide_test_remove_folder (self->folder);
  g_clear_pointer (&self->folder, g_free);
}

void
fixture_add (Fixture    *self,
             const char *name,
             const char *sql)
{
  g_autofree char *path = g_build_filename ("prisma/migrations", name, "migration.sql", NULL);

  tide_test_write_file (self->folder, path, sql, -1);
}

TideProject *
fixture_load (Fixture *self)
{
  g_autoptr(GError) error = NULL;
  TideProject *project = tide_project_load (self->folder, &error);

  g_assert_no_error (error);
  return project;
}

TideDeployReport *
fixture_deploy (Fixture  *self,
                GError  **error)
{
  g_autoptr(TideProject) project = fixture_load (self);

  return tide_deploy_run (project, self->conninfo, NULL, 0, NULL, error);
}

void
fixture_deploy_well (Fixture *self,
                     guint    n_applied)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideDeployReport) report = fixture_deploy (self, &error);

  g_assert_no_error (error);
  g_assert_no_error (report->failure);
  g_assert_null (report->failed_name);
  g_assert_cmpuint (report->applied->len, ==, n_applied);
}

TideTimeline *
fixture_read (Fixture *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideProject) project = fixture_load (self);
  g_autoptr(TideHistory) history = tide_history_for_project (project);
  g_autoptr(TideSession) session = tide_session_open (self->conninfo, NULL, &error);
  TideTimeline *timeline;

  g_assert_no_error (error);
  timeline = tide_history_read_timeline (history, project, session, NULL, &error);
  g_assert_no_error (error);
  return timeline;
}

void
fixture_assert_sql (Fixture    *self,
                    const char *sql,
                    const char *expected)
{
  g_autofree char *text = tide_test_psql (self->conninfo, sql);

  g_assert_cmpstr (text, ==, expected);
}

void
fixture_assert_state (Fixture            *self,
                      const char         *name,
                      TideMigrationState  state)
{
  g_autoptr(TideTimeline) timeline = fixture_read (self);
  const TideTimelineEntry *entry = tide_timeline_find (timeline, name);

  g_assert_nonnull (entry);
  g_assert_cmpstr (tide_migration_state_to_string (entry->state), ==,
                   tide_migration_state_to_string (state));
}

char *
fixture_explain (Fixture    *self,
                 const char *name)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideProject) project = fixture_load (self);
  g_autoptr(TideHistory) history = tide_history_for_project (project);
  g_autoptr(TideSession) session = tide_session_open (self->conninfo, NULL, &error);
  g_autoptr(TideTimeline) timeline = fixture_read (self);
  const TideTimelineEntry *entry = tide_timeline_find (timeline, name);
  char *text;

  g_assert_no_error (error);
  g_assert_nonnull (entry);
  g_assert_cmpint (entry->state, ==, TIDE_STATE_FAILED);
  text = tide_history_explain_failed (history, session, entry->row, NULL, NULL, &error);
  g_assert_no_error (error);
  return text;
}
