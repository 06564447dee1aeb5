/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-tool"

#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "backup/tide-backup-said.h"
#include "backup/tide-backup-tool.h"
#include "tide-error.h"

static gboolean
is_secret (const char *keyword)
{
  return g_str_equal (keyword, "password") || g_str_equal (keyword, "sslpassword");
}

/**
 * tide_backup_tool_dup_dbname:
 * @conninfo: how to reach a database
 *
 * Returns: (transfer full): all its keywords but the secret ones, as libpq reads them:
 *   https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE
 */
char *
tide_backup_tool_dup_dbname (TideConninfo *conninfo)
{
  g_auto(GStrv) keywords = tide_conninfo_list_keywords (conninfo);
  GString *text = g_string_new (NULL);

  for (guint i = 0; keywords[i] != NULL; i++)
    {
      if (is_secret (keywords[i]))
        continue;
      g_string_append_printf (text, "%s%s='", text->len ? " " : "", keywords[i]);
      for (const char *c = tide_conninfo_get (conninfo, keywords[i]); *c != '\0'; c++)
        g_string_append_printf (text, *c == '\'' || *c == '\\' ? "\\%c" : "%c", *c);
      g_string_append_c (text, '\'');
    }
  return g_string_free (text, FALSE);
}

/* Where the password comes from for our own sessions: the connection's, else the environment's. The children do not get the latter. */
static const char *
find_password (TideConninfo *conninfo)
{
  const char *password = tide_conninfo_get (conninfo, "password");

  return password != NULL ? password : g_getenv ("PGPASSWORD");
}

static gboolean
write_all (int         fd,
           const char *data,
           gsize       length)
{
  while (length > 0)
    {
      gssize n = write (fd, data, length);

      if (n < 0 && errno != EINTR)
        return FALSE;
      data += MAX (n, 0);
      length -= MAX (n, 0);
    }
  return TRUE;
}

/* One line that fits every server: https://www.postgresql.org/docs/current/libpq-pgpass.html */
static gboolean
write_passfile (int         fd,
                const char *password)
{
  g_autoptr(GString) line = g_string_sized_new (2 * strlen (password) + 16); /* never grows, so leaves no copy behind */
  gboolean written;

  g_string_append (line, "*:*:*:*:");
  for (const char *c = password; *c != '\0'; c++)
    {
      if (*c == ':' || *c == '\\')
        g_string_append_c (line, '\\');
      g_string_append_c (line, *c);
    }
  g_string_append_c (line, '\n');
  written = write_all (fd, line->str, line->len);
  explicit_bzero (line->str, line->len);
  return written;
}

/* Returns: a descriptor of a file without a name that the child alone can open again; -1 with @error set */
static int
make_passfile (const char  *password,
               GError     **error)
{
  int fd;

  if (strchr (password, '\n') != NULL)
    {
      tide_set_error (error, TIDE_ERROR_UNSUPPORTED, "choose a password of one line",
                      "PostgreSQL's programs cannot read a password that holds a line break");
      return -1;
    }
  fd = memfd_create ("passfile", MFD_CLOEXEC);
  if (fd >= 0 && fchmod (fd, 0600) == 0 && write_passfile (fd, password))
    return fd;
  tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot keep the password in memory for a program: %s", g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

/* What programs need of ours: how libpq connects (but no password), where they find themselves, and the person's files.
 * DATABASE_URL and its like stay here. */
static gboolean
is_handed_down (const char *name)
{
  static const char *const names[] = {
    "PATH", "HOME", "TZ", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "KRB5CCNAME", "KRB5_CONFIG",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "USER", "LOGNAME", NULL
  };

  return g_strv_contains (names, name) || (g_str_has_prefix (name, "PG") && !g_str_equal (name, "PGPASSWORD"));
}

static char **
make_environment (const char *const *extra,
                  int                passfile)
{
  g_auto(GStrv) inherited = g_listenv ();
  char **environment = g_new0 (char *, 1);

  for (guint i = 0; inherited[i] != NULL; i++)
    if (is_handed_down (inherited[i]))
      environment = g_environ_setenv (environment, inherited[i], g_getenv (inherited[i]), TRUE);
  /* Their words are read by us. */
  environment = g_environ_setenv (environment, "LC_MESSAGES", "C", TRUE);
  environment = g_environ_unsetenv (environment, "LC_ALL");
  for (guint i = 0; extra != NULL && extra[i] != NULL; i++)
    {
      g_auto(GStrv) pair = g_strsplit (extra[i], "=", 2);
      environment = g_environ_setenv (environment, pair[0], pair[1] ? pair[1] : "", TRUE);
    }
  if (passfile >= 0)
    {
      g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", passfile);
      environment = g_environ_setenv (environment, "PGPASSFILE", path, TRUE);
    }
  return environment;
}

static GPtrArray *
add_dbname (const char *const *argv,
            TideConninfo      *conninfo)
{
  g_autofree char *dbname = conninfo ? tide_backup_tool_dup_dbname (conninfo) : NULL;
  GPtrArray *all = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (all, g_strdup (argv[0]));
  if (dbname != NULL)
    {
      /* Never a question on the terminal that nobody would see. */
      g_ptr_array_add (all, g_strdup ("--no-password"));
      g_ptr_array_add (all, g_strconcat ("--dbname=", dbname, NULL));
    }
  for (guint i = 1; argv[i] != NULL; i++)
    g_ptr_array_add (all, g_strdup (argv[i]));
  g_ptr_array_add (all, NULL);
  return all;
}

/**
 * tide_backup_tool_run:
 * @argv: (array zero-terminated=1): a client program of PostgreSQL and its arguments, without the connection
 * @conninfo: (nullable): the database it works on, %NULL when it works on files alone; its schema, read-only mode and start-up SQL do not count
 * @options: (nullable): as for tide_tool_run(); @environment is added to what is handed down, @bare is ours, and where there is a @conninfo
 *   @descriptors, too
 * @cancellable: (nullable): kills it
 * @error: as for tide_tool_run(); %TIDE_ERROR_UNSUPPORTED for secrets that cannot be handed over
 *
 * Runs it with the connection of our own sessions. No secret is on its command line, in its environment or on a disk: the
 * password is in a memory file that it inherits.
 *
 * Returns: (transfer full) (nullable): what it wrote on stdout
 */
char *
tide_backup_tool_run (const char *const      *argv,
                      TideConninfo           *conninfo,
                      const TideToolOptions  *options,
                      GCancellable           *cancellable,
                      GError                **error)
{
  const char *password = conninfo ? find_password (conninfo) : NULL;
  TideToolOptions own = { 0 };
  g_autoptr(GPtrArray) all = NULL;
  g_auto(GStrv) environment = NULL;
  int descriptors[2] = { -1, -1 };
  char *out;

  g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);

  if (conninfo != NULL && tide_conninfo_get (conninfo, "sslpassword") != NULL)
    {
      tide_set_error (error, TIDE_ERROR_UNSUPPORTED, "use a key without a passphrase, in a file that only you can read",
                      "the passphrase of the client's key cannot be handed to PostgreSQL's programs in private");
      return NULL;
    }
  if (password != NULL && (descriptors[0] = make_passfile (password, error)) < 0)
    return NULL;

  if (options != NULL)
    own = *options;
  all = add_dbname (argv, conninfo);
  environment = make_environment (own.environment, descriptors[0]);
  own.environment = (const char *const *) environment;
  own.bare = TRUE;
  if (conninfo != NULL)
    own.descriptors = descriptors;
  out = tide_tool_run ((const char *const *) all->pdata, &own, cancellable, error);
  if (descriptors[0] >= 0)
    close (descriptors[0]);
  return out;
}

/* (transfer full) (nullable): its version, as it tells it */
static char *
dup_said (const char  *path,
          GError     **error)
{
  char *said = tide_backup_said_dup (path);

  if (said != NULL)
    return said;
  said = tide_backup_tool_run ((const char *[]) { path, "--version", NULL }, NULL, NULL, NULL, error);
  if (said != NULL)
    tide_backup_said_keep (path, said);
  return said;
}

/**
 * tide_backup_tool_find:
 * @name: `pg_dump`, `pg_restore`, `pg_dumpall`, `psql`
 * @major: the least major version; the nearest to it is taken; 0 for the newest that is there
 * @version: (out) (optional) (transfer full): what it says of itself, without the packager's words
 * @error: %TIDE_ERROR_NOT_FOUND with what to install
 *
 * pg_dump refuses servers that are newer than itself; pg_restore refuses archives of newer ones.
 *
 * Returns: (transfer full) (nullable): its full path
 */
char *
tide_backup_tool_find (const char  *name,
                       int          major,
                       char       **version,
                       GError     **error)
{
  g_autofree char *path = tide_tool_find (name, major, error);
  g_autofree char *out = path ? dup_said (path, error) : NULL;
  const char *number = out ? strstr (out, "(PostgreSQL) ") : NULL;

  if (out == NULL)
    return NULL;
  if (number == NULL || g_ascii_strtoll (number + strlen ("(PostgreSQL) "), NULL, 10) < major)
    {
      g_autofree char *hint = tide_tool_dup_install_hint (FALSE, major);
      g_autofree char *more = g_strdup_printf ("install the client programs of PostgreSQL %d or newer: %s; https://www.postgresql.org/download "
                                               "has those that your system lacks; where they are already, name their folder in "
                                               "TIDEMARK_PG_BINDIR", major, hint);

      tide_set_error (error, TIDE_ERROR_NOT_FOUND, more, "\"%s\" is too old for PostgreSQL %d: %s", name, major,
                      g_strchomp (out));
      return NULL;
    }
  if (version != NULL)
    {
      const char *end = strchr (number + strlen ("(PostgreSQL) "), ' ');

      *version = g_strchomp (end ? g_strndup (out, end - out) : g_strdup (out));
    }
  return g_steal_pointer (&path);
}
