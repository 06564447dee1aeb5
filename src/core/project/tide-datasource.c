/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-datasource"

#include "config.h"

#include "project/tide-datasource.h"

void
tide_datasource_free (TideDatasource *self)
{
  g_free (self->provider);
  tide_url_expression_clear (&self->url);
  tide_url_expression_clear (&self->direct_url);
  g_strfreev (self->schemas);
  g_free (self->file);
  g_free (self);
}

/* @index: behind the "[". (nullable): NULL of an empty list, which Prisma refuses */
static char **
read_names (GArray *tokens,
            guint   index)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) names = NULL;

  for (; index < tokens->len && !tide_code_is (tokens, index, "]"); index++)
    {
      TideCodeToken *token = tide_code_get (tokens, index);

      if (token->type == TIDE_CODE_STRING && *token->text != '\0')
        g_strv_builder_add (builder, token->text);
    }
  names = g_strv_builder_end (builder);
  return *names ? g_steal_pointer (&names) : NULL;
}

static void
read_entry (TideDatasource *self,
            GArray         *tokens,
            guint           key)
{
  TideCodeToken *value = tide_code_get (tokens, key + 2);

  if (tide_code_is (tokens, key, "provider") && value->type == TIDE_CODE_STRING)
    {
      g_free (self->provider);
      self->provider = g_strdup (value->text);
      self->line = value->line;
    }
  else if (tide_code_is (tokens, key, "url"))
    tide_url_expression_read (&self->url, tokens, key + 2);
  else if (tide_code_is (tokens, key, "directUrl"))
    tide_url_expression_read (&self->direct_url, tokens, key + 2);
  else if (tide_code_is (tokens, key, "schemas") && tide_code_is (tokens, key + 2, "[") && self->schemas == NULL)
    self->schemas = read_names (tokens, key + 3);
}

TideDatasource *
tide_datasource_read (const char *text,
                      const char *file)
{
  g_autoptr(GArray) tokens = tide_code_scan (text);

  for (guint i = 0; i + 2 < tokens->len; i++)
    {
      TideDatasource *self;

      if (!tide_code_is (tokens, i, "datasource") || !tide_code_is (tokens, i + 2, "{"))
        continue;
      self = g_new0 (TideDatasource, 1);
      self->file = g_strdup (file);
      self->line = tide_code_get (tokens, i)->line;
      for (i += 3; i < tokens->len && !tide_code_is (tokens, i, "}"); i++)
        if (tide_code_is (tokens, i + 1, "="))
          read_entry (self, tokens, i);
      return self;
    }
  return NULL;
}
