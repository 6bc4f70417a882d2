import type { FieldProblem, Problem } from '#model'

/** The server refused or failed: what it said, in Chinese, with its code. */
export class ApiError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.title)
    this.name = 'ApiError'
    this.problem = problem
  }
  get status(): number {
    return this.problem.status
  }
  get fieldProblems(): readonly FieldProblem[] {
    return this.problem.problems ?? []
  }
}

/** No answer came: the network is down or the server restarts. Whether a write arrived is unknown. */
export class Unreachable extends Error {
  constructor() {
    super('没有连上服务器。网络恢复后会自动重试；已填写的内容仍在本页。')
    this.name = 'Unreachable'
  }
}

/** One sentence for a person, whatever was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError && error.fieldProblems.length)
    return [...new Set(error.fieldProblems.map(({ message }) => message))].slice(0, 3).join('；')
  if (error instanceof ApiError || error instanceof Unreachable) return error.message
  return '页面出错了，请刷新后再试'
}

/** What is wrong, by field; under '' what belongs to none. */
export type Problems = Readonly<Record<string, string>>
export function problemsOf(problem: Problem): Problems {
  const { problems = [], title } = problem
  return problems.length ? Object.fromEntries(problems.map(({ field, message }) => [field, message])) : { '': title }
}

export const isStatus = (error: unknown, status: number): error is ApiError => error instanceof ApiError && error.status === status

/** Reads a problem+json answer; anything else (a proxy's page) becomes a plain problem of that status. */
export async function readProblem(response: Response): Promise<Problem> {
  const fallback: Problem = {
    type: 'about:blank',
    title: response.status >= 500 ? '系统暂时不可用，请稍后再试' : `请求未成功（${response.status}）`,
    status: response.status,
    code: response.status === 503 ? 'unavailable' : 'fault',
  }
  try {
    const body: unknown = await response.json()
    return typeof body === 'object' && body !== null && 'code' in body ? { ...fallback, ...(body as Partial<Problem>) } : fallback
  } catch {
    return fallback
  }
}
