import type { FieldProblem } from '../refusals.ts'
import { stateLabels, type RecordState } from '../resource.ts'
import { noEdge, plainTemplate } from './automatic.ts'
import { readBlock } from './read-block.ts'
import { isObject, PrintReader } from './reader.ts'
import {
  paperLabels,
  paperOf,
  printBounds,
  type Edge,
  type Paper,
  type PaperSize,
  type PrintBlock,
  type PrintTemplate,
  type WordFile,
} from './template.ts'

/** A template as it comes from outside, with what it leaves unsaid filled in. Whether what it names exists is proved apart. */
export function readPrintTemplate(value: unknown): { template: PrintTemplate; problems: FieldProblem[] } {
  const read = new PrintReader()
  const given = isObject(value) ? value : {}
  if (!isObject(value)) read.wrong('', '无法识别')
  const resource = read.name(given['resource'], 'resource') ?? ''
  if (!resource) read.wrong('resource', '请选择记录类型')
  const usual = plainTemplate(resource)
  const states = read.names(given['states'], 'states', 4)
  if (states.some((state) => !Object.hasOwn(stateLabels, state))) read.wrong('states', '无法识别')
  const blocks = read.list(given['blocks'], 'blocks', printBounds.blocks).map((one, at) => readBlock(read, one, `blocks.${at}`)).filter((one): one is PrintBlock => one !== null)
  const names = new Set(blocks.map(({ id }) => id))
  if (names.size < blocks.length) read.wrong('blocks', '有两个内容块同名')
  if (JSON.stringify(blocks).length > printBounds.imagesBytes * 2) read.wrong('blocks', '图片合计太大，请缩小后再放入')
  const label = read.text(given['label'], 'label', 60).trim()
  if (!label) read.wrong('label', '请填写模板名称')
  const template: PrintTemplate = {
    label,
    resource,
    paper: readPaper(read, given['paper']),
    header: readEdge(read, given['header'], 'header'),
    footer: readEdge(read, given['footer'], 'footer'),
    watermark: given['watermark'] !== false,
    roles: read.names(given['roles'], 'roles', printBounds.roles),
    states: given['states'] === undefined ? usual.states : (states as RecordState[]),
    verify: given['verify'] === undefined || given['verify'] === null ? null : read.names(given['verify'], 'verify', 10),
    blocks,
    word: readWord(read, given['word']),
  }
  if (template.states.length === 0) read.wrong('states', '请选择记录在哪些状态可以打印')
  return { template, problems: read.problems }
} // prettier-ignore

function readPaper(read: PrintReader, value: unknown): Paper {
  const given = isObject(value) ? value : {}
  const size = read.oneOf(given['size'], Object.keys(paperLabels) as PaperSize[], 'paper.size', 'A4')
  const sides = Array.isArray(given['margins']) ? (given['margins'] as unknown[]) : []
  const usual = size === 'label' ? 2 : 18
  const margin = (at: number) => read.number(sides[at], `paper.margins.${at}`, { ...printBounds.margin, usual })
  const margins = [margin(0), margin(1), margin(2), margin(3)] as const
  const side = (key: 'width' | 'height', usually: number) => read.number(given[key], `paper.${key}`, { ...printBounds.label, usual: usually })
  const paper = size === 'label' ? { size, isLying: false, width: side('width', 60), height: side('height', 40), margins } : paperOf(size, given['isLying'] === true, margins)
  if (margins[1] + margins[3] > paper.width - 8 || margins[0] + margins[2] > paper.height - 8) read.wrong('paper.margins', '页边距之间没有位置了')
  return paper
} // prettier-ignore
function readEdge(read: PrintReader, value: unknown, field: string): Edge {
  if (!isObject(value)) return noEdge
  const side = (key: keyof Edge) => read.text(value[key], `${field}.${key}`, 200)
  return { left: side('left'), centre: side('centre'), right: side('right') }
}
function readWord(read: PrintReader, value: unknown): WordFile | null {
  if (!isObject(value)) return null
  const { base64 } = value
  const isFile = typeof base64 === 'string' && base64.length <= printBounds.wordBytes * 1.4 && /^[A-Za-z0-9+/]+={0,2}$/.test(base64)
  if (!isFile) read.wrong('word', `请上传 ${printBounds.wordBytes / 1_000_000} MB 以内的 Word 文件（.docx）`)
  return {
    name: read.text(value['name'], 'word.name', 200),
    names: read.names(value['names'], 'word.names', 500),
    base64: isFile ? base64 : '',
  }
}
