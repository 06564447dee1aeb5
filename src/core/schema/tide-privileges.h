/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-ddl.h"

G_BEGIN_DECLS

/**
 * TideGrantTarget:
 *
 * Where GRANT and REVOKE are aimed at.
 */
typedef struct
{
  const char   *prefix; /* before GRANT: "" or `ALTER DEFAULT PRIVILEGES ` */
  const char   *object; /* what comes after ON: `TABLE "public"."users"`, `TABLES` */
  const char   *column; /* (nullable): quoted */
  const char   *owner;  /* what "@owner" stands for, in SQL */
  const char   *all;    /* letters of every privilege there is: "arwdDxt" */
  TideDdlPhase  phase;
} TideGrantTarget;

/* (transfer full) (nullable): one grant a line, "GRANTEE=letters", sorted; see tide-privileges.c */
char       *tide_privileges_normalise      (TideObjectKind          kind,
                                            const char             *acl,
                                            const char             *owner);
/* What a new object of @kind has: lines as above */
char       *tide_privileges_dup_default    (TideObjectKind          kind);
/* What the schema "public" of a new database has, for a server of @version */
const char *tide_privileges_get_public_schema (int                  version);
/* (nullable): letters of every privilege that a kind knows, NULL where it knows none */
const char *tide_privileges_get_all        (TideObjectKind          kind);

/* Adds what gives @to the privileges it has: beginning with those of @from, or with those of an object just made (@from NULL) in
 * the database of @base (nullable), whose default privileges may have added some. The owner was changed before. */
void        tide_privileges_write          (TideDdl                *ddl,
                                            const TideSchemaObject *from,
                                            const TideSchemaObject *to,
                                            const TideSchema       *base);
/* (transfer full): the role that "@owner" stands for when @to was made of @from (nullable: it is new), in SQL */
char       *tide_privileges_dup_owner      (const TideSchemaObject *from,
                                            const TideSchemaObject *to);
/* Adds what turns grants into others: of @sure is known that they are there, of those of @maybe alone it is not. %TRUE: something
 * was revoked */
gboolean    tide_privileges_write_change   (TideDdl                *ddl,
                                            const TideGrantTarget  *target,
                                            const char             *sure,
                                            const char             *maybe,
                                            const char             *to);

G_END_DECLS
