/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "project/tide-authorship.h"
#include "support/tide-test.h"

typedef struct
{
  char *folder;
} Fixture;

/* The real git, with nothing of this machine's configuration */
static void G_GNUC_NULL_TERMINATED
run_git (const char *folder,
         ...)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                                                       | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  static int minute;
  g_autofree char *date = g_strdup_printf ("2025-01-01T00:%02d:00Z", minute++);
  const char *argument;
  va_list arguments;

  g_subprocess_launcher_setenv (launcher, "GIT_CONFIG_GLOBAL", "/dev/null", TRUE);
  g_subprocess_launcher_setenv (launcher, "GIT_CONFIG_SYSTEM", "/dev/null", TRUE);
  g_subprocess_launcher_setenv (launcher, "GIT_AUTHOR_DATE", date, TRUE);
  g_subprocess_launcher_setenv (launcher, "GIT_COMMITTER_DATE", date, TRUE);
  g_subprocess_launcher_setenv (launcher, "GIT_AUTHOR_NAME", "Author", TRUE);
  g_subprocess_launcher_setenv (launcher, "GIT_AUTHOR_EMAIL", "a@example.org", TRUE);
  g_subprocess_launcher_setenv (launcher, "GIT_COMMITTER_NAME", "Committer", TRUE);
  g_subprocess_launcher_setenv (launcher, "GIT_COMMITTER_EMAIL", "c@example.org", TRUE);
  g_subprocess_launcher_set_cwd (launcher, folder);

  g_ptr_array_add (argv, (char *) "git");
  va_start (arguments, folder);
  while ((argument = va_arg (arguments, const char *)) != NULL)
    g_ptr_array_add (argv, (char *) argument);
  va_end (arguments);
  g_ptr_array_add (argv, NULL);

  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &error);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

static void
commit (const char *folder,
        const char *author,
        const char *subject)
{
  g_autofree char *who = g_strdup_printf ("%s <%s@example.org>", author, author);

  run_git (folder, "add", "-A", NULL);
  run_git (folder, "commit", "-q", "--author", who, "-m", subject, NULL);
}

static void
add_migration (const char *project,
               const char *path)
{
  g_autofree char *file = g_strconcat (path, "/migration.sql", NULL);
  g_autofree char *sql = g_strdup_printf ("-- %s\n", path);

  tide_test_write_file (project, file, sql, -1);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = tide_test_make_folder ();
  tide_test_write_file (fixture->folder, "prisma/schema.prisma", "", 0);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  tide_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static TideAuthorship *
load (const char *folder)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideProject) project = tide_project_load (folder, &error);
  TideAuthorship *authorship;

  g_assert_no_error (error);
  authorship = tide_authorship_load (project, NULL, &error);
  g_assert_no_error (error);
  return authorship;
}

static void
assert_author (TideAuthorship *authorship,
               const char     *name,
               const char     *author,
               const char     *subject)
{
  const TideCommit *commit = tide_authorship_lookup (authorship, name);

  if (author == NULL)
    {
      g_assert_null (commit);
      return;
    }
  g_assert_nonnull (commit);
  g_assert_cmpstr (commit->author, ==, author);
  g_assert_cmpstr (commit->subject, ==, subject);
  g_assert_cmpuint (strlen (commit->commit), ==, 40);
  g_assert_cmpint (commit->time, >=, 1735689600);
  g_assert_true (g_str_has_suffix (commit->email, "@example.org"));
}

static void
test_history (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(TideAuthorship) authorship = NULL;

  run_git (fixture->folder, "init", "-q", "-b", "main", NULL);
  add_migration (fixture->folder, "prisma/migrations/1_a");
  commit (fixture->folder, "ada", "first");
  add_migration (fixture->folder, "prisma/migrations/2_b");
  tide_test_write_file (fixture->folder, "prisma/migrations/1_a/migration.sql", "-- edited\n", -1);
  commit (fixture->folder, "bob", "second");
  run_git (fixture->folder, "checkout", "-q", "-b", "side", NULL);
  add_migration (fixture->folder, "prisma/migrations/3_c");
  commit (fixture->folder, "cy", "on a branch");
  run_git (fixture->folder, "checkout", "-q", "main", NULL);
  tide_test_write_file (fixture->folder, "README", "x", -1);
  commit (fixture->folder, "dee", "no migration");
  run_git (fixture->folder, "merge", "-q", "--no-ff", "-m", "merge", "side", NULL);
  add_migration (fixture->folder, "prisma/migrations/4_d");

  authorship = load (fixture->folder);
  g_assert_true (tide_authorship_has_repository (authorship));
  assert_author (authorship, "1_a", "ada", "first");
  assert_author (authorship, "2_b", "bob", "second");
  assert_author (authorship, "3_c", "cy", "on a branch");
  assert_author (authorship, "4_d", NULL, NULL);
}

static void
test_moved (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(TideAuthorship) authorship = NULL;

  run_git (fixture->folder, "init", "-q", "-b", "main", NULL);
  add_migration (fixture->folder, "db/prisma/migrations/1_a");
  commit (fixture->folder, "ada", "first");
  add_migration (fixture->folder, "db/prisma/migrations/2_b");
  commit (fixture->folder, "bob", "second");
  run_git (fixture->folder, "mv", "db/prisma/migrations", "prisma/migrations", NULL);
  add_migration (fixture->folder, "prisma/migrations/3_c");
  commit (fixture->folder, "cy", "move");

  authorship = load (fixture->folder);
  assert_author (authorship, "1_a", "ada", "first");
  assert_author (authorship, "2_b", "bob", "second");
  assert_author (authorship, "3_c", "cy", "move");
}

static void
test_shallow_and_worktree (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autofree char *origin = g_build_filename (fixture->folder, "origin", NULL);
  g_autofree char *url = g_strconcat ("file://", origin, NULL);
  g_autofree char *shallow = g_build_filename (fixture->folder, "shallow", NULL);
  g_autofree char *worktree = g_build_filename (fixture->folder, "worktree", NULL);
  g_autoptr(TideAuthorship) cut_off = NULL;
  g_autoptr(TideAuthorship) second = NULL;

  tide_test_write_file (origin, "prisma/schema.prisma", "", 0);
  run_git (origin, "init", "-q", "-b", "main", NULL);
  add_migration (origin, "prisma/migrations/1_a");
  commit (origin, "ada", "first");
  add_migration (origin, "prisma/migrations/2_b");
  commit (origin, "bob", "second");
  add_migration (origin, "prisma/migrations/3_c");
  commit (origin, "cy", "third");
  run_git (fixture->folder, "clone", "-q", "--depth", "2", url, "shallow", NULL);
  run_git (origin, "worktree", "add", "-q", "--detach", worktree, NULL);

  cut_off = load (shallow);
  g_assert_true (tide_authorship_has_repository (cut_off));
  assert_author (cut_off, "1_a", NULL, NULL);
  assert_author (cut_off, "2_b", NULL, NULL);
  assert_author (cut_off, "3_c", "cy", "third");

  second = load (worktree);
  assert_author (second, "2_b", "bob", "second");
}

static void
test_nothing_to_tell (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(TideAuthorship) none = load (fixture->folder);
  g_autoptr(TideAuthorship) unborn = NULL;
  g_autoptr(TideAuthorship) broken = NULL;

  g_assert_false (tide_authorship_has_repository (none));
  assert_author (none, "1_a", NULL, NULL);

  run_git (fixture->folder, "init", "-q", NULL);
  unborn = load (fixture->folder);
  g_assert_true (tide_authorship_has_repository (unborn));
  assert_author (unborn, "1_a", NULL, NULL);

  tide_test_write_file (fixture->folder, ".git/HEAD", "nonsense", -1);
  broken = load (fixture->folder);
  assert_author (broken, "1_a", NULL, NULL);
}

static void
test_other_owner (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(TideAuthorship) authorship = NULL;

  if (geteuid () != 0)
    {
      g_test_skip ("only root can give a folder away");
      return;
    }
  run_git (fixture->folder, "init", "-q", NULL);
  add_migration (fixture->folder, "prisma/migrations/1_a");
  commit (fixture->folder, "ada", "first");
  g_assert_cmpint (chown (fixture->folder, 65534, 65534), ==, 0);

  authorship = load (fixture->folder);
  assert_author (authorship, "1_a", "ada", "first");
}

static void
test_cancelled (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(TideProject) project = NULL;
  g_autoptr(GError) error = NULL;

  run_git (fixture->folder, "init", "-q", NULL);
  add_migration (fixture->folder, "prisma/migrations/1_a");
  commit (fixture->folder, "ada", "first");
  project = tide_project_load (fixture->folder, &error);
  g_assert_no_error (error);
  g_cancellable_cancel (cancellable);
  g_assert_null (tide_authorship_load (project, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/authorship/history", test_history);
  ADD ("/authorship/moved", test_moved);
  ADD ("/authorship/shallow-and-worktree", test_shallow_and_worktree);
  ADD ("/authorship/nothing-to-tell", test_nothing_to_tell);
  ADD ("/authorship/other-owner", test_other_owner);
  ADD ("/authorship/cancelled", test_cancelled);
  return g_test_run ();
}
