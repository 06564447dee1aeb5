/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-migration-details"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>

#include "timeline/tide-ledger-view.h"
#include "timeline/tide-lint-pane.h"
#include "timeline/tide-migration-details.h"
#include "timeline/tide-migration-text.h"
#include "timeline/tide-state-look.h"
#include "widgets/tide-children.h"
#include "widgets/tide-format.h"
#include "widgets/tide-lint-marks.h"
#include "widgets/tide-sql-buffer.h"
#include "widgets/tide-text-label.h"

struct _TideMigrationDetails
{
  GtkWidget         parent_instance;

  /* Template widgets */
  GtkStack         *stack;
  GtkLabel         *title;
  GtkLabel         *name;
  TidePill         *pill;
  GtkLabel         *explanation;
  GtkGrid          *facts;
  GtkStackPage     *ledger_stack_page;
  TideLedgerView   *ledger;
  GtkStack         *body;
  GtkStack         *text;
  GtkSourceView    *view;
  GtkSourceBuffer  *buffer;
  GtkWidget        *switcher;
  GtkStackPage     *warnings_stack_page;
  TideLintPane     *warnings;
  GtkLabel         *cut;
  AdwStatusPage    *unreadable;

  /* Owned */
  TideTimelineItem *item;
  GSignalGroup     *board;
  GCancellable     *loading;
};

enum
{
  PROP_0,
  PROP_ITEM,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (TideMigrationDetails, tide_migration_details, GTK_TYPE_WIDGET)

static GParamSpec *properties[N_PROPS];

static const char *
explain_state (const TideTimelineEntry *entry)
{
  switch (entry->state)
    {
    case TIDE_STATE_FAILED:
      if (entry->running)
        return _("This migration is being applied at this moment. Wait until it has ended; nothing can be said of it before.");
      return _("This migration was started and never finished. Nothing more will be applied until it is "
               "resolved: look at the ledger’s log, mend the cause, then mark it rolled back to run it again, "
               "or applied if its work is done.");
    case TIDE_STATE_ROLLED_BACK:
      return _("An earlier attempt was marked rolled back. The next deploy runs it again.");
    case TIDE_STATE_EDITED:
      return _("The file has been changed since it was applied here: its checksum is no longer the one in the "
               "ledger. Bring the old text back and put the change into a new migration.");
    case TIDE_STATE_MISSING:
      return _("The ledger says it was applied, but its folder is not in the project. It may be on another branch.");
    case TIDE_STATE_PENDING:
      return entry->out_of_order
             ? _("Not applied yet, though a later one is: it was probably merged afterwards. It will be applied after the others.")
             : NULL;
    case TIDE_STATE_APPLIED:
    default:
      return NULL;
    }
}

static void
add_fact (TideMigrationDetails *self,
          const char           *title,
          const char           *value)
{
  int row = 0;
  GtkWidget *label;

  if (value == NULL || *value == '\0')
    return;
  while (gtk_grid_get_child_at (self->facts, 0, row) != NULL)
    row++;

  label = gtk_label_new (title);
  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_grid_attach (self->facts, label, 0, row, 1, 1);

  label = tide_text_label_new (value, NULL);
  /* A window may not be lower than its labels wrapped to their narrowest, and the pane's width must not follow its text. */
  gtk_label_set_width_chars (GTK_LABEL (label), 24);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 24);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_grid_attach (self->facts, label, 1, row, 1, 1);
}

static void
clear_facts (TideMigrationDetails *self)
{
  tide_children_remove (GTK_WIDGET (self->facts));
}

static void
add_ledger_facts (TideMigrationDetails    *self,
                  const TideTimelineEntry *entry)
{
  g_autofree char *moment = NULL;
  g_autofree char *duration = NULL;
  g_autofree char *text = NULL;

  if (entry->row == NULL || entry->row->finished_at == 0)
    return;
  moment = tide_format_moment (entry->row->finished_at);
  duration = tide_format_duration (entry->duration);
  text = *duration ? g_strdup_printf (_("%s, in %s"), moment, duration) : g_strdup (moment);
  add_fact (self, _("Applied"), text);
}

static void
add_commit_facts (TideMigrationDetails *self,
                  const TideCommit     *commit)
{
  g_autofree char *author = NULL;
  g_autofree char *text = NULL;
  g_autofree char *moment = NULL;

  if (commit == NULL)
    return;
  author = g_strdup_printf ("%s <%s>", commit->author, commit->email);
  moment = tide_format_moment (commit->time * G_USEC_PER_SEC);
  text = g_strdup_printf ("%.12s, %s\n%s", commit->commit, moment, commit->subject);
  add_fact (self, _("Author"), author);
  add_fact (self, _("Commit"), text);
}

/* (nullable): what was found in it, if it waits */
static GPtrArray *
get_findings (TideMigrationDetails *self)
{
  const TideTimelineEntry *entry = tide_timeline_item_get_entry (self->item);
  TideLintBoard *board = tide_timeline_item_get_board (self->item);
  gboolean waits = entry->state == TIDE_STATE_PENDING || entry->state == TIDE_STATE_ROLLED_BACK;

  return board != NULL && waits ? tide_lint_board_get_findings (board) : NULL;
}

static void
show_marks (TideMigrationDetails *self)
{
  if (gtk_text_buffer_get_char_count (GTK_TEXT_BUFFER (self->buffer)) > 0)
    tide_lint_marks_show (self->view, get_findings (self), tide_timeline_item_get_name (self->item));
}

static void
show_warnings (TideMigrationDetails *self)
{
  guint n = tide_lint_pane_set_findings (self->warnings, get_findings (self), tide_timeline_item_get_name (self->item));
  guint n_warnings = n > 0 ? tide_lint_board_count (tide_timeline_item_get_board (self->item), tide_timeline_item_get_name (self->item)) : 0;
  g_autofree char *title = n_warnings > 0 ? g_strdup_printf (_("Warnings (%u)"), n_warnings) : g_strdup_printf (_("Notes (%u)"), n);

  gtk_stack_page_set_title (self->warnings_stack_page, title);
  gtk_stack_page_set_visible (self->warnings_stack_page, n > 0);
  gtk_widget_set_visible (self->switcher, n > 0 || gtk_stack_page_get_visible (self->ledger_stack_page));
  if (n == 0 && g_strcmp0 (gtk_stack_get_visible_child_name (self->body), "warnings") == 0)
    gtk_stack_set_visible_child_name (self->body, "sql");
}

static void
on_board_changed (TideMigrationDetails *self)
{
  if (self->item == NULL)
    return;
  show_warnings (self);
  show_marks (self);
}

static void
on_line_wanted (TideMigrationDetails *self,
                int                   line)
{
  GtkTextIter iter;

  gtk_stack_set_visible_child_name (self->body, "sql");
  gtk_text_buffer_get_iter_at_line (GTK_TEXT_BUFFER (self->buffer), &iter, line - 1);
  gtk_text_buffer_place_cursor (GTK_TEXT_BUFFER (self->buffer), &iter);
  gtk_text_view_scroll_to_mark (GTK_TEXT_VIEW (self->view), gtk_text_buffer_get_insert (GTK_TEXT_BUFFER (self->buffer)),
                                0.1, TRUE, 0, 0.3);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
on_text_loaded (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(TideMigrationDetails) self = TIDE_MIGRATION_DETAILS (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideMigrationText) text = tide_migration_text_load_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (text == NULL)
    {
      g_autofree char *escaped = g_markup_escape_text (error->message, -1);

      adw_status_page_set_description (self->unreadable, escaped);
      gtk_stack_set_visible_child_name (self->text, "unreadable");
      return;
    }
  tide_sql_buffer_prepare (self->buffer);
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (self->buffer), text->sql, -1);
  gtk_label_set_label (self->cut, text->cut ? text->cut : "");
  gtk_widget_set_visible (GTK_WIDGET (self->cut), text->cut != NULL);
  show_marks (self);
  add_fact (self, _("Contents"), text->summary);
  add_fact (self, _("Runs"), text->mode);
}

static void
tide_migration_details_load_text (TideMigrationDetails    *self,
                                  const TideTimelineEntry *entry)
{
  gtk_text_buffer_set_text (GTK_TEXT_BUFFER (self->buffer), "", 0);
  gtk_widget_set_visible (GTK_WIDGET (self->cut), FALSE);

  if (entry->migration == NULL)
    {
      adw_status_page_set_description (self->unreadable, _("Its folder is not in the project."));
      gtk_stack_set_visible_child_name (self->text, "unreadable");
      return;
    }
  gtk_stack_set_visible_child_name (self->text, "text");
  self->loading = g_cancellable_new ();
  tide_migration_text_load_async (entry->migration, self->loading, on_text_loaded, g_object_ref (self));
}

static void
tide_migration_details_update (TideMigrationDetails *self)
{
  const TideTimelineEntry *entry;
  const char *explanation;
  g_autofree char *title = NULL;

  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  gtk_stack_set_visible_child_name (self->stack, self->item ? "details" : "none");
  if (self->item == NULL)
    return;

  entry = tide_timeline_item_get_entry (self->item);
  title = tide_timeline_item_dup_title (self->item);
  explanation = explain_state (entry);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->name, entry->name);
  tide_pill_set_look (self->pill, tide_state_get_look (entry));
  gtk_label_set_label (self->explanation, explanation ? explanation : "");
  gtk_widget_set_visible (GTK_WIDGET (self->explanation), explanation != NULL);

  clear_facts (self);
  add_ledger_facts (self, entry);
  add_commit_facts (self, tide_timeline_item_get_commit (self->item));
  tide_ledger_view_set_rows (self->ledger, entry->rows);
  gtk_stack_page_set_visible (self->ledger_stack_page, entry->rows->len > 0);
  g_signal_group_set_target (self->board, tide_timeline_item_get_board (self->item));
  tide_migration_details_load_text (self, entry);
  gtk_stack_set_visible_child_name (self->body, entry->state == TIDE_STATE_FAILED ? "ledger" : "sql");
  show_warnings (self);
}

static void
tide_migration_details_dispose (GObject *object)
{
  TideMigrationDetails *self = TIDE_MIGRATION_DETAILS (object);

  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_clear_object (&self->board);
  g_clear_object (&self->item);
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_MIGRATION_DETAILS);
  tide_children_unparent (GTK_WIDGET (self));
  G_OBJECT_CLASS (tide_migration_details_parent_class)->dispose (object);
}

static void
tide_migration_details_get_property (GObject    *object,
                                     guint       prop_id,
                                     GValue     *value,
                                     GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ITEM:
      g_value_set_object (value, TIDE_MIGRATION_DETAILS (object)->item);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_migration_details_set_property (GObject      *object,
                                     guint         prop_id,
                                     const GValue *value,
                                     GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_ITEM:
      tide_migration_details_set_item (TIDE_MIGRATION_DETAILS (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_migration_details_class_init (TideMigrationDetailsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = tide_migration_details_dispose;
  object_class->get_property = tide_migration_details_get_property;
  object_class->set_property = tide_migration_details_set_property;

  properties[PROP_ITEM] =
    g_param_spec_object ("item", NULL, NULL, TIDE_TYPE_TIMELINE_ITEM,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (GTK_SOURCE_TYPE_VIEW);
  g_type_ensure (TIDE_TYPE_LEDGER_VIEW);
  g_type_ensure (TIDE_TYPE_LINT_PANE);
  g_type_ensure (TIDE_TYPE_PILL);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-migration-details.ui");
  gtk_widget_class_bind_template_child (widget_class, TideMigrationDetails, stack);
  gtk_widget_class_bind_template_child (widget_class, TideMigrationDetails, title);
  gtk_widget_class_bind_template_child (widget_class, TideMigrationDetails, name);
  gtk_widget_class_bind_template_child (widget_class, TideMigrationDetails, pill);
  gtk_widget_class_bind_template_child (widget_class, TideMigrationDetails, explanation);
  gtk_widget_class_bind_template_child (widget_class, TideMigrationDetails, facts);
  gtk_widget_class_bind_template_child (widget_class, TideMigrationDetails, ledger_stack_page);
  gtk_widget_class_bind_template_child (widget_class, TideMigrationDetails, ledger);
  gtk_widget_class_bind_template_child (widget_class, TideMigrationDetails, body);
  gtk_widget_class_bind_template_child (widget_class, TideMigrationDetails, text);
  gtk_widget_class_bind_template_child (widget_class, TideMigrationDetails, view);
  gtk_widget_class_bind_template_child (widget_class, TideMigrationDetails, buffer);
  gtk_widget_class_bind_template_child (widget_class, TideMigrationDetails, switcher);
  gtk_widget_class_bind_template_child (widget_class, TideMigrationDetails, warnings_stack_page);
  gtk_widget_class_bind_template_child (widget_class, TideMigrationDetails, warnings);
  gtk_widget_class_bind_template_callback (widget_class, on_line_wanted);
  gtk_widget_class_bind_template_child (widget_class, TideMigrationDetails, cut);
  gtk_widget_class_bind_template_child (widget_class, TideMigrationDetails, unreadable);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_migration_details_init (TideMigrationDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->board = g_signal_group_new (TIDE_TYPE_LINT_BOARD);
  g_signal_group_connect_swapped (self->board, "changed", G_CALLBACK (on_board_changed), self);
}

/**
 * tide_migration_details_set_item:
 * @self: a details pane
 * @item: (nullable): what to show
 *
 * Shows another migration; its file is read in the background.
 */
void
tide_migration_details_set_item (TideMigrationDetails *self,
                                 TideTimelineItem     *item)
{
  g_return_if_fail (TIDE_IS_MIGRATION_DETAILS (self));

  if (!g_set_object (&self->item, item))
    return;
  tide_migration_details_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ITEM]);
}
