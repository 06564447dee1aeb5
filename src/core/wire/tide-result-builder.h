/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libpq-fe.h>

#include "wire/tide-result.h"

G_BEGIN_DECLS

/* Packs what libpq hands out row by row into the arena of a TideResult. Used on the worker only. */
typedef struct _TideResultBuilder TideResultBuilder;

TideResultBuilder *tide_result_builder_new          (void);
void               tide_result_builder_free         (TideResultBuilder *self);
guint              tide_result_builder_get_n_rows   (TideResultBuilder *self);
void               tide_result_builder_add_row      (TideResultBuilder *self,
                                                     const PGresult    *source);
void               tide_result_builder_take_notice  (TideResultBuilder *self,
                                                     GError            *notice,
                                                     gboolean           late);
GPtrArray         *tide_result_builder_take_notices (TideResultBuilder *self);
gboolean           tide_result_builder_has_notices  (TideResultBuilder *self);
void               tide_result_builder_add_copy     (TideResultBuilder *self,
                                                     const char        *data,
                                                     gsize              length);
gsize              tide_result_builder_get_copied   (TideResultBuilder *self);
TideResult        *tide_result_builder_end_copy     (TideResultBuilder *self);
TideResult        *tide_result_builder_end_notices  (TideResultBuilder *self);
TideResult        *tide_result_builder_end_chunk    (TideResultBuilder *self);
TideResult        *tide_result_builder_end          (TideResultBuilder *self,
                                                     PGresult          *last);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideResultBuilder, tide_result_builder_free)

G_END_DECLS
