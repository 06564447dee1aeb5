/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-quick"

#include "config.h"

#include "schema/tide-catalog.h"
#include "schema/tide-node-tree.h"
#include "schema/tide-schema-diff.h"
#include "schema/tide-schema-private.h"
#include "schema/tide-schema-quick.h"

typedef struct
{
  TideConninfo *conninfo;    /* Borrowed */
  TideSession  *session;
  GCancellable *cancellable; /* (nullable) borrowed */
  TideSchema   *schema;
  TideObjectKind kind;       /* whose trees are looked at */
  TideResult   *result;      /* they lie in it */
  const char  **trees;       /* by index of object; (nullable): all that were there, those of other kinds to be read no more */
  gboolean     *wanted;      /* by index: whether its text is needed */
  GHashTable   *names;
  /* What was found of the table of the object looked at last: many are of one. */
  const TideSchemaObject *root;
  gboolean      root_is_plain;
  gboolean      failed;
} Side;

/* Whoever copies the database next must find nobody in it. */
static void
side_clear (Side *self)
{
  if (self->session != NULL)
    tide_session_close (self->session);
  g_clear_object (&self->session);
  g_clear_pointer (&self->schema, tide_schema_unref);
  g_clear_pointer (&self->result, tide_result_unref);
  g_clear_pointer (&self->trees, g_free);
  g_clear_pointer (&self->wanted, g_free);
  g_clear_pointer (&self->names, g_hash_table_unref);
}

static TideSchemaObject *
get_object (const Side *self,
            guint       index)
{
  return g_ptr_array_index (self->schema->objects, index);
}

static const TideDeferredText *
get_deferred (TideObjectKind kind)
{
  const TideObjectKindInfo *info = tide_object_kind_get_info (kind);

  return info == NULL || info->deferred.text == NULL ? NULL : &info->deferred;
}

/* (transfer full) (element-type guint32 TideSchemaObject): the objects of a kind by OID */
static GHashTable *
list_by_oid (const Side     *self,
             TideObjectKind  kind)
{
  GHashTable *objects = g_hash_table_new (NULL, NULL);
  guint first;
  guint end;

  tide_schema_get_range (self->schema, kind, &first, &end);
  for (guint i = first; i < end; i++)
    g_hash_table_insert (objects, GUINT_TO_POINTER (get_object (self, i)->oid), get_object (self, i));
  return objects;
}

/* One kind after the other: there is no room for all at once. */
static gpointer
read_trees (gpointer data)
{
  Side *self = data;
  const TideDeferredText *deferred = get_deferred (self->kind);
  g_autoptr (GHashTable) objects = list_by_oid (self, self->kind);
  g_autofree char *sql = g_strdup_printf ("SELECT %s, %s FROM %s", deferred->oid, deferred->tree, deferred->from);
  g_autoptr (GPtrArray) results = tide_session_run (self->session, sql, self->cancellable, NULL);

  g_clear_pointer (&self->result, tide_result_unref);
  self->failed = results == NULL;
  if (self->failed)
    return NULL;
  self->result = tide_result_ref (g_ptr_array_index (results, 0));
  for (guint row = 0; row < tide_result_get_n_rows (self->result); row++)
    {
      guint32 oid = tide_result_get_int64 (self->result, row, 0);
      const TideSchemaObject *object = g_hash_table_lookup (objects, GUINT_TO_POINTER (oid));

      if (object != NULL)
        self->trees[object->index] = tide_result_get_value (self->result, row, 1);
    }
  return NULL;
}

static gpointer
read_side (gpointer data)
{
  Side *self = data;

  self->session = tide_session_open (self->conninfo, self->cancellable, NULL);
  if (self->session != NULL)
    self->schema = tide_catalog_read_without_texts (self->session, self->cancellable, NULL);
  if (self->schema == NULL)
    {
      self->failed = TRUE;
      return NULL;
    }
  self->trees = g_new0 (const char *, self->schema->objects->len + 1);
  self->wanted = g_new0 (gboolean, self->schema->objects->len + 1);
  self->names = tide_node_tree_list_names (self->schema);
  return NULL;
}

/* --- which texts are needed --- */

static const TideSchemaObject *
get_root (const TideSchemaObject *object)
{
  while (object->parent != NULL)
    object = object->parent;
  return object;
}

/* What tables give to one another is looked at by its text. */
static gboolean
inherits (const TideSchemaObject *root)
{
  guint n;
  const TideSchemaObject *const *dependents;

  if (root->kind != TIDE_OBJECT_TABLE)
    return FALSE;
  if (tide_schema_object_get (root, "inherits") != NULL || tide_schema_object_get (root, "partition_of") != NULL)
    return TRUE;
  dependents = tide_schema_get_dependents (root->schema, root, &n);
  for (guint i = 0; i < n; i++)
    if (dependents[i]->kind == TIDE_OBJECT_TABLE)
      return TRUE;
  return FALSE;
}

static gboolean
is_settled (Side                   *from,
            const Side             *to,
            const TideSchemaObject *object,
            const TideSchemaObject *other)
{
  const char *left = from->trees[object->index];
  const char *right = to->trees[other->index];
  const TideSchemaObject *root = get_root (object);

  if (left == NULL || right == NULL)
    return FALSE;
  if (root != from->root)
    {
      from->root = root;
      from->root_is_plain = !inherits (root) && !inherits (get_root (other))
                            && (object == root || tide_node_tree_same_columns (root, get_root (other)));
    }
  return from->root_is_plain && tide_node_tree_equal (left, right, from->names, to->names);
}

/* The same text that is nobody else's */
static void
set_unread (Side  *self,
            guint  index,
            char   side,
            guint  number)
{
  TideSchemaObject *object = get_object (self, index);
  char text[24];

  g_snprintf (text, sizeof text, "%c%c%u", TIDE_SCHEMA_UNREAD, side, number);
  object->values[get_deferred (object->kind)->attribute] = g_string_chunk_insert (self->schema->chunk, text);
}

static void
settle (Side *from,
        Side *to)
{
  guint first;
  guint end;

  tide_schema_get_range (to->schema, to->kind, &first, &end);
  for (guint i = first; i < end; i++)
    if (to->trees[i] != NULL)
      {
        to->wanted[i] = TRUE;
        set_unread (to, i, 't', i);
      }
  tide_schema_get_range (from->schema, from->kind, &first, &end);
  for (guint i = first; i < end; i++)
    {
      const TideSchemaObject *object = get_object (from, i);
      const TideSchemaObject *other = from->trees[i] == NULL ? NULL : tide_schema_find_same (to->schema, object);

      if (from->trees[i] == NULL)
        continue;
      from->wanted[i] = other == NULL || !is_settled (from, to, object, other);
      if (other != NULL && !from->wanted[i])
        to->wanted[other->index] = FALSE;
      set_unread (from, i, from->wanted[i] ? 'f' : 't', from->wanted[i] ? i : other->index);
    }
}

/* What stands on @object, and that itself, from its table on */
static void
want_around (Side                   *self,
             const TideSchemaObject *object,
             gboolean               *seen)
{
  g_autoptr (GPtrArray) todo = g_ptr_array_new ();

  if (object == NULL)
    return;
  g_ptr_array_add (todo, (gpointer) get_root (object));
  while (todo->len > 0)
    {
      const TideSchemaObject *next = g_ptr_array_steal_index_fast (todo, todo->len - 1);
      const TideSchemaObject *const *dependents;
      guint n;

      if (seen[next->index])
        continue;
      seen[next->index] = TRUE;
      self->wanted[next->index] |= self->trees[next->index] != NULL;
      dependents = tide_schema_get_dependents (self->schema, next, &n);
      /* All stands on its schema. */
      for (guint i = 0; i < n && next->kind != TIDE_OBJECT_SCHEMA; i++)
        g_ptr_array_add (todo, (gpointer) dependents[i]);
    }
}

static void
want_near_changes (Side *from,
                   Side *to)
{
  TideSchemaDiffOptions options = { .column_order = TRUE };
  g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (from->schema, to->schema, &options);
  g_autofree gboolean *from_seen = g_new0 (gboolean, from->schema->objects->len + 1);
  g_autofree gboolean *to_seen = g_new0 (gboolean, to->schema->objects->len + 1);
  GPtrArray *changes = tide_schema_diff_get_changes (diff);

  for (guint i = 0; i < changes->len; i++)
    {
      const TideSchemaChange *change = g_ptr_array_index (changes, i);

      want_around (from, change->from, from_seen);
      want_around (to, change->to, to_seen);
    }
  for (guint i = 0; i < from->schema->objects->len; i++)
    {
      const TideSchemaObject *other = from->trees[i] == NULL ? NULL : tide_schema_find_same (to->schema, get_object (from, i));

      if (other != NULL && to->trees[other->index] != NULL)
        from->wanted[i] = to->wanted[other->index] = from->wanted[i] || to->wanted[other->index];
    }
}

/* --- asking for them --- */

static void
append_question (const Side     *self,
                 TideObjectKind  kind,
                 GString        *script)
{
  const TideDeferredText *deferred = get_deferred (kind);
  guint n_wanted = 0;
  guint first;
  guint end;

  g_string_append_printf (script, "SELECT %s, %s FROM %s AND %s IN (0", deferred->oid, deferred->text, deferred->from, deferred->oid);
  tide_schema_get_range (self->schema, kind, &first, &end);
  for (guint i = first; i < end; i++)
    if (self->wanted[i])
      {
        g_string_append_printf (script, ",%u", get_object (self, i)->oid);
        n_wanted++;
      }
  g_string_append (script, n_wanted == 0 ? ") AND false;" : ");");
}

static void
take_texts (Side           *self,
            TideObjectKind  kind,
            TideResult     *result)
{
  g_autoptr (GHashTable) objects = list_by_oid (self, kind);

  g_ptr_array_add (self->schema->results, tide_result_ref (result));
  for (guint row = 0; row < tide_result_get_n_rows (result); row++)
    {
      guint32 oid = tide_result_get_int64 (result, row, 0);
      TideSchemaObject *object = g_hash_table_lookup (objects, GUINT_TO_POINTER (oid));
      const char *text = tide_result_get_value (result, row, 1);

      /* It went away meanwhile. */
      if (object == NULL || text == NULL)
        self->failed = TRUE;
      else
        object->values[get_deferred (kind)->attribute] = text;
      if (object != NULL)
        self->wanted[object->index] = FALSE;
    }
}

static gpointer
ask_side (gpointer data)
{
  Side *self = data;
  g_autoptr (GString) script = g_string_new (NULL);
  g_autoptr (GPtrArray) results = NULL;
  guint next = 0;

  for (guint kind = 0; kind < TIDE_N_OBJECT_KINDS; kind++)
    if (get_deferred (kind) != NULL)
      append_question (self, kind, script);
  g_string_append (script, "COMMIT");
  results = tide_session_run (self->session, script->str, self->cancellable, NULL);
  if (results == NULL)
    {
      self->failed = TRUE;
      return NULL;
    }
  for (guint kind = 0; kind < TIDE_N_OBJECT_KINDS; kind++)
    if (get_deferred (kind) != NULL)
      take_texts (self, kind, g_ptr_array_index (results, next++));
  for (guint i = 0; i < self->schema->objects->len; i++)
    self->failed |= self->wanted[i];
  return NULL;
}

static gboolean
do_both (GThreadFunc  func,
         Side        *from,
         Side        *to)
{
  GThread *thread = g_thread_new ("schema", func, from);

  func (to);
  g_thread_join (thread);
  return !from->failed && !to->failed;
}

/* FALSE: it failed */
static gboolean
settle_all (Side *from,
            Side *to)
{
  for (guint kind = 0; kind < TIDE_N_OBJECT_KINDS; kind++)
    {
      if (get_deferred (kind) == NULL)
        continue;
      from->kind = to->kind = kind;
      if (!do_both (read_trees, from, to))
        return FALSE;
      settle (from, to);
    }
  g_clear_pointer (&from->result, tide_result_unref);
  g_clear_pointer (&to->result, tide_result_unref);
  want_near_changes (from, to);
  return TRUE;
}

gboolean
tide_schema_quick_load (TideConninfo  *from,
                        TideConninfo  *to,
                        GCancellable  *cancellable,
                        TideSchema   **from_schema,
                        TideSchema   **to_schema)
{
  Side left = { .conninfo = from, .cancellable = cancellable };
  Side right = { .conninfo = to, .cancellable = cancellable };
  gboolean done = do_both (read_side, &left, &right);

  done = done && tide_schema_get_server_version (left.schema) / 10000 == tide_schema_get_server_version (right.schema) / 10000;
  done = done && settle_all (&left, &right) && do_both (ask_side, &left, &right);
  if (done)
    {
      *from_schema = g_steal_pointer (&left.schema);
      *to_schema = g_steal_pointer (&right.schema);
    }
  side_clear (&left);
  side_clear (&right);
  return done;
}
