/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-ddl.h"
#include "schema/tide-schema-builder.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/* What several kinds of objects have in common.
 *
 * A list in an attribute has one item a line, each as SQL; its key is its first word, quoted or not. */

/* A query's column with the foreign options of @array (text[] of KEY=VALUE), one a line: `"user" 'me'`. The values of those
 * whose names look secret, or that hold a connection with a password, stay on the server. */
#define TIDE_KIND_OPTIONS(array)                                                                       \
  "(SELECT pg_catalog.string_agg(pg_catalog.quote_ident(o.option_name) || ' '"    \
  " || CASE WHEN o.option_name ~* '" TIDE_KIND_SECRET "' OR o.option_value ~* '" TIDE_KIND_SECRET_VALUE "'" \
  " THEN '''" TIDE_KIND_REDACTED "''' ELSE pg_catalog.quote_literal(o.option_value) END, E'\\n'"       \
  " ORDER BY o.option_name) FROM pg_catalog.pg_options_to_table(" array ") o)"
#define TIDE_KIND_SECRET "pass(word|wd|phrase|code)?$|^pwd$|secret|token|credential|(api|access|private|account|service|sa)_?key"
#define TIDE_KIND_SECRET_VALUE "(pass(word|wd|phrase|code)?|pwd|secret)[[:space:]]*=|://[^/@:[:space:]]*:[^/@[:space:]]*@"
#define TIDE_KIND_REDACTED "********"

/* A query's column: NULL for no function, else its name */
#define TIDE_KIND_FUNCTION(oid, type) "NULLIF(" oid "::pg_catalog.oid, 0)::pg_catalog." type "::pg_catalog.text"
/* A query's column: NULL for no collation, else its name (12 knows no regcollation) */
#define TIDE_KIND_COLLATION(oid)                                                                       \
  "(SELECT pg_catalog.quote_ident(xn.nspname) || '.' || pg_catalog.quote_ident(x.collname)"            \
  " FROM pg_catalog.pg_collation x JOIN pg_catalog.pg_namespace xn ON xn.oid = x.collnamespace"        \
  " WHERE x.oid = " oid ")"
/* A query's column: 'true' or NULL */
#define TIDE_KIND_BOOLEAN(condition)  "CASE WHEN " condition " THEN 'true' END"

/* (transfer full): the items of a list; empty for %NULL */
char     **tide_kind_split           (const char             *list);
/* (transfer full): the items of @list with @separator between them */
char      *tide_kind_join            (const char             *list,
                                      const char             *separator);
/* (transfer full): `"user"` of `"user" 'me'` */
char      *tide_kind_dup_key         (const char             *item);
/* (nullable) (transfer none): the item of that key */
const char *tide_kind_find_item      (char                  **items,
                                      const char             *key);
/* (transfer full): `DOMAIN "public"."email"` */
char      *tide_kind_dup_address     (const char             *words,
                                      const TideSchemaObject *object);
/* How an option of CREATE is called, and the attribute that has its value as SQL */
typedef struct
{
  const char *attribute;
  const char *word;
} TideKindOption;
/* Adds `WORD = value` for each of @options that @object has, after "(" or another option */
void       tide_kind_append_options  (GString                *sql,
                                      const TideSchemaObject *object,
                                      const TideKindOption   *options,
                                      guint                   n_options);
/* Whether attribute @name is among @changed */
gboolean   tide_kind_is_changed      (const TideSchemaObject *object,
                                      guint64                 changed,
                                      const char             *name);
/* Whether a foreign option is one whose value stays on the server */
gboolean   tide_kind_is_secret       (const char             *name,
                                      const char             *value);
/* (transfer full): ` OPTIONS (...)`, or "" of %NULL; @options: as TIDE_KIND_OPTIONS() reads them */
char      *tide_kind_dup_options     (const char             *options);
/* Whether a secret among them is left out */
TideHazard tide_kind_options_hazard  (const char             *options);
/* (transfer full): ` OPTIONS (ADD ..., SET ..., DROP ...)`, or ""; @hazards: (out) */
char      *tide_kind_dup_options_change (const char          *from,
                                         const char          *to,
                                         TideHazard          *hazards);
/* Adds `ALTER address OPTIONS (...)` of an object whose options are called so */
void       tide_kind_alter_options   (TideDdl                *ddl,
                                      const char             *address,
                                      const TideSchemaObject *from,
                                      const TideSchemaObject *to);
/* Adds the comments on parts where they differ: `COMMENT ON <part> IS 'text'`. @kept: keys of the parts that were there before
 * and stay */
void       tide_kind_comment_parts   (TideDdl                *ddl,
                                      const char             *from_list,
                                      const char             *to_list,
                                      char                  **kept,
                                      const char             *left_of_key,
                                      const char             *right_of_key);
/* Notes what @object needs: a list of "CATALOG OID" or "CATALOG OID POSITION" in @column of its row */
void       tide_kind_depend          (TideSchemaBuilder      *builder,
                                      TideSchemaObject       *object,
                                      const TideCatalogRow   *row,
                                      const char             *column);
/* Tells that all whose text may name it stops what is done, and is to be made anew after that */
void       tide_kind_disturb_users   (TideDdl                *ddl);

G_END_DECLS
