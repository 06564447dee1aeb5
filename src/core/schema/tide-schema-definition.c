/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-definition"

#include "config.h"

#include "schema/tide-plan.h"

/* What @child, and its own children, put inside the CREATE of its parent; NULL: nothing */
static char *
dup_element (const TideSchemaObject *child)
{
  const TideObjectKindInfo *info = tide_object_kind_get_info (tide_schema_object_get_kind (child));
  char *text = info->inline_element == NULL ? NULL : info->inline_element (child);
  GString *element;

  if (text == NULL)
    return NULL;
  element = g_string_new (text);
  g_free (text);
  for (child = tide_schema_object_get_first_child (child); child != NULL; child = tide_schema_object_get_next (child))
    {
      g_autofree char *inner = dup_element (child);

      if (inner != NULL)
        g_string_append_printf (element, " %s", inner);
    }
  return g_string_free (element, FALSE);
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
  GString *elements = g_string_new (NULL);
  const char *indent = tide_schema_object_get_parent (object) == NULL ? "  " : "";
  const TideSchemaObject *child;

  for (child = tide_schema_object_get_first_child (object); child != NULL; child = tide_schema_object_get_next (child))
    {
      g_autofree char *element = dup_element (child);

      g_ptr_array_add (element == NULL ? outside : inside, (gpointer) child);
      if (element != NULL)
        g_string_append_printf (elements, "%s%s%s", elements->len == 0 ? "" : ",\n", indent, element);
    }
  tide_ddl_take_elements (ddl, g_string_free (elements, elements->len == 0));
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
