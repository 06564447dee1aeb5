/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-url-expression"

#include "config.h"

#include "project/tide-url-expression.h"

void
tide_url_expression_clear (TideUrlExpression *self)
{
  g_clear_pointer (&self->variable, g_free);
  g_clear_pointer (&self->literal, g_free);
}

gboolean
tide_url_expression_is_set (const TideUrlExpression *self)
{
  return self->variable != NULL || self->literal != NULL;
}

/* (nullable): the token that names the variable */
static TideCodeToken *
find_variable (GArray *tokens,
               guint   index)
{
  if (tide_code_is (tokens, index, "process") && tide_code_is (tokens, index + 1, ".")
      && tide_code_is (tokens, index + 2, "env"))
    return tide_code_get (tokens, index + 4);
  if (!tide_code_is (tokens, index, "env"))
    return NULL;
  /* env("X") and TypeScript's env<Env>("X") */
  if (tide_code_is (tokens, index + 1, "<"))
    index += 3;
  return tide_code_is (tokens, index + 1, "(") ? tide_code_get (tokens, index + 2) : NULL;
}

gboolean
tide_url_expression_read (TideUrlExpression *self,
                          GArray            *tokens,
                          guint              index)
{
  TideCodeToken *token = tide_code_get (tokens, index);

  if (token->type == TIDE_CODE_STRING && !token->opaque)
    {
      tide_url_expression_clear (self);
      self->literal = g_strdup (token->text);
      return TRUE;
    }

  token = find_variable (tokens, index);
  if (token == NULL || token->opaque || (token->type != TIDE_CODE_STRING && token->type != TIDE_CODE_WORD))
    return FALSE;
  tide_url_expression_clear (self);
  self->variable = g_strdup (token->text);
  return TRUE;
}
