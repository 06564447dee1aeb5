/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lint/tide-lint-finding.h"

G_BEGIN_DECLS

typedef enum
{
  /* What loses data */
  TIDE_LINT_DROP_TABLE,
  TIDE_LINT_DROP_COLUMN,
  TIDE_LINT_DROP_SCHEMA,
  TIDE_LINT_DROP_CASCADE,
  TIDE_LINT_TRUNCATE,
  TIDE_LINT_NARROW_TYPE,
  TIDE_LINT_UPDATE_ALL,
  TIDE_LINT_DELETE_ALL,
  /* What fails on data, or always */
  TIDE_LINT_ADD_REQUIRED_COLUMN,
  TIDE_LINT_SET_NOT_NULL,
  TIDE_LINT_ADD_UNIQUE,
  TIDE_LINT_ADD_PRIMARY_KEY,
  TIDE_LINT_ADD_EXCLUSION,
  TIDE_LINT_ADD_CHECK,
  TIDE_LINT_ADD_FOREIGN_KEY,
  TIDE_LINT_ENUM_VALUE_IN_TRANSACTION,
  TIDE_LINT_DROP_NEEDED,
  /* What locks */
  TIDE_LINT_INDEX_BLOCKS_WRITES,
  TIDE_LINT_DROP_INDEX_BLOCKS,
  TIDE_LINT_CONCURRENTLY_IN_TRANSACTION,
  TIDE_LINT_CONCURRENTLY_WITH_OTHERS,
  TIDE_LINT_VALIDATE_WITH_ADD,
  TIDE_LINT_CHANGE_TYPE,
  TIDE_LINT_VOLATILE_DEFAULT,
  TIDE_LINT_COLUMN_REWRITES,
  TIDE_LINT_TABLE_REWRITES,
  TIDE_LINT_VACUUM_FULL,
  TIDE_LINT_CLUSTER,
  TIDE_LINT_REINDEX,
  TIDE_LINT_REFRESH_BLOCKS,
  TIDE_LINT_DETACH_PARTITION,
  TIDE_LINT_WORK_UNDER_LOCK,
  TIDE_LINT_NO_LOCK_TIMEOUT,
  TIDE_LINT_LARGE_UPDATE,
  /* What breaks running programs */
  TIDE_LINT_RENAME_TABLE,
  TIDE_LINT_RENAME_COLUMN,
  TIDE_LINT_RENAME_ENUM_VALUE,
  TIDE_LINT_MOVE_TABLE,
  /* What is not PostgreSQL */
  TIDE_LINT_UPDATE_LIMIT,
  TIDE_LINT_BACKTICKS,
  TIDE_LINT_AUTO_INCREMENT,
  TIDE_LINT_MYSQL_TYPE,
  TIDE_LINT_CANNOT_RUN,
  /* Design and habits */
  TIDE_LINT_FOREIGN_KEY_WITHOUT_INDEX,
  TIDE_LINT_JSON,
  TIDE_LINT_MANY_CHANGES,
  TIDE_LINT_VAGUE_NAME,
  TIDE_LINT_NO_TIMESTAMP,
  TIDE_LINT_SAME_NAME,
  TIDE_LINT_SAME_CONTENT,
  TIDE_LINT_SAME_TIMESTAMP,
  TIDE_LINT_ACCEPT_COMMENT,
  TIDE_LINT_N_RULES
} TideLintRuleId;

/* How loud a finding is when the size of its table is known */
typedef enum
{
  TIDE_LINT_ALWAYS,  /* the same everywhere */
  TIDE_LINT_BY_ROWS, /* an error where there are rows, nothing where there are none */
  TIDE_LINT_BY_SIZE, /* an error on a large table, good to know on a small one, nothing on an empty one */
  TIDE_LINT_UNLESS_EMPTY, /* nothing on an empty table, else the same */
  TIDE_LINT_LARGE_ONLY,   /* nothing unless the table is known to be large */
} TideLintScale;

typedef struct
{
  TideLintRuleId    id;
  const char       *name;
  TideLintSeverity  severity;
  TideLintScale     scale;
  TideHazard        hazards;
  const char       *title;  /* for lists of rules, not translated yet */
  const char       *reason;
  const char       *url;
} TideLintRule;

const TideLintRule *tide_lint_rule_get  (TideLintRuleId  id);
const TideLintRule *tide_lint_rule_find (const char     *name); /* (nullable) */

G_END_DECLS
