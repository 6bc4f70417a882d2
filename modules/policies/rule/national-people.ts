import { type Basis, nationalRule, rule } from '#kernel/model/rules/index.ts'

/* Complaints, disputes, medicines and people. Of the same standing as the rules of the core systems beside it. */
const dispute: Basis = { document: '医疗纠纷预防和处理条例', number: '国务院令第701号', clause: null }
const antibiotics: Basis = { document: '抗菌药物临床应用管理办法', number: '卫生部令第84号', clause: null }
const prescribing: Basis = { document: '处方管理办法', number: '卫生部令第53号', clause: null }
const radiation: Basis = { document: '放射工作人员职业健康管理办法', number: '卫生部令第55号', clause: null }
const { atMost, atLeast, only, demanded } = rule

export const peopleRules = [
  nationalRule('complaints', {
    label: '投诉办理',
    basis: { document: '医疗机构投诉管理办法', number: '国家卫生健康委员会令第3号', clause: null },
    certainty: 'A',
    from: '2019-04-10',
    note: '能当场处理的当场处理。',
    values: { single: atMost('需调查核实的答复', 5, 'workingDays'), several: atMost('涉及多科室或须专家意见的答复', 10, 'workingDays') },
  }),
  nationalRule('retirement', {
    label: '法定退休年龄',
    basis: { document: '全国人民代表大会常务委员会关于实施渐进式延迟法定退休年龄的决定', number: null, clause: null },
    certainty: 'B',
    from: '2025-01-01',
    note: '自2025年起十五年内逐步延迟：男职工和原55周岁的女职工每四个月延迟一个月，原50周岁的女职工每两个月延迟一个月；弹性提前不得低于原法定退休年龄。',
    values: {
      men: atMost('男职工逐步延至', 63, 'years'),
      women55: atMost('原55周岁的女职工逐步延至', 58, 'years'),
      women50: atMost('原50周岁的女职工逐步延至', 55, 'years'),
      early: atMost('弹性提前', 36, 'months'),
      late: atMost('弹性延迟', 36, 'months'),
    },
  }),
  nationalRule('mediation', {
    label: '医疗纠纷处理',
    basis: dispute,
    certainty: 'B',
    from: '2018-10-01',
    values: {
      speakers: atMost('协商时每方代表', 5, 'people'),
      peoplesMediation: atMost('人民调解', 30, 'workingDays'),
      administrativeAcceptance: atMost('行政调解受理', 5, 'workingDays'),
      administrativeMediation: atMost('行政调解', 30, 'workingDays'),
    },
  }),
  nationalRule('autopsy', {
    label: '尸检与遗体存放',
    basis: dispute,
    certainty: 'A',
    from: '2018-10-01',
    values: {
      autopsy: atMost('死亡后尸检', 48, 'hours'),
      frozen: atMost('具备冻存条件的尸检', 7, 'days'),
      remains: atMost('遗体存放', 14, 'days'),
    },
  }),
  nationalRule('antibioticTitles', {
    label: '抗菌药物处方权',
    basis: antibiotics,
    certainty: 'A',
    from: '2012-08-01',
    values: {
      nonRestricted: only('非限制使用级', ['初级', '中级', '高级']),
      restricted: only('限制使用级', ['中级', '高级']),
      special: only('特殊使用级', ['高级']),
      training: demanded('经培训考核合格'),
    },
  }),
  nationalRule('antibioticUse', {
    label: '抗菌药物越级与处罚',
    basis: antibiotics,
    certainty: 'B',
    from: '2012-08-01',
    values: {
      overLevel: atMost('紧急越级使用', 1, 'doses'),
      abnormal: atMost('无正当理由超常处方即警告', 3, 'times'),
      regain: atLeast('取消处方权后恢复', 6, 'months'),
      noOutpatient: demanded('特殊使用级不得门诊使用'),
    },
  }),
  nationalRule('narcotics', {
    label: '麻醉与第一类精神药品处方',
    basis: prescribing,
    certainty: 'A',
    from: '2007-05-01',
    values: {
      training: demanded('经本院培训考核合格'),
      notOneself: demanded('不得为自己开具'),
      controlledRelease: atMost('控缓释制剂', 7, 'days'),
      controlledReleaseCancer: atMost('控缓释制剂（癌痛）', 15, 'days'),
    },
  }),
  nationalRule('controlledPrescriptions', {
    label: '特殊药品处方用量',
    basis: prescribing,
    certainty: 'B',
    from: '2007-05-01',
    values: {
      injectionCancer: atMost('注射剂（癌痛）', 3, 'days'),
      otherForms: atMost('其他剂型', 3, 'days'),
      otherFormsCancer: atMost('其他剂型（癌痛）', 7, 'days'),
      secondClass: atMost('第二类精神药品', 7, 'days'),
      methylphenidate: atMost('哌甲酯', 15, 'days'),
      valid: atMost('处方有效期最长', 3, 'days'),
    },
  }),
  nationalRule('dosimeter', {
    label: '个人剂量监测与体检',
    basis: radiation,
    certainty: 'A',
    from: '2007-11-01',
    values: {
      usual: atMost('剂量监测周期一般', 30, 'days'),
      longest: atMost('剂量监测周期最长', 90, 'days'),
      medicalCheck: atMost('职业健康检查间隔', 2, 'years'),
    },
  }),
  nationalRule('doseLimits', {
    label: '职业照射限值',
    basis: { document: '电离辐射防护与辐射源安全基本标准', number: 'GB 18871-2002', clause: null },
    certainty: 'B',
    from: '2003-04-01',
    values: { mean: atMost('连续五年年平均', 20, 'millisieverts'), single: atMost('任何一年', 50, 'millisieverts') },
  }),
  nationalRule('doctorAssessment', {
    label: '医师定期考核',
    basis: { document: '中华人民共和国医师法', number: null, clause: null },
    certainty: 'B',
    from: '2022-03-01',
    note: '旧规定为两年一个周期。',
    values: { cycle: atMost('考核周期', 3, 'years'), grassRoots: atLeast('晋升副高前基层服务', 1, 'years') },
  }),
  nationalRule('nurseRegistration', {
    label: '护士执业注册',
    basis: { document: '护士条例', number: '国务院令第517号', clause: null },
    certainty: 'B',
    from: '2008-05-12',
    values: { valid: atMost('注册有效期', 5, 'years') },
  }),
  nationalRule('homeNursing', {
    label: '互联网+护理服务人员',
    basis: { document: '“互联网+护理服务”试点工作方案', number: '国卫办医函〔2019〕80号', clause: null },
    certainty: 'B',
    from: '2019-01-22',
    values: { experience: atLeast('临床护理工作', 5, 'years'), titles: only('职称', ['护师', '主管护师', '副主任护师', '主任护师']) },
  }),
  nationalRule('staffing', {
    label: '人员配备（三级综合）',
    basis: { document: '三级综合医院评审标准（2011年版）', number: null, clause: null },
    certainty: 'A',
    from: '2011-04-18',
    note: '须核对是否有更新的标准。',
    values: { clinical: atLeast('每床临床人员', 1.15, 'people'), wardNurses: atLeast('每床病房护士', 0.4, 'people') },
  }),
  nationalRule('labourHours', {
    label: '加班与夜班',
    basis: { document: '中华人民共和国劳动法', number: null, clause: null },
    certainty: 'B',
    from: '1995-01-01',
    values: { overtime: atMost('每月加班', 36, 'hours'), pregnancy: demanded('怀孕七个月以上、哺乳未满一周岁婴儿者不排夜班') },
  }),
] as const
