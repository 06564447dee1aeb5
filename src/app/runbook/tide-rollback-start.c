/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-rollback-start"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-proof-look.h"
#include "runbook/tide-rollback-start.h"
#include "tide-error.h"
#include "widgets/tide-children.h"
#include "widgets/tide-format.h"
#include "widgets/tide-short-text.h"
#include "widgets/tide-text-label.h"

struct _TideRollbackStart
{
  GtkWidget         parent_instance;

  /* Template widgets */
  GtkCheckButton   *automatic;
  GtkCheckButton   *migration;
  GtkCheckButton   *emergency;
  GtkWidget        *migration_row;
  GtkDropDown      *migrations;
  GtkWidget        *contacts;
  GtkBox           *contact_list;
  GtkStack         *plan;
  GtkWidget        *backup_row;
  GtkDropDown      *backups;
  GtkLabel         *losses;
  GtkWidget        *backup_box;
  GtkLabel         *backup;
  TidePill         *proof;
  GtkBox           *undone;
  GtkWidget        *users_box;
  GtkLabel         *users;
  GtkSwitch        *end_sessions;
  GtkLabel         *problem;
  GtkButton        *start;

  /* Owned */
  char             *run;     /* nullable: of AUTOMATIC */
  GPtrArray        *choices; /* nullable: (element-type TideBackup): what "backups" shows */
};

enum
{
  START,
  CHANGED,
  N_SIGNALS,
};

G_DEFINE_FINAL_TYPE (TideRollbackStart, tide_rollback_start, GTK_TYPE_WIDGET)

static guint signals[N_SIGNALS];

static TideRollbackMode
get_mode (TideRollbackStart *self)
{
  if (gtk_check_button_get_active (self->migration))
    return TIDE_ROLLBACK_MIGRATION;
  return gtk_check_button_get_active (self->emergency) ? TIDE_ROLLBACK_EMERGENCY : TIDE_ROLLBACK_AUTOMATIC;
}

static const char *
get_migration (TideRollbackStart *self)
{
  GtkStringObject *chosen = gtk_drop_down_get_selected_item (self->migrations);

  return chosen ? gtk_string_object_get_string (chosen) : NULL;
}

static void
start_clicked_cb (TideRollbackStart *self)
{
  g_signal_emit (self, signals[START], 0);
}

/* (nullable): NULL: the newest one */
static TideBackup *
get_backup (TideRollbackStart *self)
{
  guint selected = gtk_drop_down_get_selected (self->backups);

  return self->choices != NULL && selected < self->choices->len ? g_ptr_array_index (self->choices, selected) : NULL;
}

/* The migrations and backups are of no account where another way is chosen. */
static void
changed_cb (TideRollbackStart *self)
{
  TideRollbackMode mode = get_mode (self);

  gtk_widget_set_visible (self->migration_row, mode == TIDE_ROLLBACK_MIGRATION);
  gtk_widget_set_visible (self->backup_row, mode == TIDE_ROLLBACK_EMERGENCY && self->choices != NULL);
  gtk_widget_set_visible (self->contacts, mode == TIDE_ROLLBACK_EMERGENCY &&
                                          gtk_widget_get_first_child (GTK_WIDGET (self->contact_list)) != NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Of the three, the one that is left tells nothing: the one that is chosen does. */
static void
toggled_cb (TideRollbackStart *self,
            GtkCheckButton    *button)
{
  if (gtk_check_button_get_active (button))
    changed_cb (self);
}

static void
add_contacts (TideRollbackStart *self,
              GPtrArray         *contacts)
{
  for (guint i = 0; i < contacts->len; i++)
    {
      const TideContact *contact = g_ptr_array_index (contacts, i);
      gboolean has_role = contact->role != NULL && *contact->role != '\0';
      gboolean has_reach = contact->reach != NULL && *contact->reach != '\0';
      g_autofree char *text = g_strconcat (has_role ? contact->role : "", has_role ? ": " : "", contact->name ? contact->name : "",
                                           has_reach ? ", " : "", has_reach ? contact->reach : NULL, NULL);
      GtkWidget *label = tide_text_label_new (text, NULL);

      tide_text_label_set_selectable (GTK_LABEL (label));
      gtk_box_append (self->contact_list, label);
    }
}

/* What failed first, then what was applied, newest first */
static void
add_migrations (TideRollbackStart *self,
                TideTimeline      *timeline,
                const char        *chosen)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  guint n = timeline ? tide_timeline_get_n_entries (timeline) : 0;
  const TideMigrationState states[] = { TIDE_STATE_FAILED, TIDE_STATE_APPLIED };
  guint selected = 0;

  for (guint s = 0; s < G_N_ELEMENTS (states); s++)
    for (guint i = n; i-- > 0;)
      {
        const TideTimelineEntry *entry = tide_timeline_get_entry (timeline, i);

        if (entry->state != states[s] || entry->running)
          continue;
        if (g_strcmp0 (entry->name, chosen) == 0)
          selected = g_list_model_get_n_items (G_LIST_MODEL (names));
        gtk_string_list_append (names, entry->name);
      }
  gtk_drop_down_set_model (self->migrations, G_LIST_MODEL (names));
  if (g_list_model_get_n_items (G_LIST_MODEL (names)) > 0)
    gtk_drop_down_set_selected (self->migrations, selected);
}

static void
add_undone (TideRollbackStart *self,
            TideRollbackPlan  *plan)
{
  tide_children_remove (GTK_WIDGET (self->undone));
  for (guint i = 0; plan->undone != NULL && i < plan->undone->len; i++)
    {
      g_autofree char *text = g_strdup_printf (_("%s will be pending again"), (char *) g_ptr_array_index (plan->undone, i));

      gtk_box_append (self->undone, tide_text_label_new (text, NULL));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->undone), gtk_widget_get_first_child (GTK_WIDGET (self->undone)) != NULL);
}

/* (transfer full): what tells it from the others: two lines */
static char *
dup_choice (TideBackup *backup)
{
  const TideManifest *manifest = backup->manifest;
  g_autofree char *moment = tide_format_moment (backup->created_at);
  g_autofree char *age = tide_format_ago (backup->created_at);
  g_autofree char *size = g_format_size (backup->bytes);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s (%s)\n%s", moment, age, _(tide_proof_get_look (tide_backup_get_proof (backup))->word));
  if (manifest != NULL && manifest->environment != NULL)
    g_string_append_printf (text, " · %s", manifest->environment);
  if (manifest != NULL && manifest->migration != NULL)
    {
      g_autofree char *before = g_strdup_printf (_("before %s"), manifest->migration);

      g_string_append_printf (text, " · %s", before);
    }
  g_string_append_printf (text, " · %s", size);
  return g_string_free (text, FALSE);
}

/* Which there are is known with the first plan; the choice of a person stays. */
static void
show_choices (TideRollbackStart *self,
              GPtrArray         *choices)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);

  if (choices->len == 0 || self->choices != NULL)
    return;
  for (guint i = 0; i < choices->len; i++)
    {
      g_autofree char *text = dup_choice (g_ptr_array_index (choices, i));

      gtk_string_list_append (names, text);
    }
  g_signal_handlers_block_by_func (self->backups, changed_cb, self);
  gtk_drop_down_set_model (self->backups, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->backups, 0);
  g_signal_handlers_unblock_by_func (self->backups, changed_cb, self);
  self->choices = g_ptr_array_ref (choices);
  gtk_widget_set_visible (self->backup_row, get_mode (self) == TIDE_ROLLBACK_EMERGENCY);
}

static void
show_plan (TideRollbackStart *self,
           TideRollbackPlan  *plan)
{
  g_autofree char *users = NULL;
  g_autofree char *name = plan->backup ? g_filename_display_basename (plan->backup->path) : NULL;
  g_autofree char *age = plan->backup ? tide_format_ago (plan->backup->created_at) : NULL;
  g_autofree char *backup = plan->backup ? g_strdup_printf (_("%s, of %s"), name, age) : NULL;

  gtk_label_set_label (self->losses, plan->losses ? plan->losses : "");
  gtk_label_set_label (self->backup, backup ? backup : "");
  gtk_widget_set_visible (self->backup_box, backup != NULL);
  if (plan->backup != NULL)
    tide_pill_set_look (self->proof, tide_proof_get_look (tide_backup_get_proof (plan->backup)));
  show_choices (self, plan->choices);
  add_undone (self, plan);
  if (plan->users != NULL && plan->users->len > 0)
    {
      g_autoptr(GString) list = g_string_new (NULL);

      for (guint i = 0; i < plan->users->len; i++)
        g_string_append_printf (list, "%s%s", i > 0 ? "\n" : "", (char *) g_ptr_array_index (plan->users, i));
      users = g_string_free (g_steal_pointer (&list), FALSE);
    }
  gtk_label_set_label (self->users, users ? users : "");
  gtk_widget_set_visible (self->users_box, users != NULL);
}

static void
tide_rollback_start_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), TIDE_TYPE_ROLLBACK_START);
  tide_children_unparent (GTK_WIDGET (object));
  g_clear_pointer (&TIDE_ROLLBACK_START (object)->run, g_free);
  g_clear_pointer (&TIDE_ROLLBACK_START (object)->choices, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_rollback_start_parent_class)->dispose (object);
}

static void
tide_rollback_start_class_init (TideRollbackStartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_rollback_start_dispose;

  signals[START] = g_signal_new ("start", TIDE_TYPE_ROLLBACK_START, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CHANGED] = g_signal_new ("changed", TIDE_TYPE_ROLLBACK_START, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  g_type_ensure (TIDE_TYPE_PILL);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-rollback-start.ui");
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, automatic);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, migration);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, emergency);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, migration_row);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, migrations);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, contacts);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, contact_list);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, plan);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, losses);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, backup_row);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, backups);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, backup_box);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, proof);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, backup);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, undone);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, users_box);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, users);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, end_sessions);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, problem);
  gtk_widget_class_bind_template_child (widget_class, TideRollbackStart, start);
  gtk_widget_class_bind_template_callback (widget_class, start_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_rollback_start_init (TideRollbackStart *self)
{
  g_autoptr(GtkListItemFactory) factory = tide_short_text_factory_new (PANGO_ELLIPSIZE_END);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drop_down_set_factory (self->migrations, factory);
  gtk_drop_down_set_factory (self->backups, factory);
}

GtkWidget *
tide_rollback_start_new (TideProject      *project,
                         TideEnvironment  *environment,
                         TideRollbackMode  mode,
                         const char       *subject)
{
  TideRollbackStart *self = g_object_new (TIDE_TYPE_ROLLBACK_START, NULL);

  if (mode == TIDE_ROLLBACK_AUTOMATIC && subject != NULL && *subject != '\0')
    self->run = g_strdup (subject);
  add_contacts (self, tide_project_get_contacts (project));
  add_migrations (self, tide_environment_get_timeline (environment), mode == TIDE_ROLLBACK_MIGRATION ? subject : NULL);
  if (mode == TIDE_ROLLBACK_MIGRATION)
    gtk_check_button_set_active (self->migration, TRUE);
  else if (mode == TIDE_ROLLBACK_EMERGENCY)
    gtk_check_button_set_active (self->emergency, TRUE);
  tide_rollback_start_set_plan (self, NULL, NULL);
  return GTK_WIDGET (self);
}

void
tide_rollback_start_fill (TideRollbackStart   *self,
                          TideRollbackOptions *options)
{
  g_return_if_fail (TIDE_IS_ROLLBACK_START (self));

  options->mode = get_mode (self);
  options->run = options->mode == TIDE_ROLLBACK_AUTOMATIC ? self->run : NULL;
  options->migration = options->mode == TIDE_ROLLBACK_MIGRATION ? get_migration (self) : NULL;
  if (options->mode == TIDE_ROLLBACK_EMERGENCY && get_backup (self) != NULL)
    options->backup = get_backup (self)->path;
  options->end_sessions = gtk_switch_get_active (self->end_sessions);
}

void
tide_rollback_start_set_plan (TideRollbackStart *self,
                              TideRollbackPlan  *plan,
                              const GError      *error)
{
  g_autofree char *problem = error ? tide_error_dup_text (error) : NULL;

  g_return_if_fail (TIDE_IS_ROLLBACK_START (self));

  if (plan != NULL)
    show_plan (self, plan);
  gtk_label_set_label (self->problem, problem ? problem : "");
  gtk_stack_set_visible_child_name (self->plan, plan ? "plan" : error ? "problem" : "making");
  gtk_widget_set_sensitive (GTK_WIDGET (self->start), plan != NULL);
}
