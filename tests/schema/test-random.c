/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-random"

#include "config.h"

#include <locale.h>

#include "pair.h"
#include "random-schema.h"
#include "wire/tide-session.h"

/* A round: two databases of one past, changed at random, turned into each other.
 *   TIDE_TEST_ROUNDS  how many: few unless asked, always the same ones
 *   TIDE_TEST_SEED    the first seed: another one, or one to see again
 *   TIDE_TEST_KEEP_GOING=1  counts what fails instead of ending at the first */
#define ROUNDS 5
#define SEED   5003
#define PAST   250
#define CHANGES 120
/* Many short rounds in a row: TIDE_TEST_STEPS, in TIDE_TEST_ROUNDS rows */
#define STEPS        40
#define STEPS_SEED   7001
#define STEPS_PAST   150
#define STEP_CHANGES 12

static void
change (TideConninfo *conninfo,
        gboolean      begin,
        guint32       seed,
        guint         n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TideSession) session = tide_session_open (conninfo, NULL, &error);
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);

  g_assert_no_error (error);
  if (begin)
    random_schema_begin (session);
  random_schema_change (session, random, n);
  tide_session_close (session);
}

/* (transfer full) (nullable): what went wrong */
static char *
run_turn (TideConninfo *left,
          TideConninfo *right,
          const char   *what,
          guint32       seed)
{
  g_autofree char *script = NULL;
  g_autofree char *trouble = NULL;

  g_test_message ("seed %u, %s", seed, what);
  trouble = tide_test_turn (left, right, NULL, NULL, &script);
  if (trouble == NULL)
    return NULL;
  return g_strdup_printf ("seed %u, %s: %s\nscript:\n%s", seed, what, trouble, script);
}

static char *
run_round (guint32 seed)
{
  g_autoptr (TideConninfo) left = tide_test_create_database ();
  g_autoptr (TideConninfo) right = tide_test_create_database ();
  g_autoptr (TideConninfo) empty = tide_test_create_database ();
  char *trouble;

  change (left, TRUE, seed, PAST);
  change (right, TRUE, seed, PAST);
  change (right, FALSE, seed + 1, CHANGES);
  trouble = run_turn (left, right, "there", seed);
  if (trouble == NULL)
    trouble = run_turn (empty, right, "from nothing", seed);
  if (trouble == NULL)
    {
      change (left, FALSE, seed + 2, CHANGES);
      trouble = run_turn (right, left, "back", seed);
    }
  tide_test_drop_database (left);
  tide_test_drop_database (right);
  tide_test_drop_database (empty);
  return trouble;
}

/* Two databases that are the same; one after the other is changed a little, and the other follows: many rounds for little time.
 * Returns: (transfer full) (nullable): what went wrong */
static char *
run_steps (guint32 seed,
           guint   n_steps)
{
  g_autoptr (TideConninfo) left = tide_test_create_database ();
  g_autoptr (TideConninfo) right = tide_test_create_database ();
  char *trouble = NULL;

  change (left, TRUE, seed, STEPS_PAST);
  change (right, TRUE, seed, STEPS_PAST);
  for (guint i = 0; trouble == NULL && i < n_steps; i++)
    {
      g_autofree char *what = g_strdup_printf ("step %u", i);

      change (i % 2 == 0 ? right : left, FALSE, seed + 1 + i, STEP_CHANGES);
      trouble = i % 2 == 0 ? run_turn (left, right, what, seed) : run_turn (right, left, what, seed);
    }
  tide_test_drop_database (left);
  tide_test_drop_database (right);
  return trouble;
}

static guint
read_number (const char *variable,
             guint       fallback)
{
  const char *text = g_getenv (variable);

  return text == NULL ? fallback : (guint) g_ascii_strtoull (text, NULL, 10);
}

static void
make_roles (void)
{
  g_autoptr (TideConninfo) conninfo = tide_test_create_database ();
  g_autofree char *made = tide_test_psql (conninfo, "DO $$ BEGIN CREATE ROLE random_one; CREATE ROLE random_two;"
                                                    " EXCEPTION WHEN duplicate_object THEN NULL; END $$");

  tide_test_drop_database (conninfo);
}

/* @n_steps: 0: long rounds */
static void
run_rounds (guint rounds,
            guint seed,
            guint n_steps)
{
  guint n_failed = 0;

  make_roles ();
  for (guint i = 0; i < rounds; i++)
    {
      g_autofree char *trouble = n_steps > 0 ? run_steps (seed + 1000 * i, n_steps) : run_round (seed + 3 * i);

      if (trouble == NULL)
        continue;
      g_test_message ("%s", trouble);
      n_failed++;
      if (g_getenv ("TIDE_TEST_KEEP_GOING") == NULL)
        break;
    }
  g_test_message ("%u of %u rounds failed, from seed %u", n_failed, rounds, seed);
  g_assert_cmpuint (n_failed, ==, 0);
}

static void
test_random (void)
{
  run_rounds (read_number ("TIDE_TEST_ROUNDS", ROUNDS), read_number ("TIDE_TEST_SEED", SEED), 0);
}

static void
test_steps (void)
{
  run_rounds (read_number ("TIDE_TEST_ROUNDS", 1), read_number ("TIDE_TEST_SEED", STEPS_SEED), read_number ("TIDE_TEST_STEPS", STEPS));
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/random/rounds", test_random);
  g_test_add_func ("/schema/random/steps", test_steps);
  return g_test_run ();
}
