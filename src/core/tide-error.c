/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-error"

#include "config.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "tide-error.h"

typedef TideErrorFields TideErrorPrivate;

static void
tide_error_private_init (TideErrorPrivate *priv)
{
}

static void
tide_error_private_copy (const TideErrorPrivate *src,
                         TideErrorPrivate       *dest)
{
  dest->sqlstate = g_strdup (src->sqlstate);
  dest->severity = g_strdup (src->severity);
  dest->detail = g_strdup (src->detail);
  dest->hint = g_strdup (src->hint);
  dest->context = g_strdup (src->context);
  dest->statement = g_strdup (src->statement);
  dest->file = g_strdup (src->file);
  dest->prisma_code = g_strdup (src->prisma_code);
  dest->line = src->line;
  dest->position = src->position;
  dest->statement_number = src->statement_number;
}

static void
tide_error_private_clear (TideErrorPrivate *priv)
{
  g_clear_pointer (&priv->sqlstate, g_free);
  g_clear_pointer (&priv->severity, g_free);
  g_clear_pointer (&priv->detail, g_free);
  g_clear_pointer (&priv->hint, g_free);
  g_clear_pointer (&priv->context, g_free);
  g_clear_pointer (&priv->statement, g_free);
  g_clear_pointer (&priv->file, g_free);
  g_clear_pointer (&priv->prisma_code, g_free);
}

/* tide_error_quark() and the accessor of the private part; GLib keeps the part beside the GError. */
G_DEFINE_EXTENDED_ERROR (TideError, tide_error)

/**
 * tide_error_code_nick:
 * @code: a #TideErrorCode
 *
 * Returns: (transfer none): the word for @code in JSON output, stable between releases
 */
const char *
tide_error_code_nick (int code)
{
  switch ((TideErrorCode) code)
    {
    case TIDE_ERROR_SERVER: return "server";
    case TIDE_ERROR_UNREACHABLE: return "unreachable";
    case TIDE_ERROR_LOST: return "lost";
    case TIDE_ERROR_TIMED_OUT: return "timed_out";
    case TIDE_ERROR_BUSY: return "busy";
    case TIDE_ERROR_REFUSED: return "refused";
    case TIDE_ERROR_NOT_FOUND: return "not_found";
    case TIDE_ERROR_INVALID: return "invalid";
    case TIDE_ERROR_USAGE: return "usage";
    case TIDE_ERROR_TOOL: return "tool";
    case TIDE_ERROR_UNSUPPORTED: return "unsupported";
    case TIDE_ERROR_FAILED:
    default: return "failed";
    }
}

/**
 * tide_error_get_fields:
 * @error: any error
 *
 * Returns: (transfer none) (nullable): the fields of @error, to read or (by whoever made it) to fill;
 *   %NULL when it is of another domain
 */
TideErrorFields *
tide_error_get_fields (const GError *error)
{
  if (error == NULL || error->domain != TIDE_ERROR)
    return NULL;
  return tide_error_get_private (error);
}

/**
 * tide_error_get_sqlstate:
 * @error: (nullable): any error
 *
 * Returns: (transfer none) (nullable): the SQLSTATE it carries
 */
const char *
tide_error_get_sqlstate (const GError *error)
{
  const TideErrorFields *fields = tide_error_get_fields (error);

  return fields ? fields->sqlstate : NULL;
}

/**
 * tide_error_has_sqlstate:
 * @error: (nullable): any error
 * @sqlstate: five characters
 *
 * Returns: whether @error came from the server with that SQLSTATE
 */
gboolean
tide_error_has_sqlstate (const GError *error,
                         const char   *sqlstate)
{
  return g_strcmp0 (tide_error_get_sqlstate (error), sqlstate) == 0;
}

static GError * G_GNUC_PRINTF (3, 0)
tide_error_new_valist (TideErrorCode  code,
                       const char    *hint,
                       const char    *format,
                       va_list        args)
{
  GError *error = g_error_new_valist (TIDE_ERROR, code, format, args);

  tide_error_get_fields (error)->hint = g_strdup (hint);
  return error;
}

/**
 * tide_error_new:
 * @code: what sort of failure
 * @hint: (nullable): what the person can do next, a sentence without a full stop
 * @format: what failed, the subject quoted, no capital, no full stop
 *
 * Returns: (transfer full): a new error
 */
GError *
tide_error_new (TideErrorCode  code,
                const char    *hint,
                const char    *format,
                ...)
{
  GError *error;
  va_list args;

  va_start (args, format);
  error = tide_error_new_valist (code, hint, format, args);
  va_end (args);
  return error;
}

/**
 * tide_set_error:
 * @error: (out) (optional): where to put it
 * @code: what sort of failure
 * @hint: (nullable): what the person can do next
 * @format: what failed
 *
 * The g_set_error() of this program: as tide_error_new(), propagated.
 */
void
tide_set_error (GError        **error,
                TideErrorCode   code,
                const char     *hint,
                const char     *format,
                ...)
{
  va_list args;

  if (error == NULL)
    return;

  va_start (args, format);
  g_propagate_error (error, tide_error_new_valist (code, hint, format, args));
  va_end (args);
}

/**
 * tide_error_tell_file:
 * @error: (inout) (optional): a failure that the file functions of GLib or GIO have set
 * @what: what could not be done, "the job's progress cannot be kept"
 *
 * Makes it a #TIDE_ERROR that says what it was for, and what to do next. A cancellation, and what is of ours already,
 * stays as it is.
 *
 * Returns: %FALSE, always
 */
gboolean
tide_error_tell_file (GError     **error,
                      const char  *what)
{
  g_autoptr(GError) failure = NULL;
  const char *hint = "look whether the folder is there, and at its rights";

  g_return_val_if_fail (what != NULL, FALSE);

  if (error == NULL || *error == NULL || ((*error)->domain != G_FILE_ERROR && (*error)->domain != G_IO_ERROR) ||
      g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;
  failure = g_steal_pointer (error);
  if (g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOSPC) || g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    hint = "make room on the disk, and try again";
  *error = tide_error_new (TIDE_ERROR_FAILED, hint, "%s: %s", what, failure->message);
  return FALSE;
}

/**
 * tide_error_take_string:
 * @field: (inout): a string of #TideErrorFields
 * @value: (transfer full) (nullable): its new value
 *
 * Replaces a field of an error that is not shared yet.
 */
void
tide_error_take_string (char **field,
                        char  *value)
{
  g_free (*field);
  *field = value;
}

static void
append_labelled (GString    *text,
                 const char *label,
                 const char *value)
{
  if (value != NULL && *value != '\0')
    g_string_append_printf (text, "\n%s: %s", label, value);
}

static char *
dup_text (const GError *error,
          gboolean      english)
{
  const TideErrorFields *fields = tide_error_get_fields (error);
  GString *text = g_string_new (error->message);
  const char *at = english ? "at" : _("at");
  g_autofree char *line = NULL;

  if (fields == NULL)
    return g_string_free (text, FALSE);

  line = fields->line > 0 ? g_strdup_printf (english ? "line %d" : _("line %d"), fields->line) : NULL;
  if (fields->file != NULL && line != NULL)
    g_string_append_printf (text, "\n%s: %s, %s", at, fields->file, line);
  else
    append_labelled (text, at, fields->file ? fields->file : line);
  append_labelled (text, english ? "detail" : _("detail"), fields->detail);
  append_labelled (text, english ? "context" : _("context"), fields->context);
  /* Notices and warnings have one, too, that says no more than that they are such. */
  if (fields->sqlstate != NULL && !g_str_equal (fields->sqlstate, "00000") && !g_str_equal (fields->sqlstate, "01000"))
    append_labelled (text, "SQLSTATE", fields->sqlstate);
  append_labelled (text, english ? "Prisma calls this" : _("Prisma calls this"), fields->prisma_code);
  append_labelled (text, english ? "next" : _("next"), fields->hint);
  return g_string_free (text, FALSE);
}

/**
 * tide_error_dup_text:
 * @error: any error
 *
 * The whole of an error as a person reads it: the message, then the place, the server's detail and
 * context, the SQLSTATE, and last what to do next, a line each, with labels in the person's language.
 *
 * Returns: (transfer full): the text, without a newline at its end
 */
char *
tide_error_dup_text (const GError *error)
{
  return dup_text (error, FALSE);
}

/**
 * tide_error_dup_english_text:
 * @error: any error
 *
 * Returns: (transfer full): as tide_error_dup_text(), with English labels: for what is written down, which programs and colleagues
 *   read elsewhere
 */
char *
tide_error_dup_english_text (const GError *error)
{
  return dup_text (error, TRUE);
}
