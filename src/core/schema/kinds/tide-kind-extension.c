/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-extension"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "schema/kinds/tide-kind-extension.h"
#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"
#include "schema/tide-privileges.h"

/* Members of an extension are its own, what was granted on them since is not. Each as "ROUTINE name(type)", its owner, its privileges
 * and those it came with, parted by tabs. */
#define MEMBER_ROW(catalog, address, prefix, letter) \
  "SELECT " catalog ", m.oid, " address ", m." prefix "owner, m." prefix "acl, pg_catalog.acldefault(" letter ", m." prefix "owner)"
#define MEMBERS                                                                                                \
  MEMBER_ROW ("1255", "'ROUTINE ' || m.oid::pg_catalog.regprocedure", "pro", "'f'")                            \
  " FROM pg_catalog.pg_proc m WHERE m.proacl IS NOT NULL UNION ALL "                                           \
  MEMBER_ROW ("1259", "CASE m.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || m.oid::pg_catalog.regclass", "rel", \
              "CASE m.relkind WHEN 'S' THEN 's'::\"char\" ELSE 'r' END")                                       \
  " FROM pg_catalog.pg_class m WHERE m.relacl IS NOT NULL AND m.relkind IN ('r', 'v', 'm', 'f', 'p', 'S') UNION ALL " \
  MEMBER_ROW ("1247", "'TYPE ' || m.oid::pg_catalog.regtype", "typ", "'T'")                                    \
  " FROM pg_catalog.pg_type m WHERE m.typacl IS NOT NULL UNION ALL "                                           \
  MEMBER_ROW ("2615", "'SCHEMA ' || pg_catalog.quote_ident(m.nspname)", "nsp", "'n'")                          \
  " FROM pg_catalog.pg_namespace m WHERE m.nspacl IS NOT NULL"
#define MEMBER_PRIVILEGES                                                                                      \
  "SELECT d.refobjid, pg_catalog.string_agg(m.address || E'\\t' || pg_catalog.pg_get_userbyid(m.owner) || E'\\t' || m.acl::pg_catalog.text" \
  " || E'\\t' || COALESCE(i.initprivs, m.initial)::pg_catalog.text, E'\\n' ORDER BY m.address COLLATE \"C\") AS members" \
  " FROM pg_catalog.pg_depend d JOIN (" MEMBERS ") m(catalog, oid, address, owner, acl, initial)"              \
  " ON m.catalog = d.classid AND m.oid = d.objid"                                                              \
  " LEFT JOIN pg_catalog.pg_init_privs i ON i.objoid = m.oid AND i.classoid = m.catalog AND i.objsubid = 0"    \
  " WHERE d.deptype = 'e' AND d.refclassid = 3079 AND m.acl::pg_catalog.text <> COALESCE(i.initprivs, m.initial)::pg_catalog.text" \
  " GROUP BY d.refobjid"

/* An extension lives in no schema; what it brings lives in "installed_in". That of the template databases is not told. */
static char *
dup_query (int version)
{
  return g_strdup ("SELECT e.oid, e.extname AS name, e.extowner AS owner, e.extversion AS version,"
                   " n.nspname AS installed_in, " TIDE_KIND_BOOLEAN ("e.extrelocatable") " AS relocatable, x.members"
                   " FROM pg_catalog.pg_extension e"
                   " JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
                   " LEFT JOIN (" MEMBER_PRIVILEGES ") x ON x.refobjid = e.oid"
                   " WHERE e.oid >= 16384 ORDER BY e.extname");
}

/* By the first word of its address */
static TideObjectKind
get_member_kind (const char *address)
{
  return g_str_has_prefix (address, "ROUTINE ")    ? TIDE_OBJECT_FUNCTION
         : g_str_has_prefix (address, "SEQUENCE ") ? TIDE_OBJECT_SEQUENCE
         : g_str_has_prefix (address, "TYPE ")     ? TIDE_OBJECT_BASE_TYPE
         : g_str_has_prefix (address, "SCHEMA ")   ? TIDE_OBJECT_SCHEMA
                                                   : TIDE_OBJECT_TABLE;
}

/* (transfer full): the grants with tabs between them */
static char *
dup_acl (const char *address,
         const char *acl,
         const char *owner)
{
  g_autofree char *grants = tide_privileges_normalise (get_member_kind (address), acl, owner);

  if (grants == NULL)
    grants = tide_privileges_dup_default (get_member_kind (address));
  return g_strdelimit (g_steal_pointer (&grants), "\n", '\t');
}

static void
complete (TideSchemaBuilder    *builder,
          TideSchemaObject     *object,
          const TideCatalogRow *row)
{
  const char *members = tide_catalog_row_get (row, "members");
  g_auto (GStrv) rows = g_strsplit (members == NULL ? "" : members, "\n", -1);
  g_autoptr (GString) now = g_string_new (NULL);
  g_autoptr (GString) initial = g_string_new (NULL);

  for (guint i = 0; rows[i] != NULL; i++)
    {
      g_auto (GStrv) cells = g_strsplit (rows[i], "\t", 4);
      g_autofree char *granted = g_strv_length (cells) == 4 ? dup_acl (cells[0], cells[2], cells[1]) : NULL;
      g_autofree char *first = granted == NULL ? NULL : dup_acl (cells[0], cells[3], cells[1]);

      /* In another order they are the same */
      if (g_strcmp0 (granted, first) == 0)
        continue;
      g_string_append_printf (now, "%s%s\t%s", now->len > 0 ? "\n" : "", cells[0], granted);
      g_string_append_printf (initial, "%s%s\t%s", initial->len > 0 ? "\n" : "", cells[0], first);
    }
  if (now->len == 0)
    return;
  tide_schema_builder_set (builder, object, "member_privileges",
                           tide_schema_builder_take (builder, g_string_free (g_steal_pointer (&now), FALSE)));
  tide_schema_builder_set (builder, object, "member_initials",
                           tide_schema_builder_take (builder, g_string_free (g_steal_pointer (&initial), FALSE)));
}

/* (transfer full) (nullable): the grants of the member @address in the attribute @name, one a line */
static char *
dup_grants (const TideSchemaObject *object,
            const char             *name,
            const char             *address)
{
  const char *lines = object == NULL ? NULL : tide_schema_object_get (object, name);
  g_auto (GStrv) rows = g_strsplit (lines == NULL ? "" : lines, "\n", -1);

  for (guint i = 0; rows[i] != NULL; i++)
    if (g_str_has_prefix (rows[i], address) && rows[i][strlen (address)] == '\t')
      return g_strdelimit (g_strdup (rows[i] + strlen (address) + 1), "\t", '\n');
  return NULL;
}

/* What the member @address of @object has: what it came with, if nothing was said since; @other may know that */
static char *
dup_member (const TideSchemaObject *object,
            const TideSchemaObject *other,
            const char             *address)
{
  char *grants = dup_grants (object, "member_privileges", address);

  return grants != NULL ? grants : dup_grants (other, "member_initials", address);
}

static void
write_members (TideDdl                *ddl,
               const TideSchemaObject *listed,
               const TideSchemaObject *from,
               const TideSchemaObject *to)
{
  const char *lines = listed == NULL ? NULL : tide_schema_object_get (listed, "member_privileges");
  g_auto (GStrv) rows = g_strsplit (lines == NULL ? "" : lines, "\n", -1);
  g_autofree char *owner = tide_privileges_dup_owner (from, to);

  for (guint i = 0; rows[i] != NULL; i++)
    {
      g_autofree char *address = g_strndup (rows[i], strcspn (rows[i], "\t"));
      g_autofree char *before = dup_member (from, to, address);
      g_autofree char *after = dup_member (to, from, address);
      g_autofree char *other = listed == to ? NULL : dup_grants (to, "member_privileges", address);
      TideGrantTarget target = { "", address, NULL, owner, tide_privileges_get_all (get_member_kind (address)), TIDE_DDL_MAIN };

      if (other == NULL && before != NULL && after != NULL)
        tide_privileges_write_change (ddl, &target, before, before, after);
    }
}

static char *
dup_address (const TideSchemaObject *object)
{
  return tide_kind_dup_address ("EXTENSION", object);
}

/* Without its version: a server offers the ones that were packaged for it, as pg_dump knows. */
static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  g_autofree char *address = dup_address (object);
  g_autofree char *schema = tide_ddl_name (tide_schema_object_get (object, "installed_in"));

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "CREATE %s WITH SCHEMA %s", address, schema);
  write_members (ddl, object, NULL, object);
}

gboolean
tide_extension_is_newer (const char *version,
          const char *other)
{
  while (*version != '\0' && *other != '\0')
    {
      char *end = NULL;
      char *other_end = NULL;
      guint64 number = g_ascii_strtoull (version, &end, 10);
      guint64 other_number = g_ascii_strtoull (other, &other_end, 10);

      if (number != other_number)
        return number > other_number;
      if (*end != *other_end)
        return *end > *other_end;
      version = *end == '\0' ? end : end + 1;
      other = *other_end == '\0' ? other_end : other_end + 1;
    }
  return *version != '\0';
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  g_autofree char *address = dup_address (to);
  g_autofree char *schema = tide_ddl_name (tide_schema_object_get (to, "installed_in"));
  g_autofree char *version = tide_ddl_literal (tide_schema_object_get (to, "version"));

  if (tide_kind_is_changed (to, changed, "installed_in"))
    {
      if (!tide_schema_object_is (from, "relocatable"))
        return FALSE;
      tide_ddl_add (ddl, TIDE_HAZARD_BREAKS_CLIENTS, "ALTER %s SET SCHEMA %s", address, schema);
    }
  /* There is no way back to an older one but to drop it with all that stands on it: that is left to a person. */
  if (tide_kind_is_changed (to, changed, "version")
      && tide_extension_is_newer (tide_schema_object_get (to, "version"), tide_schema_object_get (from, "version")))
    tide_ddl_add (ddl, TIDE_HAZARD_LOCK, "ALTER %s UPDATE TO %s", address, version);
  if (tide_kind_is_changed (to, changed, "member_privileges"))
    {
      write_members (ddl, to, from, to);
      write_members (ddl, from, from, to);
    }
  return TRUE;
}

/* It brings one of its own. */
static const char *
get_standard_comment (const TideSchemaObject *object)
{
  return "";
}

static const TideAttribute attributes[] = {
  { "installed_in", N_("Schema") },
  { "version", N_("Version"), TIDE_ATTRIBUTE_OF_MAJOR },
  { "member_privileges", N_("Privileges on what it brings") },
  { "relocatable", "", TIDE_ATTRIBUTE_INTERNAL },
  { "member_initials", "", TIDE_ATTRIBUTE_INTERNAL },
};

const TideObjectKindInfo tide_kind_extension = {
  .kind = TIDE_OBJECT_EXTENSION,
  .name = "extension",
  .plural = N_("Extensions"),
  .icon_name = "application-x-addon-symbolic",
  .catalog = 3079,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .complete = complete,
  .get_standard_comment = get_standard_comment,
  .address = dup_address,
  .create = create,
  .alter = alter,
};
