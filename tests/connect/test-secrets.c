/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <libsecret/secret.h>

#include "connect/tide-secrets.h"
#include "tide-error.h"

/* Run by with-keyring.sh, which says in TIDE_TEST_KEYRING what keyring there is. */

#define ODD_PASSWORD "p@ß:w/ö \"r'd\\\n%41"

static void
keep_result (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static gboolean
store (const char  *id,
       TideKind     kind,
       const char  *password,
       GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  tide_secrets_store_async (id, kind, "A label", password, NULL, keep_result, &result);
  return tide_secrets_store_finish (wait_for (&result), error);
}

static char *
lookup (const char  *id,
        GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  tide_secrets_lookup_async (id, NULL, keep_result, &result);
  return tide_secrets_lookup_finish (wait_for (&result), error);
}

static gboolean
clear (const char  *id,
       GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  tide_secrets_clear_async (id, NULL, keep_result, &result);
  return tide_secrets_clear_finish (wait_for (&result), error);
}

static void
assert_password (const char *id,
                 const char *expected)
{
  g_autoptr(GError) error = NULL;
  char *password = lookup (id, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (password, ==, expected);
  tide_secrets_free (password);
}

static void
assert_unsupported (const GError *error)
{
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_UNSUPPORTED);
  g_assert_nonnull (tide_error_get_fields (error)->hint);
  g_assert_null (strstr (error->message, "secret-word"));
}

static guint
count_items (const char *id)
{
  g_autoptr(GHashTable) attributes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GError) error = NULL;
  GList *items;
  guint n_items;

  g_hash_table_insert (attributes, (gpointer) "profile_id", (gpointer) id);
  items = secret_service_search_sync (NULL, NULL, attributes, SECRET_SEARCH_ALL, NULL, &error);
  g_assert_no_error (error);
  n_items = g_list_length (items);
  g_list_free_full (items, g_object_unref);
  return n_items;
}

static void
test_empty (void)
{
  g_autoptr(GError) error = NULL;

  assert_password ("nobody", NULL);
  g_assert_true (clear ("nobody", &error));
  g_assert_no_error (error);
}

static void
test_round_trip (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (store ("one", TIDE_KIND_DEVELOPMENT, ODD_PASSWORD, &error));
  g_assert_true (store ("two", TIDE_KIND_PRODUCTION, "", &error));
  g_assert_no_error (error);
  assert_password ("one", ODD_PASSWORD);
  assert_password ("two", "");
  g_assert_true (clear ("one", &error));
  g_assert_no_error (error);
  assert_password ("one", NULL);
  assert_password ("two", "");
}

static void
test_attributes (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) attributes = g_hash_table_new (g_str_hash, g_str_equal);
  GList *items;

  g_assert_true (store ("three", TIDE_KIND_STAGING, "x", &error));
  g_hash_table_insert (attributes, (gpointer) "xdg:schema", (gpointer) "com.broxiva.Tidemark.Password");
  g_hash_table_insert (attributes, (gpointer) "profile_id", (gpointer) "three");
  g_hash_table_insert (attributes, (gpointer) "kind", (gpointer) "staging");
  items = secret_service_search_sync (NULL, NULL, attributes, SECRET_SEARCH_ALL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_length (items), ==, 1);
  g_list_free_full (items, g_object_unref);
}

static void
test_changed_kind (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (store ("four", TIDE_KIND_DEVELOPMENT, "old", &error));
  g_assert_true (store ("four", TIDE_KIND_PRODUCTION, "new", &error));
  g_assert_no_error (error);
  assert_password ("four", "new");
  g_assert_cmpuint (count_items ("four"), ==, 1);
}

static void
test_cancelled (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (tide_secrets_lookup ("one", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Last of its suite: nobody can unlock it again */
static void
test_locked_later (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SecretService) service = secret_service_get_sync (SECRET_SERVICE_NONE, NULL, &error);
  g_autoptr(SecretCollection) collection = NULL;
  GList *objects;

  g_assert_true (store ("five", TIDE_KIND_STAGING, "secret-word", &error));
  collection = secret_collection_for_alias_sync (service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, NULL, &error);
  g_assert_no_error (error);
  objects = g_list_append (NULL, collection);
  g_assert_cmpint (secret_service_lock_sync (service, objects, NULL, NULL, &error), ==, 1);
  g_list_free (objects);
  g_assert_no_error (error);

  assert_password ("five", NULL);
  g_assert_false (store ("five", TIDE_KIND_STAGING, "secret-word", &error));
  assert_unsupported (error);
}

static void
test_unusable (void)
{
  g_autoptr(GError) store_error = NULL;

  assert_password ("one", NULL);
  g_assert_false (store ("one", TIDE_KIND_STAGING, "secret-word", &store_error));
  assert_unsupported (store_error);
}

static void
test_clear_without (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (clear ("one", &error));
  assert_unsupported (error);
}

int
main (int   argc,
      char *argv[])
{
  const char *state = g_getenv ("TIDE_TEST_KEYRING");

  g_test_init (&argc, &argv, NULL);
  if (g_strcmp0 (state, "unlocked") == 0)
    {
      g_test_add_func ("/secrets/unlocked/empty", test_empty);
      g_test_add_func ("/secrets/unlocked/round-trip", test_round_trip);
      g_test_add_func ("/secrets/unlocked/attributes", test_attributes);
      g_test_add_func ("/secrets/unlocked/changed-kind", test_changed_kind);
      g_test_add_func ("/secrets/unlocked/cancelled", test_cancelled);
      g_test_add_func ("/secrets/unlocked/locked-later", test_locked_later);
    }
  else
    {
      g_test_add_func ("/secrets/unusable", test_unusable);
      if (g_strcmp0 (state, "locked") != 0)
        g_test_add_func ("/secrets/clear-without", test_clear_without);
    }
  return g_test_run ();
}
