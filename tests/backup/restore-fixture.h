/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "backup/tide-restore.h"
#include "support/tide-test.h"

G_BEGIN_DECLS

/* Says the same of two databases that hold the same */
#define RESTORE_SUM "SELECT (SELECT count(*) || '/' || md5(string_agg(u::text, ',' ORDER BY id)) FROM users u) || '/' ||" \
                    " (SELECT md5(string_agg(o::text, ',' ORDER BY u)) FROM \"my \"\"schema\".\"odd$name'\n\\! x\" o) ||" \
                    " '/' || encode(lo_get(4711), 'escape')"

/* A database with names, rows and a large object that are hard on a restore, and a folder for its backup */
typedef struct
{
  TideConninfo *conninfo;
  char         *folder;
  char         *name;     /* of the database */
  char         *sum;      /* what RESTORE_SUM says of it */
} RestoreFixture;

void               restore_fixture_set_up    (RestoreFixture            *self,
                                              gconstpointer              data);
void               restore_fixture_tear_down (RestoreFixture            *self,
                                              gconstpointer              data);
/* (transfer full): what a shell made as $OUT of the database $DB */
TideBackup        *restore_fixture_dump      (RestoreFixture            *self,
                                              const char                *shell);
/* (transfer full): a plain dump with @body, from pg_dump's first words to its last */
TideBackup        *restore_fixture_write     (RestoreFixture            *self,
                                              const char                *body);
/* (transfer full): a restore that must succeed */
TideRestoreReport *restore_fixture_run       (RestoreFixture            *self,
                                              TideBackup                *backup,
                                              const TideRestoreOptions  *options);
/* One that must fail with @code and leave nothing behind; (transfer full): the error */
GError            *restore_fixture_fail      (RestoreFixture            *self,
                                              TideBackup                *backup,
                                              const TideRestoreOptions  *options,
                                              int                        code);
void               restore_fixture_assert    (RestoreFixture            *self,
                                              const char                *database, /* NULL: its own */
                                              const char                *sql,
                                              const char                *expected);
void               restore_fixture_wait_for  (RestoreFixture            *self,
                                              const char                *sql,
                                              const char                *expected);
/* The database as it was made, and no half-made one, nor a session at work */
void               restore_fixture_assert_untouched (RestoreFixture     *self);

G_END_DECLS
