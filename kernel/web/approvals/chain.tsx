import { formatInstant, type ApprovalAnswer } from '#model'
import { here } from '../api/place.ts'
import { Pictures, Words } from './opinion.tsx'

/** Everything that was done with a request, in order: also what a return made void and what its author took back. */
export function Chain({ chain }: { chain: ApprovalAnswer['chain'] }) {
  if (chain.length === 0) return null
  return (
    <details className="x-chain">
      <summary>全部经过（{chain.length} 步）</summary>
      <ol>
        {chain.map((one, at) => (
          <li key={at} className={one.isVoid ? 'void' : ''}>
            <p>
              <b>{one.name}</b>
              {one.actorName && `（${one.actorName} 代）`} {one.word}
              {one.isVoid && <small>已作废</small>}
            </p>
            <small>
              {one.step && `${one.step} · `}
              {formatInstant(one.at).slice(5)}
            </small>
            {one.said && <small className="x-chain-said">{one.said}</small>}
            {one.opinion && (
              <q>
                <Words text={one.opinion} names={one.mentions} />
              </q>
            )}
            <Pictures ids={one.pictures} />
            {one.signature && <img className="x-chain-signature" src={here(`/api/files/${one.signature}`)} alt={`${one.name}的签名`} />}
          </li>
        ))}
      </ol>
    </details>
  )
}
