import { PersonPicker } from '../fields/record-picker.tsx'
import { Notice } from '../parts/states.tsx'
import { DaySpan, spanOf } from '../parts/day-span.tsx'
import { useAddress } from '../parts/use-address.ts'
import { askedIn, useTypes } from './ask.tsx'
import { EntryStream } from './stream.tsx'

/** 人员时间线: everything that one person did, and what was done to him, his account and his roles. */
export function PersonTab() {
  const [get, put] = useAddress()
  return (
    <>
      <div className="x-card a-ask">
        <div className="a-person">
          <PersonPicker value={get('actor') || null} onChange={(id) => put({ actor: id })} placeholder="人员" />
        </div>
        <DaySpan span={spanOf(get)} onChange={put} mayBeOpen />
      </div>
      {get('actor') ? (
        <EntryStream asked={askedIn(get, 'person')} empty="这段时间没有他的日志" />
      ) : (
        <div className="x-card">
          <Notice kind="empty" title="请选择人员" text="按时间列出他做过的一切，以及对他本人、账号和角色做过的一切。" />
        </div>
      )}
    </>
  )
}

/** 记录时间线: who read, changed, printed one record; and exports of its type, which may have held it. */
export function RecordTab() {
  const [get, put] = useAddress()
  const types = useTypes()
  if (!get('record') || !get('resource'))
    return (
      <div className="x-card">
        <Notice
          kind="empty"
          title="请从一条日志进入"
          text="在“日志”里点一条记录的名称，就按时间列出谁看过、改过、打印过它，以及哪些导出可能包含它。"
          act={{ label: '去看日志', run: () => put({ tab: null }) }}
        />
      </div>
    )
  return (
    <>
      <div className="x-card a-ask">
        <p className="a-record">
          {types.find(({ value }) => value === get('resource'))?.label ?? '记录'} <b>{get('title') || '（没有名称）'}</b>
        </p>
        <DaySpan span={spanOf(get)} onChange={put} mayBeOpen />
      </div>
      <EntryStream asked={askedIn(get, 'record')} empty="这段时间没有它的日志" />
    </>
  )
}
