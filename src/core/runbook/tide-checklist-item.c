/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-checklist-item"

#include "config.h"

#include <glib/gi18n.h>

#include "runbook/tide-checklist-item.h"
#include "runbook/tide-run-english.h"

struct _TideChecklistItem
{
  GObject         parent_instance;

  char           *id;
  char           *title;
  char           *recorded;
  char           *detail;
  TideCheckState  state;
  int             ticked; /* atomic */
};

enum
{
  PROP_ID = 1,
  PROP_TITLE,
  PROP_DETAIL,
  PROP_STATE,
  PROP_TICKED,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideChecklistItem, tide_checklist_item, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

GType
tide_check_state_get_type (void)
{
  static const GEnumValue values[] = {
    { TIDE_CHECK_MANUAL, "TIDE_CHECK_MANUAL", "manual" },
    { TIDE_CHECK_OK, "TIDE_CHECK_OK", "ok" },
    { TIDE_CHECK_WARNING, "TIDE_CHECK_WARNING", "warning" },
    { TIDE_CHECK_BAD, "TIDE_CHECK_BAD", "bad" },
    { 0, NULL, NULL },
  };
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("TideCheckState", values));
  return type;
}

static void
tide_checklist_item_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  TideChecklistItem *self = TIDE_CHECKLIST_ITEM (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;

    case PROP_TITLE:
      g_value_set_string (value, _(self->title));
      break;

    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;

    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;

    case PROP_TICKED:
      g_value_set_boolean (value, tide_checklist_item_get_ticked (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_checklist_item_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  TideChecklistItem *self = TIDE_CHECKLIST_ITEM (object);

  switch (prop_id)
    {
    case PROP_TICKED:
      tide_checklist_item_set_ticked (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_checklist_item_finalize (GObject *object)
{
  TideChecklistItem *self = TIDE_CHECKLIST_ITEM (object);

  g_free (self->id);
  g_free (self->title);
  g_free (self->recorded);
  g_free (self->detail);

  G_OBJECT_CLASS (tide_checklist_item_parent_class)->finalize (object);
}

static void
tide_checklist_item_class_init (TideChecklistItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = tide_checklist_item_get_property;
  object_class->set_property = tide_checklist_item_set_property;
  object_class->finalize = tide_checklist_item_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, readable);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, readable);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, readable);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, TIDE_TYPE_CHECK_STATE, TIDE_CHECK_MANUAL, readable);
  properties[PROP_TICKED] = g_param_spec_boolean ("ticked", NULL, NULL, FALSE, readable | G_PARAM_WRITABLE);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tide_checklist_item_init (TideChecklistItem *self)
{
}

TideChecklistItem *
tide_checklist_item_new (const char     *id,
                         const char     *title,
                         const char     *recorded,
                         const char     *detail,
                         TideCheckState  state)
{
  TideChecklistItem *self = g_object_new (TIDE_TYPE_CHECKLIST_ITEM, NULL);

  self->id = g_strdup (id);
  self->title = g_strdup (title);
  self->recorded = g_strdup (recorded);
  self->detail = g_strdup (detail);
  self->state = state;
  return self;
}

const char *
tide_checklist_item_get_id (TideChecklistItem *self)
{
  g_return_val_if_fail (TIDE_IS_CHECKLIST_ITEM (self), NULL);
  return self->id;
}

const char *
tide_checklist_item_get_title (TideChecklistItem *self)
{
  g_return_val_if_fail (TIDE_IS_CHECKLIST_ITEM (self), NULL);
  return _(self->title);
}

const char *
tide_checklist_item_get_detail (TideChecklistItem *self)
{
  g_return_val_if_fail (TIDE_IS_CHECKLIST_ITEM (self), NULL);
  return tide_run_english_is_spoken () ? self->recorded : self->detail;
}

TideCheckState
tide_checklist_item_get_state (TideChecklistItem *self)
{
  g_return_val_if_fail (TIDE_IS_CHECKLIST_ITEM (self), TIDE_CHECK_BAD);
  return self->state;
}

gboolean
tide_checklist_item_get_ticked (TideChecklistItem *self)
{
  g_return_val_if_fail (TIDE_IS_CHECKLIST_ITEM (self), FALSE);
  return g_atomic_int_get (&self->ticked);
}

void
tide_checklist_item_set_ticked (TideChecklistItem *self,
                                gboolean           ticked)
{
  g_return_if_fail (TIDE_IS_CHECKLIST_ITEM (self));

  if (tide_checklist_item_get_ticked (self) == !!ticked)
    return;
  g_atomic_int_set (&self->ticked, !!ticked);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TICKED]);
}
