import { randomBytes } from 'node:crypto'
import sharp from 'sharp'

/** A PNG of noise, about three bytes a point: nothing makes it smaller. */
export const noisyPicture = (side: number): Promise<Buffer> =>
  sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } }).png().toBuffer() // prettier-ignore
