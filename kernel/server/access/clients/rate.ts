import { Refusal } from '#model'

interface Bucket {
  left: number
  at: number
}
/**
 * How often each client may call: a bucket that holds a minute's calls and fills evenly. Each process counts by itself: what a hospital allows is a bound against
 * runaway programs, and one count for all would cost every call a statement.
 */
export class RateMeter {
  private readonly buckets = new Map<string, Bucket>()
  /** Refuses when the bucket of this client is empty. `now` in ms of a clock that only goes forward. */
  take(client: string, perMinute: number, now: number): void {
    let bucket = this.buckets.get(client)
    if (!bucket) this.buckets.set(client, (bucket = { left: perMinute, at: now }))
    bucket.left = Math.min(perMinute, bucket.left + ((now - bucket.at) * perMinute) / 60_000)
    bucket.at = now
    if (bucket.left < 1) throw new Refusal('tooManyRequests', `超过每分钟 ${perMinute} 次的上限，请稍后再试`, { retryAfter: Math.ceil(((1 - bucket.left) * 60) / perMinute) }) // prettier-ignore
    bucket.left--
  }
}
