-- Lines of psql among statements
\set ON_ERROR_STOP on
SELECT 1;
\echo 'hello; there'
SELECT 2; \d users
SELECT 3 \g
CREATE TABLE t (a int, b text);
COPY t (a, b) FROM STDIN;
1	one; two
2	it's "quoted $$
3	\N
\.
SELECT 4;
\if true
INSERT INTO t VALUES (1, '\d;');
\endif
SELECT 5 AS "\;";
SELECT E'\\;' \gx
SELECT 'the end';
