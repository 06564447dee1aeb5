/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-comparison"

#include "config.h"

#include <string.h>

#include "tide-comparison.h"
#include "tide-error.h"

/* Of a value more than this is not shown in a list */
#define MAX_VALUE 100

static const struct
{
  const char *sign;
  const char *word;
  TideStyle   style;
} types[] = {
  [TIDE_CHANGE_ADDED] = { "+", "added", TIDE_STYLE_GOOD },
  [TIDE_CHANGE_REMOVED] = { "-", "removed", TIDE_STYLE_BAD },
  [TIDE_CHANGE_CHANGED] = { "~", "changed", TIDE_STYLE_WARNING },
};

static const TideSchemaObject *
get_object (const TideSchemaChange *change)
{
  return change->to != NULL ? change->to : change->from;
}

static TideObjectKind
get_kind (const TideSchemaChange *change)
{
  return tide_schema_object_get_kind (get_object (change));
}

/* (transfer full): on one line, cut */
static char *
dup_value (const char *value)
{
  g_auto(GStrv) lines = NULL;
  g_autofree char *line = NULL;

  if (value == NULL)
    return g_strdup ("nothing");
  lines = g_strsplit (value, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_strstrip (lines[i]);
  line = g_strjoinv (" ", lines);
  if (g_utf8_strlen (line, -1) <= MAX_VALUE)
    return g_steal_pointer (&line);
  *g_utf8_offset_to_pointer (line, MAX_VALUE) = '\0';
  return g_strconcat (line, "…", NULL);
}

static void
print_attribute (TideConsole *console,
                 const char  *name,
                 const char  *from,
                 const char  *to)
{
  g_autofree char *old = dup_value (from);
  g_autofree char *new = dup_value (to);

  tide_console_print (console, TIDE_STYLE_PLAIN, "        %s: ", name);
  tide_console_print (console, TIDE_STYLE_BAD, "%s", old);
  tide_console_print (console, TIDE_STYLE_PLAIN, " -> ");
  tide_console_print (console, TIDE_STYLE_GOOD, "%s\n", new);
}

static const char *
get_default (const TideSchemaObject *object)
{
  return object != NULL ? tide_schema_object_get_value (object, TIDE_N_COMMON_ATTRIBUTES) : NULL;
}

static void
print_attributes (TideConsole            *console,
                  const TideSchemaChange *change)
{
  for (guint i = 0; i < 64 && change->type == TIDE_CHANGE_CHANGED; i++)
    if (change->attributes & (G_GUINT64_CONSTANT (1) << i))
      print_attribute (console, tide_object_kind_get_attribute (get_kind (change), i)->name,
                       tide_schema_object_get_value (change->from, i), tide_schema_object_get_value (change->to, i));
  if (change->has_default_change)
    print_attribute (console, "default", get_default (change->default_from), get_default (change->default_to));
}

static void
print_change (TideConsole            *console,
              const TideSchemaChange *change)
{
  g_autofree char *name = tide_schema_object_dup_name (get_object (change));
  g_autofree char *old_name = change->from != NULL ? tide_schema_object_dup_name (change->from) : NULL;

  tide_console_print (console, types[change->type].style, "    %s ", types[change->type].sign);
  if (change->type == TIDE_CHANGE_CHANGED && !g_str_equal (old_name, name))
    tide_console_print (console, TIDE_STYLE_PLAIN, "%s (was %s)\n", name, old_name);
  else
    tide_console_print (console, TIDE_STYLE_PLAIN, "%s\n", name);
  print_attributes (console, change);
}

static void
print_tree (TideConsole *console,
            GPtrArray   *changes)
{
  const TideSchemaChange *before = NULL;

  for (guint i = 0; i < changes->len; i++)
    {
      const TideSchemaChange *change = g_ptr_array_index (changes, i);
      const char *schema = tide_schema_object_get_namespace (get_object (change));
      gboolean is_new = before == NULL || g_strcmp0 (schema, tide_schema_object_get_namespace (get_object (before))) != 0;

      if (is_new)
        tide_console_print (console, TIDE_STYLE_STRONG, "\n%s\n", schema != NULL ? schema : "in no schema");
      if (is_new || get_kind (change) != get_kind (before))
        tide_console_print (console, TIDE_STYLE_DIM, "  %s\n", tide_object_kind_get_info (get_kind (change))->plural);
      print_change (console, change);
      before = change;
    }
}

static char *
dup_counts (GPtrArray *changes)
{
  guint counts[G_N_ELEMENTS (types)] = { 0 };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < changes->len; i++)
    counts[((const TideSchemaChange *) g_ptr_array_index (changes, i))->type]++;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (counts[i] > 0)
      g_string_append_printf (text, "%s%u %s", text->len > 0 ? ", " : "", counts[i], types[i].word);
  return g_string_free (text, FALSE);
}

static void
print_lines (TideConsole *console,
             const char  *label,
             GPtrArray   *lines)
{
  for (guint i = 0; i < lines->len; i++)
    tide_console_warn (console, TIDE_STYLE_WARNING, label, g_ptr_array_index (lines, i));
}

/* To stderr: it is about the script, not of it. */
static void
tell_proof (const TideSchemaProof *proof,
            TideConsole           *console)
{
  if (proof == NULL)
    return;
  if (proof->failure != NULL)
    {
      g_autofree char *text = tide_error_dup_text (proof->failure);

      tide_console_warn (console, TIDE_STYLE_BAD, "not proved", text);
    }
  print_lines (console, "remains", proof->remaining);
  print_lines (console, "limit", proof->limits);
  if (proof->proved)
    tide_console_warn (console, TIDE_STYLE_GOOD, "proved", "run on a copy, the script left no difference");
}

void
tide_comparison_print_text (const TideComparison *self,
                            TideConsole          *console)
{
  g_autoptr(GPtrArray) changes = tide_schema_diff_list_told (self->diff);
  g_autofree char *from = tide_schema_source_dup_label (self->from);
  g_autofree char *to = tide_schema_source_dup_label (self->to);
  g_autofree char *counts = dup_counts (changes);
  guint n_ignored = tide_schema_diff_get_ignored (self->diff)->len;

  if (changes->len == 0)
    tide_console_print (console, TIDE_STYLE_GOOD, "No differences between %s and %s.\n", from, to);
  else
    tide_console_print (console, TIDE_STYLE_STRONG, "From %s to %s: %s.\n", from, to, counts);
  print_tree (console, changes);
  if (n_ignored > 0)
    tide_console_print (console, TIDE_STYLE_DIM, "\n%u more ignored, as tidemark.json%s says.\n", n_ignored,
                        tide_schema_source_is_drift (self->from, self->to) ? " or a note" : "");
  tell_proof (self->proof, console);
}

static void
tell_hazards (TideSchemaScript *script,
              TideConsole      *console)
{
  GPtrArray *statements = tide_schema_script_get_statements (script);

  for (guint bit = 0; bit < 16; bit++)
    {
      TideHazard hazard = 1u << bit;
      g_autofree char *text = NULL;
      g_autofree char *line = NULL;
      guint n = 0;

      for (guint i = 0; i < statements->len; i++)
        n += (((const TideScriptStatement *) g_ptr_array_index (statements, i))->hazards & hazard) != 0;
      if (n == 0)
        continue;
      text = tide_hazard_dup_text (hazard);
      line = g_strdup_printf ("%u of %u statements: %s", n, statements->len, text);
      tide_console_warn (console, TIDE_STYLE_WARNING, "hazard", line);
    }
}

void
tide_comparison_print_script (const TideComparison *self,
                              TideConsole          *console)
{
  g_autofree char *text = self->script != NULL ? tide_schema_script_dup_text (self->script) : NULL;

  if (text == NULL)
    return;
  tide_console_write (console, text);
  tell_hazards (self->script, console);
  tell_proof (self->proof, console);
}
