/** Every refusal of the engine, in one closed table: code → what a person reads. A retired code is never used again. */
export const refusals = {
  alreadySubmitted: '该申请已经提交，不能重复提交',
  alreadyEnded: '该申请已经办结，不能再操作',
  needsRevocation: '该申请已经批准并生效，如需取消请另行发起撤销申请',
  notReturned: '该申请没有被退回，不需要重新提交',
  applicantOnly: '只有申请人本人可以进行此操作',
  noItems: '申请中没有可以审批的项目',
  chooseDeciders: '请先选择审批人',
  choiceOutOfRange: '所选审批人不在可选范围内',
  versionChanged: '内容在您查看之后已被修改，请核对差异后再操作',
  actIdReused: '操作编号已被另一操作使用，请刷新后重试',
  taskUnknown: '没有找到这条待办',
  taskClosed: '这条待办已经结束，可能已由他人处理',
  notYourTask: '这条待办不属于您',
  ownRequest: '不能代他人审批自己的申请',
  standInIsMember: '您本人也是这一步的审批人，不能再代他人表决',
  actNotAllowed: '这一步不允许此操作',
  signatureNeeded: '这一步需要签名',
  reasonNeeded: '请填写理由',
  fieldMissing: '请先补全必填内容',
  mayNotEdit: '这一步不能修改这些内容',
  itemUnknown: '申请中没有这个项目',
  itemSettled: '该项目在这一步已有结论',
  itemsMissing: '或签须一次处理全部未决项目',
  itemsNotHere: '这一步按整份申请审批，不能逐项处理',
  alreadyDecided: '您已对该项目表态，不能重复',
  verdictNotHere: '这一步不能作出这种结论',
  badTerms: '带教例数须为正整数，缩小后的范围不能为空',
  narrowingConflict: '所缩小的范围与已有结论无法比较，请与对方商定后再处理',
  transferToSelf: '不能转办给自己',
  transferToApplicant: '不能转办给申请人',
  transferToInStep: '对方已经在这一步中',
  transferToInactive: '对方已离职或停用',
  returnTarget: '只能退回到申请人或已经走过的步骤',
  stepNotOpen: '这一步当前没有在办理',
  meetingNotHere: '这一步不能录入会议结果',
  notRecorder: '您不是这一步的会议记录人',
  scanNeeded: '请上传会议纪要扫描件',
  meetingDate: '会议日期不正确或晚于今天',
  membersDiffer: '应到人员与委员会名单不一致，请核对或说明原因',
  presentUnknown: '实到或回避人员不在应到名单中',
  applicantNotRecused: '申请人是委员，须回避',
  countsDiffer: '赞成、反对、弃权之和与实到未回避人数不一致',
  belowQuorum: '到会人数不足法定人数，该项目不能作出结论',
  minutesContradict: '会议结论与票数不符',
  entryUnknown: '没有等待中的外部调用',
} as const

export type RefusalCode = keyof typeof refusals
/** An expected no: the code for programs, the message for people, the detail for both. */
export interface Refusal {
  readonly code: RefusalCode
  readonly message: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** Makes a refusal. */
export const refuse = (code: RefusalCode, detail: Readonly<Record<string, unknown>> = {}): Refusal =>
  Object.freeze({ code, message: refusals[code], detail })
