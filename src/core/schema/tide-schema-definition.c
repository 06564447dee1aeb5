/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-definition"

#include "config.h"

#include "schema/tide-plan.h"

/* (transfer full) (nullable): what @child puts inside the CREATE of its parent */
static char *
dup_element (const TideSchemaObject *child)
{
  const TideObjectKindInfo *info = tide_object_kind_get_info (tide_schema_object_get_kind (child));
  const TideSchemaObject *default_ = tide_schema_object_find_default (child);
  g_autofree char *element = info->inline_element == NULL ? NULL : info->inline_element (child);
  g_autofree char *behind = element == NULL || default_ == NULL ? NULL : dup_element (default_);

  return behind == NULL ? g_steal_pointer (&element) : g_strconcat (element, " ", behind, NULL);
}

static void
write_common (GPtrArray             **phases,
              const TideSchemaObject *object)
{
  TideSchema *schema = tide_schema_object_get_schema (object);
  g_autoptr (TideDdl) ddl = tide_ddl_new (FALSE, tide_schema_get_server_version (schema));

  tide_plan_write_common (ddl, NULL, object, NULL);
  tide_plan_take (phases, ddl, object);
}

static void
write_object (GPtrArray             **phases,
              const TideSchemaObject *object)
{
  TideSchema *schema = tide_schema_object_get_schema (object);
  g_autoptr (TideDdl) ddl = tide_ddl_new (FALSE, tide_schema_get_server_version (schema));
  g_autoptr (GPtrArray) outside = g_ptr_array_new ();
  g_autoptr (GPtrArray) inside = g_ptr_array_new ();
  g_autoptr (GString) elements = g_string_new (NULL);
  const char *indent = tide_schema_object_get_parent (object) == NULL ? "  " : "";
  const TideSchemaObject *child;

  for (child = tide_schema_object_get_first_child (object); child != NULL; child = tide_schema_object_get_next (child))
    {
      g_autofree char *element = dup_element (child);

      g_ptr_array_add (element == NULL ? outside : inside, (gpointer) child);
      if (element != NULL)
        g_string_append_printf (elements, "%s%s%s", elements->len == 0 ? "" : ",\n", indent, element);
    }
  tide_ddl_take_elements (ddl, elements->len == 0 ? NULL : g_strdup (elements->str));
  tide_object_kind_get_info (tide_schema_object_get_kind (object))->create (ddl, object);
  tide_plan_take (phases, ddl, object);
  write_common (phases, object);
  for (guint i = 0; i < inside->len; i++)
    write_common (phases, g_ptr_array_index (inside, i));
  for (guint i = 0; i < outside->len; i++)
    write_object (phases, g_ptr_array_index (outside, i));
}

char *
tide_schema_object_dup_definition (const TideSchemaObject *object)
{
  GPtrArray *phases[TIDE_PLAN_N_PHASES];
  g_autoptr (GPtrArray) statements = NULL;

  g_return_val_if_fail (object != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    phases[i] = tide_plan_statements_new ();
  write_object (phases, object);
  statements = tide_plan_statements_join (phases);
  return tide_plan_dup_text (statements);
}
