import { forgetRecord } from '#kernel/web/api/hooks.ts'
import { definePanel } from '#kernel/web/pages.ts'
import { TakeBack, type TakingBack } from './take-back.tsx'

const ofMovement: TakingBack = {
  act: '撤销异动',
  path: (id) => `/api/organisation/movements/${id}/revoke`,
  restored: '科室、任职和权限',
  instead: '现在要改变，请办理新的异动。',
  placeholder: '如：登记有误、本人申请',
  forget: (client, record) => forgetRecord(client, 'directory.person', String(record['person'])),
}
const Regret = (at: { resource: string; id: string }) => <TakeBack {...at} of={ofMovement} />

export default definePanel({ label: '反悔', component: Regret })
