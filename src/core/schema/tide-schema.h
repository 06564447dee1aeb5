/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "schema/tide-object-kind.h"

G_BEGIN_DECLS

/**
 * TideSchema:
 *
 * The catalog of a database as it was at one moment: objects with their attributes as text, and what depends on what.
 * Immutable, atomically reference counted, crosses threads uncopied; comparing two of them needs no connection. Objects
 * belong to their schema and live as long.
 */
#define TIDE_TYPE_SCHEMA (tide_schema_get_type ())
GType                   tide_schema_get_type           (void);
TideSchema             *tide_schema_ref                (TideSchema             *self);
void                    tide_schema_unref              (TideSchema             *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSchema, tide_schema_unref)

const char             *tide_schema_get_database       (const TideSchema       *self);
int                     tide_schema_get_server_version (const TideSchema       *self); /* 150018 */
/* The role whose objects say no owner: see tide-catalog.h */
const char             *tide_schema_get_owner          (const TideSchema       *self);
/* Whether its server has @role, written as in SQL: also %TRUE where that is not known, as of a history that was replayed elsewhere */
gboolean                tide_schema_has_role           (const TideSchema       *self,
                                                        const char             *role);
/* (transfer none) (element-type GError): what could not be read, and why */
GPtrArray              *tide_schema_get_warnings       (const TideSchema       *self);

/* By kind, then in the catalog's order (columns by position) */
guint                   tide_schema_get_n_objects      (const TideSchema       *self);
const TideSchemaObject *tide_schema_get_object         (const TideSchema       *self,
                                                        guint                   index);
/* Those of one kind lie side by side */
void                    tide_schema_get_range          (const TideSchema       *self,
                                                        TideObjectKind          kind,
                                                        guint                  *first,
                                                        guint                  *end);
/* (nullable): the object that would be the same as @object of another schema: by kind, schema, name, signature and parent */
const TideSchemaObject *tide_schema_find_same          (const TideSchema       *self,
                                                        const TideSchemaObject *object);
/* (nullable): by what a person writes: schema and name as in tide_schema_object_dup_name() */
const TideSchemaObject *tide_schema_find               (const TideSchema       *self,
                                                        TideObjectKind          kind,
                                                        const char             *schema,
                                                        const char             *name);

/* (transfer none) (array length=n): objects that @object needs to exist (its schema and its parent among them), as the
 * server records them; and the other way round */
const TideSchemaObject *const *tide_schema_get_dependencies (const TideSchema       *self,
                                                             const TideSchemaObject *object,
                                                             guint                  *n);
const TideSchemaObject *const *tide_schema_get_dependents   (const TideSchema       *self,
                                                             const TideSchemaObject *object,
                                                             guint                  *n);

TideObjectKind          tide_schema_object_get_kind      (const TideSchemaObject *self);
guint                   tide_schema_object_get_index     (const TideSchemaObject *self); /* in its schema */
TideSchema             *tide_schema_object_get_schema    (const TideSchemaObject *self); /* (transfer none) */
const char             *tide_schema_object_get_namespace (const TideSchemaObject *self); /* (nullable): "public" */
const char             *tide_schema_object_get_name      (const TideSchemaObject *self); /* bare */
const char             *tide_schema_object_get_signature (const TideSchemaObject *self); /* (nullable): "(integer, text)" */
const TideSchemaObject *tide_schema_object_get_parent    (const TideSchemaObject *self); /* (nullable) */
/* Children in order: columns by position, then the rest by kind */
const TideSchemaObject *tide_schema_object_get_first_child (const TideSchemaObject *self);
const TideSchemaObject *tide_schema_object_get_next      (const TideSchemaObject *self);
/* (nullable): the column @name of a table */
const TideSchemaObject *tide_schema_object_find_column   (const TideSchemaObject *self,
                                                          const char             *name);

/* (nullable): by index (fast) or by name (@name must be one of the kind's) */
const char             *tide_schema_object_get_value     (const TideSchemaObject *self,
                                                          guint                   attribute);
const char             *tide_schema_object_get           (const TideSchemaObject *self,
                                                          const char             *name);
/* Whether a boolean attribute is true */
gboolean                tide_schema_object_is            (const TideSchemaObject *self,
                                                          const char             *name);

/* (transfer full): as a person and JSON name it, without its schema: "users.email", "add(integer, integer)" */
char                   *tide_schema_object_dup_name      (const TideSchemaObject *self);
/* (transfer full): `"public"."users"`, the parent's name before that of a column; no signature */
char                   *tide_schema_object_dup_quoted    (const TideSchemaObject *self);

G_END_DECLS
