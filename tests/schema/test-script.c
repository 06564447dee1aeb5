/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "schema/pair.h"

static void
test_nothing (void)
{
  g_autofree char *script = tide_test_pair ("CREATE SCHEMA a", "CREATE SCHEMA a");

  g_assert_cmpstr (script, ==, "");
}

static void
test_schema (void)
{
  tide_test_pair_both_ways ("CREATE SCHEMA a", "CREATE SCHEMA b; COMMENT ON SCHEMA b IS 'it''s'");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/script/nothing", test_nothing);
  g_test_add_func ("/schema/script/schema", test_schema);
  return g_test_run ();
}
