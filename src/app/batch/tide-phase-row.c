/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-phase-row"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>

#include "batch/tide-phase-fill.h"
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
  GtkWidget       *place;  /* of the view */
  GtkTextView     *view;
  GtkLabel        *note;
  GtkButton       *button;

  /* Owned */
  TideWorkspace   *workspace;
  GPtrArray       *phases;
  char            *made;   /* (nullable): the migration that is there */
  TideJob         *job;    /* (nullable): of a backfill: it asks whether all rows are filled */
  GPtrArray       *fills;  /* (nullable) (element-type TidePhaseFill): what came of it */
  char            *why;    /* (nullable): nothing came of it */

  const TidePhase *phase;  /* one of "phases" */
  guint            index;
};

enum
{
  CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (TidePhaseRow, tide_phase_row, GTK_TYPE_BOX)

static guint signals[N_SIGNALS];

/* What the environments of the project say of something: their names, those that cannot be asked apart */
typedef struct
{
  GString *yes;
  GString *no;
  GString *unknown;
} Answers;

static void
answers_clear (Answers *self)
{
  g_string_free (self->yes, TRUE);
  g_string_free (self->no, TRUE);
  g_string_free (self->unknown, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answers, answers_clear)

static void
answers_init (Answers *self)
{
  self->yes = g_string_new (NULL);
  self->no = g_string_new (NULL);
  self->unknown = g_string_new (NULL);
}

static void
add_name (GString    *names,
          const char *name)
{
  g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
}

static gboolean
has_same_sql (const TidePhase     *phase,
              const TideMigration *migration)
{
  return g_strcmp0 (tide_migration_get_sql (migration), phase->sql) == 0;
}

/* (transfer none) (nullable): the newest migration with the SQL of @phase, under whatever name, or else with its name */
static TideMigration *
find_migration (TidePhaseRow    *self,
                const TidePhase *phase)
{
  GPtrArray *migrations = tide_project_get_migrations (tide_workspace_get_project (self->workspace));
  g_autofree char *slug = tide_create_slug (phase->title);
  g_autofree char *end = g_strconcat ("_", slug, NULL);
  TideMigration *namesake = NULL;

  for (guint i = migrations->len; i > 0; i--)
    {
      TideMigration *migration = g_ptr_array_index (migrations, i - 1);
      const char *name = tide_migration_get_name (migration);

      if (has_same_sql (phase, migration))
        return migration;
      if (namesake == NULL && g_str_equal (name + strspn (name, "0123456789"), end))
        namesake = migration;
    }
  return namesake;
}

/* Whether @environment has the migration; FALSE with @known FALSE where its ledger cannot be read */
static gboolean
is_applied (TideEnvironment *environment,
            const char      *migration,
            gboolean        *known)
{
  TideTimeline *timeline = tide_environment_get_timeline (environment);
  const TideTimelineEntry *entry = timeline ? tide_timeline_find (timeline, migration) : NULL;

  *known = timeline != NULL && tide_environment_get_state (environment) != TIDE_ENVIRONMENT_FAILED;
  return *known && entry != NULL && (entry->state == TIDE_STATE_APPLIED || entry->state == TIDE_STATE_EDITED);
}

static void
ask_environments (TidePhaseRow *self,
                  const char   *migration,
                  Answers      *answers)
{
  GListModel *environments = tide_workspace_get_environments (self->workspace);

  for (guint i = 0; i < g_list_model_get_n_items (environments); i++)
    {
      g_autoptr(TideEnvironment) environment = g_list_model_get_item (environments, i);
      gboolean known;
      gboolean applied = is_applied (environment, migration, &known);

      add_name (!known ? answers->unknown : applied ? answers->yes : answers->no, tide_environment_get_name (environment));
    }
}

/* Nobody says no, and somebody says yes */
static gboolean
answers_agree (const Answers *self)
{
  return self->yes->len > 0 && self->no->len == 0;
}

/* Takes @sentence. */
static void
append_sentence (GString *text,
                 char    *sentence)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", sentence);
  g_free (sentence);
}

/* (transfer full): what is said of the migration that is there */
static char *
dup_note (TidePhaseRow        *self,
          const TideMigration *migration,
          const Answers       *answers)
{
  const char *name = tide_migration_get_name (migration);
  g_autoptr(GString) text = g_string_new (NULL);

  if (answers->no->len > 0)
    g_string_append_printf (text, _("%s is made, and not applied in %s yet."), name, answers->no->str);
  else if (answers->yes->len > 0)
    g_string_append_printf (text, _("%s is applied in %s."), name, answers->yes->str);
  else
    g_string_append_printf (text, _("%s is made."), name);
  if (answers->unknown->len > 0)
    append_sentence (text, g_strdup_printf (_("Whether in %s, too, is not known: it cannot be read."), answers->unknown->str));
  if (!has_same_sql (self->phase, migration))
    append_sentence (text, g_strdup (_("Its SQL is not what stands here.")));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
are_all_filled (TidePhaseRow *self)
{
  for (guint i = 0; self->fills != NULL && i < self->fills->len; i++)
    if (((const TidePhaseFill *) g_ptr_array_index (self->fills, i))->state == TIDE_FILL_LEFT)
      return FALSE;
  return self->fills != NULL && self->fills->len > 0;
}

/* (transfer full): where the batches have filled all rows */
static char *
dup_fill_note (TidePhaseRow *self)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_auto(Answers) answers = { 0 };

  answers_init (&answers);
  if (self->job != NULL)
    return g_strdup (_("Looking for rows that are not filled yet…"));
  for (guint i = 0; self->fills != NULL && i < self->fills->len; i++)
    {
      const TidePhaseFill *fill = g_ptr_array_index (self->fills, i);

      if (fill->why != NULL)
        g_string_append_printf (answers.unknown, "%s%s: %s", answers.unknown->len > 0 ? "; " : "", fill->name, fill->why);
      else
        add_name (fill->state == TIDE_FILL_LEFT ? answers.no : answers.yes, fill->name);
    }
  if (answers.no->len > 0)
    append_sentence (text, g_strdup_printf (_("Rows are still to be filled in %s."), answers.no->str));
  if (answers.yes->len > 0)
    append_sentence (text, g_strdup_printf (_("All rows are filled in %s."), answers.yes->str));
  if (answers.unknown->len > 0)
    append_sentence (text, g_strdup_printf (_("Not known in %s."), answers.unknown->str));
  if (self->why != NULL)
    append_sentence (text, g_strdup_printf (_("Not known: %s."), self->why));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
forget_job (TidePhaseRow *self)
{
  if (self->job != NULL)
    tide_job_cancel (self->job);
  g_clear_object (&self->job);
}

static void
on_filled (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(TidePhaseRow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) fills = tide_job_run_finish (TIDE_JOB (object), result, &error);

  if (self->job != TIDE_JOB (object))
    return;
  g_clear_object (&self->job);
  self->fills = g_steal_pointer (&fills);
  self->why = error ? g_strdup (error->message) : NULL;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Asks each environment that has the migration before this part. */
static void
look_for_rows (TidePhaseRow *self)
{
  TideMigration *before = find_migration (self, g_ptr_array_index (self->phases, self->index - 1));
  TidePhaseFillQuestion *question = tide_phase_fill_question_new (self->phase->left_sql);
  GListModel *environments = tide_workspace_get_environments (self->workspace);

  forget_job (self);
  g_clear_pointer (&self->fills, g_ptr_array_unref);
  g_clear_pointer (&self->why, g_free);
  for (guint i = 0; before != NULL && i < g_list_model_get_n_items (environments); i++)
    {
      g_autoptr(TideEnvironment) environment = g_list_model_get_item (environments, i);
      TideTarget *target = tide_environment_get_target (environment);
      gboolean known;

      if (target != NULL && is_applied (environment, tide_migration_get_name (before), &known))
        tide_phase_fill_question_add (question, tide_environment_get_name (environment), tide_target_get_conninfo (target));
    }
  self->job = tide_job_new (_("Look for rows that are not filled"));
  g_signal_connect_object (gtk_widget_get_root (GTK_WIDGET (self)), "unmap", G_CALLBACK (tide_job_cancel), self->job, G_CONNECT_SWAPPED);
  tide_job_run_async (self->job, tide_phase_fill_read, question, (GDestroyNotify) tide_phase_fill_question_free,
                      (GDestroyNotify) g_ptr_array_unref, on_filled, g_object_ref (self));
}

/* For an action of the window that the wizard belongs to */
static gboolean
activate (TidePhaseRow *self,
          const char   *action,
          const char   *text)
{
  GtkWindow *window = gtk_window_get_transient_for (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));

  return gtk_widget_activate_action (GTK_WIDGET (window), action, "s", text);
}

static void
on_clicked (TidePhaseRow *self)
{
  if (self->phase->is_backfill && !activate (self, "win.run-batches", self->phase->sql))
    gtk_label_set_label (self->note, _("Choose the environment to run them on in the main window first."));
  else if (self->phase->is_backfill)
    return;
  else if (self->made != NULL)
    activate (self, "win.show-migration", self->made);
  else
    tide_new_migration_present_sql (GTK_WIDGET (self), self->workspace, self->phase->title, self->phase->sql, NULL);
}

static void
tide_phase_row_dispose (GObject *object)
{
  TidePhaseRow *self = TIDE_PHASE_ROW (object);

  forget_job (self);
  g_clear_object (&self->workspace);
  g_clear_pointer (&self->made, g_free);
  g_clear_pointer (&self->fills, g_ptr_array_unref);
  g_clear_pointer (&self->why, g_free);
  self->phase = NULL;
  g_clear_pointer (&self->phases, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_phase_row_parent_class)->dispose (object);
}

static void
tide_phase_row_class_init (TidePhaseRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_phase_row_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-phase-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TidePhaseRow, title);
  gtk_widget_class_bind_template_child (widget_class, TidePhaseRow, explanation);
  gtk_widget_class_bind_template_child (widget_class, TidePhaseRow, place);
  gtk_widget_class_bind_template_child (widget_class, TidePhaseRow, view);
  gtk_widget_class_bind_template_child (widget_class, TidePhaseRow, note);
  gtk_widget_class_bind_template_child (widget_class, TidePhaseRow, button);
  gtk_widget_class_bind_template_callback (widget_class, on_clicked);
}

static gboolean
fit (GtkWidget     *widget,
     GdkFrameClock *clock,
     gpointer       user_data)
{
  TidePhaseRow *self = TIDE_PHASE_ROW (widget);
  GtkTextIter end;
  int y, height;

  gtk_text_buffer_get_end_iter (gtk_text_view_get_buffer (self->view), &end);
  gtk_text_view_get_line_yrange (self->view, &end, &y, &height);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (self->place), y + height + gtk_text_view_get_top_margin (self->view)
                                                                                 + gtk_text_view_get_bottom_margin (self->view));
  return G_SOURCE_REMOVE;
}

/* A text view does not know how high it is until it knows its width: its place takes the height of the lines as they have been broken. */
static void
on_laid_out (TidePhaseRow *self)
{
  gtk_widget_add_tick_callback (GTK_WIDGET (self), fit, NULL, NULL);
}

static void
tide_phase_row_init (TidePhaseRow *self)
{
  GtkScrolledWindow *place;

  gtk_widget_init_template (GTK_WIDGET (self));
  place = GTK_SCROLLED_WINDOW (self->place);
  g_signal_connect_swapped (gtk_scrolled_window_get_hadjustment (place), "notify::page-size", G_CALLBACK (on_laid_out), self);
  g_signal_connect_swapped (gtk_scrolled_window_get_vadjustment (place), "notify::upper", G_CALLBACK (on_laid_out), self);
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
  self->index = index;
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->explanation, phase->explanation);
  tide_sql_buffer_prepare (GTK_SOURCE_BUFFER (buffer));
  gtk_text_buffer_set_text (buffer, sql, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, phase->title, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, phase->title, -1);
  return GTK_WIDGET (self);
}

/* Returns: whether the next part may be made */
static gboolean
update_backfill (TidePhaseRow *self,
                 gboolean      due,
                 gboolean      anew)
{
  g_autofree char *note = NULL;

  if (due && anew)
    look_for_rows (self);
  note = due ? dup_fill_note (self) : g_strdup (_("Not yet: the migration before it is not applied everywhere."));
  gtk_label_set_label (self->note, note);
  gtk_button_set_label (self->button, _("Run in Batches…"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), due);
  return due && are_all_filled (self);
}

static gboolean
update_migration (TidePhaseRow *self,
                  gboolean      due)
{
  TideMigration *migration = find_migration (self, self->phase);
  const TidePhase *before = self->index > 0 ? g_ptr_array_index (self->phases, self->index - 1) : NULL;
  g_autofree char *note = NULL;
  g_auto(Answers) answers = { 0 };

  answers_init (&answers);
  g_free (self->made);
  self->made = migration ? g_strdup (tide_migration_get_name (migration)) : NULL;
  if (migration != NULL)
    {
      ask_environments (self, self->made, &answers);
      note = dup_note (self, migration, &answers);
    }
  else if (!due)
    note = g_strdup (before != NULL && before->is_backfill ? _("Not yet: it waits for the batches, everywhere.")
                                                           : _("Not yet: the migration before it is not applied everywhere."));
  gtk_label_set_label (self->note, note ? note : "");
  gtk_button_set_label (self->button, migration ? _("Show") : _("Make Migration…"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), migration != NULL || due);
  return due && migration != NULL && answers_agree (&answers);
}

gboolean
tide_phase_row_update (TidePhaseRow *self,
                       gboolean      due,
                       gboolean      anew)
{
  g_return_val_if_fail (TIDE_IS_PHASE_ROW (self), FALSE);

  return self->phase->is_backfill ? update_backfill (self, due, anew) : update_migration (self, due);
}
