import type { FlowDifference } from '#model'
import { Tag, type Tone } from '../../parts/tag.tsx'

const kinds: Record<FlowDifference['kind'], [word: string, tone: Tone]> = {
  added: ['新增', 'good'],
  removed: ['去掉', 'bad'],
  changed: ['改动', 'warn'],
  moved: ['移动', 'info'],
}
/** What is otherwise, in words; a click leads to its step. */
export function Differences({ differences, onShow }: { differences: readonly FlowDifference[]; onShow?: ((step: string) => void) | undefined }) {
  if (differences.length === 0) return <p className="x-muted">没有不同。</p>
  return (
    <ul className="x-differences" aria-label="不同之处">
      {differences.map((one, at) => {
        const [word, tone] = kinds[one.kind]
        const text = (
          <>
            <b>{one.place}</b> {one.words}
          </>
        )
        return (
          <li key={at}>
            <Tag tone={tone} icon={false}>{word}</Tag>
            {one.step !== null && onShow ? (
              <button type="button" className="x-difference" onClick={() => onShow(one.step!)}>
                {text}
              </button>
            ) : (
              <span>{text}</span>
            )}
          </li>
        )
      })}
    </ul>
  )
} // prettier-ignore
