/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-format"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "widgets/tide-format.h"

#define LINE_CHARS 1000

#define MINUTE 60
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define MONTH  (30 * DAY)
#define YEAR   (365 * DAY)

/**
 * tide_format_duration:
 * @microseconds: how long; negative when unknown
 *
 * Returns: (transfer full): the length in the unit that suits it
 */
char *
tide_format_duration (gint64 microseconds)
{
  gint64 seconds = microseconds / G_USEC_PER_SEC;

  if (microseconds < 0)
    return g_strdup ("");
  if (microseconds < G_USEC_PER_SEC)
    return g_strdup_printf (_("%d ms"), (int) ((microseconds + 999) / 1000));
  if (seconds < MINUTE)
    return g_strdup_printf (_("%.1f s"), microseconds / (double) G_USEC_PER_SEC);
  if (seconds < HOUR)
    return g_strdup_printf (_("%d min %d s"), (int) (seconds / MINUTE), (int) (seconds % MINUTE));
  return g_strdup_printf (_("%d h %d min"), (int) (seconds / HOUR), (int) (seconds % HOUR / MINUTE));
}

/**
 * tide_format_ago:
 * @when: microseconds since the epoch
 *
 * Returns: (transfer full): how long ago that is, roughly, as a person would say it
 */
char *
tide_format_ago (gint64 when)
{
  gint64 seconds = (g_get_real_time () - when) / G_USEC_PER_SEC;
  gulong n;

  if (seconds < MINUTE)
    return g_strdup (_("just now"));
  if (seconds < HOUR)
    {
      n = seconds / MINUTE;
      return g_strdup_printf (g_dngettext (NULL, "%lu minute ago", "%lu minutes ago", n), n);
    }
  if (seconds < DAY)
    {
      n = seconds / HOUR;
      return g_strdup_printf (g_dngettext (NULL, "%lu hour ago", "%lu hours ago", n), n);
    }
  if (seconds < MONTH)
    {
      n = seconds / DAY;
      return g_strdup_printf (g_dngettext (NULL, "%lu day ago", "%lu days ago", n), n);
    }
  if (seconds < YEAR)
    {
      n = seconds / MONTH;
      return g_strdup_printf (g_dngettext (NULL, "%lu month ago", "%lu months ago", n), n);
    }
  n = seconds / YEAR;
  return g_strdup_printf (g_dngettext (NULL, "%lu year ago", "%lu years ago", n), n);
}

/**
 * tide_format_moment:
 * @when: microseconds since the epoch
 *
 * Returns: (transfer full): that moment in the local time zone
 */
char *
tide_format_moment (gint64 when)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (when / G_USEC_PER_SEC);

  return time ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S") : g_strdup ("");
}

/**
 * tide_format_start:
 * @text: (nullable): valid or not
 * @most: how many characters there is room for
 *
 * Returns: (transfer full): the first words of @text, in one line; "" where it has none
 */
char *
tide_format_start (const char *text,
                   guint       most)
{
  g_autofree char *valid = g_strstrip (g_utf8_make_valid (text ? text : "", -1));
  GString *line = g_string_new (NULL);
  const char *at = valid;
  gboolean space = FALSE;
  guint n = 0;

  for (; *at != '\0' && n < most; at = g_utf8_next_char (at))
    {
      gboolean was_space = space;

      space = g_unichar_isspace (g_utf8_get_char (at));
      if (space && was_space)
        continue;
      g_string_append_len (line, space ? " " : at, space ? 1 : g_utf8_next_char (at) - at);
      n++;
    }
  if (*at != '\0')
    {
      g_string_truncate (line, g_utf8_offset_to_pointer (line->str, most - 1) - line->str);
      g_string_append (line, "…");
    }
  return g_string_free (line, FALSE);
}

/**
 * tide_format_lines:
 * @text: (nullable): valid UTF-8 or not
 * @most: bytes
 *
 * Returns: (transfer full): @text with its long lines broken, at a space where there is one, and cut behind @most bytes
 */
char *
tide_format_lines (const char *text,
                   gsize       most)
{
  g_autofree char *valid = g_utf8_make_valid (text ? text : "", -1);
  GString *lines = g_string_new (NULL);
  const char *at = valid;
  guint n = 0;

  for (; *at != '\0' && (gsize) (at - valid) < most; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (n >= LINE_CHARS)
        {
          g_string_append_c (lines, '\n');
          n = 0;
        }
      g_string_append_len (lines, at, g_utf8_next_char (at) - at);
      n = character == '\n' ? 0 : n >= LINE_CHARS * 9 / 10 && g_unichar_isspace (character) ? LINE_CHARS : n + 1;
    }
  if (*at != '\0')
    g_string_append (lines, "…");
  return g_string_free (lines, FALSE);
}
