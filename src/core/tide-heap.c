/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-heap"

#include "config.h"

#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tide-heap.h"

/* What a comparison of the largest schemas takes; more comes as usual. It is only addresses until it is written to. */
#define ROOM ((gsize) 256 << 20)

/* As x86-64 and arm64 have them */
#define LARGE_PAGE ((gsize) 2 << 20)

/**
 * tide_heap_prepare:
 * @largest: the bytes from which on a block is the kernel's, and goes back to it as soon as it is freed; 32 MiB at most
 *
 * Has malloc() take the program's memory from one heap, in large pages where the kernel has them on request
 * (transparent_hugepage is "madvise"). A comparison of two schemas of a thousand tables writes to nine thousand small
 * pages, and the faults take a third of its processor time. What is smaller than @largest is kept to the end. Changes
 * nothing where the C library is another, or malloc() is (the sanitizers').
 *
 * Main thread, once, before there are others.
 */
void
tide_heap_prepare (gsize largest)
{
#ifdef __GLIBC__
  guintptr begin = (guintptr) sbrk (0);
  guintptr end;
  void *volatile first;

  /* Threads that hardly ever allocate at once: a heap for each costs more than it saves. */
  mallopt (M_ARENA_MAX, 1);
  mallopt (M_MMAP_THRESHOLD, largest);
  mallopt (M_TRIM_THRESHOLD, G_MAXINT);
  mallopt (M_TOP_PAD, ROOM);
  first = malloc (MIN (largest, LARGE_PAGE) / 2);
  free (first);
  mallopt (M_TOP_PAD, LARGE_PAGE);

  end = (guintptr) sbrk (0) & ~(LARGE_PAGE - 1);
  begin = (begin + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
  if (begin < end)
    madvise ((void *) begin, end - begin, MADV_HUGEPAGE);
#endif
}
