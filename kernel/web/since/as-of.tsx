import { HistoryOutlined } from '@ant-design/icons'
import { Button, DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useMe } from '../api/hooks.ts'
import type { ListAddress } from '../list/list-address.ts'
import './since.css'

/** Says as of which day a list is shown, and lets another be chosen. */
export function AsOfStrip({ address: { state, set } }: { address: ListAddress }) {
  const { today } = useMe()
  if (!state.asOf) return null
  return (
    <p className="x-as-of" role="status">
      <HistoryOutlined aria-hidden />
      <span>{state.asOf > today ? '按已登记的计划，' : ''}这一天的情况：</span>
      <DatePicker
        aria-label="看哪一天"
        value={dayjs(state.asOf)}
        allowClear={false}
        onChange={(day) => day && set({ asOf: day.format('YYYY-MM-DD') })}
      />
      <Button type="link" onClick={() => set({ asOf: '' })}>
        回到现在
      </Button>
    </p>
  )
}
