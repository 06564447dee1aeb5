/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-extension"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kind-extension.h"
#include "schema/kinds/tide-kind-parts.h"
#include "schema/kinds/tide-kinds.h"
#include "schema/kinds/tide-members.h"

/* An extension lives in no schema; what it brings lives in "installed_in". That of the template databases is not told. */
static char *
dup_query (int version)
{
  return g_strdup ("SELECT e.oid, e.extname AS name, e.extowner AS owner, e.extversion AS version,"
                   " n.nspname AS installed_in, " TIDE_KIND_BOOLEAN ("e.extrelocatable") " AS relocatable, x.members"
                   " FROM pg_catalog.pg_extension e"
                   " JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
                   " LEFT JOIN (" TIDE_MEMBERS_OF_EXTENSIONS ") x ON x.refobjid = e.oid"
                   " WHERE e.oid >= 16384 ORDER BY e.extname");
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
  tide_members_write (ddl, NULL, object);
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
    tide_members_write (ddl, from, to);
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
  .complete = tide_members_complete,
  .get_standard_comment = get_standard_comment,
  .address = dup_address,
  .create = create,
  .alter = alter,
};
