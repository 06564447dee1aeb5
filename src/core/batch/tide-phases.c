/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-phases"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "batch/tide-phases.h"
#include "schema/tide-ddl.h"
#include "sql/tide-sql-node.h"
#include "tide-error.h"
#include "wire/tide-session.h"

/* A request on its way, with its names quoted */
typedef struct
{
  const TidePhasesRequest *request;
  GPtrArray               *phases;
  char                    *bare;   /* the table's name without schema and quotes, for titles */
  char                    *name;
  char                    *other;  /* the second column: the new type's, or the new name's */
  char                    *prefix; /* of the names of triggers and checks */
} Writer;

void
tide_phase_free (TidePhase *self)
{
  g_free (self->title);
  g_free (self->sql);
  g_free (self->explanation);
  g_free (self->left_sql);
  g_free (self);
}

static void
writer_clear (Writer *self)
{
  g_free (self->bare);
  g_free (self->name);
  g_free (self->other);
  g_free (self->prefix);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writer, writer_clear)

/* @title, @sql: (transfer full) */
static TidePhase *
add_part (Writer     *self,
          char       *title,
          char       *sql,
          const char *explanation)
{
  TidePhase *phase = g_new0 (TidePhase, 1);

  phase->title = title;
  phase->sql = sql;
  phase->explanation = g_strdup (explanation);
  g_ptr_array_add (self->phases, phase);
  return phase;
}

static void
add (Writer     *self,
     char       *title,
     char       *sql,
     const char *explanation)
{
  add_part (self, title, sql, explanation);
}

/* @unfilled: the condition of a row that is not filled */
static void
add_fill (Writer     *self,
          const char *unfilled,
          char       *title,
          char       *sql,
          const char *explanation)
{
  TidePhase *phase = add_part (self, title, sql, explanation);

  phase->is_backfill = TRUE;
  phase->left_sql = g_strdup_printf ("SELECT EXISTS (SELECT FROM %s WHERE %s)", self->request->table, unfilled);
}

/* (transfer full): the quoted name of a helper of this change */
static char *
dup_name (Writer     *self,
          const char *ending)
{
  g_autofree char *name = tide_name_extend (self->prefix, ending);

  return tide_quote_identifier (name);
}

/* NOT NULL in steps that lock for a moment each: a check that holds for new rows, then for all, then NOT NULL itself */
static void
add_not_null (Writer     *self,
              const char *column,
              const char *title)
{
  const char *table = self->request->table;
  g_autofree char *check = dup_name (self, "_not_null");

  add (self, g_strdup_printf ("%s require %s", self->bare, title),
       g_strdup_printf ("ALTER TABLE %s ADD CONSTRAINT %s CHECK (%s IS NOT NULL) NOT VALID;\n", table, check, column),
       _("From now on no row comes without a value; the old rows are not looked at yet."));
  add (self, g_strdup_printf ("%s validate %s", self->bare, title),
       g_strdup_printf ("ALTER TABLE %s VALIDATE CONSTRAINT %s;\n", table, check),
       _("All rows are read while everybody goes on working."));
  add (self, g_strdup_printf ("%s %s not null", self->bare, title),
       g_strdup_printf ("ALTER TABLE %s ALTER COLUMN %s SET NOT NULL;\nALTER TABLE %s DROP CONSTRAINT %s;\n", table, column, table, check),
       _("Nothing is read: the check has proved it (PostgreSQL 12 and later). In the Prisma schema the field loses its question mark."));
}

static void
write_required_column (Writer *self)
{
  const TidePhasesRequest *r = self->request;
  g_autofree char *unfilled = g_strdup_printf ("%s IS NULL", self->name);

  add (self, g_strdup_printf ("%s add %s", self->bare, r->name),
       g_strdup_printf ("ALTER TABLE %s ADD COLUMN %s %s;\nALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s;\n", r->table, self->name, r->type,
                        r->table, self->name, r->value),
       _("The column comes empty, in a moment; new rows get the default. Deploy programs that write it before you go on."));
  add_fill (self, unfilled, g_strdup_printf ("%s fill %s", self->bare, r->name),
            g_strdup_printf ("UPDATE %s SET %s = %s WHERE %s", r->table, self->name, r->value, unfilled),
            _("The old rows are filled in batches; it can be paused."));
  add_not_null (self, self->name, r->name);
}

/* The trigger's work. @backward: whether what a program writes into the new column goes into the old one, too: only what it
 * wrote itself and differs, for filling the new column must not change the old one. Texts are compared, for there are types
 * without an equality. A program that writes both is taken by the old one when it updates, by the new one when it inserts,
 * where the old one may be no more than its default. (transfer full) */
static char *
dup_keep_both (Writer     *self,
               const char *forward, /* the new from NEW's old */
               gboolean    backward)
{
  const char *old = self->name;
  const char *new = self->other;

  if (!backward)
    return g_strdup_printf ("BEGIN\n  NEW.%s := %s;\n  RETURN NEW;\nEND\n", new, forward);
  return g_strdup_printf ("BEGIN\n"
                          "  IF TG_OP = 'INSERT' THEN\n"
                          "    IF NEW.%s IS NOT NULL AND NEW.%s::text IS DISTINCT FROM (%s)::text THEN\n"
                          "      NEW.%s := NEW.%s;\n"
                          "    ELSE\n"
                          "      NEW.%s := %s;\n"
                          "    END IF;\n"
                          "  ELSIF NEW.%s::text IS DISTINCT FROM OLD.%s::text THEN\n"
                          "    NEW.%s := %s;\n"
                          "  ELSIF NEW.%s::text IS DISTINCT FROM OLD.%s::text AND NEW.%s::text IS DISTINCT FROM (%s)::text THEN\n"
                          "    NEW.%s := NEW.%s;\n"
                          "  END IF;\n"
                          "  RETURN NEW;\n"
                          "END\n",
                          new, new, forward, old, new, new, forward, old, old, new, forward, new, new, new, forward, old, new);
}

/* Two columns that say the same, kept so by a trigger */
static void
write_twin (Writer     *self,
            const char *forward,
            gboolean    backward,
            const char *title)
{
  const TidePhasesRequest *r = self->request;
  g_autofree char *function = dup_name (self, "_keep_both");
  g_autofree char *body = dup_keep_both (self, forward, backward);
  g_autofree char *quoted = tide_ddl_dollar_quote (body, "keep");

  add (self, g_strdup_printf ("%s add %s", self->bare, title),
       g_strdup_printf ("ALTER TABLE %s ADD COLUMN %s %s;\n\n"
                        "CREATE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS %s;\n\n"
                        "CREATE TRIGGER %s BEFORE INSERT OR UPDATE ON %s\n  FOR EACH ROW EXECUTE FUNCTION %s();\n",
                        r->table, self->other, r->type, function, quoted, function, r->table, function),
       backward ? _("Both columns are there, and a trigger keeps them equal whichever a program writes.")
                : _("Both columns are there, and a trigger keeps the new one up to date with what programs write into the old one."));
}

/* What stands before the old column goes: it stops where batches have left rows out. @unfilled: the condition of such a row.
 * (transfer full) */
static char *
dup_proof (Writer     *self,
           const char *unfilled)
{
  const TidePhasesRequest *r = self->request;
  g_autofree char *message = g_strdup_printf ("rows of %s are not filled yet: run the batches of this change here first", r->table);
  g_autofree char *literal = tide_quote_literal (message);
  g_autofree char *body = g_strdup_printf ("\nBEGIN\n  IF EXISTS (SELECT FROM %s WHERE %s) THEN\n"
                                           "    RAISE EXCEPTION USING MESSAGE = %s;\n  END IF;\nEND\n", r->table, unfilled, literal);
  g_autofree char *quoted = tide_ddl_dollar_quote (body, "proof");

  return g_strdup_printf ("DO %s;\n\n", quoted);
}

static char *
dup_drop_twin (Writer *self)
{
  g_autofree char *function = dup_name (self, "_keep_both");

  return g_strdup_printf ("DROP TRIGGER %s ON %s;\nDROP FUNCTION %s();\n", function, self->request->table, function);
}

static void
write_rename (Writer *self)
{
  const TidePhasesRequest *r = self->request;
  g_autofree char *forward = g_strdup_printf ("NEW.%s", self->name);
  g_autofree char *unfilled = g_strdup_printf ("%s::text IS DISTINCT FROM %s::text", self->other, self->name);
  g_autofree char *proof = dup_proof (self, unfilled);
  g_autofree char *drop = dup_drop_twin (self);

  write_twin (self, forward, TRUE, r->new_name);
  add_fill (self, unfilled, g_strdup_printf ("%s fill %s", self->bare, r->new_name),
            g_strdup_printf ("UPDATE %s SET %s = %s WHERE %s", r->table, self->other, self->name, unfilled),
            _("The old rows are copied in batches; it can be paused. Then deploy programs that use the new name only."));
  add (self, g_strdup_printf ("%s drop %s", self->bare, r->name),
       g_strdup_printf ("%s%s-- tidemark: accept drop-column because its values are in %s\nALTER TABLE %s DROP COLUMN %s;\n",
                        proof, drop, self->other, r->table, self->name),
       _("Once no running program uses the old name. It stops where the batches have left rows out."));
}

static void
write_type (Writer *self)
{
  const TidePhasesRequest *r = self->request;
  g_autofree char *row = tide_quote_identifier (self->bare);
  /* The trigger knows columns as fields of NEW only: a conversion reads them from a row that has the table's name. */
  g_autofree char *forward = r->value ? g_strdup_printf ("(SELECT %s FROM (SELECT NEW.*) AS %s)", r->value, row)
                                      : g_strdup_printf ("NEW.%s::%s", self->name, r->type);
  g_autofree char *cast = r->value ? g_strdup (r->value) : g_strdup_printf ("%s::%s", self->name, r->type);
  g_autofree char *unfilled = g_strdup_printf ("%s IS NOT NULL AND %s IS NULL", self->name, self->other);
  g_autofree char *lost = g_strdup_printf ("%s AND (%s) IS NOT NULL", unfilled, cast);
  g_autofree char *title = g_strdup_printf ("%s_new", r->name);
  g_autofree char *proof = dup_proof (self, lost);
  g_autofree char *drop = dup_drop_twin (self);

  /* Nobody knows a conversion's way back. */
  write_twin (self, forward, r->value == NULL, title);
  add_fill (self, lost, g_strdup_printf ("%s fill %s", self->bare, title),
            g_strdup_printf ("UPDATE %s SET %s = %s WHERE %s", r->table, self->other, cast, unfilled),
            _("The old rows are converted in batches; it can be paused."));
  add (self, g_strdup_printf ("%s swap %s", self->bare, r->name),
       g_strdup_printf ("SET LOCAL lock_timeout = '5s';\n%s%s"
                        "-- tidemark: accept drop-column because its values are in the new column\n"
                        "ALTER TABLE %s DROP COLUMN %s;\n"
                        "-- tidemark: accept rename-column because it takes the old one's place in the same transaction\n"
                        "ALTER TABLE %s RENAME COLUMN %s TO %s;\n", proof, drop, r->table, self->name, r->table, self->other, self->name),
       _("The new column takes the old one's place in one moment; it stops where the batches have left rows out. Indexes, defaults and NOT NULL of "
         "the old one have to be given to the new one before."));
}

static void
write_constraint (Writer     *self,
                  const char *definition)
{
  const TidePhasesRequest *r = self->request;

  add (self, g_strdup_printf ("%s add %s", self->bare, r->name),
       g_strdup_printf ("ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID;\n", r->table, self->name, definition),
       _("It holds for new rows from now on; the old ones are not looked at. Mend those that do not fit before you go on."));
  add (self, g_strdup_printf ("%s validate %s", self->bare, r->name),
       g_strdup_printf ("ALTER TABLE %s VALIDATE CONSTRAINT %s;\n", r->table, self->name),
       _("All rows are read while everybody goes on working."));
}

/* What each kind cannot do without */
static gboolean
check (const TidePhasesRequest  *r,
       GError                  **error)
{
  const char *missing = NULL;

  if (r->table == NULL || *r->table == '\0')
    missing = _("a table");
  else if (r->name == NULL || *r->name == '\0')
    missing = _("a name");
  else if (r->kind <= TIDE_PHASES_RENAME_COLUMN && (r->type == NULL || *r->type == '\0'))
    missing = _("a type");
  else if ((r->kind == TIDE_PHASES_ADD_REQUIRED_COLUMN || r->kind == TIDE_PHASES_ADD_CHECK) && (r->value == NULL || *r->value == '\0'))
    missing = r->kind == TIDE_PHASES_ADD_CHECK ? _("a condition") : _("a value for the rows that are there");
  else if (r->kind == TIDE_PHASES_RENAME_COLUMN && (r->new_name == NULL || *r->new_name == '\0'))
    missing = _("the new name");
  else if (r->kind == TIDE_PHASES_ADD_FOREIGN_KEY && (r->columns == NULL || r->target == NULL || *r->columns == '\0' || *r->target == '\0'))
    missing = _("its columns and what they point to");
  if (missing != NULL)
    tide_set_error (error, TIDE_ERROR_USAGE, NULL, _("the change needs %s"), missing);
  return missing == NULL;
}

/* Whether @text can stand between @before and @after in one statement of the server's grammar. A comment at its end would
 * take @after with it there, and what follows in the statements that are written. */
static gboolean
check_sql (const char  *text, /* (nullable) */
           const char  *before,
           const char  *after,
           const char  *what,
           GError     **error)
{
  g_autofree char *sql = text ? g_strconcat (before, text, after, NULL) : NULL;
  g_autoptr(TideSqlTree) tree = sql ? tide_sql_tree_parse (sql) : NULL;

  if (sql == NULL || (tree != NULL && tide_sql_tree_count_statements (tree) == 1))
    return TRUE;
  tide_set_error (error, TIDE_ERROR_INVALID, _("write it as it stands in SQL, without a comment: a name with capitals or spaces in double quotes, a text in single ones"),
                  _("\"%s\" is not %s"), text, what);
  return FALSE;
}

static gboolean
check_all_sql (const TidePhasesRequest  *r,
               GError                  **error)
{
  return check_sql (r->table, "COMMENT ON TABLE ", " IS NULL", _("the name of a table"), error)
         && check_sql (r->type, "SELECT CAST (NULL AS ", ")", _("a type"), error)
         && check_sql (r->value, "SELECT (", ")", _("an expression"), error)
         && check_sql (r->columns, "ALTER TABLE t ADD FOREIGN KEY (", ") REFERENCES t", _("a list of columns"), error)
         && check_sql (r->target, "CREATE TABLE t (FOREIGN KEY (a) REFERENCES ", ")", _("what a foreign key can point to"), error);
}

/* (transfer full): the last part of the table's name, as the server keeps it */
static char *
dup_bare_name (const char *table)
{
  g_autofree char *sql = g_strconcat ("COMMENT ON TABLE ", table, " IS NULL", NULL);
  g_autoptr(TideSqlTree) tree = tide_sql_tree_parse (sql);
  const TideSqlNode *parts = tide_sql_node_get (tide_sql_node_find (tide_sql_tree_get_root (tree, NULL), "List"), "items");
  const char *name = "";

  for (const TideSqlNode *part = tide_sql_node_first (parts); part != NULL; part = tide_sql_node_next (part))
    name = tide_sql_node_get_string (part);
  return g_strdup (name);
}

GPtrArray *
tide_phases_write (const TidePhasesRequest  *request,
                   GError                  **error)
{
  g_auto(Writer) self = { .request = request };
  g_autofree char *definition = NULL;
  g_autofree char *other = NULL;

  if (!check (request, error) || !check_all_sql (request, error))
    return NULL;
  self.phases = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_phase_free);
  self.bare = dup_bare_name (request->table);
  self.name = tide_quote_identifier (request->name);
  other = request->kind == TIDE_PHASES_RENAME_COLUMN ? g_strdup (request->new_name) : tide_name_extend (request->name, "_new");
  self.other = tide_quote_identifier (other);
  self.prefix = g_strdup_printf ("%s_%s", self.bare, request->name);

  switch (request->kind)
    {
    case TIDE_PHASES_ADD_REQUIRED_COLUMN:
      write_required_column (&self);
      break;
    case TIDE_PHASES_CHANGE_TYPE:
      write_type (&self);
      break;
    case TIDE_PHASES_RENAME_COLUMN:
      write_rename (&self);
      break;
    case TIDE_PHASES_ADD_FOREIGN_KEY:
      definition = g_strdup_printf ("FOREIGN KEY (%s) REFERENCES %s", request->columns, request->target);
      write_constraint (&self, definition);
      break;
    case TIDE_PHASES_ADD_CHECK:
    default:
      definition = g_strdup_printf ("CHECK (%s)", request->value);
      write_constraint (&self, definition);
      break;
    }
  return self.phases;
}
