/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-tab"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "sql/tide-sql-tab-private.h"

#include "query/tide-query-mask.h"
#include "widgets/tide-children.h"
#include "widgets/tide-format.h"
#include "widgets/tide-wrap-box.h"

#define TITLE_CHARS 24

enum
{
  PROP_PLACE = 1,
  PROP_TITLE,
  PROP_BUSY,
  PROP_WRITING,
  PROP_MANUAL,
  PROP_TEMPORARY,
  N_PROPS
};

enum
{
  CHANGED_CATALOG,
  SAVED,
  N_SIGNALS
};

G_DEFINE_FINAL_TYPE (TideSqlTab, tide_sql_tab, GTK_TYPE_WIDGET)

static const char * const editor_actions[] = { "editor.find", "editor.replace", "editor.format", "editor.comment" };

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static char *
dup_chip_text (TideSqlTab *self)
{
  gint64 since = tide_sql_console_get_since (self->console);
  g_autofree char *age = tide_format_duration ((g_get_monotonic_time () - since) / G_USEC_PER_SEC * G_USEC_PER_SEC);

  if (tide_sql_console_get_loss (self->console) != NULL)
    return g_strdup (_("Transaction lost"));
  if (since == 0)
    return g_strdup (tide_sql_console_get_manual (self->console) ? _("Manual commit") : _("Auto-commit"));
  if (tide_sql_console_get_transaction (self->console) == TIDE_TRANSACTION_FAILED)
    return g_strdup_printf (_("Transaction failed · %s"), age);
  return g_strdup_printf (_("In a transaction · %s"), age);
}

static gboolean
update_chip (gpointer data)
{
  TideSqlTab *self = data;
  gboolean failed = tide_sql_console_get_transaction (self->console) == TIDE_TRANSACTION_FAILED
                    || tide_sql_console_get_loss (self->console) != NULL;
  gboolean open = tide_sql_console_get_since (self->console) != 0;
  g_autofree char *text = dup_chip_text (self);
  const char *classes[] = { "flat", "tide-chip", failed ? "failed" : open ? "open" : NULL, NULL };

  gtk_label_set_label (self->chip_label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->chip), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  gtk_widget_set_css_classes (GTK_WIDGET (self->chip), classes);
  gtk_widget_set_visible (self->end_box, open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tab.commit", open && !failed);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tab.rollback", open);
  return G_SOURCE_CONTINUE;
}

static void
update_run (TideSqlTab *self)
{
  gboolean busy = tide_sql_console_is_busy (self->console);

  adw_button_content_set_label (self->run_content, busy ? _("Cancel") : _("Run"));
  adw_button_content_set_icon_name (self->run_content, busy ? "media-playback-stop-symbolic" : "media-playback-start-symbolic");
  gtk_widget_set_tooltip_text (self->run_button, busy ? _("Stop What Runs (Escape)")
                                                      : _("Run the Statement or the Selection (Ctrl+Enter)"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tab.cancel", busy);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->run_button), busy ? "tab.cancel" : "tab.run");
  if (busy)
    gtk_widget_remove_css_class (self->run_button, "suggested-action");
  else
    gtk_widget_add_css_class (self->run_button, "suggested-action");
}

static gboolean
is_writing (TideSqlTab *self)
{
  return tide_sql_place_is_read_only (self->place) && !tide_sql_console_get_read_only (self->console);
}

static void
update_lock (TideSqlTab *self)
{
  gboolean locked = tide_sql_console_get_read_only (self->console);

  tide_button_content_set (self->lock_content, locked ? "changes-prevent-symbolic" : "changes-allow-symbolic",
                           locked ? _("Read-only") : _("Writing allowed"));
  gtk_widget_set_tooltip_text (self->lock_button, locked ? _("Allow Writing in This Tab") : _("Only Read in This Tab"));
  gtk_widget_set_css_classes (self->lock_button,
                              (const char *[]) { is_writing (self) ? "destructive-action" : "flat", "tide-quiet", NULL });
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "tab.unlock",
                                 !tide_sql_console_is_busy (self->console) && tide_sql_console_get_since (self->console) == 0);
}

static void
update (TideSqlTab *self)
{
  const GError *loss = tide_sql_console_get_loss (self->console);
  gboolean open = tide_sql_console_get_since (self->console) != 0;

  update_chip (self);
  update_run (self);
  update_lock (self);
  if (loss != NULL && self->bar_kind != TIDE_SQL_BAR_LOSS)
    tide_sql_tab_show_bar (self, TIDE_SQL_BAR_LOSS, loss->message);
  if (open && self->age_source == 0)
    self->age_source = g_timeout_add_seconds (1, update_chip, self);
  else if (!open)
    g_clear_handle_id (&self->age_source, g_source_remove);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WRITING]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MANUAL]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEMPORARY]);
}

void
tide_sql_tab_show_bar (TideSqlTab *self,
                       TideSqlBar  kind,
                       const char *text)
{
  g_autofree char *full = NULL;

  self->bar_kind = kind;
  switch (kind)
    {
    case TIDE_SQL_BAR_LOSS:
      full = g_strdup_printf (_("The connection was lost while a transaction was open: it is rolled back (%s)."), text);
      gtk_button_set_label (self->bar_button, _("_Reconnect"));
      break;
    case TIDE_SQL_BAR_REFUSED:
      full = g_strdup (text);
      gtk_button_set_label (self->bar_button, _("_Allow Writing…"));
      break;
    case TIDE_SQL_BAR_MASKED:
      full = g_strdup_printf (_("Passwords are not kept: write yours in place of %s."), TIDE_QUERY_MASK);
      gtk_button_set_label (self->bar_button, _("_Close"));
      break;
    case TIDE_SQL_BAR_NONE:
    default:
      break;
    }
  gtk_info_bar_set_message_type (self->bar, kind == TIDE_SQL_BAR_LOSS ? GTK_MESSAGE_ERROR : GTK_MESSAGE_WARNING);
  if (full != NULL)
    gtk_label_set_label (self->bar_label, full);
  gtk_info_bar_set_revealed (self->bar, kind != TIDE_SQL_BAR_NONE);
}

static void
on_bar_clicked (TideSqlTab *self)
{
  TideSqlBar kind = self->bar_kind;

  tide_sql_tab_show_bar (self, TIDE_SQL_BAR_NONE, NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (kind == TIDE_SQL_BAR_LOSS)
    tide_sql_console_accept_loss (self->console);
  else if (kind == TIDE_SQL_BAR_REFUSED)
    gtk_widget_activate_action (GTK_WIDGET (self), "tab.unlock", NULL);
}

void
tide_sql_tab_set_file (TideSqlTab *self,
                       const char *title,
                       const char *path,
                       const char *stamp)
{
  g_autofree char *new_title = g_strdup (title);
  g_autofree char *new_path = g_strdup (path);
  g_autofree char *new_stamp = g_strdup (stamp);

  g_free (self->title);
  g_free (self->path);
  g_free (self->stamp);
  self->title = g_steal_pointer (&new_title);
  self->path = g_steal_pointer (&new_path);
  self->stamp = g_steal_pointer (&new_stamp);
  tide_sql_keeper_set_file (self->keeper, self->title, self->path, self->stamp);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

static char *
dup_title (TideSqlTab *self)
{
  const char *title = self->title ? self->title : *self->start != '\0' ? self->start : _("Query");
  gboolean modified = gtk_text_buffer_get_modified (tide_sql_editor_get_buffer (self->editor));

  return g_strconcat (self->path != NULL && modified ? "• " : "", title, NULL);
}

/* A text that is no file is called by its first words, or by the first line of the comment above it.
 * (transfer full) */
static char *
dup_start (char *text)
{
  char *start = g_strchug (text);
  gboolean is_comment = g_str_has_prefix (start, "--") || g_str_has_prefix (start, "/*");

  start += strspn (start, "-/* \t\r\n");
  if (is_comment)
    start[strcspn (start, "*\r\n")] = '\0';
  return tide_format_start (start, TITLE_CHARS);
}

static void
on_changed (TideSqlTab *self)
{
  GtkTextBuffer *buffer = tide_sql_editor_get_buffer (self->editor);
  g_autofree char *start = NULL;
  g_autofree char *text = NULL;
  GtkTextIter first;
  GtkTextIter last;

  self->n_edits++;
  gtk_text_buffer_get_start_iter (buffer, &first);
  last = first;
  gtk_text_iter_forward_chars (&last, 8 * TITLE_CHARS);
  text = gtk_text_buffer_get_text (buffer, &first, &last, TRUE);
  start = dup_start (text);
  if (g_str_equal (start, self->start))
    return;
  g_free (self->start);
  self->start = g_steal_pointer (&start);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

static void
on_modified (TideSqlTab *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

/* The menu is not in the editor, whose actions these are. */
static void
activate_editor (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  gtk_widget_activate_action (GTK_WIDGET (TIDE_SQL_TAB (widget)->editor), action_name, NULL);
}

static gboolean
tide_sql_tab_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (TIDE_SQL_TAB (widget)->editor));
}

static void
tide_sql_tab_constructed (GObject *object)
{
  TideSqlTab *self = TIDE_SQL_TAB (object);

  G_OBJECT_CLASS (tide_sql_tab_parent_class)->constructed (object);
  self->console = tide_sql_console_new (self->place);
  self->keeper = tide_sql_keeper_new (tide_sql_editor_get_buffer (self->editor), tide_sql_place_get_key (self->place));
  g_signal_connect_object (self->console, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  tide_results_pane_set_console (self->results, self->console);
  tide_sql_tab_connect_console (self);
  update (self);
}

static void
tide_sql_tab_dispose (GObject *object)
{
  TideSqlTab *self = TIDE_SQL_TAB (object);

  g_clear_handle_id (&self->age_source, g_source_remove);
  if (self->keeper != NULL)
    g_object_run_dispose (G_OBJECT (self->keeper));
  g_clear_object (&self->keeper);
  g_clear_object (&self->console);
  gtk_widget_dispose_template (GTK_WIDGET (self), TIDE_TYPE_SQL_TAB);
  tide_children_unparent (GTK_WIDGET (self));
  g_clear_object (&self->place);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->start, g_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->stamp, g_free);
  g_clear_pointer (&self->ran_text, g_free);
  g_clear_pointer (&self->statements, g_ptr_array_unref);
  g_clear_pointer (&self->remembered, g_hash_table_unref);
  G_OBJECT_CLASS (tide_sql_tab_parent_class)->dispose (object);
}

static void
tide_sql_tab_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  TideSqlTab *self = TIDE_SQL_TAB (object);

  switch (prop_id)
    {
    case PROP_PLACE: g_value_set_object (value, self->place); break;
    case PROP_TITLE: g_value_take_string (value, dup_title (self)); break;
    case PROP_BUSY: g_value_set_boolean (value, tide_sql_console_is_busy (self->console)); break;
    case PROP_WRITING: g_value_set_boolean (value, is_writing (self)); break;
    case PROP_MANUAL: g_value_set_boolean (value, tide_sql_console_get_manual (self->console)); break;
    case PROP_TEMPORARY: g_value_set_boxed (value, tide_sql_console_get_temporary (self->console)); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_sql_tab_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  TideSqlTab *self = TIDE_SQL_TAB (object);

  switch (prop_id)
    {
    case PROP_PLACE: self->place = g_value_dup_object (value); break;
    case PROP_MANUAL: tide_sql_console_set_manual (self->console, g_value_get_boolean (value)); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_sql_tab_bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, TideSqlTab, editor);
  gtk_widget_class_bind_template_child (widget_class, TideSqlTab, results);
  gtk_widget_class_bind_template_child (widget_class, TideSqlTab, paned);
  gtk_widget_class_bind_template_child (widget_class, TideSqlTab, run_button);
  gtk_widget_class_bind_template_child (widget_class, TideSqlTab, run_content);
  gtk_widget_class_bind_template_child (widget_class, TideSqlTab, chip);
  gtk_widget_class_bind_template_child (widget_class, TideSqlTab, chip_label);
  gtk_widget_class_bind_template_child (widget_class, TideSqlTab, end_box);
  gtk_widget_class_bind_template_child (widget_class, TideSqlTab, lock_button);
  gtk_widget_class_bind_template_child (widget_class, TideSqlTab, lock_content);
  gtk_widget_class_bind_template_child (widget_class, TideSqlTab, bar);
  gtk_widget_class_bind_template_child (widget_class, TideSqlTab, bar_label);
  gtk_widget_class_bind_template_child (widget_class, TideSqlTab, bar_button);
  gtk_widget_class_bind_template_callback (widget_class, on_bar_clicked);
}

static void
tide_sql_tab_class_init (TideSqlTabClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->constructed = tide_sql_tab_constructed;
  object_class->dispose = tide_sql_tab_dispose;
  object_class->get_property = tide_sql_tab_get_property;
  object_class->set_property = tide_sql_tab_set_property;
  widget_class->grab_focus = tide_sql_tab_grab_focus;
  properties[PROP_PLACE] = g_param_spec_object ("place", NULL, NULL, TIDE_TYPE_SQL_PLACE,
                                                G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, readable);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, readable);
  properties[PROP_WRITING] = g_param_spec_boolean ("writing", NULL, NULL, FALSE, readable);
  properties[PROP_MANUAL] = g_param_spec_boolean ("manual", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TEMPORARY] = g_param_spec_boxed ("temporary", NULL, NULL, TIDE_TYPE_OUTLINE, readable);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[CHANGED_CATALOG] = g_signal_new ("changed-catalog", TIDE_TYPE_SQL_TAB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 0);
  signals[SAVED] = g_signal_new ("saved", TIDE_TYPE_SQL_TAB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                 G_TYPE_BOOLEAN);

  gtk_widget_class_install_property_action (widget_class, "tab.manual", "manual");
  tide_sql_tab_install_run (widget_class);
  tide_sql_tab_install_file (widget_class);
  for (guint i = 0; i < G_N_ELEMENTS (editor_actions); i++)
    gtk_widget_class_install_action (widget_class, editor_actions[i], NULL, activate_editor);
  g_type_ensure (TIDE_TYPE_SQL_EDITOR);
  g_type_ensure (TIDE_TYPE_BUTTON_CONTENT);
  g_type_ensure (TIDE_TYPE_WRAP_BOX);
  g_type_ensure (TIDE_TYPE_RESULTS_PANE);
  gtk_widget_class_set_template_from_resource (widget_class, "/com/broxiva/Tidemark/ui/tide-sql-tab.ui");
  tide_sql_tab_bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
tide_sql_tab_init (TideSqlTab *self)
{
  self->remembered = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->start = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (tide_sql_editor_get_buffer (self->editor), "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (tide_sql_editor_get_buffer (self->editor), "modified-changed", G_CALLBACK (on_modified), self,
                           G_CONNECT_SWAPPED);
}

void
tide_sql_tab_set_workspace (TideSqlTab    *self,
                            TideWorkspace *workspace)
{
  g_return_if_fail (TIDE_IS_SQL_TAB (self));

  tide_results_pane_set_workspace (self->results, workspace);
}

GtkSourceView *
tide_sql_tab_get_view (TideSqlTab *self)
{
  g_return_val_if_fail (TIDE_IS_SQL_TAB (self), NULL);
  return tide_sql_editor_get_view (self->editor);
}

char *
tide_sql_tab_dup_text (TideSqlTab *self)
{
  g_return_val_if_fail (TIDE_IS_SQL_TAB (self), NULL);
  return tide_sql_editor_dup_text (self->editor);
}

void
tide_sql_tab_set_text (TideSqlTab *self,
                       const char *title,
                       const char *text)
{
  g_return_if_fail (TIDE_IS_SQL_TAB (self));

  tide_sql_editor_set_text (self->editor, text, 0);
  tide_sql_tab_set_file (self, title, NULL, NULL);
  if (tide_query_is_masked (text))
    tide_sql_tab_show_bar (self, TIDE_SQL_BAR_MASKED, NULL);
}

void
tide_sql_tab_take_file (TideSqlTab *self,
                        const char *path,
                        const char *text,
                        const char *stamp)
{
  g_autofree char *title = g_path_get_basename (path);

  g_return_if_fail (TIDE_IS_SQL_TAB (self));

  tide_sql_editor_set_text (self->editor, text, 0);
  tide_sql_tab_set_file (self, title, path, stamp);
}

void
tide_sql_tab_insert (TideSqlTab *self,
                     const char *text)
{
  g_return_if_fail (TIDE_IS_SQL_TAB (self));

  tide_sql_editor_insert (self->editor, text);
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

void
tide_sql_tab_adopt (TideSqlTab           *self,
                    TideQueryJournal     *journal,
                    const TideQueryDraft *draft)
{
  g_return_if_fail (TIDE_IS_SQL_TAB (self));

  tide_sql_keeper_adopt (self->keeper, journal, draft->order);
  tide_sql_editor_set_text (self->editor, draft->text, draft->cursor);
  gtk_text_buffer_set_modified (tide_sql_editor_get_buffer (self->editor), draft->modified);
  tide_sql_tab_set_file (self, draft->title, draft->path, draft->stamp);
  if (tide_query_is_masked (draft->text))
    tide_sql_tab_show_bar (self, TIDE_SQL_BAR_MASKED, NULL);
}

void
tide_sql_tab_add_page (TideSqlTab *self,
                       const char *title,
                       GtkWidget  *page)
{
  g_return_if_fail (TIDE_IS_SQL_TAB (self));

  gtk_widget_set_visible (GTK_WIDGET (self->results), TRUE);
  tide_results_pane_add_page (self->results, title, page);
  tide_results_pane_show_page (self->results, page);
}

void
tide_sql_tab_lock (TideSqlTab *self)
{
  g_return_if_fail (TIDE_IS_SQL_TAB (self));

  tide_sql_console_set_read_only (self->console, TRUE);
}

char *
tide_sql_tab_dup_loss (TideSqlTab *self,
                       gboolean    with_text)
{
  GtkTextBuffer *buffer;
  guint n_changes;

  g_return_val_if_fail (TIDE_IS_SQL_TAB (self), NULL);

  n_changes = tide_results_pane_get_n_changes (self->results);
  buffer = tide_sql_editor_get_buffer (self->editor);
  if (tide_sql_console_get_since (self->console) != 0)
    return g_strdup (_("A transaction is open. It will be rolled back, with all that it did."));
  if (tide_sql_console_is_busy (self->console))
    return g_strdup (_("A statement is still running. It will be cancelled."));
  if (n_changes > 0)
    return g_strdup_printf (g_dngettext (NULL, "%u changed row is not applied yet.", "%u changed rows are not applied yet.",
                                         n_changes), n_changes);
  if (self->saving)
    return g_strdup (_("The file is still being written."));
  if (with_text && gtk_text_buffer_get_modified (buffer) && gtk_text_buffer_get_char_count (buffer) > 0)
    return g_strdup (_("What is written there is not saved."));
  return NULL;
}

gboolean
tide_sql_tab_is_saving (TideSqlTab *self)
{
  g_return_val_if_fail (TIDE_IS_SQL_TAB (self), FALSE);
  return self->saving;
}

void
tide_sql_tab_forget (TideSqlTab *self)
{
  g_return_if_fail (TIDE_IS_SQL_TAB (self));

  tide_sql_keeper_forget (self->keeper);
}
