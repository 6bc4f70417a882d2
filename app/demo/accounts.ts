// Whom a demonstration hospital lets in; a file of its own, because the journeys in a browser need no more of it.
export const demoPassword = 'Xinglin@2026'
/** A key that exists in demonstration hospitals only: its number, and its secret. */
export const demoHisKeyId = 'ak_demo_his'
export const demoHisKey = 'xl_demo_his_key_0000000000000000'
/** The accounts to print at the start. */
export const demoAccounts: readonly [account: string, who: string][] = [
  ['zhoumin', '周敏 · 医务处'], ['zhanght', '张海涛 · 骨科副主任医师'], ['liwd', '李卫东 · 骨科主任'], ['hexl', '何秀兰 · 骨科秘书'],
  ['fanggl', '方国梁 · 委员会主任委员'], ['wujing', '吴静 · 委员'], ['sysadmin', '王建国 · 系统管理员'], ['secadmin', '许安 · 安全管理员'], ['auditor', '田审 · 安全审计员'],
] // prettier-ignore
