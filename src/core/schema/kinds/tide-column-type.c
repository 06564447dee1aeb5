/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-column-type"

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "schema/kinds/tide-kind-composite.h"
#include "schema/kinds/tide-table-ddl.h"
#include "schema/tide-plan.h"
#include "wire/tide-session.h"

/* (transfer full): the type that values of @object, a column or a domain, have when no domain is named: "character varying(20)[]" */
static char *
dup_stored_type (const TideSchemaObject *object)
{
  const char *type = tide_schema_object_get (object, "type");
  guint n;
  const TideSchemaObject *const *needs = tide_schema_get_dependencies (tide_schema_object_get_schema (object), object, &n);

  for (guint i = 0; i < n; i++)
    if (tide_schema_object_get_kind (needs[i]) == TIDE_OBJECT_DOMAIN)
      {
        gboolean is_array = g_str_has_suffix (type, "[]");
        g_autofree char *base = dup_stored_type (needs[i]);

        /* An array of a domain over arrays has no other name. */
        return is_array && g_str_has_suffix (base, "[]") ? g_strdup (type) : g_strconcat (base, is_array ? "[]" : "", NULL);
      }
  return g_strdup (type);
}

typedef enum
{
  OTHER,
  NUMBER,
  TEXT,
  DATE,
  TIME,
  INTERVAL,
  BOOLEAN,
  OID,
  MONEY,
  JSON,
  NETWORK,
  BITS,
} Family;

/* Types between any two of which there is a cast, which does more than a way through text would */
static Family
get_family (const char *type)
{
  static const struct { const char *prefix; Family family; } families[] = {
    { "smallint", NUMBER }, { "integer", NUMBER }, { "bigint", NUMBER }, { "numeric", NUMBER }, { "real", NUMBER },
    { "double precision", NUMBER }, { "boolean", BOOLEAN }, { "oid", OID }, { "money", MONEY }, { "text", TEXT },
    { "character", TEXT }, { "name", TEXT }, { "\"char\"", TEXT }, { "timestamp", DATE }, { "date", DATE }, { "time ", TIME },
    { "time(", TIME }, { "interval", INTERVAL }, { "json", JSON }, { "inet", NETWORK }, { "cidr", NETWORK }, { "bit", BITS },
  };

  if (g_str_has_suffix (type, "[]"))
    return OTHER;
  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    if (g_str_has_prefix (type, families[i].prefix))
      return families[i].family;
  return OTHER;
}

/* The type between the two, from which and to which there are casts; "" where they need none. Where no cast may exist, it is text. */
static const char *
get_way (const char *from,
         const char *to)
{
  static const struct { Family from; Family to; const char *way; } ways[] = {
    { BOOLEAN, NUMBER, "integer" }, { OID, NUMBER, "bigint" },   { NUMBER, OID, "bigint" }, { MONEY, NUMBER, "numeric" },
    { NUMBER, MONEY, "numeric" },   { TIME, INTERVAL, "time" },  { INTERVAL, TIME, "time" },
  };
  Family old_family = get_family (from);
  Family new_family = get_family (to);

  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    if (old_family == ways[i].from && new_family == ways[i].to)
      return g_str_equal (ways[i].way, from) || g_str_equal (ways[i].way, to) ? "" : ways[i].way;
  if (old_family == DATE && new_family == TIME)
    return g_str_has_suffix (to, "with time zone") ? "timestamptz" : "timestamp";
  if (old_family == TEXT || new_family == TEXT || (old_family != OTHER && old_family == new_family))
    return "";
  return "text";
}

static char *
dup_base_type (const char *type)
{
  const char *open = g_str_has_prefix (type, "\"") ? NULL : strchr (type, '(');
  const char *close = open == NULL ? NULL : strchr (open, ')');

  if (close == NULL)
    return g_strdup (type);
  return g_strdup_printf ("%.*s%s", (int) (open - type), type, close + 1);
}

/* (transfer full): @type without a length, for an explicit cast: one to a type with a length cuts what does not fit, without a
 * word. What comes of it is assigned to the column then, and that fails where rows do not fit. */
static char *
dup_cast_type (const char *type)
{
  static const struct { const char *bare; const char *any_length; } unlimited[] = {
    { "character", "bpchar" }, { "bit", "bit varying" },
  };
  char *base = dup_base_type (type);
  gboolean is_array = g_str_has_suffix (base, "[]");
  gsize length = strlen (base) - (is_array ? 2 : 0);

  for (guint i = 0; i < G_N_ELEMENTS (unlimited); i++)
    if (strlen (unlimited[i].bare) == length && strncmp (base, unlimited[i].bare, length) == 0)
      {
        g_free (base);
        return g_strconcat (unlimited[i].any_length, is_array ? "[]" : "", NULL);
      }
  return base;
}

static gboolean
has_prefix_of (const char        *type,
               const char *const *prefixes)
{
  for (guint i = 0; prefixes[i] != NULL; i++)
    if (g_str_has_prefix (type, prefixes[i]))
      return TRUE;
  return FALSE;
}

/* The digits behind the point of "numeric(10,2)", or of a second: "timestamp(3) with time zone"; -1: as many as there are */
static int
get_scale (const char *type)
{
  guint precision, scale;

  if (sscanf (type, "numeric(%u,%u)", &precision, &scale) == 2)
    return scale;
  if (sscanf (type, "timestamp(%u)", &scale) == 1 || sscanf (type, "time(%u)", &scale) == 1)
    return scale;
  return -1;
}

/* Whether the server itself rounds or cuts values on the way, and says nothing of it */
static gboolean
is_lossy (const char *from,
          const char *to)
{
  static const char *const fractions[] = { "numeric", "real", "double precision", "money", NULL };
  static const char *const whole[] = { "smallint", "integer", "bigint", "oid", "boolean", NULL };
  static const char *const floats[] = { "real", "double precision", NULL };
  static const char *const exact[] = { "numeric", "bigint", "integer", "money", NULL };
  static const char *const texts[] = { "text", "character", NULL };
  static const char *const cut[] = { "name", "\"char\"", NULL };
  int new_scale = get_scale (to);

  if (has_prefix_of (from, fractions) && has_prefix_of (to, whole))
    return TRUE;
  if (has_prefix_of (to, floats) && (has_prefix_of (from, exact) || (g_str_has_prefix (from, "double") && g_str_equal (to, "real"))))
    return !(g_str_has_prefix (from, "integer") && g_str_has_prefix (to, "double"));
  if (has_prefix_of (from, texts) && has_prefix_of (to, cut))
    return TRUE;
  if (get_family (from) == NUMBER && get_family (to) == BOOLEAN)
    return TRUE;
  if (g_str_has_prefix (from, "timestamp") && (g_str_equal (to, "date") || g_str_has_prefix (to, "time ") || g_str_has_prefix (to, "time(")))
    return TRUE;
  /* Fewer digits, of the same kind of number or time */
  return new_scale >= 0 && get_family (from) == get_family (to) && get_family (from) != TEXT
         && (has_prefix_of (from, fractions) || get_family (from) == DATE || get_family (from) == TIME)
         && (get_scale (from) < 0 || get_scale (from) > new_scale);
}

/* (nullable): what stands between the elements of an array of a base type */
static const char *
find_delimiter (const TideSchemaObject *column)
{
  guint n;
  const TideSchemaObject *const *needs = tide_schema_get_dependencies (tide_schema_object_get_schema (column), column, &n);

  for (guint i = 0; i < n; i++)
    if (tide_schema_object_get_kind (needs[i]) == TIDE_OBJECT_BASE_TYPE)
      return tide_schema_object_get (needs[i], "delimiter");
  return NULL;
}

/* (transfer full) (nullable): the new value of a column out of the old one, @old: `"c"::text::date`; NULL where the server
 * converts by itself, or has nothing stored to convert.
 * @moves: to another type of the same name */
static char *
dup_value (const TideSchemaObject *from,
           const TideSchemaObject *to,
           gboolean                moves,
           const char             *old)
{
  g_autofree char *before = dup_base_type (tide_schema_object_get (from, "type"));
  g_autofree char *after = dup_base_type (tide_schema_object_get (to, "type"));
  g_autofree char *value = moves ? tide_composite_dup_value (from, to) : NULL;
  g_autofree char *old_values = dup_stored_type (from);
  g_autofree char *new_values = dup_stored_type (to);
  g_autofree char *cast = NULL;
  const char *way;

  if (tide_schema_object_get (to, "generated") != NULL || tide_table_is_foreign (to))
    return NULL;
  if (value != NULL)
    return g_steal_pointer (&value);
  if (moves && g_str_has_suffix (after, "[]") && g_strcmp0 (find_delimiter (from), find_delimiter (to)) != 0)
    return tide_composite_dup_carried (to);
  if (g_str_equal (before, after) && !moves)
    return NULL;
  if (get_family (old_values) == NUMBER && g_str_equal (new_values, "boolean") && !g_str_equal (old_values, "integer"))
    return g_strdup_printf ("%s <> '0'", old);
  cast = dup_cast_type (new_values);
  way = moves ? "text" : get_way (old_values, new_values);
  return g_strconcat (old, *way == '\0' ? "" : "::", way, "::", cast, NULL);
}

void
tide_column_disturb_users (TideDdl                *ddl,
                           const TideSchemaObject *from,
                           const TideSchemaObject *to,
                           gboolean                moves)
{
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (to));
  g_autofree char *value = dup_value (from, to, moves, name);
  static const TideObjectKind users[] = {
    TIDE_OBJECT_VIEW, TIDE_OBJECT_MATERIALIZED_VIEW, TIDE_OBJECT_RULE, TIDE_OBJECT_TRIGGER, TIDE_OBJECT_POLICY,
    TIDE_OBJECT_FUNCTION, TIDE_OBJECT_COLUMN, TIDE_OBJECT_PUBLICATION,
  };

  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    tide_ddl_disturbs (ddl, users[i]);
  if (value != NULL)
    tide_ddl_disturbs (ddl, TIDE_OBJECT_DEFAULT);
}

void
tide_column_add_type (TideDdl                *ddl,
                      const TideSchemaObject *from,
                      const TideSchemaObject *to,
                      gboolean                moves)
{
  g_autofree char *holder = tide_column_dup_holder (from, to);
  g_autofree char *alter = holder == NULL ? tide_table_dup_alter (to, FALSE) : g_strconcat ("ALTER TABLE ", holder, NULL);
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (to));
  g_autofree char *value = dup_value (from, to, moves, name);
  gboolean is_carried = value != NULL && strstr (value, TIDE_COMPOSITE_CARRIER) != NULL;
  g_autofree char *collation = NULL;
  g_autofree char *old_values = dup_stored_type (from);
  g_autofree char *new_values = dup_stored_type (to);
  TideHazard hazards = TIDE_HAZARD_LOCK;

  if (moves || !tide_column_keeps_rows (tide_schema_object_get (from, "type"), tide_schema_object_get (to, "type")))
    hazards |= TIDE_HAZARD_REWRITE | TIDE_HAZARD_BREAKS_CLIENTS;
  if (moves || !tide_column_takes_all (tide_schema_object_get (from, "type"), tide_schema_object_get (to, "type")))
    hazards |= TIDE_HAZARD_FAILS_ON_DATA;
  if (is_lossy (old_values, new_values))
    hazards |= TIDE_HAZARD_DATA_LOSS;
  if (tide_schema_object_get (to, "collation") != NULL)
    collation = g_strconcat (" COLLATE ", tide_schema_object_get (to, "collation"), NULL);
  tide_column_disturb_users (ddl, from, to, moves);
  if (is_carried)
    tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE TYPE " TIDE_COMPOSITE_CARRIER " AS (value %s)", tide_schema_object_get (to, "type"));
  tide_ddl_add (ddl, hazards, "%s ALTER COLUMN %s TYPE %s%s%s%s", alter, name, tide_schema_object_get (to, "type"),
                collation == NULL ? "" : collation, value == NULL ? "" : " USING ", value == NULL ? "" : value);
  if (is_carried)
    tide_ddl_add (ddl, TIDE_HAZARD_NONE, "DROP TYPE " TIDE_COMPOSITE_CARRIER);
}

void
tide_column_add_taking_over (TideDdl                *ddl,
                             const char             *alter,
                             const TideSchemaObject *column,
                             const TideSchemaObject *before)
{
  const char *collation = tide_schema_object_get (before, "collation");
  const char *new_collation = tide_schema_object_get (column, "collation");
  g_autofree char *name = tide_quote_identifier (tide_schema_object_get_name (column));
  g_autofree char *old_name = tide_plan_dup_aside_name (before);
  g_autofree char *old = tide_quote_identifier (old_name);
  g_autofree char *value = dup_value (before, column, FALSE, old);
  gboolean loses = is_lossy (tide_schema_object_get (before, "type"), tide_schema_object_get (column, "type"));
  gboolean is_given = tide_schema_object_is (column, "inherited");

  /* No trigger sees it, as it would see an UPDATE. What gives the column has to know the old one, too. */
  if (is_given)
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s ADD COLUMN %s %s%s%s", alter, old, tide_schema_object_get (before, "type"),
                  collation == NULL ? "" : " COLLATE ", collation == NULL ? "" : collation);
  tide_ddl_add (ddl, TIDE_HAZARD_REWRITE | (loses ? TIDE_HAZARD_DATA_LOSS : 0), "%s ALTER COLUMN %s TYPE %s%s%s USING %s", alter,
                name, tide_schema_object_get (column, "type"), new_collation == NULL ? "" : " COLLATE ",
                new_collation == NULL ? "" : new_collation, value == NULL ? old : value);
  if (is_given)
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "%s DROP COLUMN %s", alter, old);
}
