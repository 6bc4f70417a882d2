import type { DesignItem } from '#model'

const places = {
  type: '/designs/type',
  overlay: '/designs/overlay',
  page: '/pages',
  print: '/printing',
  automation: '/automations',
} as const
/** Where a piece is drawn. */
export const designPath = ({ kind, name }: Pick<DesignItem, 'kind' | 'name'>): string => `${places[kind]}/${encodeURIComponent(name)}`
/** Where its versions stand. */
export const versionsPath = ({ kind, name }: Pick<DesignItem, 'kind' | 'name'>): string => `/designs/${kind}/${encodeURIComponent(name)}`
