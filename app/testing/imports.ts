// Files for tests of imports, and the acts of an officer who imports them.
import excel from '@protobi/exceljs'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ImportChoices, ImportDetail, ImportMapping } from '#model'
import type { Context } from '#kernel/server/context.ts'
import { largestImport } from '#kernel/server/exchange/imports.ts'
import { root } from '../paths.ts'
import type { TestHospital } from './hospital.ts'

export type Line = readonly (string | number | boolean | Date | null)[]
/** A spreadsheet of one sheet. */
export async function workbook(lines: readonly Line[], more?: (sheet: excel.Worksheet) => void): Promise<Buffer> {
  const book = new excel.Workbook()
  const sheet = book.addWorksheet('Sheet1')
  for (const line of lines) sheet.addRow([...line])
  more?.(sheet)
  return Buffer.from(await book.xlsx.writeBuffer())
}
export const csv = (lines: readonly Line[]): string => lines.map((line) => line.map((cell) => String(cell ?? '')).join(',')).join('\n')

/** The published catalogue: the real one where it is at hand, else as many rows of the same shape. */
export function catalogueFile(): string {
  const real = join(root, '../shared/data/icd/procedures.csv')
  return existsSync(real) ? readFileSync(real, 'utf8') : generatedCatalogue()
}
const sites = [
  '胃',
  '肝',
  '胆囊',
  '甲状腺',
  '阑尾',
  '股骨',
  '膝关节',
  '子宫',
  '卵巢',
  '肾',
  '膀胱',
  '心脏',
  '主动脉',
  '食管',
  '结肠',
  '直肠',
  '胰',
  '脾',
  '肺叶',
  '乳房',
]
const acts = [
  '切除术',
  '部分切除术',
  '切开引流术',
  '修补术',
  '吻合术',
  '活组织检查',
  '探查术',
  '缝合术',
  '置换术',
  '造口术',
  '松解术',
  '取出术',
  '移植术',
]
const ways = ['', '腹腔镜下', '胸腔镜下', '内镜下', '经皮', '机器人辅助']
/** 13,686 rows of code, name and mark; codes as `36.0700`, `36.0700x004` and `74.1x00`, some names with `??`. */
export function generatedCatalogue(rows = 13_686): string {
  const lines = ['code,name,drg_valid']
  for (let i = 0; i < rows; i++) {
    const number = `${String(Math.floor(i / 160) % 100).padStart(2, '0')}.${String((i * 63) % 10_000).padStart(4, '0')}`
    const code = i % 3 === 2 ? `${number}x${String(i % 1000).padStart(3, '0')}` : number
    const name = `${ways[i % 6]}${sites[Math.floor(i / 6) % 20]}${acts[Math.floor(i / 120) % 13]}${i >= 1560 ? `（${i}型）` : ''}`
    lines.push(`${lines.length === 1 ? code : code},${i % 1711 === 5 ? `??${name}` : name},${i % 4 === 0 ? 0 : 1}`)
  }
  return `${lines.join('\n')}\n`
}

export interface ImportWork {
  id: string
  detail(): Promise<ImportDetail>
  settle(mapping: ImportMapping): Promise<ImportDetail>
  choose(choices: ImportChoices): Promise<void>
  preview(): Promise<ImportDetail>
  run(): Promise<ImportDetail>
}
/** Uploads a file for an import, as this context's actor. */
export async function importFile(
  h: TestHospital,
  ctx: Context,
  profile: string,
  content: string | Buffer,
  name = '导入.csv',
): Promise<ImportWork> {
  const { imports, files } = h.house
  const file = await files.put(ctx, name, Readable.from([Buffer.from(content)]), largestImport, 'table')
  const id = await imports.begin(ctx, profile, file)
  const detail = () => imports.detail(ctx, id)
  return {
    id,
    detail,
    settle: async (mapping) => (await imports.settle(ctx, id, mapping), detail()),
    choose: (choices) => imports.choose(ctx, id, choices),
    preview: async () => (await (await imports.preview(ctx, id)).finished, detail()),
    run: async () => (await (await imports.run(ctx, id)).finished, detail()),
  }
}
/** Takes a batch back and answers the undo's own batch. */
export async function undoImport(h: TestHospital, ctx: Context, id: string): Promise<ImportDetail> {
  const { imports } = h.house
  const undo = await imports.undo(ctx, id)
  await undo.finished
  return imports.detail(ctx, undo.id)
}
