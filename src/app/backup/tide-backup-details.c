/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-details"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "backup/tide-backup-details.h"
#include "backup/tide-proof-look.h"
#include "widgets/tide-children.h"
#include "widgets/tide-format.h"
#include "widgets/tide-kind-label.h"
#include "widgets/tide-wrap-box.h"

/* The largest ones tell enough; a list of thousands belongs nowhere. */
#define MAX_TABLES 20

struct _TideBackupDetails
{
  GtkWidget            parent_instance;

  /* Template widgets */
  GtkStack            *stack;
  GtkLabel            *title;
  TidePill            *badge;
  GtkLabel            *meaning;
  TideKindLabel       *kind;
  AdwPreferencesGroup *problem_group;
  AdwPreferencesGroup *fact_group;
  AdwPreferencesGroup *table_group;

  /* Owned */
  GPtrArray           *rows;     /* GtkWidget, in the groups */
};

G_DEFINE_FINAL_TYPE (TideBackupDetails, tide_backup_details, GTK_TYPE_WIDGET)

static GtkWidget *
add_row (TideBackupDetails   *self,
         AdwPreferencesGroup *group,
         const char          *title,
         const char          *subtitle)
{
  GtkWidget *row;

  if (title == NULL || *title == '\0' || (subtitle != NULL && *subtitle == '\0'))
    return NULL;
  row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_preferences_group_add (group, row);
  g_ptr_array_add (self->rows, row);
  return row;
}

static void
add_fact (TideBackupDetails *self,
          const char        *title,
          const char        *value)
{
  if (value != NULL)
    add_row (self, self->fact_group, title, value);
}

static void
add_take_fact (TideBackupDetails *self,
               const char        *title,
               char              *value)
{
  add_fact (self, title, value);
  g_free (value);
}

static void
clear_rows (TideBackupDetails *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);
      GtkWidget *group = gtk_widget_get_ancestor (row, ADW_TYPE_PREFERENCES_GROUP);

      adw_preferences_group_remove (ADW_PREFERENCES_GROUP (group), row);
    }
  g_ptr_array_set_size (self->rows, 0);
}

static void
show_problems (TideBackupDetails  *self,
               const TideManifest *manifest)
{
  guint n = manifest && manifest->problems ? g_strv_length (manifest->problems) : 0;

  for (guint i = 0; i < n; i++)
    add_row (self, self->problem_group, manifest->problems[i], NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_group), n > 0);
}

static int
compare_tables (gconstpointer a,
                gconstpointer b)
{
  const TideManifestTable *left = *(const TideManifestTable *const *) a;
  const TideManifestTable *right = *(const TideManifestTable *const *) b;

  return (left->bytes < right->bytes) - (left->bytes > right->bytes);
}

static char *
dup_table_detail (const TideManifestTable *table)
{
  g_autofree char *size = g_format_size (table->bytes);
  g_autofree char *rows = g_strdup_printf ("%" G_GINT64_FORMAT, table->rows);

  if (table->rows < 0)
    return g_strdup_printf (_("not counted · %s"), size);
  if (table->exact)
    return g_strdup_printf (_("%s rows · %s"), rows, size);
  return g_strdup_printf (_("about %s rows · %s"), rows, size);
}

static void
show_tables (TideBackupDetails  *self,
             const TideManifest *manifest)
{
  guint n = manifest && manifest->tables ? manifest->tables->len : 0;
  g_autoptr(GPtrArray) tables = g_ptr_array_new ();
  g_autofree char *heading = NULL;

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (tables, g_ptr_array_index (manifest->tables, i));
  g_ptr_array_sort (tables, compare_tables);
  for (guint i = 0; i < MIN (n, MAX_TABLES); i++)
    {
      const TideManifestTable *table = g_ptr_array_index (tables, i);
      g_autofree char *name = g_strdup_printf ("%s.%s", table->schema, table->name);
      g_autofree char *detail = dup_table_detail (table);

      add_row (self, self->table_group, name, detail);
    }
  heading = g_strdup_printf (g_dngettext (NULL, "%u Table", "%u Tables", n), n);
  adw_preferences_group_set_title (self->table_group, heading);
  adw_preferences_group_set_description (self->table_group, n > MAX_TABLES ? _("The largest ones") : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->table_group), n > 0);
}

static char *
join (char **texts)
{
  return texts && texts[0] ? g_strjoinv (", ", texts) : NULL;
}

static void
show_manifest_facts (TideBackupDetails  *self,
                     const TideManifest *manifest)
{
  add_take_fact (self, _("Database"), g_strdup_printf (_("%s on %s"), manifest->database, manifest->host_label));
  add_fact (self, _("Environment"), manifest->environment);
  add_fact (self, _("Made For"), manifest->purpose);
  add_fact (self, _("Next Migration Then"), manifest->migration);
  add_take_fact (self, _("Made With"), g_strdup_printf (_("%s, from PostgreSQL %s"), manifest->tool_version,
                                                         manifest->server_version));
  if (manifest->seconds > 0)
    add_take_fact (self, _("Took"), tide_format_duration (manifest->seconds * G_USEC_PER_SEC));
  add_fact (self, _("Position in the Log"), manifest->lsn);
  add_take_fact (self, _("Extensions"), join (manifest->extensions));
  add_take_fact (self, _("Roles"), join (manifest->roles));
  add_fact (self, _("Roles File"), manifest->globals);
  if (manifest->verified_at > 0)
    add_take_fact (self, _("Verified"), tide_format_moment (manifest->verified_at));
}

static void
add_file_fact (TideBackupDetails *self,
               const char        *path)
{
  g_autofree char *name = g_filename_display_name (path);
  GtkWidget *row = add_row (self, self->fact_group, _("File"), name);
  GtkWidget *button = gtk_button_new_from_icon_name ("folder-open-symbolic");
  const char *label = _("Show in the File Manager");

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "backups.reveal");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static void
show_facts (TideBackupDetails *self,
            const TideBackup  *backup)
{
  g_autofree char *size = g_format_size (backup->bytes);

  if (backup->manifest != NULL)
    show_manifest_facts (self, backup->manifest);
  add_take_fact (self, _("Size"), g_strdup_printf (_("%s, %s"), size, tide_backup_format_get_word (backup->format)));
  add_file_fact (self, backup->path);
}

static void
tide_backup_details_dispose (GObject *object)
{
  TideBackupDetails *self = TIDE_BACKUP_DETAILS (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_BACKUP_DETAILS);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_backup_details_parent_class)->dispose (object);
}

static void
tide_backup_details_class_init (TideBackupDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tide_backup_details_dispose;

  g_type_ensure (TIDE_TYPE_PILL);
  g_type_ensure (TIDE_TYPE_WRAP_BOX);
  g_type_ensure (TIDE_TYPE_KIND_LABEL);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-backup-details.ui");
  gtk_widget_class_bind_template_child (widget_class, TideBackupDetails, stack);
  gtk_widget_class_bind_template_child (widget_class, TideBackupDetails, title);
  gtk_widget_class_bind_template_child (widget_class, TideBackupDetails, badge);
  gtk_widget_class_bind_template_child (widget_class, TideBackupDetails, meaning);
  gtk_widget_class_bind_template_child (widget_class, TideBackupDetails, kind);
  gtk_widget_class_bind_template_child (widget_class, TideBackupDetails, problem_group);
  gtk_widget_class_bind_template_child (widget_class, TideBackupDetails, fact_group);
  gtk_widget_class_bind_template_child (widget_class, TideBackupDetails, table_group);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_backup_details_init (TideBackupDetails *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * tide_backup_details_set_backup:
 * @self: the details
 * @backup: (nullable): what to show
 *
 * Shows another backup, or that none is chosen.
 */
void
tide_backup_details_set_backup (TideBackupDetails *self,
                                TideBackup        *backup)
{
  g_autofree char *title = NULL;
  const TideLook *look;

  g_return_if_fail (TIDE_IS_BACKUP_DETAILS (self));

  clear_rows (self);
  gtk_stack_set_visible_child_name (self->stack, backup ? "backup" : "none");
  if (backup == NULL)
    return;

  look = tide_proof_get_look (tide_backup_get_proof (backup));
  title = tide_format_moment (backup->created_at);
  gtk_label_set_label (self->title, title);
  tide_pill_set_look (self->badge, look);
  gtk_label_set_label (self->meaning, _(look->meaning));
  g_object_set (self->kind, "kind", backup->manifest ? backup->manifest->kind : TIDE_KIND_UNKNOWN, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->kind), backup->manifest != NULL);
  show_problems (self, backup->manifest);
  show_facts (self, backup);
  show_tables (self, backup->manifest);
}
