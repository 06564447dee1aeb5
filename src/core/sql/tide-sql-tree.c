/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-tree"

#include "config.h"

#include <string.h>

#include "sql/tide-sql-node.h"
#include "sql/tide-sql-tree.h"

/* The option @name of a list of DefElem; NULL: not given */
static const TideSqlNode *
find_option (const TideSqlNode *statement,
             const char        *list,
             const char        *name)
{
  const TideSqlNode *element = tide_sql_node_first (tide_sql_node_get (statement, list));

  for (; element != NULL; element = tide_sql_node_next (element))
    {
      const TideSqlNode *option = tide_sql_node_as (element, "DefElem");

      if (g_ascii_strcasecmp (tide_sql_node_get_text (option, "defname"), name) == 0)
        return option;
    }
  return NULL;
}

/* A boolean option as defGetBoolean() reads it: bare means true */
static gboolean
is_true (const TideSqlNode *option)
{
  const TideSqlNode *argument = tide_sql_node_get (option, "arg");
  const TideSqlNode *type = tide_sql_node_as (argument, "TypeName");
  const char *word;

  if (argument == NULL)
    return TRUE;
  if (tide_sql_node_as (argument, "Integer") != NULL)
    return tide_sql_node_get_integer (tide_sql_node_as (argument, "Integer"), "ival") != 0;
  if (tide_sql_node_as (argument, "Boolean") != NULL)
    return tide_sql_node_get_boolean (tide_sql_node_as (argument, "Boolean"), "boolval");
  word = type != NULL ? tide_sql_node_get_string (tide_sql_node_first (tide_sql_node_get (type, "names")))
                      : tide_sql_node_get_string (argument);
  return g_ascii_strcasecmp (word, "false") != 0 && g_ascii_strcasecmp (word, "off") != 0;
}

gboolean
tide_sql_tree_get_option (const TideSqlNode *statement,
                          const char        *list,
                          const char        *name,
                          gboolean           fallback)
{
  const TideSqlNode *option = find_option (statement, list, name);

  return option ? is_true (option) : fallback;
}

static gboolean
reindex_refuses (const TideSqlNode *statement)
{
  const char *kind = tide_sql_node_get_text (statement, "kind");

  return g_str_equal (kind, "REINDEX_OBJECT_SCHEMA") || g_str_equal (kind, "REINDEX_OBJECT_SYSTEM")
         || g_str_equal (kind, "REINDEX_OBJECT_DATABASE")
         || tide_sql_tree_get_option (statement, "params", "concurrently", FALSE);
}

static gboolean
alter_table_refuses (const TideSqlNode *statement)
{
  const TideSqlNode *element = tide_sql_node_first (tide_sql_node_get (statement, "cmds"));

  for (; element != NULL; element = tide_sql_node_next (element))
    {
      const TideSqlNode *definition = tide_sql_node_get (tide_sql_node_as (element, "AlterTableCmd"), "def");

      if (tide_sql_node_get_boolean (tide_sql_node_as (definition, "PartitionCmd"), "concurrent"))
        return TRUE;
    }
  return FALSE;
}

/* CREATE SUBSCRIPTION makes a slot on the publisher, unless it does not connect or is told not to */
static gboolean
create_subscription_refuses (const TideSqlNode *statement)
{
  gboolean connects = tide_sql_tree_get_option (statement, "options", "connect", TRUE);

  return tide_sql_tree_get_option (statement, "options", "create_slot", connects);
}

static gboolean
alter_subscription_refuses (const TideSqlNode *statement)
{
  const char *kind = tide_sql_node_get_text (statement, "kind");

  if (g_str_equal (kind, "ALTER_SUBSCRIPTION_REFRESH"))
    return TRUE;
  return g_str_has_suffix (kind, "_PUBLICATION")
         && tide_sql_tree_get_option (statement, "options", "refresh", TRUE);
}

/* By the calls of PreventInTransactionBlock() in PostgreSQL's source */
static gboolean
statement_refuses (const TideSqlNode *statement,
                   const char        *kind)
{
  if (g_str_equal (kind, "ClusterStmt"))
    return tide_sql_node_get (statement, "relation") == NULL;
  if (g_str_equal (kind, "ReindexStmt"))
    return reindex_refuses (statement);
  if (g_str_equal (kind, "AlterTableStmt"))
    return alter_table_refuses (statement);
  if (g_str_equal (kind, "AlterDatabaseStmt"))
    return find_option (statement, "options", "tablespace") != NULL;
  if (g_str_equal (kind, "CreateSubscriptionStmt"))
    return create_subscription_refuses (statement);
  if (g_str_equal (kind, "AlterSubscriptionStmt"))
    return alter_subscription_refuses (statement);
  return FALSE;
}

gboolean
tide_sql_tree_refuses_transaction (const char *statement,
                                   gboolean    fallback)
{
  g_autoptr(TideSqlTree) tree = tide_sql_tree_parse (statement);
  const TideSqlNode *root;
  const char *kind;

  if (tree == NULL)
    return fallback;
  root = tide_sql_tree_get_root (tree, &kind);
  return statement_refuses (root, kind);
}
