/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <unicode/ucol.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "tide-library.h"

G_BEGIN_DECLS

/**
 * TideIcu:
 *
 * The functions of ICU that this program calls, of the very version whose headers it was built with: ICU renames them
 * by version with macros. Names of plain ASCII need none of them.
 */
typedef struct
{
  TIDE_LIBRARY_MEMBER (u_errorName);
  TIDE_LIBRARY_MEMBER (u_strFromUTF8);
  TIDE_LIBRARY_MEMBER (ucol_close);
  TIDE_LIBRARY_MEMBER (ucol_getSortKey);
  TIDE_LIBRARY_MEMBER (ucol_open);
  TIDE_LIBRARY_MEMBER (ucol_strcollUTF8);
  TIDE_LIBRARY_MEMBER (utrans_close);
  TIDE_LIBRARY_MEMBER (utrans_openU);
  TIDE_LIBRARY_MEMBER (utrans_transUChars);
} TideIcu;

const TideIcu *tide_icu_get (GError **error);

G_END_DECLS
