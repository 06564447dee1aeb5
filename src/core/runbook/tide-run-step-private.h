/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "runbook/tide-run-step.h"

G_BEGIN_DECLS

TideRunStep *tide_run_step_new             (const char    *id,
                                            const char    *title);
/* Starts the clock with RUNNING, stops it with every state after ASKING */
void         tide_run_step_set_state       (TideRunStep   *self,
                                            TideStepState  state);
/* @recorded: in English, as tide-run-english.h has it; NULL: the record keeps what it had */
void         tide_run_step_set_status      (TideRunStep   *self,
                                            const char    *recorded,
                                            const char    *shown);
void         tide_run_step_add_detail      (TideRunStep   *self,
                                            const char    *recorded,
                                            const char    *shown);
void         tide_run_step_set_waiting_for (TideRunStep   *self,
                                            const char    *blocker);
void         tide_run_step_set_fraction    (TideRunStep   *self,
                                            double         fraction);
/* @shown: to those who watch; what is kept is in English */
void         tide_run_step_log             (TideRunStep   *self,
                                            const char    *recorded,
                                            const char    *shown);

G_END_DECLS
