import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

/** A syslog receiver. TCP and TLS lose nothing; UDP may. */
export interface SyslogTarget {
  protocol: 'tcp' | 'tls' | 'udp'
  host: string
  port: number
  /** PEM: whom to believe, and who we are. */
  ca?: string
  cert?: string
  key?: string
}
/** Where the audit leaves the house to. */
export interface Outside {
  syslog: SyslogTarget | null
  /** Gets one line a day; null when there is none. */
  anchorFile: string | null
}
export const nowhere: Outside = { syslog: null, anchorFile: null }

const ports = { tcp: 601, tls: 6514, udp: 514 } as const
type Environment = Readonly<Record<string, string | undefined>>

/** Reads where the audit leaves to from the environment; refuses what cannot work before anything is started. */
export function readOutside(env: Environment, dataFolder: string): Outside {
  return { syslog: readTarget(env), anchorFile: readAnchorFile(env['XINGLIN_ANCHOR'], dataFolder) }
}

function readTarget(env: Environment): SyslogTarget | null {
  const given = env['XINGLIN_SYSLOG']
  if (!given) return null
  const [, protocol, host, port] = /^(tcp|tls|udp):\/\/(\[[0-9a-fA-F:]+\]|[^:/[\]]+)(?::(\d{1,5}))?\/?$/.exec(given) ?? []
  if (!protocol || !host) throw new Error(`XINGLIN_SYSLOG“${given}”不对，应为 tcp://主机:端口、tls://主机:端口 或 udp://主机:端口`)
  const known = protocol as SyslogTarget['protocol']
  const pem = (name: string, field: 'ca' | 'cert' | 'key') => (env[name] ? { [field]: readFileSync(env[name], 'utf8') } : {})
  return {
    protocol: known,
    host: host.replace(/^\[|\]$/g, ''),
    port: port ? Number(port) : ports[known],
    ...pem('XINGLIN_SYSLOG_CA', 'ca'),
    ...pem('XINGLIN_SYSLOG_CERT', 'cert'),
    ...pem('XINGLIN_SYSLOG_KEY', 'key'),
  }
}

function readAnchorFile(given: string | undefined, dataFolder: string): string | null {
  if (!given) return null
  const path = resolve(given)
  // Who can rewrite the data could rewrite an anchor beside it.
  if (!relative(resolve(dataFolder), path).startsWith('..')) throw new Error(`XINGLIN_ANCHOR（${path}）不能放在数据目录之内`)
  if (existsSync(path) && statSync(path).isDirectory()) return join(path, 'xinglin-anchors.jsonl')
  // A share that is not mounted must not be mistaken for a folder of this machine.
  if (!existsSync(dirname(path))) throw new Error(`XINGLIN_ANCHOR：文件夹 ${dirname(path)} 不存在`)
  return path
}

/** `tls://log.hospital:6514` */
export const addressOf = (target: SyslogTarget): string => `${target.protocol}://${target.host}:${target.port}`
