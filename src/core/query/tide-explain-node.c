/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-explain-node"

#include "config.h"

#include <math.h>

#include "query/tide-explain-node.h"

/* A misjudgement by less is not worth a word. */
#define WORTH_MARKING 10

/* They are shown in a place of their own; the names are those of PostgreSQL's explain.c */
static const char *const shown_elsewhere[] = {
  "Node Type", "Plans", "Parent Relationship", "Subplan Name", "Strategy", "Partial Mode", "Parallel Aware", "Async Capable",
  "Join Type", "Operation", "Command", "Scan Direction", "Index Name", "Relation Name", "Schema", "Alias", "CTE Name",
  "Function Name", "Table Function Name", "Tuplestore Name", "Custom Plan Provider", "Startup Cost", "Total Cost", "Plan Rows",
  "Plan Width", "Actual Startup Time", "Actual Total Time", "Actual Rows", "Actual Loops", "Output", "Workers", "Inner Unique",
  "Disabled", "Single Copy", NULL
};

static const char *
get_string (JsonObject *object,
            const char *member)
{
  return json_object_get_string_member_with_default (object, member, "");
}

static double
get_number (JsonObject *object,
            const char *member)
{
  return json_object_get_double_member_with_default (object, member, -1);
}

char *
tide_explain_dup_value (JsonObject *object,
                        const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node == NULL || JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);
      g_autoptr(GString) text = g_string_new (NULL);

      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          JsonNode *element = json_array_get_element (array, i);

          if (!JSON_NODE_HOLDS_VALUE (element) || json_node_get_value_type (element) != G_TYPE_STRING)
            return NULL;
          g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", json_node_get_string (element));
        }
      return g_strdup (text->str);
    }
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);
  return json_to_string (node, FALSE);
}

static void
append_aggregate (GString    *title,
                  JsonObject *object)
{
  const char *strategy = get_string (object, "Strategy");
  const char *mode = get_string (object, "Partial Mode");

  if (*mode != '\0' && !g_str_equal (mode, "Simple"))
    g_string_append_printf (title, "%s ", mode);
  if (g_str_equal (strategy, "Hashed"))
    g_string_append (title, "HashAggregate");
  else if (g_str_equal (strategy, "Sorted"))
    g_string_append (title, "GroupAggregate");
  else if (g_str_equal (strategy, "Mixed"))
    g_string_append (title, "MixedAggregate");
  else
    g_string_append (title, "Aggregate");
}

/* As EXPLAIN's own text names it */
static char *
dup_title (JsonObject *object)
{
  GString *title = g_string_new (json_object_get_boolean_member_with_default (object, "Parallel Aware", FALSE) ? "Parallel " : "");
  const char *type = get_string (object, "Node Type");
  const char *join = get_string (object, "Join Type");
  const char *alias = get_string (object, "Alias");
  const char *index = get_string (object, "Index Name");
  static const char *const names[] = { "Relation Name", "CTE Name", "Function Name", "Table Function Name", "Tuplestore Name" };
  const char *name = "";

  for (guint i = 0; i < G_N_ELEMENTS (names) && *name == '\0'; i++)
    name = get_string (object, names[i]);
  if (g_str_equal (type, "Aggregate"))
    append_aggregate (title, object);
  else if (g_str_equal (type, "ModifyTable"))
    g_string_append (title, get_string (object, "Operation"));
  else if (*join != '\0' && !g_str_equal (join, "Inner"))
    g_string_append_printf (title, "%s %s Join", g_str_equal (type, "Nested Loop") ? type
                                                  : g_str_equal (type, "Hash Join") ? "Hash" : "Merge", join);
  else if (g_str_equal (type, "SetOp"))
    g_string_append_printf (title, "%sSetOp %s", g_str_equal (get_string (object, "Strategy"), "Hashed") ? "Hash" : "",
                            get_string (object, "Command"));
  else
    g_string_append (title, type);
  if (g_str_equal (get_string (object, "Scan Direction"), "Backward"))
    g_string_append (title, " Backward");
  if (*index != '\0')
    g_string_append_printf (title, " %s %s", *name != '\0' ? "using" : "on", index);
  if (*name != '\0')
    g_string_append_printf (title, " on %s", name);
  else if (*alias != '\0')
    g_string_append_printf (title, " on %s", alias);
  if (*name != '\0' && *alias != '\0' && !g_str_equal (name, alias))
    g_string_append_printf (title, " %s", alias);
  return g_string_free (title, FALSE);
}

static char *
dup_detail (JsonObject *object)
{
  g_autoptr(GList) members = json_object_get_members (object);
  GString *detail = g_string_new (NULL);

  for (GList *l = members; l != NULL; l = l->next)
    {
      const char *member = l->data;
      g_autofree char *value = NULL;

      if (g_strv_contains (shown_elsewhere, member) || g_str_has_suffix (member, " Blocks")
          || g_str_has_suffix (member, "I/O Read Time") || g_str_has_suffix (member, "I/O Write Time"))
        continue;
      value = tide_explain_dup_value (object, member);
      if (value != NULL)
        g_string_append_printf (detail, "%s%s: %s", detail->len > 0 ? "\n" : "", member, value);
    }
  return g_string_free (detail, FALSE);
}

static double
get_blocks (JsonObject *object,
            const char *what)
{
  g_autofree char *shared = g_strdup_printf ("Shared %s Blocks", what);
  g_autofree char *local = g_strdup_printf ("Local %s Blocks", what);

  if (!json_object_has_member (object, shared))
    return -1;
  return get_number (object, shared) + MAX (get_number (object, local), 0);
}

static void
read_blocks (TideExplainNode *self,
             JsonObject      *object)
{
  self->hit_blocks = get_blocks (object, "Hit");
  self->read_blocks = get_blocks (object, "Read");
  self->dirtied_blocks = get_blocks (object, "Dirtied");
  self->written_blocks = get_blocks (object, "Written");
  self->temp_blocks = json_object_has_member (object, "Temp Read Blocks")
                      ? get_number (object, "Temp Read Blocks") + MAX (get_number (object, "Temp Written Blocks"), 0) : -1;
}

static void
read_measures (TideExplainNode *self,
               JsonObject      *object,
               double           divisor)
{
  static const char *const removed[] = {
    "Rows Removed by Filter", "Rows Removed by Join Filter", "Rows Removed by Index Recheck",
  };
  double real, planned;

  self->loops = get_number (object, "Actual Loops");
  self->real_rows = get_number (object, "Actual Rows");
  self->total_time = self->own_time = self->removed_rows = -1;
  self->misjudged = 1;
  self->never_executed = self->loops == 0;
  if (self->loops < 0)
    return;
  if (json_object_has_member (object, "Actual Total Time"))
    self->total_time = self->own_time = get_number (object, "Actual Total Time") * self->loops / divisor;
  self->removed_rows = 0;
  for (guint i = 0; i < G_N_ELEMENTS (removed); i++)
    self->removed_rows += MAX (get_number (object, removed[i]), 0) * self->loops;
  if (self->never_executed)
    return;
  real = MAX (self->real_rows, 1);
  planned = MAX (self->planned_rows, 1);
  self->misjudged = real >= planned ? real / planned : -planned / real;
  if (self->misjudged == -1)
    self->misjudged = 1;
}

static const char *
read_relationship (JsonObject   *object,
                   GStringChunk *texts)
{
  const char *name = get_string (object, "Subplan Name");
  const char *relationship = get_string (object, "Parent Relationship");

  if (*name != '\0')
    return g_string_chunk_insert (texts, name);
  return g_str_equal (relationship, "InitPlan") || g_str_equal (relationship, "SubPlan")
         ? g_string_chunk_insert (texts, relationship) : NULL;
}

static void
read_children (TideExplainNode *self,
               JsonObject      *object,
               double           divisor,
               GPtrArray       *nodes,
               GStringChunk    *texts)
{
  JsonNode *node = json_object_get_member (object, "Plans");
  JsonArray *plans = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  double workers = get_number (object, "Workers Launched");

  for (guint i = 0; plans != NULL && i < json_array_get_length (plans); i++)
    {
      JsonNode *plan = json_array_get_element (plans, i);
      TideExplainNode *child;

      if (!JSON_NODE_HOLDS_OBJECT (plan))
        continue;
      /* Below a Gather each of its processes runs the plan at the same time */
      child = tide_explain_node_read (json_node_get_object (plan), self, workers > 0 ? workers + 1 : divisor, nodes, texts);
      g_ptr_array_add (self->children, child);
      self->own_cost = MAX (self->own_cost - child->total_cost, 0);
      if (self->own_time >= 0 && child->total_time > 0)
        self->own_time = MAX (self->own_time - child->total_time, 0);
    }
}

TideExplainNode *
tide_explain_node_read (JsonObject      *object,
                        TideExplainNode *parent,
                        double           divisor,
                        GPtrArray       *nodes,
                        GStringChunk    *texts)
{
  TideExplainNode *self = g_new0 (TideExplainNode, 1);
  g_autofree char *title = dup_title (object);
  g_autofree char *detail = dup_detail (object);

  self->title = g_string_chunk_insert (texts, title);
  self->detail = g_string_chunk_insert (texts, detail);
  self->relationship = read_relationship (object, texts);
  self->parent = parent;
  self->depth = parent ? parent->depth + 1 : 0;
  self->index = nodes->len;
  self->children = g_ptr_array_new ();
  self->startup_cost = get_number (object, "Startup Cost");
  self->total_cost = self->own_cost = get_number (object, "Total Cost");
  self->planned_rows = get_number (object, "Plan Rows");
  self->planned_width = get_number (object, "Plan Width");
  read_measures (self, object, divisor);
  read_blocks (self, object);
  g_ptr_array_add (nodes, self);
  read_children (self, object, divisor, nodes, texts);
  return self;
}

void
tide_explain_node_free (TideExplainNode *self)
{
  g_ptr_array_unref (self->children);
  g_free (self);
}

void
tide_explain_nodes_mark (GPtrArray *nodes,
                         gboolean   analyzed)
{
  TideExplainNode *dearest = NULL;
  TideExplainNode *worst = NULL;
  double whole = 0;

  for (guint i = 0; i < nodes->len; i++)
    {
      TideExplainNode *node = g_ptr_array_index (nodes, i);

      node->share = MAX (analyzed && node->own_time >= 0 ? node->own_time : analyzed ? 0 : node->own_cost, 0);
      whole += node->share;
    }
  for (guint i = 0; i < nodes->len; i++)
    {
      TideExplainNode *node = g_ptr_array_index (nodes, i);

      node->share = whole > 0 ? node->share / whole : 0;
      if (dearest == NULL || node->share > dearest->share)
        dearest = node;
      if (fabs (node->misjudged) >= WORTH_MARKING && (worst == NULL || fabs (node->misjudged) > fabs (worst->misjudged)))
        worst = node;
    }
  if (dearest != NULL && dearest->share > 0)
    dearest->most_expensive = TRUE;
  if (worst != NULL)
    worst->worst_estimate = TRUE;
}
