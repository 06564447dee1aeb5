/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lineage-bar"

#include "config.h"

#include <glib/gi18n.h>

#include "drift/tide-history-point.h"
#include "drift/tide-lineage-bar.h"
#include "schema/tide-schema-lineage.h"
#include "widgets/tide-children.h"

/* Of an object that many migrations have changed, these are shown, the newest. */
#define N_SHOWN 5

struct _TideLineageBar
{
  GtkWidget          parent_instance;

  /* Template widgets */
  GtkButton         *button;
  GtkLabel          *label;

  /* Owned */
  TideWorkspace     *workspace;
  TideSchema        *schema;    /* nullable: keeps @object */
  TideProject       *project;   /* nullable: whose history was read, or is */
  TideSchemaLineage *lineage;   /* nullable */
  TideJob           *job;       /* nullable: reads it */
  GError            *error;     /* nullable: why it could not be read */

  /* Borrowed */
  const TideSchemaObject *object; /* nullable */
};

G_DEFINE_FINAL_TYPE (TideLineageBar, tide_lineage_bar, GTK_TYPE_WIDGET)

/* For a thread */
typedef struct
{
  TideProject *project;
  char        *schema; /* nullable */
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_object_unref (self->project);
  g_free (self->schema);
  g_free (self);
}

static char *
dup_link (const char *migration)
{
  return g_markup_printf_escaped ("<a href=\"%s\">%s</a>", migration, migration);
}

/* (transfer full): the links of the last few of @events from @first on */
static char *
dup_links (GPtrArray *events,
           guint      start)
{
  GString *text = g_string_new (NULL);

  for (guint i = start; i < events->len; i++)
    {
      const TideSchemaEvent *event = g_ptr_array_index (events, i);
      g_autofree char *link = dup_link (event->migration);

      g_string_append (text, i > start ? ", " : "");
      if (event->type == TIDE_CHANGE_REMOVED)
        g_string_append_printf (text, _("%s (removed)"), link);
      else
        g_string_append (text, link);
    }
  return g_string_free (text, FALSE);
}

/* (transfer full): markup */
static char *
dup_markup (GPtrArray *events)
{
  GString *text = g_string_new (NULL);
  const TideSchemaEvent *maker;
  g_autofree char *link = NULL;
  g_autofree char *links = NULL;
  guint first, start;

  if (events == NULL)
    return g_string_free (g_string_append (text, _("No migration made this.")), FALSE);
  maker = g_ptr_array_index (events, 0);
  first = maker->type == TIDE_CHANGE_ADDED ? 1 : 0;
  start = MAX (first, events->len > N_SHOWN ? events->len - N_SHOWN : 0);
  link = dup_link (maker->migration);
  if (first > 0)
    g_string_append_printf (text, _("Made by %s"), link);
  if (start == events->len)
    return g_string_free (text, FALSE);
  links = dup_links (events, start);
  g_string_append (text, first > 0 ? " · " : "");
  g_string_append_printf (text, start > first ? _("last changed by %s") : _("changed by %s"), links);
  return g_string_free (text, FALSE);
}

static void
update (TideLineageBar *self)
{
  g_autofree char *markup = NULL;

  if (self->lineage != NULL && self->object != NULL)
    markup = dup_markup (tide_schema_lineage_lookup (self->lineage, self->object));
  else if (self->error != NULL)
    markup = g_markup_escape_text (self->error->message, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->button), markup == NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), self->job == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->label), markup != NULL);
  gtk_label_set_markup (self->label, markup == NULL ? "" : markup);
}

static void
forget (TideLineageBar *self)
{
  if (self->job != NULL)
    tide_job_cancel (self->job);
  g_clear_object (&self->job);
  g_clear_pointer (&self->lineage, tide_schema_lineage_unref);
  g_clear_error (&self->error);
  g_clear_object (&self->project);
}

static gpointer
read_lineage (TideJob   *job,
              gpointer   data,
              GError   **error)
{
  Question *question = data;

  return tide_schema_lineage_new (question->project, question->schema, job, error);
}

static void
on_read (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (TideLineageBar) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TideSchemaLineage) lineage = tide_job_run_finish (TIDE_JOB (object), result, &error);

  if (self->job != TIDE_JOB (object))
    return;
  g_clear_object (&self->job);
  self->lineage = g_steal_pointer (&lineage);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->error = g_steal_pointer (&error);
  update (self);
}

static void
on_clicked (TideLineageBar *self)
{
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);
  TideTarget *target = environment == NULL ? NULL : tide_environment_get_target (environment);
  Question *question = g_new0 (Question, 1);

  forget (self);
  self->project = g_object_ref (tide_workspace_get_project (self->workspace));
  question->project = g_object_ref (self->project);
  if (target != NULL)
    question->schema = g_strdup (tide_conninfo_get_schema (tide_target_get_conninfo (target)));
  self->job = tide_job_new (_("Read the history of every object"));
  tide_workspace_run_job (self->workspace, self->job, read_lineage, question, question_free,
                          (GDestroyNotify) tide_schema_lineage_unref, on_read, g_object_ref (self));
  update (self);
}

static gboolean
on_link (TideLineageBar *self,
         const char     *migration)
{
  g_autofree char *before = tide_history_point_dup_before (self->project, migration);
  g_autofree char *after = tide_history_point_dup_after (migration);

  gtk_widget_activate_action (GTK_WIDGET (self), "win.compare", "(ss)", before, after);
  return GDK_EVENT_STOP;
}

static void
tide_lineage_bar_dispose (GObject *object)
{
  TideLineageBar *self = TIDE_LINEAGE_BAR (object);

  forget (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_LINEAGE_BAR);
  tide_children_unparent (GTK_WIDGET (self));
  self->object = NULL;
  g_clear_pointer (&self->schema, tide_schema_unref);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (tide_lineage_bar_parent_class)->dispose (object);
}

static void
tide_lineage_bar_class_init (TideLineageBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_lineage_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-lineage-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, TideLineageBar, button);
  gtk_widget_class_bind_template_child (widget_class, TideLineageBar, label);
  gtk_widget_class_bind_template_callback (widget_class, on_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_link);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_lineage_bar_init (TideLineageBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
tide_lineage_bar_set_workspace (TideLineageBar *self,
                                TideWorkspace  *workspace)
{
  g_return_if_fail (TIDE_IS_LINEAGE_BAR (self));

  g_set_object (&self->workspace, workspace);
}

void
tide_lineage_bar_set_object (TideLineageBar         *self,
                             const TideSchemaObject *object)
{
  g_return_if_fail (TIDE_IS_LINEAGE_BAR (self));

  /* A project that was read again may have another history. */
  if (self->project != NULL && self->project != tide_workspace_get_project (self->workspace))
    forget (self);
  g_clear_pointer (&self->schema, tide_schema_unref);
  self->object = object;
  self->schema = object == NULL ? NULL : tide_schema_ref (tide_schema_object_get_schema (object));
  gtk_widget_set_sensitive (GTK_WIDGET (self), object != NULL);
  update (self);
}
