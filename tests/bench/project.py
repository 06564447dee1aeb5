# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects to measure with: a shop that has grown for years, a migration at a time."""

import os

COLUMNS = ["name TEXT NOT NULL", "email TEXT", "status TEXT NOT NULL DEFAULT 'draft'", "amount DECIMAL(65,30) NOT NULL DEFAULT 0",
           "quantity INTEGER NOT NULL DEFAULT 1", "metadata JSONB", "tags TEXT[]", "enabled BOOLEAN NOT NULL DEFAULT true",
           "expires_at TIMESTAMP(3)", "notes TEXT", "country CHAR(2)", "score DOUBLE PRECISION"]


def create_table(i, previous):
    name = f"entity_{i:04}"
    columns = [COLUMNS[(i + k) % len(COLUMNS)] for k in range(8)]
    lines = [f'-- CreateTable\nCREATE TABLE "{name}" (', '    "id" TEXT NOT NULL,']
    lines += [f"    {column}," for column in columns]
    lines += ['    "created_at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,',
              '    "updated_at" TIMESTAMP(3) NOT NULL,', '    "parent_id" TEXT,',
              f'\n    CONSTRAINT "{name}_pkey" PRIMARY KEY ("id")\n);\n',
              f'-- CreateIndex\nCREATE INDEX "{name}_created_at_idx" ON "{name}"("created_at" DESC);\n',
              f'-- CreateIndex\nCREATE INDEX "{name}_parent_id_updated_at_idx" ON "{name}"("parent_id", "updated_at");\n']
    if previous is not None:
        lines.append(f'-- AddForeignKey\nALTER TABLE "{name}" ADD CONSTRAINT "{name}_parent_id_fkey" FOREIGN KEY ("parent_id") '
                     f'REFERENCES "entity_{previous:04}"("id") ON DELETE SET NULL ON UPDATE CASCADE;\n')
    return "\n".join(lines)


def alter_table(i, table):
    return (f'/*\n  Warnings:\n\n  - Added the required column `step_{i}` to the table.\n\n*/\n'
            f'-- AlterTable\nALTER TABLE "entity_{table:04}" ADD COLUMN     "step_{i}" TEXT,\n'
            f'ADD COLUMN     "step_{i}_at" TIMESTAMP(3);\n\n'
            f'-- Backfill\nUPDATE "entity_{table:04}" SET "step_{i}" = \'none; yet\' WHERE "step_{i}" IS NULL;\n\n'
            f'-- CreateIndex\nCREATE INDEX "entity_{table:04}_step_{i}_idx" ON "entity_{table:04}"("step_{i}");\n')


def create_enum(i, table):
    return (f'-- CreateEnum\nCREATE TYPE "Kind{i}" AS ENUM (\'ONE\', \'TWO\', \'THREE\');\n\n'
            f'-- AlterTable\nALTER TABLE "entity_{table:04}" ADD COLUMN     "kind_{i}" "Kind{i}" NOT NULL DEFAULT \'ONE\';\n\n'
            f'-- AlterTable\nALTER TABLE "entity_{table:04}" ALTER COLUMN "updated_at" SET DEFAULT CURRENT_TIMESTAMP;\n')


def create_function(i, table):
    return (f'-- A touch of plpgsql\nCREATE OR REPLACE FUNCTION touch_{i}() RETURNS trigger AS $$\nBEGIN\n'
            f'  NEW.updated_at = now(); -- ; not the end\n  RETURN NEW;\nEND;\n$$ LANGUAGE plpgsql;\n\n'
            f'CREATE TRIGGER touch_{i} BEFORE UPDATE ON "entity_{table:04}" FOR EACH ROW EXECUTE FUNCTION touch_{i}();\n\n'
            f'COMMENT ON TABLE "entity_{table:04}" IS \'touched since {i}\';\n')


def migrations(count):
    """(name, sql) of @count migrations that apply one after the other"""
    table = None
    for i in range(count):
        if i % 4 == 0:
            sql, table = create_table(i, table), i
        else:
            sql = (alter_table, create_enum, create_function)[i % 4 - 1](i, table)
        name = f"{20200101000000 + (i // 28) * 100000000 % 1200000000 + (i // 336) * 10000000000 + (i % 28) * 1000000}_step_{i:04}"
        yield name, sql


def write(folder, count):
    """Makes a project with @count migrations in @folder; returns the paths of their files, in order."""
    paths = []
    os.makedirs(f"{folder}/prisma/migrations")
    files = {"prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n}\n',
             "prisma.config.ts": "export default { schema: 'prisma/schema.prisma', datasource: { url: process.env.DATABASE_URL } }\n",
             "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
             "package.json": '{ "name": "bench" }\n'}
    for name, sql in migrations(count):
        files[f"prisma/migrations/{name}/migration.sql"] = sql
        os.mkdir(f"{folder}/prisma/migrations/{name}")
        paths.append(f"{folder}/prisma/migrations/{name}/migration.sql")
    for path, text in files.items():
        with open(f"{folder}/{path}", "w", encoding="utf-8") as file:
            file.write(text)
    return paths
