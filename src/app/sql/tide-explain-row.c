/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-explain-row"

#include "config.h"

#include <math.h>

#include <glib/gi18n.h>

#include "sql/tide-explain-row.h"

struct _TideExplainRow
{
  GObject                parent_instance;

  TideExplain           *explain;
  const TideExplainNode *node; /* of @explain */
};

G_DEFINE_FINAL_TYPE (TideExplainRow, tide_explain_row, G_TYPE_OBJECT)

static const char *const titles[] = {
  N_("Step"), N_("Share"), N_("Own Time"), N_("With Below"), N_("Planned Rows"), N_("Real Rows"), N_("Estimate"), N_("Loops"),
  N_("Buffers"), N_("Cost"),
};

static void
tide_explain_row_finalize (GObject *object)
{
  tide_explain_unref (TIDE_EXPLAIN_ROW (object)->explain);
  G_OBJECT_CLASS (tide_explain_row_parent_class)->finalize (object);
}

static void
tide_explain_row_class_init (TideExplainRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_explain_row_finalize;
}

static void
tide_explain_row_init (TideExplainRow *self)
{
}

TideExplainRow *
tide_explain_row_new (TideExplain           *explain,
                      const TideExplainNode *node)
{
  TideExplainRow *self = g_object_new (TIDE_TYPE_EXPLAIN_ROW, NULL);

  self->explain = tide_explain_ref (explain);
  self->node = node;
  return self;
}

const TideExplainNode *
tide_explain_row_get_node (TideExplainRow *self)
{
  return self->node;
}

GListModel *
tide_explain_row_list_children (TideExplainRow *self)
{
  GListStore *children;

  if (self->node->children->len == 0)
    return NULL;
  children = g_list_store_new (TIDE_TYPE_EXPLAIN_ROW);
  for (guint i = 0; i < self->node->children->len; i++)
    {
      g_autoptr(TideExplainRow) child = tide_explain_row_new (self->explain, g_ptr_array_index (self->node->children, i));

      g_list_store_append (children, child);
    }
  return G_LIST_MODEL (children);
}

static char *
dup_number (double value)
{
  if (value < 0)
    return g_strdup ("");
  return value == floor (value) ? g_strdup_printf ("%'.0f", value) : g_strdup_printf ("%'.2f", value);
}

static char *
dup_time (double milliseconds)
{
  if (milliseconds < 0)
    return g_strdup ("");
  /* Translators: milliseconds */
  return milliseconds < 10 ? g_strdup_printf (_("%.3f ms"), milliseconds) : g_strdup_printf (_("%'.1f ms"), milliseconds);
}

static char *
dup_estimate (const TideExplainNode *node)
{
  if (node->real_rows < 0 || node->never_executed)
    return g_strdup ("");
  if (fabs (node->misjudged) < 1.1)
    return g_strdup (_("as planned"));
  /* Translators: how many times more or fewer rows came than were planned */
  return node->misjudged > 0 ? g_strdup_printf (_("%.1f × more"), node->misjudged)
                             : g_strdup_printf (_("%.1f × fewer"), -node->misjudged);
}

static char *
dup_buffers (const TideExplainNode *node)
{
  if (node->hit_blocks < 0)
    return g_strdup ("");
  if (node->read_blocks <= 0)
    return dup_number (node->hit_blocks);
  /* Translators: blocks of 8 kB, and how many of them were not in memory */
  return g_strdup_printf (_("%'.0f (%'.0f read)"), node->hit_blocks + node->read_blocks, node->read_blocks);
}

char *
tide_explain_row_dup_text (TideExplainRow    *self,
                           TideExplainColumn  column)
{
  const TideExplainNode *node = self->node;

  switch (column)
    {
    case TIDE_EXPLAIN_COLUMN_NODE:
      return node->relationship ? g_strdup_printf ("%s: %s", node->relationship, node->title) : g_strdup (node->title);
    case TIDE_EXPLAIN_COLUMN_SHARE:
      return g_strdup_printf ("%.0f %%", node->share * 100);
    case TIDE_EXPLAIN_COLUMN_OWN_TIME:
      return node->never_executed ? g_strdup (_("never run")) : dup_time (node->own_time);
    case TIDE_EXPLAIN_COLUMN_TOTAL_TIME:
      return node->never_executed ? g_strdup ("") : dup_time (node->total_time);
    case TIDE_EXPLAIN_COLUMN_ESTIMATE:
      return dup_estimate (node);
    case TIDE_EXPLAIN_COLUMN_BUFFERS:
      return dup_buffers (node);
    default:
      return dup_number (tide_explain_row_get_value (self, column));
    }
}

double
tide_explain_row_get_value (TideExplainRow    *self,
                            TideExplainColumn  column)
{
  const TideExplainNode *node = self->node;

  switch (column)
    {
    case TIDE_EXPLAIN_COLUMN_SHARE:
      return node->share;
    case TIDE_EXPLAIN_COLUMN_OWN_TIME:
      return node->own_time;
    case TIDE_EXPLAIN_COLUMN_TOTAL_TIME:
      return node->total_time;
    case TIDE_EXPLAIN_COLUMN_PLANNED:
      return node->planned_rows;
    case TIDE_EXPLAIN_COLUMN_REAL:
      return node->real_rows;
    case TIDE_EXPLAIN_COLUMN_ESTIMATE:
      return fabs (node->misjudged);
    case TIDE_EXPLAIN_COLUMN_LOOPS:
      return node->loops;
    case TIDE_EXPLAIN_COLUMN_BUFFERS:
      return node->hit_blocks < 0 ? -1 : node->hit_blocks + MAX (node->read_blocks, 0);
    case TIDE_EXPLAIN_COLUMN_COST:
      return node->total_cost;
    default:
      return node->index;
    }
}

const char *
tide_explain_column_get_title (TideExplainColumn column)
{
  return _(titles[column]);
}
