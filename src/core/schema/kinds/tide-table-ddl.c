/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-table-ddl"

#include "config.h"

#include <string.h>

#include "schema/kinds/tide-table-ddl.h"
#include "wire/tide-session.h"

static const TideSchemaObject *
get_table (const TideSchemaObject *object)
{
  while (tide_schema_object_get_parent (object) != NULL)
    object = tide_schema_object_get_parent (object);
  return object;
}

static gboolean
table_is (const TideSchemaObject *object,
          const char             *type)
{
  const TideSchemaObject *table = get_table (object);

  return tide_schema_object_get_kind (table) == TIDE_OBJECT_TABLE
         && g_strcmp0 (tide_schema_object_get (table, "type"), type) == 0;
}

char *
tide_table_dup_quoted (const TideSchemaObject *object)
{
  return tide_schema_object_dup_quoted (get_table (object));
}

gboolean
tide_table_is_foreign (const TideSchemaObject *object)
{
  return table_is (object, "foreign");
}

char *
tide_table_dup_alter (const TideSchemaObject *object,
                      gboolean                only)
{
  g_autofree char *name = tide_table_dup_quoted (object);

  return g_strconcat (tide_table_is_foreign (object) ? "ALTER FOREIGN TABLE " : "ALTER TABLE ", only ? "ONLY " : "", name,
                      NULL);
}

gboolean
tide_table_is_partition (const TideSchemaObject *object)
{
  const TideSchemaObject *table = get_table (object);

  return tide_schema_object_get_kind (table) == TIDE_OBJECT_TABLE
         && tide_schema_object_get (table, "partition_of") != NULL;
}

const TideSchemaObject *
tide_table_find_whole (const TideSchemaObject *table)
{
  const char *whole
    = tide_schema_object_get_kind (table) == TIDE_OBJECT_TABLE ? tide_schema_object_get (table, "partition_of") : NULL;
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (tide_schema_object_get_schema (table), table, &n);

  for (guint i = 0; whole != NULL && i < n; i++)
    {
      g_autofree char *name = tide_schema_object_dup_quoted (on[i]);

      if (tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_TABLE && g_str_equal (name, whole))
        return on[i];
    }
  return NULL;
}

/* The server joins an index to that of the whole only if it is valid: it needs its own parts first. */
TideDdlPhase
tide_table_get_attach_phase (TideDdl                *ddl,
                             const TideSchemaObject *table)
{
  const TideSchemaObject *whole = tide_table_find_whole (table);

  if (!tide_ddl_is_late_whole (ddl))
    return TIDE_DDL_MAIN;
  return whole != NULL && tide_table_is_partition (whole) ? TIDE_DDL_JOIN : TIDE_DDL_LATE;
}

gboolean
tide_table_is_partitioned (const TideSchemaObject *object)
{
  return table_is (object, "partitioned");
}

/* --- inheritance --- */

const TideSchemaObject *
tide_table_find_parent (const TideSchemaObject *table,
                        const char             *quoted)
{
  guint n;
  const TideSchemaObject *const *others = tide_schema_get_dependencies (tide_schema_object_get_schema (table), table, &n);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = tide_schema_object_dup_quoted (others[i]);

      if (tide_schema_object_get_kind (others[i]) == TIDE_OBJECT_TABLE && g_str_equal (name, quoted))
        return others[i];
    }
  return NULL;
}

static gboolean
has_child (const TideSchemaObject *table,
           TideObjectKind          kind,
           const char             *name)
{
  const TideSchemaObject *child = tide_schema_object_get_first_child (table);

  while (child != NULL && (tide_schema_object_get_kind (child) != kind || !g_str_equal (tide_schema_object_get_name (child), name)))
    child = tide_schema_object_get_next (child);
  return child != NULL;
}

/* Appends the names of the columns of @table that are not among @names yet. Returns: whether each is one that @heir has said
 * itself, and so is each check: only then can it inherit later. */
static gboolean
collect_inherited (const TideSchemaObject *table,
                   const TideSchemaObject *heir,
                   GPtrArray              *names)
{
  for (const TideSchemaObject *child = tide_schema_object_get_first_child (table); child != NULL;
       child = tide_schema_object_get_next (child))
    {
      TideObjectKind kind = tide_schema_object_get_kind (child);
      const char *name = tide_schema_object_get_name (child);

      if (kind == TIDE_OBJECT_COLUMN && !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        g_ptr_array_add (names, (gpointer) name);
      else if (kind == TIDE_OBJECT_CONSTRAINT && g_strcmp0 (tide_schema_object_get (child, "type"), "check") == 0
               && !tide_schema_object_is (child, "no_inherit") && !has_child (heir, kind, name))
        return FALSE;
    }
  return TRUE;
}

gboolean
tide_table_inherits_later (const TideSchemaObject *table)
{
  const char *inherits = tide_schema_object_get (table, "inherits");
  g_auto (GStrv) parents = inherits == NULL ? NULL : g_strsplit (inherits, "\n", -1);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  gboolean differs = FALSE;
  guint place = 0;

  for (guint i = 0; parents != NULL && parents[i] != NULL; i++)
    {
      const TideSchemaObject *parent = tide_table_find_parent (table, parents[i]);

      if (parent == NULL || !collect_inherited (parent, table, names))
        return FALSE;
    }
  for (const TideSchemaObject *child = tide_schema_object_get_first_child (table); child != NULL && names->len > 0;
       child = tide_schema_object_get_next (child))
    {
      if (tide_schema_object_get_kind (child) != TIDE_OBJECT_COLUMN)
        continue;
      if (tide_schema_object_is (child, "inherited"))
        return FALSE;
      if (place < names->len && !g_str_equal (tide_schema_object_get_name (child), g_ptr_array_index (names, place)))
        differs = TRUE;
      place++;
    }
  return differs;
}

/* --- options --- */

static char **
split_options (const char *options)
{
  return options == NULL ? g_new0 (char *, 1) : g_strsplit (options, "\n", -1);
}

/* `toast."name"` of "toast.name=value" */
static char *
dup_option_name (const char *option)
{
  gboolean toast = g_str_has_prefix (option, "toast.");
  const char *start = option + (toast ? strlen ("toast.") : 0);
  g_autofree char *name = g_strndup (start, strcspn (start, "="));
  g_autofree char *quoted = tide_quote_identifier (name);

  return g_strconcat (toast ? "toast." : "", quoted, NULL);
}

static const char *
get_option_value (const char *option)
{
  const char *equals = strchr (option, '=');

  return equals == NULL ? "" : equals + 1;
}

/* (nullable): the option of @options with the name of @option */
static const char *
find_option (char       **options,
             const char  *option)
{
  gsize length = strcspn (option, "=");

  for (char **other = options; *other != NULL; other++)
    if (strcspn (*other, "=") == length && strncmp (*other, option, length) == 0)
      return *other;
  return NULL;
}

static void
append_item (GString    *list,
             const char *item)
{
  if (list->len > 0)
    g_string_append (list, ", ");
  g_string_append (list, item);
}

static void
append_option (GString    *list,
               const char *option)
{
  g_autofree char *name = dup_option_name (option);
  g_autofree char *value = tide_quote_literal (get_option_value (option));
  g_autofree char *item = g_strconcat (name, "=", value, NULL);

  append_item (list, item);
}

char *
tide_options_dup_list (const char *options)
{
  g_auto (GStrv) split = split_options (options);
  GString *list = g_string_new (NULL);

  for (char **option = split; *option != NULL; option++)
    append_option (list, *option);
  return g_string_free (list, FALSE);
}

/* `("a"='1')`: adds `ADDRESS VERB (...)` unless there is nothing in @list */
static void
add_list (TideDdl    *ddl,
          const char *address,
          const char *verb,
          GString    *list)
{
  if (list->len > 0)
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s %s (%s)", address, verb, list->str);
}

/* Whether the server, which appends what is set, would come to the order of @after by setting only what differs */
static gboolean
keeps_order (char **before,
             char **after)
{
  guint place = 0;

  for (char **option = before; *option != NULL; option++)
    if (g_strcmp0 (find_option (after, *option), *option) == 0)
      {
        if (after[place] == NULL || !g_str_equal (after[place], *option))
          return FALSE;
        place++;
      }
  return TRUE;
}

void
tide_options_add_change (TideDdl    *ddl,
                         const char *address,
                         const char *from,
                         const char *to)
{
  g_auto (GStrv) before = split_options (from);
  g_auto (GStrv) after = split_options (to);
  g_autoptr (GString) set = g_string_new (NULL);
  g_autoptr (GString) reset = g_string_new (NULL);
  gboolean all = !keeps_order (before, after);

  for (char **option = after; *option != NULL; option++)
    if (all || g_strcmp0 (find_option (before, *option), *option) != 0)
      append_option (set, *option);
  for (char **option = before; *option != NULL; option++)
    if (all || find_option (after, *option) == NULL)
      {
        g_autofree char *name = dup_option_name (*option);

        append_item (reset, name);
      }
  add_list (ddl, address, "RESET", reset);
  add_list (ddl, address, "SET", set);
}
