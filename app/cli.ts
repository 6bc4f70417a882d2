/** The command line: one verb, then its options. Each verb's code is loaded when it is asked for. */
const commands: Record<string, { help: string; run: (args: string[]) => Promise<number | undefined> }> = {
  start: {
    help: '启动服务  --port 8080 --host 127.0.0.1 --demo none|small|large --data ./data --role web,worker,scheduler --modules 模块,…',
    run: async (args) => (await import('./commands/start.ts')).start(args),
  },
  user: {
    help: '账号      user add <账号> --person <工号> | user reset <账号> | user list',
    run: async (args) => (await import('./commands/user.ts')).user(args),
  },
  import: {
    help: '导入      import <导入方式或记录类型> <文件> [--dry-run]；import --undo <批次>',
    run: async (args) => (await import('./commands/exchange.ts')).importing(args),
  },
  export: {
    help: '导出      export <记录类型> -o 文件.xlsx',
    run: async (args) => (await import('./commands/exchange.ts')).exporting(args),
  },
  'export-mark': {
    help: '溯源      export-mark <文件>  查看导出的文件由谁、何时取走',
    run: async (args) => (await import('./commands/export-mark.ts')).exportMark(args),
  },
  audit: {
    help: '审计      audit verify [--anchors 文件] [--from 日期] [--to 日期]  核对日志封存，逐条指出被改、删、插、调换的记录；audit export --into 文件夹  导出归档，附独立核对程序',
    run: async (args) => (await import('./commands/audit.ts')).audit(args),
  },
  backup: {
    help: '备份      backup --to <文件夹> [--with-keys]  程序运行时也可以',
    run: async (args) => (await import('./commands/backup.ts')).backup(args),
  },
  restore: {
    help: '恢复      restore --from <备份> --data <新的空文件夹> [--keys <密钥文件夹>]；restore --release --data <文件夹>',
    run: async (args) => (await import('./commands/restore.ts')).restore(args),
  },
  secrets: {
    help: '密钥      secrets status | change-master [--new-key 文件] | change-data | escrow | recover | seal-settings  程序运行时也可以',
    run: async (args) => (await import('./commands/secrets.ts')).secrets(args),
  },
  handover: {
    help: '交付      handover --into <空文件夹>  源程序、数据字典、本院定义与校验值',
    run: async (args) => (await import('./commands/handover.ts')).handover(args),
  },
  doctor: { help: '自检      检查数据目录、数据库、定义与页面', run: async (args) => (await import('./commands/doctor.ts')).doctor(args) },
}

const [, , verb = 'help', ...rest] = process.argv
const command = commands[verb]
if (!command) {
  console.log(
    ['用法：npm run xinglin -- <命令> [选项]', ...Object.entries(commands).map(([name, c]) => `  ${name.padEnd(8)} ${c.help}`)].join('\n'),
  )
  process.exitCode = verb === 'help' || verb === '--help' ? 0 : 2
} else {
  try {
    process.exitCode = (await command.run(rest)) ?? 0
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    if (process.env['XINGLIN_DEBUG'] && error instanceof Error) console.error(error.stack)
    process.exitCode = 1
  }
}
