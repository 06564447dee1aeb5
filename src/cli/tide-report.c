/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-report"

#include "config.h"

#include "tide-error.h"
#include "tide-report.h"

static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/**
 * tide_report_exit_for:
 * @error: what kept a command from its work
 *
 * Returns: the exit status that tells it
 */
TideExit
tide_report_exit_for (const GError *error)
{
  if (is_cancelled (error))
    return TIDE_EXIT_INTERRUPTED;
  if (error->domain != TIDE_ERROR)
    return TIDE_EXIT_NOT_IN_ORDER;

  switch ((TideErrorCode) error->code)
    {
    case TIDE_ERROR_USAGE:
      return TIDE_EXIT_USAGE;
    case TIDE_ERROR_UNREACHABLE:
    case TIDE_ERROR_LOST:
    case TIDE_ERROR_TIMED_OUT:
      return TIDE_EXIT_UNREACHABLE;
    default:
      return TIDE_EXIT_NOT_IN_ORDER;
    }
}

/**
 * tide_report_add_text:
 * @builder: a builder inside an object
 * @name: the member's name
 * @text: (nullable): its value; %NULL becomes `null`
 */
void
tide_report_add_text (JsonBuilder *builder,
                      const char  *name,
                      const char  *text)
{
  json_builder_set_member_name (builder, name);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

/**
 * tide_report_dup_time:
 * @time: microseconds since the epoch
 * @format: as g_date_time_format() takes it
 *
 * Returns: (transfer full): @time in UTC, as names of migrations are
 */
char *
tide_report_dup_time (gint64      time,
                      const char *format)
{
  g_autoptr(GDateTime) seconds = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr(GDateTime) moment = g_date_time_add (seconds, time % G_USEC_PER_SEC);

  return g_date_time_format (moment, format);
}

/**
 * tide_report_add_time:
 * @builder: a builder inside an object
 * @name: the member's name
 * @time: microseconds since the epoch; 0 becomes `null`
 */
void
tide_report_add_time (JsonBuilder *builder,
                      const char  *name,
                      gint64       time)
{
  g_autofree char *text = time != 0 ? tide_report_dup_time (time, "%Y-%m-%dT%H:%M:%S.%fZ") : NULL;

  tide_report_add_text (builder, name, text);
}

/**
 * tide_report_add_names:
 * @builder: a builder inside an object
 * @name: the member's name
 * @names: (element-type utf8): its elements
 */
void
tide_report_add_names (JsonBuilder *builder,
                       const char  *name,
                       GPtrArray   *names)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; i < names->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (names, i));
  json_builder_end_array (builder);
}

/**
 * tide_report_add_strings:
 * @builder: a builder inside an object
 * @name: the member's name
 * @strings: (array zero-terminated=1): its elements
 */
void
tide_report_add_strings (JsonBuilder  *builder,
                         const char   *name,
                         char        **strings)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; strings[i] != NULL; i++)
    json_builder_add_string_value (builder, strings[i]);
  json_builder_end_array (builder);
}

/**
 * tide_report_add_target:
 * @builder: a builder inside an object
 * @project: (nullable): the project at hand
 * @target: the database that was meant
 *
 * Adds `project`, `target`, `kind` and `database`.
 */
void
tide_report_add_target (JsonBuilder *builder,
                        TideProject *project,
                        TideTarget  *target)
{
  TideConninfo *conninfo = tide_target_get_conninfo (target);

  tide_report_add_text (builder, "project", project ? tide_project_get_root (project) : NULL);
  tide_report_add_text (builder, "target", tide_target_get_name (target));
  tide_report_add_text (builder, "kind", tide_kind_to_string (tide_target_get_kind (target)));
  tide_report_add_text (builder, "database", tide_conninfo_get (conninfo, "dbname"));
}

static const char *
error_word (const GError *error)
{
  if (is_cancelled (error))
    return "cancelled";
  return tide_error_code_nick (error->domain == TIDE_ERROR ? error->code : TIDE_ERROR_FAILED);
}

static void
add_line (JsonBuilder           *builder,
          const TideErrorFields *fields)
{
  json_builder_set_member_name (builder, "line");
  if (fields->line > 0)
    json_builder_add_int_value (builder, fields->line);
  else
    json_builder_add_null_value (builder);
}

/* Every key is always there, so that a reader need not ask first. */
static void
add_error_members (JsonBuilder  *builder,
                   const GError *error)
{
  const TideErrorFields none = { 0 };
  const TideErrorFields *fields = tide_error_get_fields (error);

  if (fields == NULL)
    fields = &none;
  tide_report_add_text (builder, "code", error_word (error));
  tide_report_add_text (builder, "sqlstate", fields->sqlstate);
  tide_report_add_text (builder, "message", error->message);
  tide_report_add_text (builder, "detail", fields->detail);
  tide_report_add_text (builder, "hint", fields->hint);
  tide_report_add_text (builder, "statement", fields->statement);
  add_line (builder, fields);
  tide_report_add_text (builder, "file", fields->file);
  tide_report_add_text (builder, "prisma", fields->prisma_code);
}

/**
 * tide_report_add_failure:
 * @builder: a builder inside an object
 * @name: the member's name
 * @migration: (nullable): the migration that failed; %NULL makes the value `null`
 * @error: (nullable): why
 */
void
tide_report_add_failure (JsonBuilder  *builder,
                         const char   *name,
                         const char   *migration,
                         const GError *error)
{
  json_builder_set_member_name (builder, name);
  if (migration == NULL)
    {
      json_builder_add_null_value (builder);
      return;
    }
  json_builder_begin_object (builder);
  tide_report_add_text (builder, "name", migration);
  if (error != NULL)
    add_error_members (builder, error);
  json_builder_end_object (builder);
}

/**
 * tide_report_add_error:
 * @builder: a builder inside an object
 * @error: what kept a command from its work
 *
 * Adds the member `error`.
 */
void
tide_report_add_error (JsonBuilder  *builder,
                       const GError *error)
{
  json_builder_set_member_name (builder, "error");
  json_builder_begin_object (builder);
  add_error_members (builder, error);
  json_builder_end_object (builder);
}
