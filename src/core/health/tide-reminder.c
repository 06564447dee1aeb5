/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-reminder"

#include "config.h"

#include "health/tide-reminder.h"

#define DAY (24 * 60 * 60)

static const struct
{
  const char *key;
  gint64      interval; /* seconds */
} reminders[N_TIDE_REMINDERS] = {
  [TIDE_REMINDER_STATUS] = { "status", 7 * DAY },
  [TIDE_REMINDER_VACUUM] = { "vacuum", 30 * DAY },
  [TIDE_REMINDER_CLEAN_UP] = { "clean-up", 91 * DAY },
};

static char *
dup_path (void)
{
  return g_build_filename (g_get_user_state_dir (), "tidemark", "reminders.ini", NULL);
}

/* A file that cannot be read is as if it were not there: the clocks start anew. */
static GKeyFile *
load (void)
{
  g_autofree char *path = dup_path ();
  GKeyFile *file = g_key_file_new ();

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  return file;
}

static void
save (GKeyFile *file)
{
  g_autofree char *path = dup_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr(GError) error = NULL;

  if (g_mkdir_with_parents (folder, 0700) != 0 || !g_key_file_save_to_file (file, path, &error))
    g_debug ("reminders are not remembered: %s", error ? error->message : folder);
}

/* Names of groups may hold anything but brackets and control characters. */
static char *
dup_group (const char *project)
{
  return g_uri_escape_string (project, "/ ", TRUE);
}

static gint64
get_last (GKeyFile   *file,
          const char *group,
          guint       reminder)
{
  return g_key_file_get_int64 (file, group, reminders[reminder].key, NULL);
}

/**
 * tide_reminder_find_due:
 * @project: the folder of a project
 * @now: seconds since the epoch
 *
 * Returns: a #TideReminder, or -1. A clock that stands in the future (the machine's jumped) starts anew
 */
int
tide_reminder_find_due (const char *project,
                        gint64      now)
{
  g_autoptr(GKeyFile) file = load ();
  g_autofree char *group = dup_group (project);
  gint64 longest = 0;
  gboolean changed = FALSE;
  int due = -1;

  for (guint i = 0; i < N_TIDE_REMINDERS; i++)
    {
      gint64 last = get_last (file, group, i);

      if (last <= 0 || last > now)
        {
          g_key_file_set_int64 (file, group, reminders[i].key, now);
          changed = TRUE;
        }
      else if (now - last - reminders[i].interval > longest)
        {
          longest = now - last - reminders[i].interval;
          due = i;
        }
    }
  if (changed)
    save (file);
  return due;
}

/**
 * tide_reminder_note:
 * @project: the folder of a project
 * @reminder: what was done
 * @now: seconds since the epoch
 */
void
tide_reminder_note (const char   *project,
                    TideReminder  reminder,
                    gint64        now)
{
  g_autoptr(GKeyFile) file = load ();
  g_autofree char *group = dup_group (project);

  g_key_file_set_int64 (file, group, reminders[reminder].key, now);
  save (file);
}
