/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "support/tide-test.h"
#include "tide-error.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/* A database of the test's own and an open session on it */
typedef struct
{
  TideConninfo *conninfo;
  TideSession  *session;
} Fixture;

/* The answer to an async call, and the waiting for it */
typedef struct
{
  GAsyncResult *result;
} Answer;

void         fixture_set_up    (Fixture       *fixture,
                                gconstpointer  data);
void         fixture_tear_down (Fixture       *fixture,
                                gconstpointer  data);
TideSession *fixture_open      (Fixture       *fixture);
/* (transfer full): the one value of the one row that @sql answers; fails the test if it does not */
char        *fixture_ask       (TideSession   *session,
                                const char    *sql);
/* Waits until @sql, a condition, is true; fails the test after ten seconds */
void         fixture_wait_for  (TideSession   *session,
                                const char    *sql);

void         answer_take       (GObject       *source,
                                GAsyncResult  *result,
                                gpointer       data);
void         answer_wait       (Answer        *answer);
void         answer_clear      (Answer        *answer);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

#define FIXTURE_ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

G_END_DECLS
