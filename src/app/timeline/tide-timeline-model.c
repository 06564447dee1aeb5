/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-timeline-model"

#include "config.h"

#include <gtk/gtk.h>

#include "timeline/tide-timeline-item.h"
#include "timeline/tide-timeline-model.h"

/* A list view makes 200 rows before it paints its first frame. A window of the usual height shows twelve: it gets so
 * many at once, and the others behind the frames that follow. */
#define FIRST_ROWS 12
#define MORE_ROWS  16
#define MANY_ROWS  240

struct _TideTimelineModel
{
  GObject             parent_instance;

  /* Owned */
  TideTimeline       *timeline;
  TideAuthorship     *authorship;
  TideLintBoard      *board;
  char               *search; /* case folded, or NULL */
  GArray             *shown;  /* guint: indices into the timeline, newest first */

  TideTimelineFilter  filter;
  guint               n_exposed; /* how many of the shown ones the list has been told of */
  guint               growing;   /* source id */
};

static GType
tide_timeline_model_get_item_type (GListModel *model)
{
  return TIDE_TYPE_TIMELINE_ITEM;
}

static guint
tide_timeline_model_get_n_items (GListModel *model)
{
  return TIDE_TIMELINE_MODEL (model)->n_exposed;
}

static gpointer
tide_timeline_model_get_item (GListModel *model,
                              guint       position)
{
  TideTimelineModel *self = TIDE_TIMELINE_MODEL (model);

  if (position >= self->n_exposed)
    return NULL;
  return tide_timeline_item_new (self->timeline, g_array_index (self->shown, guint, position), self->authorship, self->board);
}

static void
tide_timeline_model_list_init (GListModelInterface *iface)
{
  iface->get_item_type = tide_timeline_model_get_item_type;
  iface->get_n_items = tide_timeline_model_get_n_items;
  iface->get_item = tide_timeline_model_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TideTimelineModel, tide_timeline_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, tide_timeline_model_list_init))

static gboolean
passes_filter (const TideTimelineEntry *entry,
               TideTimelineFilter       filter)
{
  switch (filter)
    {
    case TIDE_TIMELINE_FILTER_PENDING:
      return entry->state == TIDE_STATE_PENDING || entry->state == TIDE_STATE_ROLLED_BACK;
    case TIDE_TIMELINE_FILTER_APPLIED:
      return entry->state == TIDE_STATE_APPLIED || entry->state == TIDE_STATE_EDITED;
    case TIDE_TIMELINE_FILTER_ATTENTION:
      return entry->out_of_order || entry->edited
             || (entry->state != TIDE_STATE_APPLIED && entry->state != TIDE_STATE_PENDING);
    case TIDE_TIMELINE_FILTER_ALL:
    default:
      return TRUE;
    }
}

static gboolean
contains (const char *text,
          const char *search)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  return strstr (folded, search) != NULL;
}

static gboolean
passes_search (TideTimelineModel       *self,
               const TideTimelineEntry *entry)
{
  const TideCommit *commit;
  g_autofree char *title = NULL;

  if (self->search == NULL || contains (entry->name, self->search))
    return TRUE;
  title = entry->migration ? tide_migration_dup_title (entry->migration) : NULL;
  if (title != NULL && contains (title, self->search))
    return TRUE;
  commit = self->authorship ? tide_authorship_lookup (self->authorship, entry->name) : NULL;
  return commit != NULL
         && (contains (commit->author, self->search) || contains (commit->subject, self->search)
             || g_str_has_prefix (commit->commit, self->search));
}

static void
expose (TideTimelineModel *self,
        guint              n)
{
  guint before = self->n_exposed;

  self->n_exposed = MIN (n, self->shown->len);
  if (self->n_exposed == self->shown->len)
    g_clear_handle_id (&self->growing, g_source_remove);
  if (self->n_exposed > before)
    g_list_model_items_changed (G_LIST_MODEL (self), before, 0, self->n_exposed - before);
}

static gboolean
grow (gpointer data)
{
  TideTimelineModel *self = data;

  expose (self, self->n_exposed < MANY_ROWS ? self->n_exposed + MORE_ROWS : self->shown->len);
  return self->growing != 0;
}

static void
tide_timeline_model_rebuild (TideTimelineModel *self)
{
  guint removed = self->n_exposed;
  guint n = self->timeline ? tide_timeline_get_n_entries (self->timeline) : 0;

  g_array_set_size (self->shown, 0);
  for (guint i = n; i > 0; i--)
    {
      const TideTimelineEntry *entry = tide_timeline_get_entry (self->timeline, i - 1);
      guint index = i - 1;

      if (passes_filter (entry, self->filter) && passes_search (self, entry))
        g_array_append_val (self->shown, index);
    }
  /* What was shown before has been made: only what comes anew comes by and by. */
  self->n_exposed = MIN (self->shown->len, MAX (removed, FIRST_ROWS));
  g_clear_handle_id (&self->growing, g_source_remove);
  if (self->n_exposed < self->shown->len)
    self->growing = g_idle_add_full (GDK_PRIORITY_REDRAW + 10, grow, self, NULL);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, removed, self->n_exposed);
}

static void
tide_timeline_model_finalize (GObject *object)
{
  TideTimelineModel *self = TIDE_TIMELINE_MODEL (object);

  g_clear_pointer (&self->timeline, tide_timeline_unref);
  g_clear_pointer (&self->authorship, tide_authorship_unref);
  g_clear_object (&self->board);
  g_clear_pointer (&self->search, g_free);
  g_clear_pointer (&self->shown, g_array_unref);
  g_clear_handle_id (&self->growing, g_source_remove);
  G_OBJECT_CLASS (tide_timeline_model_parent_class)->finalize (object);
}

static void
tide_timeline_model_class_init (TideTimelineModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_timeline_model_finalize;
}

static void
tide_timeline_model_init (TideTimelineModel *self)
{
  self->shown = g_array_new (FALSE, FALSE, sizeof (guint));
}

/**
 * tide_timeline_model_new:
 *
 * Returns: (transfer full): an empty model
 */
TideTimelineModel *
tide_timeline_model_new (void)
{
  return g_object_new (TIDE_TYPE_TIMELINE_MODEL, NULL);
}

/**
 * tide_timeline_model_set_timeline:
 * @self: a model
 * @timeline: (nullable): what to show
 * @authorship: (nullable): who brought the migrations
 *
 * Shows another timeline; search and filter stay.
 *
 * Returns: whether that changed anything
 */
gboolean
tide_timeline_model_set_timeline (TideTimelineModel *self,
                                  TideTimeline      *timeline,
                                  TideAuthorship    *authorship)
{
  g_return_val_if_fail (TIDE_IS_TIMELINE_MODEL (self), FALSE);

  if (timeline == self->timeline && authorship == self->authorship)
    return FALSE;
  if (timeline != NULL)
    tide_timeline_ref (timeline);
  if (authorship != NULL)
    tide_authorship_ref (authorship);
  g_clear_pointer (&self->timeline, tide_timeline_unref);
  g_clear_pointer (&self->authorship, tide_authorship_unref);
  self->timeline = timeline;
  self->authorship = authorship;
  tide_timeline_model_rebuild (self);
  return TRUE;
}

void
tide_timeline_model_set_board (TideTimelineModel *self,
                               TideLintBoard     *board)
{
  g_return_if_fail (TIDE_IS_TIMELINE_MODEL (self));

  g_set_object (&self->board, board);
}

/**
 * tide_timeline_model_set_filter:
 * @self: a model
 * @search: (nullable): a text to find in name, title, author and subject, whatever its case
 * @filter: which states to show
 */
void
tide_timeline_model_set_filter (TideTimelineModel  *self,
                                const char         *search,
                                TideTimelineFilter  filter)
{
  g_return_if_fail (TIDE_IS_TIMELINE_MODEL (self));

  g_clear_pointer (&self->search, g_free);
  if (search != NULL && *search != '\0')
    self->search = g_utf8_casefold (search, -1);
  self->filter = filter;
  tide_timeline_model_rebuild (self);
}

/**
 * tide_timeline_model_find:
 * @self: a model
 * @name: a migration's name
 *
 * Finds a row; the list is told of every row up to it.
 *
 * Returns: where it is shown, or %GTK_INVALID_LIST_POSITION
 */
guint
tide_timeline_model_find (TideTimelineModel *self,
                          const char        *name)
{
  g_return_val_if_fail (TIDE_IS_TIMELINE_MODEL (self), GTK_INVALID_LIST_POSITION);

  for (guint i = 0; i < self->shown->len; i++)
    {
      guint index = g_array_index (self->shown, guint, i);

      if (g_str_equal (tide_timeline_get_entry (self->timeline, index)->name, name))
        {
          if (i >= self->n_exposed)
            expose (self, self->shown->len);
          return i;
        }
    }
  return GTK_INVALID_LIST_POSITION;
}
