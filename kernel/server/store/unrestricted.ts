/** Of the bin's rows `t`: all but what may be kept and not used, which nobody is shown. */
export const unrestrictedSql = 'NOT EXISTS (SELECT 1 FROM kernel.restriction x WHERE x.record = t.id)'
