import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { PDFDocumentProxy } from 'pdfjs-dist'
import { messageOf } from '../api/problem.ts'
import { Notice, Skeleton } from '../parts/states.tsx'
import './printing.css'

/** The reader of PDFs, loaded when the first one is looked at. */
const reader = async () => {
  const [pdf, worker] = await Promise.all([import('pdfjs-dist'), import('pdfjs-dist/build/pdf.worker.min.mjs?url')])
  pdf.GlobalWorkerOptions.workerSrc = worker.default
  return pdf
}
/** Points of an inch as the printer is given them, and pages that a browser can hold so. */
const printerScale = 150 / 72
export const mostPrinted = 30

/** The pages of a PDF as they will lie on the table, on every device; drawn when they come into sight. */
export function PaperView({ content, onPages }: { content: Blob; onPages?: (count: number) => void }) {
  const opened = useQuery({
    queryKey: ['paper', content],
    // Known by what it is, and let go with it.
    queryFn: async () => {
      const pdf = await reader()
      return pdf.getDocument({ data: await content.arrayBuffer(), useWasm: false }).promise
    },
    queryKeyHashFn: () => `paper ${numberOf(content)}`,
    structuralSharing: false,
    staleTime: Infinity,
    gcTime: 0,
  })
  const document = opened.data
  useEffect(() => {
    if (document) onPages?.(document.numPages)
    return () => void document?.loadingTask.destroy()
    // Told once for each document.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [document])
  if (opened.error) return <Notice kind="fault" title="没有显示出来" text={messageOf(opened.error)} />
  if (!document) return <Skeleton rows={10} />
  return (
    <div className="x-leaves">
      {Array.from({ length: document.numPages }, (_, at) => (
        <Sheet key={at} document={document} number={at + 1} isPrinted={document.numPages <= mostPrinted} />
      ))}
    </div>
  )
}
const numbers = new WeakMap<Blob, number>()
let last = 0
const numberOf = (content: Blob): number => {
  if (!numbers.has(content)) numbers.set(content, ++last)
  return numbers.get(content)!
}

function Sheet({ document, number, isPrinted }: { document: PDFDocumentProxy; number: number; isPrinted: boolean }) {
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [isNear, setNear] = useState(false)
  const [size, setSize] = useState<{ width: number; height: number } | null>(null)
  useEffect(() => {
    const watch = new IntersectionObserver((seen) => setNear(seen.some((one) => one.isIntersecting)), { rootMargin: '800px' })
    watch.observe(frame.current!)
    return () => watch.disconnect()
  }, [])
  useEffect(() => {
    let isOver = false
    let cancel: (() => void) | undefined
    const draw = async () => {
      const page = await document.getPage(number)
      const viewport = page.getViewport({ scale: isPrinted ? printerScale : Math.min(2, devicePixelRatio * 1.3) })
      if (isOver) return
      setSize(page.getViewport({ scale: 1 }))
      if (!(isNear || isPrinted) || !canvas.current) return
      canvas.current.width = viewport.width
      canvas.current.height = viewport.height
      const task = page.render({ canvas: canvas.current, viewport })
      cancel = () => task.cancel()
      await task.promise
    }
    // A page that went out of sight while it was drawn is drawn again when it comes back.
    draw().catch((error: unknown) => (error instanceof Error && error.name === 'RenderingCancelledException' ? undefined : Promise.reject(error as Error)))
    return () => {
      isOver = true
      cancel?.()
    }
  }, [document, number, isNear, isPrinted])
  return (
    <div ref={frame} className="x-leaf" style={size ? { aspectRatio: `${size.width} / ${size.height}`, maxWidth: `${(size.width * 96) / 72}px` } : {}}>
      <canvas ref={canvas} role="img" aria-label={`第 ${number} 页`} />
    </div>
  )
} // prettier-ignore
