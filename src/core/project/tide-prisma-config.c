/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-prisma-config"

#include "config.h"

#include <string.h>

#include "project/tide-node-text.h"
#include "project/tide-prisma-config.h"

void
tide_prisma_config_free (TidePrismaConfig *self)
{
  g_free (self->file);
  g_free (self->schema);
  g_free (self->migrations);
  tide_url_expression_clear (&self->url);
  g_free (self);
}

/**
 * tide_prisma_config_find:
 * @root: a folder
 *
 * Prisma's own order of names. `prisma-next.config.*` comes last: it belongs to Prisma 8 before its release.
 *
 * Returns: (transfer full) (nullable): the configuration file
 */
char *
tide_prisma_config_find (const char *root)
{
  static const char *const stems[] = {
    "prisma7.config", ".config/prisma7", "prisma.config", ".config/prisma", ".config/prisma.config",
    "prisma-next.config",
  };
  static const char *const extensions[] = { "js", "ts", "mjs", "cjs", "mts", "cts" };

  for (guint i = 0; i < G_N_ELEMENTS (stems); i++)
    for (guint j = 0; j < G_N_ELEMENTS (extensions); j++)
      {
        g_autofree char *file = g_strdup_printf ("%s/%s.%s", root, stems[i], extensions[j]);

        if (g_file_test (file, G_FILE_TEST_IS_REGULAR))
          return g_steal_pointer (&file);
      }
  return NULL;
}

static gboolean
is_word_of_here (const TideCodeToken *token)
{
  static const char *const words[] = { "__dirname", "import", "meta", "dirname", "process", "cwd", ".", ",", "(" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (token->type != TIDE_CODE_END && strcmp (token->text, words[i]) == 0)
      return TRUE;
  return FALSE;
}

/* The arguments of path.join(__dirname, "a", "b") as one path; (nullable): NULL when one is not known */
static char *
read_joined (GArray *tokens,
             guint   index)
{
  g_autoptr(GPtrArray) parts = g_ptr_array_new ();
  TideCodeToken *token = tide_code_get (tokens, index);

  for (; !tide_code_is (tokens, index, ")") || tide_code_is (tokens, index - 1, "(");
       token = tide_code_get (tokens, ++index))
    {
      if (token->type == TIDE_CODE_STRING && !token->opaque)
        g_ptr_array_add (parts, token->text);
      else if (!is_word_of_here (token) && !tide_code_is (tokens, index, ")"))
        return NULL;
    }
  g_ptr_array_add (parts, NULL);
  return parts->len > 1 ? g_build_filenamev ((char **) parts->pdata) : NULL;
}

/* (nullable): a path relative to the file, as a literal or joined of literals */
static char *
read_path (TidePrismaConfig *self,
           GArray           *tokens,
           guint             index)
{
  g_autofree char *folder = g_path_get_dirname (self->file);
  g_autofree char *joined = NULL;
  TideCodeToken *token = tide_code_get (tokens, index);

  if (tide_code_is (tokens, index, "path") && tide_code_is (tokens, index + 1, "."))
    index += 2;
  if (token->type == TIDE_CODE_STRING && !token->opaque)
    return g_canonicalize_filename (token->text, folder);
  if ((tide_code_is (tokens, index, "join") || tide_code_is (tokens, index, "resolve"))
      && tide_code_is (tokens, index + 1, "("))
    joined = read_joined (tokens, index + 2);
  if (joined == NULL)
    {
      self->unread_line = token->line;
      return NULL;
    }
  return g_canonicalize_filename (joined, folder);
}

/* @outer: the key of the object that @key stands in, NULL for the outermost object */
static void
read_entry (TidePrismaConfig *self,
            GArray           *tokens,
            guint             index,
            const char       *outer)
{
  const char *key = tide_code_get (tokens, index)->text;

  if (outer == NULL && strcmp (key, "contract") == 0)
    self->is_prisma_8 = TRUE;
  else if (outer == NULL && strcmp (key, "schema") == 0 && self->schema == NULL)
    self->schema = read_path (self, tokens, index + 2);
  else if (g_strcmp0 (outer, "migrations") == 0 && strcmp (key, "path") == 0 && self->migrations == NULL)
    self->migrations = read_path (self, tokens, index + 2);
  else if (g_strcmp0 (outer, "datasource") == 0 && strcmp (key, "url") == 0 && !self->has_url)
    {
      self->has_url = TRUE;
      tide_url_expression_read (&self->url, tokens, index + 2);
    }
}

static void
read_objects (TidePrismaConfig *self,
              GArray           *tokens)
{
  g_autoptr(GPtrArray) stack = g_ptr_array_new (); /* the key of each object around, not owned */

  for (guint i = 0; i < tokens->len; i++)
    {
      TideCodeToken *token = tide_code_get (tokens, i);
      gboolean keyed = i >= 2 && tide_code_is (tokens, i - 1, ":");

      if (tide_code_is (tokens, i, "{"))
        g_ptr_array_add (stack, keyed ? tide_code_get (tokens, i - 2)->text : NULL);
      else if (tide_code_is (tokens, i, "}") && stack->len > 0)
        g_ptr_array_remove_index (stack, stack->len - 1);
      else if ((token->type == TIDE_CODE_WORD || token->type == TIDE_CODE_STRING)
               && tide_code_is (tokens, i + 1, ":") && (stack->len == 1 || stack->len == 2))
        read_entry (self, tokens, i, g_ptr_array_index (stack, stack->len - 1));
    }
}

/* Where what the file exports begins; the end where it exports nothing */
static guint
find_export (GArray *tokens)
{
  guint i;

  for (i = 0; tide_code_get (tokens, i)->type != TIDE_CODE_END; i++)
    {
      if (tide_code_is (tokens, i, "export") && (tide_code_is (tokens, i + 1, "default") || tide_code_is (tokens, i + 1, "=")))
        return i + 2;
      if (tide_code_is (tokens, i, "exports") && tide_code_is (tokens, i + 1, "="))
        return i + 2;
      if (tide_code_is (tokens, i, "exports") && tide_code_is (tokens, i + 2, "default") && tide_code_is (tokens, i + 3, "="))
        return i + 4;
      if (i > 0 && tide_code_is (tokens, i, "as") && tide_code_is (tokens, i + 1, "default"))
        return i - 1;
    }
  return i;
}

/* What the variable is set to; the end where it is not known here */
static guint
find_value (GArray     *tokens,
            const char *name)
{
  guint i;

  for (i = 0; tide_code_get (tokens, i)->type != TIDE_CODE_END; i++)
    {
      if (!tide_code_is (tokens, i, "const") && !tide_code_is (tokens, i, "let") && !tide_code_is (tokens, i, "var"))
        continue;
      if (!tide_code_is (tokens, ++i, name))
        continue;
      while (tide_code_get (tokens, i)->type != TIDE_CODE_END && !tide_code_is (tokens, i, "="))
        i++;
      return i + 1;
    }
  return i;
}

/* The brace of the object that the expression at @index is: written there, handed to defineConfig(), or set to a variable; the end
 * where it is none of them */
static guint
find_object (GArray *tokens,
             guint   index)
{
  for (guint turn = 0; turn < 4; turn++)
    {
      TideCodeToken *token = tide_code_get (tokens, index);

      if (tide_code_is (tokens, index, "{"))
        return index;
      if (tide_code_is (tokens, index, "defineConfig") && tide_code_is (tokens, index + 1, "("))
        index += 2;
      else if (token->type == TIDE_CODE_WORD && !tide_code_is (tokens, index + 1, "("))
        index = find_value (tokens, token->text);
      else
        break;
    }
  return tokens->len - 1;
}

/* The line of what cannot be read where the file is not run; 0: all can */
static int
find_program (GArray *tokens)
{
  guint start = find_export (tokens);
  guint object = find_object (tokens, start);
  guint depth = 0;

  if (tide_code_get (tokens, object)->type == TIDE_CODE_END)
    return tide_code_get (tokens, start)->line;
  for (guint i = object; tide_code_get (tokens, i)->type != TIDE_CODE_END; i++)
    {
      if (tide_code_is (tokens, i, "{"))
        depth++;
      else if (tide_code_is (tokens, i, "}") && --depth == 0)
        return 0;
      else if (depth == 1 && tide_code_is (tokens, i, ".") && tide_code_is (tokens, i + 1, ".") && tide_code_is (tokens, i + 2, "."))
        return tide_code_get (tokens, i)->line;
    }
  return tide_code_get (tokens, object)->line;
}

/**
 * tide_prisma_config_load:
 * @root: a project's folder
 * @error: when there is one that cannot be read
 *
 * Reads the literals of the configuration: it is a program, and opening a folder must not run one.
 *
 * Returns: (transfer full) (nullable): what it says
 */
TidePrismaConfig *
tide_prisma_config_load (const char  *root,
                         GError     **error)
{
  g_autoptr(TidePrismaConfig) self = g_new0 (TidePrismaConfig, 1);
  g_autoptr(GArray) tokens = NULL;
  g_autofree char *text = NULL;

  self->file = tide_prisma_config_find (root);
  if (self->file == NULL)
    return NULL;
  text = tide_node_text_read (self->file, NULL, error);
  if (text == NULL)
    return NULL;

  self->is_prisma_8 = strstr (self->file, "prisma-next.config.") != NULL;
  tokens = tide_code_scan (text);
  read_objects (self, tokens);
  self->program_line = find_program (tokens);
  return g_steal_pointer (&self);
}
