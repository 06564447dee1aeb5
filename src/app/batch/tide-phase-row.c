/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-phase-row"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>

#include "batch/tide-phase-row.h"
#include "batch/tide-phases.h"
#include "history/tide-create.h"
#include "timeline/tide-new-migration.h"
#include "widgets/tide-sql-buffer.h"

struct _TidePhaseRow
{
  GtkBox           parent_instance;

  /* Template widgets */
  GtkLabel        *title;
  GtkLabel        *explanation;
  GtkTextView     *view;
  GtkLabel        *note;
  GtkButton       *button;

  /* Owned */
  TideWorkspace   *workspace;
  GPtrArray       *phases;
  char            *made;   /* (nullable): the migration that is there */

  const TidePhase *phase;  /* one of "phases" */
};

G_DEFINE_FINAL_TYPE (TidePhaseRow, tide_phase_row, GTK_TYPE_BOX)

static gboolean
has_same_sql (TidePhaseRow        *self,
              const TideMigration *migration)
{
  return g_strcmp0 (tide_migration_get_sql (migration), self->phase->sql) == 0;
}

/* (transfer none) (nullable): the newest migration with this part's SQL, under whatever name, or else with its name */
static TideMigration *
find_migration (TidePhaseRow *self)
{
  GPtrArray *migrations = tide_project_get_migrations (tide_workspace_get_project (self->workspace));
  g_autofree char *slug = tide_create_slug (self->phase->title);
  g_autofree char *end = g_strconcat ("_", slug, NULL);
  TideMigration *namesake = NULL;

  for (guint i = migrations->len; i > 0; i--)
    {
      TideMigration *migration = g_ptr_array_index (migrations, i - 1);
      const char *name = tide_migration_get_name (migration);

      if (has_same_sql (self, migration))
        return migration;
      if (namesake == NULL && g_str_equal (name + strspn (name, "0123456789"), end))
        namesake = migration;
    }
  return namesake;
}

/* Whether the selected environment has it */
static gboolean
is_applied (TidePhaseRow *self,
            const char   *name)
{
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);
  TideTimeline *timeline = environment ? tide_environment_get_timeline (environment) : NULL;
  const TideTimelineEntry *entry = timeline ? tide_timeline_find (timeline, name) : NULL;

  return entry != NULL && (entry->state == TIDE_STATE_APPLIED || entry->state == TIDE_STATE_EDITED);
}

/* (transfer full): what is said of the migration that is there */
static char *
dup_note (TidePhaseRow        *self,
          const TideMigration *migration,
          gboolean             applied)
{
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);
  const char *name = tide_migration_get_name (migration);
  g_autoptr(GString) text = g_string_new (NULL);

  if (environment == NULL)
    g_string_append_printf (text, _("%s is made."), name);
  else if (applied)
    g_string_append_printf (text, _("%s is applied in %s."), name, tide_environment_get_name (environment));
  else
    g_string_append_printf (text, _("%s is made, and not applied in %s yet."), name, tide_environment_get_name (environment));
  if (!has_same_sql (self, migration))
    {
      g_string_append_c (text, ' ');
      g_string_append (text, _("Its SQL is not what stands here."));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* For an action of the window that the wizard belongs to */
static void
activate (TidePhaseRow *self,
          const char   *action,
          const char   *text)
{
  GtkWindow *window = gtk_window_get_transient_for (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));

  gtk_widget_activate_action (GTK_WIDGET (window), action, "s", text);
}

static void
on_clicked (TidePhaseRow *self)
{
  if (self->phase->is_backfill)
    activate (self, "win.run-batches", self->phase->sql);
  else if (self->made != NULL)
    activate (self, "win.show-migration", self->made);
  else
    tide_new_migration_present_sql (GTK_WIDGET (self), self->workspace, self->phase->title, self->phase->sql, NULL);
}

static void
tide_phase_row_dispose (GObject *object)
{
  TidePhaseRow *self = TIDE_PHASE_ROW (object);

  g_clear_object (&self->workspace);
  g_clear_pointer (&self->made, g_free);
  self->phase = NULL;
  g_clear_pointer (&self->phases, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_phase_row_parent_class)->dispose (object);
}

static void
tide_phase_row_class_init (TidePhaseRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_phase_row_dispose;

  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-phase-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TidePhaseRow, title);
  gtk_widget_class_bind_template_child (widget_class, TidePhaseRow, explanation);
  gtk_widget_class_bind_template_child (widget_class, TidePhaseRow, view);
  gtk_widget_class_bind_template_child (widget_class, TidePhaseRow, note);
  gtk_widget_class_bind_template_child (widget_class, TidePhaseRow, button);
  gtk_widget_class_bind_template_callback (widget_class, on_clicked);
}

static void
tide_phase_row_init (TidePhaseRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
tide_phase_row_new (TideWorkspace *workspace,
                    GPtrArray     *phases,
                    guint          index)
{
  TidePhaseRow *self = g_object_new (TIDE_TYPE_PHASE_ROW, NULL);
  const TidePhase *phase = g_ptr_array_index (phases, index);
  g_autofree char *title = g_strdup_printf (phase->is_backfill ? _("%u. Batches: %s") : _("%u. Migration: %s"), index + 1, phase->title);
  g_autofree char *sql = g_strchomp (g_strdup (phase->sql));
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);

  self->workspace = g_object_ref (workspace);
  self->phases = g_ptr_array_ref (phases);
  self->phase = phase;
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->explanation, phase->explanation);
  tide_sql_buffer_prepare (GTK_SOURCE_BUFFER (buffer));
  gtk_text_buffer_set_text (buffer, sql, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, phase->title, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, phase->title, -1);
  return GTK_WIDGET (self);
}

gboolean
tide_phase_row_update (TidePhaseRow *self,
                       gboolean      due)
{
  TideMigration *migration;
  g_autofree char *note = NULL;
  gboolean applied;

  g_return_val_if_fail (TIDE_IS_PHASE_ROW (self), FALSE);

  migration = self->phase->is_backfill ? NULL : find_migration (self);
  applied = migration != NULL && is_applied (self, tide_migration_get_name (migration));
  g_free (self->made);
  self->made = migration ? g_strdup (tide_migration_get_name (migration)) : NULL;
  if (migration != NULL)
    note = dup_note (self, migration, applied);
  else if (!due)
    note = g_strdup (_("Not yet: the migration before it is not applied."));
  gtk_label_set_label (self->note, note ? note : "");
  gtk_button_set_label (self->button, self->phase->is_backfill ? _("Run in Batches…")
                                      : migration ? _("Show")
                                                  : _("Make Migration…"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), migration != NULL || due);
  return due && (self->phase->is_backfill || applied);
}
