/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-ddl.h"
#include "schema/tide-schema-diff.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean  safer;          /* forms that hold locks shorter */
  int       server_version; /* of the server that will run it; 0: that of the from side */
  GPtrArray *only;          /* (nullable) (element-type TideSchemaChange, of the diff): these alone, with what they cannot do without */
} TideSchemaScriptOptions;

typedef struct
{
  char                   *sql;      /* one statement, without its semicolon */
  TideHazard              hazards;
  const TideSchemaObject *object;   /* (nullable): whose it is (of from for what goes, else of to) */
} TideScriptStatement;

/**
 * TideSchemaScript:
 *
 * The statements that turn the from side of a diff into its to side, in an order that runs: by the dependencies of what goes and
 * of what comes; what must be rebuilt because something under it changes is dropped and made again with its grants and comments;
 * cycles are broken. Immutable, atomically reference counted; holds the diff.
 */
typedef struct _TideSchemaScript TideSchemaScript;
#define TIDE_TYPE_SCHEMA_SCRIPT (tide_schema_script_get_type ())
GType             tide_schema_script_get_type       (void);
TideSchemaScript *tide_schema_script_new            (TideSchemaDiff                *diff,
                                                     const TideSchemaScriptOptions *options); /* (nullable) */
TideSchemaScript *tide_schema_script_ref            (TideSchemaScript              *self);
void              tide_schema_script_unref          (TideSchemaScript              *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSchemaScript, tide_schema_script_unref)
TideSchemaDiff   *tide_schema_script_get_diff       (const TideSchemaScript        *self); /* (transfer none) */
/* (transfer none) (nullable) (element-type TideSchemaChange): as the options said */
GPtrArray        *tide_schema_script_get_only       (const TideSchemaScript        *self);
/* (transfer none) (element-type TideScriptStatement) */
GPtrArray        *tide_schema_script_get_statements (const TideSchemaScript        *self);
/* (transfer full): to be run by any client: settings first where needed, one statement after the other; "" when there is nothing to do */
char             *tide_schema_script_dup_text       (const TideSchemaScript        *self);
/* (transfer full): for a person: what @hazard means, and what to do */
char             *tide_hazard_dup_text              (TideHazard                     hazard);
const char       *tide_hazard_get_name              (TideHazard                     hazard); /* one: "data_loss", for JSON */

/* (transfer full): how @object is made, with everything that belongs to it (a table with columns, constraints, indexes,
 * triggers, grants, comments): what the page shows side by side and JSON gives as "from" and "to" */
char             *tide_schema_object_dup_definition (const TideSchemaObject        *object);

G_END_DECLS
