import { useEffect, useState } from 'react'

/** 剩 42 分钟, counting down; `onOver` when the instant has come. */
export function TimeLeft({ until, onOver }: { until: string; onOver: () => void }) {
  const [now, setNow] = useState(() => Date.now())
  const left = new Date(until).getTime() - now
  useEffect(() => {
    if (left <= 0) onOver()
    // Whose clock runs ahead asks the server again, which decides.
    const timer = setTimeout(() => setNow(Date.now()), left > 60_000 ? Math.min(left % 60_000 || 60_000, 15_000) : left > 0 ? 1000 : 5000)
    return () => clearTimeout(timer)
  }, [now, left, onOver])
  return <>{left <= 0 ? '即将结束' : left < 60_000 ? `剩 ${Math.ceil(left / 1000)} 秒` : `剩 ${Math.ceil(left / 60_000)} 分钟`}</>
}
