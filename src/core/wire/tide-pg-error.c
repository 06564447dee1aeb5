/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-pg-error"

#include "config.h"

#include <errno.h>
#include <string.h>

#include <glib/gi18n.h>

#include "wire/tide-handshake.h"
#include "wire/tide-pg-error.h"

/* (transfer full) (nullable): a field as UTF-8; before a session begins, the server has an encoding
 * of its own */
static char *
dup_field (const PGresult *source,
           int             field)
{
  const char *value = PQresultErrorField (source, field);

  return value ? g_utf8_make_valid (value, -1) : NULL;
}

static int
get_number (const PGresult *source,
            int             field)
{
  const char *value = PQresultErrorField (source, field);

  return value ? atoi (value) : 0;
}

static char *
dup_context (const PGresult *source)
{
  g_autofree char *context = dup_field (source, PG_DIAG_CONTEXT);
  g_autofree char *query = dup_field (source, PG_DIAG_INTERNAL_QUERY);

  if (query == NULL)
    return g_steal_pointer (&context);
  return g_strdup_printf ("query: %s%s%s", query, context ? "\n" : "", context ? context : "");
}

/* The server counts characters, from 1. */
static int
get_line (const char *script,
          int         position)
{
  int line = 1;

  if (position <= 0)
    return 0;
  for (const char *c = script; *c != '\0'; c++)
    {
      gboolean starts_character = (*c & 0xC0) != 0x80;

      if (starts_character && --position == 0)
        break;
      if (*c == '\n')
        line++;
    }
  return line;
}

/**
 * tide_pg_error_from_result:
 * @source: a PGresult of an error or a notice
 * @script: (nullable): the text that was sent, to tell the line
 *
 * Returns: (transfer full): a %TIDE_ERROR_SERVER with every field the server sent
 */
GError *
tide_pg_error_from_result (const PGresult *source,
                           const char     *script)
{
  g_autofree char *message = dup_field (source, PG_DIAG_MESSAGE_PRIMARY);
  GError *error;
  TideErrorFields *fields;

  /* What libpq itself found has no fields. */
  if (message == NULL)
    message = g_strstrip (g_utf8_make_valid (PQresultErrorMessage (source), -1));
  error = tide_error_new (TIDE_ERROR_SERVER, NULL, "%s", message);
  fields = tide_error_get_fields (error);
  fields->sqlstate = dup_field (source, PG_DIAG_SQLSTATE);
  fields->severity = dup_field (source, PG_DIAG_SEVERITY_NONLOCALIZED);
  fields->detail = dup_field (source, PG_DIAG_MESSAGE_DETAIL);
  fields->hint = dup_field (source, PG_DIAG_MESSAGE_HINT);
  fields->context = dup_context (source);
  fields->position = get_number (source, PG_DIAG_STATEMENT_POSITION);
  if (script != NULL)
    fields->line = get_line (script, fields->position);
  return error;
}

/* What libpq says of a connection, without the LOCATION lines that PQERRORS_VERBOSE adds */
static char *
dup_connection_message (PGconn *conn)
{
  static GRegex *location;
  static gsize once;
  g_autofree char *message = g_strstrip (g_utf8_make_valid (PQerrorMessage (conn), -1));

  if (g_once_init_enter (&once))
    {
      location = g_regex_new ("\\nLOCATION: [^\\n]*", 0, 0, NULL);
      g_once_init_leave (&once, 1);
    }
  return g_regex_replace_literal (location, message, -1, 0, "", 0, NULL);
}

/* (transfer full): the first reason in a message of libpq, which names the server before it and
 * explains on further lines */
static char *
dup_reason (const char *message)
{
  g_auto(GStrv) lines = g_strsplit (message, "\n", 2);
  const char *failed = strstr (lines[0], " failed: ");

  return g_strdup (failed ? failed + strlen (" failed: ") : lines[0]);
}

/* PQERRORS_VERBOSE writes "FATAL:  28P01: text"; before there is a PGresult, libpq has no other way
 * to tell. */
static gboolean
find_server_message (const char  *message,
                     char       **sqlstate,
                     char       **text)
{
  static GRegex *regex;
  static gsize once;
  g_autoptr(GMatchInfo) match = NULL;

  if (g_once_init_enter (&once))
    {
      regex = g_regex_new (".*:  ([0-9A-Z]{5}): ([^\\n]*)", G_REGEX_DOTALL, 0, NULL);
      g_once_init_leave (&once, 1);
    }
  if (!g_regex_match (regex, message, 0, &match))
    return FALSE;
  *sqlstate = g_match_info_fetch (match, 1);
  *text = g_match_info_fetch (match, 2);
  return TRUE;
}

typedef struct
{
  const char *key;
  const char *prisma_code;
  const char *hint;
} Advice;

/* By SQLSTATE; the codes are Prisma's mapping of the same failures. */
static const Advice server_advice[] = {
  { "28P01", "P1000", N_("check the user name and the password") },
  { "28000", "P1010", N_("the server's pg_hba.conf does not let this user in from here in this way; "
                      "ask its administrator, or try another user or sslmode") },
  { "42501", "P1010", N_("the user needs the CONNECT privilege on this database") },
  { "3D000", "P1003", N_("create the database first, or correct its name") },
  { "53300", "P1001", N_("the server has no free connection; close some, or raise max_connections") },
  { "55000", "P1001", N_("an administrator has closed it, or a swap was interrupted: "
                      "tidemarkctl restore --reopen lets connections in again") },
  { "57P03", "P1001", N_("the server is starting or shutting down; try again in a moment") },
};

static const Advice *
find_server_advice (const char *sqlstate,
                    const char *text)
{
  static const Advice no_role = { NULL, "P1010", N_("check the user name") };
  static const Advice unknown = { NULL, "P1001", N_("these are the words of the server, or of a pooler before it; "
                                                 "their logs tell more") };

  if (g_str_equal (sqlstate, "28000") && g_str_has_prefix (text, "role "))
    return &no_role;
  for (guint i = 0; i < G_N_ELEMENTS (server_advice); i++)
    {
      if (g_str_equal (server_advice[i].key, sqlstate))
        return &server_advice[i];
    }
  return &unknown;
}

/* libpq puts strerror() into its messages, so comparing with it holds in every language. */
static const Advice *
find_local_advice (PGconn     *conn,
                   const char *message)
{
  static const Advice password = { NULL, "P1000",
                                   N_("the server asks for a password and none was given") };
  static const Advice stranger = { NULL, "P1001",
                                   N_("something other than PostgreSQL answers there: correct host and port") };
  static const Advice tls = { NULL, "P1011",
                              N_("check sslmode and the certificates (sslrootcert, sslcert, sslkey)") };
  static const Advice refused = { NULL, "P1001",
                                  N_("nothing listens there; start the server, "
                                  "or correct host and port") };
  static const Advice no_socket = { NULL, "P1001",
                                    N_("there is no such socket; start the server, "
                                    "or correct the folder and the port") };
  static const Advice denied = { NULL, "P1001",
                                 N_("you may not use this socket or file; check its permissions") };
  static const Advice service = { NULL, "P1013",
                                  N_("correct PGSERVICE or service=, or add it to pg_service.conf") };
  static const Advice invalid = { NULL, "P1013", N_("correct this value of the connection") };
  static const Advice unreachable = { NULL, "P1001",
                                      N_("check host and port, and the network, VPN or firewall "
                                      "on the way") };

  if (PQconnectionNeedsPassword (conn))
    return &password;
  if (g_str_has_prefix (message, "invalid "))
    return &invalid;
  if (g_str_has_prefix (message, "definition of service "))
    return &service;
  if (strstr (message, "invalid response to SSL negotiation") || strstr (message, "expected authentication request"))
    return &stranger;
  if (strstr (message, "SSL") || strstr (message, "sslmode") || strstr (message, "certificate"))
    return &tls;
  if (strstr (message, strerror (ECONNREFUSED)))
    return &refused;
  if (strstr (message, strerror (ENOENT)))
    return &no_socket;
  if (strstr (message, strerror (EACCES)))
    return &denied;
  return &unreachable;
}

static GError *
unreachable_new (const TideConninfo *conninfo,
                 const Advice       *advice,
                 const char         *reason)
{
  g_autofree char *label = tide_conninfo_dup_label (conninfo);
  GError *error = tide_error_new (TIDE_ERROR_UNREACHABLE, _(advice->hint), _("cannot connect to \"%s\": %s"), label, reason);

  tide_error_get_fields (error)->prisma_code = g_strdup (advice->prisma_code);
  return error;
}

/* libpq says that a certificate is not to be trusted, and not why. */
static void
add_problem (char **reason)
{
  const char *problem = tide_handshake_get_problem ();

  if (problem != NULL && strstr (*reason, "certificate verify failed") != NULL)
    tide_error_take_string (reason, g_strdup_printf ("%s: %s", *reason, problem));
}

/* sslmode=prefer and allow try both ways; the server's words on the second are those that are told. */
static gboolean
was_refused_both_ways (const char *message)
{
  return (strstr (message, "no encryption") && strstr (message, "SSL encryption")) ||
         (strstr (message, "SSL off") && strstr (message, "SSL on"));
}

static GError *
refused_by_server_new (const TideConninfo *conninfo,
                       const char         *message,
                       const char         *sqlstate,
                       const char         *text)
{
  const Advice *advice = find_server_advice (sqlstate, text);
  const char *hint = was_refused_both_ways (message) ? NULL : tide_handshake_find_hint (conninfo, text);
  GError *error = unreachable_new (conninfo, advice, text);
  TideErrorFields *fields = tide_error_get_fields (error);

  fields->sqlstate = g_strdup (sqlstate);
  fields->severity = g_strdup ("FATAL");
  if (hint != NULL)
    tide_error_take_string (&fields->hint, g_strdup (hint));
  return error;
}

/**
 * tide_pg_error_unreachable:
 * @conn: a connection that could not be made in a step of this thread, with PQERRORS_VERBOSE set
 * @conninfo: where it should have led
 *
 * Returns: (transfer full): a %TIDE_ERROR_UNREACHABLE that tells the reasons apart
 */
GError *
tide_pg_error_unreachable (PGconn             *conn,
                           const TideConninfo *conninfo)
{
  g_autofree char *message = dup_connection_message (conn);
  g_autofree char *sqlstate = NULL;
  g_autofree char *text = NULL;
  Advice tls = { NULL, "P1011", NULL };
  gboolean is_whole;
  GError *error;

  if (find_server_message (message, &sqlstate, &text))
    return refused_by_server_new (conninfo, message, sqlstate, text);
  text = dup_reason (message);
  is_whole = g_str_equal (text, message);
  add_problem (&text);
  tls.hint = tide_handshake_find_hint (conninfo, text);
  error = unreachable_new (conninfo, tls.hint ? &tls : find_local_advice (conn, message), text);
  if (!is_whole)
    tide_error_get_fields (error)->detail = g_steal_pointer (&message);
  return error;
}

/**
 * tide_pg_error_no_host:
 * @conninfo: where the connection should have led
 * @cause: why its host was not found
 *
 * Returns: (transfer full): a %TIDE_ERROR_UNREACHABLE
 */
GError *
tide_pg_error_no_host (const TideConninfo *conninfo,
                       const GError       *cause)
{
  static const Advice advice = { NULL, "P1001",
                                 N_("check the name of the host, and the network or VPN") };
  const char *host = tide_conninfo_get (conninfo, "host");
  g_autofree char *reason = g_strdup_printf (_("no host \"%s\" was found"), host);
  GError *error = unreachable_new (conninfo, &advice, reason);

  tide_error_get_fields (error)->detail = g_strdup (cause->message);
  return error;
}

/**
 * tide_pg_error_timed_out:
 * @conninfo: where the connection should have led
 * @seconds: how long was waited
 *
 * Returns: (transfer full): a %TIDE_ERROR_UNREACHABLE
 */
GError *
tide_pg_error_timed_out (const TideConninfo *conninfo,
                         guint               seconds)
{
  static const Advice advice = { NULL, "P1001",
                                 N_("check host and port, and the network, VPN or firewall on the "
                                    "way; connect_timeout sets how long to wait") };
  g_autofree char *reason = g_strdup_printf (_("no answer within %u s"), seconds);

  return unreachable_new (conninfo, &advice, reason);
}

/**
 * tide_pg_error_lost:
 * @conn: a connection that went away
 * @conninfo: where it led
 * @cause: (nullable): the last error of the server on it
 *
 * Returns: (transfer full): a %TIDE_ERROR_LOST with the SQLSTATE of @cause
 */
GError *
tide_pg_error_lost (PGconn             *conn,
                    const TideConninfo *conninfo,
                    const GError       *cause)
{
  g_autofree char *label = tide_conninfo_dup_label (conninfo);
  g_autofree char *message = dup_connection_message (conn);
  const TideErrorFields *from = tide_error_get_fields (cause);
  /* What libpq noticed itself goes on for lines, about what that may mean. */
  g_autofree char *reason = from && from->sqlstate ? g_strdup (cause->message) : dup_reason (cause ? cause->message : message);
  GError *error = tide_error_new (TIDE_ERROR_LOST,
                                  _("connect again; what was not committed is undone"),
                                  _("the connection to \"%s\" was lost: %s"), label,
                                  *reason ? reason : _("closed by the server"));
  TideErrorFields *fields = tide_error_get_fields (error);

  fields->prisma_code = g_strdup ("P1017");
  if (from != NULL)
    {
      fields->sqlstate = g_strdup (from->sqlstate);
      fields->severity = g_strdup (from->severity);
      fields->detail = g_strdup (from->detail);
    }
  return error;
}
