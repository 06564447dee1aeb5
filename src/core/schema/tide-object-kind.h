/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The value of an attribute that the role may not read: it is compared with nothing */
#define TIDE_VALUE_UNREADABLE "unreadable"

/* What deparse functions say in place of what went away while the catalog was read; of those that say nothing, queries say it
 * where nothing could mean something else. As a type or an expression it stands for an object that is not there any more. */
#define TIDE_VALUE_VANISHED "???"
#define TIDE_CATALOG_OR_VANISHED(expression) "COALESCE(" expression ", '" TIDE_VALUE_VANISHED "')"

typedef struct _TideSchema        TideSchema;
typedef struct _TideSchemaObject  TideSchemaObject;
typedef struct _TideSchemaBuilder TideSchemaBuilder;
typedef struct _TideCatalogRow    TideCatalogRow;
typedef struct _TideDdl           TideDdl;

/**
 * TideObjectKind:
 *
 * What stands in a catalog. A kind comes after those that its rows refer to as parent or by name.
 * A column's default is an object of its own, because other objects hang on it alone; in a list of
 * differences it shows as an attribute of its column.
 */
typedef enum
{
  TIDE_OBJECT_DATABASE,
  TIDE_OBJECT_SCHEMA,
  TIDE_OBJECT_EXTENSION,
  TIDE_OBJECT_LANGUAGE,
  TIDE_OBJECT_ACCESS_METHOD,
  TIDE_OBJECT_COLLATION,
  TIDE_OBJECT_ENUM,
  TIDE_OBJECT_COMPOSITE,
  TIDE_OBJECT_DOMAIN,
  TIDE_OBJECT_RANGE,
  TIDE_OBJECT_BASE_TYPE,        /* also a shell */
  TIDE_OBJECT_FUNCTION,         /* also procedures and window functions */
  TIDE_OBJECT_AGGREGATE,
  TIDE_OBJECT_OPERATOR,
  TIDE_OBJECT_OPERATOR_FAMILY,
  TIDE_OBJECT_OPERATOR_CLASS,
  TIDE_OBJECT_CAST,
  TIDE_OBJECT_CONVERSION,
  TIDE_OBJECT_TRANSFORM,
  TIDE_OBJECT_TS_PARSER,
  TIDE_OBJECT_TS_TEMPLATE,
  TIDE_OBJECT_TS_DICTIONARY,
  TIDE_OBJECT_TS_CONFIGURATION,
  TIDE_OBJECT_FOREIGN_WRAPPER,
  TIDE_OBJECT_FOREIGN_SERVER,
  TIDE_OBJECT_USER_MAPPING,
  TIDE_OBJECT_SEQUENCE,
  TIDE_OBJECT_TABLE,            /* ordinary, partitioned, foreign */
  TIDE_OBJECT_COLUMN,           /* of a table */
  TIDE_OBJECT_DEFAULT,          /* of a column that is not generated */
  TIDE_OBJECT_VIEW,
  TIDE_OBJECT_MATERIALIZED_VIEW,
  TIDE_OBJECT_CONSTRAINT,       /* of a table, with the index it stands on */
  TIDE_OBJECT_INDEX,            /* not a constraint's */
  TIDE_OBJECT_RULE,
  TIDE_OBJECT_TRIGGER,
  TIDE_OBJECT_POLICY,
  TIDE_OBJECT_STATISTICS,
  TIDE_OBJECT_EVENT_TRIGGER,
  TIDE_OBJECT_PUBLICATION,
  TIDE_OBJECT_SUBSCRIPTION,
  TIDE_OBJECT_DEFAULT_PRIVILEGES,
  TIDE_N_OBJECT_KINDS
} TideObjectKind;

/**
 * TideAttributeFlags:
 * @TIDE_ATTRIBUTE_EXPRESSION: text that the server made from a stored expression: it may read otherwise after one more
 *   round through the parser and still mean the same
 * @TIDE_ATTRIBUTE_POSITION: compared only when a person asks for the order of columns
 * @TIDE_ATTRIBUTE_INTERNAL: never compared or shown: for the writer
 * @TIDE_ATTRIBUTE_TYPE: names a type of values that are stored (a column's): where a type is replaced by another of the same
 *   name, alter() is asked with this bit set and both texts the same, while the old type goes by another name: the values
 *   are to be moved over by way of text
 * @TIDE_ATTRIBUTE_OF_MAJOR: each major version of the server has its own: compared only within one
 * @TIDE_ATTRIBUTE_LOCALE: the name of a locale, which majors write in more than one way
 */
typedef enum
{
  TIDE_ATTRIBUTE_PLAIN      = 0,
  TIDE_ATTRIBUTE_EXPRESSION = 1 << 0,
  TIDE_ATTRIBUTE_POSITION   = 1 << 1,
  TIDE_ATTRIBUTE_INTERNAL   = 1 << 2,
  TIDE_ATTRIBUTE_TYPE       = 1 << 3,
  TIDE_ATTRIBUTE_OF_MAJOR   = 1 << 4,
  TIDE_ATTRIBUTE_LOCALE     = 1 << 5,
} TideAttributeFlags;

typedef struct
{
  const char         *name;  /* of the attribute, in JSON and as a column of the kind's catalog query: "type" */
  const char         *label; /* translatable, for a person: "Type" */
  TideAttributeFlags  flags;
} TideAttribute;

/* Every kind has these four first; its own follow. At most 64 in all. */
enum
{
  TIDE_ATTRIBUTE_OWNER,      /* role; NULL: the database's usual owner */
  TIDE_ATTRIBUTE_PRIVILEGES, /* one grant a line, see tide-privileges.h; NULL: what a new object has */
  TIDE_ATTRIBUTE_COMMENT,
  TIDE_ATTRIBUTE_LABELS,     /* security labels, "PROVIDER=LABEL" a line */
  TIDE_N_COMMON_ATTRIBUTES
};

/* In what order the rows of a kind's query become objects: the reader sorts what is many quicker than the server */
typedef enum
{
  TIDE_ROWS_AS_THEY_COME, /* the query sorts */
  TIDE_ROWS_BY_PARENT,    /* by its OID, then by "position", "parent_position" or "rank", then by name */
  TIDE_ROWS_BY_NAME,      /* by schema, then by name */
} TideRowOrder;

/**
 * TideObjectKindInfo:
 *
 * All there is to know of a kind: how it is read, what is compared, how its SQL is written. One file in `kinds/` each (or one
 * for a few that are alike). Everything that depends on the kind of an object goes through here.
 */
typedef struct
{
  TideObjectKind       kind;
  const char          *name;         /* "materialized view": in JSON, and in SQL in capitals */
  const char          *plural;       /* translatable, for a person: "Materialized Views" */
  const char          *icon_name;    /* symbolic */
  guint32              catalog;      /* OID of its catalog (pg_class: 1259), as pg_depend names it; 0: none */
  const TideAttribute *attributes;   /* its own, after the common ones */
  guint                n_attributes;
  guint                owner_phase;  /* TideDdlPhase: when a new one is handed over to its owner, and granted */

  /* (transfer full) (nullable): one statement for a server of @version (150018); NULL: no such thing there. Its columns:
   * "oid"; "schema", "name" (bare), "signature", "parent" (OID of the table, type ... it belongs to; of its column, with
   * "parent_position"), "position" (attnum of a column) as far as the kind has them; "owner" (role's OID), "alias" ("CATALOG OID":
   * another name by which pg_depend knows it), "privileges" (aclitem[] as text, NULL when it is what
   * acldefault() says); and attributes by name. Others are for @complete. System objects are left out there (names of schemas:
   * TIDE_CATALOG_USER_SCHEMA), members of extensions by the reader. pg_catalog. before every name.
   * What has a parent needs no look at schemas: rows whose parent is not read make no object.
   * Booleans of attributes: NULL or 'true' (so that what is not so takes no room). */
  char *             (*query)      (int                     version);
  TideRowOrder         order;
  /* (nullable): after all rows of all kinds were read: composes attributes from raw ones, adds what the row alone cannot tell */
  void               (*complete)   (TideSchemaBuilder      *builder,
                                    TideSchemaObject       *object,
                                    const TideCatalogRow   *row);

  /* (nullable): the comment that @object has when nothing was said: no comment, and this one, are read as none */
  const char *       (*get_standard_comment) (const TideSchemaObject *object);

  /* (transfer full): how COMMENT ON, ALTER and DROP name it, quoted: `COLUMN "public"."users"."email"` */
  char *             (*address)    (const TideSchemaObject *object);
  /* Adds the statements that make it. Owner, privileges, comment and labels are added by the engine. What its children put
   * inside (inline_element()) comes ready from tide_ddl_get_elements(). */
  void               (*create)     (TideDdl                *ddl,
                                    const TideSchemaObject *object);
  /* (nullable): adds what removes it; NULL: `DROP address` */
  void               (*drop)       (TideDdl                *ddl,
                                    const TideSchemaObject *object);
  /* (nullable): adds the statements that make @to of @from, @changed (bit set by index of attribute) telling what differs
   * beyond the common four; %FALSE (with nothing added): it must be dropped and made anew. Calls tide_ddl_disturbs() when
   * dependents have to go before and come back after. Names as in @to: where they differ, rename() came first. Pure. */
  gboolean           (*alter)      (TideDdl                *ddl,
                                    const TideSchemaObject *from,
                                    const TideSchemaObject *to,
                                    guint64                 changed);
  /* (nullable): adds a stand-in under its name, for what it needs itself but what needs its name (a base type's functions, a
   * view's rows); create() then comes as ever, over the stand-in. Dropping one that goes takes those along. */
  void               (*stub)       (TideDdl                *ddl,
                                    const TideSchemaObject *object);
  /* (nullable): adds what gives it the bare name @name; NULL: `ALTER address RENAME TO "name"` */
  void               (*rename)     (TideDdl                *ddl,
                                    const TideSchemaObject *object,
                                    const char             *name);
  /* (nullable) (transfer full): the element that stands inside its parent's CREATE: `"email" text NOT NULL`; of a default, what
   * stands after its column's: `DEFAULT 1`; "" when it comes with that CREATE without a word; NULL when it cannot */
  char *             (*inline_element) (const TideSchemaObject *object);
} TideObjectKindInfo;

/* A schema "public" with nothing but its owner's rights, as Prisma's reset leaves it: no privileges are written, or, once it
 * has come from a dump, just those. One whose owner is still initdb's was made so by a REVOKE, which somebody meant. */
#define TIDE_CATALOG_BARE_PUBLIC(n) \
  "(" n ".nspname = 'public' AND (" n ".nspacl IS NULL OR (" n ".nspacl::text = pg_catalog.acldefault('n', " n ".nspowner)::text" \
  " AND " n ".nspowner <> CASE WHEN pg_catalog.current_setting('server_version_num')::int < 150000 THEN 10 ELSE 6171 END)))"

#define TIDE_CATALOG_USER_SCHEMA(alias) \
  "(" alias ".nspname <> 'information_schema' AND " alias ".nspname OPERATOR(pg_catalog.!~) '^pg_')"

const TideObjectKindInfo *tide_object_kind_get_info      (TideObjectKind  kind);
/* Common attributes included */
guint                     tide_object_kind_get_n_attributes (TideObjectKind  kind);
const TideAttribute      *tide_object_kind_get_attribute (TideObjectKind  kind,
                                                          guint           index);
/* -1: it has none of that name */
int                       tide_object_kind_find_attribute (TideObjectKind  kind,
                                                           const char     *name);

G_END_DECLS
