/** Keys of what is cached, in one place: whoever writes a record forgets what may have changed. */
export const keys = {
  list: (resource: string) => ['records', resource] as const,
  record: (resource: string, id: string) => ['record', resource, id] as const,
  approval: (instance: string) => ['approval', instance] as const,
  tasks: ['tasks'] as const,
  messages: ['messages'] as const,
  counts: ['counts'] as const,
  shortcuts: ['shortcuts'] as const,
}
