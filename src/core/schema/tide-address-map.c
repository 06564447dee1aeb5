/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-address-map"

#include "config.h"

#include "schema/tide-address-map.h"

#define FIRST_SIZE 1024

typedef struct TideAddressEntry
{
  TideAddress address;
  gpointer    value; /* %NULL: nothing stands here */
} Entry;

void
tide_address_map_clear (TideAddressMap *self)
{
  g_clear_pointer (&self->entries, g_free);
  self->size = self->n = 0;
}

/* Where @address is, or would be */
static Entry *
find (const TideAddressMap *self,
      TideAddress           address)
{
  guint64 key = (guint64) address.oid << 32 | (guint32) (address.catalog * 4099u + address.position);
  guint64 hash = key * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  /* The upper half of a product is what all of its bits have a part in. */
  for (guint i = (hash ^ hash >> 29) >> 32;; i++)
    {
      Entry *entry = &self->entries[i & (self->size - 1)];

      if (entry->value == NULL
          || (entry->address.oid == address.oid && entry->address.catalog == address.catalog
              && entry->address.position == address.position))
        return entry;
    }
}

static void
grow (TideAddressMap *self)
{
  TideAddressMap larger = { .size = MAX (FIRST_SIZE, self->size * 2), .n = self->n };

  larger.entries = g_new0 (Entry, larger.size);
  for (guint i = 0; i < self->size; i++)
    if (self->entries[i].value != NULL)
      *find (&larger, self->entries[i].address) = self->entries[i];
  g_free (self->entries);
  *self = larger;
}

void
tide_address_map_insert (TideAddressMap *self,
                         TideAddress     address,
                         gpointer        value)
{
  Entry *entry;

  if (self->n >= self->size / 2)
    grow (self);
  entry = find (self, address);
  self->n += entry->value == NULL;
  entry->address = address;
  entry->value = value;
}

gpointer
tide_address_map_lookup (const TideAddressMap *self,
                         TideAddress           address)
{
  return self->n == 0 ? NULL : find (self, address)->value;
}
