import { App as AntApp, ConfigProvider, theme, type ThemeConfig } from 'antd'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { useMemo, useSyncExternalStore, type ReactNode } from 'react'
import { useIsPhone } from '../shell/use-is-phone.ts'
import { mediaQuestion } from '../shell/use-media.ts'
import { isDark, onThemeChange } from './mode.ts'
import { fontFamily, palette } from './tokens.ts'

dayjs.locale('zh-cn')

const { use: useIsStill } = mediaQuestion('(prefers-reduced-motion: reduce)')

/** The component library in the house's colours. Still: it must not wait for the end of a transition that the style sheet has taken away; what leaves would stay. */
function configOf(dark: boolean, phone: boolean, still: boolean): ThemeConfig {
  const p = palette[dark ? 'dark' : 'light']
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: dark ? '#2B7F89' : p.brand,
      colorInfo: p.brand,
      colorLink: p.brand,
      colorError: p.red,
      colorWarning: p.amber,
      colorSuccess: p.green,
      colorBgLayout: p.bg,
      colorBgContainer: p.surface,
      colorBgElevated: p.raised,
      colorBorder: p.lineStrong,
      colorBorderSecondary: p.line,
      colorText: p.ink,
      colorTextSecondary: p.ink2,
      colorTextTertiary: p.ink3,
      colorTextPlaceholder: p.ink3,
      borderRadius: 6,
      fontFamily,
      fontSize: phone ? 16 : 14,
      controlHeight: phone ? 44 : 32,
      motion: !still,
      motionDurationFast: '0.06s',
      motionDurationMid: '0.1s',
      motionDurationSlow: '0.15s',
      controlItemBgActive: p.brandSoft,
      controlItemBgActiveHover: p.brandSoft,
      wireframe: false,
      colorInfoBg: p.brandSoft,
      colorPrimaryBg: p.brandSoft,
      colorInfoBorder: p.line,
    },
    components: { Rate: { starColor: p.apricot }, Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' } },
  }
}

export function ThemeProvider({ children }: { children: ReactNode }) {
  const dark = useSyncExternalStore(onThemeChange, isDark)
  const phone = useIsPhone()
  const still = useIsStill()
  const config = useMemo(() => configOf(dark, phone, still), [dark, phone, still])
  return (
    <ConfigProvider wave={{ disabled: true }} theme={config} locale={zhCN} button={{ autoInsertSpace: false }}>
      <AntApp component={false} message={{ maxCount: 2, top: 60 }}>
        {children}
      </AntApp>
    </ConfigProvider>
  )
}
