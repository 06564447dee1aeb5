/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "connect/tide-url.h"
#include "tide-error.h"

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

static void
check_same (const TideConninfo *first,
            const TideConninfo *second)
{
  g_auto(GStrv) keywords = tide_conninfo_list_keywords (first);
  g_auto(GStrv) others = tide_conninfo_list_keywords (second);

  g_assert_cmpuint (g_strv_length (keywords), ==, g_strv_length (others));
  for (guint i = 0; keywords[i] != NULL; i++)
    g_assert_cmpstr (tide_conninfo_get (first, keywords[i]), ==, tide_conninfo_get (second, keywords[i]));
  g_assert_cmpstr (tide_conninfo_get_schema (first), ==, tide_conninfo_get_schema (second));
}

/* What can be read can be written and read again, with and without the password; what cannot is a proper error. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *redacted = tide_url_redact (text);
  g_autoptr(GPtrArray) warnings = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConninfo) conninfo = tide_url_parse (text, &warnings, &error);
  g_autoptr(TideConninfo) again = NULL;
  g_autoptr(TideConninfo) bare = NULL;
  g_autofree char *url = NULL;
  g_autofree char *bare_url = NULL;
  g_autofree char *masked_url = NULL;
  g_autoptr(TideConninfo) masked = NULL;

  if (conninfo == NULL)
    {
      g_assert_nonnull (tide_error_get_fields (error));
      g_assert_null (warnings);
      return 0;
    }
  url = tide_url_format (conninfo, TRUE);
  again = tide_url_parse (url, NULL, NULL);
  g_assert_nonnull (again);
  check_same (conninfo, again);
  masked_url = tide_url_redact (url);
  masked = tide_url_parse (masked_url, NULL, NULL);
  g_assert_nonnull (masked);
  if (tide_conninfo_get (conninfo, "password") != NULL)
    g_assert_cmpstr (tide_conninfo_get (masked, "password"), ==, "***");
  bare_url = tide_url_format (conninfo, FALSE);
  bare = tide_url_parse (bare_url, NULL, NULL);
  g_assert_nonnull (bare);
  g_assert_null (tide_conninfo_get (bare, "password"));
  return 0;
}
