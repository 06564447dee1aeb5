/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-what-page"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "backup/tide-backup-names.h"
#include "backup/tide-backup-what-page.h"
#include "backup/tide-check-list.h"
#include "widgets/tide-error-view.h"

/* As the rows of the combo stand in the template */
typedef enum
{
  SCOPE_DATABASE,
  SCOPE_SCHEMAS,
  SCOPE_TABLES,
} Scope;

struct _TideBackupWhatPage
{
  TideWizardPage  parent_instance;

  /* Template widgets */
  AdwComboRow    *scope_row;
  AdwComboRow    *contents_row;
  AdwEntryRow    *purpose_row;
  GtkStack       *choice;
  TideCheckList  *list;
  TideErrorView  *error_view;

  /* Owned */
  TideCheckNode  *schemas; /* nullable: not read yet */
  TideCheckNode  *tables;
  GError         *error;
};

G_DEFINE_FINAL_TYPE (TideBackupWhatPage, tide_backup_what_page, TIDE_TYPE_WIZARD_PAGE)

static Scope
get_scope (TideBackupWhatPage *self)
{
  return adw_combo_row_get_selected (self->scope_row);
}

static TideCheckNode *
get_root (TideBackupWhatPage *self)
{
  return get_scope (self) == SCOPE_SCHEMAS ? self->schemas : self->tables;
}

static const char *
choose_content (TideBackupWhatPage *self)
{
  if (get_scope (self) == SCOPE_DATABASE)
    return "all";
  if (self->error != NULL)
    return "error";
  if (get_root (self) == NULL)
    return "loading";
  return tide_check_node_get_children (get_root (self)) ? "list" : "empty";
}

/* The one place that makes the page agree with what was chosen */
static void
tide_backup_what_page_update (TideBackupWhatPage *self)
{
  TideCheckNode *root = get_root (self);
  gboolean complete = get_scope (self) == SCOPE_DATABASE;

  gtk_stack_set_visible_child_name (self->choice, choose_content (self));
  if (!complete && root != NULL)
    {
      tide_check_list_set_root (self->list, root);
      complete = tide_check_node_get_children (root) && tide_check_node_get_n_active (root) > 0;
    }
  tide_wizard_page_set_complete (TIDE_WIZARD_PAGE (self), complete);
}

static void
tide_backup_what_page_finalize (GObject *object)
{
  TideBackupWhatPage *self = TIDE_BACKUP_WHAT_PAGE (object);

  g_clear_object (&self->schemas);
  g_clear_object (&self->tables);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (tide_backup_what_page_parent_class)->finalize (object);
}

static void
tide_backup_what_page_class_init (TideBackupWhatPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tide_backup_what_page_finalize;

  g_type_ensure (TIDE_TYPE_CHECK_LIST);
  g_type_ensure (TIDE_TYPE_ERROR_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-backup-what-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TideBackupWhatPage, scope_row);
  gtk_widget_class_bind_template_child (widget_class, TideBackupWhatPage, contents_row);
  gtk_widget_class_bind_template_child (widget_class, TideBackupWhatPage, purpose_row);
  gtk_widget_class_bind_template_child (widget_class, TideBackupWhatPage, choice);
  gtk_widget_class_bind_template_child (widget_class, TideBackupWhatPage, list);
  gtk_widget_class_bind_template_child (widget_class, TideBackupWhatPage, error_view);
  gtk_widget_class_bind_template_callback (widget_class, tide_backup_what_page_update);
}

static void
tide_backup_what_page_init (TideBackupWhatPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  tide_backup_what_page_update (self);
}

static void
watch (TideBackupWhatPage *self,
       TideCheckNode      *root)
{
  g_signal_connect_object (root, "notify::n-active", G_CALLBACK (tide_backup_what_page_update), self,
                           G_CONNECT_SWAPPED);
}

/* A schema's node with its size, and nothing below it */
static void
append_schema (TideBackupWhatPage *self,
               TideCheckNode      *tables,
               gint64              bytes)
{
  const char *name = tide_check_node_get_label (tables);
  g_autofree char *size = g_format_size (bytes);
  g_autoptr(TideCheckNode) schema = tide_check_node_new (name, size, name);

  tide_check_node_append (self->schemas, schema);
  tide_check_node_append (self->tables, tables);
}

/* The size of a table, and that its partitions come along */
static char *
describe_table (const TideBackupChoiceTable *table)
{
  g_autofree char *size = g_format_size (table->bytes);

  if (!table->is_partitioned)
    return g_steal_pointer (&size);
  return g_strdup_printf (g_dngettext (NULL, "%s, with %d partition", "%s, with %d partitions", table->n_partitions), size,
                          (int) table->n_partitions);
}

static void
append_tables (TideBackupWhatPage *self,
               const TideBackupChoice  *catalog)
{
  g_autoptr(TideCheckNode) group = NULL;
  gint64 bytes = 0;

  for (guint i = 0; i < catalog->tables->len; i++)
    {
      const TideBackupChoiceTable *table = g_ptr_array_index (catalog->tables, i);
      g_autofree char *key = tide_backup_names_join (table->schema, table->name);
      g_autofree char *size = describe_table (table);
      g_autoptr(TideCheckNode) node = tide_check_node_new (table->name, size, key);

      if (group == NULL || !g_str_equal (tide_check_node_get_label (group), table->schema))
        {
          if (group != NULL)
            append_schema (self, group, bytes);
          g_clear_object (&group);
          group = tide_check_node_new (table->schema, NULL, NULL);
          bytes = 0;
        }
      tide_check_node_append (group, node);
      bytes += table->is_partitioned ? 0 : table->bytes;
    }
  if (group != NULL)
    append_schema (self, group, bytes);
}

void
tide_backup_what_page_set_catalog (TideBackupWhatPage *self,
                                   const TideBackupChoice  *catalog,
                                   const GError       *error)
{
  g_return_if_fail (TIDE_IS_BACKUP_WHAT_PAGE (self));

  if (catalog != NULL)
    {
      self->schemas = tide_check_node_new (NULL, NULL, NULL);
      self->tables = tide_check_node_new (NULL, NULL, NULL);
      append_tables (self, catalog);
      watch (self, self->schemas);
      watch (self, self->tables);
    }
  self->error = error ? g_error_copy (error) : NULL;
  tide_error_view_set_error (self->error_view, error);
  tide_backup_what_page_update (self);
}

void
tide_backup_what_page_fill (TideBackupWhatPage *self,
                            TideBackupRequest  *request)
{
  const char *purpose;

  g_return_if_fail (TIDE_IS_BACKUP_WHAT_PAGE (self));

  purpose = gtk_editable_get_text (GTK_EDITABLE (self->purpose_row));
  request->purpose = *purpose ? g_strdup (purpose) : NULL;
  request->options.contents = adw_combo_row_get_selected (self->contents_row);
  if (get_scope (self) == SCOPE_SCHEMAS)
    request->schemas = tide_check_node_dup_keys (self->schemas);
  else if (get_scope (self) == SCOPE_TABLES)
    request->tables = tide_check_node_dup_keys (self->tables);
}
