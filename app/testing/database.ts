// Databases for tests: a template is built once a run, every test file works in a clone of it.
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { ownerRole, trialDatabase, withClient, withDatabase } from '#kernel/server/database/roles.ts'

export interface TestDatabase {
  name: string
  /** The serving role: what the product works with. */
  appUrl: string
  /** The role that alone inserts seals. */
  sealerUrl: string
  /** Owns every table. */
  ownerUrl: string
  /** Superuser in this database. */
  adminUrl: string
  /** Makes the empty database beside it in which drafts are tried. */
  makeTrial: () => Promise<void>
  /** Ends its sessions and deletes it. */
  drop: () => Promise<void>
  [Symbol.asyncDispose]: () => Promise<void>
}

/** A database of its own: empty, or a clone of a template that `ensureTemplate` built. About 0.1 s. */
export async function freshDatabase(template = 'template0'): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await createDatabase(name, template)
  const beside = trialDatabase(name)
  const drop = async () => {
    await dropDatabase(name)
    await dropDatabase(beside)
  }
  return { name, ...addressesOf(name), makeTrial: () => createDatabase(beside, 'template0'), drop, [Symbol.asyncDispose]: drop }
}

/**
 * Builds the template `name` once a run (the first caller builds, others wait) and gives its name for `freshDatabase`.
 * `build` gets the owner's address, and the superuser's for extensions; it must close its connections.
 */
export async function ensureTemplate(name: string, build: (ownerUrl: string, adminUrl: string) => Promise<void>): Promise<string> {
  const template = `template_${name.replaceAll(/\W/g, '_')}`
  const { adminUrl } = inject('database')
  await withClient(adminUrl, async (admin) => {
    // Held until this connection ends.
    await admin.query('select pg_advisory_lock(hashtextextended($1, 0))', [template])
    const known = await admin.query('select 1 from pg_database where datname = $1', [template])
    if (known.rowCount) return
    const half = `${template}_half`
    await dropDatabase(half)
    await createDatabase(half, 'template0')
    const addresses = addressesOf(half)
    await build(addresses.ownerUrl, addresses.adminUrl)
    await endSessions(admin, half)
    await admin.query(`alter database ${pg.escapeIdentifier(half)} rename to ${pg.escapeIdentifier(template)}`)
  })
  return template
}

function addressesOf(name: string) {
  const { adminUrl, ownerUrl, appUrl, sealerUrl } = inject('database')
  const own = (url: string) => withDatabase(url, name)
  return { adminUrl: own(adminUrl), ownerUrl: own(ownerUrl), appUrl: own(appUrl), sealerUrl: own(sealerUrl) }
}

async function createDatabase(name: string, template: string): Promise<void> {
  await withClient(inject('database').adminUrl, (admin) =>
    // Copying files is quicker than logging them while nothing is flushed.
    admin.query(
      `create database ${pg.escapeIdentifier(name)} owner ${ownerRole} template ${pg.escapeIdentifier(template)} strategy file_copy`,
    ),
  )
}

async function dropDatabase(name: string): Promise<void> {
  await withClient(inject('database').adminUrl, (admin) => admin.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`))
}

async function endSessions(admin: pg.Client, database: string): Promise<void> {
  await admin.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1', [database])
}
