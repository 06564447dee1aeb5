-- Bodies of routines in standard SQL, and what only looks like one
CREATE FUNCTION one() RETURNS int BEGIN ATOMIC SELECT 1; END;
CREATE OR REPLACE FUNCTION two(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC
  SELECT CASE WHEN a > 1 THEN CASE a WHEN 2 THEN 'two; not three' ELSE 'end' END END;
  SELECT (CASE WHEN true THEN 1 END);
  SELECT 1 AS "end", 2 AS "case"; /* end; */
  SELECT $$ end; $$; -- end;
END;
CREATE PROCEDURE three(INOUT a int DEFAULT 1) BEGIN ATOMIC
  INSERT INTO t VALUES (1); UPDATE t SET a = 2; ;;
END;
create function four() returns table (a int) begin atomic select x.case from x; select y.end from y; end;
CREATE FUNCTION five() RETURNS int RETURN 1 + 2;
CREATE FUNCTION atomic(begin int) RETURNS int LANGUAGE sql AS 'SELECT $1; SELECT 2';
BEGIN; SELECT CASE WHEN true THEN 1 END; END;
BEGIN TRANSACTION; COMMIT; BEGIN WORK; ROLLBACK WORK;
DO $$ BEGIN IF true THEN NULL; END IF; CASE WHEN true THEN NULL; END CASE; END $$;
DO LANGUAGE plpgsql $do$ BEGIN EXECUTE $q$ SELECT 1; $q$; EXECUTE 'SELECT $do' || '$; '; END $do$;
CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT (2); DELETE FROM u; NOTIFY n);
CREATE RULE s AS ON UPDATE TO t DO INSTEAD NOTHING;
CREATE SCHEMA a CREATE TABLE b (c int) CREATE VIEW d AS SELECT c FROM b;
CREATE FUNCTION "begin atomic"() RETURNS int LANGUAGE sql AS $a$ SELECT ';'; $a$;
SELECT atomic FROM begin; SELECT 1 END; SELECT 2
