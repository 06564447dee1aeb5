/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-console"

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "tide-console.h"
#include "tide-error.h"

#define PROGRESS_INTERVAL_MS 100
#define ERASE_LINE "\r\033[K"

struct _TideConsole
{
  GMutex    mutex; /* what follows, and the terminal's line */
  GString  *out;
  gboolean  quiet;
  gboolean  colour_out;
  gboolean  colour_err;
  gboolean  terminal_err;
  gboolean  progress_drawn;
  int       write_errno; /* of stdout; 0: none yet */

  /* Main thread only */
  TideJob  *job;
  guint     timer;
};

static const char *const style_codes[] = {
  [TIDE_STYLE_PLAIN] = "",
  [TIDE_STYLE_STRONG] = "\033[1m",
  [TIDE_STYLE_DIM] = "\033[2m",
  [TIDE_STYLE_GOOD] = "\033[32m",
  [TIDE_STYLE_WARNING] = "\033[33m",
  [TIDE_STYLE_BAD] = "\033[31m",
};

/* A migration's name or a server's message may hold anything; a terminal obeys control
 * characters. */
static void
append_visible (GString    *out,
                const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    {
      guchar c = *p;

      if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
        g_string_append_printf (out, "\\x%02x", c);
      else if (c == 0xc2 && (guchar) p[1] >= 0x80 && (guchar) p[1] <= 0x9f)
        g_string_append_printf (out, "\\u%04x", (guchar) *++p);
      else
        g_string_append_c (out, c);
    }
}

static void
append_styled (GString    *out,
               gboolean    coloured,
               TideStyle   style,
               const char *text)
{
  if (coloured && style != TIDE_STYLE_PLAIN)
    g_string_append (out, style_codes[style]);
  append_visible (out, text);
  if (coloured && style != TIDE_STYLE_PLAIN)
    g_string_append (out, "\033[0m");
}

static gboolean
wants_colour (int fd)
{
  const char *no_color = g_getenv ("NO_COLOR");

  return isatty (fd) && (no_color == NULL || *no_color == '\0') && g_strcmp0 (g_getenv ("TERM"),
                                                                              "dumb") != 0;
}

static void
erase_progress_locked (TideConsole *self)
{
  if (!self->progress_drawn)
    return;
  fputs (ERASE_LINE, stderr);
  self->progress_drawn = FALSE;
}

static gboolean
draw_progress (gpointer user_data)
{
  TideConsole *self = user_data;
  g_autofree char *status = tide_job_dup_status (self->job);
  double fraction = tide_job_get_fraction (self->job);
  g_autoptr(GString) line = g_string_new (ERASE_LINE);

  if (fraction >= 0)
    g_string_append_printf (line, "%3.0f%% ", fraction * 100);
  append_visible (line, status && *status ? status : tide_job_get_title (self->job));

  g_mutex_lock (&self->mutex);
  fputs (line->str, stderr);
  fflush (stderr);
  self->progress_drawn = TRUE;
  g_mutex_unlock (&self->mutex);
  return G_SOURCE_CONTINUE;
}

static void
on_job_log (TideConsole *self,
            const char  *line)
{
  g_autoptr(GString) text = g_string_new (NULL);

  append_visible (text, line);
  g_mutex_lock (&self->mutex);
  erase_progress_locked (self);
  fprintf (stderr, "%s\n", text->str);
  g_mutex_unlock (&self->mutex);
}

/**
 * tide_console_new:
 *
 * Returns: (transfer full): a console on stdout and stderr
 */
TideConsole *
tide_console_new (void)
{
  TideConsole *self = g_new0 (TideConsole, 1);

  g_mutex_init (&self->mutex);
  self->out = g_string_new (NULL);
  self->colour_out = wants_colour (STDOUT_FILENO);
  self->colour_err = wants_colour (STDERR_FILENO);
  self->terminal_err = isatty (STDERR_FILENO);
  return self;
}

/**
 * tide_console_free:
 * @self: (transfer full): the console; what was not flushed is lost
 */
void
tide_console_free (TideConsole *self)
{
  tide_console_watch (self, NULL);
  g_string_free (self->out, TRUE);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * tide_console_set_quiet:
 * @self: the console
 * @quiet: whether to keep progress to itself
 */
void
tide_console_set_quiet (TideConsole *self,
                        gboolean     quiet)
{
  self->quiet = quiet;
}

/**
 * tide_console_print:
 * @self: the console
 * @style: how it looks on a terminal; never the only carrier of a meaning
 * @format: text for a person, in the printf() manner; line ends are the caller's
 *
 * Adds to stdout.
 */
void
tide_console_print (TideConsole *self,
                    TideStyle    style,
                    const char  *format,
                    ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_mutex_lock (&self->mutex);
  append_styled (self->out, self->colour_out, style, text);
  g_mutex_unlock (&self->mutex);
}

/**
 * tide_console_write:
 * @self: the console
 * @text: for stdout as it is: a document for a program
 */
void
tide_console_write (TideConsole *self,
                    const char  *text)
{
  g_mutex_lock (&self->mutex);
  g_string_append (self->out, text);
  g_mutex_unlock (&self->mutex);
}

/**
 * tide_console_warn:
 * @self: the console
 * @style: how @label looks
 * @label: "warning", "error"
 * @text: what a person should know
 *
 * Tells it on stderr, at once.
 */
void
tide_console_warn (TideConsole *self,
                   TideStyle    style,
                   const char  *label,
                   const char  *text)
{
  g_autoptr(GString) line = g_string_new (NULL);

  append_styled (line, self->colour_err, style, label);
  g_string_append (line, ": ");
  append_visible (line, text);
  g_mutex_lock (&self->mutex);
  erase_progress_locked (self);
  fprintf (stderr, "%s\n", line->str);
  g_mutex_unlock (&self->mutex);
}

void
tide_console_tell_notice (TideConsole  *self,
                          const GError *notice)
{
  g_autoptr(GError) shown = g_error_copy (notice);
  TideErrorFields *fields = tide_error_get_fields (shown);
  gboolean warns = g_strcmp0 (fields->severity, "WARNING") == 0;
  g_autofree char *label = g_ascii_strdown (fields->severity ? fields->severity : "notice", -1);
  g_autofree char *text = NULL;

  tide_error_take_string (&fields->context, NULL);
  text = tide_error_dup_text (shown);
  tide_console_warn (self, warns ? TIDE_STYLE_WARNING : TIDE_STYLE_PLAIN, label, text);
}

/**
 * tide_console_ask:
 * @self: the console
 * @format: a question, whose answer is read by the caller
 *
 * Writes to stderr at once; what comes from elsewhere is shown, never obeyed.
 */
void
tide_console_ask (TideConsole *self,
                  const char  *format,
                  ...)
{
  g_autoptr(GString) question = g_string_new (NULL);
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  append_visible (question, text);
  g_mutex_lock (&self->mutex);
  erase_progress_locked (self);
  fputs (question->str, stderr);
  fflush (stderr);
  g_mutex_unlock (&self->mutex);
}

/**
 * tide_console_watch:
 * @self: the console
 * @job: (nullable): the job whose progress to tell from now on; %NULL for none
 *
 * Shows the job's log on stderr, and on a terminal its status as one line that is drawn over. A
 * quiet
 * console shows neither. Main thread.
 */
void
tide_console_watch (TideConsole *self,
                    TideJob     *job)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_set_object (&self->job, job);

  g_mutex_lock (&self->mutex);
  erase_progress_locked (self);
  g_mutex_unlock (&self->mutex);

  if (job == NULL || self->quiet)
    return;
  g_signal_connect_swapped (job, "log", G_CALLBACK (on_job_log), self);
  if (self->terminal_err)
    self->timer = g_timeout_add (PROGRESS_INTERVAL_MS, draw_progress, self);
}

static int
write_all (const char *text,
           gsize       length)
{
  while (length > 0)
    {
      gssize written = write (STDOUT_FILENO, text, length);

      if (written < 0 && errno != EINTR)
        return errno;
      if (written > 0)
        {
          text += written;
          length -= written;
        }
    }
  return 0;
}

/**
 * tide_console_flush:
 * @self: the console
 * @error: return location for a %TIDE_ERROR
 *
 * Writes what stdout got so far. A reader that went away (`| head`) is no failure: the work goes on
 * without an audience.
 *
 * Returns: whether all of it was written, or nobody wants it any more
 */
gboolean
tide_console_flush (TideConsole  *self,
                    GError      **error)
{
  g_mutex_lock (&self->mutex);
  erase_progress_locked (self);
  if (self->write_errno == 0)
    self->write_errno = write_all (self->out->str, self->out->len);
  g_string_truncate (self->out, 0);
  g_mutex_unlock (&self->mutex);

  if (self->write_errno == 0 || self->write_errno == EPIPE)
    return TRUE;
  tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot write to the standard output: %s",
                  g_strerror (self->write_errno));
  return FALSE;
}
