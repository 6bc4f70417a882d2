import { among, is, choice, date, integer, resource, text, type Row } from '#model'
import { retirementGroups } from '../retirement/retirement.rules.ts'

export const categories = { doctor: '医师', nurse: '护士', pharmacist: '药师', technician: '技师', other: '其他' } as const
/** Title levels in rising order: 士/师 (junior), 中级, 副高, 正高. */
export const titleLevels = { junior: '初级', intermediate: '中级', associateSenior: '副高级', senior: '正高级' } as const

/** How somebody is employed: on the establishment, by contract, by an agency. */
export const employments = {
  established: '在编',
  contract: '合同聘用',
  agency: '人事代理',
  dispatched: '劳务派遣',
  rehired: '返聘',
  other: '其他',
} as const

/** The staff file's first page: the person of the directory, with what medical affairs knows of him. */
export const practitioner = resource('staff.practitioner', {
  label: '医务人员',
  title: 'name',
  extends: 'directory.person',
  emergency: { by: ['staffNumber'], maxMinutes: 120 },
  fields: {
    category: choice('人员类别', categories),
    appointedTitle: text('现聘职称', {
      max: 40,
      suggest: ['住院医师', '主治医师', '副主任医师', '主任医师', '护士', '护师', '主管护师', '副主任护师', '主任护师'],
    }),
    titleLevel: choice('职称级别（聘任）', titleLevels),
    appointedOn: date('聘任日期', { max: 'today+365' }),
    education: choice('最高学历', { doctor: '博士研究生', master: '硕士研究生', bachelor: '本科', college: '专科', other: '其他' }),
    specialty: text('专业', { max: 60, search: true }),
    employment: choice('用工形式', employments),
    traineeKind: choice(
      '在院身份',
      { employee: '本院职工', standardTraining: '规培', furtherTraining: '进修', student: '学生', visitingExpert: '外请专家' },
      { default: 'employee' },
    ),
    ethnicity: text('民族', { max: 20, suggest: ['汉族', '壮族', '回族', '满族', '维吾尔族', '苗族', '彝族', '土家族', '藏族', '蒙古族'] }),
    nativePlace: text('籍贯', { max: 40 }),
    contactAddress: text('联系地址', { max: 200, class: 'sensitive' }),
    workedSince: date('参加工作时间', { max: 'today' }),
    yearsHere: integer('院龄', { readOnly: true, unit: '年' }),
    yearsWorked: integer('工龄', { readOnly: true, unit: '年' }),
    adminPost: text('行政职务', { max: 60, suggest: ['院长', '副院长', '科主任', '科副主任', '护士长', '副护士长', '干事'] }),
    engagement: choice('聘用类别', { fullTime: '全职', invited: '特聘' }),
    children: choice('生育情况', { none: '未生育', one: '一孩', two: '二孩', three: '三孩及以上' }),
    retiresAs: choice('退休类别', retirementGroups, { help: '空 = 按性别、人员类别和职称推定；不能推定的须填写' }),
    retirementChosen: date('选定退休日期', { help: '弹性提前或延迟，须在规则允许的范围内；空 = 法定日期' }),
    retiresOn: date('退休日期', { readOnly: true }),
  },
  groups: [
    {
      label: '基本信息',
      fields: [
        'name',
        'staffNumber',
        'sex',
        'birthDate',
        'identityNumber',
        'mobile',
        'unit',
        'status',
        'ethnicity',
        'nativePlace',
        'email',
        'contactAddress',
        'children',
      ],
    },
    {
      label: '岗位与职称',
      fields: [
        'category',
        'traineeKind',
        'appointedTitle',
        'titleLevel',
        'appointedOn',
        'specialty',
        'education',
        'joinedOn',
        'yearsHere',
        'workedSince',
        'yearsWorked',
        'adminPost',
        'employment',
        'engagement',
      ],
    },
    { label: '退休', fields: ['retiresAs', 'retirementChosen', 'retiresOn'] },
  ],
  timeline: { fields: ['category', 'appointedTitle', 'titleLevel', 'employment', 'traineeKind'] },
  indexes: [['retiresOn']],
  list: {
    columns: ['name', 'staffNumber', 'unit', 'category', 'appointedTitle', 'specialty', 'status'],
    filters: ['unit', 'category', 'titleLevel', 'status'],
    sort: ['staffNumber'],
    views: [
      { name: 'doctors', label: '医师', filter: { and: [is('category', 'doctor'), among('status', ['active', 'away'])] } },
      { name: 'serving', label: '在职', filter: among('status', ['active', 'away']) },
      {
        name: 'retiring',
        label: '三年内退休',
        filter: { and: [among('status', ['active', 'away']), { field: 'retiresOn', op: 'lte', value: { today: 1096 } }] },
        columns: ['name', 'staffNumber', 'unit', 'birthDate', 'appointedTitle', 'retiresAs', 'retirementChosen', 'retiresOn'],
      },
      { name: 'left', label: '离职', filter: is('status', 'left') },
    ],
  },
})
export type Practitioner = Row<typeof practitioner>
