/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "project/tide-dotenv.h"
#include "tide-error.h"

static void
free_error (gpointer error)
{
  g_error_free (error);
}

/* What the npm package dotenv makes of each, as NAME=<value> joined by newlines */
static const struct
{
  const char *text;
  const char *expected;
  guint       n_warnings;
} cases[] = {
  { "", "", 0 },
  { "A=1\nB = 2 \n  C=3", "A=<1>\nB=<2>\nC=<3>", 0 },
  { "export A=1\n export\tB=2", "A=<1>\nB=<2>", 0 },
  { "A: 1", "A=<1>", 0 },
  { "A=\nB=", "A=<>\nB=<>", 0 },
  { "# c\n\n  # d\nA=1 # e\nB='1 # f' # g\nC=a#b", "A=<1>\nB=<1 # f>\nC=<a>", 0 },
  { "A='it\\'s'\nB=\"a \\\"b\\\"\"\nC=`x'\"y`", "A=<it\\'s>\nB=<a \\\"b\\\">\nC=<x'\"y>", 0 },
  { "A=\"x\\ny\"\nB='x\\ny'", "A=<x\ny>\nB=<x\\ny>", 0 },
  { "A=\"x\ny\nz\"\nB=1", "A=<x\ny\nz>\nB=<1>", 0 },
  { "A='{\n  \"a\": 1\n}'", "A=<{\n  \"a\": 1\n}>", 0 },
  { "A=1\r\nB=2\rC=3\r\n", "A=<1>\nB=<2>\nC=<3>", 0 },
  { "\xEF\xBB\xBF" "A=1", "A=<1>", 0 },
  { "A=1\nB=2\nA=3", "A=<3>\nB=<2>", 0 },
  { "A.b-C_1=x", "A.b-C_1=<x>", 0 },
  { "A=postgresql://u:p%40w@h:5432/d?schema=public&x=y", "A=<postgresql://u:p%40w@h:5432/d?schema=public&x=y>", 0 },
  { "nonsense\nA=1\n= 2\n", "A=<1>", 2 },
  { "A=\"open\nB=2", "A=<\"open>\nB=<2>", 1 },
  { "A=caf\xE9", "A=<caf\xEF\xBF\xBD>", 0 },
  { "A=\xF0\x9F\x98\x80 '\xC3\xA9'", "A=<\xF0\x9F\x98\x80 '\xC3\xA9'>", 0 },
};

static void
test_values (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (free_error);
      g_autoptr(GPtrArray) entries = tide_dotenv_parse (cases[i].text, -1, ".env", warnings);
      g_autoptr(GString) got = g_string_new (NULL);

      g_test_message ("case %u", i);
      for (guint k = 0; k < entries->len; k++)
        {
          TideDotenvEntry *entry = g_ptr_array_index (entries, k);

          g_string_append_printf (got, "%s%s=<%s>", k ? "\n" : "", entry->name, entry->value);
        }
      g_assert_cmpstr (got->str, ==, cases[i].expected);
      g_assert_cmpuint (warnings->len, ==, cases[i].n_warnings);
    }
}

static void
test_lines (void)
{
  const char *text = "\n# c\nA=1\n\nsecret words\nB=\"x\ny\"\nC=2\n\nD='open";
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (free_error);
  g_autoptr(GPtrArray) entries = tide_dotenv_parse (text, -1, "x/.env", warnings);
  static const int lines[] = { 3, 6, 8, 10 };
  static const int warned[] = { 5, 10 };

  g_assert_cmpuint (entries->len, ==, G_N_ELEMENTS (lines));
  for (guint i = 0; i < entries->len; i++)
    g_assert_cmpint (((TideDotenvEntry *) g_ptr_array_index (entries, i))->line, ==, lines[i]);
  g_assert_cmpuint (warnings->len, ==, G_N_ELEMENTS (warned));
  for (guint i = 0; i < warnings->len; i++)
    {
      const GError *warning = g_ptr_array_index (warnings, i);

      g_assert_cmpint (tide_error_get_fields (warning)->line, ==, warned[i]);
      g_assert_cmpstr (tide_error_get_fields (warning)->file, ==, "x/.env");
      g_assert_null (strstr (warning->message, "secret"));
    }
}

static const char *
lookup (const char *name,
        gpointer    user_data)
{
  return strcmp (name, "OUTSIDE") == 0 ? "from outside" : NULL;
}

static void
test_expansion (void)
{
  static const struct { const char *value, *expected; } expansions[] = {
    { "${USER}:${PASS}@h", "u:p@h" },
    { "${NONE}x", "x" },
    { "\\${USER}", "${USER}" },
    { "$USER ${ USER } ${", "$USER ${ USER } ${" },
    { "${OUTSIDE}", "from outside" },
    { "${URL}", "u:p@h/d" },
    { "${}", "" },
  };
  g_autoptr(GPtrArray) entries = tide_dotenv_parse ("USER=u\nPASS=p\nURL=${USER}:${PASS}@h/d\nOUTSIDE=no\nX=${Y}${Y}\nY=${X}${X}",
                                                    -1, ".env", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (expansions); i++)
    {
      g_autofree char *value = tide_dotenv_expand (expansions[i].value, entries, lookup, NULL);

      g_assert_cmpstr (value, ==, expansions[i].expected);
    }
  g_free (tide_dotenv_expand ("${X}", entries, NULL, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dotenv/values", test_values);
  g_test_add_func ("/dotenv/lines", test_lines);
  g_test_add_func ("/dotenv/expansion", test_expansion);
  return g_test_run ();
}
