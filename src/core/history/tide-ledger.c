/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-ledger"

#include "config.h"

#include "history/tide-ledger.h"
#include "tide-error.h"

G_DEFINE_BOXED_TYPE (TideLedgerRow, tide_ledger_row, tide_ledger_row_ref, tide_ledger_row_unref)

/**
 * tide_ledger_row_new:
 * @values: what the row holds; its strings are copied, its count is not looked at
 *
 * Returns: (transfer full): a row of the ledger
 */
TideLedgerRow *
tide_ledger_row_new (const TideLedgerRow *values)
{
  TideLedgerRow *self;

  g_return_val_if_fail (values != NULL && values->name != NULL, NULL);

  self = g_new (TideLedgerRow, 1);
  *self = *values;
  g_atomic_ref_count_init (&self->ref_count);
  self->id = g_strdup (values->id);
  self->checksum = g_strdup (values->checksum);
  self->name = g_strdup (values->name);
  self->logs = g_strdup (values->logs);
  return self;
}

/**
 * tide_ledger_row_read:
 * @result: id, checksum, name, logs, the three times in microseconds, and the steps, in this order
 * @row: one of its rows
 * @error: %TIDE_ERROR_INVALID: Prisma's table has no row without an id, a checksum or a name; one made by hand may
 *
 * Returns: (transfer full) (nullable): the row
 */
TideLedgerRow *
tide_ledger_row_read (TideResult  *result,
                      guint        row,
                      GError     **error)
{
  TideLedgerRow values = {
    .id = (char *) tide_result_get_value (result, row, 0),
    .checksum = (char *) tide_result_get_value (result, row, 1),
    .name = (char *) tide_result_get_value (result, row, 2),
    .logs = (char *) tide_result_get_value (result, row, 3),
    .started_at = tide_result_get_int64 (result, row, 4),
    .finished_at = tide_result_get_int64 (result, row, 5),
    .rolled_back_at = tide_result_get_int64 (result, row, 6),
    .applied_steps = (int) tide_result_get_int64 (result, row, 7),
  };

  if (values.id == NULL || values.name == NULL || values.checksum == NULL)
    {
      tide_set_error (error, TIDE_ERROR_INVALID, "complete the row or delete it: Prisma fills all three",
                      "the table \"_prisma_migrations\" has a row without an id, a migration_name or a checksum");
      return NULL;
    }
  return tide_ledger_row_new (&values);
}

/**
 * tide_ledger_row_ref:
 * @self: a row
 *
 * Returns: (transfer full): @self
 */
TideLedgerRow *
tide_ledger_row_ref (TideLedgerRow *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * tide_ledger_row_unref:
 * @self: (transfer full): a row
 */
void
tide_ledger_row_unref (TideLedgerRow *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->id);
  g_free (self->checksum);
  g_free (self->name);
  g_free (self->logs);
  g_free (self);
}

/**
 * tide_ledger_row_is_rolled_back:
 * @self: a row
 *
 * Returns: whether the attempt was marked as rolled back, and so no longer counts
 */
gboolean
tide_ledger_row_is_rolled_back (const TideLedgerRow *self)
{
  return self->rolled_back_at != 0;
}

/**
 * tide_ledger_row_is_failed:
 * @self: a row
 *
 * Returns: whether the attempt was started and neither ended nor was marked as rolled back. That is
 *   all Prisma's ledger can say: it failed, was killed, or is running at this moment
 */
gboolean
tide_ledger_row_is_failed (const TideLedgerRow *self)
{
  return self->finished_at == 0 && self->rolled_back_at == 0;
}
