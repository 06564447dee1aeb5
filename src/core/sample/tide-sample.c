/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sample"

#include "config.h"

#include <glib/gi18n.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "connect/tide-url.h"
#include "sample/tide-sample-database.h"
#include "sample/tide-sample-folder.h"
#include "sample/tide-sample.h"
#include "tide-error.h"
#include "wire/tide-session.h"

#define LOCK_POLL_MS 100
#define ROOT_SERVERS "/var/lib/tidemark"

static const TideSampleDatabase DATABASES[] =
{
  { "broxiva_dev", "@DEV_URL@", NULL, NULL },
  { "broxiva_staging", "@STAGING_URL@", "20251119004754_add_vendor_management_system", NULL },
  { "broxiva_production", "@PRODUCTION_URL@", "20250930101533_add_shipments_and_notifications",
    "drift.sql" },
};

G_DEFINE_BOXED_TYPE (TideSampleInfo, tide_sample_info, tide_sample_info_ref, tide_sample_info_unref)

static TideSampleInfo *
info_new (const char *project,
          const char *url)
{
  TideSampleInfo *self = g_new0 (TideSampleInfo, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->project = g_strdup (project);
  self->url = g_strdup (url);
  return self;
}

TideSampleInfo *
tide_sample_info_ref (TideSampleInfo *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_sample_info_unref (TideSampleInfo *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->project);
  g_free (self->url);
  g_free (self);
}

char *
tide_sample_dup_default_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "tidemark", "sample", "broxiva", NULL);
}

static char *
dup_folder (const char *folder)
{
  g_autofree char *fallback = folder ? NULL : tide_sample_dup_default_folder ();

  return g_canonicalize_filename (folder ? folder : fallback, NULL);
}

/* The server's files stand beside the project, not in it: nobody wants them in a file chooser or
 * in a backup of the project. As root another user runs the server, who as a rule cannot come to
 * root's folders. */
static char *
dup_server_folder (const char *folder)
{
  g_autofree char *beside = g_strconcat (folder, "-server", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideScratchStatus) status = tide_scratch_query_status (beside, &error);

  if (!g_error_matches (error, TIDE_ERROR, TIDE_ERROR_REFUSED))
    return g_steal_pointer (&beside);
  return g_strdup_printf (ROOT_SERVERS "/sample-%08x", g_str_hash (folder));
}

/* Two starts at once would make the same things: the second waits. -1 with @error set, else
 * closing it unlocks. */
static int
lock (const char    *path,
      GCancellable  *cancellable,
      GError       **error)
{
  g_autofree char *file = g_strconcat (path, ".lock", NULL);
  int fd = g_open (file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  while (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        {
          close (fd);
          return -1;
        }
      g_usleep (LOCK_POLL_MS * 1000);
    }
  if (fd < 0)
    tide_set_error (error, TIDE_ERROR_FAILED, "choose a folder that you may write to",
                    "cannot lock the sample with \"%s\": %s", file, g_strerror (errno));
  return fd;
}

static GHashTable *
collect_urls (TideScratch *scratch)
{
  GHashTable *urls = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  for (guint i = 0; i < G_N_ELEMENTS (DATABASES); i++)
    {
      g_autoptr(TideConninfo) conninfo = tide_scratch_dup_conninfo (scratch, DATABASES[i].name);

      g_hash_table_insert (urls, (gpointer) DATABASES[i].variable,
                           tide_url_format (conninfo, FALSE));
    }
  return urls;
}

/* The private server may lose the last commits when it is stopped, which is meant for databases
 * that nobody keeps. What is done to the sample stays; for every session on it, whoever opens it.
 * */
static gboolean
make_durable (TideScratch   *scratch,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr(TideConninfo) conninfo = tide_scratch_dup_conninfo (scratch, "postgres");
  g_autoptr(TideSession) session = tide_session_open (conninfo, cancellable, error);
  g_autoptr(TideResult) result = NULL;

  if (session == NULL)
    return FALSE;
  result = tide_session_query (session, "ALTER ROLE CURRENT_USER SET synchronous_commit = on",
                               NULL, 0, cancellable, error);
  tide_session_close (session);
  return result != NULL;
}

static gboolean
make_databases (TideScratch  *scratch,
                const char   *source,
                TideJob      *job,
                GError      **error)
{
  /* Deployed from our own copy: the person may have changed theirs */
  g_autofree char *root = g_build_filename (source, "project", NULL);
  g_autoptr(TideProject) project = tide_project_load (root, error);

  if (project == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (DATABASES); i++)
    if (!tide_sample_database_make (&DATABASES[i], scratch, project, source, job, error))
      return FALSE;
  return TRUE;
}

static TideSampleInfo *
start (const char  *folder,
       const char  *source,
       TideJob     *job,
       GError     **error)
{
  GCancellable *cancellable = tide_job_get_cancellable (job);
  g_autofree char *server = dup_server_folder (folder);
  g_autoptr(TideScratch) scratch = NULL;
  g_autoptr(GHashTable) urls = NULL;

  tide_job_set_status (job, _("starting a private PostgreSQL"));
  scratch = tide_scratch_acquire_kept (server, cancellable, error);
  if (scratch == NULL)
    return NULL;

  urls = collect_urls (scratch);
  if (!make_durable (scratch, cancellable, error)
      || !tide_sample_folder_make (source, folder, urls, cancellable, error)
      || !make_databases (scratch, source, job, error)
      || !tide_scratch_set_lingering (scratch, TRUE, error))
    return NULL;
  return info_new (folder, g_hash_table_lookup (urls, DATABASES[0].variable));
}

/**
 * tide_sample_start:
 * @folder: (nullable): where the project shall be; %NULL for the default
 * @job: (nullable): reports and cancels
 * @error: where a failure goes
 *
 * A shop with a year of migrations, in three databases: development is up to date, staging lags
 * behind, production waits for all that is new and was changed by hand once. What a person changed
 * in the project or in the databases stays; what is missing is made.
 *
 * Returns: (transfer full) (nullable): where it is
 */
TideSampleInfo *
tide_sample_start (const char  *folder,
                   TideJob     *job,
                   GError     **error)
{
  g_autofree char *path = dup_folder (folder);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *source = tide_sample_folder_dup_source (error);
  TideSampleInfo *info;
  int fd;

  if (source == NULL)
    return NULL;
  g_mkdir_with_parents (parent, 0755); /* if it fails, the lock below says why */
  fd = lock (path, tide_job_get_cancellable (job), error);
  if (fd < 0)
    return NULL;

  info = start (path, source, job, error);
  close (fd);
  return info;
}

/**
 * tide_sample_stop:
 * @folder: (nullable): as given to tide_sample_start()
 * @cancellable: (nullable): to give up
 * @error: where a failure goes
 *
 * Returns: whether the sample's server is stopped now
 */
gboolean
tide_sample_stop (const char    *folder,
                  GCancellable  *cancellable,
                  GError       **error)
{
  g_autofree char *path = dup_folder (folder);
  g_autofree char *server = dup_server_folder (path);

  return tide_scratch_stop (server, cancellable, error);
}
