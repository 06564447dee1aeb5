/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "query/tide-guard.h"
#include "query/tide-query-statement.h"
#include "query/tide-row-store.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/* How a run goes */
typedef struct
{
  gboolean  read_only; /* neither the server nor we let anything be written */
  gboolean  manual;    /* a transaction is opened where none is, and left open */
  guint64   budget;    /* of each result's rows in memory, bytes */
} TideQueryOptions;

typedef enum
{
  TIDE_QUERY_STARTED, /* a statement was sent */
  TIDE_QUERY_RESULT,  /* its first rows are in @store, or it is known to have none */
  TIDE_QUERY_NOTICE,
  TIDE_QUERY_DONE,    /* it ended well */
} TideQueryEventType;

typedef struct
{
  TideQueryEventType  type;
  guint               index;    /* of the statement in the run */
  TideRowStore       *store;    /* RESULT */
  const GError       *notice;   /* NOTICE */
  const char         *command;  /* DONE: "INSERT 0 3" */
  guint64             n_rows;   /* DONE: that came, or were changed */
  gint64              duration; /* DONE: microseconds */
  gboolean            in_transaction; /* DONE: one is open behind it */
  gboolean            changes_catalog; /* DONE: names, columns or keys may be others now */
} TideQueryEvent;

/* Called in the thread that runs */
typedef void (*TideQueryEventFunc) (const TideQueryEvent *event,
                                    gpointer              data);

/* Whether all of @statements may be run, before any of it is: psql's commands, COPY ... FROM STDIN and, if @read_only, what
 * writes are refused (REFUSED, UNSUPPORTED; @index (out) (optional): which one). */
gboolean tide_query_check (GPtrArray                *statements,
                           gboolean                  read_only,
                           guint                    *index,
                           GError                  **error);
/* A database without an encoding (SQL_ASCII) holds bytes of any, and where UTF-8 is asked for, its server refuses to send what is
 * none. Outside of a transaction, it is asked for the bytes as they are. Blocking. */
gboolean tide_query_take_any_bytes (TideSession    *session,
                                    GCancellable   *cancellable,
                                    GError        **error);
/* @values: (nullable) (element-type utf8 utf8): text of each parameter by its name, NULL is SQL's NULL.
 * Statement by statement, until one fails; its index is then in @index (out) (optional). Blocking. */
gboolean tide_query_run   (TideSession              *session,
                           GPtrArray                *statements,
                           GHashTable               *values,
                           const TideQueryOptions   *options,
                           TideQueryEventFunc        func,
                           gpointer                  data,
                           guint                    *index,
                           GCancellable             *cancellable,
                           GError                  **error);

G_END_DECLS
