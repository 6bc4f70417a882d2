import { plainMaker, settle } from '#kernel/server/exchange/interpret.ts'
import type { Item } from '#kernel/server/exchange/item.ts'
import { eatenForm, plainCode, type CodeIndex } from '#kernel/server/exchange/match/codes.ts'
import { importProfile, type ItemMaker } from '#kernel/server/exchange/profile.ts'
import type { ImportSession } from '#kernel/server/exchange/session.ts'

export const codeHeadings = [
  '手术编码',
  '手术代码',
  '手术操作编码',
  '手术操作代码',
  '主要编码',
  'ICD编码',
  'ICD9编码',
  'ICD-9-CM-3',
  'ICD-9-CM-3编码',
  'ICD-9-CM3编码',
  '医保编码',
  '编码',
  '代码',
  'code',
]
export const nameHeadings = ['手术名称', '手术操作名称', '手术及操作名称', '医保名称', '名称', '手术', '术式', 'name']

/** 手术标准目录 as published: one row a code. A code that a spreadsheet has eaten is mended by a version stored already, else asked. */
export const catalogueImport = importProfile({
  name: 'privileges.catalogue',
  label: '导入手术标准目录',
  help: '国家发布的手术编码目录：编码、名称；再次导入只修改有变化的，不删除',
  resource: 'privileges.standardProcedure',
  isDefault: true,
  aliases: {
    code: codeHeadings,
    name: nameHeadings,
    operationType: ['类别', '手术类别', '操作类别', '类型'],
    drgValid: ['drg_valid', 'DRG', 'DRG有效', '手术室手术'],
    codeSystem: ['编码版本体系', '编码系统'],
    codeVersion: ['版本号', '编码版本'],
  },
  constants: { codeSystem: '医保版', codeVersion: '2.0' },
  key: ['codeSystem', 'codeVersion', 'code'],
  needs: [['code']],
  open: catalogueMaker,
})

async function catalogueMaker(session: ImportSession): Promise<ItemMaker> {
  const plain = await plainMaker(session)
  const codeSystem = session.settings.constants['codeSystem']
  const known = await session.coded('privileges.standardProcedure', codeSystem ? { where: { codeSystem } } : {})
  return async (rows) => {
    const items = await plain(rows)
    for (const item of items) mendCode(session, item, known)
    return items
  }
}
function mendCode(session: ImportSession, item: Item, known: CodeIndex): void {
  const given = item.values['code']
  if (typeof given !== 'string') return
  const code = plainCode(given)
  item.values['code'] = code
  // A whole code has two places before the point and four or five behind, or letters; what is a shorter number has lost zeros.
  if (eatenForm(code) === null || /^\d{2}\.(\d{4,5}|\d{3}[A-Z]\d)$/.test(code) || known.hasCode(code)) return
  const column = session.labelOf('code')
  const { code: whole } = known.uneaten(code)
  if (whole !== null) {
    item.repairs.push({ column, before: given, after: whole, why: '编码中的零被表格软件去掉，按已有版本的唯一对应补回' })
    item.values['code'] = whole
    return
  }
  const [head, tail = ''] = code.split('.') as [string, string?]
  const padded = `${head.padStart(2, '0')}.${tail.padEnd(4, '0')}`
  const candidates = [
    { id: padded, title: `补零为 ${padded}`, hint: '表格软件会去掉数字首尾的零' },
    { id: code, title: `就是 ${code}`, hint: '按文件原样' },
  ]
  const chosen = settle(session, item, column, code, { doubt: '编码像是被表格软件去掉了零，又没有已有版本可以核对', candidates })
  if (chosen) item.values['code'] = chosen
}
