import type { Database, Queryable } from '../database/database.ts'
import { noSnapshot, streams } from './entries.ts'
import type { SealWitness } from './syslog-elements.ts'
import { entryMessage, sealMessage, type LeavingEntry } from './syslog-message.ts'
import { sendSyslog } from './syslog-sender.ts'
import type { SyslogTarget } from './outside.ts'

/** How far the audit has left: everything visible in `base`, and of what `target` shows beyond it all up to (afterTx, afterSeq). */
interface Position {
  base: string
  target: string | null
  afterTx: string
  afterSeq: number
  auditSeal: number
  historySeal: number
  anchor: number
}
interface Batch {
  messages: string[]
  next: Position
  isFull: boolean
}
const receiver = 'syslog'
const columns = `base::text AS base, target::text AS target, after_tx::text AS "afterTx", after_seq AS "afterSeq", audit_seal AS "auditSeal", history_seal AS "historySeal", anchor`

/**
 * Sends every audit entry and every seal to the syslog receiver: at least once, in the order in which they came to be. The tables themselves are the queue:
 * what could not leave leaves later, however long the receiver was away. One process at a time.
 */
export class Leaving {
  private readonly db: Database
  private readonly target: SyslogTarget
  private readonly batch: number
  /** Where the last batch began: a receiver that died after it may have lost it on its own side. */
  private before: Position | null = null

  /** `db`: the sealer's connections. */
  constructor(db: Database, target: SyslogTarget, batch = 500) {
    this.db = db
    this.target = target
    this.batch = batch
  }

  /** Sends all that waits. Throws what kept it from leaving, after noting it for the audit's page. */
  async leave(): Promise<number> {
    await this.db.query(`INSERT INTO kernel.audit_leaving (receiver, base) VALUES ($1, '${noSnapshot}') ON CONFLICT DO NOTHING`, [receiver])
    for (let sent = 0; ;) {
      const { messages, isFull, fault } = await this.db.transaction((tx) => this.leaveBatch(tx))
      sent += messages
      if (fault) throw fault
      if (!isFull) return sent
    }
  }

  private async leaveBatch(tx: Queryable): Promise<{ messages: number; isFull: boolean; fault?: Error }> {
    const [position] = await tx.query<Position>(`SELECT ${columns} FROM kernel.audit_leaving WHERE receiver = $1 FOR UPDATE SKIP LOCKED`, [
      receiver,
    ])
    if (!position) return { messages: 0, isFull: false }
    const batch = await gather(tx, position, this.batch)
    if (batch.messages.length === 0) {
      // A window that ended with a full batch: the next one shows what has come since.
      if (position.target) await store(tx, batch.next)
      return { messages: 0, isFull: position.target !== null }
    }
    try {
      await sendSyslog(this.target, batch.messages)
    } catch (error) {
      await this.noteFault(tx, error as Error)
      return { messages: 0, isFull: false, fault: error as Error }
    }
    await store(tx, batch.next)
    await tx.query(
      `UPDATE kernel.audit_leaving SET messages = messages + $2, left_at = clock_timestamp(), problem = NULL, problem_since = NULL WHERE receiver = $1`,
      [receiver, batch.messages.length],
    )
    this.before = position
    return { messages: batch.messages.length, isFull: batch.isFull }
  }

  private async noteFault(tx: Queryable, fault: Error): Promise<void> {
    if (this.before) await store(tx, this.before)
    this.before = null
    await tx.query(
      `UPDATE kernel.audit_leaving SET problem = $2, problem_since = coalesce(problem_since, clock_timestamp()) WHERE receiver = $1 AND problem IS DISTINCT FROM $2`,
      [receiver, faultText(fault)],
    )
  }
}
const faults: Readonly<Record<string, string>> = {
  ECONNREFUSED: '接收方没有开启该端口',
  ECONNRESET: '接收方中途断开',
  EPIPE: '接收方中途断开',
  ENOTFOUND: '找不到该主机',
  EAI_AGAIN: '域名服务没有回应',
  ETIMEDOUT: '接收方没有回应',
  EHOSTUNREACH: '网络不通',
  ENETUNREACH: '网络不通',
}
const faultText = (fault: Error): string => {
  const { code } = fault as { code?: string }
  return (code && faults[code]) || fault.message || String(code)
}

async function store(tx: Queryable, p: Position): Promise<void> {
  await tx.query(
    `UPDATE kernel.audit_leaving SET base = $2::pg_snapshot, target = $3::pg_snapshot, after_tx = $4::xid8, after_seq = $5, audit_seal = $6, history_seal = $7, anchor = $8 WHERE receiver = $1`,
    [receiver, p.base, p.target, p.afterTx, p.afterSeq, p.auditSeal, p.historySeal, p.anchor],
  )
}

async function gather(tx: Queryable, position: Position, size: number): Promise<Batch> {
  const target = position.target ?? (await currentSnapshot(tx))
  // By snapshot, as the seals: a transaction that commits after younger ones have left is not forgotten. By transaction within it: index audit_tx.
  const entries = await tx.query<LeavingEntry & { tx: string }>(
    `SELECT tx::text AS tx, seq, at, actor, actor_name AS "actorName", act, outcome, resource, record, address, ${streams.audit.hash} AS hash FROM kernel.audit_entry
     WHERE tx >= pg_snapshot_xmin($1::pg_snapshot) AND tx >= $3::xid8 AND (tx, seq) > ($3::xid8, $4::bigint) AND NOT pg_visible_in_snapshot(tx, $1::pg_snapshot) AND pg_visible_in_snapshot(tx, $2::pg_snapshot)
     ORDER BY kernel.audit_entry.tx, seq LIMIT ${size}`,
    [position.base, target, position.afterTx, position.afterSeq],
  )
  const messages = entries.map(entryMessage)
  const last = entries.at(-1)
  if (last && entries.length === size)
    return { messages, next: { ...position, target, afterTx: last.tx, afterSeq: last.seq }, isFull: true }
  const next: Position = { ...position, base: target, target: null, afterTx: '0', afterSeq: 0 }
  const seals = await gatherSeals(tx, next, size)
  return { messages: [...messages, ...seals, ...(await gatherAnchors(tx, next))], next, isFull: seals.length === size }
}
async function currentSnapshot(tx: Queryable): Promise<string> {
  const [row] = await tx.query<{ snapshot: string }>('SELECT pg_current_snapshot()::text AS snapshot')
  return row!.snapshot
}

async function gatherSeals(tx: Queryable, next: Position, size: number): Promise<string[]> {
  const seals = await tx.query<SealWitness>(
    `SELECT stream, epoch, number, sealed_at AS "sealedAt", encode(hash, 'hex') AS hash, encode(mac, 'hex') AS mac FROM kernel.seal
     WHERE (stream = 'audit' AND number > $1) OR (stream = 'history' AND number > $2) ORDER BY sealed_at, stream, number LIMIT ${size}`,
    [next.auditSeal, next.historySeal],
  )
  for (const seal of seals) next[seal.stream === 'audit' ? 'auditSeal' : 'historySeal'] = seal.number
  return seals.map((seal) => sealMessage('seal', seal.sealedAt, seal))
}
async function gatherAnchors(tx: Queryable, next: Position): Promise<string[]> {
  const anchors = await tx.query<{ number: number; at: string; seals: SealWitness[] }>(
    `SELECT number, at, seals FROM kernel.audit_anchor WHERE number > $1 ORDER BY number LIMIT 100`,
    [next.anchor],
  )
  next.anchor = anchors.at(-1)?.number ?? next.anchor
  return anchors.flatMap((anchor) => anchor.seals.map((seal) => sealMessage('anchor', anchor.at, seal)))
}
