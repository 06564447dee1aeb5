/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "schema/pairs.h"

#define PARSER "CREATE TEXT SEARCH PARSER words (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype"
#define DICTIONARY "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple"

static const TideTestPair pairs[] = {
  { "parser", "", PARSER "); COMMENT ON TEXT SEARCH PARSER words IS 'w'" },
  { "parser-headline", PARSER "); CREATE TEXT SEARCH CONFIGURATION c (PARSER = words)",
    PARSER ", HEADLINE = prsd_headline); CREATE TEXT SEARCH CONFIGURATION c (PARSER = words)" },
  { "template", "CREATE TEXT SEARCH TEMPLATE t (LEXIZE = dsimple_lexize)", "CREATE TEXT SEARCH TEMPLATE t (INIT = dsimple_init, LEXIZE = dsimple_lexize)" },
  { "dictionary", "", DICTIONARY ", stopwords = 'english', accept = false); COMMENT ON TEXT SEARCH DICTIONARY d IS 'd'" },
  { "dictionary-options", DICTIONARY ", accept = false)", DICTIONARY ", stopwords = 'english', accept = true)" },
  { "dictionary-template", DICTIONARY ")", "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = snowball, language = 'english')" },
  { "configuration", "", DICTIONARY "); CREATE TEXT SEARCH CONFIGURATION c (PARSER = \"default\");"
                         "ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word, asciiword WITH d, simple; COMMENT ON TEXT SEARCH CONFIGURATION c IS 'c'" },
  { "configuration-mappings", DICTIONARY "); CREATE TEXT SEARCH CONFIGURATION c (COPY = simple)",
    DICTIONARY "); CREATE TEXT SEARCH CONFIGURATION c (COPY = simple); ALTER TEXT SEARCH CONFIGURATION c DROP MAPPING FOR email;"
               "ALTER TEXT SEARCH CONFIGURATION c ALTER MAPPING FOR word WITH d, simple" },
  { "configuration-parser", PARSER "); CREATE TEXT SEARCH CONFIGURATION c (PARSER = words)", PARSER "); CREATE TEXT SEARCH CONFIGURATION c (PARSER = \"default\")" },
  { "configuration-in-index", DICTIONARY "); CREATE TEXT SEARCH CONFIGURATION c (COPY = simple); CREATE TABLE t (a text); CREATE INDEX i ON t USING gin (to_tsvector('c', a))",
    PARSER "); CREATE TEXT SEARCH CONFIGURATION c (PARSER = words); ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH simple;"
           "CREATE TABLE t (a text); CREATE INDEX i ON t USING gin (to_tsvector('c', a))" },
  { NULL },
};

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  tide_test_add_pairs ("/schema/text-search/pairs", pairs);
  return g_test_run ();
}
