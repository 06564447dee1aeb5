/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "runbook/tide-pipeline.h"
#include "tide-workspace.h"

G_BEGIN_DECLS

/**
 * TideRunWindow:
 *
 * A window in which a pipeline runs on one database: first what is about to happen and where, then its steps as they go, with
 * questions in the step that asks, and at the end what came of it and the ways on. A subclass fills the beginning, makes the
 * pipeline, and follows the ways that are its own.
 */
#define TIDE_TYPE_RUN_WINDOW (tide_run_window_get_type ())
G_DECLARE_DERIVABLE_TYPE (TideRunWindow, tide_run_window, TIDE, RUN_WINDOW, AdwWindow)

struct _TideRunWindowClass
{
  AdwWindowClass parent_class;

  /* A step has changed its state: the subclass may add to its row */
  void (*step_changed) (TideRunWindow  *self,
                        TideRunStep    *step);
  /* A way on was chosen that is not of every window. @subject: may be empty */
  void (*take_way)     (TideRunWindow  *self,
                        const char     *id,
                        const char     *subject);
};

/* What is said of a kind of pipeline. Static; the words are marked with N_() */
typedef struct
{
  const char *changing;  /* the first step that changes the database */
  const char *verb;      /* of the confirmation's button */
  const char *changes;   /* what is said of the database from that step on, until the end */
  const char *done;      /* over a run that went well */
  int         care;      /* a #TideCare from that step on */
  const char *page;      /* as in app.show-page */
} TideRunWords;

/* (transfer none) (nullable): the one of @type that belongs to the window of @parent */
gpointer         tide_run_window_find           (GtkWidget          *parent,
                                                 GType               type);
/* Before a new one is made. FALSE: @self (nullable) runs and was brought up, or there is no database, which was said; an idle
 * one is closed */
gboolean         tide_run_window_may_open       (TideRunWindow      *self,
                                                 GtkWidget          *parent,
                                                 TideEnvironment    *environment); /* (nullable) */
/* Once: on what it works. The window is then ready to be presented. */
void             tide_run_window_set_place      (TideRunWindow      *self,
                                                 TideWorkspace      *workspace,
                                                 TideEnvironment    *environment);
/* In place of that: the very database, and the project, that @other worked on, whatever is selected meanwhile */
void             tide_run_window_set_same_place (TideRunWindow      *self,
                                                 TideRunWindow      *other);
/* (transfer none) (nullable): the main window that it was opened from, over which it need not stand any more; NULL: that is closed */
GtkWindow       *tide_run_window_get_owner      (TideRunWindow      *self);
TideWorkspace   *tide_run_window_get_workspace  (TideRunWindow      *self); /* (transfer none) */
TideEnvironment *tide_run_window_get_environment (TideRunWindow     *self); /* (transfer none) */
TideProject     *tide_run_window_get_project    (TideRunWindow      *self); /* (transfer none): fixed with the place, and as it was read last */
TideTarget      *tide_run_window_get_target     (TideRunWindow      *self); /* (transfer none): fixed with the place */
/* What stands there before it runs; goes when it does */
void             tide_run_window_set_start      (TideRunWindow      *self,
                                                 GtkWidget          *start);
void             tide_run_window_run            (TideRunWindow      *self,
                                                 TidePipeline       *pipeline,
                                                 const char         *title,
                                                 const TideRunWords *words);
gboolean         tide_run_window_is_running     (TideRunWindow      *self);
TidePipeline    *tide_run_window_get_pipeline   (TideRunWindow      *self); /* (transfer none) (nullable) */
/* A confirmation without anything to type is answered with yes: starting it was the confirmation */
void             tide_run_window_set_confirmed  (TideRunWindow      *self,
                                                 gboolean            confirmed);
/* In place of the lines that say what @step found; unfolds it where @unfold */
void             tide_run_window_add_to_step    (TideRunWindow      *self,
                                                 TideRunStep        *step,
                                                 GtkWidget          *extra,
                                                 gboolean            unfold);
/* Of a run that is over: what came of it, with the ways on */
void             tide_run_window_show_outcome   (TideRunWindow      *self,
                                                 TideRunOutcome     *outcome,
                                                 const TideRunWords *words);

G_END_DECLS
