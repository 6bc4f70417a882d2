import { streams, type Stream } from '../entries.ts'
import { verifierFile, type Manifest } from './format.ts'

export const readMeFile = '核对说明.txt'
const span = (from: string | null, to: string | null): string =>
  from || to ? `${from ?? '最早'} 至 ${to ?? '导出时'}（封存时间）` : '全部已封存的记录'

/** How the archive is proved, for whoever gets it. */
export const readMe = (m: Manifest): string => `审计日志归档
============

导出时间：${m.madeAt}
范围：${span(m.from, m.to)}
${Object.entries(m.streams)
  .map(
    ([stream, s]) =>
      `${streams[stream as Stream].label}：${s.seals} 个封存、${s.entries} 条记录，${s.last ? `末号封存 ${s.last.number}，哈希 ${s.last.hash}` : '没有封存'}`,
  )
  .join('\n')}

如何核对
--------
需要 Node.js 18 或更新版本，不需要安装其他软件，不需要网络，不需要本系统：

    node ${verifierFile} 本文件夹

连续几个归档可一并核对，次序不限：

    node ${verifierFile} 文件夹一 文件夹二

核对程序重新计算每条记录的哈希、每个封存的梅克尔根和封存之间的链，逐条指出被修改、删除、插入、调换的记录。
没有发现问题时返回 0，发现问题时返回 1，用法不对时返回 2。

    --key 文件       封存密钥（数据目录 keys/seal.key）。有密钥才能核对签章；
                     没有密钥，能算出全部哈希的人整体改写后不会被发现
    --anchors 文件   外部留存的锚点文件，或日志服务器收到的文件，可给多个。
                     持有密钥的人整体改写，只有外部锚点能发现；
                     没有锚点覆盖的时段，核对程序会逐段指出

请从可信的来源取得核对程序：归档被人改动时，文件夹中的这一份也可能被换掉。

文件
----
manifest.json     清单：各文件的 SHA-256、封存数、记录数
*.jsonl.gz        每行一个 JSON：封存一行，其后是它的各条记录，每条是一个数组，
                  次序见清单的 columns；at 为 1970 年以来的微秒数
anchors.jsonl     库内保存的锚点，只作参考，不是外部证据
${verifierFile}  核对程序
`
