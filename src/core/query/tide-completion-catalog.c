/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-completion-catalog"

#include "config.h"

#include <string.h>

#include "query/tide-completion-catalog.h"

struct _TideCompletionCatalog
{
  GObject        parent_instance;

  /* Owned */
  TideConninfo  *conninfo;
  TideOutline   *outline;
  GError        *error;
  GCancellable  *reading; /* (nullable) */

  gboolean       stale;   /* told to read again while reading */
};

enum
{
  PROP_0,
  PROP_OUTLINE,
  PROP_LOADING,
  PROP_ERROR,
  N_PROPS,
};

G_DEFINE_FINAL_TYPE (TideCompletionCatalog, tide_completion_catalog, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

static void start_reading (TideCompletionCatalog *self);

static void
set_reading (TideCompletionCatalog *self,
             GCancellable          *cancellable)
{
  if (g_set_object (&self->reading, cancellable))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

static void
take_outline (TideCompletionCatalog *self,
              TideOutline           *outline,
              GError                *error)
{
  g_clear_error (&self->error);
  self->error = error;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
  if (outline == NULL)
    return;
  g_clear_pointer (&self->outline, tide_outline_unref);
  self->outline = outline;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OUTLINE]);
}

static void
read_in_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  TideConninfo *conninfo = data;
  GError *error = NULL;
  TideOutline *outline = NULL;
  g_autoptr(TideSession) session = tide_session_open (conninfo, cancellable, &error);

  if (session != NULL)
    {
      outline = tide_outline_read (session, cancellable, &error);
      tide_session_close (session);
    }
  if (outline != NULL)
    g_task_return_pointer (task, outline, (GDestroyNotify) tide_outline_unref);
  else
    g_task_return_error (task, error);
}

static void
on_read (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  TideCompletionCatalog *self = TIDE_COMPLETION_CATALOG (source);
  GCancellable *cancellable = g_task_get_cancellable (G_TASK (result));
  GError *error = NULL;
  TideOutline *outline = g_task_propagate_pointer (G_TASK (result), &error);

  if (cancellable != self->reading)
    {
      /* Another database is wanted by now */
      g_clear_pointer (&outline, tide_outline_unref);
      g_clear_error (&error);
      return;
    }
  take_outline (self, outline, error);
  set_reading (self, NULL);
  if (self->stale)
    start_reading (self);
}

static void
start_reading (TideCompletionCatalog *self)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GTask) task = g_task_new (self, cancellable, on_read, NULL);

  self->stale = FALSE;
  set_reading (self, cancellable);
  g_task_set_source_tag (task, start_reading);
  g_task_set_task_data (task, tide_conninfo_ref (self->conninfo), (GDestroyNotify) tide_conninfo_unref);
  g_task_run_in_thread (task, read_in_thread);
}

static void
tide_completion_catalog_get_property (GObject    *object,
                                      guint       prop_id,
                                      GValue     *value,
                                      GParamSpec *pspec)
{
  TideCompletionCatalog *self = TIDE_COMPLETION_CATALOG (object);

  switch (prop_id)
    {
    case PROP_OUTLINE:
      g_value_set_boxed (value, self->outline);
      break;
    case PROP_LOADING:
      g_value_set_boolean (value, self->reading != NULL);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tide_completion_catalog_dispose (GObject *object)
{
  TideCompletionCatalog *self = TIDE_COMPLETION_CATALOG (object);

  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  g_clear_pointer (&self->outline, tide_outline_unref);
  g_clear_error (&self->error);
  g_clear_object (&self->reading);
  G_OBJECT_CLASS (tide_completion_catalog_parent_class)->dispose (object);
}

static void
tide_completion_catalog_class_init (TideCompletionCatalogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = tide_completion_catalog_get_property;
  object_class->dispose = tide_completion_catalog_dispose;
  properties[PROP_OUTLINE] = g_param_spec_boxed ("outline", NULL, NULL, TIDE_TYPE_OUTLINE, flags);
  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tide_completion_catalog_init (TideCompletionCatalog *self)
{
}

TideCompletionCatalog *
tide_completion_catalog_new (void)
{
  return g_object_new (TIDE_TYPE_COMPLETION_CATALOG, NULL);
}

/**
 * tide_completion_catalog_set_conninfo:
 * @conninfo: (nullable) (transfer none): the database to read; %NULL: none
 *
 * Starts to read in the background. What was read from another database is forgotten at once.
 */
void
tide_completion_catalog_set_conninfo (TideCompletionCatalog *self,
                                      TideConninfo          *conninfo)
{
  g_return_if_fail (TIDE_IS_COMPLETION_CATALOG (self));

  if (conninfo == self->conninfo)
    return;
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_pointer (&self->conninfo, tide_conninfo_unref);
  self->conninfo = conninfo ? tide_conninfo_ref (conninfo) : NULL;
  g_clear_pointer (&self->outline, tide_outline_unref);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OUTLINE]);
  take_outline (self, NULL, NULL);
  if (conninfo != NULL)
    start_reading (self);
  else
    set_reading (self, NULL);
}

TideConninfo *
tide_completion_catalog_get_conninfo (TideCompletionCatalog *self)
{
  g_return_val_if_fail (TIDE_IS_COMPLETION_CATALOG (self), NULL);

  return self->conninfo;
}

void
tide_completion_catalog_invalidate (TideCompletionCatalog *self)
{
  g_return_if_fail (TIDE_IS_COMPLETION_CATALOG (self));

  if (self->reading != NULL)
    self->stale = TRUE;
  else if (self->conninfo != NULL)
    start_reading (self);
}

TideOutline *
tide_completion_catalog_get_outline (TideCompletionCatalog *self)
{
  g_return_val_if_fail (TIDE_IS_COMPLETION_CATALOG (self), NULL);

  return self->outline;
}

gboolean
tide_completion_catalog_is_loading (TideCompletionCatalog *self)
{
  g_return_val_if_fail (TIDE_IS_COMPLETION_CATALOG (self), FALSE);

  return self->reading != NULL;
}

const GError *
tide_completion_catalog_get_error (TideCompletionCatalog *self)
{
  g_return_val_if_fail (TIDE_IS_COMPLETION_CATALOG (self), NULL);

  return self->error;
}

/**
 * tide_completion_changes_catalog:
 * @command_tag: what the server said of a statement: "CREATE TABLE", "SELECT 5"
 * @has_columns: whether it answered with rows, or could have
 *
 * A COMMIT counts (it may end a transaction with DDL in it), and so do a DO, and a SELECT without an answer: CREATE TABLE ... AS
 * and SELECT INTO are called so. DISCARD and ROLLBACK take temporary tables with them.
 *
 * Returns: whether names, columns or keys may be others now
 */
gboolean
tide_completion_changes_catalog (const char *command_tag,
                                 gboolean    has_columns)
{
  static const char *const words[] = {
    "CREATE", "ALTER", "DROP", "COMMENT", "COMMIT", "DO", "CALL", "IMPORT", "ANALYZE", "VACUUM", "TRUNCATE", "DISCARD", "ROLLBACK",
  };

  g_return_val_if_fail (command_tag != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_has_prefix (command_tag, words[i]) && !g_ascii_isalpha (command_tag[strlen (words[i])]))
      return TRUE;
  return !has_columns && g_str_has_prefix (command_tag, "SELECT");
}
