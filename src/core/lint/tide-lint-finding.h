/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "schema/tide-ddl.h"

G_BEGIN_DECLS

typedef enum
{
  TIDE_LINT_INFO,    /* good to know; never counted as a warning */
  TIDE_LINT_WARNING,
  TIDE_LINT_ERROR,   /* fails for certain, loses rows or values unless they are known to be none, or does harm to a table that
                      * is known to be large or full */
} TideLintSeverity;

const char *tide_lint_severity_to_string (TideLintSeverity severity); /* "info", "warning", "error" */

/**
 * TideLintFinding:
 *
 * One thing that is worth a look before the SQL runs. Immutable, atomically reference counted; the fields are for reading.
 * Places are bytes of the migration's text.
 */
typedef struct
{
  const char       *rule;             /* static: "drop-column" */
  TideLintSeverity  severity;
  TideHazard        hazards;          /* what kind of harm; tide_hazard_dup_text() tells it in general words */
  const char       *migration;        /* (nullable): its name; NULL: a text that is no migration */
  int               line;             /* from 1; 0: the whole file (its name, say) */
  gsize             start;
  gsize             length;
  const char       *table;            /* (nullable): "schema.table" that it is about */
  gint64            rows;             /* of that table, estimated; -1: not known */
  gint64            bytes;            /* -1: not known */
  const char       *message;          /* what it is, one line without a full stop */
  const char       *reason;           /* why that is bad, a sentence or two */
  const char       *advice;           /* (nullable): the safer way, in words */
  const char       *fix;              /* (nullable): text that can stand in place of what is at fix_start */
  gsize             fix_start;
  gsize             fix_length;
  const char       *follow_up;        /* (nullable): SQL of a later migration, which the fix makes necessary */
  const char       *url;              /* of a page that tells more */
  gboolean          accepted;         /* a comment in the file accepts it: no warning any more */
  const char       *accepted_because; /* (nullable): the reason that is given there */
} TideLintFinding;

#define TIDE_TYPE_LINT_FINDING (tide_lint_finding_get_type ())
GType            tide_lint_finding_get_type   (void);
TideLintFinding *tide_lint_finding_ref        (const TideLintFinding *self);
void             tide_lint_finding_unref      (TideLintFinding       *self);
/* (transfer full): a comment that accepts @self for its statement, to be put on a line of its own before it */
char            *tide_lint_finding_dup_accept (const TideLintFinding *self,
                                               const char            *because);
/* (transfer full) (nullable): "about 1200000 rows, 310.2 MB"; NULL where no database was asked */
char            *tide_lint_finding_dup_size   (const TideLintFinding *self);
/* Whether what it is about can be run as a batched job instead */
gboolean         tide_lint_finding_is_batch   (const TideLintFinding *self);
/* How many of (element-type TideLintFinding) @findings are of @least or worse and not accepted;
 * @migration: (nullable): of this one only */
guint            tide_lint_count              (GPtrArray             *findings,
                                               const char            *migration,
                                               TideLintSeverity       least);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideLintFinding, tide_lint_finding_unref)

G_END_DECLS
