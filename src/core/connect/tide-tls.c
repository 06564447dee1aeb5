/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-tls"

#include "config.h"

#include "connect/tide-tls.h"

/* libpq's own place, which comes first: https://www.postgresql.org/docs/current/libpq-ssl.html */
static gboolean
has_roots_of_libpq (void)
{
  g_autofree char *path = g_build_filename (g_get_home_dir (), ".postgresql", "root.crt", NULL);

  return g_getenv ("PGSSLROOTCERT") != NULL || g_file_test (path, G_FILE_TEST_EXISTS);
}

static const char *
find_system_roots (void)
{
  const char *const places[] = {
    g_getenv ("SSL_CERT_FILE"),
    "/etc/ssl/certs/ca-certificates.crt", /* Debian, Arch, Alpine, the Flatpak runtimes */
    "/etc/pki/tls/certs/ca-bundle.crt",   /* Fedora */
    "/etc/ssl/ca-bundle.pem",             /* openSUSE */
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (places[i] != NULL && g_file_test (places[i], G_FILE_TEST_IS_REGULAR))
      return places[i];
  return NULL;
}

/**
 * tide_tls_add_roots:
 * @conninfo: connection values that are not shared yet
 *
 * libpq before PostgreSQL 16 cannot be told to trust the authorities that the system trusts
 * (`sslrootcert=system`), and refuses `verify-full` where there is no `~/.postgresql/root.crt`. So
 * their file is named. Not for `verify-ca`: anybody may get a certificate of a public authority.
 */
void
tide_tls_add_roots (TideConninfo *conninfo)
{
  if (g_strcmp0 (tide_conninfo_get (conninfo, "sslmode"), "verify-full") == 0 &&
      tide_conninfo_get (conninfo, "sslrootcert") == NULL && !has_roots_of_libpq ())
    tide_conninfo_set (conninfo, "sslrootcert", find_system_roots ());
}
