/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-object-kind"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/kinds/tide-kinds.h"
#include "schema/tide-object-kind.h"

static const TideAttribute common_attributes[TIDE_N_COMMON_ATTRIBUTES] = {
  [TIDE_ATTRIBUTE_OWNER] = { "owner", N_("Owner") },
  [TIDE_ATTRIBUTE_PRIVILEGES] = { "privileges", N_("Privileges") },
  [TIDE_ATTRIBUTE_COMMENT] = { "comment", N_("Comment") },
  [TIDE_ATTRIBUTE_LABELS] = { "labels", N_("Security labels") },
};

static const TideObjectKindInfo *const infos[TIDE_N_OBJECT_KINDS] = {
  [TIDE_OBJECT_SCHEMA] = &tide_kind_schema,
  [TIDE_OBJECT_FUNCTION] = &tide_kind_function,
  [TIDE_OBJECT_VIEW] = &tide_kind_view,
  [TIDE_OBJECT_TRIGGER] = &tide_kind_trigger,
  [TIDE_OBJECT_EXTENSION] = &tide_kind_extension,
  [TIDE_OBJECT_ENUM] = &tide_kind_enum,
  [TIDE_OBJECT_COMPOSITE] = &tide_kind_composite,
  [TIDE_OBJECT_DOMAIN] = &tide_kind_domain,
  [TIDE_OBJECT_RANGE] = &tide_kind_range,
  [TIDE_OBJECT_BASE_TYPE] = &tide_kind_base_type,
  [TIDE_OBJECT_DATABASE] = &tide_kind_database,
  [TIDE_OBJECT_LANGUAGE] = &tide_kind_language,
  [TIDE_OBJECT_AGGREGATE] = &tide_kind_aggregate,
  [TIDE_OBJECT_MATERIALIZED_VIEW] = &tide_kind_materialized_view,
  [TIDE_OBJECT_RULE] = &tide_kind_rule,
  [TIDE_OBJECT_POLICY] = &tide_kind_policy,
  [TIDE_OBJECT_EVENT_TRIGGER] = &tide_kind_event_trigger,
  [TIDE_OBJECT_DEFAULT_PRIVILEGES] = &tide_kind_default_privileges,
  [TIDE_OBJECT_COLUMN] = &tide_kind_column,
  [TIDE_OBJECT_CONSTRAINT] = &tide_kind_constraint,
  [TIDE_OBJECT_DEFAULT] = &tide_kind_default,
  [TIDE_OBJECT_INDEX] = &tide_kind_index,
  [TIDE_OBJECT_SEQUENCE] = &tide_kind_sequence,
  [TIDE_OBJECT_STATISTICS] = &tide_kind_statistics,
  [TIDE_OBJECT_TABLE] = &tide_kind_table,
  [TIDE_OBJECT_ACCESS_METHOD] = &tide_kind_access_method,
  [TIDE_OBJECT_CAST] = &tide_kind_cast,
  [TIDE_OBJECT_COLLATION] = &tide_kind_collation,
  [TIDE_OBJECT_CONVERSION] = &tide_kind_conversion,
  [TIDE_OBJECT_FOREIGN_SERVER] = &tide_kind_foreign_server,
  [TIDE_OBJECT_FOREIGN_WRAPPER] = &tide_kind_foreign_wrapper,
  [TIDE_OBJECT_OPERATOR] = &tide_kind_operator,
  [TIDE_OBJECT_OPERATOR_CLASS] = &tide_kind_operator_class,
  [TIDE_OBJECT_OPERATOR_FAMILY] = &tide_kind_operator_family,
  [TIDE_OBJECT_PUBLICATION] = &tide_kind_publication,
  [TIDE_OBJECT_SUBSCRIPTION] = &tide_kind_subscription,
  [TIDE_OBJECT_TRANSFORM] = &tide_kind_transform,
  [TIDE_OBJECT_TS_CONFIGURATION] = &tide_kind_ts_configuration,
  [TIDE_OBJECT_TS_DICTIONARY] = &tide_kind_ts_dictionary,
  [TIDE_OBJECT_TS_PARSER] = &tide_kind_ts_parser,
  [TIDE_OBJECT_TS_TEMPLATE] = &tide_kind_ts_template,
  [TIDE_OBJECT_USER_MAPPING] = &tide_kind_user_mapping,
};

/**
 * tide_object_kind_get_info:
 * @kind: a kind
 *
 * Returns: (transfer none): all there is to know of it
 */
const TideObjectKindInfo *
tide_object_kind_get_info (TideObjectKind kind)
{
  g_return_val_if_fail (kind < TIDE_N_OBJECT_KINDS, NULL);

  return infos[kind];
}

guint
tide_object_kind_get_n_attributes (TideObjectKind kind)
{
  return TIDE_N_COMMON_ATTRIBUTES + tide_object_kind_get_info (kind)->n_attributes;
}

const TideAttribute *
tide_object_kind_get_attribute (TideObjectKind kind,
                                guint          index)
{
  g_return_val_if_fail (index < tide_object_kind_get_n_attributes (kind), NULL);

  if (index < TIDE_N_COMMON_ATTRIBUTES)
    return &common_attributes[index];
  return &tide_object_kind_get_info (kind)->attributes[index - TIDE_N_COMMON_ATTRIBUTES];
}

int
tide_object_kind_find_attribute (TideObjectKind  kind,
                                 const char     *name)
{
  guint n = tide_object_kind_get_n_attributes (kind);

  for (guint i = 0; i < n; i++)
    if (g_str_equal (tide_object_kind_get_attribute (kind, i)->name, name))
      return i;
  return -1;
}
