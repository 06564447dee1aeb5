/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <glib/gstdio.h>

#include "connect/tide-profile-store.h"
#include "connect/tide-url.h"
#include "support/tide-test.h"
#include "tide-error.h"

typedef struct
{
  char             *folder;
  char             *path;
  TideProfileStore *store;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = tide_test_make_folder ();
  fixture->path = g_build_filename (fixture->folder, "config", "tidemark", "profiles.json", NULL);
  fixture->store = tide_profile_store_new (fixture->path);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_object_unref (fixture->store);
  tide_test_remove_folder (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static TideProfile *
make_profile (const char *name)
{
  TideProfile *profile = tide_profile_new ();

  g_object_set (profile, "name", name, NULL);
  return profile;
}

static void
save (TideProfileStore *store,
      TideProfile      *profile)
{
  g_autoptr(GError) error = NULL;

  tide_profile_store_save (store, profile, &error);
  g_assert_no_error (error);
}

static char *
read_file (const char *path)
{
  g_autoptr(GError) error = NULL;
  char *text;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static guint
get_mode (const char *path)
{
  GStatBuf info;

  g_assert_no_errno (g_stat (path, &info));
  return info.st_mode & 0777;
}

static void
test_sslmode (void)
{
  static const struct
  {
    const char *host;
    const char *expected;
  } cases[] = {
    { NULL, "prefer" }, { "", "prefer" }, { "/run/postgresql", "prefer" }, { "localhost", "prefer" },
    { "127.0.0.1", "prefer" }, { "127.3.2.1", "prefer" }, { "::1", "prefer" }, { "db.example.com", "verify-full" },
    { "10.0.0.1", "verify-full" }, { "localhost.example.com", "verify-full" },
    { "localhost,db.example.com", "verify-full" }, { "0.0.0.0", "verify-full" },
  };
  static const char *const modes[] = { "disable", "allow", "prefer", "require", "verify-ca", "verify-full" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (tide_profile_default_sslmode (cases[i].host), ==, cases[i].expected);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    g_assert_nonnull (tide_profile_explain_sslmode (modes[i]));
  g_assert_null (tide_profile_explain_sslmode ("always"));
  g_setenv ("PGHOST", "db.example.com", TRUE);
  g_assert_cmpstr (tide_profile_default_sslmode (NULL), ==, "verify-full");
  g_unsetenv ("PGHOST");
}

static void
test_conninfo (void)
{
  g_autoptr(TideConninfo) first = tide_url_parse (
    "postgresql://ada:pw@h1:1,h2:2/shop?schema=app&sslmode=verify-full&sslrootcert=/ca.pem&sslkey=/k&sslpassword=s"
    "&options=-c%20a%3Db&application_name=it's&target_session_attrs=any&connect_timeout=3", NULL, NULL);
  g_autoptr(TideProfile) profile = tide_profile_new_from_conninfo (first);
  g_autoptr(TideConninfo) second = tide_profile_dup_conninfo (profile, "pw");
  g_auto(GStrv) first_keywords = NULL;
  g_auto(GStrv) second_keywords = NULL;
  g_autofree char *url = NULL;
  g_autofree char *parameters = NULL;

  g_object_get (profile, "parameters", &parameters, NULL);
  g_assert_cmpstr (parameters, ==, "port='1,2' connect_timeout='3' target_session_attrs='any'");
  tide_conninfo_set (first, "sslpassword", NULL);
  first_keywords = tide_conninfo_list_keywords (first);
  second_keywords = tide_conninfo_list_keywords (second);
  g_assert_cmpuint (g_strv_length (first_keywords), ==, g_strv_length (second_keywords));
  g_assert_cmpstr (tide_conninfo_get (second, "port"), ==, "1,2");
  url = tide_url_format (second, TRUE);
  g_assert_cmpstr (tide_conninfo_get (second, "application_name"), ==, "it's");
  g_assert_cmpstr (tide_conninfo_get_schema (second), ==, "app");
  g_assert_true (g_str_has_prefix (url, "postgresql://ada:pw@h1:1,h2:2/shop?"));
}

static void
test_defaults (void)
{
  g_autoptr(TideProfile) profile = make_profile ("x");
  g_autoptr(TideConninfo) local = tide_profile_dup_conninfo (profile, NULL);
  g_autoptr(TideConninfo) remote = NULL;
  g_autoptr(TideConninfo) chosen = NULL;
  g_autoptr(TideConninfo) address = NULL;

  g_assert_cmpstr (tide_conninfo_get (local, "sslmode"), ==, "prefer");
  g_assert_null (tide_conninfo_get (local, "sslrootcert"));
  g_assert_null (tide_conninfo_get (local, "password"));
  g_object_set (profile, "host", "db.example.com", "port", 5433, "read-only", TRUE, "startup-sql", "select 1", NULL);
  remote = tide_profile_dup_conninfo (profile, "pw");
  g_assert_cmpstr (tide_conninfo_get (remote, "sslmode"), ==, "verify-full");
  g_assert_cmpstr (tide_conninfo_get (remote, "port"), ==, "5433");
  g_assert_cmpstr (tide_conninfo_get (remote, "password"), ==, "pw");
  g_assert_true (tide_conninfo_get_read_only (remote));
  g_assert_cmpstr (tide_conninfo_get_startup_sql (remote), ==, "select 1");
  g_object_set (profile, "sslmode", "disable", NULL);
  chosen = tide_profile_dup_conninfo (profile, NULL);
  g_assert_cmpstr (tide_conninfo_get (chosen, "sslmode"), ==, "disable");
  g_object_set (profile, "sslmode", "", "host", NULL, "parameters", "hostaddr=10.0.0.1", NULL);
  address = tide_profile_dup_conninfo (profile, NULL);
  g_assert_cmpstr (tide_conninfo_get (address, "sslmode"), ==, "verify-full");
}

static void
test_validate (void)
{
  static const struct
  {
    const char *property;
    const char *value;
    const char *named;
  } cases[] = {
    { "name", "", "no name" },
    { "host", "postgres://u:secret@h", "whole URL" },
    { "host", "db example", "space" },
    { "host", "db/x", "\"/\"" },
    { "sslmode", "always", "\"always\"" },
    { "sslrootcert", "/nowhere/ca.pem", "/nowhere/ca.pem" },
    { "sslcert", "/", "sslcert" },
    { "sslkey", "/nowhere/key", "sslkey" },
    { "parameters", "nonsense", "other parameters" },
    { "parameters", "connect_timeout=soon", "connect_timeout" },
    { "parameters", "password=secret", "\"password\" is a secret" },
    { "parameters", "oauth_client_secret=secret", "\"oauth_client_secret\" is a secret" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TideProfile) profile = make_profile ("fine");
      g_autoptr(GError) error = NULL;

      g_object_set (profile, "host", "db.example.com", "sslrootcert", "system", NULL);
      g_assert_true (tide_profile_validate (profile, &error));
      g_object_set (profile, cases[i].property, cases[i].value, NULL);
      g_assert_false (tide_profile_validate (profile, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
      g_assert_nonnull (strstr (error->message, cases[i].named));
      g_assert_null (strstr (error->message, "=secret"));
    }
}

static void
count_notify (GObject    *object,
              GParamSpec *pspec,
              gpointer    user_data)
{
  (*(guint *) user_data)++;
}

static void
test_properties (void)
{
  g_autoptr(TideProfile) profile = make_profile ("a");
  g_autoptr(TideProfile) copy = NULL;
  guint n_notified = 0;

  g_signal_connect (profile, "notify", G_CALLBACK (count_notify), &n_notified);
  g_object_set (profile, "host", "", "user", "ada", "kind", TIDE_KIND_PRODUCTION, "ask-password", TRUE, NULL);
  g_assert_cmpuint (n_notified, ==, 3);
  g_object_set (profile, "user", "ada", "kind", TIDE_KIND_PRODUCTION, NULL);
  g_assert_cmpuint (n_notified, ==, 3);
  copy = tide_profile_duplicate (profile);
  g_assert_cmpstr (tide_profile_get_id (copy), !=, tide_profile_get_id (profile));
  g_assert_cmpstr (tide_profile_get_name (copy), ==, "a");
  g_assert_cmpint (tide_profile_get_kind (copy), ==, TIDE_KIND_PRODUCTION);
  g_assert_true (tide_profile_get_ask_password (copy));
}

static void
test_round_trip (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(TideProfile) profile = make_profile ("Broxiva \"prod\" ü\n");
  g_autoptr(TideProfileStore) again = tide_profile_store_new (fixture->path);
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  TideProfile *found;
  guint port;
  g_autofree char *user = NULL;

  g_assert_true (tide_profile_store_load (fixture->store, &error));
  g_assert_no_error (error);
  g_object_set (profile, "port", 5433, "user", "ada", "kind", TIDE_KIND_STAGING, "read-only", TRUE, NULL);
  save (fixture->store, profile);
  g_assert_cmpuint (get_mode (fixture->path), ==, 0600);
  g_assert_cmpuint (get_mode (folder), ==, 0700);
  text = read_file (fixture->path);
  g_assert_null (strstr (text, "password"));

  g_assert_true (tide_profile_store_load (again, &error));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (again)), ==, 1);
  found = tide_profile_store_find (again, tide_profile_get_id (profile));
  g_assert_true (found == tide_profile_store_find (again, "Broxiva \"prod\" ü\n"));
  g_object_get (found, "port", &port, "user", &user, NULL);
  g_assert_cmpuint (port, ==, 5433);
  g_assert_cmpstr (user, ==, "ada");
  g_assert_cmpint (tide_profile_get_kind (found), ==, TIDE_KIND_STAGING);
  g_assert_null (tide_profile_store_find (again, "nobody"));
}

static void
test_private_again (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(TideProfile) profile = make_profile ("a");

  save (fixture->store, profile);
  g_assert_no_errno (g_chmod (fixture->path, 0644));
  save (fixture->store, profile);
  g_assert_cmpuint (get_mode (fixture->path), ==, 0600);
}

static void
test_link (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(TideProfile) profile = make_profile ("a");
  g_autofree char *folder = g_path_get_dirname (fixture->path);
  g_autofree char *target = g_build_filename (fixture->folder, "elsewhere.json", NULL);
  g_autofree char *text = NULL;

  tide_test_write_file (fixture->folder, "elsewhere.json", "{\"profiles\": []}", -1);
  g_assert_no_errno (g_mkdir_with_parents (folder, 0700));
  g_assert_no_errno (symlink (target, fixture->path));
  save (fixture->store, profile);
  g_assert_true (g_file_test (fixture->path, G_FILE_TEST_IS_SYMLINK));
  text = read_file (target);
  g_assert_nonnull (strstr (text, tide_profile_get_id (profile)));
}

static void
test_newer (Fixture       *fixture,
            gconstpointer  data)
{
  static const char newer[] =
    "{\"version\": 7, \"folders\": [1, 2.5], \"profiles\": [\n"
    " {\"id\": \"a\", \"name\": \"A\", \"tunnel\": {\"via\": \"h\"}, \"host\": \"old\"}, {\"id\": \"b\", \"name\": \"B\"}]}";
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  TideProfile *profile;

  tide_test_write_file (fixture->folder, "config/tidemark/profiles.json", newer, -1);
  g_assert_true (tide_profile_store_load (fixture->store, &error));
  profile = tide_profile_store_find (fixture->store, "A");
  g_object_set (profile, "user", "ada", "host", NULL, NULL);
  save (fixture->store, profile);
  g_assert_true (tide_profile_store_remove (fixture->store, "b", &error));
  g_assert_no_error (error);
  text = read_file (fixture->path);
  g_assert_nonnull (strstr (text, "\"version\" : 7"));
  g_assert_nonnull (strstr (text, "\"folders\""));
  g_assert_nonnull (strstr (text, "\"via\" : \"h\""));
  g_assert_nonnull (strstr (text, "\"ada\""));
  g_assert_null (strstr (text, "\"old\""));
  g_assert_null (strstr (text, "\"B\""));
}

static const struct
{
  const char *text;
  int         line;
} broken[] = {
  { "{\"profiles\": [\n {\"id\": \"a\",, }\n]}", 2 },
  { "", 0 },
  { "[]", 0 },
  { "{\"profiles\": {}}", 0 },
  { "{\"profiles\": [1]}", 0 },
  { "{\"profiles\": [{\"name\": \"x\"}]}", 0 },
  { "{\"profiles\": [{\"id\": 3}]}", 0 },
  { "{\"profiles\": [{\"id\": \"a\"}, {\"id\": \"a\"}]}", 0 },
  { "{\"profiles\": [{\"id\": \"a\", \"port\": \"5432\"}]}", 0 },
  { "{\"profiles\": [{\"id\": \"a\", \"port\": 70000}]}", 0 },
  { "{\"profiles\": [{\"id\": \"a\", \"kind\": \"prod\"}]}", 0 },
  { "{\"profiles\": [{\"id\": \"a\", \"host\": null}]}", 0 },
  { "{\"profiles\": [{\"id\": \"a\", \"name\": \"\xff\"}]}", 0 },
};

static void
test_broken (Fixture       *fixture,
             gconstpointer  data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(TideProfile) profile = make_profile ("new");
  g_autoptr(GError) load_error = NULL;
  g_autoptr(GError) save_error = NULL;
  g_autoptr(GError) remove_error = NULL;
  g_autofree char *text = NULL;

  tide_test_write_file (fixture->folder, "config/tidemark/profiles.json", broken[i].text, -1);
  g_assert_false (tide_profile_store_load (fixture->store, &load_error));
  g_assert_error (load_error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_cmpstr (tide_error_get_fields (load_error)->file, ==, fixture->path);
  if (broken[i].line > 0)
    g_assert_cmpint (tide_error_get_fields (load_error)->line, ==, broken[i].line);
  g_assert_false (tide_profile_store_save (fixture->store, profile, &save_error));
  g_assert_error (save_error, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_false (tide_profile_store_remove (fixture->store, "a", &remove_error));
  g_assert_error (remove_error, TIDE_ERROR, TIDE_ERROR_INVALID);
  text = read_file (fixture->path);
  g_assert_cmpstr (text, ==, broken[i].text);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->store)), ==, 0);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(TideProfile) first = make_profile ("a");
  g_autoptr(TideProfile) second = make_profile ("a");
  g_autoptr(TideProfile) nameless = tide_profile_new ();
  g_autoptr(TideProfileStore) nowhere = tide_profile_store_new ("/proc/self/tidemark/profiles.json");
  g_autoptr(GError) taken = NULL;
  g_autoptr(GError) unnamed = NULL;
  g_autoptr(GError) unknown = NULL;
  g_autoptr(GError) unwritable = NULL;

  save (fixture->store, first);
  g_assert_false (tide_profile_store_save (fixture->store, second, &taken));
  g_assert_error (taken, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_false (tide_profile_store_save (fixture->store, nameless, &unnamed));
  g_assert_error (unnamed, TIDE_ERROR, TIDE_ERROR_INVALID);
  g_assert_false (tide_profile_store_remove (fixture->store, "nobody", &unknown));
  g_assert_error (unknown, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_assert_false (tide_profile_store_save (nowhere, first, &unwritable));
  g_assert_error (unwritable, TIDE_ERROR, TIDE_ERROR_FAILED);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->store)), ==, 1);
}

static void
add_up (GListModel *model,
        guint       position,
        guint       removed,
        guint       added,
        gpointer    user_data)
{
  *(int *) user_data += (int) added - (int) removed;
}

/* Two windows: each sees what the other saved at its next change, and an object stays the one it was. */
static void
test_two_stores (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(TideProfileStore) other = tide_profile_store_new (fixture->path);
  g_autoptr(TideProfile) a = make_profile ("a");
  g_autoptr(TideProfile) b = make_profile ("b");
  g_autoptr(GError) error = NULL;
  g_autofree char *user = NULL;
  int n_items = 0;

  g_signal_connect (fixture->store, "items-changed", G_CALLBACK (add_up), &n_items);
  save (fixture->store, a);
  save (other, b);
  g_object_set (tide_profile_store_find (other, "a"), "user", "ada", NULL);
  save (other, tide_profile_store_find (other, "a"));
  g_assert_cmpint (n_items, ==, 1);
  g_assert_true (tide_profile_store_load (fixture->store, &error));
  g_assert_cmpint (n_items, ==, 2);
  g_assert_true (tide_profile_store_find (fixture->store, "a") == a);
  g_object_get (a, "user", &user, NULL);
  g_assert_cmpstr (user, ==, "ada");
  g_assert_true (tide_profile_store_remove (other, tide_profile_get_id (a), &error));
  g_assert_true (tide_profile_store_load (fixture->store, &error));
  g_assert_cmpint (n_items, ==, 1);
}

#define N_WRITERS 6
#define N_SAVES 8

static int
write_many (const char *path,
            int         writer)
{
  g_autoptr(TideProfileStore) store = tide_profile_store_new (path);

  for (int i = 0; i < N_SAVES; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d-%d", writer, i);
      /* The forked generators of random ids all say the same. */
      g_autoptr(TideProfile) profile = g_object_new (TIDE_TYPE_PROFILE, "id", name, "name", name, NULL);

      if (!tide_profile_store_save (store, profile, NULL))
        return 1;
    }
  return 0;
}

static void
test_concurrent (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  int status;

  for (int i = 0; i < N_WRITERS; i++)
    {
      pid_t pid = fork ();

      if (pid == 0)
        _exit (write_many (fixture->path, i));
      g_assert_cmpint (pid, >, 0);
    }
  for (int i = 0; i < N_WRITERS; i++)
    {
      g_assert_cmpint (wait (&status), >, 0);
      g_assert_cmpint (status, ==, 0);
    }
  g_assert_true (tide_profile_store_load (fixture->store, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->store)), ==, N_WRITERS * N_SAVES);
}

static void
save_more (GListModel *model,
           guint       position,
           guint       removed,
           guint       added,
           gpointer    user_data)
{
  g_autoptr(TideProfile) profile = make_profile ("from the signal");

  if (tide_profile_store_find (TIDE_PROFILE_STORE (model), "from the signal") == NULL)
    save (TIDE_PROFILE_STORE (model), profile);
}

static void
test_save_in_signal (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(TideProfile) profile = make_profile ("a");

  g_signal_connect (fixture->store, "items-changed", G_CALLBACK (save_more), NULL);
  save (fixture->store, profile);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->store)), ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  g_unsetenv ("PGHOST");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/profile/sslmode", test_sslmode);
  g_test_add_func ("/profile/conninfo", test_conninfo);
  g_test_add_func ("/profile/defaults", test_defaults);
  g_test_add_func ("/profile/validate", test_validate);
  g_test_add_func ("/profile/properties", test_properties);
#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)
  ADD ("/profile-store/concurrent", test_concurrent);
  ADD ("/profile-store/round-trip", test_round_trip);
  ADD ("/profile-store/private-again", test_private_again);
  ADD ("/profile-store/link", test_link);
  ADD ("/profile-store/newer", test_newer);
  ADD ("/profile-store/refused", test_refused);
  ADD ("/profile-store/two-stores", test_two_stores);
  ADD ("/profile-store/save-in-signal", test_save_in_signal);
#undef ADD
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autofree char *name = g_strdup_printf ("/profile-store/broken/%u", i);

      g_test_add (name, Fixture, GUINT_TO_POINTER (i), set_up, test_broken, tear_down);
    }
  return g_test_run ();
}
