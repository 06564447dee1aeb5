/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/* A socket in front of the test server, which can hold back new connections or cut the made ones. */
typedef struct _Proxy Proxy;

Proxy        *proxy_new          (TideConninfo *server);
void          proxy_free         (Proxy        *self);
/* (transfer none): leads through the proxy */
TideConninfo *proxy_get_conninfo (Proxy        *self);
/* New connections are taken and get no answer until it is off again */
void          proxy_set_stalled  (Proxy        *self,
                                  gboolean      stalled);
guint         proxy_get_n_taken  (Proxy        *self);
void          proxy_cut          (Proxy        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Proxy, proxy_free)

G_END_DECLS
