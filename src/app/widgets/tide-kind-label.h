/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "tide-kind.h"

G_BEGIN_DECLS

/**
 * TideKindLabel:
 *
 * What a database is for, told by icon, word and colour together. Properties: "kind" (#TideKind),
 * "show-word" (boolean: the icon alone keeps the word as its tooltip and accessible label).
 */
#define TIDE_TYPE_KIND_LABEL (tide_kind_label_get_type ())
G_DECLARE_FINAL_TYPE (TideKindLabel, tide_kind_label, TIDE, KIND_LABEL, GtkWidget)

/* (transfer none): the word in the person's language, as it stands in a sentence */
const char *tide_kind_get_word      (TideKind kind);
const char *tide_kind_get_icon_name (TideKind kind);

G_END_DECLS
