/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-proof-look"

#include "config.h"

#include <glib/gi18n.h>

#include "backup/tide-proof-look.h"

/* The classes are those of a migration's state, whose colours mean the same. */
static const TideLook looks[] = {
  [TIDE_PROOF_NONE] = { N_("Not Verified"), N_("Nobody has looked yet whether it can be read."),
                        "dialog-question-symbolic", "rolled-back" },
  [TIDE_PROOF_DAMAGED] = { N_("Damaged"), N_("It could not be read when it was verified."),
                           "dialog-error-symbolic", "failed" },
  [TIDE_PROOF_READABLE] = { N_("Readable"), N_("It was read from end to end, with its table of contents."),
                            "security-low-symbolic", "pending" },
  [TIDE_PROOF_INTACT] = { N_("Intact"), N_("It was read, and every checksum is the one it was made with."),
                          "security-medium-symbolic", "pending" },
  [TIDE_PROOF_RESTORABLE] = { N_("Restorable"), N_("It was restored into a private PostgreSQL without an error."),
                              "security-high-symbolic", "applied" },
  [TIDE_PROOF_COUNTED] = { N_("Proved"), N_("It was restored, and every table had the rows it was made of."),
                           "emblem-ok-symbolic", "applied" },
};

/**
 * tide_proof_get_look:
 * @proof: how far a backup has been proved
 *
 * Returns: (transfer none): static data; its word and its meaning are not translated yet
 */
const TideLook *
tide_proof_get_look (TideProof proof)
{
  g_return_val_if_fail (proof < G_N_ELEMENTS (looks), NULL);
  return &looks[proof];
}
