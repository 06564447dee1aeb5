/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-test-pair"

#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "schema/pair.h"
#include "schema/tide-catalog.h"
#include "schema/tide-dump-columns.h"
#include "schema/tide-dump-compare.h"
#include "wire/tide-session.h"

/* What a database looked like */
typedef struct
{
  TideSchema *schema;
  char       *invalid; /* (nullable): the invalid indexes */
  char       *dump;    /* (nullable): pg_dump -s, by object */
} Picture;

static void
picture_free (Picture *picture)
{
  tide_schema_unref (picture->schema);
  g_free (picture->invalid);
  g_free (picture->dump);
  g_free (picture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Picture, picture_free)

TideSchema *
tide_test_read_catalog (TideConninfo *conninfo)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TideSession) session = tide_session_open (conninfo, NULL, &error);
  TideSchema *schema;

  g_assert_no_error (error);
  schema = tide_catalog_read (session, NULL, &error);
  g_assert_no_error (error);
  tide_session_close (session);
  return schema;
}

/* Statement by statement. Returns: (transfer full) (nullable): what psql complained of, NULL when all went well */
static char *
feed_psql (TideConninfo *conninfo,
           const char   *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) psql = NULL;
  g_autofree char *complaint = NULL;
  const char *const argv[] = { "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", tide_conninfo_get (conninfo, "host"),
                               "-p", tide_conninfo_get (conninfo, "port"), "-U", tide_conninfo_get (conninfo, "user"),
                               "-d", tide_conninfo_get (conninfo, "dbname"), NULL };

  psql = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                    | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (psql, sql, NULL, NULL, &complaint, &error);
  g_assert_no_error (error);
  return g_subprocess_get_successful (psql) ? NULL : g_steal_pointer (&complaint);
}

static TideConninfo *
make_database (const char *sql)
{
  TideConninfo *conninfo = tide_test_create_database ();
  g_autofree char *whole = tide_test_try (conninfo, sql);
  g_autofree char *complaint = whole != NULL ? feed_psql (conninfo, sql) : NULL;

  if (complaint != NULL)
    g_error ("%s\nin: %s", complaint, sql);
  return conninfo;
}

TideSchema *
tide_test_read_schema (const char *sql)
{
  g_autoptr (TideConninfo) conninfo = make_database (sql);
  TideSchema *schema = tide_test_read_catalog (conninfo);

  tide_test_drop_database (conninfo);
  return schema;
}

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static char *
join_sorted (GPtrArray  *texts,
             const char *separator)
{
  g_ptr_array_sort (texts, compare_texts);
  g_ptr_array_add (texts, NULL);
  return g_strjoinv (separator, (char **) texts->pdata);
}

/* An entry of a dump with its lines in order of text: where columns stand is not compared */
static char *
dup_sorted_entry (const char      *entry,
                  TideDumpColumns *columns)
{
  g_auto (GStrv) lines = g_strsplit (entry, "\n", -1);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *by_name = tide_dump_columns_dup_line (columns, lines[i]);
      gsize length = strlen (lines[i]);

      tide_dump_columns_learn (columns, lines[i]);
      if (length == 0 || g_str_has_prefix (lines[i], "--") || lines[i][0] == '\\')
        continue;
      if (by_name != NULL)
        {
          g_free (lines[i]);
          lines[i] = by_name;
          length = strlen (by_name);
        }
      if (lines[i][length - 1] == ',')
        lines[i][length - 1] = '\0';
      g_ptr_array_add (kept, tide_dump_dup_line_sorted (lines[i]));
    }
  return join_sorted (kept, "\n");
}

/* (transfer full): pg_dump -s, by object */
static char *
dump (TideConninfo *conninfo)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *complaint = NULL;
  g_auto (GStrv) entries = NULL;
  g_autoptr (GPtrArray) sorted = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (TideDumpColumns) columns = tide_dump_columns_new ();
  const char *const argv[] = { "pg_dump", "-s", "-h", tide_conninfo_get (conninfo, "host"), "-p",
                               tide_conninfo_get (conninfo, "port"), "-U", tide_conninfo_get (conninfo, "user"),
                               tide_conninfo_get (conninfo, "dbname"), NULL };
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, &complaint, &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, &error))
    g_error ("pg_dump: %s", complaint);
  entries = g_strsplit (text, "\n--\n-- Name: ", -1);
  for (guint i = 1; entries[i] != NULL; i++)
    {
      g_autofree char *entry = dup_sorted_entry (strchr (entries[i], '\n') + 1, columns);
      g_autofree char *title = g_strndup (entries[i], strcspn (entries[i], "\n"));

      g_ptr_array_add (sorted, g_strdup_printf ("== %s\n%s", title, entry));
    }
  return join_sorted (sorted, "\n");
}

static const char *
get_change_word (TideChangeType type)
{
  static const char *const words[] = { "added", "removed", "changed" };

  return words[type];
}

char *
tide_test_dup_changes (TideSchemaDiff *diff)
{
  GPtrArray *changes = tide_schema_diff_get_changes (diff);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < changes->len; i++)
    {
      const TideSchemaChange *change = g_ptr_array_index (changes, i);
      const TideSchemaObject *object = change->to != NULL ? change->to : change->from;
      TideObjectKind kind = tide_schema_object_get_kind (object);
      const char *namespace_ = tide_schema_object_get_namespace (object);
      g_autofree char *name = tide_schema_object_dup_name (object);

      g_string_append_printf (text, "%s %s %s %s", get_change_word (change->type),
                              tide_object_kind_get_info (kind)->name, namespace_ == NULL ? "-" : namespace_, name);
      for (guint a = 0; a < tide_object_kind_get_n_attributes (kind); a++)
        if ((change->attributes & G_GUINT64_CONSTANT (1) << a) != 0)
          g_string_append_printf (text, " %s", tide_object_kind_get_attribute (kind, a)->name);
      g_string_append (text, change->has_default_change ? " (default)\n" : "\n");
    }
  return g_string_free (text, FALSE);
}

static gboolean
fits_in_transaction (TideSchemaScript *script)
{
  GPtrArray *statements = tide_schema_script_get_statements (script);

  for (guint i = 0; i < statements->len; i++)
    if ((((TideScriptStatement *) g_ptr_array_index (statements, i))->hazards & TIDE_HAZARD_NO_TRANSACTION) != 0)
      return FALSE;
  return TRUE;
}

/* (transfer full): where two texts part, with the lines around */
static char *
dup_difference (const char *left,
                const char *right)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = tide_test_make_folder ();
  char *out = NULL;
  const char *const argv[] = { "diff", "-U3", "result", "wanted", NULL };

  tide_test_write_file (folder, "result", left, -1);
  tide_test_write_file (folder, "wanted", right, -1);
  g_spawn_sync (folder, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, NULL, &error);
  g_assert_no_error (error);
  tide_test_remove_folder (folder);
  return out;
}

static Picture *
look_at (TideConninfo *conninfo,
         gboolean      with_dump)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TideSession) session = tide_session_open (conninfo, NULL, &error);
  g_autoptr (TideResult) invalid = NULL;
  Picture *picture = g_new0 (Picture, 1);

  g_assert_no_error (error);
  picture->schema = tide_catalog_read (session, NULL, &error);
  g_assert_no_error (error);
  invalid = tide_session_query (session, "SELECT pg_catalog.string_agg(name, ' ' ORDER BY name) FROM (SELECT indexrelid::pg_catalog.regclass"
                                "::pg_catalog.text FROM pg_catalog.pg_index WHERE NOT indisvalid) i (name)", NULL, 0, NULL, &error);
  g_assert_no_error (error);
  picture->invalid = g_strdup (tide_result_get_value (invalid, 0, 0));
  tide_session_close (session);
  picture->dump = with_dump ? dump (conninfo) : NULL;
  return picture;
}

/* (transfer full) (nullable): what is not the same */
static char *
dup_trouble (Picture *result,
             Picture *wanted)
{
  g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (result->schema, wanted->schema, NULL);
  g_autofree char *remaining = tide_test_dup_changes (diff);

  if (g_strcmp0 (result->invalid, wanted->invalid) != 0)
    return g_strdup_printf ("invalid indexes: %s", result->invalid);
  if (result->dump == NULL)
    return NULL;
  if (*remaining != '\0')
    return g_strdup_printf ("remains: %s", remaining);
  return g_str_equal (result->dump, wanted->dump) ? NULL : dup_difference (result->dump, wanted->dump);
}

/* Turns @database, which looks like @before, into what looks like @after. As tide_test_turn() */
static char *
turn_picture (TideConninfo                   *database,
              Picture                        *before,
              Picture                        *after,
              const TideSchemaDiffOptions    *diff_options,
              const TideSchemaScriptOptions  *script_options,
              char                          **script)
{
  g_autoptr (TideSchemaDiff) diff = tide_schema_diff_new (before->schema, after->schema, diff_options);
  g_autoptr (TideSchemaScript) made = tide_schema_script_new (diff, script_options);
  g_autoptr (Picture) result = NULL;
  char *complaint;

  *script = tide_schema_script_dup_text (made);
  complaint = fits_in_transaction (made) ? tide_test_try (database, *script) : feed_psql (database, *script);
  if (complaint != NULL)
    return complaint;
  result = look_at (database, after->dump != NULL);
  return dup_trouble (result, after);
}

char *
tide_test_turn (TideConninfo                   *left,
                TideConninfo                   *right,
                const TideSchemaDiffOptions    *diff_options,
                const TideSchemaScriptOptions  *script_options,
                char                          **script)
{
  gboolean whole = diff_options == NULL || (diff_options->ignores == NULL && diff_options->schemas == NULL);
  g_autoptr (Picture) before = look_at (left, FALSE);
  g_autoptr (Picture) after = look_at (right, whole);

  return turn_picture (left, before, after, diff_options, script_options, script);
}

static void
complain (const char *before,
          const char *after,
          const char *script,
          const char *trouble)
{
  if (trouble != NULL || g_getenv ("TIDE_TEST_SHOW_SCRIPTS") != NULL)
    g_test_message ("before: %s\nafter: %s\nscript:\n%s", before, after, script);
  if (trouble != NULL)
    g_test_message ("%s", trouble);
  g_assert_null (trouble);
}

char *
tide_test_pair_with (const char                    *before,
                     const char                    *after,
                     const TideSchemaDiffOptions   *diff_options,
                     const TideSchemaScriptOptions *script_options)
{
  g_autoptr (TideConninfo) left = make_database (before);
  g_autoptr (TideConninfo) right = make_database (after);
  char *script;
  g_autofree char *trouble = tide_test_turn (left, right, diff_options, script_options, &script);

  complain (before, after, script, trouble);
  tide_test_drop_database (left);
  tide_test_drop_database (right);
  return script;
}

char *
tide_test_pair (const char *before,
                const char *after)
{
  return tide_test_pair_with (before, after, NULL, NULL);
}

/* Both are looked at first, so that what the one was is known when the other becomes it */
void
tide_test_pair_both_ways (const char *before,
                          const char *after)
{
  g_autoptr (TideConninfo) left = make_database (before);
  g_autoptr (TideConninfo) right = make_database (after);
  g_autoptr (Picture) first = look_at (left, TRUE);
  g_autoptr (Picture) second = look_at (right, TRUE);
  g_autofree char *there = NULL;
  g_autofree char *back = NULL;
  g_autofree char *trouble_there = turn_picture (left, first, second, NULL, NULL, &there);
  g_autofree char *trouble_back = turn_picture (right, second, first, NULL, NULL, &back);

  complain (before, after, there, trouble_there);
  complain (after, before, back, trouble_back);
  tide_test_drop_database (left);
  tide_test_drop_database (right);
  /* Equal databases are none that tell anything */
  g_assert_cmpstr (there, !=, "");
  g_assert_cmpstr (back, !=, "");
}
