/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A member of a library's structure of functions, named as the function is: library->function (...) */
#define TIDE_LIBRARY_MEMBER(function) __typeof__ (function) *function

/* Its line in the list of functions. The name as the linker knows it: a macro that renames it is expanded before. */
#define TIDE_LIBRARY_FIND(Type, function) { G_STRINGIFY (function), G_STRUCT_OFFSET (Type, function) }

typedef struct
{
  const char *symbol;
  gsize       offset;
} TideLibraryFunction;

/**
 * TideLibrary:
 * @file: the library's file with its version, as the loader looks for it
 * @package: what a person installs
 * @functions: those that are called, up to one without a symbol
 * @table: where they go
 *
 * A library that is loaded when one of its functions is first needed: what a loader does for the libraries of a program
 * takes longer than all else that a short command does.
 */
typedef struct
{
  const char                *file;
  const char                *package;
  const TideLibraryFunction *functions;
  gpointer                   table;
  GOnce                      once;
} TideLibrary;

gconstpointer tide_library_get (TideLibrary  *self,
                                GError      **error);

G_END_DECLS
