import { formatInstant } from '#model'
import { Link } from 'react-router'
import { ApiError } from '../api/problem.ts'
import { Failed, Skeleton } from '../parts/states.tsx'
import { Conversation } from './conversation.tsx'
import { useExcerpts, useFound, useTalk } from './hooks.ts'
import { Files } from './message.tsx'
import './section.css'

interface Of {
  resource: string
  record: string
}
/** How much was said about a record or an approval; null: not known yet. */
export function useTalkCount(of: Of): number | null {
  const found = useFound(of).data?.talk
  return useTalk(found?.id).data?.last ?? found?.last ?? null
}

/** 沟通 beside a record or an approval: whoever may read it reads and writes here. */
export function TalkSection({ resource, record }: Of) {
  const found = useFound({ resource, record })
  const talk = useTalk(found.data?.talk?.id)
  // Who only repairs an approval has no part in what is said of it.
  if (found.error instanceof ApiError && found.error.status === 404) return null
  if (found.error) return <Failed error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <Skeleton rows={4} />
  const shown = talk.data ?? found.data.talk
  return (
    <section className={`x-card t-section ${shown ? '' : 'nothing'}`} aria-label="沟通">
      <header>
        <h2>沟通</h2>
        <span className="x-faint x-small">能看到这里的人都能看到这些话；不随记录打印、导出，需要时可附到记录</span>
        {shown && (
          <Link className="x-link" to={`/talk?id=${shown.id}`}>
            在沟通中打开
          </Link>
        )}
      </header>
      <Conversation talk={shown} wanted={{ resource, record }} closed={found.data.closed} />
    </section>
  )
}

/** 沟通摘录: what somebody attached to this record on purpose. */
export function Excerpts({ resource, record }: Of) {
  const excerpts = useExcerpts(resource, record).data ?? []
  if (excerpts.length === 0) return null
  return (
    <section className="x-card t-excerpts" aria-label="沟通摘录">
      <h2>沟通摘录</h2>
      {excerpts.map((one) => (
        <article key={one.id}>
          <p className="x-faint x-small">
            {one.byName} 于 {formatInstant(one.at)} 附上，来自“{one.from}”
          </p>
          {one.note && <p>{one.note}</p>}
          <ul>
            {one.lines.map((line, n) => (
              <li key={n}>
                <b>{line.personName}</b> <time dateTime={line.at}>{formatInstant(line.at)}</time>
                <p className="t-words">{line.text}</p>
                <Files files={line.files} />
              </li>
            ))}
          </ul>
        </article>
      ))}
    </section>
  )
}
