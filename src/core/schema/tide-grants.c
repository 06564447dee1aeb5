/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "tide-grants"

#include "config.h"

#include <string.h>

#include "schema/tide-array.h"
#include "schema/tide-grants.h"
#include "wire/tide-session.h"

/* In the order in which the server writes them */
#define LETTERS "arwdDxtXUCTcsAm"

/* OIDs below are the server's own: no role that was dropped had one */
#define FIRST_USER_OID 16384

struct _TideGrants
{
  GArray *grants; /* (element-type TideGrant) */
};

static void
grant_clear (gpointer data)
{
  TideGrant *self = data;

  g_free (self->who);
}

TideGrants *
tide_grants_new (void)
{
  TideGrants *self = g_new0 (TideGrants, 1);

  self->grants = g_array_new (FALSE, FALSE, sizeof (TideGrant));
  g_array_set_clear_func (self->grants, grant_clear);
  return self;
}

void
tide_grants_free (TideGrants *self)
{
  g_array_unref (self->grants);
  g_free (self);
}

guint
tide_grants_get_length (const TideGrants *self)
{
  return self->grants->len;
}

const TideGrant *
tide_grants_get (const TideGrants *self,
                 guint             index)
{
  return &g_array_index (self->grants, TideGrant, index);
}

TideGrant
tide_grants_find (const TideGrants *self,
                  const char       *who)
{
  for (guint i = 0; i < self->grants->len; i++)
    if (g_str_equal (tide_grants_get (self, i)->who, who))
      return *tide_grants_get (self, i);
  return (TideGrant) { NULL, 0, 0 };
}

char *
tide_grants_dup_role (const char  *who,
                      const char **by)
{
  const char *p = who;
  gboolean is_quoted = FALSE;

  for (; *p != '\0' && (is_quoted || !g_str_has_prefix (p, TIDE_GRANTS_BY)); p++)
    if (*p == '"')
      is_quoted = !is_quoted;
  *by = *p == '\0' ? NULL : p + strlen (TIDE_GRANTS_BY);
  return g_strndup (who, p - who);
}

guint
tide_grants_get_depth (const TideGrants *self,
                       const TideGrant  *grant)
{
  guint depth = 0;
  const char *by = NULL;

  g_free (tide_grants_dup_role (grant->who, &by));
  while (by != NULL && depth < self->grants->len)
    {
      const char *next = NULL;

      for (guint i = 0; i < self->grants->len && next == NULL; i++)
        {
          const char *its = NULL;
          g_autofree char *role = tide_grants_dup_role (tide_grants_get (self, i)->who, &its);

          if (its != NULL && g_str_equal (role, by) && tide_grants_get (self, i)->options != 0)
            next = its;
        }
      by = next;
      depth++;
    }
  return depth;
}

static guint32
get_bit (char letter)
{
  const char *found = letter == '\0' ? NULL : strchr (LETTERS, letter);

  return found == NULL ? 0 : (guint32) 1 << (found - LETTERS);
}

guint32
tide_grants_get_set (const char *letters)
{
  guint32 set = 0;

  for (; *letters != '\0'; letters++)
    set |= get_bit (*letters);
  return set;
}

static guint32
get_options (const char *letters)
{
  guint32 set = 0;

  for (; *letters != '\0'; letters++)
    if (letters[1] == '*')
      set |= get_bit (*letters);
  return set;
}

/* @who: (transfer full) */
static void
take (TideGrants *self,
      char       *who,
      guint32     set,
      guint32     options)
{
  TideGrant grant = { who, set, options };
  guint i;

  for (i = 0; i < self->grants->len; i++)
    {
      TideGrant *other = &g_array_index (self->grants, TideGrant, i);
      int order = strcmp (who, other->who);

      if (order == 0)
        {
          other->set |= set;
          other->options |= options;
          g_free (who);
          return;
        }
      if (order < 0)
        break;
    }
  g_array_insert_val (self->grants, i, grant);
}

void
tide_grants_add (TideGrants *self,
                 const char *who,
                 const char *letters)
{
  take (self, g_strdup (who), tide_grants_get_set (letters), get_options (letters));
}

void
tide_grants_unite (TideGrants       *self,
                   const TideGrants *other)
{
  for (guint i = 0; i < other->grants->len; i++)
    {
      const TideGrant *grant = tide_grants_get (other, i);

      take (self, g_strdup (grant->who), grant->set, grant->options);
    }
}

void
tide_grants_intersect (TideGrants       *self,
                       const TideGrants *other)
{
  for (guint i = 0; i < self->grants->len; i++)
    {
      TideGrant *grant = &g_array_index (self->grants, TideGrant, i);
      TideGrant kept = tide_grants_find (other, grant->who);

      grant->set &= kept.set;
      grant->options &= kept.options;
    }
}

/* @by: (nullable) */
static void
take_by (TideGrants      *self,
         const char      *role,
         const char      *by,
         const TideGrant *grant)
{
  take (self, g_strconcat (role, by == NULL ? NULL : TIDE_GRANTS_BY, by, NULL), grant->set, grant->options);
}

void
tide_grants_hand_over (TideGrants *self,
                       const char *role)
{
  g_autofree char *old = tide_quote_identifier (role);
  g_autoptr (TideGrants) before = tide_grants_new ();
  GArray *grants = before->grants;

  before->grants = self->grants;
  self->grants = grants;
  for (guint i = 0; i < before->grants->len; i++)
    {
      const TideGrant *grant = tide_grants_get (before, i);
      const char *by;
      g_autofree char *who = tide_grants_dup_role (grant->who, &by);

      take_by (self, g_str_equal (who, old) ? TIDE_GRANTS_OWNER : who, g_strcmp0 (by, old) == 0 ? NULL : by, grant);
    }
}

char *
tide_grants_dup_text (const TideGrants *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->grants->len; i++)
    {
      const TideGrant *grant = tide_grants_get (self, i);

      if (grant->set == 0)
        continue;
      g_string_append_printf (text, "%s%s=", text->len == 0 ? "" : "\n", grant->who);
      for (const char *letter = LETTERS; *letter != '\0'; letter++)
        if (grant->set & get_bit (*letter))
          g_string_append_printf (text, "%c%s", *letter, grant->options & get_bit (*letter) ? "*" : "");
    }
  return g_string_free (text, FALSE);
}

TideGrants *
tide_grants_parse (const char *lines)
{
  TideGrants *self = tide_grants_new ();

  while (*lines != '\0')
    {
      gboolean is_quoted = FALSE;
      const char *equals = lines;
      g_autofree char *letters = NULL;

      for (; *equals != '\0' && (is_quoted || *equals != '='); equals++)
        if (*equals == '"')
          is_quoted = !is_quoted;
      letters = g_strndup (*equals == '=' ? equals + 1 : equals, strcspn (equals, "\n") - (*equals == '=' ? 1 : 0));
      take (self, g_strndup (lines, equals - lines), tide_grants_get_set (letters), get_options (letters));
      lines = equals + strcspn (equals, "\n");
      lines += *lines == '\n' ? 1 : 0;
    }
  return self;
}

/* The role's name before "=", bare, and @text moved to there */
static char *
next_role (const char **text)
{
  GString *role = g_string_new (NULL);
  gboolean is_quoted = FALSE;
  const char *p = *text;

  for (; *p != '\0' && (is_quoted || *p != '='); p++)
    if (*p == '"' && is_quoted && p[1] == '"')
      g_string_append_c (role, *p++);
    else if (*p == '"')
      is_quoted = !is_quoted;
    else
      g_string_append_c (role, *p);
  *text = p;
  return g_string_free (role, FALSE);
}

/* The server writes the OID of a role that is no more in place of its name */
static gboolean
is_dropped_role (const char *role)
{
  return role[strspn (role, "0123456789")] == '\0' && g_ascii_strtoull (role, NULL, 10) >= FIRST_USER_OID;
}

/* Whether @role may grant on anything that @items tell of: only then it is @role that granted, and not the owner under another name */
static gboolean
may_grant (GPtrArray  *items,
           const char *role)
{
  for (guint i = 0; i < items->len; i++)
    {
      const char *item = g_ptr_array_index (items, i);
      g_autofree char *its = next_role (&item);

      if (g_str_equal (its, role) && memchr (item, '*', strcspn (item, "/")) != NULL)
        return TRUE;
    }
  return FALSE;
}

/* (transfer full) (nullable): bare, if it is not @owner. @item: what comes behind the letters */
static char *
dup_grantor (GPtrArray  *items,
             const char *item,
             const char *owner)
{
  g_autofree char *role = *item == '/' ? next_role (&(const char *) { item + 1 }) : NULL;

  if (role == NULL || owner == NULL || g_str_equal (role, owner) || is_dropped_role (role) || !may_grant (items, role))
    return NULL;
  return g_steal_pointer (&role);
}

static void
take_item (TideGrants *self,
           GPtrArray  *items,
           const char *item,
           const char *owner,
           guint32     all)
{
  g_autofree char *role = next_role (&item);
  g_autofree char *letters = g_strndup (item, strcspn (item, "/"));
  g_autofree char *grantor = dup_grantor (items, item + strlen (letters), owner);
  g_autofree char *who = NULL;
  guint32 set;

  if (is_dropped_role (role))
    return;
  set = tide_grants_get_set (letters);
  if ((set & all) == all)
    set &= all;
  who = *role == '\0' ? g_strdup (TIDE_GRANTS_PUBLIC)
        : g_strcmp0 (role, owner) == 0 ? g_strdup (TIDE_GRANTS_OWNER) : tide_quote_identifier (role);
  if (grantor != NULL)
    {
      g_autofree char *by = tide_quote_identifier (grantor);
      char *whole = g_strconcat (who, TIDE_GRANTS_BY, by, NULL);

      g_free (g_steal_pointer (&who));
      who = whole;
    }
  take (self, g_steal_pointer (&who), set, get_options (letters) & set);
}

TideGrants *
tide_grants_parse_acl (const char *acl,
                       const char *owner,
                       const char *all)
{
  TideGrants *self = tide_grants_new ();
  g_autoptr (GPtrArray) items = tide_array_parse (acl);

  for (guint i = 0; i < items->len; i++)
    take_item (self, items, g_ptr_array_index (items, i), owner, tide_grants_get_set (all));
  return self;
}
