/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "project/tide-dotenv.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            size_t        size);

static void
free_error (gpointer error)
{
  g_error_free (error);
}

/* Every name is a name, every value is text, every line is in the file */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size)
{
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (free_error);
  g_autoptr(GPtrArray) entries = tide_dotenv_parse ((const char *) data, size, ".env", warnings);
  int last_line = 1;

  for (size_t i = 0; i < size; i++)
    last_line += data[i] == '\n' || data[i] == '\r';
  for (guint i = 0; i < entries->len; i++)
    {
      TideDotenvEntry *entry = g_ptr_array_index (entries, i);
      g_autofree char *value = tide_dotenv_expand (entry->value, entries, NULL, NULL);

      g_assert (*entry->name != '\0' && g_utf8_validate (entry->name, -1, NULL));
      g_assert (g_utf8_validate (value, -1, NULL));
      g_assert (entry->line >= 1 && entry->line <= last_line);
    }
  return 0;
}
