/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-diff"

#include "config.h"

#include "schema/tide-expression.h"
#include "schema/tide-schema-diff-private.h"
#include "schema/tide-table-aliases.h"

enum
{
  SIDE_FROM,
  SIDE_TO,
};

G_DEFINE_BOXED_TYPE (TideSchemaDiff, tide_schema_diff, tide_schema_diff_ref, tide_schema_diff_unref)

/* An ignore rule, compiled */
typedef struct
{
  const char   *kind;   /* Borrowed, (nullable) */
  GPatternSpec *schema; /* (nullable) */
  GPatternSpec *name;   /* (nullable) */
} Rule;

static void
rule_free (gpointer data)
{
  Rule *rule = data;

  g_clear_pointer (&rule->schema, g_pattern_spec_free);
  g_clear_pointer (&rule->name, g_pattern_spec_free);
  g_free (rule);
}

static GPtrArray *
compile_rules (GPtrArray *ignores)
{
  GPtrArray *rules = g_ptr_array_new_with_free_func (rule_free);

  for (guint i = 0; ignores != NULL && i < ignores->len; i++)
    {
      const TideSchemaIgnore *ignore = g_ptr_array_index (ignores, i);
      Rule *rule = g_new0 (Rule, 1);

      rule->kind = ignore->kind;
      rule->schema = ignore->schema == NULL ? NULL : g_pattern_spec_new (ignore->schema);
      rule->name = ignore->name == NULL ? NULL : g_pattern_spec_new (ignore->name);
      g_ptr_array_add (rules, rule);
    }
  return rules;
}

/* The schema that @object is shown in: a schema is shown in itself */
static const char *
get_place (const TideSchemaObject *object)
{
  if (tide_schema_object_get_kind (object) == TIDE_OBJECT_SCHEMA)
    return tide_schema_object_get_name (object);
  return tide_schema_object_get_namespace (object);
}

static gboolean
rule_matches (const Rule             *self,
              const TideSchemaObject *object)
{
  const char *kind = tide_object_kind_get_info (tide_schema_object_get_kind (object))->name;
  const char *place = get_place (object);
  g_autofree char *name = NULL;

  if (self->kind != NULL && !g_str_equal (self->kind, kind))
    return FALSE;
  if (self->schema != NULL && (place == NULL || !g_pattern_spec_match_string (self->schema, place)))
    return FALSE;
  if (self->name == NULL)
    return TRUE;
  name = tide_schema_object_dup_name (object);
  return g_pattern_spec_match_string (self->name, name);
}

/* A rule for an object is one for all that belongs to it. */
static gboolean
is_ignored (GPtrArray              *rules,
            const TideSchemaObject *object)
{
  for (; object != NULL && rules->len > 0; object = tide_schema_object_get_parent (object))
    for (guint i = 0; i < rules->len; i++)
      if (rule_matches (g_ptr_array_index (rules, i), object))
        return TRUE;
  return FALSE;
}

const TideSchemaObject *
tide_schema_object_find_default (const TideSchemaObject *column)
{
  const TideSchemaObject *child;

  if (column == NULL || tide_schema_object_get_kind (column) != TIDE_OBJECT_COLUMN)
    return NULL;
  for (child = tide_schema_object_get_first_child (column); child != NULL; child = tide_schema_object_get_next (child))
    if (tide_schema_object_get_kind (child) == TIDE_OBJECT_DEFAULT)
      return child;
  return NULL;
}

/* --- what is the same --- */

gboolean
tide_schema_object_is_ledger (const TideSchemaObject *object)
{
  return tide_schema_object_get_kind (object) == TIDE_OBJECT_TABLE
         && g_str_equal (tide_schema_object_get_name (object), "_prisma_migrations");
}

/* Prisma's ledger, and what belongs to it */
static gboolean *
find_ledger (TideSchema *schema)
{
  guint n = tide_schema_get_n_objects (schema);
  gboolean *out = g_new0 (gboolean, n + 1);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *object = tide_schema_get_object (schema, i);
      const TideSchemaObject *parent = tide_schema_object_get_parent (object);

      out[i] = tide_schema_object_is_ledger (object) || (parent != NULL && out[tide_schema_object_get_index (parent)]);
    }
  return out;
}

static void
pair (TideSchemaDiff *self)
{
  guint n = tide_schema_get_n_objects (self->base);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *object = tide_schema_get_object (self->base, i);
      const TideSchemaObject *same = tide_schema_find_same (self->to, object);

      if (same == NULL)
        continue;
      self->to_of[i] = same;
      self->base_of[tide_schema_object_get_index (same)] = object;
    }
}

/* A schema that holds the ledger cannot go: the ledger stays. */
static void
keep_schemas_of_ledger (TideSchemaDiff *self)
{
  guint first;
  guint end;

  tide_schema_get_range (self->base, TIDE_OBJECT_TABLE, &first, &end);
  for (guint i = first; i < end; i++)
    {
      guint n = 0;
      const TideSchemaObject *const *on;

      if (!self->out[SIDE_FROM][i])
        continue;
      on = tide_schema_get_dependencies (self->base, tide_schema_get_object (self->base, i), &n);
      for (guint d = 0; d < n; d++)
        if (tide_schema_object_get_kind (on[d]) == TIDE_OBJECT_SCHEMA
            && self->to_of[tide_schema_object_get_index (on[d])] == NULL)
          self->out[SIDE_FROM][tide_schema_object_get_index (on[d])] = TRUE;
    }
}

/* How a server prints what is stored: from 16 on views and locales otherwise than before */
static gboolean
is_printed_otherwise (const TideSchemaDiff *self)
{
  return (tide_schema_get_server_version (self->from) < 160000) != (tide_schema_get_server_version (self->to) < 160000);
}

static gboolean
texts_mean_the_same (const TideSchemaDiff *self,
                     const char           *left,
                     const char           *right,
                     TideAttributeFlags    flags)
{
  if ((flags & TIDE_ATTRIBUTE_EXPRESSION) != 0)
    return is_printed_otherwise (self) ? tide_expression_equal_across (left, right) : tide_expression_equal (left, right);
  return (flags & TIDE_ATTRIBUTE_LOCALE) != 0 && is_printed_otherwise (self) && tide_locale_equal_across (left, right);
}

static gboolean
values_are_equal (const TideSchemaDiff *self,
                  const char           *left,
                  const char           *right,
                  TideAttributeFlags    flags)
{
  if (left == right || g_strcmp0 (left, TIDE_VALUE_UNREADABLE) == 0 || g_strcmp0 (right, TIDE_VALUE_UNREADABLE) == 0)
    return TRUE;
  if (left == NULL || right == NULL)
    return FALSE;
  return g_str_equal (left, right) || texts_mean_the_same (self, left, right, flags);
}

/* As values_are_equal(), of texts that may name columns of tables by their places */
static gboolean
expressions_are_equal (const TideSchemaDiff   *self,
                       const TideSchemaObject *from,
                       const TideSchemaObject *to,
                       guint                   attribute,
                       TideAttributeFlags      flags)
{
  const char *left = tide_schema_object_get_value (from, attribute);
  const char *right = tide_schema_object_get_value (to, attribute);
  gboolean other = FALSE;

  if (left != NULL && right != NULL && tide_table_aliases_equal (left, from, right, to, &other))
    return TRUE;
  return !other && values_are_equal (self, left, right, flags);
}

static guint64
compare (const TideSchemaDiff   *self,
         const TideSchemaObject *from,
         const TideSchemaObject *to)
{
  TideObjectKind kind = tide_schema_object_get_kind (to);
  guint n = tide_object_kind_get_n_attributes (kind);
  gboolean other_major = tide_schema_get_server_version (self->from) / 10000 != tide_schema_get_server_version (self->to) / 10000;
  guint64 changed = 0;

  for (guint i = 0; i < n; i++)
    {
      TideAttributeFlags flags = tide_object_kind_get_attribute (kind, i)->flags;

      if ((flags & TIDE_ATTRIBUTE_INTERNAL) != 0 || ((flags & TIDE_ATTRIBUTE_POSITION) != 0 && !self->column_order)
          || ((flags & TIDE_ATTRIBUTE_OF_MAJOR) != 0 && other_major))
        continue;
      if ((flags & TIDE_ATTRIBUTE_EXPRESSION) != 0 ? !expressions_are_equal (self, from, to, i, flags)
                                                   : !values_are_equal (self, tide_schema_object_get_value (from, i),
                                                                        tide_schema_object_get_value (to, i), flags))
        changed |= G_GUINT64_CONSTANT (1) << i;
    }
  return changed;
}

static void
compare_pairs (TideSchemaDiff *self)
{
  guint n = tide_schema_get_n_objects (self->to);

  for (guint i = 0; i < n; i++)
    if (self->base_of[i] != NULL && !self->out[SIDE_TO][i])
      self->changed[i] = compare (self, self->base_of[i], tide_schema_get_object (self->to, i));
}

/* --- the list of changes --- */

typedef struct
{
  TideSchemaDiff    *diff;
  GPtrArray         *rules;   /* (element-type Rule) */
  const char *const *schemas; /* (nullable) */
} Lister;

static gboolean
is_default_of_column (const TideSchemaObject *object)
{
  return tide_schema_object_get_kind (object) == TIDE_OBJECT_DEFAULT
         && tide_schema_object_get_kind (tide_schema_object_get_parent (object)) == TIDE_OBJECT_COLUMN;
}

static gboolean
default_differs (const TideSchemaDiff   *self,
                 const TideSchemaObject *from,
                 const TideSchemaObject *to)
{
  if (from == NULL || to == NULL)
    return from != to;
  return self->changed[tide_schema_object_get_index (to)] != 0;
}

static void
list (Lister           *self,
      TideSchemaChange  change)
{
  const TideSchemaObject *object = change.to != NULL ? change.to : change.from;
  const char *place = get_place (object);

  if (self->schemas != NULL && (place == NULL || !g_strv_contains (self->schemas, place)))
    return;
  g_ptr_array_add (is_ignored (self->rules, object) ? self->diff->ignored : self->diff->changes,
                   g_memdup2 (&change, sizeof change));
}

/* Whether @object is the sequence of an identity that comes or goes with its column, or as its column says; @counterparts: by
 * index in the schema of @object */
static gboolean
is_of_new_identity (const TideSchemaObject        *object,
                    const TideSchemaObject *const *counterparts)
{
  guint n;
  const TideSchemaObject *const *on;

  if (tide_schema_object_get_kind (object) != TIDE_OBJECT_SEQUENCE || !tide_schema_object_is (object, "identity"))
    return FALSE;
  on = tide_schema_get_dependencies (tide_schema_object_get_schema (object), object, &n);
  for (guint i = 0; i < n; i++)
    if (tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_COLUMN)
      {
        const TideSchemaObject *other = counterparts[tide_schema_object_get_index (on[i])];

        return other == NULL || !tide_schema_object_is (other, "identity");
      }
  return FALSE;
}

/* @object has no counterpart: whether that is told by what it belongs to */
static gboolean
is_implied (const TideSchemaObject        *object,
            const TideSchemaObject *const *counterparts)
{
  const TideSchemaObject *parent = tide_schema_object_get_parent (object);

  if (parent != NULL)
    return counterparts[tide_schema_object_get_index (parent)] == NULL;
  return is_of_new_identity (object, counterparts);
}

static void
list_removed (Lister *self)
{
  TideSchemaDiff *diff = self->diff;
  guint n = tide_schema_get_n_objects (diff->from);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *object = tide_schema_get_object (diff->from, i);
      TideSchemaChange change = { .type = TIDE_CHANGE_REMOVED, .from = object };

      if (diff->to_of[i] != NULL || diff->out[SIDE_FROM][i] || is_default_of_column (object))
        continue;
      change.implied = is_implied (object, diff->to_of);
      change.default_from = tide_schema_object_find_default (object);
      change.has_default_change = change.default_from != NULL;
      list (self, change);
    }
}

static TideSchemaChange
make_added (const TideSchemaDiff   *diff,
            const TideSchemaObject *object)
{
  TideSchemaChange change = { .type = TIDE_CHANGE_ADDED, .to = object };

  change.implied = is_implied (object, diff->base_of);
  change.default_to = tide_schema_object_find_default (object);
  change.has_default_change = change.default_to != NULL;
  return change;
}

static void
list_changed (Lister                 *self,
              const TideSchemaObject *base,
              const TideSchemaObject *to)
{
  TideSchemaDiff *diff = self->diff;
  const TideSchemaObject *from = tide_schema_get_object (diff->from, tide_schema_object_get_index (base));
  TideSchemaChange change = { .type = TIDE_CHANGE_CHANGED, .from = from, .to = to };

  change.attributes = diff->changed[tide_schema_object_get_index (to)];
  change.has_default_change = default_differs (diff, tide_schema_object_find_default (base), tide_schema_object_find_default (to));
  if (change.has_default_change)
    {
      change.default_from = tide_schema_object_find_default (from);
      change.default_to = tide_schema_object_find_default (to);
    }
  if (change.attributes != 0 || change.has_default_change
      || !g_str_equal (tide_schema_object_get_name (from), tide_schema_object_get_name (to)))
    list (self, change);
}

static void
list_added_and_changed (Lister *self)
{
  TideSchemaDiff *diff = self->diff;
  guint n = tide_schema_get_n_objects (diff->to);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *object = tide_schema_get_object (diff->to, i);

      if (diff->out[SIDE_TO][i] || is_default_of_column (object))
        continue;
      if (diff->base_of[i] == NULL)
        list (self, make_added (diff, object));
      else
        list_changed (self, diff->base_of[i], object);
    }
}

static int
compare_names (const TideSchemaObject *left,
               const TideSchemaObject *right)
{
  int order;

  if (left == NULL || right == NULL)
    return (left != NULL) - (right != NULL);
  order = compare_names (tide_schema_object_get_parent (left), tide_schema_object_get_parent (right));
  if (order == 0)
    order = g_strcmp0 (tide_schema_object_get_name (left), tide_schema_object_get_name (right));
  return order != 0 ? order
                    : g_strcmp0 (tide_schema_object_get_signature (left), tide_schema_object_get_signature (right));
}

static int
compare_changes (gconstpointer a,
                 gconstpointer b)
{
  const TideSchemaChange *left = *(TideSchemaChange *const *) a;
  const TideSchemaChange *right = *(TideSchemaChange *const *) b;
  const TideSchemaObject *mine = left->to != NULL ? left->to : left->from;
  const TideSchemaObject *other = right->to != NULL ? right->to : right->from;
  int order = g_strcmp0 (get_place (mine), get_place (other));

  if (order == 0)
    order = (int) tide_schema_object_get_kind (mine) - (int) tide_schema_object_get_kind (other);
  if (order == 0)
    order = compare_names (mine, other);
  return order != 0 ? order : (int) right->type - (int) left->type;
}

static void
list_changes (TideSchemaDiff              *self,
              const TideSchemaDiffOptions *options)
{
  g_autoptr (GPtrArray) rules = compile_rules (options->ignores);
  Lister lister = { self, rules, options->schemas };

  list_removed (&lister);
  list_added_and_changed (&lister);
  g_ptr_array_sort (self->changes, compare_changes);
  g_ptr_array_sort (self->ignored, compare_changes);
}

/* --- public --- */

/**
 * tide_schema_diff_new:
 * @from: what there is
 * @to: what is wanted
 * @options: (nullable): what counts
 *
 * Compares two schemas. Renames that name nothing that was removed, or nothing that was added, are left aside.
 *
 * Returns: (transfer full): what differs
 */
TideSchemaDiff *
tide_schema_diff_new (TideSchema                  *from,
                      TideSchema                  *to,
                      const TideSchemaDiffOptions *options)
{
  static const TideSchemaDiffOptions defaults = { 0 };
  TideSchemaDiff *self;

  g_return_val_if_fail (from != NULL && to != NULL, NULL);

  if (options == NULL)
    options = &defaults;
  self = g_atomic_rc_box_new0 (TideSchemaDiff);
  self->column_order = options->column_order;
  self->renames = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_schema_renamed_free);
  self->from = tide_schema_ref (from);
  self->to = tide_schema_ref (to);
  self->base = tide_schema_rename (from, to, options->renames, self->renames);
  self->to_of = g_new0 (const TideSchemaObject *, tide_schema_get_n_objects (from) + 1);
  self->base_of = g_new0 (const TideSchemaObject *, tide_schema_get_n_objects (to) + 1);
  self->changed = g_new0 (guint64, tide_schema_get_n_objects (to) + 1);
  self->changes = g_ptr_array_new_with_free_func (g_free);
  self->ignored = g_ptr_array_new_with_free_func (g_free);
  for (guint side = SIDE_FROM; side <= SIDE_TO; side++)
    {
      TideSchema *schema = side == SIDE_FROM ? from : to;

      self->out[side] = options->with_ledger ? g_new0 (gboolean, tide_schema_get_n_objects (schema) + 1)
                                             : find_ledger (schema);
    }
  pair (self);
  keep_schemas_of_ledger (self);
  compare_pairs (self);
  list_changes (self, options);
  return self;
}

static void
diff_clear (gpointer data)
{
  TideSchemaDiff *self = data;

  g_free (self->to_of);
  g_free (self->base_of);
  g_free (self->changed);
  g_free (self->out[SIDE_FROM]);
  g_free (self->out[SIDE_TO]);
  g_ptr_array_unref (self->renames);
  g_ptr_array_unref (self->changes);
  g_ptr_array_unref (self->ignored);
  tide_schema_unref (self->from);
  tide_schema_unref (self->base);
  tide_schema_unref (self->to);
}

TideSchemaDiff *
tide_schema_diff_ref (TideSchemaDiff *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
tide_schema_diff_unref (TideSchemaDiff *self)
{
  g_atomic_rc_box_release_full (self, diff_clear);
}

TideSchema *
tide_schema_diff_get_from (const TideSchemaDiff *self)
{
  return self->from;
}

TideSchema *
tide_schema_diff_get_to (const TideSchemaDiff *self)
{
  return self->to;
}

GPtrArray *
tide_schema_diff_get_changes (const TideSchemaDiff *self)
{
  return self->changes;
}

GPtrArray *
tide_schema_diff_list_told (const TideSchemaDiff *self)
{
  GPtrArray *told = g_ptr_array_new ();

  for (guint i = 0; i < self->changes->len; i++)
    if (!((const TideSchemaChange *) g_ptr_array_index (self->changes, i))->implied)
      g_ptr_array_add (told, g_ptr_array_index (self->changes, i));
  return told;
}

GPtrArray *
tide_schema_diff_get_ignored (const TideSchemaDiff *self)
{
  return self->ignored;
}

const TideSchemaObject *
tide_schema_diff_get_counterpart (const TideSchemaDiff   *self,
                                  const TideSchemaObject *object)
{
  guint index = tide_schema_object_get_index (object);
  const TideSchemaObject *base;

  if (tide_schema_object_get_schema (object) == self->from)
    return self->to_of[index];
  g_return_val_if_fail (tide_schema_object_get_schema (object) == self->to, NULL);
  base = self->base_of[index];
  return base == NULL ? NULL : tide_schema_get_object (self->from, tide_schema_object_get_index (base));
}

static const TideSchemaObject *
get_root (const TideSchemaObject *object)
{
  while (object != NULL && tide_schema_object_get_parent (object) != NULL)
    object = tide_schema_object_get_parent (object);
  return object;
}

void
tide_schema_diff_get_whole (const TideSchemaDiff    *self,
                            const TideSchemaChange  *change,
                            const TideSchemaObject **from,
                            const TideSchemaObject **to)
{
  *from = get_root (change->from);
  *to = get_root (change->to);
  if (*from == NULL)
    *from = tide_schema_diff_get_counterpart (self, *to);
  if (*to == NULL)
    *to = tide_schema_diff_get_counterpart (self, *from);
}
