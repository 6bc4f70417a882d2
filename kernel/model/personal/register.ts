import { boolean, choice, choices, date, files, integer, longText, person, references, text, unit } from '../fields/factories.ts'
import { is } from '../filter/filter.ts'
import { resource } from '../resource.ts'
import { grounds } from './policy.ts'

const risk = { low: { label: '低', tone: 'good' }, middle: { label: '中', tone: 'warn' }, high: { label: '高', tone: 'bad' } } as const
/** 处理活动登记: what the hospital does with whose information, for whom, for how long. */
export const activities = resource('personal.activity', {
  label: '个人信息处理活动',
  title: 'name',
  owner: { department: 'unit' },
  groups: [
    { label: '活动', fields: ['name', 'purpose', 'unit', 'contact', 'status'] },
    { label: '谁的什么信息', fields: ['subjects', 'kinds', 'sensitive', 'people'] },
    { label: '依据与期限', fields: ['ground', 'basis', 'keeps', 'consentText'] },
    { label: '去向', fields: ['recipients', 'entrusted', 'abroad', 'automated'] },
    { label: '保护措施', fields: ['measures', 'reviewedOn'] },
  ],
  fields: {
    name: text('名称', { required: true, max: 80, search: true }),
    purpose: longText('目的与方式', { required: true, max: 500 }),
    unit: unit('责任科室', { required: true }),
    contact: person('联系人'),
    status: choice('状态', { active: { label: '进行中', tone: 'good' }, planned: { label: '筹备', tone: 'info' }, ended: { label: '已停止', tone: 'neutral' } }, { required: true, default: 'active' }),
    subjects: choices('涉及的人', { staff: '职工', trainee: '进修、规培、实习人员', patient: '患者', relative: '家属与联系人', visitor: '外来人员' }, { required: true }),
    kinds: longText('信息种类', { required: true, max: 500 }),
    sensitive: choices('其中的敏感个人信息', { health: '医疗健康', identity: '特定身份', biometric: '生物识别', finance: '金融账户', whereabouts: '行踪轨迹', minor: '不满十四周岁未成年人的信息', religion: '宗教信仰' }),
    people: integer('约涉及人数', { min: 0 }),
    ground: choice('合法性依据', grounds, { required: true }),
    basis: text('具体依据', { max: 300, help: '法规名称与条款；没有核对过原文的请注明待核' }),
    keeps: text('保存期限', { required: true, max: 100 }),
    consentText: text('征求同意的方式', { max: 200, visibleWhen: "ground == 'consent'", requiredWhen: "ground == 'consent'" }),
    recipients: text('提供或公开给谁', { max: 300 }),
    entrusted: text('受托处理者', { max: 300, help: '名称、事项、合同；没有则写“无”' }),
    abroad: boolean('向境外提供', { default: false }),
    automated: boolean('自动化决策', { default: false }),
    measures: longText('安全措施', { required: true, max: 1000 }),
    reviewedOn: date('最近核对'),
  },
  unique: [['name']],
  list: {
    columns: ['name', 'unit', 'subjects', 'sensitive', 'ground', 'keeps', 'recipients', 'status', 'reviewedOn'],
    filters: ['unit', 'subjects', 'ground', 'status', 'sensitive'],
    sort: ['name'],
    views: [{ name: 'consent', label: '依据同意', filter: is('ground', 'consent') }, { name: 'abroad', label: '向境外提供', filter: is('abroad', true) }],
  },
}) // prettier-ignore

/** 个人信息保护影响评估 (art. 55, 56): before what is sensitive, automated, entrusted, given on or of great influence. */
export const assessments = resource('personal.assessment', {
  label: '个人信息保护影响评估',
  title: 'name',
  owner: { department: 'unit' },
  groups: [
    { label: '评估对象', fields: ['name', 'activities', 'unit', 'occasion', 'assessedOn', 'assessors'] },
    { label: '一、目的与方式是否合法、正当、必要', fields: ['lawful', 'lawfulFindings'] },
    { label: '二、对个人权益的影响与安全风险', fields: ['impact', 'impactFindings', 'likelihood'] },
    { label: '三、保护措施是否合法、有效、与风险相适应', fields: ['measures', 'measuresFindings'] },
    { label: '结论', fields: ['risk', 'conclusion', 'improvements', 'improveUntil', 'nextOn', 'report', 'keepUntil'] },
  ],
  fields: {
    name: text('名称', { required: true, max: 100, search: true }),
    activities: references('所涉处理活动', 'personal.activity', { required: true }),
    unit: unit('责任科室', { required: true }),
    occasion: choices('评估事由', { sensitive: '处理敏感个人信息', automated: '自动化决策', entrust: '委托处理、向他人提供或公开', abroad: '向境外提供', influence: '对个人权益有重大影响的其他处理' }, { required: true }),
    assessedOn: date('评估日期', { required: true, max: 'today' }),
    assessors: text('评估人', { required: true, max: 200 }),
    lawful: choice('判断', { yes: { label: '符合', tone: 'good' }, partly: { label: '部分符合', tone: 'warn' }, no: { label: '不符合', tone: 'bad' } }, { required: true }),
    lawfulFindings: longText('说明', { required: true, max: 2000, help: '依据哪一项；有没有更少的信息、更轻的方式可以达到同样的目的' }),
    impact: choice('影响程度', risk, { required: true }),
    impactFindings: longText('影响与风险', { required: true, max: 2000, help: '限制个人自主决定、引发差别对待、名誉受损或遭受精神压力、人身财产受损' }),
    likelihood: choice('发生可能', risk, { required: true }),
    measures: choice('措施', { fit: { label: '相适应', tone: 'good' }, weak: { label: '需加强', tone: 'warn' }, none: { label: '缺失', tone: 'bad' } }, { required: true }),
    measuresFindings: longText('现有措施', { required: true, max: 2000 }),
    risk: choice('综合风险', risk, { required: true }),
    conclusion: choice('结论', { go: { label: '可以开展', tone: 'good' }, after: { label: '整改后开展', tone: 'warn' }, stop: { label: '不得开展', tone: 'bad' } }, { required: true }),
    improvements: longText('改进要求', { max: 2000, visibleWhen: "conclusion == 'after' || improvements != null", requiredWhen: "conclusion == 'after'" }),
    improveUntil: date('整改期限', { visibleWhen: "conclusion == 'after' || improveUntil != null" }),
    nextOn: date('下次评估'),
    report: files('评估报告', { accept: ['application/pdf'] }),
    keepUntil: date('报告至少保存至', { help: '评估报告和处理情况记录至少保存三年' }),
  },
  unique: [['name', 'assessedOn']],
  retention: { years: 3, from: 'assessedOn', basis: '《中华人民共和国个人信息保护法》第五十六条' },
  list: { columns: ['name', 'unit', 'occasion', 'assessedOn', 'risk', 'conclusion', 'improveUntil', 'nextOn'], filters: ['unit', 'risk', 'conclusion', 'assessedOn'], sort: ['-assessedOn'] },
}) // prettier-ignore
