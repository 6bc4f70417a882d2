// npm run figures: writes the table of figures of both READMEs from bench/results, so that nobody copies numbers by hand.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Claim {
  id: string
  value: number
  unit: string
  target: string
  holds: boolean | null
}
interface Result {
  claims: Claim[]
  machine: { cpu: string; cores: number; memoryGb: number; node: string }
  at: string
}

const root = join(import.meta.dirname, '..')
const meanings: Readonly<Record<string, readonly [english: string, chinese: string]>> = {
  'check.ratio': [
    'privilege answers a second, each on disk first, against one row read by key',
    '授权校验每秒应答（先落盘），对比按主键读一行',
  ],
  'check.p95_ms': ['the same, P95 at 64 connections', '同上，64 连接 P95'],
  'check.signed_ratio': [
    'the check by signed requests (number used once on disk, list of addresses) to that by a bearer key',
    '授权校验：签名调用（一次性编号落盘、来源地址）比固定密钥',
  ],
  'check.batch200_ms': ['a list of 200 questions in one call', '一次问 200 项'],
  'signin.others_ratio': [
    'others’ lists while ten people a second sign in with two factors, P95 against idle',
    '每秒十人双因子登录时他人列表的 P95，对比空闲',
  ],
  'list.ratio': [
    'a list over 1,000,000 rows with scope, filters and sort, against hand-written SQL',
    '百万行列表（范围、筛选、排序），对比手写 SQL',
  ],
  'list.p95_ms': ['the same, P95 at 32 connections', '同上，32 连接 P95'],
  'list10m.ratio': [
    'a list over 10,000,000 rows of 20 columns with scope, four conditions and sort, against hand-written SQL',
    '千万行 × 20 列列表（范围、四个条件、排序），对比手写 SQL',
  ],
  'list10m.p95_ms': ['the same, also of closed units, P95 at 32 connections', '同上，含停用科室，32 连接 P95'],
  'list10m.refused': ['of 1,000 questions at random, refused with a way out', '随机 1,000 种问法中被拒绝（给出出路）的比例'],
  'search10m.p95_ms': ['a name by two characters, pinyin, initials among 10,000,000, P95', '千万行中按两字、拼音、首字母找人，P95'],
  'protect.ratio': [
    'lists of 20 rows with four protected fields, 20 cold keys, against the same unprotected',
    '20 行、每行四个受保护字段、20 个未缓存密钥的列表，对比不加密',
  ],
  'protect.write_ratio': [
    'records entered with four protected fields, a new key each, against the same unprotected',
    '新增一条、四个受保护字段、一个新密钥，对比不加密',
  ],
  'namesearch10m.p95_ms': ['an encrypted name by two or three characters among 10,000,000, P95', '千万行中按两三个字找加密的姓名，P95'],
  'verify.minutes': ['10,000,000 entries of the audit proved, content recomputed', '核对一千万条审计记录，内容逐条重算'],
  'create.ratio': ['a record entered with history, audit and event, against one INSERT', '新增一条（含历史、审计、事件），对比一句 INSERT'],
  'hotparent.ratio': [
    '32 people writing under one parent that counts and sums them, against one that does not',
    '32 人同时在同一条记录下新增（上级实时汇总），对比不汇总',
  ],
  'users1000.p95_ms': [
    '1,000 people at work (70 % lists, 20 % reads, 10 % writes) among 50 types, one of 10,000,000 rows, P95',
    '千人同时使用（列表 70 %、查看 20 %、写入 10 %），50 种记录、其一千万行，P95',
  ],
  'users1000.errors': ['… requests that failed', '……失败的请求'],
  'overload.lost_writes': [
    'ten times as many: writes answered but not there, or refused but there',
    '十倍负载：已答应却不在、或已拒绝却存在的写入',
  ],
  'overload.goodput': ['… answered, against what the machine can do', '……完成的请求，对比满载能力'],
  'overload.p95_ms': ['… of what was accepted, P95', '……已受理请求的 P95'],
  'overload.recovery_s': ['… until all is as before', '……恢复到平时所需时间'],
  'browser.list_ms': ['50 rows by 12 columns, from the end of the answer until seen, P95', '50 行 × 12 列，从应答结束到显示，P95'],
  'browser.form_ms': [
    '60 fields, 20 rules, a processor four times slower: from key to picture, P95',
    '60 字段、20 条规则、CPU 慢四倍：按键到画面，P95',
  ],
  'designer.longest_task_ms': [
    'a step dragged among 150 in the drawing of a flow: for how long the page can do nothing else',
    '在 150 步的流程图中拖动一步：页面最长的一次无响应',
  ],
  'studio.longest_task_ms': [
    'a field dragged among 200 on the board of a form: for how long the page can do nothing else',
    '表单画布上，在 200 个字段之间拖动一个：页面最长停顿',
  ],
  'notify.s': [
    'a notice to 10,000 people, in all their lists, badges of open pages right',
    '给一万人的通知，进入各人列表、开着的页面角标已更新',
  ],
  'notify.others_ratio': ['the P95 of others meanwhile, against idle', '……其间他人的 P95，对比空闲'],
  'remind.s': ['10,000 reminders due at once to 10,000 people, giving way to others', '一万条同时到期的提醒发给一万人（给他人让路）'],
  'remind.others_ratio': ['the P95 of others meanwhile, against idle', '……其间他人的 P95，对比空闲'],
  'talk.send_p95_ms': [
    'a message said (sealed, numbered, told) among 300 open pages, 100 a second, P95',
    '300 人开着页面、每秒 100 条，一条消息（密封、编号、告知）的 P95',
  ],
  'talk.send_ratio': ['the same against one INSERT', '同上，对比一句 INSERT'],
  'talk.shown_p95_ms': ['until the other page hears of it, P95', '对方页面得知，P95'],
  'talk.search_ms': ['searching 1,000 sealed messages', '在一千条密封消息中搜索'],
  'socket.people': [
    'pages of so many people open on one process, 200 changes of records a second, none unseen',
    '一个进程上同时开着页面的人数，每秒 200 处改动，无一遗漏',
  ],
  'socket.seen_p99_ms': ['the same, from sending a change until the other page shows it, P99', '同上，从提交改动到对方页面看到，P99'],
  'socket.revoked_heard': ['what was still heard of a second after the right was gone', '权限收回一秒后仍听到的改动'],
  'socket.shut_out_ms': ['until whoever was signed out has no stream', '被退出者的通道断开'],
  'socket.back_s': ['until all are back after a restart', '重启后全部恢复'],
  'import.catalogue_s': ['13,686 rows from upload to done', '13,686 行目录从上传到完成'],
  'import.copy_ratio': ['1,000,000 rows with history, against COPY', '百万行导入（含历史），对比 COPY'],
  'export1m.s': ['1,000,000 rows of 20 columns to a masked workbook, in the background', '百万行 × 20 列后台导出 Excel（脱敏、水印）'],
  'export1m.rss_mb': ['the same, memory of the process that does it', '同上，执行进程的内存'],
  'export1m.others_ratio': ['the same, other people’s lists, P95 against idle', '同上，其间他人列表的 P95 与空闲时之比'],
  'start.first_s': ['first start to the sign-in page', '首次启动到登录页'],
  'start.later_s': ['later starts', '再次启动'],
  'start.signin_gzip_kb': ['sign-in page, gzip', '登录页 gzip'],
  'start.home_gzip_kb': ['home page, gzip', '首页 gzip'],
  'start.rss_mb': ['memory of the Node processes, idle', 'Node 进程空闲内存'],
  'engine.act_us': ['one act on 150 steps, 200 lines, 500 past events', '150 步、200 行、500 个既往事件上的一次操作'],
  'act.ratio': [
    'a decision end to end among 2,000,000 tasks, against one UPDATE and one INSERT',
    '两百万待办中一次审批全程，对比一句 UPDATE 加一句 INSERT',
  ],
  'act.p95_ms': ['the same, P95 at 64 connections', '同上，64 连接 P95'],
  'todo.p95_ms': ['5,000 open tasks among 2,000,000: pages and badge, P95', '两百万中的 5,000 件待办：翻页与红点，P95'],
  'timeout.minutes': ['100,000 limits run out in one minute, a worker killed: done after', '十万件同时超时、中途杀掉一个进程：处理完'],
  'timeout.lost': ['… lost', '……丢失'],
  'timeout.doubled': ['… told twice', '……重复提醒'],
  'timeout.others_p95': ['… other people’s decisions, P95 against idle', '……其间他人审批的 P95 与空闲时之比'],
  'audit.verify_per_s': ['audit entries verified, against reading and hashing each once', '审计核验速度，对比逐条读取并散列'],
  'fuzz.requests': ['requests that somebody might try, to every route by every role', '对每个接口、每种角色发出的畸形与攻击请求'],
  'fuzz.5xx': ['… answered as a fault', '……以系统错误应答'],
  'fuzz.faults_logged': ['… written to the log as a fault', '……记为系统错误'],
  'fuzz.routes_short': ['… routes that let somebody in less than fifty times', '……放行不足五十次的接口'],
  'audit.seal_lag_s': ['time until an audit entry is sealed', '审计条目到封存的时间'],
}
const order = Object.keys(meanings)

/** The table in one language, from the results of the last full runs. */
export function tableOf(results: readonly Result[], language: 0 | 1): string {
  const claims = results.flatMap((result) => result.claims).toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id))
  const machine = results[0]?.machine
  const head = language === 0 ? ['| | measured | target | |', '|---|---|---|---|'] : ['| | 实测 | 目标 | |', '|---|---|---|---|']
  const lines = claims.map(
    (c) =>
      `| ${meanings[c.id]?.[language] ?? c.id} (\`${c.id}\`) | ${c.value} ${c.unit} | ${c.target} | ${c.holds ? '✓' : language === 0 ? 'not yet' : '未达到'} |`,
  )
  const where = machine
    ? language === 0
      ? `On ${machine.cores} cores (${machine.cpu}), Node ${machine.node}, PostgreSQL with fsync on the same machine.`
      : `${machine.cores} 核（${machine.cpu}），Node ${machine.node}，PostgreSQL 同机、fsync 开启。`
    : ''
  return [...head, ...lines, '', where].join('\n')
}

function write(file: string, language: 0 | 1, results: readonly Result[]): void {
  const path = join(root, file)
  const text = readFileSync(path, 'utf8')
  const [before, rest] = text.split('<!-- figures -->\n') as [string, string]
  const after = rest.includes('<!-- /figures -->')
    ? rest.slice(rest.indexOf('<!-- /figures -->') + '<!-- /figures -->'.length)
    : `\n${rest}`
  writeFileSync(path, `${before}<!-- figures -->\n${tableOf(results, language)}\n<!-- /figures -->${after}`)
}

if (import.meta.main) {
  const folder = join(root, 'bench/results')
  const results = readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Result) // prettier-ignore
  write('README.md', 0, results)
  write('README.zh-CN.md', 1, results)
}
