/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-rename"

#include "config.h"

#include <string.h>

#include "schema/tide-expression.h"
#include "schema/tide-plan.h"
#include "schema/tide-schema-builder.h"
#include "schema/tide-schema-private.h"

/* Makes a copy of a schema as it will be when the agreed renames are done, so that all else is compared, and written, under the
 * new names. Texts are rewritten name by name; where that goes wrong, something that is the same counts as changed. */

typedef struct
{
  TideSchema  *from;
  TideSchema  *to;
  GPtrArray   *renamed;  /* (element-type TideSchemaRenamed) */
  const char **names;    /* by index in from: the new bare name, (nullable elements) */
} Renamer;

void
tide_schema_renamed_free (TideSchemaRenamed *self)
{
  g_free (self->name);
  g_free (self);
}

/* --- what was agreed --- */

/* `mail` of `users.mail`, `add` of `add(integer)` */
static char *
dup_bare (const TideSchemaObject *object,
          const char             *name)
{
  const TideSchemaObject *parent = tide_schema_object_get_parent (object);
  g_autofree char *whole = tide_schema_object_dup_name (object);
  const char *its_name = tide_schema_object_get_name (object);
  const char *signature = tide_schema_object_get_signature (object);
  gsize head = strlen (whole) - strlen (its_name) - (signature == NULL ? 0 : strlen (signature));
  char *bare;

  /* The outer name may be the old one or the new one */
  if (head > 0 && strncmp (name, whole, head) == 0)
    name += head;
  else if (head > 0 && parent != NULL && strrchr (name, '.') != NULL)
    name = strrchr (name, '.') + 1;
  bare = g_strdup (name);
  if (signature != NULL && strchr (bare, '(') != NULL)
    *strchr (bare, '(') = '\0';
  return bare;
}

/* What @object would be called by the renames so far, for a look-up in the other schema */
static const char *
get_new_name (const Renamer          *self,
              const TideSchemaObject *object)
{
  const char *name = self->names[object->index];

  return name != NULL ? name : object->name;
}

static const char *
get_new_namespace (const Renamer          *self,
                   const TideSchemaObject *object)
{
  guint first;
  guint end;

  tide_schema_get_range (self->from, TIDE_OBJECT_SCHEMA, &first, &end);
  for (guint i = first; object->namespace_ != NULL && i < end; i++)
    if (g_str_equal (tide_schema_get_object (self->from, i)->name, object->namespace_))
      return get_new_name (self, tide_schema_get_object (self->from, i));
  return object->namespace_;
}

/* A key for tide_schema_find_same(): @object as it would be called, with the name @name */
static const TideSchemaObject *
find_as (const Renamer          *self,
         TideSchema             *schema,
         const TideSchemaObject *object,
         const char             *name)
{
  TideSchemaObject key = *object;
  TideSchemaObject parent;

  key.name = name;
  key.namespace_ = schema == self->from ? object->namespace_ : get_new_namespace (self, object);
  if (object->parent != NULL && schema != self->from)
    {
      parent = *object->parent;
      parent.name = get_new_name (self, object->parent);
      parent.namespace_ = get_new_namespace (self, object->parent);
      key.parent = &parent;
    }
  return tide_schema_find_same (schema, &key);
}

static void
agree (Renamer                *self,
       const TideSchemaObject *object,
       const char             *name)
{
  TideSchemaRenamed *renamed = g_new0 (TideSchemaRenamed, 1);

  renamed->from = object;
  renamed->name = g_strdup (name);
  self->names[object->index] = renamed->name;
  g_ptr_array_add (self->renamed, renamed);
}

static void
take (Renamer                *self,
      const TideSchemaRename *rename)
{
  const TideSchemaObject *object = tide_schema_find (self->from, rename->kind, rename->schema, rename->from);
  const TideSchemaObject *taken;
  g_autofree char *name = object == NULL ? NULL : dup_bare (object, rename->to);

  if (object == NULL || self->names[object->index] != NULL || find_as (self, self->to, object, name) == NULL
      || find_as (self, self->to, object, object->name) != NULL)
    return;
  /* What has the name now goes: it must make room */
  taken = find_as (self, self->from, object, name);
  if (taken != NULL && self->names[taken->index] == NULL)
    {
      g_autofree char *aside = tide_plan_dup_aside_name (taken);

      agree (self, taken, aside);
    }
  agree (self, object, name);
}

/* Outer ones first: the inner ones are looked for under their new names. */
static int
compare_kinds (gconstpointer a,
               gconstpointer b)
{
  const TideSchemaRename *left = *(TideSchemaRename *const *) a;
  const TideSchemaRename *right = *(TideSchemaRename *const *) b;

  return (int) left->kind - (int) right->kind;
}

/* --- the copy --- */

/* (transfer full) (nullable): @text with all agreed names that @object may speak of */
static char *
dup_renamed_text (const Renamer          *self,
                  const TideSchemaObject *object,
                  const char             *text)
{
  g_autofree char *renamed = NULL;

  for (guint i = 0; i < self->renamed->len; i++)
    {
      const TideSchemaRenamed *rename = g_ptr_array_index (self->renamed, i);
      TideObjectKind kind = rename->from->kind;
      char *next;

      /* The server goes on giving out a view's column under its old name. */
      if (kind == TIDE_OBJECT_COLUMN
          && (object->kind == TIDE_OBJECT_VIEW || object->kind == TIDE_OBJECT_MATERIALIZED_VIEW
              || object->kind == TIDE_OBJECT_RULE))
        continue;
      if (strstr (renamed != NULL ? renamed : text, rename->from->name) == NULL)
        continue;
      next = tide_expression_rename (renamed != NULL ? renamed : text, rename->from->name, rename->name,
                                     kind == TIDE_OBJECT_SCHEMA);
      g_free (renamed);
      renamed = next;
    }
  return g_steal_pointer (&renamed);
}

/* Whether @object, or what it stands on, was renamed: else no text of it can speak of a renamed one */
static gboolean
is_touched (const Renamer          *self,
            const TideSchemaObject *object)
{
  guint n;
  const TideSchemaObject *const *on = tide_schema_get_dependencies (self->from, object, &n);

  if (self->names[object->index] != NULL)
    return TRUE;
  for (guint i = 0; i < n; i++)
    for (const TideSchemaObject *outer = on[i]; outer != NULL; outer = outer->parent)
      if (self->names[outer->index] != NULL)
        return TRUE;
  return FALSE;
}

static const char *
take_text (const Renamer          *self,
           TideSchemaBuilder      *builder,
           const TideSchemaObject *object,
           const char             *text)
{
  char *renamed = text == NULL ? NULL : dup_renamed_text (self, object, text);

  return renamed == NULL ? text : tide_schema_builder_take (builder, renamed);
}

static void
copy_object (const Renamer           *self,
             TideSchemaBuilder       *builder,
             const TideSchemaObject  *object,
             TideSchemaObject       **copies)
{
  gboolean touched = is_touched (self, object);
  const char *name = get_new_name (self, object);
  guint n = tide_object_kind_get_n_attributes (object->kind);
  TideSchemaObject *copy;

  copy = tide_schema_builder_add (builder, object->kind, object->oid, object->position, get_new_namespace (self, object), name,
                                  touched ? take_text (self, builder, object, object->signature) : object->signature,
                                  object->parent == NULL ? NULL : copies[object->parent->index]);
  copies[object->index] = copy;
  for (guint a = 0; a < n; a++)
    {
      const char *value = tide_schema_object_get_value (object, a);

      if (touched && a != TIDE_ATTRIBUTE_COMMENT && a != TIDE_ATTRIBUTE_OWNER && a != TIDE_ATTRIBUTE_LABELS)
        value = take_text (self, builder, object, value);
      tide_schema_builder_set_value (builder, copy, a, value);
    }
}

static TideSchema *
copy (const Renamer *self)
{
  guint n = tide_schema_get_n_objects (self->from);
  g_autoptr (TideSchemaBuilder) builder
    = tide_schema_builder_new (tide_schema_get_database (self->from), tide_schema_get_server_version (self->from),
                               tide_schema_get_owner (self->from));
  g_autofree TideSchemaObject **copies = g_new0 (TideSchemaObject *, n + 1);

  for (guint i = 0; i < n; i++)
    copy_object (self, builder, tide_schema_get_object (self->from, i), copies);
  for (guint i = 0; i < n; i++)
    {
      guint n_on;
      const TideSchemaObject *const *on
        = tide_schema_get_dependencies (self->from, tide_schema_get_object (self->from, i), &n_on);

      for (guint d = 0; d < n_on; d++)
        tide_schema_builder_depend (builder, copies[i], copies[on[d]->index]);
    }
  return tide_schema_builder_end (builder);
}

/* Inner ones before outer ones, so that each is still found under the old names of the outer ones; what makes room before what
 * takes it, which is the order they came in */
static void
sort_for_writing (GPtrArray *renamed)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();

  for (guint rank = 0; rank < 3; rank++)
    for (guint i = 0; i < renamed->len; i++)
      {
        const TideSchemaRenamed *rename = g_ptr_array_index (renamed, i);
        guint its_rank = rename->from->kind == TIDE_OBJECT_SCHEMA ? 2 : rename->from->parent == NULL ? 1 : 0;

        if (its_rank == rank)
          g_ptr_array_add (sorted, (gpointer) rename);
      }
  memcpy (renamed->pdata, sorted->pdata, sizeof (gpointer) * sorted->len);
}

TideSchema *
tide_schema_rename (TideSchema *from,
                    TideSchema *to,
                    GPtrArray  *renames,
                    GPtrArray  *renamed)
{
  g_autofree const char **names = NULL;
  g_autoptr (GPtrArray) sorted = NULL;
  Renamer self;

  if (renames == NULL || renames->len == 0)
    return tide_schema_ref (from);
  names = g_new0 (const char *, tide_schema_get_n_objects (from) + 1);
  sorted = g_ptr_array_copy (renames, NULL, NULL);
  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort (sorted, compare_kinds);
  self = (Renamer){ from, to, renamed, names };
  for (guint i = 0; i < sorted->len; i++)
    take (&self, g_ptr_array_index (sorted, i));
  if (renamed->len == 0)
    return tide_schema_ref (from);
  sort_for_writing (renamed);
  return copy (&self);
}
