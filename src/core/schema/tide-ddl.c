/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-ddl"

#include "config.h"

#include <string.h>

#include "schema/tide-ddl.h"

struct _TideDdl
{
  GPtrArray *statements;     /* (element-type TideDdlStatement) */
  guint64    disturbed;      /* bit set of kinds */
  char      *elements;       /* (nullable) */
  gboolean   safer;
  gboolean   over_stub;
  gboolean   new_parent;
  gboolean   late_whole;
  gboolean   kept_below;
  const TideSchemaObject *other_parent; /* (nullable) */
  int        server_version;
};

G_STATIC_ASSERT (TIDE_N_OBJECT_KINDS <= 64);

static void
statement_free (gpointer data)
{
  TideDdlStatement *self = data;

  g_free (self->sql);
  g_free (self);
}

TideDdl *
tide_ddl_new (gboolean safer,
              int      server_version)
{
  TideDdl *self = g_new0 (TideDdl, 1);

  self->statements = g_ptr_array_new_with_free_func (statement_free);
  self->safer = safer;
  self->server_version = server_version;
  return self;
}

void
tide_ddl_free (TideDdl *self)
{
  g_ptr_array_unref (self->statements);
  g_free (self->elements);
  g_free (self);
}

static void
add (TideDdl      *self,
     TideDdlPhase  phase,
     TideHazard    hazards,
     const char   *format,
     va_list       args)
{
  TideDdlStatement *statement = g_new0 (TideDdlStatement, 1);

  statement->sql = g_strdup_vprintf (format, args);
  statement->hazards = hazards;
  statement->phase = phase;
  g_ptr_array_add (self->statements, statement);
}

void
tide_ddl_add (TideDdl    *self,
              TideHazard  hazards,
              const char *format,
              ...)
{
  va_list args;

  va_start (args, format);
  add (self, TIDE_DDL_MAIN, hazards, format, args);
  va_end (args);
}

void
tide_ddl_add_at (TideDdl      *self,
                 TideDdlPhase  phase,
                 TideHazard    hazards,
                 const char   *format,
                 ...)
{
  va_list args;

  va_start (args, format);
  add (self, phase, hazards, format, args);
  va_end (args);
}

void
tide_ddl_disturbs (TideDdl        *self,
                   TideObjectKind  dependent)
{
  self->disturbed |= G_GUINT64_CONSTANT (1) << dependent;
}

gboolean
tide_ddl_is_disturbed (TideDdl        *self,
                       TideObjectKind  dependent)
{
  return (self->disturbed & G_GUINT64_CONSTANT (1) << dependent) != 0;
}

gboolean
tide_ddl_is_safer (TideDdl *self)
{
  return self->safer && !self->new_parent;
}

void
tide_ddl_set_new_parent (TideDdl *self)
{
  self->new_parent = TRUE;
}

gboolean
tide_ddl_is_new_parent (TideDdl *self)
{
  return self->new_parent;
}

void
tide_ddl_set_other_parent (TideDdl                *self,
                         const TideSchemaObject *parent)
{
  self->other_parent = parent;
}

const TideSchemaObject *
tide_ddl_get_other_parent (TideDdl *self)
{
  return self->other_parent;
}

void
tide_ddl_set_late_whole (TideDdl *self)
{
  self->late_whole = TRUE;
}

gboolean
tide_ddl_is_late_whole (TideDdl *self)
{
  return self->late_whole;
}

void
tide_ddl_set_kept_below (TideDdl *self)
{
  self->kept_below = TRUE;
}

gboolean
tide_ddl_is_kept_below (TideDdl *self)
{
  return self->kept_below;
}

void
tide_ddl_forgive (TideDdl      *self,
                  TideDdlPhase  last,
                  TideHazard    hazards)
{
  for (guint i = 0; i < self->statements->len; i++)
    {
      TideDdlStatement *statement = g_ptr_array_index (self->statements, i);

      if (statement->phase > last)
        continue;
      if ((statement->hazards & hazards & TIDE_HAZARD_LONG_LOCK) != 0)
        statement->hazards |= TIDE_HAZARD_LOCK & ~hazards;
      statement->hazards &= ~hazards;
    }
}

int
tide_ddl_get_server_version (TideDdl *self)
{
  return self->server_version;
}

const char *
tide_ddl_get_elements (TideDdl *self)
{
  return self->elements;
}

void
tide_ddl_take_elements (TideDdl *self,
                        char    *elements)
{
  g_free (self->elements);
  self->elements = elements;
}

void
tide_ddl_set_over_stub (TideDdl *self)
{
  self->over_stub = TRUE;
}

gboolean
tide_ddl_is_over_stub (TideDdl *self)
{
  return self->over_stub;
}

GPtrArray *
tide_ddl_get_statements (TideDdl *self)
{
  return self->statements;
}

/* Not even unfinished at its end may the tag be there. */
char *
tide_ddl_dollar_quote (const char *text,
                       const char *tag)
{
  g_autofree char *mark = g_strconcat ("$", tag, NULL);

  for (guint i = 1; strstr (text, mark) != NULL; i++)
    {
      g_free (mark);
      mark = g_strdup_printf ("$%s%u", tag, i);
    }
  return g_strconcat (mark, "$", text, mark, "$", NULL);
}
