/** The circles in a directed graph: each strongly connected group of two or more, or one that points at itself (Tarjan). */
export function circlesIn(edges: readonly (readonly [string, string])[]): string[][] {
  const targets = Map.groupBy(edges, ([from]) => from)
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const stack: string[] = []
  const circles: string[][] = []

  function visit(node: string): void {
    order.set(node, order.size)
    lowest.set(node, order.size - 1)
    stack.push(node)
    for (const [, next] of targets.get(node) ?? []) {
      if (!order.has(next)) visit(next)
      // What has left the stack belongs to a group that is finished.
      if (stack.includes(next)) lowest.set(node, Math.min(lowest.get(node) ?? 0, lowest.get(next) ?? 0))
    }
    if (lowest.get(node) !== order.get(node)) return
    const group = stack.splice(stack.indexOf(node))
    const pointsAtItself = targets.get(node)?.some(([, next]) => next === node)
    if (group.length > 1 || pointsAtItself) circles.push(group)
  }

  for (const node of targets.keys()) if (!order.has(node)) visit(node)
  return circles
}
