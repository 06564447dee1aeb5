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
#include "read-clipboard.h"
#include "support/tide-test.h"
#include "wait-until.h"
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

static gpointer
get_part (GtkWidget  *page,
          const char *name)
{
  GObject *part = gtk_widget_get_template_child (page, G_OBJECT_TYPE (page), name);

  g_assert_nonnull (part);
  return part;
}

/* Above 5 GB several jobs are proposed, unless somebody has chosen; what the tools refuse together cannot be chosen. */
static void
test_how (void)
{
  static const struct
  {
    guint    format;
    gboolean jobs;
    gboolean compression;
  } cases[] = { { 0, FALSE, TRUE }, { 1, TRUE, TRUE }, { 2, FALSE, FALSE }, { 3, FALSE, TRUE }, { 4, FALSE, FALSE } };
  static const char *const switches[] = { "no_owner", "no_privileges", "no_large_objects", "with_roles" };
  g_autoptr(TideConninfo) conninfo = tide_conninfo_new ();
  g_autoptr(TideBackupRequest) request = tide_backup_request_new (conninfo);
  g_autoptr(GtkWidget) page = g_object_ref_sink (g_object_new (TIDE_TYPE_BACKUP_HOW_PAGE, NULL));
  g_autoptr(GtkWidget) chosen = g_object_ref_sink (g_object_new (TIDE_TYPE_BACKUP_HOW_PAGE, NULL));
  AdwComboRow *row = get_part (page, "format_row");

  tide_backup_how_page_set_folder (TIDE_BACKUP_HOW_PAGE (page), "/tmp");
  tide_backup_how_page_enter (TIDE_BACKUP_HOW_PAGE (page), request);
  tide_backup_how_page_set_size (TIDE_BACKUP_HOW_PAGE (page), G_GINT64_CONSTANT (5) * 1000 * 1000 * 1000);
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);
  tide_backup_how_page_set_size (TIDE_BACKUP_HOW_PAGE (page), G_GINT64_CONSTANT (5) * 1000 * 1000 * 1000 + 1);
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 1);
  tide_backup_how_page_fill (TIDE_BACKUP_HOW_PAGE (page), request);
  g_assert_cmpint (request->options.format, ==, TIDE_BACKUP_FORMAT_DIRECTORY);
  g_assert_false (request->options.no_owner || request->options.no_privileges || request->options.no_large_objects || request->options.with_roles);
  for (guint i = 0; i < G_N_ELEMENTS (switches); i++)
    gtk_switch_set_active (get_part (page, switches[i]), TRUE);
  gtk_spin_button_set_value (get_part (page, "lock_wait"), 7);
  tide_backup_how_page_fill (TIDE_BACKUP_HOW_PAGE (page), request);
  g_assert_true (request->options.no_owner && request->options.no_privileges && request->options.no_large_objects && request->options.with_roles);
  g_assert_cmpint (request->options.lock_wait_ms, ==, 7000);
  g_assert_cmpint (request->options.jobs, ==, CLAMP (g_get_num_processors (), 1, 8));

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      adw_combo_row_set_selected (row, cases[i].format);
      adw_combo_row_set_selected (get_part (page, "compression_row"), 10);
      g_assert_true (gtk_widget_get_visible (get_part (page, "jobs_row")) == cases[i].jobs);
      g_assert_true (gtk_widget_get_sensitive (get_part (page, "compression_row")) == cases[i].compression);
      tide_backup_how_page_fill (TIDE_BACKUP_HOW_PAGE (page), request);
      g_assert_true (tide_backup_options_check (tide_backup_request_get_options (request), &error));
      g_assert_no_error (error);
      g_assert_true (tide_wizard_page_get_complete (TIDE_WIZARD_PAGE (page)));
    }
  /* SQL that is to be compressed, and not */
  adw_combo_row_set_selected (row, 3);
  adw_combo_row_set_selected (get_part (page, "compression_row"), 1);
  g_assert_false (tide_wizard_page_get_complete (TIDE_WIZARD_PAGE (page)));
  g_assert_true (gtk_widget_get_visible (get_part (page, "problem")));

  adw_combo_row_set_selected (get_part (chosen, "format_row"), 2);
  tide_backup_how_page_set_size (TIDE_BACKUP_HOW_PAGE (chosen), G_MAXINT64);
  g_assert_cmpuint (adw_combo_row_get_selected (get_part (chosen, "format_row")), ==, 2);
}

static GtkWidget *
find_button (GtkWidget  *widget,
             const char *tooltip)
{
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_widget_get_tooltip_text (widget), tooltip) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, tooltip);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* The command that will run goes to the clipboard as a shell takes it, and no secret goes with it. */
static void
test_copy (void)
{
  g_autoptr(TideConninfo) conninfo = tide_test_create_database ();
  g_autoptr(TideBackupRequest) request = NULL;
  g_autofree char *folder = tide_test_make_folder ();
  GtkWidget *window = gtk_window_new ();
  GtkWidget *page = g_object_new (TIDE_TYPE_BACKUP_PLAN_PAGE, NULL);
  g_autofree char *text = NULL;

  tide_conninfo_set (conninfo, "password", "geh'eim");
  request = tide_backup_request_new (conninfo);
  request->folder = g_strdup (folder);
  request->options.compression = -1;
  gtk_window_set_child (GTK_WINDOW (window), page);
  gtk_window_present (GTK_WINDOW (window));
  tide_backup_plan_page_enter (TIDE_BACKUP_PLAN_PAGE (page), request);
  wait_until (tide_wizard_page_get_complete (TIDE_WIZARD_PAGE (page)));
  g_signal_emit_by_name (find_button (page, "Copy"), "clicked");
  text = read_clipboard (page);
  g_assert_cmpstr (text, ==, gtk_label_get_label (get_part (page, "command")));
  g_assert_true (g_str_has_prefix (text, "pg_dump --format=custom --file="));
  g_assert_null (strstr (text, "eim"));
  g_assert_true (g_shell_parse_argv (text, NULL, NULL, NULL));
  gtk_window_destroy (GTK_WINDOW (window));
  tide_test_remove_folder (folder);
  tide_conninfo_set (conninfo, "password", NULL);
  tide_test_drop_database (conninfo);
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
  g_test_add_func ("/app/backup/how", test_how);
  g_test_add_func ("/app/backup/copy", test_copy);
  g_test_add_func ("/app/backup/narrow", test_narrow);
  return g_test_run ();
}
