/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "schema/tide-ddl.h"

G_BEGIN_DECLS

/* Privileges on columns that are no objects, a view's: "COLUMN GRANTEE=letters" a line, in the attribute "column_privileges" */

/* (transfer full) (nullable): of an array of "COLUMN=aclitem[]" */
char *tide_column_privileges_normalise (const char *array,
                                        const char *owner);
/* Adds what turns @from (nullable) into @to (nullable) on the relation @name (quoted); @owner: what "@owner" means, in SQL */
void  tide_column_privileges_write     (TideDdl    *ddl,
                                        const char *name,
                                        const char *owner,
                                        const char *from,
                                        const char *to);

G_END_DECLS
