import { all, among, is, type Filter, type ListAnswer } from '#model'
import { useQuery } from '@tanstack/react-query'
import { Checkbox, Modal, Select } from 'antd'
import { useState } from 'react'
import { api } from '#kernel/web/api/client.ts'
import { listQuery } from '#kernel/web/api/hooks.ts'
import { PersonsPicker } from '#kernel/web/fields/record-picker.tsx'
import { Failed, Notice, Skeleton } from '#kernel/web/parts/states.tsx'
import { temporaryKinds } from '../temporary/temporary.rules.ts'

/** Where people are called from: temporary people by kind, trainees by their file. */
const sources: Readonly<Record<string, { label: string; resource: string; filter: Filter }>> = {
  ...Object.fromEntries(
    Object.entries(temporaryKinds).map(([kind, label]) => [
      kind,
      { label, resource: 'organisation.temporary', filter: all(is('temporaryKind', kind), is('status', 'external')) },
    ]),
  ),
  filed: {
    label: '医务人员档案中的规培、进修、学生',
    resource: 'staff.practitioner',
    filter: all(among('traineeKind', ['standardTraining', 'furtherTraining', 'student']), among('status', ['active', 'external'])),
  },
}
const mostOffered = 300
interface Props {
  present: readonly string[]
  isBusy: boolean
  onClose: () => void
  onGive: (people: string[]) => void
}
/** People for a plan: many out of a pool, or some by name. */
export function JoinDialog({ present, isBusy, onClose, onGive }: Props) {
  const [source, setSource] = useState('residentTrainee')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [named, setNamed] = useState<string[]>([])
  const [problem, setProblem] = useState('')
  const { resource, filter } = sources[source]!
  const query = useQuery({
    queryKey: ['organisation', 'rotation', 'pool', source],
    queryFn: ({ signal }) => api.get<ListAnswer>(`/api/records/${resource}`, listQuery({ filter, sort: ['name'], columns: ['name', 'unit'], limit: mostOffered }), signal),
  })
  const offered = (query.data?.rows ?? []).filter(({ id }) => !present.includes(id))
  const isAll = offered.length > 0 && offered.every(({ id }) => chosen.has(id))
  const toggle = (ids: readonly string[], isOn: boolean) => {
    const rest = [...chosen].filter((id) => !ids.includes(id))
    setChosen(new Set(isOn ? [...rest, ...ids] : rest))
    setProblem('')
  }
  const people = [...new Set([...chosen, ...named])]
  return (
    <Modal open title="加入轮转人员" okText={people.length ? `加入 ${people.length} 人` : '加入'} cancelText="取消" okButtonProps={{ loading: isBusy }} onCancel={onClose} onOk={() => (people.length ? onGive(people) : setProblem('请选择人员'))}>
      <div className="x-act-form">
        <label>
          从人员池选择
          <Select aria-label="人员池" value={source} options={Object.entries(sources).map(([value, { label }]) => ({ value, label }))} onChange={setSource} />
        </label>
        {query.error ? (
          <Failed error={query.error} retry={() => void query.refetch()} />
        ) : !query.data ? (
          <Skeleton rows={3} />
        ) : offered.length === 0 ? (
          <Notice kind="empty" title={query.data.rows.length ? '这一类人员都已在计划里' : '没有这一类人员'} />
        ) : (
          <div className="ro-pool" role="group" aria-label="可加入的人员">
            <Checkbox checked={isAll} onChange={(event) => toggle(offered.map(({ id }) => id), event.target.checked)}>
              全部 {offered.length} 人
            </Checkbox>
            {offered.map((one) => (
              <Checkbox key={one.id} checked={chosen.has(one.id)} onChange={(event) => toggle([one.id], event.target.checked)}>
                {String(one['name'])} <small className="x-faint">{query.data.titles['directory.unit']?.[String(one['unit'])]}</small>
              </Checkbox>
            ))}
          </div>
        )}
        <label>
          或按姓名添加
          <PersonsPicker value={named} onChange={(ids) => (setNamed(ids), setProblem(''))} />
        </label>
        {problem && <p className="x-problem" role="alert">{problem}</p>}
      </div>
    </Modal>
  )
} // prettier-ignore
