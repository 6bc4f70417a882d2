const prefix = 'automation:'
/** The door through which a run writes. */
export const originOf = (run: string): string => `${prefix}${run}`
/** The run that has written through this door; null where none has. */
export const runIn = (origin: string): string | null => (origin.startsWith(prefix) ? origin.slice(prefix.length) : null)
