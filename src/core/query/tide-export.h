/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "job/tide-job.h"
#include "query/tide-row-store.h"
#include "query/tide-row-writer.h"
#include "wire/tide-session.h"

G_BEGIN_DECLS

/* Rows straight to a file, in memory that does not grow with them. Blocking; @job: (nullable): told how far it is. A file that is
 * to be made is written beside its place and takes it when it is whole: what fails or is cancelled leaves what was there. */

/**
 * TideExportFunc:
 *
 * Takes what is to be written; returns %FALSE with @error set when it cannot.
 */
typedef gboolean (*TideExportFunc) (const char  *data,
                                    gsize        length,
                                    gpointer     user_data,
                                    GError     **error);

/* What the server says beside the rows, where @func is not NULL */
typedef void (*TideExportNoticeFunc) (const GError *notice,
                                      gpointer      user_data);

/* What one statement answers. CSV comes from the server as it is, by COPY, where the statement is a query; what COPY
 * itself sends is a row for each line in other formats. TIDE_ERROR_INVALID: it can answer no rows, and was not run */
gboolean tide_export_query (TideSession           *session,
                            const char            *sql,
                            TideRowFormat          format,
                            TideExportFunc         func,
                            TideExportNoticeFunc   notice,   /* (nullable) */
                            gpointer               data,
                            TideJob               *job,
                            guint64               *n_rows,   /* (out) (optional) */
                            GError               **error);
gboolean tide_export_query_to_file (TideSession    *session,
                                    const char     *sql,
                                    TideRowFormat   format,
                                    const char     *path,
                                    TideJob        *job,
                                    guint64        *n_rows,
                                    GError        **error);
/* The first @n_rows that are held, in @order of guint32 or (%NULL) as they came */
gboolean tide_export_store_to_file (TideRowStore   *store,
                                    guint           n_rows,
                                    GBytes         *order,
                                    TideRowFormat   format,
                                    const char     *path,
                                    TideJob        *job,
                                    GError        **error);

/* (transfer full): rows and columns of what is held, both ends included; the names first where the format has them and @header */
GString *tide_export_range (TideRowStore   *store,
                            GBytes         *order,
                            guint           first_row,
                            guint           last_row,
                            guint           first_column,
                            guint           last_column,
                            TideRowFormat   format,
                            gboolean        header,
                            GCancellable   *cancellable,
                            GError        **error);

G_END_DECLS
