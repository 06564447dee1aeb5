/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-names"

#include "config.h"

#include <string.h>

#include "backup/tide-backup-names.h"
#include "tide-error.h"
#include "wire/tide-session.h"

/* One name: in double quotes as SQL has it, else up to one of @stops. Returns: (nullable): NULL when its quotes are not closed */
static char *
take_name (const char **text,
           const char  *stops)
{
  g_autoptr(GString) name = g_string_new (NULL);
  gsize length = strcspn (*text, stops);

  if (**text != '"')
    {
      g_string_append_len (name, *text, length);
      *text += length;
      return g_strdup (name->str);
    }
  for (const char *c = *text + 1; *c != '\0'; c++)
    {
      if (*c == '"' && c[1] != '"')
        {
          *text = c + 1;
          return g_strdup (name->str);
        }
      c += *c == '"';
      g_string_append_c (name, *c);
    }
  return NULL;
}

/**
 * tide_backup_names_join:
 * @schema: a schema
 * @table: a table of it
 *
 * Returns: (transfer full): both as one text, with quotes only where they are needed to take it apart again
 */
char *
tide_backup_names_join (const char *schema,
                        const char *table)
{
  g_autofree char *quoted_schema = *schema == '"' || strchr (schema, '.') ? tide_quote_identifier (schema) : NULL;
  g_autofree char *quoted_table = *table == '"' ? tide_quote_identifier (table) : NULL;

  return g_strconcat (quoted_schema ? quoted_schema : schema, ".", quoted_table ? quoted_table : table, NULL);
}

/**
 * tide_backup_names_split:
 * @text: `schema.table`; a schema that holds a dot stands in double quotes, and each of the two may
 * @schema: (out): the one
 * @table: (out): the other
 *
 * Without quotes the schema ends at the first dot, and all that follows is the table.
 *
 * Returns: whether it names a table
 */
gboolean
tide_backup_names_split (const char  *text,
                         char       **schema,
                         char       **table)
{
  g_autofree char *first = take_name (&text, ".");
  g_autofree char *second = NULL;
  const char *rest;

  if (first == NULL || *first == '\0' || *text != '.')
    return FALSE;
  rest = ++text;
  if (*rest == '"')
    second = take_name (&rest, "");
  if (second == NULL || *rest != '\0')
    {
      g_free (second);
      second = g_strdup (text);
    }
  if (*second == '\0')
    return FALSE;
  *schema = g_steal_pointer (&first);
  *table = g_steal_pointer (&second);
  return TRUE;
}

static gboolean
parse_one (const char    **text,
           GStrvBuilder   *schemas,
           GStrvBuilder   *tables)
{
  g_autofree char *schema = take_name (text, ".,");
  g_autofree char *table = NULL;
  g_autofree char *both = NULL;

  if (schema == NULL || *schema == '\0')
    return FALSE;
  if (**text != '.')
    {
      g_strv_builder_add (schemas, schema);
      return TRUE;
    }
  ++*text;
  table = take_name (text, ",");
  if (table == NULL || *table == '\0')
    return FALSE;
  both = tide_backup_names_join (schema, table);
  g_strv_builder_add (tables, both);
  return TRUE;
}

/**
 * tide_backup_names_parse:
 * @text: schemas, and tables as `schema.table`, divided by commas; a name that holds a dot or a comma stands in double quotes
 * @schemas: (out) (transfer full): the schemas
 * @tables: (out) (transfer full): the tables, as tide_backup_names_join() has them
 * @error: %TIDE_ERROR_USAGE
 *
 * Returns: whether it could be read
 */
gboolean
tide_backup_names_parse (const char   *text,
                         char       ***schemas,
                         char       ***tables,
                         GError      **error)
{
  g_autoptr(GStrvBuilder) some_schemas = g_strv_builder_new ();
  g_autoptr(GStrvBuilder) some_tables = g_strv_builder_new ();
  const char *rest = text;
  gboolean done = parse_one (&rest, some_schemas, some_tables);

  while (done && *rest == ',')
    {
      rest++;
      done = parse_one (&rest, some_schemas, some_tables);
    }
  if (!done || *rest != '\0')
    {
      tide_set_error (error, TIDE_ERROR_USAGE, "write SCHEMA or SCHEMA.TABLE, divided by commas; names with a dot or a comma in "
                      "double quotes", "\"%s\" does not name schemas or tables", text);
      return FALSE;
    }
  *schemas = g_strv_builder_end (some_schemas);
  *tables = g_strv_builder_end (some_tables);
  return TRUE;
}
