/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-diagnosis"

#include "config.h"

#include "health/tide-diagnosis-private.h"

G_DEFINE_BOXED_TYPE (TideDiagnosis, tide_diagnosis, tide_diagnosis_ref, tide_diagnosis_unref)

static void
way_free (TideWay *self)
{
  g_free (self->label);
  g_free (self->description);
  g_free (self->argument);
  g_free (self->command);
  g_free (self);
}

TideDiagnosis *
tide_diagnosis_new (const char *id,
                    char       *title,
                    const char *explanation)
{
  TideDiagnosis *self = g_new0 (TideDiagnosis, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->id = id;
  self->title = title;
  self->explanation = g_strdup (explanation);
  self->evidence = g_ptr_array_new_with_free_func (g_free);
  self->ways = g_ptr_array_new_with_free_func ((GDestroyNotify) way_free);
  return self;
}

void
tide_diagnosis_take_evidence (TideDiagnosis *self,
                              char          *line)
{
  if (line != NULL)
    g_ptr_array_add (self->evidence, line);
}

TideWay *
tide_diagnosis_add_way (TideDiagnosis *self,
                        const char    *action,
                        const char    *argument,
                        const char    *label,
                        const char    *description)
{
  TideWay *way = g_new0 (TideWay, 1);

  way->action = action;
  way->argument = g_strdup (argument);
  way->label = g_strdup (label);
  way->description = g_strdup (description);
  g_ptr_array_add (self->ways, way);
  return way;
}

void
tide_way_set_command (TideWay    *self,
                      const char *command,
                      const char *name)
{
  gboolean plain = name == NULL || strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_-./:@") == strlen (name);
  g_autofree char *quoted = plain ? g_strdup (name) : g_shell_quote (name);

  g_free (self->command);
  self->command = quoted ? g_strdup_printf ("%s %s", command, quoted) : g_strdup (command);
}

TideDiagnosis *
tide_diagnosis_ref (TideDiagnosis *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_diagnosis_unref (TideDiagnosis *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->title);
  g_free (self->explanation);
  g_ptr_array_unref (self->evidence);
  g_ptr_array_unref (self->ways);
  g_free (self);
}
