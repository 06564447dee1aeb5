/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-row-spill"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "query/tide-row-spill.h"
#include "tide-error.h"

/* So much is mapped at once: a process may have some ten thousand mappings only. */
#define SEGMENT (64 * 1024 * 1024)
#define ALIGN(n) (((n) + 4095) & ~(gsize) 4095)

struct _TideRowSpill
{
  int     fd;
  char   *folder;
  goffset end;       /* of the file */
  GBytes *segment;   /* (nullable): the last one that is mapped */
  goffset start;     /* of the segment in the file */
};

typedef struct
{
  char  *data;
  gsize  size;
} Mapping;

static void
unmap (gpointer data)
{
  Mapping *mapping = data;

  munmap (mapping->data, mapping->size);
  g_free (mapping);
}

static void
set_error (TideRowSpill  *self,
           GError       **error)
{
  int code = errno;

  tide_set_error (error, TIDE_ERROR_FAILED,
                  "free some space there, fetch fewer rows, or allow results more memory in the preferences",
                  "cannot keep more rows in \"%s\": %s", self->folder, g_strerror (code));
}

/* Not the temporary folder: that is often memory itself. */
TideRowSpill *
tide_row_spill_new (GError **error)
{
  g_autoptr(TideRowSpill) self = g_new0 (TideRowSpill, 1);

  self->fd = -1;
  self->folder = g_build_filename (g_get_user_cache_dir (), "tidemark", NULL);
  if (g_mkdir_with_parents (self->folder, 0700) == 0)
    self->fd = open (self->folder, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
  /* Some file systems cannot make a file without a name. */
  if (self->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
    {
      g_autofree char *name = g_build_filename (self->folder, "rows-XXXXXX", NULL);

      self->fd = g_mkstemp_full (name, O_RDWR | O_CLOEXEC, 0600);
      if (self->fd >= 0)
        g_unlink (name);
    }
  if (self->fd >= 0)
    return g_steal_pointer (&self);
  set_error (self, error);
  return NULL;
}

void
tide_row_spill_free (TideRowSpill *self)
{
  g_clear_pointer (&self->segment, g_bytes_unref);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->folder);
  g_free (self);
}

static gboolean
write_all (TideRowSpill *self,
           const char   *data,
           gsize         size)
{
  gsize done = 0;

  while (done < size)
    {
      gssize n = pwrite (self->fd, data + done, size - done, self->end + done);

      if (n < 0 && errno != EINTR)
        return FALSE;
      done += MAX (n, 0);
    }
  return TRUE;
}

/* Maps ahead of the end of the file: nobody looks there before it is written. */
static gboolean
map_segment (TideRowSpill *self,
             gsize         size)
{
  Mapping *mapping;
  char *data;

  size = MAX (SEGMENT, ALIGN (size));
  data = mmap (NULL, size, PROT_READ, MAP_SHARED, self->fd, self->end);
  if (data == MAP_FAILED)
    return FALSE;
  mapping = g_new0 (Mapping, 1);
  mapping->data = data;
  mapping->size = size;
  g_clear_pointer (&self->segment, g_bytes_unref);
  self->segment = g_bytes_new_with_free_func (data, size, unmap, mapping);
  self->start = self->end;
  return TRUE;
}

const char *
tide_row_spill_add (TideRowSpill  *self,
                    const char    *data,
                    gsize          size,
                    GBytes       **owner,
                    GError       **error)
{
  gboolean fits = self->segment != NULL &&
                  self->end + size <= self->start + g_bytes_get_size (self->segment);
  const char *place;

  if ((!fits && !map_segment (self, size)) || !write_all (self, data, size))
    {
      set_error (self, error);
      return NULL;
    }
  place = (const char *) g_bytes_get_data (self->segment, NULL) + (self->end - self->start);
  *owner = g_bytes_ref (self->segment);
  self->end += ALIGN (size);
  return place;
}
