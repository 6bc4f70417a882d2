// The database's roles: an owner that migrates, a serving role without DDL, and a sealer who alone puts seals under the audit; on the embedded server and any other.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import pg from 'pg'

export const ownerRole = 'xinglin_owner'
export const appRole = 'xinglin_app'
export const sealerRole = 'xinglin_sealer'

export interface Roles {
  /** Signs in as the role that owns every table: migrations only. */
  ownerUrl: string
  /** Signs in as the serving role: no DDL, only what the migrations granted. */
  appUrl: string
  /** Signs in as the sealer: reads entries, inserts seals, nothing else. */
  sealerUrl: string
}

export interface RolesWanted {
  database?: string
  ownerPassword?: string
  appPassword?: string
  sealerPassword?: string
}

/**
 * Makes the owner, the serving role, the sealer and the database, or brings existing ones into order. `adminUrl` must be allowed to
 * create roles and databases. Passwords not given are made: keep the addresses returned.
 */
export async function prepareRoles(adminUrl: string, wanted: RolesWanted = {}): Promise<Roles> {
  const { database = 'xinglin', ownerPassword = makePassword(), appPassword = makePassword(), sealerPassword = makePassword() } = wanted
  await withClient(adminUrl, async (admin) => {
    await ensureRole(admin, ownerRole, ownerPassword)
    await ensureRole(admin, appRole, appPassword)
    await ensureRole(admin, sealerRole, sealerPassword)
    const me = (await admin.query<{ super: boolean }>('select rolsuper as super from pg_roles where rolname = current_user')).rows[0]
    // A managed server's administrator is no superuser: to create for another role he must be a member of it.
    if (!me?.super) await admin.query(`grant ${ownerRole} to current_user`)
    for (const one of [database, trialDatabase(database)]) {
      await ensureDatabase(admin, one)
      const name = pg.escapeIdentifier(one)
      await admin.query(`revoke all on database ${name} from public`)
      await admin.query(`grant connect on database ${name} to ${appRole}, ${sealerRole}`)
    }
  })
  const ownerUrl = withLogin(adminUrl, ownerRole, ownerPassword, database)
  await withClient(ownerUrl, (owner) => owner.query('revoke create on schema public from public').catch(ignoreNotOwner))
  return {
    ownerUrl,
    appUrl: withLogin(adminUrl, appRole, appPassword, database),
    sealerUrl: withLogin(adminUrl, sealerRole, sealerPassword, database),
  }
}

/**
 * The owner's login acting as the sealer, for a server whose administrator made no login for it: every session begins with the sealer's rights only.
 * Null where there is no such role or the owner may not become it.
 */
export async function sealerThroughOwner(ownerUrl: string): Promise<string | null> {
  const may = await withClient(ownerUrl, (owner) =>
    owner.query<{ ok: boolean }>(
      `select coalesce(bool_or(pg_has_role(current_user, oid, 'MEMBER')), false) as ok from pg_roles where rolname = $1`,
      [sealerRole],
    ),
  )
  return may.rows[0]?.ok ? asRole(ownerUrl, sealerRole) : null
}

/** The same login, whose sessions begin in another role. */
function asRole(url: string, role: string): string {
  const address = new URL(url)
  address.searchParams.set('options', `-c role=${role}`)
  return address.href
}

/** The same server, another role and database. */
export function withLogin(url: string, role: string, password: string, database: string): string {
  const address = new URL(url)
  address.username = role
  address.password = password
  return withDatabase(address.href, database)
}

/** The database beside this one in which drafts are tried: made along with it, for the owner may not make any. */
export const trialDatabase = (database: string): string => `${database}_trial`
/** The same login, to the database in which drafts are tried. */
export const trialAddress = (url: string): string => withDatabase(url, trialDatabase(decodeURIComponent(new URL(url).pathname.slice(1))))

/** The same server and role, another database. */
export function withDatabase(url: string, database: string): string {
  const address = new URL(url)
  address.pathname = `/${encodeURIComponent(database)}`
  return address.href
}

/** A password of 192 random bits that needs no escaping anywhere. */
export function makePassword(): string {
  return randomBytes(24).toString('base64url')
}

/** Opens one connection for `work` and closes it. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  // Without a listener a connection that breaks while idle would end the whole process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function ensureRole(admin: pg.Client, role: string, password: string): Promise<void> {
  const known = await admin.query('select 1 from pg_roles where rolname = $1', [role])
  const verb = known.rowCount ? 'alter' : 'create'
  await admin.query(`${verb} role ${role} login nocreatedb nocreaterole password '${scramVerifier(password)}'`)
}

async function ensureDatabase(admin: pg.Client, database: string): Promise<void> {
  const known = await admin.query('select 1 from pg_database where datname = $1', [database])
  const name = pg.escapeIdentifier(database)
  if (known.rowCount) {
    await admin.query(`alter database ${name} owner to ${ownerRole}`)
    return
  }
  // Code-point order with Unicode character classes: quick, the same in JavaScript. Pinyin order is asked for by collation.
  const version = Number((await admin.query<{ server_version_num: string }>('show server_version_num')).rows[0]?.server_version_num)
  const locale = version >= 170_000 ? `locale_provider builtin builtin_locale 'C.UTF-8'` : `lc_collate 'C' lc_ctype 'C.UTF-8'`
  await admin.query(`create database ${name} owner ${ownerRole} template template0 encoding 'UTF8' ${locale}`)
}

function ignoreNotOwner(error: Error & { code?: string }): void {
  // Databases made before PostgreSQL 15 may have a schema public that belongs to somebody else; 15 and later grant nothing on it.
  if (error.code !== '42501') throw error
}

// The server stores this verifier, so that the password itself stands in no statement and no log (RFC 5803).
function scramVerifier(password: string): string {
  const [salt, iterations] = [randomBytes(16), 4096]
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256')
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest()
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${hmac('Server Key').toString('base64')}`
}
