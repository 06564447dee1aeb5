/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-run-report"

#include "config.h"

#include "job/tide-tool.h"
#include "runbook/tide-pipeline-private.h"
#include "tide-html.h"
#include "tide-json.h"

static const char style[] =
  "body { max-width: 70em; } table { border-collapse: collapse; margin-bottom: 1.5em; }\n"
  "td, th { vertical-align: top; padding: .3em 1em .3em 0; text-align: left; }\n"
  ".steps td { border-top: 1px solid rgba(128,128,128,.4); } .lines { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .9em; }\n"
  ".passed { color: #26a269; } .warned { color: #ae7b03; } .failed, .cancelled, .killed { color: #c01c28; }\n"
  ".skipped, .waiting { opacity: .6; } .box { border: 1px solid rgba(128,128,128,.5); border-radius: 8px; padding: .5em 1em; }\n"
  "details { margin-bottom: 1em; } summary { cursor: pointer; }\n";

static void
add_fact (GString    *html,
          JsonObject *object,
          const char *member,
          const char *title)
{
  g_autofree char *text = tide_json_dup_text (object, member);

  if (text == NULL)
    return;
  g_string_append (html, "<tr>");
  tide_html_add_element (html, "th", title);
  tide_html_add_element (html, "td", text);
  g_string_append (html, "</tr>\n");
}

static JsonArray *
get_array (JsonObject *object,
           const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static void
add_lines (GString    *html,
           JsonObject *object,
           const char *member)
{
  g_autofree char *text = tide_json_dup_text (object, member);

  if (text == NULL || *text == '\0')
    return;
  g_string_append (html, "<div class=\"lines\">");
  tide_html_add_text (html, text, -1);
  g_string_append (html, "</div>\n");
}

static void
add_steps (GString    *html,
           JsonObject *object)
{
  JsonArray *steps = get_array (object, "steps");

  g_string_append (html, "<h2>Steps</h2>\n<table class=\"steps\">\n");
  for (guint i = 0; steps != NULL && i < json_array_get_length (steps); i++)
    {
      JsonObject *step = json_array_get_object_element (steps, i);
      g_autofree char *title = tide_json_dup_text (step, "title");
      g_autofree char *state = tide_json_dup_text (step, "state");
      g_autofree char *status = tide_json_dup_text (step, "status");
      g_autofree char *log = tide_json_dup_text (step, "log");

      g_string_append (html, "<tr>");
      tide_html_add_element (html, "th", title);
      g_string_append_printf (html, "<td class=\"%s\">%s</td><td>%.2f s</td><td>", state, state,
                              json_object_get_double_member_with_default (step, "seconds", 0));
      if (status != NULL)
        tide_html_add_element (html, "div", status);
      add_lines (html, step, "detail");
      if (log != NULL)
        {
          g_string_append (html, "<details><summary>Log</summary>");
          add_lines (html, step, "log");
          g_string_append (html, "</details>");
        }
      g_string_append (html, "</td></tr>\n");
    }
  g_string_append (html, "</table>\n");
}

static void
add_migrations (GString    *html,
                JsonObject *object)
{
  JsonArray *pending = get_array (object, "pending");

  if (pending == NULL || json_array_get_length (pending) == 0)
    return;
  tide_html_add_element (html, "h2", "Migrations");
  for (guint i = 0; i < json_array_get_length (pending); i++)
    {
      JsonObject *migration = json_array_get_object_element (pending, i);
      JsonArray *warnings = get_array (migration, "warnings");
      g_autofree char *name = tide_json_dup_text (migration, "name");
      g_autofree char *sql = tide_json_dup_text (migration, "sql");

      g_string_append (html, "<details><summary>");
      tide_html_add_text (html, name, -1);
      g_string_append (html, "</summary>\n");
      for (guint k = 0; warnings != NULL && k < json_array_get_length (warnings); k++)
        {
          JsonObject *warning = json_array_get_object_element (warnings, k);
          g_autofree char *message = tide_json_dup_text (warning, "message");
          g_autofree char *line = g_strdup_printf ("line %" G_GINT64_FORMAT ": %s", tide_json_get_number (warning, "line"), message);

          tide_html_add_element (html, "p", line);
        }
      tide_html_add_element (html, "pre", sql ? sql : "");
      g_string_append (html, "</details>\n");
    }
}

/* @lines as they can be typed */
static void
add_list (GString    *html,
          JsonObject *object,
          const char *member,
          const char *title,
          const char *separator)
{
  g_auto(GStrv) lines = tide_json_dup_strings (object, member);
  g_autofree char *text = g_strjoinv (separator, lines);

  if (lines[0] == NULL)
    return;
  tide_html_add_element (html, "h3", title);
  tide_html_add_element (html, "pre", text);
}

static void
add_drift (GString    *html,
           JsonObject *object)
{
  JsonArray *before = get_array (object, "drift_before");
  JsonArray *after = get_array (object, "drift_after");

  if (before == NULL && after == NULL)
    return;
  tide_html_add_element (html, "h2", "Differences to the migrations");
  if ((before == NULL || json_array_get_length (before) == 0) && (after == NULL || json_array_get_length (after) == 0))
    tide_html_add_element (html, "p", "None, before and after.");
  add_list (html, object, "drift_before", "Before", "\n");
  add_list (html, object, "drift_after", "After", "\n");
}

static void
add_way_back (GString    *html,
              JsonObject *object)
{
  g_auto(GStrv) argv = tide_json_dup_strings (object, "rollback");
  g_autofree char *line = NULL;

  if (argv[0] == NULL)
    return;
  tide_html_add_element (html, "h2", "The way back");
  line = tide_tool_dup_line ((const char *const *) argv);
  tide_html_add_element (html, "pre", line);
  add_list (html, object, "rollback_by_hand", "With PostgreSQL's own programs", "\n");
}

static void
add_summary (GString    *html,
             JsonObject *object)
{
  g_autofree char *state = tide_json_dup_text (object, "state");
  g_autofree char *database = tide_json_dup_text (object, "database_state");
  JsonNode *error = json_object_get_member (object, "error");

  g_string_append_printf (html, "<div class=\"box\"><p class=\"%s\"><b>%s</b></p>\n", state, state);
  if (database != NULL)
    tide_html_add_element (html, "p", database);
  if (error != NULL && JSON_NODE_HOLDS_OBJECT (error))
    add_lines (html, json_node_get_object (error), "text");
  g_string_append (html, "</div>\n<table>\n");
  add_fact (html, object, "environment", "Environment");
  add_fact (html, object, "kind", "Kind");
  add_fact (html, object, "server", "Database");
  add_fact (html, object, "server_version", "PostgreSQL");
  add_fact (html, object, "user", "By");
  add_fact (html, object, "host", "On");
  add_fact (html, object, "project", "Project");
  add_fact (html, object, "started_at", "Began");
  add_fact (html, object, "ended_at", "Ended");
  add_fact (html, object, "backup", "Backup");
  add_fact (html, object, "kept", "Kept as");
  add_fact (html, object, "journal", "Journal");
  g_string_append (html, "</table>\n");
}

/**
 * tide_run_report_dup_html:
 * @json: the record of a run
 *
 * Returns: (transfer full): the same for a person, in one file that needs nothing else
 */
char *
tide_run_report_dup_html (const char *json)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autofree char *title = NULL;
  g_autofree char *purpose = NULL;
  g_autofree char *run = NULL;
  JsonObject *object;
  GString *html;

  if (!tide_json_load (parser, json, strlen (json), NULL) || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return g_strdup ("");
  object = json_node_get_object (json_parser_get_root (parser));
  purpose = tide_json_dup_text (object, "purpose");
  run = tide_json_dup_text (object, "run");
  title = g_strdup_printf ("%s: %s", purpose, run);
  html = tide_html_new (title, style);
  add_summary (html, object);
  add_steps (html, object);
  add_way_back (html, object);
  add_drift (html, object);
  add_migrations (html, object);
  return tide_html_end (html);
}
