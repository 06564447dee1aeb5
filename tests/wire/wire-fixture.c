/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "wire-fixture.h"

void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  fixture->conninfo = tide_test_create_database ();
  fixture->session = fixture_open (fixture);
}

void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  tide_session_close (fixture->session);
  g_clear_object (&fixture->session);
  tide_test_drop_database (fixture->conninfo);
  g_clear_pointer (&fixture->conninfo, tide_conninfo_unref);
}

TideSession *
fixture_open (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  TideSession *session = tide_session_open (fixture->conninfo, NULL, &error);

  g_assert_no_error (error);
  return session;
}

char *
fixture_ask (TideSession *session,
             const char  *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideResult) result = tide_session_query (session, sql, NULL, 0, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (tide_result_get_n_rows (result), ==, 1);
  return g_strdup (tide_result_get_value (result, 0, 0));
}

void
fixture_wait_for (TideSession *session,
                  const char  *sql)
{
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  for (;;)
    {
      g_autofree char *value = fixture_ask (session, sql);

      if (g_strcmp0 (value, "t") == 0)
        return;
      if (g_get_monotonic_time () > end)
        g_error ("never became true: %s", sql);
      g_usleep (2000);
    }
}

void
answer_take (GObject      *source,
             GAsyncResult *result,
             gpointer      data)
{
  Answer *answer = data;

  answer->result = g_object_ref (result);
}

void
answer_wait (Answer *answer)
{
  while (answer->result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

void
answer_clear (Answer *answer)
{
  g_clear_object (&answer->result);
}
