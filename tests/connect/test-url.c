/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "connect/tide-url.h"
#include "tide-error.h"

/* Everything that is set, as "keyword=value" joined with "|", the schema last as "(schema)=" */
static char *
describe (const TideConninfo *conninfo)
{
  g_auto(GStrv) keywords = tide_conninfo_list_keywords (conninfo);
  GString *text = g_string_new (NULL);

  for (guint i = 0; keywords[i] != NULL; i++)
    g_string_append_printf (text, "%s%s=%s", i > 0 ? "|" : "", keywords[i], tide_conninfo_get (conninfo, keywords[i]));
  if (tide_conninfo_get_schema (conninfo) != NULL)
    g_string_append_printf (text, "%s(schema)=%s", text->len > 0 ? "|" : "", tide_conninfo_get_schema (conninfo));
  return g_string_free (text, FALSE);
}

static const struct
{
  const char *url;
  const char *expected;
  guint       n_warnings;
} good[] = {
  { "postgresql://ada:pw@db.example.com:5433/shop", "host=db.example.com|port=5433|user=ada|password=pw|dbname=shop" },
  { "postgres://ada@localhost/shop?schema=app", "host=localhost|user=ada|dbname=shop|(schema)=app" },
  { "  postgres://h/d\r\n", "host=h|dbname=d" },
  { "POSTGRES://h/d", "host=h|dbname=d" },
  { "postgresql://", "" },
  { "postgresql://h", "host=h" },
  { "postgresql://h/", "host=h" },
  { "postgresql://h/d/", "host=h|dbname=d" },
  { "postgresql://h/d?", "host=h|dbname=d" },
  { "postgresql://h/d?&&user=u&", "host=h|user=u|dbname=d" },
  { "postgresql://h?user=u", "host=h|user=u" },
  { "postgresql://:pw@h/d", "host=h|password=pw|dbname=d" },
  { "postgresql://u:@h/d", "host=h|user=u|dbname=d" },
  { "postgresql:///d?host=/run/postgresql&port=5433", "host=/run/postgresql|port=5433|dbname=d", 1 },
  { "postgresql://u:p@localhost:5432/d?host=/tmp/s%20ock", "host=/tmp/s ock|port=5432|user=u|password=p|dbname=d" },
  { "postgresql://%2Frun%2Fpostgresql:5433/d", "host=/run/postgresql|port=5433|dbname=d" },
  { "postgresql://h:1,h2,[::1]:3/d?target_session_attrs=read-write",
    "host=h,h2,::1|port=1,,3|dbname=d|target_session_attrs=read-write" },
  { "postgresql://h1,h2/d", "host=h1,h2|dbname=d" },
  { "postgresql://[fe80::1%25eth0]:5432/d", "host=fe80::1%eth0|port=5432|dbname=d" },
  { "postgresql://u%40x:p%3A%2F%3f%23%25@h/d%2Fe%20f", "host=h|user=u@x|password=p:/?#%|dbname=d/e f" },
  { "postgresql://u:p@ss@h/d", "host=h|user=u|password=p@ss|dbname=d" },
  { "postgresql://u:p:q+r s@h/d", "host=h|user=u|password=p:q+r s|dbname=d" },
  { "postgresql://u:p?q#r@h/d", "host=h|user=u|password=p?q#r|dbname=d" },
  { "postgresql://u:1?q@h/d", "host=u|port=1", 1 },
  { "postgresql://ünï:pässwörd@h/データ", "host=h|user=ünï|password=pässwörd|dbname=データ" },
  { "postgresql://h:5432?application_name=a@b", "host=h|port=5432|application_name=a@b" },
  { "postgresql://h/d#main", "host=h|dbname=d", 1 },
  { "postgresql://h/d?application_name=a#b", "host=h|dbname=d|application_name=a", 1 },
  { "postgresql://h/d?schema=a&schema=b", "host=h|dbname=d|(schema)=b" },
  { "postgresql://h/d?connect_timeout=5&connect_timeout=0", "host=h|dbname=d|connect_timeout=0" },
  { "postgresql://h/d?schema=my+schema&application_name=a+b", "host=h|dbname=d|application_name=a+b|(schema)=my schema" },
  { "postgresql://h/d?options=-c%20statement_timeout%3D5&channel_binding=require",
    "host=h|dbname=d|channel_binding=require|options=-c statement_timeout=5" },
  { "postgresql://h/d?connection_limit=5&pool_timeout=2&socket_timeout=3&statement_cache_size=0"
    "&max_connection_lifetime=1&max_idle_connection_lifetime=1&single_use_connections=false", "host=h|dbname=d" },
  { "postgresql://h/d?pgbouncer=true", "host=h|dbname=d", 1 },
  { "postgresql://h/d?pgbouncer=false", "host=h|dbname=d" },
  { "postgresql://h/d?nonsense=1&other=2", "host=h|dbname=d", 2 },
  { "postgresql://h/d?ssl=true", "host=h|dbname=d|sslmode=require" },
  { "postgresql://h/d?sslmode=verify-ca&ssl=true", "host=h|dbname=d|sslmode=verify-ca" },
  { "postgresql://h/d?ssl=1", "host=h|dbname=d", 1 },
  { "postgresql://?service=prod", "service=prod" },
  { "postgresql://h:5432/d?port=6000", "host=h|port=6000|dbname=d", 1 },
  { "postgresql://h:5432/d?port=5432", "host=h|port=5432|dbname=d" },
  /* Prisma's TLS words, and libpq's */
  { "postgresql://h/d?sslmode=prefer", "host=h|dbname=d|sslmode=prefer" },
  { "postgresql://h/d?sslmode=require&sslaccept=accept_invalid_certs", "host=h|dbname=d|sslmode=require" },
  { "postgresql://h/d?sslmode=require&sslaccept=strict", "host=h|dbname=d|sslmode=verify-full" },
  { "postgresql://h/d?sslaccept=strict", "host=h|dbname=d|sslmode=verify-full", 1 },
  { "postgresql://h/d?sslmode=disable&sslaccept=strict", "host=h|dbname=d|sslmode=disable" },
  { "postgresql://h/d?sslmode=require&sslaccept=strict&sslcert=ca.pem",
    "host=h|dbname=d|sslmode=verify-full|sslrootcert=ca.pem" },
  { "postgresql://h/d?sslmode=require&sslcert=ca.pem", "host=h|dbname=d|sslmode=require", 1 },
  { "postgresql://h/d?sslmode=require&sslidentity=me.p12&sslpassword=s", "host=h|dbname=d|sslmode=require", 1 },
  { "postgresql://h/d?sslmode=verify-full&sslrootcert=ca.pem&sslcert=me.crt&sslkey=me.key&sslpassword=s",
    "host=h|dbname=d|sslmode=verify-full|sslrootcert=ca.pem|sslcert=me.crt|sslkey=me.key|sslpassword=s" },
  { "postgresql://h/d?sslmode=require&sslcert=me.crt&sslkey=", "host=h|dbname=d|sslmode=require|sslcert=me.crt" },
  /* keyword=value */
  { "host=h port = 5433 dbname='my db' user=it\\'s password='a\\'b\\\\c d'",
    "host=h|port=5433|user=it's|password=a'b\\c d|dbname=my db" },
  { "service=prod\nsslmode=verify-full", "service=prod|sslmode=verify-full" },
  { "dbname=a dbname=b", "dbname=b" },
  { "host=h password=x://y", "host=h|password=x://y" },
  { "host='' dbname=''", "" },
  { "host=h sslcert=me.crt", "host=h|sslcert=me.crt" },
  { "host=h sslpassword=s", "host=h|sslpassword=s" },
  { "host=a,b port=,", "host=a,b|port=," },
  { "host=a,b,c", "host=a,b,c" },
  { "host=h nonsense=1 connect_timeout=-1", "host=h|connect_timeout=-1", 1 },
};

static void
test_good (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(GPtrArray) warnings = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConninfo) conninfo = tide_url_parse (good[i].url, &warnings, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = describe (conninfo);
  g_assert_cmpstr (text, ==, good[i].expected);
  g_assert_cmpuint (warnings->len, ==, good[i].n_warnings);
}

static void
test_round_trip (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(TideConninfo) first = tide_url_parse (good[i].url, NULL, NULL);
  g_autofree char *url = tide_url_format (first, TRUE);
  g_autofree char *bare = tide_url_format (first, FALSE);
  g_autoptr(GError) error = NULL;
  g_autoptr(TideConninfo) second = tide_url_parse (url, NULL, &error);
  g_autoptr(TideConninfo) third = tide_url_parse (bare, NULL, NULL);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = describe (second);
  g_assert_cmpstr (text, ==, good[i].expected);
  g_assert_null (tide_conninfo_get (third, "password"));
  g_assert_null (tide_conninfo_get (third, "sslpassword"));
  g_assert_cmpstr (tide_conninfo_get (third, "host"), ==, tide_conninfo_get (first, "host"));
}

static const struct
{
  const char *url;
  int         code;
  const char *named; /* what the message must speak of */
} bad[] = {
  { "", TIDE_ERROR_INVALID, "empty" },
  { " \n", TIDE_ERROR_INVALID, "empty" },
  { "shop", TIDE_ERROR_INVALID, "not a connection URL" },
  { "\"postgresql://u:secret@h/d\"", TIDE_ERROR_INVALID, "quotes of its own" },
  { "localhost:5432/shop", TIDE_ERROR_INVALID, "\"localhost\" in place of postgresql://" },
  { "postgres:u:secret@h/d", TIDE_ERROR_INVALID, "no \"//\"" },
  { "http://u:secret@h/d", TIDE_ERROR_INVALID, "\"http\"" },
  { "jdbc:postgresql://h/d?password=secret", TIDE_ERROR_INVALID, "jdbc:" },
  { "mysql://u:secret@h/d", TIDE_ERROR_UNSUPPORTED, "MySQL" },
  { "MySQL://u:secret@h/d", TIDE_ERROR_UNSUPPORTED, "MySQL" },
  { "file:./dev.db", TIDE_ERROR_UNSUPPORTED, "SQLite" },
  { "sqlserver://h:1433;password=secret", TIDE_ERROR_UNSUPPORTED, "SQL Server" },
  { "mongodb+srv://u:secret@h/d", TIDE_ERROR_UNSUPPORTED, "MongoDB" },
  { "prisma+postgres://accelerate.prisma-data.net/?api_key=secret", TIDE_ERROR_UNSUPPORTED, "Prisma Postgres" },
  { "prisma://accelerate.prisma-data.net/?api_key=secret", TIDE_ERROR_UNSUPPORTED, "Prisma Accelerate" },
  { "postgresql://u:secret@h:0/d", TIDE_ERROR_INVALID, "port" },
  { "postgresql://u:secret@h:65536/d", TIDE_ERROR_INVALID, "port" },
  { "postgresql://u:secret@h:-1/d", TIDE_ERROR_INVALID, "port" },
  { "postgresql://u:secret@h:54 32/d", TIDE_ERROR_INVALID, "port" },
  { "postgresql://u:secret@h:1:2/d", TIDE_ERROR_INVALID, "port" },
  { "postgresql://h/d?port=99999", TIDE_ERROR_INVALID, "port" },
  { "postgresql://u:secret/word@h/d", TIDE_ERROR_INVALID, "port" },
  { "postgresql://u:secret", TIDE_ERROR_INVALID, "port" },
  { "postgresql://[::1/d", TIDE_ERROR_INVALID, "IPv6" },
  { "postgresql://[::1]x/d", TIDE_ERROR_INVALID, "IPv6" },
  { "postgresql://::1/d", TIDE_ERROR_INVALID, "port" },
  { "postgresql://u:secret%@h/d", TIDE_ERROR_INVALID, "the password" },
  { "postgresql://u:secret%zz@h/d", TIDE_ERROR_INVALID, "the password" },
  { "postgresql://u:secret%00@h/d", TIDE_ERROR_INVALID, "the password" },
  { "postgresql://u:secret%ff@h/d", TIDE_ERROR_INVALID, "the password" },
  { "postgresql://u%4:secret@h/d", TIDE_ERROR_INVALID, "the user" },
  { "postgresql://u:secret@h%/d", TIDE_ERROR_INVALID, "the host" },
  { "postgresql://u:secret@h/d%1", TIDE_ERROR_INVALID, "the database" },
  { "postgresql://h/d?options=%", TIDE_ERROR_INVALID, "parameter \"options\"" },
  { "postgresql://h/d?opt%ions=x", TIDE_ERROR_INVALID, "the name of a parameter" },
  { "postgresql://h/d?connect_timeout=abc", TIDE_ERROR_INVALID, "\"connect_timeout\" has \"abc\"" },
  { "postgresql://h/d?connect_timeout=", TIDE_ERROR_INVALID, "\"connect_timeout\"" },
  { "postgresql://h/d?connect_timeout=1.5", TIDE_ERROR_INVALID, "\"connect_timeout\"" },
  { "postgresql://h/d?connect_timeout=99999999999", TIDE_ERROR_INVALID, "\"connect_timeout\"" },
  { "postgresql://h/d?socket_timeout=-1", TIDE_ERROR_INVALID, "\"socket_timeout\"" },
  { "postgresql://h/d?pool_timeout=x", TIDE_ERROR_INVALID, "\"pool_timeout\"" },
  { "postgresql://h/d?connection_limit=many", TIDE_ERROR_INVALID, "\"connection_limit\" has \"many\"" },
  { "postgresql://h/d?statement_cache_size=1k", TIDE_ERROR_INVALID, "\"statement_cache_size\"" },
  { "postgresql://h/d?pgbouncer=yes", TIDE_ERROR_INVALID, "\"pgbouncer\" has \"yes\"" },
  { "postgresql://h/d?pgbouncer", TIDE_ERROR_INVALID, "\"pgbouncer\"" },
  { "postgresql://h/d?sslmode=always", TIDE_ERROR_INVALID, "\"sslmode\" has \"always\"" },
  { "postgresql://h/d?sslmode=Require", TIDE_ERROR_INVALID, "\"sslmode\"" },
  { "postgresql://h/d?sslmode", TIDE_ERROR_INVALID, "\"sslmode\"" },
  { "postgresql://h/d?sslaccept=maybe", TIDE_ERROR_INVALID, "\"sslaccept\"" },
  { "postgresql://h/d?channel_binding=on", TIDE_ERROR_INVALID, "\"channel_binding\"" },
  { "postgresql://h/d?target_session_attrs=master", TIDE_ERROR_INVALID, "\"target_session_attrs\"" },
  { "postgresql://h/d?schema=", TIDE_ERROR_INVALID, "\"schema\" is empty" },
  { "postgresql://u:secret@h/d\nx", TIDE_ERROR_INVALID, "control character" },
  { "postgresql://u:secret\xff@h/d", TIDE_ERROR_INVALID, "not UTF-8" },
  { "host=h password", TIDE_ERROR_INVALID, "\"password\" where keyword=value" },
  { "host=h password='secret", TIDE_ERROR_INVALID, "\"password\" are not closed" },
  { "=secret", TIDE_ERROR_INVALID, "keyword=value" },
  { "host=h sslmode=''", TIDE_ERROR_INVALID, "\"sslmode\"" },
};

static void
test_bad (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(GPtrArray) warnings = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_null (tide_url_parse (bad[i].url, &warnings, &error));
  g_assert_null (warnings);
  g_assert_error (error, TIDE_ERROR, bad[i].code);
  text = tide_error_dup_text (error);
  if (strstr (error->message, bad[i].named) == NULL || strstr (text, "secret") != NULL)
    g_error ("%s: %s", bad[i].url, text);
  g_assert_cmpstr (tide_error_get_fields (error)->prisma_code, ==, bad[i].code == TIDE_ERROR_INVALID ? "P1013" : NULL);
  g_assert_nonnull (tide_error_get_fields (error)->hint);
}

static void
test_warnings_keep_secrets (void)
{
  g_autoptr(GPtrArray) warnings = NULL;
  g_autoptr(TideConninfo) conninfo = tide_url_parse ("postgres://u:1?secret@h/d", &warnings, NULL);

  g_assert_nonnull (conninfo);
  g_assert_cmpuint (warnings->len, ==, 1);
  g_assert_null (strstr (g_ptr_array_index (warnings, 0), "secret"));
}

static void
test_format (void)
{
  g_autoptr(TideConninfo) conninfo = tide_conninfo_new ();
  g_autofree char *url = NULL;

  tide_conninfo_set (conninfo, "host", "/run/my socket");
  tide_conninfo_set (conninfo, "port", "5433");
  tide_conninfo_set (conninfo, "user", "ada@home");
  tide_conninfo_set (conninfo, "password", "a:b/c?d#e%");
  tide_conninfo_set (conninfo, "dbname", "shop");
  tide_conninfo_set_schema (conninfo, "app");
  url = tide_url_format (conninfo, TRUE);
  g_assert_cmpstr (url, ==, "postgresql://ada%40home:a%3Ab%2Fc%3Fd%23e%25@localhost:5433/shop"
                            "?host=%2Frun%2Fmy%20socket&schema=app");
}

static const struct
{
  const char *text;
  const char *expected;
} redacted[] = {
  { "no secret here, see https://example.com/a:b", "no secret here, see https://example.com/a:b" },
  { "postgres://u:pw@h/d failed", "postgres://u:***@h/d failed" },
  { "\"postgresql://u:p@ss/w?rd#x@h:1/d\"", "\"postgresql://u:***@h:1/d\"" },
  { "a postgres://u:p1@h/d and mysql://v:p2@i/e", "a postgres://u:***@h/d and mysql://v:***@i/e" },
  { "postgres://:pw@h", "postgres://:***@h" },
  { "postgres://u:pw@h/d?application_name=a@b", "postgres://u:***@h/d?application_name=a@b" },
  { "postgres://u:p w'x\"@h/d", "postgres://u:***@h/d" },
  { "postgres://u:a://b@h/d", "postgres://u:***@h/d" },
  { "postgres://u:pw", "postgres://u:***@" },
  { "postgres://h:5432/d, postgres://h:1,g:2/d, postgres://[::1]:5432/d",
    "postgres://h:5432/d, postgres://h:1,g:2/d, postgres://[::1]:5432/d" },
  { "postgres://h/d?password=a%26b&sslpassword=x&schema=y", "postgres://h/d?password=***&sslpassword=***&schema=y" },
  { "host=h password=a&b\\ c user=u", "host=h password=*** user=u" },
  { "password = 'it\\'s one' user=u", "password = *** user=u" },
  { "password='never closed user=u", "password=***" },
  { "PGPASSWORD=pw psql", "PGPASSWORD=*** psql" },
  { "PGPASSWORD=\"p w\" psql", "PGPASSWORD=*** psql" },
  { "ALTER ROLE x PASSWORD 'it''s' LOGIN", "ALTER ROLE x PASSWORD *** LOGIN" },
  { "postgres://ünï:pä@h/d \xff password=p\xff", "postgres://ünï:***@h/d \xff password=***" },
};

static void
test_redact (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (redacted); i++)
    {
      g_autofree char *text = tide_url_redact (redacted[i].text);
      g_autofree char *again = tide_url_redact (text);

      g_assert_cmpstr (text, ==, redacted[i].expected);
      g_assert_cmpstr (again, ==, redacted[i].expected);
    }
}

static void
test_redact_long (void)
{
  g_autofree char *filler = g_strnfill (1000 * 1000, 'x');
  g_autofree char *url = g_strdup_printf ("postgres://u:%ssecret@h/d", filler);
  g_autofree char *pair = g_strdup_printf ("password='%ssecret", filler);
  g_autofree char *lines = g_strdup_printf ("%s\npassword=secret\n", filler);
  const char *texts[] = { url, pair, lines };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text = tide_url_redact (texts[i]);

      g_assert_null (strstr (text, "secret"));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *name = g_strdup_printf ("/url/good/%u", i);
      g_autofree char *trip = g_strdup_printf ("/url/round-trip/%u", i);

      g_test_add_data_func (name, GUINT_TO_POINTER (i), test_good);
      g_test_add_data_func (trip, GUINT_TO_POINTER (i), test_round_trip);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *name = g_strdup_printf ("/url/bad/%u", i);

      g_test_add_data_func (name, GUINT_TO_POINTER (i), test_bad);
    }
  g_test_add_func ("/url/warnings-keep-secrets", test_warnings_keep_secrets);
  g_test_add_func ("/url/format", test_format);
  g_test_add_func ("/url/redact", test_redact);
  g_test_add_func ("/url/redact-long", test_redact_long);
  return g_test_run ();
}
