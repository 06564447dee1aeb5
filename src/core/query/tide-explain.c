/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-explain"

#include "config.h"

#include <string.h>

#include "query/tide-explain-node.h"
#include "query/tide-explain-private.h"
#include "tide-error.h"
#include "tide-json.h"

struct _TideExplain
{
  gatomicrefcount  ref_count;

  char            *raw;
  char            *extras;
  GPtrArray       *nodes;
  GStringChunk    *texts;
  double           planning_time;
  double           execution_time;
  gboolean         analyzed;
  gboolean         rolled_back;
};

G_DEFINE_BOXED_TYPE (TideExplain, tide_explain, tide_explain_ref, tide_explain_unref)

static void
node_free (gpointer data)
{
  tide_explain_node_free (data);
}

static void
append_triggers (GString    *text,
                 JsonObject *top)
{
  JsonNode *node = json_object_get_member (top, "Triggers");
  JsonArray *triggers = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; triggers != NULL && i < json_array_get_length (triggers); i++)
    {
      JsonNode *element = json_array_get_element (triggers, i);
      JsonObject *trigger = JSON_NODE_HOLDS_OBJECT (element) ? json_node_get_object (element) : NULL;

      if (trigger != NULL)
        g_string_append_printf (text, "Trigger %s on %s: %.3f ms, %.0f calls\n",
                                json_object_get_string_member_with_default (trigger, "Trigger Name", ""),
                                json_object_get_string_member_with_default (trigger, "Relation", ""),
                                json_object_get_double_member_with_default (trigger, "Time", 0),
                                json_object_get_double_member_with_default (trigger, "Calls", 0));
    }
}

static void
append_jit (GString    *text,
            JsonObject *top)
{
  JsonNode *node = json_object_get_member (top, "JIT");
  JsonNode *timing = node != NULL && JSON_NODE_HOLDS_OBJECT (node)
                     ? json_object_get_member (json_node_get_object (node), "Timing") : NULL;

  if (timing != NULL && JSON_NODE_HOLDS_OBJECT (timing))
    g_string_append_printf (text, "JIT: %.3f ms\n",
                            json_object_get_double_member_with_default (json_node_get_object (timing), "Total", 0));
}

static JsonObject *
find_top (JsonParser *parser)
{
  JsonNode *root = json_parser_get_root (parser);
  JsonArray *array = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;
  JsonNode *first = array != NULL && json_array_get_length (array) > 0 ? json_array_get_element (array, 0) : NULL;
  JsonObject *top = first != NULL && JSON_NODE_HOLDS_OBJECT (first) ? json_node_get_object (first) : NULL;
  JsonNode *plan = top != NULL ? json_object_get_member (top, "Plan") : NULL;

  return plan != NULL && JSON_NODE_HOLDS_OBJECT (plan) ? top : NULL;
}

/**
 * tide_explain_parse:
 * @json: what EXPLAIN (FORMAT JSON) answered
 * @size: its bytes; -1: NUL-terminated
 *
 * Returns: (transfer full): INVALID for what is no such answer
 */
TideExplain *
tide_explain_parse (const char  *json,
                    gssize       size,
                    GError     **error)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autoptr(GString) extras = g_string_new (NULL);
  gsize length = size < 0 ? strlen (json) : (gsize) size;
  JsonObject *top = NULL;
  TideExplain *self;

  if (tide_json_load (parser, json, length, NULL))
    top = find_top (parser);
  if (top == NULL)
    {
      tide_set_error (error, TIDE_ERROR_INVALID, "The server's answer to EXPLAIN (FORMAT JSON) was expected.",
                      "this is no plan");
      return NULL;
    }

  self = g_new0 (TideExplain, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->raw = g_strndup (json, length);
  self->texts = g_string_chunk_new (1024);
  self->nodes = g_ptr_array_new_with_free_func (node_free);
  tide_explain_node_read (json_object_get_object_member (top, "Plan"), NULL, 1, self->nodes, self->texts);
  self->planning_time = json_object_get_double_member_with_default (top, "Planning Time", -1);
  self->execution_time = json_object_get_double_member_with_default (top, "Execution Time", -1);
  self->analyzed = tide_explain_get_root (self)->loops >= 0;
  tide_explain_nodes_mark (self->nodes, self->analyzed);
  append_triggers (extras, top);
  append_jit (extras, top);
  self->extras = g_strchomp (g_strdup (extras->str));
  return self;
}

TideExplain *
tide_explain_ref (TideExplain *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_explain_unref (TideExplain *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->nodes);
  g_string_chunk_free (self->texts);
  g_free (self->extras);
  g_free (self->raw);
  g_free (self);
}

const TideExplainNode *
tide_explain_get_root (const TideExplain *self)
{
  return g_ptr_array_index (self->nodes, 0);
}

guint
tide_explain_get_n_nodes (const TideExplain *self)
{
  return self->nodes->len;
}

const TideExplainNode *
tide_explain_get_node (const TideExplain *self,
                       guint              index)
{
  return g_ptr_array_index (self->nodes, index);
}

gboolean
tide_explain_is_analyzed (const TideExplain *self)
{
  return self->analyzed;
}

gboolean
tide_explain_is_rolled_back (const TideExplain *self)
{
  return self->rolled_back;
}

void
tide_explain_set_rolled_back (TideExplain *self)
{
  self->rolled_back = TRUE;
}

/* Whether a node of the plan writes rows: EXPLAIN knows it of a WITH x AS (DELETE ...), too */
gboolean
tide_explain_changes_data (const TideExplain *self)
{
  static const char *const operations[] = { "Insert on", "Update on", "Delete on", "Merge on" };

  for (guint i = 0; i < self->nodes->len; i++)
    for (guint j = 0; j < G_N_ELEMENTS (operations); j++)
      if (g_str_has_prefix (tide_explain_get_node (self, i)->title, operations[j]))
        return TRUE;
  return FALSE;
}

double
tide_explain_get_planning_time (const TideExplain *self)
{
  return self->planning_time;
}

double
tide_explain_get_execution_time (const TideExplain *self)
{
  return self->execution_time;
}

const char *
tide_explain_get_extras (const TideExplain *self)
{
  return self->extras;
}

const char *
tide_explain_get_raw (const TideExplain *self)
{
  return self->raw;
}

static void
append_node (GString               *text,
             const TideExplainNode *node)
{
  int indent = node->depth == 0 ? 0 : (int) node->depth * 6 - 4;
  g_auto(GStrv) lines = g_strsplit (node->detail, "\n", -1);

  if (node->relationship != NULL)
    g_string_append_printf (text, "%*s%s\n", indent, "", node->relationship);
  g_string_append_printf (text, "%*s%s%s  (cost=%.2f..%.2f rows=%.0f width=%.0f)", indent, "", node->depth > 0 ? "->  " : "",
                          node->title, node->startup_cost, node->total_cost, node->planned_rows, node->planned_width);
  if (node->never_executed)
    g_string_append (text, " (never executed)");
  else if (node->loops > 0)
    g_string_append_printf (text, " (actual time=%.3f ms rows=%.0f loops=%.0f)", node->total_time, node->real_rows, node->loops);
  g_string_append_c (text, '\n');
  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (text, "%*s%s\n", node->depth == 0 ? 2 : indent + 6, "", lines[i]);
  if (node->hit_blocks > 0 || node->read_blocks > 0)
    g_string_append_printf (text, "%*sBuffers: hit=%.0f read=%.0f\n", node->depth == 0 ? 2 : indent + 6, "", node->hit_blocks,
                            node->read_blocks);
}

char *
tide_explain_dup_text (const TideExplain *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->nodes->len; i++)
    append_node (text, g_ptr_array_index (self->nodes, i));
  if (self->planning_time >= 0)
    g_string_append_printf (text, "Planning Time: %.3f ms\n", self->planning_time);
  if (*self->extras != '\0')
    g_string_append_printf (text, "%s\n", self->extras);
  if (self->execution_time >= 0)
    g_string_append_printf (text, "Execution Time: %.3f ms\n", self->execution_time);
  return g_string_free (text, FALSE);
}
