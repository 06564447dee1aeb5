/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-sequences"

#include "config.h"

#include "schema/pairs.h"

static const TideTestPair pairs[] = {
  { "everything",
    "CREATE SEQUENCE s",
    "CREATE SEQUENCE s AS smallint INCREMENT -1 START -5 MINVALUE -100 MAXVALUE -5 CACHE 3 CYCLE" },
  { "owned",
    "CREATE SEQUENCE s START 5",
    "CREATE SEQUENCE s START 50 MINVALUE 50; "
    "CREATE TABLE t (a int); "
    "ALTER SEQUENCE s OWNED BY t.a" },
  { "owned-no-more",
    "CREATE SEQUENCE s; "
    "CREATE TABLE t (a int DEFAULT nextval('s')); "
    "ALTER SEQUENCE s OWNED BY t.a",
    "CREATE SEQUENCE s; "
    "CREATE TABLE t (a int DEFAULT nextval('s'));" },
  { "identity-renamed",
    "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY)",
    "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME foo START 10 MINVALUE 5))" },
  { "identity-bounds",
    "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY)",
    "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (START 100 MINVALUE 50 MAXVALUE 500 CACHE 5 CYCLE))" },
  { NULL },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  tide_test_add_pairs ("/schema/sequences/pairs", pairs);
  return g_test_run ();
}
