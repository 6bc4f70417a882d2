import { addDays, addMonths, noticeRead, today, type PrivacyPurpose } from '#model'
import type { Kernel } from '#kernel/server/kernel.ts'
import { consentPurposes, digestOf, policyInForce } from '#kernel/server/personal/policy.ts'
import { createRecord } from '#kernel/server/records/write.ts'
import { bulkCreate } from '#kernel/server/store/bulk.ts'
import { unitId } from './people.ts'
import { activitiesOf } from './personal-activities.ts'

const none = '不对外提供'
const purposes: Omit<PrivacyPurpose, 'isSensitive' | 'necessity' | 'refusal'>[] = [
  { code: 'staffFile', name: '建立人员技术档案', what: '姓名、性别、出生日期、证件号码、手机号、科室、职称、学历、任职经历', ground: 'contract', basis: '个人信息保护法第十三条第一款第二项（人力资源管理）', keeps: '在职期间及离职后按人事档案规定', recipients: none },
  { code: 'registration', name: '核对执业注册和资格', what: '执业证书编号、注册地点、类别、范围、有效期', ground: 'duty', basis: '医师、护士执业管理的规定（条款待核）', keeps: '在职期间及离职后 10 年', recipients: '卫生健康主管部门' },
  { code: 'privileges', name: '手术和技术授权', what: '授权申请、考核意见、授权记录、手术例数', ground: 'duty', basis: '医疗技术临床应用、手术分级管理的规定（条款待核）', keeps: '与授权档案同期', recipients: '卫生健康主管部门；凭授权书核验者可见姓氏和授权状态' },
  { code: 'account', name: '登录和操作留痕', what: '账号、登录时间、地址、设备、操作记录', ground: 'duty', basis: '网络安全法、个人信息保护法关于日志和安全措施的要求', keeps: '不少于 6 个月，本院保存 3 年', recipients: none },
] // prettier-ignore
const asked: PrivacyPurpose[] = [
  { code: 'smsCode', name: '用手机短信找回密码', what: '手机号', ground: 'consent', basis: null, isSensitive: false, necessity: null, keeps: '验证码 10 分钟，发送记录 6 个月', recipients: '短信服务商，仅手机号和短信内容', refusal: '不再向手机发送验证码，忘记密码时须到信息中心重置' },
  { code: 'publicProfile', name: '在医院网站介绍医师', what: '姓名、照片、职称、专长、出诊时间', ground: 'consent', basis: null, isSensitive: false, necessity: null, keeps: '公开期间', recipients: '向公众公开', refusal: '网站不再展示您的照片和专长；依法须公示的执业信息不受影响' },
  { code: 'rosterHealth', name: '按健康状况照顾排班', what: '孕期、哺乳期、病休和不宜夜班的情形', ground: 'consent', basis: null, isSensitive: true, necessity: '只有知道不宜夜班的情形，排班才能避开；只有排班人和本人能看到，可能让同事推知健康状况', keeps: '情形结束后 3 个月', recipients: '本科室排班人', refusal: '排班不再自动避开夜班，可另行向科主任说明' },
] // prettier-ignore
const text = `一、我们是谁
杏林医院集团是本系统中个人信息的处理者，个人信息保护负责人为安全管理员，电话 010-5555 0102。
二、收集什么，为什么
系统收集的每一类信息、目的、依据、保存期限和提供对象列在下面的表中。多数依据是劳动人事管理和法定职责，不需要您逐项同意；依据同意的单独列出，您可以不同意，也可以随时撤回。
三、怎样保护
证件号码、手机号等加密保存，按权限遮盖显示；每次打开他人记录、导出都有记录；页面和导出的文件带有水印。
四、您的权利
您可以在“我的个人信息”查阅、复制，请求更正、补充、删除、转移或者解释，我们在 15 个工作日内答复；不予办理的说明理由和依据。您也可以向履行个人信息保护职责的部门投诉。
五、变更
目的、方式或种类改变时发布新的版本，重新告知；依据同意的重新征求。`

/** The hospital's notice, what its people have said to it, and its register of what it does with whose information. */
export async function addPersonal(kernel: Kernel, people: readonly { id: string }[]): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '演示医院' }, 'demo')
  const day = today(kernel.clock)
  const from = `${day.slice(0, 4)}-01-01`
  const plain = purposes.map((one) => ({ ...one, isSensitive: false, necessity: null, refusal: null }))
  await createRecord(kernel, ctx, 'personal.policy', { edition: '1.0', from, changes: null, body: text, purposes: [...plain, ...asked] }, { byModule: true })
  const policy = (await policyInForce(kernel, kernel.db))!
  const at = `${addDays(day, -90)}T01:00:00.000Z`
  const said = (person: string, n: number) => [
    { person, at, purpose: noticeRead, purposeName: `隐私政策 ${policy.edition}`, act: 'read', said: policy.id, policy: policy.id, channel: 'system' },
    ...consentPurposes(policy).map((one, i) => ({ person, at, purpose: one.code, purposeName: one.name, act: i > 0 && n % (i + 3) === 0 ? 'refused' : 'given', said: digestOf(one), policy: policy.id, channel: 'system' })),
  ]
  await kernel.transaction(ctx, (tx) => bulkCreate(kernel, tx, 'personal.consent', people.flatMap(({ id }, n) => said(id, n)), { act: 'demo', batch: '演示数据' }))
  const ids = new Map<string, string>()
  for (const one of activitiesOf(addDays(day, -60))) ids.set(one.name, (await createRecord(kernel, ctx, 'personal.activity', one)).record.id)
  await addAssessments(kernel, ids, day)
} // prettier-ignore

async function addAssessments(kernel: Kernel, ids: ReadonlyMap<string, string>, day: string): Promise<void> {
  const ctx = await kernel.context({ kind: 'system', reason: '演示医院' }, 'demo')
  const assessedOn = addDays(day, -75)
  const common = { unit: unitId('ZY-XX'), assessedOn, keepUntil: addMonths(assessedOn, 36), nextOn: addMonths(assessedOn, 12) }
  await createRecord(kernel, ctx, 'personal.assessment', {
    ...common, name: '人员技术档案处理敏感个人信息', activities: [ids.get('人员技术档案')], occasion: ['sensitive', 'influence'], assessors: '安全管理员、医务处、人事处', lawful: 'yes',
    lawfulFindings: '档案用于核对执业资格和授权，属于人力资源管理和法定职责；证件号码用于唯一识别，没有更少的替代项。', impact: 'middle',
    impactFindings: '证件号码、手机号泄露会带来诈骗和骚扰；授权记录公开不当会影响职业声誉。', likelihood: 'low', measures: 'fit',
    measuresFindings: '字段加密、按角色遮盖、查看留痕、导出带标记、离职后停用账号。', risk: 'low', conclusion: 'go',
  }) // prettier-ignore
  await createRecord(kernel, ctx, 'personal.assessment', {
    ...common, name: '向省级平台报送执业信息', activities: [ids.get('向省级平台报送执业与授权信息')], occasion: ['entrust'], assessors: '安全管理员、医务处、信息中心', lawful: 'yes',
    lawfulFindings: '报送是法定职责；报送项目与平台要求一致，不多报。', impact: 'middle', impactFindings: '批量传输，一次泄露涉及人数多。', likelihood: 'middle', measures: 'weak',
    measuresFindings: '专线传输、接口签名、每批留痕。', risk: 'middle', conclusion: 'after', improvements: '对账失败的批次不得以邮件补报；报送账号改为双因子。', improveUntil: addDays(day, 30),
  }) // prettier-ignore
}
