/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-query-journal"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "query/tide-query-journal.h"
#include "query/tide-query-mask.h"
#include "tide-error.h"
#include "tide-json.h"

struct _TideQueryJournal
{
  gatomicrefcount  ref_count;
  GMutex           mutex;
  char            *path; /* .json */
  int              lock;
  gboolean         forgotten;
};

void
tide_query_draft_free (TideQueryDraft *self)
{
  g_free (self->place);
  g_free (self->title);
  g_free (self->path);
  g_free (self->stamp);
  g_free (self->text);
  g_free (self);
}

static char *
dup_folder (const char *folder)
{
  return folder ? g_strdup (folder) : g_build_filename (g_get_user_state_dir (), "tidemark", "tabs", NULL);
}

/* NULL: somebody holds it */
static TideQueryJournal *
lock_file (const char *path)
{
  g_autofree char *lock_path = g_strconcat (path, ".lock", NULL);
  TideQueryJournal *self;
  int lock = g_open (lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (lock < 0)
    return NULL;
  if (flock (lock, LOCK_EX | LOCK_NB) != 0)
    {
      close (lock);
      return NULL;
    }
  self = g_new0 (TideQueryJournal, 1);
  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  self->path = g_strdup (path);
  self->lock = lock;
  return self;
}

TideQueryJournal *
tide_query_journal_new (const char  *folder,
                        GError     **error)
{
  g_autofree char *parent = dup_folder (folder);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *name = g_strconcat (uuid, ".json", NULL);
  g_autofree char *path = g_build_filename (parent, name, NULL);
  TideQueryJournal *self = g_mkdir_with_parents (parent, 0700) == 0 ? lock_file (path) : NULL;

  if (self == NULL)
    tide_set_error (error, TIDE_ERROR_FAILED, "save your SQL to files until that is mended",
                    "unsaved SQL cannot be kept in \"%s\": %s", parent, g_strerror (errno));
  return self;
}

TideQueryJournal *
tide_query_journal_ref (TideQueryJournal *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_query_journal_unref (TideQueryJournal *self)
{
  g_autofree char *lock_path = NULL;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  lock_path = g_strconcat (self->path, ".lock", NULL);
  if (self->forgotten || !g_file_test (self->path, G_FILE_TEST_EXISTS))
    g_unlink (lock_path);
  close (self->lock);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  g_free (self);
}

static void
set_string (JsonObject *object,
            const char *member,
            const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, member, value);
}

static char *
dup_json (const TideQueryDraft *draft)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *masked = tide_query_mask (draft->text);
  JsonObject *object = json_object_new ();

  json_node_take_object (node, object);
  set_string (object, "place", draft->place);
  set_string (object, "title", draft->title);
  set_string (object, "path", draft->path);
  set_string (object, "stamp", draft->stamp);
  json_object_set_boolean_member (object, "modified", draft->modified);
  json_object_set_int_member (object, "cursor", draft->cursor);
  json_object_set_int_member (object, "order", draft->order);
  json_object_set_string_member (object, "text", masked);
  return json_to_string (node, FALSE);
}

gboolean
tide_query_journal_write (TideQueryJournal      *self,
                          const TideQueryDraft  *draft,
                          GError               **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autofree char *json = NULL;

  if (self->forgotten)
    return TRUE;
  json = dup_json (draft);
  return g_file_set_contents_full (self->path, json, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error);
}

void
tide_query_journal_forget (TideQueryJournal *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->forgotten = TRUE;
  g_unlink (self->path);
}

/* NULL: it is none */
static TideQueryDraft *
read_draft (const char *path)
{
  g_autoptr(JsonObject) object = tide_json_read_object (path);
  g_autoptr(TideQueryDraft) draft = g_new0 (TideQueryDraft, 1);
  JsonNode *modified = json_object_get_member (object, "modified");

  draft->place = tide_json_dup_text (object, "place");
  draft->title = tide_json_dup_text (object, "title");
  draft->path = tide_json_dup_text (object, "path");
  draft->stamp = tide_json_dup_text (object, "stamp");
  draft->text = tide_json_dup_text (object, "text");
  draft->modified = modified != NULL && JSON_NODE_HOLDS_VALUE (modified) && json_node_get_boolean (modified);
  draft->cursor = CLAMP (tide_json_get_number (object, "cursor"), 0, G_MAXINT);
  draft->order = tide_json_get_number (object, "order");
  return draft->text != NULL ? g_steal_pointer (&draft) : NULL;
}

static void
adopt_file (const char *path,
            const char *place,
            GPtrArray  *journals,
            GPtrArray  *drafts)
{
  g_autoptr(TideQueryDraft) draft = read_draft (path);
  TideQueryJournal *journal;
  guint at = 0;

  if (draft == NULL || g_strcmp0 (draft->place, place) != 0)
    return;
  journal = lock_file (path);
  if (journal == NULL)
    return;
  /* Who held it may have written more meanwhile, or closed the tab. */
  tide_query_draft_free (draft);
  draft = read_draft (path);
  if (draft == NULL)
    {
      tide_query_journal_unref (journal);
      return;
    }
  while (at < drafts->len && ((TideQueryDraft *) g_ptr_array_index (drafts, at))->order <= draft->order)
    at++;
  g_ptr_array_insert (journals, at, journal);
  g_ptr_array_insert (drafts, at, g_steal_pointer (&draft));
}

GPtrArray *
tide_query_journal_adopt (const char  *folder,
                          const char  *place,
                          GPtrArray  **drafts)
{
  GPtrArray *journals = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_query_journal_unref);
  g_autofree char *parent = dup_folder (folder);
  g_autoptr(GDir) dir = g_dir_open (parent, 0, NULL);
  const char *name;

  *drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_query_draft_free);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (parent, name, NULL);

      if (g_str_has_suffix (name, ".json"))
        adopt_file (path, place, journals, *drafts);
    }
  return journals;
}
