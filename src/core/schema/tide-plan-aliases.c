/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-plan-aliases"

#include "config.h"

#include "schema/tide-plan.h"
#include "schema/tide-table-aliases.h"
#include "wire/tide-session.h"

/* Names that are given to columns by their places: a table that stays keeps the old places, and what is added comes last. */

typedef struct
{
  const TidePlan *plan;
  GPtrArray      *done; /* (element-type TideSchemaObject): the columns that were dropped or made so far, in this order */
} Places;

/* The place of @column of to among those of its table */
static guint
get_place (const TideSchemaObject *column)
{
  guint place = 0;

  for (const TideSchemaObject *child = tide_schema_object_get_first_child (tide_schema_object_get_parent (column)); child != column;
       child = tide_schema_object_get_next (child))
    place += tide_schema_object_get_kind (child) == TIDE_OBJECT_COLUMN;
  return place;
}

static void
append_name (GString    *list,
             const char *name)
{
  g_string_append_printf (list, "%s%s", list->len > 0 && list->str[list->len - 1] != '(' ? ", " : "", name);
}

/* The names of what was there before and is there still */
static void
append_old (GString                *list,
            const Places           *self,
            const TideSchemaObject *table,
            GPtrArray              *aliases)
{
  for (const TideSchemaObject *child = tide_schema_object_get_first_child (table); child != NULL;
       child = tide_schema_object_get_next (child))
    {
      const TideSchemaObject *to = self->plan->diff->to_of[tide_schema_object_get_index (child)];

      if (tide_schema_object_get_kind (child) != TIDE_OBJECT_COLUMN || g_ptr_array_find (self->done, child, NULL))
        continue;
      if (to != NULL && (self->plan->to[tide_schema_object_get_index (to)] & TIDE_PLAN_MAKE) == 0)
        {
          append_name (list, g_ptr_array_index (aliases, get_place (to)));
        }
      else
        {
          g_autofree char *gone = g_strconcat (tide_schema_object_get_name (child), "__gone", NULL);
          g_autofree char *name = tide_quote_identifier (gone);

          append_name (list, name);
        }
    }
}

/* Whether @column of to, which has no step of its own, came with that of a parent */
static gboolean
came_with_parent (const Places           *self,
                  const TideSchemaObject *column)
{
  const TideSchemaObject *parents = tide_plan_find_parents_column (column);

  return parents != NULL && self->plan->diff->base_of[tide_schema_object_get_index (column)] == NULL
         && !g_ptr_array_find (self->done, column, NULL);
}

static void
write_in_order (GString                *list,
                const TideSchemaObject *table,
                GPtrArray              *aliases,
                gpointer                user_data)
{
  const Places *self = user_data;
  guint index = tide_schema_object_get_index (table);
  const TideSchemaObject *base = self->plan->diff->base_of[index];

  if (base == NULL || (self->plan->to[index] & TIDE_PLAN_MAKE) != 0)
    {
      for (guint i = 0; i < aliases->len; i++)
        append_name (list, g_ptr_array_index (aliases, i));
      return;
    }
  append_old (list, self, base, aliases);
  for (guint i = 0; i < self->done->len; i++)
    {
      const TideSchemaObject *column = g_ptr_array_index (self->done, i);

      if (tide_schema_object_get_parent (column) == table)
        append_name (list, g_ptr_array_index (aliases, get_place (column)));
    }
  for (const TideSchemaObject *child = tide_schema_object_get_first_child (table); child != NULL;
       child = tide_schema_object_get_next (child))
    if (tide_schema_object_get_kind (child) == TIDE_OBJECT_COLUMN && came_with_parent (self, child))
      append_name (list, g_ptr_array_index (aliases, get_place (child)));
}

void
tide_plan_place_aliases (const TidePlan         *self,
                         TideDdl                *ddl,
                         const TideSchemaObject *reader,
                         GPtrArray              *done)
{
  GPtrArray *statements = tide_ddl_get_statements (ddl);
  Places places = { self, done };

  for (guint i = 0; i < statements->len; i++)
    {
      TideDdlStatement *statement = g_ptr_array_index (statements, i);
      char *placed = tide_table_aliases_dup (statement->sql, reader, write_in_order, &places);

      if (placed == NULL)
        continue;
      g_free (statement->sql);
      statement->sql = placed;
    }
}
