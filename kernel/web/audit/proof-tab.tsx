import { Assurance } from './assurance.tsx'
import { Verify } from './verify.tsx'

/** 封存与核对: what stands behind the log, and the proof that nobody changed it. */
export function ProofTab() {
  return (
    <>
      <Assurance />
      <Verify />
      <section className="x-card a-alone" aria-label="独立核对">
        <h2>独立核对</h2>
        <p>
          请管理服务器的人员运行 <code>xinglin audit export --into 文件夹</code>，把归档交给审计方。归档自带核对程序，只需 Node.js，
          不需要本系统：用 <code>node verify-audit.mjs 文件夹 --anchors 锚点文件</code> 可在任何一台电脑上证明没有被改动。
        </p>
      </section>
    </>
  )
}
