/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "project/tide-migration.h"
#include "tide-kind.h"

G_BEGIN_DECLS

/**
 * TideProject:
 *
 * A project folder as it was when it was read: where its schema and migrations are, its environments,
 * its variables, its migrations in Prisma's order. Immutable; read again to see changes
 * (#TideProjectMonitor says when). Reading never runs anything the folder holds.
 */
#define TIDE_TYPE_PROJECT (tide_project_get_type ())
G_DECLARE_FINAL_TYPE (TideProject, tide_project, TIDE, PROJECT, GObject)

/* An environment as tidemark.json names it. url: "env:NAME", "service:NAME", "profile:NAME" or a URL */
typedef struct
{
  char     *name;
  char     *url;
  TideKind  kind;
  int       verify; /* the level to which a backup is proved before a migration; 0: as the kind asks */
} TideEnvironmentSpec;

/* A person to reach in an emergency */
typedef struct
{
  char *role;
  char *name;
  char *reach;
} TideContact;

/* Where backups are kept and how many, as tidemark.json says it */
typedef struct
{
  char  *folder;  /* absolute; PROJECT/backups where nothing is said */
  char  *format;  /* (nullable): "custom" ..., as it stands there */
  guint  last;    /* of "keep"; 0 everywhere keeps all */
  guint  daily;
  guint  weekly;
  guint  monthly;
} TideBackupsSpec;

/* Programs of the project that a pipeline runs, as "hooks" of tidemark.json has them: words, never a shell's line. Reading
 * them runs nothing; they are run once a person has approved them (runbook/tide-run-hook.h) */
typedef struct
{
  char     **stop;    /* (nullable): stops the application */
  char     **start;   /* (nullable) */
  char     **seed;    /* (nullable) */
  GPtrArray *health;  /* (element-type GStrv): each says by its exit status whether the application is well */
  guint      timeout_s; /* how long each may take; 0: nothing is said */
} TideHooksSpec;

/* A difference that a person does not want to be told of, as "drift" of tidemark.json says it. What is NULL fits all */
typedef struct
{
  char *kind;   /* (nullable): "index" */
  char *schema; /* (nullable): a shell pattern */
  char *name;   /* (nullable): a shell pattern */
  char *reason;
} TideIgnoreSpec;

/* Nearest folder from @start upward that is a project. (transfer full) (nullable) */
char        *tide_project_find               (const char   *start,
                                              GError      **error);
/* Blocking file reading. Errors: NOT_FOUND, INVALID (with file and line), UNSUPPORTED (Prisma 8's layout, other providers) */
TideProject *tide_project_load               (const char   *root,
                                              GError      **error);

const char  *tide_project_get_root           (TideProject  *self); /* absolute */
char        *tide_project_dup_name           (TideProject  *self); /* package.json's "name", else the folder's */
const char  *tide_project_get_schema_path    (TideProject  *self); /* (nullable): a file, or a folder of *.prisma */
GPtrArray   *tide_project_get_schema_files   (TideProject  *self); /* (transfer none) (element-type filename) */
const char  *tide_project_get_migrations_dir (TideProject  *self); /* it need not exist yet */
/* (transfer none) (element-type TideMigration): in Prisma's order */
GPtrArray   *tide_project_get_migrations     (TideProject  *self);
TideMigration *tide_project_find_migration   (TideProject  *self,
                                              const char   *name); /* (transfer none) (nullable) */
/* NULL when migration_lock.toml is absent or says postgresql; else P3019 */
gboolean     tide_project_check_lock_file    (TideProject  *self,
                                              GError      **error);
/* (transfer none) (element-type TideEnvironmentSpec): from tidemark.json; one made of DATABASE_URL where there is none */
GPtrArray   *tide_project_get_environments   (TideProject  *self);
const TideEnvironmentSpec *tide_project_find_environment (TideProject *self,
                                                          const char  *name); /* (nullable) */
/* The process's environment first, then .env as Prisma would load it; (nullable) */
const char  *tide_project_get_variable       (TideProject  *self,
                                              const char   *name);
/* The URL expression of the schema's datasource or of prisma.config.*: (nullable) what env() it names, or the literal */
const char  *tide_project_get_url_variable   (TideProject  *self);
const char  *tide_project_get_url_literal    (TideProject  *self);
/* (transfer none) (nullable) (array zero-terminated=1): the database schemas that the datasource lists; none: the URL's */
const char *const *tide_project_get_schemas  (TideProject  *self);
GPtrArray   *tide_project_get_contacts       (TideProject  *self); /* (element-type TideContact) */
const TideBackupsSpec *tide_project_get_backups (TideProject *self);
const TideHooksSpec   *tide_project_get_hooks   (TideProject *self);
GPtrArray   *tide_project_get_ignores        (TideProject  *self); /* (element-type TideIgnoreSpec) */
/* (transfer none) (element-type GError): what was odd while reading, told once each */
GPtrArray   *tide_project_get_warnings       (TideProject  *self);

G_END_DECLS
