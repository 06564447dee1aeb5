/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-text-tags"

#include "config.h"

#include <gtk/gtk.h>

#include "widgets/tide-text-tags.h"

static GObjectClass *tag_class;

static void (*get_property) (GObject *, guint, GValue *, GParamSpec *);

static void
get_other_property (GObject    *tag,
                    guint       prop_id,
                    GValue     *value,
                    GParamSpec *pspec)
{
  if (g_str_equal (pspec->name, "foreground-set"))
    g_value_set_boolean (value, FALSE);
  else
    get_property (tag, prop_id, value, pspec);
}

/**
 * tide_text_tags_guard:
 *
 * Keeps a screen reader from ending the program: asked for the attributes of a text, GTK 4.8 takes the colour of each tag that
 * has one from a property that cannot be read, and follows what happens to stand in its place
 * (gtk_text_buffer_get_run_attributes() in gtk/gtktextbuffer.c). To whoever asks, tags have no colour from now on; they are
 * drawn with it as before, and the name, the weight or the underline are told. To be called once GTK is there.
 */
void
tide_text_tags_guard (void)
{
  if (tag_class != NULL)
    return;
  tag_class = g_type_class_ref (GTK_TYPE_TEXT_TAG);
  get_property = tag_class->get_property;
  tag_class->get_property = get_other_property;
}
