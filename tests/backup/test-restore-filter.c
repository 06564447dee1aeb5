/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "backup/tide-restore-filter.h"
#include "tide-error.h"

static GHashTable *
make_set (const char *name)
{
  GHashTable *set = g_hash_table_new (g_str_hash, g_str_equal);

  g_hash_table_add (set, (char *) name);
  return set;
}

/* Fed in pieces of @piece bytes: where a piece ends must make no difference. */
static char *
filter (TideRestoreFilter  *self,
        const char         *text,
        gsize               piece,
        GError            **error)
{
  g_autoptr(GString) out = g_string_new (NULL);
  gsize length = strlen (text);

  for (gsize i = 0; i < length; i += piece)
    if (!tide_restore_filter_feed (self, text + i, MIN (piece, length - i), out, error))
      return NULL;
  if (!tide_restore_filter_finish (self, out, error))
    return NULL;
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static const gsize pieces[] = { 1, 2, 3, 5, 7, 64, 1 << 20 };

static void
assert_becomes (const char *text,
                const char *expected)
{
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr(TideRestoreFilter) self = tide_restore_filter_new (NULL, NULL, FALSE, FALSE);
      g_autoptr(GError) error = NULL;
      g_autofree char *out = filter (self, text, pieces[i], &error);

      g_assert_no_error (error);
      g_assert_cmpstr (out, ==, expected);
    }
}

static void
assert_refused (const char *text,
                int         code,
                int         line)
{
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autoptr(TideRestoreFilter) self = tide_restore_filter_new (NULL, NULL, FALSE, FALSE);
      g_autoptr(GError) error = NULL;
      g_autofree char *out = filter (self, text, pieces[i], &error);

      g_test_message ("%s", text);
      g_assert_null (out);
      g_assert_error (error, TIDE_ERROR, code);
      g_assert_cmpint (tide_error_get_fields (error)->line, ==, line);
    }
}

static void
test_same (void)
{
  static const char *const texts[] = {
    "",
    "\n",
    "-- only a comment",
    "SELECT 1;",
    "SELECT 1;\n\nSELECT 2; SELECT 3;\n",
    "SELECT '\\! no command', \"\\!\", $$\\! neither$$, $a$ $$ \\! $a$, E'\\'\\!' /* \\! /* nested \\! */ */; -- \\!\n",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END;\nSELECT 1;\n",
    "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2;);\n",
    "COPY public.t (a, \"b\"\"c\") FROM stdin;\n1\t\\N\n\\.\nSELECT 1;\n",
    "COPY t FROM stdin;\n\\.\n",
    "COPY t FROM stdin;\r\n1\r\n\\.\r\nSELECT 1;\r\n",
    "copy t from stdin with (format csv);\n1,2\n\\.\n",
    /* Rows that look like commands, and like the end of rows */
    "COPY t FROM stdin;\n\\! touch x\n\\.x\n \\.\n\\\\.\nCOPY u FROM stdin;\nBEGIN;\n\\restrict a\n\\.\nSELECT 1;\n",
    "ALTER TABLE t OWNER TO ada;\nGRANT SELECT ON t TO PUBLIC;\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_becomes (texts[i], texts[i]);
}

static void
test_left_out (void)
{
  assert_becomes ("\\restrict key\nSELECT 1;\n\\unrestrict key\n", "\nSELECT 1;\n\n");
  assert_becomes ("SELECT 1;\nBEGIN;\nSELECT 2;\nCOMMIT;\nSELECT 3;\n", "SELECT 1;\n\nSELECT 2;\n\nSELECT 3;\n");
  assert_becomes ("CREATE DATABASE x\n ENCODING 'UTF8';\nALTER DATABASE x OWNER TO y;\n\\connect x\nSELECT 1;\n", "\n\n\n\nSELECT 1;\n");
  assert_becomes ("SET lock_timeout = 0;\nSET transaction_timeout = 0;\nSELECT 1;\n", "SET lock_timeout = 0;\n\nSELECT 1;\n");
  assert_becomes ("COMMENT ON DATABASE x IS 'y';\nGRANT ALL ON DATABASE x TO y;\nSELECT 1;\n", "\n\nSELECT 1;\n");
}

static void
test_refused (void)
{
  assert_refused ("\\! touch x\n", TIDE_ERROR_REFUSED, 1);
  assert_refused ("SELECT 1;\nSELECT 2 \\! touch x\n;", TIDE_ERROR_REFUSED, 2);
  assert_refused ("SELECT 1 \\gexec\n", TIDE_ERROR_REFUSED, 1);
  assert_refused ("SELECT 1; \\restrict x\n", TIDE_ERROR_REFUSED, 1);
  assert_refused (" \\unrestrict x\n", TIDE_ERROR_REFUSED, 1);
  assert_refused ("\\copy t from program 'x'\n", TIDE_ERROR_REFUSED, 1);
  assert_refused ("\\c x\n", TIDE_ERROR_REFUSED, 1);
  assert_refused ("\n\nSELECT 'a'\\;\n", TIDE_ERROR_REFUSED, 3);
  assert_refused ("COPY t FROM stdin;\n1\n\\.\n\\! touch x", TIDE_ERROR_REFUSED, 4);
  assert_refused ("\\.\n", TIDE_ERROR_REFUSED, 1);
  /* psql would run what stands behind the COPY after its rows */
  assert_refused ("COPY t FROM stdin; \\! touch x\n1\n\\.\n", TIDE_ERROR_REFUSED, 1);
  assert_refused ("COPY t FROM stdin; SELECT 1;\n1\n\\.\n", TIDE_ERROR_REFUSED, 1);
  /* No rows follow these, whatever they look like */
  assert_refused ("COPY t TO '/tmp/x' -- FROM stdin;\n;\n\\! touch x\n\\.\n", TIDE_ERROR_REFUSED, 1);
  assert_refused ("COPY t FROM PROGRAM 'touch x';\n", TIDE_ERROR_REFUSED, 1);
  assert_refused ("COPY t FROM '/etc/passwd';\n", TIDE_ERROR_REFUSED, 1);
  assert_refused ("COPY (SELECT 1) TO stdout;\n", TIDE_ERROR_REFUSED, 1);
  assert_refused ("COPY t FROM stdin WITH (FORMAT binary);\n", TIDE_ERROR_REFUSED, 1);
  assert_refused ("COPY t FROM stdin WITH (FORMAT 'binary');\n", TIDE_ERROR_REFUSED, 1);
  /* One transaction, to the end */
  assert_refused ("SELECT 1;\nROLLBACK;\n", TIDE_ERROR_REFUSED, 2);
  assert_refused ("END;\n", TIDE_ERROR_REFUSED, 1);
  assert_refused ("COMMIT AND CHAIN;\n", TIDE_ERROR_REFUSED, 1);
  assert_refused ("/* a\n */ start transaction;\n", TIDE_ERROR_REFUSED, 2);
  assert_refused ("PREPARE TRANSACTION 'x';\n", TIDE_ERROR_REFUSED, 1);
  assert_refused ("--\n-- PostgreSQL database cluster dump\n--\nSELECT 1;\n", TIDE_ERROR_UNSUPPORTED, 2);
  assert_refused ("\\connect a\nSELECT 1;\n\\connect b\n", TIDE_ERROR_UNSUPPORTED, 3);
}

static void
test_cut_short (void)
{
  static const char dump[] = "--\n-- PostgreSQL database dump\n--\n\nCOPY t FROM stdin;\n1\n\\.\n\nSELECT 'a;b';\n\n"
                             "--\n-- PostgreSQL database dump complete\n--\n\n";
  gsize whole = strstr (dump, "complete\n") + strlen ("complete") - dump;
  gsize told = strstr (dump, "dump\n") + strlen ("dump") - dump;

  for (gsize length = told; length < whole; length++)
    {
      g_autoptr(TideRestoreFilter) self = tide_restore_filter_new (NULL, NULL, FALSE, FALSE);
      g_autofree char *text = g_strndup (dump, length);
      g_autoptr(GError) error = NULL;

      g_assert_null (filter (self, text, 4096, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
    }
  assert_becomes (dump, dump);
}

static void
test_zero (void)
{
  g_autoptr(TideRestoreFilter) self = tide_restore_filter_new (NULL, NULL, FALSE, FALSE);
  g_autoptr(GString) out = g_string_new (NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (tide_restore_filter_feed (self, "SELECT\0;", 8, out, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
}

static void
test_roles (void)
{
  static const char text[] = "ALTER TABLE t OWNER TO \"the \"\"boss\";\nALTER TABLE t OWNER TO ada;\nGRANT SELECT ON TABLE t TO bob;\n"
                             "GRANT SELECT ON TABLE t TO ada WITH GRANT OPTION;\nREVOKE ALL ON t FROM PUBLIC;\n"
                             "ALTER DEFAULT PRIVILEGES FOR ROLE carl IN SCHEMA s GRANT SELECT ON TABLES TO ada;\n"
                             "ALTER DEFAULT PRIVILEGES FOR ROLE ada GRANT SELECT ON TABLES TO ada WITH GRANT OPTION;\n"
                             "ALTER TABLE t ALTER c SET DEFAULT ' OWNER TO x';\n";
  g_autoptr(GHashTable) owners = make_set ("ada");
  g_autoptr(TideRestoreFilter) self = tide_restore_filter_new (owners, owners, FALSE, FALSE);
  g_autoptr(TideRestoreFilter) none = tide_restore_filter_new (NULL, NULL, TRUE, TRUE);
  g_autoptr(GError) error = NULL;
  g_autofree char *out = filter (self, text, 11, &error);
  g_autofree char *less = filter (none, text, 11, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (out, ==, "\nALTER TABLE t OWNER TO ada;\n\nGRANT SELECT ON TABLE t TO ada WITH GRANT OPTION;\n"
                            "REVOKE ALL ON t FROM PUBLIC;\n\n"
                            "ALTER DEFAULT PRIVILEGES FOR ROLE ada GRANT SELECT ON TABLES TO ada WITH GRANT OPTION;\nALTER TABLE t ALTER c SET DEFAULT ' OWNER TO x';\n");
  g_assert_cmpstr (less, ==, "\n\n\n\n\n\n\nALTER TABLE t ALTER c SET DEFAULT ' OWNER TO x';\n");
  g_assert_cmpuint (g_hash_table_size (tide_restore_filter_get_missing_owners (self)), ==, 1);
  g_assert_true (g_hash_table_contains (tide_restore_filter_get_missing_owners (self), "the \"boss"));
  g_assert_cmpuint (g_hash_table_size (tide_restore_filter_get_missing_grantees (self)), ==, 2);
}

/* The schema alone, also of a dump that was made with --inserts */
static void
test_rows_left_out (void)
{
  static const char text[] = "CREATE TABLE t (i int);\nINSERT INTO t VALUES (1);\nCOPY t (i) FROM stdin;\n2\n\\.\n"
                             "SELECT pg_catalog.lowrite(0, '\\x00');\nSELECT pg_catalog.set_config('search_path', '', false);\n";
  g_autoptr(TideRestoreFilter) self = tide_restore_filter_new (NULL, NULL, FALSE, FALSE);
  g_autoptr(GError) error = NULL;
  g_autofree char *out = NULL;

  tide_restore_filter_leave_rows_out (self);
  out = filter (self, text, 7, &error);
  g_assert_no_error (error);
  g_strdelimit (out, "\n", ' ');
  g_assert_cmpstr (g_strstrip (out), ==, "CREATE TABLE t (i int);      SELECT pg_catalog.set_config('search_path', '', false);");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/restore-filter/same", test_same);
  g_test_add_func ("/restore-filter/left-out", test_left_out);
  g_test_add_func ("/restore-filter/refused", test_refused);
  g_test_add_func ("/restore-filter/cut-short", test_cut_short);
  g_test_add_func ("/restore-filter/zero", test_zero);
  g_test_add_func ("/restore-filter/roles", test_roles);
  g_test_add_func ("/restore-filter/rows-left-out", test_rows_left_out);
  return g_test_run ();
}
