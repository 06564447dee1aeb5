/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-ddl.h"
#include "schema/tide-schema-builder.h"

G_BEGIN_DECLS

/* What comes with an extension, or with PostgreSQL itself, is no object of the schema; what was granted on it since is said of what
 * brings it, in two attributes: "member_privileges" and, internal, "member_initials": those that it came with. */

/* Each as "ROUTINE name(type)", its owner, its privileges and those it came with, and which column it is, 0: none. Of the system's
 * own, "public" is an object. */
#define TIDE_MEMBERS_ROW(catalog, address, prefix, letter) \
  "SELECT " catalog ", m.oid, " address ", m." prefix "owner, m." prefix "acl, pg_catalog.acldefault(" letter ", m." prefix "owner), 0"
#define TIDE_MEMBERS_ROWS                                                                                                \
  TIDE_MEMBERS_ROW ("1255", "'ROUTINE ' || m.oid::pg_catalog.regprocedure", "pro", "'f'")                            \
  " FROM pg_catalog.pg_proc m WHERE m.proacl IS NOT NULL UNION ALL "                                           \
  TIDE_MEMBERS_ROW ("1259", "CASE m.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || m.oid::pg_catalog.regclass", "rel", \
              "CASE m.relkind WHEN 'S' THEN 's'::\"char\" ELSE 'r' END")                                       \
  " FROM pg_catalog.pg_class m WHERE m.relacl IS NOT NULL AND m.relkind IN ('r', 'v', 'm', 'f', 'p', 'S') UNION ALL " \
  TIDE_MEMBERS_ROW ("1247", "'TYPE ' || m.oid::pg_catalog.regtype", "typ", "'T'")                                    \
  " FROM pg_catalog.pg_type m WHERE m.typacl IS NOT NULL UNION ALL "                                           \
  TIDE_MEMBERS_ROW ("2615", "'SCHEMA ' || pg_catalog.quote_ident(m.nspname)", "nsp", "'n'")                          \
  " FROM pg_catalog.pg_namespace m WHERE m.nspacl IS NOT NULL AND m.oid <> 2200 UNION ALL "                    \
  TIDE_MEMBERS_ROW ("2612", "'LANGUAGE ' || pg_catalog.quote_ident(m.lanname)", "lan", "'l'")                        \
  " FROM pg_catalog.pg_language m WHERE m.lanacl IS NOT NULL UNION ALL "                                       \
  TIDE_MEMBERS_ROW ("2328", "'FOREIGN DATA WRAPPER ' || pg_catalog.quote_ident(m.fdwname)", "fdw", "'F'")            \
  " FROM pg_catalog.pg_foreign_data_wrapper m WHERE m.fdwacl IS NOT NULL UNION ALL "                           \
  TIDE_MEMBERS_ROW ("1417", "'FOREIGN SERVER ' || pg_catalog.quote_ident(m.srvname)", "srv", "'S'")                  \
  " FROM pg_catalog.pg_foreign_server m WHERE m.srvacl IS NOT NULL"
/* As `COLUMN "a" OF pg_class`, the system's alone. The server keeps NULL of one that has no privileges any more. */
#define TIDE_MEMBERS_COLUMNS                                                                                   \
  "SELECT 1259, c.oid, 'COLUMN ' || pg_catalog.quote_ident(m.attname) || ' OF ' || c.oid::pg_catalog.regclass, c.relowner," \
  " COALESCE(m.attacl, '{}'), '{}'::pg_catalog.aclitem[], m.attnum FROM pg_catalog.pg_attribute m"             \
  " JOIN pg_catalog.pg_class c ON c.oid = m.attrelid WHERE m.attrelid < 16384 AND (m.attacl IS NOT NULL"       \
  " OR EXISTS (SELECT FROM pg_catalog.pg_init_privs p WHERE p.objoid = c.oid AND p.classoid = 1259 AND p.objsubid = m.attnum))"
#define TIDE_MEMBERS_CHANGED "m.acl::pg_catalog.text <> COALESCE(i.initprivs, m.initial)::pg_catalog.text"
#define TIDE_MEMBERS_LIST                                                                                      \
  "pg_catalog.string_agg(m.address || E'\\t' || pg_catalog.pg_get_userbyid(m.owner) || E'\\t' || m.acl::pg_catalog.text" \
  " || E'\\t' || COALESCE(i.initprivs, m.initial)::pg_catalog.text, E'\\n' ORDER BY m.address COLLATE \"C\")"
#define TIDE_MEMBERS_TABLE(rows)                                                                               \
  "(" rows ") m(catalog, oid, address, owner, acl, initial, part)"                                             \
  " LEFT JOIN pg_catalog.pg_init_privs i ON i.objoid = m.oid AND i.classoid = m.catalog AND i.objsubid = m.part"

/* Queries of a column "members", for tide_members_complete(): by "refobjid", the extension, and of PostgreSQL itself */
#define TIDE_MEMBERS_OF_EXTENSIONS                                                                             \
  "SELECT d.refobjid, " TIDE_MEMBERS_LIST " AS members FROM " TIDE_MEMBERS_TABLE (TIDE_MEMBERS_ROWS)           \
  " JOIN pg_catalog.pg_depend d ON m.catalog = d.classid AND m.oid = d.objid"                                  \
  " WHERE d.deptype = 'e' AND d.refclassid = 3079 AND " TIDE_MEMBERS_CHANGED " GROUP BY d.refobjid"
#define TIDE_MEMBERS_OF_SYSTEM                                                                                 \
  "SELECT " TIDE_MEMBERS_LIST " AS members FROM " TIDE_MEMBERS_TABLE (TIDE_MEMBERS_ROWS " UNION ALL " TIDE_MEMBERS_COLUMNS) \
  " WHERE m.oid < 16384 AND " TIDE_MEMBERS_CHANGED

void tide_members_complete (TideSchemaBuilder      *builder,
                            TideSchemaObject       *object,
                            const TideCatalogRow   *row);
/* Adds what turns the grants of @from (nullable) into those of @to */
void tide_members_write    (TideDdl                *ddl,
                            const TideSchemaObject *from,
                            const TideSchemaObject *to);

G_END_DECLS
