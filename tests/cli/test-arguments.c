/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>

#include "tide-arguments.h"
#include "tide-error.h"

static const GOptionEntry globals[] = {
  { "env", 'e', 0, G_OPTION_ARG_FILENAME, NULL, "", "NAME" },
  { "json", 0, 0, G_OPTION_ARG_NONE, NULL, "", NULL },
  { NULL }
};

static const GOptionEntry deploy[] = {
  { "to", 0, 0, G_OPTION_ARG_FILENAME, NULL, "", "NAME" },
  { "lock-timeout", 0, 0, G_OPTION_ARG_INT, NULL, "", "MS" },
  { "only", 0, 0, G_OPTION_ARG_FILENAME, NULL, "", "NAME,..." },
  { NULL }
};

/* (transfer full): what "deploy" makes of a line of words; the command's name goes to @command */
static TideArguments *
parse (const char  *line,
       char       **command,
       GError     **error)
{
  g_auto(GStrv) argv = NULL;
  g_autoptr(TideArguments) self = NULL;
  g_autoptr(GError) local_error = NULL;

  g_assert_true (g_shell_parse_argv (line, NULL, &argv, NULL));
  self = tide_arguments_new (argv);
  *command = tide_arguments_take_command (self, globals, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  return tide_arguments_take (self, globals, deploy, error) ? g_steal_pointer (&self) : NULL;
}

static void
test_places (void)
{
  const char *const lines[] = {
    "ctl --env a --json deploy --to x",
    "ctl deploy --to x --json --env a",
    "ctl --env=b deploy -e a --to=x --json",
    "ctl --json -e a deploy --to w --to x",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *command = NULL;
      g_autoptr(TideArguments) self = parse (lines[i], &command, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (command, ==, "deploy");
      g_assert_cmpstr (tide_arguments_get_text (self, "env"), ==, "a");
      g_assert_cmpstr (tide_arguments_get_text (self, "to"), ==, "x");
      g_assert_true (tide_arguments_get_flag (self, "json"));
      g_assert_cmpuint (tide_arguments_get_n_words (self), ==, 0);
      g_assert_cmpint (tide_arguments_get_number (self, "lock-timeout"), ==, 0);
    }
}

/* What is given again is one more, not another. */
static void
test_lists (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *command = NULL;
  g_autofree char *other_command = NULL;
  g_autoptr(TideArguments) self = parse ("ctl deploy --only a,b --to x --only=c", &command, &error);
  g_autoptr(TideArguments) other = parse ("ctl deploy --to x", &other_command, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (tide_arguments_get_text (self, "only"), ==, "a,b,c");
  g_assert_null (tide_arguments_get_text (other, "only"));
}

static void
test_words (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *command = NULL;
  g_autoptr(TideArguments) self = parse ("ctl deploy - 'a b' --lock-timeout 12 -- --to -x",
                                         &command, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (tide_arguments_get_n_words (self), ==, 4);
  g_assert_cmpstr (tide_arguments_get_word (self, 0), ==, "-");
  g_assert_cmpstr (tide_arguments_get_word (self, 1), ==, "a b");
  g_assert_cmpstr (tide_arguments_get_word (self, 2), ==, "--to");
  g_assert_cmpstr (tide_arguments_get_word (self, 3), ==, "-x");
  g_assert_null (tide_arguments_get_word (self, 4));
  g_assert_null (tide_arguments_get_text (self, "to"));
  g_assert_cmpint (tide_arguments_get_number (self, "lock-timeout"), ==, 12);
}

static void
test_no_command (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *command = NULL;
  g_autoptr(TideArguments) self = parse ("ctl --json", &command, &error);

  g_assert_no_error (error);
  g_assert_null (command);
  g_assert_true (tide_arguments_get_flag (self, "json"));
}

static void
test_wrong (void)
{
  static const struct { const char *line, *message, *hint; } cases[] = {
    { "ctl deploy --tu x", "unknown option \"--tu\"", "did you mean --to?" },
    { "ctl deploy --lock=3", "unknown option \"--lock\"", "did you mean --lock-timeout?" },
    { "ctl deploy --zzzzzz", "unknown option \"--zzzzzz\"", "--help lists the options" },
    { "ctl --jsn deploy", "unknown option \"--jsn\"", "did you mean --json?" },
    { "ctl deploy -z", "unknown option \"-z\"", "--help lists the options" },
    { "ctl deploy --to", "missing argument for --to", NULL },
    { "ctl --env", "missing argument for --env", NULL },
    { "ctl deploy --to --json", "missing argument for --to before \"--json\"", "if \"--json\" is what you mean: --to=--json" },
    { "ctl deploy -e --to x", "missing argument for --env before \"--to\"", "if \"--to\" is what you mean: --env=--to" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *command = NULL;
      g_autoptr(TideArguments) self = parse (cases[i].line, &command, &error);

      g_assert_null (self);
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_USAGE);
      g_assert_cmpstr (error->message, ==, cases[i].message);
      g_assert_cmpstr (tide_error_get_fields (error)->hint, ==, cases[i].hint);
    }
}

static void
test_bad_values (void)
{
  const char *const lines[] = {
    "ctl deploy --lock-timeout ten",
    "ctl deploy --lock-timeout 99999999999999",
    "ctl deploy --to \xff",
    "ctl deploy word\xff",
    "ctl deploy --json=yes",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *command = NULL;
      g_autoptr(TideArguments) self = parse (lines[i], &command, &error);

      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_USAGE);
      g_assert_null (self);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_nearest (void)
{
  const char *const names[] = { "status", "deploy", "resolve", "reset", "scratch", NULL };

  g_assert_cmpstr (tide_arguments_nearest ("stauts", names), ==, "status");
  g_assert_cmpstr (tide_arguments_nearest ("deplyo", names), ==, "deploy");
  g_assert_cmpstr (tide_arguments_nearest ("sc", names), ==, "scratch");
  g_assert_cmpstr (tide_arguments_nearest ("resett", names), ==, "reset");
  g_assert_null (tide_arguments_nearest ("x", names));
  g_assert_null (tide_arguments_nearest ("", names));
  g_assert_null (tide_arguments_nearest ("migrate", names));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/arguments/places", test_places);
  g_test_add_func ("/arguments/words", test_words);
  g_test_add_func ("/arguments/lists", test_lists);
  g_test_add_func ("/arguments/no-command", test_no_command);
  g_test_add_func ("/arguments/wrong", test_wrong);
  g_test_add_func ("/arguments/bad-values", test_bad_values);
  g_test_add_func ("/arguments/nearest", test_nearest);
  return g_test_run ();
}
