/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-html"

#include "config.h"

#include "tide-html.h"

static const char head[] =
  "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\n"
  "<style>\n"
  ":root { color-scheme: light dark; }\n"
  "body { font-family: sans-serif; margin: 2em; }\n"
  "th { text-align: left; padding: .3em .5em; }\n"
  "pre { overflow-x: auto; padding: 1em; border: 1px solid gray; }\n";

GString *
tide_html_new (const char *title,
               const char *style)
{
  GString *html = g_string_new (head);

  g_string_append_printf (html, "%s</style>\n", style ? style : "");
  tide_html_add_element (html, "title", title);
  g_string_append (html, "</head><body>\n");
  tide_html_add_element (html, "h1", title);
  return html;
}

void
tide_html_add_text (GString    *html,
                    const char *text,
                    gssize      length)
{
  g_autofree char *escaped = g_markup_escape_text (text, length);

  g_string_append (html, escaped);
}

void
tide_html_add_element (GString    *html,
                       const char *tag,
                       const char *text)
{
  g_string_append_printf (html, "<%s>", tag);
  tide_html_add_text (html, text, -1);
  g_string_append_printf (html, "</%s>\n", tag);
}

char *
tide_html_end (GString *html)
{
  g_string_append (html, "</body></html>\n");
  return g_string_free (html, FALSE);
}
