/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-array"

#include "config.h"

#include "schema/tide-array.h"

/* The next element, and @text moved behind it; NULL at the end */
static char *
next_element (const char **text)
{
  GString *element;
  gboolean is_quoted = FALSE;
  const char *p = *text;

  if (*p == '{' || *p == ',')
    p++;
  if (*p == '}' || *p == '\0')
    return NULL;
  element = g_string_new (NULL);
  for (; *p != '\0' && (is_quoted || (*p != ',' && *p != '}')); p++)
    if (*p == '"')
      is_quoted = !is_quoted;
    else
      g_string_append_c (element, *p == '\\' && p[1] != '\0' ? *++p : *p);
  *text = p;
  return g_string_free (element, FALSE);
}

GPtrArray *
tide_array_parse (const char *text)
{
  GPtrArray *elements = g_ptr_array_new_with_free_func (g_free);
  char *element;

  while ((element = next_element (&text)) != NULL)
    g_ptr_array_add (elements, element);
  return elements;
}
