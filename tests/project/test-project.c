/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "project/tide-project.h"
#include "support/tide-test.h"
#include "tide-error.h"

#define DATASOURCE "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\") // why\n}\n"

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_unsetenv ("DATABASE_URL");
  fixture->folder = tide_test_make_folder ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  tide_test_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static void
write_text (Fixture    *fixture,
            const char *path,
            const char *text)
{
  tide_test_write_file (fixture->folder, path, text, -1);
}

static TideProject *
load (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  TideProject *project = tide_project_load (fixture->folder, &error);

  g_assert_no_error (error);
  return project;
}

static void
assert_refused (Fixture    *fixture,
                int         code,
                const char *words,
                const char *file,
                int         line)
{
  g_autoptr(GError) error = NULL;
  const TideErrorFields *fields;

  g_assert_null (tide_project_load (fixture->folder, &error));
  g_assert_error (error, TIDE_ERROR, code);
  if (strstr (error->message, words) == NULL)
    g_error ("\"%s\" is not in: %s", words, error->message);
  fields = tide_error_get_fields (error);
  g_assert_nonnull (fields->hint);
  if (file != NULL)
    g_assert_true (g_str_has_suffix (fields->file, file));
  g_assert_cmpint (fields->line, ==, line);
}

static void
assert_warned (TideProject *project,
               const char  *words,
               int          line)
{
  GPtrArray *warnings = tide_project_get_warnings (project);

  g_assert_cmpuint (warnings->len, ==, 1);
  g_assert_nonnull (strstr (((GError *) g_ptr_array_index (warnings, 0))->message, words));
  g_assert_cmpint (tide_error_get_fields (g_ptr_array_index (warnings, 0))->line, ==, line);
}

static void
assert_path (Fixture    *fixture,
             const char *path,
             const char *expected)
{
  g_autofree char *absolute = g_build_filename (fixture->folder, expected, NULL);

  g_assert_cmpstr (path, ==, absolute);
}

static void
test_plain (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(TideProject) project = NULL;
  g_autofree char *name = NULL;

  write_text (fixture, "prisma/schema.prisma", DATASOURCE);
  write_text (fixture, "package.json", "{ \"name\": \"broxiva\" }");
  write_text (fixture, ".env", "DATABASE_URL=\"postgresql://u:p@h/d\"\n");
  write_text (fixture, "prisma/migrations/2_b/migration.sql", "SELECT 2");
  write_text (fixture, "prisma/migrations/1_a/migration.sql", "SELECT 1");

  project = load (fixture);
  name = tide_project_dup_name (project);
  g_assert_cmpstr (name, ==, "broxiva");
  g_assert_cmpstr (tide_project_get_root (project), ==, fixture->folder);
  assert_path (fixture, tide_project_get_schema_path (project), "prisma/schema.prisma");
  assert_path (fixture, tide_project_get_migrations_dir (project), "prisma/migrations");
  g_assert_cmpuint (tide_project_get_schema_files (project)->len, ==, 1);
  g_assert_cmpuint (tide_project_get_migrations (project)->len, ==, 2);
  g_assert_cmpstr (tide_migration_get_name (g_ptr_array_index (tide_project_get_migrations (project), 0)), ==, "1_a");
  g_assert_cmpstr (tide_migration_get_sql (tide_project_find_migration (project, "2_b")), ==, "SELECT 2");
  g_assert_null (tide_project_find_migration (project, "3_c"));
  g_assert_cmpstr (tide_project_get_url_variable (project), ==, "DATABASE_URL");
  g_assert_null (tide_project_get_url_literal (project));
  g_assert_cmpstr (tide_project_get_variable (project, "DATABASE_URL"), ==, "postgresql://u:p@h/d");
  g_setenv ("DATABASE_URL", "other", TRUE);
  g_assert_cmpstr (tide_project_get_variable (project, "DATABASE_URL"), ==, "other");
  g_assert_cmpuint (tide_project_get_warnings (project)->len, ==, 0);
  g_assert_true (tide_project_check_lock_file (project, NULL));
}

static void
test_default_environment (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autoptr(TideProject) project = NULL;
  const TideEnvironmentSpec *spec;

  write_text (fixture, "schema.prisma", "datasource db { provider = \"postgres\"\n url = env(\"PG\")\n directUrl = env(\"PG_DIRECT\") }");
  project = load (fixture);
  assert_path (fixture, tide_project_get_migrations_dir (project), "migrations");
  g_assert_cmpuint (tide_project_get_environments (project)->len, ==, 1);
  spec = tide_project_find_environment (project, "default");
  g_assert_cmpstr (spec->url, ==, "env:PG");
  g_assert_cmpint (spec->kind, ==, TIDE_KIND_UNKNOWN);
  g_clear_object (&project);

  write_text (fixture, ".env", "PG_DIRECT=x");
  project = load (fixture);
  g_assert_cmpstr (tide_project_find_environment (project, "default")->url, ==, "env:PG_DIRECT");
}

static void
test_schemas (Fixture       *fixture,
              gconstpointer  data)
{
  static const struct { const char *text; const char *schemas[3]; } cases[] = {
    { "", { NULL } },
    { "schemas = [\"base\", \"shop\"]", { "base", "shop" } },
    { "schemas=[\n    \"a b\", // one\n    \"c]\",\n  ]\n  relationMode = \"prisma\"", { "a b", "c]" } },
    { "// schemas = [\"x\"]", { NULL } },
    { "schemas = []", { NULL } },
    { "schemas = [\"open", { "open" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("datasource db {\n  provider = \"postgresql\"\n  %s\n}\n", cases[i].text);
      g_autoptr(TideProject) project = NULL;

      write_text (fixture, "schema.prisma", text);
      project = load (fixture);
      if (cases[i].schemas[0] == NULL)
        g_assert_null (tide_project_get_schemas (project));
      else
        g_assert_cmpstrv (tide_project_get_schemas (project), cases[i].schemas);
    }
}

static void
test_find (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *deep = g_build_filename (fixture->folder, "src", "deep", NULL);
  g_autofree char *prisma = g_build_filename (fixture->folder, "prisma", NULL);
  g_autofree char *inner = g_build_filename (fixture->folder, "packages", "db", NULL);
  g_autofree char *from_deep = NULL;
  g_autofree char *from_prisma = NULL;
  g_autofree char *from_inner = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (deep, 0755), ==, 0);
  g_assert_null (tide_project_find (deep, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
  g_clear_error (&error);

  write_text (fixture, "prisma/schema.prisma", DATASOURCE);
  write_text (fixture, "packages/db/package.json", "{ \"prisma\": { \"schema\": \"db.prisma\" } }");
  from_deep = tide_project_find (deep, &error);
  from_prisma = tide_project_find (prisma, &error);
  from_inner = tide_project_find (inner, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (from_deep, ==, fixture->folder);
  g_assert_cmpstr (from_prisma, ==, fixture->folder);
  g_assert_cmpstr (from_inner, ==, inner);
}

static void
test_package_schema (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(TideProject) project = NULL;

  write_text (fixture, "package.json", "{ \"prisma\": { \"schema\": \"./db/main.prisma\" } }");
  assert_refused (fixture, TIDE_ERROR_NOT_FOUND, "db/main.prisma", NULL, 0);
  write_text (fixture, "prisma/schema.prisma", "");
  write_text (fixture, "db/main.prisma", DATASOURCE);
  project = load (fixture);
  assert_path (fixture, tide_project_get_schema_path (project), "db/main.prisma");
  assert_path (fixture, tide_project_get_migrations_dir (project), "db/migrations");
}

static void
test_schema_folder (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *six = g_build_filename (fixture->folder, "prisma", "base", "migrations", NULL);
  g_autofree char *seven = g_build_filename (fixture->folder, "prisma", "migrations", NULL);
  g_autoptr(TideProject) project = NULL;

  write_text (fixture, "package.json", "{ \"prisma\": { \"schema\": \"prisma\" } }");
  write_text (fixture, "prisma/models/user.prisma", "model User { id Int @id }");
  write_text (fixture, "prisma/base/main.prisma", DATASOURCE);
  project = load (fixture);
  g_assert_cmpuint (tide_project_get_schema_files (project)->len, ==, 2);
  assert_path (fixture, tide_project_get_migrations_dir (project), "prisma/base/migrations");
  g_clear_object (&project);

  g_assert_cmpint (g_mkdir (seven, 0755), ==, 0);
  project = load (fixture);
  assert_path (fixture, tide_project_get_migrations_dir (project), "prisma/migrations");
  g_clear_object (&project);

  g_assert_cmpint (g_mkdir (six, 0755), ==, 0);
  project = load (fixture);
  assert_path (fixture, tide_project_get_migrations_dir (project), "prisma/base/migrations");
  g_clear_object (&project);

  /* Prisma before 6.6 kept them beside the folder */
  write_text (fixture, "package.json", "{ \"prisma\": { \"schema\": \"db/schema\" } }");
  write_text (fixture, "db/schema/main.prisma", DATASOURCE);
  write_text (fixture, "db/migrations/20250101000000_init/migration.sql", "SELECT 1;");
  project = load (fixture);
  assert_path (fixture, tide_project_get_migrations_dir (project), "db/migrations");
}

static void
test_config (Fixture       *fixture,
             gconstpointer  data)
{
  static const struct { const char *text, *schema, *migrations, *variable, *literal; } configs[] = {
    { "import 'dotenv/config';\nimport { defineConfig, env } from \"prisma/config\";\n\n"
      "export default defineConfig({\n  schema: \"db/schema.prisma\", // { schema: 'no' }\n"
      "  migrations: { path: 'db/changes', seed: `tsx ${x}` },\n  datasource: { url: env(\"MY_URL\") },\n});\n",
      "db/schema.prisma", "db/changes", "MY_URL", NULL },
    { "import path from 'node:path'\nexport default {\n /* schema: 'no' */ schema: path.join(__dirname, 'db', 'schema.prisma'),\n"
      " datasource: { url: process.env.OTHER ?? '' } } satisfies PrismaConfig",
      "db/schema.prisma", "db/migrations", "OTHER", NULL },
    { "export default defineConfig({ 'schema': path.resolve(process.cwd(), 'db'), datasource: { url: 'postgres://x/y' } })",
      "db", "db/migrations", NULL, "postgres://x/y" },
    { "export default defineConfig({ schema: 'db/schema.prisma', datasource: { url: process.env['A']! } })",
      "db/schema.prisma", "db/migrations", "A", NULL },
    { "type Env = { DATABASE_URL: string }\nexport default defineConfig({ schema: './db/schema.prisma',"
      " datasource: { url: env<Env>('DATABASE_URL') } })", "db/schema.prisma", "db/migrations", "DATABASE_URL", NULL },
    { "export default defineConfig({ schema: 'db/schema.prisma', datasource: { url: makeUrl() } })",
      "db/schema.prisma", "db/migrations", NULL, NULL },
  };

  write_text (fixture, "db/schema.prisma", "datasource db {\n  provider = \"postgresql\"\n}\n");
  write_text (fixture, "prisma/schema.prisma", "datasource db { provider = \"mysql\" }");
  for (guint i = 0; i < G_N_ELEMENTS (configs); i++)
    {
      g_autoptr(TideProject) project = NULL;

      g_test_message ("%s", configs[i].text);
      write_text (fixture, "prisma.config.ts", configs[i].text);
      project = load (fixture);
      assert_path (fixture, tide_project_get_schema_path (project), configs[i].schema);
      assert_path (fixture, tide_project_get_migrations_dir (project), configs[i].migrations);
      g_assert_cmpstr (tide_project_get_url_variable (project), ==, configs[i].variable);
      g_assert_cmpstr (tide_project_get_url_literal (project), ==, configs[i].literal);
      g_assert_cmpuint (tide_project_get_warnings (project)->len, ==, 0);
    }
}

static void
test_config_computed (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(TideProject) project = NULL;

  write_text (fixture, "prisma/schema.prisma", DATASOURCE);
  write_text (fixture, ".config/prisma.ts", "const s = pick();\nexport default {\n  schema: s,\n}");
  project = load (fixture);
  assert_path (fixture, tide_project_get_schema_path (project), "prisma/schema.prisma");
  assert_warned (project, "computed", 3);
}

static void
test_prisma_8 (Fixture       *fixture,
               gconstpointer  data)
{
  write_text (fixture, "prisma-next.config.ts", "export default {}");
  assert_refused (fixture, TIDE_ERROR_UNSUPPORTED, "Prisma 8", NULL, 0);
}

static void
test_prisma_8_migrations (Fixture       *fixture,
                          gconstpointer  data)
{
  write_text (fixture, "prisma/schema.prisma", DATASOURCE);
  write_text (fixture, "prisma/migrations/20260101T0000_init/ops.json", "[]");
  assert_refused (fixture, TIDE_ERROR_UNSUPPORTED, "Prisma 8", NULL, 0);
}

static void
test_prisma_8_config (Fixture       *fixture,
                      gconstpointer  data)
{
  write_text (fixture, "prisma.config.ts", "export default defineConfig({\n  contract: './prisma/contract.prisma' })");
  assert_refused (fixture, TIDE_ERROR_UNSUPPORTED, "Prisma 8", NULL, 0);
}

static void
test_other_provider (Fixture       *fixture,
                     gconstpointer  data)
{
  write_text (fixture, "prisma/schema.prisma", "generator c {\n  provider = \"prisma-client\"\n}\n\ndatasource db {\n  provider = \"mysql\"\n}\n");
  assert_refused (fixture, TIDE_ERROR_UNSUPPORTED, "\"mysql\"", "schema.prisma", 6);
}

static void
test_lock_file (Fixture       *fixture,
                gconstpointer  data)
{
  /* Measured with Prisma */
  static const struct { const char *text; gboolean ok; } files[] = {
    { "# Please do not edit\nprovider = \"postgresql\"\n", TRUE },
    { "provider = \"postgresql\"\r\n", TRUE },
    { "provider = postgresql", TRUE },
    { "provider=\"postgresql\"", FALSE },
    { " provider = \"postgresql\"", FALSE },
    { "provider = \"postgres\"", FALSE },
    { "provider = \"mysql\"\nprovider = \"postgresql\"", FALSE },
    { "", FALSE },
  };
  g_autoptr(TideProject) project = NULL;

  write_text (fixture, "prisma/schema.prisma", DATASOURCE);
  project = load (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s", files[i].text);
      write_text (fixture, "prisma/migrations/migration_lock.toml", files[i].text);
      g_assert_cmpint (tide_project_check_lock_file (project, &error), ==, files[i].ok);
      if (files[i].ok)
        continue;
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_UNSUPPORTED);
      g_assert_cmpstr (tide_error_get_fields (error)->prisma_code, ==, "P3019");
      g_assert_true (g_str_has_suffix (tide_error_get_fields (error)->file, "migration_lock.toml"));
    }
}

static void
test_env_files (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(TideProject) project = NULL;

  write_text (fixture, "package.json", "{}");
  write_text (fixture, "prisma/schema.prisma", DATASOURCE);
  write_text (fixture, ".env", "A=root\nHOST=h\nSAME=x\nURL=postgres://${HOST}/d\n");
  write_text (fixture, "prisma/.env", "A=prisma\nB=${A}\n\nSAME=x\n");
  project = load (fixture);
  g_assert_cmpstr (tide_project_get_variable (project, "A"), ==, "root");
  g_assert_cmpstr (tide_project_get_variable (project, "URL"), ==, "postgres://h/d");
  g_assert_cmpstr (tide_project_get_variable (project, "SAME"), ==, "x");
  assert_warned (project, "\"SAME\"", 4);
  g_clear_object (&project);

  write_text (fixture, "prisma.config.ts", "export default {}");
  project = load (fixture);
  g_assert_cmpstr (tide_project_get_variable (project, "A"), ==, "root");
  g_assert_null (tide_project_get_variable (project, "B"));
  g_clear_object (&project);

  write_text (fixture, ".env", "A=1\nwhat is this\n");
  project = load (fixture);
  g_assert_cmpstr (tide_project_get_variable (project, "A"), ==, "1");
  assert_warned (project, "not NAME=value", 2);
}

static void
test_settings (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(TideProject) project = NULL;
  const TideContact *contact;

  write_text (fixture, "prisma/schema.prisma", DATASOURCE);
  write_text (fixture, "tidemark.json",
              "{ \"environments\": { \"dev\": { \"url\": \"env:DATABASE_URL\", \"kind\": \"development\" },"
              "  \"prod\": { \"url\": \"profile:Broxiva\", \"kind\": \"production\" }, \"later\": { \"url\": \"service:x\" } },"
              "  \"hooks\": {}, \"backups\": {},"
              "  \"contacts\": [ { \"role\": \"DBA\", \"name\": \"Ada\", \"reach\": \"+1\" }, {} ] }");
  project = load (fixture);
  g_assert_cmpuint (tide_project_get_environments (project)->len, ==, 3);
  g_assert_cmpstr (((TideEnvironmentSpec *) g_ptr_array_index (tide_project_get_environments (project), 0))->name, ==, "dev");
  g_assert_cmpint (tide_project_find_environment (project, "prod")->kind, ==, TIDE_KIND_PRODUCTION);
  g_assert_cmpint (tide_project_find_environment (project, "later")->kind, ==, TIDE_KIND_UNKNOWN);
  g_assert_null (tide_project_find_environment (project, "default"));
  contact = g_ptr_array_index (tide_project_get_contacts (project), 0);
  g_assert_cmpstr (contact->reach, ==, "+1");
  g_assert_cmpuint (tide_project_get_warnings (project)->len, ==, 0);
  g_clear_object (&project);

  write_text (fixture, "tidemark.json", "{ \"enviroments\": {} }");
  project = load (fixture);
  assert_warned (project, "\"enviroments\"", 0);
  g_assert_nonnull (tide_project_find_environment (project, "default"));
  g_clear_object (&project);

  write_text (fixture, "tidemark.json", "{ \"environments\": { \"p\": { \"url\": \"postgresql://u:geheim@h/d\" } } }");
  project = load (fixture);
  assert_warned (project, "password", 0);
  g_assert_null (strstr (((GError *) g_ptr_array_index (tide_project_get_warnings (project), 0))->message, "geheim"));
}

static void
test_backups (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(TideProject) project = NULL;
  const TideBackupsSpec *backups;

  write_text (fixture, "prisma/schema.prisma", DATASOURCE);
  project = load (fixture);
  assert_path (fixture, tide_project_get_backups (project)->folder, "backups");
  g_assert_cmpuint (tide_project_get_backups (project)->last, ==, 0);
  g_clear_object (&project);

  write_text (fixture, "tidemark.json", "{ \"backups\": { \"folder\": \"deep/safe\", \"format\": \"gzip\","
                                        " \"keep\": { \"last\": 10, \"daily\": 7, \"weekly\": 4, \"monthly\": 6 } } }");
  project = load (fixture);
  backups = tide_project_get_backups (project);
  assert_path (fixture, backups->folder, "deep/safe");
  g_assert_cmpstr (backups->format, ==, "gzip");
  g_assert_cmpuint (backups->last, ==, 10);
  g_assert_cmpuint (backups->daily, ==, 7);
  g_assert_cmpuint (backups->weekly, ==, 4);
  g_assert_cmpuint (backups->monthly, ==, 6);
  g_clear_object (&project);

  write_text (fixture, "tidemark.json", "{ \"backups\": { \"keep\": { \"yearly\": 1 } } }");
  project = load (fixture);
  assert_warned (project, "\"yearly\"", 0);
}

static void
test_broken_settings (Fixture       *fixture,
                      gconstpointer  data)
{
  static const struct { const char *text, *words; int line; } files[] = {
    { "{\n  \"environments\": {\n    \"dev\" oops\n", "not valid JSON", 3 },
    { "", "one object", 1 },
    { "[]", "one object", 1 },
    { "{ \"environments\": [] }", "\"environments\" must be an object", 0 },
    { "{ \"environments\": { \"d\": 1 } }", "environment \"d\" must be an object", 0 },
    { "{ \"environments\": { \"d\": {} } }", "has no \"url\"", 0 },
    { "{ \"environments\": { \"d\": { \"url\": 5 } } }", "must be a string", 0 },
    { "{ \"environments\": { \"d\": { \"url\": \"x\", \"kind\": \"prod\" } } }", "\"prod\"", 0 },
    { "{ \"contacts\": {} }", "must be a list", 0 },
    { "{ \"contacts\": [ 1 ] }", "must be an object", 0 },
    { "{ \"backups\": 1 }", "\"backups\" must be an object", 0 },
    { "{ \"backups\": { \"folder\": 1 } }", "must be a string", 0 },
    { "{ \"backups\": { \"keep\": 10 } }", "\"keep\" of \"backups\" must be an object", 0 },
    { "{ \"backups\": { \"keep\": { \"last\": -1 } } }", "\"last\"", 0 },
    { "{ \"backups\": { \"keep\": { \"daily\": \"7\" } } }", "\"daily\"", 0 },
    { "\xFF\xFE{", "not valid JSON", 1 },
  };

  write_text (fixture, "prisma/schema.prisma", DATASOURCE);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_test_message ("case %u", i);
      write_text (fixture, "tidemark.json", files[i].text);
      assert_refused (fixture, TIDE_ERROR_INVALID, files[i].words, "tidemark.json", files[i].line);
    }
}

static void
test_not_a_project (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *missing = g_build_filename (fixture->folder, "missing", NULL);
  g_autoptr(GError) error = NULL;

  assert_refused (fixture, TIDE_ERROR_NOT_FOUND, "is not a Prisma project", NULL, 0);
  g_assert_null (tide_project_load (missing, &error));
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);

  write_text (fixture, "prisma/schema.prisma", DATASOURCE);
  write_text (fixture, "prisma/migrations", "a file");
  assert_refused (fixture, TIDE_ERROR_INVALID, "migrations", NULL, 0);
}

static void
test_odd_names (Fixture       *fixture,
                gconstpointer  data)
{
  static const char *const names[] = { "it's \"x\"", "100%s %n", "\xF0\x9F\x98\x80 a b", "-dash", "$(x)" };
  g_autofree char *inner = g_build_filename (fixture->folder, "100%s '\xF0\x9F\x98\x80'", NULL);
  g_autoptr(TideProject) project = NULL;
  g_autoptr(GError) error = NULL;

  tide_test_write_file (inner, "prisma/schema.prisma", DATASOURCE, -1);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strdup_printf ("prisma/migrations/%s/migration.sql", names[i]);

      tide_test_write_file (inner, path, names[i], -1);
    }
  project = tide_project_load (inner, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tide_project_get_migrations (project)->len, ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (tide_migration_get_sql (tide_project_find_migration (project, names[i])), ==, names[i]);
}

/* Thousands of folders open in one look at the directory */
static void
test_many (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(TideProject) project = NULL;
  gint64 started;

  write_text (fixture, "prisma/schema.prisma", DATASOURCE);
  for (guint i = 0; i < 4000; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/prisma/migrations/%u_x", fixture->folder, 20250000 + i);

      g_assert_cmpint (g_mkdir_with_parents (path, 0755), ==, 0);
    }
  started = g_get_monotonic_time ();
  project = load (fixture);
  g_assert_cmpuint (tide_project_get_migrations (project)->len, ==, 4000);
  g_test_message ("%.1f ms", (g_get_monotonic_time () - started) / 1e3);
  g_assert_cmpint (g_get_monotonic_time () - started, <, 2 * G_USEC_PER_SEC);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/project/plain", test_plain);
  ADD ("/project/default-environment", test_default_environment);
  ADD ("/project/find", test_find);
  ADD ("/project/schemas", test_schemas);
  ADD ("/project/package-schema", test_package_schema);
  ADD ("/project/schema-folder", test_schema_folder);
  ADD ("/project/config", test_config);
  ADD ("/project/config-computed", test_config_computed);
  ADD ("/project/prisma-8", test_prisma_8);
  ADD ("/project/prisma-8-migrations", test_prisma_8_migrations);
  ADD ("/project/prisma-8-config", test_prisma_8_config);
  ADD ("/project/other-provider", test_other_provider);
  ADD ("/project/lock-file", test_lock_file);
  ADD ("/project/env-files", test_env_files);
  ADD ("/project/settings", test_settings);
  ADD ("/project/backups", test_backups);
  ADD ("/project/broken-settings", test_broken_settings);
  ADD ("/project/not-a-project", test_not_a_project);
  ADD ("/project/odd-names", test_odd_names);
  ADD ("/project/many", test_many);
  return g_test_run ();
}
