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

/* The most that malloc() takes from its heap rather than from the kernel (DEFAULT_MMAP_THRESHOLD_MAX of malloc/malloc.c) */
#define LARGEST_OF_HEAP (32 << 20)

/**
 * tide_heap_prepare:
 *
 * Has malloc() take memory as a short command does best: from one heap, which is not given back before the end, in large
 * pages where the kernel has them on request (transparent_hugepage is "madvise"). A comparison of two schemas of a thousand
 * tables writes to nine thousand small pages, and the faults take a third of its processor time. Changes nothing where
 * the C library is another, or has its own ideas (the sanitizers).
 *
 * Main thread, once, before there is another thread.
 */
void
tide_heap_prepare (void)
{
#ifdef __GLIBC__
  guintptr begin = (guintptr) sbrk (0);
  guintptr end;
  void *volatile first;

  /* Threads that hardly ever allocate at once: a heap for each costs more than it saves. */
  mallopt (M_ARENA_MAX, 1);
  mallopt (M_MMAP_THRESHOLD, LARGEST_OF_HEAP);
  mallopt (M_TRIM_THRESHOLD, G_MAXINT);
  mallopt (M_TOP_PAD, ROOM);
  first = malloc (LARGE_PAGE);
  free (first);
  mallopt (M_TOP_PAD, LARGE_PAGE);

  end = (guintptr) sbrk (0) & ~(LARGE_PAGE - 1);
  begin = (begin + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
  if (begin < end)
    madvise ((void *) begin, end - begin, MADV_HUGEPAGE);
#endif
}
