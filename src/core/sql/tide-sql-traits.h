/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "sql/tide-sql-head.h"
#include "sql/tide-sql-script.h"

G_BEGIN_DECLS

/* What @head, of @statement, can and cannot do; @what (out): static words for what gave it its trait, or NULL */
TideSqlTraits tide_sql_traits_of (const TideSqlHead      *head,
                                  const TideSqlStatement *statement,
                                  const char            **what);

G_END_DECLS
