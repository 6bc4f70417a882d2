import { isUuid } from '#model'
import { auditAlone } from '../audit/audit.ts'
import type { Kernel } from '../kernel.ts'

const quietMs = 3_600_000
const mostNoted = 10_000

/**
 * Tells of protected values that do not open although their key was not destroyed: cipher texts were exchanged or changed, or a key is lost. Each place once
 * an hour, in the program's log and in the audit.
 */
export function tellFaults(kernel: Kernel, onError: (error: unknown) => void): void {
  const told = new Map<string, number>()
  kernel.subjectKeys.onFault = (place, { message }) => {
    const name = `${place.resource} ${place.record} ${place.field}`
    const now = performance.now()
    if (now - (told.get(name) ?? -quietMs) < quietMs) return
    if (told.size >= mostNoted) told.clear()
    told.set(name, now)
    onError(new Error(`a protected value does not open: ${name}: ${message}`))
    const [record = '', row] = place.record.split('/')
    const entry = { act: 'value.unreadable', outcome: 'failed', resource: place.resource, record: isUuid(record) ? record : null, detail: { field: place.field, ...(row ? { row } : {}), message } } as const // prettier-ignore
    auditAlone(kernel.db, kernel.clock.now(), { actor: null, name: '系统', address: null }, entry).catch(onError)
  }
}
