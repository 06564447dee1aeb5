/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "scratch/tide-scratch.h"

G_BEGIN_DECLS

/* What the tests of the private server share. A folder for one test; what is in it is stopped and
 * removed at the end. */
typedef struct
{
  char *root;
  char *directory;
} Fixture;

TideScratch *acquire          (const char   *directory);
gboolean     is_running       (const char   *directory);
char        *ask              (TideConninfo *conninfo,
                               const char   *sql);

gboolean     process_is_there (pid_t         pid);
void         assert_gone      (pid_t         pid);
pid_t        find_server      (const char   *directory);
pid_t        find_parent      (pid_t         pid);
void         kill_and_wait    (pid_t         pid);
/* Both the process @server and what the status of @directory says, within a few seconds */
void         assert_goes      (const char   *directory,
                               pid_t         server);

/* Another program that uses the server; its stdin ends when @process is closed */
GSubprocess *start_user       (const char   *directory,
                               gboolean      lingering);
void         wait_for_user    (GSubprocess  *process);
void         end_user         (GSubprocess  *process);
void         kill_and_reap    (GSubprocess  *process);

/* Adds @test, in a folder that is called @name */
void         add              (const char   *path,
                               const char   *name,
                               void        (*test) (Fixture *, gconstpointer));

G_END_DECLS
