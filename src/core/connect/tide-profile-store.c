/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-profile-store"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "connect/tide-profile-json.h"
#include "connect/tide-profile-store.h"
#include "tide-error.h"
#include "tide-json.h"

/* The file is {"version": 1, "profiles": [{"id": ...}]}. Every change reads it anew under a lock and puts back what
 * it does not know, so that two windows, or an older and a newer version, lose nothing of each other's. */

struct _TideProfileStore
{
  GObject    parent_instance;

  /* Owned */
  char      *path;
  GPtrArray *profiles;
};

/* What a change works on, under the lock */
typedef struct
{
  int        lock;
  JsonNode  *root;
  GPtrArray *profiles;
} Change;

static GType
tide_profile_store_get_item_type (GListModel *model)
{
  return TIDE_TYPE_PROFILE;
}

static guint
tide_profile_store_get_n_items (GListModel *model)
{
  return TIDE_PROFILE_STORE (model)->profiles->len;
}

static gpointer
tide_profile_store_get_item (GListModel *model,
                             guint       position)
{
  TideProfileStore *self = TIDE_PROFILE_STORE (model);

  return position < self->profiles->len ? g_object_ref (g_ptr_array_index (self->profiles, position)) : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = tide_profile_store_get_item_type;
  iface->get_n_items = tide_profile_store_get_n_items;
  iface->get_item = tide_profile_store_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TideProfileStore, tide_profile_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

static void
tide_profile_store_finalize (GObject *object)
{
  TideProfileStore *self = TIDE_PROFILE_STORE (object);

  g_free (self->path);
  g_ptr_array_unref (self->profiles);
  G_OBJECT_CLASS (tide_profile_store_parent_class)->finalize (object);
}

static void
tide_profile_store_class_init (TideProfileStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tide_profile_store_finalize;
}

static void
tide_profile_store_init (TideProfileStore *self)
{
  self->profiles = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
set_file_error (TideProfileStore  *self,
                int                line,
                const char        *message,
                GError           **error)
{
  GError *failure = tide_error_new (TIDE_ERROR_INVALID,
                                    _("mend the file, or move it away to start anew; it was not touched"),
                                    _("the saved connections cannot be read: %s"), message);

  tide_error_take_string (&tide_error_get_fields (failure)->file, g_strdup (self->path));
  tide_error_get_fields (failure)->line = line;
  g_propagate_error (error, failure);
}

static void
set_write_error (TideProfileStore  *self,
                 const char        *message,
                 GError           **error)
{
  tide_set_error (error, TIDE_ERROR_FAILED, _("see that the folder can be written to and that the disk is not full"),
                  _("the saved connections cannot be written to \"%s\": %s"), self->path, message);
}

static JsonNode *
make_empty_root (void)
{
  JsonObject *object = json_object_new ();
  JsonNode *root = json_node_init_object (json_node_alloc (), object);

  json_object_set_int_member (object, "version", 1);
  json_object_set_array_member (object, "profiles", json_array_new ());
  json_object_unref (object);
  return root;
}

static JsonArray *
find_array (JsonNode *root)
{
  JsonNode *node = NULL;

  if (JSON_NODE_HOLDS_OBJECT (root))
    node = json_object_get_member (json_node_get_object (root), "profiles");
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* The parser knows its place only while it parses. */
static void
note_line (JsonParser   *parser,
           const GError *error,
           gpointer      user_data)
{
  *(int *) user_data = json_parser_get_current_line (parser);
}

/* The file's contents; an empty list where there is no file */
static JsonNode *
read_root (TideProfileStore  *self,
           GError           **error)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GError) local_error = NULL;
  g_autofree char *text = NULL;
  gsize size;
  int line = 0;

  if (!g_file_get_contents (self->path, &text, &size, &local_error))
    {
      if (g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return make_empty_root ();
      set_file_error (self, 0, local_error->message, error);
      return NULL;
    }
  g_signal_connect (parser, "error", G_CALLBACK (note_line), &line);
  if (!g_utf8_validate (text, size, NULL))
    set_file_error (self, 0, "it is not UTF-8", error);
  else if (!tide_json_load (parser, text, size, &local_error))
    set_file_error (self, line, "it is not JSON", error);
  else if (json_parser_get_root (parser) == NULL || find_array (json_parser_get_root (parser)) == NULL)
    set_file_error (self, 0, "it has no list \"profiles\"", error);
  else
    return json_parser_steal_root (parser);
  return NULL;
}

static TideProfile *
find_by_id (GPtrArray  *profiles,
            const char *id,
            guint      *position)
{
  for (guint i = 0; i < profiles->len; i++)
    {
      TideProfile *profile = g_ptr_array_index (profiles, i);

      if (g_str_equal (tide_profile_get_id (profile), id))
        {
          if (position != NULL)
            *position = i;
          return profile;
        }
    }
  return NULL;
}

static GPtrArray *
read_profiles (TideProfileStore  *self,
               JsonNode          *root,
               GError           **error)
{
  g_autoptr(GPtrArray) profiles = g_ptr_array_new_with_free_func (g_object_unref);
  JsonArray *array = find_array (root);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autoptr(GError) local_error = NULL;
      g_autoptr(TideProfile) profile = tide_profile_from_json (json_array_get_element (array, i), &local_error);

      if (profile == NULL)
        {
          set_file_error (self, 0, local_error->message, error);
          return NULL;
        }
      if (find_by_id (profiles, tide_profile_get_id (profile), NULL) != NULL)
        {
          set_file_error (self, 0, "two profiles have the same \"id\"", error);
          return NULL;
        }
      g_ptr_array_add (profiles, g_steal_pointer (&profile));
    }
  return g_steal_pointer (&profiles);
}

/* The lock is a file of its own: the other is replaced at every change. It is released when the descriptor closes. */
static int
lock_file (TideProfileStore  *self,
           GError           **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *path = g_strconcat (self->path, ".lock", NULL);
  int fd = -1;

  if (g_mkdir_with_parents (folder, 0700) == 0)
    fd = g_open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0 && TEMP_FAILURE_RETRY (flock (fd, LOCK_EX)) == 0)
    return fd;
  set_write_error (self, g_strerror (errno), error);
  if (fd >= 0)
    close (fd);
  return -1;
}

static gboolean
write_root (TideProfileStore  *self,
            JsonNode          *root,
            GError           **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *text = json_to_string (root, TRUE);
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  /* The file may be a link into a folder that a person keeps elsewhere. */
  g_autofree char *real_path = realpath (self->path, NULL);

  if (g_file_set_contents_full (real_path ? real_path : self->path, line, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                &local_error))
    return TRUE;
  set_write_error (self, local_error->message, error);
  return FALSE;
}

static JsonObject *
find_object (JsonArray  *array,
             const char *id,
             guint      *position)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *object = json_array_get_object_element (array, i);

      if (g_strcmp0 (json_object_get_string_member (object, "id"), id) == 0)
        {
          *position = i;
          return object;
        }
    }
  return NULL;
}

static void
put_object (JsonArray   *array,
            TideProfile *profile)
{
  guint position;
  JsonObject *object = find_object (array, tide_profile_get_id (profile), &position);

  if (object == NULL)
    {
      object = json_object_new ();
      json_array_add_object_element (array, object);
    }
  tide_profile_write_json (profile, object);
}

static gboolean
check_name (TideProfile  *profile,
            GPtrArray    *others,
            GError      **error)
{
  const char *name = tide_profile_get_name (profile);

  if (name == NULL)
    {
      tide_set_error (error, TIDE_ERROR_INVALID, _("give it a name to find it by"), _("the connection has no name"));
      return FALSE;
    }
  for (guint i = 0; i < others->len; i++)
    {
      TideProfile *other = g_ptr_array_index (others, i);

      if (g_str_equal (tide_profile_get_id (other), tide_profile_get_id (profile)) ||
          g_strcmp0 (tide_profile_get_name (other), name) != 0)
        continue;
      tide_set_error (error, TIDE_ERROR_INVALID, _("choose another name: projects name connections by it"),
                      _("there is a connection called \"%s\" already"), name);
      return FALSE;
    }
  return TRUE;
}

static void
copy_properties (TideProfile *from,
                 TideProfile *to)
{
  g_autofree GParamSpec **pspecs = NULL;
  guint n_pspecs;

  pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (from), &n_pspecs);
  for (guint i = 0; i < n_pspecs; i++)
    {
      g_auto(GValue) value = G_VALUE_INIT;

      if (pspecs[i]->flags & G_PARAM_CONSTRUCT_ONLY)
        continue;
      g_object_get_property (G_OBJECT (from), pspecs[i]->name, &value);
      g_object_set_property (G_OBJECT (to), pspecs[i]->name, &value);
    }
}

/* Takes over what the file says. The objects that we have stay, so that nobody holds an old one. */
static void
adopt (TideProfileStore *self,
       GPtrArray        *profiles)
{
  g_autoptr(GPtrArray) old = self->profiles;
  guint n_same = 0;

  for (guint i = 0; i < profiles->len; i++)
    {
      TideProfile *theirs = g_ptr_array_index (profiles, i);
      TideProfile *ours = find_by_id (old, tide_profile_get_id (theirs), NULL);

      if (ours == NULL || ours == theirs)
        continue;
      copy_properties (theirs, ours);
      g_ptr_array_index (profiles, i) = g_object_ref (ours);
      g_object_unref (theirs);
    }
  self->profiles = g_ptr_array_ref (profiles);
  while (n_same < MIN (old->len, profiles->len) &&
         g_ptr_array_index (old, n_same) == g_ptr_array_index (profiles, n_same))
    n_same++;
  if (n_same < MAX (old->len, profiles->len))
    g_list_model_items_changed (G_LIST_MODEL (self), n_same, old->len - n_same, profiles->len - n_same);
}

static void
change_clear (Change *change)
{
  if (change->lock >= 0)
    close (change->lock);
  change->lock = -1;
  g_clear_pointer (&change->root, json_node_unref);
  g_clear_pointer (&change->profiles, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Change, change_clear)

static gboolean
change_begin (Change            *change,
              TideProfileStore  *self,
              GError           **error)
{
  change->lock = lock_file (self, error);
  change->root = change->lock >= 0 ? read_root (self, error) : NULL;
  change->profiles = change->root ? read_profiles (self, change->root, error) : NULL;
  return change->profiles != NULL;
}

/* The lock goes before the list tells of its changes: who hears of them may want to save. */
static gboolean
change_end (Change            *change,
            TideProfileStore  *self,
            GError           **error)
{
  g_autoptr(GPtrArray) profiles = g_ptr_array_ref (change->profiles);

  if (!write_root (self, change->root, error))
    return FALSE;
  change_clear (change);
  adopt (self, profiles);
  return TRUE;
}

/**
 * tide_profile_store_new:
 * @path: (nullable) (type filename): the file; %NULL for the usual one
 *
 * Returns: (transfer full): an empty store; tide_profile_store_load() reads the file
 */
TideProfileStore *
tide_profile_store_new (const char *path)
{
  TideProfileStore *self = g_object_new (TIDE_TYPE_PROFILE_STORE, NULL);

  self->path = path ? g_strdup (path) : g_build_filename (g_get_user_config_dir (), "tidemark", "profiles.json", NULL);
  return self;
}

/**
 * tide_profile_store_load:
 * @self: a store
 * @error: (out) (optional): %TIDE_ERROR_INVALID with file and line; the list stays as it was
 *
 * Returns: whether the file could be read; that there is none is no error
 */
gboolean
tide_profile_store_load (TideProfileStore  *self,
                         GError           **error)
{
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(GPtrArray) profiles = NULL;

  g_return_val_if_fail (TIDE_IS_PROFILE_STORE (self), FALSE);

  root = read_root (self, error);
  profiles = root ? read_profiles (self, root, error) : NULL;
  if (profiles == NULL)
    return FALSE;
  adopt (self, profiles);
  return TRUE;
}

/**
 * tide_profile_store_save:
 * @self: a store
 * @profile: a new profile, or one of the store's that changed
 * @error: (out) (optional): %TIDE_ERROR_INVALID for a name that is missing or taken, and for a file that cannot be
 *   read and is therefore left as it is; %TIDE_ERROR_FAILED when it cannot be written
 *
 * What others wrote into the file in the meantime comes into the list.
 *
 * Returns: whether @profile is in the file and in the list
 */
gboolean
tide_profile_store_save (TideProfileStore  *self,
                         TideProfile       *profile,
                         GError           **error)
{
  g_auto(Change) change = { -1 };
  guint position;

  g_return_val_if_fail (TIDE_IS_PROFILE_STORE (self), FALSE);
  g_return_val_if_fail (TIDE_IS_PROFILE (profile), FALSE);

  if (!change_begin (&change, self, error) || !check_name (profile, change.profiles, error))
    return FALSE;
  put_object (find_array (change.root), profile);
  if (find_by_id (change.profiles, tide_profile_get_id (profile), &position) != NULL)
    g_ptr_array_remove_index (change.profiles, position);
  else
    position = change.profiles->len;
  g_ptr_array_insert (change.profiles, position, g_object_ref (profile));
  return change_end (&change, self, error);
}

/**
 * tide_profile_store_remove:
 * @self: a store
 * @id: a profile's id
 * @error: (out) (optional): %TIDE_ERROR_NOT_FOUND, and as tide_profile_store_save()
 *
 * The password in the keyring is the caller's to clear.
 *
 * Returns: whether the profile is gone
 */
gboolean
tide_profile_store_remove (TideProfileStore  *self,
                           const char        *id,
                           GError           **error)
{
  g_auto(Change) change = { -1 };
  guint position;

  g_return_val_if_fail (TIDE_IS_PROFILE_STORE (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  if (!change_begin (&change, self, error))
    return FALSE;
  if (find_by_id (change.profiles, id, &position) == NULL)
    {
      tide_set_error (error, TIDE_ERROR_NOT_FOUND, _("it may have been removed by another window"),
                      _("there is no saved connection with the id \"%s\""), id);
      return FALSE;
    }
  g_ptr_array_remove_index (change.profiles, position);
  json_array_remove_element (find_array (change.root), position);
  return change_end (&change, self, error);
}

/**
 * tide_profile_store_find:
 * @self: a store
 * @id_or_name: an id, or else a name
 *
 * Returns: (transfer none) (nullable): the profile
 */
TideProfile *
tide_profile_store_find (TideProfileStore *self,
                         const char       *id_or_name)
{
  TideProfile *profile;

  g_return_val_if_fail (TIDE_IS_PROFILE_STORE (self), NULL);
  g_return_val_if_fail (id_or_name != NULL, NULL);

  profile = find_by_id (self->profiles, id_or_name, NULL);
  for (guint i = 0; profile == NULL && i < self->profiles->len; i++)
    {
      TideProfile *candidate = g_ptr_array_index (self->profiles, i);

      if (g_strcmp0 (tide_profile_get_name (candidate), id_or_name) == 0)
        profile = candidate;
    }
  return profile;
}
