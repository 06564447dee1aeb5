/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-table-item"

#include "config.h"

#include "health/tide-table-item.h"

struct _TideTableItem
{
  GObject                parent_instance;

  /* Owned */
  TideHealth            *health;

  /* Borrowed, from @health */
  const TideHealthTable *table;
};

enum
{
  PROP_NAME = 1,
  PROP_LIVE,
  PROP_DEAD,
  PROP_BYTES,
  PROP_VACUUMED,
  PROP_ANALYZED,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideTableItem, tide_table_item, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

/* "orders"; with its schema where that is another than public */
static char *
dup_name (const TideHealthTable *table)
{
  return g_str_equal (table->schema, "public") ? g_strdup (table->table) : g_strdup_printf ("%s.%s", table->schema, table->table);
}

static void
tide_table_item_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  const TideHealthTable *table = TIDE_TABLE_ITEM (object)->table;

  switch (prop_id)
    {
    case PROP_NAME: g_value_take_string (value, dup_name (table)); break;
    case PROP_LIVE: g_value_set_int64 (value, table->live_rows); break;
    case PROP_DEAD: g_value_set_int64 (value, table->dead_rows); break;
    case PROP_BYTES: g_value_set_int64 (value, table->bytes); break;
    case PROP_VACUUMED: g_value_set_int64 (value, table->vacuumed_at); break;
    case PROP_ANALYZED: g_value_set_int64 (value, table->analyzed_at); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_table_item_finalize (GObject *object)
{
  tide_health_unref (TIDE_TABLE_ITEM (object)->health);
  G_OBJECT_CLASS (tide_table_item_parent_class)->finalize (object);
}

static void
tide_table_item_class_init (TideTableItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  static const char *const names[N_PROPS] = { NULL, NULL, "live", "dead", "bytes", "vacuumed", "analyzed" };

  object_class->get_property = tide_table_item_get_property;
  object_class->finalize = tide_table_item_finalize;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  for (guint i = PROP_LIVE; i < N_PROPS; i++)
    properties[i] = g_param_spec_int64 (names[i], NULL, NULL, -1, G_MAXINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tide_table_item_init (TideTableItem *self)
{
}

TideTableItem *
tide_table_item_new (TideHealth *health,
                     guint       index)
{
  TideTableItem *self = g_object_new (TIDE_TYPE_TABLE_ITEM, NULL);

  self->health = tide_health_ref (health);
  self->table = g_ptr_array_index (health->tables, index);
  return self;
}

const TideHealthTable *
tide_table_item_get_table (TideTableItem *self)
{
  g_return_val_if_fail (TIDE_IS_TABLE_ITEM (self), NULL);
  return self->table;
}

double
tide_table_item_get_share (TideTableItem *self)
{
  const TideHealthTable *largest;

  g_return_val_if_fail (TIDE_IS_TABLE_ITEM (self), 0);

  largest = g_ptr_array_index (self->health->tables, 0);
  return largest->bytes > 0 ? (double) self->table->bytes / largest->bytes : 0;
}

char *
tide_table_item_dup_quoted (TideTableItem *self)
{
  g_autofree char *schema = tide_quote_identifier (self->table->schema);
  g_autofree char *table = tide_quote_identifier (self->table->table);

  return g_strdup_printf ("%s.%s", schema, table);
}
