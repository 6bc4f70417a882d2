import { actsOf } from './acts.ts'

/** What is asked of the log at once; each act and record type has its own index, the outcome its own. */
export interface AuditSelection {
  acts?: readonly string[]
  /** Written to records of these types, whatever the act. */
  resources?: readonly string[]
  outcomes?: readonly string[]
}
export interface AuditView extends AuditSelection {
  label: string
  hint: string
}
const writes = ['create', 'update', 'delete', 'restore', 'purge', 'import', 'writeDirectly', 'change'] as const

/** Ready-made questions for the review that the rules ask for. */
export const auditViews = {
  all: { label: '全部', hint: '所有人的所有操作' },
  signIn: { label: '登录与锁定', hint: '登录、退出、改密，以及连续输错被锁定的账号', acts: actsOf('signIn').filter((act) => act !== 'request' && act !== 'sms') },
  refused: { label: '被拒绝的访问', hint: '没有权限、未登录或条件不符而被拒绝的访问和操作', outcomes: ['refused'] },
  bulk: { label: '导出与打印', hint: '批量数据的导出、下载、导入和打印', acts: actsOf('bulk').concat('flow.print') },
  special: {
    label: '特殊权限行为',
    hint: '系统启停、账号建立与删除、权限分配与修改、配置修改、日志查看、应急访问',
    acts: [...actsOf('system'), ...actsOf('account'), ...actsOf('configuration'), 'rights.changed', 'emergency.open', 'emergency.review', 'purge', 'writeDirectly', 'flow.jump', 'flow.terminate', 'flow.repair'],
    resources: ['security.account', 'directory.roleAssignment', 'security.apiClient'],
  },
  rights: { label: '权限维护', hint: '角色的授予、变更与收回，账号与接口调用方的维护', acts: [...actsOf('rights').filter((act) => !act.startsWith('rights.') || act === 'rights.changed'), ...actsOf('account')], resources: ['directory.roleAssignment', 'security.apiClient', 'security.account'] },
  configuration: { label: '配置维护', hint: '系统设置、防护策略、字典、流程、规则、视图与报表的修改', acts: actsOf('configuration'), resources: ['rules.card', 'rules.signature', 'dictionary.term', 'dictionary.entry', 'directory.unit', 'directory.post'] },
} satisfies Record<string, AuditView> // prettier-ignore
export type AuditViewName = keyof typeof auditViews
export const isAuditView = (name: string): name is AuditViewName => Object.hasOwn(auditViews, name)
/** Writes to records, whatever they are of. */
export const auditWrites: readonly string[] = writes
