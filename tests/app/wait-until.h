/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

static inline gboolean
time_out_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Iterates the main context until @condition holds; fails the test where it does not, however busy the machine */
#define wait_until(condition) G_STMT_START { \
    gboolean timed_out = FALSE; \
    guint source = g_timeout_add_seconds (90, time_out_cb, &timed_out); \
    while (!(condition) && !timed_out) \
      g_main_context_iteration (NULL, TRUE); \
    g_assert_false (timed_out); \
    g_source_remove (source); \
  } G_STMT_END

G_END_DECLS
