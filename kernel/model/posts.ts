import type { Choices } from './fields/field.ts'

/** Posts that a person may hold in a unit, as the product knows them. A hospital adds its own where they are held: `postsOf`. */
export const posts = { head: '科主任', deputy: '副主任', director: '处长', secretary: '科室秘书', member: '成员' } as const
/** The type whose field `post` is the hospital's list of posts. */
export const postsHome = 'directory.membership'
/** The posts of this hospital. */
export const postsOf = (defs: { resource(name: string): { fields: Readonly<Record<string, { options: object }>> } }): Choices =>
  (defs.resource(postsHome).fields['post']!.options as { choices: Choices }).choices
