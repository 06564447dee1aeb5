/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-deploy-start"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-deploy-start.h"
#include "widgets/tide-children.h"

/* Names that are listed before "and so on" */
#define MAX_NAMES 8

/* How long until a database in which somebody applies a migration is asked again whether that has ended */
#define AGAIN_SECONDS 2

struct _TideDeployStart
{
  GtkWidget          parent_instance;

  /* Template widgets */
  GtkLabel          *waiting;
  GtkLabel          *names;
  GtkLabel          *promise;
  GtkWidget         *options;
  AdwExpanderRow    *create_row;
  AdwEntryRow       *create_name;
  GtkTextView       *create_sql;
  AdwActionRow      *seed_row;
  GtkSwitch         *seed;
  AdwExpanderRow    *skip_row;
  AdwEntryRow       *skip_reason;
  GtkButton         *start;
  GtkWidget         *ways;
  GtkWidget         *show_failed;

  /* Owned */
  TideEnvironment   *environment;
  guint              again; /* the source that asks a database in which a migration runs, or 0 */
  char              *sql; /* nullable: as it was when somebody asked for the options */
};

enum
{
  START,
  WAY,
  N_SIGNALS,
};

G_DEFINE_FINAL_TYPE (TideDeployStart, tide_deploy_start, GTK_TYPE_WIDGET)

static guint signals[N_SIGNALS];

static void
start_clicked_cb (TideDeployStart *self)
{
  g_signal_emit (self, signals[START], 0);
}

/* (nullable): what a database that is gone has said last may be long over */
static TideTimeline *
get_timeline (TideDeployStart *self)
{
  return tide_environment_get_state (self->environment) == TIDE_ENVIRONMENT_FAILED ? NULL
                                                                                   : tide_environment_get_timeline (self->environment);
}

/* (nullable): the migration that holds up all others: one that has failed, or one that is being applied */
static const TideTimelineEntry *
find_block (TideDeployStart *self)
{
  TideTimeline *timeline = get_timeline (self);
  guint n_entries = timeline ? tide_timeline_get_n_entries (timeline) : 0;

  for (guint i = 0; i < n_entries; i++)
    if (tide_timeline_get_entry (timeline, i)->state == TIDE_STATE_FAILED)
      return tide_timeline_get_entry (timeline, i);
  return NULL;
}

static void
show_failed_clicked_cb (TideDeployStart *self)
{
  const TideTimelineEntry *block = find_block (self);

  if (block != NULL)
    g_signal_emit (self, signals[WAY], 0, "resolve", block->name);
}

static void
diagnose_clicked_cb (TideDeployStart *self)
{
  g_signal_emit (self, signals[WAY], 0, "what-is-wrong", "");
}

/* A migration that is made wants a name; and nothing begins where nothing can be applied. */
static void
update_start (TideDeployStart *self)
{
  gboolean creates = adw_expander_row_get_enable_expansion (self->create_row);
  const char *name = gtk_editable_get_text (GTK_EDITABLE (self->create_name));

  gtk_widget_set_sensitive (GTK_WIDGET (self->start), find_block (self) == NULL && (!creates || *name != '\0'));
}

static char *
dup_waiting (TideDeployStart *self)
{
  TideTimeline *timeline = get_timeline (self);
  const TideTimelineEntry *block = find_block (self);
  guint n = timeline ? tide_timeline_count_pending (timeline) : 0;

  if (block != NULL)
    return g_strdup (block->running ? _("A migration is being applied.") : _("A migration has failed."));
  if (n == 0)
    return g_strdup (timeline ? _("Nothing is pending.") : _("What is pending is not known yet."));
  return g_strdup_printf (g_dngettext (NULL, "%u migration is pending", "%u migrations are pending", n), n);
}

static void
set_names (TideDeployStart *self)
{
  TideTimeline *timeline = get_timeline (self);
  guint n_entries = timeline ? tide_timeline_get_n_entries (timeline) : 0;
  guint n = timeline ? tide_timeline_count_pending (timeline) : 0;
  guint listed = 0;
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < n_entries && listed < MAX_NAMES; i++)
    {
      const TideTimelineEntry *entry = tide_timeline_get_entry (timeline, i);

      if (entry->state != TIDE_STATE_PENDING && entry->state != TIDE_STATE_ROLLED_BACK)
        continue;
      g_string_append_printf (names, "%s%s", listed > 0 ? "\n" : "", entry->name);
      listed++;
    }
  if (n > listed)
    g_string_append_printf (names, g_dngettext (NULL, "\nand %u more", "\nand %u more", n - listed), n - listed);
  gtk_label_set_label (self->names, names->str);
  gtk_widget_set_visible (GTK_WIDGET (self->names), names->len > 0);
}

static gboolean
again_cb (gpointer user_data)
{
  tide_environment_poll (TIDE_DEPLOY_START (user_data)->environment);
  return G_SOURCE_CONTINUE;
}

/* What is said of the button stands beside it, in place of what it promises: the one is not possible while the other is true. */
static void
update_block (TideDeployStart *self)
{
  const TideTimelineEntry *block = find_block (self);
  gboolean runs = block != NULL && block->running;
  gboolean development = tide_environment_get_kind (self->environment) == TIDE_KIND_DEVELOPMENT;
  g_autofree char *why = NULL;

  if (block != NULL)
    why = g_strdup_printf (runs ? _("“%s” is being applied. This can be started once it has ended.")
                                : _("“%s” has failed. This can be started once it is resolved."), block->name);
  else
    why = g_strdup (development ? _("What is pending is applied at once; a backup is made first.")
                                : _("Nothing is changed before you confirm it. You can stop at any step."));
  gtk_label_set_label (self->promise, why);
  gtk_widget_set_visible (self->ways, block != NULL);
  gtk_widget_set_visible (self->show_failed, block != NULL && !runs);
  /* The window behind does not ask while this one is used. */
  if (runs && self->again == 0)
    self->again = g_timeout_add_seconds (AGAIN_SECONDS, again_cb, self);
  else if (!runs)
    g_clear_handle_id (&self->again, g_source_remove);
}

static void
timeline_changed_cb (TideDeployStart *self)
{
  g_autofree char *text = dup_waiting (self);

  gtk_label_set_label (self->waiting, text);
  set_names (self);
  update_block (self);
  update_start (self);
}

static void
set_kind (TideDeployStart *self,
          TideProject     *project,
          TideKind         kind)
{
  gboolean development = kind == TIDE_KIND_DEVELOPMENT;
  const TideHooksSpec *hooks = tide_project_get_hooks (project);
  g_autofree char *command = hooks->seed ? g_strjoinv (" ", hooks->seed) : NULL;
  g_autofree char *escaped = g_markup_escape_text (command ? command : "", -1);

  gtk_widget_set_visible (GTK_WIDGET (self->create_row), development);
  gtk_widget_set_visible (GTK_WIDGET (self->seed_row), development && command != NULL);
  adw_action_row_set_subtitle (self->seed_row, escaped);
  gtk_button_set_label (self->start, development ? _("_Deploy") : _("_Start the Checks"));
}

static void
tide_deploy_start_dispose (GObject *object)
{
  TideDeployStart *self = TIDE_DEPLOY_START (object);

  g_clear_handle_id (&self->again, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (object), TIDE_TYPE_DEPLOY_START);
  tide_children_unparent (GTK_WIDGET (object));
  g_clear_object (&self->environment);
  g_clear_pointer (&self->sql, g_free);
  G_OBJECT_CLASS (tide_deploy_start_parent_class)->dispose (object);
}

static void
tide_deploy_start_class_init (TideDeployStartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_deploy_start_dispose;

  signals[START] = g_signal_new ("start", TIDE_TYPE_DEPLOY_START, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[WAY] = g_signal_new ("way", TIDE_TYPE_DEPLOY_START, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                               G_TYPE_STRING, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-deploy-start.ui");
  gtk_widget_class_bind_template_child (widget_class, TideDeployStart, waiting);
  gtk_widget_class_bind_template_child (widget_class, TideDeployStart, names);
  gtk_widget_class_bind_template_child (widget_class, TideDeployStart, promise);
  gtk_widget_class_bind_template_child (widget_class, TideDeployStart, options);
  gtk_widget_class_bind_template_child (widget_class, TideDeployStart, create_row);
  gtk_widget_class_bind_template_child (widget_class, TideDeployStart, create_name);
  gtk_widget_class_bind_template_child (widget_class, TideDeployStart, create_sql);
  gtk_widget_class_bind_template_child (widget_class, TideDeployStart, seed_row);
  gtk_widget_class_bind_template_child (widget_class, TideDeployStart, seed);
  gtk_widget_class_bind_template_child (widget_class, TideDeployStart, skip_row);
  gtk_widget_class_bind_template_child (widget_class, TideDeployStart, skip_reason);
  gtk_widget_class_bind_template_child (widget_class, TideDeployStart, start);
  gtk_widget_class_bind_template_child (widget_class, TideDeployStart, ways);
  gtk_widget_class_bind_template_child (widget_class, TideDeployStart, show_failed);
  gtk_widget_class_bind_template_callback (widget_class, start_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_failed_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, diagnose_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_start);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_deploy_start_init (TideDeployStart *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
tide_deploy_start_new (TideProject     *project,
                       TideEnvironment *environment)
{
  TideDeployStart *self = g_object_new (TIDE_TYPE_DEPLOY_START, NULL);

  self->environment = g_object_ref (environment);
  set_kind (self, project, tide_environment_get_kind (environment));
  g_signal_connect_object (environment, "notify::timeline", G_CALLBACK (timeline_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (environment, "notify::state", G_CALLBACK (timeline_changed_cb), self, G_CONNECT_SWAPPED);
  timeline_changed_cb (self);
  return GTK_WIDGET (self);
}

void
tide_deploy_start_fill (TideDeployStart *self,
                        TideRunOptions  *options)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->create_sql);
  GtkTextIter start, end;

  g_return_if_fail (TIDE_IS_DEPLOY_START (self));

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  g_free (self->sql);
  self->sql = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  if (adw_expander_row_get_enable_expansion (self->create_row))
    {
      options->create = gtk_editable_get_text (GTK_EDITABLE (self->create_name));
      options->create_sql = self->sql;
    }
  options->seed = gtk_switch_get_active (self->seed);
  if (adw_expander_row_get_enable_expansion (self->skip_row))
    options->skip_backup = gtk_editable_get_text (GTK_EDITABLE (self->skip_reason));
}

void
tide_deploy_start_focus (TideDeployStart *self)
{
  g_return_if_fail (TIDE_IS_DEPLOY_START (self));
  if (gtk_widget_get_visible (self->ways))
    gtk_widget_child_focus (self->ways, GTK_DIR_TAB_FORWARD);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->start));
}
