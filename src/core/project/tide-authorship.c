/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-authorship"

#include "config.h"

#include "project/tide-authorship.h"
#include "project/tide-git-history.h"

struct _TideAuthorship
{
  gatomicrefcount  ref_count;
  gboolean         has_repository;
  GHashTable      *commits; /* name -> TideCommit */
};

G_DEFINE_BOXED_TYPE (TideAuthorship, tide_authorship, tide_authorship_ref, tide_authorship_unref)

static void
commit_free (TideCommit *self)
{
  g_free (self->author);
  g_free (self->email);
  g_free (self->commit);
  g_free (self->subject);
  g_free (self);
}

static char *
dup_valid (const char *text)
{
  return text ? g_utf8_make_valid (text, -1) : g_strdup ("");
}

static TideCommit *
commit_new (git_commit *commit)
{
  const git_signature *author = git ()->git_commit_author (commit);
  TideCommit *self = g_new0 (TideCommit, 1);
  char hash[GIT_OID_HEXSZ + 1];

  git ()->git_oid_tostr (hash, sizeof hash, git ()->git_commit_id (commit));
  self->author = dup_valid (author ? author->name : NULL);
  self->email = dup_valid (author ? author->email : NULL);
  self->commit = g_strdup (hash);
  self->subject = dup_valid (git ()->git_commit_summary (commit));
  self->time = author ? author->when.time : git ()->git_commit_time (commit);
  return self;
}

/* A folder may have been added more than once (removed and brought back, picked on two branches): the oldest counts */
static void
on_added (const char *folder,
          git_commit *commit,
          gpointer    user_data)
{
  TideAuthorship *self = user_data;
  TideCommit *known = g_hash_table_lookup (self->commits, folder);
  const git_signature *author = git ()->git_commit_author (commit);

  if (known == NULL || author == NULL || author->when.time <= known->time)
    g_hash_table_insert (self->commits, g_strdup (folder), commit_new (commit));
}

/**
 * tide_authorship_load:
 * @project: a project
 * @cancellable: (nullable): a cancellable
 * @error: %G_IO_ERROR_CANCELLED and nothing else: without git there is simply nothing to tell
 *
 * Walks the history of the repository around @project; blocks on files. Any thread.
 *
 * Returns: (transfer full) (nullable): who brought each migration
 */
TideAuthorship *
tide_authorship_load (TideProject   *project,
                      GCancellable  *cancellable,
                      GError       **error)
{
  g_autoptr(TideAuthorship) self = NULL;
  g_autoptr(git_repository) repository = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (TIDE_IS_PROJECT (project), NULL);

  self = g_new0 (TideAuthorship, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->commits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) commit_free);

  repository = tide_git_history_open (tide_project_get_root (project), tide_project_get_migrations_dir (project), &path);
  self->has_repository = repository != NULL;
  if (path != NULL && !tide_git_history_walk (repository, path, on_added, self, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

TideAuthorship *
tide_authorship_ref (TideAuthorship *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_authorship_unref (TideAuthorship *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_hash_table_unref (self->commits);
  g_free (self);
}

const TideCommit *
tide_authorship_lookup (const TideAuthorship *self,
                        const char           *migration_name)
{
  g_return_val_if_fail (self != NULL && migration_name != NULL, NULL);

  return g_hash_table_lookup (self->commits, migration_name);
}

gboolean
tide_authorship_has_repository (const TideAuthorship *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->has_repository;
}
