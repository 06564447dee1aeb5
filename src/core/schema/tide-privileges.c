/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-privileges"

#include "config.h"

#include <string.h>

#include "schema/tide-column-privileges.h"
#include "schema/tide-grants.h"
#include "schema/tide-privileges.h"
#include "wire/tide-session.h"

/* What there is to grant on a kind, what its owner has by that, and what everybody has at first (acldefault() in PostgreSQL's acl.c) */
typedef struct
{
  const char *keyword;
  const char *all;
  const char *everyone; /* (nullable) */
} KindOfGrant;

static const KindOfGrant kinds[TIDE_N_OBJECT_KINDS] = {
  [TIDE_OBJECT_DATABASE] = { "DATABASE", "CTc", "Tc" },
  [TIDE_OBJECT_SCHEMA] = { "SCHEMA", "UC", NULL },
  [TIDE_OBJECT_LANGUAGE] = { "LANGUAGE", "U", "U" },
  [TIDE_OBJECT_ENUM] = { "TYPE", "U", "U" },
  [TIDE_OBJECT_COMPOSITE] = { "TYPE", "U", "U" },
  [TIDE_OBJECT_DOMAIN] = { "TYPE", "U", "U" },
  [TIDE_OBJECT_RANGE] = { "TYPE", "U", "U" },
  [TIDE_OBJECT_BASE_TYPE] = { "TYPE", "U", "U" },
  [TIDE_OBJECT_FUNCTION] = { "ROUTINE", "X", "X" },
  [TIDE_OBJECT_AGGREGATE] = { "ROUTINE", "X", "X" },
  [TIDE_OBJECT_FOREIGN_WRAPPER] = { "FOREIGN DATA WRAPPER", "U", NULL },
  [TIDE_OBJECT_FOREIGN_SERVER] = { "FOREIGN SERVER", "U", NULL },
  [TIDE_OBJECT_SEQUENCE] = { "SEQUENCE", "rwU", NULL },
  [TIDE_OBJECT_TABLE] = { "TABLE", "arwdDxt", NULL },
  [TIDE_OBJECT_COLUMN] = { "TABLE", "arwx", NULL },
  [TIDE_OBJECT_VIEW] = { "TABLE", "arwdDxt", NULL },
  [TIDE_OBJECT_MATERIALIZED_VIEW] = { "TABLE", "arwdDxt", NULL },
};

static const struct
{
  char        letter;
  const char *name;
} privileges[] = {
  { 'r', "SELECT" }, { 'a', "INSERT" }, { 'w', "UPDATE" }, { 'd', "DELETE" }, { 'D', "TRUNCATE" },
  { 'x', "REFERENCES" }, { 't', "TRIGGER" }, { 'm', "MAINTAIN" }, { 'U', "USAGE" }, { 'X', "EXECUTE" },
  { 'C', "CREATE" }, { 'c', "CONNECT" }, { 'T', "TEMPORARY" },
};

/**
 * tide_privileges_get_all:
 * @kind: a kind
 *
 * Returns: (nullable): the letters of every privilege there is on @kind, as aclitem writes them; MAINTAIN (PostgreSQL 17), which
 *   comes with all others, is not told apart from them
 */
const char *
tide_privileges_get_all (TideObjectKind kind)
{
  return kinds[kind].all;
}

/**
 * tide_privileges_dup_default:
 * @kind: a kind with privileges
 *
 * Returns: (transfer full): what an object has when nothing was granted or revoked, in the form of tide_privileges_normalise()
 */
char *
tide_privileges_dup_default (TideObjectKind kind)
{
  g_autoptr (TideGrants) grants = tide_grants_new ();

  if (kinds[kind].all != NULL && kind != TIDE_OBJECT_COLUMN)
    tide_grants_add (grants, TIDE_GRANTS_OWNER, kinds[kind].all);
  if (kinds[kind].everyone != NULL)
    tide_grants_add (grants, TIDE_GRANTS_PUBLIC, kinds[kind].everyone);
  return tide_grants_dup_text (grants);
}

const char *
tide_privileges_get_public_schema (int version)
{
  return version >= 150000 ? "@owner=UC\nPUBLIC=U" : "@owner=UC\nPUBLIC=UC";
}

/**
 * tide_privileges_normalise:
 * @kind: of what
 * @acl: (nullable): an aclitem[] as text; %NULL: what is there by default
 * @owner: (nullable): the name of the object's owner
 *
 * One grant a line, "GRANTEE=letters", sorted: the owner as "@owner", everybody as "PUBLIC", other names quoted where SQL would
 * quote them; "*" after a letter is the right to grant it on. Who granted is told where it is not the owner ("ann GRANTED BY
 * bo=r"); roles that are no more are left out.
 *
 * Returns: (transfer full) (nullable): %NULL for what a new object has
 */
char *
tide_privileges_normalise (TideObjectKind  kind,
                           const char     *acl,
                           const char     *owner)
{
  g_autoptr (TideGrants) grants = NULL;
  g_autofree char *text = NULL;
  g_autofree char *standard = NULL;

  if (acl == NULL)
    return NULL;
  grants = tide_grants_parse_acl (acl, owner, kinds[kind].all);
  text = tide_grants_dup_text (grants);
  standard = tide_privileges_dup_default (kind);
  return g_str_equal (text, standard) ? NULL : g_steal_pointer (&text);
}

/* `SELECT ("a"), UPDATE ("a")`, or ALL */
static char *
dup_names (guint32     set,
           const char *all,
           const char *column)
{
  GString *names = g_string_new (NULL);
  gboolean is_all = set == tide_grants_get_set (all);

  for (guint i = 0; i < G_N_ELEMENTS (privileges); i++)
    {
      const char letter[] = { privileges[i].letter, '\0' };

      if (is_all ? i > 0 : (set & tide_grants_get_set (letter)) == 0)
        continue;
      g_string_append_printf (names, "%s%s", names->len == 0 ? "" : ", ", is_all ? "ALL" : privileges[i].name);
      if (column != NULL)
        g_string_append_printf (names, " (%s)", column);
    }
  return g_string_free (names, FALSE);
}

/* Adds the GRANT or REVOKE that @head begins and @tail ends, said by who granted it */
static void
write_for (TideDdl               *ddl,
           const TideGrantTarget *target,
           TideHazard             hazards,
           const char            *head,
           const char            *who,
           const char            *tail)
{
  const char *by;
  g_autofree char *role = tide_grants_dup_role (who, &by);

  if (by != NULL)
    tide_ddl_add_at (ddl, target->phase, TIDE_HAZARD_NONE, "SET ROLE %s", by);
  tide_ddl_add_at (ddl, target->phase, hazards, "%s %s%s", head, g_str_equal (role, TIDE_GRANTS_OWNER) ? target->owner : role, tail);
  if (by != NULL)
    tide_ddl_add_at (ddl, target->phase, TIDE_HAZARD_NONE, "RESET ROLE");
}

/* @grant: what is there; CASCADE takes back what @grant's role may have granted on. */
static void
write_revoke (TideDdl               *ddl,
              const TideGrantTarget *target,
              const TideGrant       *grant,
              guint32                set,
              gboolean               option_only)
{
  g_autofree char *names = NULL;
  g_autofree char *head = NULL;

  if (set == 0)
    return;
  names = dup_names (set, target->all, target->column);
  head = g_strdup_printf ("%sREVOKE %s%s ON %s FROM", target->prefix, option_only ? "GRANT OPTION FOR " : "", names, target->object);
  write_for (ddl, target, option_only ? TIDE_HAZARD_NONE : TIDE_HAZARD_BREAKS_CLIENTS, head, grant->who,
             (set & grant->options) != 0 ? " CASCADE" : "");
}

static void
write_grant (TideDdl               *ddl,
             const TideGrantTarget *target,
             const char            *who,
             guint32                set,
             gboolean               with_option)
{
  g_autofree char *names = NULL;
  g_autofree char *head = NULL;

  if (set == 0)
    return;
  names = dup_names (set, target->all, target->column);
  head = g_strdup_printf ("%sGRANT %s ON %s TO", target->prefix, names, target->object);
  write_for (ddl, target, TIDE_HAZARD_NONE, head, who, with_option ? " WITH GRANT OPTION" : "");
}

/* What is not told apart from ALL has to be named where @part of it goes or is added. */
static guint32
get_untold (TideDdl               *ddl,
            const TideGrantTarget *target,
            const TideGrant       *grant,
            guint32                part)
{
  guint32 all = tide_grants_get_set (target->all);

  if (tide_ddl_get_server_version (ddl) < 170000 || strchr (target->all, 't') == NULL || grant->set != all || part == 0 || part == all)
    return 0;
  return tide_grants_get_set ("m");
}

/* (transfer full) (element-type TideGrant, borrowed): those nearest to the owner first, or last */
static GPtrArray *
list_by_depth (const TideGrants *grants,
               gboolean          nearest_first)
{
  GPtrArray *list = g_ptr_array_new ();
  guint n = tide_grants_get_length (grants);

  for (guint step = 0; list->len < n; step++)
    for (guint i = 0; i < n; i++)
      if (tide_grants_get_depth (grants, tide_grants_get (grants, i)) == (nearest_first ? step : n - step))
        g_ptr_array_add (list, (gpointer) tide_grants_get (grants, i));
  return list;
}

/**
 * tide_privileges_write_change:
 * @sure: grants that are there
 * @maybe: grants that may be there, those of @sure among them
 * @to: grants to be there in the end
 *
 * First everything is revoked that has to go, then granted what is missing, or may have gone along with the right to grant it.
 *
 * Returns: whether anything is revoked
 */
gboolean
tide_privileges_write_change (TideDdl               *ddl,
                              const TideGrantTarget *target,
                              const char            *sure,
                              const char            *maybe,
                              const char            *to)
{
  g_autoptr (TideGrants) there = tide_grants_parse (sure);
  g_autoptr (TideGrants) likely = tide_grants_parse (maybe);
  g_autoptr (TideGrants) wanted = tide_grants_parse (to);
  g_autoptr (GPtrArray) to_owner = list_by_depth (likely, FALSE);
  g_autoptr (GPtrArray) from_owner = list_by_depth (wanted, TRUE);
  gboolean has_revoked = FALSE;
  guint32 cascaded = 0;

  for (guint i = 0; i < to_owner->len; i++)
    {
      const TideGrant *grant = g_ptr_array_index (to_owner, i);
      guint32 keep = tide_grants_find (wanted, grant->who).set;
      guint32 keep_options = tide_grants_find (wanted, grant->who).options;
      guint32 lost = grant->set & ~keep;

      lost |= get_untold (ddl, target, grant, lost) & ~keep;
      write_revoke (ddl, target, grant, lost, FALSE);
      write_revoke (ddl, target, grant, grant->options & ~keep_options & ~lost, TRUE);
      has_revoked |= lost != 0;
      cascaded |= grant->options & ~keep_options;
    }
  for (guint i = 0; i < from_owner->len; i++)
    {
      const TideGrant *grant = g_ptr_array_index (from_owner, i);
      TideGrant old = tide_grants_find (there, grant->who);
      guint32 with_option = grant->options & ~(old.options & ~cascaded);
      guint32 missing;

      old.set &= ~cascaded;
      missing = grant->set & ~old.set & ~with_option;
      write_grant (ddl, target, grant->who, missing | get_untold (ddl, target, grant, missing), FALSE);
      write_grant (ddl, target, grant->who, with_option, TRUE);
    }
  return has_revoked;
}

/* As GRANT names it; functions by what they take alone */
static char *
dup_object (const TideSchemaObject *object)
{
  TideObjectKind kind = tide_schema_object_get_kind (object);
  gboolean is_column = kind == TIDE_OBJECT_COLUMN;
  g_autofree char *name = tide_schema_object_dup_quoted (is_column ? tide_schema_object_get_parent (object) : object);
  const char *signature = tide_schema_object_get_signature (object);

  return g_strdup_printf ("%s %s%s", kinds[kind].keyword, name, signature == NULL ? "" : signature);
}

/* What has the owner of @object: the table of a column, and of a sequence that belongs to one */
static const TideSchemaObject *
get_owned (const TideSchemaObject *object)
{
  guint n;
  const TideSchemaObject *const *on;

  if (tide_schema_object_get_kind (object) == TIDE_OBJECT_COLUMN)
    return tide_schema_object_get_parent (object);
  if (tide_schema_object_get_kind (object) != TIDE_OBJECT_SEQUENCE)
    return object;
  on = tide_schema_get_dependencies (tide_schema_object_get_schema (object), object, &n);
  for (guint i = 0; i < n; i++)
    if (tide_schema_object_get_kind (on[i]) == TIDE_OBJECT_COLUMN)
      return tide_schema_object_get_parent (on[i]);
  return object;
}

/* Objects of the usual owner belong to the usual owner there, new ones to the role that runs the script */
char *
tide_privileges_dup_owner (const TideSchemaObject *from,
                           const TideSchemaObject *to)
{
  const char *owner = tide_schema_object_get_value (get_owned (to), TIDE_ATTRIBUTE_OWNER);

  if (owner != NULL)
    return tide_quote_identifier (owner);
  if (from != NULL)
    return tide_quote_identifier (tide_schema_get_owner (tide_schema_object_get_schema (from)));
  return g_strdup ("CURRENT_USER");
}

static gboolean
is_public_schema (const TideSchemaObject *object)
{
  return tide_schema_object_get_kind (object) == TIDE_OBJECT_SCHEMA
         && g_str_equal (tide_schema_object_get_name (object), "public");
}

/* It may have been dropped and made again, with nothing but what every schema has. */
static gboolean
is_remade_public (const TideSchemaObject *object)
{
  return is_public_schema (object) && tide_schema_object_get_value (object, TIDE_ATTRIBUTE_PRIVILEGES) == NULL;
}

/* @version: of the server that runs it */
static char *
dup_lines (const TideSchemaObject *object,
           int                     version)
{
  const char *lines = tide_schema_object_get_value (object, TIDE_ATTRIBUTE_PRIVILEGES);

  if (lines != NULL)
    return g_strdup (lines);
  if (is_public_schema (object))
    return g_strdup (tide_privileges_get_public_schema (version));
  return tide_privileges_dup_default (tide_schema_object_get_kind (object));
}

/* Revoking from the table takes the same from all of its columns */
static void
write_columns_again (TideDdl                *ddl,
                     const TideSchemaObject *from,
                     const TideSchemaObject *to)
{
  if (tide_object_kind_find_attribute (tide_schema_object_get_kind (to), "column_privileges") >= 0)
    {
      g_autofree char *name = tide_schema_object_dup_quoted (to);
      g_autofree char *owner = tide_privileges_dup_owner (from, to);

      tide_column_privileges_write (ddl, name, owner, NULL, tide_schema_object_get (to, "column_privileges"));
    }
  for (const TideSchemaObject *child = tide_schema_object_get_first_child (to); child != NULL;
       child = tide_schema_object_get_next (child))
    {
      g_autofree char *name = NULL;
      g_autofree char *object = NULL;
      g_autofree char *owner = NULL;
      const char *lines = tide_schema_object_get_value (child, TIDE_ATTRIBUTE_PRIVILEGES);
      TideGrantTarget target = { .prefix = "", .all = kinds[TIDE_OBJECT_COLUMN].all };

      if (tide_schema_object_get_kind (child) != TIDE_OBJECT_COLUMN || lines == NULL
          || tide_schema_find_same (tide_schema_object_get_schema (from), child) == NULL)
        continue;
      target.column = name = tide_quote_identifier (tide_schema_object_get_name (child));
      target.object = object = dup_object (child);
      target.owner = owner = tide_privileges_dup_owner (from, to);
      tide_privileges_write_change (ddl, &target, "", "", lines);
    }
}

/* Adds what default privileges of @base may have given to a new object, and takes from @sure what they may have withheld. Those
 * of other roles than the usual owner, who runs the script, do not touch it. */
static void
apply_defaults (const TideSchema       *base,
                const TideSchemaObject *object,
                TideGrants             *sure,
                TideGrants             *maybe)
{
  TideObjectKind kind = tide_schema_object_get_kind (object);
  guint first, end;

  if (base == NULL || kind == TIDE_OBJECT_COLUMN || tide_object_kind_get_info (TIDE_OBJECT_DEFAULT_PRIVILEGES) == NULL)
    return;
  tide_schema_get_range (base, TIDE_OBJECT_DEFAULT_PRIVILEGES, &first, &end);
  for (guint i = first; i < end; i++)
    {
      const TideSchemaObject *entry = tide_schema_get_object (base, i);
      const char *namespace_ = tide_schema_object_get_namespace (entry);
      g_autofree char *keyword = g_strconcat (kinds[kind].keyword, "S", NULL);
      g_autoptr (TideGrants) grants = NULL;

      if (!g_str_equal (tide_schema_object_get (entry, "objects"),
                        g_str_equal (keyword, "ROUTINES") ? "FUNCTIONS" : keyword)
          || tide_schema_object_get (entry, "role") != NULL
          || (namespace_ != NULL && g_strcmp0 (namespace_, tide_schema_object_get_namespace (object)) != 0))
        continue;
      grants = tide_grants_parse (tide_schema_object_get (entry, "grants"));
      tide_grants_unite (maybe, grants);
      if (namespace_ == NULL)
        tide_grants_intersect (sure, grants);
    }
}

/* Those of @from, said of the owner that it has by now */
static char *
dup_owned_lines (const TideSchemaObject *from,
                 const TideSchemaObject *to,
                 int                     version)
{
  g_autofree char *lines = dup_lines (from, version);
  const char *old = tide_schema_object_get_value (get_owned (from), TIDE_ATTRIBUTE_OWNER);
  const char *owner = tide_schema_object_get_value (get_owned (to), TIDE_ATTRIBUTE_OWNER);
  g_autoptr (TideGrants) grants = NULL;

  if (g_strcmp0 (old, owner) == 0)
    return g_steal_pointer (&lines);
  grants = tide_grants_parse (lines);
  tide_grants_hand_over (grants, owner != NULL ? owner : tide_schema_get_owner (tide_schema_object_get_schema (from)));
  return tide_grants_dup_text (grants);
}

/**
 * tide_privileges_write:
 * @ddl: where to
 * @from: (nullable): the object as it was; %NULL: it is new, and has what a new one has
 * @to: the object as it is to be
 * @base: (nullable): the database where it is made; matters where @from is %NULL
 *
 * Adds the GRANT and REVOKE statements that @to needs; nothing for a kind without privileges.
 */
void
tide_privileges_write (TideDdl                *ddl,
                       const TideSchemaObject *from,
                       const TideSchemaObject *to,
                       const TideSchema       *base)
{
  TideObjectKind kind = tide_schema_object_get_kind (to);
  g_autofree char *column = NULL;
  g_autofree char *object = NULL;
  g_autofree char *owner = NULL;
  g_autofree char *sure = NULL;
  g_autofree char *maybe = NULL;
  g_autofree char *wanted = NULL;
  TideGrantTarget target = { .prefix = "", .all = kinds[kind].all };
  int version = tide_ddl_get_server_version (ddl);

  if (kinds[kind].all == NULL)
    return;
  if (kind == TIDE_OBJECT_COLUMN)
    target.column = column = tide_quote_identifier (tide_schema_object_get_name (to));
  target.object = object = dup_object (to);
  target.owner = owner = tide_privileges_dup_owner (from, to);
  /* By then a sequence has the owner of the table that it belongs to */
  if (kind == TIDE_OBJECT_SEQUENCE && get_owned (to) != to)
    target.phase = TIDE_DDL_LATE;
  wanted = dup_lines (to, version);
  if (from != NULL)
    {
      maybe = dup_owned_lines (from, to, version);
      sure = is_remade_public (from) ? tide_privileges_dup_default (kind) : g_strdup (maybe);
      if (tide_privileges_write_change (ddl, &target, sure, maybe, wanted) && kind != TIDE_OBJECT_COLUMN)
        write_columns_again (ddl, from, to);
    }
  else
    {
      g_autofree char *standard = tide_privileges_dup_default (kind);
      g_autoptr (TideGrants) there = tide_grants_parse (standard);
      g_autoptr (TideGrants) likely = tide_grants_parse (standard);

      apply_defaults (base, to, there, likely);
      sure = tide_grants_dup_text (there);
      maybe = tide_grants_dup_text (likely);
      tide_privileges_write_change (ddl, &target, sure, maybe, wanted);
    }
}
