/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-state"

#include "config.h"

#include "lint/tide-lint-state.h"

static void
column_free (gpointer data)
{
  TideLintColumn *self = data;

  g_free (self->name);
  g_clear_pointer (&self->type, tide_lint_type_free);
  g_free (self);
}

static void
index_free (gpointer data)
{
  TideLintIndex *self = data;

  g_free (self->name);
  g_strfreev (self->columns);
  g_free (self);
}

static void
foreign_key_free (gpointer data)
{
  TideLintForeignKey *self = data;

  g_free (self->name);
  g_free (self->target);
  g_free (self->because);
  g_strfreev (self->columns);
  g_free (self);
}

static void
table_free (gpointer data)
{
  TideLintTable *self = data;

  g_free (self->schema);
  g_free (self->name);
  g_free (self->key);
  g_hash_table_unref (self->columns);
  g_ptr_array_unref (self->indexes);
  g_ptr_array_unref (self->former);
  g_ptr_array_unref (self->keys);
  g_ptr_array_unref (self->views);
  g_hash_table_unref (self->unchecked);
  g_hash_table_unref (self->never_null);
  g_free (self);
}

/* @schema: what names without one are in; (nullable): "public" */
TideLintState *
tide_lint_state_new (const char *schema)
{
  TideLintState *self = g_new0 (TideLintState, 1);

  self->schema = g_strdup (schema ? schema : "public");
  self->tables = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, table_free);
  self->volatile_functions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
tide_lint_state_free (TideLintState *self)
{
  g_hash_table_unref (self->tables);
  g_hash_table_unref (self->volatile_functions);
  g_free (self->schema);
  g_free (self);
}

static const char *
get_schema (TideLintState *self,
            const char    *schema)
{
  return schema != NULL && *schema != '\0' ? schema : self->schema;
}

TideLintTable *
tide_lint_state_find_table (TideLintState *self,
                            const char    *schema,
                            const char    *name)
{
  g_autofree char *key = g_strconcat (get_schema (self, schema), ".", name, NULL);

  return g_hash_table_lookup (self->tables, key);
}

TideLintTable *
tide_lint_state_make_table (TideLintState *self,
                            const char    *schema,
                            const char    *name,
                            int            born)
{
  TideLintTable *table = g_new0 (TideLintTable, 1);

  table->schema = g_strdup (get_schema (self, schema));
  table->name = g_strdup (name);
  table->key = g_strconcat (table->schema, ".", name, NULL);
  table->born = born;
  table->filled = table->emptied = TIDE_LINT_BEFORE;
  table->columns = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, column_free);
  table->indexes = g_ptr_array_new_with_free_func (index_free);
  table->former = g_ptr_array_new_with_free_func (index_free);
  table->keys = g_ptr_array_new_with_free_func (foreign_key_free);
  table->views = g_ptr_array_new_with_free_func (g_free);
  table->unchecked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  table->never_null = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_replace (self->tables, table->key, table);
  return table;
}

/* Types are known by their name alone, without the schema */
void
tide_lint_state_rename_type (TideLintState *self,
                             const char    *from,
                             const char    *to)
{
  GHashTableIter tables, columns;
  gpointer table, column;

  g_hash_table_iter_init (&tables, self->tables);
  while (g_hash_table_iter_next (&tables, NULL, &table))
    {
      g_hash_table_iter_init (&columns, ((TideLintTable *) table)->columns);
      while (g_hash_table_iter_next (&columns, NULL, &column))
        {
          TideLintType *type = ((TideLintColumn *) column)->type;

          if (type != NULL && g_str_equal (type->name, from))
            {
              g_free (type->name);
              type->name = g_strdup (to);
            }
        }
    }
}

void
tide_lint_state_drop_table (TideLintState *self,
                            TideLintTable *table)
{
  g_hash_table_remove (self->tables, table->key);
}

void
tide_lint_state_rename_table (TideLintState *self,
                              TideLintTable *table,
                              const char    *schema,
                              const char    *name)
{
  g_autofree char *old_schema = table->schema;
  g_autofree char *old_name = table->name;
  g_autofree char *old_key = table->key;

  g_hash_table_steal (self->tables, table->key);
  table->schema = g_strdup (schema ? schema : old_schema);
  table->name = g_strdup (name ? name : old_name);
  table->key = g_strconcat (table->schema, ".", table->name, NULL);
  g_hash_table_replace (self->tables, table->key, table);
}

TideLintTable *
tide_lint_state_find_by_index (TideLintState *self,
                               const char    *index)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->tables);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      TideLintTable *table = value;

      for (guint i = 0; i < table->indexes->len; i++)
        if (g_strcmp0 (((TideLintIndex *) g_ptr_array_index (table->indexes, i))->name, index) == 0)
          return table;
    }
  return NULL;
}

void
tide_lint_table_learn (TideLintTable           *self,
                       const TideLintTableFact *fact)
{
  for (guint i = 0; i < fact->columns->len; i++)
    {
      const TideLintColumnFact *column = g_ptr_array_index (fact->columns, i);

      if (tide_lint_table_find_column (self, column->name) == NULL)
        tide_lint_table_add_column (self, column->name, tide_lint_type_parse (column->type), TIDE_LINT_BEFORE)->not_null
          = column->not_null;
    }
  for (guint i = 0; i < fact->indexes->len; i++)
    {
      const TideLintIndexFact *index = g_ptr_array_index (fact->indexes, i);

      tide_lint_table_add_index (self, index->name, g_strdupv (index->columns), index->is_unique, FALSE);
    }
}

TideLintColumn *
tide_lint_table_find_column (TideLintTable *self,
                             const char    *name)
{
  return g_hash_table_lookup (self->columns, name);
}

TideLintColumn *
tide_lint_table_add_column (TideLintTable *self,
                            const char    *name,
                            TideLintType  *type,
                            int            born)
{
  TideLintColumn *column = g_new0 (TideLintColumn, 1);

  column->name = g_strdup (name);
  column->type = type;
  column->born = born;
  column->valued = TIDE_LINT_BEFORE;
  g_hash_table_replace (self->columns, column->name, column);
  return column;
}

static void
remove_with_column (GPtrArray  *indexes,
                    const char *name)
{
  for (guint i = indexes->len; i > 0; i--)
    if (g_strv_contains ((const char *const *) ((TideLintIndex *) g_ptr_array_index (indexes, i - 1))->columns, name))
      g_ptr_array_remove_index (indexes, i - 1);
}

void
tide_lint_table_forget_former (TideLintTable *self,
                               const char    *column)
{
  if (column == NULL)
    g_ptr_array_set_size (self->former, 0);
  else
    remove_with_column (self->former, column);
}

void
tide_lint_table_drop_column (TideLintTable *self,
                             const char    *name)
{
  g_hash_table_remove (self->columns, name);
  remove_with_column (self->indexes, name);
  remove_with_column (self->former, name);
  for (guint i = self->keys->len; i > 0; i--)
    if (g_strv_contains ((const char *const *) ((TideLintForeignKey *) g_ptr_array_index (self->keys, i - 1))->columns, name))
      g_ptr_array_remove_index (self->keys, i - 1);
}

static void
rename_in (char       **columns,
           const char  *from,
           const char  *to)
{
  for (; *columns != NULL; columns++)
    if (g_str_equal (*columns, from))
      {
        g_free (*columns);
        *columns = g_strdup (to);
      }
}

void
tide_lint_table_rename_column (TideLintTable *self,
                               const char    *from,
                               const char    *to)
{
  gpointer column;

  if (g_hash_table_steal_extended (self->columns, from, NULL, &column))
    {
      g_free (((TideLintColumn *) column)->name);
      ((TideLintColumn *) column)->name = g_strdup (to);
      g_hash_table_replace (self->columns, ((TideLintColumn *) column)->name, column);
    }
  for (guint i = 0; i < self->indexes->len; i++)
    rename_in (((TideLintIndex *) g_ptr_array_index (self->indexes, i))->columns, from, to);
  for (guint i = 0; i < self->former->len; i++)
    rename_in (((TideLintIndex *) g_ptr_array_index (self->former, i))->columns, from, to);
  for (guint i = 0; i < self->keys->len; i++)
    rename_in (((TideLintForeignKey *) g_ptr_array_index (self->keys, i))->columns, from, to);
}

void
tide_lint_table_add_index (TideLintTable  *self,
                           const char     *name,
                           char          **columns,
                           gboolean        is_unique,
                           gboolean        is_partial)
{
  TideLintIndex index = { g_strdup (name), columns, is_unique, is_partial };

  g_ptr_array_add (self->indexes, g_memdup2 (&index, sizeof index));
}

void
tide_lint_table_drop_index (TideLintTable *self,
                            const char    *name)
{
  for (guint i = self->indexes->len; i > 0; i--)
    if (g_strcmp0 (((TideLintIndex *) g_ptr_array_index (self->indexes, i - 1))->name, name) == 0)
      g_ptr_array_add (self->former, g_ptr_array_steal_index (self->indexes, i - 1));
}

/* For all that is known */
static gboolean
may_be_null (TideLintTable *self,
             const char    *name)
{
  const TideLintColumn *column = tide_lint_table_find_column (self, name);

  return column == NULL || !column->not_null;
}

static gboolean
is_unique_by (TideLintTable  *self,
              GPtrArray      *indexes,
              char          **columns,
              gboolean        nulls_alike)
{
  for (guint i = 0; i < indexes->len; i++)
    {
      const TideLintIndex *index = g_ptr_array_index (indexes, i);
      guint n = 0;

      while (index->columns[n] != NULL && *index->columns[n] != '\0'
             && g_strv_contains ((const char *const *) columns, index->columns[n])
             && !(nulls_alike && may_be_null (self, index->columns[n])))
        n++;
      if (index->is_unique && !index->is_partial && n > 0 && index->columns[n] == NULL)
        return TRUE;
    }
  return FALSE;
}

gboolean
tide_lint_table_is_unique (TideLintTable  *self,
                           char          **columns,
                           gboolean        nulls_alike)
{
  return is_unique_by (self, self->indexes, columns, nulls_alike) || is_unique_by (self, self->former, columns, nulls_alike);
}

gboolean
tide_lint_table_is_key (TideLintTable  *self,
                        char          **columns)
{
  for (guint i = 0; columns[i] != NULL; i++)
    if (may_be_null (self, columns[i]))
      return FALSE;
  return tide_lint_table_is_unique (self, columns, FALSE);
}

gboolean
tide_lint_table_covers (TideLintTable  *self,
                        char          **columns)
{
  for (guint i = 0; i < self->indexes->len; i++)
    {
      const TideLintIndex *index = g_ptr_array_index (self->indexes, i);

      if (!index->is_partial && index->columns[0] != NULL && g_strv_contains ((const char *const *) columns, index->columns[0]))
        return TRUE;
    }
  return FALSE;
}
