import type { ComponentType } from 'react'

/** Pages for whoever holds an address, without signing in: `modules/privileges/letter/verify.public.tsx` -> `/verify/…`. */
const files = import.meta.glob<{ default: ComponentType<{ rest: string }> }>(['../../modules/**/*.public.tsx', './**/*.public.tsx'])
/** The public page at an address, and what stands behind its name. */
export function publicPageAt(pathname: string): { load: () => Promise<{ default: ComponentType<{ rest: string }> }>; rest: string } | null {
  const [, first = '', ...rest] = pathname.split('/')
  const found = Object.entries(files).find(([file]) => file.endsWith(`/${first}.public.tsx`))
  return first && found ? { load: found[1], rest: rest.join('/') } : null
}
