/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sample"

#include "config.h"

#include <json-glib/json-glib.h>

#include "sample/tide-sample-git.h"
#include "tide-error.h"
#include "tide-libgit2.h"

static gboolean
git_failed (int          code,
            const char  *folder,
            GError     **error)
{
  const git_error *last = git ()->git_error_last ();

  if (code >= 0)
    return FALSE;
  tide_set_error (error, TIDE_ERROR_FAILED, NULL, "cannot make the git history of \"%s\": %s",
                  folder, last ? last->message : "unknown error");
  return TRUE;
}

static int
stage (git_index  *index,
       JsonObject *entry)
{
  JsonArray *array = json_object_get_array_member (entry, "paths");
  g_autofree char **paths = g_new0 (char *, json_array_get_length (array) + 1);
  git_strarray specs = { paths, json_array_get_length (array) };
  int rc;

  for (guint i = 0; i < specs.count; i++)
    paths[i] = (char *) json_array_get_string_element (array, i);
  rc = git ()->git_index_add_all (index, &specs, GIT_INDEX_ADD_FORCE, NULL, NULL);
  return rc < 0 ? rc : git ()->git_index_write (index);
}

static int
sign (git_signature **signature,
      JsonObject     *entry)
{
  const char *text = json_object_get_string_member (entry, "time");
  g_autoptr(GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  return git ()->git_signature_new (signature,
                                    json_object_get_string_member (entry, "author"),
                                    json_object_get_string_member (entry, "email"),
                                    time ? g_date_time_to_unix (time) : 0, 0);
}

static int
commit (git_repository *repository,
        git_index      *index,
        JsonObject     *entry)
{
  g_autoptr(git_signature) signature = NULL;
  g_autoptr(git_commit) parent = NULL;
  g_autoptr(git_tree) tree = NULL;
  const git_commit *parents[1];
  git_oid head, tree_id, id;
  int rc;

  if ((rc = stage (index, entry)) < 0
      || (rc = git ()->git_index_write_tree (&tree_id, index)) < 0
      || (rc = git ()->git_tree_lookup (&tree, repository, &tree_id)) < 0
      || (rc = sign (&signature, entry)) < 0)
    return rc;
  if (git ()->git_reference_name_to_id (&head, repository, "HEAD") == 0
      && (rc = git ()->git_commit_lookup (&parent, repository, &head)) < 0)
    return rc;

  parents[0] = parent;
  return git ()->git_commit_create (&id, repository, "HEAD", signature, signature, NULL,
                                    json_object_get_string_member (entry, "subject"),
                                    tree, parent ? 1 : 0, parents);
}

static gboolean
commit_all (const char  *folder,
            JsonArray   *entries,
            GError     **error)
{
  g_autoptr(git_repository) repository = NULL;
  g_autoptr(git_index) index = NULL;

  if (git_failed (git ()->git_repository_init (&repository, folder, FALSE), folder, error)
      || git_failed (git ()->git_repository_index (&index, repository), folder, error))
    return FALSE;
  for (guint i = 0; i < json_array_get_length (entries); i++)
    {
      JsonObject *entry = json_array_get_object_element (entries, i);

      if (git_failed (commit (repository, index, entry), folder, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
tide_sample_git_make (const char  *folder,
                      const char  *script,
                      GError     **error)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();

  g_return_val_if_fail (folder != NULL && script != NULL, FALSE);

  if (!json_parser_load_from_file (parser, script, error) || tide_libgit2_get (error) == NULL)
    return FALSE;
  return commit_all (folder, json_node_get_array (json_parser_get_root (parser)), error);
}
