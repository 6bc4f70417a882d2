const labels: Readonly<Record<string, string>> = {
  signIn: '登录', changePassword: '修改密码', read: '查看', create: '新增', update: '修改', delete: '删除', restore: '恢复', submit: '提交申请', prepare: '代填申请', grant: '授权', withdraw: '取消授权',
  revoke: '吊销授权', resign: '自主退出', issue: '出具授权书', print: '打印', request: '未登录访问', 'audit.verify': '核对封存', 'flow.submit': '提交审批', 'flow.print': '打印审批单', 'prepare.drop': '撤销代填', 'flow.approve': '审批通过', 'flow.reject': '审批拒绝', 'flow.return': '退回',
  'flow.decideItems': '逐项审批', 'flow.transfer': '转办', 'flow.enterMinutes': '录入会议纪要', 'flow.withdraw': '撤回申请', 'flow.resubmit': '重新提交', 'privileges.why': '查询能不能做', 'privileges.matrix': '查看授权一览', demo: '演示数据', supersede: '重新授权取代', repair: '退回后修改', edit: '审批中修改',
  'share.make': '建立分享', 'share.open': '打开分享', 'share.entry': '公开填写', 'share.withdraw': '收回分享', 'closing.close': '封账', 'closing.reopen': '解封', merge: '合并重复', 'record.give': '分享给同事', 'record.takeBack': '收回分享给同事',
  'view.share': '共享视图', 'view.change': '修改共享视图', 'view.delete': '删除共享视图', 'report.share': '共享报表', 'report.change': '修改共享报表', 'report.delete': '删除共享报表',
  'restore.release': '解除隔离', 'apiKey.issue': '发放接口密钥', 'apiKey.end': '停用接口密钥',
  'binding.apply': '申请账号绑定', 'binding.approve': '通过账号绑定', 'binding.refuse': '驳回账号绑定', 'binding.end': '解除账号绑定', 'password.byCode': '短信重置密码',
  'rights.person': '查询人员权限', 'rights.field': '查询字段可见人员', 'rights.changed': '角色权限变更',
  'emergency.open': '发起应急访问', 'emergency.read': '应急访问中读取', 'emergency.try': '应急访问未找到记录', 'emergency.end': '结束应急访问', 'emergency.review': '复核应急访问',
} // prettier-ignore
/** An act in words; a route that was refused shows what was asked. */
export const actLabel = (act: string): string => labels[act] ?? act
/** What can be asked for by name. */
export const actOptions = Object.entries(labels).map(([value, label]) => ({ value, label }))
