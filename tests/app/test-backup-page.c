/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test-backup-page"

#include "config.h"

#include <adwaita.h>

#include "backup/tide-backup-clean-up.h"
#include "backup/tide-backup-details.h"
#include "backup/tide-backup-how-page.h"
#include "backup/tide-backup-item.h"
#include "backup/tide-backup-model.h"
#include "backup/tide-backup-page.h"
#include "backup/tide-backup-plan-page.h"
#include "backup/tide-backup-what-page.h"
#include "backup/tide-check-list.h"
#include "backup/tide-restore-contents-page.h"
#include "backup/tide-restore-source-page.h"
#include "backup/tide-restore-target-page.h"
#include "backup/tide-restore-tree.h"
#include "support/tide-test.h"
#include "widgets/tide-kind-label.h"

static TideCheckNode *
get_child (TideCheckNode *node,
           guint          position)
{
  g_autoptr(TideCheckNode) child = g_list_model_get_item (tide_check_node_get_children (node), position);

  g_assert_nonnull (child);
  return child; /* its parent holds it */
}

/* Two groups, of two and of one */
static TideCheckNode *
create_tree (void)
{
  TideCheckNode *root = tide_check_node_new (NULL, NULL, NULL);
  const char *keys[][3] = { { "a.one", "a.two", NULL }, { "b.one", NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autoptr(TideCheckNode) group = tide_check_node_new (i == 0 ? "a" : "b", NULL, NULL);

      for (guint j = 0; keys[i][j] != NULL; j++)
        {
          g_autoptr(TideCheckNode) leaf = tide_check_node_new (keys[i][j] + 2, NULL, keys[i][j]);

          tide_check_node_append (group, leaf);
        }
      tide_check_node_append (root, group);
    }
  return root;
}

static void
test_check_node (void)
{
  g_autoptr(TideCheckNode) root = create_tree ();
  TideCheckNode *a = get_child (root, 0);
  g_auto(GStrv) keys = NULL;

  g_assert_cmpuint (tide_check_node_get_n_leaves (root), ==, 3);
  g_assert_cmpuint (tide_check_node_get_n_active (root), ==, 0);
  tide_check_node_set_active (get_child (a, 1), TRUE);
  g_assert_cmpuint (tide_check_node_get_n_active (root), ==, 1);
  g_assert_false (tide_check_node_is_active (a));
  keys = tide_check_node_dup_keys (root);
  g_assert_cmpstrv (keys, ((const char *[]) { "a.two", NULL }));

  tide_check_node_set_active (a, TRUE);
  g_assert_true (tide_check_node_is_active (a));
  g_assert_cmpuint (tide_check_node_get_n_active (root), ==, 2);
  tide_check_node_set_active (root, TRUE);
  g_assert_true (tide_check_node_is_active (get_child (get_child (root, 1), 0)));
  tide_check_node_set_active (get_child (a, 0), FALSE);
  g_assert_cmpuint (tide_check_node_get_n_active (root), ==, 2);
  tide_check_node_set_active (root, FALSE);
  g_assert_cmpuint (tide_check_node_get_n_active (a), ==, 0);
}

/* A row on the screen may outlive the tree that its node stood in. */
static void
test_check_node_orphan (void)
{
  g_autoptr(TideCheckNode) root = create_tree ();
  g_autoptr(TideCheckNode) leaf = g_object_ref (get_child (get_child (root, 0), 0));

  g_clear_object (&root);
  tide_check_node_set_active (leaf, TRUE);
  g_assert_true (tide_check_node_is_active (leaf));
}

static void
add_entry (GPtrArray  *toc,
           int         id,
           const char *kind,
           const char *schema,
           const char *name)
{
  TideTocEntry *entry = g_new0 (TideTocEntry, 1);

  entry->id = id;
  entry->kind = (char *) kind;
  entry->schema = (char *) schema;
  entry->name = (char *) name;
  g_ptr_array_add (toc, entry);
}

static void
test_restore_tree (void)
{
  g_autoptr(GPtrArray) toc = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(TideCheckNode) root = NULL;
  TideCheckNode *public;
  g_auto(GStrv) keys = NULL;

  add_entry (toc, 7, "EXTENSION", NULL, "citext");
  add_entry (toc, 9, "VIEW", "public", "totals");
  add_entry (toc, 3, "TABLE", "public", "users");
  add_entry (toc, 4, "TABLE DATA", "public", "users");
  add_entry (toc, 5, "CONSTRAINT", "public", "users users_pkey");
  add_entry (toc, 2, "TABLE", "public", "orders");
  add_entry (toc, 1, "SCHEMA", NULL, "public");
  add_entry (toc, 8, "COLLATION", "audit", "plain");
  root = tide_restore_tree_new (toc);

  /* Parts follow their table; what the tool alone has a word for is shown with that. */
  g_assert_true (tide_check_node_is_active (root));
  g_assert_cmpuint (tide_check_node_get_n_leaves (root), ==, 5);
  g_assert_cmpstr (tide_check_node_get_label (get_child (get_child (root, 1), 0)), ==, "COLLATION");
  public = get_child (root, 2);
  g_assert_cmpstr (tide_check_node_get_label (public), ==, "public");
  g_assert_cmpstr (tide_check_node_get_label (get_child (public, 0)), ==, "Tables");
  tide_check_node_set_active (root, FALSE);
  tide_check_node_set_active (get_child (public, 0), TRUE);
  keys = tide_check_node_dup_keys (root);
  g_assert_cmpstrv (keys, ((const char *[]) { "#2", "#3", NULL }));
}

/* A dump of rows alone has no tables to choose by. */
static void
test_restore_tree_of_data (void)
{
  g_autoptr(GPtrArray) toc = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(TideCheckNode) root = NULL;

  add_entry (toc, 4, "TABLE DATA", "public", "users");
  root = tide_restore_tree_new (toc);
  g_assert_cmpuint (tide_check_node_get_n_leaves (root), ==, 1);
  g_assert_nonnull (tide_check_node_get_children (root));
}

static void
test_proof (void)
{
  TideManifest manifest = { .level = 0 };
  TideBackup backup = { .path = (char *) "x", .manifest = NULL };

  g_assert_cmpint (tide_backup_get_proof (&backup), ==, TIDE_PROOF_NONE);
  backup.manifest = &manifest;
  g_assert_cmpint (tide_backup_get_proof (&backup), ==, TIDE_PROOF_NONE);
  manifest.verified_at = 1;
  g_assert_cmpint (tide_backup_get_proof (&backup), ==, TIDE_PROOF_DAMAGED);
  manifest.level = 4;
  g_assert_cmpint (tide_backup_get_proof (&backup), ==, TIDE_PROOF_COUNTED);
}

/* Everything here fits a phone: 360 pixels, and the rim of a window. */
static void
test_narrow (void)
{
  const GType types[] = {
    TIDE_TYPE_BACKUP_WHAT_PAGE, TIDE_TYPE_BACKUP_HOW_PAGE, TIDE_TYPE_BACKUP_PLAN_PAGE, TIDE_TYPE_BACKUP_DETAILS,
    TIDE_TYPE_RESTORE_SOURCE_PAGE, TIDE_TYPE_RESTORE_CONTENTS_PAGE, TIDE_TYPE_RESTORE_TARGET_PAGE,
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr(GtkWidget) widget = g_object_ref_sink (g_object_new (types[i], NULL));
      int minimum;

      gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      g_test_message ("%s: %d", g_type_name (types[i]), minimum);
      g_assert_cmpint (minimum, <=, 360);
    }
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/app/backup/check-node", test_check_node);
  g_test_add_func ("/app/backup/check-node-orphan", test_check_node_orphan);
  g_test_add_func ("/app/backup/restore-tree", test_restore_tree);
  g_test_add_func ("/app/backup/restore-tree-of-data", test_restore_tree_of_data);
  g_test_add_func ("/app/backup/proof", test_proof);
  g_test_add_func ("/app/backup/narrow", test_narrow);
  return g_test_run ();
}
