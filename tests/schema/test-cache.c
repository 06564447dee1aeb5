/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-cache"

#include "config.h"

#include <locale.h>
#include <string.h>

#include "schema/tide-catalog.h"
#include "schema/tide-schema-cache.h"
#include "schema/tide-schema-diff.h"
#include "support/tide-test.h"
#include "tide-error.h"

#define N_ROUNDS 2000

static TideSchema *
read_everything (void)
{
  static const char *const roles[] = { "everything_owner", "everything_reader" };
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConninfo) conninfo = tide_test_create_database ();
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "schema", "everything.sql", NULL);
  g_autofree char *sql = NULL;
  g_autoptr(TideSession) session = NULL;
  g_autoptr(GPtrArray) results = NULL;
  TideSchema *schema;

  g_assert_true (g_file_get_contents (path, &sql, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    {
      g_autofree char *create = g_strdup_printf ("DO $$BEGIN CREATE ROLE %s; EXCEPTION WHEN duplicate_object OR unique_violation THEN"
                                                 " END$$", roles[i]);

      g_free (tide_test_psql (conninfo, create));
    }
  session = tide_session_open (conninfo, NULL, &error);
  g_assert_no_error (error);
  results = tide_session_run (session, sql, NULL, &error);
  g_assert_no_error (error);
  schema = tide_catalog_read (session, NULL, &error);
  g_assert_no_error (error);
  tide_session_close (session);
  g_free (tide_test_psql (conninfo, "DROP SUBSCRIPTION elsewhere"));
  tide_test_drop_database (conninfo);
  return schema;
}

static void
assert_same (TideSchema *left,
             TideSchema *right)
{
  const TideSchemaDiffOptions options = { .column_order = TRUE, .with_ledger = TRUE };
  g_autoptr(TideSchemaDiff) diff = tide_schema_diff_new (left, right, &options);

  g_assert_cmpuint (tide_schema_diff_get_changes (diff)->len, ==, 0);
  g_assert_cmpuint (tide_schema_get_n_objects (left), ==, tide_schema_get_n_objects (right));
  g_assert_cmpstr (tide_schema_get_database (left), ==, tide_schema_get_database (right));
  g_assert_cmpstr (tide_schema_get_owner (left), ==, tide_schema_get_owner (right));
  g_assert_cmpint (tide_schema_get_server_version (left), ==, tide_schema_get_server_version (right));
  for (guint i = 0; i < tide_schema_get_n_objects (left); i++)
    {
      const TideSchemaObject *object = tide_schema_get_object (left, i);
      const TideSchemaObject *other = tide_schema_get_object (right, i);
      g_autofree char *name = tide_schema_object_dup_quoted (object);
      g_autofree char *its_name = tide_schema_object_dup_quoted (other);
      guint n, its_n;
      const TideSchemaObject *const *needs = tide_schema_get_dependencies (left, object, &n);
      const TideSchemaObject *const *its_needs = tide_schema_get_dependencies (right, other, &its_n);

      g_assert_cmpstr (name, ==, its_name);
      g_assert_cmpuint (tide_schema_object_get_oid (object), ==, tide_schema_object_get_oid (other));
      g_assert_cmpuint (n, ==, its_n);
      for (guint k = 0; k < n; k++)
        g_assert_cmpuint (tide_schema_object_get_index (needs[k]), ==, tide_schema_object_get_index (its_needs[k]));
      for (guint k = 0; k < tide_object_kind_get_n_attributes (tide_schema_object_get_kind (object)); k++)
        g_assert_cmpstr (tide_schema_object_get_value (object, k), ==, tide_schema_object_get_value (other, k));
    }
}

static void
test_round_trip (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSchema) schema = read_everything ();
  g_autoptr(GBytes) bytes = tide_schema_pack (schema);
  g_autoptr(TideSchema) again = tide_schema_unpack (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (tide_schema_get_n_objects (schema), >, 50);
  assert_same (schema, again);
}

static GBytes *
convert (GBytes     *bytes,
         GConverter *converter)
{
  g_autoptr(GInputStream) raw = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr(GInputStream) input = g_converter_input_stream_new (raw, converter);
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr(GError) error = NULL;

  g_output_stream_splice (output, input, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (converter);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
}

/* Whatever is in it, it is read or refused, and never out of bounds */
static void
test_damaged (void)
{
  g_autoptr(TideSchema) schema = read_everything ();
  g_autoptr(GBytes) packed = tide_schema_pack (schema);
  g_autoptr(GBytes) plain = convert (packed, G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP)));
  guint n_refused = 0;

  for (guint round = 0; round < N_ROUNDS; round++)
    {
      gsize size;
      g_autofree guint8 *data = g_bytes_unref_to_data (g_bytes_ref (plain), &size);
      guint n_flips = g_test_rand_int_range (1, 4);
      g_autoptr(GBytes) damaged = NULL;
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(TideSchema) other = NULL;
      g_autoptr(GError) error = NULL;

      for (guint i = 0; i < n_flips; i++)
        data[g_test_rand_int_range (0, i == 0 ? (int) MIN (size, 4000) : (int) size)] ^= 1 << g_test_rand_int_range (0, 8);
      if (g_test_rand_int_range (0, 10) == 0)
        size = g_test_rand_int_range (0, (int) size);
      damaged = g_bytes_new (data, size);
      bytes = convert (damaged, G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1)));
      other = tide_schema_unpack (bytes, &error);
      g_assert_true ((other == NULL) == (error != NULL));
      if (error != NULL)
        g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
      n_refused += error != NULL;
    }
  g_assert_cmpuint (n_refused, >, N_ROUNDS / 4);
}

static void
test_nonsense (void)
{
  static const char *const texts[] = { "", "x", "\037\213\010", "This is no schema, and it is longer than a head would be." };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = g_bytes_new_static (texts[i], strlen (texts[i]));
      g_autoptr(TideSchema) schema = tide_schema_unpack (bytes, &error);

      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_INVALID);
      g_assert_null (schema);
    }
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schema/cache/round-trip", test_round_trip);
  g_test_add_func ("/schema/cache/damaged", test_damaged);
  g_test_add_func ("/schema/cache/nonsense", test_nonsense);
  return g_test_run ();
}
