/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-phase-fill"

#include "config.h"

#include "batch/tide-phase-fill.h"
#include "tide-error.h"
#include "wire/tide-session.h"

/* A large table that is filled is read to its end: not longer than this */
#define SETTINGS_SQL "SET statement_timeout = '10s'; SET lock_timeout = '2s'"

#define UNDEFINED_COLUMN "42703"

static void
fill_free (gpointer data)
{
  TidePhaseFill *self = data;

  g_free (self->name);
  tide_conninfo_unref (self->conninfo);
  g_free (self->why);
  g_free (self);
}

TidePhaseFillQuestion *
tide_phase_fill_question_new (const char *left_sql)
{
  TidePhaseFillQuestion *self = g_new0 (TidePhaseFillQuestion, 1);

  self->left_sql = g_strdup (left_sql);
  self->fills = g_ptr_array_new_with_free_func (fill_free);
  return self;
}

void
tide_phase_fill_question_add (TidePhaseFillQuestion *self,
                              const char            *name,
                              TideConninfo          *conninfo)
{
  TidePhaseFill *fill = g_new0 (TidePhaseFill, 1);

  fill->name = g_strdup (name);
  fill->conninfo = tide_conninfo_copy (conninfo);
  tide_conninfo_set_read_only (fill->conninfo, TRUE);
  g_ptr_array_add (self->fills, fill);
}

void
tide_phase_fill_question_free (TidePhaseFillQuestion *self)
{
  g_free (self->left_sql);
  g_ptr_array_unref (self->fills);
  g_free (self);
}

static TideResult *
ask (TidePhaseFill  *self,
     const char     *left_sql,
     GCancellable   *cancellable,
     GError        **error)
{
  g_autoptr(TideSession) session = tide_session_open (self->conninfo, cancellable, error);
  g_autoptr(GPtrArray) results = session ? tide_session_run (session, SETTINGS_SQL, cancellable, error) : NULL;

  return results ? tide_session_query (session, left_sql, NULL, 0, cancellable, error) : NULL;
}

gpointer
tide_phase_fill_read (TideJob   *job,
                      gpointer   data,
                      GError   **error)
{
  TidePhaseFillQuestion *self = data;
  GCancellable *cancellable = tide_job_get_cancellable (job);

  for (guint i = 0; i < self->fills->len; i++)
    {
      TidePhaseFill *fill = g_ptr_array_index (self->fills, i);
      g_autoptr(GError) failure = NULL;
      g_autoptr(TideResult) result = ask (fill, self->left_sql, cancellable, &failure);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      if (result != NULL)
        fill->state = tide_result_get_boolean (result, 0, 0) ? TIDE_FILL_LEFT : TIDE_FILL_DONE;
      else if (tide_error_has_sqlstate (failure, UNDEFINED_COLUMN))
        fill->state = TIDE_FILL_DONE; /* the parts after it are applied, too: the old column is gone */
      else
        fill->why = g_strdup (failure->message);
    }
  return g_ptr_array_ref (self->fills);
}
