/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-plan"

#include "config.h"

#include "schema/tide-expression.h"
#include "schema/tide-plan.h"
#include "schema/tide-privileges.h"
#include "wire/tide-session.h"

/* --- statements in the order of their phases --- */

static void
statement_free (gpointer data)
{
  TideScriptStatement *self = data;

  g_free (self->sql);
  g_free (self);
}

GPtrArray *
tide_plan_statements_new (void)
{
  return g_ptr_array_new_with_free_func (statement_free);
}

void
tide_plan_take (GPtrArray             **phases,
                TideDdl                *ddl,
                const TideSchemaObject *object)
{
  GPtrArray *statements = tide_ddl_get_statements (ddl);

  for (guint i = 0; i < statements->len; i++)
    {
      TideDdlStatement *from = g_ptr_array_index (statements, i);
      TideScriptStatement *statement = g_new0 (TideScriptStatement, 1);

      statement->sql = tide_expression_dup_exact (from->sql);
      if (statement->sql == NULL)
        statement->sql = g_steal_pointer (&from->sql);
      statement->hazards = from->hazards;
      statement->object = object;
      g_ptr_array_add (phases[from->phase], statement);
    }
}

GPtrArray *
tide_plan_statements_join (GPtrArray **phases)
{
  for (guint i = 1; i < TIDE_PLAN_N_PHASES; i++)
    g_ptr_array_extend_and_steal (phases[0], phases[i]);
  return phases[0];
}

/* --- what every kind has --- */

static const TideObjectKindInfo *
get_info (const TideSchemaObject *object)
{
  return tide_object_kind_get_info (tide_schema_object_get_kind (object));
}

/* Who owns an object of the usual owner; "public" may be of who owns the database */
static const char *
get_usual_owner (TideDdl                *ddl,
                 const TideSchemaObject *object,
                 const TideSchema       *base)
{
  if (tide_schema_object_get_kind (object) == TIDE_OBJECT_SCHEMA && tide_schema_object_is (object, "owned_by_database")
      && tide_ddl_get_server_version (ddl) >= 140000)
    return "pg_database_owner";
  return tide_schema_get_owner (base);
}

static void
write_owner (TideDdl                *ddl,
             const TideSchemaObject *from,
             const TideSchemaObject *to,
             const TideSchema       *base)
{
  const char *before = from == NULL ? NULL : tide_schema_object_get_value (from, TIDE_ATTRIBUTE_OWNER);
  const char *owner = tide_schema_object_get_value (to, TIDE_ATTRIBUTE_OWNER);
  g_autofree char *address = NULL;
  g_autofree char *role = NULL;

  if (g_strcmp0 (before, owner) == 0)
    return;
  address = get_info (to)->address (to);
  role = tide_quote_identifier (owner != NULL ? owner : get_usual_owner (ddl, to, base));
  tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "ALTER %s OWNER TO %s", address, role);
}

static void
write_comment (TideDdl                *ddl,
               const TideSchemaObject *from,
               const TideSchemaObject *to)
{
  const char *standard = get_info (to)->get_standard_comment == NULL ? NULL : get_info (to)->get_standard_comment (to);
  const char *before = from == NULL ? NULL : tide_schema_object_get_value (from, TIDE_ATTRIBUTE_COMMENT);
  const char *comment = tide_schema_object_get_value (to, TIDE_ATTRIBUTE_COMMENT);
  g_autofree char *address = NULL;
  g_autofree char *text = NULL;

  if (g_strcmp0 (before, comment) == 0 && (from != NULL || standard == NULL))
    return;
  if (comment == NULL)
    comment = standard;
  address = get_info (to)->address (to);
  text = comment == NULL ? g_strdup ("NULL") : tide_quote_literal (comment);
  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "COMMENT ON %s IS %s", address, text);
}

/* One label a line: "PROVIDER=LABEL" */
static GHashTable *
split_labels (const char *text)
{
  GHashTable *labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) lines = g_strsplit (text == NULL ? "" : text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (lines[i], "=", 2);

      if (parts[0] != NULL && parts[1] != NULL)
        g_hash_table_insert (labels, g_steal_pointer (&parts[0]), g_strdup (parts[1]));
    }
  return labels;
}

static void
write_label (TideDdl    *ddl,
             const char *address,
             const char *provider,
             const char *label)
{
  g_autofree char *name = tide_quote_identifier (provider);
  g_autofree char *text = label == NULL ? g_strdup ("NULL") : tide_quote_literal (label);

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "SECURITY LABEL FOR %s ON %s IS %s", name, address, text);
}

static void
write_labels (TideDdl                *ddl,
              const TideSchemaObject *from,
              const TideSchemaObject *to)
{
  const char *before = from == NULL ? NULL : tide_schema_object_get_value (from, TIDE_ATTRIBUTE_LABELS);
  const char *after = tide_schema_object_get_value (to, TIDE_ATTRIBUTE_LABELS);
  g_autoptr (GHashTable) old = NULL;
  g_autoptr (GHashTable) new = NULL;
  g_autofree char *address = NULL;
  GHashTableIter iter;
  gpointer provider;
  gpointer label;

  if (g_strcmp0 (before, after) == 0)
    return;
  old = split_labels (before);
  new = split_labels (after);
  address = get_info (to)->address (to);
  g_hash_table_iter_init (&iter, old);
  while (g_hash_table_iter_next (&iter, &provider, &label))
    if (!g_hash_table_contains (new, provider))
      write_label (ddl, address, provider, NULL);
  g_hash_table_iter_init (&iter, new);
  while (g_hash_table_iter_next (&iter, &provider, &label))
    if (g_strcmp0 (g_hash_table_lookup (old, provider), label) != 0)
      write_label (ddl, address, provider, label);
}

void
tide_plan_write_common (TideDdl                *ddl,
                        const TideSchemaObject *from,
                        const TideSchemaObject *to,
                        const TideSchema       *base)
{
  GPtrArray *statements = tide_ddl_get_statements (ddl);
  guint first = statements->len;

  write_owner (ddl, from, to, base);
  tide_privileges_write (ddl, from, to, base);
  for (guint i = first; i < statements->len; i++)
    {
      TideDdlStatement *statement = g_ptr_array_index (statements, i);

      statement->phase = MAX (statement->phase, get_info (to)->owner_phase);
    }
  write_comment (ddl, from, to);
  write_labels (ddl, from, to);
}
