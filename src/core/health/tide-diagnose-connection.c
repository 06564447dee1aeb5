/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-diagnose-connection"

#include "config.h"

#include <errno.h>
#include <string.h>

#include "health/tide-diagnosis-private.h"
#include "tide-error.h"

/* What the words or the SQLSTATE of a failure mean. The first that fits holds; NULL fits all. */
typedef struct
{
  const char *id;
  const char *sqlstate;
  const char *prisma_code;
  const char *words;       /* in the message or the detail */
  int         errnum;      /* whose words are in the message; 0: any */
  const char *title;
  const char *explanation;
  const char *way;         /* what has to be done, elsewhere */
} Reason;

/* What poolers and proxies say themselves; they have no SQLSTATE of their own and borrow others. */
#define POOLER_TITLE N_("A pooler or proxy stands in between, and it refuses")
#define POOLER_TEXT  N_("What answers is not PostgreSQL itself but a pooler in front of it (PgBouncer, Supavisor, a cloud proxy). "  \
                        "Migrations need the server itself: a transaction pooler can hold no migration lock")
#define POOLER_WAY   N_("Give the URL of the server itself (Prisma calls it directUrl), or correct the pooler's configuration")
#define POOLER(words) { "proxy", NULL, NULL, words, 0, POOLER_TITLE, POOLER_TEXT, POOLER_WAY }

static const Reason reasons[] = {
  POOLER ("pgbouncer cannot connect"),
  POOLER ("bouncer config error"),
  POOLER ("no such database:"),
  POOLER ("no such user"),
  POOLER ("unsupported startup parameter"),
  POOLER ("no more connections allowed"),
  POOLER ("query_wait_timeout"),
  POOLER ("client_login_timeout"),
  POOLER ("server login has been failing"),
  POOLER ("server login failed"),
  POOLER ("Tenant or user not found"),
  POOLER ("Max client connections reached"),
  POOLER ("pool_size"),
  { "dns", NULL, "P1001", "no host \"", 0, N_("The host's name is not known"),
    N_("No address was found for the name: it is misspelt, or known only inside another network"),
    N_("Correct the host in the connection; or connect to the VPN or network that knows it") },
  { "password", "28P01", NULL, NULL, 0, N_("The password is not the right one"),
    N_("The server was reached and knows a way to ask for a password, and did not take the one that was given. It does not tell "
       "whether the user is there at all"),
    N_("Correct user and password, where the connection takes them from: the URL, the keyring, .pgpass") },
  { "password-missing", NULL, "P1000", NULL, 0, N_("The server asks for a password"),
    N_("The server was reached; nothing gave a password: not the URL, not the keyring, not PGPASSWORD or .pgpass"),
    N_("Give the password in one of these places") },
  { "pg-hba", "28000", NULL, "pg_hba.conf", 0, N_("The server's pg_hba.conf does not let this connection in"),
    N_("The server was reached and has no rule for this user, database, address and encryption together. The right password does "
       "not help"),
    N_("Its administrator adds a line to pg_hba.conf and reloads; or try another sslmode, user, or address") },
  { "role-missing", "28000", NULL, "role ", 0, N_("The server has no such user"),
    N_("The server was reached, and the role that wants to connect is not there or may not log in"),
    N_("Correct the user in the connection; or its administrator makes the role with LOGIN") },
  { "authentication", "28000", NULL, NULL, 0, N_("The server does not let this user in"),
    N_("The server was reached and refused to authenticate the user in the way that its pg_hba.conf asks for"),
    N_("Ask its administrator how this user is to log in") },
  { "database-missing", "3D000", NULL, NULL, 0, N_("The server has no such database"),
    N_("The server was reached and the user was let in; a database of this name is not there"),
    N_("Correct the name of the database where the connection takes it from") },
  { "connect-privilege", "42501", NULL, NULL, 0, N_("The user may not connect to this database"),
    N_("The server was reached and the user was let in, but lacks the CONNECT privilege on this database"),
    N_("Its owner runs GRANT CONNECT ON DATABASE … TO …") },
  { "too-many-connections", "53300", NULL, NULL, 0, N_("The server has no connection left"),
    N_("As many sessions as it allows are open. The last ones are kept for superusers"),
    N_("Close what is idle, give applications smaller pools, or connect as a superuser to look who is there") },
  { "closed", "55000", NULL, NULL, 0, N_("The database is closed to connections"),
    N_("An administrator has closed it, or a swap after a restore was interrupted in the middle"),
    N_("Connects anew, for when it has been opened again") },
  { "starting", "57P03", NULL, NULL, 0, N_("The server is starting, stopping or recovering"),
    N_("It is there and takes no sessions at this moment"), N_("Wait a moment; if it lasts, its log tells why") },
  { "not-postgresql", NULL, NULL, "received invalid response to SSL negotiation", 0, N_("What listens there is not PostgreSQL"),
    N_("Something answered in another language: the port is that of a web server or of another program"), N_("Correct the port") },
  { "not-postgresql", NULL, NULL, "expected authentication request", 0, N_("What listens there is not PostgreSQL"),
    N_("Something answered in another language: the port is that of a web server or of another program"), N_("Correct the port") },
  { "tls", NULL, "P1011", "does not match host name", 0, N_("The certificate is for another name"),
    N_("The server was reached and its certificate is trusted, but it is not made for the host that was asked for: the wrong server, "
       "or the right one under another name"),
    N_("Connect with the name that stands in the certificate; or its administrator adds this one to it") },
  { "tls", NULL, "P1011", "certificate verify failed", 0, N_("The server's certificate is not trusted"),
    N_("The server was reached and shows a certificate that none of the authorities known here vouches for, or that is out of date"),
    N_("Name the file of its authority in sslrootcert; or its administrator renews the certificate. Do not switch checking off "
       "towards production") },
  { "tls", NULL, "P1011", "does not support SSL", 0, N_("The server offers no encryption"),
    N_("The server was reached and has TLS switched off, and the connection asks for it"),
    N_("Its administrator switches ssl on; a lower sslmode sends the password and all rows in clear") },
  { "tls", NULL, "P1011", NULL, 0, N_("No encrypted connection came about"),
    N_("The server was reached; TLS failed: one side does not offer it, or the certificate is not one that is trusted here"),
    N_("Correct sslmode and the certificates (sslrootcert, sslcert, sslkey); do not switch checking off towards production") },
  { "refused", NULL, NULL, NULL, ECONNREFUSED, N_("Nothing listens there"),
    N_("The machine was reached, and on this port no server takes connections: it is not running, or listens elsewhere"),
    N_("Start the server; correct host and port; see listen_addresses in its postgresql.conf") },
  { "socket-missing", NULL, NULL, NULL, ENOENT, N_("There is no such socket"),
    N_("No server has its Unix socket in this folder under this port"),
    N_("Start the server; or correct the folder and the port; or connect over TCP with localhost as host") },
  { "socket-denied", NULL, NULL, NULL, EACCES, N_("The socket may not be used"),
    N_("The server's Unix socket is there, and its permissions keep this user of the machine out"),
    N_("See unix_socket_permissions and the folder's permissions") },
  { "time-out", NULL, NULL, "no answer within", 0, N_("Nobody answers"),
    N_("The address is known, and nothing came back: a firewall drops what is sent, the machine is down, or the network is another"),
    N_("See VPN, firewall and security group; or correct host and port") },
  { "invalid", NULL, "P1013", NULL, 0, N_("The connection is not written right"),
    N_("A value of the connection is not one that can be used"), N_("Correct it") },
  { "unreachable", NULL, NULL, NULL, 0, N_("The server cannot be reached"),
    N_("No connection came about"), N_("See host and port, and the network, VPN or firewall on the way") },
};

static gboolean
has_words (const GError *failure,
           const char   *words)
{
  const TideErrorFields *fields = tide_error_get_fields (failure);

  return strstr (failure->message, words) != NULL || (fields->detail != NULL && strstr (fields->detail, words) != NULL);
}

static gboolean
fits (const Reason *reason,
      const GError *failure)
{
  const TideErrorFields *fields = tide_error_get_fields (failure);

  return (reason->sqlstate == NULL || g_strcmp0 (reason->sqlstate, fields->sqlstate) == 0) &&
         (reason->prisma_code == NULL || g_strcmp0 (reason->prisma_code, fields->prisma_code) == 0) &&
         (reason->words == NULL || has_words (failure, reason->words)) &&
         (reason->errnum == 0 || has_words (failure, strerror (reason->errnum)));
}

static void
tell_place (TideDiagnosis *self,
            TideConninfo  *conninfo)
{
  static const char *const keywords[] = { "host", "port", "user", "dbname", "sslmode", "service" };
  g_autoptr(GString) line = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (keywords); i++)
    {
      const char *value = tide_conninfo_get (conninfo, keywords[i]);

      if (value != NULL && *value != '\0')
        g_string_append_printf (line, "%s%s=%s", line->len > 0 ? " " : "", keywords[i], value);
    }
  tide_diagnosis_take_evidence (self, g_strdup_printf (_("Where to: %s"), line->str));
}

/**
 * tide_diagnose_connection:
 * @conninfo: where it should have led
 * @failure: why it did not
 *
 * Returns: (transfer full) (nullable): the diagnosis; %NULL where @failure is none of connecting
 */
TideDiagnosis *
tide_diagnose_connection (TideConninfo *conninfo,
                          const GError *failure)
{
  const TideErrorFields *fields;
  const Reason *reason = reasons;
  TideDiagnosis *self;

  g_return_val_if_fail (conninfo != NULL && failure != NULL, NULL);

  if (!g_error_matches (failure, TIDE_ERROR, TIDE_ERROR_UNREACHABLE))
    return NULL;
  while (!fits (reason, failure))
    reason++;
  fields = tide_error_get_fields (failure);
  self = tide_diagnosis_new (reason->id, g_strdup (_(reason->title)), _(reason->explanation));
  tell_place (self, conninfo);
  tide_diagnosis_take_evidence (self, g_strdup_printf (_("What was said: %s"), failure->message));
  if (fields->detail != NULL)
    tide_diagnosis_take_evidence (self, g_strdup_printf (_("In detail: %s"), fields->detail));
  if (fields->sqlstate != NULL)
    tide_diagnosis_take_evidence (self, g_strdup_printf ("SQLSTATE: %s", fields->sqlstate));
  if (g_strcmp0 (fields->prisma_code, "P1000") == 0)
    tide_diagnosis_add_way (self, TIDE_WAY_ASK_PASSWORD, NULL, _("Enter Password…"),
                            _("Connects with what is typed, and keeps it nowhere"));
  if (g_str_equal (self->id, "closed"))
    tide_way_set_command (tide_diagnosis_add_way (self, TIDE_WAY_REOPEN, NULL, _("Allow Connections…"),
                                                  _("Opens the database again, after asking; not while a swap is at work")),
                          "restore --reopen", NULL);
  if (g_str_equal (self->id, "database-missing"))
    tide_diagnosis_add_way (self, TIDE_WAY_CREATE_DATABASE, NULL, _("Create the Database…"),
                            _("Makes it, empty, after asking; a deploy then fills it. The user needs CREATEDB"));
  tide_diagnosis_add_way (self, TIDE_WAY_RETRY, NULL, _("Try Again"), _(reason->way));
  return self;
}
