/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-backup-item"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-backup-item.h"
#include "widgets/tide-format.h"

struct _TideBackupItem
{
  GObject     parent_instance;

  /* Owned */
  TideBackup *backup;
};

enum
{
  PROP_TITLE = 1,
  PROP_AGE,
  PROP_DETAIL,
  PROP_PROOF,
  PROP_PINNED,
  PROP_REMARK,
  N_PROPS,
};

G_DEFINE_ENUM_TYPE (TideProof, tide_proof,
                    G_DEFINE_ENUM_VALUE (TIDE_PROOF_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (TIDE_PROOF_DAMAGED, "damaged"),
                    G_DEFINE_ENUM_VALUE (TIDE_PROOF_READABLE, "readable"),
                    G_DEFINE_ENUM_VALUE (TIDE_PROOF_INTACT, "intact"),
                    G_DEFINE_ENUM_VALUE (TIDE_PROOF_RESTORABLE, "restorable"),
                    G_DEFINE_ENUM_VALUE (TIDE_PROOF_COUNTED, "counted"))

G_DEFINE_FINAL_TYPE (TideBackupItem, tide_backup_item, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void
add_part (GStrvBuilder *parts,
          const char   *part)
{
  if (part != NULL && *part != '\0')
    g_strv_builder_add (parts, part);
}

static char *
dup_detail (const TideBackup *backup)
{
  g_autoptr(GStrvBuilder) parts = g_strv_builder_new ();
  g_autofree char *size = g_format_size (backup->bytes);
  g_autofree char *name = g_path_get_basename (backup->path);
  g_auto(GStrv) strings = NULL;

  if (backup->manifest != NULL)
    add_part (parts, backup->manifest->environment ? backup->manifest->environment : backup->manifest->database);
  else
    add_part (parts, name);
  add_part (parts, size);
  add_part (parts, tide_backup_format_get_word (backup->format));
  if (backup->manifest != NULL)
    add_part (parts, backup->manifest->purpose);
  strings = g_strv_builder_end (parts);
  return g_strjoinv (" · ", strings);
}

static const char *
get_remark (const TideBackup *backup)
{
  if (backup->manifest == NULL)
    return _("made elsewhere");
  if (backup->manifest->problems != NULL && backup->manifest->problems[0] != NULL)
    return _("see details");
  return "";
}

static void
tide_backup_item_finalize (GObject *object)
{
  g_clear_pointer (&TIDE_BACKUP_ITEM (object)->backup, tide_backup_unref);
  G_OBJECT_CLASS (tide_backup_item_parent_class)->finalize (object);
}

static void
tide_backup_item_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  const TideBackup *backup = TIDE_BACKUP_ITEM (object)->backup;

  switch (prop_id)
    {
    case PROP_TITLE: g_value_take_string (value, tide_format_moment (backup->created_at)); break;
    case PROP_AGE: g_value_take_string (value, tide_format_ago (backup->created_at)); break;
    case PROP_DETAIL: g_value_take_string (value, dup_detail (backup)); break;
    case PROP_PROOF: g_value_set_enum (value, tide_backup_get_proof (backup)); break;
    case PROP_PINNED: g_value_set_boolean (value, backup->manifest != NULL && backup->manifest->pinned); break;
    case PROP_REMARK: g_value_set_string (value, get_remark (backup)); break;
    default: G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_backup_item_class_init (TideBackupItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = tide_backup_item_finalize;
  object_class->get_property = tide_backup_item_get_property;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_AGE] = g_param_spec_string ("age", NULL, NULL, NULL, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  properties[PROP_PROOF] = g_param_spec_enum ("proof", NULL, NULL, TIDE_TYPE_PROOF, TIDE_PROOF_NONE, flags);
  properties[PROP_PINNED] = g_param_spec_boolean ("pinned", NULL, NULL, FALSE, flags);
  properties[PROP_REMARK] = g_param_spec_string ("remark", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tide_backup_item_init (TideBackupItem *self)
{
}

TideBackupItem *
tide_backup_item_new (TideBackup *backup)
{
  TideBackupItem *self = g_object_new (TIDE_TYPE_BACKUP_ITEM, NULL);

  self->backup = tide_backup_ref (backup);
  return self;
}

TideBackup *
tide_backup_item_get_backup (TideBackupItem *self)
{
  g_return_val_if_fail (TIDE_IS_BACKUP_ITEM (self), NULL);
  return self->backup;
}

/**
 * tide_backup_get_proof:
 * @self: a backup
 *
 * Returns: how far its manifest says it has been proved; one without a manifest never was
 */
TideProof
tide_backup_get_proof (const TideBackup *self)
{
  static const TideProof by_level[] = { TIDE_PROOF_NONE, TIDE_PROOF_READABLE, TIDE_PROOF_INTACT,
                                        TIDE_PROOF_RESTORABLE, TIDE_PROOF_COUNTED };

  g_return_val_if_fail (self != NULL, TIDE_PROOF_NONE);

  if (self->manifest == NULL)
    return TIDE_PROOF_NONE;
  if (self->manifest->level == 0 && self->manifest->verified_at > 0)
    return TIDE_PROOF_DAMAGED;
  return by_level[CLAMP (self->manifest->level, 0, 4)];
}

const char *
tide_backup_format_get_word (TideBackupFormat format)
{
  switch (format)
    {
    case TIDE_BACKUP_FORMAT_CUSTOM: return _("custom");
    case TIDE_BACKUP_FORMAT_DIRECTORY: return _("directory");
    case TIDE_BACKUP_FORMAT_PLAIN: return _("plain SQL");
    case TIDE_BACKUP_FORMAT_GZIP: return _("SQL, gzip");
    case TIDE_BACKUP_FORMAT_TAR: return _("tar");
    case TIDE_BACKUP_FORMAT_ZSTD: return _("SQL, zstd");
    case TIDE_BACKUP_FORMAT_LZ4: return _("SQL, lz4");
    case TIDE_BACKUP_FORMAT_CLUSTER: return _("whole cluster, SQL");
    case TIDE_BACKUP_FORMAT_UNKNOWN:
    default: return _("unknown format");
    }
}
