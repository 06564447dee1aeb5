/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scratch/tide-scratch.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/**
 * TideSchemaWorkshop:
 *
 * The private PostgreSQL as a place where schemas are built: databases that hold what a key stands for and are copied from then
 * on, and the roles that scripts take for granted. Private to the room. Blocking; one thread.
 */
typedef struct
{
  TideScratch  *scratch;
  TideSession  *session;     /* to its maintenance database */
  GCancellable *cancellable; /* (nullable) borrowed */
} TideSchemaWorkshop;

TideSchemaWorkshop *tide_schema_workshop_open         (GCancellable        *cancellable,
                                                       GError             **error);
void                tide_schema_workshop_close        (TideSchemaWorkshop  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSchemaWorkshop, tide_schema_workshop_close)
/* Without starting it: of the server that it is or would be; 0: there is none */
int                 tide_schema_workshop_find_major   (void);

/* (transfer full): what the database of @key is called, whether it is there or not */
char               *tide_schema_workshop_dup_name     (const char          *key);
/* (transfer full) (element-type utf8): set of the names of those that are there */
GHashTable         *tide_schema_workshop_list         (TideSchemaWorkshop  *self,
                                                       GError             **error);
/* (transfer full): a copy of the database @name, its settings and comment too, which no copy of PostgreSQL's own has */
TideConninfo       *tide_schema_workshop_clone        (TideSchemaWorkshop  *self,
                                                       const char          *name,
                                                       const char          *prefix,
                                                       GError             **error);
/* @conninfo: a database that nobody is connected to: from now on that of @key, unless there is one already */
gboolean            tide_schema_workshop_keep         (TideSchemaWorkshop  *self,
                                                       TideConninfo        *conninfo,
                                                       const char          *key,
                                                       GError             **error);
/* Keeps a copy of it under @key */
gboolean            tide_schema_workshop_keep_copy    (TideSchemaWorkshop  *self,
                                                       TideConninfo        *conninfo,
                                                       const char          *key,
                                                       GError             **error);
void                tide_schema_workshop_drop         (TideSchemaWorkshop  *self,
                                                       TideConninfo        *conninfo);

/* A role that may not log in, unless there is one of that name */
gboolean            tide_schema_workshop_make_role    (TideSchemaWorkshop  *self,
                                                       const char          *name,
                                                       GError             **error);
/* Out of the way of a script that makes it itself; all databases that are kept go with it */
gboolean            tide_schema_workshop_drop_role    (TideSchemaWorkshop  *self,
                                                       const char          *name,
                                                       GError             **error);
/* (transfer full) (nullable): the role that the server said is not there, or is there already */
char               *tide_schema_workshop_dup_missing_role  (const GError   *error);
char               *tide_schema_workshop_dup_existing_role (const GError   *error);

G_END_DECLS
