import { invalid, Refusal, type Filter, type FlowFile, type FlowTestCase } from '#model'
import { checkText } from '#kernel/model/fields/kind.ts'
import { readCases } from '#kernel/model/flow/read-cases.ts'
import { readFlow, type Flow } from '#kernel/model/flow/index.ts'

/** What came from outside as a definition; refused with the path of everything that cannot be read. */
export function needFlow(given: unknown, flow: string, place = 'definition'): Flow<Filter> {
  const read = readFlow(given, flow)
  if ('problems' in read)
    throw invalid(read.problems.map(({ field, message }) => ({ field: field ? `${place}.${field}` : place, message })))
  return read.flow
}
/** What came from outside as test cases; none when nothing came. */
export function needTests(given: unknown): FlowTestCase[] {
  const read = readCases(given ?? [])
  if ('problems' in read) throw invalid(read.problems.map(({ field, message }) => ({ field: field ? `tests.${field}` : 'tests', message })))
  return read.cases
}
/** What came from outside as the file of a flow; its definition is read apart. */
export function needFile(given: unknown): FlowFile {
  const file = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>
  const strange = Object.keys(file).filter((key) => !fileKeys.has(key))
  if (file['format'] !== 'xinglin.flow' || strange.length > 0 || typeof file['flow'] !== 'string' || typeof file['resource'] !== 'string')
    throw invalid([{ field: 'file', message: '这不是流程文件' }])
  if (file['version'] !== 1) throw invalid([{ field: 'file', message: '这个文件由更新版本的系统导出，请先升级' }])
  return file as unknown as FlowFile
}
const fileKeys: ReadonlySet<string> = new Set(['format', 'version', 'flow', 'resource', 'definition'])
/** What a flow is called. */
export const needLabel = (given: unknown): string => needText(given, 'label', 60, '请填写名称')
/** Why something is done; it stands with the version for ever. */
export const needNote = (given: unknown): string => needText(given, 'note', 500, '请填写说明')
function needText(given: unknown, field: string, most: number, missing: string): string {
  const checked = checkText(given ?? '', most)
  if ('problem' in checked) throw invalid([{ field, message: checked.problem }])
  if (checked.value === '') throw invalid([{ field, message: missing }])
  return checked.value as string
}
/** The number of a version, or the word for one that has none. */
export function needVersion<W extends string>(given: unknown, ...wordsFor: W[]): number | W {
  const word = wordsFor.find((one) => one === given)
  if (word) return word
  const version = typeof given === 'number' ? given : typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : 0
  if (!Number.isInteger(version) || version < 1 || version > 2_000_000_000) throw new Refusal('badRequest', '版本号不对')
  return version
}
