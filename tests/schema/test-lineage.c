/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-lineage"

#include "config.h"

#include <locale.h>
#include <sys/stat.h>

#include "schema/tide-schema-lineage.h"
#include "scratch/tide-scratch.h"
#include "support/tide-test.h"

static void
add (const char *folder,
     const char *name,
     const char *sql)
{
  g_autofree char *path = g_build_filename ("prisma/migrations", name, "migration.sql", NULL);

  tide_test_write_file (folder, path, sql, -1);
}

/* (transfer full): "+name ~name": what the lineage says of what @kind and @name are at the end of the history */
static char *
dup_story (TideProject       *project,
           TideSchemaLineage *lineage,
           TideObjectKind     kind,
           const char        *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TideSchemaSource) source = tide_schema_source_parse ("migrations@2_change", project, NULL, NULL, &error);
  g_autoptr (TideSchema) schema = tide_schema_source_load (source, NULL, &error);
  GString *story = g_string_new (NULL);
  GPtrArray *events;

  g_assert_no_error (error);
  events = tide_schema_lineage_lookup (lineage, tide_schema_find (schema, kind, "public", name));
  for (guint i = 0; events != NULL && i < events->len; i++)
    {
      const TideSchemaEvent *event = g_ptr_array_index (events, i);

      g_string_append_printf (story, "%s%c%s", i > 0 ? " " : "", "+-~"[event->type], event->migration);
    }
  return g_string_free (story, FALSE);
}

static void
test_lineage (void)
{
  static const struct
  {
    TideObjectKind kind;
    const char *name;
    const char *story;
  } cases[] = {
    { TIDE_OBJECT_TABLE, "a", "+1_init ~2_change -3_drop" },
    { TIDE_OBJECT_COLUMN, "a.id", "+1_init -3_drop" },
    { TIDE_OBJECT_COLUMN, "a.name", "+2_change -3_drop" },
    { TIDE_OBJECT_TABLE, "b", "+1_init ~4_index" },
  };
  g_autofree char *folder = tide_test_make_folder ();
  g_autoptr (GError) error = NULL;
  g_autoptr (TideProject) project = NULL;
  g_autoptr (TideSchemaLineage) lineage = NULL;

  tide_test_write_file (folder, "prisma/schema.prisma", "datasource db {\n  provider = \"postgresql\"\n}\n", -1);
  tide_test_write_file (folder, "prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n", -1);
  add (folder, "1_init", "create table a (id integer); create table b (id integer);");
  add (folder, "2_change", "alter table a add column name text;");
  add (folder, "3_drop", "drop table a;");
  add (folder, "4_index", "create index on b (id);");
  /* What does not run ends the story, and is no failure of it. */
  add (folder, "5_bad", "drop table b; select 1/0;");
  project = tide_project_load (folder, &error);
  g_assert_no_error (error);
  lineage = tide_schema_lineage_new (project, NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *story = dup_story (project, lineage, cases[i].kind, cases[i].name);

      g_assert_cmpstr (story, ==, cases[i].story);
    }
  tide_test_remove_folder (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *cache = tide_test_make_folder ();
  int result;

  setlocale (LC_ALL, "");
  /* The private server may run as another user. */
  g_assert_no_errno (chmod (cache, 0755));
  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/lineage", test_lineage);
  result = g_test_run ();
  tide_scratch_stop (NULL, NULL, NULL);
  tide_test_remove_folder (cache);
  return result;
}
