/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Reports for a person: one HTML file that needs nothing else, light or dark as the reader's system is. Everything that
 * comes from elsewhere goes in escaped. */

/* (transfer full): the beginning, up to the heading; @style: (nullable): more CSS */
GString *tide_html_new         (const char *title,
                                const char *style);
/* @length: bytes, or -1 */
void     tide_html_add_text    (GString    *html,
                                const char *text,
                                gssize      length);
/* <@tag>@text</@tag>, on a line of its own */
void     tide_html_add_element (GString    *html,
                                const char *tag,
                                const char *text);
/* (transfer full): the whole */
char    *tide_html_end         (GString    *html);

G_END_DECLS
