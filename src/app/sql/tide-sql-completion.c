/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-sql-completion"

#include "config.h"

#include "sql/tide-sql-completion.h"

struct _TideSqlCompletion
{
  GObject                parent_instance;

  /* Owned */
  TideCompletionCatalog *catalog;
};

static void
provider_init (GtkSourceCompletionProviderInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TideSqlCompletion, tide_sql_completion, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GTK_SOURCE_TYPE_COMPLETION_PROVIDER, provider_init))

static void
tide_sql_completion_dispose (GObject *object)
{
  TideSqlCompletion *self = TIDE_SQL_COMPLETION (object);

  g_clear_object (&self->catalog);
  G_OBJECT_CLASS (tide_sql_completion_parent_class)->dispose (object);
}

static void
tide_sql_completion_class_init (TideSqlCompletionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = tide_sql_completion_dispose;
}

static void
tide_sql_completion_init (TideSqlCompletion *self)
{
}

GtkSourceCompletionProvider *
tide_sql_completion_new (TideCompletionCatalog *catalog)
{
  TideSqlCompletion *self = g_object_new (TIDE_TYPE_SQL_COMPLETION, NULL);

  self->catalog = g_object_ref (catalog);
  return GTK_SOURCE_COMPLETION_PROVIDER (self);
}
