import type { ImportCandidate } from '#model'
import { plainMaker, settle } from '#kernel/server/exchange/interpret.ts'
import { plainCode, comparableTitle, type CodeIndex, type Found } from '#kernel/server/exchange/match/codes.ts'
import type { Item, RawRow } from '#kernel/server/exchange/item.ts'
import { importProfile, type ItemMaker } from '#kernel/server/exchange/profile.ts'
import type { ImportSession } from '#kernel/server/exchange/session.ts'
import { codeHeadings, nameHeadings } from './catalogue.import.ts'

/** The hospital's own grading: joined to the standard catalogue by code, then by name; a person picks the doubtful ones. */
export const gradingImport = importProfile({
  name: 'privileges.grading',
  label: '导入院内手术分级目录',
  help: '本院的手术分级文件：编码或名称、院内手术级别、限制类、别名；先按编码、再按名称与标准目录对照，存疑的由您选定',
  resource: 'privileges.procedure',
  isDefault: true,
  only: [
    'code',
    'name',
    'alias',
    'level',
    'operationType',
    'restricted',
    'minimallyInvasive',
    'interventional',
    'daySurgery',
    'titleCondition',
    'enabled',
    'codeSystem',
    'codeVersion',
  ],
  aliases: {
    code: codeHeadings,
    name: nameHeadings,
    level: ['手术级别', '院内级别', '级别', '手术等级', '分级', '等级', '手术分级'],
    restricted: ['限制类', '限制类技术', '是否限制类', '限制技术', '限制'],
    alias: ['常用名', '俗称', '简称', '习惯名称', '常用名称'],
    minimallyInvasive: ['微创', '是否微创'],
    interventional: ['介入', '是否介入'],
    daySurgery: ['日间', '是否日间手术'],
    operationType: ['类别', '手术类别', '操作类别'],
  },
  constants: { codeSystem: '医保版', codeVersion: '2.0' },
  key: ['codeSystem', 'codeVersion', 'code'],
  needs: [['code', 'name']],
  open: gradingMaker,
})

async function gradingMaker(session: ImportSession): Promise<ItemMaker> {
  const plain = await plainMaker(session)
  const { codeSystem = '医保版', codeVersion = '2.0' } = session.settings.constants
  const standard = await session.coded('privileges.standardProcedure', { where: { codeSystem, codeVersion } })
  const listed = await session.coded('privileges.procedure', { where: { codeSystem, codeVersion }, alias: 'alias' })
  const [level, restricted] = [session.columnOf('level'), session.columnOf('restricted')]
  return async (rows) => {
    const items = await plain(rows.map((row) => tidy(row, level, restricted)))
    for (const item of items) join(session, item, standard, listed)
    return items
  }
}
/** 四级手术, IV 级, 四类; 限制类, 国家限制类, 非限制: as hospitals write them. */
function tidy(row: RawRow, level: number, restricted: number): RawRow {
  const cells = [...row.cells]
  if (level >= 0) cells[level] = tidyLevel(cells[level] ?? '')
  const mark = (cells[restricted] ?? '').trim()
  if (restricted >= 0 && mark.includes('限制')) cells[restricted] = /非|不/.test(mark) ? '否' : '是'
  return { ...row, cells }
}
export const tidyLevel = (text: string): string => text.replace(/手术|\s/g, '').replace(/类$/, '级')

const ownProcedure = 'own'
function join(session: ImportSession, item: Item, standard: CodeIndex, listed: CodeIndex): void {
  const text = (key: string) => (typeof item.values[key] === 'string' ? item.values[key] : '')
  const [code, name] = [text('code'), text('name')]
  delete item.values['name']
  const column = session.labelOf(code || session.columnOf('name') < 0 ? 'code' : 'name')
  const found = standard.find(code, name)
  const isOwn = 'missing' in found && code !== '' && listed.hasCode(code)
  const answer = isOwn
    ? ownProcedure
    : settle(session, item, column, [code, name].filter(Boolean).join(' '), offerOwn(found, standard, code, name))
  if (answer === null) return
  if (answer === ownProcedure) {
    item.values['code'] = plainCode(code)
    if (name) item.values['name'] = name
    return
  }
  const entry = standard.get(answer)!
  Object.assign(item.values, { standard: entry.id, code: entry.code, name: entry.name })
}
/** What the standard catalogue does not have may be the hospital's own; that is for a person to say. */
function offerOwn(found: Found, standard: CodeIndex, code: string, name: string): Found {
  if (!code.trim() || 'entry' in found) return found
  const own: ImportCandidate = { id: ownProcedure, title: '作为院内自编手术', hint: `${plainCode(code)} ${name}`.trim() }
  if ('doubt' in found) return /没有编码/.test(found.doubt) ? { doubt: found.doubt, candidates: [...found.candidates, own] } : found
  const near = name ? standard.similar(comparableTitle(name)).map((entry) => ({ id: entry.id, title: entry.name, hint: entry.code })) : []
  return { doubt: found.missing, candidates: [...near, own] }
}
