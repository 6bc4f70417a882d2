import { formatInstant, type ClientResource, type Stretch, type TimelineAnswer } from '#model'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { forgetRecord, keys, useMe, useRecord } from '../api/hooks.ts'
import { messageOf } from '../api/problem.ts'
import { DisplayOf, TitlesProvider, useTitle } from '../fields/index.ts'
import { Failed, Skeleton } from '../parts/states.tsx'
import { Tag } from '../parts/tag.tsx'
import { ChangeSince } from './change-since.tsx'
import './since.css'

/** What held of a record since when, newest first: planned changes, too. Whoever may change it enters changes with their day, and takes them back. */
export function TimelineTab({ resource, id }: { resource: ClientResource; id: string }) {
  const client = useQueryClient()
  const { message, modal } = App.useApp()
  const { today } = useMe()
  const record = useRecord(resource.name, id).data?.record
  const [isChanging, setChanging] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: [...keys.record(resource.name, id), 'timeline'],
    queryFn: ({ signal }) => api.get<TimelineAnswer>(`/api/records/${resource.name}/${id}/timeline`, {}, signal),
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data || !record) return <Skeleton rows={5} />
  const may = record.may?.update === true && !record.deletedAt
  const send = async (on: string, changes: Record<string, unknown>) => {
    await api.patch(`/api/records/${resource.name}/${id}`, { version: record.version, changes, on })
    forgetRecord(client, resource.name, id)
  }
  const takeBack = (stretch: Stretch, before: Stretch) =>
    modal.confirm({
      title: `撤销 ${stretch.from} 起的这次变动？`,
      content: '当天起恢复为变动前的内容；这次登记和撤销都留在修改历史里。',
      okText: '撤销变动',
      okButtonProps: { danger: true },
      onOk: () =>
        send(stretch.from!, Object.fromEntries(stretch.changed.map((key) => [key, before.values[key] ?? null]))).then(
          () => void message.success('已撤销'),
          (fault: unknown) => void message.error(messageOf(fault)),
        ),
    })
  return (
    <TitlesProvider titles={data.titles}>
      <section className="x-card x-since" aria-label="沿革">
        <header>
          <span className="x-faint">{data.fields.map((key) => resource.fields[key]?.label).join('、')}的历次变动</span>
          <span className="x-space" />
          {may && (
            <Button type="primary" onClick={() => setChanging(true)}>
              登记变动
            </Button>
          )}
        </header>
        <ol>
          {data.stretches.toReversed().map((stretch, i) => {
            const before = data.stretches[data.stretches.length - 2 - i]
            return (
              <li key={stretch.from ?? ''} className={stretch.from !== null && stretch.from > today ? 'planned' : ''}>
                <div>
                  <time>{stretch.from ? `${stretch.from} 起` : '最初'}</time>
                  {stretch.from !== null && stretch.from > today && <Tag tone="warn">计划</Tag>}
                </div>
                <Values resource={resource} stretch={stretch} before={before} />
                {may && before && stretch.from ? (
                  <Button type="link" onClick={() => takeBack(stretch, before)}>
                    撤销
                  </Button>
                ) : (
                  <span />
                )}
              </li>
            )
          })}
        </ol>
      </section>
      {isChanging && (
        <ChangeSince
          resource={resource}
          answer={data}
          onClose={() => setChanging(false)}
          onGive={async (on, changes) => {
            await send(on, changes)
            setChanging(false)
            void message.success(on > today ? `已登记，${on} 起生效` : '已登记')
          }}
        />
      )}
    </TitlesProvider>
  )
}

/** What changed; of the first all that held. */
function Values({ resource, stretch, before }: { resource: ClientResource; stretch: Stretch; before: Stretch | undefined }) {
  const noter = useTitle('directory.person', stretch.notedBy ?? '')
  const shown = before ? stretch.changed : Object.keys(stretch.values).filter((key) => stretch.values[key] !== null && stretch.values[key] !== '')
  const value = (of: Stretch, key: string) =>
    of.values[key] === null || of.values[key] === undefined ? <span className="x-faint">（空）</span> : <DisplayOf field={resource.fields[key]!} value={of.values[key]} />
  return (
    <dl>
      {shown
        .filter((key) => resource.fields[key])
        .map((key) => (
          <div key={key}>
            <dt>{resource.fields[key]!.label}</dt>
            <dd>
              {before && <>{value(before, key)} → </>}
              {value(stretch, key)}
            </dd>
          </div>
        ))}
      {before && (
        <small className="x-faint">
          {noter ?? '系统'} 登记于 {formatInstant(stretch.notedAt)}
        </small>
      )}
    </dl>
  )
} // prettier-ignore
