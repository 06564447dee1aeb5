/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-object-kind.h"

G_BEGIN_DECLS

/* One file in this folder each; tide-object-kind.c lists them. */
extern const TideObjectKindInfo tide_kind_access_method;
extern const TideObjectKindInfo tide_kind_aggregate;
extern const TideObjectKindInfo tide_kind_base_type;
extern const TideObjectKindInfo tide_kind_cast;
extern const TideObjectKindInfo tide_kind_collation;
extern const TideObjectKindInfo tide_kind_column;
extern const TideObjectKindInfo tide_kind_composite;
extern const TideObjectKindInfo tide_kind_constraint;
extern const TideObjectKindInfo tide_kind_conversion;
extern const TideObjectKindInfo tide_kind_database;
extern const TideObjectKindInfo tide_kind_default;
extern const TideObjectKindInfo tide_kind_default_privileges;
extern const TideObjectKindInfo tide_kind_domain;
extern const TideObjectKindInfo tide_kind_enum;
extern const TideObjectKindInfo tide_kind_event_trigger;
extern const TideObjectKindInfo tide_kind_extension;
extern const TideObjectKindInfo tide_kind_foreign_server;
extern const TideObjectKindInfo tide_kind_foreign_wrapper;
extern const TideObjectKindInfo tide_kind_function;
extern const TideObjectKindInfo tide_kind_index;
extern const TideObjectKindInfo tide_kind_language;
extern const TideObjectKindInfo tide_kind_materialized_view;
extern const TideObjectKindInfo tide_kind_operator;
extern const TideObjectKindInfo tide_kind_operator_class;
extern const TideObjectKindInfo tide_kind_operator_family;
extern const TideObjectKindInfo tide_kind_policy;
extern const TideObjectKindInfo tide_kind_publication;
extern const TideObjectKindInfo tide_kind_range;
extern const TideObjectKindInfo tide_kind_rule;
extern const TideObjectKindInfo tide_kind_schema;
extern const TideObjectKindInfo tide_kind_sequence;
extern const TideObjectKindInfo tide_kind_statistics;
extern const TideObjectKindInfo tide_kind_subscription;
extern const TideObjectKindInfo tide_kind_table;
extern const TideObjectKindInfo tide_kind_transform;
extern const TideObjectKindInfo tide_kind_trigger;
extern const TideObjectKindInfo tide_kind_ts_configuration;
extern const TideObjectKindInfo tide_kind_ts_dictionary;
extern const TideObjectKindInfo tide_kind_ts_parser;
extern const TideObjectKindInfo tide_kind_ts_template;
extern const TideObjectKindInfo tide_kind_user_mapping;
extern const TideObjectKindInfo tide_kind_view;

G_END_DECLS
