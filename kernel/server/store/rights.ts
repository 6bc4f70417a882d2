import type { Definitions } from '#model'
import { slots } from '../access/clients/claims.ts'
import type { Database } from '../database/database.ts'
import { appRole, sealerRole } from '../database/roles.ts'
import { quote, snake } from './naming.ts'

// Append-only: the serving role has neither UPDATE nor DELETE on these.
const appendOnly = ['history', 'audit_entry', 'flow_log', 'flow_definition', 'rights_version', 'data_key', 'erasure', 'release', 'design_version']
// What proves the append-only tables: the serving role only reads it.
const sealersOwn = ['seal', 'seal_epoch', 'audit_leaving', 'audit_anchor', 'audit_archive']
// Parts that are emptied as a whole when their time is over.
const emptiedWhole = Array.from({ length: slots }, (_, slot) => `api_nonce_${slot}`)
/** Neither when nor in which transaction an entry arrived can be claimed by the serving role. */
const writable = {
  history: 'at, resource, record, version, actor, on_behalf_of, origin, act, changes',
  audit_entry: 'at, actor, actor_name, act, outcome, resource, record, address, detail',
}

/** Says what the serving role and the sealer may do; everything else stays with the owner. */
export async function grantRights(db: Database, defs: Definitions): Promise<void> {
  const schemas = [...new Set([...defs.tables.keys()].map((name) => snake(name.split('.')[0]!)))]
  const partitions = await db.once<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent IN ('kernel.history'::regclass, 'kernel.audit_entry'::regclass)`,
  )
  const all = [
    ...[...schemas, 'kernel'].map(
      (s) =>
        `GRANT USAGE ON SCHEMA ${quote(s)} TO ${appRole}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${quote(s)} TO ${appRole};`,
    ),
    `GRANT USAGE ON ALL SEQUENCES IN SCHEMA kernel TO ${appRole};`,
    `REVOKE INSERT, UPDATE, DELETE ON kernel.migration FROM ${appRole};`,
    ...appendOnly.map((t) => `REVOKE UPDATE, DELETE ON kernel.${t} FROM ${appRole};`),
    `REVOKE UPDATE, DELETE ON kernel.subject_key FROM ${appRole}; GRANT UPDATE (wrapped, destroyed_at) ON kernel.subject_key TO ${appRole};`,
    ...sealersOwn.map((t) => `REVOKE INSERT, UPDATE, DELETE ON kernel.${t} FROM ${appRole};`),
    ...emptiedWhole.map((t) => `GRANT TRUNCATE ON kernel.${t} TO ${appRole};`),
    ...partitions.map((p) => `REVOKE ALL ON ${p.name} FROM ${appRole};`),
    ...Object.entries(writable).map(
      ([table, columns]) => `REVOKE INSERT ON kernel.${table} FROM ${appRole}; GRANT INSERT (${columns}) ON kernel.${table} TO ${appRole};`,
    ),
  ]
  // Several statements sent at once are one transaction: no moment in which the serving role may do more.
  await db.once(all.join('\n'))
  await grantSealer(db)
}

async function grantSealer(db: Database): Promise<void> {
  // Where roles are the administrator's affair he may not have made it yet; `doctor` says so.
  const [known] = await db.once('SELECT 1 FROM pg_roles WHERE rolname = $1', [sealerRole])
  if (!known) return
  await db.once(`GRANT USAGE ON SCHEMA kernel TO ${sealerRole};
    GRANT SELECT ON kernel.history, kernel.audit_entry, kernel.seal_epoch TO ${sealerRole};
    GRANT SELECT, INSERT ON kernel.seal, kernel.audit_anchor TO ${sealerRole};
    GRANT SELECT, INSERT, UPDATE ON kernel.audit_leaving TO ${sealerRole};
    GRANT SELECT, INSERT ON kernel.audit_archive TO ${sealerRole};
    GRANT EXECUTE ON FUNCTION kernel.audit_months_over(), kernel.drop_audit_month(date) TO ${sealerRole};`)
}
