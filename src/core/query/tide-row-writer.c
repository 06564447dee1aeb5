/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-row-writer"

#include "config.h"

#include <string.h>

#include "query/tide-row-writer.h"
#include "wire/tide-session.h"

/* pg_type.dat: these OIDs never change. */
#define BOOL    16
#define INT8    20
#define INT2    21
#define INT4    23
#define TEXT    25
#define OID     26
#define JSON    114
#define FLOAT4  700
#define FLOAT8  701
#define NUMERIC 1700
#define JSONB   3802

#define ROWS_AN_INSERT 100

struct _TideRowWriter
{
  TideRowFormat   format;
  guint           n_columns;
  guint64         n_rows;
  gboolean        header;
  char          **names;    /* for JSON: quoted, each another one */
  char           *insert;   /* "INSERT INTO t (a, b) VALUES" */
  guint32        *types;
};

gboolean
tide_type_is_number (guint32 type)
{
  return type == INT2 || type == INT4 || type == INT8 || type == OID || type == FLOAT4 || type == FLOAT8 || type == NUMERIC;
}

static const struct
{
  const char *name;
  const char *extension;
} formats[] = {
  [TIDE_ROW_FORMAT_CSV] = { "csv", "csv" },
  [TIDE_ROW_FORMAT_TSV] = { "tsv", "tsv" },
  [TIDE_ROW_FORMAT_JSON] = { "json", "json" },
  [TIDE_ROW_FORMAT_NDJSON] = { "ndjson", "ndjson" },
  [TIDE_ROW_FORMAT_MARKDOWN] = { "markdown", "md" },
  [TIDE_ROW_FORMAT_INSERT] = { "insert", "sql" },
  [TIDE_ROW_FORMAT_IN_LIST] = { "in-list", "sql" },
};

gboolean
tide_row_format_parse (const char    *name,
                       TideRowFormat *format)
{
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      if (!g_str_equal (name, formats[i].name))
        continue;
      *format = i;
      return TRUE;
    }
  return FALSE;
}

const char *
tide_row_format_get_extension (TideRowFormat format)
{
  return formats[format].extension;
}

/* JSON's string; what is no UTF-8 is marked with U+FFFD, for JSON can say nothing else */
static void
add_json_string (GString    *out,
                 const char *text,
                 gsize       length)
{
  g_autofree char *valid = g_utf8_validate (text, length, NULL) ? NULL : g_utf8_make_valid (text, length);
  const char *at = valid ? valid : text;
  const char *end = at + (valid ? strlen (valid) : length);
  const char *plain = at;

  g_string_append_c (out, '"');
  for (; at < end; at++)
    {
      if ((guchar) *at >= 0x20 && *at != '"' && *at != '\\')
        continue;
      g_string_append_len (out, plain, at - plain);
      plain = at + 1;
      switch (*at)
        {
        case '"': g_string_append (out, "\\\""); break;
        case '\\': g_string_append (out, "\\\\"); break;
        case '\n': g_string_append (out, "\\n"); break;
        case '\r': g_string_append (out, "\\r"); break;
        case '\t': g_string_append (out, "\\t"); break;
        default: g_string_append_printf (out, "\\u%04x", (guchar) *at); break;
        }
    }
  g_string_append_len (out, plain, end - plain);
  g_string_append_c (out, '"');
}

/* The type json keeps the line ends that were written; an object has to be one line. */
static void
add_json_in_a_line (GString    *out,
                    const char *text,
                    gsize       length)
{
  gboolean in_string = FALSE;

  if (memchr (text, '\n', length) == NULL && memchr (text, '\r', length) == NULL)
    {
      g_string_append_len (out, text, length);
      return;
    }
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '\\' && in_string && i + 1 < length)
        g_string_append_c (out, text[i++]);
      else if (text[i] == '"')
        in_string = !in_string;
      if (in_string || (text[i] != '\n' && text[i] != '\r'))
        g_string_append_c (out, text[i]);
    }
}

/* "12", "-1.5e300", but not "NaN", "Infinity" */
static gboolean
is_finite (const char *text,
           gsize       length)
{
  return length > 0 && (g_ascii_isdigit (text[length - 1]));
}

static void
add_json_value (GString    *out,
                guint32     type,
                const char *value,
                gsize       length)
{
  if (value == NULL)
    g_string_append (out, "null");
  else if (type == BOOL)
    g_string_append (out, *value == 't' ? "true" : "false");
  else if (tide_type_is_number (type) && is_finite (value, length))
    g_string_append_len (out, value, length);
  else if ((type == JSON || type == JSONB) && g_utf8_validate (value, length, NULL))
    add_json_in_a_line (out, value, length);
  else
    add_json_string (out, value, length);
}

/* Arrays whose elements are known by their OIDs, too; those of enums and other types of a database stay texts. */
static guint32
find_element_type (guint32 type)
{
  static const struct
  {
    guint32 array;
    guint32 element;
  } arrays[] = {
    { 1000, BOOL }, { 1005, INT2 }, { 1007, INT4 }, { 1016, INT8 }, { 1028, OID }, { 1021, FLOAT4 }, { 1022, FLOAT8 },
    { 1231, NUMERIC }, { 199, JSON }, { 3807, JSONB }, { 1009, TEXT }, { 1015, TEXT /* varchar */ }, { 1014, TEXT /* char(n) */ },
    { 1002, TEXT /* "char" */ }, { 1003, TEXT /* name */ }, { 2951, TEXT /* uuid */ }, { 1182, TEXT /* date */ },
    { 1115, TEXT /* timestamp */ }, { 1185, TEXT /* timestamptz */ }, { 1183, TEXT /* time */ }, { 1270, TEXT /* timetz */ },
    { 1187, TEXT /* interval */ }, { 1041, TEXT /* inet */ }, { 651, TEXT /* cidr */ }, { 1001, TEXT /* bytea */ },
  };

  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    if (arrays[i].array == type)
      return arrays[i].element;
  return 0;
}

/* Adds the element at @at; returns where it ends */
static gsize
add_json_element (GString    *out,
                  guint32     type,
                  const char *text,
                  gsize       length,
                  gsize       at)
{
  g_autoptr(GString) element = g_string_new (NULL);
  gboolean quoted = text[at] == '"';

  for (at += quoted; at < length && (quoted ? text[at] != '"' : text[at] != ',' && text[at] != '}'); at++)
    {
      if (text[at] == '\\' && at + 1 < length)
        at++;
      g_string_append_c (element, text[at]);
    }
  if (!quoted && g_ascii_strcasecmp (element->str, "NULL") == 0)
    g_string_append (out, "null");
  else
    add_json_value (out, type, element->str, element->len);
  return at + quoted;
}

/* "{1,2,NULL}", "{{a,\"b c\"},{c,d}}", "[0:1]={1,2}"; FALSE, and nothing is added: it is none */
static gboolean
add_json_array (GString    *out,
                guint32     type,
                const char *text,
                gsize       length)
{
  const char *bounds = length > 0 && text[0] == '[' ? memchr (text, '=', length) : NULL;
  gsize start = out->len;
  gsize at = bounds ? (gsize) (bounds - text) + 1 : 0;
  guint depth = 0;

  for (; at < length && (depth > 0 || text[at] == '{'); )
    {
      if (text[at] == '{' || text[at] == '}')
        {
          g_string_append_c (out, text[at] == '{' ? '[' : ']');
          depth += text[at++] == '{' ? 1 : -1;
          if (depth == 0)
            break;
        }
      else if (text[at] == ',')
        {
          g_string_append_c (out, ',');
          at++;
        }
      else
        at = add_json_element (out, type, text, length, at);
    }
  if (depth == 0 && at == length && out->len > start)
    return TRUE;
  g_string_truncate (out, start);
  return FALSE;
}

static void
add_json_cell (GString    *out,
               guint32     type,
               const char *value,
               gsize       length)
{
  guint32 element = value ? find_element_type (type) : 0;

  if (element == 0 || !add_json_array (out, element, value, length))
    add_json_value (out, type, value, length);
}

/* Objects have no two members of the same name: the second "id" is "id_2". */
static char **
make_json_names (guint               n_columns,
                 const char * const *names)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  char **quoted = g_new0 (char *, n_columns + 1);

  for (guint i = 0; i < n_columns; i++)
    {
      g_autofree char *name = g_strdup (names[i]);
      g_autoptr(GString) text = g_string_new (NULL);

      for (guint n = 2; g_hash_table_contains (seen, name); n++)
        {
          g_free (name);
          name = g_strdup_printf ("%s_%u", names[i], n);
        }
      add_json_string (text, name, strlen (name));
      g_hash_table_add (seen, g_steal_pointer (&name));
      quoted[i] = g_strdup (text->str);
    }
  return quoted;
}

static char *
make_insert (guint               n_columns,
             const char * const *names,
             const char         *table)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, "INSERT INTO %s (", table ? table : "table_name");
  for (guint i = 0; i < n_columns; i++)
    {
      g_autofree char *name = tide_quote_identifier (names[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", name);
    }
  g_string_append (text, ") VALUES\n");
  return g_strdup (text->str);
}

TideRowWriter *
tide_row_writer_new (TideRowFormat       format,
                     guint               n_columns,
                     const char * const *names,
                     const guint32      *types,
                     const char         *table)
{
  TideRowWriter *self = g_new0 (TideRowWriter, 1);

  self->format = format;
  self->n_columns = n_columns;
  self->header = TRUE;
  self->types = g_memdup2 (types, n_columns * sizeof *types);
  if (format == TIDE_ROW_FORMAT_JSON || format == TIDE_ROW_FORMAT_NDJSON)
    self->names = make_json_names (n_columns, names);
  else
    {
      self->names = g_new0 (char *, n_columns + 1);
      for (guint i = 0; i < n_columns; i++)
        self->names[i] = g_strdup (names[i]);
    }
  if (format == TIDE_ROW_FORMAT_INSERT)
    self->insert = make_insert (n_columns, names, table);
  return self;
}

void
tide_row_writer_free (TideRowWriter *self)
{
  g_strfreev (self->names);
  g_free (self->insert);
  g_free (self->types);
  g_free (self);
}

void
tide_row_writer_set_header (TideRowWriter *self,
                            gboolean       header)
{
  self->header = header;
}

static gboolean
needs_quotes (const char *text,
              gsize       length,
              char        separator)
{
  /* COPY takes a line of \. for its end. */
  if (length == 0 || (length == 2 && text[0] == '\\' && text[1] == '.'))
    return TRUE;
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == separator || text[i] == '"' || text[i] == '\n' || text[i] == '\r')
        return TRUE;
    }
  return FALSE;
}

static void
add_separated (GString    *out,
               const char *text,
               gsize       length,
               char        separator)
{
  if (text == NULL)
    return;
  if (!needs_quotes (text, length, separator))
    {
      g_string_append_len (out, text, length);
      return;
    }
  g_string_append_c (out, '"');
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, text[i]);
    }
  g_string_append_c (out, '"');
}

static void
add_separated_row (TideRowWriter      *self,
                   const char * const *values,
                   const gsize        *lengths,
                   GString            *out)
{
  char separator = self->format == TIDE_ROW_FORMAT_CSV ? ',' : '\t';

  for (guint i = 0; i < self->n_columns; i++)
    {
      if (i > 0)
        g_string_append_c (out, separator);
      add_separated (out, values[i], lengths[i], separator);
    }
  g_string_append_c (out, '\n');
}

static void
add_object (TideRowWriter      *self,
            const char * const *values,
            const gsize        *lengths,
            GString            *out)
{
  if (self->format == TIDE_ROW_FORMAT_JSON)
    g_string_append (out, self->n_rows > 0 ? ",\n  " : "\n  ");
  g_string_append_c (out, '{');
  for (guint i = 0; i < self->n_columns; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      g_string_append (out, self->names[i]);
      g_string_append_c (out, ':');
      add_json_cell (out, self->types[i], values[i], lengths[i]);
    }
  g_string_append_c (out, '}');
  if (self->format == TIDE_ROW_FORMAT_NDJSON)
    g_string_append_c (out, '\n');
}

static void
add_markdown_cell (GString    *out,
                   const char *text,
                   gsize       length)
{
  g_string_append (out, " ");
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '\n')
        g_string_append (out, "<br>");
      else if (text[i] == '<')
        g_string_append (out, "&lt;");
      else if (text[i] == '&')
        g_string_append (out, "&amp;");
      else if (text[i] == '|' || text[i] == '\\' || text[i] == '*' || text[i] == '_' || text[i] == '`')
        g_string_append_printf (out, "\\%c", text[i]);
      else if (text[i] != '\r')
        g_string_append_c (out, text[i]);
    }
  g_string_append (out, " |");
}

static void
add_markdown_row (TideRowWriter      *self,
                  const char * const *values,
                  const gsize        *lengths,
                  GString            *out)
{
  g_string_append_c (out, '|');
  for (guint i = 0; i < self->n_columns; i++)
    {
      if (values[i] == NULL)
        g_string_append (out, " *NULL* |");
      else
        add_markdown_cell (out, values[i], lengths[i]);
    }
  g_string_append_c (out, '\n');
}

static void
add_markdown_head (TideRowWriter *self,
                   GString       *out)
{
  g_string_append_c (out, '|');
  for (guint i = 0; i < self->n_columns; i++)
    add_markdown_cell (out, self->names[i], strlen (self->names[i]));
  g_string_append (out, "\n|");
  for (guint i = 0; i < self->n_columns; i++)
    g_string_append (out, tide_type_is_number (self->types[i]) ? " ---: |" : " --- |");
  g_string_append_c (out, '\n');
}

static void
add_literal (GString    *out,
             guint32     type,
             const char *value,
             gsize       length)
{
  g_autofree char *text = NULL;
  g_autofree char *quoted = NULL;

  if (value == NULL)
    g_string_append (out, "NULL");
  else if (type == BOOL)
    g_string_append (out, *value == 't' ? "true" : "false");
  else if (tide_type_is_number (type) && is_finite (value, length))
    g_string_append_len (out, value, length);
  else
    {
      text = g_strndup (value, length);
      quoted = tide_quote_literal (text);
      g_string_append (out, quoted);
    }
}

static void
add_literals (TideRowWriter      *self,
              const char * const *values,
              const gsize        *lengths,
              gboolean            in_parentheses,
              GString            *out)
{
  if (in_parentheses)
    g_string_append_c (out, '(');
  for (guint i = 0; i < self->n_columns; i++)
    {
      if (i > 0)
        g_string_append (out, ", ");
      add_literal (out, self->types[i], values[i], lengths[i]);
    }
  if (in_parentheses)
    g_string_append_c (out, ')');
}

void
tide_row_writer_begin (TideRowWriter *self,
                       GString       *out)
{
  g_autofree gsize *lengths = g_new0 (gsize, self->n_columns + 1);

  switch (self->format)
    {
    case TIDE_ROW_FORMAT_CSV:
    case TIDE_ROW_FORMAT_TSV:
      for (guint i = 0; i < self->n_columns; i++)
        lengths[i] = strlen (self->names[i]);
      if (self->header)
        add_separated_row (self, (const char * const *) self->names, lengths, out);
      break;

    case TIDE_ROW_FORMAT_JSON: g_string_append_c (out, '['); break;
    case TIDE_ROW_FORMAT_MARKDOWN: add_markdown_head (self, out); break;
    case TIDE_ROW_FORMAT_IN_LIST: g_string_append_c (out, '('); break;
    case TIDE_ROW_FORMAT_INSERT:
    case TIDE_ROW_FORMAT_NDJSON:
    default: break;
    }
}

void
tide_row_writer_add (TideRowWriter      *self,
                     const char * const *values,
                     const gsize        *lengths,
                     GString            *out)
{
  switch (self->format)
    {
    case TIDE_ROW_FORMAT_JSON:
    case TIDE_ROW_FORMAT_NDJSON:
      add_object (self, values, lengths, out);
      break;

    case TIDE_ROW_FORMAT_MARKDOWN:
      add_markdown_row (self, values, lengths, out);
      break;

    case TIDE_ROW_FORMAT_INSERT:
      if (self->n_rows % ROWS_AN_INSERT == 0)
        g_string_append_printf (out, "%s%s", self->n_rows > 0 ? ";\n" : "", self->insert);
      else
        g_string_append (out, ",\n");
      g_string_append (out, "  ");
      add_literals (self, values, lengths, TRUE, out);
      break;

    case TIDE_ROW_FORMAT_IN_LIST:
      if (self->n_rows > 0)
        g_string_append (out, ", ");
      add_literals (self, values, lengths, self->n_columns > 1, out);
      break;

    case TIDE_ROW_FORMAT_CSV:
    case TIDE_ROW_FORMAT_TSV:
    default:
      add_separated_row (self, values, lengths, out);
      break;
    }
  self->n_rows++;
}

void
tide_row_writer_end (TideRowWriter *self,
                     GString       *out)
{
  if (self->format == TIDE_ROW_FORMAT_JSON)
    g_string_append (out, self->n_rows > 0 ? "\n]\n" : "]\n");
  else if (self->format == TIDE_ROW_FORMAT_INSERT && self->n_rows > 0)
    g_string_append (out, ";\n");
  else if (self->format == TIDE_ROW_FORMAT_IN_LIST)
    g_string_append_c (out, ')');
}
