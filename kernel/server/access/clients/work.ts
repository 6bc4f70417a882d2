import { isProtected } from '#model'
import type { Definitions, FieldProblem } from '#model'
import { repeatEvery } from '../../jobs/outbox.ts'
import type { Kernel } from '../../kernel.ts'
import { service, type RecordCheck } from '../../service.ts'
import { forgetOld } from './claims.ts'
import { networkProblem } from '../networks.ts'
import type { UseLog } from './use-log.ts'

/** What a client's record must be beyond its declaration: networks that are some, fields that there are. */
const checkClient: RecordCheck = (kernel, _ctx, values) => {
  const networks = (values['networks'] ?? []) as string[]
  const records = (values['records'] ?? []) as GivenRecords[]
  const wrong = networks.find((network) => networkProblem(network) !== null)
  const problems: FieldProblem[] = wrong === undefined ? [] : [{ field: 'networks', message: `“${wrong}”${networkProblem(wrong)}` }]
  for (const [at, given] of records.entries()) problems.push(...checkRecords(kernel.defs, given, `records.${at}`))
  const twice = records.findIndex((one, at) => records.findIndex((other) => other.resource === one.resource) < at)
  if (twice >= 0) problems.push({ field: `records.${twice}.resource`, message: '这种记录已在上面列出' })
  return Promise.resolve(problems)
}
interface GivenRecords {
  resource: string
  plain?: string[] | null
  hidden?: string[] | null
}
function checkRecords(defs: Definitions, { resource, plain, hidden }: GivenRecords, path: string): FieldProblem[] {
  const r = defs.resource(resource)
  const problem = (list: string, message: string): FieldProblem => ({ field: `${path}.${list}`, message })
  const unknown = (list: 'plain' | 'hidden', names: readonly string[] | null | undefined) => {
    const name = names?.find((key) => !Object.hasOwn(r.fields, key))
    return name === undefined ? [] : [problem(list, `“${r.label}”没有字段“${name}”`)]
  }
  const open = plain?.find((key) => Object.hasOwn(r.fields, key) && !isProtected(r.fields[key]!))
  return [
    ...unknown('plain', plain),
    ...unknown('hidden', hidden),
    ...(open === undefined ? [] : [problem('plain', `“${r.fields[open]!.label}”不是敏感项，本来就给原文`)]),
  ]
}
export const clientService = service({ name: 'kernel.apiClient', checks: { 'security.apiClient': checkClient } })

/** Writes what clients did every few seconds, and what is left when the process ends. */
export function startUseLog(uses: UseLog, onError: (error: unknown) => void): () => Promise<void> {
  const stop = repeatEvery(5000, () => uses.flush(), onError)
  return async () => {
    await stop()
    await uses.flush().catch(onError)
  }
}
/** Empties, each minute, what no request can repeat any more. */
export const startForgetting = (kernel: Kernel, onError: (error: unknown) => void): (() => Promise<void>) =>
  repeatEvery(60_000, () => forgetOld(kernel), onError)
