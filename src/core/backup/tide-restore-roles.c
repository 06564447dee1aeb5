/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-restore-roles"

#include "config.h"

#include "backup/tide-restore-filter.h"
#include "backup/tide-restore-private.h"
#include "tide-error.h"

static char *
join (GHashTable *names)
{
  g_autoptr(GList) sorted = g_list_sort (g_hash_table_get_keys (names), (GCompareFunc) g_strcmp0);
  GString *text = g_string_new (NULL);

  for (GList *l = sorted; l != NULL; l = l->next)
    g_string_append_printf (text, "%s\"%s\"", text->len ? ", " : "", (const char *) l->data);
  return g_string_free (text, FALSE);
}

/**
 * tide_restore_tell_missing:
 * @load: what is restored
 * @owners: set of the roles that could not be made owners
 * @grantees: set of those that could not be granted anything
 *
 * Puts it into words.
 */
void
tide_restore_tell_missing (TideRestoreLoad *load,
                           GHashTable      *owners,
                           GHashTable      *grantees)
{
  g_autofree char *owner_names = join (owners);
  g_autofree char *grantee_names = join (grantees);

  if (*owner_names != '\0')
    g_ptr_array_add (load->problems, g_strdup_printf ("owners were left out, what they had belongs to the role that restored it: %s "
                                                      "cannot be made owner here", owner_names));
  if (*grantee_names != '\0')
    g_ptr_array_add (load->problems, g_strdup_printf ("the privileges of %s were left out: there is no such role here", grantee_names));
}

/* What an archive says of owners and grants, read as a plain dump would be */
static gboolean
read_archive (TideRestoreLoad *load,
              GCancellable    *cancellable,
              GError         **error)
{
  g_autofree char *list = load->list_path ? g_strconcat ("--use-list=", load->list_path, NULL) : NULL;
  g_autofree char *text = tide_restore_read_archive (load->backup, load->server_version / 10000,
                                                     (const char *[]) { "--schema-only", "--file=-", list, NULL },
                                                     cancellable, error);
  g_autoptr(TideRestoreFilter) filter = NULL;
  g_autoptr(GString) ignored = g_string_new (NULL);
  GHashTable *owners, *grantees;

  if (text == NULL)
    return FALSE;
  filter = tide_restore_filter_new (load->owners, load->grantees, load->no_owner, load->no_privileges);
  tide_restore_filter_feed (filter, text, strlen (text), ignored, NULL);
  owners = tide_restore_filter_get_missing_owners (filter);
  grantees = tide_restore_filter_get_missing_grantees (filter);
  /* pg_restore makes all owners and grants or none; those that can be made are made afterwards. */
  if (g_hash_table_size (owners) > 0)
    {
      load->no_owner = TRUE;
      load->ownership = g_strdup (tide_restore_filter_get_ownership (filter));
    }
  if (g_hash_table_size (grantees) > 0)
    {
      load->no_privileges = TRUE;
      load->privileges = g_strdup (tide_restore_filter_get_privileges (filter));
    }
  tide_restore_tell_missing (load, owners, grantees);
  return TRUE;
}

/**
 * tide_restore_give_roles:
 * @load: what has been restored
 * @error: the server's failure
 *
 * Makes the owners and the grants that do not name a missing role, where pg_restore was told to make none. All or none of
 * each; owners that the server refuses are told among the problems.
 *
 * Returns: whether the grants are made
 */
gboolean
tide_restore_give_roles (TideRestoreLoad  *load,
                         GError          **error)
{
  GCancellable *cancellable = load->job ? tide_job_get_cancellable (load->job) : NULL;
  g_autoptr(TideSession) session = NULL;
  g_autoptr(GError) failure = NULL;

  if (load->ownership == NULL && load->privileges == NULL)
    return TRUE;
  session = tide_session_open (load->conninfo, cancellable, error);
  if (session == NULL)
    return FALSE;
  if (load->ownership != NULL && !tide_restore_execute (session, cancellable, &failure, "%s", load->ownership))
    {
      if (!g_error_matches (failure, TIDE_ERROR, TIDE_ERROR_SERVER))
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      g_ptr_array_add (load->problems, g_strdup_printf ("all owners were left out, everything belongs to the role that restored it: %s",
                                                        failure->message));
    }
  return load->privileges == NULL || tide_restore_execute (session, cancellable, error, "%s", load->privileges);
}

/* What reading the roles has put there */
void
tide_restore_load_clear (TideRestoreLoad *load)
{
  g_clear_pointer (&load->owners, g_hash_table_unref);
  g_clear_pointer (&load->grantees, g_hash_table_unref);
  g_clear_pointer (&load->ownership, g_free);
  g_clear_pointer (&load->privileges, g_free);
}

/**
 * tide_restore_read_roles:
 * @load: what is to be restored; its sets of roles are filled, and its flags set where a role is missing
 * @admin: a session on the server
 * @error: the server's failure, or that of reading the archive
 *
 * An owner must be a role that we are, or may become; a grantee must merely be there.
 *
 * Returns: whether all was read
 */
gboolean
tide_restore_read_roles (TideRestoreLoad *load,
                         TideSession     *admin,
                         GError         **error)
{
  GCancellable *cancellable = load->job ? tide_job_get_cancellable (load->job) : NULL;
  g_autoptr(TideResult) roles =
    tide_session_query (admin, "SELECT rolname, pg_catalog.pg_has_role(oid, 'MEMBER') FROM pg_catalog.pg_roles", NULL, 0,
                        cancellable, error);

  if (roles == NULL)
    return FALSE;
  load->owners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  load->grantees = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < tide_result_get_n_rows (roles); i++)
    {
      g_hash_table_add (load->grantees, g_strdup (tide_result_get_value (roles, i, 0)));
      if (tide_result_get_boolean (roles, i, 1))
        g_hash_table_add (load->owners, g_strdup (tide_result_get_value (roles, i, 0)));
    }
  return !tide_backup_format_is_archive (load->backup->format) || read_archive (load, cancellable, error);
}
