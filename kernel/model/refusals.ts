/** Every code of refusal, closed: its HTTP status and what a person is told. A retired code is never used again. */
export const refusals = {
  notSignedIn: [401, '请先登录'],
  wrongPassword: [401, '账号或密码不对'],
  accountLocked: [423, '连续输错次数过多，账号已锁定，请稍后再试'],
  accountDisabled: [403, '账号已停用'],
  captchaNeeded: [401, '请填写图形验证码'],
  wrongCode: [401, '动态口令不对'],
  outsideRefused: [401, '对方系统未能确认您的身份，请重试'],
  ticketEnded: [401, '登录已超时，请重新输入密码'],
  passwordMustChange: [403, '请先修改密码'],
  secondFactorMissing: [403, '请先绑定动态口令'],
  weakPassword: [422, '密码不符合要求'],
  csrf: [403, '请求来源无法确认，请刷新页面后再试'],
  alreadySent: [409, '这个请求已经提交过，没有重复执行；请刷新后查看结果'],
  badKey: [401, '接口密钥无效'],
  signatureRequired: [401, '此接口须签名调用，不接受固定密钥'],
  badSignature: [401, '签名不对'],
  clockSkew: [401, '签名的时间与服务器相差过大'],
  replayed: [401, '这个请求已经用过，请换新的随机数重新签名'],
  outsideNetwork: [403, '来源地址不在允许的范围内'],
  clientDisabled: [403, '接口调用方已停用'],
  requestIdReused: [409, '这个请求编号已用于另一个请求'],
  requestUnfinished: [409, '这个请求编号的请求正在处理，请稍后以同一编号重试'],
  requestAnswered: [409, '这个请求已经执行，答复过大，没有保存'],
  requestUncertain: [409, '这个请求的处理被中断，是否已执行不能确定：请先查询，再用新编号重发'],
  noRight: [403, '没有权限'],
  notFound: [404, '记录不存在，或没有查看权限'],
  unknownResource: [404, '没有这种记录'],
  unknownRoute: [404, '没有这个地址'],
  invalid: [422, '填写的内容有误'],
  badRequest: [400, '请求的格式不对'],
  badFilter: [400, '筛选条件无法识别'],
  badCursor: [400, '翻页位置已失效，请重新查询'],
  feedRestart: [410, '变更游标属于另一个数据库（恢复或切换过），请重新取全量快照'],
  versionConflict: [409, '这条记录刚被别人修改'],
  changeConflict: [409, '申请之后，记录已被改动'],
  duplicate: [409, '已有相同的记录'],
  referenced: [409, '还有别的记录引用它'],
  recordKept: [409, '这条记录须保留，不能删除'],
  periodClosed: [409, '该期间已封账'],
  flowRefused: [409, '当前不能这样处理'],
  tooLarge: [413, '文件超过大小限制'],
  tooMany: [413, '一次的数量超过限制'],
  tooManyRequests: [429, '操作过于频繁，请稍后再试'],
  unsupportedFile: [415, '不支持的文件类型'],
  importRefused: [422, '文件不能导入'],
  otherFailed: [424, '对方系统没有正常应答，请稍后再试'],
  slowQuery: [422, '查询太慢，请增加筛选条件'],
  busy: [503, '系统繁忙，请稍后再试'],
  unavailable: [503, '系统暂时不可用，正在恢复，请稍后重试'],
  fault: [500, '系统出错，已记录'],
} as const satisfies Record<string, readonly [status: number, message: string]>
export type RefusalCode = keyof typeof refusals

export interface FieldProblem {
  /** Path of the field, e.g. `items.2.procedure`. */
  field: string
  message: string
}

/** An expected refusal: typed, with a Chinese message for people and details for programs. Thrown through the layers, answered as problem+json. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly detail: Readonly<Record<string, unknown>>
  constructor(code: RefusalCode, message?: string, detail: Readonly<Record<string, unknown>> = {}) {
    super(message ?? refusals[code][1])
    this.name = 'Refusal'
    this.code = code
    this.detail = detail
  }
  get status(): number {
    return refusals[this.code][0]
  }
}
/** The refusal of a form: one problem per field, each shown at its place. */
export const invalid = (problems: readonly FieldProblem[]): Refusal =>
  new Refusal('invalid', problems.length === 1 ? problems[0]!.message : `有 ${problems.length} 处填写有误`, { problems })
