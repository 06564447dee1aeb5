/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * TideQueryHistory:
 *
 * What was run: one line of JSON for each run in a file that any number of programs append to at once. Passwords are masked
 * before anything is written. Only the newest lines are kept once the file has grown large.
 */
typedef enum
{
  TIDE_QUERY_OUTCOME_DONE,
  TIDE_QUERY_OUTCOME_FAILED,
  TIDE_QUERY_OUTCOME_CANCELLED,
} TideQueryOutcome;

/* One run. Immutable once it is shared, atomically reference counted. */
typedef struct
{
  gatomicrefcount   ref_count;
  char             *text;
  char             *environment;
  char             *database;  /* "broxiva on db.example.com as ada" */
  gint64            time;      /* of its start, microseconds since the epoch */
  gint64            duration;  /* microseconds */
  gint64            n_rows;    /* of its last statement */
  char             *command;   /* (nullable): the tag of its last statement, "CREATE TABLE", "INSERT 0 3" */
  TideQueryOutcome  outcome;
  char             *message;   /* (nullable): of the error */
} TideQueryRecord;

#define TIDE_TYPE_QUERY_RECORD (tide_query_record_get_type ())
GType            tide_query_record_get_type (void);
TideQueryRecord *tide_query_record_new      (void);
TideQueryRecord *tide_query_record_ref      (TideQueryRecord        *self);
void             tide_query_record_unref    (TideQueryRecord        *self);

/* (transfer full): where it is kept: history.jsonl in the state folder of the user */
char            *tide_query_history_dup_path (void);
/* Blocking. @path: (nullable): the usual one */
gboolean         tide_query_history_append  (const char             *path,
                                             const TideQueryRecord  *record,
                                             GError                **error);
/* (transfer full) (element-type TideQueryRecord): the newest first, at most @limit whose text, environment or message has all the
 * words of @search (nullable); lines that cannot be read are passed over. Blocking. */
GPtrArray       *tide_query_history_read    (const char             *path,
                                             const char             *search,
                                             guint                   limit,
                                             GError                **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideQueryRecord, tide_query_record_unref)

G_END_DECLS
