/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema.h"
#include "wire/tide-result.h"

G_BEGIN_DECLS

/**
 * TideSchemaBuilder:
 *
 * A schema in the making, fed by the catalog's reader or by the cache's. Strings given to it are not copied: they are literals,
 * lie in a result it holds (tide_schema_builder_hold()), or come from tide_schema_builder_intern() or _take().
 */
TideSchemaBuilder *tide_schema_builder_new     (const char        *database,
                                                int                server_version,
                                                const char        *owner);
void               tide_schema_builder_free    (TideSchemaBuilder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSchemaBuilder, tide_schema_builder_free)
int                tide_schema_builder_get_server_version (TideSchemaBuilder *self);

void               tide_schema_builder_hold    (TideSchemaBuilder *self,
                                                TideResult        *result);
const char        *tide_schema_builder_intern  (TideSchemaBuilder *self,
                                                const char        *text); /* (nullable) */
/* @text: (transfer full) (nullable): owned by the schema from now on */
const char        *tide_schema_builder_take    (TideSchemaBuilder *self,
                                                char              *text);
/* @role: a bare name, of the server */
void               tide_schema_builder_add_role (TideSchemaBuilder *self,
                                                 const char        *role);
void               tide_schema_builder_take_warning (TideSchemaBuilder *self,
                                                     GError            *warning);

/* Objects are added in the order of kinds. (@parent is its object, already added.) */
TideSchemaObject  *tide_schema_builder_add     (TideSchemaBuilder *self,
                                                TideObjectKind     kind,
                                                guint32            oid,
                                                int                position,
                                                const char        *namespace_,
                                                const char        *name,
                                                const char        *signature,
                                                TideSchemaObject  *parent);
void               tide_schema_builder_set     (TideSchemaBuilder *self,
                                                TideSchemaObject  *object,
                                                const char        *attribute,
                                                const char        *value);
void               tide_schema_builder_set_value (TideSchemaBuilder *self,
                                                  TideSchemaObject  *object,
                                                  guint              attribute,
                                                  const char        *value);
void               tide_schema_builder_set_signature (TideSchemaBuilder *self,
                                                      TideSchemaObject  *object,
                                                      const char        *signature);
/* Another name by which the catalog knows it: a table's row type, a view's rule */
void               tide_schema_builder_alias   (TideSchemaBuilder *self,
                                                guint32            catalog,
                                                guint32            oid,
                                                guint32            ref_catalog,
                                                guint32            ref_oid,
                                                int                ref_position);
/* (nullable): by catalog, OID and position of a column (0: the whole) */
TideSchemaObject  *tide_schema_builder_find    (TideSchemaBuilder *self,
                                                guint32            catalog,
                                                guint32            oid,
                                                int                position);
/* (nullable): the same, but NULL for a column that is no object (of a view), and for what belongs to an extension */
TideSchemaObject  *tide_schema_builder_find_exact (TideSchemaBuilder *self,
                                                   guint32            catalog,
                                                   guint32            oid,
                                                   int                position);
void               tide_schema_builder_depend  (TideSchemaBuilder *self,
                                                TideSchemaObject  *object,
                                                TideSchemaObject  *on);
guint              tide_schema_builder_get_n_objects (TideSchemaBuilder *self);
TideSchemaObject  *tide_schema_builder_get_object    (TideSchemaBuilder *self,
                                                      guint              index);
guint32            tide_schema_object_get_oid  (const TideSchemaObject *self);

/* (transfer full): the builder is empty afterwards */
TideSchema        *tide_schema_builder_end     (TideSchemaBuilder *self);

/* A row of a kind's catalog query, for its complete() */
struct _TideCatalogRow
{
  TideResult *result;
  guint       row;
};
/* (nullable): a cell by the name of its column */
const char        *tide_catalog_row_get        (const TideCatalogRow *self,
                                                const char           *column);

G_END_DECLS
