import type { CascadeNode, ChoiceSpec, Choices, Field } from '../field.ts'
import { bad, chosen, many, offeredChosen, ok, schemas, wrongType, type Checked, type KindTable } from '../kind.ts'
import { halfWidth } from '../text-forms.ts'

export const choiceLabel = (choices: Choices, key: string): string => {
  const spec = choices[key]
  return spec === undefined ? key : typeof spec === 'string' ? spec : spec.label
}
export const isStopped = (choices: Choices, key: string): boolean => {
  const spec = choices[key]
  return typeof spec === 'object' && spec.stopped === true
}
/** What may be chosen where this stands: what is stopped only by who has it already. */
export const offeredChoices = (choices: Choices, held: readonly string[] = []): { value: string; label: string }[] =>
  Object.keys(choices).filter((key) => held.includes(key) || !isStopped(choices, key)).map((key) => ({ value: key, label: choiceLabel(choices, key) })) // prettier-ignore
/** The key of a choice written as key, label or one of its other spellings. */
export function findChoice(choices: Choices, text: string): string | null {
  const plain = halfWidth(text)
  for (const [key, spec] of Object.entries(choices)) {
    const full: ChoiceSpec = typeof spec === 'string' ? { label: spec } : spec
    if (plain === key || plain === full.label || full.alias?.includes(plain)) return key
  }
  return null
}
const labelsOf = (choices: Choices): string => Object.keys(choices).map((key) => choiceLabel(choices, key)).slice(0, 12).join('、') // prettier-ignore

type Nodes = readonly CascadeNode[]
/** The nodes on the way to a value of a cascade; null when it leads nowhere. */
export function cascadeWay(tree: Nodes, value: string): CascadeNode[] | null {
  const way: CascadeNode[] = []
  let level: Nodes | undefined = tree
  for (const key of value.split('/')) {
    const node: CascadeNode | undefined = level?.find((one) => one.key === key)
    if (!node) return null
    way.push(node)
    level = node.children
  }
  return way
}
/** 外科 / 骨科; what is not there any more stays as its key. */
export const cascadeLabel = (tree: Nodes, value: string): string => cascadeWay(tree, value)?.map((node) => node.label).join(' / ') ?? value // prettier-ignore

const named = (node: CascadeNode, text: string): boolean =>
  node.key === text || node.label === text || (node.alias?.includes(text) ?? false)
/** Every value that the text may mean: its parts in order, levels above left out. */
function cascadeValues(nodes: Nodes, parts: readonly string[], prefix = ''): string[] {
  return nodes.flatMap((node) => {
    const at = prefix + node.key
    const own = named(node, parts[0]!) ? (parts.length === 1 ? [at] : cascadeValues(node.children ?? [], parts.slice(1), `${at}/`)) : []
    return own.length ? own : cascadeValues(node.children ?? [], parts, `${at}/`)
  })
}
function parseCascade(cell: string, { options }: Field<'cascade'>): Checked {
  const plain = halfWidth(cell)
  const whole = cascadeWay(options.tree, plain) ? [plain] : cascadeValues(options.tree, [plain])
  const parts = plain.split(/\s*[/>、,\\-]\s*|\s+/).filter(Boolean)
  const found = whole.length ? whole : parts.length > 1 ? cascadeValues(options.tree, parts) : []
  if (found.length === 1) return ok(found[0])
  if (found.length > 1) return bad(`“${cell}”有多处，请写明上级，如 ${cascadeLabel(options.tree, found[0]!)}`)
  return bad(`“${cell}”不是选项，第一级可填：${options.tree.slice(0, 12).map((node) => node.label).join('、')}`) // prettier-ignore
}

const tagEnds = /[、,，;；|｜#＃\n\r\t]+/
/** Free words: cut where people cut them, each once. */
export function readTags(parts: readonly string[], { options }: Field<'tags'>): Checked {
  const seen = new Map<string, string>()
  for (const part of parts.flatMap((text) => text.split(tagEnds))) {
    const tag = part.trim().replace(/\s+/g, ' ')
    if (tag && !seen.has(tag.toLowerCase())) seen.set(tag.toLowerCase(), tag)
  }
  const tags = [...seen.values()]
  if (tags.some((tag) => tag.includes('\u0000') || !tag.isWellFormed())) return bad('含有无法保存的字符')
  const longest = options.longest ?? 30
  const long = tags.find((tag) => [...tag].length > longest)
  if (long) return bad(`标签“${long.slice(0, 10)}…”太长，每个最多 ${longest} 个字`)
  const most = options.max ?? 20
  return tags.length > most ? bad(`最多 ${most} 个标签`) : ok(tags)
}
const isTexts = (input: unknown): input is string[] => Array.isArray(input) && input.every((one) => typeof one === 'string')

export const choiceKinds: KindTable<'choice' | 'choices' | 'cascade' | 'tags'> = {
  choice: {
    check: (input, { options }) => (typeof input === 'string' && Object.hasOwn(options.choices, input) ? ok(input) : bad('请从选项中选择')),
    parse: (cell, { options }) => {
      const key = findChoice(options.choices, cell)
      return key ? ok(key) : bad(`“${cell}”不是选项，可填：${labelsOf(options.choices)}`)
    },
    format: (value, { options }) => (typeof value === 'string' ? choiceLabel(options.choices, value) : ''),
    operators: chosen,
    offered: offeredChosen,
    sortable: true,
    schema: ({ options }) => ({ ...schemas.text, enum: Object.keys(options.choices) }),
    isPlainFact: true,
  },
  choices: {
    check: (input, { options }) =>
      isTexts(input) && input.every((key) => Object.hasOwn(options.choices, key)) ? ok([...new Set(input)]) : bad('请从选项中选择'),
    parse: (cell, { options }) => {
      const keys = halfWidth(cell).split(/[、,;/\s]+/).filter(Boolean).map((part) => findChoice(options.choices, part)) // prettier-ignore
      return keys.includes(null) ? bad(`可填：${labelsOf(options.choices)}`) : ok(keys)
    },
    format: (value, { options }) => (Array.isArray(value) ? value.map((key: string) => choiceLabel(options.choices, key)).join('、') : ''),
    operators: many,
    sayOperand: (value, { options }) => choiceLabel(options.choices, String(value)),
    sortable: false,
    schema: ({ options }) => ({ type: 'array', items: { ...schemas.text, enum: Object.keys(options.choices) } }),
  },
  cascade: {
    check: (input, { options }) => {
      const way = typeof input === 'string' ? cascadeWay(options.tree, input) : null
      if (!way) return bad('请从选项中选择')
      return way.at(-1)!.children?.length && !options.anyLevel ? bad('请选到最后一级') : ok(input)
    },
    parse: parseCascade,
    format: (value, { options }) => (typeof value === 'string' ? cascadeLabel(options.tree, value) : ''),
    operators: ['under', ...chosen],
    offered: ['under', ...offeredChosen],
    sayOperand: (value, { options }) => cascadeLabel(options.tree, String(value)),
    holds: (value, op, operands) =>
      op === 'under'
        ? typeof value === 'string' && operands.some((one) => value === String(one) || value.startsWith(`${String(one)}/`))
        : undefined,
    sortable: true,
    schema: () => ({ ...schemas.text, description: '各级键以 / 相连' }),
    isPlainFact: true,
  },
  tags: {
    check: (input, field) => (isTexts(input) ? readTags(input, field) : wrongType),
    parse: (cell, field) => readTags([cell], field),
    format: (value) => (Array.isArray(value) ? value.join('、') : ''),
    operators: many,
    sayOperand: String,
    sortable: false,
    schema: () => ({ type: 'array', items: schemas.text }),
  },
}
