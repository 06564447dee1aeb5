/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-plan"

#include "config.h"

#include "schema/kinds/tide-table-ddl.h"
#include "schema/tide-plan.h"
#include "wire/tide-session.h"

typedef struct
{
  TidePlan  *plan;
  GPtrArray *phases[TIDE_PLAN_N_PHASES]; /* (element-type TideScriptStatement) */
  gboolean   has_routine;
  GPtrArray *columns; /* (element-type TideSchemaObject): those dropped or made so far */
} Writer;

static void
take (Writer                 *self,
      TideDdl                *ddl,
      const TideSchemaObject *object)
{
  tide_plan_take (self->phases, ddl, object);
}

static const TideObjectKindInfo *
get_info (const TideSchemaObject *object)
{
  return tide_object_kind_get_info (tide_schema_object_get_kind (object));
}

/* --- what is new --- */

/* What @object belongs to, itself if to nothing; of a sequence, the column that owns it */
static const TideSchemaObject *
get_parent (const TideSchemaObject *object)
{
  guint n;
  const TideSchemaObject *const *on;

  if (tide_schema_object_get_kind (object) != TIDE_OBJECT_SEQUENCE)
    return tide_schema_object_get_parent (object);
  on = tide_schema_get_dependencies (tide_schema_object_get_schema (object), object, &n);
  for (guint i = 0; i < n; i++)
    if (tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_COLUMN)
      return on[i];
  return NULL;
}

static gboolean
is_made (const TidePlan         *plan,
         const TideSchemaObject *object)
{
  return (plan->to[tide_schema_object_get_index (object)] & TIDE_PLAN_MAKE) != 0;
}

static const TideSchemaObject *
get_root (const TideSchemaObject *object)
{
  for (const TideSchemaObject *parent = get_parent (object); parent != NULL; parent = get_parent (object))
    object = parent;
  return object;
}

static gboolean
has_new_parent (const TidePlan         *plan,
                const TideSchemaObject *object)
{
  const TideSchemaObject *parent = get_parent (object);

  if (parent == NULL)
    return FALSE;
  return is_made (plan, get_root (object))
         || (tide_schema_object_get_kind (object) == TIDE_OBJECT_SEQUENCE && is_made (plan, parent));
}

/* Whether @object has to do with a table that was there before: the one that a foreign key refers to */
static gboolean
touches_old_table (const TidePlan         *plan,
                   const TideSchemaObject *object)
{
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (plan->diff->to, object, &n);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *root = get_root (on[i]);

      if (tide_schema_object_get_kind (root) == TIDE_OBJECT_TABLE && !is_made (plan, root))
        return TRUE;
    }
  return FALSE;
}

/* A table that the script makes has no rows that could stand against it, and nobody waits for it. */
static void
forgive_new (const TidePlan         *plan,
             const TideSchemaObject *object,
             TideDdl                *ddl)
{
  const TideHazard of_rows = TIDE_HAZARD_LONG_LOCK | TIDE_HAZARD_REWRITE | TIDE_HAZARD_FAILS_ON_DATA;

  if (!is_made (plan, get_root (object)))
    return;
  if (touches_old_table (plan, object))
    tide_ddl_forgive (ddl, TIDE_DDL_MAIN, of_rows);
  else
    tide_ddl_forgive (ddl, TIDE_DDL_LAST, of_rows | TIDE_HAZARD_LOCK);
}

static void
write_common (Writer                 *self,
              const TideSchemaObject *from,
              const TideSchemaObject *to)
{
  g_autoptr (TideDdl) ddl = tide_ddl_new (self->plan->safer, self->plan->server_version);

  tide_plan_write_common (ddl, from, to, self->plan->diff->base);
  if (from == NULL)
    tide_ddl_forgive (ddl, TIDE_DDL_LAST, TIDE_HAZARD_LOCK);
  take (self, ddl, to);
}

/* --- steps --- */

/* The text of each statement with the name of @object replaced by the one it has when it was set aside */
static void
say_aside (TideDdl                *ddl,
           const TideSchemaObject *object)
{
  GPtrArray *statements = tide_ddl_get_statements (ddl);
  g_autofree char *name = tide_plan_dup_aside_name (object);
  g_autofree char *quoted_new = tide_quote_identifier (name);
  g_autofree char *quoted_old = tide_quote_identifier (tide_schema_object_get_name (object));
  g_autofree char *old = tide_schema_object_get_kind (object) == TIDE_OBJECT_COLUMN
                           ? g_strconcat (" DROP COLUMN ", quoted_old, NULL) : tide_schema_object_dup_quoted (object);
  g_autofree char *new = g_strdup_printf ("%.*s%s", (int) (strlen (old) - strlen (quoted_old)), old, quoted_new);

  for (guint i = 0; i < statements->len; i++)
    {
      TideDdlStatement *statement = g_ptr_array_index (statements, i);
      g_auto (GStrv) parts = g_strsplit (statement->sql, old, -1);

      g_free (statement->sql);
      statement->sql = g_strjoinv (new, parts);
    }
}

static gboolean
takes_along (const TidePlan *plan,
             guint           index)
{
  guint n = tide_schema_get_n_objects (plan->diff->base);

  for (guint i = 0; plan->takes_along && i < n; i++)
    if (plan->goes_with[i] == index + 1)
      return TRUE;
  return FALSE;
}

static void
add_cascade (TideDdl *ddl)
{
  GPtrArray *statements = tide_ddl_get_statements (ddl);
  TideDdlStatement *last = g_ptr_array_index (statements, statements->len - 1);
  char *sql;

  if (g_str_has_suffix (last->sql, " CASCADE"))
    return;
  sql = g_strconcat (last->sql, " CASCADE", NULL);
  g_free (last->sql);
  last->sql = sql;
}

/* Whether all tables that inherit column @object are to have one of its name in the end, which is their own */
static gboolean
is_kept_below (const TidePlan         *plan,
               const TideSchemaObject *object)
{
  const TideSchemaObject *table = tide_schema_object_get_parent (object);
  gboolean any = FALSE;
  guint n;
  const TideSchemaObject *const *others = tide_schema_get_dependents (plan->diff->base, table, &n);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *below = tide_schema_object_get_kind (others[i]) != TIDE_OBJECT_TABLE
                                        ? NULL : tide_schema_object_find_column (others[i], tide_schema_object_get_name (object));
      const TideSchemaObject *to = below == NULL ? NULL : plan->diff->to_of[tide_schema_object_get_index (below)];

      if (below == NULL || !tide_schema_object_is (below, "has_parent"))
        continue;
      if (to == NULL || tide_schema_object_is (to, "has_parent"))
        return FALSE;
      any = TRUE;
    }
  return any;
}

static void
write_drop (Writer                 *self,
            const TideSchemaObject *object)
{
  TidePlan *plan = self->plan;
  guint index = tide_schema_object_get_index (object);
  g_autoptr (TideDdl) ddl = tide_ddl_new (plan->safer, plan->server_version);
  const TideObjectKindInfo *info = get_info (object);

  if (tide_schema_object_get_kind (object) == TIDE_OBJECT_COLUMN && !tide_table_is_partitioned (object) && is_kept_below (plan, object))
    tide_ddl_set_kept_below (ddl);
  if (tide_schema_object_get_parent (object) != NULL)
    tide_ddl_set_other_parent (ddl, plan->diff->to_of[tide_schema_object_get_index (tide_schema_object_get_parent (object))]);
  if (info->drop != NULL)
    {
      info->drop (ddl, object);
    }
  else
    {
      g_autofree char *address = info->address (object);

      tide_ddl_add (ddl, TIDE_HAZARD_LOCK | (plan->diff->to_of[index] == NULL ? TIDE_HAZARD_BREAKS_CLIENTS : 0), "DROP %s",
                    address);
    }
  if (takes_along (plan, index))
    add_cascade (ddl);
  if ((plan->from[index] & TIDE_PLAN_ASIDE) != 0)
    {
      say_aside (ddl, object);
      if (tide_plan_is_type (tide_schema_object_get_kind (object)) || tide_schema_object_get_kind (object) == TIDE_OBJECT_COLUMN)
        tide_ddl_forgive (ddl, TIDE_DDL_LAST, TIDE_HAZARD_DATA_LOSS); /* Its values were moved over */
    }
  take (self, ddl, tide_schema_get_object (plan->diff->from, index));
}

static void
write_rename (TideDdl                *ddl,
              const TideSchemaObject *object,
              const char             *name)
{
  const TideObjectKindInfo *info = get_info (object);
  g_autofree char *address = NULL;
  g_autofree char *quoted = NULL;

  if (info->rename != NULL)
    {
      info->rename (ddl, object, name);
      return;
    }
  address = info->address (object);
  quoted = tide_quote_identifier (name);
  tide_ddl_add (ddl, TIDE_HAZARD_LOCK | TIDE_HAZARD_BREAKS_CLIENTS, "ALTER %s RENAME TO %s", address, quoted);
}

static void
write_aside (Writer                 *self,
             const TideSchemaObject *object)
{
  g_autoptr (TideDdl) ddl = tide_ddl_new (self->plan->safer, self->plan->server_version);
  g_autofree char *name = tide_plan_dup_aside_name (object);

  write_rename (ddl, object, name);
  if (tide_schema_object_get_kind (object) == TIDE_OBJECT_INDEX)
    tide_ddl_forgive (ddl, TIDE_DDL_LAST, TIDE_HAZARD_BREAKS_CLIENTS);
  take (self, ddl, tide_schema_get_object (self->plan->diff->from, tide_schema_object_get_index (object)));
}

/* The ALTER of a parent's column is that of the ones that inherit it. */
static void
write_park (Writer                 *self,
            const TideSchemaObject *column)
{
  TidePlan *plan = self->plan;
  const TideSchemaObject *parents = tide_plan_find_parents_column (column);
  const TideSchemaObject *to = plan->diff->to_of[tide_schema_object_get_index (column)];
  g_autoptr (TideDdl) ddl = tide_ddl_new (plan->safer, plan->server_version);
  g_autofree char *table = tide_schema_object_dup_quoted (tide_schema_object_get_parent (column));
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (column));

  if (parents != NULL && (plan->from[tide_schema_object_get_index (parents)] & TIDE_PLAN_PARK) != 0)
    return;
  tide_ddl_add (ddl, TIDE_HAZARD_LOCK | TIDE_HAZARD_REWRITE, "ALTER TABLE %s ALTER COLUMN %s TYPE json USING pg_catalog.to_json(%s)",
                table, name, name);
  take (self, ddl, to);
}

/* Whether @object stands inside the CREATE of @container */
static gboolean
is_inside (const TidePlan         *plan,
           const TideSchemaObject *object,
           const TideSchemaObject *container)
{
  guint index = tide_schema_object_get_index (object);

  return (plan->to[index] & TIDE_PLAN_MAKE) != 0 && plan->elements[index] != NULL
         && plan->step_of_to[index] == plan->step_of_to[tide_schema_object_get_index (container)];
}

/* (transfer full) (nullable): the element of @child, with its default behind */
static char *
dup_element (const TidePlan         *plan,
             const TideSchemaObject *child)
{
  const TideSchemaObject *default_ = tide_schema_object_find_default (child);
  const char *element = plan->elements[tide_schema_object_get_index (child)];

  if (default_ == NULL || !is_inside (plan, default_, child))
    return g_strdup (element);
  return g_strconcat (element, " ", plan->elements[tide_schema_object_get_index (default_)], NULL);
}

/* What stands inside the CREATE of @object, one a line */
static char *
dup_elements (const TidePlan         *plan,
              const TideSchemaObject *object)
{
  const TideSchemaObject *default_ = tide_schema_object_find_default (object);
  const TideSchemaObject *child;
  GString *elements = NULL;

  if (default_ != NULL && is_inside (plan, default_, object))
    return g_strdup (plan->elements[tide_schema_object_get_index (default_)]);
  for (child = tide_schema_object_get_first_child (object); child != NULL; child = tide_schema_object_get_next (child))
    {
      g_autofree char *element = NULL;

      if (!is_inside (plan, child, object))
        continue;
      element = dup_element (plan, child);
      if (*element == '\0')
        continue;
      elements = elements == NULL ? g_string_new (NULL) : g_string_append (elements, ",\n");
      g_string_append_printf (elements, "  %s", element);
    }
  return elements == NULL ? NULL : g_string_free (elements, FALSE);
}

/* (nullable): what the new @object is under another name: the sequence of an identity is renamed with what its column says, and
 * keeps its grants and its comment */
static const TideSchemaObject *
find_renamed_with_column (const TidePlan         *plan,
                          const TideSchemaObject *object)
{
  const TideSchemaObject *column = tide_schema_object_get_kind (object) == TIDE_OBJECT_SEQUENCE && tide_schema_object_is (object, "identity")
                                     ? tide_plan_find_owning_column (object) : NULL;
  const TideSchemaObject *before = column == NULL || is_made (plan, column)
                                     ? NULL : plan->diff->base_of[tide_schema_object_get_index (column)];

  return before == NULL ? NULL : tide_column_find_identity_sequence (before);
}

static void
write_common_with_insides (Writer                 *self,
                           const TideSchemaObject *object)
{
  const TideSchemaObject *child;

  write_common (self, find_renamed_with_column (self->plan, object), object);
  for (child = tide_schema_object_get_first_child (object); child != NULL; child = tide_schema_object_get_next (child))
    if (is_inside (self->plan, child, object))
      write_common (self, NULL, child);
}

static void
write_make (Writer                 *self,
            const TideSchemaObject *object)
{
  g_autoptr (TideDdl) ddl = tide_ddl_new (self->plan->safer, self->plan->server_version);

  tide_ddl_take_elements (ddl, dup_elements (self->plan, object));
  if ((self->plan->to[tide_schema_object_get_index (object)] & TIDE_PLAN_STUB) != 0)
    tide_ddl_set_over_stub (ddl);
  if (has_new_parent (self->plan, object))
    tide_ddl_set_new_parent (ddl);
  else if (tide_schema_object_get_parent (object) != NULL)
    tide_ddl_set_other_parent (ddl, self->plan->diff->base_of[tide_schema_object_get_index (tide_schema_object_get_parent (object))]);
  if (tide_plan_has_late_whole (self->plan, object))
    tide_ddl_set_late_whole (ddl);
  get_info (object)->create (ddl, object);
  forgive_new (self->plan, object, ddl);
  tide_plan_place_aliases (self->plan, ddl, object, self->columns);
  take (self, ddl, object);
  write_common_with_insides (self, object);
}

static void
write_stub (Writer                 *self,
            const TideSchemaObject *object)
{
  g_autoptr (TideDdl) ddl = tide_ddl_new (self->plan->safer, self->plan->server_version);

  get_info (object)->stub (ddl, object);
  take (self, ddl, object);
}

static void
write_alter (Writer                 *self,
             const TideSchemaObject *object)
{
  guint index = tide_schema_object_get_index (object);

  tide_plan_place_aliases (self->plan, self->plan->alters[index], object, self->columns);
  take (self, self->plan->alters[index], object);
  write_common (self, self->plan->diff->base_of[index], object);
}

static void
write_step (Writer         *self,
            const TideStep *step)
{
  switch (step->type)
    {
    case TIDE_STEP_DROP:
      write_drop (self, step->object);
      break;
    case TIDE_STEP_ASIDE:
      write_aside (self, step->object);
      break;
    case TIDE_STEP_PARK:
      write_park (self, step->object);
      break;
    case TIDE_STEP_STUB:
      write_stub (self, step->object);
      break;
    case TIDE_STEP_MAKE:
      write_make (self, step->object);
      break;
    case TIDE_STEP_ALTER:
      write_alter (self, step->object);
      break;
    default:
      g_assert_not_reached ();
    }
  if (tide_schema_object_get_kind (step->object) == TIDE_OBJECT_COLUMN
      && (step->type == TIDE_STEP_DROP || step->type == TIDE_STEP_MAKE))
    g_ptr_array_add (self->columns, (gpointer) step->object);
}

/* The agreed renames come first, inner ones before outer ones, so that each still finds its place under the old name. */
static void
write_renames (Writer *self)
{
  GPtrArray *renames = self->plan->diff->renames;

  for (guint i = 0; i < renames->len; i++)
    {
      const TideSchemaRenamed *rename = g_ptr_array_index (renames, i);
      g_autoptr (TideDdl) ddl = tide_ddl_new (self->plan->safer, self->plan->server_version);

      write_rename (ddl, rename->from, rename->name);
      take (self, ddl, rename->from);
    }
}

/* Bodies may name what comes later. */
static void
write_settings (Writer         *self,
                const TideStep *steps,
                guint           n)
{
  for (guint i = 0; i < n; i++)
    {
      TideObjectKind kind = tide_schema_object_get_kind (steps[i].object);
      TideScriptStatement *statement;

      if (kind != TIDE_OBJECT_FUNCTION || steps[i].type == TIDE_STEP_DROP)
        continue;
      statement = g_new0 (TideScriptStatement, 1);
      statement->sql = g_strdup ("SET check_function_bodies = false");
      g_ptr_array_add (self->phases[TIDE_DDL_MAIN], statement);
      return;
    }
}

/* What joins deeper down comes first: an index that lacks its parts is not valid, and would not be taken for a part. */
static int
compare_depths (gconstpointer a,
                gconstpointer b)
{
  const TideScriptStatement *left = *(TideScriptStatement *const *) a;
  const TideScriptStatement *right = *(TideScriptStatement *const *) b;

  return (int) tide_plan_get_depth (right->object) - (int) tide_plan_get_depth (left->object);
}

GPtrArray *
tide_plan_write (TidePlan    *self,
                 const guint *order)
{
  const TideStep *steps = (const TideStep *) self->steps->data;
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  Writer writer = { .plan = self, .columns = columns };

  for (guint i = 0; i < G_N_ELEMENTS (writer.phases); i++)
    writer.phases[i] = tide_plan_statements_new ();
  write_settings (&writer, steps, self->steps->len);
  write_renames (&writer);
  for (guint i = 0; order[i] != TIDE_PLAN_NO_STEP; i++)
    write_step (&writer, &steps[order[i]]);
  g_ptr_array_sort (writer.phases[TIDE_DDL_JOIN], compare_depths);
  return tide_plan_statements_join (writer.phases);
}
