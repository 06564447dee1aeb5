/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-lint-rules"

#include "config.h"

#include <glib/gi18n.h>

#include "lint/tide-lint.h"
#include "lint/tide-lint-rules.h"

#define DOCS "https://www.postgresql.org/docs/current/"
#define ALTER_TABLE DOCS "sql-altertable.html"

#define INFO TIDE_LINT_INFO
#define WARNING TIDE_LINT_WARNING
#define ERROR TIDE_LINT_ERROR
#define LOSS TIDE_HAZARD_DATA_LOSS
#define LOCK TIDE_HAZARD_LOCK
#define LONG_LOCK TIDE_HAZARD_LONG_LOCK
#define REWRITE TIDE_HAZARD_REWRITE
#define FAILS TIDE_HAZARD_FAILS_ON_DATA
#define CLIENTS TIDE_HAZARD_BREAKS_CLIENTS
#define ALONE TIDE_HAZARD_NO_TRANSACTION
#define BY_ROWS TIDE_LINT_BY_ROWS
#define BY_SIZE TIDE_LINT_BY_SIZE
#define FILLED TIDE_LINT_UNLESS_EMPTY
#define ALWAYS TIDE_LINT_ALWAYS
#define LARGE TIDE_LINT_LARGE_ONLY

static const TideLintRule rules[] = {
  { TIDE_LINT_DROP_TABLE, "drop-table", ERROR, FILLED, LOSS | CLIENTS, N_("A table goes, with its rows"),
    N_("All its rows are lost, and programs that still use it fail from that moment."), DOCS "sql-droptable.html" },
  { TIDE_LINT_DROP_COLUMN, "drop-column", ERROR, FILLED, LOSS | CLIENTS, N_("A column goes, with its values"),
    N_("All its values are lost. Running programs that still read or write it fail from that moment; "
       "a Prisma client names every column of its schema in each query."),
    ALTER_TABLE "#SQL-ALTERTABLE-DESC-DROP-COLUMN" },
  { TIDE_LINT_DROP_SCHEMA, "drop-schema", ERROR, ALWAYS, LOSS | CLIENTS, N_("A schema goes, with everything in it"),
    N_("Everything in it is lost: tables with their rows, functions, types."), DOCS "sql-dropschema.html" },
  { TIDE_LINT_DROP_CASCADE, "drop-cascade", WARNING, ALWAYS, LOSS | CLIENTS, N_("A drop takes others along"),
    N_("CASCADE drops whatever needs it, and whatever needs that, without a question: views, foreign keys, functions, columns."),
    DOCS "ddl-depend.html" },
  { TIDE_LINT_TRUNCATE, "truncate", ERROR, FILLED, LOSS | LOCK, N_("A table is emptied"),
    N_("All rows are lost. It takes ACCESS EXCLUSIVE, and ON DELETE triggers do not fire."), DOCS "sql-truncate.html" },
  { TIDE_LINT_NARROW_TYPE, "narrow-type", WARNING, BY_ROWS, LOSS | FAILS | REWRITE, N_("A type becomes narrower"),
    N_("Values that do not fit make it fail, or are rounded or cut by the cast, and nothing brings them back."),
    ALTER_TABLE "#SQL-ALTERTABLE-DESC-SET-DATA-TYPE" },
  { TIDE_LINT_UPDATE_ALL, "update-without-where", WARNING, BY_ROWS, LOSS, N_("Every row is changed"),
    N_("Without WHERE every row is written over; what was there is lost."), DOCS "sql-update.html" },
  { TIDE_LINT_DELETE_ALL, "delete-without-where", ERROR, FILLED, LOSS, N_("Every row is deleted"),
    N_("Without WHERE every row goes."), DOCS "sql-delete.html" },

  { TIDE_LINT_ADD_REQUIRED_COLUMN, "add-required-column", WARNING, BY_ROWS, FAILS, N_("NOT NULL without a default"),
    N_("Rows that are there have no value for it: the migration fails unless the table is empty."),
    ALTER_TABLE "#SQL-ALTERTABLE-DESC-ADD-COLUMN" },
  { TIDE_LINT_SET_NOT_NULL, "set-not-null", WARNING, BY_SIZE, FAILS | LONG_LOCK, N_("A column becomes NOT NULL"),
    N_("Fails where a row has no value, and reads the whole table while nobody else can read or write it."),
    ALTER_TABLE "#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL" },
  { TIDE_LINT_ADD_UNIQUE, "add-unique", WARNING, BY_SIZE, FAILS | LONG_LOCK, N_("Existing rows have to be unique"),
    N_("Fails where two rows are alike, and nobody can write to the table while its index is built."), DOCS "sql-createindex.html" },
  { TIDE_LINT_ADD_PRIMARY_KEY, "add-primary-key", WARNING, BY_SIZE, FAILS | LONG_LOCK, N_("A primary key on existing rows"),
    N_("Fails where values are missing or alike, and nobody can read or write the table while its index is built."), ALTER_TABLE "#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX" },
  { TIDE_LINT_ADD_EXCLUSION, "add-exclusion", WARNING, BY_SIZE, FAILS | LONG_LOCK, N_("An exclusion constraint on existing rows"),
    N_("Fails where two rows collide, and nobody can read or write the table while its index is built; there is no way to build it beside them."),
    DOCS "ddl-constraints.html#DDL-CONSTRAINTS-EXCLUSION" },
  { TIDE_LINT_ADD_CHECK, "add-check", WARNING, BY_SIZE, FAILS | LONG_LOCK, N_("A check on existing rows"),
    N_("Fails where a row does not fit, and reads the whole table while nobody else can read or write it."), ALTER_TABLE "#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT" },
  { TIDE_LINT_ADD_FOREIGN_KEY, "add-foreign-key", WARNING, BY_SIZE, FAILS | LONG_LOCK, N_("A foreign key on existing rows"),
    N_("Fails where a row points nowhere. Nobody can write to either table while every row is looked up."), ALTER_TABLE "#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT" },
  { TIDE_LINT_ENUM_VALUE_IN_TRANSACTION, "enum-value-in-transaction", ERROR, ALWAYS, FAILS, N_("A new enum value is used at once"),
    N_("A value that a transaction adds cannot be used before it has committed: the server refuses with 55P04."), DOCS "sql-altertype.html#id-1.9.3.42.7" },
  { TIDE_LINT_DROP_NEEDED, "drop-needed", ERROR, ALWAYS, FAILS, N_("Something needs what is dropped"),
    N_("The server refuses to drop what others depend on, unless they go first."), DOCS "ddl-depend.html" },

  { TIDE_LINT_INDEX_BLOCKS_WRITES, "index-blocks-writes", WARNING, BY_SIZE, LONG_LOCK, N_("An index that holds up writers"),
    N_("Nobody can write to the table while the index is built."), DOCS "sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY" },
  { TIDE_LINT_DROP_INDEX_BLOCKS, "drop-index-blocks", INFO, BY_SIZE, LOCK, N_("DROP INDEX waits with the table locked"),
    N_("It takes ACCESS EXCLUSIVE on the table: it waits for running queries, and all others wait behind it."), DOCS "sql-dropindex.html" },
  { TIDE_LINT_CONCURRENTLY_IN_TRANSACTION, "concurrently-in-transaction", ERROR, ALWAYS, ALONE, N_("It cannot run in a transaction"),
    N_("The server refuses it between BEGIN and COMMIT (25001)."), DOCS "sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY" },
  { TIDE_LINT_CONCURRENTLY_WITH_OTHERS, "concurrently-with-others", WARNING, ALWAYS, ALONE, N_("It shares its file with other statements"),
    N_("The file cannot run as one transaction, so what ran before it stays when it fails; Prisma before 7.4 sends a file in one piece, and the server refuses it (25001)."),
    DOCS "sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY" },
  { TIDE_LINT_VALIDATE_WITH_ADD, "validate-with-add", WARNING, BY_SIZE, LONG_LOCK, N_("VALIDATE in the transaction that adds"),
    N_("The lock that ADD CONSTRAINT took is held until the transaction ends, so NOT VALID saves nothing."), ALTER_TABLE "#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT" },
  { TIDE_LINT_CHANGE_TYPE, "change-type", WARNING, BY_SIZE, REWRITE, N_("A type change that writes the table anew"),
    N_("Every row and every index on it is written anew while nobody can read or write the table; it needs its size in free space."), ALTER_TABLE "#SQL-ALTERTABLE-NOTES" },
  { TIDE_LINT_VOLATILE_DEFAULT, "volatile-default", WARNING, BY_SIZE, REWRITE, N_("A default that differs from row to row"),
    N_("The value has to be written into every row, while nobody can read or write the table. A constant default is kept once for all."), ALTER_TABLE "#SQL-ALTERTABLE-NOTES" },
  { TIDE_LINT_COLUMN_REWRITES, "column-rewrites", WARNING, BY_SIZE, REWRITE, N_("A column that is written into every row"),
    N_("Every row is written anew while nobody can read or write the table; it needs its size in free space."), ALTER_TABLE "#SQL-ALTERTABLE-NOTES" },
  { TIDE_LINT_TABLE_REWRITES, "table-rewrites", WARNING, BY_SIZE, REWRITE, N_("The table is written anew"),
    N_("Every row is written anew while nobody can read or write the table; it needs its size in free space."), ALTER_TABLE },
  { TIDE_LINT_VACUUM_FULL, "vacuum-full", WARNING, BY_SIZE, REWRITE, N_("VACUUM FULL shuts the table"),
    N_("The table is written anew while nobody can read or write it; it needs its size in free space."), DOCS "sql-vacuum.html" },
  { TIDE_LINT_CLUSTER, "cluster", WARNING, BY_SIZE, REWRITE, N_("CLUSTER shuts the table"),
    N_("The table is written anew while nobody can read or write it; it needs its size in free space."), DOCS "sql-cluster.html" },
  { TIDE_LINT_REINDEX, "reindex", WARNING, BY_SIZE, LONG_LOCK, N_("REINDEX holds up writers, and readers of the index"),
    N_("Nobody can write to the table while its indexes are built, and queries that would use them wait."), DOCS "sql-reindex.html#SQL-REINDEX-CONCURRENTLY" },
  { TIDE_LINT_REFRESH_BLOCKS, "refresh-blocks", INFO, ALWAYS, LONG_LOCK, N_("REFRESH shuts the view"),
    N_("Nobody can read the view while it is filled again."), DOCS "sql-refreshmaterializedview.html" },
  { TIDE_LINT_DETACH_PARTITION, "detach-partition", WARNING, BY_SIZE, LOCK, N_("DETACH PARTITION shuts the whole table"),
    N_("It takes ACCESS EXCLUSIVE on the partitioned table: everybody waits, in all partitions."), ALTER_TABLE "#SQL-ALTERTABLE-DETACH-PARTITION" },
  { TIDE_LINT_WORK_UNDER_LOCK, "work-under-lock", WARNING, BY_SIZE, LONG_LOCK, N_("Work while a table is shut"),
    N_("An earlier statement of this transaction took ACCESS EXCLUSIVE. Until the end nobody can read or write that table."), DOCS "explicit-locking.html" },
  { TIDE_LINT_NO_LOCK_TIMEOUT, "no-lock-timeout", INFO, LARGE, LOCK, N_("A strong lock without a time-out"),
    N_("While it waits for a running query, everybody else waits behind it: a long report stops the whole table."), DOCS "runtime-config-client.html#GUC-LOCK-TIMEOUT" },
  { TIDE_LINT_LARGE_UPDATE, "large-update", WARNING, BY_SIZE, TIDE_HAZARD_LONG_LOCK, N_("Many rows in one transaction"),
    N_("Each changed row stays locked until the end, the table swells by as much, and a failure loses all of the work."), DOCS "routine-vacuuming.html" },

  { TIDE_LINT_RENAME_TABLE, "rename-table", WARNING, ALWAYS, CLIENTS, N_("A table gets another name"),
    N_("Running programs know it by the old name and fail from that moment, and new ones fail until it is done."), ALTER_TABLE },
  { TIDE_LINT_RENAME_COLUMN, "rename-column", WARNING, ALWAYS, CLIENTS, N_("A column gets another name"),
    N_("Running programs know it by the old name and fail from that moment, and new ones fail until it is done."), ALTER_TABLE },
  { TIDE_LINT_RENAME_ENUM_VALUE, "rename-enum-value", WARNING, ALWAYS, CLIENTS, N_("An enum value gets another name"),
    N_("Running programs that send the old value fail, and those that read the new one do not know it."), DOCS "sql-altertype.html" },
  { TIDE_LINT_MOVE_TABLE, "move-table", WARNING, ALWAYS, CLIENTS, N_("A table moves to another schema"),
    N_("Running programs look for it where it was."), ALTER_TABLE },

  { TIDE_LINT_UPDATE_LIMIT, "update-limit", ERROR, ALWAYS, 0, N_("UPDATE and DELETE know no LIMIT"),
    N_("LIMIT and ORDER BY of UPDATE and DELETE are MySQL's: PostgreSQL refuses the statement."), DOCS "sql-update.html" },
  { TIDE_LINT_BACKTICKS, "backticks", ERROR, ALWAYS, 0, N_("Names in backticks"),
    N_("Backticks are MySQL's: PostgreSQL puts names in double quotes."), DOCS "sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS" },
  { TIDE_LINT_AUTO_INCREMENT, "auto-increment", ERROR, ALWAYS, 0, N_("AUTO_INCREMENT"),
    N_("AUTO_INCREMENT is MySQL's: PostgreSQL has identity columns."), DOCS "ddl-identity-columns.html" },
  { TIDE_LINT_MYSQL_TYPE, "foreign-type", ERROR, ALWAYS, 0, N_("A type of another database"),
    N_("PostgreSQL has no type of this name."), DOCS "datatype.html" },
  { TIDE_LINT_CANNOT_RUN, "cannot-run", ERROR, ALWAYS, FAILS, N_("A file that cannot run"),
    N_("Deploying stops here, before anything of it is sent, and what comes after it waits."), DOCS "sql-syntax.html" },

  { TIDE_LINT_FOREIGN_KEY_WITHOUT_INDEX, "foreign-key-without-index", INFO, ALWAYS, 0, N_("No index finds the rows of a foreign key"),
    N_("Each DELETE or change of a key on the other side reads this whole table, and so does every join from there."), DOCS "ddl-constraints.html#DDL-CONSTRAINTS-FK" },
  { TIDE_LINT_JSON, "json-not-jsonb", INFO, ALWAYS, 0, N_("json where jsonb would do"),
    N_("json keeps the text as it came and reads it anew at every use; it has no equality and no index, so DISTINCT and GROUP BY fail on it."), DOCS "datatype-json.html" },
  { TIDE_LINT_MANY_CHANGES, "many-changes", INFO, ALWAYS, 0, N_("Many changes in one migration"),
    N_("One migration, one logical change: what is small can be reviewed, is applied in a moment, and fails alone."), "https://www.prisma.io/docs/orm/prisma-migrate/workflows/development-and-production" },
  { TIDE_LINT_VAGUE_NAME, "vague-name", INFO, ALWAYS, 0, N_("A name that says nothing"),
    N_("In a year the name is all that somebody sees in the list."), "https://www.prisma.io/docs/orm/prisma-migrate/workflows/development-and-production" },
  { TIDE_LINT_NO_TIMESTAMP, "no-timestamp", INFO, ALWAYS, 0, N_("A name without a timestamp"),
    N_("Migrations run in the order of their names. The others begin with a timestamp: this one runs before or after all of them."), "https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/migration-histories" },
  { TIDE_LINT_SAME_NAME, "same-name", INFO, ALWAYS, 0, N_("Two migrations of one name"),
    N_("Two that differ only in their timestamps are easily taken for each other, and are often one made twice."), "https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/migration-histories" },
  { TIDE_LINT_SAME_CONTENT, "same-content", WARNING, ALWAYS, FAILS, N_("Two migrations of one content"),
    N_("The same SQL runs twice: mostly the second time fails, for what it makes is there."), "https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/migration-histories" },
  { TIDE_LINT_SAME_TIMESTAMP, "same-timestamp", INFO, ALWAYS, 0, N_("Two migrations of one moment"),
    N_("Which of them runs first is decided by the rest of their names."), "https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/migration-histories" },
  { TIDE_LINT_ACCEPT_COMMENT, "accept-comment", WARNING, ALWAYS, 0, N_("A comment that accepts nothing"),
    N_("It is written \"-- tidemark: accept RULE because REASON\" before the statement, or \"accept RULE in this file because REASON\"."), "https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-COMMENTS" },
};

G_STATIC_ASSERT (G_N_ELEMENTS (rules) == TIDE_LINT_N_RULES);

const TideLintRule *
tide_lint_rule_get (TideLintRuleId id)
{
  g_assert (rules[id].id == id);
  return &rules[id];
}

const TideLintRule *
tide_lint_rule_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (g_str_equal (rules[i].name, name))
      return &rules[i];
  return NULL;
}

/**
 * tide_lint_list_rules:
 * @n: (out): how many there are
 *
 * Returns: (transfer full) (array length=n): all rules, the worst kinds first
 */
TideLintRuleInfo *
tide_lint_list_rules (guint *n)
{
  TideLintRuleInfo *list = g_new (TideLintRuleInfo, G_N_ELEMENTS (rules));

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    list[i] = (TideLintRuleInfo) { rules[i].name, rules[i].severity, _(rules[i].title) };
  *n = G_N_ELEMENTS (rules);
  return list;
}
