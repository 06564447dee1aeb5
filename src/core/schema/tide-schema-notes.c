/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-schema-notes"

#include "config.h"

#include <glib/gi18n.h>

#include "schema/tide-schema-diff.h"

static int
get_major (TideSchema *schema)
{
  return tide_schema_get_server_version (schema) / 10000;
}

/* Other differences of majors lie in the server itself; which version of an extension is there, a person may care for. */
GPtrArray *
tide_schema_diff_list_notes (const TideSchemaDiff *self)
{
  TideSchema *from = tide_schema_diff_get_from (self);
  TideSchema *to = tide_schema_diff_get_to (self);
  GPtrArray *notes = g_ptr_array_new_with_free_func (g_free);
  guint first;
  guint end;

  if (get_major (from) == get_major (to))
    return notes;
  tide_schema_get_range (from, TIDE_OBJECT_EXTENSION, &first, &end);
  for (guint i = first; i < end; i++)
    {
      const TideSchemaObject *extension = tide_schema_get_object (from, i);
      const TideSchemaObject *other = tide_schema_diff_get_counterpart (self, extension);
      const char *version = tide_schema_object_get (extension, "version");
      const char *other_version = other == NULL ? version : tide_schema_object_get (other, "version");

      if (g_strcmp0 (version, other_version) != 0)
        g_ptr_array_add (notes,
                         g_strdup_printf (_("extension \"%s\" is version %s on the left, of PostgreSQL %d, and %s on the right, of %d: each"
                                            " brings its own, so that is not counted as a difference"),
                                          tide_schema_object_get_name (extension), version, get_major (from), other_version,
                                          get_major (to)));
    }
  return notes;
}
