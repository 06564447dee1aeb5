/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-node-tree"

#include "config.h"

#include <string.h>

#include "schema/tide-node-tree.h"
#include "schema/tide-schema-private.h"

/* Below, objects have the same OID on all servers of one major version: from here on initdb gives them as they come (collations) */
#define FIRST_OPEN_OID 12000

#define CATALOG_TYPE      1247
#define CATALOG_FUNCTION  1255
#define CATALOG_RELATION  1259
#define CATALOG_OPERATOR  2617
#define CATALOG_COLLATION 3456

#define TYPE_REGCLASS 2205

/* Of built-in types, those whose values hold OIDs that may be of objects of a database */
static const guint32 types_with_oids[] = { 24, 2202, 2203, 2204, TYPE_REGCLASS, 2206, 3734, 3769, 4089, 4096, 4191, 1008, 2207, 2208,
                                           2209, 2210, 2211, 3735, 3770, 4090, 4097, 4192, 1033, 1034, 2249, 2287, 2277 };

/* The fields that hold OIDs, one or a list */
static const struct
{
  const char *name;
  guint32     catalog;
} fields[] = {
  { "relid", CATALOG_RELATION },          { "resorigtbl", CATALOG_RELATION },     { "seqid", CATALOG_RELATION },
  { "funcid", CATALOG_FUNCTION },         { "opfuncid", CATALOG_FUNCTION },       { "aggfnoid", CATALOG_FUNCTION },
  { "winfnoid", CATALOG_FUNCTION },       { "hashfuncid", CATALOG_FUNCTION },     { "negfuncid", CATALOG_FUNCTION },
  { "opno", CATALOG_OPERATOR },           { "opnos", CATALOG_OPERATOR },          { "eqop", CATALOG_OPERATOR },
  { "sortop", CATALOG_OPERATOR },         { "consttype", CATALOG_TYPE },          { "vartype", CATALOG_TYPE },
  { "funcresulttype", CATALOG_TYPE },     { "opresulttype", CATALOG_TYPE },       { "resulttype", CATALOG_TYPE },
  { "typeId", CATALOG_TYPE },             { "paramtype", CATALOG_TYPE },          { "aggtype", CATALOG_TYPE },
  { "aggtranstype", CATALOG_TYPE },       { "aggargtypes", CATALOG_TYPE },        { "wintype", CATALOG_TYPE },
  { "element_typeid", CATALOG_TYPE },     { "array_typeid", CATALOG_TYPE },       { "row_typeid", CATALOG_TYPE },
  { "casetype", CATALOG_TYPE },           { "coalescetype", CATALOG_TYPE },       { "minmaxtype", CATALOG_TYPE },
  { "refcontainertype", CATALOG_TYPE },   { "refelemtype", CATALOG_TYPE },        { "refrestype", CATALOG_TYPE },
  { "coltypes", CATALOG_TYPE },           { "funccoltypes", CATALOG_TYPE },       { "inputcollid", CATALOG_COLLATION },
  { "opcollid", CATALOG_COLLATION },      { "funccollid", CATALOG_COLLATION },    { "constcollid", CATALOG_COLLATION },
  { "varcollid", CATALOG_COLLATION },     { "resultcollid", CATALOG_COLLATION },  { "collOid", CATALOG_COLLATION },
  { "inputcollids", CATALOG_COLLATION },  { "colcollations", CATALOG_COLLATION }, { "aggcollid", CATALOG_COLLATION },
  { "wincollid", CATALOG_COLLATION },     { "casecollid", CATALOG_COLLATION },    { "coalescecollid", CATALOG_COLLATION },
  { "minmaxcollid", CATALOG_COLLATION },  { "array_collid", CATALOG_COLLATION },  { "collation", CATALOG_COLLATION },
};

typedef struct
{
  const char *text;
  gsize       length;
} Token;

/* Two trees, walked side by side */
typedef struct
{
  const char *at[2];
  GHashTable *names[2];
  Token       field;
  gboolean    is_place;      /* of the field's value in the source */
  guint32     constant_type; /* of the constant that is being walked */
} Walk;

static gint64
name_key (guint32 catalog,
          guint32 oid)
{
  return (gint64) catalog << 32 | oid;
}

static guint32
get_name_catalog (TideObjectKind kind)
{
  switch (kind)
    {
    case TIDE_OBJECT_TABLE:
    case TIDE_OBJECT_VIEW:
    case TIDE_OBJECT_MATERIALIZED_VIEW:
    case TIDE_OBJECT_SEQUENCE:
      return CATALOG_RELATION;
    case TIDE_OBJECT_FUNCTION:
    case TIDE_OBJECT_AGGREGATE:
      return CATALOG_FUNCTION;
    case TIDE_OBJECT_OPERATOR:
      return CATALOG_OPERATOR;
    /* Not composite types: their fields may have other names */
    case TIDE_OBJECT_ENUM:
    case TIDE_OBJECT_DOMAIN:
    case TIDE_OBJECT_RANGE:
    case TIDE_OBJECT_BASE_TYPE:
      return CATALOG_TYPE;
    case TIDE_OBJECT_COLLATION:
      return CATALOG_COLLATION;
    default:
      return 0;
    }
}

GHashTable *
tide_node_tree_list_names (const TideSchema *schema)
{
  GHashTable *names = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint n = tide_schema_get_n_objects (schema);

  for (guint i = 0; i < n; i++)
    {
      const TideSchemaObject *object = tide_schema_get_object (schema, i);
      guint32 catalog = get_name_catalog (tide_schema_object_get_kind (object));
      gint64 key = name_key (catalog, tide_schema_object_get_oid (object));

      if (catalog != 0)
        g_hash_table_insert (names, g_memdup2 (&key, sizeof key), (gpointer) object);
    }
  return names;
}

static const TideSchemaObject *
next_column (const TideSchemaObject *object)
{
  while (object != NULL && tide_schema_object_get_kind (object) != TIDE_OBJECT_COLUMN)
    object = tide_schema_object_get_next (object);
  return object;
}

gboolean
tide_node_tree_same_columns (const TideSchemaObject *left,
                             const TideSchemaObject *right)
{
  TideObjectKind kind = tide_schema_object_get_kind (left);

  if (kind == TIDE_OBJECT_VIEW || kind == TIDE_OBJECT_MATERIALIZED_VIEW)
    return g_strcmp0 (tide_schema_object_get (left, "columns"), tide_schema_object_get (right, "columns")) == 0;
  if (kind != TIDE_OBJECT_TABLE)
    return TRUE;
  left = next_column (tide_schema_object_get_first_child (left));
  right = next_column (tide_schema_object_get_first_child (right));
  while (left != NULL && right != NULL)
    {
      if (left->position != right->position || !g_str_equal (left->name, right->name))
        return FALSE;
      left = next_column (tide_schema_object_get_next (left));
      right = next_column (tide_schema_object_get_next (right));
    }
  return left == right;
}

/* --- walking --- */

static gboolean
is_separator (char c)
{
  return c == ' ' || c == '\n' || c == '(' || c == ')' || c == '{' || c == '}';
}

/* What stands between two tokens must be the same. FALSE: it is not */
static gboolean
skip_separators (Walk *self)
{
  while (is_separator (*self->at[0]) || is_separator (*self->at[1]))
    if (*self->at[0]++ != *self->at[1]++)
      return FALSE;
  return TRUE;
}

static Token
take_token (const char **at)
{
  Token token = { *at, 0 };

  while (**at != '\0' && !is_separator (**at))
    *at += **at == '\\' && (*at)[1] != '\0' ? 2 : 1;
  token.length = *at - token.text;
  return token;
}

static gboolean
token_equal (Token left,
             Token right)
{
  return left.length == right.length && memcmp (left.text, right.text, left.length) == 0;
}

static gboolean
token_is (Token       token,
          const char *text)
{
  return token.length == strlen (text) && memcmp (token.text, text, token.length) == 0;
}

static gboolean
field_ends_with (const Walk *self,
                 const char *text)
{
  gsize length = strlen (text);

  return self->field.length >= length && memcmp (self->field.text + self->field.length - length, text, length) == 0;
}

/* 0: it is no number, or one that means the same everywhere */
static guint32
get_open_oid (Token token)
{
  guint64 number = 0;

  for (gsize i = 0; i < token.length; i++)
    {
      if (!g_ascii_isdigit (token.text[i]) || number > G_MAXUINT32)
        return 0;
      number = number * 10 + (token.text[i] - '0');
    }
  return number >= FIRST_OPEN_OID ? number : 0;
}

static gboolean
objects_are_same (const Walk *self,
                  guint32     catalog,
                  guint32     left_oid,
                  guint32     right_oid)
{
  gint64 left_key = name_key (catalog, left_oid);
  gint64 right_key = name_key (catalog, right_oid);
  const TideSchemaObject *left = g_hash_table_lookup (self->names[0], &left_key);
  const TideSchemaObject *right = g_hash_table_lookup (self->names[1], &right_key);

  return left != NULL && right != NULL
         && tide_schema_find_same (tide_schema_object_get_schema (right), left) == right
         && tide_node_tree_same_columns (left, right);
}

static guint32
find_field_catalog (Token field)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (token_is (field, fields[i].name))
      return fields[i].catalog;
  return 0;
}

static gboolean
values_are_same (const Walk *self,
                 Token       left,
                 Token       right)
{
  guint32 left_oid = get_open_oid (left);
  guint32 right_oid = get_open_oid (right);
  guint32 catalog;

  if (left_oid == 0 && right_oid == 0)
    return token_equal (left, right);
  if (field_ends_with (self, "typmod") || field_ends_with (self, "typmods") || token_is (self->field, "typeMod"))
    return token_equal (left, right);
  catalog = find_field_catalog (self->field);
  return left_oid != 0 && right_oid != 0 && catalog != 0 && objects_are_same (self, catalog, left_oid, right_oid);
}

/* The number in `4 [ 1 64 0 0 0 0 0 0 ]`, of a machine of the usual byte order; another's number leads nowhere */
static guint32
take_oid (const char **at)
{
  guint32 oid = 0;
  const char *byte = strchr (*at, '[');

  if (byte == NULL || !g_str_has_prefix (*at, "4 ["))
    return 0;
  byte++;
  for (guint i = 0; i < 4; i++)
    oid |= (guint32) (g_ascii_strtoll (byte, (char **) &byte, 10) & 0xff) << (8 * i);
  byte = strchr (byte, ']');
  *at = byte == NULL ? *at + strlen (*at) : byte + 1;
  return oid;
}

/* After `:constvalue ` */
static gboolean
constants_are_same (Walk *self)
{
  Token left, right;
  guint32 left_oid, right_oid;

  if (*self->at[0] == '<' || *self->at[1] == '<')
    return *self->at[0] == *self->at[1];
  if (self->constant_type == TYPE_REGCLASS)
    {
      left_oid = take_oid (&self->at[0]);
      right_oid = take_oid (&self->at[1]);
      return (left_oid == right_oid && left_oid < FIRST_OPEN_OID)
             || objects_are_same (self, CATALOG_RELATION, left_oid, right_oid);
    }
  for (guint i = 0; i < G_N_ELEMENTS (types_with_oids); i++)
    if (types_with_oids[i] == self->constant_type)
      return FALSE;
  /* An enum's values are OIDs too, and those of other types may hold some. */
  if (self->constant_type >= FIRST_OPEN_OID)
    return FALSE;
  do
    {
      if (!skip_separators (self))
        return FALSE;
      left = take_token (&self->at[0]);
      right = take_token (&self->at[1]);
      if (!token_equal (left, right))
        return FALSE;
    }
  while (left.length > 0 && !token_is (left, "]"));
  return TRUE;
}

gboolean
tide_node_tree_equal (const char *left,
                      const char *right,
                      GHashTable *left_names,
                      GHashTable *right_names)
{
  Walk walk = { { left, right }, { left_names, right_names }, { "", 0 }, FALSE, 0 };

  /* The columns of a function in FROM are named by what it returns now. */
  if (strstr (left, ":rtekind 3") != NULL)
    return FALSE;
  for (;;)
    {
      Token mine, other;

      if (!skip_separators (&walk))
        return FALSE;
      if (*walk.at[0] == '\0' || *walk.at[1] == '\0')
        return *walk.at[0] == *walk.at[1];
      mine = take_token (&walk.at[0]);
      other = take_token (&walk.at[1]);
      if (*mine.text == ':')
        {
          if (!token_equal (mine, other))
            return FALSE;
          walk.field = (Token) { mine.text + 1, mine.length - 1 };
          walk.is_place = field_ends_with (&walk, "location") || token_is (walk.field, "stmt_len");
          if (token_is (walk.field, "constvalue") && (!skip_separators (&walk) || !constants_are_same (&walk)))
            return FALSE;
          continue;
        }
      if (walk.is_place)
        continue;
      if (token_is (walk.field, "consttype"))
        walk.constant_type = g_ascii_strtoull (mine.text, NULL, 10);
      if (!values_are_same (&walk, mine, other))
        return FALSE;
    }
}
