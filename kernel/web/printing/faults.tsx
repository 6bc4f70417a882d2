/** What is wrong, beside where it is mended. */
export function Faults({ faults }: { faults: readonly { message: string }[] }) {
  if (faults.length === 0) return null
  return (
    <ul className="d-faults" role="alert">
      {faults.map(({ message }, at) => (
        <li key={at}>{message}</li>
      ))}
    </ul>
  )
}
