/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "history/tide-ledger.h"
#include "project/tide-migration.h"

G_BEGIN_DECLS

/* Words as in the command line's contract: applied pending failed rolled_back edited missing */
typedef enum
{
  TIDE_STATE_PENDING,
  TIDE_STATE_APPLIED,
  TIDE_STATE_FAILED,      /* started, neither finished nor rolled back; its folder may be gone too. See "running" of the entry */
  TIDE_STATE_ROLLED_BACK, /* only rolled back rows; deploy will run it again */
  TIDE_STATE_EDITED,      /* applied, and the file's checksum is another one now */
  TIDE_STATE_MISSING,     /* in the ledger, not on disk */
} TideMigrationState;

#define TIDE_TYPE_MIGRATION_STATE (tide_migration_state_get_type ())
GType       tide_migration_state_get_type  (void);
const char *tide_migration_state_to_string (TideMigrationState state);

/* One migration as one database sees it */
typedef struct
{
  const char         *name;
  TideMigration      *migration;    /* (nullable): NULL when missing on disk */
  GPtrArray          *rows;         /* (element-type TideLedgerRow): by started_at, may be empty */
  TideLedgerRow      *row;          /* (nullable): the one that decides the state */
  TideMigrationState  state;
  gboolean            edited;       /* checksum differs, whatever the state */
  gboolean            out_of_order; /* pending, though a later one is applied */
  gboolean            running;      /* failed as far as the ledger goes, and may still end well: a deploy is at it */
  gint64              duration;     /* microseconds; -1 unknown */
} TideTimelineEntry;

/**
 * TideTimeline:
 *
 * The migrations on disk joined with the ledger of one database by Prisma's rules (engine 7.9 and
 * later), with every state of every migration. Immutable, atomically reference counted, a pure
 * function of its two inputs. Entries on disk stand in Prisma's order; missing ones by their place
 * in that order.
 */
typedef struct _TideTimeline TideTimeline;

#define TIDE_TYPE_TIMELINE (tide_timeline_get_type ())
GType                    tide_timeline_get_type       (void);
/* @migrations: (element-type TideMigration) in order; @rows: (nullable) (element-type
 * TideLedgerRow) by started_at, NULL: no ledger table */
TideTimeline            *tide_timeline_new            (GPtrArray          *migrations,
                                                       GPtrArray          *rows);
TideTimeline            *tide_timeline_ref            (TideTimeline       *self);
void                     tide_timeline_unref          (TideTimeline       *self);
guint                    tide_timeline_get_n_entries  (const TideTimeline *self);
const TideTimelineEntry *tide_timeline_get_entry      (const TideTimeline *self,
                                                       guint               index);
const TideTimelineEntry *tide_timeline_find           (const TideTimeline *self,
                                                       const char         *name); /* (nullable) */
guint                    tide_timeline_count          (const TideTimeline *self,
                                                       TideMigrationState  state);
guint                    tide_timeline_count_pending  (const TideTimeline *self);
guint                    tide_timeline_count_running  (const TideTimeline *self);
/* Without those that are running */
guint                    tide_timeline_count_ended    (const TideTimeline *self,
                                                       TideMigrationState  state);
gboolean                 tide_timeline_is_initialised (const TideTimeline *self);
gboolean                 tide_timeline_is_up_to_date  (const TideTimeline *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideTimeline, tide_timeline_unref)

G_END_DECLS
