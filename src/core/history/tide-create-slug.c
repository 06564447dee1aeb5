/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-create"

#include "config.h"

#include <string.h>

#include "history/tide-create.h"
#include "tide-icu.h"

#define MAX_SLUG_LENGTH 200

/*
 * What @sindresorhus/slugify replaces before anything else, then every script to Latin letters,
 * then accents away. Prisma's own table spells some letters differently from ICU's ("ш" is "sh"
 * there and "s" here) and drops scripts that it does not know; a name is made once and never
 * compared, so that difference is harmless. Punctuation is left alone: it becomes a separator, as
 * there.
 */
static const char rules[] =
  ":: NFC ;"
  "ß > ss ; ẞ > SS ; ä > ae ; Ä > Ae ; ö > oe ; Ö > Oe ; ü > ue ; Ü > Ue ;"
  "'&' > ' and ' ; 🦄 > ' unicorn ' ; ♥ > ' love ' ;"
  ":: [[:L:][:M:]] Any-Latin ;"
  ":: NFD ;"
  "[:Diacritic:] > ;"
  ":: NFC ;"
  ":: [[:L:][:M:]] Latin-ASCII ;";

static UTransliterator *
open_transliterator (const TideIcu *icu)
{
  g_autofree gunichar2 *text = g_utf8_to_utf16 (rules, -1, NULL, NULL, NULL);
  UChar id[] = { 'S', 'l', 'u', 'g' };
  UErrorCode status = U_ZERO_ERROR;
  UTransliterator *trans;

  trans = icu->utrans_openU (id, G_N_ELEMENTS (id), UTRANS_FORWARD, (UChar *) text, -1, NULL,
                             &status);
  if (U_FAILURE (status))
    g_error ("ICU cannot make the transliterator of migration names: %s",
             icu->u_errorName (status));
  return trans;
}

static char *
transliterate (const char *title)
{
  g_autofree gunichar2 *wide = g_utf8_to_utf16 (title, -1, NULL, NULL, NULL);
  const TideIcu *icu = tide_icu_get (NULL);
  UTransliterator *trans;
  UErrorCode status = U_ZERO_ERROR;
  glong length = 0;
  g_autofree UChar *text = NULL;
  int32_t text_length;
  int32_t capacity;
  int32_t limit;

  if (icu == NULL)
    return g_str_to_ascii (title, "C");
  trans = open_transliterator (icu);
  while (wide[length] != 0)
    length++;
  /* The longest that one character grows to is an Arabic ligature of eighteen letters. */
  capacity = (int32_t) length * 32 + 1;
  text = g_new0 (UChar, capacity);
  memcpy (text, wide, length * sizeof (UChar));
  text_length = limit = (int32_t) length;
  icu->utrans_transUChars (trans, text, &text_length, capacity, 0, &limit, &status);
  icu->utrans_close (trans);
  if (U_FAILURE (status))
    return g_strdup (title);
  return g_utf16_to_utf8 ((gunichar2 *) text, text_length, NULL, NULL, NULL);
}

/* The steps of slugify 2.2.1 with its default options and '_' as the separator, in its order. */
static const struct
{
  const char *pattern;
  const char *replacement;
  gboolean    lower_first;
} steps[] = {
  { "([A-Z]{2,})(\\d+)", "\\1 \\2", FALSE },
  { "([a-z\\d]+)([A-Z]{2,})", "\\1 \\2", FALSE },
  { "([a-z\\d])([A-Z])", "\\1 \\2", FALSE },
  { "([A-Z]+)([A-Z][a-rt-z\\d]+)", "\\1 \\2", FALSE },
  { "([a-z\\d]+)'([ts])(\\s|\\z)", "\\1\\2\\3", TRUE },
  { "[^a-z\\d]+", "_", FALSE },
  { "\\A_|_\\z", "", FALSE },
};

static char *
replace_all (const char *pattern,
             const char *text,
             const char *replacement)
{
  g_autoptr(GRegex) regex = g_regex_new (pattern, 0, 0, NULL);

  return g_regex_replace (regex, text, -1, 0, replacement, 0, NULL);
}

/**
 * tide_create_slug:
 * @title: what a person calls the migration, UTF-8
 *
 * The part of a migration's name behind the time, as Prisma's command line makes it (slugify 2.2.1
 * with '_', cut at 200 characters): "Hello, Wörld Ünïcode's" becomes "hello_woerld_unicodes".
 *
 * Returns: (transfer full): lowercase ASCII letters, digits and single underscores; may be empty
 */
char *
tide_create_slug (const char *title)
{
  g_autofree char *valid = NULL;
  g_autofree char *slug = NULL;

  g_return_val_if_fail (title != NULL, NULL);

  valid = g_utf8_make_valid (title, -1);
  slug = transliterate (valid);
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autofree char *text = g_steal_pointer (&slug);
      g_autofree char *lower = steps[i].lower_first ? g_ascii_strdown (text, -1) : NULL;

      slug = replace_all (steps[i].pattern, lower ? lower : text, steps[i].replacement);
    }
  return g_strndup (slug, MAX_SLUG_LENGTH);
}
