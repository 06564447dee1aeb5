/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What tide_outline_read() asks, as statements of one script. Columns are read by position: tide-outline.c. Some take what else is
 * to be true of an object, so that the same is asked of temporary ones alone. */

#define TIDE_OUTLINE_SQL_SCHEMAS \
  "SELECT n.oid, n.nspname, coalesce(pg_catalog.array_position(pg_catalog.current_schemas(false), n.nspname) + 1, 0), " \
  "       n.nspname IN ('pg_catalog', 'information_schema'), n.nspname = 'pg_catalog' " \
  "FROM pg_catalog.pg_namespace n " \
  "WHERE n.nspname !~ '^pg_(toast|temp_|toast_temp_)';"

/* Before all others in the search path, and called by a name that is good in every session */
#define TIDE_OUTLINE_SQL_TEMPORARY_SCHEMA \
  "SELECT n.oid, 'pg_temp', 1, false, true FROM pg_catalog.pg_namespace n WHERE n.oid = pg_catalog.pg_my_temp_schema();"

#define TIDE_OUTLINE_SQL_RELATIONS(AND) \
  "SELECT c.oid, c.relnamespace, c.relname, c.relkind, c.relispartition, " \
  "       CASE WHEN c.reltuples < 0 OR (c.reltuples = 0 AND c.relpages = 0) THEN -1 ELSE c.reltuples::bigint END, " \
  "       CASE WHEN c.oid >= 16384 THEN pg_catalog.obj_description(c.oid, 'pg_class') END " \
  "FROM pg_catalog.pg_class c " \
  "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')" AND ";"

#define TIDE_OUTLINE_SQL_COLUMNS(AND) \
  "SELECT a.attrelid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attnum " \
  "FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid " \
  "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped" AND " " \
  "ORDER BY a.attrelid, a.attnum;"

#define TIDE_OUTLINE_SQL_KEYS(AND) \
  "SELECT k.conrelid, k.conname, pg_catalog.pg_get_constraintdef(k.oid, true), k.contype, k.confrelid, " \
  "       pg_catalog.array_to_string(k.conkey, ' '), pg_catalog.array_to_string(k.confkey, ' ') " \
  "FROM pg_catalog.pg_constraint k " \
  "WHERE k.contype IN ('p', 'u', 'f') AND k.conrelid <> 0" AND " " \
  "ORDER BY k.conrelid, pg_catalog.strpos('puf', k.contype::text), k.conname;"

/* What else belongs to a table, and what it says of itself; an index that holds a key is told with the key */
#define TIDE_OUTLINE_SQL_PARTS \
  "SELECT i.indrelid, c.relname, pg_catalog.pg_get_indexdef(i.indexrelid), 'i' " \
  "FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid " \
  "WHERE i.indrelid >= 16384 AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k " \
  "  WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) " \
  "UNION ALL SELECT k.conrelid, k.conname, pg_catalog.pg_get_constraintdef(k.oid, true), k.contype::text " \
  "FROM pg_catalog.pg_constraint k WHERE k.contype IN ('c', 'x') AND k.conrelid >= 16384 " \
  "UNION ALL SELECT t.tgrelid, t.tgname, pg_catalog.pg_get_triggerdef(t.oid, true), 't' " \
  "FROM pg_catalog.pg_trigger t WHERE NOT t.tgisinternal " \
  "UNION ALL SELECT p.polrelid, p.polname, pg_catalog.concat('CREATE POLICY ', pg_catalog.quote_ident(p.polname), ' ON ', " \
  "    p.polrelid::pg_catalog.regclass, CASE WHEN NOT p.polpermissive THEN ' AS RESTRICTIVE' END, ' FOR ', " \
  "    CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END, " \
  "    ' TO ', CASE WHEN p.polroles = '{0}' THEN 'PUBLIC' ELSE (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(r.rolname), ', ') " \
  "      FROM pg_catalog.pg_roles r WHERE r.oid = ANY (p.polroles)) END, " \
  "    ' USING (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid) || ')', " \
  "    ' WITH CHECK (' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) || ')'), 'y' " \
  "FROM pg_catalog.pg_policy p " \
  "ORDER BY 1, 4, 2;"

/* Left out of the system's own: what only operators and types call */
#define TIDE_OUTLINE_SQL_FUNCTIONS \
  "SELECT p.oid, p.pronamespace, p.proname, pg_catalog.pg_get_function_arguments(p.oid), " \
  "       coalesce(pg_catalog.pg_get_function_result(p.oid), ''), p.prokind " \
  "FROM pg_catalog.pg_proc p LEFT JOIN pg_catalog.pg_description d " \
  "  ON d.objoid = p.oid AND d.classoid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objsubid = 0 " \
  "WHERE p.oid >= 16384 OR (coalesce(d.description, 'implementation of') !~ '^(implementation of|I/O|internal|less-equal-greater|larger of|smaller of|btree|hash|GIN|GiST|BRIN)' " \
  "  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_cast k WHERE k.castfunc = p.oid) " \
  "  AND p.prorettype NOT IN (2281, 2275) AND NOT (p.proargtypes::pg_catalog.oid[] && '{2281,2275}'::pg_catalog.oid[]));"

#define TIDE_OUTLINE_SQL_TYPES \
  "SELECT t.oid, t.typnamespace, t.typname, t.typtype, " \
  "       CASE t.typtype " \
  "         WHEN 'e' THEN (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) " \
  "                        FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) " \
  "         WHEN 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END " \
  "FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid " \
  "WHERE t.typtype IN ('b', 'd', 'e', 'r', 'm', 'c') AND (c.oid IS NULL OR c.relkind = 'c') " \
  "  AND t.typcategory <> 'A' AND NOT (t.oid < 16384 AND t.typname ~ '^_');"
