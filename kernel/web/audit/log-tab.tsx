import { useAddress } from '../parts/use-address.ts'
import { askedIn, Filters, Views } from './ask.tsx'
import { EntryStream } from './stream.tsx'

/** 日志: a report chosen, narrowed by conditions. */
export function LogTab() {
  const [get, put] = useAddress()
  return (
    <>
      <div className="x-card">
        <Views get={get} put={put} />
        <Filters get={get} put={put} />
      </div>
      <EntryStream asked={askedIn(get, '')} empty="没有符合条件的日志" />
    </>
  )
}
