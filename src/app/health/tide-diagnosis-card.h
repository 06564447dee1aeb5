/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "health/tide-diagnosis.h"

G_BEGIN_DECLS

/* (transfer floating): one thing that is wrong: what it is, what can be seen of it, and a button per way out, which activates
 * "diagnosis.take" with what is to be done and to what */
GtkWidget *tide_diagnosis_card_new (const TideDiagnosis *diagnosis);

G_END_DECLS
