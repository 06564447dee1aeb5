/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "connect/tide-profile.h"

G_BEGIN_DECLS

/* Something that can become a profile. The password, where the source holds one, goes to the keyring on import. */
typedef struct
{
  TideProfile *profile;
  char        *password; /* (nullable) */
  char        *source;   /* "DATABASE_URL in .env, line 3" */
} TideImportCandidate;

void       tide_import_candidate_free (TideImportCandidate  *candidate);
/* (transfer full) (element-type TideImportCandidate): never empty. @path: the file; for service and pgpass NULL is
 * libpq's usual place. Errors: NOT_FOUND (the file, or a connection in it), INVALID with file and line */
GPtrArray *tide_import_from_url       (const char           *url,
                                       GError              **error);
GPtrArray *tide_import_from_dotenv    (const char           *path,
                                       GError              **error);
GPtrArray *tide_import_from_services  (const char           *path,
                                       GError              **error);
GPtrArray *tide_import_from_pgpass    (const char           *path,
                                       GError              **error);

G_END_DECLS
