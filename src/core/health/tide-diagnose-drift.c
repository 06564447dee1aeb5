/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-diagnose-drift"

#include "config.h"

#include "health/tide-diagnosis-private.h"
#include "schema/tide-schema-drift.h"
#include "tide-error.h"

#define MAX_CHANGES 12

static void
tell_changes (TideDiagnosis *self,
              GPtrArray     *changes)
{
  for (guint i = 0; i < MIN (changes->len, MAX_CHANGES); i++)
    {
      const TideSchemaChange *change = g_ptr_array_index (changes, i);
      const TideSchemaObject *object = change->to ? change->to : change->from;
      g_autofree char *name = tide_schema_object_dup_name (object);
      const char *kind = tide_object_kind_get_info (tide_schema_object_get_kind (object))->name;

      if (change->from == NULL)
        tide_diagnosis_take_evidence (self, g_strdup_printf (_("only in the database: %s %s"), kind, name));
      else if (change->to == NULL)
        tide_diagnosis_take_evidence (self, g_strdup_printf (_("missing in the database: %s %s"), kind, name));
      else
        tide_diagnosis_take_evidence (self, g_strdup_printf (_("different: %s %s"), kind, name));
    }
  if (changes->len > MAX_CHANGES)
    tide_diagnosis_take_evidence (self, g_strdup_printf (_("and %u more"), changes->len - MAX_CHANGES));
}

/* What kept it from being looked at is evidence, too; only cancelling ends it. */
static gboolean
tell_failure (TideDiagnoseWork  *work,
              GError            *failure,
              GError           **error)
{
  g_autoptr(GError) owned = failure;
  g_autofree char *text = NULL;
  TideDiagnosis *self;

  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&owned));
      return FALSE;
    }
  self = tide_diagnosis_new ("drift-unknown", g_strdup (_("Drift could not be looked at")),
                             _("The migrations are replayed on a private PostgreSQL to know what the database should be; that failed"));
  text = tide_error_dup_text (failure);
  tide_diagnosis_take_evidence (self, g_steal_pointer (&text));
  tide_diagnosis_add_way (self, TIDE_HEALTH_ACTION_SHOW_DRIFT, NULL, _("Show Drift"), _("The Drift page says more, and tries again"));
  g_ptr_array_add (work->found, self);
  return TRUE;
}

gboolean
tide_diagnose_drift (TideDiagnoseWork  *work,
                     TideJob           *job,
                     GError           **error)
{
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  GError *failure = NULL;
  g_autoptr(TideSchemaDiff) diff = tide_schema_drift_read (work->project, work->target, notes, job, &failure);
  g_autoptr(GPtrArray) changes = diff ? tide_schema_diff_list_told (diff) : NULL;
  TideDiagnosis *self;
  TideWay *revert;

  if (diff == NULL)
    return tell_failure (work, failure, error);
  if (changes->len == 0)
    return TRUE;
  self = tide_diagnosis_new ("drift", g_strdup_printf (g_dngettext (NULL, "The database differs from its migrations in %u object",
                                                                    "The database differs from its migrations in %u objects", changes->len),
                                                 changes->len),
                             _("Somebody changed it by hand or with db push, or a migration was edited after it was applied"));
  tell_changes (self, changes);
  tide_diagnosis_add_way (self, TIDE_HEALTH_ACTION_SHOW_DRIFT, NULL, _("Show Drift"),
                          _("Each difference side by side; from there it is adopted as a migration, or taken back"));
  tide_way_set_command (tide_diagnosis_add_way (self, TIDE_WAY_ADOPT_DRIFT, NULL, _("Adopt…"),
                                                _("Writes a migration with what the database has, and marks it as applied there")),
                        "drift --script adopt", NULL);
  revert = tide_diagnosis_add_way (self, TIDE_WAY_REVERT_DRIFT, NULL, _("Take Back…"),
                                   _("Runs the SQL that makes the database what its migrations say, after asking; rows may be lost"));
  revert->destructive = TRUE;
  tide_way_set_command (revert, "drift --script revert", NULL);
  g_ptr_array_add (work->found, self);
  return TRUE;
}
