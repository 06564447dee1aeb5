/* nested /* ; /* deeper ; */ */ still ; */ SELECT 1; /*/ ; */ SELECT 2; /**/ SELECT 3; /***/ SELECT 4; /* ** / ; **/
SELECT 5 -- ; '
; SELECT 6 --; $$
; -- "
SELECT 1/* ; */+/* ; */2; SELECT 3*/* ; */4; SELECT 5 <--;
 6; SELECT 7 +-- ;
 8; SELECT '/*'; SELECT 1 /* ' */; SELECT '--'; SELECT "/*"; SELECT $$/*$$; SELECT 2 -- '
; SELECT 1 - -1, 2 @- 3, 4 -/**/- 5; SELECT a<@b, a@>b, a->'b', a->>'c', a#>>'{d;e}', a||b, a ?| b, ~a, !!a, a*-1, 1 % 2;
SELECT 1 <= 2, 3 >= 4, 5 <> 6, 7 != 8, a := 1, b => ';'; SELECT a::int::text, (b).c, d[1:2], e[:], .5, 5., 1.5e-3, 1e+3;
SELECT */* all; */FROM t; SELECT count(*)--;
FROM t;
;;; /* nothing */ ; -- nothing
SELECT 9
-- the end; without its line
