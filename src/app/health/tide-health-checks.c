/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-health-checks"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "health/tide-health-check-row.h"
#include "health/tide-health-checks.h"
#include "health/tide-health-look.h"
#include "widgets/tide-children.h"
#include "widgets/tide-short-text.h"

/* Every step of a tree is moved in by so much */
#define INDENT 24
/* What a check takes on the screen with its share of the headings, and how many are made with each frame when what is seen is there */
#define CHECK_HEIGHT 72
#define STEP         6

/* NULL: what wants to be looked at stands before all else, in a group of its own */
static const char *const groups[] = { NULL, "migrations", "sessions", "tables", "indexes", "schema", "server" };

struct _TideHealthChecks
{
  GtkWidget   parent_instance;

  /* Borrowed */
  GtkWidget  *boxes[G_N_ELEMENTS (groups)]; /* (nullable): nothing is in the group */
  guint       n_made[G_N_ELEMENTS (groups)]; /* of how many of its checks there are rows, from the first on */

  /* Owned */
  GHashTable *expanded; /* id of a check -> whether a person wants it unfolded */
  TideHealth *health;   /* (nullable): what is shown */
  GHashTable *rows;     /* TideHealthCheck or TideHealthRow of @health -> its row (unowned) */
  guint       step;     /* the callback that makes those which are not made yet, or 0 */
};

G_DEFINE_FINAL_TYPE (TideHealthChecks, tide_health_checks, GTK_TYPE_WIDGET)

/* (transfer floating) (nullable) */
static GtkWidget *
create_button (const char *action,
               const char *argument,
               const char *subject)
{
  const char *label = tide_health_get_action_label (action);
  g_autofree char *spoken = NULL;
  GtkWidget *button;

  if (label == NULL)
    return NULL;
  button = gtk_button_new_with_label (label);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "health.act");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(ss)", action, argument ? argument : "");
  /* Many buttons have the same word. */
  spoken = g_strdup_printf ("%s: %s", label, subject);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, spoken, -1);
  return button;
}

static GtkWidget *
create_icon (TideHealthState state)
{
  const TideLook *look = tide_health_get_look (state);
  /* A tooltip that is put on something visible asks the X server each time where the mouse is. */
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "visible", FALSE, "icon-name", look->icon_name, "tooltip-text", _(look->word), NULL);

  gtk_widget_add_css_class (icon, "health-icon");
  gtk_widget_add_css_class (icon, tide_health_state_to_string (state));
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, _(look->word), -1);
  gtk_widget_set_visible (icon, TRUE);
  return icon;
}

static char *
escape (const char *text)
{
  return g_markup_escape_text (text ? text : "", -1);
}

static void
update_detail (GtkWidget           *row,
               const TideHealthRow *detail)
{
  g_autofree char *text = escape (detail->text);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
}

static GtkWidget *
create_detail (const TideHealthRow *detail)
{
  g_autofree char *title = escape (detail->title);
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", title, "subtitle-lines", 3, NULL);
  GtkWidget *button = create_button (detail->other_action, detail->argument, detail->title);

  if (detail->depth > 0)
    {
      GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

      gtk_widget_add_css_class (arrow, "dim-label");
      gtk_widget_set_margin_start (arrow, (int) detail->depth * INDENT);
      gtk_accessible_update_property (GTK_ACCESSIBLE (arrow), GTK_ACCESSIBLE_PROPERTY_LABEL, _("waits for the one above"), -1);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), arrow);
    }
  if (button != NULL)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  button = create_button (detail->action, detail->argument, detail->title);
  if (button != NULL)
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  update_detail (row, detail);
  return row;
}

/* What is folded away is made when it is unfolded: hundreds of migrations may wait. */
static void
fill_check (TideHealthChecks      *self,
            AdwExpanderRow        *row,
            const TideHealthCheck *check)
{
  guint n = check->rows->len > TIDE_HEALTH_MAX_ROWS + 1 ? TIDE_HEALTH_MAX_ROWS : check->rows->len;
  g_autofree char *more = g_strdup_printf (_("and %u more"), check->rows->len - n);

  if (n == 0 || g_hash_table_contains (self->rows, g_ptr_array_index (check->rows, 0)))
    return;
  for (guint i = 0; i < n; i++)
    {
      const TideHealthRow *detail = g_ptr_array_index (check->rows, i);
      GtkWidget *child = create_detail (detail);

      adw_expander_row_add_row (row, child);
      g_hash_table_insert (self->rows, (gpointer) detail, child);
    }
  if (n < check->rows->len)
    adw_expander_row_add_row (row, g_object_new (ADW_TYPE_ACTION_ROW, "title", more, NULL));
}

static void
on_expanded (AdwExpanderRow   *row,
             GParamSpec       *pspec,
             TideHealthChecks *self)
{
  const char *id = gtk_widget_get_name (GTK_WIDGET (row));
  const TideHealthCheck *check = tide_health_find (self->health, id);
  gboolean expanded = adw_expander_row_get_expanded (row);

  g_hash_table_insert (self->expanded, g_strdup (id), GINT_TO_POINTER (expanded));
  if (expanded)
    fill_check (self, row, check);
}

static gboolean
is_expanded (TideHealthChecks      *self,
             const TideHealthCheck *check)
{
  gpointer wanted;

  if (g_hash_table_lookup_extended (self->expanded, check->id, NULL, &wanted))
    return GPOINTER_TO_INT (wanted);
  return check->state >= TIDE_HEALTH_WARNING;
}

/* The value, and the advice below it where there is something to be done */
static char *
dup_subtitle (const TideHealthCheck *check)
{
  g_autofree char *value = escape (check->value);
  g_autofree char *advice = escape (check->advice);

  return check->advice != NULL ? g_strdup_printf ("%s\n%s", value, advice) : g_strdup (value);
}

static void
update_check (GtkWidget             *row,
              const TideHealthCheck *check)
{
  g_autofree char *subtitle = dup_subtitle (check);
  g_autofree char *tooltip = check->threshold ? g_strdup_printf (_("Not in order from: %s"), check->threshold) : NULL;

  g_object_set (row, "subtitle", subtitle, NULL);
  /* The same for as long as the row stands, and it costs more than all else (see create_icon) */
  tide_tooltip_update (row, tooltip);
}

static GtkWidget *
create_check (TideHealthChecks      *self,
              const TideHealthCheck *check)
{
  gboolean expands = check->rows->len > 0;
  GtkWidget *row = expands ? g_object_new (ADW_TYPE_EXPANDER_ROW, "title", check->title, "visible", FALSE, NULL)
                           : tide_health_check_row_new (check->title);
  GtkWidget *button = create_button (check->action, check->argument, check->title);

  gtk_widget_set_name (row, check->id);
  update_check (row, check);
  gtk_widget_set_visible (row, TRUE);
  g_hash_table_insert (self->rows, (gpointer) check, row);
  if (!expands)
    {
      tide_health_check_row_add_icon (TIDE_HEALTH_CHECK_ROW (row), create_icon (check->state));
      if (button != NULL)
        tide_health_check_row_add_button (TIDE_HEALTH_CHECK_ROW (row), button);
      return row;
    }
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (row), create_icon (check->state));
  if (button != NULL)
    adw_expander_row_add_action (ADW_EXPANDER_ROW (row), button);
  gtk_widget_remove_css_class (row, "empty"); /* it only looks so until it is unfolded */
  if (is_expanded (self, check))
    {
      fill_check (self, ADW_EXPANDER_ROW (row), check);
      adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);
    }
  g_signal_connect (row, "notify::expanded", G_CALLBACK (on_expanded), self);
  return row;
}

/* (transfer container) (element-type TideHealthCheck): what stands in the group */
static GPtrArray *
get_members (TideHealth *health,
             const char *group)
{
  GPtrArray *members = g_ptr_array_new ();

  for (guint i = 0; health != NULL && i < health->checks->len; i++)
    {
      const TideHealthCheck *check = g_ptr_array_index (health->checks, i);
      gboolean urgent = check->state >= TIDE_HEALTH_WARNING;

      if (group == NULL ? urgent : !urgent && g_str_equal (check->group, group))
        g_ptr_array_add (members, (gpointer) check);
    }
  return members;
}

/* Takes out the rows of those of @checks from @first on that were made. */
static void
drop_rows (TideHealthChecks *self,
           guint             group,
           GPtrArray        *checks,
           guint             first)
{
  for (guint i = first; i < self->n_made[group]; i++)
    {
      const TideHealthCheck *check = g_ptr_array_index (checks, i);

      adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self->boxes[group]), g_hash_table_lookup (self->rows, check));
      g_hash_table_remove (self->rows, check);
      for (guint k = 0; k < check->rows->len; k++)
        g_hash_table_remove (self->rows, g_ptr_array_index (check->rows, k));
    }
  self->n_made[group] = first;
}

static void
create_box (TideHealthChecks *self,
            guint             i)
{
  GtkWidget *next = NULL;

  for (guint k = i + 1; next == NULL && k < G_N_ELEMENTS (groups); k++)
    next = self->boxes[k];
  self->boxes[i] = g_object_new (ADW_TYPE_PREFERENCES_GROUP, "title",
                                 groups[i] ? tide_health_get_group_title (groups[i]) : _("Wants to Be Looked At"), NULL);
  gtk_widget_insert_before (self->boxes[i], GTK_WIDGET (self), next);
}

static gboolean
is_same_button (const char *action,
                const char *argument,
                const char *other_action,
                const char *other_argument)
{
  return g_strcmp0 (action, other_action) == 0 && g_strcmp0 (argument, other_argument) == 0;
}

/* Whether only the words differ, so that the rows can stay */
static gboolean
has_same_rows (const TideHealthCheck *a,
               const TideHealthCheck *b)
{
  if (!g_str_equal (a->id, b->id) || a->state != b->state || a->rows->len != b->rows->len ||
      !is_same_button (a->action, a->argument, b->action, b->argument))
    return FALSE;
  for (guint i = 0; i < a->rows->len; i++)
    {
      const TideHealthRow *one = g_ptr_array_index (a->rows, i);
      const TideHealthRow *two = g_ptr_array_index (b->rows, i);

      if (!g_str_equal (one->title, two->title) || one->depth != two->depth || g_strcmp0 (one->other_action, two->other_action) != 0 ||
          !is_same_button (one->action, one->argument, two->action, two->argument))
        return FALSE;
    }
  return TRUE;
}

/* (nullable): hands on the row of @old, if it was made, to @next. */
static GtkWidget *
move_row (TideHealthChecks *self,
          gconstpointer     old,
          gconstpointer     next)
{
  GtkWidget *row = g_hash_table_lookup (self->rows, old);

  g_hash_table_remove (self->rows, old);
  if (row != NULL)
    g_hash_table_insert (self->rows, (gpointer) next, row);
  return row;
}

/* Returns how many of @checks, from the first on, could be told in the rows that were made of @shown. */
static guint
keep_rows (TideHealthChecks *self,
           guint             group,
           GPtrArray        *shown,
           GPtrArray        *checks)
{
  guint n = 0;

  for (; n < MIN (self->n_made[group], checks->len); n++)
    {
      const TideHealthCheck *old = g_ptr_array_index (shown, n);
      const TideHealthCheck *check = g_ptr_array_index (checks, n);

      if (!has_same_rows (old, check))
        break;
      update_check (move_row (self, old, check), check);
      for (guint i = 0; i < check->rows->len; i++)
        {
          GtkWidget *row = move_row (self, g_ptr_array_index (old->rows, i), g_ptr_array_index (check->rows, i));

          if (row != NULL)
            update_detail (row, g_ptr_array_index (check->rows, i));
        }
    }
  return n;
}

/* Makes at most @budget rows more; returns whether there are others left. */
static gboolean
make_rows (TideHealthChecks *self,
           guint             budget)
{
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      g_autoptr(GPtrArray) members = get_members (self->health, groups[i]);

      for (; self->n_made[i] < members->len; self->n_made[i]++, budget--)
        {
          if (budget == 0)
            return TRUE;
          if (self->boxes[i] == NULL)
            create_box (self, i);
          adw_preferences_group_add (ADW_PREFERENCES_GROUP (self->boxes[i]),
                                     create_check (self, g_ptr_array_index (members, self->n_made[i])));
        }
    }
  return FALSE;
}

/* @painted: whether what is seen is there: the first call belongs to its own frame */
static gboolean
make_more (GtkWidget     *widget,
           GdkFrameClock *clock,
           gpointer       painted)
{
  TideHealthChecks *self = TIDE_HEALTH_CHECKS (widget);
  gboolean *is_painted = painted;

  if (!*is_painted)
    *is_painted = TRUE;
  else if (!make_rows (self, STEP))
    {
      self->step = 0;
      return G_SOURCE_REMOVE;
    }
  return G_SOURCE_CONTINUE;
}

/* What is seen at once, at least; a window that was never drawn has no height */
static guint
count_seen (TideHealthChecks *self)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));

  return MAX (STEP, (root ? gtk_widget_get_height (root) : 0) / CHECK_HEIGHT);
}

static void
tide_health_checks_dispose (GObject *object)
{
  TideHealthChecks *self = TIDE_HEALTH_CHECKS (object);

  tide_children_unparent (GTK_WIDGET (object));
  g_clear_pointer (&self->expanded, g_hash_table_unref);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  g_clear_pointer (&self->health, tide_health_unref);
  G_OBJECT_CLASS (tide_health_checks_parent_class)->dispose (object);
}

static void
tide_health_checks_class_init (TideHealthChecksClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_health_checks_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
}

static void
tide_health_checks_init (TideHealthChecks *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), 24);
  self->expanded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->rows = g_hash_table_new (NULL, NULL);
}

/* Rows that stay are not pulled away under the mouse: those from the first on are made anew of which more than the words differ.
 * Where nothing is shown yet, what is seen is made at once, and the rest with the frames that follow. */
void
tide_health_checks_set_health (TideHealthChecks *self,
                               TideHealth       *health)
{
  gboolean in_steps;

  g_return_if_fail (TIDE_IS_HEALTH_CHECKS (self));

  in_steps = self->health == NULL || self->step != 0;
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    {
      g_autoptr(GPtrArray) shown = get_members (self->health, groups[i]);
      g_autoptr(GPtrArray) members = get_members (health, groups[i]);

      drop_rows (self, i, shown, keep_rows (self, i, shown, members));
      if (members->len == 0)
        g_clear_pointer (&self->boxes[i], gtk_widget_unparent);
    }
  g_clear_pointer (&self->health, tide_health_unref);
  self->health = health ? tide_health_ref (health) : NULL;
  if (make_rows (self, in_steps ? count_seen (self) : G_MAXUINT) && self->step == 0)
    self->step = gtk_widget_add_tick_callback (GTK_WIDGET (self), make_more, g_new0 (gboolean, 1), g_free);
}
