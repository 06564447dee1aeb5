/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-toc"

#include "config.h"

#include <string.h>

#include "backup/tide-backup-tar.h"
#include "backup/tide-backup-tool.h"
#include "backup/tide-restore-private.h"
#include "job/tide-tool.h"
#include "tide-error.h"

/* What pg_dump calls things, where that is more than one word: the list does not say where a kind ends. */
static const char *const long_kinds[] = {
  "ACCESS METHOD", "BLOB COMMENTS", "BLOB METADATA", "CHECK CONSTRAINT", "DATABASE PROPERTIES", "DEFAULT ACL",
  "EVENT TRIGGER", "FK CONSTRAINT", "FOREIGN DATA WRAPPER", "FOREIGN SERVER", "FOREIGN TABLE", "INDEX ATTACH",
  "MATERIALIZED VIEW", "MATERIALIZED VIEW DATA", "OPERATOR CLASS", "OPERATOR FAMILY", "PROCEDURAL LANGUAGE",
  "PUBLICATION TABLE", "PUBLICATION TABLES IN SCHEMA", "ROW SECURITY", "SECURITY LABEL", "SEQUENCE OWNED BY",
  "SEQUENCE SET", "SHELL TYPE", "STATISTICS DATA", "SUBSCRIPTION TABLE", "TABLE ATTACH", "TABLE DATA",
  "TEXT SEARCH CONFIGURATION", "TEXT SEARCH DICTIONARY", "TEXT SEARCH PARSER", "TEXT SEARCH TEMPLATE",
  "USER MAPPING",
};

/* Not parts that a person could choose */
static const char *const hidden_kinds[] = {
  "ENCODING", "STDSTRINGS", "SEARCHPATH", "DATABASE", "DATABASE PROPERTIES", NULL
};

static void
toc_entry_free (gpointer data)
{
  TideTocEntry *self = data;

  g_free (self->kind);
  g_free (self->schema);
  g_free (self->name);
  g_free (self->owner);
  g_free (self->line);
  g_array_unref (self->depends_on);
  g_free (self);
}

static gboolean
starts_with_word (const char *text,
                  const char *word)
{
  gsize length = strlen (word);

  return strncmp (text, word, length) == 0 && text[length] == ' ';
}

static gsize
measure_kind (const char *text)
{
  gsize length = strcspn (text, " ");

  for (guint i = 0; i < G_N_ELEMENTS (long_kinds); i++)
    if (strlen (long_kinds[i]) > length && starts_with_word (text, long_kinds[i]))
      length = strlen (long_kinds[i]);
  return length;
}

/* "215; 1259 16391 SEQUENCE public c_id_seq ada": from the kind on; NULL for any other line */
static const char *
skip_numbers (const char *line,
              int        *id)
{
  char *end;

  *id = g_ascii_strtoll (line, &end, 10);
  if (end == line || *end != ';' || *id <= 0)
    return NULL;
  for (guint i = 0; i < 2; i++)
    {
      const char *start = end + 1;

      if (*end == '\0' || *start == '\0')
        return NULL;
      g_ascii_strtoull (start, &end, 10);
    }
  return *end == ' ' ? end + 1 : NULL;
}

/* Names are not quoted in the list: the one of a schema is known from its own entry, an owner is taken to be one word. */
static gsize
measure_schema (const char *rest,
                GPtrArray  *schemas)
{
  gsize length = strcspn (rest, " ");

  for (guint i = 0; i < schemas->len; i++)
    {
      const char *schema = g_ptr_array_index (schemas, i);

      if (strlen (schema) > length && starts_with_word (rest, schema))
        length = strlen (schema);
    }
  return length;
}

static TideTocEntry *
parse_entry (const char *line,
             GPtrArray  *schemas)
{
  TideTocEntry *entry;
  const char *rest, *last;
  gsize length;
  int id;

  rest = skip_numbers (line, &id);
  if (rest == NULL || strrchr (rest, ' ') == NULL)
    return NULL;

  entry = g_new0 (TideTocEntry, 1);
  entry->id = id;
  entry->line = g_strdup (line);
  entry->depends_on = g_array_new (FALSE, FALSE, sizeof (int));
  length = measure_kind (rest);
  entry->kind = g_strndup (rest, length);
  rest += length + (rest[length] == ' ');
  length = measure_schema (rest, schemas);
  if (length != 1 || *rest != '-')
    entry->schema = g_strndup (rest, length);
  rest += length + (rest[length] == ' ');
  last = strrchr (rest, ' ');
  entry->name = last ? g_strndup (rest, last - rest) : g_strdup (rest);
  if (last != NULL && last[1] != '\0')
    entry->owner = g_strdup (last + 1);
  return entry;
}

static GPtrArray *
find_schemas (char **lines)
{
  GPtrArray *schemas = g_ptr_array_new_with_free_func (g_free);
  int id;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *rest = skip_numbers (lines[i], &id);
      const char *last = rest ? strrchr (rest, ' ') : NULL;

      if (last != NULL && g_str_has_prefix (rest, "SCHEMA - ") && last > rest + strlen ("SCHEMA - "))
        g_ptr_array_add (schemas, g_strndup (rest + strlen ("SCHEMA - "), last - rest - strlen ("SCHEMA - ")));
    }
  return schemas;
}

static void
parse_dependencies (TideTocEntry *entry,
                    const char   *list)
{
  g_auto(GStrv) words = g_strsplit (list, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      int id = g_ascii_strtoll (words[i], NULL, 10);

      if (id > 0)
        g_array_append_val (entry->depends_on, id);
    }
}

/**
 * tide_restore_parse_toc:
 * @text: what `pg_restore --list --verbose` printed
 *
 * Returns: (transfer full) (element-type TideTocEntry): its entries that can be chosen, in their order
 */
GPtrArray *
tide_restore_parse_toc (const char *text)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr(GPtrArray) schemas = find_schemas (lines);
  GPtrArray *toc = g_ptr_array_new_with_free_func (toc_entry_free);
  TideTocEntry *last = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      TideTocEntry *entry = parse_entry (lines[i], schemas);

      if (entry == NULL && last != NULL && g_str_has_prefix (lines[i], ";\tdepends on: "))
        parse_dependencies (last, lines[i] + strlen (";\tdepends on: "));
      if (entry == NULL)
        continue;
      last = NULL;
      if (g_strv_contains (hidden_kinds, entry->kind))
        toc_entry_free (entry);
      else
        g_ptr_array_add (toc, last = entry);
    }
  return toc;
}

/* The program's words, as what they mean for the person */
static void
explain_failure (GError      *failure,
                 TideBackup  *backup,
                 GError     **error)
{
  const TideErrorFields *fields = tide_error_get_fields (failure);
  const char *detail = fields != NULL && fields->detail != NULL ? fields->detail : failure->message;
  gboolean newer = strstr (detail, "unsupported version") != NULL && tide_backup_format_is_sound (backup->path, backup->format);

  if (!g_error_matches (failure, TIDE_ERROR, TIDE_ERROR_TOOL))
    {
      g_propagate_error (error, failure);
      return;
    }
  if (newer)
    tide_set_error (error, TIDE_ERROR_UNSUPPORTED,
                    "install the PostgreSQL client programs of the version that made it, or a newer one",
                    "\"%s\" was made by a newer pg_dump than the pg_restore that is installed: %s", backup->path, failure->message);
  else
    tide_set_error (error, TIDE_ERROR_INVALID, "choose another backup; this one is damaged or not complete",
                    "\"%s\" cannot be read: %s", backup->path, failure->message);
  g_error_free (failure);
}

/**
 * tide_restore_read_archive:
 * @backup: an archive
 * @major: the server's major version; 0 for the newest program there is
 * @arguments: (array zero-terminated=1): for pg_restore, without the file
 * @cancellable: (nullable): ends it
 * @error: %TIDE_ERROR_UNSUPPORTED for the archive of a newer pg_dump; %TIDE_ERROR_INVALID for a damaged one
 *
 * Asks pg_restore about an archive, without a server.
 *
 * Returns: (transfer full) (nullable): what it printed
 */
char *
tide_restore_read_archive (TideBackup         *backup,
                           int                 major,
                           const char *const  *arguments,
                           GCancellable       *cancellable,
                           GError            **error)
{
  const TideToolOptions options = { .environment = (const char *const[]) { "LC_ALL=C", NULL } };
  int needed = major > 0 ? MAX (major, tide_backup_format_read_major (backup->path, backup->format)) : 0;
  g_autofree char *program = tide_tool_find ("pg_restore", needed, error);
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  GError *failure = NULL;
  char *text;

  if (program == NULL)
    return NULL;
  g_ptr_array_add (argv, program);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (char *) arguments[i]);
  g_ptr_array_add (argv, (char *) "--");
  g_ptr_array_add (argv, backup->path);
  g_ptr_array_add (argv, NULL);
  text = tide_backup_tool_run ((const char *const *) argv->pdata, NULL, &options, cancellable, &failure);
  if (text == NULL)
    explain_failure (failure, backup, error);
  return text;
}

/**
 * tide_restore_read_toc:
 * @backup: a backup
 * @cancellable: (nullable): ends it
 * @error: %TIDE_ERROR_UNSUPPORTED, %TIDE_ERROR_INVALID, %TIDE_ERROR_NOT_FOUND (no pg_restore)
 *
 * Blocking.
 *
 * Returns: (transfer full) (nullable) (element-type TideTocEntry): what can be chosen from; empty for SQL text
 */
GPtrArray *
tide_restore_read_toc (TideBackup    *backup,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (backup != NULL, NULL);

  if (!tide_backup_format_is_archive (backup->format))
    return g_ptr_array_new_with_free_func (toc_entry_free);
  if (backup->format == TIDE_BACKUP_FORMAT_TAR && !tide_backup_tar_is_whole (backup->path))
    {
      tide_set_error (error, TIDE_ERROR_INVALID, "choose another backup",
                      "\"%s\" is cut short, or damaged between its members", backup->path);
      return NULL;
    }
  text = tide_restore_read_archive (backup, 0, (const char *[]) { "--list", "--verbose", NULL }, cancellable, error);
  return text ? tide_restore_parse_toc (text) : NULL;
}
