/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-comparison"

#include "config.h"

#include <string.h>

#include "schema/tide-schema-drift.h"
#include "tide-comparison.h"
#include "tide-error.h"
#include "tide-report.h"

void
tide_comparison_clear (TideComparison *self)
{
  g_clear_pointer (&self->from, tide_schema_source_unref);
  g_clear_pointer (&self->to, tide_schema_source_unref);
  g_clear_pointer (&self->ignores, g_ptr_array_unref);
  g_clear_error (&self->failure);
  g_clear_pointer (&self->diff, tide_schema_diff_unref);
  g_clear_pointer (&self->script, tide_schema_script_unref);
  g_clear_pointer (&self->proof, tide_schema_proof_free);
}

static gboolean
fail_rename (const char  *text,
             GError     **error)
{
  tide_set_error (error, TIDE_ERROR_USAGE, "write it as table:public.users=people or column:public.users.mail=email",
                  "--rename cannot be \"%s\"", text);
  return FALSE;
}

static int
find_kind (const char *name)
{
  for (int kind = 0; kind < TIDE_N_OBJECT_KINDS; kind++)
    {
      const TideObjectKindInfo *info = tide_object_kind_get_info (kind);

      if (info != NULL && g_str_equal (info->name, name))
        return kind;
    }
  return -1;
}

/* KIND:SCHEMA.OLD=NEW; what belongs to a table keeps the table's name before it. */
static gboolean
take_rename (GPtrArray   *renames,
             const char  *text,
             GError     **error)
{
  const char *colon = strchr (text, ':');
  const char *dot = colon != NULL ? strchr (colon, '.') : NULL;
  const char *equals = dot != NULL ? strchr (dot, '=') : NULL;
  g_autofree char *kind = colon != NULL ? g_strndup (text, colon - text) : NULL;
  g_autofree char *old = equals != NULL ? g_strndup (dot + 1, equals - dot - 1) : NULL;
  const char *last_dot = old != NULL ? strrchr (old, '.') : NULL;
  TideSchemaRename *rename;

  if (old == NULL || *old == '\0' || equals[1] == '\0' || find_kind (kind) < 0)
    return fail_rename (text, error);
  rename = g_new0 (TideSchemaRename, 1);
  rename->kind = find_kind (kind);
  rename->schema = g_strndup (colon + 1, dot - colon - 1);
  /* A column is renamed in its table, whether the table's name is said again or not. */
  if (last_dot != NULL && strchr (equals + 1, '.') == NULL)
    rename->to = g_strdup_printf ("%.*s.%s", (int) (last_dot - old), old, equals + 1);
  else
    rename->to = g_strdup (equals + 1);
  rename->from = g_steal_pointer (&old);
  g_ptr_array_add (renames, rename);
  return TRUE;
}

static void
rename_free (gpointer data)
{
  TideSchemaRename *self = data;

  g_free (self->schema);
  g_free (self->from);
  g_free (self->to);
  g_free (self);
}

/* (transfer full) (element-type TideSchemaRename) */
static GPtrArray *
list_renames (TideArguments  *arguments,
              GError        **error)
{
  g_autoptr(GPtrArray) renames = g_ptr_array_new_with_free_func (rename_free);
  const char *text = tide_arguments_get_text (arguments, "rename");
  g_auto(GStrv) parts = g_strsplit (text != NULL ? text : "", ",", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (!take_rename (renames, parts[i], error))
      return NULL;
  return g_steal_pointer (&renames);
}

/* A history that does not replay is told, and what stands before compares still. */
static gboolean
load (TideComparison  *self,
      TideJob         *job,
      TideSchema     **from,
      TideSchema     **to,
      GError         **error)
{
  g_autoptr(GError) failure = NULL;
  TideSchemaSource *shorter;

  if (tide_schema_source_load_pair (self->from, self->to, job, from, to, &failure))
    return TRUE;
  if (self->failure == NULL && (shorter = tide_schema_source_new_before_failure (self->from, failure)) != NULL)
    {
      tide_schema_source_unref (self->from);
      self->from = shorter;
    }
  else if (self->failure == NULL && (shorter = tide_schema_source_new_before_failure (self->to, failure)) != NULL)
    {
      tide_schema_source_unref (self->to);
      self->to = shorter;
    }
  else
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  self->failure = g_steal_pointer (&failure);
  return load (self, job, from, to, error);
}

static TideSchemaDiff *
compare (TideComparison *self,
         TideArguments  *arguments,
         TideSchema     *from,
         TideSchema     *to,
         GPtrArray      *renames)
{
  const char *only = tide_arguments_get_text (arguments, "only-schema");
  g_auto(GStrv) schemas = only != NULL ? g_strsplit (only, ",", -1) : NULL;
  TideSchemaDiffOptions options = {
    .column_order = tide_arguments_get_flag (arguments, "column-order"),
    .renames = renames,
    .ignores = self->ignores,
    .schemas = (const char *const *) schemas,
  };
  g_autoptr(TideSchemaDiff) diff = tide_schema_diff_new (from, to, &options);
  g_autoptr(GPtrArray) proposed = NULL;

  if (!tide_arguments_get_flag (arguments, "renames"))
    return g_steal_pointer (&diff);
  proposed = tide_schema_diff_propose_renames (diff);
  if (proposed->len == 0)
    return g_steal_pointer (&diff);
  for (guint i = 0; i < proposed->len; i++)
    {
      const TideSchemaRename *rename = g_ptr_array_index (proposed, i);
      TideSchemaRename *copy = g_new (TideSchemaRename, 1);

      *copy = (TideSchemaRename) { rename->kind, g_strdup (rename->schema), g_strdup (rename->from), g_strdup (rename->to) };
      g_ptr_array_add (renames, copy);
    }
  return tide_schema_diff_new (from, to, &options);
}

/* The other way round, renames too */
static TideSchemaDiff *
compare_backward (TideComparison *self,
                  TideArguments  *arguments,
                  TideSchema     *from,
                  TideSchema     *to,
                  GPtrArray      *renames)
{
  for (guint i = 0; i < renames->len; i++)
    {
      TideSchemaRename *rename = g_ptr_array_index (renames, i);
      char *name = rename->from;

      rename->from = rename->to;
      rename->to = name;
    }
  return compare (self, arguments, to, from, renames);
}

/* What the script is for: the live one of the two, if there is one */
static int
find_version (TideSchemaSource *from,
              TideSchemaSource *to,
              TideSchemaDiff   *diff)
{
  gboolean is_of_to = tide_schema_source_get_conninfo (from) == NULL && tide_schema_source_get_conninfo (to) != NULL;

  return tide_schema_get_server_version (is_of_to ? tide_schema_diff_get_to (diff) : tide_schema_diff_get_from (diff));
}

static gboolean
write_script (TideComparison  *self,
              TideCli         *cli,
              TideSchemaDiff  *diff,
              GError         **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  TideSchemaSource *left = self->backward ? self->to : self->from;
  TideSchemaSource *right = self->backward ? self->from : self->to;
  TideSchemaScriptOptions options = {
    .safer = tide_arguments_get_flag (arguments, "safer"),
    .server_version = find_version (left, right, diff),
  };

  self->script = tide_schema_script_new (diff, &options);
  if (!tide_arguments_get_flag (arguments, "prove"))
    return TRUE;
  self->proof = tide_schema_prove (self->script, left, right, tide_cli_get_job (cli), error);
  return self->proof != NULL;
}

static void
tell_warnings (TideConsole *console,
               TideSchema  *schema)
{
  GPtrArray *warnings = tide_schema_get_warnings (schema);

  for (guint i = 0; i < warnings->len; i++)
    {
      g_autofree char *text = tide_error_dup_text (g_ptr_array_index (warnings, i));

      tide_console_warn (console, TIDE_STYLE_WARNING, "warning", text);
    }
}

static void
tell_notes (TideConsole          *console,
            const TideSchemaDiff *diff)
{
  g_autoptr(GPtrArray) notes = tide_schema_diff_list_notes (diff);

  for (guint i = 0; i < notes->len; i++)
    tide_console_warn (console, TIDE_STYLE_WARNING, "note", g_ptr_array_index (notes, i));
}

static void
set_aside (TideComparison *self,
           TideConsole    *console,
           TideSchema     *history,
           TideSchema     *database)
{
  g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);

  tide_schema_drift_set_aside (self->ignores, self->from, self->to, history, database, notes);
  for (guint i = 0; i < notes->len; i++)
    tide_console_warn (console, TIDE_STYLE_WARNING, "note", g_ptr_array_index (notes, i));
}

/**
 * tide_comparison_make:
 * @self: two sources, and what to ignore
 * @cli: the call, with the options of both commands
 * @error: of loading the sources; USAGE
 *
 * Returns: whether there is something to tell
 */
gboolean
tide_comparison_make (TideComparison  *self,
                      TideCli         *cli,
                      GError         **error)
{
  TideArguments *arguments = tide_cli_get_arguments (cli);
  g_autoptr(GPtrArray) renames = list_renames (arguments, error);
  g_autoptr(TideSchema) from = NULL, to = NULL;
  g_autoptr(TideSchemaDiff) backward = NULL;

  if (renames == NULL || !load (self, tide_cli_get_job (cli), &from, &to, error))
    return FALSE;
  tell_warnings (tide_cli_get_console (cli), from);
  tell_warnings (tide_cli_get_console (cli), to);
  set_aside (self, tide_cli_get_console (cli), from, to);
  self->diff = compare (self, arguments, from, to, renames);
  tell_notes (tide_cli_get_console (cli), self->diff);
  /* From half a history no script is written. */
  if (self->failure != NULL)
    return TRUE;
  if (self->backward)
    backward = compare_backward (self, arguments, from, to, renames);
  return write_script (self, cli, backward != NULL ? backward : self->diff, error);
}

static TideExit
find_exit (const TideComparison *self,
           TideCli              *cli)
{
  g_autoptr(GPtrArray) changes = tide_schema_diff_list_told (self->diff);

  if (self->failure != NULL || (self->proof != NULL && !self->proof->proved))
    return TIDE_EXIT_NOT_IN_ORDER;
  return changes->len > 0 && tide_arguments_get_flag (tide_cli_get_arguments (cli), "exit-code") ? TIDE_EXIT_DIFFERENT
                                                                                                : TIDE_EXIT_DONE;
}

/**
 * tide_comparison_tell:
 * @self: a comparison that was made
 * @cli: the call
 * @script_only: print the script, and nothing else on stdout; as JSON all is told anyway
 *
 * Returns: how the program ends
 */
TideExit
tide_comparison_tell (const TideComparison *self,
                      TideCli              *cli,
                      gboolean              script_only)
{
  TideConsole *console = tide_cli_get_console (cli);

  if (tide_cli_wants_json (cli))
    tide_comparison_print_json (self, cli);
  else if (script_only)
    tide_comparison_print_script (self, console);
  else
    tide_comparison_print_text (self, console);
  if (self->failure != NULL && !tide_cli_wants_json (cli))
    {
      g_autofree char *text = tide_error_dup_text (self->failure);

      tide_console_warn (console, TIDE_STYLE_BAD, "error", text);
    }
  return find_exit (self, cli);
}
