import type { FlowMoveAnswer } from '#model'

/** The result of each, failures first. */
export function Results({ results }: { results: FlowMoveAnswer['results'] }) {
  const failed = results.filter((one) => !one.ok)
  return (
    <div role="status" className="x-versions-result">
      {results.length - failed.length} 件已处理{failed.length > 0 && `，${failed.length} 件未成`}
      {failed.map((one) => (
        <p key={one.instance} className="x-problem">
          {one.number}：{one.message}
        </p>
      ))}
    </div>
  )
}
