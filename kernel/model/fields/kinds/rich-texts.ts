import { ok, type KindTable } from '../kind.ts'
import { isRichText, plainOf, readRichText, richTextOf, runOf } from '../rich-text.ts'

export const richTexts: KindTable<'richText'> = {
  richText: {
    check: (input, { options }) => readRichText(input, options.max ?? 20_000),
    parse: (cell) => ok(richTextOf(cell)),
    format: (value) => (isRichText(value) ? plainOf(value) : ''),
    operators: ['contains', 'empty', 'notEmpty'],
    holds: (value, op, operands) =>
      op === 'contains'
        ? isRichText(value) && operands.length > 0 && runOf(value).toLowerCase().includes(String(operands[0]).toLowerCase())
        : undefined,
    sortable: false,
    schema: () => ({ type: 'object', required: ['type', 'content'], description: '结构化的富文本（不含 HTML）；也可给纯文本' }),
    toCel: (value) => plainOf(value),
    isLong: true,
    isNoKey: true,
    cellKeepsWords: true,
  },
}
