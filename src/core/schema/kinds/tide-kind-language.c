/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind-language"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kinds.h"
#include "schema/tide-ddl.h"

enum
{
  TRUSTED = TIDE_N_COMMON_ATTRIBUTES,
  HANDLER,
  INLINE,
  VALIDATOR,
};

static const TideAttribute attributes[] = {
  { "trusted", N_("Trusted") },
  { "handler", N_("Handler") },
  { "inline", N_("Inline handler") },
  { "validator", N_("Validator") },
};

/* The name of a function as SQL writes it */
#define FUNCTION(oid)                                                                                       \
  "(SELECT pg_catalog.quote_ident(m.nspname) || '.' || pg_catalog.quote_ident(p.proname)"                   \
  " FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace m ON m.oid = p.pronamespace WHERE p.oid = " oid ")"

static char *
dup_query (int version)
{
  return g_strdup ("SELECT l.oid, l.lanname AS name, l.lanowner AS owner, l.lanacl AS privileges,"
                   " CASE WHEN l.lanpltrusted THEN 'true' END AS trusted,"
                   " " FUNCTION ("l.lanplcallfoid") " AS handler,"
                   " " FUNCTION ("l.laninline") " AS \"inline\","
                   " " FUNCTION ("l.lanvalidator") " AS validator"
                   " FROM pg_catalog.pg_language l WHERE l.lanispl AND l.oid >= 16384"
                   " ORDER BY 2");
}

static char *
dup_address (const TideSchemaObject *object)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);

  return g_strconcat ("LANGUAGE ", name, NULL);
}

static void
write_definition (TideDdl                *ddl,
                  const char             *verb,
                  const TideSchemaObject *object)
{
  g_autofree char *name = tide_schema_object_dup_quoted (object);
  const char *handler = tide_schema_object_get_value (object, HANDLER);
  const char *inline_ = tide_schema_object_get_value (object, INLINE);
  const char *validator = tide_schema_object_get_value (object, VALIDATOR);

  tide_ddl_add (ddl, TIDE_HAZARD_NONE, "%s %sPROCEDURAL LANGUAGE %s HANDLER %s%s%s%s%s", verb,
                tide_schema_object_get_value (object, TRUSTED) == NULL ? "" : "TRUSTED ", name, handler,
                inline_ == NULL ? "" : " INLINE ", inline_ == NULL ? "" : inline_,
                validator == NULL ? "" : " VALIDATOR ", validator == NULL ? "" : validator);
}

static void
create (TideDdl                *ddl,
        const TideSchemaObject *object)
{
  write_definition (ddl, "CREATE", object);
}

static gboolean
alter (TideDdl                *ddl,
       const TideSchemaObject *from,
       const TideSchemaObject *to,
       guint64                 changed)
{
  write_definition (ddl, "CREATE OR REPLACE", to);
  return TRUE;
}

const TideObjectKindInfo tide_kind_language = {
  .kind = TIDE_OBJECT_LANGUAGE,
  .name = "language",
  .plural = N_("Languages"),
  .icon_name = "preferences-desktop-locale-symbolic",
  .catalog = 2612,
  .attributes = attributes,
  .n_attributes = G_N_ELEMENTS (attributes),
  .query = dup_query,
  .address = dup_address,
  .create = create,
  .alter = alter,
};
