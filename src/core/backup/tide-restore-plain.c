/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-plain"

#include "config.h"

#include <glib/gi18n.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "backup/tide-backup-tool.h"
#include "backup/tide-restore-filter.h"
#include "backup/tide-restore-private.h"
#include "backup/tide-restore-stream.h"
#include "tide-error.h"

#define PIECE_SIZE (256 * 1024)

/* Two threads: one reads, judges and writes into psql's stdin, the caller's waits for psql. */
typedef struct
{
  TideRestoreLoad   *load;
  const char        *path;   /* where the text is read */
  TideBackupFormat   format;
  TideRestoreFilter *filter;
  GCancellable      *stop;   /* ends psql: before it could see the end of its input */
  int                fd;     /* psql's stdin */
  GError            *error;  /* of the reading side */
  GString           *words;  /* what psql said */
} Feed;

/* FALSE: psql has gone, and knows better why. */
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

static gboolean
feed_all (Feed    *feed,
          GError **error)
{
  g_autoptr(TideRestoreStream) stream = tide_restore_stream_open (feed->path, feed->format, error);
  g_autofree char *buffer = g_malloc (PIECE_SIZE);
  g_autoptr(GString) out = g_string_sized_new (PIECE_SIZE * 2);
  gssize n;

  if (stream == NULL)
    return FALSE;
  while ((n = tide_restore_stream_read (stream, buffer, PIECE_SIZE, error)) > 0)
    {
      g_string_truncate (out, 0);
      if (!tide_restore_filter_feed (feed->filter, buffer, n, out, error))
        return FALSE;
      if (!write_all (feed->fd, out->str, out->len))
        return TRUE;
      tide_job_set_fraction (feed->load->job, tide_restore_stream_get_fraction (stream));
    }
  g_string_truncate (out, 0);
  if (n < 0 || !tide_restore_filter_finish (feed->filter, out, error))
    return FALSE;
  /* Said here and not by --single-transaction: that commits at the end of the input, also when we were killed. */
  g_string_append (out, "\nCOMMIT;\n");
  if (write_all (feed->fd, out->str, out->len))
    tide_job_set_status (feed->load->job, _("writing the last of it"));
  close (feed->fd);
  feed->fd = -1;
  return TRUE;
}

static gpointer
feed_thread (gpointer data)
{
  Feed *feed = data;
  sigset_t broken_pipe;

  sigemptyset (&broken_pipe);
  sigaddset (&broken_pipe, SIGPIPE);
  pthread_sigmask (SIG_BLOCK, &broken_pipe, NULL);
  if (!feed_all (feed, &feed->error))
    g_cancellable_cancel (feed->stop);
  return NULL;
}

static void
take_line (const char *line,
           gboolean    is_stderr,
           gpointer    user_data)
{
  Feed *feed = user_data;

  if (is_stderr && feed->words->len < 16384)
    g_string_append_printf (feed->words, "%s\n", line);
}

static gboolean
cancel_cb (GCancellable *cancellable,
           gpointer      stop)
{
  g_cancellable_cancel (stop);
  return TRUE;
}

/* A newer pg_dump writes settings that an older server does not know. */
static char *
dup_hint (Feed *feed)
{
  const char *version = tide_restore_filter_get_version (feed->filter);
  int major = version ? atoi (version) : 0;

  if (strstr (feed->words->str, "invalid command \\restrict") != NULL)
    return g_strdup ("this psql cannot be kept from running commands that a dump hides; update PostgreSQL's client programs");
  if (major > feed->load->server_version / 10000)
    return g_strdup_printf ("it was made by pg_dump %s, which writes for newer servers than this one (%d); restore it into PostgreSQL %d",
                            version, feed->load->server_version / 10000, major);
  if (feed->load->clean && strstr (feed->words->str, "already exists") != NULL)
    return g_strdup ("nothing of it was kept: SQL text makes what it holds, and drops nothing first; restore it beside the "
                     "database or by --swap, or take a backup of another format");
  return g_strdup ("nothing of it was kept; mend the line, or choose another backup");
}

static void
explain_failure (Feed    *feed,
                 GError  *failure,
                 GError **error)
{
  g_autoptr(GRegex) regex = g_regex_new ("^psql:<stdin>:([0-9]+): (?:ERROR|FATAL|error): +(.*)$", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *hint = dup_hint (feed);
  GError *better;

  if (!g_error_matches (failure, TIDE_ERROR, TIDE_ERROR_TOOL))
    {
      g_propagate_error (error, failure);
      return;
    }
  if (g_regex_match (regex, feed->words->str, 0, &match))
    {
      g_autofree char *line = g_match_info_fetch (match, 1);
      g_autofree char *what = g_match_info_fetch (match, 2);
      g_autofree char *rest = NULL;
      int end;

      g_match_info_fetch_pos (match, 0, NULL, &end);
      rest = g_strstrip (g_strdup (feed->words->str + end));
      better = tide_error_new (TIDE_ERROR_SERVER, hint, "\"%s\" cannot be restored: %s", feed->load->backup->path, what);
      tide_error_get_fields (better)->line = atoi (line);
      tide_error_get_fields (better)->file = g_strdup (feed->load->backup->path);
      if (*rest != '\0')
        tide_error_get_fields (better)->detail = g_steal_pointer (&rest);
    }
  else
    better = tide_error_new (TIDE_ERROR_TOOL, hint, "%s", failure->message);
  g_error_free (failure);
  g_propagate_error (error, better);
}

/* psql's own lock goes on first: after \restrict it refuses all its commands, should one have escaped our eye. */
static gboolean
run_psql (Feed        *feed,
          const char  *program,
          int          stdin_fd,
          GError     **error)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *restriction = NULL;
  TideToolOptions options = { .stdin_fd = stdin_fd, .line_func = take_line, .line_data = feed };
  g_autofree char *out = NULL;

  g_strdelimit (uuid, "-", 'x');
  restriction = g_strconcat ("\\restrict ", uuid, NULL);
  out = tide_backup_tool_run ((const char *[]) { program, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
                                                 "--command", restriction, "--command", "BEGIN", "--file=-", NULL },
                              feed->load->conninfo, &options, feed->stop, error);
  return out != NULL;
}

static gboolean
run_feed (Feed        *feed,
          const char  *program,
          GError     **error)
{
  GCancellable *cancellable = feed->load->job ? tide_job_get_cancellable (feed->load->job) : NULL;
  gulong handler = cancellable ? g_cancellable_connect (cancellable, G_CALLBACK (cancel_cb), feed->stop, NULL) : 0;
  GError *failure = NULL;
  GThread *thread;
  int ends[2];
  gboolean done;

  if (pipe2 (ends, O_CLOEXEC) != 0)
    {
      tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot make a pipe: %s", g_strerror (errno));
      g_cancellable_disconnect (cancellable, handler);
      return FALSE;
    }
  feed->fd = ends[1];
  thread = g_thread_new ("restore-feed", feed_thread, feed);
  done = run_psql (feed, program, ends[0], &failure);
  close (ends[0]);
  g_thread_join (thread);
  if (feed->fd >= 0)
    close (feed->fd);
  g_cancellable_disconnect (cancellable, handler);

  if (feed->error != NULL)
    {
      tide_error_take_string (&tide_error_get_fields (feed->error)->file, g_strdup (feed->load->backup->path));
      g_propagate_error (error, g_steal_pointer (&feed->error));
      g_clear_error (&failure);
      return FALSE;
    }
  if (!done)
    explain_failure (feed, failure, error);
  return done;
}

gboolean
tide_restore_load_text (TideRestoreLoad   *load,
                        const char        *path,
                        TideBackupFormat   format,
                        GError           **error)
{
  g_autofree char *program = tide_backup_tool_find ("psql", 0, NULL, error);
  g_autoptr(TideRestoreFilter) filter = NULL;
  g_autoptr(GCancellable) stop = g_cancellable_new ();
  g_autoptr(GString) words = g_string_new (NULL);
  Feed feed = { .load = load, .path = path, .format = format, .stop = stop, .words = words, .fd = -1 };
  gboolean done;

  if (program == NULL)
    return FALSE;
  filter = tide_restore_filter_new (load->owners, load->grantees, load->no_owner, load->no_privileges);
  feed.filter = filter;
  done = run_feed (&feed, program, error);
  if (done)
    tide_restore_tell_missing (load, tide_restore_filter_get_missing_owners (filter),
                               tide_restore_filter_get_missing_grantees (filter));
  return done;
}

/**
 * tide_restore_load_plain:
 * @load: what to restore, a plain dump, and where
 * @error: %TIDE_ERROR_SERVER with the line that failed; what tide_restore_filter_feed() says
 *
 * Runs the text in one transaction: nothing of it is kept unless all of it is.
 *
 * Returns: whether it is all there
 */
gboolean
tide_restore_load_plain (TideRestoreLoad  *load,
                         GError          **error)
{
  return tide_restore_load_text (load, load->backup->path, load->backup->format, error);
}
