/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fixture.h"

/* The status matrix of Prisma's engine since 7.9, as measured. A row is 'a' applied, 'f' failed,
 * 'r' rolled back, 'R' finished and rolled back; '!' behind it: with another checksum than the
 * file's. */
typedef struct
{
  const char *name;
  const char *rows;
  gboolean    on_disk;
  const char *state; /* NULL: no entry */
  gboolean    edited;
  guint       decides; /* index of the row that does; unused where there is none */
} Case;

static const Case cases[] = {
  { "none", "", TRUE, "pending", FALSE, 0 },
  { "applied", "a", TRUE, "applied", FALSE, 0 },
  { "applied-other-sum", "a!", TRUE, "edited", TRUE, 0 },
  { "failed", "f", TRUE, "failed", FALSE, 0 },
  { "failed-other-sum", "f!", TRUE, "failed", TRUE, 0 },
  { "only-rolled-back", "r", TRUE, "rolled_back", FALSE, 0 },
  { "rolled-back-twice", "r!r", TRUE, "rolled_back", FALSE, 1 },
  { "rolled-back-bad-then-applied", "r!a", TRUE, "applied", FALSE, 1 },
  { "rolled-back-then-applied-bad", "ra!", TRUE, "edited", TRUE, 1 },
  { "finished-and-rolled-back", "R", TRUE, "rolled_back", FALSE, 0 },
  { "failed-then-applied", "fa", TRUE, "failed", FALSE, 0 },
  { "applied-then-failed", "af", TRUE, "failed", FALSE, 1 },
  { "applied-good-then-bad", "aa!", TRUE, "applied", FALSE, 0 },
  { "applied-bad-then-good", "a!a", TRUE, "edited", TRUE, 0 },
  { "missing-applied", "a", FALSE, "missing", FALSE, 0 },
  { "missing-failed", "f", FALSE, "failed", FALSE, 0 },
  { "missing-twice", "aa", FALSE, "missing", FALSE, 0 },
  { "missing-rolled-back", "r", FALSE, NULL, FALSE, 0 },
};

static TideLedgerRow *
make_row (const char *name,
          const char *checksum,
          char        kind,
          gboolean    other,
          gint64      time)
{
  TideLedgerRow values = {
    .id = (char *) "id",
    .checksum =
      (char *) (other ? "0000000000000000000000000000000000000000000000000000000000000000"
                : checksum),
    .name = (char *) name,
    .started_at = time,
    .finished_at = kind == 'a' || kind == 'R' ? time + 5 : 0,
    .rolled_back_at = kind == 'r' || kind == 'R' ? time + 9 : 0,
    .applied_steps = 1,
  };

  return tide_ledger_row_new (&values);
}

static GPtrArray *
make_rows (const char *name,
           const char *checksum,
           const char *kinds)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) tide_ledger_row_unref);

  for (const char *kind = kinds; *kind != '\0'; kind++)
    {
      if (*kind != '!')
        g_ptr_array_add (rows, make_row (name, checksum, *kind, kind[1] == '!',
                                         1000 * (kind - kinds + 1)));
    }
  return rows;
}

static void
test_matrix (Fixture       *fixture,
             gconstpointer  data)
{
  const Case *c = data;
  g_autoptr(TideProject) project = NULL;
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(TideTimeline) timeline = NULL;
  const TideTimelineEntry *entry;

  fixture_add (fixture, c->on_disk ? "1_it" : "0_other", "SELECT 1;\n");
  project = fixture_load (fixture);
  rows = make_rows ("1_it", tide_migration_get_checksum (g_ptr_array_index (tide_project_get_migrations (project), 0)),
                    c->rows);
  timeline = tide_timeline_new (tide_project_get_migrations (project), rows);
  entry = tide_timeline_find (timeline, "1_it");

  if (c->state == NULL)
    {
      g_assert_null (entry);
      g_assert_cmpuint (tide_timeline_get_n_entries (timeline), ==, 1);
      return;
    }
  g_assert_cmpstr (tide_migration_state_to_string (entry->state), ==, c->state);
  g_assert_cmpint (entry->edited, ==, c->edited);
  g_assert_cmpint (entry->migration != NULL, ==, c->on_disk);
  g_assert_cmpuint (entry->rows->len, ==, rows->len);
  g_assert_true (entry->row == (rows->len ? g_ptr_array_index (rows, c->decides) : NULL));
  g_assert_cmpuint (tide_timeline_count (timeline, entry->state), ==,
                    1 + (entry->state == TIDE_STATE_PENDING && !c->on_disk));
  g_assert_cmpint (tide_timeline_is_up_to_date (timeline), ==, g_str_equal (c->state, "applied"));
  g_assert_cmpint (entry->duration, ==, entry->row && entry->row->finished_at ? 5 : -1);
}

static void
assert_order (TideTimeline       *timeline,
              const char * const *names)
{
  g_assert_cmpuint (tide_timeline_get_n_entries (timeline), ==, g_strv_length ((char **) names));
  for (guint i = 0; names[i] != NULL; i++)
    g_assert_cmpstr (tide_timeline_get_entry (timeline, i)->name, ==, names[i]);
}

/* On disk in the measured order of Prisma (ICU, not bytes), the missing ones between them. */
static void
test_order (Fixture       *fixture,
            gconstpointer  data)
{
  static const char *const on_disk[] =
    { "20240101000000-x", "20240101000000_a", "Init", "init", "10", "2", "_b", "zz" };
  static const char *const missing[] = { "zzz", ".a", "20240101000000_b", "11" };
  static const char *const expected[] =
    { "_b", ".a", "10", "11", "2", "20240101000000_a", "20240101000000_b",
                                          "20240101000000-x", "init", "Init", "zz", "zzz", NULL };
  g_autoptr(GPtrArray) rows =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tide_ledger_row_unref);
  g_autoptr(TideProject) project = NULL;
  g_autoptr(TideTimeline) timeline = NULL;
  g_autoptr(TideTimeline) without = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (on_disk); i++)
    fixture_add (fixture, on_disk[i], "");
  for (guint i = 0; i < G_N_ELEMENTS (missing); i++)
    g_ptr_array_add (rows, make_row (missing[i], "", 'a', FALSE, 1000 + i));
  project = fixture_load (fixture);
  timeline = tide_timeline_new (tide_project_get_migrations (project), rows);
  without = tide_timeline_new (tide_project_get_migrations (project), NULL);

  g_assert_cmpuint (tide_timeline_count (timeline, TIDE_STATE_MISSING), ==, G_N_ELEMENTS (missing));
  g_assert_cmpuint (tide_timeline_count_pending (timeline), ==, G_N_ELEMENTS (on_disk));
  g_assert_true (tide_timeline_is_initialised (timeline));
  g_assert_false (tide_timeline_is_initialised (without));
  g_assert_cmpuint (tide_timeline_get_n_entries (without), ==, G_N_ELEMENTS (on_disk));
  assert_order (timeline, expected);
}

static void
test_out_of_order (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(TideProject) project = NULL;
  g_autoptr(GPtrArray) rows = NULL;
  g_autoptr(TideTimeline) timeline = NULL;

  fixture_add (fixture, "1", "SELECT 1;");
  fixture_add (fixture, "2", "SELECT 1;");
  fixture_add (fixture, "3", "SELECT 1;");
  project = fixture_load (fixture);
  rows = make_rows ("2", tide_migration_get_checksum (tide_project_find_migration (project, "2")),
                    "a");
  timeline = tide_timeline_new (tide_project_get_migrations (project), rows);

  g_assert_true (tide_timeline_find (timeline, "1")->out_of_order);
  g_assert_false (tide_timeline_find (timeline, "2")->out_of_order);
  g_assert_false (tide_timeline_find (timeline, "3")->out_of_order);
}

static void
test_rules_of_resolved (Fixture       *fixture,
                        gconstpointer  data)
{
  TideLedgerRow values =
    { .id = (char *) "i", .checksum = (char *) "", .name = (char *) "1", .logs = (char *) "",
                           .started_at = 5, .finished_at = 5 };
  g_autoptr(GPtrArray) rows =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tide_ledger_row_unref);
  g_autoptr(GPtrArray) none = g_ptr_array_new ();
  g_autoptr(TideTimeline) timeline = NULL;

  g_ptr_array_add (rows, tide_ledger_row_new (&values));
  timeline = tide_timeline_new (none, rows);
  g_assert_cmpint (tide_timeline_get_entry (timeline, 0)->duration, ==, -1);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/timeline/matrix/", cases[i].name, NULL);

      g_test_add (path, Fixture, &cases[i], fixture_set_up_folder, test_matrix, fixture_tear_down);
    }
  g_test_add ("/timeline/order", Fixture, NULL, fixture_set_up_folder, test_order,
              fixture_tear_down);
  g_test_add ("/timeline/out-of-order", Fixture, NULL, fixture_set_up_folder, test_out_of_order,
              fixture_tear_down);
  g_test_add ("/timeline/resolved-has-no-duration", Fixture, NULL, fixture_set_up_folder,
              test_rules_of_resolved,
              fixture_tear_down);
  return g_test_run ();
}
