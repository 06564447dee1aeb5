/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wire/tide-result-builder.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

typedef struct _TideCall TideCall;
typedef struct _TideLink TideLink;

typedef enum
{
  TIDE_CALL_OPEN,
  TIDE_CALL_QUERY,  /* one statement, extended protocol */
  TIDE_CALL_SCRIPT, /* any number, simple protocol */
  TIDE_CALL_CLOSE,
} TideCallKind;

/* Called on the worker when the call is over; hands out call->results or call->error. */
typedef void (*TideCallFunc) (TideCall *call,
                              gpointer  user_data);

/**
 * TideCall:
 *
 * One entry in the queue of a link. Made in any thread, then owned by the worker, until @complete
 * has been called and it is freed.
 */
struct _TideCall
{
  TideCallKind   kind;
  guint          n_params;
  guint          chunk_rows;
  TideChunkFunc  func; /* NULL unless streaming */
  gpointer       func_data;
  TideCallFunc   complete;
  gpointer       complete_data;

  /* Owned */
  TideLink      *link;
  char          *sql;
  char         **params; /* n_params, NULL is SQL's NULL */
  GCancellable  *cancellable;
  GMainContext  *context; /* where func runs */

  /* The caller's context only */
  gboolean       refused; /* func returned FALSE */

  /* The worker only */
  TideResultBuilder *builder;
  GPtrArray         *results;
  GArray            *held; /* (nullable): chunks without rows that are not handed over yet */
  GError            *error;
  GSource           *cancel_watch;
  guint              statement; /* index of the running one */
  guint              in_flight; /* chunks that func has not answered yet */
  guint              cancelled : 1;
  guint              stopped : 1; /* as the caller wished, by returning FALSE */
  guint              dropped : 1; /* rows came that nobody got */
  guint              copy_out : 1;
  guint              drained : 1; /* PQgetResult() has returned NULL */
};

TideCall *tide_call_new             (TideCallKind         kind,
                                     const char          *sql,
                                     GCancellable        *cancellable,
                                     TideCallFunc         complete,
                                     gpointer             complete_data);
void      tide_call_set_params      (TideCall            *self,
                                     const char * const  *params,
                                     guint                n_params);
void      tide_call_complete        (TideCall            *self);
gboolean  tide_call_is_full         (TideCall            *self);
gboolean  tide_call_is_paused       (TideCall            *self);
gboolean  tide_call_wants_cancel    (TideCall            *self);
void      tide_call_set_cancelled   (TideCall            *self);

G_END_DECLS
