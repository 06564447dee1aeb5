/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-import"

#include "config.h"

#include <string.h>

#include "connect/tide-import.h"
#include "connect/tide-secrets.h"
#include "connect/tide-url-parameters.h"
#include "connect/tide-url.h"
#include "project/tide-dotenv.h"
#include "project/tide-node-text.h"
#include "tide-error.h"

static GPtrArray *
make_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) tide_import_candidate_free);
}

static void
add_candidate (GPtrArray          *list,
               const TideConninfo *conninfo,
               const char         *name, /* (nullable) */
               char               *source)
{
  TideImportCandidate *candidate = g_new0 (TideImportCandidate, 1);

  candidate->profile = tide_profile_new_from_conninfo (conninfo);
  if (name != NULL)
    g_object_set (candidate->profile, "name", name, NULL);
  candidate->password = g_strdup (tide_conninfo_get (conninfo, "password"));
  candidate->source = source;
  g_ptr_array_add (list, candidate);
}

static void
set_place (GError     *error,
           const char *file,
           int         line)
{
  TideErrorFields *fields = tide_error_get_fields (error);

  if (fields == NULL)
    return;
  tide_error_take_string (&fields->file, g_strdup (file));
  fields->line = line;
}

/* (transfer full) (nullable): the file's text without a byte order mark. A replaced character would be a wrong
 * password, so what is not UTF-8 is refused. */
static char *
read_text (const char  *path,
           GError     **error)
{
  g_autofree char *text = tide_node_text_read (path, NULL, error);

  if (text == NULL)
    return NULL;
  if (strstr (text, "\xef\xbf\xbd") != NULL)
    {
      tide_set_error (error, TIDE_ERROR_INVALID, "save it as UTF-8", "\"%s\" is not UTF-8 text", path);
      return NULL;
    }
  return g_strdup (g_str_has_prefix (text, "\xef\xbb\xbf") ? text + 3 : text);
}

/* An import of nothing is an error, the first one that was met or that there was nothing */
static GPtrArray *
finish (GPtrArray   *list,
        const char  *path,
        GError      *first_error,
        GError     **error)
{
  if (list->len > 0)
    {
      g_clear_error (&first_error);
      return list;
    }
  g_ptr_array_unref (list);
  if (first_error != NULL)
    g_propagate_error (error, first_error);
  else
    tide_set_error (error, TIDE_ERROR_NOT_FOUND, "choose another file",
                    "\"%s\" names no connection that could be imported", path);
  return NULL;
}

void
tide_import_candidate_free (TideImportCandidate *candidate)
{
  g_object_unref (candidate->profile);
  tide_secrets_free (candidate->password);
  g_free (candidate->source);
  g_free (candidate);
}

/**
 * tide_import_from_url:
 * @url: a URL, or `keyword=value` pairs
 * @error: (out) (optional): as tide_url_parse()
 *
 * Returns: (transfer full) (element-type TideImportCandidate): the one connection
 */
GPtrArray *
tide_import_from_url (const char  *url,
                      GError     **error)
{
  g_autoptr(TideConninfo) conninfo = tide_url_parse (url, NULL, error);
  GPtrArray *list;

  if (conninfo == NULL)
    return NULL;
  list = make_list ();
  add_candidate (list, conninfo, NULL, g_strdup ("the given URL"));
  return list;
}

static gboolean
looks_like_url (const TideDotenvEntry *entry,
                const char            *value)
{
  static const char *const schemes[] = { "postgres://", "postgresql://", "prisma+postgres://", "prisma://" };

  if (g_str_equal (entry->name, "DATABASE_URL"))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_ascii_strncasecmp (value, schemes[i], strlen (schemes[i])) == 0)
      return TRUE;
  return FALSE;
}

static void
add_entry (GPtrArray        *list,
           TideDotenvEntry  *entry,
           GPtrArray        *entries,
           const char       *path,
           GError          **first_error)
{
  g_autofree char *value = tide_dotenv_expand (entry->value, entries, NULL, NULL);
  g_autofree char *file = g_path_get_basename (path);
  g_autoptr(TideConninfo) conninfo = NULL;
  GError *error = NULL;

  if (!looks_like_url (entry, value))
    return;
  conninfo = tide_url_parse (value, NULL, &error);
  if (conninfo != NULL)
    {
      add_candidate (list, conninfo, NULL, g_strdup_printf ("%s in %s, line %d", entry->name, file, entry->line));
      return;
    }
  g_prefix_error (&error, "%s: ", entry->name);
  set_place (error, path, entry->line);
  if (*first_error == NULL)
    *first_error = error;
  else
    g_error_free (error);
}

/**
 * tide_import_from_dotenv:
 * @path: (type filename): a `.env` file
 * @error: (out) (optional): %TIDE_ERROR_NOT_FOUND; %TIDE_ERROR_INVALID with file and line when no URL is sound
 *
 * Takes every variable that holds a PostgreSQL URL. One that cannot be read (a placeholder, mostly) is passed over
 * as long as there is another.
 *
 * Returns: (transfer full) (element-type TideImportCandidate): the connections, in the file's order
 */
GPtrArray *
tide_import_from_dotenv (const char  *path,
                         GError     **error)
{
  g_autofree char *text = NULL;
  g_autoptr(GPtrArray) entries = NULL;
  GPtrArray *list;
  GError *first_error = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  text = read_text (path, error);
  if (text == NULL)
    return NULL;
  entries = tide_dotenv_parse (text, -1, path, NULL);
  list = make_list ();
  for (guint i = 0; i < entries->len; i++)
    add_entry (list, g_ptr_array_index (entries, i), entries, path, &first_error);
  return finish (list, path, first_error, error);
}

/* Where libpq looks: the person's file, else the system's */
static char *
find_service_file (void)
{
  const char *folder = g_getenv ("PGSYSCONFDIR");
  g_autofree char *path = NULL;

  if (g_getenv ("PGSERVICEFILE") != NULL)
    return g_strdup (g_getenv ("PGSERVICEFILE"));
  path = g_build_filename (g_get_home_dir (), ".pg_service.conf", NULL);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  return g_build_filename (folder ? folder : "/etc/postgresql-common", "pg_service.conf", NULL);
}

/* A section of the file while it is read */
typedef struct
{
  char              *name;
  int                line;
  TideUrlParameters *parameters;
} Service;

static gboolean
finish_service (Service     *service,
                GPtrArray   *list,
                const char  *path,
                GError     **error)
{
  g_autofree char *name = g_steal_pointer (&service->name);
  g_autoptr(TideUrlParameters) parameters = g_steal_pointer (&service->parameters);
  g_autoptr(TideConninfo) conninfo = tide_conninfo_new ();
  g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);

  if (name == NULL)
    return TRUE;
  if (!tide_url_parameters_apply (parameters, conninfo, warnings, error))
    {
      g_prefix_error (error, "service \"%s\": ", name);
      return FALSE;
    }
  add_candidate (list, conninfo, name, g_strdup_printf ("service %s in %s, line %d", name, path, service->line));
  return TRUE;
}

static gboolean
read_service_line (Service     *service,
                   GPtrArray   *list,
                   char        *line,
                   int          number,
                   const char  *path,
                   GError     **error)
{
  char *equals = strchr (line, '=');
  gsize length = strlen (line);

  if (*line == '[' && line[length - 1] == ']' && length > 2)
    {
      if (!finish_service (service, list, path, error))
        return FALSE;
      service->name = g_strndup (line + 1, length - 2);
      service->line = number;
      service->parameters = tide_url_parameters_new (FALSE);
      return TRUE;
    }
  if (*line == '[' || equals == NULL || equals == line || service->name == NULL)
    return tide_url_fail (error, "a service is a line [name] and lines keyword=value under it",
                          "the service file has a line that is neither [name] nor keyword=value");
  *equals = '\0';
  if (g_str_equal (g_strchomp (line), "service"))
    return tide_url_fail (error, "write its lines here", "service \"%s\" refers to another service", service->name);
  tide_url_parameters_take (service->parameters, g_strdup (line), g_strdup (g_strchug (equals + 1)));
  return TRUE;
}

/**
 * tide_import_from_services:
 * @path: (nullable) (type filename): a `pg_service.conf`; %NULL for the one that libpq would read
 * @error: (out) (optional): %TIDE_ERROR_NOT_FOUND; %TIDE_ERROR_INVALID with file and line: libpq would
 *   not read on either
 *
 * See https://www.postgresql.org/docs/current/libpq-pgservice.html
 *
 * Returns: (transfer full) (element-type TideImportCandidate): the connections, named after their services
 */
GPtrArray *
tide_import_from_services (const char  *path,
                           GError     **error)
{
  g_autofree char *usual_path = path ? NULL : find_service_file ();
  const char *file = path ? path : usual_path;
  g_autofree char *text = read_text (file, error);
  g_auto(GStrv) lines = NULL;
  Service service = { NULL };
  GPtrArray *list;
  GError *first_error = NULL;
  guint i;

  if (text == NULL)
    return NULL;
  list = make_list ();
  lines = g_strsplit (text, "\n", -1);
  for (i = 0; lines[i] != NULL && first_error == NULL; i++)
    if (*g_strstrip (lines[i]) != '\0' && *lines[i] != '#')
      read_service_line (&service, list, lines[i], i + 1, file, &first_error);
  if (first_error == NULL)
    finish_service (&service, list, file, &first_error);
  g_clear_pointer (&service.parameters, tide_url_parameters_free);
  g_clear_pointer (&service.name, g_free);
  if (first_error != NULL)
    {
      set_place (first_error, file, i);
      g_ptr_array_set_size (list, 0);
    }
  return finish (list, file, first_error, error);
}

/* Reads up to the next ":" that no backslash precedes; (nullable): NULL for "*", which is anything */
static char *
read_field (const char **cursor)
{
  const char *p = *cursor;
  g_autoptr(GString) field = g_string_new (NULL);
  gboolean is_wildcard = *p == '*' && (p[1] == ':' || p[1] == '\0');

  for (; *p != '\0' && *p != ':'; p++)
    {
      if (*p == '\\' && p[1] != '\0')
        p++;
      g_string_append_c (field, *p);
    }
  *cursor = *p == ':' ? p + 1 : NULL;
  return is_wildcard ? NULL : g_string_free (g_steal_pointer (&field), FALSE);
}

/* An entry for any host is no connection: libpq goes on taking its password from the file */
static void
add_pgpass_line (GPtrArray  *list,
                 const char *line,
                 int         number,
                 const char *path)
{
  static const char *const keywords[] = { "host", "port", "dbname", "user" };
  g_autoptr(TideConninfo) conninfo = tide_conninfo_new ();
  const char *cursor = line;
  g_autofree char *password = NULL;
  guint64 port;

  for (guint i = 0; i < G_N_ELEMENTS (keywords); i++)
    {
      g_autofree char *field = read_field (&cursor);

      if (cursor == NULL)
        return;
      tide_conninfo_set (conninfo, keywords[i], field);
    }
  /* The password is the rest; libpq takes backslashes out of it as well, and a ":" ends it */
  password = read_field (&cursor);
  tide_conninfo_set (conninfo, "password", password ? password : "*");
  if (tide_conninfo_get (conninfo, "host") == NULL || *tide_conninfo_get (conninfo, "host") == '\0')
    return;
  if (tide_conninfo_get (conninfo, "port") != NULL &&
      !g_ascii_string_to_unsigned (tide_conninfo_get (conninfo, "port"), 10, 1, 65535, &port, NULL))
    return;
  add_candidate (list, conninfo, NULL, g_strdup_printf ("%s, line %d", path, number));
}

/**
 * tide_import_from_pgpass:
 * @path: (nullable) (type filename): a `.pgpass`; %NULL for the one that libpq would read
 * @error: (out) (optional): %TIDE_ERROR_NOT_FOUND, %TIDE_ERROR_INVALID
 *
 * See https://www.postgresql.org/docs/current/libpq-pgpass.html. As libpq does, it passes over what is no entry. "*"
 * for the port, the database or the user is libpq's default; for the host it makes no connection.
 *
 * Returns: (transfer full) (element-type TideImportCandidate): the connections
 */
GPtrArray *
tide_import_from_pgpass (const char  *path,
                         GError     **error)
{
  g_autofree char *usual_path = g_strdup (g_getenv ("PGPASSFILE"));
  const char *file;
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  GPtrArray *list;

  if (usual_path == NULL)
    usual_path = g_build_filename (g_get_home_dir (), ".pgpass", NULL);
  file = path ? path : usual_path;
  text = read_text (file, error);
  if (text == NULL)
    return NULL;
  list = make_list ();
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      gsize length = strlen (lines[i]);

      if (length > 0 && lines[i][length - 1] == '\r')
        lines[i][length - 1] = '\0';
      if (*lines[i] != '#')
        add_pgpass_line (list, lines[i], i + 1, file);
    }
  return finish (list, file, NULL, error);
}
