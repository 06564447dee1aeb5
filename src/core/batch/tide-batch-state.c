/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-batch-state"

#include "config.h"

#include <glib/gstdio.h>

#include "batch/tide-batch-state.h"
#include "tide-error.h"
#include "tide-json.h"

TideBatchState *
tide_batch_state_new (char **end)
{
  TideBatchState *self = g_new0 (TideBatchState, 1);

  self->end = end;
  return self;
}

void
tide_batch_state_free (TideBatchState *self)
{
  g_strfreev (self->end);
  g_strfreev (self->done);
  g_strfreev (self->next);
  g_free (self->xid);
  g_free (self);
}

static char *
dup_path (const TideBatchPlan *plan)
{
  g_autofree char *name = g_strconcat (tide_batch_plan_get_digest (plan), ".json", NULL);

  return g_build_filename (g_get_user_state_dir (), "tidemark", "batches", name, NULL);
}

/* (transfer full) (nullable): NULL for none */
static char **
dup_keys (JsonObject          *object,
          const char          *name,
          const TideBatchPlan *plan)
{
  g_auto(GStrv) keys = tide_json_dup_strings (object, name);

  return keys != NULL && g_strv_length (keys) == tide_batch_plan_get_n_keys (plan) ? g_steal_pointer (&keys) : NULL;
}

TideBatchState *
tide_batch_state_load (const TideBatchPlan  *plan,
                       GError              **error)
{
  g_autofree char *path = dup_path (plan);
  g_autofree char *text = NULL;
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(TideBatchState) self = NULL;
  JsonObject *object;
  gsize size;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  if (!g_file_get_contents (path, &text, &size, error))
    {
      tide_error_tell_file (error, "what is kept of the job's progress cannot be read");
      return NULL;
    }
  if (!tide_json_load (parser, text, size, NULL) || json_parser_get_root (parser) == NULL
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    {
      tide_set_error (error, TIDE_ERROR_INVALID, "delete the file to begin anew, once it is known how far the job came",
                      "what is kept of the job's progress in \"%s\" cannot be read", path);
      return NULL;
    }
  object = json_node_get_object (json_parser_get_root (parser));
  self = tide_batch_state_new (dup_keys (object, "end", plan));
  self->done = dup_keys (object, "done", plan);
  self->next = dup_keys (object, "next", plan);
  self->xid = tide_json_dup_text (object, "transaction");
  self->visited = tide_json_get_number (object, "visited");
  self->changed = tide_json_get_number (object, "changed");
  self->next_visited = tide_json_get_number (object, "next_visited");
  self->next_changed = tide_json_get_number (object, "next_changed");
  self->batches = tide_json_get_number (object, "batches");
  if (self->end != NULL)
    return g_steal_pointer (&self);
  tide_set_error (error, TIDE_ERROR_INVALID, "delete the file to begin anew, once it is known how far the job came",
                  "what is kept of the job's progress in \"%s\" is not complete", path);
  return NULL;
}

gboolean
tide_batch_state_save (const TideBatchState  *self,
                       const TideBatchPlan   *plan,
                       GError               **error)
{
  g_autofree char *path = dup_path (plan);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  tide_json_add_text (builder, "table", tide_batch_plan_get_table (plan));
  tide_json_add_strings (builder, "end", (const char *const *) self->end);
  tide_json_add_strings (builder, "done", (const char *const *) self->done);
  tide_json_add_strings (builder, "next", (const char *const *) self->next);
  tide_json_add_text (builder, "transaction", self->xid);
  tide_json_add_number (builder, "visited", self->visited);
  tide_json_add_number (builder, "changed", self->changed);
  tide_json_add_number (builder, "next_visited", self->next_visited);
  tide_json_add_number (builder, "next_changed", self->next_changed);
  tide_json_add_number (builder, "batches", self->batches);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  if (g_mkdir_with_parents (folder, 0700) < 0)
    {
      tide_set_error (error, TIDE_ERROR_FAILED, "look at its rights, and at the space that is left", "cannot make the folder \"%s\"", folder);
      return FALSE;
    }
  return g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error) ||
         tide_error_tell_file (error, "the job's progress cannot be kept");
}

void
tide_batch_state_finish (TideBatchState *self)
{
  g_strfreev (self->done);
  self->done = g_steal_pointer (&self->next);
  g_clear_pointer (&self->xid, g_free);
  self->visited += self->next_visited;
  self->changed += self->next_changed;
  self->next_visited = self->next_changed = 0;
  self->batches++;
}

void
tide_batch_state_forget (const TideBatchPlan *plan)
{
  g_autofree char *path = dup_path (plan);

  g_unlink (path);
}
