/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "project/tide-project.h"
#include "schema/tide-schema-diff.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/* As many things of a check are told as a person will look at */
#define TIDE_HEALTH_MAX_ROWS 50

/* Words as in the command line's JSON: ok notice warning critical unknown. UNKNOWN: it could not be looked at, and why is said */
typedef enum
{
  TIDE_HEALTH_OK,
  TIDE_HEALTH_NOTICE,   /* worth knowing, in order all the same */
  TIDE_HEALTH_UNKNOWN,
  TIDE_HEALTH_WARNING,
  TIDE_HEALTH_CRITICAL,
} TideHealthState;

#define TIDE_TYPE_HEALTH_STATE (tide_health_state_get_type ())
GType       tide_health_state_get_type  (void);
const char *tide_health_state_to_string (TideHealthState state);

typedef enum
{
  TIDE_HEALTH_QUICK = 0,      /* server, sessions, what is invalid: nothing that grows with the number of rows or files */
  TIDE_HEALTH_FULL  = 1 << 0, /* sizes, dead rows, indexes, sequences too */
} TideHealthFlags;

/* What can be done about something; the argument is what it is done to */
#define TIDE_HEALTH_ACTION_VACUUM        "vacuum"        /* a quoted table, or NULL: the database */
#define TIDE_HEALTH_ACTION_ANALYZE       "analyze"       /* the same */
#define TIDE_HEALTH_ACTION_REINDEX       "reindex"       /* a quoted index */
#define TIDE_HEALTH_ACTION_CANCEL_QUERY  "cancel-query"  /* "PID@START", as tide_health_end_session() takes it */
#define TIDE_HEALTH_ACTION_END_SESSION   "end-session"   /* the same */
#define TIDE_HEALTH_ACTION_SHOW_DRIFT    "show-drift"
#define TIDE_HEALTH_ACTION_COMPARE       "compare"       /* with the migrations: looks for drift */
#define TIDE_HEALTH_ACTION_STOP_COMPARE  "stop-compare"
#define TIDE_HEALTH_ACTION_SHOW_TIMELINE "show-timeline" /* (nullable): a migration */
#define TIDE_HEALTH_ACTION_OPEN_SQL      "open-sql"      /* SQL that a person runs after having read it */

/* A thing that a check is about: a table, an index, a session */
typedef struct
{
  char            *title;
  char            *text;         /* (nullable) */
  guint            depth;        /* in a tree; 0: at its top */
  TideHealthState  state;
  const char      *action;       /* (nullable) */
  const char      *other_action; /* (nullable): with the same argument */
  char            *argument;     /* (nullable) */
} TideHealthRow;

typedef struct
{
  const char      *id;        /* "invalid-indexes"; stable */
  const char      *group;     /* "migrations", "server", "sessions", "tables", "indexes", "schema"; stable */
  const char      *title;     /* for a person */
  TideHealthState  state;
  char            *value;     /* what was found */
  char            *threshold; /* (nullable): from what on it is not in order */
  char            *advice;    /* (nullable) */
  const char      *action;    /* (nullable): one button for all of it */
  char            *argument;  /* (nullable) */
  GPtrArray       *rows;      /* (element-type TideHealthRow): the worst first; may be empty */
} TideHealthCheck;

typedef struct
{
  char     *schema;
  char     *table;
  gint64    live_rows;     /* as the server estimates them; -1: nobody has counted */
  gint64    dead_rows;
  gint64    bytes;         /* with indexes and TOAST */
  gint64    index_bytes;
  gint64    vacuumed_at;   /* microseconds since the epoch, by hand or by itself; 0: never */
  gint64    analyzed_at;
  gint64    changed_rows;  /* since it was analyzed */
  gboolean  is_estimate;   /* @bytes as of the last VACUUM or ANALYZE: the table was locked, or is none of the largest */
  gboolean  is_counted;    /* a VACUUM or ANALYZE has seen it, whatever the statistics remember */
  gboolean  is_partitioned; /* its partitions hold the rows: never among the tables of a health */
  gboolean  lacks_key;
} TideHealthTable;

/**
 * TideHealth:
 *
 * What the state of a database was at one moment: checks, each with what it found, from what on that is not in order, a
 * word of advice and, where there is one, what can be done; and its tables by size. Immutable, atomically
 * reference counted.
 */
typedef struct _TideHealth TideHealth;
struct _TideHealth
{
  /*< private >*/
  gatomicrefcount ref_count;
  /*< public, read-only >*/
  char      *label;          /* "broxiva on db.example.com:5432 as ada" */
  char      *database;
  int        server_version; /* 150018 */
  gint64     read_at;        /* microseconds since the epoch */
  gint64     duration;       /* microseconds that reading took */
  gboolean   is_full;        /* FULL was asked for, and has come */
  gboolean   sees_all;       /* the user may see the sessions of others */
  GPtrArray *checks;         /* (element-type TideHealthCheck): by group */
  GPtrArray *tables;         /* (element-type TideHealthTable): the largest first; empty in the quick form */
};

#define TIDE_TYPE_HEALTH (tide_health_get_type ())
GType                  tide_health_get_type         (void);
TideHealth            *tide_health_ref              (TideHealth        *self);
void                   tide_health_unref            (TideHealth        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideHealth, tide_health_unref)

/* (transfer full): @project (nullable): without one nothing is said of migrations. Opens a connection, reads in few round
 * trips, waits for no lock. Needs no particular rights: what they hide is UNKNOWN. Errors: UNREACHABLE, LOST, and what the
 * server says of the first query. Blocking */
TideHealth            *tide_health_read             (TideProject       *project,
                                                     TideConninfo      *conninfo,
                                                     TideHealthFlags    flags,
                                                     GCancellable      *cancellable,
                                                     GError           **error);
/* What is quick to be known, before the rest is asked for; see tide_health_read_in_turn() */
typedef void           (*TideHealthFunc)            (TideHealth        *quick,
                                                     gpointer           user_data);

/* The full form for those who watch: @func is called in the calling thread with the quick form as soon as that is there */
TideHealth            *tide_health_read_in_turn     (TideProject       *project,
                                                     TideConninfo      *conninfo,
                                                     TideHealthFunc     func,
                                                     gpointer           user_data,
                                                     GCancellable      *cancellable,
                                                     GError           **error);
/* The same as tide_health_read(), over a connection that is there */
TideHealth            *tide_health_read_session     (TideProject       *project,
                                                     TideSession       *session,
                                                     TideHealthFlags    flags,
                                                     GCancellable      *cancellable,
                                                     GError           **error);
/* The worst of all; UNKNOWN does not count */
TideHealthState        tide_health_get_state        (const TideHealth  *self);
guint                  tide_health_count            (const TideHealth  *self,
                                                     TideHealthState    state);
const TideHealthCheck *tide_health_find             (const TideHealth  *self,
                                                     const char        *id); /* (nullable) */

/* Comparing with the migrations replays their history, which takes its time: reading does not do it, and whoever has
 * done it, tells it here */
typedef struct
{
  gboolean        is_running; /* the comparison is under way */
  TideSchemaDiff *diff;       /* (nullable): from the applied migrations to the database */
  const GError   *error;      /* (nullable): why it could not be compared */
  gint64          read_at;    /* microseconds since the epoch; 0: now */
} TideHealthDrift;

/* (transfer full): the same health with that in its check "drift". One that was read without a project has no such check. */
TideHealth            *tide_health_tell_drift       (TideHealth            *self,
                                                     const TideHealthDrift *drift);

/* Ends the session, or only what it runs. @session: "PID@START" of a check; NOT_FOUND when it is gone, also where another
 * has the same number now. Blocking */
gboolean               tide_health_end_session      (TideConninfo      *conninfo,
                                                     const char        *session,
                                                     gboolean           query_only,
                                                     GCancellable      *cancellable,
                                                     GError           **error);

G_END_DECLS
