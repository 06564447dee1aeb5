/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "query/tide-row-store.h"
#include "support/tide-test.h"

/* A session on a database of its own, and the rows that a statement answers there */
typedef struct
{
  TideConninfo *conninfo;
  TideSession  *session;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->conninfo = tide_test_create_database ();
  fixture->session = tide_session_open (fixture->conninfo, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  tide_session_close (fixture->session);
  g_clear_object (&fixture->session);
  tide_test_drop_database (fixture->conninfo);
  tide_conninfo_unref (fixture->conninfo);
}

typedef struct
{
  TideRowStore *store;
  GError       *error;
  guint         kill_after; /* rows; 0: never */
  Fixture      *fixture;
} Sink;

static gboolean
take (TideResult *chunk,
      guint       statement,
      gpointer    data)
{
  Sink *sink = data;

  if (!tide_row_store_append (sink->store, chunk, &sink->error))
    return FALSE;
  if (sink->kill_after > 0 && tide_row_store_get_n_rows (sink->store) >= sink->kill_after)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT pg_terminate_backend (%d)",
                                              tide_session_get_backend_pid (sink->fixture->session));

      g_free (tide_test_psql (sink->fixture->conninfo, sql));
      sink->kill_after = 0;
    }
  return TRUE;
}

/* (transfer full): all rows of @sql, finished */
static TideRowStore *
fill (Fixture    *fixture,
      guint64     budget,
      const char *sql,
      guint       kill_after)
{
  g_autoptr(GError) error = NULL;
  Sink sink = { tide_row_store_new (budget, sql), NULL, kill_after, fixture };

  tide_session_stream (fixture->session, sql, 1000, take, &sink, NULL, &error);
  tide_row_store_finish (sink.store, sink.error ? sink.error : error);
  g_clear_error (&sink.error);
  return sink.store;
}
