/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-value-text"

#include "config.h"

#include "query/tide-value-text.h"

#define DEEPEST 64

static void
break_line (GString *out,
            int      depth)
{
  g_string_append_c (out, '\n');
  for (int i = 0; i < MIN (depth, DEEPEST); i++)
    g_string_append (out, "  ");
}

static gsize
skip_space (const char *text,
            gsize       length,
            gsize       at)
{
  while (at < length && g_ascii_isspace (text[at]))
    at++;
  return at;
}

/* Returns where the string ends, its closing quote included */
static gsize
skip_string (const char *text,
             gsize       length,
             gsize       at)
{
  for (at++; at < length && text[at] != '"'; at++)
    {
      if (text[at] == '\\')
        at++;
    }
  return MIN (at + 1, length);
}

char *
tide_value_lay_out_json (const char *text,
                         gsize       length)
{
  GString *out = g_string_sized_new (length + length / 4);
  int depth = 0;
  gsize next;

  for (gsize at = 0; at < length; at = next)
    {
      char c = text[at];

      next = at + 1;
      if (c == '"')
        {
          next = skip_string (text, length, at);
          g_string_append_len (out, text + at, next - at);
        }
      else if (c == '{' || c == '[')
        {
          g_string_append_c (out, c);
          next = skip_space (text, length, next);
          if (next < length && (text[next] == '}' || text[next] == ']'))
            g_string_append_c (out, text[next++]);
          else
            break_line (out, ++depth);
        }
      else if (c == '}' || c == ']')
        {
          break_line (out, --depth);
          g_string_append_c (out, c);
        }
      else if (c == ',')
        {
          g_string_append_c (out, c);
          break_line (out, depth);
        }
      else if (c == ':')
        g_string_append (out, ": ");
      else if (!g_ascii_isspace (c))
        g_string_append_c (out, c);
    }
  return g_string_free (out, FALSE);
}

GBytes *
tide_value_read_bytea (const char *text,
                       gsize       length)
{
  g_autofree guint8 *bytes = NULL;

  if (length < 2 || text[0] != '\\' || text[1] != 'x' || length % 2 != 0)
    return NULL;
  bytes = g_malloc (length / 2);
  for (gsize i = 2; i < length; i += 2)
    {
      int high = g_ascii_xdigit_value (text[i]);
      int low = g_ascii_xdigit_value (text[i + 1]);

      if (high < 0 || low < 0)
        return NULL;
      bytes[i / 2 - 1] = (guint8) (high << 4 | low);
    }
  return g_bytes_new_take (g_steal_pointer (&bytes), length / 2 - 1);
}

char *
tide_value_dump_bytes (GBytes *bytes,
                       gsize   max_bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  GString *out = g_string_new (NULL);

  size = MIN (size, max_bytes);
  for (gsize line = 0; line < size; line += 16)
    {
      g_string_append_printf (out, "%08" G_GINT64_MODIFIER "x ", (guint64) line);
      for (gsize i = line; i < line + 16; i++)
        {
          if (i < size)
            g_string_append_printf (out, " %02x", data[i]);
          else
            g_string_append (out, "   ");
        }
      g_string_append (out, "  ");
      for (gsize i = line; i < MIN (line + 16, size); i++)
        g_string_append_c (out, g_ascii_isprint (data[i]) ? data[i] : '.');
      g_string_append_c (out, '\n');
    }
  return g_string_free (out, FALSE);
}
