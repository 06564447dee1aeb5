/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-ddl.h"

G_BEGIN_DECLS

/* What the kinds of a table and of its parts write alike */

/* One side of a catalog's query as text: `"public"."users"`, from columns of pg_namespace and of what lies in it */
#define TIDE_SQL_NAME(name) "'\"' || pg_catalog.replace(" name "::pg_catalog.text, '\"', '\"\"') || '\"'"
#define TIDE_SQL_QUALIFIED(schema, name) TIDE_SQL_NAME (schema) " || '.' || " TIDE_SQL_NAME (name)
/* The text[] of reloptions as lines, in the order that the server keeps and prints them in */
#define TIDE_SQL_OPTIONS(array) "pg_catalog.array_to_string(" array ", E'\\n')"
#define TIDE_SQL_TRUE(condition) "CASE WHEN " condition " THEN 'true' END"

#define TIDE_CHANGED(changed, attribute) (((changed) & G_GUINT64_CONSTANT (1) << (attribute)) != 0)

/* Whether a column's rows stay as they are when it becomes of type @to: the same values, more of them or without end */
gboolean    tide_column_keeps_rows         (const char             *from,
                                            const char             *to);
/* Whether there is a value of type @to for each of @from */
gboolean    tide_column_takes_all          (const char             *from,
                                            const char             *to);
/* Whether the table is written anew when a column is added with that default: it may not be the same for each row */
gboolean    tide_default_is_written        (const char             *expression);
/* Whether ADD COLUMN can evaluate the default @expression of @column; %FALSE: it is known to be too long or too large, or not there */
gboolean    tide_default_fits              (const TideSchemaObject *column,
                                            const char             *expression);
/* (transfer full): `ALTER TABLE "public"."users"`, with ONLY or FOREIGN, of a table or of what belongs to one */
char       *tide_table_dup_alter           (const TideSchemaObject *object,
                                            gboolean                only);
/* (transfer full): `"public"."users"` of a table or of what belongs to one */
char       *tide_table_dup_quoted          (const TideSchemaObject *object);
gboolean    tide_table_is_foreign          (const TideSchemaObject *object);
gboolean    tide_table_is_partition        (const TideSchemaObject *object);
gboolean    tide_table_is_partitioned      (const TideSchemaObject *object);
/* (nullable): the table named @quoted that @table inherits from or is a partition of */
const TideSchemaObject *tide_table_find_parent (const TideSchemaObject *table,
                                                const char             *quoted);
/* Adds what changes the parents of a table; @from: (nullable): it has none yet. A column that was inherited and is to be again
 * stays so: another parent holds it while the old ones have left and the new ones are not there. */
void        tide_table_add_inheritance     (TideDdl                *ddl,
                                            const TideSchemaObject *from,
                                            const TideSchemaObject *to);
/* (transfer full) (nullable): the table that holds a column while its table changes parents */
char       *tide_column_dup_holder         (const TideSchemaObject *from,
                                            const TideSchemaObject *to);
/* (transfer full) (nullable): the table by which a new @column comes that a parent gives which @from, its table as it was, had not */
char       *tide_column_dup_giver          (const TideSchemaObject *from,
                                            const TideSchemaObject *column);
/* Adds what gives @column the values of what it was @before, which is set aside by then */
void        tide_column_add_taking_over    (TideDdl                *ddl,
                                            const char             *alter,
                                            const TideSchemaObject *column,
                                            const TideSchemaObject *before);
/* Whether CREATE TABLE ... INHERITS would put the columns of @table in another order than they have: it is made without, and
 * inherits later */
gboolean    tide_table_inherits_later      (const TideSchemaObject *table);
/* (transfer full): `"a"='1', toast."b"='2'` of lines; "" of NULL */
char       *tide_options_dup_list          (const char             *options);
/* Adds `ADDRESS RESET (...)` and `ADDRESS SET (...)` as far as needed, so that they come to stand in the order of @to */
void        tide_options_add_change        (TideDdl                *ddl,
                                            const char             *address,
                                            const char             *from,
                                            const char             *to);
/* Adds what CREATE TABLE and ADD COLUMN cannot say: storage, statistics target, options */
void        tide_column_add_settings       (TideDdl                *ddl,
                                            const TideSchemaObject *column);
/* (transfer full): `ALTER TABLE ONLY "t" ALTER COLUMN "c"` */
char       *tide_column_dup_alter          (const TideSchemaObject *column,
                                            gboolean                only);
/* (nullable): the column of the same name in a table that @column's table inherits from or is a partition of */
const TideSchemaObject *tide_column_find_inherited (const TideSchemaObject *column);
/* Whether the table of a column is a partition of the same whole as before */
gboolean    tide_column_keeps_whole        (const TideSchemaObject *from,
                                            const TideSchemaObject *to);
/* @from: (nullable): what it was, if it stays */
void        tide_column_add_not_null       (TideDdl                *ddl,
                                            const TideSchemaObject *from,
                                            const TideSchemaObject *column);
/* Adds what changes NOT NULL (@is_changed), or only the name of its constraint */
void        tide_column_add_nullability    (TideDdl                *ddl,
                                            const TideSchemaObject *from,
                                            const TideSchemaObject *to,
                                            gboolean                is_changed,
                                            gboolean                is_renamed);
/* Adds the ALTER ... TYPE of a column, with its collation; @moves: to another type of the same name */
void        tide_column_add_type           (TideDdl                *ddl,
                                            const TideSchemaObject *from,
                                            const TideSchemaObject *to,
                                            gboolean                moves);
/* Tells what stops that ALTER while it is there, also where it is that of a parent's column */
void        tide_column_disturb_users      (TideDdl                *ddl,
                                            const TideSchemaObject *from,
                                            const TideSchemaObject *to,
                                            gboolean                moves);
/* (transfer full): ` START WITH 1 INCREMENT BY 1 ...` of a sequence */
char       *tide_sequence_dup_options      (const TideSchemaObject *sequence);
/* Adds `ALTER SEQUENCE ... OPTIONS`, in which it starts anew only if it has counted to where its new bounds do not let it be */
void        tide_sequence_add_change       (TideDdl                *ddl,
                                            const TideSchemaObject *from,
                                            const TideSchemaObject *to,
                                            const char             *options);
/* (nullable): the sequence of an identity */
const TideSchemaObject *tide_column_find_identity_sequence (const TideSchemaObject *column);
/* (transfer full): ` GENERATED ALWAYS AS IDENTITY (...)` */
char       *tide_column_dup_identity       (const TideSchemaObject *column);
/* Whether the sequence of an identity ends so early that there may be rows enough to run into it */
gboolean    tide_column_may_run_out        (const TideSchemaObject *column);
/* Adds what makes an identity, or changes how it is one; that one is none any more is said where nullability is */
void        tide_column_add_identity       (TideDdl                *ddl,
                                            const TideSchemaObject *from,
                                            const TideSchemaObject *to);
/* Adds the new bounds of a sequence where the old ones do not fit into the type that its column will have */
void        tide_column_add_narrowed_bounds (TideDdl                *ddl,
                                             const TideSchemaObject *from,
                                             const TideSchemaObject *to);
/* Adds what lets a new sequence go on after the values that @column has */
void        tide_sequence_add_continuation (TideDdl                *ddl,
                                            TideDdlPhase            phase,
                                            const TideSchemaObject *sequence,
                                            const TideSchemaObject *column);
/* (nullable): what @table is a partition of; NULL, too, where it is no table */
const TideSchemaObject *tide_table_find_whole (const TideSchemaObject *table);
/* When @table is attached to its whole, and what it has to that of the whole */
TideDdlPhase tide_table_get_attach_phase   (TideDdl                *ddl,
                                            const TideSchemaObject *table);
/* (transfer full): `CONSTRAINT "name" CHECK (...)` of a whole as @partition must have it to become a part of that */
char       *tide_constraint_dup_for_partition (const TideSchemaObject *constraint,
                                               const TideSchemaObject *partition);

G_END_DECLS
