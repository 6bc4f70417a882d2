import { roomsOf, type BedMap, type BedSpot } from './beds.rules.ts'
import { signOf, type Looks } from './look.tsx'

interface Props {
  map: BedMap
  spots: readonly BedSpot[]
  looks: Looks
  /** Of several wards: each room says whose it is. */
  isAcross: boolean
  onOpen: (spot: BedSpot) => void
}
/** Rooms as boxes, beds as tiles in them. */
export function Rooms({ map, spots, looks, isAcross, onOpen }: Props) {
  return (
    <ul className="bed-rooms" aria-label="病房">
      {roomsOf(map, spots).map(({ room, ward, spots: own }) => (
        <li key={`${ward.id} ${room?.number ?? ''}`} className="x-card bed-room">
          <h3>
            {room ? `${room.number} 房` : '未分房间'}
            <small>
              {room && (looks.words.room[room.kind] ?? room.kind)}
              {isAcross && ` · ${ward.name}`}
            </small>
          </h3>
          <div>
            {own.map((spot) => (
              <Tile key={spot.id} spot={spot} looks={looks} onOpen={onOpen} />
            ))}
          </div>
        </li>
      ))}
    </ul>
  )
}

function Tile({ spot, looks, onOpen }: { spot: BedSpot; looks: Looks; onOpen: (spot: BedSpot) => void }) {
  const { number, status, condition, opening, kind } = spot
  const marks = [
    opening === 'rated' ? '' : (looks.words.opening[opening] ?? opening),
    kind === 'ordinary' ? '' : (looks.words.kind[kind] ?? kind),
  ].filter(Boolean)
  return (
    <button
      type="button"
      className={`bed-tile ${looks.toneOf('status', status)} ${status}`}
      title={marks.join('，')}
      onClick={() => onOpen(spot)}
    >
      <b>{number} 床</b>
      <span>
        <i aria-hidden>{signOf(status)}</i> {looks.words.status[status] ?? status}
      </span>
      {condition !== 'normal' && (
        <em className={looks.toneOf('condition', condition)}>
          <i aria-hidden>{signOf(condition)}</i> {looks.words.condition[condition] ?? condition}
        </em>
      )}
      {marks.length > 0 && <small>{marks.join(' ')}</small>}
    </button>
  )
}
