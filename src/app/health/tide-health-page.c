/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-page"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "drift/tide-drift-state.h"
#include "health/tide-health-actions.h"
#include "health/tide-health-checks.h"
#include "health/tide-health-look.h"
#include "health/tide-health-page.h"
#include "health/tide-health-reading.h"
#include "health/tide-health-tables.h"
#include "widgets/tide-children.h"
#include "widgets/tide-error-view.h"
#include "widgets/tide-format.h"
#include "widgets/tide-lazy.h"
#include "widgets/tide-short-text.h"
#include "widgets/tide-wrap-box.h"

struct _TideHealthPage
{
  GtkWidget           parent_instance;

  /* Template widgets */
  GtkStack           *content;
  GtkSpinner         *spinner;
  TidePill           *pill;
  GtkLabel           *summary;
  TideHealthChecks   *checks;
  TideErrorView      *error_view;
  GtkMenuButton      *more;       /* where the words of its buttons have no room */
  GMenuModel         *more_menu;

  /* Borrowed */
  TideHealthTables   *tables;      /* (nullable): nobody has looked at them yet */

  /* Owned */
  TideWorkspace      *workspace;
  TideDriftState     *drift;       /* shared with the Drift page */
  GSimpleActionGroup *actions;
  GSignalGroup       *environment; /* the selected one */
  TideConninfo       *conninfo;    /* (nullable): of which database @health or @error tell */
  TideHealthReading  *reading;     /* (nullable): the one that is under way */
  TideHealth         *health;      /* (nullable): not read yet */
  TideHealth         *shown;       /* (nullable): @health, with what is known of drift */
  GError             *error;       /* (nullable): why it could not be read */
  guint               interval;    /* so often it is read again while somebody looks at it; seconds */
  guint               timer;
};

enum
{
  PROP_WORKSPACE = 1,
  PROP_INTERVAL,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideHealthPage, tide_health_page, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static TideConninfo *
get_conninfo (TideHealthPage *self)
{
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);
  TideTarget *target = environment ? tide_environment_get_target (environment) : NULL;

  return target ? tide_target_get_conninfo (target) : NULL;
}

/* (nullable): before a connection was even tried: the URL names nothing */
static const GError *
get_error (TideHealthPage *self)
{
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);

  if (self->error != NULL)
    return self->error;
  return environment != NULL && get_conninfo (self) == NULL ? tide_environment_get_error (environment) : NULL;
}

static gboolean
shows_tables (TideHealthPage *self)
{
  g_autoptr(GVariant) view = g_action_group_get_action_state (G_ACTION_GROUP (self->actions), "view");

  return g_str_equal (g_variant_get_string (view, NULL), "tables");
}

static const char *
choose_content (TideHealthPage *self)
{
  if (tide_workspace_get_environment (self->workspace) == NULL)
    return "none";
  if (self->health != NULL)
    return !shows_tables (self) ? "checks" : self->health->is_full ? "tables" : "loading";
  return get_error (self) != NULL ? "error" : "loading";
}

static char *
dup_summary (TideHealthPage *self)
{
  guint n = tide_health_count (self->shown, TIDE_HEALTH_WARNING) + tide_health_count (self->shown, TIDE_HEALTH_CRITICAL);
  guint n_notices = tide_health_count (self->shown, TIDE_HEALTH_NOTICE);

  if (!self->shown->is_full)
    return g_strdup (_("Looking at tables and indexes…"));
  if (n > 0)
    return g_strdup_printf (g_dngettext (NULL, "%u check wants to be looked at", "%u checks want to be looked at", n), n);
  if (n_notices > 0)
    return g_strdup_printf (g_dngettext (NULL, "Nothing is wrong; %u notice", "Nothing is wrong; %u notices", n_notices), n_notices);
  return g_strdup (_("Nothing is wrong"));
}

static char *
dup_reading (TideHealthPage *self)
{
  g_autofree char *moment = tide_format_moment (self->health->read_at);
  g_autofree char *duration = tide_format_duration (self->health->duration);

  /* Translators: when, and how long it took */
  return g_strdup_printf (_("Read %s in %s"), moment, duration);
}

static void
update_summary (TideHealthPage *self)
{
  g_autofree char *text = self->shown ? dup_summary (self) : NULL;
  gboolean is_full = self->shown != NULL && self->shown->is_full;
  g_autofree char *reading = is_full ? dup_reading (self) : NULL;

  gtk_label_set_label (self->summary, text ? text : "");
  tide_tooltip_update (GTK_WIDGET (self->summary), reading);
  gtk_widget_set_visible (GTK_WIDGET (self->pill), is_full);
  if (is_full)
    tide_pill_set_look (self->pill, tide_health_get_look (tide_health_get_state (self->shown)));
}

/* The one place that makes the page agree with what is known */
static void
tide_health_page_update (TideHealthPage *self)
{
  GAction *act = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "act");

  tide_error_view_set_error (self->error_view, get_error (self));
  gtk_stack_set_visible_child_name (self->content, choose_content (self));
  update_summary (self);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (act), self->health != NULL);
}

/* Whether somebody works with what would be made anew */
static gboolean
has_focus_inside (TideHealthPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->checks));
}

/* (transfer full) (nullable): with what is known of drift by now */
static TideHealth *
dup_shown (TideHealthPage *self)
{
  TideDriftComparison *comparison = tide_drift_state_get_comparison (self->drift);
  TideHealthDrift drift = {
    .is_running = tide_drift_state_get_job (self->drift) != NULL,
    .diff = comparison ? comparison->diff : NULL,
    .error = tide_drift_state_get_error (self->drift),
    .read_at = tide_drift_state_get_moment (self->drift),
  };

  return self->health ? tide_health_tell_drift (self->health, &drift) : NULL;
}

static void
show_health (TideHealthPage *self)
{
  g_clear_pointer (&self->shown, tide_health_unref);
  self->shown = dup_shown (self);
  tide_health_checks_set_health (self->checks, self->shown);
  if (self->tables != NULL)
    tide_health_tables_set_health (self->tables, self->shown);
}

/* (transfer floating) */
static GtkWidget *
on_create_tables (TideHealthPage *self)
{
  self->tables = g_object_new (TIDE_TYPE_HEALTH_TABLES, NULL);
  tide_health_tables_set_health (self->tables, self->shown);
  return GTK_WIDGET (self->tables);
}

static void
on_drift_changed (TideHealthPage *self)
{
  show_health (self);
  tide_health_page_update (self);
}

/* In the background, when all else has been read: the first time, it takes as long as replaying the history. While anything else
 * runs it waits; the page reads again when that has ended. */
static void
tide_health_page_maybe_compare (TideHealthPage *self)
{
  TideEnvironment *environment = tide_workspace_get_environment (self->workspace);

  if (self->health == NULL || !self->health->is_full || !gtk_widget_get_mapped (GTK_WIDGET (self)) ||
      tide_environment_get_timeline (environment) == NULL || !tide_drift_state_is_outdated (self->drift) ||
      tide_workspace_has_running_job (self->workspace))
    return;
  tide_drift_state_compare (self->drift, FALSE);
}

/* Comparing keeps all processors busy: not before what was read is painted. @frames: how many came since */
static gboolean
on_frame_after_reading (GtkWidget     *widget,
                        GdkFrameClock *clock,
                        gpointer       frames)
{
  TideHealthPage *self = TIDE_HEALTH_PAGE (widget);
  guint *n = frames;

  if ((*n)++ == 0)
    return G_SOURCE_CONTINUE;
  tide_health_page_maybe_compare (self);
  return G_SOURCE_REMOVE;
}

static void
stop_reading (TideHealthPage *self)
{
  g_clear_pointer (&self->reading, tide_health_reading_stop);
  if (self->spinner != NULL)
    gtk_spinner_stop (self->spinner);
}

/* A TideHealthReadingFunc */
static void
on_read (TideHealth *health,
         GError     *error,
         gpointer    user_data)
{
  TideHealthPage *self = user_data;

  if (error == NULL && (health == NULL || !health->is_full))
    gtk_spinner_start (self->spinner);
  else
    stop_reading (self);
  if (error == NULL && health == NULL)
    return;
  g_clear_pointer (&self->health, tide_health_unref);
  g_clear_error (&self->error);
  self->health = health;
  self->error = error;
  show_health (self);
  tide_health_page_update (self);
  if (self->reading == NULL)
    gtk_widget_add_tick_callback (GTK_WIDGET (self), on_frame_after_reading, g_new0 (guint, 1), g_free);
}

static void
start_reading (TideHealthPage *self,
               TideConninfo   *conninfo)
{
  self->reading = tide_health_reading_start (tide_workspace_get_project (self->workspace), conninfo, self->health == NULL, on_read, self);
}

static void
tide_health_page_read (TideHealthPage *self)
{
  TideConninfo *conninfo = get_conninfo (self);

  stop_reading (self);
  /* What another database was like says nothing of this one. */
  if (conninfo != self->conninfo)
    {
      g_clear_pointer (&self->conninfo, tide_conninfo_unref);
      g_clear_pointer (&self->health, tide_health_unref);
      g_clear_error (&self->error);
      self->conninfo = conninfo ? tide_conninfo_ref (conninfo) : NULL;
      show_health (self);
    }
  if (conninfo != NULL)
    start_reading (self, conninfo);
  tide_health_page_update (self);
}

/* Only what is looked at is worth a question to the server. */
static void
tide_health_page_maybe_read (TideHealthPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    tide_health_page_read (self);
}

static gboolean
on_timer (gpointer user_data)
{
  TideHealthPage *self = user_data;
  gboolean active;

  g_object_get (self->workspace, "active", &active, NULL);
  if (active && self->reading == NULL && !has_focus_inside (self))
    tide_health_page_read (self);
  return G_SOURCE_CONTINUE;
}

/* The first reading goes on since the page was made. */
static void
on_map (TideHealthPage *self)
{
  if (self->reading == NULL)
    tide_health_page_read (self);
  if (self->timer == 0)
    self->timer = g_timeout_add_seconds (self->interval, on_timer, self);
}

static void
on_unmap (TideHealthPage *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  stop_reading (self);
}

static void
on_environment_changed (TideHealthPage *self)
{
  g_signal_group_set_target (self->environment, tide_workspace_get_environment (self->workspace));
  tide_health_page_maybe_read (self);
}

static void
refresh_activated (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  TideHealthPage *self = user_data;

  tide_health_page_read (self);
  tide_drift_state_compare (self->drift, TRUE);
}

static void
view_changed (GSimpleAction *action,
              GVariant      *value,
              gpointer       self)
{
  g_simple_action_set_state (action, value);
  tide_health_page_update (self);
}

static void
act_activated (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  TideHealthPage *self = user_data;
  const char *what;
  const char *argument;

  g_variant_get (parameter, "(&s&s)", &what, &argument);
  if (g_str_equal (what, TIDE_HEALTH_ACTION_COMPARE))
    tide_drift_state_compare (self->drift, TRUE);
  else if (g_str_equal (what, TIDE_HEALTH_ACTION_STOP_COMPARE))
    tide_drift_state_cancel (self->drift);
  else
    tide_health_act (GTK_WIDGET (self), self->workspace, what, argument);
}

/* All of it, without a question how much it would like: it scrolls, and the answer would shape each text several times. */
static gboolean
on_get_position (GtkOverlay   *overlay,
                 GtkWidget    *child,
                 GdkRectangle *position)
{
  position->x = position->y = 0;
  position->width = gtk_widget_get_width (GTK_WIDGET (overlay));
  position->height = gtk_widget_get_height (GTK_WIDGET (overlay));
  return TRUE;
}

static void
on_error_action (TideHealthPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.diagnose", NULL);
}

static const GActionEntry action_entries[] = {
  { "refresh", refresh_activated },
  { "view", NULL, "s", "'checks'", view_changed },
  { "act", act_activated, "(ss)" },
};

static void
tide_health_page_constructed (GObject *object)
{
  TideHealthPage *self = TIDE_HEALTH_PAGE (object);

  G_OBJECT_CLASS (tide_health_page_parent_class)->constructed (object);

  g_assert (self->workspace != NULL);
  /* It is made to be looked at: the server reads while the widgets are made. */
  if (get_conninfo (self) != NULL)
    {
      self->conninfo = tide_conninfo_ref (get_conninfo (self));
      start_reading (self, self->conninfo);
    }
  gtk_widget_init_template (GTK_WIDGET (self));
  tide_lazy_set_menu (self->more, self->more_menu);
  self->drift = g_object_ref (tide_drift_state_get (self->workspace));
  g_signal_connect_object (self->drift, "changed", G_CALLBACK (on_drift_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->workspace, "notify::environment", G_CALLBACK (on_environment_changed), self, G_CONNECT_SWAPPED);
  /* The workspace reads its project again when a job has ended, too. */
  g_signal_connect_object (self->workspace, "notify::project", G_CALLBACK (tide_health_page_maybe_read), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "map", G_CALLBACK (on_map), NULL);
  g_signal_connect (self, "unmap", G_CALLBACK (on_unmap), NULL);
  on_environment_changed (self);
  tide_health_page_update (self);
}

static void
tide_health_page_dispose (GObject *object)
{
  TideHealthPage *self = TIDE_HEALTH_PAGE (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  stop_reading (self);
  self->tables = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_HEALTH_PAGE);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->drift);
  g_clear_object (&self->workspace);
  g_clear_object (&self->actions);
  g_clear_object (&self->environment);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_clear_pointer (&self->health, tide_health_unref);
  g_clear_pointer (&self->shown, tide_health_unref);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (tide_health_page_parent_class)->dispose (object);
}

static void
tide_health_page_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  if (prop_id == PROP_WORKSPACE)
    g_value_set_object (value, TIDE_HEALTH_PAGE (object)->workspace);
  else if (prop_id == PROP_INTERVAL)
    g_value_set_uint (value, TIDE_HEALTH_PAGE (object)->interval);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_health_page_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  if (prop_id == PROP_WORKSPACE)
    TIDE_HEALTH_PAGE (object)->workspace = g_value_dup_object (value);
  else if (prop_id == PROP_INTERVAL)
    TIDE_HEALTH_PAGE (object)->interval = g_value_get_uint (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_health_page_class_init (TideHealthPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = tide_health_page_constructed;
  object_class->dispose = tide_health_page_dispose;
  object_class->get_property = tide_health_page_get_property;
  object_class->set_property = tide_health_page_set_property;

  properties[PROP_WORKSPACE] = g_param_spec_object ("workspace", NULL, NULL, TIDE_TYPE_WORKSPACE,
                                                    G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_INTERVAL] = g_param_spec_uint ("interval", NULL, NULL, 1, 3600, 30,
                                                 G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (TIDE_TYPE_ERROR_VIEW);
  g_type_ensure (TIDE_TYPE_HEALTH_CHECKS);
  g_type_ensure (TIDE_TYPE_LAZY);
  g_type_ensure (TIDE_TYPE_PILL);
  g_type_ensure (TIDE_TYPE_WRAP_BOX);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-health-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TideHealthPage, content);
  gtk_widget_class_bind_template_child (widget_class, TideHealthPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, TideHealthPage, pill);
  gtk_widget_class_bind_template_child (widget_class, TideHealthPage, summary);
  gtk_widget_class_bind_template_child (widget_class, TideHealthPage, checks);
  gtk_widget_class_bind_template_child (widget_class, TideHealthPage, error_view);
  gtk_widget_class_bind_template_child (widget_class, TideHealthPage, more);
  gtk_widget_class_bind_template_child (widget_class, TideHealthPage, more_menu);
  gtk_widget_class_bind_template_callback (widget_class, on_create_tables);
  gtk_widget_class_bind_template_callback (widget_class, on_error_action);
  gtk_widget_class_bind_template_callback (widget_class, on_get_position);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_health_page_init (TideHealthPage *self)
{
  self->environment = g_signal_group_new (TIDE_TYPE_ENVIRONMENT);
  g_signal_group_connect_swapped (self->environment, "notify::target", G_CALLBACK (tide_health_page_maybe_read), self);
  g_signal_group_connect_swapped (self->environment, "notify::timeline", G_CALLBACK (tide_health_page_maybe_compare), self);
  g_signal_group_connect_swapped (self->environment, "notify::error", G_CALLBACK (tide_health_page_update), self);
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), action_entries, G_N_ELEMENTS (action_entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "health", G_ACTION_GROUP (self->actions));
}
