/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What an object is known by in a catalog */
typedef struct
{
  guint32 catalog;
  guint32 oid;
  int     position;
} TideAddress;

/**
 * TideAddressMap:
 *
 * What stands at an address. A schema is looked up a million times while it is built: address and value lie side by side, so that
 * a look costs one miss of the processor's cache.
 */
typedef struct
{
  struct TideAddressEntry *entries;
  guint                    size; /* a power of two */
  guint                    n;
} TideAddressMap;

void     tide_address_map_clear  (TideAddressMap *self);
/* @value: not %NULL; in place of an earlier one */
void     tide_address_map_insert (TideAddressMap *self,
                                  TideAddress     address,
                                  gpointer        value);
gpointer tide_address_map_lookup (const TideAddressMap *self,
                                  TideAddress           address);

G_END_DECLS
