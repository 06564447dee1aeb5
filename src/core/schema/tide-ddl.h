/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema.h"

G_BEGIN_DECLS

/**
 * TideHazard:
 *
 * What a statement endangers, as a set.
 */
typedef enum
{
  TIDE_HAZARD_NONE             = 0,
  TIDE_HAZARD_DATA_LOSS        = 1 << 0, /* rows or values go and nothing brings them back */
  TIDE_HAZARD_LOCK             = 1 << 1, /* ACCESS EXCLUSIVE or SHARE for a moment: waits for, and then holds up, others */
  TIDE_HAZARD_LONG_LOCK        = 1 << 2, /* the lock is held while the table is read (scan, index build, validation) */
  TIDE_HAZARD_REWRITE          = 1 << 3, /* the table is written anew under ACCESS EXCLUSIVE */
  TIDE_HAZARD_FAILS_ON_DATA    = 1 << 4, /* rows that are there may make it fail */
  TIDE_HAZARD_BREAKS_CLIENTS   = 1 << 5, /* programs that use the old shape stop working */
  TIDE_HAZARD_NO_TRANSACTION   = 1 << 6, /* cannot run inside a transaction */
  TIDE_HAZARD_SECRET           = 1 << 7, /* a secret (password of a user mapping, a subscription) is not in it: fill it in */
} TideHazard;

/**
 * TideDdlPhase:
 *
 * Where a statement stands among those of its object. The engine orders whole objects by what depends on what; LATE statements
 * come after every object is made, in order of phase (foreign keys are objects of their own and need none of this).
 */
typedef enum
{
  TIDE_DDL_MAIN,
  TIDE_DDL_PARTING, /* what leaves a place that others may come to */
  TIDE_DDL_JOIN,  /* attach to what is a part itself: that has valid indexes before it is attached */
  TIDE_DDL_LATE,  /* ownership of sequences, replica identity, cluster on, attach */
  TIDE_DDL_LAST,  /* refresh of materialized views, event triggers, validation */
  TIDE_DDL_END,   /* what needs materialized views that are filled */
} TideDdlPhase;

typedef struct
{
  char         *sql;     /* one statement, without its semicolon */
  TideHazard    hazards;
  TideDdlPhase  phase;
} TideDdlStatement;

/**
 * TideDdl:
 *
 * Collects the statements that a kind writes for one object.
 */
TideDdl    *tide_ddl_new            (gboolean        safer,
                                     int             server_version); /* of the server that will run it */
void        tide_ddl_free           (TideDdl        *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideDdl, tide_ddl_free)
void        tide_ddl_add            (TideDdl        *self,
                                     TideHazard      hazards,
                                     const char     *format,
                                     ...) G_GNUC_PRINTF (3, 4);
void        tide_ddl_add_at         (TideDdl        *self,
                                     TideDdlPhase    phase,
                                     TideHazard      hazards,
                                     const char     *format,
                                     ...) G_GNUC_PRINTF (4, 5);
/* Dependents of the altered object must be dropped before and made again after (a column's type: views, policies, triggers) */
void        tide_ddl_disturbs       (TideDdl        *self,
                                     TideObjectKind  dependent);
gboolean    tide_ddl_is_disturbed   (TideDdl        *self,
                                     TideObjectKind  dependent);
/* Forms that hold locks shorter are wanted (CONCURRENTLY, NOT VALID then VALIDATE), and there is someone to wait */
gboolean    tide_ddl_is_safer       (TideDdl        *self);
/* What the object belongs to is made by the same script: there are no rows yet and nobody waits, safer forms are of no use */
void        tide_ddl_set_new_parent (TideDdl        *self);
gboolean    tide_ddl_is_new_parent  (TideDdl        *self);
/* (nullable): what the object belongs to, in the other schema; NULL where it is not there */
void        tide_ddl_set_other_parent (TideDdl        *self,
                                     const TideSchemaObject *parent);
const TideSchemaObject *tide_ddl_get_other_parent (TideDdl *self);
/* What the object is a part of is there only in the phase LATE (of a table: it becomes a partition then; else it may at once); of a
 * foreign key: parts of what it refers to */
void        tide_ddl_set_late_whole (TideDdl        *self);
gboolean    tide_ddl_is_late_whole  (TideDdl        *self);
/* Tables that inherit the column keep it, as their own */
void        tide_ddl_set_kept_below (TideDdl        *self);
gboolean    tide_ddl_is_kept_below  (TideDdl        *self);
/* Takes @hazards from all statements up to the phase @last; of a long lock, a short one is left unless that is taken too */
void        tide_ddl_forgive        (TideDdl        *self,
                                     TideDdlPhase    last,
                                     TideHazard      hazards);
int         tide_ddl_get_server_version (TideDdl    *self);
/* (nullable): what stands inside the CREATE that is being written, put together by the engine from inline_element() of the
 * children: a table's columns (with their defaults) and constraints, one a line, without parentheses; of a column that is added,
 * its default: `DEFAULT 1` */
const char *tide_ddl_get_elements   (TideDdl        *self);
/* @elements: (transfer full) (nullable) */
void        tide_ddl_take_elements  (TideDdl        *self,
                                     char           *elements);
/* A stand-in of the object that is being made is there already: it is to be made over that */
void        tide_ddl_set_over_stub  (TideDdl        *self);
gboolean    tide_ddl_is_over_stub   (TideDdl        *self);
/* (transfer none) (element-type TideDdlStatement) */
GPtrArray  *tide_ddl_get_statements (TideDdl        *self);

/* (transfer full): for printf: `"name"` and `'text'`; see tide_schema_object_dup_quoted() for whole names */
#define tide_ddl_name(name)    tide_quote_identifier (name)
#define tide_ddl_literal(text) tide_quote_literal (text)

/* (transfer full): `$tag$text$tag$`, with a tag that is not in @text */
char       *tide_ddl_dollar_quote   (const char     *text,
                                     const char     *tag);

G_END_DECLS
