/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-catalog"

#include "config.h"

#include <string.h>

#include "schema/tide-catalog.h"
#include "schema/tide-catalog-query.h"
#include "schema/tide-catalog-rows.h"
#include "schema/tide-privileges.h"
#include "schema/tide-schema-builder.h"
#include "tide-error.h"

#define EXTENSIONS 3079 /* pg_extension */

typedef struct
{
  TideSchemaBuilder *builder;
  GPtrArray         *results;    /* Borrowed */
  GHashTable        *roles;      /* (element-type guint32 utf8) */
  GHashTable        *members;    /* (element-type guint64 guint32): the extension of a member */
  guint32            owner;      /* the usual one */
  GHashTable        *lost;       /* (element-type guint32 Lost): roles that own something and are no more */
} Reader;

typedef struct
{
  const TideSchemaObject *first;
  guint                   n;
} Lost;

/* An OID of a catalog and one of an object in it */
static gint64
member_key (gint64 catalog,
            gint64 oid)
{
  return catalog << 32 | oid;
}

static void
reader_clear (Reader *self)
{
  g_clear_pointer (&self->builder, tide_schema_builder_free);
  g_clear_pointer (&self->roles, g_hash_table_unref);
  g_clear_pointer (&self->members, g_hash_table_unref);
  g_clear_pointer (&self->lost, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static TideResult *
get_result (const Reader *self,
            guint         index)
{
  return g_ptr_array_index (self->results, index);
}

/* What is read and not held needs its memory no more. */
static void
let_go (Reader *self,
        guint   index)
{
  tide_result_unref (get_result (self, index));
  g_ptr_array_index (self->results, index) = NULL;
}

static void
read_facts (Reader *self,
            int     version)
{
  TideResult *facts = get_result (self, TIDE_CATALOG_FACTS);
  TideResult *roles = get_result (self, TIDE_CATALOG_ROLES);
  TideResult *members = get_result (self, TIDE_CATALOG_MEMBERS);

  self->owner = tide_result_get_int64 (facts, 0, 1);
  self->builder = tide_schema_builder_new (tide_result_get_value (facts, 0, 0), version,
                                           tide_result_get_value (facts, 0, 2));
  self->roles = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < tide_result_get_n_rows (roles); i++)
    {
      g_hash_table_insert (self->roles, GUINT_TO_POINTER (tide_result_get_int64 (roles, i, 0)),
                           (gpointer) tide_schema_builder_intern (self->builder, tide_result_get_value (roles, i, 1)));
      tide_schema_builder_add_role (self->builder, tide_result_get_value (roles, i, 1));
    }
  self->lost = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->members = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint i = 0; i < tide_result_get_n_rows (members); i++)
    {
      gint64 key = member_key (tide_result_get_int64 (members, i, 0), tide_result_get_int64 (members, i, 1));

      g_hash_table_insert (self->members, g_memdup2 (&key, sizeof key),
                           GUINT_TO_POINTER (tide_result_get_int64 (members, i, 2)));
      tide_schema_builder_alias (self->builder, tide_result_get_int64 (members, i, 0),
                                 tide_result_get_int64 (members, i, 1), EXTENSIONS, tide_result_get_int64 (members, i, 2), 0);
    }
}

static void
read_aliases (Reader *self)
{
  TideResult *types = get_result (self, TIDE_CATALOG_TYPES);
  TideResult *aliases = get_result (self, TIDE_CATALOG_ALIASES);

  for (guint i = 0; i < tide_result_get_n_rows (types); i++)
    {
      guint32 type = tide_result_get_int64 (types, i, 0);
      guint32 relation = tide_result_get_int64 (types, i, 1);
      guint32 array = tide_result_get_int64 (types, i, 2);

      if (relation != 0)
        {
          tide_schema_builder_alias (self->builder, 1247, type, 1259, relation, 0);
          tide_schema_builder_alias (self->builder, 1259, relation, 1247, type, 0);
        }
      if (array != 0)
        tide_schema_builder_alias (self->builder, 1247, array, 1247, type, 0);
    }
  for (guint i = 0; i < tide_result_get_n_rows (aliases); i++)
    tide_schema_builder_alias (self->builder, tide_result_get_int64 (aliases, i, 0),
                               tide_result_get_int64 (aliases, i, 1), tide_result_get_int64 (aliases, i, 2),
                               tide_result_get_int64 (aliases, i, 3), 0);
}

static gboolean
is_member (const Reader *self,
           guint32       catalog,
           guint32       oid)
{
  gint64 key = member_key (catalog, oid);

  return catalog != 0 && g_hash_table_contains (self->members, &key);
}

/* "CATALOG OID" */
static void
add_alias (Reader                 *self,
           const TideSchemaObject *object,
           const TideCatalogRows  *row)
{
  char *end;
  guint32 catalog;

  if (row->head[TIDE_CELL_ALIAS] == NULL)
    return;
  catalog = g_ascii_strtoull (row->head[TIDE_CELL_ALIAS], &end, 10);
  tide_schema_builder_alias (self->builder, catalog, g_ascii_strtoull (end, NULL, 10),
                             tide_object_kind_get_info (tide_schema_object_get_kind (object))->catalog,
                             tide_schema_object_get_oid (object), (int) tide_catalog_rows_get_number (row, TIDE_CELL_POSITION));
}

static void
set_owner (Reader           *self,
           TideSchemaObject *object,
           guint32           owner)
{
  const char *role = g_hash_table_lookup (self->roles, GUINT_TO_POINTER (owner));
  Lost *lost;

  if (owner != 0 && owner != self->owner)
    tide_schema_builder_set_value (self->builder, object, TIDE_ATTRIBUTE_OWNER, role);
  if (owner == 0 || role != NULL)
    return;
  lost = g_hash_table_lookup (self->lost, GUINT_TO_POINTER (owner));
  if (lost == NULL)
    {
      lost = g_new0 (Lost, 1);
      lost->first = object;
      g_hash_table_insert (self->lost, GUINT_TO_POINTER (owner), lost);
    }
  lost->n++;
}

/* What is owned by nobody counts as owned by the usual owner, and is told. */
static void
warn_of_lost_owners (Reader *self)
{
  GHashTableIter iter;
  gpointer owner;
  gpointer value;

  g_hash_table_iter_init (&iter, self->lost);
  while (g_hash_table_iter_next (&iter, &owner, &value))
    {
      const Lost *lost = value;
      const char *kind = tide_object_kind_get_info (tide_schema_object_get_kind (lost->first))->name;
      g_autofree char *name = tide_schema_object_dup_name (lost->first);
      GError *warning = NULL;

      if (lost->n == 1)
        tide_set_error (&warning, TIDE_ERROR_INVALID, "Hand it over with ALTER ... OWNER TO", "the owner of %s \"%s\" is no more "
                        "(role %u)", kind, name, GPOINTER_TO_UINT (owner));
      else
        tide_set_error (&warning, TIDE_ERROR_INVALID, "Hand them over with ALTER ... OWNER TO", "the owner of %u objects is no more "
                        "(role %u), that of %s \"%s\" among them", lost->n, GPOINTER_TO_UINT (owner), kind, name);
      tide_schema_builder_take_warning (self->builder, warning);
    }
}

/* Columns belong to the owner of their table */
static void
normalise_privileges (Reader           *self,
                      TideSchemaObject *object)
{
  const char *acl = tide_schema_object_get_value (object, TIDE_ATTRIBUTE_PRIVILEGES);
  const TideSchemaObject *parent = tide_schema_object_get_parent (object);
  const char *owner;

  if (acl == NULL)
    return;
  owner = tide_schema_object_get_value (parent == NULL ? object : parent, TIDE_ATTRIBUTE_OWNER);
  if (owner == NULL)
    owner = tide_schema_get_owner (tide_schema_object_get_schema (object));
  acl = tide_schema_builder_take (self->builder,
                                  tide_privileges_normalise (tide_schema_object_get_kind (object), acl, owner));
  tide_schema_builder_set_value (self->builder, object, TIDE_ATTRIBUTE_PRIVILEGES, acl);
}

/* (nullable): rows whose parent is not read (it belongs to an extension, or to the system) make no object. A parent is of
 * pg_class unless its kind is a type's. */
static TideSchemaObject *
add_object (Reader                *self,
            TideObjectKind         kind,
            const TideCatalogRows *row)
{
  guint32 catalog = tide_object_kind_get_info (kind)->catalog;
  guint32 oid = tide_catalog_rows_get_number (row, TIDE_CELL_OID);
  guint32 parent_oid = tide_catalog_rows_get_number (row, TIDE_CELL_PARENT);
  TideSchemaObject *parent = NULL;

  if (kind != TIDE_OBJECT_COLUMN && is_member (self, catalog, oid))
    return NULL;
  /* What a generated column is made from goes by that column's name already. */
  if (kind == TIDE_OBJECT_DEFAULT && tide_schema_builder_find (self->builder, catalog, oid, 0) != NULL)
    return NULL;
  if (parent_oid != 0)
    {
      parent = tide_schema_builder_find (self->builder, 1259, parent_oid,
                                         (int) tide_catalog_rows_get_number (row, TIDE_CELL_PARENT_POSITION));
      if (parent == NULL || tide_schema_object_get_kind (parent) == TIDE_OBJECT_EXTENSION)
        return NULL;
    }
  return tide_schema_builder_add (self->builder, kind, oid, (int) tide_catalog_rows_get_number (row, TIDE_CELL_POSITION),
                                  row->head[TIDE_CELL_SCHEMA], row->head[TIDE_CELL_NAME], row->head[TIDE_CELL_SIGNATURE], parent);
}

/* The rows of a kind, and the objects made of them, or NULL */
typedef struct
{
  TideResult        *result;  /* Borrowed */
  guint             *rows;
  TideSchemaObject **objects; /* objects[i] is of rows[i] */
} KindRows;

static void
read_kind (Reader         *self,
           TideObjectKind  kind,
           KindRows       *made)
{
  TideResult *result = made->result;
  guint n_rows = tide_result_get_n_rows (result);
  TideSchemaObject **objects = made->objects = g_new0 (TideSchemaObject *, n_rows + 1);
  g_auto (TideCatalogRows) row = { 0 };

  tide_catalog_rows_init (&row, kind, result);
  made->rows = tide_catalog_rows_order (&row, self->builder);
  tide_schema_builder_hold (self->builder, result);
  for (guint i = 0; i < n_rows; i++)
    {
      tide_catalog_rows_read (&row, made->rows[i]);
      objects[i] = tide_catalog_rows_is_vanished (&row) ? NULL : add_object (self, kind, &row);
      if (objects[i] == NULL)
        continue;
      add_alias (self, objects[i], &row);
      set_owner (self, objects[i], tide_catalog_rows_get_number (&row, TIDE_CELL_OWNER));
      for (guint c = 0; c < row.n_columns; c++)
        if (row.cells[c] >= 0)
          tide_schema_builder_set_value (self->builder, objects[i], row.cells[c], row.values[c]);
      normalise_privileges (self, objects[i]);
    }
}

static void
complete_kind (Reader         *self,
               TideObjectKind  kind,
               const KindRows *made)
{
  const TideObjectKindInfo *info = tide_object_kind_get_info (kind);

  if (info->complete == NULL)
    return;
  for (guint i = 0; i < tide_result_get_n_rows (made->result); i++)
    {
      TideCatalogRow cells = { made->result, made->rows[i] };

      if (made->objects[i] != NULL)
        info->complete (self->builder, made->objects[i], &cells);
    }
}

static void
read_comments (Reader *self)
{
  TideResult *comments = get_result (self, TIDE_CATALOG_COMMENTS);

  tide_schema_builder_hold (self->builder, comments);
  for (guint i = 0; i < tide_result_get_n_rows (comments); i++)
    {
      guint32 catalog = tide_result_get_int64 (comments, i, 0);
      TideSchemaObject *object = tide_schema_builder_find_exact (self->builder, catalog, tide_result_get_int64 (comments, i, 1),
                                                                 tide_result_get_int64 (comments, i, 2));

      /* What is said of a constraint's index is not said of the constraint */
      if (object == NULL)
        continue;
      if (tide_object_kind_get_info (tide_schema_object_get_kind (object))->catalog == catalog)
        tide_schema_builder_set_value (self->builder, object, TIDE_ATTRIBUTE_COMMENT,
                                       tide_result_get_value (comments, i, 3));
      else if (tide_schema_object_get_kind (object) == TIDE_OBJECT_CONSTRAINT)
        tide_schema_builder_set (self->builder, object, "index_comment", tide_result_get_value (comments, i, 3));
    }
}

static void
read_labels (Reader *self)
{
  TideResult *labels = get_result (self, TIDE_CATALOG_LABELS);

  for (guint i = 0; i < tide_result_get_n_rows (labels); i++)
    {
      TideSchemaObject *object = tide_schema_builder_find_exact (self->builder, tide_result_get_int64 (labels, i, 0),
                                                                 tide_result_get_int64 (labels, i, 1),
                                                                 tide_result_get_int64 (labels, i, 2));
      const char *before;

      if (object == NULL)
        continue;
      before = tide_schema_object_get_value (object, TIDE_ATTRIBUTE_LABELS);
      tide_schema_builder_set_value (self->builder, object, TIDE_ATTRIBUTE_LABELS,
                                     tide_schema_builder_take (self->builder,
                                                               g_strconcat (before == NULL ? "" : before,
                                                                            before == NULL ? "" : "\n",
                                                                            tide_result_get_value (labels, i, 3), "=",
                                                                            tide_result_get_value (labels, i, 4), NULL)));
    }
}

static void
read_dependencies (Reader *self)
{
  TideResult *dependencies = get_result (self, TIDE_CATALOG_DEPENDENCIES);

  for (guint i = 0; i < tide_result_get_n_rows (dependencies); i++)
    {
      gint64 catalog = tide_result_get_int64 (dependencies, i, 0);
      TideSchemaObject *object = tide_schema_builder_find (self->builder, catalog,
                                                           tide_result_get_int64 (dependencies, i, 1),
                                                           tide_result_get_int64 (dependencies, i, 2));
      TideSchemaObject *on;

      /* What a member needs is of no concern. */
      if (object == NULL || (tide_schema_object_get_kind (object) == TIDE_OBJECT_EXTENSION && catalog != EXTENSIONS))
        continue;
      on = tide_schema_builder_find (self->builder, tide_result_get_int64 (dependencies, i, 3),
                                     tide_result_get_int64 (dependencies, i, 4),
                                     tide_result_get_int64 (dependencies, i, 5));
      if (on != NULL)
        tide_schema_builder_depend (self->builder, object, on);
    }
}

typedef struct
{
  TideSession        *session;
  TideExpressionPool *pool;
  GCancellable       *cancellable;
} Source;

static gboolean
read_expressions (Reader        *self,
                  const Source  *source,
                  GError       **error)
{
  TideResult *const trees[] = { get_result (self, TIDE_CATALOG_CHECKS), get_result (self, TIDE_CATALOG_PREDICATES) };
  gboolean ok = tide_expression_pool_fill (source->pool, self->builder, source->session, trees, source->cancellable, error);

  let_go (self, TIDE_CATALOG_CHECKS);
  let_go (self, TIDE_CATALOG_PREDICATES);
  return ok;
}

/* TideCatalogTake */
static gpointer
build (GPtrArray  *results,
       gpointer    data,
       GError    **error)
{
  const Source *source = data;
  int version = tide_session_get_server_version (source->session);
  g_auto (Reader) reader = { .results = results };
  KindRows of_kind[TIDE_N_OBJECT_KINDS] = { { NULL } };
  gboolean ok;

  read_facts (&reader, version);
  read_aliases (&reader);
  let_go (&reader, TIDE_CATALOG_TYPES);
  for (guint kind = 0; kind < TIDE_N_OBJECT_KINDS; kind++)
    {
      of_kind[kind].result = get_result (&reader, TIDE_CATALOG_FIRST_KIND + kind);
      if (of_kind[kind].result != NULL)
        read_kind (&reader, kind, &of_kind[kind]);
    }
  read_comments (&reader);
  read_labels (&reader);
  read_dependencies (&reader);
  let_go (&reader, TIDE_CATALOG_DEPENDENCIES);
  ok = read_expressions (&reader, source, error);
  for (guint kind = 0; ok && kind < TIDE_N_OBJECT_KINDS; kind++)
    if (of_kind[kind].result != NULL)
      complete_kind (&reader, kind, &of_kind[kind]);
  for (guint kind = 0; kind < TIDE_N_OBJECT_KINDS; kind++)
    {
      g_free (of_kind[kind].rows);
      g_free (of_kind[kind].objects);
    }
  if (!ok)
    return NULL;
  warn_of_lost_owners (&reader);
  return tide_schema_builder_end (reader.builder);
}

TideSchema *
tide_catalog_read (TideSession   *session,
                   GCancellable  *cancellable,
                   GError       **error)
{
  g_autoptr (TideExpressionPool) pool = tide_expression_pool_new ();

  return tide_catalog_read_with (session, pool, cancellable, error);
}

TideSchema *
tide_catalog_read_with (TideSession         *session,
                        TideExpressionPool  *pool,
                        GCancellable        *cancellable,
                        GError             **error)
{
  int version = tide_session_get_server_version (session);
  Source source = { session, pool, cancellable };

  if (version < 120000)
    {
      tide_set_error (error, TIDE_ERROR_UNSUPPORTED, "Schemas are read from PostgreSQL 12 and newer",
                      "cannot read the catalog of a PostgreSQL %d server", version / 10000);
      return NULL;
    }
  return tide_catalog_query (session, build, &source, cancellable, error);
}
