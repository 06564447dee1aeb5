/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "project/tide-lock-file.h"
#include "project/tide-node-text.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            size_t        size);

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size)
{
  gsize text_size;
  g_autofree char *text = tide_node_text_decode ((const char *) data, size, &text_size);
  g_autoptr(GError) error = NULL;

  g_assert (size == 0 || text_size > 0);
  g_assert (tide_lock_file_check (text, "migration_lock.toml", &error) == (error == NULL));
  return 0;
}
