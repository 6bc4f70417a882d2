const systems: readonly (readonly [RegExp, string])[] = [
  [/HarmonyOS|OpenHarmony/, '鸿蒙'], [/iPhone/, 'iPhone'], [/iPad/, 'iPad'], [/Android/, 'Android'], [/Windows NT 10/, 'Windows 10/11'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'], [/UOS|Deepin|Kylin/i, '国产桌面系统'], [/Linux/, 'Linux'],
] // prettier-ignore
const browsers: readonly (readonly [RegExp, string])[] = [
  [/wxwork\/([\d.]+)/, '企业微信'], [/MicroMessenger\/([\d.]+)/, '微信'], [/DingTalk\/([\d.]+)/, '钉钉'], [/Edg\/(\d+)/, 'Edge'], [/QQBrowser\/(\d+)/, 'QQ 浏览器'], [/(?:360SE|360EE|QIHU)/, '360 浏览器'],
  [/Firefox\/(\d+)/, 'Firefox'], [/Chrome\/(\d+)/, 'Chrome'], [/Version\/(\d+)[\d.]* .*Safari/, 'Safari'],
] // prettier-ignore

/** What a person would call the device behind this User-Agent: `Windows 10/11 · Chrome 147`. */
export function deviceName(agent: string): string {
  const system = systems.find(([pattern]) => pattern.test(agent))?.[1]
  const browser = browsers.map(([pattern, name]) => [pattern.exec(agent), name] as const).find(([found]) => found)
  const named = browser ? `${browser[1]}${browser[0]?.[1] ? ` ${browser[0][1].split('.')[0]}` : ''}` : undefined
  return [system, named].filter(Boolean).join(' · ') || '未知设备'
}
