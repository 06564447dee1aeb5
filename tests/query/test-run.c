/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "query/tide-query-run.h"
#include "support/tide-test.h"
#include "tide-error.h"

typedef struct
{
  TideConninfo *conninfo;
  TideSession  *session;
  GString      *told;     /* a word for each event */
  GPtrArray    *stores;
  GCancellable *cancellable;
  const char   *kill;     /* SQL that psql runs at the first result */
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->told = g_string_new (NULL);
  fixture->stores = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->cancellable = g_cancellable_new ();
  fixture->conninfo = tide_test_create_database ();
  if (fixture->conninfo == NULL)
    return;
  fixture->session = tide_session_open (fixture->conninfo, NULL, &error);
  g_assert_no_error (error);
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  g_clear_object (&fixture->session);
  if (fixture->conninfo != NULL)
    tide_test_drop_database (fixture->conninfo);
  g_clear_pointer (&fixture->conninfo, tide_conninfo_unref);
  g_string_free (fixture->told, TRUE);
  g_ptr_array_unref (fixture->stores);
  g_object_unref (fixture->cancellable);
}

static void
take (const TideQueryEvent *event,
      gpointer              data)
{
  Fixture *fixture = data;

  switch (event->type)
    {
    case TIDE_QUERY_STARTED:
      g_string_append_printf (fixture->told, "start%u ", event->index);
      break;
    case TIDE_QUERY_RESULT:
      g_string_append_printf (fixture->told, "result%u ", event->index);
      g_ptr_array_add (fixture->stores, g_object_ref (event->store));
      if (fixture->kill != NULL)
        {
          g_autofree char *done = tide_test_psql (fixture->conninfo, fixture->kill);
        }
      break;
    case TIDE_QUERY_NOTICE:
      g_string_append_printf (fixture->told, "notice%u ", event->index);
      break;
    case TIDE_QUERY_DONE:
    default:
      g_string_append_printf (fixture->told, "%s/%" G_GUINT64_FORMAT " ", event->command, event->n_rows);
      break;
    }
}

static gboolean
run (Fixture                 *fixture,
     const char              *text,
     GHashTable              *values,
     const TideQueryOptions  *options,
     gssize                  *place,
     GError                 **error)
{
  g_autoptr(GPtrArray) statements = tide_query_statement_split (text, 0, strlen (text));
  TideQueryOptions plain = { .budget = TIDE_ROW_STORE_DEFAULT_BUDGET };
  g_autoptr(GError) failure = NULL;
  guint index = 0;
  gboolean done;

  g_string_truncate (fixture->told, 0);
  g_ptr_array_set_size (fixture->stores, 0);
  done = tide_query_run (fixture->session, statements, values, options ? options : &plain, take, fixture, &index,
                         fixture->cancellable, &failure);
  if (failure != NULL && place != NULL)
    *place = tide_query_statement_locate (g_ptr_array_index (statements, index), failure);
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return done;
}

static void
test_several (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *value = NULL;

  if (fixture->session == NULL)
    return;
  run (fixture, "create table t (a int); insert into t values (1), (2);\nselect a, null from t; do $$ begin raise notice 'x'; end $$; "
       "select 1 where false", NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->told->str, ==, "start0 CREATE TABLE/0 start1 INSERT 0 2/2 start2 result2 SELECT 2/2 start3 notice3 DO/0 "
                                           "start4 result4 SELECT 0/0 ");
  g_assert_cmpuint (fixture->stores->len, ==, 2);
  value = tide_row_store_dup_value (g_ptr_array_index (fixture->stores, 0), 1, 0, NULL);
  g_assert_cmpstr (value, ==, "2");
  g_assert_null (tide_row_store_dup_value (g_ptr_array_index (fixture->stores, 0), 1, 1, NULL));
}

static void
test_error_place (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  const char *text = "select 'é';\n  select :long_name, :other, wrong from pg_class; select 3";
  g_autoptr(GError) error = NULL;
  gssize place = -1;

  if (fixture->session == NULL)
    return;
  g_hash_table_insert (values, (char *) ":long_name", (char *) "1");
  g_assert_false (run (fixture, text, values, NULL, &place, &error));
  g_assert_true (tide_error_has_sqlstate (error, "42703"));
  g_assert_true (g_str_has_prefix (text + place, "wrong from"));
  g_assert_cmpstr (fixture->told->str, ==, "start0 result0 SELECT 1/1 start1 ");
}

/* The server only says that it ignores what is sent; the way out is told. */
static void
test_failed_transaction (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  if (fixture->session == NULL)
    return;
  g_assert_false (run (fixture, "begin; select 1/0; select 2", NULL, NULL, NULL, &error));
  g_assert_true (tide_error_has_sqlstate (error, "22012"));
  g_assert_null (tide_error_get_fields (error)->hint);
  g_clear_error (&error);
  g_assert_false (run (fixture, "select 3", NULL, NULL, NULL, &error));
  g_assert_nonnull (strstr (tide_error_get_fields (error)->hint, "ROLLBACK"));
  g_clear_error (&error);
  g_assert_true (run (fixture, "rollback; select 4", NULL, NULL, NULL, &error));
  g_assert_no_error (error);
}

static void
test_parameters (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GHashTable) values = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GError) error = NULL;
  g_autofree char *value = NULL;

  if (fixture->session == NULL)
    return;
  g_hash_table_insert (values, (char *) ":name", (char *) "it's '; drop table x; --");
  g_hash_table_insert (values, (char *) "$1", (char *) "41");
  run (fixture, "select $1::int + 1, :name::text, :missing::int", values, NULL, NULL, &error);
  g_assert_no_error (error);
  value = tide_row_store_dup_value (g_ptr_array_index (fixture->stores, 0), 0, 1, NULL);
  g_assert_cmpstr (value, ==, "it's '; drop table x; --");
  g_assert_null (tide_row_store_dup_value (g_ptr_array_index (fixture->stores, 0), 0, 2, NULL));
}

/* What COPY sends is rows like any others: a line each, whatever is in it. */
static void
test_copy_to_stdout (Fixture       *fixture,
                     gconstpointer  data)
{
  static const char * const lines[] = { "1\t\\N", "2\t", "3\tä" };
  g_autoptr(GError) error = NULL;
  TideRowStore *store;

  if (fixture->session == NULL)
    return;
  g_assert_true (run (fixture, "copy (values (1, null), (2, ''), (3, 'ä')) to stdout; select 1; "
                      "copy (select 1 where false) to stdout; copy (select g, 'xyz' from generate_series(1, 50000) g) to stdout csv",
                      NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (fixture->told->str, ==, "start0 result0 COPY 3/3 start1 result1 SELECT 1/1 start2 COPY 0/0 "
                   "start3 result3 COPY 50000/50000 ");
  store = g_ptr_array_index (fixture->stores, 0);
  g_assert_cmpuint (tide_row_store_get_n_columns (store), ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autofree char *value = tide_row_store_dup_value (store, i, 0, NULL);

      g_assert_cmpstr (value, ==, lines[i]);
    }
  store = g_ptr_array_index (fixture->stores, 2);
  for (guint i = 0; i < 50000; i += 777)
    {
      g_autofree char *value = tide_row_store_dup_value (store, i, 0, NULL);
      g_autofree char *expected = g_strdup_printf ("%u,xyz", i + 1);

      g_assert_cmpstr (value, ==, expected);
    }
  g_assert_false (run (fixture, "copy (select 1) to stdout (format binary)", NULL, NULL, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_UNSUPPORTED);
  g_assert_nonnull (tide_error_get_fields (error)->hint);
  /* The session is as good as before. */
  g_clear_error (&error);
  g_assert_true (run (fixture, "select 1", NULL, NULL, NULL, &error));
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  static const char * const refused[] = { "select 1;\n\\d users\n", "copy t from stdin", "\\copy t from 'x'" };

  if (fixture->session == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (run (fixture, refused[i], NULL, NULL, NULL, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_UNSUPPORTED);
      g_assert_nonnull (tide_error_get_fields (error)->hint);
      g_assert_cmpstr (fixture->told->str, ==, "");
    }
}

static void
test_manual (Fixture       *fixture,
             gconstpointer  data)
{
  TideQueryOptions options = { FALSE, TRUE, TIDE_ROW_STORE_DEFAULT_BUDGET };
  g_autoptr(GError) error = NULL;
  g_autofree char *seen = NULL;

  if (fixture->session == NULL)
    return;
  run (fixture, "vacuum; create table t (a int)", NULL, &options, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (tide_session_get_transaction_status (fixture->session), ==, TIDE_TRANSACTION_OPEN);
  seen = tide_test_psql (fixture->conninfo, "select count(*) from pg_class where relname = 't'");
  g_assert_cmpstr (seen, ==, "0");
  run (fixture, "commit", NULL, &options, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (tide_session_get_transaction_status (fixture->session), ==, TIDE_TRANSACTION_IDLE);
}

/* A function takes the server's wall down where the guard cannot see it: it stands again before the next statement. */
static void
test_wall_is_put_up_again (Fixture       *fixture,
                           gconstpointer  data)
{
  TideQueryOptions options = { TRUE, FALSE, TIDE_ROW_STORE_DEFAULT_BUDGET };
  g_autoptr(GError) error = NULL;
  g_autofree char *made = NULL;
  g_autofree char *rows = NULL;

  if (fixture->session == NULL)
    return;
  made = tide_test_psql (fixture->conninfo, "create table t (a int); insert into t values (1); "
                         "create function sly() returns text language sql as "
                         "$$ select set_config('default_transaction_read_only', 'off', false) $$; "
                         "create function wipe() returns void language sql as 'delete from t'");
  g_assert_false (run (fixture, "select sly(); select wipe()", NULL, &options, NULL, &error));
  g_assert_true (tide_error_has_sqlstate (error, "25006"));
  g_clear_error (&error);
  /* All is looked at before anything runs. */
  g_assert_false (run (fixture, "select 1; delete from t", NULL, &options, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_REFUSED);
  g_assert_cmpstr (fixture->told->str, ==, "");
  rows = tide_test_psql (fixture->conninfo, "select count(*) from t");
  g_assert_cmpstr (rows, ==, "1");
}

static gpointer
cancel_later (gpointer data)
{
  g_usleep (200000);
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  GThread *thread;

  if (fixture->session == NULL)
    return;
  thread = g_thread_new ("cancel", cancel_later, fixture->cancellable);
  g_assert_false (run (fixture, "select g, pg_sleep(0.0001) from generate_series(1, 100000000) g; select 2", NULL, NULL, NULL,
                       &error));
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (strstr (fixture->told->str, "start1"));
}

/* What came stays, and what is missing is said. */
static void
test_server_dies (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  TideRowStore *store;

  if (fixture->session == NULL)
    return;
  fixture->kill = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()";
  g_assert_false (run (fixture, "select g, repeat('x', 100) from generate_series(1, 5000000) g", NULL, NULL, NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_LOST);
  store = g_ptr_array_index (fixture->stores, 0);
  g_assert_cmpuint (tide_row_store_get_n_rows (store), >=, 1000);
  g_assert_cmpuint (tide_row_store_get_n_rows (store), <, 5000000);
  g_assert_cmpint (tide_row_store_get_state (store), ==, TIDE_ROW_STORE_FAILED);
  g_assert_nonnull (strstr (tide_error_get_fields (error)->hint, "rows that came are kept"));
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *name;
    void      (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "several", test_several },
    { "error-place", test_error_place },
    { "failed-transaction", test_failed_transaction },
    { "parameters", test_parameters },
    { "copy-to-stdout", test_copy_to_stdout },
    { "refused", test_refused },
    { "manual", test_manual },
    { "wall", test_wall_is_put_up_again },
    { "cancel", test_cancel },
    { "server-dies", test_server_dies },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/query/run/", tests[i].name, NULL);

      g_test_add (path, Fixture, NULL, fixture_set_up, tests[i].func, fixture_tear_down);
    }
  return g_test_run ();
}
