/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-proof"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-restore-schema.h"
#include "schema/tide-catalog.h"
#include "schema/tide-dump-compare.h"
#include "schema/tide-object-kind.h"
#include "schema/tide-schema-proof.h"
#include "schema/tide-schema-source-private.h"
#include "tide-error.h"

/* In one transaction */
#define MAX_STATEMENTS 4000

/* The ledger is nobody's schema. */
static const char *const dump_options[] = { "--no-owner", "--exclude-table=*._prisma_migrations", NULL };

/* Two databases on the private PostgreSQL: where the script is run, and what should come of it */
typedef struct
{
  TideSchemaScript   *script;   /* Borrowed */
  TideSchemaDiff     *diff;     /* Borrowed */
  TideSchemaWorkshop *workshop; /* Borrowed */
  TideJob            *job;      /* Borrowed */
  TideSchemaProof    *proof;    /* Borrowed */
  TideConninfo       *left;
  TideConninfo       *right;
} Trial;

static void
trial_clear (Trial *self)
{
  if (self->left != NULL)
    tide_schema_workshop_drop (self->workshop, self->left);
  if (self->right != NULL)
    tide_schema_workshop_drop (self->workshop, self->right);
  g_clear_pointer (&self->left, tide_conninfo_unref);
  g_clear_pointer (&self->right, tide_conninfo_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Trial, trial_clear)

void
tide_schema_proof_free (TideSchemaProof *self)
{
  g_clear_error (&self->failure);
  g_ptr_array_unref (self->remaining);
  g_ptr_array_unref (self->limits);
  g_free (self);
}

static TideSchemaProof *
proof_new (void)
{
  TideSchemaProof *self = g_new0 (TideSchemaProof, 1);

  self->remaining = g_ptr_array_new_with_free_func (g_free);
  self->limits = g_ptr_array_new_with_free_func (g_free);
  return self;
}

static gboolean
execute (Trial        *self,
         TideSession  *session,
         const char   *sql,
         GError      **error)
{
  /* Not one protocol's notion of a statement: pg_dump's forms of functions and rules hold semicolons */
  g_autoptr(GPtrArray) results = tide_session_run (session, sql, self->workshop->cancellable, error);

  return results != NULL;
}

/* Whoever owns what is there runs it: what it makes belongs to the same role then. */
static gboolean
become_owner (Trial        *self,
              TideSession  *session,
              GError      **error)
{
  static const char sql[] =
    "SELECT pg_catalog.format('ALTER ROLE %1$I SUPERUSER; SET SESSION AUTHORIZATION %1$I', pg_catalog.pg_get_userbyid(coalesce("
    "(SELECT c.relowner FROM pg_catalog.pg_class c WHERE c.relname = '_prisma_migrations' AND c.relkind = 'r' LIMIT 1),"
    " d.datdba))) FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()";
  g_autoptr(TideResult) result = tide_session_query (session, sql, NULL, 0, self->workshop->cancellable, error);

  return result != NULL && execute (self, session, tide_result_get_value (result, 0, 0), error)
         && execute (self, session, "SET check_function_bodies = false", error);
}

static gboolean
switch_transaction (Trial        *self,
                    TideSession  *session,
                    gboolean      wanted,
                    GError      **error)
{
  gboolean open = tide_session_get_transaction_status (session) != TIDE_TRANSACTION_IDLE;

  return open == wanted || execute (self, session, wanted ? "BEGIN" : "COMMIT", error);
}

/* In one transaction but for the statements that refuse one, and as many as a server has room for the locks of. FALSE: with @error; the proof has the statement that failed */
static gboolean
run_statements (Trial        *self,
                TideSession  *session,
                GError      **error)
{
  GPtrArray *statements = tide_schema_script_get_statements (self->script);

  self->proof->n_statements = statements->len;
  for (guint i = 0; i < statements->len; i++)
    {
      const TideScriptStatement *statement = g_ptr_array_index (statements, i);
      gboolean in_transaction = (statement->hazards & TIDE_HAZARD_NO_TRANSACTION) == 0;

      tide_job_set_status (self->job, _("trying statement %u of %u"), i + 1, statements->len);
      if (!switch_transaction (self, session, in_transaction && i % MAX_STATEMENTS != 0, error)
          || !switch_transaction (self, session, in_transaction, error))
        return FALSE;
      if (execute (self, session, statement->sql, error))
        continue;
      if (error != NULL && tide_error_get_fields (*error) != NULL)
        {
          tide_error_take_string (&tide_error_get_fields (*error)->statement, g_strdup (statement->sql));
          tide_error_get_fields (*error)->line = 0;
        }
      return FALSE;
    }
  return switch_transaction (self, session, FALSE, error);
}

/* Returns: whether it ran to its end; what the server refused is a finding, everything else an error */
static gboolean
run_script (Trial   *self,
            GError **error)
{
  g_autoptr(TideSession) session = tide_session_open (self->left, self->workshop->cancellable, error);
  g_autoptr(GError) failure = NULL;

  if (session == NULL || !become_owner (self, session, error))
    return FALSE;
  if (run_statements (self, session, &failure))
    {
      tide_session_close (session);
      return TRUE;
    }
  if (g_error_matches (failure, TIDE_ERROR, TIDE_ERROR_SERVER))
    self->proof->failure = g_steal_pointer (&failure);
  else
    g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static TideSchema *
read_schema (Trial        *self,
             TideConninfo *conninfo,
             GError      **error)
{
  g_autoptr(TideSession) session = tide_session_open (conninfo, self->workshop->cancellable, error);
  TideSchema *schema = session != NULL ? tide_catalog_read (session, self->workshop->cancellable, error) : NULL;

  if (session != NULL)
    tide_session_close (session);
  return schema;
}

static char *
dup_what (const TideSchemaChange *change)
{
  static const char *const words[] = { "missing", "too much", "different" };
  const TideSchemaObject *object = change->to != NULL ? change->to : change->from;
  const char *schema = tide_schema_object_get_namespace (object);
  g_autofree char *name = tide_schema_object_dup_name (object);

  return g_strdup_printf ("%s %s%s%s: %s", tide_object_kind_get_info (tide_schema_object_get_kind (object))->name,
                          schema != NULL ? schema : "", schema != NULL ? "." : "", name, words[change->type]);
}

/* A rename that was agreed to is no removal and no addition. */
static gboolean
is_renamed (Trial                  *self,
            const TideSchemaChange *change)
{
  return change->type != TIDE_CHANGE_CHANGED
         && tide_schema_diff_get_counterpart (self->diff, change->to != NULL ? change->to : change->from) != NULL;
}

/* (transfer full) (element-type utf8): what differs and was not to be touched: it is ignored, of another schema, or was not chosen */
static GHashTable *
list_left_alone (Trial *self)
{
  g_autoptr(TideSchemaDiff) whole = tide_schema_diff_new (tide_schema_diff_get_from (self->diff),
                                                          tide_schema_diff_get_to (self->diff), NULL);
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *all = tide_schema_diff_get_changes (whole);
  GPtrArray *only = tide_schema_script_get_only (self->script);
  GPtrArray *chosen = only != NULL ? only : tide_schema_diff_get_changes (self->diff);

  for (guint i = 0; i < all->len; i++)
    if (!is_renamed (self, g_ptr_array_index (all, i)))
      g_hash_table_add (names, dup_what (g_ptr_array_index (all, i)));
  for (guint i = 0; i < chosen->len; i++)
    {
      g_autofree char *what = dup_what (g_ptr_array_index (chosen, i));

      g_hash_table_remove (names, what);
    }
  return names;
}

static void
compare_models (Trial      *self,
                TideSchema *left,
                TideSchema *right,
                GHashTable *left_alone)
{
  g_autoptr(TideSchemaDiff) rest = tide_schema_diff_new (left, right, NULL);
  GPtrArray *changes = tide_schema_diff_get_changes (rest);

  for (guint i = 0; i < changes->len; i++)
    {
      const TideSchemaChange *change = g_ptr_array_index (changes, i);
      g_autofree char *what = dup_what (change);

      if (!change->implied && !g_hash_table_contains (left_alone, what))
        g_ptr_array_add (self->proof->remaining, g_steal_pointer (&what));
    }
}

static char *
dump (Trial        *self,
      TideConninfo *conninfo,
      GError      **error)
{
  return tide_restore_dump_schema (conninfo, tide_session_get_server_version (self->workshop->session), dump_options,
                                   self->workshop->cancellable, error);
}

/* One that was dropped and made again, as a reset does it, has no privileges of its own; for us it is the same. */
static gboolean
has_bare_public (Trial        *self,
                 TideConninfo *conninfo)
{
  g_autoptr(TideSession) session = tide_session_open (conninfo, self->workshop->cancellable, NULL);
  g_autoptr(TideResult) found =
    session != NULL ? tide_session_query (session, "SELECT FROM pg_catalog.pg_namespace n WHERE " TIDE_CATALOG_BARE_PUBLIC ("n"),
                                          NULL, 0, self->workshop->cancellable, NULL) : NULL;

  if (session != NULL)
    tide_session_close (session);
  return found != NULL && tide_result_get_n_rows (found) > 0;
}

static gboolean
compare_dumps (Trial      *self,
               TideSchema *left,
               TideSchema *right,
               GError    **error)
{
  const TideDumpOptions options = {
    .left_owner = tide_schema_get_owner (left),
    .right_owner = tide_schema_get_owner (right),
    .skip_public = has_bare_public (self, self->left) || has_bare_public (self, self->right),
  };
  g_autofree char *left_text = dump (self, self->left, error);
  g_autofree char *right_text = left_text != NULL ? dump (self, self->right, error) : NULL;
  g_autoptr(GPtrArray) differences = NULL;

  if (right_text == NULL)
    return FALSE;
  differences = tide_dump_compare (left_text, right_text, &options);
  g_ptr_array_extend_and_steal (self->proof->remaining, g_steal_pointer (&differences));
  return TRUE;
}

static gboolean
find_invalid (Trial   *self,
              GError **error)
{
  static const char sql[] =
    "SELECT i.indexrelid::pg_catalog.regclass::pg_catalog.text FROM pg_catalog.pg_index i WHERE NOT i.indisvalid ORDER BY 1";
  TideConninfo *sides[] = { self->left, self->right };
  g_autoptr(GHashTable) expected = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int side = 1; side >= 0; side--)
    {
      g_autoptr(TideSession) session = tide_session_open (sides[side], self->workshop->cancellable, error);
      g_autoptr(TideResult) invalid =
        session != NULL ? tide_session_query (session, sql, NULL, 0, self->workshop->cancellable, error) : NULL;

      if (invalid == NULL)
        return FALSE;
      for (guint i = 0; i < tide_result_get_n_rows (invalid); i++)
        {
          const char *name = tide_result_get_value (invalid, i, 0);

          if (side == 1)
            g_hash_table_add (expected, g_strdup (name));
          else if (!g_hash_table_contains (expected, name))
            g_ptr_array_add (self->proof->remaining, g_strdup_printf ("index %s is invalid", name));
        }
      tide_session_close (session);
    }
  return TRUE;
}

static gboolean
compare (Trial   *self,
         GError **error)
{
  g_autoptr(TideSchema) left = NULL, right = NULL;
  g_autoptr(GHashTable) left_alone = list_left_alone (self);

  tide_job_set_status (self->job, _("comparing what came of it"));
  left = read_schema (self, self->left, error);
  right = left != NULL ? read_schema (self, self->right, error) : NULL;
  if (right == NULL)
    return FALSE;
  compare_models (self, left, right, left_alone);
  /* pg_dump would tell of what was left alone on purpose. */
  if (g_hash_table_size (left_alone) > 0)
    g_ptr_array_add (self->proof->limits,
                     g_strdup_printf ("%u differences were left alone, so the two were not compared by pg_dump",
                                      g_hash_table_size (left_alone)));
  else if (!compare_dumps (self, left, right, error))
    return FALSE;
  return find_invalid (self, error);
}

static void
tell_secrets (Trial *self)
{
  GPtrArray *statements = tide_schema_script_get_statements (self->script);

  for (guint i = 0; i < statements->len; i++)
    if (((const TideScriptStatement *) g_ptr_array_index (statements, i))->hazards & TIDE_HAZARD_SECRET)
      {
        g_ptr_array_add (self->proof->limits, g_strdup ("secrets are not in the script, and were not compared"));
        return;
      }
}

/* What cannot be built here (an extension is missing, the server is of an older major) is not proved, and that is told. */
static gboolean
take_limit (TideSchemaProof  *proof,
            GError           *failure, /* (transfer full) */
            GError          **error)
{
  if (!g_error_matches (failure, TIDE_ERROR, TIDE_ERROR_SERVER) && !g_error_matches (failure, TIDE_ERROR, TIDE_ERROR_INVALID)
      && !g_error_matches (failure, TIDE_ERROR, TIDE_ERROR_NOT_FOUND) && !g_error_matches (failure, TIDE_ERROR, TIDE_ERROR_TOOL))
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  g_ptr_array_add (proof->limits, tide_error_dup_text (failure));
  g_error_free (failure);
  return TRUE;
}

/**
 * tide_schema_prove:
 * @script: what to prove
 * @left: where it is to run
 * @right: what should come of it
 * @job: (nullable): hears how far it is, and cancels
 * @error: why nothing could be tried
 *
 * Blocking; some seconds.
 *
 * Returns: (transfer full) (nullable): what came of it
 */
TideSchemaProof *
tide_schema_prove (TideSchemaScript  *script,
                   TideSchemaSource  *left,
                   TideSchemaSource  *right,
                   TideJob           *job,
                   GError           **error)
{
  g_autoptr(TideSchemaWorkshop) workshop = tide_schema_workshop_open (tide_job_get_cancellable (job), error);
  g_autoptr(TideSchemaProof) proof = proof_new ();
  g_auto(Trial) trial = { .script = script, .workshop = workshop, .job = job, .proof = proof };
  g_autoptr(GError) failure = NULL;

  if (workshop == NULL)
    return NULL;
  trial.diff = tide_schema_script_get_diff (script);
  trial.left = tide_schema_source_rebuild (left, job, &failure);
  trial.right = trial.left != NULL ? tide_schema_source_rebuild (right, job, &failure) : NULL;
  if (trial.right == NULL)
    return take_limit (proof, g_steal_pointer (&failure), error) ? g_steal_pointer (&proof) : NULL;
  tell_secrets (&trial);
  if (run_script (&trial, &failure) && compare (&trial, &failure))
    proof->proved = proof->remaining->len == 0;
  if (failure == NULL)
    return g_steal_pointer (&proof);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}
