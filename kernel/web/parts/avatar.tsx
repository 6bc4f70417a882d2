/** A person by the first sign of the name, as in hospital lists. */
export function Avatar({ name, size = 28 }: { name: string; size?: number }) {
  const first = [...name.trim()][0] ?? '?'
  return (
    <span className="x-avatar" style={{ width: size, height: size, fontSize: size * 0.46 }} aria-hidden="true">
      {first}
    </span>
  )
}
