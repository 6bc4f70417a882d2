import { approve, flow, headOf, notify, type Flow } from '../flow/index.ts'

/** The approval of an own type until somebody draws another: the head of the applicant's unit, then word to the applicant. */
export const fillFlow = <F>(name: string, label: string, items?: string): Flow<F> =>
  flow<F>(name, {
    label: `${label}审批`,
    steps: [approve('head', '科室审核', { by: headOf(), onNobody: 'administrator', items: items !== undefined }), notify('applicant')],
    ...(items ? { items } : {}),
  })
