/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-members"

#include "config.h"

#include <string.h>

#include "schema/kinds/tide-members.h"
#include "schema/tide-entries.h"
#include "schema/tide-privileges.h"

#define COLUMN "COLUMN "
#define OF_TABLE " OF "

/* By the first word of its address */
static TideObjectKind
get_member_kind (const char *address)
{
  return g_str_has_prefix (address, "ROUTINE ")    ? TIDE_OBJECT_FUNCTION
         : g_str_has_prefix (address, "SEQUENCE ") ? TIDE_OBJECT_SEQUENCE
         : g_str_has_prefix (address, "TYPE ")     ? TIDE_OBJECT_BASE_TYPE
         : g_str_has_prefix (address, "SCHEMA ")   ? TIDE_OBJECT_SCHEMA
         : g_str_has_prefix (address, "LANGUAGE ") ? TIDE_OBJECT_LANGUAGE
         : g_str_has_prefix (address, "FOREIGN DATA WRAPPER ") ? TIDE_OBJECT_FOREIGN_WRAPPER
         : g_str_has_prefix (address, "FOREIGN SERVER ") ? TIDE_OBJECT_FOREIGN_SERVER
         : g_str_has_prefix (address, COLUMN)      ? TIDE_OBJECT_COLUMN
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

void
tide_members_complete (TideSchemaBuilder    *builder,
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

/* What turns the grants @before of the member @address into @after. Those of a column come late: what is revoked from the whole
 * relation goes from its columns too. */
static void
write_member (TideDdl    *ddl,
              const char *address,
              const char *owner,
              const char *before,
              const char *after)
{
  gboolean is_column = g_str_has_prefix (address, COLUMN);
  const char *name = is_column ? address + strlen (COLUMN) : NULL;
  gsize length = is_column ? tide_entries_get_name_length (name) : 0;
  g_autofree char *column = is_column ? g_strndup (name, length) : NULL;
  g_autofree char *relation = is_column ? g_strconcat ("TABLE ", name + length + strlen (OF_TABLE), NULL) : g_strdup (address);
  TideGrantTarget target = { "", relation, column, owner, tide_privileges_get_all (get_member_kind (address)),
                             is_column ? TIDE_DDL_LATE : TIDE_DDL_MAIN };

  tide_privileges_write_change (ddl, &target, before, before, after);
}

static void
write_listed (TideDdl                *ddl,
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

      if (other == NULL && before != NULL && after != NULL)
        write_member (ddl, address, owner, before, after);
    }
}

void
tide_members_write (TideDdl                *ddl,
                    const TideSchemaObject *from,
                    const TideSchemaObject *to)
{
  write_listed (ddl, to, from, to);
  write_listed (ddl, from, from, to);
}
