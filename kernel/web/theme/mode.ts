/** Light, dark or as the system says; kept per browser. */
export type ThemeMode = 'system' | 'light' | 'dark'
const key = 'xinglin.theme'
const listeners = new Set<() => void>()
const systemDark = matchMedia('(prefers-color-scheme: dark)')

export const isThemeMode = (value: unknown): value is ThemeMode => value === 'system' || value === 'light' || value === 'dark'
const stored = () => localStorage.getItem(key)

export function themeMode(): ThemeMode {
  const value = stored()
  return isThemeMode(value) ? value : 'system'
}
export const isDark = (): boolean => themeMode() === 'dark' || (themeMode() === 'system' && systemDark.matches)

export function setThemeMode(mode: ThemeMode): void {
  localStorage.setItem(key, mode)
  applyStoredTheme()
}
export function applyStoredTheme(): void {
  const theme = isDark() ? 'dark' : 'light'
  document.documentElement.dataset['theme'] = theme
  // antd-mobile reads its own attribute.
  document.documentElement.dataset['prefersColorScheme'] = theme
  listeners.forEach((listener) => listener())
}
export function onThemeChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
systemDark.addEventListener('change', applyStoredTheme)
