/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-run-journal"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "connect/tide-url.h"
#include "runbook/tide-run-journal.h"
#include "tide-error.h"

/* A password of one or two letters is in every other word. */
#define SHORTEST_SECRET 3
#define HIDDEN "***"
#define MOST_RUNS_A_SECOND 100

struct _TideRunJournal
{
  GMutex  lock;
  int     fd;
  char   *path;
  char   *name;
  char   *secret;
  char   *problem;
};

/* @taken: (out): there is such a file; another second, another name */
static int
create (const char *path,
        gboolean   *taken)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);

  *taken = fd < 0 && errno == EEXIST;
  return fd;
}

TideRunJournal *
tide_run_journal_new (const char  *folder,
                      const char  *secret,
                      GError     **error)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *stem = g_date_time_format (now, "migration_%Y%m%d_%H%M%S");
  g_autoptr(TideRunJournal) self = g_new0 (TideRunJournal, 1);
  gboolean taken = TRUE;

  g_mutex_init (&self->lock);
  self->fd = -1;
  if (g_mkdir_with_parents (folder, 0755) == 0)
    for (guint i = 1; taken && i <= MOST_RUNS_A_SECOND; i++)
      {
        g_autofree char *file = NULL;

        g_free (self->name);
        g_free (self->path);
        self->name = i == 1 ? g_strdup (stem) : g_strdup_printf ("%s_%u", stem, i);
        file = g_strconcat (self->name, ".log", NULL);
        self->path = g_build_filename (folder, file, NULL);
        self->fd = create (self->path, &taken);
      }
  if (self->fd < 0 || flock (self->fd, LOCK_EX | LOCK_NB) != 0)
    {
      int reason = errno;

      tide_set_error (error, TIDE_ERROR_FAILED, "make the folder writable: nothing is run that leaves no trace",
                      "cannot write a journal in \"%s\": %s", folder, g_strerror (reason));
      return NULL;
    }
  if (secret != NULL && g_utf8_strlen (secret, -1) >= SHORTEST_SECRET)
    self->secret = g_strdup (secret);
  return g_steal_pointer (&self);
}

void
tide_run_journal_free (TideRunJournal *self)
{
  if (self->fd >= 0)
    {
      fsync (self->fd);
      close (self->fd);
    }
  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_free (self->name);
  g_free (self->secret);
  g_free (self->problem);
  g_free (self);
}

const char *
tide_run_journal_get_path (TideRunJournal *self)
{
  return self->path;
}

const char *
tide_run_journal_get_name (TideRunJournal *self)
{
  return self->name;
}

const char *
tide_run_journal_get_problem (TideRunJournal *self)
{
  return self->problem;
}

/* What a terminal would obey, when somebody looks at the file with cat */
static GString *
show_controls (const char *text)
{
  GString *shown = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\n' || c == '\t' || !g_unichar_iscntrl (c))
        g_string_append_unichar (shown, c);
      else
        g_string_append_printf (shown, "\\x%02x", c);
    }
  return shown;
}

char *
tide_run_journal_clean (TideRunJournal *self,
                        const char     *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *redacted = tide_url_redact (valid);
  GString *clean = show_controls (redacted);

  if (self->secret != NULL)
    g_string_replace (clean, self->secret, HIDDEN, 0);
  return g_string_free (clean, FALSE);
}

static void
write_all (TideRunJournal *self,
           const char     *bytes,
           gsize           size)
{
  while (size > 0)
    {
      gssize written = write (self->fd, bytes, size);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        {
          if (self->problem == NULL)
            self->problem = g_strdup_printf ("the journal \"%s\" is not whole: %s", self->path, g_strerror (errno));
          return;
        }
      bytes += written;
      size -= written;
    }
}

void
tide_run_journal_write (TideRunJournal *self,
                        const char     *tag,
                        const char     *text)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *second = g_date_time_format (now, "%Y-%m-%d %H:%M:%S");
  g_autofree char *zone = g_date_time_format (now, "%:z");
  g_autofree char *clean = tide_run_journal_clean (self, text);
  g_auto(GStrv) lines = g_strsplit (clean, "\n", -1);
  g_autoptr(GString) block = g_string_new (NULL);
  g_autoptr(GMutexLocker) locker = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (block, "%s.%03d%s [%s] %s\n", second, g_date_time_get_microsecond (now) / 1000, zone, tag, lines[i]);
  locker = g_mutex_locker_new (&self->lock);
  write_all (self, block->str, block->len);
}
