/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "tide-command.h"

G_BEGIN_DECLS

extern const TideCommand tide_command_status;
extern const TideCommand tide_command_deploy;
extern const TideCommand tide_command_resolve;
extern const TideCommand tide_command_new;
extern const TideCommand tide_command_reset;
extern const TideCommand tide_command_execute;
extern const TideCommand tide_command_diagnose;
extern const TideCommand tide_command_query;
extern const TideCommand tide_command_diff;
extern const TideCommand tide_command_drift;
extern const TideCommand tide_command_lint;
extern const TideCommand tide_command_batch;
extern const TideCommand tide_command_phases;
extern const TideCommand tide_command_backup;
extern const TideCommand tide_command_backups;
extern const TideCommand tide_command_verify;
extern const TideCommand tide_command_restore;
extern const TideCommand tide_command_rollback;
extern const TideCommand tide_command_run;
extern const TideCommand tide_command_demo;
extern const TideCommand tide_command_scratch;
extern const TideCommand tide_command_health;
extern const TideCommand tide_command_help;
extern const TideCommand tide_command_maintain;

const TideCommand *const *tide_commands_list    (void);
const TideCommand        *tide_commands_find    (const char  *name,
                                                 GError     **error);
const GOptionEntry       *tide_commands_globals (void);

G_END_DECLS
