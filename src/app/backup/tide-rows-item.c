/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-rows-item"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-rows-item.h"

struct _TideRowsItem
{
  GObject              parent_instance;

  /* Owned */
  TideRowComparison   *comparison;

  const TideTableRows *rows; /* which "comparison" holds */
};

enum
{
  PROP_TABLE = 1,
  PROP_IN_BACKUP,
  PROP_IN_DATABASE,
  PROP_DIFFERENCE,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideRowsItem, tide_rows_item, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static char *
dup_rows (gint64   rows,
          gboolean exact,
          gboolean is_there)
{
  g_autofree char *number = g_strdup_printf ("%'" G_GINT64_FORMAT, rows);

  if (!is_there)
    return g_strdup (_("no table"));
  if (rows < 0)
    return g_strdup (_("not known"));
  return exact ? g_steal_pointer (&number) : g_strdup_printf (_("about %s"), number);
}

static char *
dup_difference (const TideTableRows *rows)
{
  gint64 difference = rows->database_rows - rows->backup_rows;

  if (rows->state != TIDE_ROWS_DIFFERENT)
    return g_strdup ("");
  return g_strdup_printf ("%s%'" G_GINT64_FORMAT, difference > 0 ? "+" : "\xe2\x88\x92", ABS (difference));
}

static void
tide_rows_item_finalize (GObject *object)
{
  tide_row_comparison_unref (TIDE_ROWS_ITEM (object)->comparison);
  G_OBJECT_CLASS (tide_rows_item_parent_class)->finalize (object);
}

static void
tide_rows_item_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  const TideTableRows *rows = TIDE_ROWS_ITEM (object)->rows;

  switch (prop_id)
    {
    case PROP_TABLE: g_value_take_string (value, g_strconcat (rows->schema, ".", rows->name, NULL)); break;
    case PROP_IN_BACKUP:
      g_value_take_string (value, dup_rows (rows->backup_rows, rows->backup_exact, rows->state != TIDE_ROWS_ONLY_DATABASE));
      break;
    case PROP_IN_DATABASE:
      g_value_take_string (value, dup_rows (rows->database_rows, rows->database_exact, rows->state != TIDE_ROWS_ONLY_BACKUP));
      break;
    case PROP_DIFFERENCE: g_value_take_string (value, dup_difference (rows)); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_rows_item_class_init (TideRowsItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = tide_rows_item_finalize;
  object_class->get_property = tide_rows_item_get_property;

  properties[PROP_TABLE] = g_param_spec_string ("table", NULL, NULL, NULL, flags);
  properties[PROP_IN_BACKUP] = g_param_spec_string ("in-backup", NULL, NULL, NULL, flags);
  properties[PROP_IN_DATABASE] = g_param_spec_string ("in-database", NULL, NULL, NULL, flags);
  properties[PROP_DIFFERENCE] = g_param_spec_string ("difference", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tide_rows_item_init (TideRowsItem *self)
{
}

TideRowsItem *
tide_rows_item_new (TideRowComparison   *comparison,
                    const TideTableRows *rows)
{
  TideRowsItem *self = g_object_new (TIDE_TYPE_ROWS_ITEM, NULL);

  self->comparison = tide_row_comparison_ref (comparison);
  self->rows = rows;
  return self;
}

TideRowsState
tide_rows_item_get_state (TideRowsItem *self)
{
  g_return_val_if_fail (TIDE_IS_ROWS_ITEM (self), TIDE_ROWS_UNKNOWN);
  return self->rows->state;
}
