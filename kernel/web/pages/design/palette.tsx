import { iconOf, labelOf, paletteGroups, type PaletteKey } from './kinds.tsx'

interface Props {
  onDrag: (key: PaletteKey | null) => void
  onAdd: (key: PaletteKey) => void
}
/** What can be put on a page: dragged to its place, or clicked to the end. */
export function Palette({ onDrag, onAdd }: Props) {
  return (
    <aside className="x-card x-page-palette" aria-label="区块">
      {paletteGroups.map(([label, keys]) => (
        <div key={label}>
          <h3>{label}</h3>
          {keys.map((key) => {
            const Icon = iconOf(key)
            return (
              <button
                key={key}
                type="button"
                draggable
                aria-label={`添加${labelOf(key)}`}
                onDragStart={(event) => {
                  event.dataTransfer.setData('text/plain', key)
                  event.dataTransfer.effectAllowed = 'copy'
                  onDrag(key)
                }}
                onDragEnd={() => onDrag(null)}
                onClick={() => onAdd(key)}
              >
                <Icon />
                {labelOf(key)}
              </button>
            )
          })}
        </div>
      ))}
    </aside>
  )
}
