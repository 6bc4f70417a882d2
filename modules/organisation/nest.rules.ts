export type Nested<T> = T & { below: Nested<T>[] }

/** A tree out of what stands under what, in the order given; whatever stands in a circle, or under what is not there, stands at the top. */
export function nest<T extends { readonly id: string; readonly parent: string | null }>(items: readonly T[]): Nested<T>[] {
  const nodes = new Map(items.map((item): [string, Nested<T>] => [item.id, { ...item, below: [] }]))
  const isCircle = (node: Nested<T>): boolean => {
    const seen = new Set([node.id])
    for (let up = node.parent; up; up = nodes.get(up)?.parent ?? null) {
      if (up === node.id) return true
      if (seen.has(up)) return false
      seen.add(up)
    }
    return false
  }
  const top: Nested<T>[] = []
  for (const node of nodes.values()) {
    const parent = node.parent && !isCircle(node) ? nodes.get(node.parent) : undefined
    if (parent) parent.below.push(node)
    else top.push(node)
  }
  return top
}
