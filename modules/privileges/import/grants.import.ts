import { isDay, kindOf, parseDayText } from '#model'
import { settle, plainMaker } from '#kernel/server/exchange/interpret.ts'
import { splitCoded, type CodeIndex, type Found } from '#kernel/server/exchange/match/codes.ts'
import type { PeopleIndex } from '#kernel/server/exchange/match/people.ts'
import { newItem, type Item, type RawRow } from '#kernel/server/exchange/item.ts'
import { importProfile, type ItemMaker } from '#kernel/server/exchange/profile.ts'
import type { ImportSession } from '#kernel/server/exchange/session.ts'
import { grant } from '../grant/grant.ts'
import { codeHeadings, nameHeadings } from './catalogue.import.ts'
import { tidyLevel } from './grading.import.ts'

const matrixColumn = '*procedure'
/** 历史授权转入: the grants of day one, as a list or as a matrix people × procedures with √. One batch, taken back whole. */
export const grantsImport = importProfile({
  name: 'privileges.grants',
  label: '历史授权转入',
  help: '上线前已有的手术授权：一行一人一项的清单，或“人员 × 手术”打 √ 的表；整批可以撤销',
  resource: 'privileges.grant',
  right: 'privileges.manage',
  isDefault: true,
  only: ['practitioner', 'procedure', 'unit', 'level', 'from', 'to', 'narrowedTo', 'supervisedCases', 'basisNumber', 'basisDate'],
  aliases: {
    practitioner: ['医师', '医生', '人员', '被授权人', '术者'],
    'practitioner.staffNumber': ['工号', '医师工号', '医生工号'],
    'practitioner.name': ['姓名', '医师姓名', '医生姓名', '被授权人姓名'],
    procedure: ['手术项目', '授权手术', '授权项目', '手术范围', '手术编码/名称', '手术编码或名称'],
    'procedure.code': codeHeadings,
    'procedure.name': nameHeadings,
    unit: ['科室', '所在科室', '授权科室'],
    level: ['级别', '手术级别', '手术等级', '院内手术级别'],
    from: ['授权日期', '开始日期', '起始日期', '授权时间', '生效日期', '起'],
    to: ['截止日期', '结束日期', '有效期至', '有效期', '到期日期', '止'],
    basisNumber: ['文号', '依据', '授权文号', '文件号'],
    basisDate: ['文件日期', '发文日期'],
  },
  extra: [
    {
      key: matrixColumn,
      label: '一项手术（表中打 √）',
      required: false,
      wide: true,
      help: '列名是手术编码或名称，格中打 √（或填级别、截止日期）表示有此授权',
    },
  ],
  wide: matrixColumn,
  notWide: /^(序号|编号|备注|说明|职称|职务|科别|性别|签名|签字|合计|小计|联系电话|手机|电话|学历|年龄|第?\d+)$/,
  key: (given) => (given.has('from') ? ['practitioner', 'procedure', 'from'] : ['practitioner', 'procedure']),
  needs: [
    ['practitioner.staffNumber', 'practitioner.name', 'practitioner'],
    ['procedure', 'procedure.code', 'procedure.name', matrixColumn],
  ],
  among: { status: 'active' },
  listsAbsent: false,
  defaults: () => ({ number: '-', mode: 'transferred', status: 'active' }),
  mayChange: (stored) => (stored['mode'] === 'transferred' ? null : `已有经审批的有效授权 ${String(stored['number'])}，不由导入修改`),
  complete(record, nth, batch) {
    record['number'] = `LS-${batch.number}-${String(nth).padStart(4, '0')}`
    record['batch'] = `LS-${batch.number}`
  },
  open: grantsMaker,
})

interface Joining {
  session: ImportSession
  people: PeopleIndex
  procedures: CodeIndex
  levels: ReadonlyMap<string, string | null>
}
async function grantsMaker(session: ImportSession): Promise<ItemMaker> {
  const joining: Joining = {
    session,
    people: await session.people(),
    procedures: await session.coded('privileges.procedure', { alias: 'alias' }),
    levels: new Map(
      (
        await session.ctx.db.query<{ id: string; level: string | null }>(
          `SELECT id, level FROM privileges.procedure WHERE deleted_at IS NULL`,
        )
      ).map((row) => [row.id, row.level]),
    ),
  }
  const wide = session.settings.columns.flatMap((key, index) =>
    key === matrixColumn ? [{ index, heading: session.settings.headings[index]! }] : [],
  )
  const level = session.columnOf('level')
  // Everything but person and procedure is read the plain way.
  const rest = await plainMaker(withoutReferences(session))
  return async (rows) => {
    const tidied = rows.map((row) =>
      level < 0 ? row : { ...row, cells: row.cells.map((cell, i) => (i === level ? tidyLevel(cell) : cell)) },
    )
    const bases = await rest(tidied)
    return tidied.flatMap((row, i) => itemsOf(joining, row, bases[i]!, wide))
  }
}
function withoutReferences(session: ImportSession): ImportSession {
  const columns = session.settings.columns.map((key) => (key && /^(\*|practitioner|procedure)/.test(key) ? null : key))
  const view: ImportSession = Object.create(session, { settings: { value: { ...session.settings, columns } } }) as ImportSession
  return view
}

function itemsOf(joining: Joining, row: RawRow, base: Item, wide: readonly { index: number; heading: string }[]): Item[] {
  const { session, people } = joining
  const text = (target: string) => session.textOf(row, target)
  const [any, number, name] = [text('practitioner'), text('practitioner.staffNumber'), text('practitioner.name')]
  const found = number || name ? people.find(number || any, name) : people.findAny(any)
  const who = [number, name, any].filter(Boolean).join(' ')
  const column = session.labelOf(
    session.columnOf('practitioner.staffNumber') >= 0
      ? 'practitioner.staffNumber'
      : session.columnOf('practitioner.name') >= 0
        ? 'practitioner.name'
        : 'practitioner',
  )
  const person = settle(session, base, column, who, found)
  if (person === null || base.problems.length) return [base]
  const asked = [...listed(joining, row), ...marked(row, wide)]
  if (asked.length === 0 && wide.length === 0)
    base.problems.push({ column: session.labelOf('procedure'), value: '', message: '请填写手术' })
  return asked.length === 0 ? (base.problems.length ? [base] : []) : asked.map((one) => itemOf(joining, base, person, one))
}

interface Asked {
  column: string
  text: string
  found?: Found
  /** What stands in the matrix. */
  mark?: string
}
/** The procedures that a line of the list names: by code and name, or several in one cell. */
function listed({ session, procedures }: Joining, row: RawRow): Asked[] {
  const [any, code, name] = ['procedure', 'procedure.code', 'procedure.name'].map((target) => session.textOf(row, target)) as [
    string,
    string,
    string,
  ]
  const label = (target: string) => session.labelOf(target)
  if (code && name) return [{ column: label('procedure.code'), text: `${code} ${name}`, found: procedures.find(code, name) }]
  const whole = any || code || name
  if (!whole) return []
  const column = label(any ? 'procedure' : code ? 'procedure.code' : 'procedure.name')
  const find = (text: string): Asked => ({
    column,
    text,
    found: code ? procedures.find(text, '') : name ? procedures.find('', text) : procedures.findAny(text),
  })
  const first = find(whole)
  // Names themselves may hold a 、: the cell is taken apart only when it means nothing as a whole.
  const parts = whole.split(/[、,，;；\n]/).map((part) => part.trim()).filter(Boolean) // prettier-ignore
  return parts.length < 2 || (first.found && 'entry' in first.found) ? [first] : joinParts(parts, find)
}
/** Longest run of parts that is one procedure: 胆囊切除、胆总管探查术 is one name. */
function joinParts(parts: readonly string[], find: (text: string) => Asked): Asked[] {
  const asked: Asked[] = []
  for (let at = 0; at < parts.length;) {
    let length = 1
    for (let n = Math.min(parts.length - at, 4); n > 1; n--) {
      const { found } = find(parts.slice(at, at + n).join('、'))
      if (found && 'entry' in found) {
        length = n
        break
      }
    }
    asked.push(find(parts.slice(at, at + length).join('、')))
    at += length
  }
  return asked
}
const notMarked = /^([×✗✘xX\-—/\\无否0]|)$/
const isMarked = /^([√✓✔☑●○■有是Yy1VvＶ]|yes|true|可|已授权)$/i
function marked(row: RawRow, wide: readonly { index: number; heading: string }[]): Asked[] {
  return wide.flatMap(({ index, heading }) => {
    const mark = (row.cells[index] ?? '').trim()
    return notMarked.test(mark) ? [] : [{ column: heading.replace('\n', ' '), text: heading, mark }]
  })
}

function itemOf({ session, procedures, levels, people }: Joining, base: Item, person: string, asked: Asked): Item {
  const item: Item = {
    ...newItem(base.at),
    values: { ...base.values, practitioner: person },
    warnings: [...base.warnings],
    repairs: [...base.repairs],
  }
  const heading = asked.found ? null : byHeading(procedures, asked.text)
  const procedure = settle(session, item, asked.column, asked.text.replace('\n', ' '), asked.found ?? heading!)
  if (procedure === null) return item
  item.values['procedure'] = procedure
  if (asked.mark && !isMarked.test(asked.mark)) readMark(item, asked.column, asked.mark)
  const known = levels.get(procedure) ?? null
  if (item.values['level'] && known && item.values['level'] !== known)
    item.warnings.push({
      column: session.labelOf('level'),
      value: levelLabel(item.values['level']),
      message: `院内目录中是${levelLabel(known)}；按文件记为授权时级别`,
    })
  item.fresh = { unit: people.byIdentity(person)?.unit ?? null, level: known, from: session.today }
  return item
}
/** A heading may be a code, a name, both, or a name under the title of a group. */
function byHeading(procedures: CodeIndex, heading: string): Found {
  const lines = heading.split('\n').map((line) => line.trim())
  const joined = lines.join(' ')
  const { code, name } = splitCoded(joined)
  const found = code && name ? procedures.find(code, name) : procedures.findAny(joined)
  if (lines.length < 2 || 'entry' in found) return found
  const last = procedures.findAny(lines.at(-1)!)
  return 'entry' in last || 'missing' in found ? last : found
}
/** A matrix's cell may give the level or the end instead of a √. */
function readMark(item: Item, column: string, mark: string): void {
  const level = kindOf(grant.fields.level).parse(tidyLevel(mark), grant.fields.level)
  const day = parseDayText(mark)
  if ('value' in level) item.values['level'] = level.value
  else if (day && isDay(day)) item.values['to'] = day
  else item.problems.push({ column, value: mark, message: '看不懂，有此授权请打 √' })
}
const levelLabel = (key: unknown): string => kindOf(grant.fields.level).format(key, grant.fields.level, (_, id) => id)
