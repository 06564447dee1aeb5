/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "wire/tide-conninfo.h"

G_BEGIN_DECLS

/**
 * TideUrlParameters:
 *
 * The names and values of one connection string, of whichever form, before they mean anything. The last
 * value of a name counts, for libpq and for Prisma.
 */
typedef struct
{
  GHashTable *values;  /* name -> value */
  GPtrArray  *names;   /* borrowed from @values, in order of appearance */
  gboolean    is_url;  /* and not keyword=value */
} TideUrlParameters;

TideUrlParameters *tide_url_parameters_new   (gboolean             is_url);
void               tide_url_parameters_free  (TideUrlParameters   *self);
void               tide_url_parameters_take  (TideUrlParameters   *self,
                                              char                *name,
                                              char                *value);
const char        *tide_url_parameters_get   (TideUrlParameters   *self,
                                              const char          *name);
/* Checks every one and gives those with a meaning to @conninfo */
gboolean           tide_url_parameters_apply (TideUrlParameters   *self,
                                              TideConninfo        *conninfo,
                                              GPtrArray           *warnings,
                                              GError             **error);
/* Whether it is a secret and must not be shown */
gboolean           tide_url_parameter_is_secret (const char       *name);
/* (transfer full): @text in quotes if it surely holds no part of a password, else nothing but @otherwise */
char              *tide_url_quote            (const char          *text,
                                              const char          *otherwise);
/* Sets an INVALID error with Prisma's code for it; returns FALSE */
gboolean           tide_url_fail             (GError             **error,
                                              const char          *hint,
                                              const char          *format,
                                              ...) G_GNUC_PRINTF (3, 4);
/* The keyword=value form of libpq */
gboolean           tide_url_parse_keywords   (TideUrlParameters   *self,
                                              const char          *text,
                                              GError             **error);
/* (transfer full): keyword='value' pairs that tide_url_parse() reads back */
char              *tide_url_format_keywords  (const TideConninfo  *conninfo,
                                              const char *const   *keywords);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideUrlParameters, tide_url_parameters_free)

G_END_DECLS
