/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-select"

#include "config.h"

#include <string.h>

#include "backup/tide-restore.h"
#include "tide-error.h"

typedef struct
{
  GPtrArray  *toc;          /* borrowed */
  GHashTable *by_id;        /* id -> TideTocEntry */
  GHashTable *chosen;       /* set of TideTocEntry */
  gboolean    with_parents;
  gboolean    with_large_objects; /* those of a pg_dump before 17 */
} Selection;

static const char *const relation_kinds[] = {
  "TABLE", "VIEW", "MATERIALIZED VIEW", "FOREIGN TABLE", "SEQUENCE", NULL
};

/* What a relation (or an index or constraint of it) carries with it; partitions and heirs are tables */
static const char *const part_kinds[] = {
  "TABLE DATA", "MATERIALIZED VIEW DATA", "DEFAULT", "CONSTRAINT", "CHECK CONSTRAINT", "INDEX", "INDEX ATTACH", "TRIGGER",
  "RULE", "POLICY", "ROW SECURITY", "STATISTICS", "STATISTICS DATA", "SEQUENCE", "SEQUENCE OWNED BY", "SEQUENCE SET",
  "TABLE", NULL
};
static const char *const owner_kinds[] = { "TABLE", "MATERIALIZED VIEW", "VIEW", "FOREIGN TABLE", "SEQUENCE", "INDEX",
                                           "CONSTRAINT", NULL };

/* What is said of any other thing */
static const char *const note_kinds[] = { "COMMENT", "ACL", "SECURITY LABEL", NULL };

/* Taken only where both sides are */
static const char *const joint_kinds[] = { "FK CONSTRAINT", "TABLE ATTACH", "BLOBS", NULL };

static TideTocEntry *
get_parent (Selection          *self,
            const TideTocEntry *entry,
            guint               index)
{
  return g_hash_table_lookup (self->by_id, GINT_TO_POINTER (g_array_index (entry->depends_on, int, index)));
}

/* Until pg_dump 16 the bytes of all large objects are one entry that names none of them: they come together or not at all. */
static gboolean
is_of_all_large_objects (const TideTocEntry *entry)
{
  return g_str_equal (entry->kind, "BLOB") || (g_str_equal (entry->kind, "BLOBS") && entry->depends_on->len == 0);
}

static void
choose (Selection    *self,
        TideTocEntry *entry)
{
  if (!g_hash_table_add (self->chosen, entry))
    return;
  self->with_large_objects = self->with_large_objects || is_of_all_large_objects (entry);
  if (!self->with_parents)
    return;
  for (guint i = 0; i < entry->depends_on->len; i++)
    {
      TideTocEntry *parent = get_parent (self, entry, i);

      if (parent != NULL)
        choose (self, parent);
    }
}

static gboolean
has_all_parents (Selection          *self,
                 const TideTocEntry *entry)
{
  for (guint i = 0; i < entry->depends_on->len; i++)
    {
      TideTocEntry *parent = get_parent (self, entry, i);

      if (parent != NULL && !g_hash_table_contains (self->chosen, parent))
        return FALSE;
    }
  return entry->depends_on->len > 0;
}

static gboolean
should_follow (Selection          *self,
               const TideTocEntry *entry)
{
  gboolean is_note = g_strv_contains (note_kinds, entry->kind);
  gboolean is_part = g_strv_contains (part_kinds, entry->kind);

  if (is_of_all_large_objects (entry))
    return self->with_large_objects;
  if (g_strv_contains (joint_kinds, entry->kind))
    return has_all_parents (self, entry);
  for (guint i = 0; (is_note || is_part) && i < entry->depends_on->len; i++)
    {
      TideTocEntry *parent = get_parent (self, entry, i);

      if (parent == NULL || !g_hash_table_contains (self->chosen, parent))
        continue;
      if (is_note || g_strv_contains (owner_kinds, parent->kind))
        return TRUE;
    }
  return FALSE;
}

/* Following may choose more, which has parts of its own. */
static void
follow_parts (Selection *self)
{
  guint before;

  do
    {
      before = g_hash_table_size (self->chosen);
      for (guint i = 0; i < self->toc->len; i++)
        {
          TideTocEntry *entry = g_ptr_array_index (self->toc, i);

          if (!g_hash_table_contains (self->chosen, entry) && should_follow (self, entry))
            choose (self, entry);
        }
    }
  while (g_hash_table_size (self->chosen) > before);
}

/* The schema of @entry and a dot lead @selector, and its name is the rest: dots in names need no quotes so. */
static gboolean
is_relation_called (const TideTocEntry *entry,
                    const char         *selector)
{
  gsize length = entry->schema ? strlen (entry->schema) : 0;

  return length > 0 && g_strv_contains (relation_kinds, entry->kind) && strncmp (selector, entry->schema, length) == 0
         && selector[length] == '.' && g_str_equal (selector + length + 1, entry->name);
}

static gboolean
is_meant (const TideTocEntry *entry,
          const char         *selector)
{
  char *end = NULL;

  if (*selector == '#' && entry->id == g_ascii_strtoll (selector + 1, &end, 10) && *end == '\0')
    return TRUE;
  if (g_strcmp0 (entry->schema, selector) == 0)
    return TRUE;
  if (g_str_equal (entry->kind, "SCHEMA") && g_str_equal (entry->name, selector))
    return TRUE;
  return is_relation_called (entry, selector);
}

/* Of a schema, what joins its tables with others comes only where both sides do. */
static gboolean
choose_meant (Selection   *self,
              const char  *selector,
              GError     **error)
{
  gboolean found = FALSE;

  for (guint i = 0; i < self->toc->len; i++)
    {
      TideTocEntry *entry = g_ptr_array_index (self->toc, i);

      if (!is_meant (entry, selector))
        continue;
      found = TRUE;
      if (*selector == '#' || !g_strv_contains (joint_kinds, entry->kind))
        choose (self, entry);
    }
  if (!found)
    tide_set_error (error, TIDE_ERROR_NOT_FOUND,
                    "name a schema, a table as schema.table without quotes, or an entry of the table of contents as #ID",
                    "the backup holds nothing called \"%s\"", selector);
  return found;
}

/* Told only to whoever asked for the table that has the foreign key. */
static gboolean
belongs_to_chosen (Selection          *self,
                   const TideTocEntry *key)
{
  for (guint i = 0; i < key->depends_on->len; i++)
    {
      TideTocEntry *parent = get_parent (self, key, i);

      if (parent != NULL && g_hash_table_contains (self->chosen, parent) && g_str_equal (parent->kind, "TABLE")
          && g_strcmp0 (parent->schema, key->schema) == 0 && g_str_has_prefix (key->name, parent->name)
          && key->name[strlen (parent->name)] == ' ')
        return TRUE;
    }
  return FALSE;
}

static GPtrArray *
collect (Selection *self,
         GPtrArray *problems)
{
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < self->toc->len; i++)
    {
      TideTocEntry *entry = g_ptr_array_index (self->toc, i);

      if (g_hash_table_contains (self->chosen, entry))
        g_ptr_array_add (list, entry);
      else if (problems != NULL && g_str_equal (entry->kind, "FK CONSTRAINT") && belongs_to_chosen (self, entry))
        g_ptr_array_add (problems, g_strdup_printf ("foreign key \"%s\" of schema \"%s\" was left out: the table it refers to "
                                                    "was not chosen", entry->name, entry->schema));
    }
  return list;
}

/**
 * tide_restore_select:
 * @toc: (element-type TideTocEntry): a table of contents
 * @only: (array zero-terminated=1): "schema", "schema.table" or "#ID"
 * @with_parents: whether what the chosen depends on comes, too
 * @problems: (nullable) (element-type utf8): is told which foreign keys were left out
 * @error: %TIDE_ERROR_NOT_FOUND when one of @only names nothing
 *
 * With a table come its rows, indexes, constraints, triggers, sequences, comments and grants; with @with_parents also the
 * schema, types, functions and tables that any of these needs. A foreign key comes where both its tables do. Of large objects
 * all come with one, unless the archive keeps them apart.
 *
 * Returns: (transfer container) (nullable) (element-type TideTocEntry): what was chosen, in the order of @toc
 */
GPtrArray *
tide_restore_select (GPtrArray          *toc,
                     const char *const  *only,
                     gboolean            with_parents,
                     GPtrArray          *problems,
                     GError            **error)
{
  g_autoptr(GHashTable) by_id = g_hash_table_new (NULL, NULL);
  g_autoptr(GHashTable) chosen = g_hash_table_new (NULL, NULL);
  Selection self = { toc, by_id, chosen, with_parents };

  g_return_val_if_fail (toc != NULL && only != NULL, NULL);

  for (guint i = 0; i < toc->len; i++)
    {
      TideTocEntry *entry = g_ptr_array_index (toc, i);

      g_hash_table_insert (by_id, GINT_TO_POINTER (entry->id), entry);
    }
  for (guint i = 0; only[i] != NULL; i++)
    if (!choose_meant (&self, only[i], error))
      return NULL;
  follow_parts (&self);
  return collect (&self, problems);
}
