/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "backup/tide-restore-private.h"
#include "tide-error.h"

/* As pg_restore 15 prints it, with a schema whose name has a space */
static const char list[] =
  ";\n; Archive created at 2026-11-22 21:18:42 UTC\n;     dbname: a\n;\n"
  "3386; 0 0 ENCODING - ENCODING \n"
  "3389; 1262 16384 DATABASE - a tide\n"
  "6; 2615 16385 SCHEMA - my schema tide\n"
  "846; 1247 16387 TYPE my schema mood tide\n;\tdepends on: 6\n"
  "223; 1255 16427 FUNCTION public f() tide\n"
  "216; 1259 16392 TABLE my schema p tide\n;\tdepends on: 846 846 6\n"
  "215; 1259 16391 SEQUENCE my schema p_id_seq tide\n;\tdepends on: 6 216\n"
  "3390; 0 0 SEQUENCE OWNED BY my schema p_id_seq tide\n;\tdepends on: 215\n"
  "218; 1259 16400 TABLE public c tide\n"
  "3391; 0 0 COMMENT public TABLE c tide\n;\tdepends on: 218\n"
  "3392; 0 0 ACL public TABLE c tide\n;\tdepends on: 218\n"
  "217; 1259 16399 SEQUENCE public c_id_seq tide\n;\tdepends on: 218\n"
  "220; 1259 16418 TABLE public part tide\n"
  "221; 1259 16421 TABLE public part.1 tide\n;\tdepends on: 220\n"
  "219; 1259 16413 VIEW public v tide\n;\tdepends on: 218 218 218\n"
  "3223; 0 0 TABLE ATTACH public part.1 tide\n;\tdepends on: 221 220\n"
  "3224; 2604 16395 DEFAULT my schema p id tide\n;\tdepends on: 216 215 216\n"
  "3377; 0 16392 TABLE DATA my schema p tide\n;\tdepends on: 216\n"
  "3379; 0 16400 TABLE DATA public c tide\n;\tdepends on: 218\n"
  "3380; 0 16421 TABLE DATA public part.1 tide\n;\tdepends on: 221\n"
  "3393; 0 0 SEQUENCE SET my schema p_id_seq tide\n;\tdepends on: 215\n"
  "3394; 0 0 SEQUENCE SET public c_id_seq tide\n;\tdepends on: 217\n"
  "3227; 2606 16398 CONSTRAINT my schema p p_pkey tide\n;\tdepends on: 216\n"
  "3229; 2606 16406 CONSTRAINT public c c_pkey tide\n;\tdepends on: 218\n"
  "3230; 1259 16412 INDEX public c_t_idx tide\n;\tdepends on: 218\n"
  "3232; 2620 16428 TRIGGER public c tr tide\n;\tdepends on: 223 218\n"
  "3231; 2606 16407 FK CONSTRAINT public c c_p_fkey tide\n;\tdepends on: 218 3227 216\n";

static const TideTocEntry *
find (GPtrArray *toc,
      int        id)
{
  for (guint i = 0; i < toc->len; i++)
    if (((TideTocEntry *) g_ptr_array_index (toc, i))->id == id)
      return g_ptr_array_index (toc, i);
  return NULL;
}

static void
test_parse (void)
{
  g_autoptr(GPtrArray) toc = tide_restore_parse_toc (list);
  const TideTocEntry *entry = find (toc, 3224);

  g_assert_cmpuint (toc->len, ==, 25);
  g_assert_cmpstr (entry->kind, ==, "DEFAULT");
  g_assert_cmpstr (entry->schema, ==, "my schema");
  g_assert_cmpstr (entry->name, ==, "p id");
  g_assert_cmpstr (entry->owner, ==, "tide");
  g_assert_cmpstr (entry->line, ==, "3224; 2604 16395 DEFAULT my schema p id tide");
  g_assert_cmpuint (entry->depends_on->len, ==, 3);
  g_assert_cmpint (g_array_index (entry->depends_on, int, 1), ==, 215);
  g_assert_cmpstr (find (toc, 6)->name, ==, "my schema");
  g_assert_null (find (toc, 6)->schema);
  g_assert_cmpstr (find (toc, 3231)->kind, ==, "FK CONSTRAINT");
  g_assert_null (find (toc, 3389));
}

static void
assert_chosen_of (const char *contents,
                  const char *selector,
                  gboolean    with_parents,
                  const char *expected,
                  guint       n_problems)
{
  g_autoptr(GPtrArray) toc = tide_restore_parse_toc (contents);
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;
  const char *only[] = { selector, NULL };
  g_autoptr(GPtrArray) chosen = tide_restore_select (toc, only, with_parents, problems, &error);
  g_autoptr(GString) ids = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < chosen->len; i++)
    g_string_append_printf (ids, "%s%d", i ? " " : "", ((TideTocEntry *) g_ptr_array_index (chosen, i))->id);
  g_assert_cmpstr (ids->str, ==, expected);
  g_assert_cmpuint (problems->len, ==, n_problems);
}

static void
assert_chosen (const char *selector,
               gboolean    with_parents,
               const char *expected,
               guint       n_problems)
{
  assert_chosen_of (list, selector, with_parents, expected, n_problems);
}

static void
test_select (void)
{
  /* The foreign key to my schema.p is left out, and told */
  assert_chosen ("public.c", TRUE, "223 218 3391 3392 217 3379 3394 3229 3230 3232", 1);
  assert_chosen ("public.c", FALSE, "218 3391 3392 217 3379 3394 3229 3230 3232", 1);
  assert_chosen ("my schema.p", TRUE, "6 846 216 215 3390 3224 3377 3393 3227", 0);
  assert_chosen ("my schema", TRUE, "6 846 216 215 3390 3224 3377 3393 3227", 0);
  /* A view needs its table, and that comes whole */
  assert_chosen ("public.v", TRUE, "223 218 3391 3392 217 219 3379 3394 3229 3230 3232", 1);
  /* With a table its partitions */
  assert_chosen ("public.part", TRUE, "220 221 3223 3380", 0);
  assert_chosen ("public.part.1", TRUE, "220 221 3223 3380", 0);
  assert_chosen ("#223", TRUE, "223", 0);
}

/* Until pg_dump 16 one entry holds the bytes of all; since then each list of them has its own. */
static void
test_large_objects (void)
{
  static const char until_16[] = "5; 1259 16400 TABLE public c tide\n3339; 2613 4711 BLOB - 4711 tide\n3340; 2613 4712 BLOB - 4712 tide\n"
                                 "3341; 0 0 BLOBS - BLOBS \n";
  static const char since_17[] = "5; 1259 16400 TABLE public c tide\n3339; 2613 4711 BLOB METADATA - 4711..4712 tide\n"
                                 "3340; 2613 4713 BLOB METADATA - 4713 ada\n3341; 0 0 BLOBS - 4711..4712 tide\n;\tdepends on: 3339\n"
                                 "3342; 0 0 BLOBS - 4713 ada\n;\tdepends on: 3340\n";

  assert_chosen_of (until_16, "#3340", TRUE, "3339 3340 3341", 0);
  assert_chosen_of (until_16, "#3341", FALSE, "3339 3340 3341", 0);
  assert_chosen_of (until_16, "public.c", TRUE, "5", 0);
  assert_chosen_of (since_17, "#3340", TRUE, "3340 3342", 0);
  assert_chosen_of (since_17, "#3341", TRUE, "3339 3341", 0);
}

static void
test_both_sides (void)
{
  g_autoptr(GPtrArray) toc = tide_restore_parse_toc (list);
  g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  const char *only[] = { "public.c", "my schema.p", NULL };
  g_autoptr(GPtrArray) chosen = tide_restore_select (toc, only, TRUE, problems, NULL);

  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_nonnull (find (chosen, 3231));
}

static void
test_unknown (void)
{
  static const char *const names[] = { "nothing", "public.nothing", "#1", "#3231x", "public.", "", "public.c_t_idx" };
  g_autoptr(GPtrArray) toc = tide_restore_parse_toc (list);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *only[] = { names[i], NULL };
      g_autoptr(GError) error = NULL;

      g_assert_null (tide_restore_select (toc, only, TRUE, NULL, &error));
      g_assert_error (error, TIDE_ERROR, TIDE_ERROR_NOT_FOUND);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/restore-select/parse", test_parse);
  g_test_add_func ("/restore-select/select", test_select);
  g_test_add_func ("/restore-select/large-objects", test_large_objects);
  g_test_add_func ("/restore-select/both-sides", test_both_sides);
  g_test_add_func ("/restore-select/unknown", test_unknown);
  return g_test_run ();
}
