/** Posts that a person may hold in a unit. */
export const posts = { head: '科主任', deputy: '副主任', director: '处长', secretary: '科室秘书', member: '成员' } as const
