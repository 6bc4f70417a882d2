/** Acts of the audit in words, by what they are about. An act that stands in no group fails a test by its name. */
const groups = {
  signIn: {
    signIn: '登录', signOut: '退出', 'signIn.manyLocks': '多个账号被锁定', changePassword: '修改密码', 'password.askCode': '申请短信重置密码', 'password.byCode': '短信重置密码', 'password.set': '设置密码', 'password.weak': '密码过弱须修改',
    'account.locked': '账号被锁定', 'secondFactor.bound': '绑定动态口令', 'secondFactor.reset': '重置动态口令', 'secondFactor.removed': '解除动态口令', 'secondFactor.codes': '重新生成恢复码', request: '未登录访问', sms: '发送短信',
  },
  read: {
    read: '查看', 'read.many': '列表中查看敏感字段', 'field.open': '查看完整敏感内容', 'field.match': '按完整内容查找敏感字段', 'privileges.why': '查询能不能做', 'privileges.matrix': '查看授权一览', 'share.open': '打开分享', 'flowApi.read': '程序查看审批', view: '查看', report: '查看报表',
  },
  write: {
    create: '新增', update: '修改', change: '修改', delete: '删除', restore: '恢复', purge: '彻底删除', writeDirectly: '直接写入', merge: '合并重复', 'merge.undo': '撤销合并', supersede: '重新授权取代', 'timeline.follow': '计划的变动生效', movement: '人员异动', 'movement.revoke': '撤销异动', merger: '科室合并', 'merger.revoke': '撤销科室合并', split: '科室拆分', 'split.revoke': '撤销科室拆分', support: '人力支援', secondment: '支援与借调', 'secondment.term': '调整支援期限', 'bed.news': '床位状态更新', permanent: '临时人员转正', 'rotation.generate': '生成轮转表', 'rotation.adjust': '调整轮转表', 'rotation.publish': '发布轮转', 'rotation.withdraw': '撤回轮转发布', snapshot: '小组快照', 'job.confirm': '确认岗位说明书', absence: '请假与外出', 'movement.return': '到期返岗', feed: '人员对接', 'feed.claim': '认领对接人员', 'feed.decide': '确认对接批次', archive: '归档', 'committee.follow': '委员随任期更新', retirement: '推算退休日期', completeness: '核对档案完整情况', seniority: '计算院龄和工龄', repair: '退回后修改', edit: '审批中修改', clear: '清除',
    grant: '授权', withdraw: '取消授权', revoke: '吊销授权', resign: '自主退出', issue: '出具授权书', renew: '续期', close: '关闭', reopen: '重新打开', sign: '签署', demo: '演示数据', derive: '自动计算', 'practitioner.titleLevel': '职称级别变更',
    liftRegistrationSuspension: '恢复注册', 'file.virus': '拦截带毒文件', restrict: '限制处理', carryOut: '办理个人信息请求', 'consent.read': '阅读隐私政策', 'consent.given': '同意处理个人信息', 'consent.refused': '不同意处理个人信息', 'consent.withdrawn': '撤回同意', 'share.entry': '公开填写',
  },
  bulk: {
    export: '导出', 'export.begin': '开始导出', 'export.download': '下载导出文件', 'import.errors': '下载未导入的行', 'personal.copy': '下载本人信息副本', import: '导入', 'import.undo': '撤销导入', print: '打印', 'dictionary.download': '下载数据字典', handover: '整理交付资料', changeMany: '批量修改',
  },
  approval: {
    submit: '提交申请', prepare: '代填申请', 'prepare.drop': '撤销代填', 'flow.submit': '提交审批', 'flow.print': '打印审批单', 'flow.approve': '审批通过', 'flow.reject': '审批拒绝', 'flow.return': '退回', 'flow.decideItems': '逐项审批',
    'flow.transfer': '转办', 'flow.enterMinutes': '录入会议纪要', 'flow.withdraw': '撤回申请', 'flow.resubmit': '重新提交', 'flow.addApprover': '加签', 'flow.removeApprover': '减签', 'flow.claim': '认领', 'flow.release': '退回认领', 'flow.consult': '征询意见', 'flow.reply': '回复意见',
    'flow.copyTo': '抄送', 'flow.delegateTask': '委托', 'flow.fill': '填写分工部分', 'flow.jump': '管理员跳转', 'flow.terminate': '管理员终止', 'flow.repair': '管理员修复', 'flow.seal': '用印', 'flow.urge': '催办', 'flow.takeBack': '撤回决定', 'flow.markRead': '已阅',
    'flow.resolve': '处理异常', 'flow.pause': '暂停计时', 'flow.resume': '恢复计时', 'flow.split': '拆分', 'flow.retry': '重试服务', 'flow.skip': '跳过服务', 'flow.choose': '选择审批人', 'flowApi.start': '程序发起审批', 'flowApi.act': '程序代办审批', 'standIn.create': '设置代理', 'standIn.end': '结束代理',
  },
  rights: {
    'rights.changed': '角色权限变更', 'role.ask': '申请分配角色', 'role.agree': '同意分配角色', 'role.refuse': '不同意分配角色', 'role.end': '收回角色', 'role.askEnd': '申请收回角色', 'record.give': '分享给同事', 'record.takeBack': '收回分享给同事', 'share.make': '建立分享', 'share.withdraw': '收回分享',
    'emergency.open': '发起应急访问', 'emergency.read': '应急访问中读取', 'emergency.try': '应急访问未找到记录', 'emergency.end': '结束应急访问', 'emergency.review': '复核应急访问', 'rights.person': '查询人员权限', 'rights.field': '查询字段可见人员',
  },
  account: {
    'account.unlock': '解锁账号', 'account.sessions.end': '强制退出', 'account.reset.ask': '提出重置', 'account.reset.agree': '同意重置', 'account.reset.refuse': '不同意重置', 'account.reset.password': '重置密码', 'account.ended': '账号到期停用', 'account.reset.secondFactor': '重置动态口令',
    'apiKey.issue': '发放接口密钥', 'apiKey.end': '停用接口密钥', 'binding.apply': '申请账号绑定', 'binding.approve': '通过账号绑定', 'binding.refuse': '驳回账号绑定', 'binding.end': '解除账号绑定',
  },
  configuration: {
    'settings.change': '修改系统设置', 'reminder.create': '新建提醒', 'reminder.change': '修改提醒', 'reminder.back': '恢复提醒版本', 'reminder.on': '打开提醒', 'reminder.off': '关闭提醒', 'reminder.delete': '删除提醒', 'reminder.run': '立即执行提醒', 'message.again': '重发消息', 'publish': '发布', 'notice.publish': '发布通知', 'notice.withdraw': '撤回通知', 'notice.removeComment': '删除通知的评论', 'campaign.start': '开始填报任务', 'campaign.answer': '填报', 'campaign.none': '填报“无”', 'campaign.follow': '填报情况随所填记录更新', 'campaign.mapping': '设置填报回写', 'campaign.ask': '填报任务发给名单', 'campaign.add': '填报任务补发名单', 'campaign.chase': '催报', 'campaign.extend': '延长填报', 'campaign.close': '截止填报任务', 'campaign.writeBack': '填报回写', 'talk.group': '建立或更改群', 'talk.members': '群成员变动', 'talk.withdraw': '撤回会话消息', 'talk.attach': '附加沟通摘录', 'talk.retention': '会话到期删除', 'protection.change': '修改防护策略', 'watermark.change': '修改水印设置', 'flow.bind': '修改流程绑定', 'flow.draw': '新建流程', 'flow.discard': '放弃流程草稿', 'flow.publish': '发布流程', 'flow.rollBack': '恢复流程版本', 'flow.export': '导出流程', 'flow.import': '导入流程', 'flow.migrate': '迁移流程版本', 'flow.replace': '批量更换审批人', 'flow.replaceEnd': '结束更换审批人', 'design.begin': '新建定义', 'design.discard': '放弃定义草稿', 'design.publish': '发布定义', 'design.rollBack': '恢复定义版本', 'design.import': '导入定义', 'design.export': '导出定义', 'trial.start': '开始试用', 'trial.end': '结束试用', 'library.connect': '连接表单库', 'library.disconnect': '断开表单库', 'library.offer': '提供表单', 'library.send': '向其他医院的表单库提供表单', 'library.accept': '采用表单', 'library.refuse': '不采用表单', 'library.withdraw': '下架表单', 'library.take': '取用表单', 'automation.secret': '更换自动化的密钥', 'automation.resume': '重新启用自动化', 'index.order': '建立查询索引', 'index.drop': '删除查询索引', 'rules.sign': '签署规则', 'message.pushOn': '开启浏览器推送', 'message.pushOff': '关闭浏览器推送',
    'closing.close': '封账', 'closing.reopen': '解封', 'view.share': '共享视图', 'view.change': '修改共享视图', 'view.delete': '删除共享视图', 'report.share': '共享报表', 'report.change': '修改共享报表', 'report.delete': '删除共享报表',
  },
  system: {
    'system.start': '程序启动', 'system.stop': '程序停止', 'restore.release': '解除隔离', 'key.changeMaster': '更换主密钥', 'key.changeData': '更换数据密钥', 'key.escrow': '主密钥分存', 'value.unreadable': '受保护内容无法解密', 'personal.erase': '删除个人信息', 'erasure.replay': '恢复后重新删除个人信息', 'audit.read': '查看审计日志', 'audit.file': '导出审计日志', 'audit.verify': '核对封存', 'audit.export': '导出审计归档', 'audit.archive': '审计日志归档', 'audit.signIns': '查看登录时长', 'audit.review': '复核访问异常', 'exportMark.read': '查验导出文件来源',
  },
} as const // prettier-ignore

export type AuditActGroup = keyof typeof groups
export const auditActGroups: Readonly<Record<AuditActGroup, string>> = {
  signIn: '登录', read: '查看', write: '增删改', bulk: '批量与打印', approval: '审批', rights: '权限', account: '账号', configuration: '配置', system: '系统与审计',
} // prettier-ignore
export const actsOf = (group: AuditActGroup): string[] => Object.keys(groups[group])
const labels: Readonly<Record<string, string>> = Object.assign({}, ...Object.values(groups)) as Record<string, string>
/** What can be asked for by name, in its groups. */
export const auditActs: readonly { group: AuditActGroup; label: string; acts: readonly { act: string; label: string }[] }[] = (
  Object.keys(groups) as AuditActGroup[]
).map((group) => ({
  group,
  label: auditActGroups[group],
  acts: Object.entries(groups[group]).map(([act, label]) => ({ act, label })),
}))
export const isKnownAct = (act: string): boolean => Object.hasOwn(labels, act)

const methods: Readonly<Record<string, string>> = { GET: '查看', HEAD: '查看', POST: '办理', PUT: '保存', PATCH: '修改', DELETE: '删除' }
// Where a route that was refused belongs, by the first part of its path.
const areas: Readonly<Record<string, string>> = {
  records: '记录', organisation: '组织与人员', choices: '可选项', audit: '审计日志', settings: '系统设置', rights: '权限一览', accounts: '账号', protection: '防护策略', approvals: '审批', flows: '流程', files: '文件', uploads: '上传', tables: '表格', exports: '导出', answers: '后台计算', imports: '导入',
  me: '本人账号', password: '密码', 'sign-in': '登录', 'sign-out': '退出', autosave: '草稿', messages: '消息', reminders: '提醒', talks: '会话', excerpts: '沟通摘录', todos: '待办', search: '搜索', shares: '分享', s: '公开链接', emergency: '应急访问', clients: '接口调用方', 'api-keys': '接口密钥', reports: '报表', views: '视图', bin: '回收站',
  dictionary: '数据字典', closings: '封账', merge: '合并', duplicates: '查重', indexes: '查询索引', definitions: '定义', live: '实时通道', reset: '找回密码', bindings: '账号绑定', 'role-assignments': '角色分配', counts: '计数', start: '首页', shortcuts: '快捷入口', flow: '审批接口', rules: '规则', tasks: '待办', privacy: '隐私政策', watermark: '水印', 'export-mark': '导出文件溯源', 'personal-requests': '个人信息请求',
} // prettier-ignore
/** An act in words. A refused request stands in the log by its route: what was tried, and where; `moduleLabel` names a module's own routes. */
export function auditActLabel(act: string, moduleLabel: (name: string) => string | undefined = () => undefined): string {
  const known = labels[act]
  if (known) return known
  const [, method = '', first = ''] = /^([A-Z]+) \/(?:api\/)?([^/?:*]*)/.exec(act) ?? []
  if (method) return `尝试${methods[method] ?? '访问'}：${areas[first] ?? moduleLabel(first) ?? '本系统'}`
  const flow = act.startsWith('flow.') ? '审批办理' : undefined
  return flow ?? '其他操作'
}
