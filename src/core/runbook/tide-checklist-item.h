/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  TIDE_CHECK_MANUAL, /* a box that a person ticks */
  TIDE_CHECK_OK,     /* checked by itself */
  TIDE_CHECK_WARNING,
  TIDE_CHECK_BAD,    /* the run does not go on */
} TideCheckState;

#define TIDE_TYPE_CHECK_STATE (tide_check_state_get_type ())
GType tide_check_state_get_type (void);

/**
 * TideChecklistItem:
 *
 * A line of the list that a team goes through before a migration. What can be checked is checked by the program; the rest
 * are boxes. Properties: "id", "title", "detail" (nullable), "state" (#TideCheckState), "ticked" (writable; any thread).
 */
#define TIDE_TYPE_CHECKLIST_ITEM (tide_checklist_item_get_type ())
G_DECLARE_FINAL_TYPE (TideChecklistItem, tide_checklist_item, TIDE, CHECKLIST_ITEM, GObject)

TideChecklistItem *tide_checklist_item_new        (const char        *id,
                                                   const char        *title, /* N_() */
                                                   const char        *recorded, /* (nullable): @detail in English */
                                                   const char        *detail, /* (nullable) */
                                                   TideCheckState     state);
const char        *tide_checklist_item_get_id     (TideChecklistItem *self);
const char        *tide_checklist_item_get_title  (TideChecklistItem *self);
const char        *tide_checklist_item_get_detail (TideChecklistItem *self); /* (nullable) */
TideCheckState     tide_checklist_item_get_state  (TideChecklistItem *self);
gboolean           tide_checklist_item_get_ticked (TideChecklistItem *self);
void               tide_checklist_item_set_ticked (TideChecklistItem *self,
                                                   gboolean           ticked);

G_END_DECLS
