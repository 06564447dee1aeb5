/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-diagnose-files"

#include "config.h"

#include "health/tide-diagnosis-private.h"
#include "sql/tide-sql-lexer.h"

/* (transfer full) (nullable): what is alike when two migrations are the same in that way */
typedef char *(*KeyFunc) (TideMigration *migration);

static gsize
count_digits (const char *name)
{
  return strspn (name, G_CSET_DIGITS);
}

static char *
dup_title_key (TideMigration *migration)
{
  const char *name = tide_migration_get_name (migration);
  gsize n = count_digits (name);

  return n == 14 && name[n] == '_' && name[n + 1] != '\0' ? g_strdup (name + n + 1) : NULL;
}

static char *
dup_time_key (TideMigration *migration)
{
  const char *name = tide_migration_get_name (migration);

  return count_digits (name) == 14 ? g_strndup (name, 14) : NULL;
}

/* Files without a statement are all alike, and nobody's mistake. */
static char *
dup_text_key (TideMigration *migration)
{
  const char *sql = tide_migration_get_sql (migration);
  g_autoptr(GArray) statements = sql ? tide_sql_split (sql, tide_migration_get_sql_size (migration)) : NULL;

  return statements != NULL && statements->len > 0 ? g_strdup (tide_migration_get_checksum (migration)) : NULL;
}

/* (transfer full): key -> migrations, in their order; only those that are not alone */
static GHashTable *
group (GPtrArray *migrations,
       KeyFunc    dup_key)
{
  GHashTable *groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  GHashTableIter iter;
  gpointer members;

  for (guint i = 0; i < migrations->len; i++)
    {
      g_autofree char *key = dup_key (g_ptr_array_index (migrations, i));
      GPtrArray *members_of = key ? g_hash_table_lookup (groups, key) : NULL;

      if (key == NULL)
        continue;
      if (members_of == NULL)
        {
          members_of = g_ptr_array_new ();
          g_hash_table_insert (groups, g_steal_pointer (&key), members_of);
        }
      g_ptr_array_add (members_of, g_ptr_array_index (migrations, i));
    }
  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, NULL, &members))
    if (((GPtrArray *) members)->len < 2)
      g_hash_table_iter_remove (&iter);
  return groups;
}

static char *
join_names (GPtrArray *migrations)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < migrations->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " = " : "", tide_migration_get_name (g_ptr_array_index (migrations, i)));
  return g_string_free (text, FALSE);
}

/* Where there are several groups, each way says which it is about. */
static void
add_group (TideDiagnosis *self,
           GPtrArray     *members,
           const char    *way,
           gboolean       alone)
{
  g_autofree char *names = join_names (members);
  g_autofree char *description = alone ? g_strdup (way) : g_strdup_printf ("%s: %s", names, way);

  tide_diagnosis_add_way (self, TIDE_HEALTH_ACTION_SHOW_TIMELINE, tide_migration_get_name (g_ptr_array_index (members, members->len - 1)),
                          _("Show in the Timeline"), description);
  tide_diagnosis_take_evidence (self, g_steal_pointer (&names));
}

static void
diagnose_alike (TideDiagnoseWork *work,
                KeyFunc           dup_key,
                const char       *id,
                const char       *title,
                const char       *explanation,
                const char       *way)
{
  g_autoptr(GHashTable) groups = group (tide_project_get_migrations (work->project), dup_key);
  g_autoptr(GList) keys = g_list_sort (g_hash_table_get_keys (groups), (GCompareFunc) g_strcmp0);
  TideDiagnosis *self;

  if (keys == NULL)
    return;
  self = tide_diagnosis_new (id, g_strdup (title), explanation);
  for (GList *key = keys; key != NULL; key = key->next)
    add_group (self, g_hash_table_lookup (groups, key->data), way, keys->next == NULL);
  g_ptr_array_add (work->found, self);
}

void
tide_diagnose_files (TideDiagnoseWork *work)
{
  diagnose_alike (work, dup_text_key, "duplicate-content", _("Migrations with the same content"),
                  _("The same SQL stands in more than one folder: made twice, or copied in a merge. The second one fails where the "
                    "first one has made everything"),
                  _("Delete the folder that no database has; mark it as applied where one has it"));
  diagnose_alike (work, dup_time_key, "duplicate-timestamp", _("Migrations with the same timestamp"),
                  _("Which of them runs first is left to the rest of their names, which is nobody's intention"),
                  _("Give the one that is applied nowhere a later timestamp, if the order matters"));
  diagnose_alike (work, dup_title_key, "duplicate-name", _("Migrations with the same name"),
                  _("Two folders differ by their timestamps alone. Often one was made again after a conflict, and does the same"),
                  _("Compare the two; delete the one that no database has, if it does the same, else name it by what it does"));
}
