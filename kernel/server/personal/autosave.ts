import type { Place } from '../protection/cipher.ts'

/** What somebody has typed and not sent may hold protected values: it is sealed like them, for its account and form. */
export const autosavePlace = (account: string, form: string): Place => ({
  resource: 'kernel.autosave',
  record: `${account} ${form}`,
  field: 'value',
})
