-- Quotes of every kind, with semicolons where they end nothing
SELECT ';', ''';', E'\';', E'a\\', 'a\', "; ""; --", U&"d\0061;t", U&'d\0061;t', u&'!0061;' UESCAPE '!';
SELECT U&"d!0061;ta" UESCAPE '!' FROM t; SELECT U&'\\;' ; SELECT B'01', X'1F', N';', b'1', x'f';
SELECT E'first;'
  'second\';' -- a comment between them; goes
  'third;', 'plain\'
  ';still'
; SELECT e'\\\';'; SELECT E'\x41;\u0041;\101;';
SELECT 'one'   -- two strings on one line would be an error; on two they are one
'two;', 1;
SELECT $$;$$, $a$ $$;$$ $b$;$b$ $a$, $_1$;$_1$, $é$;$é$, $a$$b$;$a$, $$
; -- not the end '
" $q$ /*
$$;
SELECT a$$ FROM b$$; SELECT a$b$c; SELECT "$$;$$"; SELECT '$$'; SELECT '$a$;'; SELECT $1;
PREPARE p AS SELECT $1, $2 || $a$;$a$; EXECUTE p(1, ';');
SET standard_conforming_strings = on; SELECT '\', ';'; SET escape_string_warning TO 'off';
SELECT '', '''', '''''', E'', "a""b;", E'''', E'\'\\', $$$$, $x$$x$; SELECT 'ünïcödé; 日本; 😀', "日本;"
