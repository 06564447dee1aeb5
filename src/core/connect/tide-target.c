/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-target"

#include "config.h"

#include <string.h>

#include "connect/tide-import.h"
#include "connect/tide-profile-store.h"
#include "connect/tide-secrets.h"
#include "connect/tide-target.h"
#include "connect/tide-tls.h"
#include "connect/tide-url.h"
#include "tide-error.h"

#define DEFAULT_VARIABLE "DATABASE_URL"

struct _TideTarget
{
  gatomicrefcount  ref_count;

  char            *name;
  TideKind         kind;
  TideConninfo    *conninfo;
  GPtrArray       *warnings;
};

G_DEFINE_BOXED_TYPE (TideTarget, tide_target, tide_target_ref, tide_target_unref)

/* What is being resolved, and where it stands */
typedef struct
{
  TideProject  *project;     /* (nullable) */
  const char   *subject;     /* "environment \"prod\"" */
  GCancellable *cancellable;
  TideTarget   *target;
} Resolution;

static TideTarget *
target_new (const char *name,
            TideKind    kind)
{
  TideTarget *self = g_new0 (TideTarget, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->name = g_strdup (name);
  self->kind = kind;
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  return self;
}

static void
add_warning (Resolution *resolution,
             const char *warning)
{
  g_ptr_array_add (resolution->target->warnings, g_strdup_printf ("%s: %s", resolution->subject, warning));
}

static const char *
get_variable (TideProject *project,
              const char  *name)
{
  const char *value = project ? tide_project_get_variable (project, name) : g_getenv (name);

  return value != NULL && *value != '\0' ? value : NULL;
}

/* Prisma takes a certificate's relative path from the schema's folder, libpq from the working directory. */
static void
find_certificates (Resolution *resolution)
{
  static const char *const keywords[] = { "sslrootcert", "sslcert", "sslkey" };
  const char *schema = resolution->project ? tide_project_get_schema_path (resolution->project) : NULL;
  TideConninfo *conninfo = resolution->target->conninfo;
  g_autofree char *folder = NULL;

  if (schema == NULL)
    return;
  folder = g_file_test (schema, G_FILE_TEST_IS_DIR) ? g_strdup (schema) : g_path_get_dirname (schema);
  for (guint i = 0; i < G_N_ELEMENTS (keywords); i++)
    {
      const char *value = tide_conninfo_get (conninfo, keywords[i]);
      g_autofree char *path = value ? g_canonicalize_filename (value, folder) : NULL;

      if (path != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
        tide_conninfo_set (conninfo, keywords[i], path);
    }
}

/* What Prisma takes for granted in a URL: https://www.prisma.io/docs/orm/overview/databases/postgresql */
static void
add_prisma_defaults (TideConninfo *conninfo)
{
  if (tide_conninfo_get (conninfo, "dbname") == NULL && tide_conninfo_get (conninfo, "service") == NULL &&
      g_getenv ("PGDATABASE") == NULL)
    tide_conninfo_set (conninfo, "dbname", "postgres");
  if (tide_conninfo_get_schema (conninfo) == NULL)
    tide_conninfo_set_schema (conninfo, "public");
}

static gboolean
resolve_url (Resolution  *resolution,
             const char  *url,
             GError     **error)
{
  g_autoptr(GPtrArray) warnings = NULL;

  resolution->target->conninfo = tide_url_parse (url, &warnings, error);
  if (resolution->target->conninfo == NULL)
    {
      g_prefix_error (error, "%s: ", resolution->subject);
      return FALSE;
    }
  for (guint i = 0; i < warnings->len; i++)
    add_warning (resolution, g_ptr_array_index (warnings, i));
  add_prisma_defaults (resolution->target->conninfo);
  find_certificates (resolution);
  tide_tls_add_roots (resolution->target->conninfo);
  return TRUE;
}

static gboolean
resolve_variable (Resolution  *resolution,
                  const char  *name,
                  GError     **error)
{
  const char *url = get_variable (resolution->project, name);

  if (url != NULL)
    return resolve_url (resolution, url, error);
  tide_set_error (error, TIDE_ERROR_NOT_FOUND, "set it in the environment or in the project's .env file",
                  "%s: the variable \"%s\" is not set", resolution->subject, name);
  return FALSE;
}

static gboolean
resolve_service (Resolution *resolution,
                 const char *name)
{
  resolution->target->conninfo = tide_conninfo_new ();
  tide_conninfo_set (resolution->target->conninfo, "service", name);
  tide_conninfo_set_schema (resolution->target->conninfo, "public");
  return TRUE;
}

static char *
list_names (GListModel *profiles)
{
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (profiles); i++)
    {
      g_autoptr(TideProfile) profile = g_list_model_get_item (profiles, i);

      g_string_append_printf (names, "%s\"%s\"", i > 0 ? ", " : "", tide_profile_get_name (profile));
    }
  if (names->len == 0)
    return g_strdup ("no connection is saved yet: save one in the window");
  return g_strdup_printf ("these are saved: %s", names->str);
}

/* The environment's password comes first, as everywhere with libpq; ~/.pgpass is libpq's own affair, and
 * counts where the keyring has none. */
static gboolean
find_password (Resolution   *resolution,
               TideProfile  *profile,
               char        **password,
               GError      **error)
{
  g_autoptr(GError) local_error = NULL;

  if (g_getenv ("PGPASSWORD") != NULL)
    return TRUE;
  if (tide_profile_get_ask_password (profile))
    {
      add_warning (resolution, "its password is to be asked for every time; set PGPASSWORD where nobody can be asked");
      return TRUE;
    }
  *password = tide_secrets_lookup (tide_profile_get_id (profile), resolution->cancellable, &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
resolve_profile (Resolution  *resolution,
                 const char  *name,
                 GError     **error)
{
  g_autoptr(TideProfileStore) store = tide_profile_store_new (NULL);
  TideTarget *target = resolution->target;
  TideProfile *profile;
  char *password = NULL;

  if (!tide_profile_store_load (store, error))
    return FALSE;
  profile = tide_profile_store_find (store, name);
  if (profile == NULL)
    {
      g_autofree char *hint = list_names (G_LIST_MODEL (store));

      tide_set_error (error, TIDE_ERROR_NOT_FOUND, hint, "%s: there is no saved connection \"%s\"",
                      resolution->subject, name);
      return FALSE;
    }
  if (!find_password (resolution, profile, &password, error))
    return FALSE;
  target->conninfo = tide_profile_dup_conninfo (profile, password);
  tide_secrets_free (password);
  if (tide_conninfo_get_schema (target->conninfo) == NULL)
    tide_conninfo_set_schema (target->conninfo, "public");
  if (target->kind == TIDE_KIND_UNKNOWN)
    target->kind = tide_profile_get_kind (profile);
  return TRUE;
}

/* Databases are asked for by their names, and backups kept by them: what libpq would find for itself when it connects is
 * looked up before. A service that cannot be found is libpq's to tell. */
static void
name_database (TideConninfo *conninfo)
{
  static const char *const keywords[] = { "host", "hostaddr", "port", "user", "dbname" };
  const char *service = tide_conninfo_get (conninfo, "service");
  g_autoptr(GPtrArray) services = service ? tide_import_from_services (NULL, NULL) : NULL;

  for (guint i = 0; services != NULL && i < services->len; i++)
    {
      const TideImportCandidate *candidate = g_ptr_array_index (services, i);
      g_autoptr(TideConninfo) found = NULL;

      if (!g_str_equal (tide_profile_get_name (candidate->profile), service))
        continue;
      found = tide_profile_dup_conninfo (candidate->profile, NULL);
      for (guint k = 0; k < G_N_ELEMENTS (keywords); k++)
        if (tide_conninfo_get (conninfo, keywords[k]) == NULL)
          tide_conninfo_set (conninfo, keywords[k], tide_conninfo_get (found, keywords[k]));
    }
  if (tide_conninfo_get (conninfo, "dbname") == NULL)
    tide_conninfo_set (conninfo, "dbname", g_getenv ("PGDATABASE"));
}

static gboolean
resolve_spec (Resolution  *resolution,
              const char  *spec,
              GError     **error)
{
  if (g_str_has_prefix (spec, "env:"))
    return resolve_variable (resolution, spec + strlen ("env:"), error);
  if (g_str_has_prefix (spec, "service:"))
    return resolve_service (resolution, spec + strlen ("service:"));
  if (g_str_has_prefix (spec, "profile:"))
    return resolve_profile (resolution, spec + strlen ("profile:"), error);
  return resolve_url (resolution, spec, error);
}

static TideTarget *
resolve (TideProject   *project,
         const char    *subject,
         const char    *name, /* (nullable): the label */
         TideKind       kind,
         const char    *spec,
         GCancellable  *cancellable,
         GError       **error)
{
  g_autoptr(TideTarget) target = target_new (name, kind);
  Resolution resolution = { project, subject, cancellable, target };

  if (!resolve_spec (&resolution, spec, error))
    return NULL;
  name_database (target->conninfo);
  if (target->name == NULL)
    target->name = tide_conninfo_dup_label (target->conninfo);
  return g_steal_pointer (&target);
}

/* (nullable): "dev", "staging"; @except (nullable): the URL of those that are of no use */
static char *
list_environments (TideProject *project,
                   const char  *except)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;
  GPtrArray *environments = project ? tide_project_get_environments (project) : NULL;

  for (guint i = 0; environments != NULL && i < environments->len; i++)
    {
      const TideEnvironmentSpec *spec = g_ptr_array_index (environments, i);
      g_autofree char *quoted = g_strdup_printf ("\"%s\"", spec->name);

      if (g_strcmp0 (spec->url, except) != 0)
        g_strv_builder_add (builder, quoted);
    }
  names = g_strv_builder_end (builder);
  return names[0] != NULL ? g_strjoinv (", ", names) : NULL;
}

static gboolean
is_reference (const char *spec)
{
  return g_str_has_prefix (spec, "env:") || g_str_has_prefix (spec, "service:") || g_str_has_prefix (spec, "profile:");
}

static gboolean
holds_password (const TideTarget *target)
{
  return tide_conninfo_get (target->conninfo, "password") != NULL;
}

static TideTarget *
resolve_environment (TideProject   *project,
                     const char    *name,
                     GCancellable  *cancellable,
                     GError       **error)
{
  const TideEnvironmentSpec *spec = project ? tide_project_find_environment (project, name) : NULL;
  g_autofree char *names = list_environments (project, NULL);
  g_autofree char *subject = g_strdup_printf ("environment \"%s\"", name);
  TideTarget *target;

  if (spec == NULL)
    {
      tide_set_error (error, TIDE_ERROR_USAGE, "environments are named in the tidemark.json of a project",
                      names ? "there is no environment \"%s\"; the project has %s" : "there is no environment \"%s\"", name, names);
      return NULL;
    }
  target = resolve (project, subject, spec->name, spec->kind, spec->url, cancellable, error);
  if (target != NULL && !is_reference (spec->url) && holds_password (target))
    g_ptr_array_add (target->warnings,
                     g_strdup_printf ("%s: its password stands in a file that is fit to be committed; "
                                      "write \"env:...\", \"service:...\" or \"profile:...\" there", subject));
  return target;
}

/* The one environment that is this variable, if its kind is stated. Where several are (each machine has its own
 * .env), none of them says what this machine's is. */
static const TideEnvironmentSpec *
find_sole_environment (TideProject *project,
                       const char  *variable)
{
  GPtrArray *environments = project ? tide_project_get_environments (project) : NULL;
  g_autofree char *url = g_strconcat ("env:", variable, NULL);
  const TideEnvironmentSpec *found = NULL;

  for (guint i = 0; environments != NULL && i < environments->len; i++)
    {
      const TideEnvironmentSpec *spec = g_ptr_array_index (environments, i);

      if (!g_str_equal (spec->url, url))
        continue;
      if (found != NULL)
        return NULL;
      found = spec;
    }
  return found != NULL && found->kind != TIDE_KIND_UNKNOWN ? found : NULL;
}

/* (transfer full): that no database is named; @variable would have named it */
static GError *
no_target_new (TideProject *project,
               const char  *variable)
{
  const char *value = project ? tide_project_get_variable (project, variable) : g_getenv (variable);
  g_autofree char *url = g_strconcat ("env:", variable, NULL);
  g_autofree char *names = list_environments (project, url);
  g_autofree char *hint = g_strdup_printf ("set %s in the environment or in .env, or name %s%s%sa URL", variable,
                                           names ? "an environment (" : "", names ? names : "", names ? ") or " : "");

  return tide_error_new (TIDE_ERROR_NOT_FOUND, hint, "no database is named: \"%s\" is %s", variable, value ? "empty" : "not set");
}

static TideTarget *
resolve_default (TideProject   *project,
                 GCancellable  *cancellable,
                 GError       **error)
{
  const char *named = project ? tide_project_get_url_variable (project) : NULL;
  const char *variable = named != NULL && get_variable (project, named) != NULL ? named : DEFAULT_VARIABLE;
  const char *literal = project ? tide_project_get_url_literal (project) : NULL;

  if (get_variable (project, variable) != NULL)
    {
      const TideEnvironmentSpec *spec = find_sole_environment (project, variable);
      g_autofree char *url = g_strconcat ("env:", variable, NULL);
      TideTarget *target = resolve (project, variable, spec ? spec->name : variable, spec ? spec->kind : TIDE_KIND_UNKNOWN,
                                    url, cancellable, error);

      /* Prisma reads the variable that the schema names, and no other. */
      if (target != NULL && named != NULL && !g_str_equal (named, variable))
        g_ptr_array_add (target->warnings, g_strdup_printf ("\"%s\", which the project names, is not set; %s is taken instead",
                                                            named, variable));
      return target;
    }
  if (literal != NULL)
    return resolve (project, "the schema's URL", NULL, TIDE_KIND_UNKNOWN, literal, cancellable, error);
  if (g_getenv ("PGSERVICE") != NULL)
    {
      g_autofree char *spec = g_strconcat ("service:", g_getenv ("PGSERVICE"), NULL);

      return resolve (project, "PGSERVICE", NULL, TIDE_KIND_UNKNOWN, spec, cancellable, error);
    }
  g_propagate_error (error, no_target_new (project, named ? named : DEFAULT_VARIABLE));
  return NULL;
}

/**
 * tide_target_resolve:
 * @project: (nullable): the project whose environments and variables count
 * @environment: (nullable): the name of one
 * @url: (nullable): a URL, or `env:`, `service:`, `profile:` and a name; it goes before @environment
 * @cancellable: (nullable): cancels
 * @error: (out) (optional): %TIDE_ERROR_USAGE (no such environment, and which there are), %TIDE_ERROR_NOT_FOUND, %TIDE_ERROR_INVALID,
 *   %TIDE_ERROR_UNSUPPORTED
 *
 * Blocking: the keyring may ask the person. Without @url and @environment it is the variable that the schema names,
 * `DATABASE_URL` of the process or of `.env`, the URL in the schema, `PGSERVICE`, in this order.
 *
 * The kind is what `tidemark.json` or the profile state, and %TIDE_KIND_UNKNOWN otherwise, on whichever
 * host the database may be: a tunnel to production is a local address as well.
 *
 * As in Prisma, the schema is `public` where none is named, and the database of a URL without one `postgres`.
 *
 * Returns: (transfer full): the target
 */
TideTarget *
tide_target_resolve (TideProject   *project,
                     const char    *environment,
                     const char    *url,
                     GCancellable  *cancellable,
                     GError       **error)
{
  if (url != NULL)
    return resolve (project, "the given URL", NULL, TIDE_KIND_UNKNOWN, url, cancellable, error);
  if (environment != NULL)
    return resolve_environment (project, environment, cancellable, error);
  return resolve_default (project, cancellable, error);
}

static TideTarget *
copy_target (const TideTarget *self)
{
  TideTarget *copy = g_new0 (TideTarget, 1);

  g_atomic_ref_count_init (&copy->ref_count);
  copy->name = g_strdup (self->name);
  copy->kind = self->kind;
  copy->conninfo = tide_conninfo_copy (self->conninfo);
  copy->warnings = g_ptr_array_ref (self->warnings);
  return copy;
}

TideTarget *
tide_target_with_password (const TideTarget *self,
                           const char       *password)
{
  TideTarget *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = copy_target (self);
  tide_conninfo_set (copy->conninfo, "password", password);
  return copy;
}

TideTarget *
tide_target_with_kind (const TideTarget *self,
                       TideKind          kind)
{
  TideTarget *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = copy_target (self);
  if (copy->kind == TIDE_KIND_UNKNOWN)
    copy->kind = kind;
  return copy;
}

TideTarget *
tide_target_ref (TideTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tide_target_unref (TideTarget *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->name);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_ptr_array_unref (self->warnings);
  g_free (self);
}

const char *
tide_target_get_name (const TideTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

TideKind
tide_target_get_kind (const TideTarget *self)
{
  g_return_val_if_fail (self != NULL, TIDE_KIND_UNKNOWN);

  return self->kind;
}

TideConninfo *
tide_target_get_conninfo (const TideTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->conninfo;
}

GPtrArray *
tide_target_get_warnings (const TideTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->warnings;
}
