/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * TideMigration:
 *
 * A folder of the migrations directory and the SQL in it. Immutable, atomically reference counted.
 * The text is read once, when somebody first asks for it or its checksum, on any thread; it is what Prisma
 * would see: UTF-8, invalid bytes replaced by U+FFFD, a BOM kept.
 */
typedef struct _TideMigration TideMigration;

#define TIDE_TYPE_MIGRATION (tide_migration_get_type ())
GType          tide_migration_get_type      (void);
TideMigration *tide_migration_ref           (TideMigration       *self);
void           tide_migration_unref         (TideMigration       *self);

const char    *tide_migration_get_name      (const TideMigration *self); /* the folder's name, UTF-8 */
const char    *tide_migration_get_path      (const TideMigration *self); /* of migration.sql, file system encoding */
char          *tide_migration_dup_label     (const TideMigration *self); /* 'migration "name"'; a file that is none: '"name"' */
const char    *tide_migration_get_code      (const TideMigration *self,
                                             const char          *code); /* (nullable): Prisma's @code, where it is a migration */
char          *tide_migration_dup_title     (const TideMigration *self); /* "add vendor management system" */
GDateTime     *tide_migration_dup_date      (const TideMigration *self); /* (nullable): UTC, from the name's leading digits */
const char    *tide_migration_get_sql       (const TideMigration *self); /* (nullable): NULL when it could not be read */
GBytes        *tide_migration_get_bytes     (const TideMigration *self); /* (nullable): the same; a NUL stands behind it */
gsize          tide_migration_get_sql_size  (const TideMigration *self); /* bytes; the text may hold NUL bytes */
gboolean       tide_migration_is_utf8       (const TideMigration *self); /* whether nothing had to be replaced in it */
const char    *tide_migration_get_checksum  (const TideMigration *self); /* (nullable): SHA-256, 64 lowercase hex */
gboolean       tide_migration_matches       (const TideMigration *self,
                                             const char          *stored_checksum); /* with Prisma's line-ending rules */
const GError  *tide_migration_get_problem   (const TideMigration *self); /* (nullable): why it cannot be applied (no migration.sql ...) */
/* <0, 0, >0: where two names stand in Prisma's order, on disk or not */
int            tide_migration_compare_names (const char         *left,
                                             const char         *right);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideMigration, tide_migration_unref)

G_END_DECLS
