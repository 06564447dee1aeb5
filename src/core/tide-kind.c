/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-kind"

#include "config.h"

#include "tide-kind.h"

GType
tide_kind_get_type (void)
{
  static const GEnumValue values[] = {
    { TIDE_KIND_UNKNOWN, "TIDE_KIND_UNKNOWN", "unknown" },
    { TIDE_KIND_DEVELOPMENT, "TIDE_KIND_DEVELOPMENT", "development" },
    { TIDE_KIND_STAGING, "TIDE_KIND_STAGING", "staging" },
    { TIDE_KIND_PRODUCTION, "TIDE_KIND_PRODUCTION", "production" },
    { 0, NULL, NULL },
  };
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("TideKind", values));
  return type;
}

/**
 * tide_kind_to_string:
 * @kind: a kind
 *
 * Returns: (transfer none): the word used in `tidemark.json` and in `profiles.json`
 */
const char *
tide_kind_to_string (TideKind kind)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (TIDE_TYPE_KIND);
  GEnumValue *value = g_enum_get_value (klass, kind);

  g_return_val_if_fail (value != NULL, "unknown");
  return value->value_nick;
}

/**
 * tide_kind_from_string:
 * @text: (nullable): a word as tide_kind_to_string() writes it
 * @kind: (out): the kind; untouched when the word is none
 *
 * Returns: whether @text names a kind
 */
gboolean
tide_kind_from_string (const char *text,
                       TideKind   *kind)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (TIDE_TYPE_KIND);
  GEnumValue *value = text ? g_enum_get_value_by_nick (klass, text) : NULL;

  if (value == NULL)
    return FALSE;
  *kind = value->value;
  return TRUE;
}

/**
 * tide_kind_may_reset:
 * @kind: a kind
 *
 * Returns: whether a database of this kind may be emptied and replayed
 */
gboolean
tide_kind_may_reset (TideKind kind)
{
  return kind == TIDE_KIND_DEVELOPMENT;
}

/**
 * tide_kind_asks_for_name:
 * @kind: a kind
 *
 * Returns: whether a change must be confirmed by typing the database's name
 */
gboolean
tide_kind_asks_for_name (TideKind kind)
{
  return kind == TIDE_KIND_PRODUCTION || kind == TIDE_KIND_UNKNOWN;
}

/**
 * tide_kind_starts_read_only:
 * @kind: a kind
 *
 * Returns: whether sessions that a person types into start read-only
 */
gboolean
tide_kind_starts_read_only (TideKind kind)
{
  return kind == TIDE_KIND_PRODUCTION;
}
