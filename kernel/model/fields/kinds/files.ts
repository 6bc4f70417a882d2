import { bad, checkIds, presence, schemas, unreadable, type KindModel, type KindTable } from '../kind.ts'

type Holding = 'files' | 'image' | 'video' | 'audio'
/** Kinds that hold uploaded files: what may be uploaded, and what they are counted in. */
const holding = <K extends Holding>(accept: readonly string[], counted: string): KindModel<K> => ({
  check: (input, { options }) => {
    const checked = checkIds(input)
    const most = options.maxFiles ?? 50
    return 'value' in checked && (checked.value as string[]).length > most ? bad(`最多 ${most} ${counted}`) : checked
  },
  parse: unreadable,
  format: (value) => (Array.isArray(value) && value.length ? `${value.length} ${counted}` : ''),
  operators: presence,
  sortable: false,
  schema: () => schemas.uuids,
  emptyIsNull: true,
  notImported: true,
  isOwn: true,
  holdsFiles: accept,
})
export const fileKinds: KindTable<Holding> = {
  files: holding<'files'>(['*'], '个附件'),
  image: holding<'image'>(['image/jpeg', 'image/png', 'image/webp', 'image/gif'], '张图片'),
  video: holding<'video'>(['video/mp4', 'video/webm', 'video/quicktime'], '段视频'),
  audio: holding<'audio'>(
    ['audio/mpeg', 'audio/mp4', 'audio/x-m4a', 'audio/wav', 'audio/ogg', 'audio/webm', 'video/webm', 'audio/aac', 'audio/amr'],
    '段录音',
  ),
}

/** Does a type fit one of these patterns? `image/*` fits every picture, `*` everything. */
export const fitsType = (type: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => pattern === '*' || pattern === type || (pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1))))
