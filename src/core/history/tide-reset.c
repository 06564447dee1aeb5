/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-reset"

#include "config.h"

#include <glib/gi18n.h>

#include "history/tide-deploy-private.h"
#include "history/tide-reset.h"
#include "tide-error.h"

/* In one simple query, so in one transaction: either all or nothing. The ledger need not be in any
 * of them. */
static gboolean
empty_schemas (TideSession        *session,
               const char *const  *schemas,
               GCancellable       *cancellable,
               GError            **error)
{
  g_autofree char *names = g_strjoinv ("\", \"", (char **) schemas);
  g_autoptr(GString) sql = g_string_new (NULL);
  g_autoptr(GPtrArray) results = NULL;

  for (guint i = 0; schemas[i] != NULL; i++)
    {
      g_autofree char *quoted = tide_quote_identifier (schemas[i]);

      g_string_append_printf (sql, "DROP SCHEMA IF EXISTS %s CASCADE; CREATE SCHEMA %s;", quoted, quoted);
    }
  g_string_append (sql, "DROP TABLE IF EXISTS _prisma_migrations");
  results = tide_session_run (session, sql->str, cancellable, error);
  if (results == NULL)
    g_prefix_error (error, "cannot empty schema \"%s\": ", names);
  return results != NULL;
}

/* Under the lock, which Prisma's reset does not take: it would pull the ledger from under a
 * deploy. */
static gboolean
empty_database (TideProject   *project,
                TideConninfo  *conninfo,
                GCancellable  *cancellable,
                GError       **error)
{
  const char *schema = tide_conninfo_get_schema (conninfo);
  const char *const of_url[] = { schema ? schema : "public", NULL };
  const char *const *listed = tide_project_get_schemas (project);
  g_autoptr(TideHistory) history = tide_history_for_project (project);
  g_autoptr(TideSession) session = tide_history_open_locked (history, conninfo, 0, cancellable, error);
  gboolean emptied;

  if (session == NULL)
    return FALSE;
  /* Prisma's reset stops half-way (P3005) where the ledger's schema is not listed and not empty. */
  emptied = empty_schemas (session, listed ? listed : of_url, cancellable, error)
            && TIDE_HISTORY_GET_IFACE (history)->prepare (history, session, TRUE, cancellable, error);
  tide_session_close (session);
  return emptied;
}

static gboolean
check_may_reset (TideConninfo  *conninfo,
                 TideKind       kind,
                 GError       **error)
{
  g_autofree char *label = NULL;

  if (tide_kind_may_reset (kind))
    return TRUE;

  label = tide_conninfo_dup_label (conninfo);
  tide_set_error (error, TIDE_ERROR_REFUSED,
                  "only a database of kind \"development\" is reset; say so in tidemark.json if it "
                  "is one",
                  "%s is of kind \"%s\" and is not reset: everything in it would be lost",
                  label, tide_kind_to_string (kind));
  return FALSE;
}

/**
 * tide_reset_run:
 * @project: a project
 * @conninfo: the database
 * @kind: what the database is for
 * @job: (nullable): hears what happens, and cancels
 * @error: REFUSED for any kind but development; P3019; what tide_deploy_run() says
 *
 * Drops and makes anew the schemas that the datasource lists, else the one that the URL names (public
 * by default), then applies every migration, as `prisma migrate reset` does.
 *
 * Returns: (transfer full) (nullable): what was applied, and the migration that failed
 */
TideDeployReport *
tide_reset_run (TideProject   *project,
                TideConninfo  *conninfo,
                TideKind       kind,
                TideJob       *job,
                GError       **error)
{
  g_return_val_if_fail (TIDE_IS_PROJECT (project), NULL);
  g_return_val_if_fail (conninfo != NULL, NULL);

  if (!check_may_reset (conninfo, kind, error) || !tide_project_check_lock_file (project, error))
    return NULL;

  tide_job_set_status (job, _("emptying the database"));
  if (!empty_database (project, conninfo, job ? tide_job_get_cancellable (job) : NULL, error))
    return NULL;

  return tide_deploy_run (project, conninfo, NULL, 0, job, error);
}
