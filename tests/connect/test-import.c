/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "connect/tide-import.h"
#include "support/tide-test.h"
#include "tide-error.h"

typedef GPtrArray *(*Import) (const char  *path,
                              GError     **error);

/* "name|host|port|database|user|password" of each, a line each */
static char *
describe (GPtrArray *list)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    {
      TideImportCandidate *candidate = g_ptr_array_index (list, i);
      g_autofree char *host = NULL;
      g_autofree char *database = NULL;
      g_autofree char *user = NULL;
      guint port;

      g_object_get (candidate->profile, "host", &host, "port", &port, "database", &database, "user", &user, NULL);
      g_string_append_printf (text, "%s|%s|%u|%s|%s|%s\n", tide_profile_get_name (candidate->profile),
                              host ? host : "", port, database ? database : "", user ? user : "",
                              candidate->password ? candidate->password : "-");
      g_assert_nonnull (candidate->source);
    }
  return g_string_free (text, FALSE);
}

static GPtrArray *
import_text (Import       import,
             const char  *text,
             GError     **error)
{
  g_autofree char *folder = tide_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  GPtrArray *list;

  tide_test_write_file (folder, "file", text, -1);
  list = import (path, error);
  tide_test_remove_folder (folder);
  return list;
}

static void
assert_import (Import      import,
               const char *text,
               const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) list = import_text (import, text, &error);
  g_autofree char *description = NULL;

  g_assert_no_error (error);
  description = describe (list);
  g_assert_cmpstr (description, ==, expected);
}

static void
assert_refused (Import      import,
                const char *text,
                int         code,
                int         line,
                const char *named)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *whole = NULL;

  g_assert_null (import_text (import, text, &error));
  g_assert_error (error, TIDE_ERROR, code);
  g_assert_cmpint (tide_error_get_fields (error)->line, ==, line);
  if (strstr (error->message, named) == NULL)
    g_error ("%s", error->message);
  whole = tide_error_dup_text (error);
  g_assert_null (strstr (whole, "secret"));
}

static void
test_url (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) list = tide_import_from_url ("postgresql://ada:p%40w@db:5433/shop?schema=app", &error);
  g_autofree char *text = NULL;
  g_autofree char *schema = NULL;

  g_assert_no_error (error);
  text = describe (list);
  g_assert_cmpstr (text, ==, "shop on db:5433 as ada|db|5433|shop|ada|p@w\n");
  g_object_get (((TideImportCandidate *) g_ptr_array_index (list, 0))->profile, "schema", &schema, NULL);
  g_assert_cmpstr (schema, ==, "app");
  g_assert_null (tide_import_from_url ("mysql://u:secret@h/d", &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_UNSUPPORTED);
}

static void
test_dotenv (void)
{
  assert_import (tide_import_from_dotenv,
                 "# comment\r\n"
                 "PORT=3000\r\n"
                 "USER_NAME='ädä'\r\n"
                 "export DATABASE_URL=\"postgresql://${USER_NAME}:p w@db/sh%20op\" # the main one\r\n"
                 "REPLICA='postgres://u:x@r:6000/d'\r\n"
                 "SHADOW=postgresql://USER:PASSWORD@HOST:PORT/d\r\n",
                 "sh op on db:5432 as ädä|db|0|sh op|ädä|p w\n"
                 "d on r:6000 as u|r|6000|d|u|x\n");
  assert_refused (tide_import_from_dotenv, "\nA=1\nDATABASE_URL=postgresql://u:secret/x@h/d\n",
                  TIDE_ERROR_INVALID, 3, "DATABASE_URL");
  assert_refused (tide_import_from_dotenv, "DATABASE_URL=prisma+postgres://localhost:51213/?api_key=secret\n",
                  TIDE_ERROR_UNSUPPORTED, 1, "Prisma Postgres");
  assert_refused (tide_import_from_dotenv, "DATABASE_URL=\n", TIDE_ERROR_INVALID, 1, "empty");
  assert_refused (tide_import_from_dotenv, "A=1\nnonsense\n", TIDE_ERROR_NOT_FOUND, 0, "no connection");
  assert_refused (tide_import_from_dotenv, "", TIDE_ERROR_NOT_FOUND, 0, "no connection");
  assert_refused (tide_import_from_dotenv, "DATABASE_URL=postgres://u:secret\xff@h/d", TIDE_ERROR_INVALID, 0, "UTF-8");
}

static void
test_services (void)
{
  assert_import (tide_import_from_services,
                 "\xef\xbb\xbf# services\r\n"
                 "\r\n"
                 "[broxiva staging]\r\n"
                 "host=db.example.com\r\n"
                 "port=5433\r\n"
                 "  dbname=shöp 'x'  \r\n"
                 "user = ada\r\n"
                 "password=a=b#c\\d\r\n"
                 "\r\n"
                 "[empty]\r\n"
                 "[socket]\r\n"
                 "host=/run/postgresql\r\n"
                 "nonsense=1",
                 "broxiva staging|db.example.com|5433|shöp 'x'|ada|a=b#c\\d\n"
                 "empty||0|||-\n"
                 "socket|/run/postgresql|0|||-\n");
  assert_refused (tide_import_from_services, "[a]\nhost=x\n\npassword secret\n", TIDE_ERROR_INVALID, 4, "neither");
  assert_refused (tide_import_from_services, "host=x\n", TIDE_ERROR_INVALID, 1, "neither");
  assert_refused (tide_import_from_services, "[a]\n[b\n", TIDE_ERROR_INVALID, 2, "neither");
  assert_refused (tide_import_from_services, "[a]\n=secret\n", TIDE_ERROR_INVALID, 2, "neither");
  assert_refused (tide_import_from_services, "[a]\nservice=b\n", TIDE_ERROR_INVALID, 2, "another service");
  assert_refused (tide_import_from_services, "[a]\nport=x\n[b]\n", TIDE_ERROR_INVALID, 3, "service \"a\"");
  assert_refused (tide_import_from_services, "# nothing\n", TIDE_ERROR_NOT_FOUND, 0, "no connection");
  assert_refused (tide_import_from_services, "[a]\nuser=\xff\n", TIDE_ERROR_INVALID, 0, "UTF-8");
}

static void
test_pgpass (void)
{
  g_autofree char *anybody = g_strdup_printf ("%s on localhost:5432 as %s|localhost|0|||ü'\"\n",
                                              g_get_user_name (), g_get_user_name ());

  assert_import (tide_import_from_pgpass, "localhost:*:*:*:ü'\"\r\n", anybody);
  assert_import (tide_import_from_pgpass,
                 "# host:port:db:user:password\r\n"
                 "db.example.com:5433:shop:ada:p\\:w\\\\x \r\n"
                 "\\:\\:1:5432:my\\:db:ada:x:ignored\n"
                 "/run/postgresql:5432:*:bob:y\n"
                 "*:*:*:everyone:z\n"
                 "db:notaport:d:u:z\n"
                 "db:5432:d:u\n"
                 "nonsense\n"
                 "\n"
                 "h:5432:d:u:*\n"
                 "h:5432:d:u:",
                 "shop on db.example.com:5433 as ada|db.example.com|5433|shop|ada|p:w\\x \n"
                 "my:db on ::1:5432 as ada|::1|5432|my:db|ada|x\n"
                 "bob on /run/postgresql:5432 as bob|/run/postgresql|5432||bob|y\n"
                 "d on h:5432 as u|h|5432|d|u|*\n"
                 "d on h:5432 as u|h|5432|d|u|\n");
  assert_refused (tide_import_from_pgpass, "*:*:*:*:secret\n", TIDE_ERROR_NOT_FOUND, 0, "no connection");
  assert_refused (tide_import_from_pgpass, "h:1:d:u:secret\xff\n", TIDE_ERROR_INVALID, 0, "UTF-8");
}

/* NULL is where libpq looks */
static void
test_usual_places (void)
{
  g_autofree char *folder = tide_test_make_folder ();
  g_autofree char *services = g_build_filename (folder, "services", NULL);
  g_autofree char *pgpass = g_build_filename (folder, "pgpass", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) from_services = NULL;
  g_autoptr(GPtrArray) from_pgpass = NULL;

  tide_test_write_file (folder, "services", "[a]\nhost=x\n", -1);
  tide_test_write_file (folder, "pgpass", "h:1:d:u:p\n", -1);
  g_setenv ("PGSERVICEFILE", services, TRUE);
  g_setenv ("PGPASSFILE", pgpass, TRUE);
  from_services = tide_import_from_services (NULL, &error);
  g_assert_no_error (error);
  from_pgpass = tide_import_from_pgpass (NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (from_services->len, ==, 1);
  g_assert_cmpuint (from_pgpass->len, ==, 1);
  tide_test_remove_folder (folder);
  g_assert_null (tide_import_from_services (NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (tide_import_from_pgpass (NULL, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (tide_import_from_dotenv (g_get_tmp_dir (), &error));
  g_assert_nonnull (error);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import/url", test_url);
  g_test_add_func ("/import/dotenv", test_dotenv);
  g_test_add_func ("/import/services", test_services);
  g_test_add_func ("/import/pgpass", test_pgpass);
  g_test_add_func ("/import/usual-places", test_usual_places);
  return g_test_run ();
}
