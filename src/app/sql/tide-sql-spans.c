/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-spans"

#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "sql/tide-sql-lexer.h"
#include "sql/tide-sql-spans.h"

/* Bodies in bodies that are coloured */
#define MOST_BODIES 8

static const char * const names[TIDE_SQL_N_STYLES] = {
  NULL, "comment", "string", "escape", "delimiter", "identifier", "keyword", "type", "number", "constant", "parameter",
  "operator", "meta",
};

/* The words of the language, so that they stand in one place */
typedef struct
{
  GHashTable   *everywhere; /* word: TideSqlStyle */
  GHashTable   *in_bodies;  /* of PL/pgSQL */
  /* While it is read */
  GHashTable   *reading;
  TideSqlStyle  style;
  gboolean      in_word;
} Words;

/* Bytes of @text; what ends before @from is not noted */
typedef struct
{
  const char *text;
  gsize       from;
  gsize       to;
  GArray     *spans; /* (element-type Bytes) */
} Search;

typedef struct
{
  gsize        start;
  gsize        end;
  TideSqlStyle style;
} Bytes;

static void
on_element (GMarkupParseContext  *context,
            const char           *element,
            const char          **keys,
            const char          **values,
            gpointer              data,
            GError              **error)
{
  Words *words = data;
  const char *id = NULL, *style = NULL;

  words->in_word = g_str_equal (element, "keyword");
  if (!g_str_equal (element, "context"))
    return;
  words->style = TIDE_SQL_STYLE_NONE;
  for (guint i = 0; keys[i] != NULL; i++)
    if (g_str_equal (keys[i], "id"))
      id = values[i];
    else if (g_str_equal (keys[i], "style-ref"))
      style = values[i];
  for (guint i = 1; style != NULL && i < TIDE_SQL_N_STYLES; i++)
    if (g_str_equal (style, names[i]))
      words->style = i;
  words->reading = g_strcmp0 (id, "procedural") == 0 ? words->in_bodies : words->everywhere;
}

static void
on_element_end (GMarkupParseContext  *context,
                const char           *element,
                gpointer              data,
                GError              **error)
{
  ((Words *) data)->in_word = FALSE;
}

static void
on_text (GMarkupParseContext  *context,
         const char           *text,
         gsize                 size,
         gpointer              data,
         GError              **error)
{
  Words *words = data;

  if (words->in_word && !g_hash_table_contains (words->reading, text))
    g_hash_table_insert (words->reading, g_strdup (text), GINT_TO_POINTER (words->style));
}

static const Words *
get_words (void)
{
  static const GMarkupParser parser = { on_element, on_element_end, on_text, NULL, NULL };
  static Words words;
  static gsize ready;

  if (g_once_init_enter (&ready))
    {
      g_autoptr(GBytes) bytes = g_resources_lookup_data ("/com/broxiva/Tidemark/language-specs/tidemark-postgresql.lang", 0, NULL);
      g_autoptr(GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, &words, NULL);

      words.everywhere = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      words.in_bodies = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      if (!g_markup_parse_context_parse (context, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), NULL))
        g_error ("the language cannot be read");
      g_once_init_leave (&ready, 1);
    }
  return &words;
}

static void
add (Search       *search,
     gsize         start,
     gsize         end,
     TideSqlStyle  style)
{
  Bytes bytes = { MAX (start, search->from), MIN (end, search->to), style };

  if (style != TIDE_SQL_STYLE_NONE && bytes.start < bytes.end)
    g_array_append_val (search->spans, bytes);
}

static TideSqlStyle
get_word_style (Search             *search,
                const TideSqlToken *token,
                gboolean            in_body)
{
  const Words *words = get_words ();
  const char *text = search->text + token->start;
  char word[64];
  gpointer style;

  if (token->length >= sizeof word || (token->start > 0 && text[-1] == '.'))
    return TIDE_SQL_STYLE_NONE;
  for (gsize i = 0; i < token->length; i++)
    word[i] = g_ascii_tolower (text[i]);
  word[token->length] = '\0';
  if (in_body && g_hash_table_contains (words->in_bodies, word))
    return TIDE_SQL_STYLE_KEYWORD;
  style = g_hash_table_lookup (words->everywhere, word);
  return GPOINTER_TO_INT (style);
}

static gsize
count_digits (const char *text,
              gsize       most,
              gboolean  (*is_digit) (char))
{
  gsize n = 0;

  while (n < most && is_digit (text[n]))
    n++;
  return n;
}

static gboolean
is_hex (char c)
{
  return g_ascii_isxdigit (c);
}

static gboolean
is_octal (char c)
{
  return c >= '0' && c <= '7';
}

/* The bytes of what stands for something else at @text; 0: nothing does. @opener: e, u or another */
static gsize
measure_escape (const char *text,
                char        opener)
{
  if (text[0] == '\'' && text[1] == '\'')
    return 2;
  if (text[0] != '\\' || (opener != 'e' && opener != 'u'))
    return 0;
  if (opener == 'u')
    return text[1] == '\\' ? 2 : text[1] == '+' ? 2 + count_digits (text + 2, 6, is_hex) : 1 + count_digits (text + 1, 4, is_hex);
  switch (text[1])
    {
    case 'x': return 2 + count_digits (text + 2, 2, is_hex);
    case 'u': return 2 + count_digits (text + 2, 4, is_hex);
    case 'U': return 2 + count_digits (text + 2, 8, is_hex);
    default:  return is_octal (text[1]) ? 1 + count_digits (text + 1, 3, is_octal) : 1 + (gsize) g_utf8_skip[(guchar) text[1]];
    }
}

static void
add_string (Search             *search,
            const TideSqlToken *token)
{
  const char *text = search->text;
  char opener = g_ascii_tolower (text[token->start]);
  gsize end = token->start + token->length;
  gsize last = token->unterminated ? end : end - 1;
  gsize written = token->start;

  for (gsize i = token->start + strcspn (text + token->start, "'") + 1; i + 1 < last && i < search->to; i++)
    {
      gsize length = MIN (measure_escape (text + i, opener), last - i);

      if (length == 0)
        continue;
      add (search, written, i, TIDE_SQL_STYLE_STRING);
      add (search, i, i + length, TIDE_SQL_STYLE_ESCAPE);
      written = i + length;
      i += length - 1;
    }
  add (search, written, end, TIDE_SQL_STYLE_STRING);
}

static void add_code (Search *search,
                      gsize   start,
                      gsize   end,
                      guint   depth);

/* The body is code: nearly always. In rubbish, each may seem to begin another. */
static void
add_dollar_string (Search             *search,
                   const TideSqlToken *token,
                   guint               depth)
{
  gsize end = token->start + token->length;
  gsize tag = (const char *) memchr (search->text + token->start + 1, '$', token->length - 1) - search->text - token->start + 1;
  gsize body_end = token->unterminated ? end : end - tag;

  add (search, token->start, token->start + tag, TIDE_SQL_STYLE_DELIMITER);
  if (depth < MOST_BODIES)
    add_code (search, token->start + tag, body_end, depth + 1);
  add (search, body_end, end, TIDE_SQL_STYLE_DELIMITER);
}

/* @lexer stands behind the token, and is moved over what belongs to it */
static void
add_operator (Search             *search,
              TideSqlLexer       *lexer,
              const TideSqlToken *token)
{
  const char *at = search->text + token->start;
  TideSqlLexer ahead = *lexer;
  TideSqlToken next;

  if (*at == ':' && tide_sql_lexer_next (&ahead, &next))
    {
      gboolean named = next.type == TIDE_SQL_TOKEN_WORD
                       && (token->start == 0 || !(g_ascii_isalnum (at[-1]) || strchr ("_:]", at[-1]) || (guchar) at[-1] >= 0x80));

      if (named)
        add (search, token->start, next.start + next.length, TIDE_SQL_STYLE_PARAMETER);
      else if (at[1] == ':' || at[1] == '=')
        add (search, token->start, token->start + 2, TIDE_SQL_STYLE_OPERATOR);
      if (named || at[1] == ':' || (at[1] == '=' && next.length == 1))
        *lexer = ahead;
    }
  else if (token->length >= 2 && memcmp (at, "=>", 2) == 0)
    add (search, token->start, token->start + 2, TIDE_SQL_STYLE_OPERATOR);
}

static void
add_token (Search             *search,
           TideSqlLexer       *lexer,
           const TideSqlToken *token,
           guint               depth)
{
  gsize end = token->start + token->length;

  switch (token->type)
    {
    case TIDE_SQL_TOKEN_COMMENT:     add (search, token->start, end, TIDE_SQL_STYLE_COMMENT); break;
    case TIDE_SQL_TOKEN_QUOTED_NAME: add (search, token->start, end, TIDE_SQL_STYLE_IDENTIFIER); break;
    case TIDE_SQL_TOKEN_NUMBER:      add (search, token->start, end, TIDE_SQL_STYLE_NUMBER); break;
    case TIDE_SQL_TOKEN_PARAMETER:   add (search, token->start, end, TIDE_SQL_STYLE_PARAMETER); break;
    case TIDE_SQL_TOKEN_META:        add (search, token->start, end, TIDE_SQL_STYLE_META); break;
    case TIDE_SQL_TOKEN_WORD:        add (search, token->start, end, get_word_style (search, token, depth > 0)); break;
    case TIDE_SQL_TOKEN_OPERATOR:    add_operator (search, lexer, token); break;
    case TIDE_SQL_TOKEN_STRING:
      if (search->text[token->start] == '$')
        add_dollar_string (search, token, depth);
      else
        add_string (search, token);
      break;
    default:
      break;
    }
}

static void
add_code (Search *search,
          gsize   start,
          gsize   end,
          guint   depth)
{
  TideSqlLexer lexer;
  TideSqlToken token;

  /* Tokens of the whole text: what stands before and behind is there to be looked at. */
  tide_sql_lexer_init (&lexer, search->text, end);
  lexer.offset = start;
  while (lexer.offset < search->to && tide_sql_lexer_next (&lexer, &token))
    if (lexer.offset > search->from)
      add_token (search, &lexer, &token, depth);
}

const char *
tide_sql_style_get_name (TideSqlStyle style)
{
  return names[style];
}

GArray *
tide_sql_spans_find (const char *text,
                     gsize       size,
                     int         from,
                     int         to)
{
  g_autoptr(GArray) found = g_array_new (FALSE, FALSE, sizeof (Bytes));
  GArray *spans = g_array_new (FALSE, FALSE, sizeof (TideSqlSpan));
  glong n_chars = g_utf8_strlen (text, size);
  const char *at = g_utf8_offset_to_pointer (text, MIN (from, n_chars));
  Search search = { text, at - text, 0, found };
  int place = MIN (from, n_chars);

  search.to = g_utf8_offset_to_pointer (at, MIN (to, n_chars) - place) - text;
  add_code (&search, 0, size, 0);
  for (guint i = 0; i < found->len; i++)
    {
      const Bytes *bytes = &g_array_index (found, Bytes, i);
      TideSqlSpan span = { .style = bytes->style };

      span.start = place += g_utf8_strlen (at, text + bytes->start - at);
      span.end = place += g_utf8_strlen (text + bytes->start, bytes->end - bytes->start);
      at = text + bytes->end;
      g_array_append_val (spans, span);
    }
  return spans;
}
