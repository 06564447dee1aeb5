# SPDX-License-Identifier: GPL-3.0-or-later
"""Schemas to measure with: many tables, each with ten columns, two indexes and a foreign key, and what stands on them."""


def table(i):
    name = f'"Entity{i:05}"'
    other = f'"Entity{max(0, i - 1 - i % 7):05}"'
    return (f"create table {name} (id bigint generated always as identity primary key, code varchar(40) not null, name text not null "
            f"default 'none', amount numeric(12,2) not null default 0, status text not null default 'draft' check (status in "
            f"('draft', 'open', 'closed')), tags text[] default '{{}}', data jsonb, parent_id bigint references {other} (id) on delete "
            f"cascade, created_at timestamptz not null default now(), updated_at timestamptz);"
            f'create index "e{i:05}_code" on {name} (code, status);'
            f'create index "e{i:05}_open" on {name} (parent_id) where status <> \'closed\';')


def view(i):
    return (f'create view "view{i:05}" as select e.id, e.name, upper(e.code) as code, sum(p.amount) as total from "Entity{i:05}" e '
            f'left join "Entity{i:05}" p on p.parent_id = e.id where e.status <> \'closed\' group by e.id;')


def function(i):
    return (f"create function touch{i:05}() returns trigger language plpgsql as $$begin new.updated_at := now(); return new; end$$;"
            f'create trigger touch before update on "Entity{i:05}" for each row execute function touch{i:05}();'
            f"comment on function touch{i:05}() is 'keeps the time';")


def schema(n_tables):
    """SQL in pieces that fit one transaction each"""
    for start in range(0, n_tables, 250):
        parts = [table(i) for i in range(start, min(start + 250, n_tables))]
        for i in range(start, min(start + 250, n_tables), 10):
            parts += [view(i), function(i)]
        yield "\n".join(parts)


def changes(n_tables):
    """Fifty of them, of many kinds, all over the schema"""
    step = max(1, n_tables // 50)
    forms = [
        lambda i: f'alter table "Entity{i:05}" add column extra text;',
        lambda i: f'alter table "Entity{i:05}" alter column amount set default 1;',
        lambda i: f'alter table "Entity{i:05}" alter column updated_at set not null;',
        lambda i: f'drop index "e{i:05}_code";',
        lambda i: f'create index "new{i:05}" on "Entity{i:05}" (created_at desc);',
        lambda i: f'alter table "Entity{i:05}" add constraint positive check (amount >= 0);',
        lambda i: f"comment on table \"Entity{i:05}\" is 'looked at';",
        lambda i: f'create table "Added{i:05}" (id int primary key, entity_id bigint references "Entity{i:05}" (id));',
        lambda i: f"create function added{i:05}(a int) returns int language sql as 'select a + {i}';",
        lambda i: f'create view "added_view{i:05}" as select id, name from "Entity{i:05}";',
    ]
    return "\n".join(forms[k % len(forms)](min(n_tables - 1, k * step)) for k in range(50))
