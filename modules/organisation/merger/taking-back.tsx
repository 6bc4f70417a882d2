import { forgetRecord } from '#kernel/web/api/hooks.ts'
import type { TakingBack } from '../movement/take-back.tsx'

/** Of merging and splitting units: people, units and their numbers change with it. */
export const takingBack = (what: '合并' | '拆分', path: string): TakingBack => ({
  act: `撤销${what}`,
  path: (id) => `${path}/${id}/revoke`,
  restored: '人员、任职、下级科室和原科室',
  instead: '现在要改变，请办理新的合并或拆分。',
  placeholder: '如：文件有变、登记有误',
  forget(client) {
    forgetRecord(client, 'directory.unit')
    forgetRecord(client, 'directory.person')
    forgetRecord(client, 'organisation.movement')
  },
})
