/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-schema-script.h"
#include "schema/tide-schema-source.h"

G_BEGIN_DECLS

/**
 * TideSchemaProof:
 *
 * What came of running a script on the private PostgreSQL: left rebuilt there, the script run, the result compared with right,
 * by our own reading and by `pg_dump -s` of both ends; and no invalid index remains.
 */
typedef struct
{
  gboolean    proved;
  GError     *failure;      /* (nullable): the statement that failed, with its text */
  GPtrArray  *remaining;    /* (element-type utf8): what still differs, a line each, for a person */
  GPtrArray  *limits;       /* (element-type utf8): what could not be proved here (an extension missing, secrets) */
  guint       n_statements;
} TideSchemaProof;

void             tide_schema_proof_free (TideSchemaProof   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideSchemaProof, tide_schema_proof_free)
/* (transfer full): errors only when nothing could be tried at all */
TideSchemaProof *tide_schema_prove      (TideSchemaScript  *script,
                                         TideSchemaSource  *left,
                                         TideSchemaSource  *right,
                                         TideJob           *job,
                                         GError           **error);

G_END_DECLS
