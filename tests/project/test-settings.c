/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "project/tide-settings.h"
#include "support/tide-test.h"
#include "tide-error.h"

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = tide_test_make_folder ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  tide_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static char *
read_file (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "tidemark.json", NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
test_makes_the_file (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (tide_settings_write_kind (fixture->folder, "my db", "env:X", TIDE_KIND_STAGING, &error));
  g_assert_no_error (error);
  text = read_file (fixture);
  g_assert_nonnull (strstr (text, "\"url\" : \"env:X\""));
  g_assert_nonnull (strstr (text, "\"kind\" : \"staging\""));
}

static void
test_keeps_the_rest (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  tide_test_write_file (fixture->folder, "tidemark.json",
                        "{\"hooks\":{\"stop\":[\"a\"]},\"environments\":{\"my db\":{\"url\":\"env:Y\",\"z\":1}}}", -1);
  g_assert_true (tide_settings_write_kind (fixture->folder, "my db", "env:X", TIDE_KIND_DEVELOPMENT, &error));
  g_assert_no_error (error);
  text = read_file (fixture);
  g_assert_nonnull (strstr (text, "\"stop\""));
  g_assert_nonnull (strstr (text, "env:Y"));
  g_assert_nonnull (strstr (text, "\"z\""));
  g_assert_nonnull (strstr (text, "development"));
  g_assert_null (strstr (text, "env:X"));
}

static void
test_spares_what_it_cannot_read (Fixture       *fixture,
                                 gconstpointer  data)
{
  static const char *const broken[] = { "{ \"environments\": [", "{ \"environments\": [] }", "[]", "" };

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *text = NULL;

      tide_test_write_file (fixture->folder, "tidemark.json", broken[i], -1);
      g_assert_false (tide_settings_write_kind (fixture->folder, "my db", NULL, TIDE_KIND_STAGING, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
      text = read_file (fixture);
      g_assert_cmpstr (text, ==, broken[i]);
    }
}

static void
test_ignores (Fixture       *fixture,
              gconstpointer  data)
{
  const TideIgnoreSpec rules[] = {
    { .kind = (char *) "index", .name = (char *) "by_*", .reason = (char *) "made by hand" },
    { .schema = (char *) "lab", .reason = (char *) "experiments" },
    { .kind = (char *) "index", .name = (char *) "by_*", .reason = (char *) "another reason" },
  };
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_autoptr(TideSettings) settings = NULL;
  g_autofree char *text = NULL;
  const TideIgnoreSpec *read;

  tide_test_write_file (fixture->folder, "tidemark.json", "{\"mine\": [1, 2], \"drift\": {\"also\": 1}}", -1);
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_assert_true (tide_settings_write_ignore (fixture->folder, &rules[i], FALSE, &error));
      g_assert_no_error (error);
    }
  text = read_file (fixture);
  g_assert_nonnull (strstr (text, "\"mine\""));
  g_assert_nonnull (strstr (text, "\"also\""));
  settings = tide_settings_parse (text, strlen (text), "tidemark.json", warnings, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (settings->ignores->len, ==, 2);
  read = g_ptr_array_index (settings->ignores, 1);
  g_assert_cmpstr (read->kind, ==, "index");
  g_assert_null (read->schema);
  g_assert_cmpstr (read->name, ==, "by_*");
  g_assert_cmpstr (read->reason, ==, "another reason");

  g_assert_true (tide_settings_write_ignore (fixture->folder, &rules[0], TRUE, &error));
  g_clear_pointer (&text, g_free);
  text = read_file (fixture);
  g_assert_null (strstr (text, "by_*"));
  g_assert_nonnull (strstr (text, "lab"));

  tide_test_write_file (fixture->folder, "tidemark.json", "{\"drift\": {\"ignore\": 1}}", -1);
  g_assert_false (tide_settings_write_ignore (fixture->folder, &rules[0], FALSE, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
}

/* Nested beyond what any stack holds, in the ways that json-glib reads */
static void
test_nested_beyond_reason (Fixture       *fixture,
                           gconstpointer  data)
{
  static const char *const starts[] = { "", "[\"'\", ", "['\"', ", "[/* ' \" */ " };
  g_autoptr(GString) brackets = g_string_new (NULL);

  for (guint i = 0; i < 200000; i++)
    g_string_append_c (brackets, '[');
  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *text = g_strconcat (starts[i], brackets->str, NULL);

      tide_test_write_file (fixture->folder, "tidemark.json", text, -1);
      g_assert_false (tide_settings_write_kind (fixture->folder, "my db", "env:X", TIDE_KIND_STAGING, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
    }
}

static TideSettings *
parse (const char *hooks,
       GPtrArray  *warnings)
{
  g_autofree char *text = g_strdup_printf ("{ \"hooks\": {\n %s } }", hooks);
  g_autoptr(GError) error = NULL;
  TideSettings *settings = tide_settings_parse (text, -1, "tidemark.json", warnings, &error);

  g_assert_no_error (error);
  return settings;
}

static void
test_timeout_of_hooks (Fixture       *fixture,
                       gconstpointer  data)
{
  static const char *const wrong[] = { "0", "-1", "86401", "1.5", "\"900\"", "true", "[]" };
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func ((GDestroyNotify) g_error_free);
  g_autoptr(TideSettings) right = parse ("\"timeout_seconds\": 86400", warnings);
  g_autoptr(TideSettings) silent = parse ("", warnings);

  g_assert_cmpuint (right->hooks.timeout_s, ==, 86400);
  g_assert_cmpuint (silent->hooks.timeout_s, ==, 0);
  g_assert_cmpuint (warnings->len, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *text = g_strdup_printf ("\"timeout_seconds\": %s", wrong[i]);
      g_autoptr(TideSettings) settings = parse (text, warnings);

      g_assert_cmpuint (settings->hooks.timeout_s, ==, 0);
      g_assert_cmpuint (warnings->len, ==, i + 1);
      g_assert_nonnull (strstr (((GError *) g_ptr_array_index (warnings, i))->message, "must be a whole number from 1 to 86400"));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/settings/makes-the-file", test_makes_the_file);
  ADD ("/settings/keeps-the-rest", test_keeps_the_rest);
  ADD ("/settings/spares-what-it-cannot-read", test_spares_what_it_cannot_read);
  ADD ("/settings/ignores", test_ignores);
  ADD ("/settings/nested-beyond-reason", test_nested_beyond_reason);
  ADD ("/settings/timeout-of-hooks", test_timeout_of_hooks);
  return g_test_run ();
}
