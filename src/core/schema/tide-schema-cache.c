/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-cache"

#include "config.h"

#include <string.h>
#include <utime.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "schema/tide-schema-cache.h"
#include "schema/tide-schema-private.h"
#include "tide-error.h"

/* Numbers, then text. Texts are told by their place; 0 is no text. One that was written with the other byte order is not read. */
#define MAGIC 0x54694463
#define FORMAT 1

/* What nobody asked for in as many days is thrown away */
#define DAYS_KEPT 30

enum
{
  HEAD_MAGIC,
  HEAD_FORMAT,
  HEAD_N_NUMBERS,
  HEAD_TEXT_SIZE,
  HEAD_VERSION,
  HEAD_DATABASE,
  HEAD_OWNER,
  HEAD_N_OBJECTS,
  N_HEAD,
};

typedef struct
{
  GArray     *numbers; /* (element-type guint32) */
  GByteArray *text;
  GHashTable *places;  /* (element-type utf8 guint): borrowed texts */
} Packer;

static void
put (Packer  *self,
     guint32  number)
{
  g_array_append_val (self->numbers, number);
}

static guint32
place_text (Packer     *self,
            const char *text)
{
  gpointer place;

  if (text == NULL)
    return 0;
  if (!g_hash_table_lookup_extended (self->places, text, NULL, &place))
    {
      place = GUINT_TO_POINTER (self->text->len);
      g_byte_array_append (self->text, (const guint8 *) text, strlen (text) + 1);
      g_hash_table_insert (self->places, (gpointer) text, place);
    }
  return GPOINTER_TO_UINT (place);
}

static void
put_object (Packer                 *self,
            const TideSchemaObject *object)
{
  guint n_attributes = tide_object_kind_get_n_attributes (object->kind);
  guint count_at;

  put (self, object->kind);
  put (self, object->oid);
  put (self, object->position);
  put (self, place_text (self, object->namespace_));
  put (self, place_text (self, object->name));
  put (self, place_text (self, object->signature));
  put (self, object->parent != NULL ? object->parent->index + 1 : 0);
  count_at = self->numbers->len;
  put (self, 0);
  for (guint i = 0; i < n_attributes; i++)
    if (tide_schema_object_get_value (object, i) != NULL)
      {
        put (self, i);
        put (self, place_text (self, tide_schema_object_get_value (object, i)));
        g_array_index (self->numbers, guint32, count_at)++;
      }
}

static void
put_dependencies (Packer                 *self,
                  const TideSchema       *schema,
                  const TideSchemaObject *object)
{
  guint n;
  const TideSchemaObject *const *others = tide_schema_get_dependencies (schema, object, &n);

  put (self, n);
  for (guint i = 0; i < n; i++)
    put (self, others[i]->index);
}

/* (transfer full): @bytes after @converter; NULL when they are not what it reads */
static GBytes *
convert (GBytes      *bytes,
         GConverter  *converter,
         GError     **error)
{
  g_autoptr(GInputStream) raw = g_memory_input_stream_new_from_bytes (bytes);
  g_autoptr(GInputStream) input = g_converter_input_stream_new (raw, converter);
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();

  if (g_output_stream_splice (output, input, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, error) < 0)
    return NULL;
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
}

GBytes *
tide_schema_pack (const TideSchema *self)
{
  g_autoptr(GConverter) compressor = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1));
  g_autoptr(GArray) numbers = g_array_new (FALSE, TRUE, sizeof (guint32));
  g_autoptr(GByteArray) text = g_byte_array_new ();
  g_autoptr(GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GByteArray) all = g_byte_array_new ();
  g_autoptr(GBytes) bytes = NULL;
  Packer packer = { numbers, text, places };
  guint32 *head;

  g_byte_array_append (text, (const guint8 *) "", 1);
  g_array_set_size (numbers, N_HEAD);
  for (guint i = 0; i < self->objects->len; i++)
    put_object (&packer, g_ptr_array_index (self->objects, i));
  for (guint i = 0; i < self->objects->len; i++)
    put_dependencies (&packer, self, g_ptr_array_index (self->objects, i));
  g_array_index (numbers, guint32, HEAD_DATABASE) = place_text (&packer, self->database);
  g_array_index (numbers, guint32, HEAD_OWNER) = place_text (&packer, self->owner);

  head = (guint32 *) (gpointer) numbers->data;
  head[HEAD_MAGIC] = MAGIC;
  head[HEAD_FORMAT] = FORMAT;
  head[HEAD_N_NUMBERS] = numbers->len;
  head[HEAD_TEXT_SIZE] = text->len;
  head[HEAD_VERSION] = self->server_version;
  head[HEAD_N_OBJECTS] = self->objects->len;
  g_byte_array_append (all, (const guint8 *) numbers->data, numbers->len * sizeof (guint32));
  g_byte_array_append (all, text->data, text->len);
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&all));
  return convert (bytes, compressor, NULL);
}

/* Once something is out of bounds nothing more is read, and all numbers are 0. */
typedef struct
{
  TideSchemaBuilder *builder;
  const guint32     *numbers;
  guint              n_numbers;
  guint              next;
  const char        *text;
  guint              text_size;
  gboolean           broken;
} Unpacker;

static guint32
take (Unpacker *self,
      guint32   limit) /* what it must be below; 0: nothing */
{
  guint32 number = self->next < self->n_numbers ? self->numbers[self->next] : 0;

  self->broken |= self->next >= self->n_numbers || (limit > 0 && number >= limit);
  self->next++;
  return self->broken ? 0 : number;
}

static const char *
take_text (Unpacker *self)
{
  guint32 place = take (self, self->text_size);

  return place == 0 ? NULL : self->text + place;
}

static void
take_object (Unpacker       *self,
             TideObjectKind *last)
{
  TideObjectKind kind = take (self, TIDE_N_OBJECT_KINDS);
  guint32 oid = take (self, 0);
  int position = (int) take (self, 0);
  const char *namespace_ = take_text (self);
  const char *name = take_text (self);
  const char *signature = take_text (self);
  guint32 parent = take (self, tide_schema_builder_get_n_objects (self->builder) + 1);
  guint32 n_values = take (self, 65);
  TideSchemaObject *object;

  self->broken |= kind < *last || name == NULL || tide_object_kind_get_info (kind) == NULL;
  if (self->broken)
    return;
  *last = kind;
  object = tide_schema_builder_add (self->builder, kind, oid, position, namespace_, name, signature,
                                    parent > 0 ? tide_schema_builder_get_object (self->builder, parent - 1) : NULL);
  for (guint i = 0; i < n_values; i++)
    {
      guint attribute = take (self, tide_object_kind_get_n_attributes (kind));

      tide_schema_builder_set_value (self->builder, object, attribute, take_text (self));
    }
}

static void
take_dependencies (Unpacker *self,
                   guint     index)
{
  guint n_objects = tide_schema_builder_get_n_objects (self->builder);
  guint32 n = take (self, 0);

  for (guint i = 0; i < n && !self->broken; i++)
    {
      guint32 other = take (self, n_objects);

      if (!self->broken)
        tide_schema_builder_depend (self->builder, tide_schema_builder_get_object (self->builder, index),
                                    tide_schema_builder_get_object (self->builder, other));
    }
}

static void
unpack_all (Unpacker      *self,
            const guint32 *head)
{
  TideObjectKind last = 0;

  self->next = N_HEAD;
  for (guint i = 0; i < head[HEAD_N_OBJECTS] && !self->broken; i++)
    take_object (self, &last);
  for (guint i = 0; i < head[HEAD_N_OBJECTS] && !self->broken; i++)
    take_dependencies (self, i);
  self->broken |= self->next != self->n_numbers;
}

static gboolean
check_head (const guint32 *head,
            gsize          size)
{
  return size >= N_HEAD * sizeof (guint32)
         && head[HEAD_MAGIC] == MAGIC && head[HEAD_FORMAT] == FORMAT
         && head[HEAD_N_NUMBERS] >= N_HEAD && head[HEAD_TEXT_SIZE] > 0
         && size == (guint64) head[HEAD_N_NUMBERS] * sizeof (guint32) + head[HEAD_TEXT_SIZE]
         && ((const char *) head)[size - 1] == '\0'
         && head[HEAD_DATABASE] < head[HEAD_TEXT_SIZE] && head[HEAD_OWNER] < head[HEAD_TEXT_SIZE];
}

static TideSchemaBuilder *
unpack (GBytes  *bytes,
                            GError **error)
{
  g_autoptr(GConverter) decompressor = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  g_autoptr(GBytes) plain = convert (bytes, decompressor, NULL);
  g_autoptr(TideSchemaBuilder) builder = NULL;
  gsize size = 0;
  const guint32 *head = plain != NULL ? g_bytes_get_data (plain, &size) : NULL;
  Unpacker unpacker = { .broken = TRUE };

  if (head != NULL && check_head (head, size))
    {
      /* The schema's strings lie in it as they come */
      char *text = g_memdup2 (head + head[HEAD_N_NUMBERS], head[HEAD_TEXT_SIZE]);

      builder = tide_schema_builder_new (text + head[HEAD_DATABASE], head[HEAD_VERSION], text + head[HEAD_OWNER]);
      tide_schema_builder_take (builder, text);
      unpacker = (Unpacker) { builder, head, head[HEAD_N_NUMBERS], 0, text, head[HEAD_TEXT_SIZE], FALSE };
      unpack_all (&unpacker, head);
    }
  if (!unpacker.broken)
    return g_steal_pointer (&builder);
  tide_set_error (error, TIDE_ERROR_INVALID, NULL, "these bytes do not hold a schema");
  return NULL;
}

TideSchema *
tide_schema_unpack (GBytes  *bytes,
                    GError **error)
{
  g_autoptr(TideSchemaBuilder) builder = unpack (bytes, error);

  return builder != NULL ? tide_schema_builder_end (builder) : NULL;
}

static void
add_text (GChecksum  *checksum,
          const char *text)
{
  /* With its end, so that two texts are never taken for two others */
  g_checksum_update (checksum, (const guchar *) text, strlen (text) + 1);
}

/**
 * tide_schema_cache_begin_key:
 * @major: the major version of the server
 *
 * Whatever changes in how a catalog is read makes other keys.
 *
 * Returns: (transfer full): a SHA-256 in the making
 */
GChecksum *
tide_schema_cache_begin_key (int major)
{
  GChecksum *checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *about = g_strdup_printf ("%s %d %d", PACKAGE_VERSION, FORMAT, major);

  add_text (checksum, about);
  for (guint kind = 0; kind < TIDE_N_OBJECT_KINDS; kind++)
    {
      const TideObjectKindInfo *info = tide_object_kind_get_info (kind);
      g_autofree char *query = info != NULL ? info->query (major * 10000) : NULL;

      add_text (checksum, query != NULL ? query : "");
      for (guint i = 0; info != NULL && i < info->n_attributes; i++)
        add_text (checksum, info->attributes[i].name);
    }
  return checksum;
}

static char *
dup_folder (void)
{
  return g_build_filename (g_get_user_cache_dir (), "tidemark", "schemas", NULL);
}

TideSchema *
tide_schema_cache_load (const char *key)
{
  g_autofree char *folder = dup_folder ();
  g_autofree char *path = g_build_filename (folder, key, NULL);
  g_autoptr(GBytes) bytes = NULL;
  char *contents;
  gsize size;

  if (!g_file_get_contents (path, &contents, &size, NULL))
    return NULL;
  bytes = g_bytes_new_take (contents, size);
  g_utime (path, NULL);
  return tide_schema_unpack (bytes, NULL);
}

static void
remove_old (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  gint64 oldest = g_get_real_time () / G_USEC_PER_SEC - DAYS_KEPT * 24 * 60 * 60;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf info;

      if (g_stat (path, &info) == 0 && info.st_mtime < oldest)
        g_unlink (path);
    }
}

void
tide_schema_cache_store (const char *key,
                         TideSchema *schema)
{
  static gsize cleaned;
  g_autofree char *folder = dup_folder ();
  g_autofree char *path = g_build_filename (folder, key, NULL);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;

  /* What could not be read today may be read tomorrow */
  if (tide_schema_get_warnings (schema)->len > 0)
    return;
  bytes = tide_schema_pack (schema);
  if (g_mkdir_with_parents (folder, 0700) != 0
      || !g_file_set_contents_full (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                    G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_debug ("\"%s\" is not kept: %s", path, error != NULL ? error->message : "no folder for it");
  if (g_once_init_enter (&cleaned))
    {
      remove_old (folder);
      g_once_init_leave (&cleaned, 1);
    }
}
