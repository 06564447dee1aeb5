/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>

#include "tide-error.h"
#include "tide-kind.h"

static void
test_fields_travel (void)
{
  g_autoptr(GError) error = tide_error_new (TIDE_ERROR_SERVER, "create it first", "no table \"%s\"", "a b");
  g_autoptr(GError) copy = NULL;
  g_autofree char *text = NULL;

  tide_error_take_string (&tide_error_get_fields (error)->sqlstate, g_strdup ("42P01"));
  tide_error_take_string (&tide_error_get_fields (error)->file, g_strdup ("migration.sql"));
  tide_error_get_fields (error)->line = 3;
  copy = g_error_copy (error);

  g_assert_true (tide_error_has_sqlstate (copy, "42P01"));
  text = tide_error_dup_text (copy);
  g_assert_cmpstr (text, ==, "no table \"a b\"\nat: migration.sql, line 3\nSQLSTATE: 42P01\nnext: create it first");
}

static void
test_other_domains (void)
{
  g_autoptr(GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  g_autofree char *text = tide_error_dup_text (error);

  g_assert_null (tide_error_get_fields (error));
  g_assert_null (tide_error_get_sqlstate (NULL));
  g_assert_cmpstr (text, ==, "cancelled");
}

static void
test_kind_words (void)
{
  TideKind kind = TIDE_KIND_STAGING;

  for (TideKind k = TIDE_KIND_UNKNOWN; k <= TIDE_KIND_PRODUCTION; k++)
    {
      TideKind back = TIDE_KIND_UNKNOWN;

      g_assert_true (tide_kind_from_string (tide_kind_to_string (k), &back));
      g_assert_cmpint (back, ==, k);
    }
  g_assert_false (tide_kind_from_string ("prod", &kind));
  g_assert_false (tide_kind_from_string (NULL, &kind));
  g_assert_cmpint (kind, ==, TIDE_KIND_STAGING);
  g_assert_true (tide_kind_may_reset (TIDE_KIND_DEVELOPMENT));
  g_assert_false (tide_kind_may_reset (TIDE_KIND_UNKNOWN));
  g_assert_true (tide_kind_asks_for_name (TIDE_KIND_UNKNOWN));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/fields-travel", test_fields_travel);
  g_test_add_func ("/error/other-domains", test_other_domains);
  g_test_add_func ("/kind/words", test_kind_words);
  return g_test_run ();
}
