/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TIDE_GRANTS_OWNER  "@owner"
#define TIDE_GRANTS_PUBLIC "PUBLIC"
#define TIDE_GRANTS_BY     " GRANTED BY "

typedef struct
{
  char    *who;     /* TIDE_GRANTS_OWNER, TIDE_GRANTS_PUBLIC, or a role's name as SQL writes it; behind it TIDE_GRANTS_BY and another
                     * role's name, where that granted it, and not the owner */
  guint32  set;     /* bits of letters: see tide_grants_get_set() */
  guint32  options; /* those of @set that may be granted on */
} TideGrant;

/**
 * TideGrants:
 *
 * Who may do what with an object; a set, sorted by who.
 */
typedef struct _TideGrants TideGrants;

TideGrants      *tide_grants_new        (void);
/* @lines: "GRANTEE=letters" a line */
TideGrants      *tide_grants_parse      (const char       *lines);
/* @acl: an aclitem[] as text; @all: letters of every privilege of the kind */
TideGrants      *tide_grants_parse_acl  (const char       *acl,
                                         const char       *owner,
                                         const char       *all);
void             tide_grants_free       (TideGrants       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideGrants, tide_grants_free)
/* (transfer full): "GRANTEE=letters" a line */
char            *tide_grants_dup_text   (const TideGrants *self);

void             tide_grants_add        (TideGrants       *self,
                                         const char       *who,
                                         const char       *letters);
void             tide_grants_unite      (TideGrants       *self,
                                         const TideGrants *other);
void             tide_grants_intersect  (TideGrants       *self,
                                         const TideGrants *other);
/* @role (bare name) becomes the owner: what it had, and what it granted, is the owner's */
void             tide_grants_hand_over  (TideGrants       *self,
                                         const char       *role);
/* (transfer full): the role of @who; @by: (out) (nullable) (transfer none): who granted it, if not the owner */
char            *tide_grants_dup_role   (const char       *who,
                                         const char      **by);
/* How many grants by others than the owner stand between it and @grant */
guint            tide_grants_get_depth  (const TideGrants *self,
                                         const TideGrant  *grant);
guint            tide_grants_get_length (const TideGrants *self);
const TideGrant *tide_grants_get        (const TideGrants *self,
                                         guint             index);
/* By value: empty where @who has nothing */
TideGrant        tide_grants_find       (const TideGrants *self,
                                         const char       *who);
/* The bits of letters, "*" after them passed over */
guint32          tide_grants_get_set    (const char       *letters);

G_END_DECLS
