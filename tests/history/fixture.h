/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "history/tide-deploy.h"
#include "history/tide-resolve.h"
#include "support/tide-test.h"

G_BEGIN_DECLS

/* A project folder, and an empty database to apply it to */
typedef struct
{
  char         *folder;
  TideConninfo *conninfo; /* NULL in tests without a database */
} Fixture;

void              fixture_set_up_folder (Fixture            *self,
                                         gconstpointer       data);
void              fixture_set_up        (Fixture            *self,
                                         gconstpointer       data);
void              fixture_tear_down     (Fixture            *self,
                                         gconstpointer       data);

void              fixture_add           (Fixture            *self,
                                         const char         *name,
                                         const char         *sql);
TideProject      *fixture_load          (Fixture            *self);
TideDeployReport *fixture_deploy        (Fixture            *self,
                                         GError            **error);
void              fixture_deploy_well   (Fixture            *self,
                                         guint               n_applied);
TideTimeline     *fixture_read          (Fixture            *self);
/* Fails the test unless psql -Atc @sql prints @expected */
void              fixture_assert_sql    (Fixture            *self,
                                         const char         *sql,
                                         const char         *expected);
void              fixture_assert_state  (Fixture            *self,
                                         const char         *name,
                                         TideMigrationState  state);
/* (transfer full): what is known of the failed migration @name */
char             *fixture_explain       (Fixture            *self,
                                         const char         *name);

#define assert_prisma_code(error, code)                                                  \
  G_STMT_START                                                                           \
    {                                                                                    \
      g_assert_nonnull (error);                                                          \
      g_assert_nonnull (tide_error_get_fields (error));                                  \
      g_assert_cmpstr (tide_error_get_fields (error)->prisma_code, ==, code);            \
    }                                                                                    \
  G_STMT_END

/* Rows as text, oldest first: "name finished rolled-back steps logs;..." */
#define LEDGER_SQL                                                                       \
  "SELECT migration_name, finished_at IS NOT NULL, rolled_back_at IS NOT NULL, applied_steps_count, " \
  "coalesce(logs, '~') FROM _prisma_migrations ORDER BY started_at"

G_END_DECLS
