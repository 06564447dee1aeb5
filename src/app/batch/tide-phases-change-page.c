/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-phases-change-page"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "batch/tide-phases-change-page.h"
#include "batch/tide-phases.h"
#include "tide-error.h"

enum
{
  FIELD_TABLE,
  FIELD_NAME,
  FIELD_NEW_NAME,
  FIELD_TYPE,
  FIELD_COLUMNS,
  FIELD_TARGET,
  FIELD_VALUE,
  N_FIELDS,
};

struct _TidePhasesChangePage
{
  TideWizardPage       parent_instance;

  /* Template widgets */
  AdwComboRow         *kind_row;
  AdwPreferencesGroup *fields;
  GtkLabel            *problem;

  /* Borrowed */
  GtkWidget           *rows[N_FIELDS]; /* AdwEntryRow, in "fields" */

  /* Owned */
  GPtrArray           *phases;         /* (nullable) */
};

G_DEFINE_FINAL_TYPE (TidePhasesChangePage, tide_phases_change_page, TIDE_TYPE_WIZARD_PAGE)

/* What is asked for, by #TidePhasesKind, which is also the order of the rows in the template */
static const char *const titles[][N_FIELDS] = {
  [TIDE_PHASES_ADD_REQUIRED_COLUMN] = {
    [FIELD_TABLE] = N_("Table, as in public.users"),
    [FIELD_NAME] = N_("New Column, as in locale"),
    [FIELD_TYPE] = N_("Type, as in text"),
    [FIELD_VALUE] = N_("Value in SQL, as in 'en'"),
  },
  [TIDE_PHASES_CHANGE_TYPE] = {
    [FIELD_TABLE] = N_("Table, as in public.users"),
    [FIELD_NAME] = N_("Column, as in price"),
    [FIELD_TYPE] = N_("New Type, as in numeric(12,2)"),
    [FIELD_VALUE] = N_("Conversion, as in price / 100 (Empty: a Cast)"),
  },
  [TIDE_PHASES_RENAME_COLUMN] = {
    [FIELD_TABLE] = N_("Table, as in public.users"),
    [FIELD_NAME] = N_("Column, as in mail"),
    [FIELD_NEW_NAME] = N_("New Name, as in email"),
    [FIELD_TYPE] = N_("Its Type, as in text"),
  },
  [TIDE_PHASES_ADD_FOREIGN_KEY] = {
    [FIELD_TABLE] = N_("Table, as in public.users"),
    [FIELD_NAME] = N_("New Constraint, as in users_team_id_fkey"),
    [FIELD_COLUMNS] = N_("Columns, as in team_id"),
    [FIELD_TARGET] = N_("What They Point To, as in teams (id)"),
  },
  [TIDE_PHASES_ADD_CHECK] = {
    [FIELD_TABLE] = N_("Table, as in public.users"),
    [FIELD_NAME] = N_("New Constraint, as in users_age_check"),
    [FIELD_VALUE] = N_("Condition in SQL, as in age >= 18"),
  },
};

static const char *const *
get_titles (TidePhasesChangePage *self)
{
  return titles[MIN (adw_combo_row_get_selected (self->kind_row), G_N_ELEMENTS (titles) - 1)];
}

/* (transfer full) (nullable): NULL where nothing is written, or nothing is asked for */
static char *
dup_field (TidePhasesChangePage *self,
           guint                 field)
{
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->rows[field])));

  g_strstrip (text);
  return *text != '\0' && get_titles (self)[field] != NULL ? g_steal_pointer (&text) : NULL;
}

static GPtrArray *
write_phases (TidePhasesChangePage  *self,
              GError               **error)
{
  g_autofree char *table = dup_field (self, FIELD_TABLE);
  g_autofree char *name = dup_field (self, FIELD_NAME);
  g_autofree char *new_name = dup_field (self, FIELD_NEW_NAME);
  g_autofree char *type = dup_field (self, FIELD_TYPE);
  g_autofree char *columns = dup_field (self, FIELD_COLUMNS);
  g_autofree char *target = dup_field (self, FIELD_TARGET);
  g_autofree char *value = dup_field (self, FIELD_VALUE);
  TidePhasesRequest request = {
    .kind = adw_combo_row_get_selected (self->kind_row),
    .table = table,
    .name = name,
    .new_name = new_name,
    .type = type,
    .columns = columns,
    .target = target,
    .value = value,
  };

  return tide_phases_write (&request, error);
}

/* What is still missing is said quietly, what is wrong is not. */
static void
show_problem (TidePhasesChangePage *self,
              const GError         *error)
{
  g_autofree char *text = error ? tide_error_dup_text (error) : NULL;
  gboolean quiet = g_error_matches (error, TIDE_ERROR, TIDE_ERROR_USAGE);

  gtk_label_set_label (self->problem, text ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), text != NULL);
  gtk_widget_remove_css_class (GTK_WIDGET (self->problem), quiet ? "error" : "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->problem), quiet ? "dim-label" : "error");
}

/* The one place that makes the page agree with what is entered */
static void
tide_phases_change_page_update (TidePhasesChangePage *self)
{
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&self->phases, g_ptr_array_unref);
  self->phases = write_phases (self, &error);
  show_problem (self, error);
  tide_wizard_page_set_complete (TIDE_WIZARD_PAGE (self), self->phases != NULL);
}

static void
on_kind_selected (TidePhasesChangePage *self)
{
  for (guint i = 0; i < N_FIELDS; i++)
    {
      const char *title = get_titles (self)[i];

      gtk_widget_set_visible (self->rows[i], title != NULL);
      if (title != NULL)
        adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->rows[i]), _(title));
    }
  tide_phases_change_page_update (self);
}

static void
tide_phases_change_page_finalize (GObject *object)
{
  TidePhasesChangePage *self = TIDE_PHASES_CHANGE_PAGE (object);

  g_clear_pointer (&self->phases, g_ptr_array_unref);
  G_OBJECT_CLASS (tide_phases_change_page_parent_class)->finalize (object);
}

static void
tide_phases_change_page_class_init (TidePhasesChangePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tide_phases_change_page_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-phases-change-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TidePhasesChangePage, kind_row);
  gtk_widget_class_bind_template_child (widget_class, TidePhasesChangePage, fields);
  gtk_widget_class_bind_template_child (widget_class, TidePhasesChangePage, problem);
}

static void
tide_phases_change_page_init (TidePhasesChangePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < N_FIELDS; i++)
    {
      self->rows[i] = adw_entry_row_new ();
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->rows[i]), FALSE);
      adw_preferences_group_add (self->fields, self->rows[i]);
      g_signal_connect_object (self->rows[i], "changed", G_CALLBACK (tide_phases_change_page_update), self, G_CONNECT_SWAPPED);
    }
  g_signal_connect_object (self->kind_row, "notify::selected", G_CALLBACK (on_kind_selected), self, G_CONNECT_SWAPPED);
  on_kind_selected (self);
}

GPtrArray *
tide_phases_change_page_get_phases (TidePhasesChangePage *self)
{
  g_return_val_if_fail (TIDE_IS_PHASES_CHANGE_PAGE (self), NULL);

  return self->phases;
}
