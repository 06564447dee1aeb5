/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-badge"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-backup-badge.h"

struct _TideBackupBadge
{
  GtkWidget  parent_instance;

  /* Children */
  GtkWidget *icon;
  GtkWidget *word;

  TideProof  proof;
};

enum
{
  PROP_PROOF = 1,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideBackupBadge, tide_backup_badge, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

/* The classes are those of the state pill, whose colours mean the same. */
static const struct
{
  const char *word;
  const char *meaning;
  const char *icon_name;
  const char *css_class;
} looks[] = {
  [TIDE_PROOF_NONE] = { N_("Not Verified"), N_("Nobody has looked yet whether it can be read."),
                        "dialog-question-symbolic", "rolled-back" },
  [TIDE_PROOF_DAMAGED] = { N_("Damaged"), N_("It could not be read when it was verified."),
                           "dialog-error-symbolic", "failed" },
  [TIDE_PROOF_READABLE] = { N_("Readable"), N_("It was read from end to end, with its table of contents."),
                            "security-low-symbolic", "pending" },
  [TIDE_PROOF_INTACT] = { N_("Intact"), N_("It was read, and every checksum is the one it was made with."),
                          "security-medium-symbolic", "pending" },
  [TIDE_PROOF_RESTORABLE] = { N_("Restorable"), N_("It was restored into a private PostgreSQL without an error."),
                              "security-high-symbolic", "applied" },
  [TIDE_PROOF_COUNTED] = { N_("Proved"), N_("It was restored, and every table had the rows it was made of."),
                           "object-select-symbolic", "applied" },
};

static void
tide_backup_badge_set_proof (TideBackupBadge *self,
                             TideProof        proof)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self), looks[self->proof].css_class);
  self->proof = proof;
  gtk_widget_add_css_class (GTK_WIDGET (self), looks[proof].css_class);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), looks[proof].icon_name);
  gtk_label_set_label (GTK_LABEL (self->word), tide_proof_get_word (proof));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tide_proof_get_meaning (proof));
}

static void
tide_backup_badge_dispose (GObject *object)
{
  TideBackupBadge *self = TIDE_BACKUP_BADGE (object);

  g_clear_pointer (&self->icon, gtk_widget_unparent);
  g_clear_pointer (&self->word, gtk_widget_unparent);
  G_OBJECT_CLASS (tide_backup_badge_parent_class)->dispose (object);
}

static void
tide_backup_badge_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  if (prop_id == PROP_PROOF)
    g_value_set_enum (value, TIDE_BACKUP_BADGE (object)->proof);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_backup_badge_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  if (prop_id == PROP_PROOF)
    tide_backup_badge_set_proof (TIDE_BACKUP_BADGE (object), g_value_get_enum (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
tide_backup_badge_class_init (TideBackupBadgeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_backup_badge_dispose;
  object_class->get_property = tide_backup_badge_get_property;
  object_class->set_property = tide_backup_badge_set_property;

  properties[PROP_PROOF] = g_param_spec_enum ("proof", NULL, NULL, TIDE_TYPE_PROOF, TIDE_PROOF_NONE,
                                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "statepill");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
tide_backup_badge_init (TideBackupBadge *self)
{
  self->icon = gtk_image_new ();
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_set_parent (self->icon, GTK_WIDGET (self));
  self->word = gtk_label_new (NULL);
  gtk_widget_set_parent (self->word, GTK_WIDGET (self));
  tide_backup_badge_set_proof (self, TIDE_PROOF_NONE);
}

const char *
tide_proof_get_word (TideProof proof)
{
  g_return_val_if_fail (proof < G_N_ELEMENTS (looks), "");
  return _(looks[proof].word);
}

const char *
tide_proof_get_meaning (TideProof proof)
{
  g_return_val_if_fail (proof < G_N_ELEMENTS (looks), "");
  return _(looks[proof].meaning);
}
