/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-catalog"

#include "config.h"

#include "schema/tide-catalog-query.h"
#include "schema/tide-expression-pool.h"
#include "schema/tide-object-kind.h"
#include "tide-error.h"

/* Deparse functions see the newest catalog, not the transaction's: an object dropped meanwhile makes them fail. Where the same
 * complaint comes again and again, it is not that. */
#define N_ATTEMPTS 12
#define N_SAME_COMPLAINTS 3

/* Every text comes out the same whatever the role's settings are; with nothing on the path every name is whole. Parallel workers
 * begin with empty caches, which costs more than they take over; the other database is read meanwhile. */
#define BEGIN_SQL                                                                                    \
  "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"                                                 \
  "SET LOCAL search_path = ''; SET LOCAL DateStyle = ISO; SET LOCAL IntervalStyle = postgres;"       \
  "SET LOCAL extra_float_digits = 3; SET LOCAL quote_all_identifiers = off; SET LOCAL jit = off;"    \
  "SET LOCAL client_min_messages = warning; SET LOCAL max_parallel_workers_per_gather = 0;"

#define FACTS_SQL                                                                                    \
  "SELECT d.datname, u.oid, pg_catalog.pg_get_userbyid(u.oid)"                                       \
  " FROM pg_catalog.pg_database d, LATERAL (SELECT COALESCE("                                        \
  "(SELECT pg_catalog.min(c.relowner::pg_catalog.int8)::pg_catalog.oid FROM pg_catalog.pg_class c"   \
  " WHERE c.relname = '_prisma_migrations' AND c.relkind = 'r'), d.datdba) AS oid) u"                \
  " WHERE d.datname = pg_catalog.current_database();"

#define ROLES_SQL "SELECT r.oid, r.rolname FROM pg_catalog.pg_roles r;"

#define MEMBERS_SQL                                                                                  \
  "SELECT d.classid, d.objid, d.refobjid FROM pg_catalog.pg_depend d"                                \
  " WHERE d.deptype = 'e' AND d.refclassid = 3079;"

/* By what other names pg_depend knows our objects: row, array and multirange types, the parts of an operator class; a kind's
 * query tells more */
#define TYPES_SQL                                                                                    \
  "SELECT t.oid, t.typrelid, t.typarray FROM pg_catalog.pg_type t"                                   \
  " WHERE t.oid >= 16384 AND (t.typrelid <> 0 OR t.typarray <> 0);"

#define ALIASES_SQL                                                                                  \
  "SELECT p.classid, p.objid, p.refclassid, p.refobjid FROM pg_catalog.pg_depend p"                  \
  " WHERE p.objid >= 16384 AND (p.classid IN (2602, 2603) AND p.refclassid IN (2616, 2753)"          \
  " AND p.deptype IN ('a', 'i') OR p.classid = 1247 AND p.refclassid = 1247 AND p.deptype = 'i'"     \
  " AND p.objid IN (SELECT t.oid FROM pg_catalog.pg_type t WHERE t.typtype = 'm'));"

/* Without those of row and array types, and of the triggers of foreign keys */
#define DEPENDENCIES_SQL                                                                             \
  "SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid"                   \
  " FROM pg_catalog.pg_depend d WHERE d.objid >= 16384 AND d.refobjid >= 16384"                      \
  " AND d.deptype <> 'e' AND NOT (d.classid IN (1247, 2620) AND d.deptype = 'i' AND d.refclassid IN (1247, 1259, 2606));"

#define COMMENTS_SQL                                                                                 \
  "SELECT c.classoid, c.objoid, c.objsubid, c.description FROM pg_catalog.pg_description c"          \
  " WHERE c.objoid >= 16384 OR c.classoid = 2615;"

#define LABELS_SQL                                                                                   \
  "SELECT l.classoid, l.objoid, l.objsubid, l.provider, l.label FROM pg_catalog.pg_seclabel l"       \
  " ORDER BY 1, 2, 3, 4;"

/* Kinds that most databases have none of. To plan their queries is half of what reading a small catalog costs: the server is
 * asked whether there are any, and for them in a second trip. Only what everybody may read tells: a mapping needs a server. */
static const struct
{
  TideObjectKind kind;
  const char    *look;
} rare[] = {
  { TIDE_OBJECT_LANGUAGE, "pg_language x WHERE x.oid" },
  { TIDE_OBJECT_ACCESS_METHOD, "pg_am x WHERE x.oid" },
  { TIDE_OBJECT_COLLATION, "pg_collation x WHERE x.oid" },
  { TIDE_OBJECT_DOMAIN, "pg_type x WHERE x.typtype = 'd' AND x.oid" },
  { TIDE_OBJECT_RANGE, "pg_range x WHERE x.rngtypid" },
  { TIDE_OBJECT_COMPOSITE, "pg_class x WHERE x.relkind = 'c' AND x.oid" },
  { TIDE_OBJECT_MATERIALIZED_VIEW, "pg_class x WHERE x.relkind = 'm' AND x.oid" },
  { TIDE_OBJECT_AGGREGATE, "pg_proc x WHERE x.prokind = 'a' AND x.oid" },
  { TIDE_OBJECT_OPERATOR, "pg_operator x WHERE x.oid" },
  { TIDE_OBJECT_OPERATOR_FAMILY, "pg_opfamily x WHERE x.oid" },
  { TIDE_OBJECT_OPERATOR_CLASS, "pg_opclass x WHERE x.oid" },
  { TIDE_OBJECT_CAST, "pg_cast x WHERE x.oid" },
  { TIDE_OBJECT_CONVERSION, "pg_conversion x WHERE x.oid" },
  { TIDE_OBJECT_TRANSFORM, "pg_transform x WHERE x.oid" },
  { TIDE_OBJECT_TS_PARSER, "pg_ts_parser x WHERE x.oid" },
  { TIDE_OBJECT_TS_TEMPLATE, "pg_ts_template x WHERE x.oid" },
  { TIDE_OBJECT_TS_DICTIONARY, "pg_ts_dict x WHERE x.oid" },
  { TIDE_OBJECT_TS_CONFIGURATION, "pg_ts_config x WHERE x.oid" },
  { TIDE_OBJECT_FOREIGN_WRAPPER, "pg_foreign_data_wrapper x WHERE x.oid" },
  { TIDE_OBJECT_FOREIGN_SERVER, "pg_foreign_server x WHERE x.oid" },
  { TIDE_OBJECT_USER_MAPPING, "pg_foreign_server x WHERE x.oid" },
  { TIDE_OBJECT_RULE, "pg_rewrite x WHERE x.rulename <> '_RETURN' AND x.oid" },
  { TIDE_OBJECT_POLICY, "pg_policy x WHERE x.oid" },
  { TIDE_OBJECT_STATISTICS, "pg_statistic_ext x WHERE x.oid" },
  { TIDE_OBJECT_EVENT_TRIGGER, "pg_event_trigger x WHERE x.oid" },
  { TIDE_OBJECT_PUBLICATION, "pg_publication x WHERE x.oid" },
  { TIDE_OBJECT_DEFAULT_PRIVILEGES, "pg_default_acl x WHERE x.oid" },
};

/* The statements of one trip, and whose results are among them */
typedef struct
{
  GString  *script;
  gboolean  has[TIDE_N_OBJECT_KINDS];
} Trip;

static void
trip_clear (Trip *self)
{
  g_string_free (self->script, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Trip, trip_clear)

static void
trip_add (Trip           *self,
          TideObjectKind  kind,
          int             version)
{
  const TideObjectKindInfo *info = tide_object_kind_get_info (kind);
  g_autofree char *query = info == NULL ? NULL : info->query (version);

  if (query == NULL)
    return;
  g_string_append_printf (self->script, "%s;", query);
  self->has[kind] = TRUE;
}

static gboolean
is_rare (TideObjectKind kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (rare); i++)
    if (rare[i].kind == kind)
      return TRUE;
  return FALSE;
}

/* All but the rare ones, and whether there are any of these. What is let go soon comes last: it finds room where the many columns
 * were on their way. */
static void
trip_add_first (Trip *self,
                int   version)
{
  g_string_append (self->script, BEGIN_SQL FACTS_SQL ROLES_SQL MEMBERS_SQL TYPES_SQL ALIASES_SQL);
  for (guint i = 0; i < G_N_ELEMENTS (rare); i++)
    g_string_append_printf (self->script, "%s EXISTS (SELECT FROM pg_catalog.%s >= 16384)", i == 0 ? "SELECT" : ",", rare[i].look);
  g_string_append_c (self->script, ';');
  for (guint kind = 0; kind < TIDE_N_OBJECT_KINDS; kind++)
    if (!is_rare (kind))
      trip_add (self, kind, version);
  g_string_append (self->script, DEPENDENCIES_SQL COMMENTS_SQL LABELS_SQL TIDE_EXPRESSION_CHECKS_SQL
                   TIDE_EXPRESSION_PREDICATES_SQL);
}

static void
trip_add_second (Trip       *self,
                 TideResult *looks,
                 int         version)
{
  for (guint kind = 0; kind < TIDE_N_OBJECT_KINDS; kind++)
    for (guint i = 0; i < G_N_ELEMENTS (rare); i++)
      if (rare[i].kind == kind && g_strcmp0 (tide_result_get_value (looks, 0, i), "t") == 0)
        trip_add (self, kind, version);
}

static void
unref_result (gpointer data)
{
  if (data != NULL)
    tide_result_unref (data);
}

/* (transfer full) (nullable): as a TideCatalogTake takes them */
static GPtrArray *
read_results (TideSession   *session,
              GCancellable  *cancellable,
              GError       **error)
{
  int version = tide_session_get_server_version (session);
  g_auto (Trip) first = { g_string_new (NULL) };
  g_auto (Trip) second = { g_string_new (NULL) };
  g_autoptr (GPtrArray) common = NULL;
  g_autoptr (GPtrArray) others = NULL;
  GPtrArray *results;

  trip_add_first (&first, version);
  common = tide_session_run (session, first.script->str, cancellable, error);
  if (common == NULL)
    return NULL;
  trip_add_second (&second, g_ptr_array_index (common, TIDE_CATALOG_RARE), version);
  if (second.script->len > 0)
    {
      others = tide_session_run (session, second.script->str, cancellable, error);
      if (others == NULL)
        return NULL;
    }
  results = g_ptr_array_new_with_free_func (unref_result);
  for (guint i = 0; i < TIDE_CATALOG_FIRST_KIND; i++)
    g_ptr_array_add (results, g_ptr_array_steal_index (common, 0));
  for (guint kind = 0; kind < TIDE_N_OBJECT_KINDS; kind++)
    g_ptr_array_add (results, first.has[kind] ? g_ptr_array_steal_index (common, 0)
                              : second.has[kind] ? g_ptr_array_steal_index (others, 0) : NULL);
  while (results->len < TIDE_CATALOG_N_RESULTS)
    g_ptr_array_add (results, g_ptr_array_steal_index (common, 0));
  return results;
}

/* What a deparse function says of an object that went away under it */
static gboolean
is_of_vanished_object (const GError *error)
{
  static const char *const states[] = { "XX000", "42P01", "42704", "42883", "3F000", "55000" };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (tide_error_has_sqlstate (error, states[i]))
      return TRUE;
  return FALSE;
}

static GError *
take_error (GError      *error,
            TideSession *session,
            gboolean     is_passing)
{
  TideErrorFields *fields = tide_error_get_fields (error);
  const char *database = tide_conninfo_get (tide_session_get_conninfo (session), "dbname");

  if (database == NULL)
    g_prefix_error (&error, "cannot read the catalog: ");
  else
    g_prefix_error (&error, "cannot read the catalog of \"%s\": ", database);
  if (fields != NULL && fields->hint == NULL && g_strcmp0 (fields->sqlstate, "42501") == 0)
    tide_error_take_string (&fields->hint, g_strdup ("Read it as a role that may read all of the system catalogs: a part that is missing"
                                                     " would look like objects that are missing"));
  if (fields != NULL && fields->hint == NULL && is_of_vanished_object (error))
    tide_error_take_string (&fields->hint, g_strdup (is_passing
                            ? "Objects are made and dropped there all the time. Try again when less goes on"
                            : "Something in this catalog points at what is not there. pg_dump -s of the database tells more"));
  return error;
}

/* What is made of a catalog whose transaction ended well */
static gpointer
try_once (TideSession      *session,
          TideCatalogTake   take,
          gpointer          data,
          GCancellable     *cancellable,
          GError          **error)
{
  g_autoptr (GPtrArray) results = read_results (session, cancellable, error);
  g_autoptr (GPtrArray) ended = NULL;
  gpointer made = results == NULL ? NULL : take (results, data, error);

  /* It only read: whether it could say so is all the same. */
  if (!tide_session_is_lost (session))
    ended = tide_session_run (session, made == NULL ? "ROLLBACK" : "COMMIT", NULL, NULL);
  return made;
}

gpointer
tide_catalog_query (TideSession      *session,
                    TideCatalogTake   take,
                    gpointer          data,
                    GCancellable     *cancellable,
                    GError          **error)
{
  g_autofree char *complaint = NULL;
  guint n_same = 0;

  for (guint attempt = 1;; attempt++)
    {
      g_autoptr (GError) local_error = NULL;
      gpointer made = try_once (session, take, data, cancellable, &local_error);

      if (made != NULL)
        return made;
      n_same = g_strcmp0 (complaint, local_error->message) == 0 ? n_same + 1 : 1;
      g_free (complaint);
      complaint = g_strdup (local_error->message);
      if (n_same < N_SAME_COMPLAINTS && attempt < N_ATTEMPTS && is_of_vanished_object (local_error))
        continue;
      g_propagate_error (error, take_error (g_steal_pointer (&local_error), session, n_same < N_SAME_COMPLAINTS));
      return NULL;
    }
}
