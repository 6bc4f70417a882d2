import { CheckCircleOutlined, CloseCircleOutlined } from '@ant-design/icons'
import type { ActResult } from '#model'
import { Link } from 'react-router'

/** What became of each act, one line each. `isTrial`: what it would write is not there to be opened. */
export function Results({ results, isTrial = false }: { results: readonly ActResult[]; isTrial?: boolean }) {
  return (
    <ol className="a-results">
      {results.map(({ ok, words, link }, n) => (
        <li key={n} className={ok ? 'ok' : 'bad'}>
          {ok ? <CheckCircleOutlined aria-label="成功" /> : <CloseCircleOutlined aria-label="没有做成" />}
          <span>{link && !isTrial ? <Link to={link}>{words}</Link> : words}</span>
        </li>
      ))}
    </ol>
  )
}
