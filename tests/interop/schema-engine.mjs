#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// Stands in for the native program that Prisma's command line downloads and talks to (PRISMA_SCHEMA_ENGINE_BINARY): the same
// arguments and JSON-RPC for `migrate status|deploy|resolve|reset|diff`, answered by Prisma's own engine in its WebAssembly build. Genuine are
// the rules of the history, the checksums and what is written into the ledger; ours is only the way to the server.
//   TIDE_PRISMA_ROOT  the folder with Prisma's node_modules
import fs from 'node:fs'
import path from 'node:path'
import readline from 'node:readline'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const root = process.env.TIDE_PRISMA_ROOT
const require = createRequire(path.join(root, 'package.json'))
const pg = require('pg')
const { PrismaPg } = require('@prisma/adapter-pg')
const { bindMigrationAwareSqlAdapterFactory } = require('@prisma/driver-adapter-utils')

async function loadEngine() {
  const folder = path.join(root, 'node_modules/@prisma/schema-engine-wasm')
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { message: '', get() { return this.message }, set_message(m) { this.message = m } }
  const runtime = await import(pathToFileURL(path.join(folder, 'schema_engine_bg.js')).href)
  const wasm = new WebAssembly.Module(fs.readFileSync(path.join(folder, 'schema_engine_bg.wasm')))
  const instance = new WebAssembly.Instance(wasm, { './schema_engine_bg.js': runtime })
  runtime.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  return runtime.SchemaEngine
}

function parseUrl(text) {
  const url = new URL(text)
  const last = (key) => url.searchParams.getAll(key).at(-1)
  return {
    schema: last('schema'),
    client: {
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      host: last('host') ?? url.hostname,
      port: Number(url.port || 5432),
      database: decodeURIComponent(url.pathname.slice(1)),
      max: 1, // the advisory lock and SET belong to one session
      idleTimeoutMillis: 0,
    },
  }
}

async function openPool({ schema, client }) {
  const pool = new pg.Pool(client)
  const query = pool.query.bind(pool)
  // The adapter of Prisma 6 knows no catalog types: a name is a text here, a "char" too.
  pool.query = async (...args) => {
    const result = await query(...args)
    for (const field of [result].flat().flatMap((r) => r.fields ?? [])) field.dataTypeID = { 18: 25, 19: 25, 1003: 1009 }[field.dataTypeID] ?? field.dataTypeID
    return result
  }
  if (schema) await pool.query(`SET search_path = ${pg.escapeIdentifier(schema)}`)
  return pool
}

// As the native engine up to 7.3, a script is one simple query; adapter-pg would cut it at every ';'.
async function connect(where) {
  const pool = await openPool(where)
  const adapter = await new PrismaPg(pool, { schema: where.schema ?? 'public' }).connect()
  adapter.executeScript = async (script) => { await pool.query(script).catch((e) => adapter.onError(e)) }
  adapter.getConnectionInfo = () => ({ schemaName: where.schema ?? 'public', supportsRelationJoins: true })
  adapter.dispose = () => pool.end()
  return adapter
}

// As the native engine empties the shadow database that it is given
async function connectEmpty(where) {
  const adapter = await connect(where)
  await adapter.executeScript('DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public')
  return adapter
}

async function newEngine(url, datamodels, shadow) {
  const SchemaEngine = await loadEngine()
  const factory = {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connect(parseUrl(url)),
    connectToShadowDb: () => connectEmpty(parseUrl(shadow)),
  }
  // `migrate diff` names no schema, and the engine wants one
  const models = datamodels.length ? datamodels : [['schema.prisma', 'datasource db {\n  provider = "postgresql"\n}\n']]
  return SchemaEngine.new({ datamodels: models }, () => {}, bindMigrationAwareSqlAdapterFactory(factory))
}

const log = (level, fields) => process.stderr.write(
  JSON.stringify({ timestamp: new Date().toISOString(), level, fields, target: 'schema_engine::logger' }) + '\n')

// `schema-engine cli can-connect-to-database`: asked before anything else
async function answerConnection(url) {
  const where = parseUrl(url)
  const pool = await openPool({ client: where.client })
  const schema = where.schema ?? 'public'
  const { rowCount } = await pool.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema])
  if (!rowCount) await pool.query(`CREATE SCHEMA ${pg.escapeIdentifier(schema)}`)
  await pool.end()
  log('INFO', { message: 'Connection successful' })
}

function parseArguments(argv) {
  const found = { datamodels: [] }
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === '--datamodels' || argv[i] === '-d') found.datamodels.push(argv[++i])
    else if (argv[i] === '--datasource') found.datasource = argv[++i]
    else if (argv[i] === 'cli') found.cli = true
  }
  return found
}

const readShadowUrl = (text) => text?.startsWith('{') ? JSON.parse(text).shadowDatabaseUrl : undefined
function readUrl(text) {
  if (text.startsWith('{')) return JSON.parse(text).url
  return /^postgres/.test(text) ? text : Buffer.from(text, 'base64').toString()
}

// Prisma 6 may name a database by its URL, which the native engine opens and this build does not know: here it is the one that is connected.
const asDatasource = (target) => target.tag === 'url'
  ? { tag: 'schemaDatasource', files: [{ path: 'schema.prisma', content: 'datasource db {\n  provider = "postgresql"\n}\n' }], configDir: '.' } : target
const withoutUrls = (params) => ({ ...params, from: asDatasource(params.from), to: asDatasource(params.to),
  exitCode: params.exitCode ?? null, filters: params.filters ?? { externalTables: [], externalEnums: [] } })

async function serve(url, datamodels, shadow) {
  let engine
  const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n')
  const answer = async ({ id, method, params }) => {
    try {
      engine ??= await newEngine(url, datamodels, shadow ?? params?.shadowDatabaseUrl)
      const result = method === 'getDatabaseVersion' ? await engine.version(undefined)
        : await engine[method](method === 'diff' ? withoutUrls(params) : params)
      if (method === 'diff') send({ id: 0, method: 'print', params: { content: result.stdout } })
      send({ id, result: result ?? null })
    } catch (e) {
      const known = /^P\d{4}$/.test(e?.code ?? '')
      const data = { is_panic: false, message: e?.message ?? String(e), meta: e?.meta ?? {}, ...(known && { error_code: e.code }) }
      send({ id, error: { code: 4466, message: 'An error happened. Check the data field for details.', data } })
    }
  }
  let queue = Promise.resolve()
  const lines = readline.createInterface({ input: process.stdin })
  lines.on('line', (line) => { const m = JSON.parse(line); if (m.method) queue = queue.then(() => answer(m)) })
  lines.on('close', () => queue.then(() => process.exit(0)))
}

const { cli, datasource, datamodels } = parseArguments(process.argv.slice(2))
if (cli) {
  await answerConnection(readUrl(process.argv.at(process.argv.indexOf('--datasource') + 1)))
    .then(() => process.exit(0), (e) => { log('ERROR', { is_panic: false, error_code: 'P1001', message: e.message }); process.exit(1) })
} else {
  // Prisma 6 leaves it to the schema, which names this variable in our projects.
  await serve(datasource ? readUrl(datasource) : process.env.DATABASE_URL, datamodels.map((file) => [file, fs.readFileSync(file, 'utf8')]), readShadowUrl(datasource))
}
