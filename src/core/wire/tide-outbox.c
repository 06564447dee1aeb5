/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-outbox"

#include "config.h"

#include "wire/tide-outbox.h"

struct _TideOutbox
{
  GWeakRef      owner;
  GMainContext *context;
};

typedef struct
{
  GWeakRef    owner;
  const char *signal_name; /* static */
  GError     *error;
  char       *channel;
  char       *payload;
  int         pid;
} Letter;

static void
letter_free (gpointer data)
{
  Letter *letter = data;

  g_weak_ref_clear (&letter->owner);
  g_clear_error (&letter->error);
  g_free (letter->channel);
  g_free (letter->payload);
  g_free (letter);
}

static gboolean
letter_deliver (gpointer data)
{
  Letter *letter = data;
  g_autoptr(GObject) owner = g_weak_ref_get (&letter->owner);

  if (owner == NULL)
    return G_SOURCE_REMOVE;
  if (letter->error != NULL)
    g_signal_emit_by_name (owner, letter->signal_name, letter->error);
  else
    g_signal_emit_by_name (owner, letter->signal_name,
                           letter->channel, letter->payload, letter->pid);
  return G_SOURCE_REMOVE;
}

/* (nullable) (transfer full): NULL when nobody listens; a context that never runs must not pile
 * up letters */
static Letter *
letter_new (TideOutbox *self,
            const char *signal_name)
{
  g_autoptr(GObject) owner = g_weak_ref_get (&self->owner);
  Letter *letter;
  guint id;

  if (owner == NULL)
    return NULL;
  id = g_signal_lookup (signal_name, G_OBJECT_TYPE (owner));
  if (!g_signal_has_handler_pending (owner, id, 0, FALSE))
    return NULL;
  letter = g_new0 (Letter, 1);
  g_weak_ref_init (&letter->owner, owner);
  letter->signal_name = signal_name;
  return letter;
}

static void
post (TideOutbox *self,
      Letter     *letter)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  /* The priority of task callbacks, so that a session's news arrive in the order they happened. */
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, letter_deliver, letter, letter_free);
  g_source_attach (source, self->context);
}

TideOutbox *
tide_outbox_new (GObject      *owner,
                 GMainContext *context)
{
  TideOutbox *self = g_new0 (TideOutbox, 1);

  g_weak_ref_init (&self->owner, owner);
  self->context = g_main_context_ref (context);
  return self;
}

void
tide_outbox_free (TideOutbox *self)
{
  g_weak_ref_clear (&self->owner);
  g_main_context_unref (self->context);
  g_free (self);
}

/**
 * tide_outbox_post_error:
 * @self: an outbox
 * @signal_name: a signal of the owner that takes a #GError; a static string
 * @error: what it takes
 */
void
tide_outbox_post_error (TideOutbox   *self,
                        const char   *signal_name,
                        const GError *error)
{
  Letter *letter = letter_new (self, signal_name);

  if (letter == NULL)
    return;
  letter->error = g_error_copy (error);
  post (self, letter);
}

void
tide_outbox_post_notification (TideOutbox *self,
                               const char *channel,
                               const char *payload,
                               int         pid)
{
  Letter *letter = letter_new (self, "notification");

  if (letter == NULL)
    return;
  letter->channel = g_strdup (channel);
  letter->payload = g_strdup (payload);
  letter->pid = pid;
  post (self, letter);
}
