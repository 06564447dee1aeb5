/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-ddl.h"
#include "schema/tide-schema-builder.h"

G_BEGIN_DECLS

/* What views and materialized views have alike, first among their attributes. Their columns are no objects: what is said of them
 * stands here. */
enum
{
  TIDE_VIEW_DEFINITION = TIDE_N_COMMON_ATTRIBUTES,
  TIDE_VIEW_COLUMNS,           /* name and type, one a line */
  TIDE_VIEW_OPTIONS,           /* entries, by name */
  TIDE_VIEW_GIVEN_OPTIONS,     /* the same in the order they were given in */
  TIDE_VIEW_COLUMN_COMMENTS,   /* entries */
  TIDE_VIEW_COLUMN_PRIVILEGES, /* "COLUMN GRANTEE=letters" a line */
  TIDE_VIEW_N_ATTRIBUTES
};

#define TIDE_VIEW_TEXT TIDE_CATALOG_OR_VANISHED ("pg_catalog.rtrim(pg_catalog.pg_get_viewdef(c.oid), ';')")

/* For a query over pg_class c and pg_namespace n */
#define TIDE_VIEW_CELLS                                                                                        \
  "c.oid, n.nspname AS schema, c.relname AS name, c.relowner AS owner, c.relacl AS privileges,"                \
  " " TIDE_VIEW_TEXT " AS definition,"                                                                         \
  " (SELECT '2618 ' || w.oid FROM pg_catalog.pg_rewrite w"                                                     \
  " WHERE w.ev_class = c.oid AND w.rulename = '_RETURN') AS alias,"                                            \
  " (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname) || ' '"                                    \
  " || pg_catalog.format_type(a.atttypid, a.atttypmod)"                                                        \
  " || CASE WHEN a.attcollation <> 0 AND a.attcollation <> (SELECT t.typcollation FROM pg_catalog.pg_type t"   \
  " WHERE t.oid = a.atttypid) THEN ' COLLATE '"                                                                \
  " || (SELECT pg_catalog.quote_ident(m.nspname) || '.' || pg_catalog.quote_ident(k.collname)"                 \
  " FROM pg_catalog.pg_collation k JOIN pg_catalog.pg_namespace m ON m.oid = k.collnamespace"                  \
  " WHERE k.oid = a.attcollation) ELSE '' END, E'\\n' ORDER BY a.attnum)"                                      \
  " FROM pg_catalog.pg_attribute a"                                                                            \
  " WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,"                             \
  " c.reloptions || (SELECT pg_catalog.array_agg('toast.' || u.option) FROM pg_catalog.pg_class x,"            \
  " pg_catalog.unnest(x.reloptions) AS u(option) WHERE x.oid = c.reltoastrelid) AS raw_options,"               \
  " (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname) || '='"                                    \
  " || pg_catalog.quote_literal(d.description), E'\\n' ORDER BY a.attnum)"                                     \
  " FROM pg_catalog.pg_description d JOIN pg_catalog.pg_attribute a"                                           \
  " ON a.attrelid = d.objoid AND a.attnum = d.objsubid"                                                        \
  " WHERE d.classoid = 1259 AND d.objoid = c.oid AND d.objsubid > 0) AS column_comments,"                      \
  " (SELECT pg_catalog.array_agg(pg_catalog.quote_ident(a.attname) || '=' || a.attacl::pg_catalog.text"        \
  " ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0"               \
  " AND a.attacl IS NOT NULL) AS raw_column_privileges,"                                                       \
  " pg_catalog.pg_get_userbyid(c.relowner) AS owner_name"

void      tide_view_complete       (TideSchemaBuilder      *builder,
                                    TideSchemaObject       *object,
                                    const TideCatalogRow   *row);
/* (transfer full): `SELECT NULL::integer AS a`: the same columns, and nothing in them */
char     *tide_view_dup_stand_in   (const TideSchemaObject *object);
/* (transfer full): `WITH (a='1')` and a space, or "" */
char     *tide_view_dup_options    (const TideSchemaObject *object);
void      tide_view_write_options  (TideDdl                *ddl,
                                    const char             *keyword,
                                    const TideSchemaObject *from,
                                    const TideSchemaObject *to);
/* Comments of and privileges on columns, where they differ; @from: (nullable): it was just made */
void      tide_view_write_columns  (TideDdl                *ddl,
                                    const TideSchemaObject *from,
                                    const TideSchemaObject *to);

G_END_DECLS
