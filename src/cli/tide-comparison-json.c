/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-comparison"

#include "config.h"

#include "tide-comparison.h"
#include "tide-error.h"
#include "tide-report.h"

static void
add_attribute (JsonBuilder *builder,
               const char  *name,
               const char  *from,
               const char  *to)
{
  json_builder_begin_object (builder);
  tide_report_add_text (builder, "name", name);
  tide_report_add_text (builder, "from", from);
  tide_report_add_text (builder, "to", to);
  json_builder_end_object (builder);
}

static const char *
get_default (const TideSchemaObject *object)
{
  return object != NULL ? tide_schema_object_get_value (object, TIDE_N_COMMON_ATTRIBUTES) : NULL;
}

static void
add_attributes (JsonBuilder            *builder,
                const TideSchemaChange *change)
{
  json_builder_set_member_name (builder, "attributes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < 64 && change->type == TIDE_CHANGE_CHANGED; i++)
    if (change->attributes & (G_GUINT64_CONSTANT (1) << i))
      add_attribute (builder, tide_object_kind_get_attribute (tide_schema_object_get_kind (change->to), i)->name,
                     tide_schema_object_get_value (change->from, i), tide_schema_object_get_value (change->to, i));
  if (change->has_default_change)
    add_attribute (builder, "default", get_default (change->default_from), get_default (change->default_to));
  json_builder_end_array (builder);
}

static void
add_definition (JsonBuilder            *builder,
                const char             *name,
                const TideSchemaObject *object)
{
  g_autofree char *definition = object != NULL ? tide_schema_object_dup_definition (object) : NULL;

  tide_report_add_text (builder, name, definition);
}

static void
add_parent (JsonBuilder            *builder,
            const TideSchemaObject *object)
{
  const TideSchemaObject *parent = tide_schema_object_get_parent (object);
  g_autofree char *name = parent != NULL ? tide_schema_object_dup_name (parent) : NULL;

  tide_report_add_text (builder, "parent", name);
}

static void
add_change (JsonBuilder            *builder,
            const TideSchemaChange *change)
{
  static const char *const words[] = { "added", "removed", "changed" };
  const TideSchemaObject *object = change->to != NULL ? change->to : change->from;
  g_autofree char *name = tide_schema_object_dup_name (object);
  g_autofree char *old_name = change->from != NULL ? tide_schema_object_dup_name (change->from) : NULL;

  json_builder_begin_object (builder);
  tide_report_add_text (builder, "kind", tide_object_kind_get_info (tide_schema_object_get_kind (object))->name);
  tide_report_add_text (builder, "schema", tide_schema_object_get_namespace (object));
  tide_report_add_text (builder, "name", name);
  tide_report_add_text (builder, "change", words[change->type]);
  add_definition (builder, "from", change->from);
  add_definition (builder, "to", change->to);
  add_attributes (builder, change);
  add_parent (builder, object);
  tide_report_add_text (builder, "renamed_from",
                        change->to != NULL && g_strcmp0 (old_name, name) != 0 ? old_name : NULL);
  json_builder_end_object (builder);
}

static void
add_changes (JsonBuilder *builder,
             const char  *name,
             GPtrArray   *changes)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < changes->len; i++)
    add_change (builder, g_ptr_array_index (changes, i));
  json_builder_end_array (builder);
}

static void
add_hazards (JsonBuilder      *builder,
             TideSchemaScript *script)
{
  GPtrArray *statements = script != NULL ? tide_schema_script_get_statements (script) : NULL;

  json_builder_set_member_name (builder, "hazards");
  json_builder_begin_array (builder);
  for (guint i = 0; statements != NULL && i < statements->len; i++)
    {
      const TideScriptStatement *statement = g_ptr_array_index (statements, i);

      for (guint bit = 0; bit < 16; bit++)
        {
          TideHazard hazard = statement->hazards & (1u << bit);
          g_autofree char *text = hazard != TIDE_HAZARD_NONE ? tide_hazard_dup_text (hazard) : NULL;

          if (text == NULL)
            continue;
          json_builder_begin_object (builder);
          tide_report_add_text (builder, "statement", statement->sql);
          tide_report_add_text (builder, "hazard", tide_hazard_get_name (hazard));
          tide_report_add_text (builder, "text", text);
          json_builder_end_object (builder);
        }
    }
  json_builder_end_array (builder);
}

static void
add_proof (JsonBuilder           *builder,
           const TideSchemaProof *proof)
{
  json_builder_set_member_name (builder, "proved");
  if (proof == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }
  json_builder_add_boolean_value (builder, proof->proved);
  tide_report_add_names (builder, "remaining", proof->remaining);
  tide_report_add_names (builder, "limits", proof->limits);
  if (proof->failure != NULL)
    {
      g_autofree char *text = tide_error_dup_text (proof->failure);

      tide_report_add_text (builder, "failure", text);
    }
}

static void
add_source (JsonBuilder      *builder,
            const char       *name,
            TideSchemaSource *source)
{
  g_autofree char *label = tide_schema_source_dup_label (source);

  tide_report_add_text (builder, name, label);
}

void
tide_comparison_print_json (const TideComparison *self,
                            TideCli              *cli)
{
  g_autoptr(GPtrArray) changes = tide_schema_diff_list_told (self->diff);
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autofree char *script = self->script != NULL ? tide_schema_script_dup_text (self->script) : NULL;

  json_builder_begin_object (builder);
  add_source (builder, "from", self->from);
  add_source (builder, "to", self->to);
  add_changes (builder, "changes", changes);
  add_changes (builder, "ignored", tide_schema_diff_get_ignored (self->diff));
  tide_report_add_text (builder, "script", script);
  add_hazards (builder, self->script);
  add_proof (builder, self->proof);
  if (self->failure != NULL)
    tide_report_add_error (builder, self->failure);
  json_builder_end_object (builder);
  tide_cli_print_json (cli, builder);
}
