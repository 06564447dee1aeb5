/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-drift-report"

#include "config.h"

#include <glib/gi18n.h>

#include "drift/tide-drift-report.h"
#include "schema/tide-text-diff.h"

static const char head[] =
  "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\n"
  "<style>\n"
  ":root { color-scheme: light dark; }\n"
  "body { font-family: sans-serif; margin: 2em; }\n"
  "table { border-collapse: collapse; width: 100%; table-layout: fixed; margin-bottom: 2em; }\n"
  "td { font-family: monospace; white-space: pre-wrap; overflow-wrap: anywhere; vertical-align: top; padding: 0 .5em; width: 50%; }\n"
  "th { text-align: left; padding: .3em .5em; }\n"
  ".changed { background: rgba(229,165,10,.2); } .removed { background: rgba(224,27,36,.2); } .added { background: rgba(46,194,126,.2); }\n"
  "mark { background: rgba(229,165,10,.5); color: inherit; } pre { overflow-x: auto; padding: 1em; border: 1px solid gray; }\n"
  "</style>\n";

static void
append_escaped (GString    *html,
                const char *text,
                gssize      length)
{
  g_autofree char *escaped = g_markup_escape_text (text, length);

  g_string_append (html, escaped);
}

static void
append_cell (GString    *html,
             const char *class,
             const char *text,
             GArray     *spans)
{
  guint at = 0;

  g_string_append_printf (html, "<td class=\"%s\">", text == NULL ? "" : class);
  for (guint i = 0; spans != NULL && i < spans->len; i++)
    {
      TideTextSpan span = g_array_index (spans, TideTextSpan, i);

      append_escaped (html, text + at, span.start - at);
      g_string_append (html, "<mark>");
      append_escaped (html, text + span.start, span.end - span.start);
      g_string_append (html, "</mark>");
      at = span.end;
    }
  if (text != NULL)
    append_escaped (html, text + at, -1);
  g_string_append (html, "</td>");
}

static void
append_entry (GString              *html,
              TideDriftComparison  *comparison,
              const TideDriftGroup *group,
              const TideDriftEntry *entry)
{
  static const char *const classes[] = { "", "changed", "removed", "added" };
  static const char *const signs[] = { "+", "−", "~" };
  g_autofree char *left = tide_drift_dup_definition (entry->from);
  g_autofree char *right = tide_drift_dup_definition (entry->to);
  g_autoptr (GPtrArray) rows = tide_text_diff (left, right);
  g_autofree char *title = g_strdup_printf ("%s %s %s%s%s", signs[tide_drift_entry_get_change_type (entry)],
                                            tide_object_kind_get_info (group->kind)->name,
                                            group->schema == NULL ? "" : group->schema, group->schema == NULL ? "" : ".",
                                            entry->name);

  g_string_append (html, "<h2>");
  append_escaped (html, title, -1);
  g_string_append (html, "</h2>\n<table><tr><th>");
  append_escaped (html, comparison->left_label, -1);
  g_string_append (html, "</th><th>");
  append_escaped (html, comparison->right_label, -1);
  g_string_append (html, "</th></tr>\n");
  for (guint i = 0; i < rows->len; i++)
    {
      const TideTextRow *row = g_ptr_array_index (rows, i);

      g_string_append (html, "<tr>");
      append_cell (html, classes[row->type], row->left, row->left_spans);
      append_cell (html, classes[row->type], row->right, row->right_spans);
      g_string_append (html, "</tr>\n");
    }
  g_string_append (html, "</table>\n");
}

static void
append_script (GString          *html,
               const char       *title,
               TideSchemaScript *script)
{
  GPtrArray *statements = tide_schema_script_get_statements (script);
  g_autofree char *text = tide_schema_script_dup_text (script);

  g_string_append (html, "<h2>");
  append_escaped (html, title, -1);
  g_string_append (html, "</h2>\n<ul>\n");
  for (guint i = 0; i < statements->len; i++)
    {
      const TideScriptStatement *statement = g_ptr_array_index (statements, i);
      g_autofree char *hazard = statement->hazards == TIDE_HAZARD_NONE ? NULL : tide_hazard_dup_text (statement->hazards);

      if (hazard == NULL)
        continue;
      g_string_append (html, "<li><code>");
      append_escaped (html, statement->sql, -1);
      g_string_append (html, "</code>: ");
      append_escaped (html, hazard, -1);
      g_string_append (html, "</li>\n");
    }
  g_string_append (html, "</ul>\n<pre>");
  append_escaped (html, text, -1);
  g_string_append (html, "</pre>\n");
}

char *
tide_drift_report_dup_html (TideDriftComparison *comparison)
{
  GString *html = g_string_new (head);
  GPtrArray *groups = tide_drift_outline_get_groups (comparison->outline);
  TideDriftCounts counts = tide_drift_outline_get_counts (comparison->outline);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *moment = g_date_time_format_iso8601 (now);
  g_autofree char *title = g_strdup_printf (_("%s and %s"), comparison->left_label, comparison->right_label);
  g_autofree char *summary = g_strdup_printf (_("%u added, %u removed, %u changed; %s"), counts.added, counts.removed,
                                              counts.changed, moment);

  g_string_append (html, "<title>");
  append_escaped (html, title, -1);
  g_string_append (html, "</title></head><body>\n<h1>");
  append_escaped (html, title, -1);
  g_string_append (html, "</h1>\n<p>");
  append_escaped (html, summary, -1);
  g_string_append (html, "</p>\n");
  for (guint i = 0; i < groups->len; i++)
    {
      const TideDriftGroup *group = g_ptr_array_index (groups, i);

      for (guint k = 0; k < group->entries->len; k++)
        append_entry (html, comparison, group, g_ptr_array_index (group->entries, k));
    }
  append_script (html, _("SQL from left to right"), comparison->adopt);
  append_script (html, _("SQL from right to left"), comparison->revert);
  g_string_append (html, "</body></html>\n");
  return g_string_free (html, FALSE);
}
