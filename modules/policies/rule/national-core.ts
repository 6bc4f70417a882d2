import { type Basis, nationalRule, rule } from '#kernel/model/rules/index.ts'

/*
 * Limits of the core systems, surgery, technology and records. Read in secondary sources that quote the national text: clause numbers
 * were not seen and stay empty, days of entry into force are those of issue. `checkedBy` is the hospital's to fill.
 */
const core = (clause: string): Basis => ({ document: '医疗质量安全核心制度要点', number: '国卫医发〔2018〕8号', clause })
const coreFrom = '2018-04-18'
const writing: Basis = { document: '病历书写基本规范', number: '卫医政发〔2010〕11号', clause: null }
const indicators: Basis = { document: '医疗质量安全核心制度落实情况监测指标（2025年版）', number: null, clause: null }
const grading: Basis = { document: '医疗机构手术分级管理办法', number: '国卫办医政发〔2022〕18号', clause: null }
const technology: Basis = { document: '医疗技术临床应用管理办法', number: '国家卫生健康委员会令第1号', clause: null }
const { atMost, atLeast, demanded } = rule

export const coreRules = [
  nationalRule('consultation', {
    label: '会诊时限',
    basis: core('会诊制度'),
    certainty: 'A',
    from: coreFrom,
    values: { ordinary: atMost('普通会诊完成', 24, 'hours'), emergency: atMost('急会诊到场', 10, 'minutes') },
  }),
  nationalRule('deathDiscussion', {
    label: '死亡病例讨论',
    basis: core('死亡病例讨论制度'),
    certainty: 'A',
    from: coreFrom,
    note: '尸检病例自报告出具之日起另计一周。2025 年监测指标按 5 个工作日统计，两者并存。',
    values: {
      afterDeath: atMost('死亡后完成讨论', 1, 'weeks'),
      afterAutopsy: atMost('尸检报告后完成讨论', 1, 'weeks'),
      indicator: atMost('指标口径：完成讨论', 5, 'workingDays'),
    },
  }),
  nationalRule('wardRounds', {
    label: '三级查房',
    basis: core('三级查房制度'),
    certainty: 'B',
    from: coreFrom,
    values: {
      workday: atLeast('工作日每日查房', 2, 'times'),
      otherDay: atLeast('非工作日每日查房', 1, 'times'),
      topLevel: atLeast('最高级别医师每周查房', 2, 'times'),
      middleLevel: atLeast('中间级别医师每周查房', 3, 'times'),
      beforeOperation: atMost('术者术前查房', 24, 'hours'),
      afterOperation: atMost('术者术后查房', 24, 'hours'),
    },
  }),
  nationalRule('firstRecords', {
    label: '入院与手术病历完成时限',
    basis: writing,
    certainty: 'A',
    from: '2010-03-01',
    values: {
      admissionNote: atMost('入院记录', 24, 'hours'),
      firstCourseNote: atMost('首次病程记录', 8, 'hours'),
      seniorRound: atMost('上级医师首次查房记录', 48, 'hours'),
      operationRecord: atMost('手术记录', 24, 'hours'),
    },
  }),
  nationalRule('rescueNote', {
    label: '抢救记录补记',
    basis: writing,
    certainty: 'B',
    from: '2010-03-01',
    values: { written: atMost('抢救结束后补记', 6, 'hours') },
  }),
  nationalRule('deathRecord', {
    label: '死亡记录',
    basis: writing,
    certainty: 'B',
    from: '2010-03-01',
    values: { written: atMost('死亡后完成', 24, 'hours') },
  }),
  nationalRule('difficultCaseDiscussion', {
    label: '疑难病例讨论',
    basis: core('疑难病例讨论制度'),
    certainty: 'B',
    from: coreFrom,
    values: { attendees: atLeast('主治及以上参加者', 2, 'people') },
  }),
  nationalRule('longStay', {
    label: '超长住院',
    basis: core('病历管理制度'),
    certainty: 'B',
    from: coreFrom,
    note: '超过的由科室评估并上报。',
    values: { stay: atMost('住院天数', 30, 'days') },
  }),
  nationalRule('coreIndicators', {
    label: '核心制度监测指标时限',
    basis: indicators,
    certainty: 'A',
    from: '2025-01-01',
    values: {
      transfer: atMost('入院后转科', 48, 'hours'),
      firstOrders: atMost('入院后首次开具医嘱', 8, 'hours'),
      emergencyOrder: atMost('急会诊后开具医嘱', 40, 'minutes'),
      ordinaryEffect: atMost('普通会诊后开具医嘱', 24, 'hours'),
      deathDiscussion: atMost('死亡讨论', 5, 'workingDays'),
    },
  }),
  nationalRule('levelFourSurgery', {
    label: '四级手术管理',
    basis: grading,
    certainty: 'C',
    from: '2022-12-06',
    note: '术前多学科讨论另见 2025 年监测指标第 28 项（A）。',
    values: { perOperation: demanded('按术式逐项授权'), discussion: demanded('术前多学科讨论'), followUp: demanded('术后随访') },
  }),
  nationalRule('beyondLevelEmergency', {
    label: '越级急诊手术报告',
    basis: grading,
    certainty: 'C',
    from: '2022-12-06',
    values: { report: atMost('术后补报', 24, 'hours') },
  }),
  nationalRule('restrictedTechnology', {
    label: '限制类技术备案',
    basis: technology,
    certainty: 'A',
    from: '2018-11-01',
    values: {
      filing: atMost('首例后本院备案', 15, 'workingDays'),
      authority: atMost('主管部门办理', 15, 'workingDays'),
    },
  }),
  nationalRule('visitingConsultation', {
    label: '医师外出会诊',
    basis: { document: '医师外出会诊管理暂行规定', number: '卫生部令第42号', clause: null },
    certainty: 'B',
    from: '2005-07-01',
    values: { report: atMost('返回后结算与报告', 2, 'workingDays') },
  }),
  nationalRule('adverseEvents', {
    label: '医疗质量安全事件报告',
    basis: { document: '医疗质量安全事件报告暂行规定', number: '卫医管发〔2011〕4号', clause: null },
    certainty: 'B',
    from: '2011-04-01',
    note: '其后的修改须再核对。',
    values: {
      general: atMost('一般事件', 15, 'days'),
      serious: atMost('重大事件', 12, 'hours'),
      extraordinary: atMost('特大事件', 2, 'hours'),
    },
  }),
  nationalRule('recordKeeping', {
    label: '病历保存',
    basis: { document: '医疗机构病历管理规定（2013年版）', number: '国卫医发〔2013〕31号', clause: null },
    certainty: 'B',
    from: '2014-01-01',
    values: { outpatient: atLeast('门急诊病历', 15, 'years'), inpatient: atLeast('住院病历', 30, 'years') },
  }),
  nationalRule('networkLogs', {
    label: '网络日志与等级测评',
    basis: { document: '中华人民共和国网络安全法', number: null, clause: null },
    certainty: 'A',
    from: '2017-06-01',
    values: { logs: atLeast('网络日志留存', 6, 'months'), assessment: atMost('三级系统测评间隔', 1, 'years') },
  }),
] as const
