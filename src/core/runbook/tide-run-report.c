/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-run-report"

#include "config.h"

#include <glib/gi18n.h>

#include "job/tide-tool.h"
#include "runbook/tide-pipeline-private.h"
#include "tide-html.h"
#include "tide-json.h"

static const char style[] =
  "body { max-width: 70em; margin: 2em auto; padding: 0 1.5em; line-height: 1.4; }\n"
  "h1 { font-size: 1.6em; } h2 { font-size: 1.25em; margin-top: 1.8em; } h3 { font-size: 1em; }\n"
  "table { border-collapse: collapse; margin-bottom: 1.5em; }\n"
  "td, th { vertical-align: top; padding: .35em 1.2em .35em 0; text-align: left; overflow-wrap: anywhere; }\n"
  "th, .number { white-space: nowrap; overflow-wrap: normal; } .number { text-align: right; font-variant-numeric: tabular-nums; }\n"
  ".facts th { font-weight: normal; opacity: .75; }\n"
  ".steps { width: 100%; } .steps tr { border-top: 1px solid rgba(128,128,128,.35); }\n"
  ".steps .state { white-space: nowrap; font-weight: bold; }\n"
  ".lines { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .9em; opacity: .85; }\n"
  "pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 0; border-radius: 8px; background: rgba(128,128,128,.12); font-size: .9em; }\n"
  ".box { border-left: 5px solid; border-radius: 8px; background: rgba(128,128,128,.12); padding: .6em 1.2em; margin: 1.5em 0; }\n"
  ".box p { margin: .4em 0; } .box .text { color: CanvasText; } .box b { font-size: 1.15em; }\n"
  ".done, .passed { color: #1b7a43; } .warned { color: #8f5902; } .failed, .cancelled, .killed { color: #c01c28; }\n"
  ".running, .asking { color: #1c71d8; } .skipped, .waiting { opacity: .6; }\n"
  "@media (prefers-color-scheme: dark) { .done, .passed { color: #57e389; } .warned { color: #f8e45c; }\n"
  "  .failed, .cancelled, .killed { color: #ff7b7b; } .running, .asking { color: #78aeed; } }\n"
  "details { margin: .5em 0; } summary { cursor: pointer; overflow-wrap: anywhere; }\n"
  "@media (max-width: 40em) { .steps tr, .steps th, .steps td, .facts tr, .facts th, .facts td { display: block; padding: 0; }\n"
  "  .steps tr { padding: .5em 0; } .facts tr { padding: .2em 0; } .number { text-align: left; } }\n"
  "@media print { .box, pre { background: none; border: 1px solid gray; }\n"
  "  details::details-content { content-visibility: visible; } }\n";

typedef struct
{
  const char *id;   /* in the record */
  const char *word; /* N_() */
} Word;

static const Word purposes[] = {
  { "deploy", N_("Deployment") },
  { "rollback-automatic", N_("Roll-back to the backup of a run") },
  { "rollback-migration", N_("Roll-back of a migration") },
  { "rollback-emergency", N_("Emergency roll-back") },
  { NULL, NULL },
};

/* Of a run and of a step */
static const Word states[] = {
  { "running", N_("Running") }, { "done", N_("Done") }, { "failed", N_("Failed") }, { "cancelled", N_("Stopped") },
  { "killed", N_("Broken off") }, { "waiting", N_("Not reached") }, { "asking", N_("Asks") }, { "passed", N_("Done") },
  { "warned", N_("Warning") }, { "skipped", N_("Skipped") }, { NULL, NULL },
};

static const char *
find_word (const Word *words,
           const char *id)
{
  for (guint i = 0; words[i].id != NULL; i++)
    if (g_strcmp0 (words[i].id, id) == 0)
      return _(words[i].word);
  return id ? id : "";
}

static void
add_fact (GString    *html,
          const char *title,
          const char *text)
{
  if (text == NULL)
    return;
  g_string_append (html, "<tr>");
  tide_html_add_element (html, "th", title);
  tide_html_add_element (html, "td", text);
  g_string_append (html, "</tr>\n");
}

static void
add_member (GString    *html,
            JsonObject *object,
            const char *member,
            const char *title)
{
  g_autofree char *text = tide_json_dup_text (object, member);

  add_fact (html, title, text);
}

/* (transfer full) (nullable): when it was, by the clock of whoever ran it */
static char *
dup_time (JsonObject *object,
          const char *member)
{
  g_autofree char *text = tide_json_dup_text (object, member);
  g_autoptr(GDateTime) time = text ? g_date_time_new_from_iso8601 (text, NULL) : NULL;
  g_autoptr(GDateTime) local = time ? g_date_time_to_local (time) : NULL;

  return local ? g_date_time_format (local, "%Y-%m-%d %H:%M:%S %:z") : NULL;
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
           const char *text) /* (nullable) */
{
  if (text == NULL || *text == '\0')
    return;
  g_string_append (html, "<div class=\"lines\">");
  tide_html_add_text (html, text, -1);
  g_string_append (html, "</div>\n");
}

/* (nullable): @detail without a first line that says what stands above it */
static const char *
skip_line (const char *detail,
           const char *status)
{
  gsize length = detail != NULL && status != NULL && g_str_has_prefix (detail, status) ? strlen (status) : 0;

  if (length == 0 || (detail[length] != '\n' && detail[length] != '\0'))
    return detail;
  return detail[length] == '\n' ? detail + length + 1 : NULL;
}

static void
add_step (GString    *html,
          JsonObject *step)
{
  g_autofree char *title = tide_json_dup_text (step, "title");
  g_autofree char *state = tide_json_dup_text (step, "state");
  g_autofree char *status = tide_json_dup_text (step, "status");
  g_autofree char *detail = tide_json_dup_text (step, "detail");
  g_autofree char *log = tide_json_dup_text (step, "log");
  double seconds = json_object_get_double_member_with_default (step, "seconds", 0);

  g_string_append_printf (html, "<tr class=\"%s\">", g_strcmp0 (state, "waiting") == 0 ? "waiting" : "");
  tide_html_add_element (html, "th", title);
  g_string_append_printf (html, "<td class=\"state %s\">", state);
  tide_html_add_text (html, find_word (states, state), -1);
  g_string_append (html, "</td><td class=\"number\">");
  if (seconds > 0)
    g_string_append_printf (html, "%.2f s", seconds);
  g_string_append (html, "</td><td>");
  if (status != NULL)
    tide_html_add_element (html, "div", status);
  add_lines (html, skip_line (detail, status));
  if (log != NULL)
    {
      g_string_append (html, "<details>");
      tide_html_add_element (html, "summary", _("Log"));
      add_lines (html, log);
      g_string_append (html, "</details>");
    }
  g_string_append (html, "</td></tr>\n");
}

static void
add_steps (GString    *html,
           JsonObject *object)
{
  JsonArray *steps = get_array (object, "steps");

  tide_html_add_element (html, "h2", _("Steps"));
  g_string_append (html, "<table class=\"steps\">\n");
  for (guint i = 0; steps != NULL && i < json_array_get_length (steps); i++)
    add_step (html, json_array_get_object_element (steps, i));
  g_string_append (html, "</table>\n");
}

static void
add_migrations (GString    *html,
                JsonObject *object)
{
  JsonArray *pending = get_array (object, "pending");

  if (pending == NULL || json_array_get_length (pending) == 0)
    return;
  tide_html_add_element (html, "h2", _("Migrations"));
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
          g_autofree char *line = g_strdup_printf (_("line %d: "), (int) tide_json_get_number (warning, "line"));
          g_autofree char *text = g_strconcat (line, message, NULL);

          tide_html_add_element (html, "p", text);
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
  tide_html_add_element (html, "h2", _("Differences to the migrations"));
  if ((before == NULL || json_array_get_length (before) == 0) && (after == NULL || json_array_get_length (after) == 0))
    tide_html_add_element (html, "p", _("None, before and after."));
  add_list (html, object, "drift_before", _("Before"), "\n");
  add_list (html, object, "drift_after", _("After"), "\n");
}

static void
add_way_back (GString    *html,
              JsonObject *object)
{
  g_auto(GStrv) argv = tide_json_dup_strings (object, "rollback");
  g_autofree char *line = NULL;

  if (argv[0] == NULL)
    return;
  tide_html_add_element (html, "h2", _("The way back"));
  line = tide_tool_dup_line ((const char *const *) argv);
  tide_html_add_element (html, "pre", line);
  add_list (html, object, "rollback_by_hand", _("With PostgreSQL's own programs"), "\n");
}

static void
add_summary (GString    *html,
             JsonObject *object)
{
  g_autofree char *state = tide_json_dup_text (object, "state");
  g_autofree char *database = tide_json_dup_text (object, "database_state");
  g_autofree char *began = dup_time (object, "started_at");
  g_autofree char *ended = dup_time (object, "ended_at");
  JsonNode *error = json_object_get_member (object, "error");
  g_autofree char *text = error != NULL && JSON_NODE_HOLDS_OBJECT (error) ? tide_json_dup_text (json_node_get_object (error), "text") : NULL;

  g_string_append_printf (html, "<div class=\"box %s\"><p>", state);
  tide_html_add_element (html, "b", find_word (states, state));
  g_string_append (html, "</p><div class=\"text\">\n");
  if (database != NULL)
    tide_html_add_element (html, "p", database);
  add_lines (html, text);
  g_string_append (html, "</div></div>\n<table class=\"facts\">\n");
  add_member (html, object, "environment", _("Environment"));
  add_member (html, object, "server", _("Database"));
  add_member (html, object, "server_version", _("PostgreSQL"));
  add_member (html, object, "user", _("By"));
  add_member (html, object, "host", _("On"));
  add_member (html, object, "project", _("Project"));
  add_fact (html, _("Began"), began);
  add_fact (html, _("Ended"), ended);
  add_member (html, object, "backup", _("Backup"));
  add_member (html, object, "kept", _("Kept as"));
  add_member (html, object, "file", _("Corrective SQL"));
  add_member (html, object, "journal", _("Journal"));
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
  g_autofree char *environment = NULL;
  JsonObject *object;
  GString *html;

  if (!tide_json_load (parser, json, strlen (json), NULL) || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    return g_strdup ("");
  object = json_node_get_object (json_parser_get_root (parser));
  purpose = tide_json_dup_text (object, "purpose");
  run = tide_json_dup_text (object, "run");
  environment = tide_json_dup_text (object, "environment");
  title = g_strdup_printf ("%s: %s", find_word (purposes, purpose), environment ? environment : run);
  html = tide_html_new (title, style);
  add_summary (html, object);
  add_steps (html, object);
  add_way_back (html, object);
  add_drift (html, object);
  add_migrations (html, object);
  return tide_html_end (html);
}
