import { kindOf, plainStyle, type PaperBlockKind, type PrintBlock, type PrintTemplate, type PrintType } from '#model'

/** A name that no block of the template has. */
const freshId = ({ blocks }: PrintTemplate): string => {
  for (let n = blocks.length + 1; ; n++) if (!blocks.some(({ id }) => id === `b${n}`)) return `b${n}`
}
/** What a block of each kind begins with. */
export function newBlock(kind: PaperBlockKind, template: PrintTemplate, type: PrintType): PrintBlock {
  const common = { id: freshId(template), at: null, when: null }
  const keys = Object.keys(type.fields)
  const ofKind = (...kinds: string[]) => keys.find((key) => kinds.includes(type.fields[key]!.kind)) ?? null
  const style = plainStyle
  const centre = { x: template.paper.margins[3], y: template.paper.margins[0], width: 40, height: 20, on: 'first' as const }
  switch (kind) {
    case 'text':
      return { ...common, kind, text: '文字', style }
    case 'form':
      return { ...common, kind, heading: '', fields: keys.filter((key) => type.fields[key]!.kind !== 'rows' && !kindOf(type.fields[key]!).isWriteOnly), columns: 2, leavesOutEmpty: false, style }
    case 'table': {
      const rows = ofKind('rows') ?? ''
      return { ...common, kind, heading: type.fields[rows]?.label ?? '', rows, columns: columnKeys(type, rows).map((field) => ({ field, width: null })), isNumbered: true, style }
    }
    case 'approval':
      return { ...common, kind, heading: '审批经过', style }
    case 'picture':
      return { ...common, kind, field: ofKind('image', 'files'), image: null, height: 40 }
    case 'signature':
      return { ...common, kind, label: '签名：', field: ofKind('signature'), step: ofKind('signature') ? null : (type.steps[0] ?? null), height: 14 }
    case 'seal':
      return { ...common, kind, seal: type.seals[0] ?? '院章', image: null, height: 42, at: { ...centre, width: 42, height: 42 } }
    case 'line':
      return { ...common, kind, colour: '#000000', weight: 0.5 }
    case 'box':
      return { ...common, kind, colour: '#000000', weight: 0.5, at: centre }
    case 'code':
      return { ...common, kind, symbology: 'qr', text: '{记录地址}', height: 20 }
    case 'verify':
      return { ...common, kind, height: 22 }
    case 'space':
      return { ...common, kind, height: 5 }
    case 'break':
      return { ...common, kind }
  }
} // prettier-ignore
export const columnKeys = (type: PrintType, rows: string): string[] => {
  const field = type.fields[rows]
  return field?.kind === 'rows' ? Object.keys((field.options as { fields: object }).fields) : []
}
