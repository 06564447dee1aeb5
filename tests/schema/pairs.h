/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Tables of pairs */
typedef struct
{
  const char *name;
  const char *before; /* SQL whose unqualified names fall into a schema of the pair's own */
  const char *after;
} TideTestPair;

/* Adds a test of @pairs, both ways: all of them at once, each in a schema of its own, so that few databases do; one by one, to see
 * which fails, where TIDE_TEST_PAIRS is a pattern of their names. @pairs: ends with an empty one; static */
void tide_test_add_pairs      (const char         *path,
                               const TideTestPair *pairs);
/* The same of pairs that need a database each, as they make what lives in no schema */
void tide_test_add_lone_pairs (const char         *path,
                               const TideTestPair *pairs);

G_END_DECLS
