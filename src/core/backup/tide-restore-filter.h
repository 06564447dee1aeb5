/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * TideRestoreFilter:
 *
 * Takes the SQL text of a dump in pieces of any size and gives what psql may run of it, line for line where it stood.
 * A dump is not trusted code: psql's own commands outside COPY data are refused, and so is whatever would end the one
 * transaction that the restore runs in. Left out, and counted: the BEGIN and COMMIT that pg_dump writes around large objects, what
 * is about the database as a whole (CREATE DATABASE, \connect), and owners and grants that are not wanted or cannot be given here.
 */
typedef struct _TideRestoreFilter TideRestoreFilter;

/* @owners, @grantees: (nullable) (transfer none): sets of the roles that may be made owners, or be granted something; NULL: all */
TideRestoreFilter *tide_restore_filter_new    (GHashTable         *owners,
                                               GHashTable         *grantees,
                                               gboolean            no_owner,
                                               gboolean            no_privileges);
void               tide_restore_filter_free   (TideRestoreFilter  *self);
/* From here on COPY and its rows are not passed on: line for line nothing stands in their place */
void               tide_restore_filter_leave_rows_out (TideRestoreFilter *self);
/* Appends to @out. REFUSED, INVALID, UNSUPPORTED, with the line in the error's fields */
gboolean           tide_restore_filter_feed   (TideRestoreFilter  *self,
                                               const char         *data,
                                               gsize               length,
                                               GString            *out,
                                               GError            **error);
/* After the last piece. INVALID: the file was cut short */
gboolean           tide_restore_filter_finish (TideRestoreFilter  *self,
                                               GString            *out,
                                               GError            **error);
/* (transfer none): sets of the roles that something was left out for */
GHashTable        *tide_restore_filter_get_missing_owners   (TideRestoreFilter *self);
GHashTable        *tide_restore_filter_get_missing_grantees (TideRestoreFilter *self);
/* (transfer none): what makes owners, and the grants, that were kept, as SQL */
const char        *tide_restore_filter_get_ownership  (TideRestoreFilter *self);
const char        *tide_restore_filter_get_privileges (TideRestoreFilter *self);
/* (nullable): "17.5", of the pg_dump that wrote the file */
const char        *tide_restore_filter_get_version (TideRestoreFilter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideRestoreFilter, tide_restore_filter_free)

G_END_DECLS
