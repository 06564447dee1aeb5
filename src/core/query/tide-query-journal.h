/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * TideQueryJournal:
 *
 * What stands in one tab, kept in the state folder so that no crash loses it: a file for each tab, and a lock beside it which
 * the kernel drops with the process. A file whose lock is free belongs to nobody any more, and is taken over by who asks for
 * its place first. Passwords are masked, as everywhere on disk: a text that had one comes back without it.
 */
typedef struct
{
  char     *place;    /* which database it was written for: tide_sql_place_get_key() */
  char     *title;    /* (nullable) */
  char     *path;     /* (nullable): of the file that was opened or saved */
  char     *text;
  gboolean  modified; /* since it was saved */
  int       cursor;   /* characters */
  gint64    order;    /* of the tab among those of its place */
  char     *stamp;    /* (nullable): of the file as it was then, to see whether it was changed since */
} TideQueryDraft;

void            tide_query_draft_free       (TideQueryDraft  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideQueryDraft, tide_query_draft_free)

typedef struct _TideQueryJournal TideQueryJournal;

/* A new one, locked. @folder: (nullable): the usual one. Blocking, as all of these. */
TideQueryJournal *tide_query_journal_new    (const char            *folder,
                                             GError               **error);
TideQueryJournal *tide_query_journal_ref    (TideQueryJournal      *self);
/* The file stays for the next start unless it was forgotten. */
void              tide_query_journal_unref  (TideQueryJournal      *self);
/* All of it or nothing is written. Any thread, one after the other */
gboolean          tide_query_journal_write  (TideQueryJournal      *self,
                                             const TideQueryDraft  *draft,
                                             GError               **error);
/* The tab was closed: what stood in it is not wanted back */
void              tide_query_journal_forget (TideQueryJournal      *self);
/* What was left behind for @place: (transfer full) (element-type TideQueryJournal), locked; @drafts (out) (transfer full)
 * (element-type TideQueryDraft): what stands in each, in the order of the tabs */
GPtrArray        *tide_query_journal_adopt  (const char            *folder,
                                             const char            *place,
                                             GPtrArray            **drafts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TideQueryJournal, tide_query_journal_unref)

G_END_DECLS
