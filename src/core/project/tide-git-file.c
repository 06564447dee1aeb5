/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-git-file"

#include "config.h"

#include "project/tide-checksum.h"
#include "project/tide-git-file.h"
#include "project/tide-git-history.h"

/* Further back nobody's migration is still being argued about. */
#define MAX_COMMITS 5000
#define HASH_SHOWN  10

void
tide_git_file_free (TideGitFile *self)
{
  g_free (self->id);
  g_free (self->commit);
  g_free (self->branch);
  g_free (self->text);
  g_free (self);
}

/* The blob at @path in @commit */
static gboolean
find_blob (git_commit *commit,
           const char *path,
           git_oid    *id)
{
  g_autoptr(git_tree) tree = NULL;
  g_autoptr(git_tree_entry) entry = NULL;

  if (git ()->git_commit_tree (&tree, commit) < 0 || git ()->git_tree_entry_bypath (&entry, tree, path) < 0 ||
      git ()->git_tree_entry_type (entry) != GIT_OBJECT_BLOB)
    return FALSE;
  git ()->git_oid_cpy (id, git ()->git_tree_entry_id (entry));
  return TRUE;
}

static TideGitFile *
file_new (git_repository *repository,
          const git_oid  *id,
          git_commit     *commit,
          const char     *checksum)
{
  g_autoptr(git_blob) blob = NULL;
  char hash[GIT_OID_HEXSZ + 1];
  TideGitFile *self;

  if (git ()->git_blob_lookup (&blob, repository, id) < 0 ||
      (checksum != NULL && !tide_checksum_matches (git ()->git_blob_rawcontent (blob), git ()->git_blob_rawsize (blob), checksum)))
    return NULL;
  self = g_new0 (TideGitFile, 1);
  self->id = g_strdup (git ()->git_oid_tostr (hash, sizeof hash, id));
  self->commit = g_strndup (git ()->git_oid_tostr (hash, sizeof hash, git ()->git_commit_id (commit)), HASH_SHOWN);
  self->size = git ()->git_blob_rawsize (blob);
  self->text = g_strndup (git ()->git_blob_rawcontent (blob), self->size);
  return self;
}

/* A branch, not the one that is checked out, which has the content now */
static char *
dup_branch (git_repository *repository,
            const char     *path,
            const char     *content)
{
  git_branch_iterator *iter = NULL;
  git_reference *reference = NULL;
  git_branch_t type;
  char *found = NULL;

  if (git ()->git_branch_iterator_new (&iter, repository, GIT_BRANCH_ALL) < 0)
    return NULL;
  while (found == NULL && git ()->git_branch_next (&reference, &type, iter) == 0)
    {
      g_autoptr(git_object) object = NULL;
      const char *name = NULL;
      char hash[GIT_OID_HEXSZ + 1];
      git_oid id;

      if (git ()->git_branch_is_head (reference) == 0 && git ()->git_reference_peel (&object, reference, GIT_OBJECT_COMMIT) == 0 &&
          find_blob ((git_commit *) object, path, &id) && g_str_equal (git ()->git_oid_tostr (hash, sizeof hash, &id), content) &&
          git ()->git_branch_name (&name, reference) == 0)
        found = g_strdup (name);
      git ()->git_reference_free (reference);
    }
  git ()->git_branch_iterator_free (iter);
  return found;
}

TideGitFile *
tide_git_file_find (TideProject   *project,
                    const char    *name,
                    const char    *checksum,
                    GCancellable  *cancellable)
{
  g_autofree char *folder = NULL;
  g_autofree char *path = NULL;
  g_autoptr(git_repository) repository = NULL;
  g_autoptr(git_revwalk) walk = NULL;
  TideGitFile *found = NULL;
  git_oid last = { { 0 } };
  git_oid next;

  g_return_val_if_fail (TIDE_IS_PROJECT (project) && name != NULL, NULL);

  repository = tide_git_history_open (tide_project_get_root (project), tide_project_get_migrations_dir (project), &folder);
  if (folder == NULL || git ()->git_revwalk_new (&walk, repository) < 0)
    return NULL;
  path = g_build_path ("/", folder, name, "migration.sql", NULL);
  git ()->git_revwalk_sorting (walk, GIT_SORT_TIME);
  git ()->git_revwalk_push_head (walk);
  git ()->git_revwalk_push_glob (walk, "refs/heads/*");
  git ()->git_revwalk_push_glob (walk, "refs/remotes/*");
  for (guint i = 0; found == NULL && i < MAX_COMMITS && git ()->git_revwalk_next (&next, walk) == 0; i++)
    {
      g_autoptr(git_commit) commit = NULL;
      git_oid id;

      if (g_cancellable_is_cancelled (cancellable))
        break;
      if (git ()->git_commit_lookup (&commit, repository, &next) < 0 || !find_blob (commit, path, &id)
          || git ()->git_oid_equal (&id, &last))
        continue;
      git ()->git_oid_cpy (&last, &id);
      found = file_new (repository, &id, commit, checksum);
    }
  if (found != NULL)
    found->branch = dup_branch (repository, path, found->id);
  return found;
}

GBytes *
tide_git_file_load (TideProject *project,
                    const char  *id)
{
  g_autofree char *folder = NULL;
  g_autoptr(git_repository) repository = NULL;
  g_autoptr(git_blob) blob = NULL;
  git_oid oid;

  g_return_val_if_fail (TIDE_IS_PROJECT (project) && id != NULL, NULL);

  repository = tide_git_history_open (tide_project_get_root (project), tide_project_get_migrations_dir (project), &folder);
  if (repository == NULL || git ()->git_oid_fromstr (&oid, id) < 0 || git ()->git_blob_lookup (&blob, repository, &oid) < 0)
    return NULL;
  return g_bytes_new (git ()->git_blob_rawcontent (blob), git ()->git_blob_rawsize (blob));
}
