-- SPDX-License-Identifier: GPL-3.0-or-later
-- A database with an object of every kind that a schema can hold, in shapes that are hard to write again in order.
-- For a superuser, PostgreSQL 15 and newer; the roles are made by the test.

CREATE EXTENSION "uuid-ossp" SCHEMA public;
CREATE EXTENSION btree_gist;
CREATE EXTENSION hstore;
COMMENT ON EXTENSION hstore IS 'pairs';

CREATE SCHEMA shop AUTHORIZATION everything_owner;
CREATE SCHEMA "Odd ""Names"" é";
COMMENT ON SCHEMA shop IS 'what is sold, said with ''quotes'' and a \ backslash';
GRANT USAGE ON SCHEMA shop TO everything_reader, PUBLIC;
GRANT ALL ON SCHEMA "Odd ""Names"" é" TO everything_reader WITH GRANT OPTION;

-- Languages, access methods, collations, conversions
CREATE FUNCTION shop.lang_call() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION shop.lang_inline(internal) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_inline_handler';
CREATE FUNCTION shop.lang_check(oid) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE TRUSTED LANGUAGE tidelang HANDLER shop.lang_call INLINE shop.lang_inline VALIDATOR shop.lang_check;
COMMENT ON LANGUAGE tidelang IS 'plpgsql by another name';
REVOKE USAGE ON LANGUAGE tidelang FROM PUBLIC;
CREATE ACCESS METHOD heap_two TYPE TABLE HANDLER heap_tableam_handler;
COMMENT ON ACCESS METHOD heap_two IS 'the heap again';
CREATE COLLATION shop.german (provider = icu, locale = 'de-u-co-phonebk');
CREATE COLLATION shop.no_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE COLLATION "Odd ""Names"" é".plain (provider = libc, locale = 'C');
COMMENT ON COLLATION shop.german IS 'as in the telephone book';
CREATE CONVERSION shop.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE DEFAULT CONVERSION "Odd ""Names"" é".back FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
COMMENT ON CONVERSION shop.latin IS 'from the west';

-- Types
CREATE TYPE shop.state AS ENUM ('new', 'pa''id', 'sent off', 'lost');
COMMENT ON TYPE shop.state IS 'of an order';
GRANT USAGE ON TYPE shop.state TO everything_reader;
REVOKE USAGE ON TYPE shop.state FROM PUBLIC;
CREATE TYPE shop.nothing AS ENUM ();
CREATE TYPE shop.address AS (street text COLLATE shop.german, "House No" varchar(12), code numeric(8,2)[]);
COMMENT ON COLUMN shop.address.street IS 'without the number';
ALTER TYPE shop.address OWNER TO everything_owner;
CREATE TYPE shop.empty AS ();
CREATE DOMAIN shop.percent AS numeric(5,2) DEFAULT 0.00 NOT NULL CONSTRAINT not_less CHECK (VALUE >= 0) CONSTRAINT "not more" CHECK (VALUE <= 100);
COMMENT ON DOMAIN shop.percent IS 'of a hundred';
COMMENT ON CONSTRAINT not_less ON DOMAIN shop.percent IS 'no debt';
CREATE DOMAIN shop.addresses AS shop.address[];
CREATE DOMAIN shop.name AS text COLLATE shop.german CHECK (VALUE <> '');
ALTER DOMAIN shop.name ADD CONSTRAINT short CHECK (length(VALUE) < 100) NOT VALID;
CREATE FUNCTION shop.float_difference(double precision, double precision) RETURNS double precision
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT $1 - $2';
CREATE TYPE shop.floats AS RANGE (subtype = double precision, subtype_diff = shop.float_difference, multirange_type_name = shop.many_floats);
CREATE TYPE shop.texts AS RANGE (subtype = text, collation = "C");
CREATE TYPE shop.shell;
CREATE TYPE shop.pair;
CREATE FUNCTION shop.pair_in(cstring) RETURNS shop.pair LANGUAGE internal IMMUTABLE STRICT AS 'int8in';
CREATE FUNCTION shop.pair_out(shop.pair) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out';
CREATE TYPE shop.pair (INPUT = shop.pair_in, OUTPUT = shop.pair_out, LIKE = bigint, CATEGORY = 'N', DEFAULT = '7', DELIMITER = ';');
COMMENT ON TYPE shop.pair IS 'a number in disguise';

-- Functions, procedures, aggregates
CREATE FUNCTION shop.add(a integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE RETURN a + b;
CREATE FUNCTION shop.add(a text, VARIADIC more text[] DEFAULT ARRAY['x', 'y'::text]) RETURNS text
  LANGUAGE plpgsql STABLE COST 12.5 SECURITY DEFINER SET search_path TO 'shop', 'pg_temp' SET work_mem TO '4MB' AS $body$
BEGIN
  RETURN a || array_to_string(more, $$, $$);
END
$body$;
COMMENT ON FUNCTION shop.add(text, text[]) IS 'glue';
REVOKE ALL ON FUNCTION shop.add(text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION shop.add(text, text[]) TO everything_reader;
ALTER FUNCTION shop.add(text, text[]) OWNER TO everything_owner;
CREATE FUNCTION shop.both(IN a integer, INOUT b integer, OUT c text) LANGUAGE sql AS $$SELECT b + a, 'c'::text$$;
CREATE FUNCTION shop.series(n integer) RETURNS TABLE(i integer, "as text" text) LANGUAGE sql STRICT ROWS 12 PARALLEL RESTRICTED
  BEGIN ATOMIC SELECT g.g, g.g::text FROM generate_series(1, n) g; END;
CREATE FUNCTION shop.anything(anyelement) RETURNS SETOF anyelement LANGUAGE tidelang LEAKPROOF AS 'BEGIN RETURN NEXT $1; END';
CREATE FUNCTION shop."Fn ""quoted"""() RETURNS void LANGUAGE plpgsql AS 'BEGIN NULL; END';
CREATE FUNCTION shop.my_rank() RETURNS bigint LANGUAGE internal IMMUTABLE WINDOW AS 'window_rank';
CREATE PROCEDURE shop.tidy(INOUT n integer DEFAULT NULL) LANGUAGE plpgsql AS 'BEGIN n := 1; END';
COMMENT ON PROCEDURE shop.tidy(integer) IS 'puts in order';
CREATE AGGREGATE shop.sum_of(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0', COMBINEFUNC = int4pl, PARALLEL = SAFE);
CREATE AGGREGATE shop.half(double precision ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE AGGREGATE shop.moving(bigint) (SFUNC = int8pl, STYPE = bigint, INITCOND = '0', MSFUNC = int8pl, MINVFUNC = int8mi, MSTYPE = bigint, MINITCOND = '0');
COMMENT ON AGGREGATE shop.sum_of(integer) IS 'total';

-- Operators, families, classes, casts, transforms
CREATE FUNCTION shop.pair_compare(shop.pair, shop.pair) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'btint8cmp';
CREATE FUNCTION shop.pair_lt(shop.pair, shop.pair) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int8lt';
CREATE FUNCTION shop.pair_le(shop.pair, shop.pair) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int8le';
CREATE FUNCTION shop.pair_eq(shop.pair, shop.pair) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int8eq';
CREATE FUNCTION shop.pair_ge(shop.pair, shop.pair) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int8ge';
CREATE FUNCTION shop.pair_gt(shop.pair, shop.pair) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int8gt';
CREATE OPERATOR shop.< (LEFTARG = shop.pair, RIGHTARG = shop.pair, FUNCTION = shop.pair_lt, COMMUTATOR = OPERATOR(shop.>), NEGATOR = OPERATOR(shop.>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR shop.<= (LEFTARG = shop.pair, RIGHTARG = shop.pair, FUNCTION = shop.pair_le, COMMUTATOR = OPERATOR(shop.>=), NEGATOR = OPERATOR(shop.>), RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
CREATE OPERATOR shop.= (LEFTARG = shop.pair, RIGHTARG = shop.pair, FUNCTION = shop.pair_eq, COMMUTATOR = OPERATOR(shop.=), HASHES, MERGES, RESTRICT = eqsel, JOIN = eqjoinsel);
CREATE OPERATOR shop.>= (LEFTARG = shop.pair, RIGHTARG = shop.pair, FUNCTION = shop.pair_ge, COMMUTATOR = OPERATOR(shop.<=), NEGATOR = OPERATOR(shop.<), RESTRICT = scalargesel, JOIN = scalargejoinsel);
CREATE OPERATOR shop.> (LEFTARG = shop.pair, RIGHTARG = shop.pair, FUNCTION = shop.pair_gt, COMMUTATOR = OPERATOR(shop.<), NEGATOR = OPERATOR(shop.<=), RESTRICT = scalargtsel, JOIN = scalargtjoinsel);
CREATE OPERATOR shop.!!! (RIGHTARG = integer, FUNCTION = int4um);
COMMENT ON OPERATOR shop.!!! (NONE, integer) IS 'turns about';
CREATE OPERATOR FAMILY shop.pairs USING btree;
COMMENT ON OPERATOR FAMILY shop.pairs USING btree IS 'those of pairs';
CREATE OPERATOR CLASS shop.pair_ops DEFAULT FOR TYPE shop.pair USING btree FAMILY shop.pairs AS
  OPERATOR 1 shop.<, OPERATOR 2 shop.<=, OPERATOR 3 shop.=, OPERATOR 4 shop.>=, OPERATOR 5 shop.>, FUNCTION 1 shop.pair_compare(shop.pair, shop.pair);
CREATE FUNCTION shop.pair_int(shop.pair, bigint) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'btint8cmp';
ALTER OPERATOR FAMILY shop.pairs USING btree ADD FUNCTION 1 (shop.pair, bigint) shop.pair_int(shop.pair, bigint);
CREATE FUNCTION shop.address_text(shop.address) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ($1).street';
CREATE CAST (shop.address AS text) WITH FUNCTION shop.address_text(shop.address) AS ASSIGNMENT;
CREATE CAST (shop.pair AS bigint) WITHOUT FUNCTION;
CREATE CAST (bigint AS shop.pair) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (shop.state AS varchar) WITH INOUT;
COMMENT ON CAST (shop.state AS varchar) IS 'by its name';
CREATE FUNCTION shop.from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE STRICT AS 'prsd_lextype';
CREATE TRANSFORM FOR shop.pair LANGUAGE sql (FROM SQL WITH FUNCTION shop.from_sql(internal));
COMMENT ON TRANSFORM FOR shop.pair LANGUAGE sql IS 'unused';

-- Text search
CREATE TEXT SEARCH PARSER shop.words (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH TEMPLATE shop.simply (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY shop.small (TEMPLATE = shop.simply, stopwords = 'english');
COMMENT ON TEXT SEARCH DICTIONARY shop.small IS 'of few words';
CREATE TEXT SEARCH CONFIGURATION shop.search (PARSER = shop.words);
ALTER TEXT SEARCH CONFIGURATION shop.search ADD MAPPING FOR asciiword, word WITH shop.small, simple;
ALTER TEXT SEARCH CONFIGURATION shop.search OWNER TO everything_owner;

-- Foreign data
CREATE FOREIGN DATA WRAPPER far OPTIONS (debug 'true');
COMMENT ON FOREIGN DATA WRAPPER far IS 'away';
GRANT USAGE ON FOREIGN DATA WRAPPER far TO everything_owner;
CREATE SERVER away TYPE 'postgres' VERSION '9' FOREIGN DATA WRAPPER far OPTIONS (host 'h''ost', "Port no" '1');
COMMENT ON SERVER away IS 'there';
GRANT USAGE ON FOREIGN SERVER away TO everything_reader;
CREATE USER MAPPING FOR PUBLIC SERVER away OPTIONS ("user" 'guest');
CREATE USER MAPPING FOR everything_reader SERVER away OPTIONS ("user" 'reader');
CREATE FOREIGN TABLE shop.remote (id integer OPTIONS (col 'ident') NOT NULL, said text COLLATE "C" DEFAULT 'x', CHECK (id > 0)) SERVER away OPTIONS (tab 'le');
COMMENT ON FOREIGN TABLE shop.remote IS 'elsewhere';

-- Sequences
CREATE SEQUENCE shop.numbers AS smallint INCREMENT BY -2 MINVALUE -100 MAXVALUE 50 START WITH 50 CACHE 5 CYCLE;
COMMENT ON SEQUENCE shop.numbers IS 'downwards';
GRANT USAGE, SELECT ON SEQUENCE shop.numbers TO everything_reader;
CREATE UNLOGGED SEQUENCE shop.careless;

-- Tables
CREATE TABLE shop.users (
  id bigint GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 10 CACHE 3) PRIMARY KEY,
  public_id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
  "E-Mail" varchar(200) COLLATE shop.no_case NOT NULL CONSTRAINT "one each" UNIQUE,
  name shop.name DEFAULT 'who ''is'' it',
  state shop.state DEFAULT 'new'::shop.state NOT NULL,
  states shop.state[] DEFAULT '{new,"pa''id"}',
  home shop.address,
  share shop.percent,
  tags hstore DEFAULT ''::hstore,
  made timestamp(3) with time zone DEFAULT now() NOT NULL,
  lower_mail text GENERATED ALWAYS AS (lower(("E-Mail")::text)) STORED,
  number integer DEFAULT nextval('shop.numbers'::regclass),
  sum integer DEFAULT shop.add(1, 2),
  extra jsonb DEFAULT '{}'::jsonb,
  CONSTRAINT sane CHECK (made > '2000-01-01'::timestamptz AND state <> 'lost'::shop.state),
  CONSTRAINT listed CHECK (name::text = ANY (ARRAY['a'::varchar, 'b'::varchar]::text[])) NO INHERIT NOT VALID
) WITH (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE shop.users OWNER TO everything_owner;
COMMENT ON TABLE shop.users IS E'people\nwith two lines';
COMMENT ON COLUMN shop.users."E-Mail" IS 'how to reach them';
COMMENT ON CONSTRAINT sane ON shop.users IS 'of sound mind';
ALTER TABLE shop.users ALTER COLUMN extra SET STORAGE EXTERNAL, ALTER COLUMN name SET STATISTICS 500, ALTER COLUMN name SET COMPRESSION pglz,
  ALTER COLUMN number SET (n_distinct = -0.5);
GRANT SELECT, INSERT ON shop.users TO everything_reader;
GRANT UPDATE ("E-Mail", name) ON shop.users TO everything_reader WITH GRANT OPTION;
GRANT SELECT (id) ON shop.users TO PUBLIC;
CREATE TABLE shop.serial (id serial PRIMARY KEY, big bigserial, of_user bigint REFERENCES shop.users ON DELETE CASCADE ON UPDATE SET NULL);
CREATE TABLE shop.nothing_in_it ();
CREATE UNLOGGED TABLE shop.quick (a integer, b integer, c text, PRIMARY KEY (b, a) INCLUDE (c));
ALTER TABLE shop.quick REPLICA IDENTITY FULL;
CREATE TABLE shop.typed OF shop.address (street DEFAULT 'Main', "House No" WITH OPTIONS NOT NULL);
CREATE TABLE shop.other_heap (a integer) USING heap_two;
-- Foreign keys in a circle, deferrable, MATCH FULL, SET NULL on some columns, not valid
CREATE TABLE shop.hen (id integer PRIMARY KEY, egg integer, x integer, y integer, UNIQUE NULLS NOT DISTINCT (x, y));
CREATE TABLE shop.egg (id integer PRIMARY KEY, hen integer NOT NULL REFERENCES shop.hen DEFERRABLE INITIALLY DEFERRED, x integer, y integer,
  FOREIGN KEY (x, y) REFERENCES shop.hen (x, y) MATCH FULL ON DELETE SET NULL);
ALTER TABLE shop.hen ADD CONSTRAINT hen_egg FOREIGN KEY (egg) REFERENCES shop.egg ON DELETE RESTRICT;
ALTER TABLE shop.egg ADD CONSTRAINT later FOREIGN KEY (x, y) REFERENCES shop.hen (x, y) ON DELETE SET NULL (x) NOT VALID;
CREATE TABLE shop.self (id integer PRIMARY KEY, parent integer REFERENCES shop.self);
CREATE TABLE shop.bookings (room integer, during tstzrange, EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (room > 0),
  CONSTRAINT late UNIQUE (room, during) DEFERRABLE INITIALLY DEFERRED);
-- Inheritance
CREATE TABLE shop.animal (id integer NOT NULL, name text DEFAULT 'beast', legs integer CHECK (legs >= 0));
CREATE TABLE shop.pet (owner text, CHECK (owner <> '')) INHERITS (shop.animal);
CREATE TABLE shop.dog (bark text, name text DEFAULT 'dog') INHERITS (shop.pet);
CREATE TABLE shop.mixed (id integer NOT NULL, name text, legs integer, x integer);
ALTER TABLE shop.mixed ADD CONSTRAINT animal_legs_check CHECK (legs >= 0);
ALTER TABLE shop.mixed INHERIT shop.animal;
-- Partitions: range, list, hash, two levels, default, an index attached, a column order of its own
CREATE TABLE shop.events (id bigint NOT NULL, at timestamptz NOT NULL, kind text NOT NULL DEFAULT 'k', body text, PRIMARY KEY (id, at, kind)) PARTITION BY RANGE (at);
CREATE INDEX events_kind ON shop.events (kind, lower(body));
CREATE TABLE shop.events_2024 PARTITION OF shop.events FOR VALUES FROM ('2024-01-01 00:00:00+00') TO ('2025-01-01 00:00:00+00');
CREATE TABLE shop.events_2025 PARTITION OF shop.events (kind DEFAULT 'other') FOR VALUES FROM ('2025-01-01 00:00:00+00') TO ('2026-01-01 00:00:00+00') PARTITION BY LIST (kind);
CREATE TABLE shop.events_2025_a PARTITION OF shop.events_2025 FOR VALUES IN ('a', 'b''c');
CREATE TABLE shop.events_2025_rest PARTITION OF shop.events_2025 DEFAULT;
CREATE TABLE shop.events_rest (body text, kind text NOT NULL, id bigint NOT NULL, at timestamptz NOT NULL);
CREATE UNIQUE INDEX events_rest_own ON shop.events_rest (id, at, kind);
ALTER TABLE shop.events ATTACH PARTITION shop.events_rest DEFAULT;
CREATE INDEX only_here ON shop.events_2024 (body);
CREATE TABLE shop.hashed (a integer, b text) PARTITION BY HASH (a, lower(b) COLLATE "C" text_ops);
CREATE TABLE shop.hashed_0 PARTITION OF shop.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE shop.hashed_1 PARTITION OF shop.hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE shop.points_at (id bigint, at timestamptz, kind text, FOREIGN KEY (id, at, kind) REFERENCES shop.events);
-- Indexes
CREATE UNIQUE INDEX users_lower ON shop.users (lower("E-Mail"::text)) WHERE state <> 'lost'::shop.state;
CREATE INDEX users_many ON shop.users USING btree (name COLLATE "C" text_pattern_ops DESC NULLS LAST, made) INCLUDE (sum) WITH (fillfactor = 50);
CREATE INDEX users_tags ON shop.users USING gin (tags);
CREATE INDEX users_json ON shop.users USING gin (extra jsonb_path_ops) WITH (fastupdate = off);
CREATE INDEX users_brin ON shop.users USING brin (made) WITH (pages_per_range = 16);
CREATE INDEX users_hash ON shop.users USING hash (public_id);
CREATE UNIQUE INDEX users_nnd ON shop.users (sum, number) NULLS NOT DISTINCT;
CREATE INDEX users_expr ON shop.users ((sum + number), (extra ->> 'a'));
ALTER INDEX shop.users_expr ALTER COLUMN 1 SET STATISTICS 77;
COMMENT ON INDEX shop.users_lower IS 'one by letters';
ALTER TABLE shop.users CLUSTER ON users_many;
CREATE UNIQUE INDEX hen_ident ON shop.hen (id, x) ;
CREATE TABLE shop.ident (a integer NOT NULL, b integer);
CREATE UNIQUE INDEX ident_a ON shop.ident (a);
ALTER TABLE shop.ident REPLICA IDENTITY USING INDEX ident_a;
CREATE STATISTICS shop.stats (ndistinct, mcv) ON sum, number, (extra ->> 'a') FROM shop.users;
ALTER STATISTICS shop.stats SET STATISTICS 200;
COMMENT ON STATISTICS shop.stats IS 'how many';

-- Views and rules
CREATE VIEW shop.active WITH (security_barrier = true) AS SELECT u.id, u."E-Mail" AS mail, u.state, shop.add(u.sum, 1) AS sum FROM shop.users u WHERE u.state <> 'lost'::shop.state
  WITH LOCAL CHECK OPTION;
COMMENT ON VIEW shop.active IS 'those still here';
COMMENT ON COLUMN shop.active.mail IS 'e-mail';
ALTER VIEW shop.active ALTER COLUMN mail SET DEFAULT 'nobody@example.org';
GRANT SELECT ON shop.active TO everything_reader;
GRANT SELECT (mail) ON shop.active TO PUBLIC;
ALTER VIEW shop.active OWNER TO everything_owner;
CREATE VIEW shop.by_key AS SELECT u.id, u.name, u.made, count(*) AS n FROM shop.users u JOIN shop.serial s ON s.of_user = u.id GROUP BY u.id;
CREATE VIEW shop.over AS SELECT a.*, k.n FROM shop.active a JOIN shop.by_key k USING (id);
CREATE RECURSIVE VIEW shop.counting (n) AS SELECT 1 UNION ALL SELECT n + 1 FROM counting WHERE n < 10;
CREATE MATERIALIZED VIEW shop.counted AS SELECT state, count(*) AS n FROM shop.active GROUP BY state WITH NO DATA;
CREATE MATERIALIZED VIEW shop.filled WITH (fillfactor = 80) AS SELECT g AS i, g * 2 AS twice FROM generate_series(1, 3) g;
CREATE UNIQUE INDEX filled_i ON shop.filled (i);
COMMENT ON MATERIALIZED VIEW shop.filled IS 'at rest';
COMMENT ON COLUMN shop.filled.twice IS 'two times';
CREATE FUNCTION shop.of_view(shop.active) RETURNS text LANGUAGE sql STABLE AS 'SELECT ($1).mail::text';
CREATE FUNCTION shop.all_active() RETURNS SETOF shop.active LANGUAGE sql STABLE BEGIN ATOMIC SELECT * FROM shop.active; END;
CREATE VIEW shop.through AS SELECT shop.of_view(a) AS mail FROM shop.all_active() a;
CREATE RULE no_delete AS ON DELETE TO shop.serial DO INSTEAD NOTHING;
CREATE RULE also AS ON UPDATE TO shop.serial WHERE new.id > 10 DO ALSO (DELETE FROM shop.quick WHERE a = old.id; INSERT INTO shop.quick VALUES (new.id, old.id, 'x'));
COMMENT ON RULE also ON shop.serial IS 'tells';
ALTER TABLE shop.serial DISABLE RULE also;

-- Triggers and policies
CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER before_row BEFORE INSERT OR UPDATE OF name, "E-Mail" ON shop.users FOR EACH ROW WHEN ((new.name IS NOT NULL)) EXECUTE FUNCTION shop.touch('a', 'it''s');
CREATE TRIGGER after_all AFTER UPDATE ON shop.serial REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION shop.touch();
CREATE CONSTRAINT TRIGGER late_one AFTER DELETE ON shop.users FROM shop.serial DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION shop.touch();
CREATE TRIGGER instead INSTEAD OF INSERT ON shop.over FOR EACH ROW EXECUTE FUNCTION shop.touch();
CREATE TRIGGER on_parts AFTER INSERT ON shop.events FOR EACH ROW EXECUTE FUNCTION shop.touch();
ALTER TABLE shop.events_2024 DISABLE TRIGGER on_parts;
ALTER TABLE shop.users ENABLE ALWAYS TRIGGER before_row;
ALTER TABLE shop.serial DISABLE TRIGGER after_all;
COMMENT ON TRIGGER before_row ON shop.users IS 'first';
ALTER TABLE shop.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON shop.users AS RESTRICTIVE FOR UPDATE TO everything_reader, everything_owner USING (id > 5) WITH CHECK (name IS NOT NULL AND EXISTS (SELECT FROM shop.serial s WHERE s.of_user = users.id));
CREATE POLICY "see all" ON shop.users FOR SELECT USING (true);
COMMENT ON POLICY own ON shop.users IS 'mine';
CREATE FUNCTION shop.on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END';
CREATE EVENT TRIGGER watch ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION shop.on_ddl();
COMMENT ON EVENT TRIGGER watch IS 'sees';
ALTER EVENT TRIGGER watch DISABLE;

-- Publications and subscriptions
CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert, delete');
CREATE PUBLICATION a_few FOR TABLE shop.serial (id, of_user) WHERE (id > 3);
CREATE PUBLICATION whole FOR TABLES IN SCHEMA "Odd ""Names"" é", shop;
CREATE PUBLICATION parts FOR TABLE ONLY shop.events WITH (publish_via_partition_root = true);
COMMENT ON PUBLICATION a_few IS 'a few';
CREATE SUBSCRIPTION elsewhere CONNECTION 'host=nowhere dbname=x' PUBLICATION a, "B c" WITH (connect = false, slot_name = NONE, enabled = false, create_slot = false);

-- Names that must be quoted
CREATE TABLE "Odd ""Names"" é"."order" ("select" integer PRIMARY KEY, "user" text DEFAULT '$$', "a.b" integer, "tab	in" integer, "€" text);
CREATE VIEW "Odd ""Names"" é"."from" AS SELECT "select" AS "where", "€" FROM "Odd ""Names"" é"."order";
CREATE TABLE "Odd ""Names"" é"."aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" (x integer UNIQUE);

-- Default privileges
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO everything_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE everything_owner IN SCHEMA shop GRANT USAGE ON SEQUENCES TO everything_reader WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE everything_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
