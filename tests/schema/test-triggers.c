/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "schema/pair.h"
#include "schema/pairs.h"

#define T "CREATE TABLE t (id integer PRIMARY KEY, name text, made date);"
#define F "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';"
#define G "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';"
#define BASE T F
#define TRIGGER "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();"

/* Every part of a trigger changed, added and taken away: each runs both ways. */
static const TideTestPair triggers[] = {
  { "added", BASE, BASE TRIGGER "COMMENT ON TRIGGER tr ON t IS 'it''s'" },
  { "with-all", "", BASE TRIGGER },
  { "timing", BASE TRIGGER, BASE "CREATE TRIGGER tr AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()" },
  { "events", BASE TRIGGER, BASE "CREATE TRIGGER tr BEFORE INSERT OR DELETE OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()" },
  { "statement", BASE TRIGGER, BASE "CREATE TRIGGER tr BEFORE INSERT OR TRUNCATE ON t EXECUTE FUNCTION f()" },
  { "columns", BASE "CREATE TRIGGER tr BEFORE UPDATE OF name ON t FOR EACH ROW EXECUTE FUNCTION f()",
    BASE "CREATE TRIGGER tr BEFORE UPDATE OF id, made ON t FOR EACH ROW EXECUTE FUNCTION f()" },
  { "when", BASE TRIGGER, BASE "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW WHEN (new.id > 5 AND new.name <> 'it''s') EXECUTE FUNCTION f()" },
  { "when-update", BASE "CREATE TRIGGER tr AFTER UPDATE ON t FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.*) EXECUTE FUNCTION f()",
    BASE "CREATE TRIGGER tr AFTER UPDATE ON t FOR EACH ROW WHEN (old.name IS DISTINCT FROM new.name) EXECUTE FUNCTION f()" },
  { "function", BASE G TRIGGER, BASE G "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g()" },
  { "arguments", BASE TRIGGER, BASE "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f('a', 'it''s', E'\\\\', 5)" },
  { "transition", BASE "CREATE TRIGGER tr AFTER UPDATE ON t REFERENCING OLD TABLE AS a NEW TABLE AS \"B b\" EXECUTE FUNCTION f()",
    BASE "CREATE TRIGGER tr AFTER UPDATE ON t REFERENCING NEW TABLE AS a EXECUTE FUNCTION f()" },
  { "constraint", BASE "CREATE CONSTRAINT TRIGGER tr AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
    BASE "CREATE CONSTRAINT TRIGGER tr AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION f()" },
  { "constraint-from", BASE "CREATE TABLE u (id integer); CREATE CONSTRAINT TRIGGER tr AFTER INSERT ON t FROM u FOR EACH ROW EXECUTE FUNCTION f()",
    BASE "CREATE TABLE u (id integer); CREATE TRIGGER tr AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()" },
  { "disabled", BASE TRIGGER, BASE TRIGGER "ALTER TABLE t DISABLE TRIGGER tr" },
  { "disabled-new", BASE, BASE TRIGGER "ALTER TABLE t DISABLE TRIGGER tr" },
  { "replica", BASE TRIGGER "ALTER TABLE t ENABLE REPLICA TRIGGER tr", BASE TRIGGER "ALTER TABLE t ENABLE ALWAYS TRIGGER tr" },
  { "redefined-disabled", BASE TRIGGER "ALTER TABLE t DISABLE TRIGGER tr",
    BASE "CREATE TRIGGER tr BEFORE DELETE ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t DISABLE TRIGGER tr" },
  { "names", BASE, BASE "CREATE TABLE \"T\"\" t\" (\"a b\" integer); CREATE TRIGGER \"R\"\" r\" AFTER UPDATE OF \"a b\" ON \"T\"\" t\" EXECUTE FUNCTION f();"
    "ALTER TABLE \"T\"\" t\" DISABLE TRIGGER \"R\"\" r\"; COMMENT ON TRIGGER \"R\"\" r\" ON \"T\"\" t\" IS 'x'" },
  { "on-view", BASE "CREATE VIEW v AS SELECT id FROM t", BASE "CREATE VIEW v AS SELECT id FROM t;"
    "CREATE TRIGGER tr INSTEAD OF INSERT OR UPDATE ON v FOR EACH ROW EXECUTE FUNCTION f()" },
  { "of-remade-view", BASE "CREATE VIEW v AS SELECT id FROM t; CREATE TRIGGER tr INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f(); COMMENT ON TRIGGER tr ON v IS 'x'",
    BASE "CREATE VIEW v AS SELECT name, id FROM t; CREATE TRIGGER tr INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f(); COMMENT ON TRIGGER tr ON v IS 'x'" },
  { "of-typed-column", BASE "CREATE TRIGGER tr BEFORE UPDATE OF name ON t FOR EACH ROW EXECUTE FUNCTION f(); COMMENT ON TRIGGER tr ON t IS 'x'",
    "CREATE TABLE t (id integer PRIMARY KEY, name varchar(20), made date);" F
    "CREATE TRIGGER tr BEFORE UPDATE OF name ON t FOR EACH ROW EXECUTE FUNCTION f(); COMMENT ON TRIGGER tr ON t IS 'x'" },
  { "of-dropped-column", BASE "CREATE TRIGGER tr BEFORE UPDATE OF name, made ON t FOR EACH ROW EXECUTE FUNCTION f()",
    "CREATE TABLE t (id integer PRIMARY KEY, made date);" F "CREATE TRIGGER tr BEFORE UPDATE OF made ON t FOR EACH ROW EXECUTE FUNCTION f()" },
  { NULL },
};

#define P "CREATE TABLE p (id integer, name text) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);" F
#define P2 "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);"
#define PTRIGGER "CREATE TRIGGER tr AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();"

static const TideTestPair partitions[] = {
  { "added", P P2, P P2 PTRIGGER "COMMENT ON TRIGGER tr ON p IS 'x'" },
  { "with-all", "", P PTRIGGER P2 },
  { "redefined", P P2 PTRIGGER, P P2 "CREATE TRIGGER tr AFTER UPDATE OF name ON p FOR EACH ROW EXECUTE FUNCTION f()" },
  { "partition-added", P PTRIGGER, P PTRIGGER P2 },
  { "disabled", P P2 PTRIGGER, P P2 PTRIGGER "ALTER TABLE p DISABLE TRIGGER tr" },
  { "one-disabled", P P2 PTRIGGER, P P2 PTRIGGER "ALTER TABLE p2 DISABLE TRIGGER tr" },
  { "one-otherwise", P P2 PTRIGGER "ALTER TABLE p1 ENABLE ALWAYS TRIGGER tr", P P2 PTRIGGER "ALTER TABLE p2 ENABLE REPLICA TRIGGER tr" },
  { "one-kept", P P2 PTRIGGER "ALTER TABLE p2 DISABLE TRIGGER tr", P P2 "CREATE TRIGGER tr AFTER DELETE ON p FOR EACH ROW EXECUTE FUNCTION f();"
    "ALTER TABLE p2 DISABLE TRIGGER tr" },
  { "all-but-one", P P2 PTRIGGER "ALTER TABLE p2 ENABLE ALWAYS TRIGGER tr", P P2 PTRIGGER "ALTER TABLE p DISABLE TRIGGER tr; ALTER TABLE p2 ENABLE ALWAYS TRIGGER tr" },
  { "one-disabled-new", "", P P2 PTRIGGER "ALTER TABLE p2 DISABLE TRIGGER tr" },
  { "one-moved", P PTRIGGER "ALTER TABLE p1 DISABLE TRIGGER tr", P PTRIGGER "ALTER TABLE p DETACH PARTITION p1;"
    "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (9); ALTER TABLE p1 DISABLE TRIGGER tr" },
  { "one-that-leaves", P PTRIGGER "ALTER TABLE p1 DISABLE TRIGGER tr", P PTRIGGER "ALTER TABLE p DETACH PARTITION p1" },
  { NULL },
};

/* Roles are the server's: whichever pair comes first makes them. */
#define ROLES \
  "DO 'BEGIN CREATE ROLE tide_trigger; EXCEPTION WHEN OTHERS THEN END';" \
  "DO 'BEGIN CREATE ROLE \"tide Trigger\"; EXCEPTION WHEN OTHERS THEN END';"
#define RLS ROLES T "ALTER TABLE t ENABLE ROW LEVEL SECURITY;"

static const TideTestPair policies[] = {
  { "added", RLS, RLS "CREATE POLICY p ON t; COMMENT ON POLICY p ON t IS 'x'" },
  { "with-table", "", RLS "CREATE POLICY \"P p\" ON t USING (id > 5)" },
  { "command", RLS "CREATE POLICY p ON t FOR SELECT USING (true)", RLS "CREATE POLICY p ON t FOR DELETE USING (true)" },
  { "insert", RLS "CREATE POLICY p ON t FOR INSERT WITH CHECK (id > 1)", RLS "CREATE POLICY p ON t FOR UPDATE USING (id > 1) WITH CHECK (id > 2)" },
  { "restrictive", RLS "CREATE POLICY p ON t USING (true)", RLS "CREATE POLICY p ON t AS RESTRICTIVE USING (true)" },
  { "roles", RLS "CREATE POLICY p ON t USING (true)", RLS "CREATE POLICY p ON t TO \"tide Trigger\", tide_trigger USING (true)" },
  { "role", RLS "CREATE POLICY p ON t TO tide_trigger", RLS "CREATE POLICY p ON t TO \"tide Trigger\"" },
  { "using", RLS "CREATE POLICY p ON t USING (id > 5)", RLS "CREATE POLICY p ON t USING (name = current_user)" },
  { "using-added", RLS "CREATE POLICY p ON t", RLS "CREATE POLICY p ON t USING (id IN (SELECT x.id FROM t x))" },
  { "check", RLS "CREATE POLICY p ON t USING (true)", RLS "CREATE POLICY p ON t USING (true) WITH CHECK (id > 5)" },
  { "function", RLS, RLS "CREATE FUNCTION z(text) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE POLICY p ON t USING (z(name))" },
  { "other-table", RLS "CREATE TABLE a (t integer, who name)", RLS "CREATE TABLE a (t integer, who name);"
    "CREATE POLICY p ON t USING (EXISTS (SELECT FROM a WHERE a.t = t.id AND a.who = current_user))" },
  { "typed-column", RLS "CREATE POLICY p ON t USING (id > 5); COMMENT ON POLICY p ON t IS 'x'",
    "CREATE TABLE t (id bigint PRIMARY KEY, name text, made date); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
    "CREATE POLICY p ON t USING (id > 5); COMMENT ON POLICY p ON t IS 'x'" },
  { "dropped-column", RLS "CREATE POLICY p ON t USING (name = 'x')",
    "CREATE TABLE t (id integer PRIMARY KEY, made date); ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t USING (id = 1)" },
  { NULL },
};

static void
test_minimal (void)
{
  g_autofree char *when = tide_test_pair (BASE TRIGGER, BASE
    "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW WHEN (new.id > 5) EXECUTE FUNCTION f()");
  g_autofree char *using = tide_test_pair (RLS "CREATE POLICY p ON t USING (id > 5)", RLS "CREATE POLICY p ON t USING (id > 6)");

  g_assert_nonnull (strstr (when, "CREATE OR REPLACE TRIGGER"));
  g_assert_nonnull (strstr (using, "ALTER POLICY \"p\" ON \"public\".\"t\" USING ((id > 6))"));
  g_assert_null (strstr (using, "DROP"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  tide_test_add_pairs ("/schema/trigger", triggers);
  tide_test_add_pairs ("/schema/trigger/partitions", partitions);
  tide_test_add_pairs ("/schema/policy", policies);
  g_test_add_func ("/schema/triggers/minimal", test_minimal);
  return g_test_run ();
}
