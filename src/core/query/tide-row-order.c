/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-row-order"

#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "query/tide-row-order.h"
#include "query/tide-row-writer.h"

#define DATE        1082
#define TIMESTAMP   1114
#define TIMESTAMPTZ 1184

typedef struct
{
  guint64 key;  /* ordered as the values, but equal for some that are not */
  guint32 row;
  guint32 is_null;
} Item;

typedef struct
{
  TideRowReader *left;
  TideRowReader *right;
  guint          column;
  gboolean       descending;
  gboolean       is_number;
} Order;

/* The bits of a double in the order of doubles; NaN is greater than all others, as PostgreSQL has it */
static guint64
key_of_double (double number)
{
  guint64 bits;

  if (isnan (number))
    return G_MAXUINT64;
  if (number == 0)
    number = 0; /* not the negative one */
  memcpy (&bits, &number, sizeof bits);
  return bits & (G_GUINT64_CONSTANT (1) << 63) ? ~bits : bits | (G_GUINT64_CONSTANT (1) << 63);
}

static double
read_number (const char *text,
             gsize       length)
{
  char buffer[400];
  gsize n = MIN (length, sizeof buffer - 1);

  memcpy (buffer, text, n);
  buffer[n] = '\0';
  return g_ascii_strtod (buffer, NULL);
}

/* ISO dates and times as seconds, roughly ordered: months have 31 days here */
static double
read_moment (const char *text,
             gsize       length)
{
  char buffer[64];
  gsize n = MIN (length, sizeof buffer - 1);
  gboolean before_christ;
  gint64 year;
  int month = 1, day = 1, hour = 0, minute = 0, zone_hour = 0, zone_minute = 0;
  double second = 0;
  char *rest;
  char *zone;

  memcpy (buffer, text, n);
  buffer[n] = '\0';
  if (strstr (buffer, "infinity") != NULL)
    return buffer[0] == '-' ? -INFINITY : INFINITY;
  before_christ = g_str_has_suffix (buffer, " BC");
  year = g_ascii_strtoll (buffer, &rest, 10);
  if (sscanf (rest, "-%d-%d %d:%d", &month, &day, &hour, &minute) == 4)
    {
      rest = strchr (rest, ':');
      rest = strchr (rest + 1, ':');
      second = rest ? g_ascii_strtod (rest + 1, &zone) : 0;
      if (rest != NULL && (*zone == '+' || *zone == '-') && sscanf (zone + 1, "%d:%d", &zone_hour, &zone_minute) > 0)
        second -= (*zone == '-' ? -1 : 1) * (zone_hour * 3600.0 + zone_minute * 60.0);
    }
  year = before_christ ? 1 - year : year;
  return ((((year * 12.0 + month) * 31 + day) * 24 + hour) * 60 + minute) * 60 + second;
}

static guint64
key_of_text (const char *text,
             gsize       length)
{
  guint64 key = 0;

  memcpy (&key, text, MIN (length, sizeof key));
  return GUINT64_FROM_BE (key);
}

static void
set_key (Item       *item,
         guint32     type,
         const char *text,
         gsize       length)
{
  item->is_null = text == NULL;
  if (text == NULL)
    item->key = 0;
  else if (tide_type_is_number (type))
    item->key = key_of_double (read_number (text, length));
  else if (type == DATE || type == TIMESTAMP || type == TIMESTAMPTZ)
    item->key = key_of_double (read_moment (text, length));
  else
    item->key = key_of_text (text, length);
}

/* Numbers too long for a double: by the digits before the point, then one after the other */
static int
compare_digits (const char *left,
                gsize       left_length,
                const char *right,
                gsize       right_length)
{
  gboolean negative = left_length > 0 && right_length > 0 && *left == '-' && *right == '-';
  gsize left_whole, right_whole;
  int result;

  if (negative)
    return -compare_digits (left + 1, left_length - 1, right + 1, right_length - 1);
  for (left_whole = 0; left_whole < left_length && g_ascii_isdigit (left[left_whole]); left_whole++)
    ;
  for (right_whole = 0; right_whole < right_length && g_ascii_isdigit (right[right_whole]); right_whole++)
    ;
  if (left_whole != right_whole)
    return left_whole < right_whole ? -1 : 1;
  result = memcmp (left, right, MIN (left_length, right_length));
  return result;
}

static int
compare_values (Order      *order,
                const Item *left,
                const Item *right)
{
  gsize left_length, right_length;
  const char *left_text = tide_row_reader_get (order->left, left->row, order->column, &left_length);
  const char *right_text = tide_row_reader_get (order->right, right->row, order->column, &right_length);
  int result;

  if (order->is_number)
    return left_length > 15 && right_length > 15 ? compare_digits (left_text, left_length, right_text, right_length) : 0;
  result = memcmp (left_text, right_text, MIN (left_length, right_length));
  return result != 0 ? result : (left_length > right_length) - (left_length < right_length);
}

static int
compare (Order      *order,
         const Item *left,
         const Item *right)
{
  int result;

  if (left->is_null || right->is_null)
    result = (int) left->is_null - (int) right->is_null;
  else if (left->key != right->key)
    result = left->key < right->key ? -1 : 1;
  else
    result = compare_values (order, left, right);
  return order->descending ? -result : result;
}

static void
merge (Order      *order,
       const Item *from,
       Item       *to,
       gsize       start,
       gsize       middle,
       gsize       end)
{
  gsize left = start;
  gsize right = middle;

  for (gsize i = start; i < end; i++)
    {
      gboolean take_left = left < middle && (right >= end || compare (order, &from[left], &from[right]) <= 0);

      to[i] = take_left ? from[left++] : from[right++];
    }
}

/* A merge sort, for it is stable and can be left at any time. Returns where the sorted items are; %NULL: cancelled. */
static Item *
sort (Order         *order,
      Item          *items,
      Item          *others,
      gsize          n,
      GCancellable  *cancellable,
      GError       **error)
{
  for (gsize width = 1; width < n; width *= 2)
    {
      Item *swap = items;

      for (gsize start = 0; start < n; start += 2 * width)
        {
          if (width >= 1024 && g_cancellable_set_error_if_cancelled (cancellable, error))
            return NULL;
          merge (order, items, others, start, MIN (start + width, n), MIN (start + 2 * width, n));
        }
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      items = others;
      others = swap;
    }
  return items;
}

GBytes *
tide_row_order_new (TideRowStore  *store,
                    GBytes        *rows,
                    guint          n_rows,
                    guint          column,
                    gboolean       descending,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_auto(TideRowReader) left = { NULL };
  g_auto(TideRowReader) right = { NULL };
  g_autofree Item *items = NULL;
  g_autofree Item *others = NULL;
  guint32 type = tide_row_store_get_column_type (store, column);
  Order order = { &left, &right, column, descending, tide_type_is_number (type) };
  gsize size = 0;
  const guint32 *of_store = rows ? g_bytes_get_data (rows, &size) : NULL;
  const Item *sorted;
  guint32 *ordered;

  if (rows != NULL)
    n_rows = size / sizeof *of_store;
  g_return_val_if_fail (n_rows <= tide_row_store_get_n_rows (store), NULL);

  tide_row_reader_init (&left, store);
  tide_row_reader_init (&right, store);
  items = g_new (Item, n_rows);
  others = g_new (Item, n_rows);
  for (guint i = 0; i < n_rows; i++)
    {
      gsize length;
      guint32 row = of_store ? of_store[i] : i;
      const char *text = tide_row_reader_get (&left, row, column, &length);

      if (i % 65536 == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      items[i].row = row;
      set_key (&items[i], type, text, length);
    }
  sorted = sort (&order, items, others, n_rows, cancellable, error);
  if (sorted == NULL && n_rows > 0)
    return NULL;
  ordered = g_new (guint32, n_rows + 1);
  for (guint i = 0; i < n_rows; i++)
    ordered[i] = sorted[i].row;
  return g_bytes_new_take (ordered, (gsize) n_rows * sizeof *ordered);
}
