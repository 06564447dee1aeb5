/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-libgit2"

#include "config.h"

#include "tide-libgit2.h"

static const TideLibraryFunction functions[] = {
  TIDE_LIBRARY_FIND (TideLibgit2, git_blob_free),
  TIDE_LIBRARY_FIND (TideLibgit2, git_blob_lookup),
  TIDE_LIBRARY_FIND (TideLibgit2, git_blob_rawcontent),
  TIDE_LIBRARY_FIND (TideLibgit2, git_blob_rawsize),
  TIDE_LIBRARY_FIND (TideLibgit2, git_branch_is_head),
  TIDE_LIBRARY_FIND (TideLibgit2, git_branch_iterator_free),
  TIDE_LIBRARY_FIND (TideLibgit2, git_branch_iterator_new),
  TIDE_LIBRARY_FIND (TideLibgit2, git_branch_name),
  TIDE_LIBRARY_FIND (TideLibgit2, git_branch_next),
  TIDE_LIBRARY_FIND (TideLibgit2, git_commit_author),
  TIDE_LIBRARY_FIND (TideLibgit2, git_commit_create),
  TIDE_LIBRARY_FIND (TideLibgit2, git_commit_free),
  TIDE_LIBRARY_FIND (TideLibgit2, git_commit_id),
  TIDE_LIBRARY_FIND (TideLibgit2, git_commit_lookup),
  TIDE_LIBRARY_FIND (TideLibgit2, git_commit_parent),
  TIDE_LIBRARY_FIND (TideLibgit2, git_commit_parentcount),
  TIDE_LIBRARY_FIND (TideLibgit2, git_commit_summary),
  TIDE_LIBRARY_FIND (TideLibgit2, git_commit_time),
  TIDE_LIBRARY_FIND (TideLibgit2, git_commit_tree),
  TIDE_LIBRARY_FIND (TideLibgit2, git_diff_buffers),
  TIDE_LIBRARY_FIND (TideLibgit2, git_error_last),
  TIDE_LIBRARY_FIND (TideLibgit2, git_index_add_all),
  TIDE_LIBRARY_FIND (TideLibgit2, git_index_free),
  TIDE_LIBRARY_FIND (TideLibgit2, git_index_write),
  TIDE_LIBRARY_FIND (TideLibgit2, git_index_write_tree),
  TIDE_LIBRARY_FIND (TideLibgit2, git_libgit2_init),
  TIDE_LIBRARY_FIND (TideLibgit2, git_libgit2_opts),
  TIDE_LIBRARY_FIND (TideLibgit2, git_object_free),
  TIDE_LIBRARY_FIND (TideLibgit2, git_oid_cpy),
  TIDE_LIBRARY_FIND (TideLibgit2, git_oid_equal),
  TIDE_LIBRARY_FIND (TideLibgit2, git_oid_fromstr),
  TIDE_LIBRARY_FIND (TideLibgit2, git_oid_is_zero),
  TIDE_LIBRARY_FIND (TideLibgit2, git_oid_tostr),
  TIDE_LIBRARY_FIND (TideLibgit2, git_reference_free),
  TIDE_LIBRARY_FIND (TideLibgit2, git_reference_name_to_id),
  TIDE_LIBRARY_FIND (TideLibgit2, git_reference_peel),
  TIDE_LIBRARY_FIND (TideLibgit2, git_reference_target),
  TIDE_LIBRARY_FIND (TideLibgit2, git_repository_free),
  TIDE_LIBRARY_FIND (TideLibgit2, git_repository_head),
  TIDE_LIBRARY_FIND (TideLibgit2, git_repository_index),
  TIDE_LIBRARY_FIND (TideLibgit2, git_repository_init),
  TIDE_LIBRARY_FIND (TideLibgit2, git_repository_open_ext),
  TIDE_LIBRARY_FIND (TideLibgit2, git_repository_workdir),
  TIDE_LIBRARY_FIND (TideLibgit2, git_revwalk_free),
  TIDE_LIBRARY_FIND (TideLibgit2, git_revwalk_new),
  TIDE_LIBRARY_FIND (TideLibgit2, git_revwalk_next),
  TIDE_LIBRARY_FIND (TideLibgit2, git_revwalk_push_glob),
  TIDE_LIBRARY_FIND (TideLibgit2, git_revwalk_push_head),
  TIDE_LIBRARY_FIND (TideLibgit2, git_revwalk_sorting),
  TIDE_LIBRARY_FIND (TideLibgit2, git_signature_free),
  TIDE_LIBRARY_FIND (TideLibgit2, git_signature_new),
  TIDE_LIBRARY_FIND (TideLibgit2, git_tree_entry_byindex),
  TIDE_LIBRARY_FIND (TideLibgit2, git_tree_entry_byname),
  TIDE_LIBRARY_FIND (TideLibgit2, git_tree_entry_bypath),
  TIDE_LIBRARY_FIND (TideLibgit2, git_tree_entry_free),
  TIDE_LIBRARY_FIND (TideLibgit2, git_tree_entry_id),
  TIDE_LIBRARY_FIND (TideLibgit2, git_tree_entry_name),
  TIDE_LIBRARY_FIND (TideLibgit2, git_tree_entry_type),
  TIDE_LIBRARY_FIND (TideLibgit2, git_tree_entrycount),
  TIDE_LIBRARY_FIND (TideLibgit2, git_tree_free),
  TIDE_LIBRARY_FIND (TideLibgit2, git_tree_id),
  TIDE_LIBRARY_FIND (TideLibgit2, git_tree_lookup),
  TIDE_LIBRARY_FIND (TideLibgit2, git_tree_walk),
  { NULL }
};

/* libgit2 refuses folders of other owners because git could run what their configuration names. Nothing here does: objects
 * are read, no more; and root in a container would otherwise never see an author. */
static gpointer
start (gpointer data)
{
  const TideLibgit2 *git = data;

  git->git_libgit2_init ();
  git->git_libgit2_opts (GIT_OPT_SET_OWNER_VALIDATION, 0);
  return NULL;
}

/**
 * tide_libgit2_get:
 * @error: as tide_library_get()
 *
 * Any thread.
 *
 * Returns: (transfer none) (nullable): libgit2, started
 */
const TideLibgit2 *
tide_libgit2_get (GError **error)
{
  static TideLibgit2 table;
  static TideLibrary library = {
    "libgit2.so." LIBGIT2_SOVERSION, "libgit2 " LIBGIT2_SOVERSION, functions, &table, G_ONCE_INIT
  };
  static GOnce started = G_ONCE_INIT;

  if (tide_library_get (&library, error) == NULL)
    return NULL;
  g_once (&started, start, &table);
  return &table;
}
