/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include <unicode/ucol.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

G_BEGIN_DECLS

/* ICU renames its functions by version with macros; a member is named as the function is:
 * icu->ucol_open (...) */
#define TIDE_ICU_MEMBER(name) __typeof__ (name) *name

/**
 * TideIcu:
 *
 * The functions of ICU that this program calls. The library is loaded when one of them is first
 * needed,
 * the very version whose headers we were built with: its relocations take longer than all else
 * that a
 * short command does, and names of plain ASCII need none of it.
 */
typedef struct
{
  TIDE_ICU_MEMBER (u_errorName);
  TIDE_ICU_MEMBER (u_strFromUTF8);
  TIDE_ICU_MEMBER (ucol_close);
  TIDE_ICU_MEMBER (ucol_getSortKey);
  TIDE_ICU_MEMBER (ucol_open);
  TIDE_ICU_MEMBER (ucol_strcollUTF8);
  TIDE_ICU_MEMBER (utrans_close);
  TIDE_ICU_MEMBER (utrans_openU);
  TIDE_ICU_MEMBER (utrans_transUChars);
} TideIcu;

const TideIcu *tide_icu_get (GError **error);

G_END_DECLS
