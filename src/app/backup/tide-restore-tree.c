/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-tree"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-restore-tree.h"

/* In the order in which they are shown; what is not named comes last, under the tool's own word for it */
static const struct
{
  const char *kind;
  const char *word;
} groups[] = {
  { "TABLE", N_("Tables") },
  { "VIEW", N_("Views") },
  { "MATERIALIZED VIEW", N_("Materialized Views") },
  { "FOREIGN TABLE", N_("Foreign Tables") },
  { "SEQUENCE", N_("Sequences") },
  { "TYPE", N_("Types") },
  { "DOMAIN", N_("Domains") },
  { "FUNCTION", N_("Functions") },
  { "PROCEDURE", N_("Procedures") },
  { "AGGREGATE", N_("Aggregates") },
  { "EXTENSION", N_("Extensions") },
  { "DEFAULT ACL", N_("Default Privileges") },
  { "BLOB", N_("Large Objects") },
  { "BLOB METADATA", N_("Large Objects") },
};

/* They come with what they belong to. */
static const char *const parts[] = {
  "TABLE DATA", "MATERIALIZED VIEW DATA", "DEFAULT", "CONSTRAINT", "CHECK CONSTRAINT", "FK CONSTRAINT", "INDEX",
  "INDEX ATTACH", "TABLE ATTACH", "TRIGGER", "RULE", "POLICY", "ROW SECURITY", "STATISTICS", "STATISTICS DATA",
  "SEQUENCE OWNED BY", "SEQUENCE SET", "COMMENT", "ACL", "SECURITY LABEL", "SCHEMA", "BLOB COMMENTS",
  "BLOBS", NULL
};

static guint
find_group (const char *kind)
{
  guint i = 0;

  while (i < G_N_ELEMENTS (groups) && !g_str_equal (groups[i].kind, kind))
    i++;
  return i;
}

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const TideTocEntry *left = *(const TideTocEntry *const *) a;
  const TideTocEntry *right = *(const TideTocEntry *const *) b;
  int order = g_strcmp0 (left->schema, right->schema);

  if (order == 0)
    order = (int) find_group (left->kind) - (int) find_group (right->kind);
  if (order == 0)
    order = g_strcmp0 (left->kind, right->kind);
  return order != 0 ? order : g_strcmp0 (left->name, right->name);
}

/* Rows without their table (data only) stand for it. */
static gboolean
has_tables (GPtrArray *toc)
{
  for (guint i = 0; i < toc->len; i++)
    if (g_str_equal (((const TideTocEntry *) g_ptr_array_index (toc, i))->kind, "TABLE"))
      return TRUE;
  return FALSE;
}

static GPtrArray *
list_choices (GPtrArray *toc)
{
  GPtrArray *choices = g_ptr_array_new ();
  gboolean whole = has_tables (toc);

  for (guint i = 0; i < toc->len; i++)
    {
      const TideTocEntry *entry = g_ptr_array_index (toc, i);

      if (!g_strv_contains (parts, entry->kind) || (!whole && g_str_equal (entry->kind, "TABLE DATA")))
        g_ptr_array_add (choices, (gpointer) entry);
    }
  g_ptr_array_sort (choices, compare_entries);
  return choices;
}

static TideCheckNode *
create_group (GPtrArray *choices,
              guint     *position)
{
  const TideTocEntry *first = g_ptr_array_index (choices, *position);
  guint group = find_group (first->kind);
  TideCheckNode *self = tide_check_node_new (group < G_N_ELEMENTS (groups) ? _(groups[group].word) : first->kind,
                                             NULL, NULL);

  for (; *position < choices->len; (*position)++)
    {
      const TideTocEntry *entry = g_ptr_array_index (choices, *position);
      g_autofree char *key = g_strdup_printf ("#%d", entry->id);
      g_autoptr(TideCheckNode) leaf = NULL;

      if (!g_str_equal (entry->kind, first->kind) || g_strcmp0 (entry->schema, first->schema) != 0)
        break;
      leaf = tide_check_node_new (entry->name, entry->owner, key);
      tide_check_node_append (self, leaf);
    }
  return self;
}

TideCheckNode *
tide_restore_tree_new (GPtrArray *toc)
{
  TideCheckNode *root = tide_check_node_new (NULL, NULL, NULL);
  g_autoptr(GPtrArray) choices = list_choices (toc);
  guint position = 0;

  while (position < choices->len)
    {
      const TideTocEntry *first = g_ptr_array_index (choices, position);
      g_autoptr(TideCheckNode) schema = tide_check_node_new (first->schema ? first->schema : _("Of the Database"), NULL, NULL);
      const TideTocEntry *next = first;

      while (next != NULL && g_strcmp0 (next->schema, first->schema) == 0)
        {
          g_autoptr(TideCheckNode) group = create_group (choices, &position);

          tide_check_node_append (schema, group);
          next = position < choices->len ? g_ptr_array_index (choices, position) : NULL;
        }
      tide_check_node_append (root, schema);
    }
  tide_check_node_set_active (root, TRUE);
  return root;
}
