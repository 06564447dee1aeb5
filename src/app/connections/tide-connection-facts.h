/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/* What a test of a connection finds out. All strings are owned. */
typedef struct
{
  char     *server_version;
  char     *database;
  char     *user;
  char     *address;   /* "db.example.com:5432", or the socket */
  char     *tls;       /* (nullable): "TLSv1.3, TLS_AES_256_GCM_SHA384"; NULL: not encrypted */
  char     *size;      /* "12 MB" */
  gboolean  superuser;
  gint64    n_ledger_rows; /* -1: there is no ledger */
} TideConnectionFacts;

void                 tide_connection_facts_free   (TideConnectionFacts  *self);
/* Connects, looks, and closes again. @callback comes on the caller's main context */
void                 tide_connection_facts_async  (TideConninfo         *conninfo,
                                                   GCancellable         *cancellable,
                                                   GAsyncReadyCallback   callback,
                                                   gpointer              user_data);
TideConnectionFacts *tide_connection_facts_finish (GAsyncResult         *result,
                                                   GError              **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideConnectionFacts, tide_connection_facts_free)

G_END_DECLS
