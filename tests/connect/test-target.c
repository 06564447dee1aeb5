/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "connect/tide-profile-store.h"
#include "connect/tide-secrets.h"
#include "connect/tide-target.h"
#include "support/tide-test.h"
#include "tide-error.h"

/* Run by with-keyring.sh, for a home, a configuration folder and a keyring of its own. */

typedef struct
{
  char        *folder;
  TideProject *project;
} Fixture;

#define TIDEMARK \
  "{\"environments\": {" \
  " \"dev\": {\"url\": \"env:DATABASE_URL\", \"kind\": \"development\"}," \
  " \"staging\": {\"url\": \"service:broxiva_staging\", \"kind\": \"staging\"}," \
  " \"prod\": {\"url\": \"profile:Broxiva production\", \"kind\": \"production\"}," \
  " \"kept\": {\"url\": \"profile:Broxiva production\"}," \
  " \"plain\": {\"url\": \"postgresql://u:secret@plain.example.com/d?nonsense=1\"}," \
  " \"bad\": {\"url\": \"postgresql://u:secret@h/d?connect_timeout=soon\"}," \
  " \"unset\": {\"url\": \"env:NOT_SET\"}," \
  " \"lost\": {\"url\": \"profile:Nobody\"}}}"

static void
set_up (Fixture       *fixture,
        gconstpointer  tidemark)
{
  g_autoptr(GError) error = NULL;

  fixture->folder = tide_test_make_folder ();
  tide_test_write_file (fixture->folder, "package.json", "{\"name\": \"shop\"}", -1);
  tide_test_write_file (fixture->folder, "prisma/schema.prisma",
                        "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n", -1);
  tide_test_write_file (fixture->folder, ".env", "DATABASE_URL=postgresql://dotenv.example.com/d\n", -1);
  tide_test_write_file (fixture->folder, "prisma/ca.pem", "not a certificate", -1);
  if (tidemark != NULL)
    tide_test_write_file (fixture->folder, "tidemark.json", tidemark, -1);
  fixture->project = tide_project_load (fixture->folder, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  tidemark)
{
  g_unsetenv ("DATABASE_URL");
  g_unsetenv ("PGPASSWORD");
  g_unsetenv ("PGSERVICE");
  g_object_unref (fixture->project);
  tide_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static TideTarget *
resolve (TideProject *project,
         const char  *environment,
         const char  *url)
{
  g_autoptr(GError) error = NULL;
  TideTarget *target = tide_target_resolve (project, environment, url, NULL, &error);

  g_assert_no_error (error);
  return target;
}

static void
assert_target (TideTarget *target,
               const char *name,
               TideKind    kind,
               const char *keyword,
               const char *value,
               guint       n_warnings)
{
  g_assert_cmpstr (tide_target_get_name (target), ==, name);
  g_assert_cmpint (tide_target_get_kind (target), ==, kind);
  g_assert_cmpstr (tide_conninfo_get (tide_target_get_conninfo (target), keyword), ==, value);
  g_assert_cmpuint (tide_target_get_warnings (target)->len, ==, n_warnings);
  for (guint i = 0; i < n_warnings; i++)
    g_assert_null (strstr (g_ptr_array_index (tide_target_get_warnings (target), i), "secret"));
}

static void
assert_refused (TideProject *project,
                const char  *environment,
                const char  *url,
                int          code,
                const char  *named)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_null (tide_target_resolve (project, environment, url, NULL, &error));
  g_assert_error (error, TIDE_ERROR, code);
  text = tide_error_dup_text (error);
  if (strstr (text, named) == NULL || strstr (text, "secret") != NULL)
    g_error ("%s", text);
}

static void
test_precedence (Fixture       *fixture,
                 gconstpointer  tidemark)
{
  g_autoptr(TideTarget) dotenv = resolve (fixture->project, NULL, NULL);
  g_autoptr(TideTarget) process = NULL;
  g_autoptr(TideTarget) named = NULL;
  g_autoptr(TideTarget) given = NULL;

  assert_target (dotenv, "dev", TIDE_KIND_DEVELOPMENT, "host", "dotenv.example.com", 0);
  g_setenv ("DATABASE_URL", "postgresql://process.example.com/d", TRUE);
  process = resolve (fixture->project, NULL, NULL);
  assert_target (process, "dev", TIDE_KIND_DEVELOPMENT, "host", "process.example.com", 0);
  named = resolve (fixture->project, "staging", NULL);
  assert_target (named, "staging", TIDE_KIND_STAGING, "service", "broxiva_staging", 0);
  given = resolve (fixture->project, "staging", "postgresql://ada@url.example.com/d");
  assert_target (given, "d on url.example.com:5432 as ada", TIDE_KIND_UNKNOWN, "host", "url.example.com", 0);
}

static void
test_plain_url (Fixture       *fixture,
                gconstpointer  tidemark)
{
  g_autoptr(TideTarget) target = resolve (fixture->project, "plain", NULL);

  assert_target (target, "plain", TIDE_KIND_UNKNOWN, "password", "secret", 2);
}

static void
test_prisma_defaults (Fixture       *fixture,
                      gconstpointer  tidemark)
{
  g_autoptr(TideTarget) bare = resolve (NULL, NULL, "postgresql://ada@h");
  g_autoptr(TideTarget) full = resolve (NULL, NULL, "postgresql://h/d?schema=app");
  g_autoptr(TideTarget) service = resolve (NULL, NULL, "postgresql://?service=x");

  assert_target (bare, "postgres on h:5432 as ada", TIDE_KIND_UNKNOWN, "dbname", "postgres", 0);
  g_assert_cmpstr (tide_conninfo_get_schema (tide_target_get_conninfo (bare)), ==, "public");
  g_assert_cmpstr (tide_conninfo_get (tide_target_get_conninfo (full), "dbname"), ==, "d");
  g_assert_cmpstr (tide_conninfo_get_schema (tide_target_get_conninfo (full)), ==, "app");
  g_assert_null (tide_conninfo_get (tide_target_get_conninfo (service), "dbname"));
}

/* Prisma takes certificates from beside the schema */
static void
test_certificates (Fixture       *fixture,
                   gconstpointer  tidemark)
{
  g_autofree char *path = g_build_filename (fixture->folder, "prisma", "ca.pem", NULL);
  g_autoptr(TideTarget) there = resolve (fixture->project, NULL,
                                         "postgresql://h/d?sslmode=require&sslaccept=strict&sslcert=ca.pem");
  g_autoptr(TideTarget) not_there = resolve (fixture->project, NULL,
                                             "postgresql://h/d?sslmode=require&sslaccept=strict&sslcert=no.pem");

  g_assert_cmpstr (tide_conninfo_get (tide_target_get_conninfo (there), "sslrootcert"), ==, path);
  g_assert_cmpstr (tide_conninfo_get (tide_target_get_conninfo (not_there), "sslrootcert"), ==, "no.pem");
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  tidemark)
{
  assert_refused (fixture->project, "production", NULL, TIDE_ERROR_USAGE, "\"dev\", \"staging\", \"prod\"");
  assert_refused (NULL, "dev", NULL, TIDE_ERROR_USAGE, "tidemark.json");
  assert_refused (fixture->project, "bad", NULL, TIDE_ERROR_INVALID, "environment \"bad\": parameter \"connect_timeout\"");
  assert_refused (fixture->project, "unset", NULL, TIDE_ERROR_NOT_FOUND, "\"NOT_SET\"");
  assert_refused (fixture->project, "lost", NULL, TIDE_ERROR_NOT_FOUND, "\"Nobody\"");
  assert_refused (fixture->project, NULL, "mysql://u:secret@h/d", TIDE_ERROR_UNSUPPORTED, "MySQL");
  assert_refused (NULL, NULL, NULL, TIDE_ERROR_NOT_FOUND, "DATABASE_URL");
  g_setenv ("DATABASE_URL", "postgresql://u:secret/@h", TRUE);
  assert_refused (fixture->project, NULL, NULL, TIDE_ERROR_INVALID, "DATABASE_URL: ");
}

static void
test_without_settings (Fixture       *fixture,
                       gconstpointer  tidemark)
{
  g_autoptr(TideTarget) target = resolve (fixture->project, NULL, NULL);

  assert_target (target, "DATABASE_URL", TIDE_KIND_UNKNOWN, "host", "dotenv.example.com", 0);
}

/* Each machine has its own .env: that one environment of two is development says nothing about this machine's. */
static void
test_shared_variable (Fixture       *fixture,
                      gconstpointer  tidemark)
{
  g_autoptr(TideTarget) target = resolve (fixture->project, NULL, NULL);
  g_autoptr(TideTarget) dev = resolve (fixture->project, "dev", NULL);

  assert_target (target, "DATABASE_URL", TIDE_KIND_UNKNOWN, "host", "dotenv.example.com", 0);
  assert_target (dev, "dev", TIDE_KIND_DEVELOPMENT, "host", "dotenv.example.com", 0);
}

static void
test_service (void)
{
  g_autoptr(TideTarget) target = NULL;

  g_setenv ("PGSERVICE", "mine", TRUE);
  target = resolve (NULL, NULL, NULL);
  g_unsetenv ("PGSERVICE");
  g_assert_cmpstr (tide_conninfo_get (tide_target_get_conninfo (target), "service"), ==, "mine");
  g_assert_cmpint (tide_target_get_kind (target), ==, TIDE_KIND_UNKNOWN);
}

/* The names by which a database is asked for are known before libpq connects. */
static void
test_service_names_its_database (void)
{
  g_autofree char *folder = tide_test_make_folder ();
  g_autofree char *path = g_build_filename (folder, "services.conf", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideTarget) target = NULL;
  g_autoptr(TideTarget) narrowed = NULL;
  g_autoptr(TideTarget) bare = NULL;

  g_file_set_contents (path, "[other]\ndbname=no\n[mine]\nhost=db.example.com\nport=5433\ndbname=shop\n[bare]\nhost=h\n", -1, &error);
  g_assert_no_error (error);
  g_setenv ("PGSERVICEFILE", path, TRUE);
  target = resolve (NULL, NULL, "service:mine");
  narrowed = resolve (NULL, NULL, "postgresql://?service=mine&port=6000");
  g_setenv ("PGDATABASE", "ours", TRUE);
  bare = resolve (NULL, NULL, "service:bare");
  g_unsetenv ("PGDATABASE");
  g_unsetenv ("PGSERVICEFILE");
  g_assert_cmpstr (tide_conninfo_get (tide_target_get_conninfo (target), "dbname"), ==, "shop");
  g_assert_cmpstr (tide_conninfo_get (tide_target_get_conninfo (target), "host"), ==, "db.example.com");
  g_assert_cmpstr (tide_conninfo_get (tide_target_get_conninfo (narrowed), "port"), ==, "6000");
  g_assert_cmpstr (tide_conninfo_get (tide_target_get_conninfo (bare), "dbname"), ==, "ours");
  tide_test_remove_folder (folder);
}

static void
keep_result (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
store_password (TideProfile *profile)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  tide_secrets_store_async (tide_profile_get_id (profile), TIDE_KIND_PRODUCTION, "label", "kept", NULL, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  tide_secrets_store_finish (result, &error);
  g_assert_no_error (error);
}

static void
test_profile (Fixture       *fixture,
              gconstpointer  tidemark)
{
  g_autoptr(TideProfileStore) store = tide_profile_store_new (NULL);
  g_autoptr(TideProfile) profile = tide_profile_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(TideTarget) without = NULL;
  g_autoptr(TideTarget) with = NULL;
  g_autoptr(TideTarget) kept = NULL;
  g_autoptr(TideTarget) asked = NULL;
  g_autoptr(TideTarget) environment = NULL;

  g_object_set (profile, "name", "Broxiva production", "host", "db.example.com", "kind", TIDE_KIND_STAGING, NULL);
  tide_profile_store_save (store, profile, &error);
  g_assert_no_error (error);
  assert_refused (fixture->project, "lost", NULL, TIDE_ERROR_NOT_FOUND, "\"Broxiva production\"");

  without = resolve (fixture->project, "prod", NULL);
  assert_target (without, "prod", TIDE_KIND_PRODUCTION, "password", NULL, 0);
  store_password (profile);
  with = resolve (fixture->project, "prod", NULL);
  assert_target (with, "prod", TIDE_KIND_PRODUCTION, "password", "kept", 0);
  g_assert_cmpstr (tide_conninfo_get_schema (tide_target_get_conninfo (with)), ==, "public");
  g_assert_cmpstr (tide_conninfo_get (tide_target_get_conninfo (with), "sslmode"), ==, "verify-full");
  kept = resolve (fixture->project, "kept", NULL);
  assert_target (kept, "kept", TIDE_KIND_STAGING, "host", "db.example.com", 0);
  g_setenv ("PGPASSWORD", "other", TRUE);
  environment = resolve (fixture->project, "prod", NULL);
  assert_target (environment, "prod", TIDE_KIND_PRODUCTION, "password", NULL, 0);
  g_unsetenv ("PGPASSWORD");
  g_object_set (profile, "ask-password", TRUE, NULL);
  tide_profile_store_save (store, profile, &error);
  asked = resolve (fixture->project, "prod", NULL);
  assert_target (asked, "prod", TIDE_KIND_PRODUCTION, "password", NULL, 1);
  tide_profile_store_remove (store, tide_profile_get_id (profile), &error);
  g_assert_no_error (error);
}

int
main (int   argc,
      char *argv[])
{
  static const char shared[] =
    "{\"environments\": {\"dev\": {\"url\": \"env:DATABASE_URL\", \"kind\": \"development\"},"
    " \"prod\": {\"url\": \"env:DATABASE_URL\", \"kind\": \"production\"}}}";

  if (g_strcmp0 (g_getenv ("TIDE_TEST_KEYRING"), "unlocked") != 0)
    {
      g_print ("1..0 # SKIP no keyring of its own: run by with-keyring.sh\n");
      return 0;
    }
  g_unsetenv ("DATABASE_URL");
  g_unsetenv ("PGDATABASE");
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function, tidemark) g_test_add (name, Fixture, tidemark, set_up, function, tear_down)
  ADD ("/target/precedence", test_precedence, TIDEMARK);
  ADD ("/target/plain-url", test_plain_url, TIDEMARK);
  ADD ("/target/prisma-defaults", test_prisma_defaults, TIDEMARK);
  ADD ("/target/certificates", test_certificates, TIDEMARK);
  ADD ("/target/refused", test_refused, TIDEMARK);
  ADD ("/target/profile", test_profile, TIDEMARK);
  ADD ("/target/without-settings", test_without_settings, NULL);
  ADD ("/target/shared-variable", test_shared_variable, shared);
#undef ADD
  g_test_add_func ("/target/service", test_service);
  g_test_add_func ("/target/service-names-its-database", test_service_names_its_database);
  return g_test_run ();
}
