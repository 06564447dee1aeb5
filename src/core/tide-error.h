/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TIDE_ERROR:
 *
 * The one domain of every failure that this program reports. What a person cancelled is
 * %G_IO_ERROR_CANCELLED and nothing else.
 */
#define TIDE_ERROR (tide_error_quark ())

/**
 * TideErrorCode:
 * @TIDE_ERROR_FAILED: none of the others
 * @TIDE_ERROR_SERVER: the server refused a statement; its SQLSTATE is in the fields
 * @TIDE_ERROR_UNREACHABLE: no connection could be made (DNS, refused, TLS, authentication, no such database)
 * @TIDE_ERROR_LOST: the connection was there and went away
 * @TIDE_ERROR_TIMED_OUT: waited as long as was asked
 * @TIDE_ERROR_BUSY: somebody else holds what is needed (a lock, a file)
 * @TIDE_ERROR_REFUSED: possible, but not safe here and now
 * @TIDE_ERROR_NOT_FOUND: a file, a migration, an environment, a program that is not there
 * @TIDE_ERROR_INVALID: a file or a value that cannot be read as what it should be
 * @TIDE_ERROR_USAGE: the call itself was wrong
 * @TIDE_ERROR_TOOL: an external program failed
 * @TIDE_ERROR_UNSUPPORTED: recognised, and not ours
 */
typedef enum
{
  TIDE_ERROR_FAILED,
  TIDE_ERROR_SERVER,
  TIDE_ERROR_UNREACHABLE,
  TIDE_ERROR_LOST,
  TIDE_ERROR_TIMED_OUT,
  TIDE_ERROR_BUSY,
  TIDE_ERROR_REFUSED,
  TIDE_ERROR_NOT_FOUND,
  TIDE_ERROR_INVALID,
  TIDE_ERROR_USAGE,
  TIDE_ERROR_TOOL,
  TIDE_ERROR_UNSUPPORTED,
} TideErrorCode;

/**
 * TideErrorFields:
 * @sqlstate: five characters, or %NULL
 * @severity: the server's untranslated severity (`ERROR`, `FATAL`), or %NULL
 * @detail: the server's DETAIL, or %NULL
 * @hint: what to do next: the server's HINT, or ours
 * @context: the server's CONTEXT (the PL/pgSQL stack), or %NULL
 * @statement: the statement that failed, or %NULL
 * @file: the file it stands in, or %NULL
 * @line: its line in @file or in the script, from 1; 0 when unknown
 * @position: the character in @statement, from 1, as the server counts; 0 when unknown
 * @statement_number: which statement of the script failed, from 1, when the server told no position; else 0
 * @prisma_code: what Prisma calls the same failure (`P3009`), or %NULL
 *
 * What a #GError of the domain %TIDE_ERROR knows beside its message. All strings are owned by the
 * error; set them before it is shared.
 */
typedef struct
{
  char *sqlstate;
  char *severity;
  char *detail;
  char *hint;
  char *context;
  char *statement;
  char *file;
  char *prisma_code;
  int   line;
  int   position;
  int   statement_number;
} TideErrorFields;

GQuark           tide_error_quark        (void);
const char      *tide_error_code_nick    (int                code);
TideErrorFields *tide_error_get_fields   (const GError      *error);
const char      *tide_error_get_sqlstate (const GError      *error);
gboolean         tide_error_has_sqlstate (const GError      *error,
                                          const char        *sqlstate);
GError          *tide_error_new          (TideErrorCode      code,
                                          const char        *hint,
                                          const char        *format,
                                          ...) G_GNUC_PRINTF (3, 4);
void             tide_set_error          (GError           **error,
                                          TideErrorCode      code,
                                          const char        *hint,
                                          const char        *format,
                                          ...) G_GNUC_PRINTF (4, 5);
gboolean         tide_error_tell_file    (GError           **error,
                                          const char        *what);
void             tide_error_take_string  (char             **field,
                                          char              *value);
char            *tide_error_dup_text     (const GError      *error);
char            *tide_error_dup_english_text (const GError  *error);

G_END_DECLS
