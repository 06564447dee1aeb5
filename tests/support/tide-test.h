/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/* What the tests of all rooms share. The server is the one that with-postgres.sh started for this run. */

/* (transfer full): a new, empty database of this test's own; skips the test where there is no server */
TideConninfo *tide_test_create_database (void);
void          tide_test_drop_database   (TideConninfo *conninfo);
/* (transfer full): postgresql://... for it, to give to a program under test */
char         *tide_test_dup_url         (TideConninfo *conninfo);
/* (transfer full): what psql -XAtqc @sql prints, without the last newlines; ends the test where the server complains */
char         *tide_test_psql            (TideConninfo *conninfo,
                                         const char   *sql);
/* (transfer full) (nullable): what the server complains of, and nothing of @sql is done; NULL when all is: in one transaction */
char         *tide_test_try             (TideConninfo *conninfo,
                                         const char   *sql);
/* (transfer full): an empty folder of this test's own, removed by tide_test_remove_folder() */
char         *tide_test_make_folder     (void);
void          tide_test_remove_folder   (const char   *path);
void          tide_test_write_file      (const char   *folder,
                                         const char   *relative_path,
                                         const char   *contents,
                                         gssize        length);

G_END_DECLS
