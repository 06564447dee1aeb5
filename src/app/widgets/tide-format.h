/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How the window writes times, and what is called by its first words. All (transfer full). */
char *tide_format_duration (gint64 microseconds);      /* "12 ms", "3.4 s", "2 min 5 s"; "" when negative */
char *tide_format_ago      (gint64 when);              /* microseconds since the epoch: "3 days ago" */
char *tide_format_moment   (gint64 when);              /* in the local zone: "2025-11-17 09:41:03" */
char *tide_format_start    (const char *text, guint most); /* as many characters of it, in one line: "select * from car…" */
/* Lines of a thousand characters at most: to wrap a line takes GTK the square of its length, so that one of
 * 100,000 stops the window for a minute. Cut with dots behind @most bytes. */
char *tide_format_lines    (const char *text, gsize most);

G_END_DECLS
