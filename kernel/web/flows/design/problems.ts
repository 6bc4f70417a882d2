import type { ClientResource, Filter, FlowNames, FlowProblem } from '#model'
import { useMemo } from 'react'
import { problemAdvice } from '#kernel/model/flow/advice.ts'
import { prove, type Known } from '#kernel/model/flow/prove.ts'
import { conditionProblems } from '#kernel/model/prove-flows.ts'
import type { Catalog } from '../../definitions/catalog.ts'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import { columnsOf } from './context.ts'
import type { Designing } from './use-design.ts'

/** What is wrong with what is drawn: found here at once, and what only the server knows from when it was kept last. */
export function useProblems({ definition, proved, design }: Designing, resource: ClientResource): readonly FlowProblem[] {
  const catalog = useCatalog()
  return useMemo(() => {
    if (proved.definition === definition) return proved.problems
    const found = prove(definition, knownTo(catalog, resource, design.names)).map((one) => ({ ...one, advice: problemAdvice[one.code] }))
    return [...found, ...proved.problems.filter(({ code }) => serverOnly.has(code))]
  }, [catalog, definition, proved, resource, design.names])
}
const serverOnly: ReadonlySet<string> = new Set(['badWords', 'otherEffect', 'otherItems', 'lostAdmission', 'unknownPerson'])

function knownTo(catalog: Catalog, resource: ClientResource, names: FlowNames): Known<Filter> {
  const among = (list: keyof FlowNames) => {
    const set = new Set(names[list].map(({ name }) => name))
    return (name: string) => set.has(name)
  }
  return {
    isRole: among('roles'),
    isPost: among('posts'),
    isGroup: among('groups'),
    isOffice: among('offices'),
    isService: among('services'),
    isEffect: among('effects'),
    isField: (path) => catalog.find(resource, path) !== null,
    isOrdered: (rows, key) => columnsOf(resource.fields[rows])?.[key]?.kind === 'choice',
    checkCondition: (filter) => conditionProblems(resource.fields, filter),
    checkLines: (rows, filter) => conditionProblems(columnsOf(resource.fields[rows]) ?? {}, filter),
  }
}
