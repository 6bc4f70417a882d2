import { choiceLabel, type Choices, type ChoiceSpec } from '#model'
import { useResource } from '#kernel/web/definitions/use-catalog.tsx'
import type { Dimension, Words } from './beds.rules.ts'

/** Signs beside the words: what a colour says is said without it, too. */
const signs: Readonly<Record<string, string>> = { empty: '○', occupied: '●', leaving: '→', reserved: '◇', cleaning: '≈', normal: '✓', isolated: '▲', resistant: '▲', damaged: '✕', unusable: '✕' } // prettier-ignore
export const signOf = (value: string): string => signs[value] ?? ''

export interface Looks {
  labels: Readonly<Record<Dimension, string>>
  words: Readonly<Record<Dimension, Words>>
  toneOf: (by: 'status' | 'condition', value: string) => NonNullable<ChoiceSpec['tone']>
  choices: (by: 'status' | 'condition') => Choices
}
/** How the hospital calls and colours what beds are counted by; null for whoever may read no beds. */
export function useLooks(): Looks | null {
  const [bed, room] = [useResource('organisation.bed'), useResource('organisation.room')]
  if (!bed || !room) return null
  const fieldOf = (by: Dimension) => (by === 'room' ? room.fields['kind'] : bed.fields[by])
  const choices = (by: Dimension): Choices => (fieldOf(by)?.options as { choices?: Choices } | undefined)?.choices ?? {}
  const each = <T,>(read: (by: Dimension) => T) =>
    ({ status: read('status'), opening: read('opening'), kind: read('kind'), room: read('room'), condition: read('condition') }) // prettier-ignore
  return {
    labels: each((by) => fieldOf(by)?.label ?? ''),
    words: each((by) => ({
      ...Object.fromEntries(Object.keys(choices(by)).map((key) => [key, choiceLabel(choices(by), key)])),
      ...(by === 'room' ? { '': '未分房间' } : {}),
    })),
    toneOf: (by, value) => {
      const spec = choices(by)[value]
      return (typeof spec === 'object' ? spec.tone : undefined) ?? 'neutral'
    },
    choices,
  }
}
