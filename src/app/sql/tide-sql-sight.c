/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-sight"

#include "config.h"

#include "sql/tide-sql-sight.h"

struct _TideSqlSight
{
  GObject        parent_instance;

  /* Borrowed */
  GtkSourceView *view;

  /* Owned */
  GtkAdjustment *adjustment; /* that is followed */
  guint          source;
  double         margin;     /* share of the height */
  gboolean       keeping;    /* until somebody moves the caret or scrolls, or all is laid out */
};

G_DEFINE_FINAL_TYPE (TideSqlSight, tide_sql_sight, G_TYPE_OBJECT)

static void
scroll (TideSqlSight *self)
{
  GtkTextView *view = GTK_TEXT_VIEW (self->view);

  gtk_text_view_scroll_to_mark (view, gtk_text_buffer_get_insert (gtk_text_view_get_buffer (view)), self->margin, FALSE, 0, 0);
}

static void
stop (TideSqlSight *self)
{
  self->keeping = FALSE;
  g_clear_handle_id (&self->source, g_source_remove);
}

static gboolean
on_laid_out (gpointer data)
{
  TideSqlSight *self = data;

  self->source = 0;
  scroll (self);
  stop (self);
  return G_SOURCE_REMOVE;
}

/* The height has changed: lines are being laid out, in idle time that comes before that of this source. */
static void
on_height (TideSqlSight *self)
{
  if (self->keeping && self->source == 0 && gtk_widget_get_mapped (GTK_WIDGET (self->view)))
    self->source = g_idle_add_full (G_PRIORITY_LOW, on_laid_out, self, NULL);
}

static void
on_adjustment (TideSqlSight *self)
{
  if (self->adjustment != NULL)
    g_signal_handlers_disconnect_by_data (self->adjustment, self);
  if (g_set_object (&self->adjustment, gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view))) && self->adjustment != NULL)
    g_signal_connect_object (self->adjustment, "changed", G_CALLBACK (on_height), self, G_CONNECT_SWAPPED);
}

static gboolean
on_scrolled (TideSqlSight *self)
{
  stop (self);
  return GDK_EVENT_PROPAGATE;
}

static void
tide_sql_sight_dispose (GObject *object)
{
  TideSqlSight *self = TIDE_SQL_SIGHT (object);

  stop (self);
  if (self->adjustment != NULL)
    g_signal_handlers_disconnect_by_data (self->adjustment, self);
  g_clear_object (&self->adjustment);
  G_OBJECT_CLASS (tide_sql_sight_parent_class)->dispose (object);
}

static void
tide_sql_sight_class_init (TideSqlSightClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_sql_sight_dispose;
}

static void
tide_sql_sight_init (TideSqlSight *self)
{
}

/**
 * tide_sql_sight_new:
 * @view: the view; must outlive the result
 *
 * Returns: (transfer full): what keeps its caret in sight
 */
TideSqlSight *
tide_sql_sight_new (GtkSourceView *view)
{
  TideSqlSight *self = g_object_new (TIDE_TYPE_SQL_SIGHT, NULL);
  GtkEventController *wheel = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);

  self->view = view;
  gtk_event_controller_set_propagation_phase (wheel, GTK_PHASE_CAPTURE);
  g_signal_connect_object (wheel, "scroll", G_CALLBACK (on_scrolled), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (view), wheel);
  g_signal_connect_object (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "notify::cursor-position", G_CALLBACK (stop), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (view, "notify::vadjustment", G_CALLBACK (on_adjustment), self, G_CONNECT_SWAPPED);
  on_adjustment (self);
  return self;
}

/**
 * tide_sql_sight_keep:
 * @self: what keeps the caret in sight
 * @margin: the share of the height that stays free above and below, 0 to 0.5
 *
 * Scrolls to the caret, and once more when all lines are laid out, unless somebody moves it or scrolls before.
 */
void
tide_sql_sight_keep (TideSqlSight *self,
                     double        margin)
{
  g_return_if_fail (TIDE_IS_SQL_SIGHT (self));

  self->margin = margin;
  self->keeping = TRUE;
  scroll (self);
}
