import type { FieldDesign } from './field-design.ts'
import type { GrantDesign, TypeDesign } from './type-design.ts'

/** Registers that most hospitals keep: what an own type may begin with. Keys are the template's own; what begins with one goes its own way. */
type Line = readonly [label: string, kind: FieldDesign['kind'], more?: Partial<FieldDesign>]
const required = { required: true }
const choices = (...labels: string[]) => ({ options: { choices: Object.fromEntries(labels.map((label, n) => [`c${n + 1}`, label])) } })
const unit: Line = ['科室', 'unit', { default: 'myUnit' }]
const person = (label: string): Line => [label, 'person', { default: 'me', required: true }]
const photos: Line = ['照片', 'image']
const remark: Line = ['备注', 'longText']
const day = (label: string): Line => [label, 'date', { required: true, default: 'today' }]
const rows = (label: string, ...columns: Line[]): Line => [
  label,
  'rows',
  { options: { fields: columns.map((line, n) => fieldFrom(line, `xr${String(n).padStart(5, '0')}`)) } },
]
const everyone: GrantDesign[] = [
  { role: 'staffMember', actions: ['read', 'create', 'update'], scope: 'own' },
  { role: 'departmentHead', actions: ['read'], scope: 'myUnits' },
  { role: 'medicalOffice', actions: ['read', 'create', 'update', 'delete', 'import', 'export'], scope: 'hospital' },
]

const fieldFrom = ([label, kind, more = {}]: Line, key: string): FieldDesign => ({
  key,
  kind,
  label,
  required: false,
  options: kind === 'money' ? { scale: 2 } : {},
  ...more,
})
/** The first field names a record; the first unit and the first person say whose it is. */
function starter(label: string, ...lines: Line[]): Partial<TypeDesign> & { label: string } {
  const fields = lines.map((line, n) => fieldFrom(line, `xf${String(n).padStart(5, '0')}`))
  const department = fields.find(({ kind }) => kind === 'unit')?.key
  const owner = fields.find(({ kind }) => kind === 'person')?.key
  return {
    label,
    fields,
    title: fields[0]!.key,
    owner: { person: owner ?? 'createdBy', ...(department ? { department } : {}) },
    grants: everyone,
  }
}
const name = (label: string): Line => [label, 'text', { required: true, search: true, options: { max: 100 } }]

/** What an own type may begin with, by name. */
export const starters: readonly (Partial<TypeDesign> & { label: string })[] = [
  starter('设备借用登记', name('设备名称'), ['设备编号', 'text'], person('借用人'), unit, day('借出日期'), ['应还日期', 'date'], ['状态', 'choice', choices('借出', '已还', '遗失')], rows('附件清单', ['名称', 'text', required], ['数量', 'integer']), photos, remark),
  starter('会议室预约', name('会议主题'), ['会议室', 'choice', { ...required, ...choices('第一会议室', '第二会议室', '报告厅') }], ['开始', 'dateTime', required], ['结束', 'dateTime', required], ['人数', 'integer'], person('预约人'), unit, remark),
  starter('公务用车申请', name('目的地'), ['用车时间', 'dateTime', required], ['预计返回', 'dateTime'], ['乘车人数', 'integer', required], ['事由', 'longText', required], person('申请人'), unit, ['车牌', 'text']),
  starter('进修学习登记', name('进修单位'), ['进修专业', 'text', required], ['起止日期', 'dateRange', required], person('进修人'), unit, ['费用', 'money'], ['结业证书', 'files'], ['进修小结', 'richText']),
  starter('学术会议登记', name('会议名称'), ['举办单位', 'text'], ['级别', 'choice', choices('国际', '国家级', '省级', '市级')], ['起止日期', 'dateRange', required], ['交流方式', 'choices', choices('大会发言', '壁报', '旁听')], person('参会人'), unit, ['学分', 'decimal', { options: { scale: 1 } }], ['证明材料', 'files']),
  starter('论文发表登记', name('论文题目'), ['期刊', 'text', required], ['发表年月', 'yearMonth', required], ['收录', 'choices', choices('SCI', 'EI', '中文核心', '统计源')], ['影响因子', 'decimal', { options: { scale: 3 } }], person('第一作者'), unit, ['全文', 'files']),
  starter('科研项目登记', name('项目名称'), ['立项编号', 'text', { search: true }], ['级别', 'choice', choices('国家级', '省部级', '市厅级', '院级')], ['经费（万元）', 'decimal', { options: { scale: 2 } }], ['起止日期', 'dateRange'], person('负责人'), unit, rows('参与人员', ['姓名', 'person', required], ['分工', 'text']), ['合同与批文', 'files']),
  starter('院内培训签到', name('培训主题'), day('培训日期'), ['讲者', 'person'], ['学时', 'decimal', { options: { scale: 1 } }], unit, rows('签到', ['人员', 'person', required], ['考核结果', 'choice', choices('合格', '不合格', '未参加')]), ['课件', 'files']),
  starter('三基考核成绩', name('考核名称'), day('考核日期'), person('被考核人'), unit, ['理论成绩', 'decimal', { options: { scale: 1 } }], ['操作成绩', 'decimal', { options: { scale: 1 } }], ['结论', 'choice', choices('合格', '不合格', '补考')]),
  starter('医疗安全（不良）事件补充记录', name('事件概述'), ['发生时间', 'dateTime', required], ['地点', 'text'], ['类别', 'choice', choices('跌倒', '压力性损伤', '管路滑脱', '用药', '器械', '其他')], unit, ['经过', 'longText', required], ['处理', 'longText'], ['整改期限', 'date']),
  starter('急救设备检查', name('设备名称'), day('检查日期'), ['状态', 'choice', { ...required, ...choices('完好', '待修', '停用') }], person('检查人'), unit, rows('检查项目', ['项目', 'text', required], ['结果', 'choice', choices('合格', '不合格')], ['说明', 'text']), photos),
  starter('抢救车物品清点', name('抢救车编号'), day('清点日期'), person('清点人'), unit, rows('物品', ['名称', 'text', required], ['应有', 'integer', required], ['实有', 'integer', required], ['有效期', 'date']), ['签名', 'signature']),
  starter('高值耗材使用登记', name('耗材名称'), ['条码', 'barcode'], ['规格', 'text'], ['数量', 'integer', required], ['单价', 'money'], day('使用日期'), person('使用人'), unit, ['知情同意书', 'files']),
  starter('冷链温度记录', name('冰箱编号'), ['记录时间', 'dateTime', required], ['温度（℃）', 'decimal', { ...required, options: { scale: 1, min: '-90', max: '60' } }], ['是否在范围内', 'boolean'], person('记录人'), unit, remark),
  starter('手卫生观察', name('观察地点'), ['观察时间', 'dateTime', required], unit, person('观察人'), rows('观察', ['对象类别', 'choice', choices('医生', '护士', '护工', '其他')], ['指征', 'choice', choices('接触患者前', '无菌操作前', '接触体液后', '接触患者后', '接触环境后')], ['是否执行', 'boolean'])),
  starter('满意度回访', name('回访对象（编号）'), day('回访日期'), person('回访人'), unit, ['总体评价', 'rating'], ['不满意的方面', 'choices', choices('等候时间', '服务态度', '诊疗效果', '环境', '费用')], ['意见与建议', 'longText']),
  starter('来访接待登记', name('来访单位'), ['来访时间', 'dateTime', required], ['人数', 'integer'], ['事由', 'longText', required], person('接待人'), unit, ['接待意见', 'longText']),
  starter('物品领用申请', name('用途'), person('申请人'), unit, rows('明细', ['名称', 'text', required], ['规格', 'text'], ['数量', 'integer', required], ['单位', 'text']), day('申请日期'), remark),
  starter('印章使用登记', name('文件名称'), ['印章', 'choice', { ...required, ...choices('医院公章', '业务专用章', '合同专用章') }], ['份数', 'integer', required], day('用印日期'), person('经办人'), unit, ['文件', 'files']),
  starter('值班交接记录', name('交接班次'), ['交接时间', 'dateTime', required], person('交班人'), ['接班人', 'person', required], unit, ['重点事项', 'longText', required], ['未完事项', 'longText'], ['签名', 'signature']),
] // prettier-ignore
