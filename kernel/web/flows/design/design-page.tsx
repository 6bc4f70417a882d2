import { filterWords, type ClientResource, type FlowDesign, type FlowNames } from '#model'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useParams } from 'react-router'
import { api } from '../../api/client.ts'
import { useMe } from '../../api/hooks.ts'
import { CatalogWith, useCatalog } from '../../definitions/use-catalog.tsx'
import { TitlesProvider, useTitles } from '../../fields/titles.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Failed, Skeleton } from '../../parts/states.tsx'
import { DesignContext, type DesignWorld } from './context.ts'
import { peopleIn } from './depends.ts'
import { useProblems } from './problems.ts'
import { stepsOf } from './tree.ts'
import { designsKey, designUrl, useDesign } from './use-design.ts'
import { fill, labelWith, type Called } from './words.ts'
import { Workbench } from './workbench.tsx'

/** 流程设计: one flow, drawn, tried, published. */
export default function DesignPage() {
  const { flow = '' } = useParams()
  // What is drawn is what was opened: a refetch behind it must not change it.
  const { data, error, refetch } = useQuery({
    queryKey: [...designsKey, flow, 'design'],
    queryFn: ({ signal }) => api.get<FlowDesign>(designUrl(flow), {}, signal),
    staleTime: Infinity,
    gcTime: 0,
  })
  if (!data)
    return (
      <div className="x-page">
        <PageHead title="流程设计" />
        {error ? <Failed error={error} retry={() => void refetch()} /> : <Skeleton rows={8} />}
      </div>
    )
  return (
    <CatalogWith types={data.types}>
      <TitlesProvider>
        <Open key={flow} opened={data} />
      </TitlesProvider>
    </CatalogWith>
  )
}

/** A flow of a module that has no type under approval names no fields. */
const nothing: ClientResource = {
  name: '', module: '', moduleLabel: '', label: '申请', title: '', fields: {}, owner: {}, groups: [], list: { columns: [] }, masked: [], openable: [], readOnly: [],
  may: { read: false, create: false, update: false, delete: false, import: false, export: false, writeDirectly: false },
} // prettier-ignore
function Open({ opened }: { opened: FlowDesign }) {
  const designing = useDesign(opened)
  const { design } = designing
  const type = useCatalog().resource(design.resource) ?? nothing
  // A way is chosen by what the request itself holds, not by what it refers to or by its envelope.
  const resource = useMemo(() => ({ ...type, hasNoEnvelope: true as const, list: { columns: [], filters: [] } }), [type])
  const problems = useProblems(designing, resource)
  const called = useCalled(designing.definition, design, resource)
  const world = useMemo(
    (): DesignWorld => ({ ...designing, resource, names: design.names, called, problems }),
    [designing, resource, design.names, called, problems],
  )
  return (
    <DesignContext value={world}>
      <Workbench />
    </DesignContext>
  )
}

/** What everything that the definition names is called. */
function useCalled(definition: FlowDesign['definition'], { names }: FlowDesign, resource: ClientResource): Called {
  const catalog = useCatalog()
  const { medicalOffice } = useMe().hospital
  const ids = useMemo(() => peopleIn(definition), [definition])
  const titles = useTitles('directory.person', ids).join('\n')
  return useMemo(() => {
    const people = new Map(ids.map((id, at) => [id, titles.split('\n')[at]]))
    const steps = new Map(
      stepsOf(definition).flatMap(({ step }) => ('id' in step ? [[step.id, labelWith(step, medicalOffice)] as const] : [])),
    )
    const among = (kind: keyof FlowNames) => (name: string) =>
      name ? (names[kind].find((one) => one.name === name)?.label ?? `${name}（已没有）`) : '（还没有选）'
    const field = (path: string) => (path ? (catalog.find(resource, path)?.label ?? `${path}（已没有）`) : '（还没有选）')
    return {
      role: among('roles'),
      post: among('posts'),
      group: among('groups'),
      rule: among('rules'),
      service: among('services'),
      field,
      step: (id) => steps.get(id) ?? (id || '（还没有选）'),
      person: (id) => people.get(id) || '…',
      condition: (filter) => filterWords(filter, (path) => catalog.find(resource, path), () => '…'),
      fill: (label) => fill(label, medicalOffice),
    } // prettier-ignore
  }, [catalog, definition, ids, titles, names, resource, medicalOffice])
}
