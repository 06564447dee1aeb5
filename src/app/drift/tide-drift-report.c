/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-drift-report"

#include "config.h"

#include <glib/gi18n.h>

#include "drift/tide-drift-report.h"
#include "schema/tide-text-diff.h"
#include "tide-html.h"

static const char style[] =
  "table { border-collapse: collapse; width: 100%; table-layout: fixed; margin-bottom: 2em; }\n"
  "td { font-family: monospace; white-space: pre-wrap; overflow-wrap: anywhere; vertical-align: top; padding: 0 .5em; width: 50%; }\n"
  ".changed { background: rgba(229,165,10,.2); } .removed { background: rgba(224,27,36,.2); } .added { background: rgba(46,194,126,.2); }\n"
  "mark { background: rgba(229,165,10,.5); color: inherit; }\n";

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

      tide_html_add_text (html, text + at, span.start - at);
      g_string_append (html, "<mark>");
      tide_html_add_text (html, text + span.start, span.end - span.start);
      g_string_append (html, "</mark>");
      at = span.end;
    }
  if (text != NULL)
    tide_html_add_text (html, text + at, -1);
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

  tide_html_add_element (html, "h2", title);
  g_string_append (html, "<table><tr><th>");
  tide_html_add_text (html, comparison->left_label, -1);
  g_string_append (html, "</th><th>");
  tide_html_add_text (html, comparison->right_label, -1);
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

  tide_html_add_element (html, "h2", title);
  g_string_append (html, "<ul>\n");
  for (guint i = 0; i < statements->len; i++)
    {
      const TideScriptStatement *statement = g_ptr_array_index (statements, i);
      g_autofree char *hazard = statement->hazards == TIDE_HAZARD_NONE ? NULL : tide_hazard_dup_text (statement->hazards);

      if (hazard == NULL)
        continue;
      g_string_append (html, "<li><code>");
      tide_html_add_text (html, statement->sql, -1);
      g_string_append (html, "</code>: ");
      tide_html_add_text (html, hazard, -1);
      g_string_append (html, "</li>\n");
    }
  g_string_append (html, "</ul>\n<pre>");
  tide_html_add_text (html, text, -1);
  g_string_append (html, "</pre>\n");
}

char *
tide_drift_report_dup_html (TideDriftComparison *comparison)
{
  GPtrArray *groups = tide_drift_outline_get_groups (comparison->outline);
  TideDriftCounts counts = tide_drift_outline_get_counts (comparison->outline);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *moment = g_date_time_format_iso8601 (now);
  g_autofree char *title = g_strdup_printf (_("%s and %s"), comparison->left_label, comparison->right_label);
  g_autofree char *summary = g_strdup_printf (_("%u added, %u removed, %u changed; %s"), counts.added, counts.removed,
                                              counts.changed, moment);
  GString *html;

  html = tide_html_new (title, style);
  g_string_append (html, "<p>");
  tide_html_add_text (html, summary, -1);
  g_string_append (html, "</p>\n");
  for (guint i = 0; i < groups->len; i++)
    {
      const TideDriftGroup *group = g_ptr_array_index (groups, i);

      for (guint k = 0; k < group->entries->len; k++)
        append_entry (html, comparison, group, g_ptr_array_index (group->entries, k));
    }
  append_script (html, _("SQL from left to right"), comparison->adopt);
  append_script (html, _("SQL from right to left"), comparison->revert);
  return tide_html_end (html);
}
