/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "tide-heap.h"

/* What a window takes until its first frame is there */
#define HEAP_BYTES (12 * 1024 * 1024)
#define HUGE_PAGE  (2 * 1024 * 1024)

/* A start fills two thousand pages of the heap, and each that is touched for the first time is a matter for the kernel: on a virtual
 * machine that took 20 of the 270 ms until the first frame. So the heap grows at once, in huge pages.
 *
 * A block that was mapped and freed tells the allocator that blocks of that size come and go: the second one is taken from the
 * heap, and what is freed stays there. */
void
tide_heap_prepare (void)
{
#ifdef MADV_HUGEPAGE
  uintptr_t start, end;
  void *volatile block = malloc (HEAP_BYTES + 1); /* else the compiler knows better, and leaves out both calls */

  free (block);
  block = malloc (HEAP_BYTES);
  if (block == NULL)
    return;
  start = ((uintptr_t) block + HUGE_PAGE - 1) & ~(uintptr_t) (HUGE_PAGE - 1);
  end = ((uintptr_t) block + HEAP_BYTES) & ~(uintptr_t) (HUGE_PAGE - 1);
  if (end > start)
    madvise ((void *) start, end - start, MADV_HUGEPAGE);
  free (block);
#endif
}
