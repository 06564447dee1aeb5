// SPDX-License-Identifier: GPL-3.0-or-later
// Tidemark and the real Prisma in turns on the same databases; TAP on stdout. Started by run.sh.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const { TIDE_TEST_PGHOST: host, TIDE_TEST_PGPORT: port, TIDE_TEST_PGUSER: user, TIDE_PRISMA_ROOT: root, TIDEMARKCTL } = process.env
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'tide-interop-'))
process.on('exit', () => fs.rmSync(scratch, { recursive: true }))

function run(program, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options })
  if (error) throw error
  return { status, stdout, stderr, text: stdout + stderr }
}
function must(program, args, options) {
  const result = run(program, args, options)
  assert.equal(result.status, 0, `${program} ${args.join(' ')}: ${result.text}`)
  return result.stdout
}

const at = ['-h', host, '-p', port, '-U', user]
const psql = (db, sql) => must('psql', ['-XAtq', ...at, '-v', 'ON_ERROR_STOP=1', '-d', db, '-c', sql]).trim()
let databases = 0
function newDatabase() {
  const db = `interop_${process.pid}_${databases++}`
  must('createdb', [...at, db])
  return db
}
const urlOf = (db, schema) =>
  `postgresql://${user}@localhost:${port}/${db}?host=${encodeURIComponent(host)}${schema ? `&schema=${schema}` : ''}`

// A project is a folder with nothing but what both need; the URL comes from the environment.
let projects = 0
function newProject(migrations = {}) {
  const folder = path.join(scratch, `project${projects++}`)
  fs.mkdirSync(path.join(folder, 'prisma/migrations'), { recursive: true })
  writeSchema(folder)
  fs.writeFileSync(path.join(folder, 'prisma/migrations/migration_lock.toml'), 'provider = "postgresql"\n')
  for (const [name, sql] of Object.entries(migrations)) write(folder, name, sql)
  return folder
}
// Prisma 7 has the URL in its configuration, and refuses it where Prisma 6 has it.
const major = parseInt(JSON.parse(fs.readFileSync(path.join(root, 'node_modules/prisma/package.json'))).version)
function writeSchema(folder, more = '', shadow = null) {
  const url = major < 7 ? '  url = env("DATABASE_URL")\n' : ''
  fs.writeFileSync(path.join(folder, 'prisma/schema.prisma'), `datasource db {\n  provider = "postgresql"\n${url}${more}}\n`)
  if (major >= 7)
    fs.writeFileSync(path.join(folder, 'prisma.config.ts'),
      "export default { schema: 'prisma/schema.prisma', datasource: { url: process.env.DATABASE_URL" + (shadow ? `, shadowDatabaseUrl: '${shadow}'` : '') + ' } }\n')
}
// What may be emptied
const writeEnvironment = (folder, db) => fs.writeFileSync(path.join(folder, 'tidemark.json'),
  JSON.stringify({ environments: { dev: { url: urlOf(db), kind: 'development' } } }))
function write(folder, name, sql) {
  fs.mkdirSync(path.join(folder, 'prisma/migrations', name), { recursive: true })
  fs.writeFileSync(path.join(folder, 'prisma/migrations', name, 'migration.sql'), sql)
}

const prisma = (folder, db, args, schema) => run('node', [path.join(root, 'node_modules/prisma/build/index.js'), 'migrate', ...args],
  { cwd: folder, env: { ...process.env, DATABASE_URL: urlOf(db, schema) } })
function ours(folder, db, args, schema) {
  const result = run(TIDEMARKCTL, ['--json', '--project', folder, '--url', urlOf(db, schema), ...args])
  return { ...result, json: JSON.parse(result.stdout) }
}

// What both leave must be the same but for ids and times.
const ledger = (db, schema = 'public') => psql(db, `SELECT migration_name, checksum, finished_at IS NOT NULL, rolled_back_at IS NOT NULL,
  applied_steps_count, coalesce(logs, '~') FROM "${schema}"._prisma_migrations ORDER BY started_at`)
const shape = (db) => must('pg_dump', ['-s', ...at, '-d', db]).replace(/^\\(un)?restrict .*$/gm, '')

// To us; to Prisma too unless it has just brought it there itself. Prisma takes seconds to start: it is asked once.
function assertUpToDateHere(folder, db, schema) {
  const mine = ours(folder, db, ['status'], schema)
  assert.equal(mine.status, 0, mine.text)
  assert.equal(mine.json.up_to_date, true)
  assert.deepEqual(ours(folder, db, ['deploy'], schema).json.applied, [])
}
function assertUpToDate(folder, db, schema) {
  const theirs = prisma(folder, db, ['status'], schema)
  assert.equal(theirs.status, 0, theirs.text)
  assert.match(theirs.text, /Database schema is up to date/)
  assert.match(prisma(folder, db, ['deploy'], schema).text, /No pending migrations to apply/)
  assertUpToDateHere(folder, db, schema)
}
const stateOf = (folder, db, name) => ours(folder, db, ['status']).json.migrations.find((m) => m.name === name)?.state

// One database by us, another one by Prisma: the same.
function compareDeploys(folder, schema) {
  const [mine, theirs] = [newDatabase(), newDatabase()]
  const ourDeploy = ours(folder, mine, ['deploy'], schema)
  const theirDeploy = prisma(folder, theirs, ['deploy'], schema)
  assert.equal(ourDeploy.status, 0, ourDeploy.text)
  assert.equal(theirDeploy.status, 0, theirDeploy.text)
  assert.equal(ledger(mine, schema), ledger(theirs, schema))
  assert.equal(shape(mine), shape(theirs))
  assertUpToDate(folder, mine, schema)
  assertUpToDateHere(folder, theirs, schema)
  return { names: ourDeploy.json.applied, rows: ledger(mine, schema) }
}

const three = {
  '20240101000000_users': '-- CreateTable\nCREATE TABLE "User" ("id" SERIAL PRIMARY KEY, "name" TEXT);\n',
  '20240102000000_posts': 'CREATE TABLE "Post" ("id" SERIAL PRIMARY KEY, "user" INT REFERENCES "User");\nCREATE INDEX ON "Post" ("user");',
  '20240103000000_enum': "CREATE TYPE mood AS ENUM ('sad', 'happy');\nALTER TABLE \"User\" ADD mood mood;\n",
}

const tests = {
  'the same database from either'() { compareDeploys(newProject(three)) },

  'a schema of its own'() { compareDeploys(newProject(three), 'app') },

  // The ledger is in the URL's schema, which need not be one of them.
  'several schemas'() {
    const folder = newProject({ '20240101000000_both': 'CREATE SCHEMA IF NOT EXISTS a;\nCREATE SCHEMA IF NOT EXISTS b;\n'
      + 'CREATE TABLE a.t (id INT PRIMARY KEY);\nCREATE TABLE b.u (id INT PRIMARY KEY REFERENCES a.t);' })
    writeSchema(folder, '  schemas = ["a", "b"]\n')
    const resets = { mine: () => run(TIDEMARKCTL, ['--project', folder, '--env', 'dev', 'reset', '--yes']), theirs: (db) => prisma(folder, db, ['reset', '--force']) }
    compareDeploys(folder)
    const shapes = Object.values(resets).map((reset) => {
      const db = newDatabase()
      writeEnvironment(folder, db)
      psql(db, 'CREATE SCHEMA c; CREATE TABLE c.kept (); CREATE SCHEMA b; CREATE TABLE b.old ()')
      assert.match(prisma(folder, db, ['deploy']).text, /P3005/)
      assert.equal(ours(folder, db, ['deploy']).json.error.prisma, 'P3005')
      psql(db, 'DROP TABLE b.old; CREATE TABLE public.other ()')
      assert.match(prisma(folder, db, ['deploy']).text, /P3005/)
      assert.equal(ours(folder, db, ['deploy']).json.error.prisma, 'P3005')
      psql(db, 'DROP TABLE public.other')
      assert.equal(ours(folder, db, ['deploy']).status, 0)
      psql(db, 'CREATE TABLE a.more (); INSERT INTO a.t VALUES (1)')
      const result = reset(db)
      assert.equal(result.status, 0, result.text)
      assertUpToDate(folder, db)
      assert.equal(psql(db, 'SELECT count(*) FROM a.t'), '0')
      return shape(db)
    })
    assert.equal(shapes[0], shapes[1])
  },

  'files as they come'() {
    const folder = newProject({ crlf: 'SELECT 1;\r\nSELECT 2;\r\n', empty: '', 'comment only': '-- This is an empty migration.',
      '-x': 'SELECT 1;', _a: 'SELECT 1;', Init: 'SELECT 1;', init: 'SELECT 1;', '10': 'SELECT 1;', '2': 'SELECT 1;', '.hidden': 'SELECT 1;',
      "it's": 'SELECT 1;', 'é': 'SELECT 1;' })
    fs.writeFileSync(path.join(folder, 'prisma/migrations/a file.sql'), 'nonsense')
    compareDeploys(folder)
  },

  'in turns'() {
    const folder = newProject(three)
    const db = newDatabase()
    assert.deepEqual(ours(folder, db, ['deploy', '--to', '20240101000000_users']).json.applied, ['20240101000000_users'])
    assert.match(prisma(folder, db, ['status']).text, /20240102000000_posts\n20240103000000_enum/)
    assert.equal(prisma(folder, db, ['deploy']).status, 0)
    write(folder, '20240104000000_more', 'CREATE TABLE more ();')
    assert.equal(stateOf(folder, db, '20240104000000_more'), 'pending')
    assert.equal(ours(folder, db, ['deploy']).status, 0)
    assert.match(prisma(folder, db, ['deploy']).text, /No pending migrations to apply/)
    assertUpToDate(folder, db)
  },

  'what we failed, they resolve'() {
    const folder = newProject({ ...three, '20240104000000_bad': 'CREATE TABLE half ();\nSELECT 1 / 0;' })
    const db = newDatabase()
    assert.equal(ours(folder, db, ['deploy']).status, 1)
    assert.match(prisma(folder, db, ['status']).text, /have failed:\s+20240104000000_bad/)
    assert.match(prisma(folder, db, ['deploy']).text, /P3009/)
    assert.equal(prisma(folder, db, ['resolve', '--rolled-back', '20240104000000_bad']).status, 0)
    assert.equal(stateOf(folder, db, '20240104000000_bad'), 'rolled_back')
    write(folder, '20240104000000_bad', 'CREATE TABLE half ();')
    assert.equal(ours(folder, db, ['deploy']).status, 0)
    assertUpToDate(folder, db)
  },

  'what they failed, we resolve'() {
    const folder = newProject({ ...three, '20240104000000_bad': 'CREATE TABLE half ();\nSELECT 1 / 0;' })
    const db = newDatabase()
    assert.equal(prisma(folder, db, ['deploy']).status, 1)
    assert.equal(stateOf(folder, db, '20240104000000_bad'), 'failed')
    const refused = ours(folder, db, ['deploy'])
    assert.equal(refused.status, 1)
    assert.match(refused.stdout, /P3009/)
    assert.equal(ours(folder, db, ['resolve', '--rolled-back', '20240104000000_bad']).status, 0)
    write(folder, '20240104000000_bad', 'CREATE TABLE half ();')
    assert.equal(prisma(folder, db, ['deploy']).status, 0)
    assertUpToDate(folder, db)
  },

  'a baseline from either'() {
    const folder = newProject(three)
    const [mine, theirs] = [newDatabase(), newDatabase()]
    for (const db of [mine, theirs]) {
      psql(db, three['20240101000000_users'])
      assert.match(prisma(folder, db, ['deploy']).text, /P3005/)
      assert.match(ours(folder, db, ['deploy']).stdout, /P3005/)
    }
    assert.equal(ours(folder, mine, ['resolve', '--applied', '20240101000000_users']).status, 0)
    assert.equal(prisma(folder, theirs, ['resolve', '--applied', '20240101000000_users']).status, 0)
    assert.equal(ledger(mine), ledger(theirs))
    assert.match(prisma(folder, mine, ['resolve', '--applied', '20240101000000_users']).text, /P3008/)
    assert.match(ours(folder, theirs, ['resolve', '--applied', '20240101000000_users']).stdout, /P3008/)
    assert.equal(prisma(folder, mine, ['deploy']).status, 0)
    assert.equal(ours(folder, theirs, ['deploy']).status, 0)
    assert.equal(shape(mine), shape(theirs))
    assertUpToDateHere(folder, mine)
    assertUpToDate(folder, theirs)
  },

  'resolving a failure as applied leaves the same rows'() {
    const folder = newProject({ '1': 'SELECT 1 / 0;' })
    const [mine, theirs] = [newDatabase(), newDatabase()]
    for (const db of [mine, theirs]) assert.equal(ours(folder, db, ['deploy']).status, 1)
    assert.equal(ours(folder, mine, ['resolve', '--applied', '1']).status, 0)
    assert.equal(prisma(folder, theirs, ['resolve', '--applied', '1']).status, 0)
    assert.equal(ledger(mine), ledger(theirs))
    assertUpToDate(folder, mine)
    for (const db of [mine, theirs]) {
      assert.match(prisma(folder, db, ['resolve', '--rolled-back', 'nope']).text, /P3011/)
      assert.match(ours(folder, db, ['resolve', '--rolled-back', 'nope']).stdout, /P3011/)
      assert.match(prisma(folder, db, ['resolve', '--applied', 'nope']).text, /P3017/)
      assert.match(ours(folder, db, ['resolve', '--applied', 'nope']).stdout, /P3017/)
    }
  },

  'a migration made here is theirs too'() {
    const folder = newProject()
    const db = newDatabase()
    const made = ours(folder, db, ['new', 'Add the Users']).json.path
    assert.equal(prisma(folder, db, ['deploy']).status, 0)
    assert.match(ledger(db), /^\d{14}_add_the_users\|/)
    assert.ok(fs.existsSync(made))
    assertUpToDate(folder, db)
  },

  'no migration.sql'() {
    const folder = newProject({ '1': 'CREATE TABLE a ();', '3': 'CREATE TABLE b ();' })
    fs.mkdirSync(path.join(folder, 'prisma/migrations/2'))
    const db = newDatabase()
    assert.match(prisma(folder, db, ['status']).text, /1\n2\n3/)
    assert.match(prisma(folder, db, ['deploy']).text, /P3015/)
    assert.match(ours(folder, db, ['deploy']).stdout, /P3015/)
    assert.equal(stateOf(folder, db, '2'), 'pending')
  },

  // What Prisma does not model goes as well; the ledgers are alike, and so is what is left.
  'reset from either'() {
    const folder = newProject(three)
    const resets = [() => run(TIDEMARKCTL, ['--project', folder, '--env', 'dev', 'reset', '--yes']), (db) => prisma(folder, db, ['reset', '--force'])]
    const shapes = resets.map((reset) => {
      const db = newDatabase()
      writeEnvironment(folder, db)
      assert.equal(ours(folder, db, ['deploy']).status, 0)
      psql(db, `INSERT INTO "User" (name) VALUES ('Ada'); CREATE VIEW names AS SELECT name FROM "User"; CREATE TYPE extra AS ENUM ('x');
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE kept_not (); DROP TABLE "Post"; CREATE SCHEMA other; CREATE TABLE other.kept ()`)
      const result = reset(db)
      assert.equal(result.status, 0, result.text)
      assertUpToDate(folder, db)
      assert.equal(psql(db, 'SELECT count(*) FROM "User"'), '0')
      return [shape(db), ledger(db)]
    })
    assert.deepEqual(shapes[0], shapes[1])
  },

  // Prisma replays on the shadow database that it is given, we on our private PostgreSQL.
  'the shadow database says what the private one says'() {
    const folder = newProject(three)
    const db = newDatabase()
    const shadow = newDatabase()
    const drift = () => {
      const at = major < 7 ? ['--to-url', urlOf(db), '--shadow-database-url', urlOf(shadow)] : ['--to-config-datasource']
      if (major >= 7) writeSchema(folder, '', urlOf(shadow))
      const theirs = prisma(folder, db, ['diff', '--from-migrations', 'prisma/migrations', ...at, '--exit-code'])
      return [theirs, ours(folder, db, ['drift', '--exit-code'])]
    }
    assert.equal(ours(folder, db, ['deploy']).status, 0)
    let [theirs, mine] = drift()
    assert.equal(theirs.status, 0, theirs.text)
    assert.equal(mine.status, 0, mine.text)

    psql(db, 'ALTER TABLE "User" ADD age int')
    ;[theirs, mine] = drift()
    assert.equal(theirs.status, 2, theirs.text)
    assert.match(theirs.text, /Added column `age`/)
    assert.equal(mine.status, 2, mine.text)
    assert.match(mine.stdout, /age/)

    write(folder, '20240104000000_broken', 'SELECT 1 / 0;')
    assert.equal(ours(folder, db, ['resolve', '--applied', '20240104000000_broken']).status, 0)
    ;[theirs, mine] = drift()
    assert.match(theirs.text, /P3006[^]*20240104000000_broken/)
    assert.match(mine.text, /20240104000000_broken/)
  },

  'another provider'() {
    const folder = newProject(three)
    fs.writeFileSync(path.join(folder, 'prisma/migrations/migration_lock.toml'), 'provider = "mysql"\n')
    const db = newDatabase()
    assert.match(prisma(folder, db, ['deploy']).text, /P3019/)
    assert.match(ours(folder, db, ['deploy']).stdout, /P3019/)
  },
}

async function testSlugs() {
  const { default: slugify } = await import(pathToFileURL(createRequire(path.join(root, 'package.json')).resolve('@sindresorhus/slugify')).href)
  const folder = newProject()
  const titles = ["Hello, Wörld Ünïcode's test__X", 'addUsersTable', 'APIs & HTTPServer2', 'x'.repeat(300), 'naïve Straße', "don't", '  a  ', '42']
  for (const title of titles) {
    const made = ours(folder, 'none', ['new', title]).json.path
    assert.equal(path.basename(path.dirname(made)).slice(15), slugify(title, { separator: '_' }).substring(0, 200))
  }
}
tests['slugs as they make them'] = testSlugs

// The first half by us, the rest by Prisma; then the last one is forgotten and marked as applied again.
function takeTurns(folder, names, expected) {
  const db = newDatabase()
  const last = names.at(-1)
  const half = ours(folder, db, ['deploy', '--to', names[Math.floor(names.length / 2)]])
  assert.equal(half.status, 0, half.text)
  const rest = prisma(folder, db, ['deploy'])
  assert.equal(rest.status, 0, rest.text)
  assert.equal(ledger(db), expected)

  psql(db, `DELETE FROM _prisma_migrations WHERE migration_name = '${last.replaceAll("'", "''")}'`)
  assert.ok(prisma(folder, db, ['status']).text.includes(last))
  assert.equal(stateOf(folder, db, last), 'pending')
  assert.equal(ours(folder, db, ['resolve', '--applied', last]).status, 0)
  assertUpToDate(folder, db)
}

// A real project: its migrations alone are looked at.
function testProject(folder) {
  const nested = path.join(folder, 'prisma/migrations')
  const copy = newProject()
  fs.cpSync(fs.existsSync(nested) ? nested : folder, path.join(copy, 'prisma/migrations'), { recursive: true })
  const { names, rows } = compareDeploys(copy)
  takeTurns(copy, names, rows)
  console.log(`# ${folder}: ${names.length} migrations`)
}

const given = process.argv.slice(2)
const list = given.length ? given.map((folder) => [folder, () => testProject(folder)]) : Object.entries(tests)
console.log(`1..${list.length}`)
for (const [i, [name, test]] of list.entries()) {
  try {
    await test()
    console.log(`ok ${i + 1} - ${name}`)
  } catch (e) {
    console.log(`not ok ${i + 1} - ${name}\n${String(e.stack).replace(/^/gm, '# ')}`)
  }
}
