/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-drift-sides"

#include "config.h"

#include "drift/tide-drift-sides.h"
#include "drift/tide-source-chooser.h"
#include "widgets/tide-children.h"

struct _TideDriftSides
{
  GtkWidget          parent_instance;

  /* Template widgets */
  TideSourceChooser *left;
  TideSourceChooser *right;
  TideSourceChooser *third;

  /* Owned */
  TideWorkspace     *workspace; /* nullable */
  gboolean           setting;   /* both are being set */
};

enum
{
  CHANGED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (TideDriftSides, tide_drift_sides, GTK_TYPE_WIDGET)

static guint signals[N_SIGNALS];

static void
on_source_changed (TideDriftSides *self)
{
  if (!self->setting)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_swap (TideDriftSides *self)
{
  tide_drift_sides_set (self, tide_drift_sides_get_right (self), tide_drift_sides_get_left (self));
}

static void
tide_drift_sides_dispose (GObject *object)
{
  TideDriftSides *self = TIDE_DRIFT_SIDES (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_DRIFT_SIDES);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (tide_drift_sides_parent_class)->dispose (object);
}

static void
tide_drift_sides_class_init (TideDriftSidesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_drift_sides_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (TIDE_TYPE_SOURCE_CHOOSER);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-drift-sides.ui");
  gtk_widget_class_bind_template_child (widget_class, TideDriftSides, left);
  gtk_widget_class_bind_template_child (widget_class, TideDriftSides, right);
  gtk_widget_class_bind_template_child (widget_class, TideDriftSides, third);
  gtk_widget_class_bind_template_callback (widget_class, on_source_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_swap);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_drift_sides_init (TideDriftSides *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tide_drift_sides_set (self, "applied", "database");
}

void
tide_drift_sides_set_workspace (TideDriftSides *self,
                                TideWorkspace  *workspace)
{
  g_return_if_fail (TIDE_IS_DRIFT_SIDES (self));

  g_set_object (&self->workspace, workspace);
  tide_source_chooser_set_workspace (self->left, workspace);
  tide_source_chooser_set_workspace (self->right, workspace);
  tide_source_chooser_set_workspace (self->third, workspace);
}

TideWorkspace *
tide_drift_sides_get_workspace (TideDriftSides *self)
{
  return self->workspace;
}

const char *
tide_drift_sides_get_left (TideDriftSides *self)
{
  return tide_source_chooser_get_source (self->left);
}

const char *
tide_drift_sides_get_right (TideDriftSides *self)
{
  return tide_source_chooser_get_source (self->right);
}

const char *
tide_drift_sides_get_third (TideDriftSides *self)
{
  return tide_source_chooser_get_source (self->third);
}

void
tide_drift_sides_set (TideDriftSides *self,
                      const char     *left,
                      const char     *right)
{
  g_autofree char *new_left = g_strdup (left);
  g_autofree char *new_right = g_strdup (right);

  g_return_if_fail (TIDE_IS_DRIFT_SIDES (self));

  if (g_strcmp0 (tide_drift_sides_get_left (self), left) == 0 && g_strcmp0 (tide_drift_sides_get_right (self), right) == 0)
    return;
  self->setting = TRUE;
  tide_source_chooser_set_source (self->left, new_left);
  tide_source_chooser_set_source (self->right, new_right);
  self->setting = FALSE;
  on_source_changed (self);
}

gboolean
tide_drift_sides_is_drift (TideDriftSides *self)
{
  return g_strcmp0 (tide_drift_sides_get_left (self), "applied") == 0
         && g_strcmp0 (tide_drift_sides_get_right (self), "database") == 0;
}

gboolean
tide_drift_sides_has_database (TideDriftSides *self)
{
  TideSourceChooser *const sides[] = { self->left, self->right, self->third };

  g_return_val_if_fail (TIDE_IS_DRIFT_SIDES (self), FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      const char *source = tide_source_chooser_get_source (sides[i]);

      /* What is applied is told by the ledger in it. */
      if (g_strcmp0 (source, "database") == 0 || g_strcmp0 (source, "applied") == 0)
        return TRUE;
    }
  return FALSE;
}
