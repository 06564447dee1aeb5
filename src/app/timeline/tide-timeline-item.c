/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-timeline-item"

#include "config.h"

#include <glib/gi18n.h>

#include "sql/tide-sql-script.h"
#include "timeline/tide-timeline-item.h"
#include "widgets/tide-format.h"

/* Rows are bound while a person scrolls: a file longer than this is not read for its summary. */
#define SUMMARY_LIMIT (64 * 1024)

struct _TideTimelineItem
{
  GObject         parent_instance;

  /* Owned */
  TideTimeline   *timeline;
  TideAuthorship *authorship;
  TideLintBoard  *board;

  guint           index;
};

G_DEFINE_FINAL_TYPE (TideTimelineItem, tide_timeline_item, G_TYPE_OBJECT)

static char *
dup_when (const TideTimelineEntry *entry)
{
  g_autofree char *ago = NULL;

  if (entry->row == NULL)
    return NULL;
  if (entry->row->rolled_back_at > 0)
    {
      ago = tide_format_ago (entry->row->rolled_back_at);
      return g_strdup_printf (_("rolled back %s"), ago);
    }
  if (entry->row->finished_at > 0)
    {
      ago = tide_format_ago (entry->row->finished_at);
      return g_strdup_printf (_("applied %s"), ago);
    }
  ago = tide_format_ago (entry->row->started_at);
  return g_strdup_printf (entry->running ? _("started %s") : _("started %s, never finished"), ago);
}

static void
add_part (GStrvBuilder *parts,
          char         *part)
{
  if (part != NULL && *part != '\0')
    g_strv_builder_add (parts, part);
  g_free (part);
}

static char *
dup_warnings (TideTimelineItem *self,
              const char       *name)
{
  guint n = self->board ? tide_lint_board_count (self->board, name) : 0;

  return n > 0 ? g_strdup_printf (g_dngettext (NULL, "%u warning", "%u warnings", n), n) : NULL;
}

static void
tide_timeline_item_finalize (GObject *object)
{
  TideTimelineItem *self = TIDE_TIMELINE_ITEM (object);

  g_clear_pointer (&self->timeline, tide_timeline_unref);
  g_clear_pointer (&self->authorship, tide_authorship_unref);
  g_clear_object (&self->board);
  G_OBJECT_CLASS (tide_timeline_item_parent_class)->finalize (object);
}

static void
tide_timeline_item_class_init (TideTimelineItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_timeline_item_finalize;
}

static void
tide_timeline_item_init (TideTimelineItem *self)
{
}

/**
 * tide_timeline_item_new:
 * @timeline: the timeline it stands in
 * @index: its place there
 * @authorship: (nullable): who brought the migrations
 * @board: (nullable): the warnings on them
 *
 * Returns: (transfer full): a new item; cheap, so that lists make it when a row is seen
 */
TideTimelineItem *
tide_timeline_item_new (TideTimeline   *timeline,
                        guint           index,
                        TideAuthorship *authorship,
                        TideLintBoard  *board)
{
  TideTimelineItem *self = g_object_new (TIDE_TYPE_TIMELINE_ITEM, NULL);

  self->timeline = tide_timeline_ref (timeline);
  self->index = index;
  self->authorship = authorship ? tide_authorship_ref (authorship) : NULL;
  self->board = board ? g_object_ref (board) : NULL;
  return self;
}

/**
 * tide_timeline_item_get_board:
 * @self: an item
 *
 * Returns: (transfer none) (nullable): the warnings on the migrations of its timeline
 */
TideLintBoard *
tide_timeline_item_get_board (TideTimelineItem *self)
{
  g_return_val_if_fail (TIDE_IS_TIMELINE_ITEM (self), NULL);
  return self->board;
}

/**
 * tide_timeline_item_get_timeline:
 * @self: an item
 *
 * Returns: (transfer none): the timeline that it is a row of
 */
TideTimeline *
tide_timeline_item_get_timeline (TideTimelineItem *self)
{
  g_return_val_if_fail (TIDE_IS_TIMELINE_ITEM (self), NULL);
  return self->timeline;
}

/**
 * tide_timeline_item_get_entry:
 * @self: an item
 *
 * Returns: (transfer none): the entry; lives as long as the item
 */
const TideTimelineEntry *
tide_timeline_item_get_entry (TideTimelineItem *self)
{
  g_return_val_if_fail (TIDE_IS_TIMELINE_ITEM (self), NULL);
  return tide_timeline_get_entry (self->timeline, self->index);
}

/**
 * tide_timeline_item_get_commit:
 * @self: an item
 *
 * Returns: (transfer none) (nullable): the commit that brought the migration, if that is known
 */
const TideCommit *
tide_timeline_item_get_commit (TideTimelineItem *self)
{
  g_return_val_if_fail (TIDE_IS_TIMELINE_ITEM (self), NULL);
  return self->authorship ? tide_authorship_lookup (self->authorship, tide_timeline_item_get_name (self)) : NULL;
}

/**
 * tide_timeline_item_get_name:
 * @self: an item
 *
 * Returns: (transfer none): the migration's name, as the folder and the ledger have it
 */
const char *
tide_timeline_item_get_name (TideTimelineItem *self)
{
  g_return_val_if_fail (TIDE_IS_TIMELINE_ITEM (self), NULL);
  return tide_timeline_item_get_entry (self)->name;
}

/**
 * tide_timeline_item_get_index:
 * @self: an item
 *
 * Returns: its place in the timeline, from the oldest
 */
guint
tide_timeline_item_get_index (TideTimelineItem *self)
{
  g_return_val_if_fail (TIDE_IS_TIMELINE_ITEM (self), 0);
  return self->index;
}

/**
 * dup_summary:
 * @self: an item
 *
 * Returns: (transfer full): "2 tables, 5 statements"; for a long file its size; what is wrong for one that cannot be read
 */
static char *
dup_summary (TideTimelineItem *self)
{
  const TideTimelineEntry *entry = tide_timeline_item_get_entry (self);
  g_autoptr(TideSqlScript) script = NULL;
  const GError *problem;
  gsize size;

  if (entry->migration == NULL)
    return g_strdup ("");
  problem = tide_migration_get_problem (entry->migration);
  if (problem != NULL)
    return g_strdup (problem->message);
  size = tide_migration_get_sql_size (entry->migration);
  if (size > SUMMARY_LIMIT)
    return g_format_size (size);
  script = tide_sql_script_new_for_bytes (tide_migration_get_bytes (entry->migration));
  return tide_sql_script_dup_summary (script);
}

/**
 * tide_timeline_item_dup_title:
 * @self: an item
 *
 * Returns: (transfer full): what the migration is called, for a person
 */
char *
tide_timeline_item_dup_title (TideTimelineItem *self)
{
  const TideTimelineEntry *entry = tide_timeline_item_get_entry (self);

  return entry->migration ? tide_migration_dup_title (entry->migration) : g_strdup (entry->name);
}

/**
 * tide_timeline_item_dup_date:
 * @self: an item
 *
 * Returns: (transfer full): "2025-11-17", or an empty string when its name tells none
 */
char *
tide_timeline_item_dup_date (TideTimelineItem *self)
{
  const TideTimelineEntry *entry = tide_timeline_item_get_entry (self);
  g_autoptr(GDateTime) date = entry->migration ? tide_migration_dup_date (entry->migration) : NULL;

  if (date != NULL)
    return g_date_time_format (date, "%Y-%m-%d");
  if (entry->migration == NULL && g_ascii_isdigit (entry->name[0]) && strlen (entry->name) >= 8)
    return g_strdup_printf ("%.4s-%.2s-%.2s", entry->name, entry->name + 4, entry->name + 6);
  return g_strdup ("");
}

/**
 * tide_timeline_item_dup_detail:
 * @self: an item
 *
 * Returns: (transfer full): who, why, when, or what it would do
 */
char *
tide_timeline_item_dup_detail (TideTimelineItem *self)
{
  const TideTimelineEntry *entry = tide_timeline_item_get_entry (self);
  const TideCommit *commit = tide_timeline_item_get_commit (self);
  g_autoptr(GStrvBuilder) parts = g_strv_builder_new ();
  g_auto(GStrv) strings = NULL;

  if (entry->state == TIDE_STATE_PENDING || entry->state == TIDE_STATE_ROLLED_BACK)
    {
      /* First, for the line is cut where it does not fit */
      add_part (parts, dup_warnings (self, entry->name));
      add_part (parts, dup_summary (self));
    }
  if (commit != NULL)
    {
      add_part (parts, g_strdup (commit->author));
      add_part (parts, g_strdup_printf ("“%s”", commit->subject));
    }
  add_part (parts, dup_when (entry));
  strings = g_strv_builder_end (parts);
  return g_strjoinv (" · ", strings);
}

/**
 * tide_timeline_item_dup_duration:
 * @self: an item
 *
 * Returns: (transfer full): how long it took, "12 ms", or an empty string
 */
char *
tide_timeline_item_dup_duration (TideTimelineItem *self)
{
  g_return_val_if_fail (TIDE_IS_TIMELINE_ITEM (self), NULL);
  return tide_format_duration (tide_timeline_item_get_entry (self)->duration);
}

/**
 * tide_timeline_item_dup_remark:
 * @self: an item
 *
 * Returns: (transfer full): what is odd about it, "out of order", or an empty string
 */
char *
tide_timeline_item_dup_remark (TideTimelineItem *self)
{
  const TideTimelineEntry *entry = tide_timeline_item_get_entry (self);

  if (entry->migration != NULL && tide_migration_get_problem (entry->migration) != NULL)
    return g_strdup (_("cannot be read"));
  if (entry->edited && entry->state != TIDE_STATE_EDITED)
    return g_strdup (_("edited"));
  if (entry->out_of_order)
    return g_strdup (_("out of order"));
  return g_strdup ("");
}
