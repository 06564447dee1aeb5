/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "connect/tide-target.h"
#include "job/tide-job.h"
#include "project/tide-project.h"
#include "schema/tide-schema-diff.h"

G_BEGIN_DECLS

/**
 * TideSchemaSource:
 *
 * Where a schema comes from: `empty`, `database`, `migrations`, `migrations@NAME`, `env:NAME`, `url:URL`, `backup:FILE`, `sql:FILE`
 * (`schema` is recognised and refused as not yet there). Immutable, atomically reference counted.
 */
typedef struct _TideSchemaSource TideSchemaSource;
#define TIDE_TYPE_SCHEMA_SOURCE (tide_schema_source_get_type ())
GType             tide_schema_source_get_type  (void);
/* @project: (nullable); @target: (nullable): what `database` means. Errors: USAGE (what can be written), NOT_FOUND */
TideSchemaSource *tide_schema_source_parse     (const char        *text,
                                                TideProject       *project,
                                                TideTarget        *target,
                                                GCancellable      *cancellable,
                                                GError           **error);
/* Part of the history of @project, in the order of the folder. @migrations: (element-type TideMigration); @schema: (nullable): as
 * tide_conninfo_set_schema(); @label: for a person */
TideSchemaSource *tide_schema_source_new_history (TideProject       *project,
                                                GPtrArray         *migrations,
                                                const char        *schema,
                                                const char        *label);
/* What the ledger of @target says is applied there: what drift is measured against. Pending migrations are not in it. @notes:
 * (element-type utf8): is told what the ledger has and the folder cannot show (edited, missing, failed ones) */
TideSchemaSource *tide_schema_source_new_applied (TideProject       *project,
                                                TideTarget        *target,
                                                GPtrArray         *notes,
                                                GCancellable      *cancellable,
                                                GError           **error);
/* (nullable): after tide_schema_source_load() has failed with @failure in a migration: the history before that one */
TideSchemaSource *tide_schema_source_new_before_failure (TideSchemaSource *self,
                                                const GError      *failure);
TideSchemaSource *tide_schema_source_ref       (TideSchemaSource  *self);
void              tide_schema_source_unref     (TideSchemaSource  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSchemaSource, tide_schema_source_unref)
/* (transfer full): for a person, no secret: "migrations up to 2025_add_users", "broxiva on localhost" */
char             *tide_schema_source_dup_label (const TideSchemaSource *self);
/* (transfer none) (nullable): of a live database; NULL for what is built on the private PostgreSQL */
TideConninfo     *tide_schema_source_get_conninfo (const TideSchemaSource *self);
/* Whether @to is a database, and @from what its ledger says is applied there */
gboolean          tide_schema_source_is_drift  (const TideSchemaSource *from,
                                                const TideSchemaSource *to);
/* (transfer full): the catalog. Migrations, backups and SQL files are replayed on the private PostgreSQL and cached by their
 * checksums. Errors: those of reading; INVALID with file, line and statement where a replay fails. */
TideSchema       *tide_schema_source_load      (TideSchemaSource  *self,
                                                TideJob           *job,
                                                GError           **error);
/* Both sides at once, in threads of their own */
gboolean          tide_schema_source_load_pair (TideSchemaSource  *left,
                                                TideSchemaSource  *right,
                                                TideJob           *job,
                                                TideSchema       **left_schema,
                                                TideSchema       **right_schema,
                                                GError           **error);
/* (transfer full): a throw-away database on the private PostgreSQL with this schema in it, made without our own writer wherever
 * that is possible (a copy of the replay; pg_dump -s of a database); dropped with tide_scratch_drop_database() */
TideConninfo     *tide_schema_source_rebuild   (TideSchemaSource  *self,
                                                TideJob           *job,
                                                GError           **error);

/* (transfer full) (element-type TideSchemaIgnore): the rules of a project, as a comparison takes them. @specs: (element-type
 * TideIgnoreSpec) */
GPtrArray        *tide_schema_ignores_new      (GPtrArray         *specs);

G_END_DECLS
