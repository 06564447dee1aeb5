/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-checksum"

#include "config.h"

#include <string.h>

#include "project/tide-checksum.h"

#define SHA256_BYTES 32
#define SHA256_HEX 64

static void
update (GChecksum  *checksum,
        const char *bytes,
        gsize       size)
{
  if (size > 0)
    g_checksum_update (checksum, (const guchar *) bytes, size);
}

/* Without a changed copy: the parts between the line ends are hashed where they stand */
static void
update_line_ends (GChecksum    *checksum,
                  const char   *text,
                  gsize         size,
                  TideLineEnds  line_ends)
{
  const char *end = text + size;
  const char *newline;

  while (text < end && (newline = memchr (text, '\n', end - text)) != NULL)
    {
      gboolean cr = newline > text && newline[-1] == '\r';

      if (line_ends == TIDE_LINE_ENDS_LF)
        {
          update (checksum, text, newline - text - (cr ? 1 : 0));
          update (checksum, "\n", 1);
        }
      else
        {
          update (checksum, text, newline - text);
          update (checksum, "\r\n", 2);
        }
      text = newline + 1;
    }
  update (checksum, text, end - text);
}

/**
 * tide_checksum_compute:
 * @text: what a migration.sql holds, as text
 * @size: its bytes
 * @line_ends: how to see its lines
 *
 * Returns: (transfer full): SHA-256, 64 lower case hex digits
 */
char *
tide_checksum_compute (const char   *text,
                       gsize         size,
                       TideLineEnds  line_ends)
{
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  if (line_ends == TIDE_LINE_ENDS_KEPT)
    update (checksum, text, size);
  else
    update_line_ends (checksum, text, size, line_ends);
  return g_strdup (g_checksum_get_string (checksum));
}

/* Old Prisma versions wrote each byte without its leading zero */
static char *
dup_unpadded (const char *hex)
{
  GString *text = g_string_sized_new (SHA256_HEX);

  for (guint i = 0; i < SHA256_BYTES; i++)
    {
      if (hex[2 * i] != '0')
        g_string_append_c (text, hex[2 * i]);
      g_string_append_c (text, hex[2 * i + 1]);
    }
  return g_string_free (text, FALSE);
}

/**
 * tide_checksum_matches:
 * @text: what a migration.sql holds, as text
 * @size: its bytes
 * @stored: what a ledger holds
 *
 * Prisma's `script_matches_checksum`: any of the three line-end forms; a stored value of another
 * length than 64 is one of the old, unpadded form.
 *
 * Returns: whether @stored is a checksum of @text
 */
gboolean
tide_checksum_matches (const char *text,
                       gsize       size,
                       const char *stored)
{
  gboolean old_form = *stored != '\0' && strlen (stored) != SHA256_HEX;

  for (TideLineEnds line_ends = TIDE_LINE_ENDS_KEPT; line_ends <= TIDE_LINE_ENDS_CRLF; line_ends++)
    {
      g_autofree char *hex = tide_checksum_compute (text, size, line_ends);
      g_autofree char *unpadded = old_form ? dup_unpadded (hex) : NULL;

      if (strcmp (stored, old_form ? unpadded : hex) == 0)
        return TRUE;
    }
  return FALSE;
}
