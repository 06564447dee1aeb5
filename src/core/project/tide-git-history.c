/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-git-history"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "project/tide-git-history.h"

#define MAX_MOVES 8

typedef struct
{
  /* Borrowed */
  git_repository *repository;
  TideGitAdded    added;
  gpointer        user_data;

  /* Owned */
  GPtrArray      *paths;   /* where the folder is and, as the walk finds out, was */
  GHashTable     *trees;   /* commit -> the folder's tree in it, zero for none */
  GHashTable     *seen;    /* commits that are or were queued; owns the keys of both tables */
  GQueue          queue;   /* of commits in @seen */
} Walk;

static guint
oid_hash (gconstpointer oid)
{
  guint hash;

  memcpy (&hash, oid, sizeof hash);
  return hash;
}

static gboolean
oid_equal (gconstpointer a,
           gconstpointer b)
{
  return git ()->git_oid_equal (a, b);
}

static gpointer
oid_copy (const git_oid *oid)
{
  return g_memdup2 (oid, sizeof *oid);
}

/* Puts the folder's tree at @commit into @oid; zero where there is none */
static void
read_folder (Walk       *self,
             git_commit *commit,
             git_oid    *oid)
{
  g_autoptr(git_tree) root = NULL;

  memset (oid, 0, sizeof *oid);
  if (git ()->git_commit_tree (&root, commit) < 0)
    return;
  for (guint i = 0; i < self->paths->len; i++)
    {
      const char *path = g_ptr_array_index (self->paths, i);
      g_autoptr(git_tree_entry) entry = NULL;

      if (*path == '\0')
        {
          git ()->git_oid_cpy (oid, git ()->git_tree_id (root));
          return;
        }
      if (git ()->git_tree_entry_bypath (&entry, root, path) == 0 && git ()->git_tree_entry_type (entry) == GIT_OBJECT_TREE)
        {
          git ()->git_oid_cpy (oid, git ()->git_tree_entry_id (entry));
          return;
        }
    }
}

static const git_oid *
get_folder (Walk       *self,
            git_commit *commit)
{
  git_oid *oid = g_hash_table_lookup (self->trees, git ()->git_commit_id (commit));

  if (oid == NULL)
    {
      oid = g_new0 (git_oid, 1);
      read_folder (self, commit, oid);
      g_hash_table_insert (self->trees, oid_copy (git ()->git_commit_id (commit)), oid);
    }
  return oid;
}

typedef struct
{
  git_repository *repository;
  git_tree       *folder;   /* what moved */
  const char     *name;     /* its last part */
  char           *found;    /* (nullable) */
} Search;

static int
visit_tree (const char           *root,
            const git_tree_entry *entry,
            void                 *data)
{
  Search *self = data;
  g_autoptr(git_tree) tree = NULL;

  if (git ()->git_tree_entry_type (entry) != GIT_OBJECT_TREE || strcmp (git ()->git_tree_entry_name (entry), "node_modules") == 0)
    return 1;
  if (strcmp (git ()->git_tree_entry_name (entry), self->name) != 0
      || git ()->git_tree_lookup (&tree, self->repository, git ()->git_tree_entry_id (entry)) < 0)
    return 0;
  for (gsize i = 0; i < git ()->git_tree_entrycount (tree); i++)
    {
      const git_tree_entry *old = git ()->git_tree_entry_byindex (tree, i);
      const git_tree_entry *same = git ()->git_tree_entry_byname (self->folder, git ()->git_tree_entry_name (old));

      if (same != NULL && git ()->git_tree_entry_type (same) == GIT_OBJECT_TREE
          && git ()->git_oid_equal (git ()->git_tree_entry_id (same), git ()->git_tree_entry_id (old)))
        {
          self->found = g_strconcat (root, self->name, NULL);
          return -1;
        }
    }
  return 1;
}

/* The folder was not in @parent under any known name: perhaps @commit moved it here. TRUE: one more name is known */
static gboolean
find_move (Walk          *self,
           const git_oid *folder,
           git_commit    *parent)
{
  g_autofree char *name = g_path_get_basename (g_ptr_array_index (self->paths, 0));
  Search search = { .repository = self->repository, .name = name };
  g_autoptr(git_tree) tree = NULL;
  g_autoptr(git_tree) root = NULL;

  if (self->paths->len >= MAX_MOVES || git ()->git_tree_lookup (&tree, self->repository, folder) < 0
      || git ()->git_commit_tree (&root, parent) < 0)
    return FALSE;
  search.folder = tree;
  git ()->git_tree_walk (root, GIT_TREEWALK_PRE, visit_tree, &search);
  if (search.found == NULL)
    return FALSE;
  g_ptr_array_add (self->paths, search.found);
  return TRUE;
}

static gboolean
any_has (GPtrArray  *trees,
         const char *name)
{
  for (guint i = 0; i < trees->len; i++)
    if (git ()->git_tree_entry_byname (g_ptr_array_index (trees, i), name) != NULL)
      return TRUE;
  return FALSE;
}

static void
tell_added (Walk          *self,
            git_commit    *commit,
            const git_oid *folder,
            GPtrArray     *before)
{
  g_autoptr(git_tree) tree = NULL;

  if (git ()->git_tree_lookup (&tree, self->repository, folder) < 0)
    return;
  for (gsize i = 0; i < git ()->git_tree_entrycount (tree); i++)
    {
      const git_tree_entry *entry = git ()->git_tree_entry_byindex (tree, i);

      if (git ()->git_tree_entry_type (entry) == GIT_OBJECT_TREE && !any_has (before, git ()->git_tree_entry_name (entry)))
        self->added (git ()->git_tree_entry_name (entry), commit, self->user_data);
    }
}

static void
enqueue (Walk          *self,
         const git_oid *oid)
{
  gpointer copy;

  if (g_hash_table_contains (self->seen, oid))
    return;
  copy = oid_copy (oid);
  g_hash_table_add (self->seen, copy);
  g_queue_push_tail (&self->queue, copy);
}

static void
visit_commit (Walk       *self,
              git_commit *commit)
{
  g_autoptr(GPtrArray) before = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_git_tree_free);
  git_oid folder = *get_folder (self, commit);
  gboolean known = TRUE, same = FALSE;

  for (guint i = 0; i < git ()->git_commit_parentcount (commit); i++)
    {
      g_autoptr(git_commit) parent = NULL;
      g_autoptr(git_tree) tree = NULL;
      git_oid old;

      if (git ()->git_commit_parent (&parent, commit, i) < 0)
        {
          known = FALSE;
          continue;
        }
      enqueue (self, git ()->git_commit_id (parent));
      if (git ()->git_oid_is_zero (&folder))
        continue;
      old = *get_folder (self, parent);
      if (git ()->git_oid_is_zero (&old) && find_move (self, &folder, parent))
        {
          g_hash_table_remove (self->trees, git ()->git_commit_id (parent));
          old = *get_folder (self, parent);
        }
      same = same || git ()->git_oid_equal (&old, &folder);
      if (!same && !git ()->git_oid_is_zero (&old) && git ()->git_tree_lookup (&tree, self->repository, &old) == 0)
        g_ptr_array_add (before, g_steal_pointer (&tree));
    }

  /* Where the clone is cut off, nobody knows what the first commit brought */
  if (known && !same && !git ()->git_oid_is_zero (&folder))
    tell_added (self, commit, &folder, before);
}

static gboolean
walk (Walk          *self,
      GCancellable  *cancellable,
      GError       **error)
{
  const git_oid *oid;

  while ((oid = g_queue_pop_head (&self->queue)) != NULL)
    {
      g_autoptr(git_commit) commit = NULL;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (git ()->git_commit_lookup (&commit, self->repository, oid) == 0)
        visit_commit (self, commit);
      g_hash_table_remove (self->trees, oid);
    }
  return TRUE;
}

gboolean
tide_git_history_walk (git_repository  *repository,
                       const char      *path,
                       TideGitAdded     added,
                       gpointer         user_data,
                       GCancellable    *cancellable,
                       GError         **error)
{
  Walk self = { .repository = repository, .added = added, .user_data = user_data };
  g_autoptr(git_reference) head = NULL;
  gboolean done = TRUE;

  if (git ()->git_repository_head (&head, repository) < 0)
    return TRUE;

  self.paths = g_ptr_array_new_with_free_func (g_free);
  self.trees = g_hash_table_new_full (oid_hash, oid_equal, g_free, g_free);
  self.seen = g_hash_table_new_full (oid_hash, oid_equal, g_free, NULL);
  g_ptr_array_add (self.paths, g_strdup (path));
  if (git ()->git_reference_target (head) != NULL)
    enqueue (&self, git ()->git_reference_target (head));
  done = walk (&self, cancellable, error);

  g_queue_clear (&self.queue);
  g_hash_table_unref (self.trees);
  g_hash_table_unref (self.seen);
  g_ptr_array_unref (self.paths);
  return done;
}

/* (transfer full) (nullable): @path below @top; both with links resolved, for git tells its own so */
static char *
dup_relative (const char *path,
              const char *top)
{
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  char *real_parent = realpath (parent, NULL);
  char *real_top = realpath (top, NULL);
  char *relative = NULL;

  if (real_parent != NULL && real_top != NULL && g_str_has_prefix (real_parent, real_top))
    {
      const char *rest = real_parent + strlen (real_top);

      if (*rest == '\0')
        relative = g_strdup (name);
      else if (*rest == '/')
        relative = g_strconcat (rest + 1, "/", name, NULL);
    }
  free (real_parent);
  free (real_top);
  return relative;
}

/**
 * tide_git_history_open:
 * @root: a folder
 * @path: a file or folder
 * @relative: (out) (nullable): @path as it is below the repository's top; %NULL where it is not
 *
 * Returns: (transfer full) (nullable): the repository around @root
 */
git_repository *
tide_git_history_open (const char  *root,
                       const char  *path,
                       char       **relative)
{
  g_autoptr (GError) error = NULL;
  git_repository *repository = NULL;

  *relative = NULL;
  if (tide_libgit2_get (&error) == NULL)
    {
      g_warning ("%s", error->message);
      return NULL;
    }
  if (git ()->git_repository_open_ext (&repository, root, 0, NULL) < 0)
    {
      g_debug ("no repository: %s", git ()->git_error_last () ? git ()->git_error_last ()->message : "");
      return NULL;
    }
  if (git ()->git_repository_workdir (repository) != NULL)
    *relative = dup_relative (path, git ()->git_repository_workdir (repository));
  return repository;
}
