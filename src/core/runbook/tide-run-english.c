/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-run-english"

#include "config.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "runbook/tide-run-english.h"

/* The locale that the thread had before; NULL: it speaks the person's language */
static GPrivate before;

static locale_t
get_english (void)
{
  static gsize english;

  if (g_once_init_enter (&english))
    g_once_init_leave (&english, (gsize) newlocale (LC_MESSAGES_MASK, "C", (locale_t) 0));
  return (locale_t) english;
}

void
tide_run_english_begin (void)
{
  g_return_if_fail (!tide_run_english_is_spoken ());
  g_private_set (&before, uselocale (get_english ()));
}

void
tide_run_english_end (void)
{
  g_return_if_fail (tide_run_english_is_spoken ());
  uselocale (g_private_get (&before));
  g_private_set (&before, NULL);
}

gboolean
tide_run_english_is_spoken (void)
{
  return g_private_get (&before) != NULL;
}

gboolean
tide_run_english_is_needed (void)
{
  /* Of what is not translated, gettext() returns what it was given. */
  static const char word[] = N_("Checklist");

  return _(word) != word;
}

char *
tide_run_english_dup (char       *(*func) (gpointer data),
                      gpointer     data,
                      const char  *shown)
{
  char *english;

  if (!tide_run_english_is_needed ())
    return g_strdup (shown);
  tide_run_english_begin ();
  english = func (data);
  tide_run_english_end ();
  return english;
}
