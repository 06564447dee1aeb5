/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * TideConninfo:
 *
 * How to reach one database as one user: libpq's keywords and their values, and what this program
 * does right after connecting (search path, read-only default, a start-up script). A boxed type
 * with an atomic reference count. Filled by whoever made it, never changed once it is shared.
 *
 * It may hold a password, in memory only; nothing here prints or logs it.
 */
typedef struct _TideConninfo TideConninfo;

#define TIDE_TYPE_CONNINFO (tide_conninfo_get_type ())
GType         tide_conninfo_get_type        (void);
TideConninfo *tide_conninfo_new             (void);
TideConninfo *tide_conninfo_copy            (const TideConninfo *self);
TideConninfo *tide_conninfo_ref             (TideConninfo       *self);
void          tide_conninfo_unref           (TideConninfo       *self);

/* libpq keywords: host port user password dbname sslmode options ... A NULL value removes. */
void          tide_conninfo_set             (TideConninfo       *self,
                                             const char         *keyword,
                                             const char         *value);
const char   *tide_conninfo_get             (const TideConninfo *self,
                                             const char         *keyword);
/* (transfer full) (array zero-terminated=1): the keywords that are set, in order of setting */
char        **tide_conninfo_list_keywords   (const TideConninfo *self);

/* What Prisma's ?schema= asks for: SET search_path after connecting; NULL leaves the server's. */
void          tide_conninfo_set_schema      (TideConninfo       *self,
                                             const char         *schema);
const char   *tide_conninfo_get_schema      (const TideConninfo *self);
void          tide_conninfo_set_read_only   (TideConninfo       *self,
                                             gboolean            read_only);
gboolean      tide_conninfo_get_read_only   (const TideConninfo *self);
void          tide_conninfo_set_startup_sql (TideConninfo       *self,
                                             const char         *sql);
const char   *tide_conninfo_get_startup_sql (const TideConninfo *self);

/* (transfer full) (nullable): the statements that put schema and read-only default into force,
 * each with its semicolon */
char         *tide_conninfo_dup_settings    (const TideConninfo *self);

/* Whether the server is on this machine: a socket, or a loopback address or name */
gboolean      tide_conninfo_is_local        (const TideConninfo *self);
/* "broxiva on db.example.com:5432 as ada"; never a secret */
char         *tide_conninfo_dup_label       (const TideConninfo *self);
/* Whether both lead to the same database in the same way; passwords do not count */
gboolean      tide_conninfo_is_same_way     (const TideConninfo *self,
                                             const TideConninfo *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideConninfo, tide_conninfo_unref)

G_END_DECLS
