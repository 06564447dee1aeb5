/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-completion"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "query/tide-completion.h"
#include "sql/tide-sql-completion.h"
#include "widgets/tide-short-text.h"

/* As much of a large script is looked at around the caret, so that no keystroke waits for the rest of it */
#define MOST_CHARACTERS 40000

/* One row of the list; it points into the answer it came with */
#define TIDE_TYPE_SQL_PROPOSAL (tide_sql_proposal_get_type ())
G_DECLARE_FINAL_TYPE (TideSqlProposal, tide_sql_proposal, TIDE, SQL_PROPOSAL, GObject)

struct _TideSqlProposal
{
  GObject       parent_instance;

  GPtrArray    *answer;
  TideProposal *proposal;
};

static void
sql_proposal_init_interface (GtkSourceCompletionProposalInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TideSqlProposal, tide_sql_proposal, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GTK_SOURCE_TYPE_COMPLETION_PROPOSAL, sql_proposal_init_interface))

static void
tide_sql_proposal_finalize (GObject *object)
{
  g_ptr_array_unref (TIDE_SQL_PROPOSAL (object)->answer);
  G_OBJECT_CLASS (tide_sql_proposal_parent_class)->finalize (object);
}

static void
tide_sql_proposal_class_init (TideSqlProposalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_sql_proposal_finalize;
}

static void
tide_sql_proposal_init (TideSqlProposal *self)
{
}

struct _TideSqlCompletion
{
  GObject                parent_instance;

  /* Owned */
  TideCompletionCatalog *catalog;
  TideOutline           *temporary; /* (nullable) */
  TideOutline           *joined;    /* (nullable): of both, once a thread has made it */
  GCancellable          *joining;   /* (nullable) */
};

/* How each kind looks and is called, in the order of TideProposalKind */
static const struct
{
  const char *icon;
  const char *word;
} kinds[] = {
  { "tide-keyword-symbolic", N_("Keyword") },
  { "tide-schema-symbolic", N_("Schema") },
  { "tide-table-symbolic", N_("Table") },
  { "tide-view-symbolic", N_("View") },
  { "tide-alias-symbolic", N_("Alias") },
  { "tide-column-symbolic", N_("Column") },
  { "tide-function-symbolic", N_("Function") },
  { "tide-type-symbolic", N_("Type") },
  { "tide-join-symbolic", N_("Join condition") },
};

static void
get_typed_start (GtkTextBuffer *buffer,
                 GtkTextIter   *caret,
                 char         **text,
                 gsize         *offset)
{
  GtkTextIter start, end;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  gtk_text_buffer_get_iter_at_mark (buffer, caret, gtk_text_buffer_get_insert (buffer));
  start = end = *caret;
  if (gtk_text_iter_get_offset (caret) > MOST_CHARACTERS)
    gtk_text_iter_backward_chars (&start, MOST_CHARACTERS);
  else
    gtk_text_buffer_get_start_iter (buffer, &start);
  gtk_text_iter_forward_chars (&end, MOST_CHARACTERS);
  before = gtk_text_buffer_get_text (buffer, &start, caret, TRUE);
  after = gtk_text_buffer_get_text (buffer, caret, &end, TRUE);
  *offset = strlen (before);
  *text = g_strconcat (before, after, NULL);
}

/* What is joined */
typedef struct
{
  TideOutline *shared;
  TideOutline *temporary;
} Pair;

static void
pair_free (gpointer data)
{
  Pair *pair = data;

  tide_outline_unref (pair->shared);
  tide_outline_unref (pair->temporary);
  g_free (pair);
}

static void
join_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  Pair *pair = data;

  g_task_return_pointer (task, tide_outline_join (pair->shared, pair->temporary), (GDestroyNotify) tide_outline_unref);
}

static void
on_joined (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  g_autoptr(TideSqlCompletion) self = data;
  TideOutline *joined = g_task_propagate_pointer (G_TASK (result), NULL);

  /* NULL: there are other names by now */
  if (joined == NULL)
    return;
  self->joined = joined;
  g_clear_object (&self->joining);
}

/* As soon as there are other names: with many, it takes longer than a key may wait. */
static void
join (TideSqlCompletion *self)
{
  TideOutline *outline = tide_completion_catalog_get_outline (self->catalog);
  g_autoptr(GTask) task = NULL;
  Pair *pair;
  guint n = 0;

  g_clear_pointer (&self->joined, tide_outline_unref);
  g_cancellable_cancel (self->joining);
  g_clear_object (&self->joining);
  if (self->temporary != NULL)
    tide_outline_get_relations (self->temporary, &n);
  if (outline == NULL || n == 0)
    return;
  self->joining = g_cancellable_new ();
  pair = g_new0 (Pair, 1);
  pair->shared = tide_outline_ref (outline);
  pair->temporary = tide_outline_ref (self->temporary);
  task = g_task_new (NULL, self->joining, on_joined, g_object_ref (self));
  g_task_set_source_tag (task, join);
  g_task_set_task_data (task, pair, pair_free);
  g_task_run_in_thread (task, join_in_thread);
}

/* (nullable) */
static TideOutline *
get_outline (TideSqlCompletion *self)
{
  return self->joined != NULL ? self->joined : tide_completion_catalog_get_outline (self->catalog);
}

/* What may come where @buffer's caret is now */
static GListModel *
propose (TideSqlCompletion *self,
         GtkTextBuffer     *buffer)
{
  GListStore *model = g_list_store_new (TIDE_TYPE_SQL_PROPOSAL);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(TideProposals) proposals = NULL;
  g_autofree char *text = NULL;
  GtkTextIter caret;
  gsize offset;

  get_typed_start (buffer, &caret, &text, &offset);
  proposals = tide_completion_propose (get_outline (self), text, strlen (text), offset);
  for (guint i = 0; i < proposals->proposals->len; i++)
    {
      TideSqlProposal *row = g_object_new (TIDE_TYPE_SQL_PROPOSAL, NULL);

      row->answer = g_ptr_array_ref (proposals->proposals);
      row->proposal = g_ptr_array_index (proposals->proposals, i);
      g_ptr_array_add (rows, row);
    }
  g_list_store_splice (model, 0, 0, rows->pdata, rows->len);
  return G_LIST_MODEL (model);
}

static void
populate_async (GtkSourceCompletionProvider *provider,
                GtkSourceCompletionContext  *context,
                GCancellable                *cancellable,
                GAsyncReadyCallback          callback,
                gpointer                     user_data)
{
  TideSqlCompletion *self = TIDE_SQL_COMPLETION (provider);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  GtkSourceBuffer *buffer = gtk_source_completion_context_get_buffer (context);
  g_autoptr(GListModel) model = propose (self, GTK_TEXT_BUFFER (buffer));

  g_task_set_source_tag (task, populate_async);
  if (g_list_model_get_n_items (model) > 0)
    g_task_return_pointer (task, g_steal_pointer (&model), g_object_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "nothing to propose");
}

static GListModel *
populate_finish (GtkSourceCompletionProvider  *provider,
                 GAsyncResult                 *result,
                 GError                      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* More was typed: other names match, and maybe the place is another one */
static void
refilter (GtkSourceCompletionProvider *provider,
          GtkSourceCompletionContext  *context,
          GListModel                  *model)
{
  TideSqlCompletion *self = TIDE_SQL_COMPLETION (provider);
  GtkSourceBuffer *buffer = gtk_source_completion_context_get_buffer (context);
  g_autoptr(GListModel) proposals = propose (self, GTK_TEXT_BUFFER (buffer));
  guint n = g_list_model_get_n_items (proposals);
  g_autofree gpointer *rows = g_new (gpointer, n + 1);

  for (guint i = 0; i < n; i++)
    rows[i] = g_list_model_get_item (proposals, i);
  g_list_store_splice (G_LIST_STORE (model), 0, g_list_model_get_n_items (model), rows, n);
  for (guint i = 0; i < n; i++)
    g_object_unref (rows[i]);
}

static gboolean
is_trigger (GtkSourceCompletionProvider *provider,
            const GtkTextIter           *iter,
            gunichar                     character)
{
  return character == '.';
}

static void
show_typed (GtkSourceCompletionCell    *cell,
            GtkSourceCompletionContext *context,
            const char                 *label)
{
  g_autofree char *word = gtk_source_completion_context_get_word (context);
  PangoAttrList *attributes = gtk_source_completion_fuzzy_highlight (label, word);

  gtk_source_completion_cell_set_text_with_attributes (cell, label, attributes);
  g_clear_pointer (&attributes, pango_attr_list_unref);
}

/* (transfer full): arguments may be long: the whole of them is below the list. Where two tables have such a column, its table, too */
static char *
dup_short_detail (const TideProposal *proposal)
{
  g_autofree char *start = g_utf8_substring (proposal->detail, 0, MIN (g_utf8_strlen (proposal->detail, -1), 39));
  gboolean qualified = proposal->kind == TIDE_PROPOSAL_COLUMN && proposal->comment != NULL && strchr (proposal->text, '.') != NULL;

  return g_strconcat (start, strlen (start) < strlen (proposal->detail) ? "…" : "", qualified ? " · " : "",
                      qualified ? proposal->comment : "", NULL);
}

static void
display (GtkSourceCompletionProvider *provider,
         GtkSourceCompletionContext  *context,
         GtkSourceCompletionProposal *row,
         GtkSourceCompletionCell     *cell)
{
  TideProposal *proposal = TIDE_SQL_PROPOSAL (row)->proposal;
  g_autofree char *text = NULL;

  switch (gtk_source_completion_cell_get_column (cell))
    {
    case GTK_SOURCE_COMPLETION_COLUMN_ICON:
      gtk_source_completion_cell_set_icon_name (cell, kinds[proposal->kind].icon);
      tide_tooltip_update (GTK_WIDGET (cell), _(kinds[proposal->kind].word));
      break;
    case GTK_SOURCE_COMPLETION_COLUMN_TYPED_TEXT:
      show_typed (cell, context, proposal->label);
      break;
    case GTK_SOURCE_COMPLETION_COLUMN_AFTER:
      text = dup_short_detail (proposal);
      gtk_source_completion_cell_set_text (cell, text);
      gtk_widget_add_css_class (GTK_WIDGET (cell), "dim-label");
      gtk_widget_set_margin_start (GTK_WIDGET (cell), 9);
      break;
    case GTK_SOURCE_COMPLETION_COLUMN_DETAILS:
      text = g_strdup_printf ("%s%s%s%s%s", proposal->text, *proposal->detail ? "\n" : "", proposal->detail,
                              proposal->comment ? "\n" : "", proposal->comment ? proposal->comment : "");
      gtk_source_completion_cell_set_text (cell, text);
      break;
    default:
      gtk_source_completion_cell_set_text (cell, NULL);
    }
}

static void
activate (GtkSourceCompletionProvider *provider,
          GtkSourceCompletionContext  *context,
          GtkSourceCompletionProposal *row)
{
  TideSqlCompletion *self = TIDE_SQL_COMPLETION (provider);
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (gtk_source_completion_context_get_buffer (context));
  g_autofree char *chosen = g_strdup (TIDE_SQL_PROPOSAL (row)->proposal->text);
  g_autoptr(TideProposals) proposals = NULL;
  g_autofree char *text = NULL;
  GtkTextIter caret, start;
  gsize offset;

  get_typed_start (buffer, &caret, &text, &offset);
  /* Where what is replaced begins: asked for again, for more may have been typed since */
  proposals = tide_completion_propose (get_outline (self), text, strlen (text), offset);
  start = caret;
  gtk_text_iter_backward_chars (&start, (int) g_utf8_strlen (text + proposals->start, (gssize) (offset - proposals->start)));
  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete (buffer, &start, &caret);
  gtk_text_buffer_insert (buffer, &start, chosen, -1);
  gtk_text_buffer_end_user_action (buffer);
}

static char *
get_title (GtkSourceCompletionProvider *provider)
{
  return g_strdup (_("Database"));
}

static int
get_priority (GtkSourceCompletionProvider *provider,
              GtkSourceCompletionContext  *context)
{
  return 100;
}

static void
provider_init (GtkSourceCompletionProviderInterface *iface)
{
  iface->get_title = get_title;
  iface->get_priority = get_priority;
  iface->is_trigger = is_trigger;
  iface->populate_async = populate_async;
  iface->populate_finish = populate_finish;
  iface->refilter = refilter;
  iface->display = display;
  iface->activate = activate;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TideSqlCompletion, tide_sql_completion, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GTK_SOURCE_TYPE_COMPLETION_PROVIDER, provider_init))

enum
{
  PROP_TEMPORARY = 1,
};

static void
tide_sql_completion_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  TideSqlCompletion *self = TIDE_SQL_COMPLETION (object);
  TideOutline *temporary = g_value_get_boxed (value);

  if (prop_id != PROP_TEMPORARY)
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  else if (temporary != self->temporary)
    {
      g_clear_pointer (&self->temporary, tide_outline_unref);
      self->temporary = g_value_dup_boxed (value);
      join (self);
    }
}

static void
tide_sql_completion_dispose (GObject *object)
{
  TideSqlCompletion *self = TIDE_SQL_COMPLETION (object);

  g_cancellable_cancel (self->joining);
  g_clear_object (&self->joining);
  g_clear_object (&self->catalog);
  g_clear_pointer (&self->temporary, tide_outline_unref);
  g_clear_pointer (&self->joined, tide_outline_unref);
  G_OBJECT_CLASS (tide_sql_completion_parent_class)->dispose (object);
}

static void
tide_sql_completion_class_init (TideSqlCompletionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = tide_sql_completion_dispose;
  object_class->set_property = tide_sql_completion_set_property;
  g_object_class_install_property (object_class, PROP_TEMPORARY,
                                   g_param_spec_boxed ("temporary", NULL, NULL, TIDE_TYPE_OUTLINE,
                                                       G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
}

static void
tide_sql_completion_init (TideSqlCompletion *self)
{
}

GtkSourceCompletionProvider *
tide_sql_completion_new (TideCompletionCatalog *catalog)
{
  TideSqlCompletion *self = g_object_new (TIDE_TYPE_SQL_COMPLETION, NULL);

  self->catalog = g_object_ref (catalog);
  g_signal_connect_object (catalog, "notify::outline", G_CALLBACK (join), self, G_CONNECT_SWAPPED);
  return GTK_SOURCE_COMPLETION_PROVIDER (self);
}
