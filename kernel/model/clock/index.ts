/** Calendar and clock: working time, limits, several clocks a case, quiet hours. Pure; flows, cases and reminders all use it. */
export * from './calendar.ts'
export * from './calendar-records.ts'
export * from './case-clock.ts'
export * from './case-plan.ts'
export * from './duration.ts'
export * from './holidays.ts'
export * from './quiet.ts'
export * from './working-calendar.ts'
