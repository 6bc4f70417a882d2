import type { ClientResource, Filter, FlowNames, FlowProblem } from '#model'
import { useMemo } from 'react'
import { problemAdvice } from '#kernel/model/flow/advice.ts'
import { prove, type Known } from '#kernel/model/flow/prove.ts'
import { knownAmong, knownOf } from '#kernel/model/prove-flows.ts'
import type { Catalog } from '../../definitions/catalog.ts'
import { useCatalog } from '../../definitions/use-catalog.tsx'
import type { Designing } from './use-design.ts'

/** What is wrong with what is drawn: found here at once, and what only the server knows from when it was kept last. */
export function useProblems({ definition, proved, design }: Designing, resource: ClientResource): readonly FlowProblem[] {
  const catalog = useCatalog()
  return useMemo(() => {
    if (proved.work.definition === definition) return proved.problems
    const found = prove(definition, knownTo(catalog, resource, design.names)).map((one) => ({ ...one, advice: problemAdvice[one.code] }))
    return [...found, ...proved.problems.filter(({ code }) => serverOnly.has(code))]
  }, [catalog, definition, proved, resource, design.names])
}
const serverOnly: ReadonlySet<string> = new Set(['badWords', 'otherEffect', 'otherItems', 'lostAdmission', 'unknownPerson', 'unknownRule'])

/** As the server knows it; of a flow without a type no field is known. */
const knownTo = (catalog: Catalog, resource: ClientResource, names: FlowNames): Known<Filter> => ({
  ...knownAmong(names),
  ...knownOf(resource.name ? [resource] : [], (type, path) => catalog.find(type, path) !== null),
})
