/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-handshake"

#include "config.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string.h>

#include "wire/tide-handshake.h"

/* Of this thread: what the last handshake that is over found out about the server's certificate */
static GPrivate verify_result;

/* OpenSSL calls it for every handshake that is let go of; this field is still there then. */
static void
take_result (void           *parent,
             void           *pointer,
             CRYPTO_EX_DATA *data,
             int             index,
             long            argl,
             void           *argp)
{
  long result = SSL_get_verify_result (parent);

  if (result != X509_V_OK)
    g_private_set (&verify_result, GSIZE_TO_POINTER (result));
}

/**
 * tide_handshake_begin:
 * @conn: (nullable): the connection that is being made; %NULL before its first step
 *
 * Forgets what this thread knows, before the next step of making a connection.
 */
void
tide_handshake_begin (PGconn *conn)
{
  static gsize is_watching;

  g_private_set (&verify_result, NULL);
  /* A socket has no address and speaks no TLS: OpenSSL would load all its messages for it. */
  if (conn == NULL || *PQhostaddr (conn) == '\0')
    return;
  if (g_once_init_enter (&is_watching))
    {
      SSL_get_ex_new_index (0, NULL, NULL, NULL, take_result);
      g_once_init_leave (&is_watching, 1);
    }
  /* libpq tells the first error of the queue, and an earlier connection of ours may have left one. */
  ERR_clear_error ();
}

/**
 * tide_handshake_get_problem:
 *
 * Returns: (nullable): after a step that failed on this thread, OpenSSL's words for what is wrong with the server's
 *   certificate
 */
const char *
tide_handshake_get_problem (void)
{
  long result = GPOINTER_TO_SIZE (g_private_get (&verify_result));

  return result == X509_V_OK ? NULL : X509_verify_cert_error_string (result);
}

#define WRONG_AUTHORITY                                                                            \
  "sslrootcert is not the authority that signed the server's certificate: name the file of the "   \
  "one that did; your provider or administrator has it"
#define NO_AUTHORITY                                                                               \
  "no known authority signed the server's certificate: name the file of its own authority, or of " \
  "itself, in sslrootcert"

/* By a piece of libpq's or OpenSSL's words, the narrower first */
static const struct
{
  const char *piece;
  const char *hint;
} hints[] = {
  { "does not match host name", "the certificate is another host's: connect by a name that it holds, or have one "
                                "made for this name; sslmode=verify-ca does not compare names" },
  { "certificate has expired", "have the server's certificate renewed by its administrator, and check this "
                               "machine's clock" },
  { "certificate is not yet valid", "check this machine's clock, and the certificate's dates with the server's "
                                    "administrator" },
  { "certificate revoked", "this certificate is no longer to be trusted; ask the server's administrator" },
  { "issuer certificate", WRONG_AUTHORITY },
  { "in certificate chain", WRONG_AUTHORITY },
  { "self-signed certificate", NO_AUTHORITY },
  { "self signed certificate", NO_AUTHORITY }, /* OpenSSL before 3 */
  { "certificate verify failed", "the server's certificate could not be checked against sslrootcert" },
  { "root certificate file", "name a readable file with the authority's certificate, in PEM, in sslrootcert" },
  { "alert unknown ca", "the server does not know the authority that signed your certificate (sslcert): name one "
                        "that its ssl_ca_file covers" },
  { "alert certificate expired", "your certificate (sslcert) has expired: have it renewed" },
  { "group or world access", "others may read the private key: take that from them with \"chmod 600\" on the file" },
  { "but not private key file", "name the private key that belongs to sslcert in sslkey" },
  { "key values mismatch", "sslkey is the key of another certificate than sslcert" },
  { "bad decrypt", "the private key is encrypted, and sslpassword is missing or not its passphrase" },
  { "could not load private key", "sslkey is no private key in PEM, or it is encrypted and its passphrase is "
                                  "missing: give that in sslpassword" },
  { "could not read certificate file", "name a readable file with your certificate, in PEM, in sslcert" },
  { "does not support SSL", "the server speaks no TLS: have it set up (ssl = on), or allow an open connection with "
                            "sslmode=prefer or disable where the network is to be trusted" },
  { "valid client certificate", "the server asks for your certificate: name its file in sslcert and that of its "
                                "private key in sslkey" },
  { "certificate authentication failed", "the certificate in sslcert was made for another user: its common name has "
                                         "to be the user's name" },
  { "no encryption", "the server takes this user from here only over TLS, or not at all: try sslmode=require" },
  { "SSL encryption", "the server takes this user from here only without TLS, or not at all: try sslmode=disable "
                      "where the network is to be trusted" },
  { "SSL off", "the server takes this user from here only over TLS, or not at all: try sslmode=require" },
  { "SSL on", "the server takes this user from here only without TLS, or not at all: try sslmode=disable "
              "where the network is to be trusted" },
};

/* libpq goes on without a certificate when its file is missing, even when it was named:
 * https://www.postgresql.org/docs/current/libpq-ssl.html */
static gboolean
misses_certificate (const TideConninfo *conninfo,
                    const char         *reason)
{
  const char *sslcert = tide_conninfo_get (conninfo, "sslcert");

  return sslcert != NULL && !g_file_test (sslcert, G_FILE_TEST_EXISTS) &&
         strstr (reason, "valid client certificate") != NULL;
}

/**
 * tide_handshake_find_hint:
 * @conninfo: where the connection should have led
 * @reason: why it could not be made, in the server's, libpq's or OpenSSL's words
 *
 * Returns: (nullable): what to do next, when TLS and certificates are the reason
 */
const char *
tide_handshake_find_hint (const TideConninfo *conninfo,
                          const char         *reason)
{
  if (strstr (reason, "[local]") != NULL) /* a socket speaks no TLS */
    return NULL;
  if (misses_certificate (conninfo, reason))
    return "the server asks for your certificate, and the file that sslcert names does not exist: correct its path";
  for (guint i = 0; i < G_N_ELEMENTS (hints); i++)
    {
      if (strstr (reason, hints[i].piece) != NULL)
        return hints[i].hint;
    }
  return NULL;
}
