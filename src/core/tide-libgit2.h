/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <git2.h>

#include "tide-library.h"

G_BEGIN_DECLS

/**
 * TideLibgit2:
 *
 * The functions of libgit2 that this program calls. It brings libraries for TLS and ssh, and what is asked for most often needs
 * no history of the files.
 */
typedef struct
{
  TIDE_LIBRARY_MEMBER (git_blob_free);
  TIDE_LIBRARY_MEMBER (git_blob_lookup);
  TIDE_LIBRARY_MEMBER (git_blob_rawcontent);
  TIDE_LIBRARY_MEMBER (git_blob_rawsize);
  TIDE_LIBRARY_MEMBER (git_branch_is_head);
  TIDE_LIBRARY_MEMBER (git_branch_iterator_free);
  TIDE_LIBRARY_MEMBER (git_branch_iterator_new);
  TIDE_LIBRARY_MEMBER (git_branch_name);
  TIDE_LIBRARY_MEMBER (git_branch_next);
  TIDE_LIBRARY_MEMBER (git_commit_author);
  TIDE_LIBRARY_MEMBER (git_commit_create);
  TIDE_LIBRARY_MEMBER (git_commit_free);
  TIDE_LIBRARY_MEMBER (git_commit_id);
  TIDE_LIBRARY_MEMBER (git_commit_lookup);
  TIDE_LIBRARY_MEMBER (git_commit_parent);
  TIDE_LIBRARY_MEMBER (git_commit_parentcount);
  TIDE_LIBRARY_MEMBER (git_commit_summary);
  TIDE_LIBRARY_MEMBER (git_commit_time);
  TIDE_LIBRARY_MEMBER (git_commit_tree);
  TIDE_LIBRARY_MEMBER (git_diff_buffers);
  TIDE_LIBRARY_MEMBER (git_error_last);
  TIDE_LIBRARY_MEMBER (git_index_add_all);
  TIDE_LIBRARY_MEMBER (git_index_free);
  TIDE_LIBRARY_MEMBER (git_index_write);
  TIDE_LIBRARY_MEMBER (git_index_write_tree);
  TIDE_LIBRARY_MEMBER (git_libgit2_init);
  TIDE_LIBRARY_MEMBER (git_libgit2_opts);
  TIDE_LIBRARY_MEMBER (git_object_free);
  TIDE_LIBRARY_MEMBER (git_oid_cpy);
  TIDE_LIBRARY_MEMBER (git_oid_equal);
  TIDE_LIBRARY_MEMBER (git_oid_fromstr);
  TIDE_LIBRARY_MEMBER (git_oid_is_zero);
  TIDE_LIBRARY_MEMBER (git_oid_tostr);
  TIDE_LIBRARY_MEMBER (git_reference_free);
  TIDE_LIBRARY_MEMBER (git_reference_name_to_id);
  TIDE_LIBRARY_MEMBER (git_reference_peel);
  TIDE_LIBRARY_MEMBER (git_reference_target);
  TIDE_LIBRARY_MEMBER (git_repository_free);
  TIDE_LIBRARY_MEMBER (git_repository_head);
  TIDE_LIBRARY_MEMBER (git_repository_index);
  TIDE_LIBRARY_MEMBER (git_repository_init);
  TIDE_LIBRARY_MEMBER (git_repository_open_ext);
  TIDE_LIBRARY_MEMBER (git_repository_workdir);
  TIDE_LIBRARY_MEMBER (git_revwalk_free);
  TIDE_LIBRARY_MEMBER (git_revwalk_new);
  TIDE_LIBRARY_MEMBER (git_revwalk_next);
  TIDE_LIBRARY_MEMBER (git_revwalk_push_glob);
  TIDE_LIBRARY_MEMBER (git_revwalk_push_head);
  TIDE_LIBRARY_MEMBER (git_revwalk_sorting);
  TIDE_LIBRARY_MEMBER (git_signature_free);
  TIDE_LIBRARY_MEMBER (git_signature_new);
  TIDE_LIBRARY_MEMBER (git_tree_entry_byindex);
  TIDE_LIBRARY_MEMBER (git_tree_entry_byname);
  TIDE_LIBRARY_MEMBER (git_tree_entry_bypath);
  TIDE_LIBRARY_MEMBER (git_tree_entry_free);
  TIDE_LIBRARY_MEMBER (git_tree_entry_id);
  TIDE_LIBRARY_MEMBER (git_tree_entry_name);
  TIDE_LIBRARY_MEMBER (git_tree_entry_type);
  TIDE_LIBRARY_MEMBER (git_tree_entrycount);
  TIDE_LIBRARY_MEMBER (git_tree_free);
  TIDE_LIBRARY_MEMBER (git_tree_id);
  TIDE_LIBRARY_MEMBER (git_tree_lookup);
  TIDE_LIBRARY_MEMBER (git_tree_walk);
} TideLibgit2;

const TideLibgit2 *tide_libgit2_get (GError **error);

/* libgit2, for what has been opened with it */
static inline const TideLibgit2 *
git (void)
{
  return tide_libgit2_get (NULL);
}

#define TIDE_GIT_AUTOPTR(type)                        \
  static inline void tide_##type##_free (type *self)  \
  {                                                   \
    git ()->type##_free (self);                       \
  }                                                   \
  G_DEFINE_AUTOPTR_CLEANUP_FUNC (type, tide_##type##_free)

TIDE_GIT_AUTOPTR (git_blob)
TIDE_GIT_AUTOPTR (git_commit)
TIDE_GIT_AUTOPTR (git_index)
TIDE_GIT_AUTOPTR (git_object)
TIDE_GIT_AUTOPTR (git_reference)
TIDE_GIT_AUTOPTR (git_repository)
TIDE_GIT_AUTOPTR (git_revwalk)
TIDE_GIT_AUTOPTR (git_signature)
TIDE_GIT_AUTOPTR (git_tree)
TIDE_GIT_AUTOPTR (git_tree_entry)

G_END_DECLS
