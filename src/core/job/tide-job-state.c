/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-job-state"

#include "config.h"

#include "job/tide-job.h"

GType
tide_job_state_get_type (void)
{
  static const GEnumValue values[] = {
    { TIDE_JOB_WAITING, "TIDE_JOB_WAITING", "waiting" },
    { TIDE_JOB_RUNNING, "TIDE_JOB_RUNNING", "running" },
    { TIDE_JOB_SUCCEEDED, "TIDE_JOB_SUCCEEDED", "succeeded" },
    { TIDE_JOB_FAILED, "TIDE_JOB_FAILED", "failed" },
    { TIDE_JOB_CANCELLED, "TIDE_JOB_CANCELLED", "cancelled" },
    { 0, NULL, NULL },
  };
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("TideJobState", values));
  return type;
}
