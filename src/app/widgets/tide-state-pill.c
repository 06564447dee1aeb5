/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-state-pill"

#include "config.h"

#include <glib/gi18n.h>

#include "widgets/tide-state-pill.h"

struct _TideStatePill
{
  GtkWidget           parent_instance;

  /* Children */
  GtkWidget          *icon;
  GtkWidget          *word;

  TideMigrationState  state;
};

enum
{
  PROP_0,
  PROP_STATE,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideStatePill, tide_state_pill, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static const struct
{
  const char *word;
  const char *icon_name;
  const char *css_class;
} looks[] = {
  [TIDE_STATE_PENDING] = { N_("Pending"), "radio-symbolic", "pending" },
  [TIDE_STATE_APPLIED] = { N_("Applied"), "object-select-symbolic", "applied" },
  [TIDE_STATE_FAILED] = { N_("Failed"), "dialog-error-symbolic", "failed" },
  [TIDE_STATE_ROLLED_BACK] = { N_("Rolled Back"), "edit-undo-symbolic", "rolled-back" },
  [TIDE_STATE_EDITED] = { N_("Edited"), "document-edit-symbolic", "edited" },
  [TIDE_STATE_MISSING] = { N_("Missing"), "dialog-question-symbolic", "missing" },
};

static void
tide_state_pill_set_state (TideStatePill      *self,
                           TideMigrationState  state)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self), looks[self->state].css_class);
  self->state = state;
  gtk_widget_add_css_class (GTK_WIDGET (self), looks[state].css_class);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), looks[state].icon_name);
  gtk_label_set_label (GTK_LABEL (self->word), tide_state_get_word (state));
}

static void
tide_state_pill_dispose (GObject *object)
{
  TideStatePill *self = TIDE_STATE_PILL (object);

  g_clear_pointer (&self->icon, gtk_widget_unparent);
  g_clear_pointer (&self->word, gtk_widget_unparent);
  G_OBJECT_CLASS (tide_state_pill_parent_class)->dispose (object);
}

static void
tide_state_pill_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  TideStatePill *self = TIDE_STATE_PILL (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_state_pill_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  TideStatePill *self = TIDE_STATE_PILL (object);

  switch (prop_id)
    {
    case PROP_STATE:
      tide_state_pill_set_state (self, g_value_get_enum (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_state_pill_class_init (TideStatePillClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_state_pill_dispose;
  object_class->get_property = tide_state_pill_get_property;
  object_class->set_property = tide_state_pill_set_property;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, TIDE_TYPE_MIGRATION_STATE, TIDE_STATE_PENDING,
                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "statepill");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
tide_state_pill_init (TideStatePill *self)
{
  self->icon = gtk_image_new ();
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_set_parent (self->icon, GTK_WIDGET (self));
  self->word = gtk_label_new (NULL);
  gtk_widget_set_parent (self->word, GTK_WIDGET (self));
  tide_state_pill_set_state (self, TIDE_STATE_PENDING);
}

/**
 * tide_state_get_word:
 * @state: a state
 *
 * Returns: (transfer none): the word for @state, translated
 */
const char *
tide_state_get_word (TideMigrationState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (looks), "");
  return _(looks[state].word);
}

/**
 * tide_state_get_icon_name:
 * @state: a state
 *
 * Returns: (transfer none): the symbolic icon for @state
 */
const char *
tide_state_get_icon_name (TideMigrationState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (looks), "");
  return looks[state].icon_name;
}

/**
 * tide_state_get_css_class:
 * @state: a state
 *
 * Returns: (transfer none): the style class that colours @state
 */
const char *
tide_state_get_css_class (TideMigrationState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (looks), "");
  return looks[state].css_class;
}
