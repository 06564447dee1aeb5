/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "connect/tide-profile.h"
#include "tide-environment.h"

G_BEGIN_DECLS

/**
 * TideSqlPlace:
 *
 * Where SQL is run: the database of an environment, or of a saved connection. It knows how to get there; who asks for
 * a way gets it as the environment or the profile is at that moment. Its signal "changed" says that it may lead elsewhere, or
 * be of another kind, by now.
 */
#define TIDE_TYPE_SQL_PLACE (tide_sql_place_get_type ())
G_DECLARE_FINAL_TYPE (TideSqlPlace, tide_sql_place, TIDE, SQL_PLACE, GObject)

/* @project: (nullable): the folder of the project, by which its places are told from those of other projects */
TideSqlPlace *tide_sql_place_new_for_environment (TideEnvironment      *environment,
                                                  const char           *project);
TideSqlPlace *tide_sql_place_new_for_profile     (TideProfile          *profile);
/* From now on that of @other, which has the same key: projects and connections are read anew */
void          tide_sql_place_take                (TideSqlPlace         *self,
                                                  TideSqlPlace         *other);
/* Whether @conninfo, which was found before, still leads there. FALSE, too, while that is not known. */
gboolean      tide_sql_place_is_at               (TideSqlPlace         *self,
                                                  const TideConninfo   *conninfo);
const char   *tide_sql_place_get_key             (TideSqlPlace         *self); /* the same at every start */
const char   *tide_sql_place_get_name            (TideSqlPlace         *self);
TideKind      tide_sql_place_get_kind            (TideSqlPlace         *self);
/* Whether finding it asks the person for a password */
gboolean      tide_sql_place_asks                (TideSqlPlace         *self);
/* Whether writing must be unlocked first: production, and connections that say so */
gboolean      tide_sql_place_is_read_only        (TideSqlPlace         *self);
/* Asks the person for a password, in front of @parent, where the profile says so */
void          tide_sql_place_find_async          (TideSqlPlace         *self,
                                                  GtkWidget            *parent,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
/* (transfer full) */
TideConninfo *tide_sql_place_find_finish         (TideSqlPlace         *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);

G_END_DECLS
