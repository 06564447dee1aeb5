/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "connect/tide-target.h"
#include "support/tide-test.h"
#include "tide-error.h"
#include "wire/tide-session.h"

/* One URL and what comes of it. Run by with-tls.sh, which tells the users and the certificates. */
typedef struct
{
  const char *path;
  const char *user;
  const char *parameters; /* "@" stands for the folder of the certificates */
  const char *host;       /* NULL: the one that the server's certificate is for */
  const char *encrypted;  /* "t" or "f" when it leads somewhere; else NULL, and then: */
  const char *prisma_code;
  const char *message;    /* a piece of it */
  const char *hint;       /* a piece of it */
} Case;

#define STRICT "sslmode=verify-full&sslrootcert=@/ca.crt"

static const Case cases[] = {
  { "/tls/full", "either", STRICT, NULL, "t" },
  { "/tls/full-other-host", "either", STRICT, "db2.tidemark.test", NULL,
    "P1011", "certificate for \"db.tidemark.test\" does not match host name \"db2.tidemark.test\"", "another host's" },
  { "/tls/full-other-authority", "either", "sslmode=verify-full&sslrootcert=@/other.crt", NULL, NULL,
    "P1011", "certificate verify failed: self-signed certificate in certificate chain", "sslrootcert is not the authority" },
  { "/tls/full-no-authority", "either", "sslmode=verify-full&sslrootcert=@/none.crt", NULL, NULL,
    "P1011", "none.crt\" does not exist", "name a readable file" },
  { "/tls/full-no-certificate-in-file", "either", "sslmode=verify-full&sslrootcert=@/pg_hba.conf", NULL, NULL,
    "P1011", "could not read root certificate file", "in PEM" },
  { "/tls/ca", "either", "sslmode=verify-ca&sslrootcert=@/ca.crt", NULL, "t" },
  { "/tls/ca-other-host", "either", "sslmode=verify-ca&sslrootcert=@/ca.crt", "db2.tidemark.test", "t" },
  { "/tls/ca-other-authority", "either", "sslmode=verify-ca&sslrootcert=@/other.crt", NULL, NULL,
    "P1011", "certificate verify failed: ", "sslrootcert is not the authority" },
  { "/tls/require", "either", "sslmode=require", "db2.tidemark.test", "t" },
  { "/tls/prefer", "either", "sslmode=prefer", NULL, "t" },
  { "/tls/allow", "either", "sslmode=allow", NULL, "f" },
  { "/tls/disable", "either", "sslmode=disable", NULL, "f" },

  { "/tls/only-tls/require", "tls", "sslmode=require", NULL, "t" },
  { "/tls/only-tls/allow", "tls", "sslmode=allow", NULL, "t" },
  { "/tls/only-tls/disable", "tls", "sslmode=disable", NULL, NULL, "P1010", "no pg_hba.conf entry", "sslmode=require" },
  { "/tls/only-plain/disable", "plain", "sslmode=disable", NULL, "f" },
  { "/tls/only-plain/prefer", "plain", "sslmode=prefer", NULL, "f" },
  { "/tls/only-plain/require", "plain", "sslmode=require", NULL, NULL, "P1010", "no pg_hba.conf entry", "sslmode=disable" },
  { "/tls/only-plain/full", "plain", STRICT, NULL, NULL, "P1010", "no pg_hba.conf entry", "sslmode=disable" },

  { "/tls/client/given", "ada", STRICT "&sslcert=@/ada.crt&sslkey=@/ada.key", NULL, "t" },
  { "/tls/client/none", "ada", STRICT, NULL, NULL, "P1010", "requires a valid client certificate", "name its file" },
  { "/tls/client/no-such-file", "ada", STRICT "&sslcert=@/none.crt&sslkey=@/ada.key", NULL, NULL,
    "P1010", "requires a valid client certificate", "the file that sslcert names does not exist" },
  { "/tls/client/not-a-certificate", "ada", STRICT "&sslcert=@/pg_hba.conf&sslkey=@/ada.key", NULL, NULL,
    "P1011", "could not read certificate file", "in sslcert" },
  { "/tls/client/no-such-key", "ada", STRICT "&sslcert=@/ada.crt&sslkey=@/none.key", NULL, NULL,
    "P1011", "not private key file", "in sslkey" },
  { "/tls/client/other-key", "ada", STRICT "&sslcert=@/ada.crt&sslkey=@/eve.key", NULL, NULL,
    "P1011", "key values mismatch", "another certificate" },
  { "/tls/client/open-key", "ada", STRICT "&sslcert=@/ada.crt&sslkey=@/open.key", NULL, NULL,
    "P1011", "group or world access", "chmod 600" },
  { "/tls/client/locked-key", "ada", STRICT "&sslcert=@/ada.crt&sslkey=@/locked.key&sslpassword=s3cr3t", NULL, "t" },
  { "/tls/client/locked-key-no-passphrase", "ada", STRICT "&sslcert=@/ada.crt&sslkey=@/locked.key", NULL, NULL,
    "P1011", "could not load private key", "sslpassword" },
  { "/tls/client/locked-key-wrong-passphrase", "ada",
    STRICT "&sslcert=@/ada.crt&sslkey=@/locked.key&sslpassword=wrong", NULL, NULL,
    "P1011", "could not load private key", "not its passphrase" },
  { "/tls/client/other-authority", "ada", STRICT "&sslcert=@/eve.crt&sslkey=@/eve.key", NULL, NULL,
    "P1011", "unknown ca", "ssl_ca_file" },
  { "/tls/client/other-user", "ada", STRICT "&sslcert=@/server-as-user.crt&sslkey=@/server-as-user.key", NULL, NULL,
    "P1010", "certificate authentication failed", "another user" },

  { "/tls/prisma/default", "either", "sslmode=require&sslcert=@/other.crt", "db2.tidemark.test", "t" },
  { "/tls/prisma/none", "either", "", NULL, "t" },
  { "/tls/prisma/accept-invalid", "either", "sslmode=require&sslaccept=accept_invalid_certs&sslcert=@/other.crt",
    "db2.tidemark.test", "t" },
  { "/tls/prisma/strict", "either", "sslmode=require&sslaccept=strict&sslcert=@/ca.crt", NULL, "t" },
  { "/tls/prisma/strict-without-mode", "either", "sslaccept=strict&sslcert=@/ca.crt", NULL, "t" },
  { "/tls/prisma/strict-other-authority", "either", "sslmode=require&sslaccept=strict&sslcert=@/other.crt", NULL, NULL,
    "P1011", "certificate verify failed: ", "sslrootcert is not the authority" },
  { "/tls/prisma/strict-other-host", "either", "sslmode=require&sslaccept=strict&sslcert=@/ca.crt",
    "db2.tidemark.test", NULL, "P1011", "does not match host name", "another host's" },
  { "/tls/prisma/strict-system", "either", "sslaccept=strict", NULL, NULL,
    "P1011", "certificate", "sslrootcert" },
  { "/tls/prisma/disable", "either", "sslmode=disable&sslaccept=strict", NULL, "f" },
  { "/tls/prisma/identity", "ada", "sslmode=require&sslidentity=@/ada.p12&sslpassword=s3cr3t", NULL, NULL,
    "P1010", "requires a valid client certificate", "name its file" },
};

static TideConninfo *
admin_new (void)
{
  TideConninfo *conninfo = tide_conninfo_new ();

  tide_conninfo_set (conninfo, "host", g_getenv ("TIDE_TEST_PGHOST"));
  tide_conninfo_set (conninfo, "port", g_getenv ("TIDE_TEST_PGPORT"));
  tide_conninfo_set (conninfo, "user", g_getenv ("TIDE_TEST_PGUSER"));
  tide_conninfo_set (conninfo, "dbname", "postgres");
  return conninfo;
}

static char *
fill_in (const char *parameters)
{
  g_auto(GStrv) pieces = g_strsplit (parameters, "@", -1);

  return g_strjoinv (g_getenv ("TIDE_TEST_TLS"), pieces);
}

static TideSession *
open_url (const Case  *item,
          GError     **error)
{
  g_autofree char *parameters = fill_in (item->parameters);
  g_autofree char *url = g_strdup_printf ("postgresql://%s@%s:5432/postgres?hostaddr=%s&%s", item->user,
                                          item->host ? item->host : "db.tidemark.test",
                                          g_getenv ("TIDE_TEST_TLS_ADDRESS"), parameters);
  g_autoptr(TideTarget) target = tide_target_resolve (NULL, NULL, url, NULL, error);

  return target ? tide_session_open (tide_target_get_conninfo (target), NULL, error) : NULL;
}

static void
check_session (const Case  *item,
               TideSession *session)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(TideResult) result =
    tide_session_query (session, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid ()", NULL, 0, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (tide_result_get_value (result, 0, 0), ==, item->encrypted);
  tide_session_close (session);
}

static void
check_error (const Case   *item,
             const GError *error)
{
  const TideErrorFields *fields = tide_error_get_fields (error);

  g_test_message ("%s\n%s", error->message, fields->hint);
  g_assert_error (error, TIDE_ERROR, TIDE_ERROR_UNREACHABLE);
  g_assert_cmpstr (fields->prisma_code, ==, item->prisma_code);
  g_assert_nonnull (strstr (error->message, item->message));
  g_assert_nonnull (strstr (fields->hint, item->hint));
  g_assert_null (strchr (error->message, '\n'));
  g_assert_null (strstr (error->message, "s3cr3t"));
}

static void
test_case (gconstpointer data)
{
  const Case *item = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideSession) session = open_url (item, &error);

  if (item->encrypted != NULL)
    {
      g_assert_no_error (error);
      check_session (item, session);
    }
  else
    {
      g_assert_null (session);
      check_error (item, error);
    }
}

static void
show_certificate (const char *name)
{
  g_autoptr(TideConninfo) admin = admin_new ();
  g_autofree char *path = g_strdup_printf ("%s/%s", g_getenv ("TIDE_TEST_TLS"), name);
  g_autofree char *certificate = g_strdup_printf ("ALTER SYSTEM SET ssl_cert_file = '%s.crt'", path);
  g_autofree char *key = g_strdup_printf ("ALTER SYSTEM SET ssl_key_file = '%s.key'", path);
  gboolean is_shown = FALSE;

  g_free (tide_test_psql (admin, certificate));
  g_free (tide_test_psql (admin, key));
  g_free (tide_test_psql (admin, "SELECT pg_reload_conf ()"));
  /* The server reloads in its own time. */
  while (!is_shown)
    {
      g_autofree char *shown = tide_test_psql (admin, "SHOW ssl_key_file");

      is_shown = g_str_has_prefix (shown, path);
    }
}

static void
test_servers_certificate (void)
{
  static const Case expired[] = {
    { NULL, "either", STRICT, NULL, NULL, "P1011", "certificate has expired", "renewed" },
    { NULL, "either", "sslmode=verify-ca&sslrootcert=@/ca.crt", NULL, NULL, "P1011", "certificate has expired", "renewed" },
    { NULL, "either", "sslaccept=strict&sslcert=@/ca.crt", NULL, NULL, "P1011", "certificate has expired", "renewed" },
    { NULL, "either", "sslmode=require", NULL, "t" },
  };
  static const Case self_signed[] = {
    { NULL, "either", STRICT, NULL, NULL, "P1011", "certificate verify failed: self", "no known authority" },
    { NULL, "either", "sslmode=verify-full&sslrootcert=@/self.crt", NULL, "t" },
  };

  show_certificate ("expired");
  for (guint i = 0; i < G_N_ELEMENTS (expired); i++)
    test_case (&expired[i]);
  show_certificate ("self");
  for (guint i = 0; i < G_N_ELEMENTS (self_signed); i++)
    test_case (&self_signed[i]);
  show_certificate ("server");
}

/* What libpq cannot be told in a URL: the authorities that the system trusts */
static void
test_system_authorities (void)
{
  static const Case trusted = { NULL, "either", "sslmode=verify-full", NULL, "t" };
  static const Case strict = { NULL, "either", "sslaccept=strict", NULL, "t" };
  g_autofree char *authority = fill_in ("@/ca.crt");

  g_setenv ("SSL_CERT_FILE", authority, TRUE);
  test_case (&trusted);
  test_case (&strict);
  g_unsetenv ("SSL_CERT_FILE");
}

static void
run_in_folder (const char *command)
{
  g_autoptr(GError) error = NULL;
  int status;

  g_spawn_sync (g_getenv ("TIDE_TEST_TLS"), (char *[]) { "sh", "-ec", (char *) command, NULL }, NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);
}

static void
prepare (void)
{
  g_autoptr(TideConninfo) admin = admin_new ();

  g_free (tide_test_psql (admin, "CREATE ROLE ada LOGIN; CREATE ROLE tls LOGIN; CREATE ROLE plain LOGIN; "
                                 "CREATE ROLE either LOGIN"));
  run_in_folder ("cp ada.key open.key; chmod 644 open.key;"
                 "openssl ec -in ada.key -aes128 -passout pass:s3cr3t -out locked.key; chmod 600 locked.key;"
                 "cp server.crt server-as-user.crt; cp server.key server-as-user.key; chmod 600 server-as-user.key;"
                 "openssl pkcs12 -export -in ada.crt -inkey ada.key -passout pass:s3cr3t -out ada.p12");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  prepare ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, &cases[i], test_case);
  g_test_add_func ("/tls/servers-certificate", test_servers_certificate);
  g_test_add_func ("/tls/system-authorities", test_system_authorities);
  return g_test_run ();
}
